//! Workload rows: CSV in, valid workloads out, every value with its cell.
//!
//! What a row leaves out stays absent here; defaults are the configuration's business.

pub(crate) mod cell;
mod columns;
mod edit;
mod hours;
mod judge;
mod naming;
mod numbers;
mod open;
mod rates;
mod read;
mod rewrite;
mod row;
mod rows;
mod synonyms;
mod unique;

use std::fmt;
use std::num::NonZeroU32;

pub use columns::Column;
pub use edit::{Edit, RowFault};
pub use hours::{Hours, HoursFault, WrittenHours};
pub(crate) use naming::naming_fault;
pub(crate) use numbers::{grouped_words, looks_grouped};
pub use open::sniff_delimiter;
pub use read::{ReadOptions, parse, parse_all};
pub use rewrite::Rewrite;
pub use rows::Rows;

use compact_str::CompactString;

use crate::catalog::{ModelIndex, Residency, Scope};
use crate::text::{FileId, SourceFile, Sources, Span};
use crate::units::{Days, DecimalMark, ExactRate, Ratio, RequestsPerMinute, Seconds, Tokens};

/// How long cache writes live; it decides their price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CacheTtl {
    /// Five minutes.
    FiveMinutes,
    /// Half an hour.
    HalfHour,
    /// An hour.
    OneHour,
}

impl CacheTtl {
    /// Every life, the shortest first.
    pub const ALL: [Self; 3] = [Self::FiveMinutes, Self::HalfHour, Self::OneHour];

    /// Its place in [`Self::ALL`].
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::FiveMinutes => 0,
            Self::HalfHour => 1,
            Self::OneHour => 2,
        }
    }

    /// The word in a cell.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FiveMinutes => "5m",
            Self::HalfHour => "30m",
            Self::OneHour => "1h",
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
    seldom: Option<Box<Seldom>>,
    account: Option<Symbol>,
    team: Option<Symbol>,
    period: Option<Symbol>,
    hours: Option<Hours>,
    model: ModelIndex,
    scope: Scope,
    residency: Option<Residency>,
}

/// Columns that few files have.
#[derive(Debug, Clone, Default)]
struct Seldom {
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
        ExactRate::from_parts(self.mean_millionths, self.seldom(|s| s.mean_divisor).unwrap_or(1))
    }

    /// Model calls of the busiest minute, where stated, as such or as a factor.
    #[must_use]
    pub fn peak_rate(&self) -> Option<ExactRate> {
        let divisor = || self.seldom(|s| s.peak_divisor).unwrap_or(1);
        (self.peak_millionths != ABSENT).then(|| ExactRate::from_parts(self.peak_millionths, divisor()))
    }

    /// The mean rate as stated, where that is not the model calls a minute.
    #[must_use]
    pub fn stated_rate(&self) -> Option<StatedRate> {
        self.seldom(|s| s.stated)
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
        self.seldom(|s| s.peak_factor)
    }

    /// Model calls of one request, where stated.
    #[must_use]
    pub fn calls_per_request(&self) -> Option<Ratio> {
        self.seldom(|s| s.calls_per_request)
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

    fn seldom<T: Copy>(&self, get: fn(&Seldom) -> Option<T>) -> Option<T> {
        self.seldom.as_deref().and_then(get)
    }

    /// Measured median rate, for AWS's questionnaire alone.
    #[must_use]
    pub fn p50_requests_per_minute(&self) -> Option<RequestsPerMinute> {
        self.seldom(|s| s.p50)
    }

    /// Measured 90th percentile of the rate, for AWS's questionnaire alone.
    #[must_use]
    pub fn p90_requests_per_minute(&self) -> Option<RequestsPerMinute> {
        self.seldom(|s| s.p90)
    }

    /// 95th percentile of the input.
    #[must_use]
    pub fn input_p95(&self) -> Option<Tokens> {
        self.seldom(|s| s.input_p95)
    }

    /// 95th percentile of the output.
    #[must_use]
    pub fn output_p95(&self) -> Option<Tokens> {
        self.seldom(|s| s.output_p95)
    }

    /// Measured 99th percentile of the output.
    #[must_use]
    pub fn output_p99(&self) -> Option<Tokens> {
        self.seldom(|s| s.output_p99)
    }

    /// Variance over mean of the number of arrivals at a constant rate; 0 where the busiest minute is a maximum.
    #[must_use]
    pub fn dispersion(&self) -> Option<Ratio> {
        self.seldom(|s| s.dispersion)
    }

    /// Share of requests with more than 25,000 input tokens.
    #[must_use]
    pub fn share_over_25k(&self) -> Option<Ratio> {
        self.seldom(|s| s.share_over_25k)
    }

    /// Days a month with this traffic.
    #[must_use]
    pub fn days_per_month(&self) -> Option<Days> {
        self.seldom(|s| s.days_per_month)
    }

    /// Growth of both rates a month.
    #[must_use]
    pub fn growth_per_month(&self) -> Option<Ratio> {
        self.seldom(|s| s.growth_per_month)
    }

    /// Where requests may be processed: the row's own rule, else the policy's that it was read with.
    #[must_use]
    pub fn residency(&self) -> Option<Residency> {
        self.residency
    }

    /// How long cache writes live, where stated; else the shortest life that the model has.
    #[must_use]
    pub fn cache_ttl(&self) -> Option<CacheTtl> {
        self.seldom(|s| s.cache_ttl)
    }
}

/// One of the files that rows were read from.
#[derive(Debug, Clone)]
struct Sheet {
    file: FileId,
    name: String,
    /// What is added to a place in the file to make it one in all files, one behind the other.
    base: usize,
    delimiter: u8,
    header: columns::Header,
}

/// The valid rows of one or more files, in the order in which the files were named.
#[derive(Debug, Clone)]
pub struct WorkloadSet {
    /// At least one.
    sheets: Vec<Sheet>,
    decimal: DecimalMark,
    rows: Rows,
    symbols: Vec<Box<str>>,
}

/// The line of a row; where there are several files it names its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowLine<'a> {
    /// The name of its file, where the rows come from several.
    pub file: Option<&'a str>,
    /// The line in its file, from 1.
    pub line: usize,
}

impl RowLine<'_> {
    /// The file, held for itself.
    #[must_use]
    pub fn boxed_file(&self) -> Option<Box<str>> {
        self.file.map(Box::from)
    }
}

impl fmt::Display for RowLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.file.map_or(Ok(()), |file| write!(f, " of {file}"))
    }
}

impl WorkloadSet {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The text of a symbol that this set gave out.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        self.symbols.get(symbol.0.get() as usize - 1).map_or("", |text| text)
    }

    /// The first of the files the rows come from.
    #[must_use]
    pub fn first_file(&self) -> FileId {
        self.sheets[0].file
    }

    /// The files' names as the user gave them.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.sheets.iter().map(|sheet| sheet.name.as_str())
    }

    /// The cell of a row, empty or not; `None` where its file lacks the column.
    #[must_use]
    pub fn cell(&self, sources: &Sources, row: &Workload, column: Column) -> Option<Span> {
        let sheet = self.sheet(row);
        let index = sheet.header.index(column)?;
        let text = sources.file(sheet.file)?.text();
        cell::span(sheet.file, text, row.record - sheet.base, sheet.delimiter, index)
    }

    /// The row's first character.
    #[must_use]
    pub fn start(&self, row: &Workload) -> Span {
        let sheet = self.sheet(row);
        let start = row.record - sheet.base;
        Span { file: sheet.file, start, end: start }
    }

    /// The 1-based line of its file on which a row starts.
    #[must_use]
    pub fn line(&self, sources: &Sources, row: &Workload) -> usize {
        let Span { file, start, .. } = self.start(row);
        sources.file(file).map_or(0, |file| file.position(start).line)
    }

    /// The line on which a row starts, and where there are several files, in which.
    #[must_use]
    pub fn row_line<'a>(&self, sources: &'a Sources, row: &Workload) -> RowLine<'a> {
        let file = if self.sheets.len() > 1 { sources.file(self.sheet(row).file) } else { None };
        RowLine { file: file.map(SourceFile::name), line: self.line(sources, row) }
    }

    /// The file of a row.
    fn sheet(&self, row: &Workload) -> &Sheet {
        let above = self.sheets.partition_point(|sheet| sheet.base <= row.record);
        &self.sheets[above.saturating_sub(1)]
    }
}
