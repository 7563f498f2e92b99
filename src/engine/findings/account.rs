//! Findings about the plan as a whole.

use super::{At, Collector, RowFacts, Tally};
use crate::engine::daily::AccountDaily;
use crate::engine::result::FindingPlace;
use crate::text::Code;
use crate::units::{Limit, QuotaAmount};
use crate::workload::Column;

/// Codes listed in one finding.
const LISTED: usize = 20;

/// Adds the findings that are about no single quota.
pub(super) fn add(collector: &mut Collector<'_, '_>, facts: &[RowFacts]) {
    for daily in &collector.plan.account_daily {
        account_daily(collector, daily);
        not_provisioned(collector, daily);
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
        collector.add(Code::HoursNotStated, None, hours.at(Column::ActiveHours), message, help);
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
    let passed = |minute: Option<u32>, word: &str| {
        minute.map(|minute| format!("at {:02}:{:02} by {word} tokens", minute / 60, minute % 60))
    };
    let hours: Vec<String> = passed(daily.minute_settled, "settled")
        .into_iter()
        .chain(passed(daily.minute_billed, "billed"))
        .collect();
    let account = daily.account.as_ref().map(|account| format!(" of account {account}")).unwrap_or_default();
    let code = daily.entry.known_code().unwrap_or("unknown");
    let message = format!(
        "the daily quota over all models{account} ({code}, {given} {limit}) would be passed {}: {} tokens a day \
         settled, that is with output at the burndown rate, {} billed, that is each token once (an estimate: AWS \
         publishes no formula; times in {})",
        hours.join(" and "),
        daily.settled,
        daily.billed,
        collector.input.assumptions.timezone
    );
    let help = match daily.restored_to() {
        Some(default) => format!(
            "ask AWS Support, in a case of the type account and billing, to restore AWS's default of {default}, which would \
             hold both"
        ),
        None => {
            let most = daily.larger().rounded_up_to_two_digits();
            let first = if given == "applied" { "" } else { "look the applied value up first; " };
            format!(
                "{first}Service Quotas cannot raise it: ask AWS Support for at least {most} a day, in the same case as any \
                 tokens-per-minute request"
            )
        }
    };
    let place = daily.granted.as_ref().map(|granted| FindingPlace::Key(granted.span));
    collector.add(
        Code::AccountDaily,
        None,
        At { place, rows: 0, detail: daily.account.clone() },
        message,
        help,
    );
}

fn not_provisioned(collector: &mut Collector<'_, '_>, daily: &AccountDaily) {
    let Some(granted) = &daily.granted else { return };
    if daily.granted_limit() != Some(Limit::Amount(QuotaAmount::default())) {
        return;
    }
    let account = daily.account.as_ref().map(|account| format!(" of account {account}")).unwrap_or_default();
    let message = format!(
        "the daily quota over all models{account}, {}: the applied value is 0, so AWS answers calls with throttling or \
         \"Too many tokens per day\", however few they are",
        daily.entry.code_words()
    );
    let help = "ask AWS Support, in a case of the type account and billing, to restore AWS's default";
    let place = Some(FindingPlace::Key(granted.span));
    collector.add(
        Code::NotProvisioned,
        None,
        At { place, rows: 0, detail: daily.account.clone() },
        message,
        help,
    );
}

fn applied_not_given(collector: &mut Collector<'_, '_>) {
    let quotas = &collector.plan.quotas;
    let missing: Vec<&str> =
        quotas.iter().filter(|q| q.granted_limit().is_none()).filter_map(|q| q.code()).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!(
        "no applied quota is given for {} of {} quotas: defaults are shown, and what applies to the account may be lower",
        missing.len(),
        quotas.len()
    );
    let codes = missing.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    let more = if missing.len() > LISTED { ", ..." } else { "" };
    let help = format!(
        "look them up and put them into [granted]: aws service-quotas get-service-quota --region ca-central-1 \
         --service-code bedrock --quota-code CODE, for {codes}{more}"
    );
    collector.add(Code::AppliedNotGiven, None, At::default(), message, help);
}
