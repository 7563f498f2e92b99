//! The header of a trace in CSV: its format, and where its columns stand.

use super::faults::Faults;
use super::format::Format;
use crate::stream::blocks::Block;
use crate::text::Code;
use crate::text::table::Fault;
use crate::text::table::columns::{Columns, Header as Written, is_name_of};
use crate::text::table::head::{self, Room, Start};

/// What a column holds, whatever its name in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Time,
    Model,
    Scope,
    Input,
    Output,
    CacheRead,
    CacheWrite,
    MaxTokens,
    Latency,
}

const ROLES: usize = 9;

/// A format's columns: name, what it holds (`None`: it is known and not read), whether it must be there.
type Known = &'static [(&'static str, Option<Role>, bool)];

const OWN: Known = &[
    ("timestamp", Some(Role::Time), true),
    ("model", Some(Role::Model), true),
    ("scope", Some(Role::Scope), false),
    ("input_tokens", Some(Role::Input), true),
    ("output_tokens", Some(Role::Output), true),
    ("cache_read_tokens", Some(Role::CacheRead), false),
    ("cache_write_tokens", Some(Role::CacheWrite), false),
    ("max_tokens", Some(Role::MaxTokens), false),
    ("latency_seconds", Some(Role::Latency), false),
];

/// Azure public dataset, AzureLLMInferenceDataset2023.md and 2024.md.
const AZURE: Known = &[
    ("TIMESTAMP", Some(Role::Time), true),
    ("ContextTokens", Some(Role::Input), true),
    ("GeneratedTokens", Some(Role::Output), true),
];

/// BurstGPT's releases 1.1 and 2.0; session and elapsed time are in the third file alone.
const BURST_GPT: Known = &[
    ("Timestamp", Some(Role::Time), true),
    ("Session ID", None, false),
    ("Elapsed time", Some(Role::Latency), false),
    ("Model", Some(Role::Model), true),
    ("Request tokens", Some(Role::Input), true),
    ("Response tokens", Some(Role::Output), true),
    ("Total tokens", None, false),
    ("Log Type", None, false),
];

/// The head of a CSV.
pub(super) struct Header {
    pub(super) format: Format,
    pub(super) delimiter: u8,
    /// Fields in a record.
    pub(super) width: usize,
    /// Offset in the first block at which the rows start.
    pub(super) body: usize,
    index: [Option<usize>; ROLES],
    names: [&'static str; ROLES],
}

impl Header {
    /// The field that holds something.
    pub(super) fn index(&self, role: Role) -> Option<usize> {
        self.index.get(role as usize).copied().flatten()
    }

    /// The column's name in the format.
    pub(super) fn name(&self, role: Role) -> &'static str {
        self.names.get(role as usize).copied().unwrap_or_default()
    }

    /// Reads the header that starts at `start`; `None`, reported, where it is that of no trace.
    ///
    /// The formats are recognised by their names first: of a text that is none of them nothing else is judged, since
    /// it may be a damaged log, which holds anybody's text. Synonyms of names are not looked for, since one format's
    /// column is another's synonym.
    pub(super) fn read(
        block: &Block<'_>,
        start: Start,
        model_given: bool,
        faults: &mut Faults,
    ) -> Option<Self> {
        let text = block.text;
        let room = Room { column: &number_of, line: &|at| block.line_at(at), has_delimiter_option: true };
        let mut of_head = Vec::new();
        let head = head::head(text, start, &room, &mut |fault| of_head.push(fault));
        let Some(head) = head else {
            of_head.into_iter().for_each(|fault| report(block, faults, fault));
            return None;
        };
        let names: Vec<&str> = head.names.iter().map(|name| name.text).collect();
        let first = head.names.first().map_or(start.at..start.at, |name| name.at.clone());
        // A damaged line of a log, which holds prose, is taken for a header by the very names alone.
        let may_be_log = text[start.at..head.body].contains('{');
        let is_name: fn(&str, &str) -> bool = if may_be_log { str::eq_ignore_ascii_case } else { is_name_of };
        // The slip that is nearest: it has many of a trace's columns, but no times.
        if names.iter().any(|name| is_name("requests_per_minute", name)) {
            faults.at(block, first, Code::MissingColumn, || {
                let help = "to draw requests for its rows, give it as --workloads FILE instead of a trace"
                    .to_owned();
                ("this is the header of a workloads file, which has no times".to_owned(), help)
            });
            return None;
        }
        let is_below_a_log = may_be_log && head.start != start.at;
        let Some((format, known)) = recognised(&names, is_name).filter(|_| !is_below_a_log) else {
            // A damaged line of a log may hold anybody's text.
            faults.shows_text &= memchr::memchr(b'{', text.as_bytes()).is_none();
            faults.at(block, first, Code::MissingColumn, || {
                let help = format!("the columns of a trace are {}", list(OWN));
                ("this is not the header of a known trace format".to_owned(), help)
            });
            return None;
        };
        let mut report = |fault| report(block, faults, fault);
        of_head.into_iter().for_each(&mut report);
        let columns: Vec<&'static str> = known.iter().map(|(name, ..)| *name).collect();
        let mut found = Columns::find(&head.names, &columns, &mut report);
        let is_missing = |((_, role, required), index): &(&(&str, Option<Role>, bool), &Option<usize>)| {
            *required && index.is_none() && !(model_given && *role == Some(Role::Model))
        };
        let missing = known.iter().zip(&found.index).filter(is_missing);
        let missing: Vec<&'static str> = missing.map(|((name, ..), _)| *name).collect();
        let model = known.iter().find(|(_, role, _)| *role == Some(Role::Model)).map(|(name, ..)| *name);
        let add = |open: &[&'static str]| {
            let mut add = Vec::new();
            if let Some(model) = model.filter(|model| open.contains(model)) {
                let given = "or set the model and scope of all requests with --model and --scope";
                add.push(format!("add `{model}`, {given}"));
            }
            if open.iter().any(|name| Some(*name) != model) {
                add.push(format!("the columns are {}", list(known)));
            }
            add
        };
        let written = Written {
            names: &head.names,
            start: head.start,
            delimiter: head.delimiter,
            format: Some(format.as_str()),
        };
        found.judge(written, &columns, &missing, add, &mut report);
        let mut header = Self {
            format,
            delimiter: head.delimiter,
            width: head.names.len(),
            body: head.body,
            index: [None; ROLES],
            names: [""; ROLES],
        };
        for ((name, role, _), index) in known.iter().zip(found.index) {
            let Some(role) = role.map(|role| role as usize) else { continue };
            if let (Some(slot), Some(of_role)) = (header.index.get_mut(role), header.names.get_mut(role)) {
                (*slot, *of_role) = (index, name);
            }
        }
        Some(header)
    }
}

fn report(block: &Block<'_>, faults: &mut Faults, Fault { at, code, message, help }: Fault) {
    faults.at(block, at, code, || (message, help));
}

/// The formats, by how many of their columns are there; the product's own comes last, since the last of equals is
/// taken.
const FORMATS: [(Format, Known); 3] =
    [(Format::BurstGpt, BURST_GPT), (Format::AzureLlmInference, AZURE), (Format::Own, OWN)];

/// A number for the column of any format that a name means.
fn number_of(name: &str) -> Option<usize> {
    let names = FORMATS.iter().flat_map(|(_, known)| known.iter().map(|(name, ..)| *name));
    names.into_iter().position(|column| is_name_of(column, name))
}

/// The format most of whose columns are there; those that all formats share tell nothing.
fn recognised(names: &[&str], is_name: fn(&str, &str) -> bool) -> Option<(Format, Known)> {
    let own = |known: Known| {
        let tells = |name: &str| !["timestamp", "model"].iter().any(|shared| is_name(shared, name));
        let has = |name: &str| names.iter().any(|other| is_name(name, other));
        known.iter().filter(|(name, ..)| tells(name) && has(name)).count()
    };
    let best = FORMATS.into_iter().max_by_key(|(_, known)| own(known));
    best.filter(|(_, known)| own(known) > 0)
}

fn list(known: Known) -> String {
    let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
    names.join(",")
}
