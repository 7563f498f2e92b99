//! What stands out in a plan, and the order of the findings.

use super::assumptions::PlanInput;
use super::finding::Finding;
use super::result::Plan;

mod account;
mod collector;
mod cost;
mod demand;
mod model;
mod quota;

use collector::Collector;
pub(super) use collector::RowFacts;

/// All findings: the most severe first, then in the order of the quotas.
pub(super) fn find(plan: &Plan, facts: &[RowFacts], input: &PlanInput<'_>) -> Vec<Finding> {
    let mut collector = Collector::new(plan, input);
    account::add(&mut collector, facts);
    for missing in &plan.cost.missing {
        cost::unknown_price(&mut collector, missing);
    }
    for (index, plan) in plan.quotas.iter().enumerate() {
        if let Some(facts) = facts.get(plan.pool) {
            quota::add(&mut collector, index, plan, facts);
        }
    }
    let mut found = collector.into_found();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}
