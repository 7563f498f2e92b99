//! The best assignment of scopes, and the names, headings and titles of a comparison's tables.

use super::compare_statements::STATEMENTS;
use super::numbers::short_demand;
use super::{compare, shared::counted};
use crate::catalog::{Catalog, Residency, ResidencyVerdict, Scope, code_words};
use crate::engine::{
    CompliantModel, Decision, Exceeded, Headroom, Increases, MonthlyCost, QuotaPlan, Reason, Saving,
    ScopeQuota, long_context_words,
};
use crate::report::cost::{hundredths, usd};
use crate::report::words::actions::ActionSentence;
use crate::report::words::compare::{
    CompareHeading, CompareTally, CompareTitles, CompareWords, ComparedWorkload, DecisionIn, OptimumFigures,
    Standing, Statements,
};
use crate::text::FactDate;
use crate::text::plain::cell_name;
use crate::units::QuotaKind;

fn needs(increases: Increases) -> String {
    let verb = if increases.exceeding == 1 { "does" } else { "do" };
    let unjudged = match increases.unjudged {
        0 => String::new(),
        count => format!(" and {} cannot be judged", counted(count, "quota")),
    };
    format!("{} {verb} not hold{unjudged}", counted(increases.exceeding, "quota"))
}

fn money(cost: &MonthlyCost) -> String {
    format!("{} USD a month", usd(cost))
}

/// A quota that would not hold: `us tpm L-58BE175A would need 3.00 M of 2,400,000`.
fn would_not_hold(quota: &Exceeded) -> String {
    let long = long_context_words(quota.long_context);
    let code = code_words(quota.code.as_deref());
    let limit = quota.limit.map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
    let required = quota.required.map_or_else(|| "unknown".to_owned(), short_demand);
    format!("{}{long} {} {code} would need {required} of {limit}", quota.scope, quota.kind.as_str())
}

/// Why a workload is where it is.
fn why(of: &DecisionIn<'_>) -> String {
    let DecisionIn { decision, stated, outside } = *of;
    let (Some(against), Some(why)) = (decision.against, &decision.why) else {
        return match decision.residency_met {
            true => "its model has no other scope".to_owned(),
            false => "its model has no other scope, and it is not known whether this one meets its residency"
                .to_owned(),
        };
    };
    let residency = stated.map_or("any", Residency::as_str);
    if !decision.residency_met {
        return format!("no scope of its model is known to meet `{residency}`");
    }
    match why {
        Reason::Residency => match outside {
            Some(outside) => format!("{against} breaks `{residency}`: it may send requests to {outside}"),
            None => format!("it is not known whether {against} meets `{residency}`"),
        },
        Reason::Increases(quotas) => {
            let quotas: Vec<String> = quotas.iter().map(would_not_hold).collect();
            format!("in {against}, {}", quotas.join("; "))
        }
        Reason::Unjudged => format!("in {against}, more quotas could not be judged"),
        Reason::Unpriced => format!("in {against}, its cost is not known"),
        Reason::Cost => format!("{against} costs more"),
        Reason::Same => format!("{against} is no better"),
    }
}

/// The same in a few words.
fn short_why(of: &DecisionIn<'_>) -> String {
    let DecisionIn { decision, stated, .. } = *of;
    let residency = stated.map_or("any", Residency::as_str);
    let (Some(against), Some(why)) = (decision.against, &decision.why) else {
        return "the only scope".to_owned();
    };
    if !decision.residency_met {
        return format!("no scope meets {residency}");
    }
    match why {
        Reason::Residency => format!("residency is {residency}"),
        Reason::Increases(_) => format!("{against} is too small"),
        Reason::Unjudged => format!("{against} is not judged"),
        Reason::Unpriced => format!("no price for {against}"),
        Reason::Cost => format!("{against} costs more"),
        Reason::Same => format!("{against} is no better"),
    }
}

impl CompareWords for super::English {
    fn compare_verdict(&self, tally: &CompareTally, assume_defaults: bool) -> Vec<String> {
        compare::verdict(tally, assume_defaults)
    }

    fn optimum_verdict(&self, figures: &OptimumFigures<'_>) -> Vec<String> {
        let period = if figures.has_periods { " in the most expensive period" } else { "" };
        let of = counted(figures.workloads, "workload");
        let moved = match figures.moved {
            0 => format!("No workload of {} should move.", figures.workloads),
            1 => format!("1 of {of} should move."),
            more => format!("{more} of {of} should move."),
        };
        let now = format!("Now: {}, for {}{period}.", needs(figures.before), money(figures.cost_before));
        let then = format!("Then: {}, for {}.", needs(figures.after), money(figures.cost_after));
        let (breaking, breaking_then) = figures.breaking;
        let residency = (breaking > 0).then(|| {
            let are = if breaking == 1 { "workload is" } else { "workloads are" };
            format!(
                "{breaking} {are} in a scope that is not known to meet the residency; after the moves, \
                     {breaking_then}."
            )
        });
        let sentences = if figures.moved == 0 { vec![moved, now] } else { vec![moved, now, then] };
        sentences.into_iter().chain(residency).collect()
    }

    fn optimum_method(&self, figures: &OptimumFigures<'_>) -> Vec<String> {
        let mut sentences = vec![
            "The best assignment meets every residency; then it has the fewest exceeded quotas, the fewest quotas \
             that cannot be judged, the lowest cost and the fewest moves, in this order. All periods of a workload \
             move together."
                .to_owned(),
        ];
        if figures.free > 0 {
            sentences.push(format!(
                "{} of {} workloads state no residency (or `any`) and may go anywhere.",
                figures.free, figures.workloads
            ));
        }
        sentences.push(if figures.proven {
            "Every assignment was considered: none is better.".to_owned()
        } else {
            "There are too many assignments to consider all of them: this one was improved one workload at a time \
             and is not proven to be the best."
                .to_owned()
        });
        sentences
    }

    fn compare_step(
        &self,
        of: &ComparedWorkload<'_>,
        catalog: &Catalog,
        today: FactDate,
    ) -> (&'static str, ActionSentence) {
        compare::step(of, catalog, today)
    }

    fn scope_verdict(&self, of: &ComparedWorkload<'_>) -> String {
        compare::short_verdict(of)
    }

    fn compare_method(&self, tally: &CompareTally) -> Vec<String> {
        compare::method(tally)
    }

    fn more_compared(&self, left: usize, to_do: usize) -> String {
        match to_do {
            0 => format!("{left} more stay (show with --all)"),
            _ if to_do == left => format!("{left} more to look at (show with --all)"),
            _ => format!("{to_do} more to look at; {} more stay (show with --all)", left - to_do),
        }
    }

    fn more_moves(&self, count: usize) -> String {
        format!("{count} more: --all")
    }

    fn move_step(&self, name: &str, model: &str, of: &DecisionIn<'_>) -> (&'static str, ActionSentence) {
        let (from, to) = (of.decision.from, of.decision.to);
        let saving = of.decision.saving.as_ref().and_then(Saving::cents);
        let saves = saving.map(|saving| match saving {
            0 => "costs the same".to_owned(),
            saving if saving > 0 => format!("saves {} USD a month", compare::whole_usd(saving)),
            saving => format!("costs {} USD a month more", compare::whole_usd(-saving)),
        });
        let saves = saves.map(|saves| format!(": {saves}")).unwrap_or_default();
        let what = format!("{name} ({model}) from {from} to {to}{saves}");
        ("MOVE", ActionSentence { what, why: vec![why(of)] })
    }

    fn assigned(&self, decision: &Decision) -> String {
        if decision.moves() {
            format!("{} to {}", decision.from, decision.to)
        } else {
            format!("stays {}", decision.from)
        }
    }

    fn why_assigned(&self, of: &DecisionIn<'_>) -> String {
        why(of)
    }

    fn why_assigned_short(&self, of: &DecisionIn<'_>) -> String {
        short_why(of)
    }

    fn no_scope_stays(&self, offers: Option<&str>) -> String {
        match offers {
            Some(offers) => format!("no scope of the model stays there. {offers}"),
            None => "no scope of the model stays there".to_owned(),
        }
    }

    fn offers(&self, models: &[CompliantModel], catalog: &Catalog, today: FactDate) -> String {
        let name = |one: &CompliantModel| {
            let scopes: Vec<&str> = one.scopes.iter().map(|scope| scope.as_str()).collect();
            format!("{} ({})", catalog.model(one.model).name, scopes.join(", "))
        };
        let is_closed = |one: &&CompliantModel| catalog.model(one.model).takes_no_increases(today);
        let open: Vec<String> = models.iter().filter(|one| !is_closed(one)).map(name).collect();
        let closed: Vec<String> = models.iter().filter(is_closed).map(name).collect();
        let mut offers = match open.as_slice() {
            [] => "No similar model that AWS grants increases for has such a scope.".to_owned(),
            open => format!("Similar models that have one: {}.", open.join(", ")),
        };
        if !closed.is_empty() {
            offers.push_str(&format!(" Legacy or retired, so without increases: {}.", closed.join(", ")));
        }
        offers
    }

    fn no_scope_keeps(&self, residency: Residency, names: &str, offers: &str) -> String {
        format!("No scope of the model is known to meet `{residency}`: {names}. {offers}")
    }

    fn names_and_more(&self, names: &[String], more: usize) -> String {
        match more {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    }

    fn quota_in_scope(&self, kind: QuotaKind, code: Option<&str>, name: &str, scope: Scope) -> String {
        format!("{kind} {} with {name} in {scope}", code_words(code))
    }

    fn scope_table_method(&self) -> &'static str {
        "Each line moves one row and leaves the rest of the file where it is. Needs is what the quota must then be, \
         with everything that shares it; Left is its limit minus Needs. Savings are compared with the present scope, \
         at the model table's prices."
    }

    fn others_would_not_hold(&self, names: &str) -> String {
        format!("Other quotas that would be exceeded: {names}.")
    }

    fn unknown_headroom(&self) -> &'static str {
        "What is left is unknown if no applied value is given: add it to [granted], or use AWS's defaults with \
         --assume-defaults."
    }

    fn scope_quota(&self, quota: Option<&ScopeQuota<'_>>) -> String {
        compare::scope_quota(quota)
    }

    fn holds(&self, quota: Option<&QuotaPlan>, holds: Option<bool>) -> &'static str {
        match (quota, holds) {
            (None, _) => "no demand",
            (Some(_), Some(true)) => "fits",
            (Some(_), Some(false)) => "exceeded",
            (Some(_), None) => "cannot be judged",
        }
    }

    fn holds_then(&self, before: &str, after: &str) -> String {
        if before == after { after.to_owned() } else { format!("{before}, then {after}") }
    }

    fn residency_in_scope(&self, stated: Option<Residency>, verdict: &ResidencyVerdict) -> String {
        let residency = stated.map_or("any", Residency::as_str);
        match (verdict, stated) {
            (ResidencyVerdict::Met, None) => "none stated".to_owned(),
            (ResidencyVerdict::Met, Some(_)) => format!("{residency}: met"),
            (ResidencyVerdict::Outside(_), _) => format!("{residency}: not met"),
            (ResidencyVerdict::Unknown, _) => format!("{residency}: not known"),
        }
    }

    fn destinations_unlisted(&self, all_commercial: bool, scope: Scope) -> &'static str {
        match (all_commercial, scope) {
            (true, _) => "all commercial Regions; AWS may add some",
            (false, Scope::Global) => "unknown; any commercial Region, and AWS may change the list",
            (false, _) => "unknown: not looked up for this model",
        }
    }

    fn global_saving(&self, range: Option<(i64, i64)>) -> String {
        let computed = match range {
            Some((least, most)) if least == most => {
                format!("For the rows above that call US profiles, Global costs {} % less", hundredths(least))
            }
            Some((least, most)) => format!(
                "For the rows above that call US profiles, Global costs {} to {} % less",
                hundredths(least),
                hundredths(most)
            ),
            None => "No price of both a US and a Global profile is known for these rows".to_owned(),
        };
        format!(
            "{computed}, computed from the model table's prices. If US costs 10 % more than Global, Global is 9.09 % \
             below US."
        )
    }

    fn whole_usd(&self, cents: i128) -> String {
        compare::whole_usd(cents)
    }

    fn standing(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Current => "",
            Standing::Contradicted => "; newer sources disagree",
        }
    }

    fn compare_heading(&self, heading: CompareHeading) -> &'static str {
        match heading {
            CompareHeading::EveryScope => "Every scope, one row moved at a time",
            CompareHeading::Cells => "Cells to change",
            CompareHeading::Findings => "Findings about the choice",
            CompareHeading::Destinations => "Where requests may be processed",
            CompareHeading::Storage => "Where data is stored",
            CompareHeading::Criteria => "Choosing between US and Global",
        }
    }

    fn statements(&self) -> Statements {
        STATEMENTS
    }

    fn compare_titles(&self) -> CompareTitles {
        CompareTitles {
            workload: "Workload",
            model: "Model",
            now: "Now",
            verdict: "Verdict",
            saves: "Could save",
            step: "Step",
            scope: "Scope",
            quota: "Quota",
            needs: "Needs",
            limit: "Limit",
            left: "Left",
            cost: "USD a month",
            percent: "Saves %",
            residency: "Residency",
            why: "Why",
            changed_quota: "Quota that changes",
            needs_now: "Needs now",
            needs_then: "Needs then",
            holds: "Result",
            cell: "Cell",
            column: "Column",
            old: "Now",
            new: "Write",
            destinations: "Destination Regions",
            models: "Models",
        }
    }

    fn row_of_account(&self, name: &str, account: Option<&str>) -> String {
        let account = account.map(|account| format!(", account {}", cell_name(account)));
        format!("{name}{}", account.unwrap_or_default())
    }

    fn scope_of_row(&self, scope: Scope, is_present: bool) -> String {
        if is_present { format!("{scope} (now)") } else { scope.to_string() }
    }

    fn headroom(&self, headroom: Headroom) -> String {
        compare::left(headroom)
    }

    fn saving_percent(&self, saving: i64) -> String {
        hundredths(saving)
    }
}
