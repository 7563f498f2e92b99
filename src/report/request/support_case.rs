//! The text of the Support case that goes with a request: the answers Service Quotas has no field for,
//! and the quotas it cannot raise.

use super::gaps::questions;
use super::result::{QuotaIncrease, RequestReport, now, or_unknown, sentence};
use super::{arithmetic, parts};
use crate::catalog::REGION;
use crate::engine::{
    AccountDaily, QuotaPlan, Refusal, Reservations, residency_refusal, rests_on_reservations,
};
use crate::report::{Block, Entry};
use crate::text::plain::cell_name;
use crate::units::{Limit, QuotaKind};

/// The text of the Support case, in English, for pasting.
#[must_use]
pub fn support_case(requesting: &RequestReport<'_>) -> Vec<Block> {
    let account = requesting.account.map(|name| format!(", account {}", cell_name(name))).unwrap_or_default();
    let mut blocks = vec![
        Block::Heading(format!("Amazon Bedrock quota increase in {REGION}{account}")),
        Block::Paragraph(greeting(requesting).to_owned()),
    ];
    for asked in requesting.asked() {
        let shape = requesting.traffic(asked.quota);
        let title = asked.quota.id.title(requesting.input.catalog);
        blocks.push(Block::Heading(title));
        let (first, rest) = questions(requesting, &asked, &shape);
        let questions = first.into_iter().chain(rest);
        let mut entries: Vec<Entry> =
            questions.map(|question| line(question.question, question.words())).collect();
        entries.extend(cap(requesting, &asked));
        entries.extend(along(requesting, asked.quota));
        blocks.push(Block::Entries(entries));
        if !requesting.follows_tokens(asked.quota) {
            blocks.extend(arithmetic::reconciled(requesting, asked.quota, &shape));
        }
        blocks.extend(parts::staged(requesting, &asked));
    }
    let others = not_adjustable(requesting);
    if !others.is_empty() {
        blocks.push(Block::Heading("Quotas that Service Quotas cannot raise".to_owned()));
        blocks.push(Block::Paragraph(
            "The traffic above also needs these. Please raise them with the increases, or say what limits them."
                .to_owned(),
        ));
        blocks.push(Block::Entries(others));
    }
    blocks
}

fn greeting(requesting: &RequestReport<'_>) -> &'static str {
    if requesting.asked().next().is_none() {
        return "Hello, we ask for the increases below.";
    }
    if requesting.terms.support_case {
        "Hello, we ask for the increases below. Each model and scope is answered on its own. The first value of each is \
         requested through Service Quotas too, which has no field for these answers."
    } else {
        "Hello, we ask for the increases below. Each model and scope is answered on its own. The first value of each is \
         requested through Service Quotas too, without a Support case of its own: this is that case."
    }
}

/// What the value rests on, where a person chose it.
fn cap(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Option<Entry> {
    let QuotaIncrease { quota, ask } = asked;
    let words = match (ask.max_tokens, &requesting.terms.reservations) {
        (Some(cap), _) => format!(
            "will be at most {cap} in every request; as configured {} would be required",
            or_unknown(quota.figures.required)
        ),
        (None, Reservations::Keep(reason)) if rests_on_reservations(quota) => format!(
            "stays as configured, because: {} With {} it would be {}.",
            sentence(reason.trim()),
            quota.tight_max_tokens.map(|cap| cap.to_string()).unwrap_or_default(),
            or_unknown(quota.lean_required)
        ),
        _ => return None,
    };
    Some(line("max_tokens", words))
}

/// Whether there is anything for a Support case besides what Service Quotas takes.
#[must_use]
pub fn has_matters_for_support_alone(requesting: &RequestReport<'_>) -> bool {
    !not_adjustable(requesting).is_empty() || requesting.restores().next().is_some()
}

/// Whether AWS is asked for anything; the estimate of the account's tokens a day over all models alone does
/// not count.
#[must_use]
pub fn asks_aws_for_anything(requesting: &RequestReport<'_>) -> bool {
    requesting.asked().next().is_some()
        || requesting.restores().any(|restore| !restore.is_estimate)
        || !exceeded_for_support(requesting).is_empty()
}

/// Whether there is anything to write in the text of the Support case that goes with a request.
#[must_use]
pub fn has_case_text(requesting: &RequestReport<'_>) -> bool {
    requesting.asked().next().is_some() || !not_adjustable(requesting).is_empty()
}

fn line(label: &str, value: String) -> Entry {
    Entry { label: label.to_owned(), value, notes: Vec::new() }
}

/// What AWS offers to raise along with tokens a minute (user guide, quotas-runtime, 2026): requests,
/// tokens a day, and on-demand tokens of the same model.
fn along(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> Vec<Entry> {
    let mut entries = Vec::new();
    if !quota.id.kind.reserves_tokens() {
        return entries;
    }
    for kind in QuotaKind::ALL.into_iter().filter(|kind| !kind.reserves_tokens()) {
        let Some(other) = requesting.beside(quota, kind).filter(|other| other.id.kind != quota.id.kind)
        else {
            continue;
        };
        let elsewhere = requesting.asked().any(|asked| std::ptr::eq(asked.quota, other));
        // What Support alone can raise stands in a section of its own.
        if elsewhere || (is_for_support_alone(requesting, other) && is_exceeded(other)) {
            continue;
        }
        let code = other.id.code_words();
        let required = or_unknown(other.figures.required);
        let need = match (other.granted_limit(), other.figures.required) {
            (Some(granted), Some(required)) if granted.holds(required) => "no increase needed".to_owned(),
            (Some(_), Some(required)) if other.restored_for(required).is_some() => {
                "AWS's default is enough; a separate case asks you to restore it".to_owned()
            }
            (Some(_), _) => format!("please raise it along, to {}", or_unknown(other.ask)),
            (None, _) => "please check that the applied value holds it".to_owned(),
        };
        entries.push(line(
            &format!("Along with it, {} {code}", kind.unit()),
            format!("required {required}, now {}: {need}", now(other)),
        ));
    }
    if let Some(on_demand) = requesting.on_demand(quota.id.model) {
        let code = on_demand.code_words();
        entries.push(line(
            &format!("Along with it, on-demand tokens a minute {code}"),
            "AWS offers to raise it along; this traffic does not use it".to_owned(),
        ));
    }
    entries
}

/// Quotas whose demand is above what there is and that Support alone can raise.
fn not_adjustable(requesting: &RequestReport<'_>) -> Vec<Entry> {
    let mut entries = exceeded_for_support(requesting);
    let of_account =
        requesting.plan.account_daily.iter().filter(|d| d.account.as_deref() == requesting.account);
    entries.extend(of_account.filter_map(daily));
    entries
}

/// The same without the estimate over all models.
fn exceeded_for_support(requesting: &RequestReport<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (quota, refusal) in requesting.refused() {
        if matches!(refusal, Refusal::NotAdjustable) {
            entries.push(exceeded(requesting, quota));
        }
    }
    let of_account =
        requesting.plan.quotas.iter().filter(|quota| quota.id.account.as_deref() == requesting.account);
    for quota in of_account.filter(|quota| {
        is_for_support_alone(requesting, quota) && is_exceeded(quota) && may_be_raised(requesting, quota)
    }) {
        entries.push(exceeded(requesting, quota));
    }
    entries
}

/// Whether it is a quota that Service Quotas cannot raise and that is not listed as refused
/// anyway: tokens a day, and requests a minute that are not adjustable.
fn is_for_support_alone(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> bool {
    let decided = requesting
        .asks
        .iter()
        .any(|ask| requesting.plan.quotas.get(ask.quota).is_some_and(|decided| std::ptr::eq(decided, quota)));
    let fixed = quota.id.kind.counts_requests() && !quota.may_be_adjustable();
    (quota.id.kind.is_daily() || fixed) && !decided
}

/// Whether AWS grants increases for the model, and nothing about where its requests go stands in the way.
fn may_be_raised(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> bool {
    let model = requesting.input.catalog.model(quota.id.model);
    let accepted = requesting.terms.accept_residency;
    !model.takes_no_increases(requesting.input.assumptions.today)
        && (accepted || residency_refusal(requesting.input, requesting.plan, quota).is_none())
}

/// Whether the requirement exceeds the quota and AWS's default, as far as is known.
fn is_exceeded(quota: &QuotaPlan) -> bool {
    match (quota.capacity(), quota.figures.required) {
        (Some(capacity), Some(required)) => {
            !capacity.holds(required) && quota.restored_for(required).is_none()
        }
        _ => false,
    }
}

fn exceeded(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> Entry {
    let required = or_unknown(quota.ask.or(quota.figures.required));
    line(
        &quota.id.title(requesting.input.catalog),
        format!("{required} {}, now {}", quota.id.kind.unit(), now(quota)),
    )
}

/// The account's quota over all models, where either estimate passes it.
fn daily(daily: &AccountDaily) -> Option<Entry> {
    daily.hour_settled_tenths.or(daily.hour_billed_tenths)?;
    // A case of its own asks for it.
    if daily.restored_to().is_some() {
        return None;
    }
    let code = daily.entry.code_words();
    let capacity = match daily.capacity() {
        Some(Limit::Amount(amount)) => amount.to_string(),
        Some(Limit::Unlimited) => "unlimited".to_owned(),
        None => "unknown".to_owned(),
    };
    let source = if daily.granted.as_ref().is_some_and(|granted| granted.value.known().is_some()) {
        "applied"
    } else {
        "by default, applied value not given"
    };
    let most = daily.larger().rounded_up_to_two_digits();
    Some(line(
        &format!("Cross-model tokens per day, {code}"),
        format!(
            "at least {most} tokens a day (estimate: {} settled, {} billed), now {capacity} {source}",
            daily.settled, daily.billed
        ),
    ))
}
