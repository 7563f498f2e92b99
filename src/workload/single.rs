//! One row from numbers, without a file: judged as a row that is read.

use compact_str::CompactString;

use super::header::Header;
use super::judge::doubts;
use super::set::Sheet;
use super::{ABSENT, RareColumns, RowFault, Rows, Workload, WorkloadSet};
use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::text::{SourceFile, Sources};
use crate::units::{DecimalMark, Ratio, RequestsPerMinute, Seconds, Tokens};

/// The cells of a row; those that it does not name are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCells<'a> {
    /// The workload's name.
    pub workload: &'a str,
    /// The model.
    pub model: ModelIndex,
    /// The scope.
    pub scope: Scope,
    /// Mean requests per minute.
    pub requests_per_minute: RequestsPerMinute,
    /// Requests in the busiest minute.
    pub peak_requests_per_minute: Option<RequestsPerMinute>,
    /// Mean input neither read from nor written to the cache.
    pub input: Tokens,
    /// Mean output.
    pub output: Tokens,
    /// Mean cache reads.
    pub cache_read: Tokens,
    /// Mean cache writes.
    pub cache_write: Tokens,
    /// 95th percentile of the input.
    pub input_p95: Option<Tokens>,
    /// 95th percentile of the output.
    pub output_p95: Option<Tokens>,
    /// Dispersion of the arrivals.
    pub dispersion: Option<Ratio>,
    /// Latency.
    pub latency: Option<Seconds>,
    /// max_tokens.
    pub max_tokens: Option<Tokens>,
}

impl WorkloadSet {
    /// A set of one row, whose cells have no place in any file.
    ///
    /// # Errors
    /// Where the row does not hold, all there is to say of it, doubts included.
    pub fn of_row(cells: &RowCells<'_>, catalog: &Catalog) -> Result<Self, Vec<RowFault>> {
        let row = cells.row();
        let mut said = row.faults(catalog);
        if !said.is_empty() {
            said.extend(row.doubts(catalog));
            return Err(said);
        }
        let mut rows = Rows::default();
        rows.push(vec![row]);
        // A set has a file. This one is empty, so that no cell is found in it.
        let file = Sources::new().add(SourceFile::new(cells.workload, ""));
        let sheet =
            Sheet { file, name: cells.workload.to_owned(), base: 0, delimiter: b',', header: Header::EMPTY };
        Ok(Self { sheets: vec![sheet], decimal: DecimalMark::Point, rows, symbols: Vec::new() })
    }
}

impl RowCells<'_> {
    fn row(&self) -> Workload {
        let Self { input_p95, output_p95, dispersion, .. } = *self;
        let rare = RareColumns { input_p95, output_p95, dispersion, ..RareColumns::default() };
        let rare = Some(rare).filter(|rare| *rare != RareColumns::default());
        Workload {
            name: CompactString::new(self.workload),
            record: 0,
            mean_millionths: self.requests_per_minute.millionths(),
            peak_millionths: self.peak_requests_per_minute.map_or(ABSENT, RequestsPerMinute::millionths),
            input: self.input,
            output: self.output,
            cache_read: self.cache_read,
            cache_write: self.cache_write,
            max_tokens_millionths: self.max_tokens.map_or(ABSENT, Tokens::millionths),
            latency_millionths: self.latency.map_or(ABSENT, Seconds::millionths),
            rare: rare.map(Box::new),
            account: None,
            team: None,
            period: None,
            hours: None,
            model: self.model,
            scope: self.scope,
            residency: None,
        }
    }
}

impl Workload {
    /// What is possible of the row's percentiles and unlikely to be meant.
    fn doubts(&self, catalog: &Catalog) -> Vec<RowFault> {
        let percentiles = (self.input_p95(), self.output_p95(), self.output_p99());
        let doubts = doubts(&self.parts(catalog), percentiles);
        doubts.into_iter().map(RowFault::from).collect()
    }
}
