//! What every report of a simulation needs: the results themselves, what was assumed, and shares.

use crate::catalog::{ChosenRate, Model, Scope};
use crate::experiment::{Charging, ClosedForm, Measure, Profile, Scale, Simulation};
use crate::simulate::Retries;
use crate::text::FactDate;
use crate::trace::{Counts, Format};
use crate::units::{MILLIONTHS, QuotaAmount, Ratio};

/// What was asked of all simulations of a run.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The share of first attempts that may be throttled.
    pub target: Ratio,
    /// How throttled requests are sent again, where that was tried.
    pub retries: Option<Retries>,
    /// Whatever led to these draws.
    pub seed: u64,
    /// By how much the rate was multiplied, and how.
    pub scale: Option<Scale>,
    /// The date of the burndown rates, where one was given.
    pub rates_as_of: Option<FactDate>,
    /// Headroom of the formula.
    pub headroom: Ratio,
    /// Confidence of the closed form.
    pub confidence: Ratio,
    /// Minutes that a prefix stays in the cache, for traces of blocks.
    pub cache_life_minutes: Option<u32>,
}

/// Where requests come from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The kind of trace.
    pub format: Format,
    /// What was counted on reading, over all models.
    pub counts: Counts,
}

/// A question about a quota and its answer: the largest safe max_tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxTokensAnswer {
    /// The window.
    pub measure: Measure,
    /// The quota, tokens a minute.
    pub quota: QuotaAmount,
    /// The largest max_tokens; `None` where not even 1 is safe.
    pub max_tokens: Option<u64>,
}

/// One simulation: of the requests of a model and scope.
#[derive(Debug)]
pub struct Simulated<'a> {
    /// The model.
    pub model: &'a Model,
    /// The scope.
    pub scope: Scope,
    /// The burndown rate and its status.
    pub rate: ChosenRate,
    /// How requests were charged.
    pub charging: Charging,
    /// From the first arrival to the last, in microseconds.
    pub duration_microseconds: u64,
    /// What was found.
    pub simulation: Simulation,
    /// The traffic described the way a workloads row does; `None` where there is none.
    pub profile: Option<Profile>,
    /// What the plan of that row says, or why it says nothing.
    pub closed_form: Result<ClosedForm, String>,
    /// Answers about max_tokens, where asked for.
    pub solutions: Option<Vec<MaxTokensAnswer>>,
}

/// Everything that simulations are reported from.
#[derive(Debug)]
pub struct Simulating<'a> {
    /// What was asked.
    pub asking: Asking,
    /// Where the requests come from.
    pub source: Source,
    /// By model and scope.
    pub simulated: Vec<Simulated<'a>>,
}

impl Simulated<'_> {
    /// The safe quota of the rolling window, where that was tried.
    pub(super) fn rolling(&self) -> Option<QuotaAmount> {
        let rolling = self.simulation.windows.iter().find(|result| result.measure == Measure::Rolling);
        rolling.and_then(|result| result.safe_quota)
    }

    /// What the closed form requires over the rolling safe quota, half up to six decimals.
    pub(super) fn ratio_to_rolling(&self) -> Option<Ratio> {
        let required = self.closed_form.as_ref().ok()?.required?;
        share(required.get().into(), self.rolling()?.get().into())
    }
}

/// `part` of `whole`, half up to six decimals; `None` of nothing, or above 10^12.
pub(super) fn share(part: u128, whole: u128) -> Option<Ratio> {
    let twice = (part.checked_mul(2 * u128::from(MILLIONTHS))? + whole).checked_div(2 * whole)?;
    u64::try_from(twice).ok().and_then(Ratio::from_millionths)
}
