//! What must hold between the cells of a row, judged as far as each cell is valid by itself.

use super::Column;
use crate::catalog::{Model, Scope};
use crate::text::Code;
use crate::units::{ExactRate, Fact, MILLIONTHS, Seconds, Tokens, grouped};

/// The longest that a call takes: AWS documents inference requests of up to 60 minutes (Amazon Nova user guide,
/// "Timeout Configuration", read 2026-11-27), and names no longer ones for other models.
const LONGEST_CALL_SECONDS: u64 = 3_600;

/// Input of a request below which tokens may have been stated in thousands (assumed: the shortest prompts with
/// instructions have more).
const FEWEST_INPUT_TOKENS: u64 = 10;

/// The cells that are judged together, in millionths: `None` where a cell is faulty, and
/// `Some(None)` where an optional one is empty.
#[allow(clippy::option_option)]
pub(super) struct Parts<'a> {
    pub(super) model: Option<&'a Model>,
    pub(super) rate: Option<ExactRate>,
    pub(super) peak: Option<Option<ExactRate>>,
    pub(super) input: Option<u64>,
    pub(super) output: Option<u64>,
    pub(super) cache_read: Option<Option<u64>>,
    pub(super) cache_write: Option<Option<u64>>,
    pub(super) max_tokens: Option<Option<u64>>,
}

impl Parts<'_> {
    /// All input, where every part of it is known.
    fn all_input(&self) -> Option<u64> {
        Some(self.input? + self.cache_read?.unwrap_or(0) + self.cache_write?.unwrap_or(0))
    }
}

/// A fault of a cell: its column, the code, what is wrong and what to do.
pub(super) type Fault = (Column, Code, String, String);

/// What does not hold between the cells.
pub(super) fn judge(parts: &Parts<'_>) -> Vec<Fault> {
    // Without a fault nothing is allocated.
    let mut faults = Vec::new();
    if let (Some(rate), Some(Some(peak))) = (parts.rate, parts.peak)
        && peak < rate
    {
        let message = format!("the busiest minute ({peak}) is below the mean ({rate})");
        let help = "the two may be swapped; leave the peak empty if it is not known";
        faults.push((Column::PeakRequestsPerMinute, Code::PeakBelowMean, message, help.to_owned()));
    }
    let Some(model) = parts.model else { return faults };
    if model.kind.generates() {
        faults.extend(judge_output(parts, model));
    } else {
        let kind = model.kind.as_str();
        if parts.output.is_some_and(|output| output > 0) {
            let message = format!("{} is a model of kind {kind}, which generates no tokens", model.name);
            faults.push((Column::OutputTokens, Code::OutputAboveMaxTokens, message, "write 0".to_owned()));
        }
        if parts.max_tokens.flatten().is_some_and(|max| max > 0) {
            let message = format!("{} is a model of kind {kind}, which takes no max_tokens", model.name);
            let help = "leave the cell empty";
            faults.push((Column::MaxTokens, Code::MaxTokensAboveModel, message, help.to_owned()));
        }
    }
    if let (Fact::Known(window), Some(all)) = (model.context_window, parts.all_input())
        && all > window.millionths()
    {
        let all = grouped(u128::from(all.div_ceil(MILLIONTHS)));
        let message =
            format!("{all} input tokens a request exceed the context window of {window} of {}", model.name);
        let help = "give the tokens of one request, not of a minute; cache reads and writes count as input";
        faults.push((Column::InputTokens, Code::ContextExceeded, message, help.to_owned()));
    }
    faults
}

fn judge_output(parts: &Parts<'_>, model: &Model) -> Option<Fault> {
    let max_tokens = parts.max_tokens?;
    let maximum = model.max_output_tokens.known().map(Tokens::millionths);
    let output = parts.output.unwrap_or(0);
    let shown = |tokens| Tokens::from_millionths(tokens).unwrap_or_default();
    let (column, code, message, help) = match (max_tokens, maximum) {
        (Some(max), _) if max < MILLIONTHS => (
            Column::MaxTokens,
            Code::BadNumber,
            "`max_tokens` is 0".to_owned(),
            "write at least 1, or leave the cell empty for the model's maximum".to_owned(),
        ),
        (Some(max), Some(maximum)) if max > maximum => (
            Column::MaxTokens,
            Code::MaxTokensAboveModel,
            format!(
                "max_tokens {} is above the maximum output of {} ({})",
                shown(max),
                model.name,
                shown(maximum)
            ),
            format!("write at most {}", shown(maximum)),
        ),
        (Some(max), _) if output > max => (
            Column::OutputTokens,
            Code::OutputAboveMaxTokens,
            format!("a mean output of {} is above max_tokens {}", shown(output), shown(max)),
            "no answer is longer than max_tokens: lower the output or raise max_tokens".to_owned(),
        ),
        (None, Some(maximum)) if output > maximum => (
            Column::OutputTokens,
            Code::OutputAboveMaxTokens,
            format!("a mean output of {} is above the model's maximum of {}", shown(output), shown(maximum)),
            "correct the mean output".to_owned(),
        ),
        _ => return None,
    };
    Some((column, code, message, help))
}

/// What is possible of a row's 95th percentiles and unlikely to be meant.
pub(super) fn doubts(
    parts: &Parts<'_>,
    (input, output, p99): (Option<Tokens>, Option<Tokens>, Option<Tokens>),
) -> Vec<Fault> {
    let mut doubts = Vec::new();
    let columns = [
        (Column::InputTokensP95, "input", parts.input, input),
        (Column::OutputTokensP95, "output", parts.output, output),
    ];
    for (column, kind, mean, p95) in columns {
        if let (Some(mean), Some(p95)) = (mean.and_then(Tokens::from_millionths), p95)
            && p95 < mean
        {
            let message = format!("the p95 of the {kind} ({p95}) is below the mean ({mean})");
            let help = "the two may be swapped; without a p95 above the mean, the plan assumes no spread";
            doubts.push((column, Code::P95BelowMean, message, help.to_owned()));
        }
    }
    if let Some(p99) = p99 {
        let below = |what: &str, other: Tokens| {
            (p99 < other).then(|| format!("the p99 of the output ({p99}) is below the {what} ({other})"))
        };
        let mean = parts.output.and_then(Tokens::from_millionths);
        let of_p95 = output.and_then(|p95| below("p95", p95));
        if let Some(message) = of_p95.or_else(|| below("mean", mean?)) {
            let help =
                "the columns may be swapped: the p99 is at least the p95, and nearly always above the mean";
            doubts.push((Column::OutputTokensP99, Code::P99BelowP95, message, help.to_owned()));
        }
    }
    let (Some(model), Some(stated)) = (parts.model, parts.max_tokens) else {
        return doubts;
    };
    let stated = stated.and_then(Tokens::from_millionths).filter(|_| model.kind.generates());
    let limit = match (stated, model.max_output_tokens) {
        (Some(max), _) | (None, Fact::Known(max)) => max,
        (None, Fact::Absent | Fact::Unknown) => return doubts,
    };
    for (column, name, percentile) in
        [(Column::OutputTokensP95, "p95", output), (Column::OutputTokensP99, "p99", p99)]
    {
        let Some(percentile) = percentile.filter(|percentile| *percentile > limit) else { continue };
        let words = match stated {
            Some(_) => format!("max_tokens {limit}"),
            None => format!("the maximum output of {} ({limit})", model.name),
        };
        let message = format!("the {name} of the output ({percentile}) is above {words}");
        let help = "one of the two is wrong: no answer is longer than max_tokens";
        doubts.push((column, Code::P95AboveMaxTokens, message, help.to_owned()));
    }
    doubts
}

/// Values that are possible, and more likely to be of another unit.
pub(super) fn unit_doubts(parts: &Parts<'_>, latency: Option<Seconds>) -> Vec<Fault> {
    let mut doubts = Vec::new();
    if let Some(latency) = latency.filter(|latency| latency.millionths() > LONGEST_CALL_SECONDS * MILLIONTHS)
    {
        let message =
            format!("a latency of {latency} seconds is above the 3,600 that AWS documents for a call");
        let help = "write seconds; your value may be in milliseconds";
        doubts.push((Column::LatencySeconds, Code::DoubtfulUnit, message, help.to_owned()));
    }
    if parts.model.is_some_and(|model| model.kind.generates())
        && let Some(all) = parts.all_input().filter(|all| (1..FEWEST_INPUT_TOKENS * MILLIONTHS).contains(all))
    {
        let all = Tokens::from_millionths(all).unwrap_or_default();
        let message =
            format!("the input of a request is {all} tokens in total, which is very short for a prompt");
        let help = "write the tokens of one request, including instructions and history; your value may be in \
                    thousands";
        doubts.push((Column::InputTokens, Code::DoubtfulUnit, message, help.to_owned()));
    }
    doubts
}

/// The scopes that rows may name for a model, in words.
pub(super) fn offered(model: &Model) -> String {
    let scopes: Vec<&str> =
        Scope::ALL.iter().filter(|scope| model.accepts(**scope)).map(|s| s.as_str()).collect();
    scopes.join(", ")
}
