//! A plan as lines of text without positions, and as the JSON of the report.

use quotaplan::engine::QuotaPlan;
use quotaplan::render::{Format, View, render};
use quotaplan::report::PlanReport;

use crate::support::Planned;

/// What tells the quotas of two plans of the same rows apart.
pub(crate) fn key(
    planned: &Planned,
    quota: &QuotaPlan,
) -> (Option<String>, String, &'static str, &'static str, bool) {
    let id = planned.catalog.model(quota.id.model).id.clone();
    (quota.id.account.clone(), id, quota.id.scope.as_str(), quota.id.kind.as_str(), quota.id.long_context)
}

/// Every figure of a plan, and each row's part of it, by name.
pub(crate) fn summary(planned: &Planned) -> Vec<String> {
    let input = planned.input();
    let mut lines = Vec::new();
    for quota in &planned.plan.quotas {
        let figures = &quota.figures;
        let period = figures.slot.period.map(|symbol| planned.workloads.text(symbol));
        let six = (
            figures.steady,
            figures.peak,
            figures.in_flight,
            figures.burst,
            figures.formula,
            figures.required,
        );
        let caps = (quota.tight_max_tokens, quota.lean_required, quota.fitting_max_tokens);
        let asks = (quota.verdict, quota.action, quota.ask, quota.lean_ask);
        lines.push(format!("{:?} {:?}", key(planned, quota), quota.code()));
        lines.push(format!("  {six:?} in {period:?} {:?}", figures.slot.hour));
        lines.push(format!("  {caps:?} {asks:?} {:?}", quota.utilisation));
        lines.push(format!("  {:?}", planned.plan.levers(&input, quota)));
        lines.extend(quota.alternatives.iter().map(|a| format!("  {:?} {:?}", a.rate, a.required)));
        let parts = planned.plan.contributions(&input, quota).map(|part| {
            let name = planned.workloads.rows()[part.row].name();
            let figures = (part.steady, part.peak, part.share_ten_thousandths);
            format!("  {name}: {figures:?} {:?}", part.cost)
        });
        let mut parts: Vec<String> = parts.collect();
        parts.sort();
        lines.append(&mut parts);
    }
    for daily in &planned.plan.account_daily {
        let hours = (daily.hour_settled_tenths, daily.hour_billed_tenths);
        lines.push(format!("{:?}: {:?} {:?} {hours:?}", daily.account, daily.settled, daily.billed));
        lines.extend(daily.shares.iter().map(|share| format!("  {share:?}")));
    }
    lines.push(format!("binding {:?}", planned.plan.binding));
    lines
}

/// The lines of [`summary`] but for those about single rows.
pub(crate) fn quotas_alone(planned: &Planned) -> Vec<String> {
    let of_row = |line: &String| line.starts_with("  w") && line.contains(": (");
    summary(planned).into_iter().filter(|line| !of_row(line)).collect()
}

/// What `quotaplan plan --format json` prints.
pub(crate) fn json(planned: &Planned) -> String {
    let input = planned.input();
    let report = PlanReport {
        sources: &planned.sources,
        input: &input,
        plan: &planned.plan,
        simulated: None,
        typed: None,
    };
    render(&report, Format::Json, View::default()).unwrap()
}
