//! What each row of a quota contributes, in JSON.

use serde::{Serialize, Serializer};

use super::plan_json::ten_thousandths;
use super::plan_rate_json::{RateReport, rate_report};
use crate::engine::{Contribution, Plan, PlanInput, QuotaPlan};
use crate::text::Sources;
use crate::units::QuotaTokens;
use crate::workload::Symbol;

#[derive(Debug, Serialize)]
pub(super) struct ContributionReport {
    workload: String,
    team: Option<String>,
    period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Box<str>>,
    line: usize,
    rate: RateReport,
    steady: u64,
    peak: u64,
    share: f64,
    per_request: PerRequestReport,
}

#[derive(Debug, Serialize)]
struct PerRequestReport {
    settled: u128,
    reservation: Option<u128>,
    hold: Option<u128>,
    debt: Option<u128>,
}

/// What the rows of a quota contribute, each made when it is written: all of a large file's together take
/// as much memory as its plan.
#[derive(Debug)]
pub(super) struct EachContribution<'a> {
    sources: &'a Sources,
    input: &'a PlanInput<'a>,
    plan: &'a Plan,
    quota: &'a QuotaPlan,
}

impl<'a> EachContribution<'a> {
    pub(super) fn new(
        sources: &'a Sources,
        input: &'a PlanInput<'a>,
        plan: &'a Plan,
        quota: &'a QuotaPlan,
    ) -> Self {
        Self { sources, input, plan, quota }
    }

    /// The same as reports, each made when it is taken.
    pub(super) fn reports(&self) -> impl Iterator<Item = ContributionReport> + use<'a> {
        let Self { sources, input, plan, quota } = *self;
        let contributions = plan.contributions(input, quota);
        contributions.filter_map(move |contribution| contribution_report(sources, input, &contribution))
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
    contribution: &Contribution,
) -> Option<ContributionReport> {
    let row = input.workloads.rows().get(contribution.row)?;
    let text = |symbol: Symbol| input.workloads.text(symbol).to_owned();
    let cost = &contribution.cost;
    let place = input.workloads.row_line(sources, row);
    Some(ContributionReport {
        workload: row.name().to_owned(),
        team: row.team().map(text),
        period: row.period().map(text),
        file: place.boxed_file(),
        line: place.line,
        rate: rate_report(row),
        steady: contribution.steady.get(),
        peak: contribution.peak.get(),
        share: ten_thousandths(u128::from(contribution.share_ten_thousandths)),
        per_request: PerRequestReport {
            settled: cost.settled().rounded_up(),
            reservation: cost.reservation().map(QuotaTokens::rounded_up),
            hold: cost.hold().map(QuotaTokens::rounded_up),
            debt: cost.debt().map(QuotaTokens::rounded_up),
        },
    })
}
