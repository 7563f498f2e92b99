//! The columns of `workloads.csv`, and where a header puts them.

use std::collections::HashSet;

use super::column::Column;
use super::foreign_names;
use crate::text::suggest::did_you_mean;
use crate::text::table::Fault;
use crate::text::table::columns::{Columns, Header as Written, Meant, SUGGESTED, Unknown, is_name_of};
use crate::text::table::head::Head;
use crate::text::{Code, Diagnostic, Diagnostics, FileId, Place, Severity, Span};

/// Columns of the rate of one user, beside `users`.
pub(super) const PER_USER: [Column; 2] = [Column::RequestsPerUserPerHour, Column::RequestsPerUserPerDay];

/// Columns by which a row may state its rate otherwise than in `requests_per_minute`.
const OTHER_RATES: [Column; 8] = [
    Column::RequestsPerSecond,
    Column::RequestsPerHour,
    Column::RequestsPerDay,
    Column::Users,
    Column::RequestsPerUserPerHour,
    Column::RequestsPerUserPerDay,
    Column::CallsPerRequest,
    Column::PeakFactor,
];

const COUNT: usize = Column::ALL.len();

/// Which field of a record holds which column.
#[derive(Debug, Clone)]
pub(super) struct Header {
    index: [Option<u32>; COUNT],
    len: usize,
    /// Whether there is a column of rates beside `requests_per_minute`.
    other_rates: bool,
    /// Whether the header's error says already that the rate cannot be told.
    rate_reported: bool,
}

/// Whether a header has a column of times, as traces of requests have.
fn is_trace(head: &Head<'_>) -> bool {
    let is_time =
        |name: &str| ["timestamp", "time", "arrival"].iter().any(|time| name.eq_ignore_ascii_case(time));
    head.names.iter().any(|name| is_time(name.text))
}

impl Header {
    /// That of a file without columns.
    pub(super) const EMPTY: Self =
        Self { index: [None; COUNT], len: 0, other_rates: false, rate_reported: false };

    /// Field index of a column.
    pub(super) fn index(&self, column: Column) -> Option<usize> {
        self.index[column as usize].map(|index| index as usize)
    }

    /// Fields in a record.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether rows may state their rate otherwise than in `requests_per_minute`.
    pub(super) fn has_other_rates(&self) -> bool {
        self.other_rates
    }

    /// Whether it has been reported of the header that its columns state no rate.
    pub(super) fn rate_is_reported(&self) -> bool {
        self.rate_reported
    }

    /// Reads the header's names; faults are reported, unknown columns as warnings unless `strict`.
    ///
    /// Where a required column is missing, a foreign name that stands for a column is read as that column,
    /// so that the rows are judged by what they hold; nothing is planned from them.
    pub(super) fn read(file: FileId, head: &Head<'_>, strict: bool, diagnostics: &mut Diagnostics) -> Self {
        let span = |at: &std::ops::Range<usize>| Span { file, start: at.start, end: at.end };
        let mut report = |Fault { at, code, message, help }: Fault| {
            diagnostics.at(code, span(&at), message, help);
        };
        let mut columns = Columns::find(&head.names, Column::NAMES, &mut report);
        let mut header =
            Self { index: [None; COUNT], len: head.names.len(), other_rates: false, rate_reported: false };
        for (slot, field) in header.index.iter_mut().zip(&columns.index) {
            *slot = field.and_then(|field| u32::try_from(field).ok());
        }
        let missing = header.missing(&columns.unknown);
        if missing.is_empty() {
            header.other_rates = header.has_any(&OTHER_RATES);
            columns.respelt().into_iter().for_each(|fault| diagnostics.push(fault.in_file(file)));
            for (index, unknown) in columns.unknown.iter().enumerate() {
                let (message, help) = unknown.words(&meant_in_words(unknown, index < SUGGESTED));
                let severity = if strict { Severity::Error } else { Severity::Warning };
                let place = Place::Span(span(&unknown.at));
                diagnostics.push(Diagnostic { code: Code::UnknownColumn, severity, message, help, place });
            }
            return header;
        }
        header.assign(&missing, &mut columns);
        // It names many columns, and none of them may be cut off.
        let mut fault = missing_columns(&missing, &columns, head);
        if missing.contains(&Column::Workload)
            && missing.contains(&Column::RequestsPerMinute)
            && is_trace(head)
        {
            fault.help =
                "the column of times shows that each row is one request, so this is a trace: replay it with \
                          `quotaplan simulate`"
                    .to_owned();
        }
        diagnostics.push(fault.in_file(file));
        for own in &columns.unknown {
            // Cells in another unit are not judged as if they were in ours.
            let Some(meant) = own.meant.filter(|meant| meant.caution.is_none()) else { continue };
            if let Some(column) = self::own(meant.column) {
                header.index[column as usize] = u32::try_from(own.field).ok();
            }
        }
        header.other_rates = header.has_any(&OTHER_RATES);
        header.rate_reported = !header.states_a_rate();
        header
    }

    fn has_any(&self, columns: &[Column]) -> bool {
        columns.iter().any(|column| self.index(*column).is_some())
    }

    /// Whether its columns can state a rate: one alone, or `users` with the rate of each.
    fn states_a_rate(&self) -> bool {
        let alone = Column::RATES.iter().filter(|column| **column != Column::Users);
        alone.into_iter().any(|column| self.index(*column).is_some())
            || (self.index(Column::Users).is_some() && self.has_any(&PER_USER))
    }

    /// The required columns that are not there; any way to state a rate will do.
    fn missing(&self, unknown: &[Unknown<'_>]) -> Vec<Column> {
        let mut missing: Vec<Column> =
            Column::REQUIRED.into_iter().filter(|column| self.index(*column).is_none()).collect();
        if !self.has_any(&Column::RATES) && !self.has_any(&PER_USER) {
            missing.push(Column::RequestsPerMinute);
        } else if !self.states_a_rate() {
            // `users` or its rate stands alone: the other may be there under a foreign name.
            let found = unknown.iter().take(SUGGESTED).filter_map(|own| foreign_names::meant(own.name));
            missing.extend(found.map(|meant| meant.column).find(|column| column.states_a_rate()));
        }
        missing.sort_unstable();
        missing
    }

    /// Finds out which columns the unknown names stand for, each column once.
    fn assign(&self, missing: &[Column], columns: &mut Columns<'_>) {
        let mut taken: HashSet<Column> = HashSet::new();
        let mut profile = None;
        for (index, own) in columns.unknown.iter_mut().enumerate().take(SUGGESTED) {
            let meant = foreign_names::meant(own.name)
                .filter(|meant| self.index(meant.column).is_none() && taken.insert(meant.column));
            profile = profile.or(meant.filter(|meant| meant.profile).map(|meant| (index, meant.column)));
            own.meant = meant.map(|meant| Meant { column: meant.column.name(), caution: meant.caution });
        }
        // A profile names the model where nothing else does.
        if missing.contains(&Column::Model)
            && !taken.contains(&Column::Model)
            && let Some((index, column)) = profile
            && let Some(meant) = columns.unknown.get_mut(index).and_then(|own| own.meant.as_mut())
        {
            taken.remove(&column);
            meant.column = Column::Model.name();
            taken.insert(Column::Model);
        }
        // What is left may be misspelt.
        let open = |column: &&Column| {
            !taken.contains(column)
                && (!column.states_a_rate() || !taken.iter().any(|own| own.states_a_rate()))
        };
        let open: Vec<&str> = missing.iter().filter(open).map(|column| column.name()).collect();
        columns.assign_nearest(&open, |name| !foreign_names::has_no_column(name));
    }
}

/// The column of a name in a header, whatever its capitals, spaces, hyphens and underscores.
pub(super) fn own(name: &str) -> Option<Column> {
    Column::ALL.iter().find(|column| is_name_of(column.name(), name)).copied()
}

/// The question whether another column is meant by an unknown name; nothing where none is near.
fn meant_in_words(unknown: &Unknown<'_>, suggest: bool) -> String {
    let column = foreign_names::meant(unknown.name).filter(|_| suggest).map(|meant| meant.column.name());
    let names = Column::NAMES.iter().copied().filter(|_| suggest);
    column.map_or_else(|| did_you_mean(unknown.name, names), |column| format!("did you mean `{column}`?"))
}

/// Everything about the missing columns and the unknown ones, in one fault.
fn missing_columns(missing: &[Column], columns: &Columns<'_>, head: &Head<'_>) -> Fault {
    let meant = |own: &Unknown<'_>| own.meant.and_then(|meant| self::own(meant.column));
    // Where the rate stands under another name, it is that column that is missing.
    let rate = columns.unknown.iter().filter_map(meant).find(|column| column.states_a_rate());
    let missing: Vec<Column> =
        missing.iter().map(|column| rate.filter(|_| column.states_a_rate()).unwrap_or(*column)).collect();
    let open = missing.iter().filter(|column| !columns.is_meant(column.name()));
    let mut add: Vec<String> = open
        .map(|column| match column {
            Column::RequestsPerMinute => format!("add the rate: {}", Column::RATE_WAYS),
            column => format!(
                "add `{}`: {}",
                column.name(),
                column.meaning().split("; required").next().unwrap_or_default()
            ),
        })
        .collect();
    let has = |wanted: &[Column]| {
        let renamed = columns.unknown.iter().filter_map(meant);
        let names = head.names.iter().filter_map(|name| own(name.text));
        renamed.chain(names).any(|own| wanted.contains(&own))
    };
    let alone = |column: &Column| *column != Column::Users && has(&[*column]);
    match (has(&[Column::Users]), has(&PER_USER)) {
        _ if Column::RATES.iter().any(alone) => {}
        (true, false) => add.push("add requests_per_user_per_hour or requests_per_user_per_day".to_owned()),
        (false, true) => add.push("add `users`: how many people there are".to_owned()),
        _ => {}
    }
    let missing: Vec<&str> = missing.iter().map(|column| column.name()).collect();
    let written = Written { names: &head.names, start: head.start, delimiter: head.delimiter, format: None };
    columns.missing(written, &missing, add)
}
