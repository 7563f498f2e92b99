//! What the formulas of the plan say about a trace, whose own figures are entered as one workloads row
//! the way a person would enter them.

use super::charges::{Charging, MaxTokens};
use super::profile::Profile;
use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::engine::{self, Assumptions, Figures, PlanInput, TooLarge};
use crate::text::{Diagnostic, Diagnostics, SourceFile, Sources};
use crate::units::{MILLIONTHS, QuotaAmount, RequestsPerMinute, Seconds, Tokens};
use crate::workload::{self, ReadOptions};

/// The figures that a plan comes to, tokens a minute (guide/sizing.md, section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedForm {
    /// At the mean rate.
    pub steady: QuotaAmount,
    /// At the busiest minute.
    pub peak: QuotaAmount,
    /// The level that is rarely passed, reservations included.
    pub burst: Option<QuotaAmount>,
    /// The peak and its headroom.
    pub formula: Option<QuotaAmount>,
    /// The larger of the two.
    pub required: Option<QuotaAmount>,
}

impl ClosedForm {
    /// What a plan says of a quota.
    #[must_use]
    pub fn of(figures: &Figures) -> Self {
        Self {
            steady: figures.steady,
            peak: figures.peak,
            burst: figures.burst,
            formula: figures.formula,
            required: figures.required,
        }
    }
}

/// Why no row says the same as a trace; each sentence is a part of a longer one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClosedFormFault {
    /// The trace has no profile.
    #[error("there are no requests, or a figure exceeds 10^18")]
    NoProfile,
    /// A figure of the row is above what an input may hold.
    #[error("a figure exceeds 10^12")]
    FigureTooLarge,
    /// The row is not valid: the first thing that is wrong with it.
    #[error("{}", .0.as_ref().map_or("the row is refused", |first| first.message.as_str()))]
    Row(Option<Box<Diagnostic>>),
    /// The plan of the row comes to a figure above 10^18.
    #[error(transparent)]
    Plan(#[from] TooLarge),
    /// The model has no quota of tokens a minute.
    #[error("the model has no token quota")]
    NoTokenQuota,
}

/// Plans a trace as one row: mean rate, busiest calendar minute, means and 95th percentiles of its
/// tokens, mean latency, no dispersion; max_tokens as the requests are sent with it, the mean rounded
/// up where it is their own.
///
/// # Errors
/// A [`ClosedFormFault`] where the row is not valid or has no plan.
pub fn closed_form(
    profile: &Profile,
    charging: &Charging,
    (model, scope): (ModelIndex, Scope),
    catalog: &Catalog,
    assumptions: &Assumptions,
) -> Result<ClosedForm, ClosedFormFault> {
    let row = row(profile, charging, catalog.model(model).id.as_str(), scope)
        .ok_or(ClosedFormFault::FigureTooLarge)?;
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let file = sources.add(SourceFile::new("row of the trace", row));
    let workloads = workload::parse(&sources, file, catalog, &ReadOptions::default(), &mut diagnostics)
        .filter(|_| !diagnostics.has_errors())
        .ok_or_else(|| ClosedFormFault::Row(diagnostics.into_sorted().into_iter().next().map(Box::new)))?;
    let input = PlanInput { catalog, workloads: &workloads, assumptions };
    let plan = engine::plan(&input)?;
    let quota = plan.quotas.iter().find(|quota| quota.id.kind.reserves_tokens());
    let quota = quota.ok_or(ClosedFormFault::NoTokenQuota)?;
    Ok(ClosedForm::of(&quota.figures))
}

/// The row with its header; `None` where a value is above what an input may hold.
fn row(profile: &Profile, charging: &Charging, model: &str, scope: Scope) -> Option<String> {
    let mean_rate = RequestsPerMinute::from_millionths(profile.mean_rate_millionths)?;
    // The last minute of a trace is rarely a whole one, so that the mean may pass the busiest.
    let peak = RequestsPerMinute::from_whole(profile.peak_requests)?.max(mean_rate);
    let tokens = |millionths: u64| Tokens::from_millionths(millionths).map(Tokens::written);
    let [input, output, reads, writes] = profile.means.map(tokens);
    let [input_p95, output_p95] = profile.p95.map(tokens);
    let latency = Seconds::from_millionths(profile.mean_latency_microseconds)?;
    let mean_output = profile.means[1].div_ceil(MILLIONTHS);
    let max_tokens = match charging.max_tokens {
        _ if !charging.generates => String::new(),
        MaxTokens::Unset => String::new(),
        MaxTokens::AtLeast(most) => most.max(mean_output).max(1).to_string(),
        MaxTokens::Actual => profile.mean_max_tokens?.max(mean_output).max(1).to_string(),
    };
    let header = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,\
                  cache_read_tokens,cache_write_tokens,input_tokens_p95,output_tokens_p95,latency_seconds,max_tokens";
    Some(format!(
        "{header}\ntrace,{model},{scope},{},{},{},{},{},{},{},{},{},{max_tokens}\n",
        mean_rate.written(),
        peak.written(),
        input?,
        output?,
        reads?,
        writes?,
        input_p95?,
        output_p95?,
        latency.written(),
    ))
}
