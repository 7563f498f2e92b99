//! Rows with other cells, for what-if questions: what a person would get by editing the file.

use super::judge::{Fault, Parts, judge, offered};
use super::{Column, Hours, StatedRate, Workload, WorkloadSet};
use crate::catalog::{Catalog, ModelIndex, Residency, Scope};
use crate::text::Code;
use crate::units::{ExactRate, MILLIONTHS, Ratio, RequestsPerMinute, Seconds, Tokens};

/// Cells of a row to replace; `None` leaves a cell as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Edit {
    /// Another model.
    pub model: Option<ModelIndex>,
    /// Another scope.
    pub scope: Option<Scope>,
    /// How another mean rate is stated.
    pub stated_rate: Option<StatedRate>,
    /// Another mean rate of model calls.
    pub mean_rate: Option<ExactRate>,
    /// Other model calls of the busiest minute.
    pub peak_rate: Option<ExactRate>,
    /// Another mean input.
    pub input: Option<Tokens>,
    /// Another mean output.
    pub output: Option<Tokens>,
    /// Other mean cache reads.
    pub cache_read: Option<Tokens>,
    /// Other mean cache writes.
    pub cache_write: Option<Tokens>,
    /// Another max_tokens.
    pub max_tokens: Option<Tokens>,
    /// Another latency.
    pub latency: Option<Seconds>,
    /// Another 95th percentile of the input.
    pub input_p95: Option<Tokens>,
    /// Another 95th percentile of the output.
    pub output_p95: Option<Tokens>,
    /// Another 99th percentile of the output.
    pub output_p99: Option<Tokens>,
    /// Another dispersion.
    pub dispersion: Option<Ratio>,
    /// Another rule on where requests may be processed.
    pub residency: Option<Residency>,
}

/// What does not hold of a row: the column, the code, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The column.
    pub column: Column,
    /// The code of the diagnostic.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl From<Fault> for RowFault {
    fn from((column, code, message, help): Fault) -> Self {
        Self { column, code, message, help }
    }
}

impl Workload {
    /// The row with other cells; whether they hold together is told by [`Workload::faults`].
    #[must_use]
    pub fn edited(&self, edit: &Edit) -> Self {
        let mut row = self.clone();
        let millionths = |tokens: Option<Tokens>, old: u64| tokens.map_or(old, Tokens::millionths);
        row.model = edit.model.unwrap_or(row.model);
        row.scope = edit.scope.unwrap_or(row.scope);
        row.residency = edit.residency.or(row.residency);
        if let Some(mean) = edit.mean_rate {
            row.mean_millionths = mean.millionths();
            row.set_divisors(Some(mean.divisor()), None);
        }
        if let Some(stated) = edit.stated_rate
            && let Some(rare) = &mut row.rare
        {
            let plain = stated.column == Column::RequestsPerMinute && rare.calls_per_request.is_none();
            rare.stated = Some(stated).filter(|_| !plain);
        } else if edit.peak_rate.is_some()
            && let Some(rare) = &mut row.rare
        {
            // A busiest minute of its own takes the factor's place.
            rare.peak_factor = None;
        }
        if let Some(peak) = edit.peak_rate {
            row.peak_millionths = peak.millionths();
            row.set_divisors(None, Some(peak.divisor()));
        }
        row.input = edit.input.unwrap_or(row.input);
        row.output = edit.output.unwrap_or(row.output);
        row.cache_read = edit.cache_read.unwrap_or(row.cache_read);
        row.cache_write = edit.cache_write.unwrap_or(row.cache_write);
        row.max_tokens_millionths = millionths(edit.max_tokens, row.max_tokens_millionths);
        if let Some(latency) = edit.latency {
            row.latency_millionths = latency.millionths();
        }
        let percentiles = [edit.input_p95, edit.output_p95, edit.output_p99];
        if percentiles.iter().any(Option::is_some) || edit.dispersion.is_some() {
            let mut rare = row.rare.take().unwrap_or_default();
            rare.input_p95 = edit.input_p95.or(rare.input_p95);
            rare.output_p95 = edit.output_p95.or(rare.output_p95);
            rare.output_p99 = edit.output_p99.or(rare.output_p99);
            rare.dispersion = edit.dispersion.or(rare.dispersion);
            row.rare = Some(rare);
        }
        row
    }

    /// The mean rate as stated.
    #[must_use]
    pub fn rate_as_stated(&self) -> StatedRate {
        let amount = || RequestsPerMinute::from_millionths(self.mean_millionths).unwrap_or_default();
        let plain = || StatedRate { column: Column::RequestsPerMinute, amount: amount(), users: None };
        self.stated_rate().unwrap_or_else(plain)
    }

    /// The cells of another mean rate: a busiest minute that is a factor follows it. `None` above what
    /// an input may hold.
    #[must_use]
    pub fn restated(&self, stated: StatedRate) -> Option<Edit> {
        let hours = self.hours.unwrap_or(Hours::ALL_DAY);
        let calls = self.calls_per_request().map_or(MILLIONTHS, Ratio::millionths);
        let mean_rate = Some(stated.calls_a_minute(hours, calls, MILLIONTHS)?);
        let peak_rate = match self.peak_factor() {
            Some(factor) => Some(stated.calls_a_minute(hours, calls, factor.millionths())?),
            None => None,
        };
        Some(Edit { stated_rate: Some(stated), mean_rate, peak_rate, ..Edit::default() })
    }

    /// Sets the divisors of the rates; what is 1 takes no memory.
    fn set_divisors(&mut self, mean: Option<u64>, peak: Option<u64>) {
        let others = |divisor: Option<u64>| divisor.is_some_and(|divisor| divisor != 1);
        if self.rare.is_some() || others(mean) || others(peak) {
            let rare = self.rare.get_or_insert_default();
            rare.mean_divisor = mean.or(rare.mean_divisor);
            rare.peak_divisor = peak.or(rare.peak_divisor);
        }
    }

    /// What does not hold between the cells, by the same rules as for a row that is read.
    #[must_use]
    pub fn faults(&self, catalog: &Catalog) -> Vec<RowFault> {
        let model = catalog.model(self.model);
        let mut faults = Vec::new();
        if !model.accepts(self.scope) {
            faults.push(RowFault {
                column: Column::Scope,
                code: Code::ScopeNotOffered,
                message: format!("{} is not offered in scope `{}` from ca-central-1", model.name, self.scope),
                help: format!("it is offered in {}", offered(model)),
            });
        }
        faults.extend(judge(&self.parts(catalog)).into_iter().map(RowFault::from));
        faults
    }

    /// The cells that are judged together.
    pub(super) fn parts<'c>(&self, catalog: &'c Catalog) -> Parts<'c> {
        Parts {
            model: Some(catalog.model(self.model)),
            rate: Some(self.mean_rate()),
            peak: Some(self.peak_rate()),
            input: Some(self.input.millionths()),
            output: Some(self.output.millionths()),
            cache_read: Some(Some(self.cache_read.millionths())),
            cache_write: Some(Some(self.cache_write.millionths())),
            max_tokens: Some(self.max_tokens().map(Tokens::millionths)),
        }
    }
}

impl WorkloadSet {
    /// The same files with other rows, which must be rows of this set or edits of them.
    #[must_use]
    pub fn with_rows(&self, rows: Vec<Workload>) -> Self {
        let mut kept = super::Rows::default();
        kept.push(rows);
        Self { sheets: self.sheets.clone(), decimal: self.decimal, rows: kept, symbols: self.symbols.clone() }
    }
}
