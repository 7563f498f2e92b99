//! What a check's own findings say: quotas that could not be judged, policies, budgets, and ages.

use super::numbers::amount;
use super::plan::LISTED;
use super::remedy::{ELSEWHERE, first_or, settle};
use super::shared::{limit, sentence, title};
use crate::catalog::{ModelIndex, code_words};
use crate::engine::{AgedFact, AssumptionChange, BudgetOf, UnsettledResidency, WithinPolicy};
use crate::report::words::sentence::Sentence;
use crate::report::words::traits::{FindingIn, QuotaWords};
use crate::text::FactDate;
use crate::units::{Limit, QuotaAmount, Ratio, Usd, UsdCents, Utilisation, grouped, percent_of};
use crate::workload::Symbol;

pub(super) fn assumed_default(codes: &[Option<String>], of: usize) -> Sentence {
    let listed = codes.iter().take(LISTED).map(|code| code_words(code.as_deref()));
    let listed = listed.collect::<Vec<_>>().join(", ");
    let more = if codes.len() > LISTED { ", ..." } else { "" };
    sentence(
        format!(
            "{} of {of} quotas have no applied value and are judged by AWS's default, assumed to apply: {listed}{more}",
            codes.len()
        ),
        "your account's quotas may be lower: look up the applied values and add them to [granted]",
    )
}

pub(super) fn limit_not_given(
    of: &FindingIn<'_>,
    is_stated: bool,
    default: Limit,
    account: Option<&str>,
    by_defaults: bool,
) -> Sentence {
    let why = if is_stated { "the applied quota is stated as unknown" } else { "no applied quota is given" };
    let required = of.quota().and_then(|quota| quota.figures.required);
    let required = required.map_or_else(|| "what is".to_owned(), amount);
    let table =
        account.map_or_else(|| "[granted]".to_owned(), |account| format!("[accounts.{account}.granted]"));
    let defaults = if by_defaults { "" } else { ", or judge by AWS's defaults with --assume-defaults" };
    let code = of.quota().and_then(|quota| quota.code()).unwrap_or_default();
    sentence(
        format!(
            "{}: {why}, so {required} required cannot be judged (AWS's default is {})",
            title(of),
            limit(default)
        ),
        format!(
            "look it up and add it to {table}{defaults}: aws service-quotas get-service-quota --region ca-central-1 \
             --service-code bedrock --quota-code {code}"
        ),
    )
}

/// What to do where AWS's default, assumed to apply, does not hold what is required.
pub(super) fn beyond_default(
    of: &FindingIn<'_>,
    first: Option<&UnsettledResidency>,
    no_increases: bool,
) -> String {
    let help = if no_increases {
        format!("look up the applied value; if it is too low, lower the demand or {ELSEWHERE}")
    } else {
        let action = of.quota().map(|quota| super::English.quota_action(quota)).unwrap_or_default();
        format!("{action}; look up the applied value first, since it may be higher or lower")
    };
    first_or(first, &help)
}

pub(super) fn over_utilisation(
    of: &FindingIn<'_>,
    (required, held, assumed_default): (QuotaAmount, QuotaAmount, bool),
    allowed: Ratio,
    within: &WithinPolicy,
) -> Sentence {
    let which = if assumed_default { "default (assumed)" } else { "granted" };
    let share = Utilisation::new(required, held).map(|share| share.to_string()).unwrap_or_default();
    let message = format!(
        "{}: the required {} is {} of the {which} {}; the policy allows {}\u{a0}%",
        title(of),
        amount(required),
        share.replace(' ', "\u{a0}"),
        amount(held),
        percent_of(allowed.millionths())
    );
    let help = match within {
        WithinPolicy::Never => "no amount would meet the policy: lower the demand".to_owned(),
        WithinPolicy::Settle(first) => settle(first),
        WithinPolicy::Restored { default } => format!(
            "AWS's default of {} would meet the policy: ask AWS Support to restore it before you need it, or lower \
             the demand",
            limit(*default)
        ),
        WithinPolicy::Granted { least, no_increases: true } => {
            format!("a quota of {} would meet the policy: lower the demand or {ELSEWHERE}", grouped(*least))
        }
        WithinPolicy::Granted { least, no_increases: false } => format!(
            "a quota of {} would meet the policy: ask for an increase before you need it, or lower the demand",
            grouped(*least)
        ),
    };
    sentence(message, help)
}

/// Whose money a budget limits.
fn whose_money(of: &FindingIn<'_>, whose: &BudgetOf) -> String {
    match whose {
        BudgetOf::Total => "all workloads".to_owned(),
        BudgetOf::Team(name) => format!("team {name}"),
        BudgetOf::Model(model) => of.catalog().model(*model).name.clone(),
    }
}

/// ` in april`, or nothing.
fn season(of: &FindingIn<'_>, period: Option<Symbol>) -> String {
    period.map(|period| format!(" in {}", of.input.workloads.text(period))).unwrap_or_default()
}

pub(super) fn over_budget(
    of: &FindingIn<'_>,
    (whose, budget): (&BudgetOf, Usd),
    (priced, is_complete, period): (UsdCents, bool, Option<Symbol>),
    largest: Option<(usize, UsdCents)>,
) -> Sentence {
    let least = if is_complete { "" } else { "at least " };
    let row = largest.and_then(|(row, cost)| Some((of.input.workloads.rows().get(row)?, cost)));
    let help =
        row.map(|(row, cost)| format!("the largest part is workload {}: {cost} USD a month", row.name()));
    sentence(
        format!(
            "{}: {least}{priced} USD a month{}, the budget is {}",
            whose_money(of, whose),
            season(of, period),
            budget.in_cents()
        ),
        help.unwrap_or_default(),
    )
}

pub(super) fn budget_undetermined(
    of: &FindingIn<'_>,
    (whose, budget): (&BudgetOf, Usd),
    priced: UsdCents,
    period: Option<Symbol>,
) -> Sentence {
    let (whose, budget) = (whose_money(of, whose), budget.in_cents());
    let message = if priced == UsdCents::default() {
        format!("{whose}: no part of the cost has a known price; the budget is {budget}")
    } else {
        format!(
            "{whose}: at least {priced} USD a month{} of a budget of {budget}; the rest has no known price",
            season(of, period)
        )
    };
    sentence(message, "add the missing prices with --models")
}

pub(super) fn unused_budget(of: &FindingIn<'_>, whose: &BudgetOf, meant: Option<&str>) -> Sentence {
    let help = meant.map_or_else(
        || "remove it, or correct its name".to_owned(),
        |name| format!("did you mean `{name}`?"),
    );
    sentence(format!("{}: there is a budget, but no row counts towards it", whose_money(of, whose)), help)
}

pub(super) fn stale_granted(of: &FindingIn<'_>, as_of: FactDate, days: i32) -> Sentence {
    let title = match of.quota() {
        Some(quota) => quota.id.title(of.catalog()),
        None => "the daily quota over all models".to_owned(),
    };
    let today = of.input.assumptions.today;
    sentence(
        format!("{title}: the applied quota was looked up on {as_of}, {days} days before {today}"),
        "look it up again and correct its date",
    )
}

pub(super) fn stale_table(
    of: &FindingIn<'_>,
    model: ModelIndex,
    most_days: i32,
    facts: &[(AgedFact, FactDate)],
) -> Sentence {
    let name = |fact: &AgedFact| match fact {
        AgedFact::Default { quota } => of
            .plan
            .quotas
            .get(*quota)
            .map(|quota| format!("default of {} {}", quota.id.scope, quota.id.kind.as_str()))
            .unwrap_or_default(),
        AgedFact::BurndownRate => "burndown rate".to_owned(),
        AgedFact::Lifecycle => "lifecycle".to_owned(),
        AgedFact::Prices { scope } => format!("prices of {scope}"),
    };
    let facts: Vec<String> = facts.iter().map(|(fact, as_of)| format!("{} ({as_of})", name(fact))).collect();
    sentence(
        format!(
            "{}: facts of the model table are more than {most_days} days old on {}: {}",
            of.catalog().model(model).name,
            of.input.assumptions.today,
            facts.join(", ")
        ),
        "compare them with AWS's pages (`quotaplan models show` names them), and put what has changed into an \
         overlay for --models",
    )
}

pub(super) fn baseline_differs(changes: &[AssumptionChange]) -> Sentence {
    let change = |AssumptionChange { name, before, now }: &AssumptionChange| {
        format!("{name} {before} then, {now} now")
    };
    let changes: Vec<String> = changes.iter().map(change).collect();
    sentence(
        format!("the baseline was planned with other assumptions: {}", changes.join("; ")),
        "figures differ for this reason alone: make the baseline again with the same settings",
    )
}
