//! What each row of a quota contributes, in JSON: its rates, and what one of its requests costs.

use serde::{Serialize, Serializer};

use crate::contract::parts::Share;
use crate::contract::quota::{self as json, Rates};
use crate::engine::{Contribution, PlanInput, QuotaDetail};
use crate::text::Sources;
use crate::units::{ExactRate, MILLIONTHS, QuotaTokens, Ratio};
use crate::workload::{Symbol, Workload};

/// What the rows of a quota contribute, each written as the engine gives it: all of a large file's together take
/// as much memory as its plan.
#[derive(Debug)]
pub struct EachContribution<'a> {
    sources: &'a Sources,
    input: &'a PlanInput<'a>,
    detail: QuotaDetail<'a>,
}

impl<'a> EachContribution<'a> {
    pub(in crate::report) fn new(
        sources: &'a Sources,
        input: &'a PlanInput<'a>,
        detail: QuotaDetail<'a>,
    ) -> Self {
        Self { sources, input, detail }
    }

    /// The same as reports.
    pub(in crate::report) fn reports(&self) -> impl Iterator<Item = json::Contribution> + use<'a> {
        let (sources, input) = (self.sources, self.input);
        self.detail.contributions().map(move |(row, part)| contribution_report(sources, input, row, &part))
    }
}

impl Serialize for EachContribution<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.reports())
    }
}

fn contribution_report(
    sources: &Sources,
    input: &PlanInput<'_>,
    row: &Workload,
    contribution: &Contribution,
) -> json::Contribution {
    let text = |symbol: Symbol| input.workloads.text(symbol).to_owned();
    let cost = &contribution.cost;
    let place = input.workloads.row_line(sources, row);
    json::Contribution {
        workload: row.name().to_owned(),
        team: row.team().map(text),
        period: row.period().map(text),
        file: place.boxed_file(),
        line: place.line,
        rate: rate_report(row),
        steady: contribution.steady.get(),
        peak: contribution.peak.get(),
        share: Share::from_ten_thousandths(u128::from(contribution.share_ten_thousandths)),
        per_request: json::PerRequest {
            settled: cost.settled().rounded_up(),
            reservation: cost.reservation().map(QuotaTokens::rounded_up),
            hold: cost.hold().map(QuotaTokens::rounded_up),
            debt: cost.debt().map(QuotaTokens::rounded_up),
        },
    }
}

/// The rates of a row.
#[allow(clippy::cast_precision_loss)]
fn rate_report(row: &Workload) -> Rates {
    let a_minute = |rate: ExactRate| rate.millionths_up() as f64 / MILLIONTHS as f64;
    let (stated, mean) = (row.stated_rate(), a_minute(row.mean_rate()));
    Rates {
        requests_per_minute: mean,
        peak_requests_per_minute: row.peak_rate().map(a_minute),
        peak_factor: row.peak_factor().map(Ratio::to_f64),
        column: row.rate_column().name().into(),
        stated: stated.map_or(mean, |stated| stated.amount.to_f64()),
        users: stated.and_then(|stated| stated.users).map(Ratio::to_f64),
        calls_per_request: row.calls_per_request().map(Ratio::to_f64),
    }
}
