//! AWS's ten questions about an increase, and what else its template asks, answered for one quota.
//!
//! Questions: a reply of AWS Support (2025-03) and AWS's community template (2025-02, revised 2025-04).
//! What no file tells stays a visible gap; nothing is made up.

use std::collections::BTreeSet;

use num_rational::BigRational;
use num_traits::Zero;

use super::result::{QuotaIncrease, RequestReport, listed, or_unknown, percent, sentence, whole};
use crate::catalog::{Destinations, REGION, Scope};
use crate::engine::{QuotaPlan, QuotaTraffic};
use crate::units::{QuotaKind, RequestsPerMinute};

/// Source of what the model table says.
pub(super) const TABLE: &str = "the model table; see the section of the quota";

/// Source of what a person wrote.
pub(super) const ANSWERS: &str = "quotaplan.toml [request]";

/// What a required amount is, behind it.
const REQUIRED: &str =
    " (the larger of peak plus headroom and of a burst in which requests hold input + max_tokens)";

/// One question and its answer.
pub(super) struct Question {
    pub(super) question: &'static str,
    /// Where the answer comes from; `{evidence}` stands for the files with measured use.
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
pub(super) fn ten(
    requesting: &RequestReport<'_>,
    asked: &QuotaIncrease<'_>,
    shape: &QuotaTraffic<'_>,
) -> Vec<Question> {
    let QuotaIncrease { quota, ask: _ } = asked;
    let model = requesting.model(quota);
    let entry = model.scope(quota.id.scope);
    let profile = entry.and_then(|entry| entry.profile.as_deref());
    let called = profile.map(|profile| format!(", called through the inference profile {profile}"));
    let given = |question, source, answer: String| Question { question, source, answer: Ok(answer) };
    let rpm = requesting.beside(quota, QuotaKind::Rpm);
    let limit_type = match (quota.id.kind.counts_tokens(), rpm) {
        (false, _) => "RPM".to_owned(),
        (_, None) => "TPM; AWS lists no RPM quota for this model and scope".to_owned(),
        (_, Some(rpm)) if requesting.asked().any(|asked| std::ptr::eq(asked.quota, rpm)) => {
            "TPM and RPM".to_owned()
        }
        (_, Some(_)) => "TPM".to_owned(),
    };
    vec![
        use_case(requesting, quota, shape),
        given("2. Model ID", TABLE, format!("{}{}", model.id, called.unwrap_or_default())),
        given(
            "3. Region",
            "the one source Region of this version",
            format!("{REGION} (the source Region, where the calls are made)"),
        ),
        given("4. Limit type", TABLE, limit_type),
        given(
            "5. Requested TPM, steady state and peak",
            "figures steady, peak and required of the quota, below; measured: {evidence}, or the p50 and p90 columns",
            tokens(requesting, asked, shape),
        ),
        given(
            "6. Requested RPM, steady state and peak",
            "sums of requests_per_minute and peak_requests_per_minute over the rows active in the binding hour; measured: {evidence}, or the p50 and p90 columns",
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
        given("Value asked for", "the decision, above", value(asked)),
    ]
}

/// A person's own words behind what is computed.
fn behind(own: Option<&str>) -> String {
    own.map(|own| format!("; {own}")).unwrap_or_default()
}

/// The value, and what it is a part of.
pub(super) fn value(asked: &QuotaIncrease<'_>) -> String {
    let QuotaIncrease { quota, ask } = asked;
    let now = format!("{} {}", ask.now(), quota.id.kind.unit());
    match ask.stages.len() {
        0 | 1 => now,
        count => format!("{now}, the first of {count} stages; {} in the end", ask.desired),
    }
}

pub(super) fn gap(what: &str, key: &str) -> Gap {
    Gap { what: what.to_owned(), place: format!("[request] {key}") }
}

fn use_case(requesting: &RequestReport<'_>, quota: &QuotaPlan, shape: &QuotaTraffic<'_>) -> Question {
    let mut seen = BTreeSet::new();
    let names = shape.rows.iter().filter_map(|row| {
        let team = row.team().map(|team| requesting.input.workloads.text(team));
        seen.insert((row.name(), team)).then(|| match team {
            Some(team) => format!("{} ({team})", row.name()),
            None => row.name().to_owned(),
        })
    });
    let workloads = format!("Workloads: {}.", listed(names));
    let answer = requesting.answer("use_case", quota).map(|text| format!("{} {workloads}", sentence(text)));
    let what = format!("what the traffic does and for whom. {workloads}");
    Question {
        question: "1. Use case",
        source: "quotaplan.toml [request] use_case; names from the workloads",
        answer: answer.ok_or_else(|| gap(&what, "use_case")),
    }
}

/// The one row's measured rates.
fn measured_rates(shape: &QuotaTraffic<'_>) -> Option<(RequestsPerMinute, RequestsPerMinute)> {
    let [row] = shape.rows.as_slice() else { return None };
    Some((row.p50_requests_per_minute()?, row.p90_requests_per_minute()?))
}

fn tokens(requesting: &RequestReport<'_>, asked: &QuotaIncrease<'_>, shape: &QuotaTraffic<'_>) -> String {
    let quota = asked.quota;
    let tpm =
        if quota.id.kind.reserves_tokens() { Some(quota) } else { requesting.beside(quota, QuotaKind::Tpm) };
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
    } else if let (Some((p50, p90)), Some((part, _)), true) =
        (measured_rates(shape), shape.largest.first(), quota.id.kind.reserves_tokens())
    {
        let settled = |rate: RequestsPerMinute| whole(&part.settled_at(rate));
        answer = format!(
            "steady state (p50) {}, peak (p90) {}, measured requests a minute times the mean settled cost; {answer}",
            settled(p50),
            settled(p90)
        );
    }
    // The quota's own cap, not that of requests a minute.
    let cap = if std::ptr::eq(tpm, quota) { asked.ask.max_tokens } else { None };
    match (cap, tpm.lean_required, tpm.figures.required) {
        (Some(cap), Some(lean), _) => {
            format!("{answer}; required {lean} with max_tokens of at most {cap}{REQUIRED}")
        }
        (_, _, Some(required)) => format!("{answer}; required {required}{REQUIRED}"),
        _ => answer,
    }
}

fn requests(
    requesting: &RequestReport<'_>,
    quota: &QuotaPlan,
    rpm: Option<&QuotaPlan>,
    shape: &QuotaTraffic<'_>,
) -> String {
    let (mean, peak) = (whole(&shape.requests.0), whole(&shape.requests.1));
    let mut answer = format!("steady state {mean} (projected mean), peak {peak} (projected busiest minute)");
    if let Some(burn) = requesting.burn(quota) {
        answer = format!(
            "steady state (p50) {}, peak (p90) {}, measured; {answer}",
            burn.requests.p50, burn.requests.p90
        );
    } else if let Some((p50, p90)) = measured_rates(shape) {
        answer = format!("steady state (p50) {p50}, peak (p90) {p90}, measured; {answer}");
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
                "{answer}; required {required} (peak plus headroom, or a burst), {capacity} ({})",
                rpm.id.code_words()
            )
        }
    }
}

fn mean(value: Option<&BigRational>) -> String {
    value.map_or_else(|| "no requests at the mean rate".to_owned(), whole)
}

fn input(shape: &QuotaTraffic<'_>) -> String {
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

fn over_25k(shape: &QuotaTraffic<'_>) -> Question {
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

fn cross_region(requesting: &RequestReport<'_>, quota: &QuotaPlan, profile: Option<&str>) -> Question {
    let question = "10. Open to cross-Region inference";
    let own = requesting.answer("cross_region", quota);
    let answer = match (profile, quota.id.scope) {
        (None, _) => own
            .map(str::to_owned)
            .ok_or_else(|| gap("whether cross-Region inference is an option", "cross_region")),
        (Some(profile), Scope::Global) => {
            Ok(format!("yes: in use, global ({profile}), any commercial Region AWS routes to{}", behind(own)))
        }
        (Some(profile), _) => {
            let entry = requesting.model(quota).scope(quota.id.scope);
            let regions = match entry.map(|entry| &entry.destinations) {
                Some(Destinations::Regions(regions)) => {
                    format!(", destination Regions {}", regions.join(", "))
                }
                _ => String::new(),
            };
            Ok(format!("yes: in use, {} ({profile}){regions}{}", quota.id.scope, behind(own)))
        }
    };
    Question { question, source: TABLE, answer }
}
