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
        Some(compared) => format!("no scope of the model stays there. {}", offers(all, &compared.compliant)),
        None => "no scope of the model stays there".to_owned(),
    }
}

/// The models and scopes that keep to a residency, those of which AWS grants no increases last.
pub(in crate::report) fn offers(all: &CompareReport<'_>, models: &[CompliantModel]) -> String {
    let today = all.input.assumptions.today;
    let name = |one: &CompliantModel| {
        let scopes: Vec<&str> = one.scopes.iter().map(|scope| scope.as_str()).collect();
        format!("{} ({})", all.input.catalog.model(one.model).name, scopes.join(", "))
    };
    let is_closed = |one: &&CompliantModel| all.input.catalog.model(one.model).takes_no_increases(today);
    let open: Vec<String> = models.iter().filter(|one| !is_closed(one)).map(name).collect();
    let closed: Vec<String> = models.iter().filter(is_closed).map(name).collect();
    let mut offers = match open.as_slice() {
        [] => "No model of its kind that AWS grants increases for has one that does.".to_owned(),
        open => format!("Models of its kind that have one: {}.", open.join(", ")),
    };
    if !closed.is_empty() {
        offers.push_str(&format!(" Legacy or retired, so without increases: {}.", closed.join(", ")));
    }
    offers
}
