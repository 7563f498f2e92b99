//! The text of the Support case that goes with a request: for each quota what is asked for, AWS's ten questions and the
//! arithmetic in compact lines, then the quotas that Service Quotas cannot raise. Nothing in it is for whoever sends it.

use super::answers::{questions, ten};
use super::for_support::for_support;
use super::given::{given, measured};
use super::result::{QuotaIncrease, RequestReport, default_above, quota_now};
use crate::catalog::{ModelKind, RateStatus};
use crate::engine::{QuotaPlan, QuotaTraffic, Reservations, rests_on_reservations};
use crate::report::Block;
use crate::report::words::{AwsQuestion, CaseArithmetic, CaseTopic, MaxTokensUse, Raise, language};
use crate::units::{MILLIONTHS, QuotaKind};

/// The text of the Support case, in English, for pasting.
#[must_use]
pub fn support_case(requesting: &RequestReport<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for asked in requesting.asked().filter(|asked| !requesting.follows_tokens(asked.quota)) {
        blocks.push(Block::Lines(quota(requesting, &asked)));
        let follows = |other: &QuotaIncrease<'_>| {
            requesting.follows_tokens(other.quota) && other.quota.id.counts_the_same_rows(&asked.quota.id)
        };
        blocks.extend(
            requesting.asked().filter(follows).map(|other| Block::Lines(beside(requesting, &other, &asked))),
        );
    }
    let sent: Vec<&str> = requesting.asked().filter_map(|asked| asked.quota.code()).collect();
    if !sent.is_empty() {
        blocks.push(Block::Lines(vec![language().sent_too(&sent, requesting.terms.support_case)]));
    }
    blocks.extend(for_support(requesting).iter().map(|other| Block::Lines(other.lines(requesting))));
    blocks
}

/// What is asked for, in the end.
fn raise(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<String> {
    let QuotaIncrease { quota, ask } = asked;
    let name = quota.entry.as_ref().and_then(|entry| entry.name.as_ref().known());
    language().raise(&Raise {
        code: quota.code().unwrap_or_default(),
        name: name.map(String::as_str),
        now: quota_now(quota),
        default: default_above(quota),
        to: ask.desired,
        account_id: requesting.account_id,
        needed_by: requesting.needed_by,
    })
}

/// The lines of a quota.
fn quota(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Vec<String> {
    let shape = requesting.traffic(asked.quota);
    let mut lines = raise(requesting, asked);
    lines.extend(questions(requesting, asked.quota, &shape));
    lines.push(arithmetic(requesting, asked, &shape));
    lines.extend(max_tokens(requesting, asked, &shape).map(|of| language().max_tokens(&of)));
    lines.extend(measured(requesting, asked.quota, &shape));
    lines.extend(besides(requesting, asked.quota, &shape));
    lines.extend(fallback(requesting, asked));
    lines.extend(assumed(asked));
    lines
}

/// The lines of requests per minute that are asked for beside tokens per minute.
fn beside(
    requesting: &RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    tokens: &QuotaIncrease<'_>,
) -> Vec<String> {
    let shape = requesting.traffic(asked.quota);
    let answers = ten(requesting, asked.quota, &shape);
    let mut lines = raise(requesting, asked);
    lines.push(language().answers_of(tokens.quota.code().unwrap_or_default()));
    let own = answers.iter().filter(|answer| answer.question == AwsQuestion::Requests);
    lines.extend(own.map(|answer| format!("{}.", answer.line())));
    lines.push(arithmetic(requesting, asked, &shape));
    lines.extend(measured(requesting, asked.quota, &shape));
    lines.extend(
        requesting
            .answer("applied_limits", asked.quota)
            .map(|text| language().topic_line(CaseTopic::AppliedValue, text)),
    );
    lines.extend(fallback(requesting, asked));
    lines
}

/// What was given besides; how clients retry and what watches them stand on one line.
fn besides(requesting: &RequestReport<'_>, quota: &QuotaPlan, shape: &QuotaTraffic<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut last = None;
    for (topic, text) in given(requesting, quota, shape) {
        let text = language().topic_line(topic, &text);
        match lines.last_mut().filter(|_| (last, topic) == (Some(CaseTopic::Retries), CaseTopic::Alarms)) {
            Some(retries) => {
                *retries = format!("{retries} {text}");
            }
            None => lines.push(text),
        }
        last = Some(topic);
    }
    lines
}

/// Whether requests hold more in reservation than they settle, as far as that is known.
fn has_reservations(asked: &QuotaIncrease<'_>) -> bool {
    let figures = &asked.quota.figures;
    figures.in_flight.is_none_or(|in_flight| in_flight > figures.peak)
}

/// The share of time for which a level may be exceeded, in millionths.
fn exceeded(requesting: &RequestReport<'_>) -> u64 {
    MILLIONTHS.saturating_sub(requesting.input.assumptions.config.confidence.millionths())
}

/// What is required, as configured or with the cap that was accepted.
fn arithmetic(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>, shape: &QuotaTraffic<'_>) -> String {
    let QuotaIncrease { quota, ask } = asked;
    language().arithmetic(&CaseArithmetic {
        kind: quota.id.kind,
        requests: &shape.requests.1,
        per_request: shape.input.as_ref().zip(shape.output.as_ref()),
        rate: quota.rate.rate,
        peak: &shape.tokens.1,
        headroom: requesting.input.assumptions.config.headroom.millionths(),
        required: asked.required(),
        is_peak_with_headroom: asked.required() == quota.figures.formula,
        has_reservations: has_reservations(asked),
        exceeded: exceeded(requesting),
        asked: ask.desired,
    })
}

/// How max_tokens is set in the rows that run then; `None` where the model generates no tokens.
fn max_tokens<'a>(
    requesting: &'a RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    shape: &QuotaTraffic<'_>,
) -> Option<MaxTokensUse<'a>> {
    let QuotaIncrease { quota, ask } = asked;
    if requesting.model(quota).kind != ModelKind::Text || quota.id.kind.counts_requests() {
        return None;
    }
    match (ask.max_tokens, &requesting.terms.reservations) {
        (Some(cap), _) => return Some(MaxTokensUse::Lowered(cap)),
        (None, Reservations::Keep(reason)) if rests_on_reservations(quota) => {
            let mut active = shape.active.iter().filter_map(|index| shape.rows.get(*index));
            let maximum = requesting.model(quota).max_output_tokens.known();
            return Some(if active.any(|row| row.max_tokens().is_some()) {
                MaxTokensUse::Stays(reason.trim())
            } else {
                MaxTokensUse::StaysUnset(reason.trim(), maximum)
            });
        }
        _ => {}
    }
    let active = || shape.active.iter().filter_map(|index| shape.rows.get(*index));
    let stated = || active().filter_map(|row| row.max_tokens());
    let (all, set) = (active().count(), stated().count());
    match (stated().min(), stated().max()) {
        (Some(least), Some(most)) if set == all => Some(MaxTokensUse::Set(least, most)),
        (Some(_), _) => Some(MaxTokensUse::SetOnSome),
        (None, _) => Some(MaxTokensUse::Unset),
    }
}

/// The stages, where there are several.
fn fallback(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>) -> Option<String> {
    let (staging, stages) = (requesting.terms.staging.as_ref()?, &asked.ask.stages);
    let today = requesting.input.assumptions.today.day();
    (stages.len() > 1).then(|| language().fallback(stages, staging.lead_days, today))
}

/// What the value rests on that AWS does not state.
fn assumed(asked: &QuotaIncrease<'_>) -> Option<String> {
    let quota = asked.quota;
    let is_tokens = quota.id.kind == QuotaKind::Tpm;
    let rests_on_level = is_tokens && asked.required() != quota.figures.formula && has_reservations(asked);
    let rate = (is_tokens && quota.rate.status == RateStatus::Unknown).then_some(quota.rate.rate);
    language().assumed(rests_on_level, rate)
}
