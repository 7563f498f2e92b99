//! What each row of a quota contributes, in JSON.

use serde::{Serialize, Serializer};

use super::plan_rate_json::rate_report;
use crate::contract::parts::Share;
use crate::contract::quota as json;
use crate::engine::{Contribution, Plan, PlanInput, QuotaPlan};
use crate::text::Sources;
use crate::units::QuotaTokens;
use crate::workload::Symbol;

/// What the rows of a quota contribute, each made when it is written: all of a large file's together take
/// as much memory as its plan.
#[derive(Debug)]
pub struct EachContribution<'a> {
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
    pub(super) fn reports(&self) -> impl Iterator<Item = json::Contribution> + use<'a> {
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
) -> Option<json::Contribution> {
    let row = input.workloads.rows().get(contribution.row)?;
    let text = |symbol: Symbol| input.workloads.text(symbol).to_owned();
    let cost = &contribution.cost;
    let place = input.workloads.row_line(sources, row);
    Some(json::Contribution {
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
    })
}
