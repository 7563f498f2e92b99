//! Quotas whose demand is above what there is and that AWS Support alone can raise.

use super::answers::questions;
use super::result::{RequestReport, quota_now};
use crate::engine::{AccountDaily, QuotaPlan, Refusal, residency_refusal};
use crate::report::words::{AloneText, QuotaNow, Raise, language};
use crate::units::QuotaAmount;

/// One of them.
pub(super) enum ForSupport<'a> {
    /// A quota of the plan.
    Quota(&'a QuotaPlan),
    /// The account's tokens per day over all models: an estimate.
    Daily(&'a AccountDaily),
}

/// All of them, the estimate over all models last.
pub(super) fn for_support<'a>(requesting: &RequestReport<'a>) -> Vec<ForSupport<'a>> {
    let of_account = requesting.plan.account_daily.iter();
    let of_account = of_account.filter(|daily| daily.account.as_deref() == requesting.account);
    // A case of its own asks for it where it is to be restored.
    let exceeded = of_account.filter(|daily| {
        daily.hour_settled_tenths.or(daily.hour_billed_tenths).is_some() && daily.restored_to().is_none()
    });
    exceeded_for_support(requesting)
        .into_iter()
        .map(ForSupport::Quota)
        .chain(exceeded.map(ForSupport::Daily))
        .collect()
}

/// The same without the estimate over all models.
pub(super) fn exceeded_for_support<'a>(requesting: &RequestReport<'a>) -> Vec<&'a QuotaPlan> {
    let refused = requesting.refused().filter(|(_, refusal)| matches!(refusal, Refusal::NotAdjustable));
    let of_account = requesting.plan.quotas.iter();
    let of_account = of_account.filter(|quota| quota.id.account.as_deref() == requesting.account);
    let others = of_account.filter(|quota| requesting.is_raised_by_support_alone(quota));
    refused.map(|(quota, _)| quota).chain(others).collect()
}

impl RequestReport<'_> {
    /// Whether a quota that Service Quotas is not asked about is one that it cannot raise, that the traffic exceeds, and
    /// that AWS may raise: tokens per day, and requests per minute that are not adjustable.
    pub(super) fn is_raised_by_support_alone(&self, quota: &QuotaPlan) -> bool {
        let is_decided = self
            .asks
            .iter()
            .any(|ask| self.plan.quotas.get(ask.quota).is_some_and(|decided| std::ptr::eq(decided, quota)));
        let is_fixed = quota.id.kind.counts_requests() && !quota.may_be_adjustable();
        (quota.id.kind.is_daily() || is_fixed)
            && !is_decided
            && is_exceeded(quota)
            && self.may_be_raised(quota)
    }

    /// Whether AWS grants increases for the model, and nothing about where its requests go stands in the way.
    fn may_be_raised(&self, quota: &QuotaPlan) -> bool {
        let model = self.input.catalog.model(quota.id.model);
        !model.takes_no_increases(self.input.assumptions.today)
            && (self.terms.accept_residency || residency_refusal(self.input, self.plan, quota).is_none())
    }
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

impl ForSupport<'_> {
    /// Model, scope and what it counts.
    pub(super) fn subject(&self, requesting: &RequestReport<'_>) -> String {
        match self {
            Self::Quota(quota) => {
                format!("{}, {}", quota.id.place(requesting.input.catalog), quota.id.kind.unit())
            }
            Self::Daily(_) => language().all_models(),
        }
    }

    /// The code.
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Quota(quota) => quota.code(),
            Self::Daily(daily) => daily.entry.known_code(),
        }
    }

    /// What it should be, where that is known.
    pub(super) fn asked(&self) -> Option<QuotaAmount> {
        match self {
            Self::Quota(quota) => quota.ask.or(quota.figures.required),
            Self::Daily(daily) => Some(daily.larger().rounded_up_to_two_digits()),
        }
    }

    /// The lines that ask for it.
    pub(super) fn lines(&self, requesting: &RequestReport<'_>) -> Vec<String> {
        let (entry, now, note) = match self {
            Self::Quota(quota) => {
                let figures = &quota.figures;
                let note = language().support_alone(&AloneText {
                    kind: quota.id.kind,
                    without_headroom: Some(if quota.id.kind.is_daily() {
                        figures.steady
                    } else {
                        figures.peak
                    }),
                    headroom: requesting.input.assumptions.config.headroom.millionths(),
                    required: figures.required,
                });
                (quota.entry.as_ref(), quota_now(quota), note)
            }
            Self::Daily(daily) => {
                let (low, high) = (daily.settled.min(daily.billed), daily.larger());
                (Some(&daily.entry), daily_now(daily), language().support_alone_estimate(low, high))
            }
        };
        let Some(to) = self.asked() else { return vec![note] };
        let name = entry.and_then(|entry| entry.name.as_ref().known());
        let mut lines = language().raise(&Raise {
            code: entry.map(|entry| entry.code_words()).unwrap_or_default(),
            name: name.map(String::as_str),
            now,
            default: None,
            to,
            account_id: requesting.account_id,
            needed_by: requesting.needed_by,
        });
        lines.push(note);
        if let Self::Quota(quota) = self
            && answers_alone(requesting, quota)
        {
            lines.extend(questions(requesting, quota, &requesting.traffic(quota)));
        }
        lines
    }
}

/// Whether no quota that is asked for answers AWS's questions about the traffic of one that Support alone can raise.
fn answers_alone(requesting: &RequestReport<'_>, quota: &QuotaPlan) -> bool {
    !requesting.asked().any(|asked| asked.quota.id.counts_the_same_rows(&quota.id))
}

/// The quotas that Support alone can raise and about which it asks its questions, one of those that count the same
/// rows.
pub(super) fn answering_alone<'a>(requesting: &RequestReport<'a>) -> Vec<&'a QuotaPlan> {
    let mut found: Vec<&QuotaPlan> = Vec::new();
    for quota in exceeded_for_support(requesting) {
        let is_new = !found.iter().any(|other| other.id.counts_the_same_rows(&quota.id));
        if is_new && answers_alone(requesting, quota) {
            found.push(quota);
        }
    }
    found
}

fn daily_now(daily: &AccountDaily) -> QuotaNow {
    match (&daily.granted, daily.granted_limit(), daily.entry.default.known()) {
        (Some(granted), Some(value), _) => QuotaNow::Applied(value, granted.as_of),
        (_, _, Some(default)) => QuotaNow::Default(default),
        _ => QuotaNow::Unknown,
    }
}

/// Whether there is anything for AWS Support besides what Service Quotas takes.
#[must_use]
pub fn has_matters_for_support_alone(requesting: &RequestReport<'_>) -> bool {
    !for_support(requesting).is_empty() || requesting.restores().next().is_some()
}

/// Whether AWS is asked for anything; the estimate of the account's tokens per day over all models alone does not count.
#[must_use]
pub fn asks_aws_for_anything(requesting: &RequestReport<'_>) -> bool {
    requesting.asked().next().is_some()
        || requesting.restores().any(|restore| !restore.is_estimate)
        || !exceeded_for_support(requesting).is_empty()
}

/// Whether there is anything to write in the text of the Support case that goes with a request.
#[must_use]
pub fn has_case_text(requesting: &RequestReport<'_>) -> bool {
    requesting.asked().next().is_some() || !for_support(requesting).is_empty()
}
