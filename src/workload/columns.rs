//! The columns of `workloads.csv`, and where a header puts them.

use std::collections::HashSet;

use super::synonyms::{self, Meant};
use crate::text::suggest::{did_you_mean, nearest};
use crate::text::{Code, Diagnostic, Diagnostics, Place, Severity, Span};

macro_rules! columns {
    ($($variant:ident = $name:literal, $meaning:literal;)*) => {
        /// A column of `workloads.csv`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Column {
            $(#[doc = $meaning] $variant,)*
        }

        impl Column {
            /// Every column, in the order of the guide's table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in the header.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What the cells mean, with unit and default.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }
        }
    };
}

columns! {
    Workload = "workload", "name of the workload; required";
    Model = "model", "model id, profile id, ARN or alias; required";
    Scope = "scope", "us, global, ca or in-region; required unless the model cell names a profile";
    RequestsPerMinute = "requests_per_minute", "mean requests a minute over the active hours; required unless another column states the rate";
    RequestsPerSecond = "requests_per_second", "the mean rate in requests a second, instead";
    RequestsPerHour = "requests_per_hour", "the mean rate in requests an hour, instead";
    RequestsPerDay = "requests_per_day", "requests a day, which spread over the row's active hours, instead";
    Users = "users", "number of users, with requests_per_user_per_hour or requests_per_user_per_day; replaces the other rate columns";
    RequestsPerUserPerHour = "requests_per_user_per_hour", "mean requests of one user an hour, beside users";
    RequestsPerUserPerDay = "requests_per_user_per_day", "requests of one user a day, which spread over the active hours, beside users";
    CallsPerRequest = "calls_per_request", "model calls of one request, such as an agent's; multiplies mean and busiest minute; default 1";
    PeakRequestsPerMinute = "peak_requests_per_minute", "requests in the busiest minute; default mean x peak_factor";
    PeakFactor = "peak_factor", "busiest minute / mean, at least 1, instead of peak_requests_per_minute; default the configuration's, else 1 with a warning";
    P50RequestsPerMinute = "p50_requests_per_minute", "measured median requests a minute, for AWS's questionnaire alone";
    P90RequestsPerMinute = "p90_requests_per_minute", "measured 90th percentile of requests a minute, for AWS's questionnaire alone";
    InputTokens = "input_tokens", "mean input tokens a request neither read from nor written to the cache; required, but may be empty for a reranker";
    OutputTokens = "output_tokens", "mean output tokens a request, reasoning included; required, but may be empty for a reranker";
    CacheReadTokens = "cache_read_tokens", "mean cache-read tokens a request; default 0";
    CacheWriteTokens = "cache_write_tokens", "mean cache-write tokens a request; default 0";
    CacheTtl = "cache_ttl", "life of cache writes, 5m, 30m or 1h, for the price; default the shortest the model has, mostly 5m";
    MaxTokens = "max_tokens", "max_tokens of each request, a whole number; default the model's maximum";
    LatencySeconds = "latency_seconds", "mean seconds from start to completion; default from the configuration's speed";
    InputTokensP95 = "input_tokens_p95", "95th percentile of input_tokens, for the burst estimate";
    OutputTokensP95 = "output_tokens_p95", "95th percentile of output_tokens, for the burst estimate";
    OutputTokensP99 = "output_tokens_p99", "measured 99th percentile of output_tokens, for the advice on max_tokens";
    Dispersion = "dispersion", "variance / mean of the number of arrivals at a constant rate, at least 0; default 1; 0 where the busiest minute is a measured maximum";
    ShareOver25k = "share_over_25k", "share of requests with more than 25,000 input tokens, 0 to 1";
    Period = "period", "season; different periods never fall on the same day; default every period";
    ActiveHours = "active_hours", "hours of the day such as 08-18 or 08-12,22-02; default all day";
    DaysPerMonth = "days_per_month", "days a month with this traffic; default 365/12";
    GrowthPerMonth = "growth_per_month", "growth of both rates a month, 0.05 = 5 %; default 0";
    Residency = "residency", "any, canada (ca-* Regions) or us (us-* and ca-* Regions): where requests may be processed";
    Account = "account", "AWS account, since quotas are per account; default the configured one";
    Team = "team", "who the traffic belongs to";
}

impl Column {
    /// Columns without which nothing is known of a row, but for the rate.
    const REQUIRED: [Self; 4] = [Self::Workload, Self::Model, Self::InputTokens, Self::OutputTokens];

    /// Columns of which a row fills exactly one, `users` counting with its rate.
    pub(super) const RATES: [Self; 5] = [
        Self::RequestsPerMinute,
        Self::RequestsPerSecond,
        Self::RequestsPerHour,
        Self::RequestsPerDay,
        Self::Users,
    ];

    /// Whether it states a rate, alone or with another column.
    fn states_a_rate(self) -> bool {
        Self::RATES.contains(&self)
            || matches!(self, Self::RequestsPerUserPerHour | Self::RequestsPerUserPerDay)
    }

    /// How a rate may be stated, in words.
    pub(super) const RATE_WAYS: &'static str = "requests_per_minute, _per_second, _per_hour or _per_day, or \
        users with requests_per_user_per_hour or _per_day";
}

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

impl Header {
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

    /// Reads the header's names, each with its place; faults are reported, unknown columns as
    /// warnings unless `strict`.
    ///
    /// Where a required column is missing, a foreign name that stands for a column is read as that column,
    /// so that the rows are judged by what they hold; nothing is planned from them.
    pub(super) fn read(
        names: &[(String, Span)],
        start: Span,
        (delimiter, strict): (u8, bool),
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut header =
            Self { index: [None; COUNT], len: names.len(), other_rates: false, rate_reported: false };
        let mut taken: Vec<(&str, Column)> = Vec::new();
        let mut first_taken = None;
        let mut unknown: Vec<Unknown<'_>> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        for ((name, span), at) in names.iter().zip(0_u32..) {
            let column = own(name);
            if let Some(column) = column.filter(|column| column.name() != name) {
                taken.push((name, column));
                first_taken.get_or_insert(*span);
            }
            let again = match column {
                Some(column) => header.index[column as usize].replace(at).is_some(),
                // A trailing delimiter on every line is how some programs save.
                None if name.is_empty() => false,
                None if !seen.insert(name) => true,
                None => {
                    unknown.push(Unknown { name, span: *span, meant: None });
                    false
                }
            };
            if again {
                let message = match column.map(Column::name).filter(|own| own != name) {
                    Some(own) => format!("the column `{own}` appears twice, here as `{name}`"),
                    None => format!("the column `{name}` appears twice"),
                };
                diagnostics.at(Code::DuplicateColumn, *span, message, "keep one of the two columns");
            }
        }
        let missing = header.missing(&unknown);
        if missing.is_empty() {
            header.other_rates = header.has_any(&OTHER_RATES);
            if let Some(span) = first_taken {
                diagnostics.push(taken_columns(&taken, span));
            }
            unknown.into_iter().enumerate().for_each(|(index, unknown)| {
                diagnostics.push(unknown.diagnostic(strict, index < SUGGESTED));
            });
            return header;
        }
        header.assign(&missing, &mut unknown);
        diagnostics.push(missing_columns(&missing, &unknown, names, (start, delimiter)));
        for own in &unknown {
            // Cells in another unit are not judged as if they were in ours.
            let Some(meant) = own.meant.filter(|meant| meant.caution.is_none()) else { continue };
            let at = names.iter().zip(0_u32..).find(|((_, span), _)| *span == own.span);
            if let Some((_, at)) = at {
                header.index[meant.column as usize] = Some(at);
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
            let found = unknown.iter().take(SUGGESTED).filter_map(|own| synonyms::meant(own.name));
            missing.extend(found.map(|meant| meant.column).find(|column| column.states_a_rate()));
        }
        missing.sort_unstable();
        missing
    }

    /// Finds out which columns the unknown names stand for, each column once.
    fn assign(&self, missing: &[Column], unknown: &mut [Unknown<'_>]) {
        let mut taken: HashSet<Column> = HashSet::new();
        for own in unknown.iter_mut().take(SUGGESTED) {
            own.meant = synonyms::meant(own.name)
                .filter(|meant| self.index(meant.column).is_none() && taken.insert(meant.column));
        }
        // A profile names the model where nothing else does.
        if missing.contains(&Column::Model)
            && !taken.contains(&Column::Model)
            && let Some(meant) = unknown.iter_mut().filter_map(|own| own.meant.as_mut()).find(|m| m.profile)
        {
            taken.remove(&meant.column);
            meant.column = Column::Model;
            taken.insert(Column::Model);
        }
        // What is left may be misspelt.
        let open = |column: &&Column| {
            !taken.contains(column)
                && (!column.states_a_rate() || !taken.iter().any(|own| own.states_a_rate()))
        };
        let open: Vec<Column> = missing.iter().filter(open).copied().collect();
        for column in &open {
            let open = unknown.iter().take(SUGGESTED).filter(|own| own.meant.is_none()).map(|own| own.name);
            let open = open.filter(|name| !synonyms::has_no_column(name));
            let Some(name) = nearest(column.name(), open) else { continue };
            if let Some(own) = unknown.iter_mut().find(|own| own.name == name) {
                own.meant = Some(Meant { column: *column, profile: false, caution: None });
            }
        }
    }
}

/// The column of a name in a header, whatever its capitals, spaces, hyphens and underscores.
pub(super) fn own(name: &str) -> Option<Column> {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        let joins = |c: &char| c.is_whitespace() || matches!(c, '-' | '_');
        name.chars().filter(move |c| !joins(c)).map(|c| c.to_ascii_lowercase())
    }
    Column::ALL.iter().find(|column| letters(column.name()).eq(letters(name))).copied()
}

/// What to say of names that are ours but for how they are written.
fn taken_columns(taken: &[(&str, Column)], span: Span) -> Diagnostic {
    let each = taken.iter().map(|(name, column)| format!("`{name}` as `{}`", column.name()));
    Diagnostic {
        code: Code::ColumnSpelling,
        severity: Code::ColumnSpelling.severity(),
        message: format!("read {}", listed(each)),
        help:
            "nothing is to be done; names are read whatever their capitals, spaces, hyphens and underscores"
                .to_owned(),
        place: Place::Span(span),
    }
}

/// A name that is none of ours.
struct Unknown<'n> {
    name: &'n str,
    span: Span,
    meant: Option<Meant>,
}

impl Unknown<'_> {
    /// What there is to say where no required column is missing.
    fn diagnostic(&self, strict: bool, suggest: bool) -> Diagnostic {
        let column = synonyms::meant(self.name).filter(|_| suggest).map(|meant| meant.column.name());
        let names = Column::ALL.iter().map(|column| column.name()).filter(|_| suggest);
        let meant = column
            .map_or_else(|| did_you_mean(self.name, names), |column| format!("did you mean `{column}`?"));
        Diagnostic {
            code: Code::UnknownColumn,
            severity: if strict { Severity::Error } else { Severity::Warning },
            message: format!("unknown column `{}`", self.name),
            help: if meant.is_empty() { "the column is not read".to_owned() } else { meant },
            place: Place::Span(self.span),
        }
    }
}

/// Everything about the missing columns and the unknown ones, in one diagnostic.
fn missing_columns(
    missing: &[Column],
    unknown: &[Unknown<'_>],
    names: &[(String, Span)],
    (start, delimiter): (Span, u8),
) -> Diagnostic {
    let quoted = |words: &[&str]| listed(words.iter().map(|word| format!("`{word}`")));
    let meant = |own: &Unknown<'_>| own.meant.map(|meant| meant.column);
    // Where the rate stands under another name, it is that column that is missing.
    let rate = unknown.iter().filter_map(meant).find(|column| column.states_a_rate());
    let missing: Vec<Column> =
        missing.iter().map(|column| rate.filter(|_| column.states_a_rate()).unwrap_or(*column)).collect();
    let lacking: Vec<&str> = missing.iter().map(|column| column.name()).collect();
    let message = match lacking.as_slice() {
        [one] => format!("the required column `{one}` is missing"),
        several => format!("the required columns {} are missing", quoted(several)),
    };
    let mut help = Vec::new();
    let renames = unknown.iter().filter_map(|own| {
        let Meant { column, caution, .. } = own.meant?;
        let caution = caution.map(|caution| format!(" ({caution})")).unwrap_or_default();
        Some(format!("`{}` to `{}`{caution}", own.name, column.name()))
    });
    let renames: Vec<String> = renames.collect();
    if !renames.is_empty() {
        help.push(format!("rename {}", listed(renames.iter().cloned())));
    }
    for column in missing.iter().filter(|column| !unknown.iter().any(|own| meant(own) == Some(**column))) {
        help.push(match column {
            Column::RequestsPerMinute => format!("add the rate: {}", Column::RATE_WAYS),
            column => format!(
                "add `{}`: {}",
                column.name(),
                column.meaning().split("; required").next().unwrap_or_default()
            ),
        });
    }
    let renamed = |columns: &[Column]| unknown.iter().filter_map(meant).any(|own| columns.contains(&own));
    let has = |columns: &[Column]| {
        renamed(columns) || names.iter().filter_map(|(name, _)| own(name)).any(|own| columns.contains(&own))
    };
    let alone = |column: &Column| *column != Column::Users && has(&[*column]);
    match (has(&[Column::Users]), has(&PER_USER)) {
        _ if Column::RATES.iter().any(alone) => {}
        (true, false) => help.push("add requests_per_user_per_hour or requests_per_user_per_day".to_owned()),
        (false, true) => help.push("add `users`: how many people there are".to_owned()),
        _ => {}
    }
    let rest: Vec<&str> = unknown.iter().filter(|own| own.meant.is_none()).map(|own| own.name).collect();
    if !rest.is_empty() {
        let more = if rest.len() > LISTED { " and more" } else { "" };
        let named = rest.iter().take(LISTED).map(|name| format!("`{}`", shortened(name)));
        help.push(format!("not read: {}{more}", listed(named)));
    }
    if renames.len() > 1 {
        let renamed = names.iter().map(|(name, span)| {
            let found = unknown.iter().find(|own| own.span == *span).and_then(meant);
            found.map_or(name.as_str(), |column| column.name())
        });
        let delimiter = char::from(delimiter).to_string();
        let header = renamed.collect::<Vec<_>>().join(&delimiter);
        if header.len() <= LONGEST_HEADER {
            help.push(format!("the header is then {header}"));
        }
    }
    let span = unknown.iter().find(|own| own.meant.is_some()).map_or(start, |own| own.span);
    Diagnostic {
        code: Code::MissingColumn,
        severity: Severity::Error,
        message,
        help: help.join("; "),
        place: Place::Span(span),
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

/// Unknown columns for which the meant one is looked for: more is another kind of file.
const SUGGESTED: usize = 50;

/// Characters of a name that are shown.
const LONGEST_NAME: usize = 60;

/// Columns that are not read which are named.
const LISTED: usize = 10;

/// Characters of a header that is shown as it should be.
const LONGEST_HEADER: usize = 600;
