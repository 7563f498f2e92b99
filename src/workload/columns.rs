//! The columns of `workloads.csv`, and where a header puts them.

use std::collections::BTreeMap;

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
            /// Every column, in the order of the README's table.
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
    RequestsPerMinute = "requests_per_minute", "mean requests a minute over the active hours; required";
    PeakRequestsPerMinute = "peak_requests_per_minute", "requests in the busiest minute; default mean x peak_factor";
    P50RequestsPerMinute = "p50_requests_per_minute", "measured median requests a minute, for AWS's questionnaire alone";
    P90RequestsPerMinute = "p90_requests_per_minute", "measured 90th percentile of requests a minute, for AWS's questionnaire alone";
    InputTokens = "input_tokens", "mean input tokens a request neither read from nor written to the cache; required";
    OutputTokens = "output_tokens", "mean output tokens a request, reasoning included; required";
    CacheReadTokens = "cache_read_tokens", "mean cache-read tokens a request; default 0";
    CacheWriteTokens = "cache_write_tokens", "mean cache-write tokens a request; default 0";
    CacheTtl = "cache_ttl", "life of cache writes, 5m or 1h, for the price; default 5m";
    MaxTokens = "max_tokens", "max_tokens of each request, a whole number; default the model's maximum";
    LatencySeconds = "latency_seconds", "mean seconds from start to completion; default from the configuration's speed";
    InputTokensP95 = "input_tokens_p95", "95th percentile of input_tokens, for the burst estimate";
    OutputTokensP95 = "output_tokens_p95", "95th percentile of output_tokens, for the burst estimate";
    OutputTokensP99 = "output_tokens_p99", "measured 99th percentile of output_tokens, for the advice on max_tokens";
    Dispersion = "dispersion", "variance / mean of arrivals around a level held fixed, at least 1; default 1";
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
    const REQUIRED: [Self; 5] =
        [Self::Workload, Self::Model, Self::RequestsPerMinute, Self::InputTokens, Self::OutputTokens];
}

const COUNT: usize = Column::ALL.len();

/// Which field of a record holds which column.
#[derive(Debug, Clone)]
pub(super) struct Header {
    index: [Option<u32>; COUNT],
    len: usize,
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

    /// Reads the header's names, each with its place; faults are reported, unknown columns as
    /// warnings unless `strict`.
    pub(super) fn read(
        names: &[(String, Span)],
        start: Span,
        strict: bool,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut header = Self { index: [None; COUNT], len: names.len() };
        let mut unknown: BTreeMap<&str, Span> = BTreeMap::new();
        for ((name, span), at) in names.iter().zip(0_u32..) {
            let known = Column::ALL.iter().find(|column| column.name().eq_ignore_ascii_case(name));
            let again = match known {
                Some(&column) => header.index[column as usize].replace(at).is_some(),
                // A trailing delimiter on every line is how some programs save.
                None => !name.is_empty() && unknown.insert(name, *span).is_some(),
            };
            if again {
                let message = format!("the column `{name}` appears twice");
                diagnostics.at(Code::DuplicateColumn, *span, message, "keep one of the two columns");
            }
        }
        for column in Column::REQUIRED {
            if header.index(column).is_some() {
                continue;
            }
            let message = format!("the required column `{}` is missing", column.name());
            // A name that is nearly right is the place to correct.
            match nearest(column.name(), unknown.keys().copied().take(SUGGESTED)) {
                Some(other) => {
                    let help = format!("is `{other}` meant? rename it to `{}`", column.name());
                    let span = unknown.remove(other).unwrap_or(start);
                    diagnostics.at(Code::MissingColumn, span, message, help);
                }
                None => {
                    let help = format!("add it: {}", column.meaning());
                    diagnostics.at(Code::MissingColumn, start, message, help);
                }
            }
        }
        for (index, (name, span)) in unknown.into_iter().enumerate() {
            let names = Column::ALL.iter().map(|column| column.name()).filter(|_| index < SUGGESTED);
            let meant = did_you_mean(name, names);
            let help = if meant.is_empty() { "the column is not read".to_owned() } else { meant };
            diagnostics.push(Diagnostic {
                code: Code::UnknownColumn,
                severity: if strict { Severity::Error } else { Severity::Warning },
                message: format!("unknown column `{name}`"),
                help,
                place: Place::Span(span),
            });
        }
        header
    }
}

/// Unknown columns for which the meant one is looked for: more is another kind of file.
const SUGGESTED: usize = 50;
