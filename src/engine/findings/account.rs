//! Findings about the plan as a whole.

use super::{Collector, RowFacts, Tally};
use crate::engine::daily::AccountDaily;
use crate::text::Code;
use crate::units::Limit;
use crate::workload::Column;

/// Adds the findings that are about no single quota.
pub(super) fn add(collector: &mut Collector<'_, '_>, facts: &[RowFacts]) {
    for daily in &collector.plan.account_daily {
        account_daily(collector, daily);
    }
    applied_not_given(collector);
    let mut hours = Tally::default();
    let mut all = 0;
    for facts in facts {
        all += facts.all.count;
        hours.count += facts.no_hours.count;
        hours.first = hours.first.into_iter().chain(facts.no_hours.first).min();
    }
    if hours.count > 0 {
        let message = format!(
            "{} of {all} rows state no active hours and count all day: daily figures, money and coinciding peaks rest on it",
            hours.count
        );
        let help = "fill the column active_hours, for example 08-18";
        collector.add(Code::HoursNotStated, None, hours.cell(Column::ActiveHours), message, help);
    }
}

fn account_daily(collector: &mut Collector<'_, '_>, daily: &AccountDaily) {
    if daily.hour_settled_tenths.is_none() && daily.hour_billed_tenths.is_none() {
        return;
    }
    let Some(Limit::Amount(limit)) = daily.capacity() else {
        return;
    };
    let given =
        if daily.granted.as_ref().is_some_and(|g| g.value.known().is_some()) { "applied" } else { "default" };
    let passed = |tenths: Option<u32>, word: &str| {
        tenths.map(|tenths| format!("at hour {}.{} by {word} tokens", tenths / 10, tenths % 10))
    };
    let hours: Vec<String> = passed(daily.hour_settled_tenths, "settled")
        .into_iter()
        .chain(passed(daily.hour_billed_tenths, "billed"))
        .collect();
    let account = daily.account.as_ref().map(|account| format!(" of account {account}")).unwrap_or_default();
    let code = daily.entry.code.clone().known().unwrap_or_else(|| "unknown".to_owned());
    let message = format!(
        "the daily quota over all models{account} ({code}, {given} {limit}) would be passed {}: \
         {} settled, {} billed tokens a day (an estimate: AWS publishes no formula; hours in {})",
        hours.join(" and "),
        daily.settled,
        daily.billed,
        collector.input.assumptions.timezone
    );
    let help = "it is not adjustable through Service Quotas: ask for it in the support case of the tokens-per-minute \
                request, and look the applied value up first";
    collector.add(Code::AccountDaily, None, None, message, help);
}

fn applied_not_given(collector: &mut Collector<'_, '_>) {
    let quotas = &collector.plan.quotas;
    let missing: Vec<&str> =
        quotas.iter().filter(|q| q.granted_limit().is_none()).filter_map(|q| q.code()).collect();
    let Some(first) = missing.first() else { return };
    let message = format!(
        "no applied quota is given for {} of {} quotas: defaults are shown, and what applies to the account may be lower",
        missing.len(),
        quotas.len()
    );
    let help = format!(
        "put each into [granted]; to look one up: aws service-quotas get-service-quota --region ca-central-1 \
         --service-code bedrock --quota-code {first}"
    );
    collector.add(Code::AppliedNotGiven, None, None, message, help);
}
