//! From the cells of one record to a valid [`Workload`], reporting every fault of the row.

use std::collections::HashMap;
use std::num::NonZeroU32;

use compact_str::CompactString;
use csv::ByteRecord;
use foldhash::fast::FixedState;

use super::column::Column;
use super::header::Header;
use super::judge::{Parts, doubts, judge, offered, unit_doubts};
use super::stated::{Rates, with_rates};
use super::unique;
use super::{ABSENT, CacheTtl, Hours, RareColumns, ReadOptions, Symbol, Workload, WrittenHours};
use crate::catalog::{Catalog, Named, Residency, Scope, naming_fault};
use crate::text::suggest::did_you_mean;
use crate::text::tree::choice_help;
use crate::text::{Code, Diagnostics, FileId, Span, table};
use crate::units::{Days, ExactRate, MILLIONTHS, Ratio, RequestsPerMinute, Seconds, Tokens};

/// Names that rows share, each held once.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    pub(super) texts: Vec<Box<str>>,
    index: HashMap<Box<[u8]>, Symbol, FixedState>,
}

impl Symbols {
    /// The symbol of a text.
    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.known(text.as_bytes()) {
            return symbol;
        }
        self.texts.push(text.into());
        let number =
            u32::try_from(self.texts.len()).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX);
        self.index.insert(text.as_bytes().into(), Symbol(number));
        Symbol(number)
    }

    /// The symbol of a text seen before.
    fn known(&self, text: &[u8]) -> Option<Symbol> {
        self.index.get(text).copied()
    }
}

/// What a record is read with.
pub(super) struct RowReader<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) options: &'a ReadOptions,
    pub(super) header: &'a Header,
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) delimiter: u8,
    pub(super) symbols: Symbols,
    pub(super) diagnostics: Diagnostics,
    /// Hash of each valid row's name, taken while the name is at hand.
    pub(super) name_hashes: Vec<u64>,
    /// Model cells seen before: files repeat a few names many times.
    known: HashMap<Box<[u8]>, Named, FixedState>,
    /// Hours seen before, those without a doubt.
    hours_seen: HashMap<Box<[u8]>, Hours, FixedState>,
    /// Model cells that name nothing, with what there is to say.
    unknown: HashMap<Box<[u8]>, (Code, String, String), FixedState>,
}

/// One record and where it starts.
pub(super) struct Cells<'r> {
    record: &'r ByteRecord,
    start: usize,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        options: &'a ReadOptions,
        header: &'a Header,
        (file, text): (FileId, &'a str),
        delimiter: u8,
    ) -> Self {
        Self {
            catalog,
            options,
            header,
            file,
            text,
            delimiter,
            symbols: Symbols::default(),
            diagnostics: Diagnostics::new(),
            name_hashes: Vec::new(),
            known: HashMap::default(),
            hours_seen: HashMap::default(),
            unknown: HashMap::default(),
        }
    }

    /// Reads one record; `None` where anything in it is wrong.
    pub(super) fn row(&mut self, record: &ByteRecord, start: usize) -> Option<Workload> {
        let cells = Cells { record, start };
        let name = match self.get(&cells, Column::Workload) {
            Some(name) => Some(CompactString::new(name)),
            None => self.missing(&cells, Column::Workload),
        };
        let place = self.place(&cells);
        let hours = self.hours(&cells);
        let Rates { mean, peak, stated } = self.rates(&cells, hours);
        let kind = place.map(|(named, _)| self.catalog.model(named.model).kind);
        let input = self.tokens(&cells, Column::InputTokens, kind);
        let output = self.tokens(&cells, Column::OutputTokens, kind);
        let cache_read = self.number(&cells, Column::CacheReadTokens);
        let cache_write = self.number(&cells, Column::CacheWriteTokens);
        let max_tokens = self.whole(&cells, Column::MaxTokens);
        let latency = self.number(&cells, Column::LatencySeconds);
        let rare = self.rare(&cells);
        let residency = self.residency(&cells);
        let account = self.symbol(&cells, Column::Account);
        let team = self.symbol(&cells, Column::Team);
        let period = self.symbol(&cells, Column::Period);
        let parts = Parts {
            model: place.map(|(named, _)| self.catalog.model(named.model)),
            rate: mean,
            peak,
            input,
            output,
            cache_read,
            cache_write,
            max_tokens,
        };
        let faults = judge(&parts);
        let holds = faults.is_empty();
        for (column, code, message, help) in faults {
            self.fault(&cells, column, code, message, help);
        }
        if let Some(Some(rare)) = &rare {
            let percentiles = (rare.input_p95, rare.output_p95, rare.output_p99);
            for (column, code, message, help) in doubts(&parts, percentiles) {
                self.fault(&cells, column, code, message, help);
            }
        }
        for (column, code, message, help) in
            unit_doubts(&parts, latency.flatten().and_then(Seconds::from_millionths))
        {
            self.fault(&cells, column, code, message, help);
        }
        let (named, scope) = place?;
        let workload = Workload {
            name: name?,
            record: start,
            mean_millionths: mean?.millionths(),
            peak_millionths: peak?.map_or(ABSENT, ExactRate::millionths),
            input: Tokens::from_millionths(input?)?,
            output: Tokens::from_millionths(output?)?,
            cache_read: Tokens::from_millionths(cache_read?.unwrap_or(0))?,
            cache_write: Tokens::from_millionths(cache_write?.unwrap_or(0))?,
            max_tokens_millionths: max_tokens?.unwrap_or(ABSENT),
            latency_millionths: latency?.unwrap_or(ABSENT),
            rare: with_rates(rare?, mean?, peak?, stated),
            account,
            team,
            period,
            hours: hours?,
            model: named.model,
            scope,
            residency: residency?,
        };
        if !holds {
            return None;
        }
        self.name_hashes.push(unique::name_hash(&workload.name));
        Some(workload)
    }

    /// A cell's text without blanks; `None` where it is empty or its column absent.
    pub(super) fn get<'r>(&self, cells: &Cells<'r>, column: Column) -> Option<&'r str> {
        // The whole file was UTF-8, and a field of it is.
        let text = std::str::from_utf8(self.bytes(cells, column)?).ok()?;
        // Blanks beyond ASCII are trimmed too, but looked for only where they can be.
        let text = if text.is_ascii() { text } else { text.trim() };
        (!text.is_empty()).then_some(text)
    }

    /// A cell's bytes without ASCII blanks; `None` where there are none.
    pub(super) fn bytes<'r>(&self, cells: &Cells<'r>, column: Column) -> Option<&'r [u8]> {
        let trimmed = cells.record.get(self.header.index(column)?)?.trim_ascii();
        (!trimmed.is_empty()).then_some(trimmed)
    }

    /// Where a column's cell stands, or the record where the file lacks the column.
    pub(super) fn span(&self, cells: &Cells<'_>, column: Column) -> Span {
        self.header
            .index(column)
            .and_then(|index| table::span(self.file, self.text, cells.start, self.delimiter, index))
            .unwrap_or(Span { file: self.file, start: cells.start, end: cells.start })
    }

    pub(super) fn fault(
        &mut self,
        cells: &Cells<'_>,
        column: Column,
        code: Code,
        message: String,
        help: impl Into<String>,
    ) {
        let span = self.span(cells, column);
        self.diagnostics.at(code, span, message, help);
    }

    pub(super) fn missing<T>(&mut self, cells: &Cells<'_>, column: Column) -> Option<T> {
        // A column that is missing as a whole has been reported once.
        if self.header.index(column).is_some() {
            let message = format!("`{}` is empty", column.name());
            self.fault(
                cells,
                column,
                Code::MissingValue,
                message,
                format!("fill it in: {}", column.meaning()),
            );
        }
        None
    }

    fn symbol(&mut self, cells: &Cells<'_>, column: Column) -> Option<Symbol> {
        let known = self.symbols.known(self.bytes(cells, column)?);
        known.or_else(|| self.get(cells, column).map(|text| self.symbols.intern(text)))
    }

    #[allow(clippy::option_option)]
    fn hours(&mut self, cells: &Cells<'_>) -> Option<Option<Hours>> {
        let Some(bytes) = self.bytes(cells, Column::ActiveHours) else { return Some(None) };
        if let Some(hours) = self.hours_seen.get(bytes) {
            return Some(Some(*hours));
        }
        match self.get(cells, Column::ActiveHours).map(Hours::read) {
            None => Some(None),
            Some(Ok(WrittenHours { hours, doubtful, probably })) => {
                if doubtful {
                    let written = self.get(cells, Column::ActiveHours).unwrap_or_default();
                    let count = hours.count();
                    let message = format!("`{written}` passes midnight and covers {count} hours a day");
                    let help = "hours use a 24-hour clock";
                    let (message, help) = match probably {
                        Some(probably) => {
                            (format!("{message}: is {probably} meant?"), format!("write {probably}; {help}"))
                        }
                        None => (message, help.to_owned()),
                    };
                    self.fault(cells, Column::ActiveHours, Code::HoursPastMidnight, message, help);
                } else {
                    self.hours_seen.insert(bytes.into(), hours);
                }
                Some(Some(hours))
            }
            Some(Err(reason)) => {
                let help = "write whole hours such as 08-18 (08:00 to 17:59) or 08-12,22-02; a spreadsheet may have \
                            turned them into a date: format the column as text";
                self.fault(
                    cells,
                    Column::ActiveHours,
                    Code::BadHours,
                    format!("the active hours are not valid: {reason}"),
                    help,
                );
                None
            }
        }
    }

    #[allow(clippy::option_option)]
    fn word<T: Copy>(&mut self, cells: &Cells<'_>, column: Column, words: &[(&str, T)]) -> Option<Option<T>> {
        let Some(written) = self.get(cells, column) else {
            return Some(None);
        };
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(written));
        if found.is_none() {
            let allowed: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("`{}` cannot be `{written}`", column.name());
            self.fault(cells, column, Code::BadChoice, message, choice_help(written, &allowed));
            return None;
        }
        found.map(|(_, value)| Some(*value))
    }

    /// The columns that few files have.
    #[allow(clippy::option_option)]
    fn rare(&mut self, cells: &Cells<'_>) -> Option<Option<Box<RareColumns>>> {
        let p50 = self.number(cells, Column::P50RequestsPerMinute);
        let p90 = self.number(cells, Column::P90RequestsPerMinute);
        let input_p95 = self.number(cells, Column::InputTokensP95);
        let output_p95 = self.number(cells, Column::OutputTokensP95);
        let output_p99 = self.number(cells, Column::OutputTokensP99);
        let dispersion = self.bounded(cells, Column::Dispersion, (0, u64::MAX), "at least 0");
        let share = self.bounded(cells, Column::ShareOver25k, (0, MILLIONTHS), "a share from 0 to 1");
        let days = self.bounded(cells, Column::DaysPerMonth, (0, 31 * MILLIONTHS), "from 0 to 31");
        let growth =
            self.bounded(cells, Column::GrowthPerMonth, (0, 2 * MILLIONTHS), "at most 2 (0.05 is 5 %)");
        let lives = CacheTtl::ALL.map(|life| (life.as_str(), life));
        let ttl = self.word(cells, Column::CacheTtl, &lives);
        let rare = RareColumns {
            mean_divisor: None,
            peak_divisor: None,
            stated: None,
            peak_factor: None,
            calls_per_request: None,
            p50: p50?.and_then(RequestsPerMinute::from_millionths),
            p90: p90?.and_then(RequestsPerMinute::from_millionths),
            input_p95: input_p95?.and_then(Tokens::from_millionths),
            output_p95: output_p95?.and_then(Tokens::from_millionths),
            output_p99: output_p99?.and_then(Tokens::from_millionths),
            dispersion: dispersion?.and_then(Ratio::from_millionths),
            share_over_25k: share?.and_then(Ratio::from_millionths),
            days_per_month: days?.and_then(Days::from_millionths),
            growth_per_month: growth?.and_then(Ratio::from_millionths),
            cache_ttl: ttl?,
        };
        // Most rows have none of them and need no memory for them.
        Some((rare != RareColumns::default()).then(|| Box::new(rare)))
    }

    /// Where requests may be processed: the cell, which may not be looser than the policy, else the policy.
    #[allow(clippy::option_option)]
    fn residency(&mut self, cells: &Cells<'_>) -> Option<Option<Residency>> {
        let own = self.word(cells, Column::Residency, &Residency::ALL.map(|word| (word.as_str(), word)))?;
        let policy = self.options.residency.filter(|policy| *policy != Residency::Any);
        if let (Some(own), Some(policy)) = (own, policy)
            && own < policy
        {
            let message = format!("`{own}` is looser than the policy: `[policy] residency` is `{policy}`");
            let stricter = Residency::ALL.into_iter().filter(|word| *word >= policy);
            let allowed: Vec<String> = stricter.map(|word| format!("`{word}`")).collect();
            let help = format!("write {}, or leave the cell empty", allowed.join(" or "));
            self.fault(cells, Column::Residency, Code::LooserResidency, message, help);
            return None;
        }
        Some(own.or(policy))
    }

    /// Model and scope, from the two cells together.
    fn place(&mut self, cells: &Cells<'_>) -> Option<(Named, Scope)> {
        let named = self.named(cells);
        let written = self.get(cells, Column::Scope);
        let scope = match written {
            None => None,
            Some(text) => {
                let scope = Scope::ALL.into_iter().find(|scope| scope.as_str().eq_ignore_ascii_case(text));
                if scope.is_none() {
                    let meant = did_you_mean(text, Scope::ALL.iter().map(|scope| scope.as_str()));
                    let help =
                        if meant.is_empty() { "write us, global, ca or in-region".to_owned() } else { meant };
                    self.fault(
                        cells,
                        Column::Scope,
                        Code::UnknownScope,
                        format!("`{text}` is not a scope"),
                        help,
                    );
                    return None;
                }
                scope
            }
        };
        let named = named?;
        let model = self.catalog.model(named.model);
        let scope = match (named.scope, scope) {
            (Some(profile), Some(scope)) if profile != scope => {
                let message =
                    format!("the scope `{scope}` contradicts the model cell, which names `{profile}`");
                let help = format!("leave the scope empty, or name the model `{}`", model.id);
                self.fault(cells, Column::Scope, Code::ScopeConflict, message, help);
                return None;
            }
            (Some(scope), _) | (None, Some(scope)) => scope,
            (None, None) => {
                let column =
                    if self.header.index(Column::Scope).is_some() { Column::Scope } else { Column::Model };
                let message = format!("no scope for `{}`", model.id);
                let help = format!("write one of {} in the column `scope`", offered(model));
                self.fault(cells, column, Code::MissingScope, message, help);
                return None;
            }
        };
        if !model.accepts(scope) {
            let column = if written.is_some() { Column::Scope } else { Column::Model };
            let message = format!("{} is not offered in scope `{scope}` from ca-central-1", model.name);
            self.fault(
                cells,
                column,
                Code::ScopeNotOffered,
                message,
                format!("it is offered in {}", offered(model)),
            );
            return None;
        }
        Some((named, scope))
    }

    fn named(&mut self, cells: &Cells<'_>) -> Option<Named> {
        if let Some(named) = self.bytes(cells, Column::Model).and_then(|bytes| self.known.get(bytes)) {
            return Some(*named);
        }
        let Some(written) = self.get(cells, Column::Model) else {
            return self.missing(cells, Column::Model);
        };
        if !self.unknown.contains_key(written.as_bytes()) {
            let target = self.options.aliases.get(written).map_or(written, String::as_str);
            match self.catalog.find(target) {
                Ok(named) => {
                    self.known.insert(written.as_bytes().into(), named);
                    return Some(named);
                }
                Err(fault) => {
                    // Looking for the nearest name takes long, and after so many helps nobody.
                    let suggest = (self.unknown.len() < 200).then_some(self.catalog);
                    let words = naming_fault(written, &fault, suggest);
                    self.unknown.insert(written.as_bytes().into(), words);
                }
            }
        }
        if let Some((code, message, help)) = self.unknown.get(written.as_bytes()).cloned() {
            self.fault(cells, Column::Model, code, message, help);
        }
        None
    }
}
