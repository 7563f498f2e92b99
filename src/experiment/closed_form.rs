//! What the formulas of the plan say about a trace, whose own figures are entered as one workloads row
//! the way a person would enter them.

use super::charges::{Charging, MaxTokens};
use super::profile::Profile;
use super::run::{Measure, Simulation};
use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::engine::{self, Assumptions, Figures, PlanInput, TooLarge};
use crate::units::{MILLIONTHS, QuotaAmount, Ratio, RequestsPerMinute, Seconds, Tokens};
use crate::workload::{Column, RowCells, RowFault, WorkloadSet};

/// The figures that a plan comes to, tokens per minute (guide/sizing.md, section 2).
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
    pub fn from_figures(figures: &Figures) -> Self {
        Self {
            steady: figures.steady,
            peak: figures.peak,
            burst: figures.burst,
            formula: figures.formula,
            required: figures.required,
        }
    }

    /// What is required over the safe quota of the rolling window, half up to six decimals; `None` where one of the two
    /// is not there.
    #[must_use]
    pub fn over_rolling(&self, simulation: &Simulation) -> Option<Ratio> {
        let rolling = simulation.windows.iter().find(|result| result.measure == Measure::Rolling)?;
        Ratio::of_parts(self.required?.get().into(), rolling.safe_quota?.get().into())
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
    Row(Option<Box<RowFault>>),
    /// The plan of the row comes to a figure above 10^18.
    #[error(transparent)]
    Plan(#[from] TooLarge),
    /// The model has no quota of tokens per minute.
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
    let cells = cells(profile, charging, (model, scope)).ok_or(ClosedFormFault::FigureTooLarge)?;
    of_cells(&cells, catalog, assumptions)
}

/// The figures of one row.
///
/// # Errors
/// A [`ClosedFormFault`] where the row is not valid or has no plan.
pub(super) fn of_cells(
    cells: &RowCells<'_>,
    catalog: &Catalog,
    assumptions: &Assumptions,
) -> Result<ClosedForm, ClosedFormFault> {
    let workloads = WorkloadSet::of_row(cells, catalog)
        .map_err(|said| ClosedFormFault::Row(said.into_iter().min_by_key(place_in_row).map(Box::new)))?;
    let input = PlanInput { catalog, workloads: &workloads, assumptions };
    let plan = engine::plan(&input)?;
    let quota = plan.quotas.iter().find(|quota| quota.id.kind.reserves_tokens());
    let quota = quota.ok_or(ClosedFormFault::NoTokenQuota)?;
    Ok(ClosedForm::from_figures(&quota.figures))
}

/// The cells of the row; `None` where a value is above what an input may hold.
pub(super) fn cells(
    profile: &Profile,
    charging: &Charging,
    (model, scope): (ModelIndex, Scope),
) -> Option<RowCells<'static>> {
    let requests_per_minute = RequestsPerMinute::from_millionths(profile.mean_rate_millionths)?;
    let busiest = RequestsPerMinute::from_whole(profile.peak_requests)?;
    let [input, output, cache_read, cache_write] = profile.means.map(Tokens::from_millionths);
    let [input_p95, output_p95] = profile.p95.map(Tokens::from_millionths);
    let mean_output = profile.means[1].div_ceil(MILLIONTHS);
    let max_tokens = match charging.max_tokens {
        _ if !charging.generates => None,
        MaxTokens::Unset => None,
        MaxTokens::AtLeast(most) => Some(most),
        MaxTokens::Actual => Some(profile.mean_max_tokens?),
    };
    let max_tokens = match max_tokens {
        Some(most) => Some(Tokens::from_whole(most.max(mean_output).max(1))?),
        None => None,
    };
    Some(RowCells {
        workload: "trace",
        model,
        scope,
        requests_per_minute,
        // The last minute of a trace is rarely a whole one, so that the mean may exceed the busiest.
        peak_requests_per_minute: Some(busiest.max(requests_per_minute)),
        input: input?,
        output: output?,
        cache_read: cache_read?,
        cache_write: cache_write?,
        input_p95: Some(input_p95?),
        output_p95: Some(output_p95?),
        dispersion: None,
        latency: Some(Seconds::from_millionths(profile.mean_latency_microseconds)?),
        max_tokens,
    })
}

/// Where a person would write the cell that something is said of: of all that is said the first is shown.
fn place_in_row(said: &RowFault) -> (bool, Column) {
    (said.column == Column::MaxTokens, said.column)
}
