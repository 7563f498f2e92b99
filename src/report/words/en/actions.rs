//! The things to do.

use super::numbers::{amount, short_capacity, short_demand};
use super::shared::counted;
use crate::catalog::{Model, REGION, Scope};
use crate::contract::action::ActionVerb;
use crate::engine::{
    AccountDaily, ActionSubject, ActionValue, CapacitySource, FindingFact, MoveTo, QuotaAction, QuotaPlan,
    ResidencyFault,
};
use crate::report::words::actions::{ActionIn, ActionSentence, ActionWords, LeftOut};
use crate::report::words::traits::{FactWords, NumberWords};
use crate::text::plain::cell_name;
use crate::units::{Limit, MILLIONTHS, QuotaAmount, QuotaKind, grouped};
use crate::workload::Workload;

/// Workloads named one by one.
const NAMED: usize = 3;

impl ActionWords for super::English {
    fn verb(&self, verb: ActionVerb) -> &'static str {
        match verb {
            ActionVerb::LookUp => "LOOK UP",
            ActionVerb::Restore => "RESTORE",
            ActionVerb::Ask => "ASK",
            ActionVerb::Lower => "LOWER",
            ActionVerb::Rescope => "RESCOPE",
            ActionVerb::Migrate => "MIGRATE",
            ActionVerb::Case => "CASE",
            ActionVerb::Decide => "DECIDE",
        }
    }

    fn action(&self, of: &ActionIn<'_>) -> ActionSentence {
        match of.action.verb {
            ActionVerb::LookUp => look_up(of),
            ActionVerb::Ask | ActionVerb::Case => ask(of),
            ActionVerb::Restore => restore(of),
            ActionVerb::Lower => lower(of),
            ActionVerb::Migrate => migrate(of),
            ActionVerb::Rescope | ActionVerb::Decide => settle(of),
        }
    }

    fn more_actions(&self, count: usize) -> String {
        let things = if count == 1 { "1 more thing" } else { &format!("{count} more things") };
        format!("{things} to do (show with --all)")
    }

    fn left_out_rows(&self, left: LeftOut) -> Option<String> {
        let pressing = (left.pressing > 0).then(|| format!("{} more to look at", left.pressing));
        let quiet = (left.quiet > 0).then(|| match left.most {
            Some(most) if left.quiet == 1 => format!("1 more, {}", self.short_use(most)),
            Some(most) => format!("{} more, at most {}", left.quiet, self.short_use(most)),
            None if left.has_unlimited => format!("{} more without a limit", left.quiet),
            None => format!("{} more", left.quiet),
        });
        let parts: Vec<String> = pressing.into_iter().chain(quiet).collect();
        (!parts.is_empty()).then(|| format!("{}: --all", parts.join("; ")))
    }

    fn left_out_findings(&self, errors: &[&str], warnings: &[&str], notes: usize) -> Option<String> {
        let coded = |codes: &[&str], word: &str| {
            let mut each: Vec<&str> = Vec::new();
            codes.iter().for_each(|code| {
                if !each.contains(code) {
                    each.push(code);
                }
            });
            let plural = if codes.len() == 1 { "" } else { "s" };
            (!codes.is_empty()).then(|| format!("{} {word}{plural} ({})", codes.len(), each.join(", ")))
        };
        let notes = (notes > 0).then(|| format!("{notes} note{}", if notes == 1 { "" } else { "s" }));
        let parts: Vec<String> =
            [coded(errors, "error"), coded(warnings, "warning"), notes].into_iter().flatten().collect();
        let listed = match parts.as_slice() {
            [] => return None,
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        };
        Some(format!("{listed} (show with --details)"))
    }
}

/// A quota before its unit: `Claude Haiku 4.5 us, tokens per minute`.
fn quota_words(of: &ActionIn<'_>, quota: &QuotaPlan) -> String {
    let account = quota.id.account.as_ref().map(|account| format!(" of account {}", cell_name(account)));
    format!("{}{}, {}", quota.id.place(of.input.catalog), account.unwrap_or_default(), quota.id.kind.unit())
}

/// Names in a row, the first few of them.
fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let all = names.len();
    let mut names: Vec<String> = names.map(cell_name).collect();
    // One more name takes no more room than the words for it.
    if all > NAMED + 1 {
        names.truncate(NAMED);
        names.push(format!("{} more workloads", all - NAMED));
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

/// What there is: `default 5.00 M`.
fn capacity(quota: &QuotaPlan) -> Option<String> {
    let stated = quota.capacity()?;
    let word = match quota.capacity_source? {
        CapacitySource::Granted => "applied",
        CapacitySource::Default => "default",
    };
    Some(format!("{word} {}", short_limit(stated)))
}

fn short_limit(stated: Limit) -> String {
    match stated {
        Limit::Amount(amount) => short_capacity(amount),
        Limit::Unlimited => "unlimited".to_owned(),
    }
}

/// What is needed and what there is.
fn needs(of: &ActionIn<'_>, quota: &QuotaPlan, required: Option<QuotaAmount>) -> String {
    let required = required.map_or_else(|| "an unknown amount".to_owned(), short_demand);
    let period = quota.figures.slot.period.filter(|_| !quota.id.kind.is_daily());
    let when = period.map(|period| format!(" in {}", cell_name(of.input.workloads.text(period))));
    let needs = format!("needs {required}{}", when.unwrap_or_default());
    capacity(quota).map_or(needs.clone(), |capacity| format!("{needs}, {capacity}"))
}

/// The workload with the largest share, where it is not the only one.
fn largest(of: &ActionIn<'_>) -> Option<String> {
    let [(name, share), _, ..] = of.action.workloads.as_slice() else { return None };
    Some(format!("{} is {} % of it", cell_name(name), (share + 50) / 100))
}

fn look_up(of: &ActionIn<'_>) -> ActionSentence {
    let ActionSubject::AppliedValues(open) = &of.action.subject else { return ActionSentence::default() };
    let all = of.plan.quotas.len();
    let of_all =
        if open.len() == all { String::new() } else { format!(" of {}", counted(open.len(), "quota")) };
    ActionSentence {
        what: format!("your applied values{of_all}:"),
        why: vec!["if one is too low, ask AWS Support to restore the default".to_owned()],
    }
}

fn ask(of: &ActionIn<'_>) -> ActionSentence {
    if let ActionSubject::Daily(index) = of.action.subject {
        return of.plan.account_daily.get(index).map(|daily| daily_case(of, daily)).unwrap_or_default();
    }
    let Some(quota) = of.quota() else { return ActionSentence::default() };
    let value = match of.action.value {
        Some(ActionValue::Amount(value)) => amount(value),
        _ => "an amount that is not known".to_owned(),
    };
    let lean = of.rests_on_a_lower_cap();
    let required = if lean { quota.lean_required } else { quota.figures.required };
    let mut why = vec![needs(of, quota, required)];
    why.extend(lean.then(|| "with max_tokens lowered".to_owned()));
    why.extend(largest(of));
    let support_alone = of.action.verb == ActionVerb::Case;
    why.extend(support_alone.then(|| "Service Quotas cannot raise it".to_owned()));
    ActionSentence { what: format!("{}: {value}", quota_words(of, quota)), why }
}

/// An account, where it is named.
fn of_account(account: Option<&str>) -> String {
    account.map(|account| format!(" of account {}", cell_name(account))).unwrap_or_default()
}

/// The estimate of tokens per day over all models: a range, since AWS publishes no formula.
fn daily_case(of: &ActionIn<'_>, daily: &AccountDaily) -> ActionSentence {
    let account = of_account(daily.account.as_deref());
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let reached = daily.minute_settled.into_iter().chain(daily.minute_billed).min().map(clock);
    let source = if daily.granted_limit().is_some() { "applied" } else { "default" };
    let there = daily.capacity().map(|stated| format!("{source} {}", short_limit(stated)));
    let there = there.map(|there| match reached {
        Some(at) => format!("{there}, reached at {at}"),
        None => there,
    });
    let value = match of.action.value {
        Some(ActionValue::Amount(value)) => amount(value),
        _ => "an amount that is not known".to_owned(),
    };
    let why = there.into_iter().chain(["an estimate".to_owned(), "AWS Support only".to_owned()]);
    ActionSentence {
        what: format!("all models{account}, {}: {value}", QuotaKind::Tpd.unit()),
        why: why.collect(),
    }
}

fn restore(of: &ActionIn<'_>) -> ActionSentence {
    let default = match of.action.value {
        Some(ActionValue::Amount(value)) => amount(value),
        _ => "unlimited".to_owned(),
    };
    let to = format!("to AWS's default, {default}");
    let how = "ask AWS Support: Service Quotas accepts no value at or below the default".to_owned();
    match of.action.subject {
        ActionSubject::Daily(index) => {
            let Some(daily) = of.plan.account_daily.get(index) else { return ActionSentence::default() };
            let account = of_account(daily.account.as_deref());
            let applied = daily.granted_limit().map(short_limit).unwrap_or_default();
            let needed = format!("needs up to {}, applied {applied}", short_demand(daily.larger()));
            ActionSentence {
                what: format!("all models{account}, {} {to}", QuotaKind::Tpd.unit()),
                why: vec![needed, how],
            }
        }
        _ => {
            let Some(quota) = of.quota() else { return ActionSentence::default() };
            // Where max_tokens is lowered first, the default holds what is needed then.
            let is_lowered = quota.action == QuotaAction::LowerMaxTokens || quota.restoring_cap().is_some();
            let needed =
                needs(of, quota, if is_lowered { quota.lean_required } else { quota.figures.required });
            let lowered = is_lowered.then(|| "with max_tokens lowered".to_owned());
            let why = std::iter::once(needed).chain(lowered).chain([how]);
            ActionSentence { what: format!("{} {to}", quota_words(of, quota)), why: why.collect() }
        }
    }
}

fn lower(of: &ActionIn<'_>) -> ActionSentence {
    let (Some(quota), Some(ActionValue::MaxTokens(cap))) = (of.quota(), of.action.value) else {
        return ActionSentence::default();
    };
    let rows = of.rows_above_the_cap();
    let stated =
        |row: &&Workload| row.max_tokens().map_or_else(|| "unset".to_owned(), |stated| stated.to_string());
    let mut before: Vec<String> = rows.iter().map(stated).collect();
    before.dedup();
    let from = match before.as_slice() {
        [one] => format!(" from {one}"),
        _ => String::new(),
    };
    let what = format!("{}: max_tokens{from} to {cap}", listed(rows.iter().map(|row| row.name())));
    let falls = match (quota.figures.required, quota.lean_required) {
        (Some(required), Some(lean)) => {
            Some(format!("need falls from {} to {}", short_demand(required), short_demand(lean)))
        }
        (None, Some(lean)) => Some(format!("the need is then known: {}", short_demand(lean))),
        _ => None,
    };
    let falls = falls.map(|falls| match quota.capacity() {
        Some(Limit::Amount(there)) => format!("{falls} of {}", short_capacity(there)),
        _ => falls,
    });
    let cut = super::English.cut_share(quota.tight_cut);
    let cuts = if cut == "none" {
        "cuts off no answers".to_owned()
    } else {
        format!("cuts off {cut} of the answers")
    };
    let fitting = quota
        .fitting_max_tokens
        .filter(|most| u128::from(*most) * u128::from(MILLIONTHS) > u128::from(cap.millionths()));
    let fitting = fitting.map(|most| format!("any cap up to {} fits", grouped(most.into())));
    ActionSentence { what, why: falls.into_iter().chain([cuts]).chain(fitting).collect() }
}

/// The workloads behind an action, or all of the model's.
fn workloads(of: &ActionIn<'_>) -> String {
    listed(of.action.workloads.iter().map(|(name, _)| *name))
}

fn migrate(of: &ActionIn<'_>) -> ActionSentence {
    let Some(quota) = of.first_quota() else { return ActionSentence::default() };
    let model = of.input.catalog.model(quota.id.model);
    let today = of.input.assumptions.today;
    let lifecycle = model.lifecycle.as_ref();
    let off = format!("{} off {}", workloads(of), model.name);
    if quota.entry.is_none() {
        let why = format!("the model is not offered in this scope from {REGION}, so it has no quota");
        return ActionSentence { what: format!("{off} {}", quota.id.scope), why: vec![why] };
    }
    let retired = lifecycle.is_some_and(|lifecycle| lifecycle.is_retired(today));
    let to = of.successor().map(|MoveTo { model, scope }| {
        let scope = if scope == quota.id.scope { String::new() } else { format!(" {scope}") };
        format!(" to {}{scope}", of.input.catalog.model(model).name)
    });
    let state = if retired { "retired" } else { "Legacy: no increases" };
    let mut why = vec![state.to_owned()];
    if let Some(lifecycle) = lifecycle {
        why.extend(lifecycle.extended_access_from.filter(|_| !retired).map(|from| {
            if from.day() <= today.day() {
                format!("price rose {from}")
            } else {
                format!("price rises {from}")
            }
        }));
        why.extend(
            lifecycle.retirement.map(
                |date| {
                    if retired { format!("ended {date}") } else { format!("ends {date}") }
                },
            ),
        );
    }
    if let Some(quota) = of.quota() {
        why.insert(0, needs(of, quota, quota.figures.required));
    }
    ActionSentence { what: off + &to.unwrap_or_default(), why }
}

/// A residency that a scope breaks, or may break.
fn settle(of: &ActionIn<'_>) -> ActionSentence {
    let ActionSubject::Model { model, scope, .. } = &of.action.subject else {
        return ActionSentence::default();
    };
    let model = of.input.catalog.model(*model);
    let findings = of.action.because.iter().filter_map(|index| of.plan.findings.get(*index));
    let faults: Vec<_> = findings
        .filter_map(|finding| match &finding.fact {
            FindingFact::Residency { residency, fault, .. } => Some((*residency, fault)),
            _ => None,
        })
        .collect();
    let Some((residency, fault)) = faults.first() else { return ActionSentence::default() };
    let who = workloads(of);
    let what = match fault {
        ResidencyFault::Outside { others, .. } if of.action.verb == ActionVerb::Rescope => {
            format!("{who}: {} {scope} to {}", model.name, scopes(others))
        }
        _ => format!("{who}: where requests to {} may be processed", place(model, *scope)),
    };
    let why = match fault {
        ResidencyFault::Outside { outside, others } => {
            let broken = format!(
                "residency {residency} is broken: {} may process requests in {outside}",
                place(model, *scope)
            );
            let none = others.is_empty().then(|| "no scope of the model meets it".to_owned());
            std::iter::once(broken).chain(none).collect()
        }
        ResidencyFault::Unknown { .. } => {
            vec![format!(
                "residency {residency} cannot be judged: AWS does not state the destinations of {}",
                place(model, *scope)
            )]
        }
    };
    // Nothing is asked for before, however much is needed.
    let quotas: &[usize] = match &of.action.subject {
        ActionSubject::Model { quotas, .. } => quotas,
        _ => &[],
    };
    let exceeding = quotas.iter().filter_map(|index| of.plan.quotas.get(*index));
    let exceeding = exceeding.filter(|quota| quota.exceeds()).map(|quota| {
        format!(
            "settle it before you ask for more {}: {}",
            quota.id.kind,
            needs(of, quota, quota.figures.required)
        )
    });
    let why = why.into_iter().chain(exceeding).collect();
    ActionSentence { what, why }
}

fn place(model: &Model, scope: Scope) -> String {
    format!("{} {scope}", model.name)
}

fn scopes(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" or ")
}
