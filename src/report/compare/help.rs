//! What a comparison says to do about a finding, and the models that keep to a residency.

use super::result::CompareReport;
use crate::engine::{CompliantModel, Finding, FindingFact, FindingPlace, ResidencyFault};
use crate::report::words::{FindingIn, language};

/// What to do about a finding. Where the models with a scope that keeps to the residency are shown here, it
/// names them and does not send for them.
pub(super) fn help_here(all: &CompareReport<'_>, finding: &Finding) -> String {
    let sends_here = match &finding.fact {
        FindingFact::Residency { fault: ResidencyFault::Outside { others, .. }, .. } => others.is_empty(),
        _ => false,
    };
    let Some(FindingPlace::Cell { row, .. }) = finding.place.filter(|_| sends_here) else {
        return language().finding(&FindingIn { input: all.input, plan: all.base, finding }).help;
    };
    // In file order.
    match all.rows.binary_search_by_key(&row, |compared| compared.row).ok().and_then(|at| all.rows.get(at)) {
        Some(compared) => language().no_scope_stays(Some(&offers(all, &compared.compliant))),
        None => language().no_scope_stays(None),
    }
}

/// The models and scopes that keep to a residency, those of which AWS grants no increases last.
pub(super) fn offers(all: &CompareReport<'_>, models: &[CompliantModel]) -> String {
    language().offers(models, all.input.catalog, all.input.assumptions.today)
}
