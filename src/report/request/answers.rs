//! AWS's ten questions about an increase, answered for one quota.
//!
//! Questions: a reply of AWS Support (2025-03) and AWS's community template (2025-02, revised 2025-04). What no file
//! says stays a visible gap. The answers multiply out: requests in the busiest minute times (input + rate x output)
//! are its tokens, since all of them are of the same rows in the same hour.

use super::result::{QuotaIncrease, RequestReport, quota_now};
use crate::catalog::{Destinations, REGION};
use crate::engine::{QuotaPlan, QuotaTraffic};
use crate::report::words::{AwsQuestion, RequestsBeside, language};
use crate::units::QuotaKind;

/// A question and its answer; `None` where it is missing.
pub(super) struct AwsAnswer {
    pub(super) question: AwsQuestion,
    pub(super) answer: Option<String>,
}

impl AwsAnswer {
    /// The answer, or the gap made visible.
    pub(super) fn words(&self) -> &str {
        self.answer.as_deref().unwrap_or_else(|| language().missing_answer())
    }
}

/// The ten questions, answered for a quota.
pub(super) fn ten(
    requesting: &RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    shape: &QuotaTraffic<'_>,
) -> Vec<AwsAnswer> {
    let quota = asked.quota;
    let model = requesting.model(quota);
    let profile = model.scope(quota.id.scope).and_then(|entry| entry.profile.as_deref());
    let words = language();
    let tokens = requesting.beside(quota, QuotaKind::Tpm);
    let requests = requesting.beside(quota, QuotaKind::Rpm);
    let is_asked = |of: Option<&QuotaPlan>| of.is_some_and(|of| requesting.is_asked(of));
    let tpm = if tokens.is_some() {
        words.tokens(&shape.tokens.0, &shape.tokens.1)
    } else {
        words.no_tokens().to_owned()
    };
    let beside = beside(requesting, requests);
    [
        (AwsQuestion::UseCase, requesting.answer("use_case", quota).map(str::to_owned)),
        (AwsQuestion::Model, Some(words.model(&model.id, profile))),
        (AwsQuestion::Region, Some(REGION.to_owned())),
        (AwsQuestion::Limit, Some(words.limit_type(is_asked(tokens), is_asked(requests)).to_owned())),
        (AwsQuestion::Tokens, Some(tpm)),
        (AwsQuestion::Requests, Some(words.requests(&shape.requests.0, &shape.requests.1, &beside))),
        (
            AwsQuestion::Input,
            Some(words.input(shape.input.as_ref(), shape.cache_write.as_ref(), shape.cache_read.as_ref())),
        ),
        (AwsQuestion::Output, Some(words.output(shape.output.as_ref()))),
        (AwsQuestion::LongInput, shape.over_25k.as_ref().map(|share| words.long_input(share))),
        (AwsQuestion::CrossRegion, cross_region(requesting, quota, profile)),
    ]
    .map(|(question, answer)| AwsAnswer { question, answer })
    .into()
}

/// What becomes of requests a minute of the same traffic.
fn beside<'a>(requesting: &RequestReport<'a>, requests: Option<&'a QuotaPlan>) -> RequestsBeside<'a> {
    let Some(quota) = requests else { return RequestsBeside::NotListed };
    let (code, now) = (quota.id.code_words(), quota_now(quota));
    let required = quota.figures.required;
    if requesting.is_asked(quota) || requesting.is_raised_by_support_alone(quota) {
        return RequestsBeside::AskedFor;
    }
    match required {
        Some(required) if quota.capacity().is_some_and(|capacity| capacity.holds(required)) => {
            RequestsBeside::Suffices(code, now)
        }
        Some(required) if quota.restored_for(required).is_some() => RequestsBeside::Restored(code),
        _ => RequestsBeside::RaiseAlong { code, now, to: quota.ask },
    }
}

fn cross_region(requesting: &RequestReport<'_>, quota: &QuotaPlan, profile: Option<&str>) -> Option<String> {
    let own = requesting.answer("cross_region", quota);
    if profile.is_none() {
        return own.map(str::to_owned);
    }
    let entry = requesting.model(quota).scope(quota.id.scope);
    let regions = match entry.map(|entry| &entry.destinations) {
        Some(Destinations::Regions(regions)) => Some(regions.as_slice()),
        _ => None,
    };
    Some(language().cross_region(quota.id.scope, regions, own))
}
