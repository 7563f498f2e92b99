//! The rates of a row as its reader found them, and how they were stated.

use super::{RareColumns, StatedRate};
use crate::units::{ExactRate, Ratio};

/// The rates of a row: `None` where a cell is faulty.
#[allow(clippy::option_option)]
pub(super) struct Rates {
    pub(super) mean: Option<ExactRate>,
    pub(super) peak: Option<Option<ExactRate>>,
    pub(super) stated: Stated,
}

/// How the rates are stated, where not as requests per minute.
#[derive(Clone, Copy, Default)]
pub(super) struct Stated {
    pub(super) rate: Option<StatedRate>,
    pub(super) peak_factor: Option<Ratio>,
    pub(super) calls_per_request: Option<Ratio>,
}

/// Takes in how rates are stated; most rows state requests per minute and need no memory for it.
pub(super) fn with_rates(
    rare: Option<Box<RareColumns>>,
    mean: ExactRate,
    peak: Option<ExactRate>,
    stated: Stated,
) -> Option<Box<RareColumns>> {
    let Stated { rate, peak_factor, calls_per_request } = stated;
    let divisors = (mean.divisor(), peak.map_or(1, ExactRate::divisor));
    if rate.is_none() && peak_factor.is_none() && calls_per_request.is_none() && divisors == (1, 1) {
        return rare;
    }
    let mut rare = rare.unwrap_or_default();
    rare.mean_divisor = Some(divisors.0);
    rare.peak_divisor = Some(divisors.1);
    rare.stated = rate;
    rare.peak_factor = peak_factor;
    rare.calls_per_request = calls_per_request;
    Some(rare)
}
