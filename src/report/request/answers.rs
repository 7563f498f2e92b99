//! AWS's ten questions about an increase, answered for one quota.
//!
//! Questions: a reply of AWS Support (2025-03) and AWS's community template (2025-02, revised 2025-04). What no file
//! says stays a visible gap. The answers multiply out: requests in the busiest minute times (input + rate x output)
//! are its tokens, since all of them are of the same rows in the same hour.

use super::result::{RequestReport, listed_workloads, quota_now};
use crate::catalog::{Destinations, REGION};
use crate::engine::{QuotaPlan, QuotaTraffic};
use crate::report::words::{AwsQuestion, RequestsBeside, language};
use crate::units::{Limit, QuotaKind};

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

    /// The question with its number and its answer.
    pub(super) fn line(&self) -> String {
        format!("{} {}: {}", self.question.number(), language().question(self.question), self.words())
    }
}

/// A text that a person wrote on several lines, on one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The ten questions, answered for a quota.
pub(super) fn ten(
    requesting: &RequestReport<'_>,
    quota: &QuotaPlan,
    shape: &QuotaTraffic<'_>,
) -> Vec<AwsAnswer> {
    let model = requesting.model(quota);
    let profile = model.scope(quota.id.scope).and_then(|entry| entry.profile.as_deref());
    let words = language();
    let tokens = requesting.beside(quota, QuotaKind::Tpm);
    let requests = requesting.beside(quota, QuotaKind::Rpm);
    let is_raised = |of: &QuotaPlan| requesting.is_asked(of) || requesting.is_raised_by_support_alone(of);
    let is_asked = |of: Option<&QuotaPlan>| of.is_some_and(is_raised);
    let is_own = requests.is_some_and(|requests| requests.id == quota.id);
    let beside = match requests {
        _ if is_own => RequestsBeside::AskedFor,
        requests => beside(requesting, requests),
    };
    let counted = |answer: String| if tokens.is_some() { answer } else { words.not_counted().to_owned() };
    let is_along = matches!(beside, RequestsBeside::RaiseAlong { to: Some(_), .. });
    let tpm = if tokens.is_some() {
        words.tokens(&shape.tokens.0, &shape.tokens.1)
    } else {
        words.no_tokens().to_owned()
    };
    [
        (AwsQuestion::UseCase, requesting.answer("use_case", quota).map(one_line)),
        (AwsQuestion::Model, Some(words.model(&model.id, profile))),
        (AwsQuestion::Region, Some(REGION.to_owned())),
        (
            AwsQuestion::Limit,
            Some(words.limit_type(is_asked(tokens), is_asked(requests) || is_own || is_along).to_owned()),
        ),
        (AwsQuestion::Tokens, Some(tpm)),
        (AwsQuestion::Requests, Some(words.requests(&shape.requests.0, &shape.requests.1, &beside))),
        (
            AwsQuestion::Input,
            Some(counted(words.input(
                shape.input.as_ref(),
                shape.cache_write.as_ref(),
                shape.cache_read.as_ref(),
            ))),
        ),
        (AwsQuestion::Output, Some(counted(words.output(shape.output.as_ref())))),
        (AwsQuestion::LongInput, shape.over_25k.as_ref().map(|share| words.long_input(share))),
        (AwsQuestion::CrossRegion, cross_region(requesting, quota, profile)),
    ]
    .map(|(question, answer)| AwsAnswer { question, answer })
    .into()
}

/// The ten questions in lines, with the workloads behind the first.
pub(super) fn questions(
    requesting: &RequestReport<'_>,
    quota: &QuotaPlan,
    shape: &QuotaTraffic<'_>,
) -> Vec<String> {
    let answers = ten(requesting, quota, shape);
    let one = |question: AwsQuestion| {
        let answer = answers.iter().find(|answer| answer.question == question);
        answer.map(AwsAnswer::line).unwrap_or_default()
    };
    let joined = |questions: &[AwsQuestion]| {
        questions.iter().map(|question| format!("{}.", one(*question))).collect::<Vec<_>>().join(" ")
    };
    vec![
        one(AwsQuestion::UseCase),
        listed_workloads(requesting, quota, shape),
        joined(&[AwsQuestion::Model, AwsQuestion::Region, AwsQuestion::Limit]),
        joined(&[AwsQuestion::Tokens, AwsQuestion::Requests]),
        joined(&[AwsQuestion::Input, AwsQuestion::Output, AwsQuestion::LongInput]),
        joined(&[AwsQuestion::CrossRegion]),
    ]
}

/// What becomes of requests per minute of the same traffic.
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
    // Nothing can be called where the applied value is 0.
    let is_in_use = quota.granted_limit().and_then(Limit::amount).is_none_or(|applied| applied.get() > 0);
    Some(language().cross_region(quota.id.scope, regions, own, is_in_use))
}
