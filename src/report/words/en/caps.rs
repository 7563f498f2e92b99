//! What a cap on max_tokens rests on, and what it cuts.

use crate::engine::{CutShare, TIGHT_MEANS, TightBasis};
use crate::units::{Ratio, percent_of};

/// What a tight cap is, at a confidence.
pub(super) fn tight_basis(basis: TightBasis, confidence: Ratio) -> String {
    match basis {
        TightBasis::Means => {
            format!("{TIGHT_MEANS} x the mean output (assumed), since no p95 or p99 is stated")
        }
        TightBasis::P99 => "1.25 x the p99 of the output (assumed)".to_owned(),
        TightBasis::P95 => format!(
            "the larger of 1.25 x the p95 of the output (assumed) and its {} % quantile, as a log-normal",
            percent_of(confidence.millionths())
        ),
        TightBasis::Maximum => "the model's maximum".to_owned(),
    }
}

/// The share of answers that a cap is expected to cut.
pub(super) fn cut_share(cut: CutShare) -> String {
    let percent = percent_of(cut.share().millionths());
    match cut.is_estimate() {
        _ if cut.share() == Ratio::ZERO => "none".to_owned(),
        true => format!("about {percent} %"),
        false => format!("less than {percent} %"),
    }
}
