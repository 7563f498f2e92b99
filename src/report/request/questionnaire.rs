//! AWS's ten questions about an increase, and what else its template asks, answered for one quota.
//!
//! Questions: a reply of AWS Support (2025-03) and AWS's community template (2025-02, revised 2025-04).
//! What no file tells stays a visible gap; nothing is made up.

use std::collections::BTreeSet;

use num_rational::BigRational;
use num_traits::Zero;

use super::requesting::{Asked, Requesting, Shape, or_unknown, percent, percent_of, unit, whole};
use crate::catalog::{REGION, Scope};
use crate::engine::{QuotaKind, QuotaPlan};
use crate::minutes::EVIDENCE_DAYS;
use crate::report::explain_row::decimal;
use crate::text::plain::cell_name;
use crate::text::tree::Fact;
use crate::units::{Limit, MILLIONTHS};

/// Source of what the model table says.
const TABLE: &str = "the model table; see the section of the quota";

/// Source of what a person wrote.
const ANSWERS: &str = "quotaplan.toml [request]";

/// One question and its answer.
pub(super) struct Question {
    pub(super) question: &'static str,
    /// Where the answer comes from.
    pub(super) source: &'static str,
    /// The answer; where there is none, what is missing.
    pub(super) answer: Result<String, Gap>,
}

/// An answer that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What to fill in.
    pub what: String,
    /// Where: a key of `[request]` or a column.
    pub place: String,
}

impl Question {
    /// The answer, or the gap made visible.
    pub(super) fn words(&self) -> String {
        match &self.answer {
            Ok(answer) => answer.clone(),
            Err(gap) => format!("TO BE FILLED IN: {} ({})", gap.what, gap.place),
        }
    }
}

/// The ten questions of AWS Support, answered for a quota.
pub(super) fn ten(requesting: &Requesting<'_>, asked: &Asked<'_>, shape: &Shape<'_>) -> Vec<Question> {
    let Asked { quota, ask } = asked;
    let model = requesting.model(quota);
    let entry = model.scope(quota.scope);
    let profile = entry.and_then(|entry| entry.profile.as_deref());
    let called = profile.map(|profile| format!(", called through the inference profile {profile}"));
    let given = |question, source, answer: String| Question { question, source, answer: Ok(answer) };
    let rpm = requesting.beside(quota, QuotaKind::Rpm);
    let limit_type = match (quota.kind, rpm) {
        (QuotaKind::Rpm, _) => "RPM".to_owned(),
        (_, None) => "TPM; AWS lists no RPM quota for this model and scope".to_owned(),
        (_, Some(_)) => "TPM; RPM see below".to_owned(),
    };
    vec![
        use_case(requesting, shape),
        given("2. Model ID", TABLE, format!("{}{}", model.id, called.unwrap_or_default())),
        given(
            "3. Region",
            "the one source Region of this version",
            format!("{REGION} (the source Region, where the calls are made)"),
        ),
        given("4. Limit type", TABLE, limit_type),
        given(
            "5. Requested TPM, steady state and peak",
            "figures steady, peak and required of the quota, below; measured: inputs/minutes.csv, or the p50 and p90 columns",
            tokens(requesting, asked, shape),
        ),
        given(
            "6. Requested RPM, steady state and peak",
            "sums of requests_per_minute and peak_requests_per_minute over the rows active in the binding hour; measured: inputs/minutes.csv, or the p50 and p90 columns",
            requests(requesting, quota, rpm, shape),
        ),
        given(
            "7. Average input tokens per request",
            "input_tokens + cache_read_tokens + cache_write_tokens, weighted by requests_per_minute, rounded up",
            input(shape),
        ),
        given(
            "8. Average output tokens per request",
            "output_tokens, weighted by requests_per_minute, rounded up",
            mean(shape.output.as_ref()),
        ),
        over_25k(shape),
        cross_region(requesting, quota, profile),
        given("Value asked for", "the decision, above", format!("{} {}", ask.now(), unit(quota.kind))),
    ]
}

/// What the template asks besides.
pub(super) fn besides(requesting: &Requesting<'_>, asked: &Asked<'_>, shape: &Shape<'_>) -> Vec<Question> {
    let quota = asked.quota;
    let own = |question, key: &'static str, what: &str| Question {
        question,
        source: ANSWERS,
        answer: requesting.answer(key).map(str::to_owned).ok_or_else(|| gap(what, key)),
    };
    let profile = requesting.model(quota).scope(quota.scope).and_then(|entry| entry.profile.clone());
    let mut questions = vec![own(
        "AWS account manager",
        "account_manager",
        "the name of your AWS account manager or account team",
    )];
    questions.extend(profile.map(|profile| Question {
        question: "Inference profile ID",
        source: TABLE,
        answer: Ok(profile),
    }));
    questions.extend([
        growth(requesting, shape),
        own(
            "Monitoring and alarms",
            "monitoring",
            "what watches the quota; alarms.yaml has alarms on EstimatedTPMQuotaUsage and InvocationThrottles to deploy",
        ),
        own("Previous provider", "previous_provider", "where this traffic runs today, or \"none\""),
        history(requesting, quota),
        own("Billing", "billing", "what this account spends on Bedrock a month"),
        applied(requesting, quota),
    ]);
    questions
}

/// Every answer that is missing for the quotas asked for, each once.
pub(super) fn gaps(requesting: &Requesting<'_>) -> Vec<Gap> {
    let mut found = Vec::new();
    for asked in requesting.asked() {
        let shape = Shape::of(requesting, asked.quota);
        let questions =
            ten(requesting, &asked, &shape).into_iter().chain(besides(requesting, &asked, &shape));
        for gap in questions.filter_map(|question| question.answer.err()) {
            if !found.contains(&gap) {
                found.push(gap);
            }
        }
    }
    found
}

/// The first of some names: a reader of AWS's does not read hundreds.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown = names.iter().take(SHOWN).map(|name| cell_name(name)).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{shown} and {more} more, all in trail.csv"),
        _ => shown,
    }
}

fn gap(what: &str, key: &str) -> Gap {
    Gap { what: what.to_owned(), place: format!("[request] {key}") }
}

fn use_case(requesting: &Requesting<'_>, shape: &Shape<'_>) -> Question {
    let mut names: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for (_, row) in &shape.rows {
        let team = row.team().map(|team| requesting.input.workloads.text(team));
        if seen.insert((row.name(), team)) {
            names.push(match team {
                Some(team) => format!("{} ({team})", row.name()),
                None => row.name().to_owned(),
            });
        }
    }
    let workloads = format!("Workloads: {}.", listed(&names));
    let answer = requesting.answer("use_case").map(|text| format!("{text} {workloads}"));
    let what = format!("what the traffic does and for whom. {workloads}");
    Question {
        question: "1. Use case",
        source: "quotaplan.toml [request] use_case; names from the workloads",
        answer: answer.ok_or_else(|| gap(&what, "use_case")),
    }
}

/// The one row's measured rates, in millionths of a request a minute.
fn measured_rates(shape: &Shape<'_>) -> Option<(u64, u64)> {
    let [(_, row)] = shape.rows.as_slice() else { return None };
    let (p50, p90) = (row.p50_requests_per_minute()?, row.p90_requests_per_minute()?);
    Some((p50.millionths(), p90.millionths()))
}

fn tokens(requesting: &Requesting<'_>, asked: &Asked<'_>, shape: &Shape<'_>) -> String {
    let quota = asked.quota;
    let tpm =
        if quota.kind == QuotaKind::Tpm { Some(quota) } else { requesting.beside(quota, QuotaKind::Tpm) };
    let Some(tpm) = tpm else { return "not asked for".to_owned() };
    let mut answer = format!(
        "steady state {} (projected mean), peak {} (projected busiest minute)",
        tpm.figures.steady, tpm.figures.peak
    );
    if let Some(burn) = requesting.burn(tpm) {
        answer = format!(
            "steady state (p50) {}, peak (p90) {}, measured; {answer}",
            burn.settled.p50, burn.settled.p90
        );
    } else if let (Some((p50, p90)), Some((part, _)), QuotaKind::Tpm) =
        (measured_rates(shape), shape.rows.first(), quota.kind)
    {
        let settled = |rate: u64| {
            let cost = BigRational::new(part.cost.settled().millionths().into(), MILLIONTHS.into());
            whole(&(BigRational::new(rate.into(), MILLIONTHS.into()) * cost))
        };
        answer = format!(
            "steady state (p50) {}, peak (p90) {}, measured requests a minute times the mean settled cost; {answer}",
            settled(p50),
            settled(p90)
        );
    }
    match tpm.figures.required {
        Some(required) if asked.ask.max_tokens.is_none() => {
            format!("{answer}; required with headroom {required}")
        }
        _ => answer,
    }
}

fn requests(
    requesting: &Requesting<'_>,
    quota: &QuotaPlan,
    rpm: Option<&QuotaPlan>,
    shape: &Shape<'_>,
) -> String {
    let (mean, peak) = (whole(&shape.requests.0), whole(&shape.requests.1));
    let mut answer = format!("steady state {mean} (projected mean), peak {peak} (projected busiest minute)");
    if let Some(burn) = requesting.burn(quota) {
        answer = format!(
            "steady state (p50) {}, peak (p90) {}, measured; {answer}",
            burn.requests.p50, burn.requests.p90
        );
    } else if let Some((p50, p90)) = measured_rates(shape) {
        let words = |rate: u64| decimal(&BigRational::new(rate.into(), MILLIONTHS.into()));
        answer = format!("steady state (p50) {}, peak (p90) {}, measured; {answer}", words(p50), words(p90));
    }
    match rpm {
        None => format!("{answer}; AWS lists no RPM quota for this model and scope"),
        Some(rpm) => {
            let capacity = match (rpm.granted_limit(), rpm.default_limit()) {
                (Some(granted), _) => format!("{granted} applied"),
                (None, Some(default)) => format!("applied value not given, AWS's default {default}"),
                (None, None) => "applied value unknown".to_owned(),
            };
            let required = or_unknown(rpm.figures.required);
            format!(
                "{answer}; required with headroom {required}, {capacity} ({})",
                rpm.code().unwrap_or("code unknown")
            )
        }
    }
}

fn mean(value: Option<&BigRational>) -> String {
    value.map_or_else(|| "no requests at the mean rate".to_owned(), whole)
}

fn input(shape: &Shape<'_>) -> String {
    let answer = mean(shape.input.as_ref());
    let cached: Vec<String> =
        [(&shape.cache_read, "read from the prompt cache"), (&shape.cache_write, "written to it")]
            .into_iter()
            .filter_map(|(tokens, word)| {
                let tokens = tokens.as_ref().filter(|tokens| !tokens.is_zero())?;
                Some(format!("{} {word}", whole(tokens)))
            })
            .collect();
    if cached.is_empty() { answer } else { format!("{answer}, of which {}", cached.join(" and ")) }
}

fn over_25k(shape: &Shape<'_>) -> Question {
    let answer = match &shape.over_25k {
        Some(share) => Ok(percent(share)),
        None => Err(Gap {
            what: format!(
                "the share of requests above 25,000 input tokens of {}",
                listed(&shape.silent_on_25k)
            ),
            place: "column share_over_25k".to_owned(),
        }),
    };
    Question {
        question: "9. Share of requests above 25,000 input tokens",
        source: "share_over_25k, weighted by requests_per_minute, rounded up to a tenth",
        answer,
    }
}

fn cross_region(requesting: &Requesting<'_>, quota: &QuotaPlan, profile: Option<&str>) -> Question {
    let question = "10. Open to cross-Region inference";
    if let Some(answer) = requesting.answer("cross_region") {
        return Question { question, source: ANSWERS, answer: Ok(answer.to_owned()) };
    }
    let answer = match (profile, quota.scope) {
        (None, _) => Err(gap("whether cross-Region inference is an option", "cross_region")),
        (Some(profile), Scope::Global) => {
            Ok(format!("yes: in use, global ({profile}), any commercial Region AWS routes to"))
        }
        (Some(profile), _) => {
            let entry = requesting.model(quota).scope(quota.scope);
            let regions = match entry.map(|entry| &entry.destinations) {
                Some(Fact::Known(regions)) => format!(", destination Regions {}", regions.join(", ")),
                _ => String::new(),
            };
            Ok(format!("yes: in use, {} ({profile}){regions}", quota.scope))
        }
    };
    Question { question, source: TABLE, answer }
}

fn growth(requesting: &Requesting<'_>, shape: &Shape<'_>) -> Question {
    let mut stated: Vec<String> = Vec::new();
    for (_, row) in &shape.rows {
        if let Some(growth) = row.growth_per_month().filter(|growth| growth.millionths() > 0) {
            let share = BigRational::new(growth.millionths().into(), MILLIONTHS.into());
            stated.push(format!("{} {} a month", row.name(), percent(&share)));
        }
    }
    let months = requesting.input.assumptions.months;
    let included =
        if months == 0 { String::new() } else { format!("; {months} months of it are in the figures") };
    let of_rows = (!stated.is_empty()).then(|| format!("{}{included}", listed(&stated)));
    let answer = match (requesting.answer("growth"), of_rows) {
        (Some(own), Some(rows)) => Ok(format!("{own} ({rows})")),
        (Some(own), None) => Ok(own.to_owned()),
        (None, Some(rows)) => Ok(rows),
        (None, None) => Err(gap("how the traffic is expected to grow", "growth")),
    };
    Question { question: "Growth", source: "quotaplan.toml [request] growth; growth_per_month", answer }
}

fn history(requesting: &Requesting<'_>, quota: &QuotaPlan) -> Question {
    let measured = requesting.ranked(quota).map(|(burn, ranked)| {
        let share = match quota.granted_limit() {
            Some(Limit::Amount(applied)) => ranked
                .share_of(applied)
                .map(|share| format!(", {} of the applied {applied}", percent_of(share)))
                .unwrap_or_default(),
            Some(Limit::Unlimited) | None => String::new(),
        };
        format!(
            "Busiest minute of the last {EVIDENCE_DAYS} days measured: {} {}{share}; p50 {}, p90 {} over {} minutes with traffic.",
            ranked.maximum,
            unit(quota.kind),
            ranked.p50,
            ranked.p90,
            burn.minutes
        )
    });
    let answer = match (requesting.answer("history"), measured) {
        (Some(own), Some(measured)) => Ok(format!("{own} {measured}")),
        (Some(own), None) => Ok(own.to_owned()),
        (None, Some(measured)) => Ok(measured),
        (None, None) => {
            Err(gap("what this account has used so far, or measured use with --evidence", "history"))
        }
    };
    Question {
        question: "Historical usage",
        source: "quotaplan.toml [request] history; inputs/minutes.csv",
        answer,
    }
}

/// AWS asks why an applied value is not the default; there is nothing to explain where it is.
fn applied(requesting: &Requesting<'_>, quota: &QuotaPlan) -> Question {
    let question = "Applied limit";
    if let Some(own) = requesting.answer("applied_limits") {
        return Question { question, source: ANSWERS, answer: Ok(own.to_owned()) };
    }
    let code = quota.code().unwrap_or("the quota");
    let answer = match (quota.granted_limit(), quota.default_limit()) {
        (None, _) => Err(gap(
            &format!("the applied value of {code}: look it up and put it into [granted]"),
            "applied_limits",
        )),
        (Some(granted), Some(default)) if granted == default => Ok(format!("{granted}, AWS's default")),
        (Some(granted), default) => {
            let default = default.map_or_else(|| "unknown".to_owned(), |default| default.to_string());
            Err(gap(
                &format!("why {granted} applies to {code}; AWS's default is {default}"),
                "applied_limits",
            ))
        }
    };
    Question { question, source: "[granted] and the model table", answer }
}
