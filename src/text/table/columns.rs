//! Which columns the names of a header mean, and what to say of repeated, unknown and missing ones.
//!
//! Knows columns as names alone: what a room reads under another name is the room's business.

use std::collections::HashSet;
use std::ops::Range;

use super::Fault;
use super::head::Name;
use crate::text::Code;
use crate::text::suggest::{did_you_mean, nearest};

/// Unknown columns for which the meant one is looked for: more is another kind of file.
pub(crate) const SUGGESTED: usize = 50;

/// The columns of a header.
pub(crate) struct Columns<'t> {
    /// The field of each column that the room knows, in its order.
    pub(crate) index: Vec<Option<usize>>,
    /// The names that are none of the room's.
    pub(crate) unknown: Vec<Unknown<'t>>,
    /// Names that are the room's but for how they are written, with the room's.
    respelt: Vec<(&'t str, &'static str)>,
    /// Where the first of them stands.
    respelt_at: Range<usize>,
}

/// A name that is none of the room's.
pub(crate) struct Unknown<'t> {
    pub(crate) name: &'t str,
    /// Its number in the header.
    pub(crate) field: usize,
    pub(crate) at: Range<usize>,
    pub(crate) meant: Option<Meant>,
}

/// The column that an unknown name probably stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meant {
    pub(crate) column: &'static str,
    /// What to do with the values, where the name says another unit.
    pub(crate) caution: Option<&'static str>,
}

/// Whether a name in a header is that of a column, whatever its capitals, spaces, hyphens and underscores.
pub(crate) fn is_name_of(column: &str, name: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        let joins = |c: &char| c.is_whitespace() || matches!(c, '-' | '_');
        name.chars().filter(move |c| !joins(c)).map(|c| c.to_ascii_lowercase())
    }
    letters(column).eq(letters(name))
}

impl<'t> Columns<'t> {
    /// Finds the room's columns among the names; repeated ones are reported, and the last of them holds.
    pub(crate) fn find(names: &[Name<'t>], columns: &[&'static str], report: &mut dyn FnMut(Fault)) -> Self {
        let mut found = Self {
            index: vec![None; columns.len()],
            unknown: Vec::new(),
            respelt: Vec::new(),
            respelt_at: 0..0,
        };
        let mut seen: HashSet<&str> = HashSet::new();
        for (field, Name { text: name, at }) in names.iter().enumerate() {
            let column = columns.iter().zip(&mut found.index).find(|(column, _)| is_name_of(column, name));
            let own = column.as_ref().map(|(column, _)| **column).filter(|own| own != name);
            if let Some(own) = own {
                if found.respelt.is_empty() {
                    found.respelt_at = at.clone();
                }
                found.respelt.push((name, own));
            }
            let again = match column {
                Some((_, index)) => index.replace(field).is_some(),
                // A trailing delimiter on every line is how some programs save.
                None if name.is_empty() => false,
                None if !seen.insert(name) => true,
                None => {
                    found.unknown.push(Unknown { name, field, at: at.clone(), meant: None });
                    false
                }
            };
            if again {
                let message = match own {
                    Some(own) => format!("the column `{own}` appears twice, here as `{name}`"),
                    None => format!("the column `{name}` appears twice"),
                };
                report(Fault::new(at.clone(), Code::DuplicateColumn, message, "keep one of the two columns"));
            }
        }
        found
    }

    /// What to say of names that are the room's but for how they are written.
    pub(crate) fn respelt(&self) -> Option<Fault> {
        let each = self.respelt.iter().map(|(name, column)| format!("`{name}` as `{column}`"));
        let help = "you need not change anything: capitals, spaces, hyphens and underscores in column names do not matter";
        let message = format!("read {}", listed(each));
        (!self.respelt.is_empty())
            .then(|| Fault::new(self.respelt_at.clone(), Code::ColumnSpelling, message, help))
    }

    /// Finds a misspelt name for each of the columns that are missing, among the unknown names that `may` be meant.
    pub(crate) fn assign_nearest(&mut self, missing: &[&'static str], may: impl Fn(&str) -> bool) {
        for column in missing {
            let open = self.unknown.iter().take(SUGGESTED).filter(|own| own.meant.is_none());
            let open = open.map(|own| own.name).filter(|name| may(name));
            let Some(name) = nearest(column, open) else { continue };
            if let Some(own) = self.unknown.iter_mut().find(|own| own.name == name) {
                own.meant = Some(Meant { column, caution: None });
            }
        }
    }

    /// Judges the header of a room that knows its columns by their own names alone: says what is missing, or which
    /// names are not read. Where a column is missing, the misspelt name is read as that column, so that the rows are
    /// judged by what they hold.
    pub(crate) fn judge(
        &mut self,
        header: Header<'_, 't>,
        columns: &[&'static str],
        missing: &[&'static str],
        add: impl Fn(&[&'static str]) -> Vec<String>,
        report: &mut dyn FnMut(Fault),
    ) {
        if missing.is_empty() {
            self.respelt().into_iter().for_each(&mut *report);
            for (index, unknown) in self.unknown.iter().enumerate() {
                let meant = columns.iter().copied().filter(|_| index < SUGGESTED);
                let (message, help) = unknown.words(&did_you_mean(unknown.name, meant));
                report(Fault::new(unknown.at.clone(), Code::UnknownColumn, message, help));
            }
            return;
        }
        self.assign_nearest(missing, |_| true);
        let open: Vec<&str> = missing.iter().copied().filter(|column| !self.is_meant(column)).collect();
        report(self.missing(header, missing, add(&open)));
        for own in &self.unknown {
            let Some(meant) = own.meant else { continue };
            let slot = columns.iter().zip(&mut self.index).find(|(column, _)| **column == meant.column);
            if let Some((_, slot)) = slot {
                *slot = Some(own.field);
            }
        }
    }

    /// Whether an unknown name stands for a column.
    pub(crate) fn is_meant(&self, column: &str) -> bool {
        self.unknown.iter().any(|own| own.meant.is_some_and(|meant| meant.column == column))
    }

    /// Everything about missing columns and unknown ones, in one fault; `add` says what to add.
    pub(crate) fn missing(&self, header: Header<'_, 't>, missing: &[&str], add: Vec<String>) -> Fault {
        let unknown = &self.unknown;
        let format = header.format.map(|format| format!(" ({format})")).unwrap_or_default();
        let message = match missing {
            [one] => format!("the required column `{one}` is missing{format}"),
            several => {
                let several = listed(several.iter().map(|name| format!("`{name}`")));
                format!("the required columns {several} are missing{format}")
            }
        };
        let renames = unknown.iter().filter_map(|own| {
            let Meant { column, caution } = own.meant?;
            let caution = caution.map(|caution| format!(" ({caution})")).unwrap_or_default();
            Some(format!("`{}` to `{column}`{caution}", own.name))
        });
        let renames: Vec<String> = renames.collect();
        let mut help = Vec::new();
        if !renames.is_empty() {
            help.push(format!("rename {}", listed(renames.iter().cloned())));
        }
        help.extend(add);
        let rest: Vec<&str> = unknown.iter().filter(|own| own.meant.is_none()).map(|own| own.name).collect();
        if !rest.is_empty() {
            let more = if rest.len() > LISTED { " and more" } else { "" };
            let named = rest.iter().take(LISTED).map(|name| format!("`{}`", shortened(name)));
            help.push(format!("not read: {}{more}", listed(named)));
        }
        if renames.len() > 1 {
            let renamed = header.names.iter().enumerate().map(|(field, name)| {
                let meant = unknown.iter().find(|own| own.field == field).and_then(|own| own.meant);
                meant.map_or(name.text, |meant| meant.column)
            });
            let delimiter = char::from(header.delimiter).to_string();
            let renamed = renamed.collect::<Vec<_>>().join(&delimiter);
            if renamed.len() <= LONGEST_HEADER {
                help.push(format!("the corrected header is {renamed}"));
            }
        }
        let renamed = unknown.iter().find(|own| own.meant.is_some());
        let at = renamed.map_or(header.start..header.start, |own| own.at.clone());
        Fault::new(at, Code::MissingColumn, message, help.join("; "))
    }
}

/// A header, for what is missing in it.
#[derive(Clone, Copy)]
pub(crate) struct Header<'h, 't> {
    pub(crate) names: &'h [Name<'t>],
    /// Its offset in the text.
    pub(crate) start: usize,
    pub(crate) delimiter: u8,
    /// The format, where a room reads several.
    pub(crate) format: Option<&'h str>,
}

impl Unknown<'_> {
    /// What is said where no required column is missing; `meant` asks whether another name is meant.
    pub(crate) fn words(&self, meant: &str) -> (String, String) {
        let help = if meant.is_empty() { "the column is not read" } else { meant };
        (format!("unknown column `{}`", self.name), help.to_owned())
    }
}

/// A name as far as it can be one; an unclosed quote makes a name of all that follows.
fn shortened(name: &str) -> String {
    let line = name.lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST_NAME).collect();
    if short.len() < name.len() { format!("{short}...") } else { short }
}

/// `a, b and c`.
fn listed(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Characters of a name that are shown.
const LONGEST_NAME: usize = 60;

/// Columns that are not read which are named.
const LISTED: usize = 10;

/// Characters of a header that is shown as it should be.
const LONGEST_HEADER: usize = 600;
