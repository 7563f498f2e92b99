//! What single facts are called that several commands show.

use super::caps::{cut_share, tight_basis};
use super::refusal;
use crate::engine::{CutShare, FindingChange, Refusal, StageInterval, TightBasis};
use crate::report::words::sentence::Sentence;
use crate::report::words::traits::FactWords;
use crate::units::Ratio;

impl FactWords for super::English {
    fn refusal(&self, refusal: &Refusal) -> Sentence {
        refusal::refusal(refusal)
    }

    fn tight_basis(&self, basis: TightBasis, confidence: Ratio) -> String {
        tight_basis(basis, confidence)
    }

    fn cut_share(&self, cut: CutShare) -> String {
        cut_share(cut)
    }

    fn finding_change(&self, change: FindingChange) -> &'static str {
        match change {
            FindingChange::New => "new",
            FindingChange::Worse => "worse than before",
            FindingChange::Known => "no worse than before",
        }
    }

    fn every(&self, every: StageInterval) -> String {
        let (count, word) = match every {
            StageInterval::Days(days) if days % 7 == 0 => (days / 7, "week"),
            StageInterval::Days(days) => (days, "day"),
            StageInterval::Months(months) => (months, "month"),
        };
        if count == 1 { word.to_owned() } else { format!("{count} {word}s") }
    }
}
