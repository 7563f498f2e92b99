//! What each finding says, and what to do about it.

use super::numbers::amount;
use super::shared::{entry_source, limit, rows_have, sentence, slot_words, subject, subject_and_kind, title};
use super::{gate, lifecycle, plan, remedy};
use crate::engine::{FindingFact, ResidencyFault};
use crate::report::words::sentence::Sentence;
use crate::report::words::traits::{FindingIn, FindingWords};

impl FindingWords for super::English {
    fn finding(&self, of: &FindingIn<'_>) -> Sentence {
        finding(of)
    }

    fn residency_fault(&self, fault: &ResidencyFault) -> Sentence {
        remedy::residency_fault(fault)
    }
}

fn finding(of: &FindingIn<'_>) -> Sentence {
    match &of.finding.fact {
        FindingFact::AccountDaily(passed) => plan::account_daily(of, passed),
        FindingFact::AccountNotProvisioned { account } => {
            plan::account_not_provisioned(of, account.as_deref())
        }
        FindingFact::AppliedNotGiven { codes, of } => plan::applied_not_given(codes, *of),
        FindingFact::HoursNotStated { rows, of } => sentence(
            format!(
                "{rows} of {of} rows state no active hours, so they count all day; daily figures, costs and \
                 coinciding peaks depend on this"
            ),
            "fill in the column active_hours, for example 08-18",
        ),
        FindingFact::UnknownPrice { model, scope, rows, kinds, without_life } => {
            plan::unknown_price(of.catalog().model(*model), *scope, *rows, kinds, without_life)
        }
        FindingFact::ExceedsGranted { required, granted, slot, remedy } => {
            let slot = slot_words(of, *slot);
            let largest = if slot.is_empty() { slot } else { format!("; the largest demand is {slot}") };
            sentence(
                format!("{}: {} required, {} granted", title(of), amount(*required), limit(*granted)),
                format!("{}{largest}", remedy::remedy(remedy)),
            )
        }
        FindingFact::NotOffered => sentence(
            format!("{}: the model is not callable from ca-central-1, so it has no quota there", subject(of)),
            "plan the model that you will migrate to",
        ),
        FindingFact::QuotaCodeUnknown => sentence(
            format!("{}: the model table has no quota code ({})", subject_and_kind(of), entry_source(of)),
            "find it in the Service Quotas console and add it with --models",
        ),
        FindingFact::QuotaLimitUnknown => sentence(
            format!("{}: neither the default nor the applied quota is known", subject_and_kind(of)),
            "look the applied value up and put it into [granted]",
        ),
        FindingFact::NotAdjustable { first } => sentence(
            format!("{}: the requirement exceeds the quota, which is not adjustable", subject_and_kind(of)),
            remedy::first_or(
                first.as_ref(),
                "Service Quotas cannot raise it: open a support case, or use a scope whose quota is adjustable",
            ),
        ),
        FindingFact::Restore { granted, default, max_tokens, first } => {
            let with = max_tokens.map(|cap| format!(" with max_tokens lowered to {cap}")).unwrap_or_default();
            sentence(
                format!(
                    "{}: the applied value of {} is below AWS's default of {}, which would be enough{with}",
                    title(of),
                    limit(*granted),
                    limit(*default)
                ),
                remedy::first_or(
                    first.as_ref(),
                    "Service Quotas refuses any value at or below the default: ask AWS Support, in an Account and \
                     billing case, to restore the default; `quotaplan request` writes the text",
                ),
            )
        }
        FindingFact::NotProvisioned { remedy } => sentence(
            format!("{}: {}", title(of), plan::APPLIED_IS_0),
            remedy.as_ref().map_or_else(
                || "ask AWS Support what the quota is set to before traffic begins".to_owned(),
                remedy::remedy,
            ),
        ),
        FindingFact::DailyWording => sentence(
            format!(
                "{}: AWS's name for it says \"doubled for cross-region calls\", but it is planned as listed, not \
                 doubled",
                title(of)
            ),
            "",
        ),
        FindingFact::Residency { residency, rows, of: all, by_policy, fault } => {
            let Sentence { message, help } = remedy::residency_fault(fault);
            let policy = if *by_policy { " (`[policy] residency`)" } else { "" };
            let subject = subject(of);
            sentence(
                format!("{subject}: {rows} of {all} rows must stay in `{residency}`{policy}, and {message}"),
                help,
            )
        }
        FindingFact::LongContext { rows } => sentence(
            format!(
                "{}: {} a mean input above the boundary of the 1M-context quotas, so those quotas count instead",
                subject(of),
                rows_have(*rows)
            ),
            "shorten the input below 200,000 tokens to use the usual quota",
        ),
        FindingFact::PriceTier { rows, boundary } => sentence(
            format!(
                "{}: {} a mean or p95 input above {boundary} tokens, where other prices or quotas apply",
                subject(of),
                rows_have(*rows)
            ),
            "split short and long requests into rows of their own",
        ),
        FindingFact::NoDemand { rows, of: all } => plan::no_demand(of, *rows, *all),
        FindingFact::AssumedPeak { rows, of: all, quotas } => plan::assumed_peak(of, *rows, *all, quotas),
        FindingFact::PromotionalPrice { input, output, promotion, on } => {
            lifecycle::promotional_price(of, (*input, *output), promotion, *on)
        }
        FindingFact::DisputedLimit { field, rows } => plan::disputed_limit(of, *field, *rows),
        FindingFact::FarAboveDefault { required, default, times } => sentence(
            format!(
                "{}: {} required, more than {times} times AWS's default of {}",
                title(of),
                amount(*required),
                amount(*default)
            ),
            "check the units: requests_per_minute is a rate per minute (put a daily rate into requests_per_day), and \
             tokens are per request",
        ),
        FindingFact::Legacy { successors } => lifecycle::legacy(of, successors),
        FindingFact::NearLegacy { since } => lifecycle::near_legacy(of, *since),
        FindingFact::NearRetirement { retirement } => lifecycle::near_retirement(of, *retirement),
        FindingFact::RetirementOpen { earliest } => lifecycle::retirement_open(of, *earliest),
        FindingFact::AccessCondition { condition } => lifecycle::access_condition(of, *condition),
        FindingFact::MaxTokensUnset { rows, of: all, required, lean, is_saving, cap } => {
            plan::max_tokens_unset(of, (*rows, *all), (*required, *lean, *is_saving), cap)
        }
        FindingFact::MaxTokensWide { required, lean, cap } => {
            let percent = 100 - u128::from(lean.get()) * 100 / u128::from(required.get()).max(1);
            sentence(
                format!(
                    "{}: max_tokens is higher than needed: at {} the required quota falls from {} to {}, {percent} % \
                     less",
                    subject(of),
                    cap.tokens,
                    amount(*required),
                    amount(*lean)
                ),
                plan::cap_advice(of, cap),
            )
        }
        FindingFact::BurndownRate { status, others } => plan::burndown_rate(of, *status, others),
        FindingFact::AssumedLatency { rows, of: all, peak, in_flight } => sentence(
            format!(
                "{}: the latency of {rows} of {all} rows is assumed; with the reservations in flight, use rises from \
                 {} to {}",
                subject(of),
                amount(*peak),
                amount(*in_flight)
            ),
            "fill in latency_seconds with the mean of CloudWatch's InvocationLatency",
        ),
        FindingFact::CacheReadsReserved { left_out, counted, are_counted } => {
            plan::cache_reads_reserved(of, *left_out, *counted, *are_counted)
        }
        FindingFact::SpreadCapped { rows } => sentence(
            format!(
                "{}: {} a p95 more than 3.87 times the mean, which no log-normal distribution has, so the widest \
                 possible spread is used",
                subject(of),
                rows_have(*rows)
            ),
            "check the p95 columns, or replay the traffic with `quotaplan simulate`",
        ),
        FindingFact::AssumedDefault { codes, of } => gate::assumed_default(codes, *of),
        FindingFact::RequiredUnknown => sentence(
            format!(
                "{}: what is required is not known, since max_tokens is not set and the model's maximum is not known",
                title(of)
            ),
            "set max_tokens in every row",
        ),
        FindingFact::LimitNotGiven { is_stated, default, account, by_defaults } => {
            gate::limit_not_given(of, *is_stated, *default, account.as_deref(), *by_defaults)
        }
        FindingFact::ExceedsDefault { required, default, first, no_increases } => sentence(
            format!(
                "{} needs {}, and AWS's default is {}, assumed to apply",
                title(of),
                amount(*required),
                limit(*default)
            ),
            gate::beyond_default(of, first.as_ref(), *no_increases),
        ),
        FindingFact::OverUtilisation { required, amount, assumed_default, allowed, within } => {
            gate::over_utilisation(of, (*required, *amount, *assumed_default), *allowed, within)
        }
        FindingFact::OverBudget { of: whose, limit, priced, is_complete, period, largest } => {
            gate::over_budget(of, (whose, *limit), (*priced, *is_complete, *period), *largest)
        }
        FindingFact::BudgetUndetermined { of: whose, limit, priced, period } => {
            gate::budget_undetermined(of, (whose, *limit), *priced, *period)
        }
        FindingFact::UnusedBudget { of: whose, meant } => gate::unused_budget(of, whose, meant.as_deref()),
        FindingFact::StaleGranted { as_of, days } => gate::stale_granted(of, *as_of, *days),
        FindingFact::StaleTable { model, most_days, facts } => {
            gate::stale_table(of, *model, *most_days, facts)
        }
        FindingFact::BaselineDiffers { changes } => gate::baseline_differs(changes),
        FindingFact::Remark { message, help, .. } => sentence(message.clone(), help.clone()),
    }
}
