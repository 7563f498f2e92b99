//! Workload rows: CSV in, valid workloads out, every value with its cell.
//!
//! What a row leaves out stays absent here; defaults are the configuration's business.

mod column;
mod edit;
mod foreign_names;
mod header;
mod hours;
mod judge;
mod numbers;
mod open;
mod rates;
mod read;
mod rewrite;
mod row;
mod rows;
mod set;
mod single;
mod stated;
mod unique;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

pub use column::Column;
pub use edit::{Edit, RowFault};
pub use hours::{Hours, HoursFault, WrittenHours};
pub use read::{parse, parse_all};
pub use rewrite::Rewrite;
pub use rows::Rows;
pub use set::{RowLine, WorkloadSet};
pub use single::RowCells;

use compact_str::CompactString;

use crate::catalog::{ModelIndex, Residency, Scope};
use crate::units::{Days, DecimalMark, ExactRate, Ratio, RequestsPerMinute, Seconds, Tokens, words};

/// How a file is read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The delimiter; taken from the header where `None`.
    pub delimiter: Option<u8>,
    /// The character that separates decimals in cells.
    pub decimal: DecimalMark,
    /// Whether an unknown column is an error.
    pub strict: bool,
    /// Own names of models, each for a name the table knows.
    pub aliases: BTreeMap<String, String>,
    /// The policy on residency: it holds where a row states none, and no row may be looser.
    pub residency: Option<Residency>,
}

words! {
    /// How long cache writes live; it decides their price.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum CacheTtl {
        /// Five minutes.
        FiveMinutes = "5m",
        /// Half an hour.
        HalfHour = "30m",
        /// An hour.
        OneHour = "1h",
    }
}

impl CacheTtl {
    /// Its place in [`Self::ALL`].
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::FiveMinutes => 0,
            Self::HalfHour => 1,
            Self::OneHour => 2,
        }
    }
}

/// A name that many rows share, held once per [`WorkloadSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(NonZeroU32);

/// Stands for an absent number in the compact fields of a row.
const ABSENT: u64 = u64::MAX;

/// One row, valid in itself and against the model table.
///
/// Small on purpose: files of a million rows are read whole.
#[derive(Debug, Clone)]
pub struct Workload {
    name: CompactString,
    /// The start of its record, over all files one behind the other.
    record: usize,
    /// In units of the mean rate's divisor.
    mean_millionths: u64,
    /// In units of the peak's divisor.
    peak_millionths: u64,
    input: Tokens,
    output: Tokens,
    cache_read: Tokens,
    cache_write: Tokens,
    max_tokens_millionths: u64,
    latency_millionths: u64,
    rare: Option<Box<RareColumns>>,
    account: Option<Symbol>,
    team: Option<Symbol>,
    period: Option<Symbol>,
    hours: Option<Hours>,
    model: ModelIndex,
    scope: Scope,
    residency: Option<Residency>,
}

/// Columns that few files have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct RareColumns {
    mean_divisor: Option<u64>,
    peak_divisor: Option<u64>,
    stated: Option<StatedRate>,
    peak_factor: Option<Ratio>,
    calls_per_request: Option<Ratio>,
    p50: Option<RequestsPerMinute>,
    p90: Option<RequestsPerMinute>,
    input_p95: Option<Tokens>,
    output_p95: Option<Tokens>,
    output_p99: Option<Tokens>,
    dispersion: Option<Ratio>,
    share_over_25k: Option<Ratio>,
    days_per_month: Option<Days>,
    growth_per_month: Option<Ratio>,
    cache_ttl: Option<CacheTtl>,
}

/// A mean rate as a row states it, where that is not the model calls a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedRate {
    /// The column.
    pub column: Column,
    /// What stands in it.
    pub amount: RequestsPerMinute,
    /// How many people the rate is of, where it is that of one.
    pub users: Option<Ratio>,
}

impl Workload {
    /// The workload's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> ModelIndex {
        self.model
    }

    /// The scope.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Mean rate of model calls over the active hours: a request may make several.
    #[must_use]
    pub fn mean_rate(&self) -> ExactRate {
        ExactRate::from_parts(self.mean_millionths, self.rare(|s| s.mean_divisor).unwrap_or(1))
    }

    /// Model calls of the busiest minute, where stated, as such or as a factor.
    #[must_use]
    pub fn peak_rate(&self) -> Option<ExactRate> {
        let divisor = || self.rare(|s| s.peak_divisor).unwrap_or(1);
        (self.peak_millionths != ABSENT).then(|| ExactRate::from_parts(self.peak_millionths, divisor()))
    }

    /// The mean rate as stated, where that is not the model calls a minute.
    #[must_use]
    pub fn stated_rate(&self) -> Option<StatedRate> {
        self.rare(|s| s.stated)
    }

    /// The column of the mean rate.
    #[must_use]
    pub fn rate_column(&self) -> Column {
        self.stated_rate().map_or(Column::RequestsPerMinute, |stated| stated.column)
    }

    /// The column that decides the busiest minute.
    #[must_use]
    pub fn peak_column(&self) -> Column {
        match (self.peak_rate(), self.peak_factor()) {
            (None, _) => self.rate_column(),
            (Some(_), Some(_)) => Column::PeakFactor,
            (Some(_), None) => Column::PeakRequestsPerMinute,
        }
    }

    /// Busiest minute over mean, where stated.
    #[must_use]
    pub fn peak_factor(&self) -> Option<Ratio> {
        self.rare(|s| s.peak_factor)
    }

    /// Model calls of one request, where stated.
    #[must_use]
    pub fn calls_per_request(&self) -> Option<Ratio> {
        self.rare(|s| s.calls_per_request)
    }

    /// Mean input neither read from nor written to the cache.
    #[must_use]
    pub fn input(&self) -> Tokens {
        self.input
    }

    /// Mean output, reasoning included.
    #[must_use]
    pub fn output(&self) -> Tokens {
        self.output
    }

    /// Mean cache reads.
    #[must_use]
    pub fn cache_read(&self) -> Tokens {
        self.cache_read
    }

    /// Mean cache writes.
    #[must_use]
    pub fn cache_write(&self) -> Tokens {
        self.cache_write
    }

    /// All input: uncached, cache reads and cache writes, in millionths of a token.
    #[must_use]
    pub fn all_input_millionths(&self) -> u64 {
        // Three inputs of at most 10^18 millionths fit.
        self.input.millionths() + self.cache_read.millionths() + self.cache_write.millionths()
    }

    /// max_tokens, where set.
    #[must_use]
    pub fn max_tokens(&self) -> Option<Tokens> {
        Tokens::from_millionths(self.max_tokens_millionths)
    }

    /// Latency, where stated.
    #[must_use]
    pub fn latency(&self) -> Option<Seconds> {
        Seconds::from_millionths(self.latency_millionths)
    }

    /// Active hours, where stated.
    #[must_use]
    pub fn hours(&self) -> Option<Hours> {
        self.hours
    }

    /// The account's symbol, where stated.
    #[must_use]
    pub fn account(&self) -> Option<Symbol> {
        self.account
    }

    /// The team's symbol, where stated.
    #[must_use]
    pub fn team(&self) -> Option<Symbol> {
        self.team
    }

    /// The period's symbol, where stated.
    #[must_use]
    pub fn period(&self) -> Option<Symbol> {
        self.period
    }

    fn rare<T: Copy>(&self, get: fn(&RareColumns) -> Option<T>) -> Option<T> {
        self.rare.as_deref().and_then(get)
    }

    /// Measured median rate, for AWS's questionnaire alone.
    #[must_use]
    pub fn p50_requests_per_minute(&self) -> Option<RequestsPerMinute> {
        self.rare(|s| s.p50)
    }

    /// Measured 90th percentile of the rate, for AWS's questionnaire alone.
    #[must_use]
    pub fn p90_requests_per_minute(&self) -> Option<RequestsPerMinute> {
        self.rare(|s| s.p90)
    }

    /// 95th percentile of the input.
    #[must_use]
    pub fn input_p95(&self) -> Option<Tokens> {
        self.rare(|s| s.input_p95)
    }

    /// 95th percentile of the output.
    #[must_use]
    pub fn output_p95(&self) -> Option<Tokens> {
        self.rare(|s| s.output_p95)
    }

    /// Measured 99th percentile of the output.
    #[must_use]
    pub fn output_p99(&self) -> Option<Tokens> {
        self.rare(|s| s.output_p99)
    }

    /// Variance over mean of the number of arrivals at a constant rate; 0 where the busiest minute is a maximum.
    #[must_use]
    pub fn dispersion(&self) -> Option<Ratio> {
        self.rare(|s| s.dispersion)
    }

    /// Share of requests with more than 25,000 input tokens.
    #[must_use]
    pub fn share_over_25k(&self) -> Option<Ratio> {
        self.rare(|s| s.share_over_25k)
    }

    /// Days a month with this traffic.
    #[must_use]
    pub fn days_per_month(&self) -> Option<Days> {
        self.rare(|s| s.days_per_month)
    }

    /// Growth of both rates a month.
    #[must_use]
    pub fn growth_per_month(&self) -> Option<Ratio> {
        self.rare(|s| s.growth_per_month)
    }

    /// Where requests may be processed: the row's own rule, else the policy's that it was read with.
    #[must_use]
    pub fn residency(&self) -> Option<Residency> {
        self.residency
    }

    /// How long cache writes live, where stated; else the shortest life that the model has.
    #[must_use]
    pub fn cache_ttl(&self) -> Option<CacheTtl> {
        self.rare(|s| s.cache_ttl)
    }
}
