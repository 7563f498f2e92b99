//! What there is to do about a plan, and the commands that come next, in the JSON contract.

use crate::catalog::Scope;
use crate::contract::action::{self as json, ActionVerb};
use crate::contract::parts::Share;
use crate::engine::{
    AccountDaily, ActionSubject, ActionValue, Plan, PlanInput, PlannedAction, QuotaPlan, Urgency,
};
use crate::units::{MILLIONTHS, QuotaKind};

/// What there is to do, numbered: 0 is what the verdict rests on.
pub(in crate::report) fn actions(
    input: &PlanInput<'_>,
    plan: &Plan,
    planned: &[PlannedAction<'_>],
) -> Vec<json::Action> {
    let rests_on_one = planned.first().is_some_and(|first| first.urgency == Urgency::Verdict);
    let ids = u32::from(!rests_on_one)..;
    ids.zip(planned).map(|(id, action)| report(input, plan, id, action)).collect()
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

/// The commands that come next, for inputs `typed` as words of a command.
pub(in crate::report) fn next(
    plan: &Plan,
    planned: &[PlannedAction<'_>],
    typed: &str,
) -> Vec<json::NextCommand> {
    let has = |verbs: &[ActionVerb]| planned.iter().any(|action| verbs.contains(&action.verb));
    let command = |command: String, why: &str| json::NextCommand { command, why: why.to_owned() };
    let mut commands = Vec::new();
    if has(&[ActionVerb::LookUp]) {
        let look_up = "quotaplan quotas --print-command".to_owned();
        commands.push(command(look_up, "prints the commands that look your applied values up"));
    }
    let exceeded = planned.iter().find_map(|action| match action.subject {
        ActionSubject::Quota(index) => plan.quotas.get(index)?.code(),
        _ => None,
    });
    let binding = || plan.binding.and_then(|index| plan.quotas.get(index)).and_then(QuotaPlan::code);
    if let Some(code) = exceeded.or_else(binding) {
        let explain = format!("quotaplan explain {typed} --quota {code}");
        commands.push(command(explain, "shows how the figures of this quota come about"));
    }
    if has(&[ActionVerb::Ask, ActionVerb::Case, ActionVerb::Restore]) {
        let request = format!("quotaplan request {typed} --out increase");
        commands.push(command(request, "writes the request for AWS into the folder increase"));
    }
    commands
}
