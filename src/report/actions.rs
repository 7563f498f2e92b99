//! What there is to do about a plan, and the commands that come next, in the JSON contract.

use std::collections::BTreeSet;

use crate::catalog::Scope;
use crate::contract::action::{self as json, ActionVerb};
use crate::contract::parts::Share;
use crate::engine::{
    AccountDaily, ActionSubject, ActionValue, MoveTo, Plan, PlanInput, PlannedAction, QuotaPlan, Urgency,
};
use crate::report::Step;
use crate::report::words::{ActionIn, ActionSentence, language};
use crate::units::{MILLIONTHS, QuotaKind};

/// What there is to do, numbered: 0 is what the verdict rests on.
pub(in crate::report) fn actions(
    input: &PlanInput<'_>,
    plan: &Plan,
    planned: &[PlannedAction<'_>],
) -> Vec<json::Action> {
    (first_number(planned)..).zip(planned).map(|(id, action)| report(input, plan, id, action)).collect()
}

fn report(input: &PlanInput<'_>, plan: &Plan, id: u32, action: &PlannedAction<'_>) -> json::Action {
    let because = action.because.iter().filter_map(|index| plan.findings.get(*index));
    let because = because.map(|finding| json::Because {
        code: finding.code.as_str().into(),
        about: plan.about(finding, input.catalog),
    });
    let workloads = action.workloads.iter().map(|(name, share)| json::WorkloadShare {
        name: (*name).to_owned(),
        share: Share::from_ten_thousandths(u128::from(*share)),
    });
    json::Action {
        id,
        verb: action.verb.as_str().into(),
        subject: subject(input, plan, action),
        value: action.value.map(|value| match value {
            ActionValue::Amount(amount) => amount.get(),
            ActionValue::MaxTokens(tokens) => tokens.millionths() / MILLIONTHS,
        }),
        unit: action.value.map(|value| match value {
            ActionValue::Amount(_) => unit(plan, &action.subject).into(),
            ActionValue::MaxTokens(_) => "tokens".into(),
        }),
        because: because.collect(),
        workloads: workloads.collect(),
        priority: action.urgency as u32,
    }
}

/// The number of an action in its list: from 1, or from 0 where the verdict rests on the first.
fn first_number(planned: &[PlannedAction<'_>]) -> u32 {
    u32::from(planned.first().is_none_or(|first| first.urgency != Urgency::Verdict))
}

/// What there is to do, for people: at most `most` steps.
pub(in crate::report) fn steps(
    input: &PlanInput<'_>,
    plan: &Plan,
    planned: &[PlannedAction<'_>],
    most: usize,
) -> Vec<Step> {
    let numbered = (first_number(planned)..).zip(planned).take(most);
    numbered.map(|(number, action)| step(input, plan, number, action)).collect()
}

/// What there is to do about one quota, with the numbers of the whole list.
pub(in crate::report) fn steps_about(
    input: &PlanInput<'_>,
    plan: &Plan,
    planned: &[PlannedAction<'_>],
    quota: usize,
) -> Vec<Step> {
    let is_about = |action: &PlannedAction<'_>| match &action.subject {
        ActionSubject::Quota(index) => *index == quota,
        ActionSubject::Model { quotas, .. } | ActionSubject::AppliedValues(quotas) => quotas.contains(&quota),
        ActionSubject::Daily(_) => false,
    };
    let numbered = (first_number(planned)..).zip(planned).filter(|(_, action)| is_about(action));
    numbered.map(|(number, action)| step(input, plan, number, action)).collect()
}

/// What there is to do about an account's tokens per day, with the numbers of the whole list.
pub(in crate::report) fn steps_about_day(
    input: &PlanInput<'_>,
    plan: &Plan,
    planned: &[PlannedAction<'_>],
    day: usize,
) -> Vec<Step> {
    let is_about =
        |action: &PlannedAction<'_>| matches!(action.subject, ActionSubject::Daily(index) if index == day);
    let numbered = (first_number(planned)..).zip(planned).filter(|(_, action)| is_about(action));
    numbered.map(|(number, action)| step(input, plan, number, action)).collect()
}

fn step(input: &PlanInput<'_>, plan: &Plan, number: u32, action: &PlannedAction<'_>) -> Step {
    let ActionSentence { what, why } = language().action(&ActionIn { input, plan, action });
    let command = if action.verb == ActionVerb::LookUp { LOOK_UP } else { "" };
    let code = match action.subject {
        ActionSubject::Quota(index) => plan.quotas.get(index).and_then(QuotaPlan::code),
        ActionSubject::Daily(index) => {
            plan.account_daily.get(index).and_then(|daily| daily.entry.known_code())
        }
        ActionSubject::AppliedValues(_) | ActionSubject::Model { .. } => None,
    };
    Step {
        number,
        verb: language().verb(action.verb).to_owned(),
        what,
        command: command.to_owned(),
        code: code.unwrap_or_default().to_owned(),
        why,
    }
}

/// By quota, and then by account, the numbers of the actions about it.
pub(in crate::report) fn step_numbers(
    plan: &Plan,
    planned: &[PlannedAction<'_>],
) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let mut of_quotas = vec![Vec::new(); plan.quotas.len()];
    let mut of_days = vec![Vec::new(); plan.account_daily.len()];
    for (number, action) in (first_number(planned)..).zip(planned) {
        let about: &[usize] = match &action.subject {
            // It is about most quotas, and its number would say nothing.
            ActionSubject::AppliedValues(_) => &[],
            ActionSubject::Quota(index) => std::slice::from_ref(index),
            ActionSubject::Model { quotas, .. } => quotas,
            ActionSubject::Daily(index) => {
                of_days.get_mut(*index).into_iter().for_each(|numbers: &mut Vec<u32>| numbers.push(number));
                &[]
            }
        };
        for index in about {
            of_quotas.get_mut(*index).into_iter().for_each(|numbers: &mut Vec<u32>| numbers.push(number));
        }
    }
    (of_quotas, of_days)
}

/// The command that prints the commands which look applied values up.
pub(in crate::report) const LOOK_UP: &str = "quotaplan quotas --print-command";

/// Whether a command stands in the list of steps, and need not be said again.
pub(in crate::report) fn look_up_is_a_step(command: &str) -> bool {
    command == LOOK_UP
}

/// The unit of a quota's amount.
fn unit(plan: &Plan, subject: &ActionSubject) -> &'static str {
    match subject {
        ActionSubject::Quota(index) => plan.quotas.get(*index).map_or("", |quota| quota.id.kind.unit()),
        ActionSubject::AppliedValues(_) | ActionSubject::Daily(_) | ActionSubject::Model { .. } => {
            QuotaKind::Tpd.unit()
        }
    }
}

fn subject(input: &PlanInput<'_>, plan: &Plan, action: &PlannedAction<'_>) -> json::ActionSubject {
    // A cap is lowered where it is set: in the one workload, where it is one.
    let workload = match action.workloads.as_slice() {
        [(name, _)] if action.verb == ActionVerb::Lower => Some((*name).to_owned()),
        _ => None,
    };
    let of_quota = |quota: &QuotaPlan| json::ActionSubject {
        account: quota.id.account.clone(),
        model: Some(input.catalog.model(quota.id.model).id.clone()),
        scope: Some(quota.id.scope.as_str().into()),
        kind: Some(quota.id.kind.as_str().into()),
        code: quota.code().map(str::to_owned),
        workload: workload.clone(),
    };
    let of_daily = |daily: &AccountDaily| json::ActionSubject {
        account: daily.account.clone(),
        kind: Some(QuotaKind::Tpd.as_str().into()),
        code: daily.entry.known_code().map(str::to_owned),
        ..json::ActionSubject::default()
    };
    let found = match &action.subject {
        ActionSubject::AppliedValues(_) => None,
        ActionSubject::Quota(index) => plan.quotas.get(*index).map(of_quota),
        ActionSubject::Daily(index) => plan.account_daily.get(*index).map(of_daily),
        ActionSubject::Model { account, model, scope, .. } => Some(json::ActionSubject {
            account: account.clone(),
            model: Some(input.catalog.model(*model).id.clone()),
            scope: Some(Scope::as_str(*scope).into()),
            ..json::ActionSubject::default()
        }),
    };
    found.unwrap_or_default()
}

/// The command that plans the move off a model.
fn migrate(input: &PlanInput<'_>, plan: &Plan, action: &PlannedAction<'_>, typed: &str) -> Option<String> {
    let of = ActionIn { input, plan, action };
    let scope = of.first_quota()?.id.scope;
    let MoveTo { model: to, scope: to_scope } = of.successor()?;
    let (from, to) = (&input.catalog.model(of.first_quota()?.id.model).id, &input.catalog.model(to).id);
    Some(format!("quotaplan migrate {typed} --from {from}/{scope} --to {to}/{to_scope}"))
}

/// The commands that come next, for inputs `typed` as words of a command.
pub(in crate::report) fn next(
    input: &PlanInput<'_>,
    plan: &Plan,
    planned: &[PlannedAction<'_>],
    typed: &str,
) -> Vec<json::NextCommand> {
    let has = |verbs: &[ActionVerb]| planned.iter().any(|action| verbs.contains(&action.verb));
    let command = |command: String, why: &str| json::NextCommand { command, why: why.to_owned() };
    let mut commands = Vec::new();
    if has(&[ActionVerb::LookUp]) {
        commands.push(command(LOOK_UP.to_owned(), "prints the commands that look up your applied values"));
    }
    let exceeded = planned.iter().find_map(|action| match action.subject {
        ActionSubject::Quota(index) => plan.quotas.get(index)?.code(),
        _ => None,
    });
    let binding = || plan.binding.and_then(|index| plan.quotas.get(index)).and_then(QuotaPlan::code);
    if let Some(code) = exceeded.or_else(binding) {
        let explain = format!("quotaplan explain {typed} --quota {code}");
        commands.push(command(explain, "shows how the figures of this quota are calculated"));
    }
    let moved = planned.iter().filter(|action| action.verb == ActionVerb::Migrate);
    let moved: BTreeSet<String> = moved.filter_map(|action| migrate(input, plan, action, typed)).collect();
    let why = "plans the move away from a model that gets no increases";
    commands.extend(moved.into_iter().map(|moved| command(moved, why)));
    if has(&[ActionVerb::Ask, ActionVerb::Case, ActionVerb::Restore]) {
        let request = format!("quotaplan request {typed} --out increase");
        commands.push(command(request, "writes the request for AWS into the folder increase"));
    }
    commands
}
