//! What a plan says: its verdict, its method, its cost.

use super::numbers::amount;
use super::shared::counted;
use crate::catalog::{REGION, RateStatus};
use crate::engine::{AccountDaily, CapacitySource, Plan, PlanInput, QuotaPlan};
use crate::report::words::plan::{AssumedPeaks, PlanTitles, PlanVerdict, PlanWords};
use crate::report::words::traits::NumberWords;
use crate::text::plain::cell_name;
use crate::units::{Limit, QuotaKind, UsdCents, Utilisation, percent_of};
use crate::workload::Workload;

/// What depends on busiest minutes that no row states.
fn assumed(of: AssumedPeaks) -> String {
    let AssumedPeaks { quotas, exceeded_at, most_tried } = of;
    let then = match exceeded_at {
        Some((times, 1)) => {
            format!("at {times} times the mean, 1 quota that fits now would exceed its limit")
        }
        Some((times, count)) => {
            format!("at {times} times the mean, {count} quotas that fit now would exceed their limits")
        }
        None => format!("at {most_tried} times the mean, every quota that fits now would still fit"),
    };
    let of = counted(quotas, "quota");
    let figures = if quotas == 1 { "its figures rest" } else { "their figures rest" };
    format!("No busiest minute is stated for rows of {of}, so {figures} on the mean; {then}.")
}

impl PlanWords for super::English {
    fn plan_verdict(&self, verdict: &PlanVerdict, input: &PlanInput<'_>, plan: &Plan) -> Vec<String> {
        let PlanVerdict { to_do, quotas, not_judged, by_default, most, assumed_peaks } = *verdict;
        let of_all = counted(quotas, "quota");
        let first = match to_do {
            0 if quotas == 0 => "No row uses a quota: there is nothing to plan".to_owned(),
            0 if not_judged == quotas => format!("{of_all} in {REGION} could not be judged"),
            0 => {
                let judged = counted(quotas - not_judged, "quota");
                let most = most.map(|most| format!(", the fullest at {}", self.short_use(most)));
                let by_default = if by_default > 0 { " under AWS's defaults" } else { "" };
                let fit = if quotas - not_judged == 1 { "fits" } else { "fit" };
                format!(
                    "Nothing to ask for: {judged} in {REGION} {fit}{by_default}{}",
                    most.unwrap_or_default()
                )
            }
            count => format!("{} to do for {of_all} in {REGION}", counted(count, "thing")),
        };
        let worst = plan.binding.and_then(|index| plan.quotas.get(index));
        let worst = worst.and_then(|quota| {
            let slot = quota.figures.slot;
            let period = slot.period.map(|period| cell_name(input.workloads.text(period)));
            // Where no row states hours, every hour is like the first.
            let rows = plan.rows_of(quota).iter().filter_map(|row| input.workloads.rows().get(*row as usize));
            let all_day = rows.into_iter().all(|row| row.hours().is_none());
            match (slot.hour.filter(|_| !all_day), period) {
                (Some(hour), Some(period)) => Some(format!("; the worst hour is {hour:02}:00 in {period}")),
                (Some(hour), None) => Some(format!("; the worst hour is {hour:02}:00")),
                (None, Some(period)) => Some(format!("; the worst period is {period}")),
                (None, None) => None,
            }
        });
        let mut sentences = vec![format!("{first}{}.", worst.unwrap_or_default())];
        if not_judged > 0 && not_judged < quotas {
            let are = if not_judged == 1 { "1 of them is" } else { &format!("{not_judged} of them are") };
            sentences
                .push(format!("{are} not judged, because the need or the limit is not known (marked `?`)."));
        }
        if by_default > 0 {
            let of =
                if by_default == quotas { String::new() } else { format!(" for {by_default} of {quotas}") };
            sentences.push(format!(
                "No applied values are given{of}: AWS's defaults stand in, and yours may be lower."
            ));
        }
        sentences.extend(assumed_peaks.map(assumed));
        sentences
    }

    fn plan_method(&self, input: &PlanInput<'_>, whole: bool) -> Vec<String> {
        let a = input.assumptions;
        let headroom = percent_of(a.config.headroom.millionths());
        let exceeded = percent_of(1_000_000 - a.config.confidence.millionths().min(1_000_000));
        let grows = |row: &Workload| row.growth_per_month().is_some_and(|growth| growth.millionths() > 0);
        let growth = match a.months {
            0 => None,
            _ if !input.workloads.rows().iter().any(grows) => {
                Some("--months changes nothing: no row states growth_per_month.".to_owned())
            }
            months => Some(format!("Rates are grown by {}.", counted(months as usize, "month"))),
        };
        let mut sentences = vec![format!(
            "Needs is the larger of two values: the peak plus {headroom} %, and the level that usage, including \
             reservations, exceeds only {exceeded} % of the time."
        )];
        if whole {
            sentences.extend([
                "Mean and peak are requests per minute times settled cost, as AWS computes it. A request reserves \
                 input + max_tokens until it completes (assumed), and there is room for one more request."
                    .to_owned(),
                "Daily quotas (tpd) need the mean day plus headroom; the quota over all models needs the mean day.".to_owned(),
                "The amount to ask for is rounded up to two significant digits, which adds to the headroom.".to_owned(),
            ]);
        }
        sentences.extend(growth);
        sentences
    }

    fn unknown_rates(&self, input: &PlanInput<'_>, plan: &Plan) -> Option<String> {
        let mut named: Vec<String> = Vec::new();
        let unknown =
            |quota: &&QuotaPlan| quota.rate.status == RateStatus::Unknown && quota.id.kind.counts_tokens();
        for quota in plan.quotas.iter().filter(unknown) {
            let words = format!("{} ({} planned)", input.catalog.model(quota.id.model).name, quota.rate.rate);
            if !named.contains(&words) {
                named.push(words);
            }
        }
        match named.as_slice() {
            [] => None,
            [one] => Some(format!("AWS states no burndown rate for {one}.")),
            all => Some(format!(
                "AWS states no burndown rate for {}: the worst case is planned.",
                all.join(", ")
            )),
        }
    }

    fn monthly_cost(&self, input: &PlanInput<'_>, plan: &Plan) -> String {
        let total = &plan.cost.total;
        let period = plan.cost.period.map(|period| cell_name(input.workloads.text(period)));
        let when =
            period.map(|period| format!(" in {period}, the most expensive period")).unwrap_or_default();
        match total.usd() {
            Some(usd) => format!("{usd} USD a month{when}, on demand."),
            None if total.priced_usd() == UsdCents::default() => {
                "The cost is not known, because no price is known.".to_owned()
            }
            None => format!(
                "At least {} USD a month{when}, on demand: not every price is known.",
                total.priced_usd()
            ),
        }
    }

    fn quota_line(&self, quota: &QuotaPlan, input: &PlanInput<'_>) -> String {
        let account = quota.id.account.as_ref().map(|account| format!(", account {}", cell_name(account)));
        format!("{} {}{}", quota.id.place(input.catalog), quota.id.kind, account.unwrap_or_default())
    }

    fn quota_verdict(&self, quota: &QuotaPlan, input: &PlanInput<'_>) -> String {
        let name = quota.id.title(input.catalog);
        let Some(required) = quota.figures.required else {
            return format!("{name}: what it needs is not known.");
        };
        let required = amount(required);
        let source = match quota.capacity_source {
            Some(CapacitySource::Granted) => "applied",
            Some(CapacitySource::Default) => "AWS's default",
            None => "",
        };
        let share = quota.utilisation.map(|share| format!(" ({share})")).unwrap_or_default();
        match quota.capacity() {
            None => format!("{name}: needs {required}, and its limit is not known."),
            Some(Limit::Unlimited) => format!("{name}: needs {required}, and has no limit ({source})."),
            Some(Limit::Amount(there)) => {
                format!("{name}: needs {required} of {}, {source}{share}.", amount(there))
            }
        }
    }

    fn day_verdict(&self, daily: &AccountDaily) -> String {
        let account = daily.account.as_deref().map(|account| format!(" of account {}", cell_name(account)));
        let name = format!(
            "All models{}, tokens per day, {}",
            account.unwrap_or_default(),
            daily.entry.code_words()
        );
        let (least, most) = (daily.settled.min(daily.billed), daily.larger());
        let needed = if least == most {
            amount(most)
        } else {
            format!("{} (billed) to {} (settled)", amount(daily.billed), amount(daily.settled))
        };
        let share = daily.capacity().and_then(|limit| Utilisation::of_limit(most, limit));
        let share = share.map(|share| format!(" ({share})")).unwrap_or_default();
        let source = match daily.capacity_source() {
            Some(CapacitySource::Granted) => "applied",
            Some(CapacitySource::Default) => "AWS's default",
            None => "",
        };
        match daily.capacity() {
            None => format!("{name}: needs an estimated {needed}, and the limit is not known."),
            Some(Limit::Unlimited) => {
                format!("{name}: needs an estimated {needed}, and has no limit ({source}).")
            }
            Some(Limit::Amount(there)) => {
                format!("{name}: needs an estimated {needed} of {}, {source}{share}.", amount(there))
            }
        }
    }

    fn more_rows(&self, count: usize) -> String {
        format!("{} with smaller shares (show with --all)", counted(count, "more row"))
    }

    fn daily_line(&self, account: Option<&str>) -> String {
        let account = account.map(|account| format!(", account {}", cell_name(account))).unwrap_or_default();
        format!("All models {} (estimate){account}", QuotaKind::Tpd)
    }

    fn limit_title(&self, applied: bool, defaults: bool) -> &'static str {
        match (applied, defaults) {
            (true, false) => "Applied",
            (false, true) => "Default",
            (true, true) | (false, false) => "Limit",
        }
    }

    fn notes_heading(&self, errors: usize, warnings: usize, notes: usize) -> String {
        let each = [(errors, "error"), (warnings, "warning"), (notes, "note")];
        let each = each.into_iter().filter(|(count, _)| *count > 0);
        let each: Vec<String> = each.map(|(count, word)| counted(count, word)).collect();
        format!("Notes ({})", each.join(", "))
    }

    fn plan_titles(&self) -> PlanTitles {
        PlanTitles {
            quota: "Quota",
            code: "Code",
            mean: "Mean",
            peak: "Peak",
            in_flight: "In flight",
            needs: "Needs",
            simulated: "Simulated",
            share: "Use",
            step: "Step",
        }
    }
}
