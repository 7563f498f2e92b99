//! What a tenth more of each input does to the required quotas: where measuring better pays.

use std::collections::BTreeMap;

use super::TooLarge;
use super::assumptions::PlanInput;
use super::plan::plan;
use super::result::Plan;
use super::whatif::{assumed_latency, busiest, scaled, times};
use crate::units::{Fact, MILLIONTHS, QuotaAmount, Ratio, Seconds, Tokens, words};
use crate::workload::{Edit, Workload};

words! {
    /// An input whose effect is measured.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Measured {
        /// Both request rates.
        Rates = "rate",
        /// The busiest minute alone.
        Peak = "peak_requests_per_minute",
        /// Uncached input.
        Input = "input_tokens",
        /// Output.
        Output = "output_tokens",
        /// Cache reads.
        CacheRead = "cache_read_tokens",
        /// Cache writes.
        CacheWrite = "cache_write_tokens",
        /// max_tokens, up to the model's maximum.
        MaxTokens = "max_tokens",
        /// Latency.
        Latency = "latency_seconds",
        /// The 95th percentile of the input.
        InputP95 = "input_tokens_p95",
        /// The 95th percentile of the output.
        OutputP95 = "output_tokens_p95",
        /// Dispersion.
        Dispersion = "dispersion",
        /// Headroom.
        Headroom = "headroom",
    }
}

/// What a tenth more of one input does.
#[derive(Debug, Clone)]
pub struct Sensitivity {
    /// The input.
    pub input: Measured,
    /// What each quota then requires, in the order of the base plan; `None` where not known.
    pub required: Vec<Option<QuotaAmount>>,
}

/// A tenth more, in millionths.
const MORE: u64 = MILLIONTHS + MILLIONTHS / 10;

/// A row with a tenth more of an input; as it is where it has none of it.
fn more(row: &Workload, input: Measured, base: &PlanInput<'_>) -> Option<Workload> {
    let factor = Ratio::from_millionths(MORE)?;
    let model = base.catalog.model(row.model());
    let tokens = |tokens: Tokens| times(tokens.millionths(), factor).and_then(Tokens::from_millionths);
    let none = Edit::default();
    let edit = match input {
        Measured::Rates => return scaled(row, factor),
        Measured::Peak => Edit { peak_rate: Some(busiest(row, base.assumptions)?.times(factor)?), ..none },
        Measured::Input => Edit { input: Some(tokens(row.input())?), ..none },
        Measured::Output => Edit { output: Some(tokens(row.output())?), ..none },
        Measured::CacheRead => Edit { cache_read: Some(tokens(row.cache_read())?), ..none },
        Measured::CacheWrite => Edit { cache_write: Some(tokens(row.cache_write())?), ..none },
        Measured::MaxTokens => match (row.max_tokens(), model.max_output_tokens) {
            (Some(max), Fact::Known(maximum)) => Edit { max_tokens: Some(tokens(max)?.min(maximum)), ..none },
            (Some(max), _) => Edit { max_tokens: Some(tokens(max)?), ..none },
            (None, _) => none,
        },
        Measured::Latency => {
            let own =
                row.latency().map_or_else(|| assumed_latency(row, base), |own| Some(own.millionths()))?;
            Edit { latency: Some(Seconds::from_millionths(times(own, factor)?)?), ..none }
        }
        Measured::InputP95 => Edit { input_p95: row.input_p95().and_then(tokens), ..none },
        Measured::OutputP95 => Edit { output_p95: row.output_p95().and_then(tokens), ..none },
        Measured::Dispersion => {
            let own = row.dispersion().map_or(MILLIONTHS, Ratio::millionths);
            Edit { dispersion: Some(Ratio::from_millionths(times(own, factor)?)?), ..none }
        }
        Measured::Headroom => none,
    };
    Some(row.edited(&edit))
}

/// What a tenth more of each input does to the quotas of a plan.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn sensitivity(input: &PlanInput<'_>, base: &Plan) -> Result<Vec<Sensitivity>, TooLarge> {
    let mut found = Vec::new();
    for measured in Measured::ALL {
        let rows = input.workloads.rows().iter().map(|row| more(row, measured, input));
        let rows: Option<Vec<Workload>> = rows.collect();
        let workloads = input.workloads.with_rows(rows.ok_or(TooLarge { row: None })?);
        let mut assumptions = input.assumptions.clone();
        if measured == Measured::Headroom {
            let headroom = u128::from(assumptions.config.headroom.millionths()) * u128::from(MORE);
            let headroom = u64::try_from(headroom.div_ceil(u128::from(MILLIONTHS))).ok();
            assumptions.config_mut().headroom =
                headroom.and_then(Ratio::from_millionths).unwrap_or(assumptions.config.headroom);
        }
        let then = plan(&PlanInput { workloads: &workloads, assumptions: &assumptions, ..*input })?;
        // Longer input may count against other quotas, so quotas are found by what they are.
        let by_identity =
            then.quotas.iter().map(|quota| (quota.id.about(input.catalog), quota.figures.required));
        let by_identity: BTreeMap<String, Option<QuotaAmount>> = by_identity.collect();
        let required = base
            .quotas
            .iter()
            .map(|quota| by_identity.get(&quota.id.about(input.catalog)).copied().flatten());
        found.push(Sensitivity { input: measured, required: required.collect() });
    }
    Ok(found)
}

/// What a tenth more of each input does to a quota's requirement, the largest effect first; what does nothing, or
/// is not known, is left out.
#[must_use]
pub fn ranked_effects(base: &Plan, found: &[Sensitivity], quota: usize) -> Vec<(Measured, i128)> {
    let Some(before) = base.quotas.get(quota).and_then(|quota| quota.figures.required) else {
        return Vec::new();
    };
    let effects = found.iter().filter_map(|one| {
        let after = one.required.get(quota).copied().flatten()?;
        Some((one.input, i128::from(after.get()) - i128::from(before.get())))
    });
    let mut effects: Vec<(Measured, i128)> = effects.filter(|(_, change)| *change != 0).collect();
    effects.sort_by_key(|(_, change)| std::cmp::Reverse(change.unsigned_abs()));
    effects
}
