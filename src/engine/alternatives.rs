//! What other statements about a burndown rate would give.

use super::TooLarge;
use super::evaluation::Evaluation;
use super::sums::Variant;
use crate::catalog::{ChosenRate, Model, Provenance, RateStatus};
use crate::units::{BurndownRate, QuotaAmount};

/// Another statement, and the quota it would lead to.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The rate it states; for an unknown one the worst case.
    pub rate: BurndownRate,
    /// Its status today.
    pub status: RateStatus,
    /// Source and date.
    pub provenance: Provenance,
    /// The required amount at that rate; `None` where a reservation is not known.
    pub required: Option<QuotaAmount>,
}

/// Every statement but the chosen one, newest first.
pub(super) fn at_other_rates(
    evaluation: &Evaluation<'_>,
    base: &Variant,
    required: Option<QuotaAmount>,
    model: &Model,
    chosen: &ChosenRate,
) -> Result<Vec<Alternative>, TooLarge> {
    let mut known = vec![(base.rate, required)];
    let mut alternatives = Vec::new();
    for (index, statement) in model.burndown.iter().enumerate() {
        if chosen.statement == Some(index) {
            continue;
        }
        let same = known.iter().find(|(rate, _)| *rate == statement.rate).map(|(_, required)| *required);
        let required = match same {
            Some(required) => required,
            None => evaluation.figures(&Variant { rate: statement.rate, ..*base })?.required,
        };
        known.push((statement.rate, required));
        alternatives.push(Alternative {
            rate: statement.rate,
            status: statement.status,
            provenance: statement.provenance.clone(),
            required,
        });
    }
    Ok(alternatives)
}
