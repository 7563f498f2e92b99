//! The answers that are missing, and what would help besides.

use super::answers::ten;
use super::for_support::answering_alone;
use super::given::{TOPICS, given};
use super::result::RequestReport;
use crate::report::words::{AwsQuestion, CaseTopic, Helpful, language};

/// An answer that is missing: one of AWS's ten questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What to fill in.
    pub what: String,
    /// Where: a key of `[request]` or a column.
    pub place: String,
}

/// Every answer that is missing for the quotas that are asked for, each once.
pub(super) fn gaps(requesting: &RequestReport<'_>) -> Vec<Gap> {
    let mut found: Vec<(AwsQuestion, Vec<&str>)> = Vec::new();
    let asked = requesting.asked().map(|asked| asked.quota);
    let asked = asked.filter(|quota| !requesting.follows_tokens(quota)).chain(answering_alone(requesting));
    for quota in asked {
        let shape = requesting.traffic(quota);
        for missing in ten(requesting, quota, &shape).iter().filter(|answer| answer.answer.is_none()) {
            let rows: Vec<&str> = match missing.question {
                AwsQuestion::LongInput => shape.silent_on_25k.clone(),
                _ => shape.rows.iter().map(|row| row.name()).collect(),
            };
            let at = found.iter().position(|(question, _)| *question == missing.question);
            let at = at.unwrap_or_else(|| {
                found.push((missing.question, Vec::new()));
                found.len() - 1
            });
            let Some((_, names)) = found.get_mut(at) else { continue };
            for row in rows {
                if !names.contains(&row) {
                    names.push(row);
                }
            }
        }
    }
    found.sort_by_key(|(question, _)| question.number());
    let gap = |(question, rows): (AwsQuestion, Vec<&str>)| {
        let (place, what) = language().gap(question, &rows);
        Gap { what, place: place.to_owned() }
    };
    found.into_iter().map(gap).collect()
}

/// How many answers that AWS asks for are missing.
#[must_use]
pub fn missing_answers(requesting: &RequestReport<'_>) -> usize {
    gaps(requesting).len()
}

/// What is not given and would help: where to give it, and what it is.
pub(super) fn helpful(requesting: &RequestReport<'_>) -> Vec<(String, String)> {
    let mut wanted: Vec<(Helpful, Vec<&str>)> = Vec::new();
    if requesting.asked().next().is_none() {
        return Vec::new();
    }
    wanted.extend(requesting.account_id.is_none().then_some((Helpful::AccountId, Vec::new())));
    wanted.extend(requesting.needed_by.is_none().then_some((Helpful::NeededBy, Vec::new())));
    wanted.extend(requesting.minutes.is_none().then_some((Helpful::Evidence, Vec::new())));
    let unknown = requesting.asked().filter(|asked| asked.quota.granted_limit().is_none());
    let unknown: Vec<&str> = unknown.filter_map(|asked| asked.quota.code()).collect();
    wanted.extend((!unknown.is_empty()).then_some((Helpful::AppliedValue, unknown)));
    let mut missing: Vec<CaseTopic> = Vec::new();
    for asked in requesting.asked() {
        let said = given(requesting, asked.quota, &requesting.traffic(asked.quota));
        // There is nothing to explain where AWS's default applies.
        let (granted, default) = (asked.quota.granted_limit(), asked.quota.default_limit());
        let is_default = granted.is_none() || granted == default;
        let topics = TOPICS.into_iter().map(|(topic, _)| topic);
        missing.extend(topics.filter(|topic| {
            let matters = *topic != CaseTopic::AppliedValue || !is_default;
            matters && !said.iter().any(|(of, _)| of == topic)
        }));
    }
    let topics = TOPICS.into_iter().map(|(topic, _)| topic).filter(|topic| missing.contains(topic));
    wanted.extend(topics.map(|topic| (Helpful::Topic(topic), Vec::new())));
    wanted.into_iter().map(|(of, codes)| language().helpful(of, &codes)).collect()
}
