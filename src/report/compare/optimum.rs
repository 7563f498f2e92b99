//! The best assignment for people: what moves where and why, what it needs before and after, and
//! the cells to change.

use super::edits::edits;
use super::result::{CompareReport, saving_cell};
use crate::catalog::{Residency, ResidencyVerdict, code_words};
use crate::engine::{
    Decision, Exceeded, Increases, MonthlyCost, Optimum, Plan, QuotaPlan, QuotasToHold, Reason,
    long_context_words,
};
use crate::report::blocks::cells;
use crate::report::cost::usd;
use crate::report::notes::short;
use crate::report::{Block, Cell, Column, Mark};
use crate::workload::Workload;

/// Heading, summary and tables.
pub(in crate::report) fn blocks(all: &CompareReport<'_>, found: &Optimum) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("The best assignment".to_owned())];
    blocks.push(Block::Paragraph(summary(all, found)));
    blocks.push(decision_table(all, found));
    let quotas = quota_rows(all, found);
    if !quotas.is_empty() {
        let columns = vec![
            Column::words("Quota that changes"),
            Column::numbers("Required\nnow"),
            Column::numbers("Required\nthen"),
            Column::numbers("Limit"),
            Column::words("Verdict"),
        ];
        blocks.push(Block::Table { columns, rows: quotas.into() });
    }
    let cells: Vec<Vec<String>> = found
        .decisions()
        .into_iter()
        .flat_map(|decision| edits(all, decision))
        .map(|edit| {
            let place = edit.place.map(|place| place.to_string()).unwrap_or_default();
            vec![place, edit.column.name().to_owned(), edit.from, edit.to]
        })
        .collect();
    if !cells.is_empty() {
        let columns = vec![
            Column::words("Cell to change"),
            Column::words("Column"),
            Column::words("Now"),
            Column::words("Write"),
        ];
        blocks.push(Block::Table { columns, rows: cells.into() });
    }
    blocks
}

/// A count of quotas in words.
fn quotas(count: usize) -> String {
    if count == 1 { "1 quota".to_owned() } else { format!("{count} quotas") }
}

fn needs(increases: Increases) -> String {
    let verb = if increases.exceeding == 1 { "does" } else { "do" };
    let unjudged = match increases.unjudged {
        0 => String::new(),
        count => format!(" and {} cannot be judged", quotas(count)),
    };
    format!("{} {verb} not hold{unjudged}", quotas(increases.exceeding))
}

fn summary(all: &CompareReport<'_>, found: &Optimum) -> String {
    let decisions = found.decisions();
    let moved = decisions.iter().filter(|decision| decision.moves()).count();
    let moved = match moved {
        0 => "No workload should move".to_owned(),
        1 => "1 workload should move".to_owned(),
        more => format!("{more} workloads should move"),
    };
    let money = |cost: &MonthlyCost| format!("{} US dollars a month", usd(cost));
    let period = match all.base.cost.period {
        Some(_) => " in the most expensive period",
        None => "",
    };
    let mut lines = vec![format!(
        "{moved}. Now {}, for {}{period}; then {}, for {}.",
        needs(found.before),
        money(&all.base.cost.total),
        needs(found.after),
        money(&found.plan.cost.total),
    )];
    lines.push(
        "Residency is kept first; then come the fewest quotas that do not hold, the fewest that cannot be judged, the \
         least money and the fewest moves, all seasons of a workload together."
            .to_owned(),
    );
    let breaking = |met: fn(&Decision) -> bool| decisions.iter().filter(|decision| !met(decision)).count();
    let now = breaking(|decision| decision.residency_met_now);
    let then = breaking(|decision| decision.residency_met);
    if now > 0 {
        let verb = if now == 1 { "workload is" } else { "workloads are" };
        lines.push(format!(
            "{now} {verb} in a scope that is not known to keep to the residency stated; then {then}."
        ));
    }
    let free = decisions.iter().filter(|decision| stated(all, decision).is_none()).count();
    if free > 0 {
        lines.push(format!(
            "{} of {} workloads state no residency (or `any`) and may go anywhere.",
            free,
            decisions.len()
        ));
    }
    lines.push(if found.proven() {
        "Every assignment was considered: none is better.".to_owned()
    } else {
        "There are too many assignments to consider all: this one is improved one workload at a time and is not proven \
         to be the best."
            .to_owned()
    });
    lines.join(" ")
}

/// The strictest rule of a decision's rows, unless it admits every Region.
fn stated(all: &CompareReport<'_>, decision: &Decision) -> Option<Residency> {
    let stated = decision.rows.iter().filter_map(|index| all.row(*index)?.residency()).max();
    stated.filter(|residency| *residency != Residency::Any)
}

fn decision_table(all: &CompareReport<'_>, found: &Optimum) -> Block {
    let columns = vec![
        Column::words("Workload"),
        Column::words("Scope"),
        Column::numbers("Saving"),
        Column::words("Why"),
    ];
    let row = |decision: &Decision| {
        let row: Option<&Workload> = decision.rows.first().and_then(|index| all.row(*index));
        let model = row.map(|row| all.input.catalog.model(row.model()).name.as_str()).unwrap_or_default();
        let name = row.map(Workload::name).unwrap_or_default();
        let (from, to) = (decision.from, decision.to);
        vec![
            format!("{name}\n{model}"),
            if decision.moves() { format!("{from} to {to}") } else { format!("stays {from}") },
            if decision.moves() { saving_cell(decision.saving.as_ref()) } else { "-".to_owned() },
            why(all, decision),
        ]
    };
    Block::Table { columns, rows: found.decisions().into_iter().map(row).collect() }
}

fn exceeded(quota: &Exceeded) -> String {
    let long = long_context_words(quota.long_context);
    let code = code_words(quota.code.as_deref());
    let limit = quota.limit.map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
    let required = quota.required.map_or_else(|| "unknown".to_owned(), short);
    format!("{}{long} {} {code} would need {required} of {limit}", quota.scope, quota.kind.as_str())
}

/// Why a workload is where it is, in words.
pub(in crate::report) fn why(all: &CompareReport<'_>, decision: &Decision) -> String {
    let (Some(against), Some(why)) = (decision.against, &decision.why) else {
        return match decision.residency_met {
            true => "its model has no other scope".to_owned(),
            false => {
                "its model has no other scope, and this one is not known to keep to its residency".to_owned()
            }
        };
    };
    let stated = stated(all, decision);
    let residency = stated.map_or("any", Residency::as_str);
    if !decision.residency_met {
        return format!("no scope of its model is known to keep to `{residency}`");
    }
    match why {
        Reason::Residency => {
            let row = decision.rows.first().and_then(|index| all.row(*index));
            let verdict = row.map(|row| all.input.catalog.model(row.model()).keeps_to(stated, against));
            match verdict {
                Some(ResidencyVerdict::Outside(outside)) => {
                    format!("{against} breaks `{residency}`: it goes to {outside}")
                }
                _ => format!("{against} is not known to keep to `{residency}`"),
            }
        }
        Reason::Increases(quotas) => {
            let quotas: Vec<String> = quotas.iter().map(exceeded).collect();
            format!("in {against}, {}", quotas.join("; "))
        }
        Reason::Unjudged => format!("in {against}, more quotas could not be judged"),
        Reason::Unpriced => format!("in {against}, its cost is not known"),
        Reason::Cost => format!("{against} costs more"),
        Reason::Same => format!("{against} is no better"),
    }
}

/// Whether a quota holds, in words.
fn holds(quota: Option<&QuotaPlan>, held: &QuotasToHold<'_>) -> &'static str {
    let Some(quota) = quota else { return "no demand" };
    match (quota.figures.required, held.limit(quota)) {
        (Some(required), Some(limit)) if limit.holds(required) => "holds",
        (Some(_), Some(_)) => "does not hold",
        _ => "cannot be judged",
    }
}

/// Every quota of which another amount is required in the assignment.
fn quota_rows(all: &CompareReport<'_>, found: &Optimum) -> Vec<Vec<Cell>> {
    let catalog = all.input.catalog;
    let held = QuotasToHold { code: None, assume_defaults: all.asked.assume_defaults };
    let same = |plan: &Plan, quota: &QuotaPlan| {
        let identity = quota.id.about(catalog);
        plan.quotas.iter().position(|other| other.id.about(catalog) == identity)
    };
    let pairs = all.base.quotas.iter().map(|now| {
        let then = same(&found.plan, now).and_then(|index| found.plan.quotas.get(index));
        (Some(now), then)
    });
    let new = found.plan.quotas.iter().filter(|quota| same(all.base, quota).is_none());
    let pairs = pairs.chain(new.map(|quota| (None, Some(quota))));
    let required = |quota: Option<&QuotaPlan>| {
        quota.map_or(Cell::Mark(Mark::NotApplicable), |quota| Cell::demand_or_unknown(quota.figures.required))
    };
    let row = |(now, then): (Option<&QuotaPlan>, Option<&QuotaPlan>)| {
        let either = then.or(now)?;
        let figure = |quota: Option<&QuotaPlan>| quota.map(|quota| quota.figures.required);
        if figure(now) == figure(then) {
            return None;
        }
        let limit = held.limit(either).map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
        let (before, after) = (holds(now, &held), holds(then, &held));
        let verdict = if before == after { after.to_owned() } else { format!("{before}, then {after}") };
        let code = either.id.code_words();
        let name = format!("{}\n{code}", either.subject(catalog));
        Some(cells![name, required(now), required(then), limit, verdict])
    };
    pairs.filter_map(row).collect()
}
