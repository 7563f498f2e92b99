//! The plan for people: one table, what binds, and what stands out.

use std::io::Write;

use super::json::{QUOTA, document, quota_record};
use super::simulated::{SIMULATED, SimulatedQuotas};
use crate::catalog::RateStatus;
use crate::engine::{AccountDaily, Plan, PlanInput, QuotaPlan};
use crate::report::blocks::cells;
use crate::report::columns::names;
use crate::report::cost;
use crate::report::notes::{capacity_word, edition_words, finding_note};
use crate::report::words::language;
use crate::report::{Block, Cell, Column, Mark, Note, Records, Report};
use crate::text::plain::{cell_name, write_json};
use crate::text::{Severity, Sources};
use crate::units::{Limit, percent_of};
use crate::workload::Workload;

/// A plan, with what was simulated for it beside.
#[derive(Debug, Clone, Copy)]
pub struct PlanReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What was planned.
    pub input: &'a PlanInput<'a>,
    /// The plan.
    pub plan: &'a Plan,
    /// What was simulated for its quotas.
    pub simulated: Option<&'a SimulatedQuotas>,
    /// The inputs as words of another command; `None` where no command comes next.
    pub typed: Option<&'a str>,
}

impl Report for PlanReport<'_> {
    fn blocks(&self) -> Vec<Block> {
        let Self { sources, input, plan, simulated, typed: _ } = *self;
        let mut blocks = vec![quota_table(input, plan, simulated)];
        blocks.extend(summary(input, plan).into_iter().map(Block::Paragraph));
        let of_simulated = simulated.map(|simulated| simulated.paragraphs(input, plan)).unwrap_or_default();
        blocks.extend(of_simulated.into_iter().map(Block::Paragraph));
        blocks.extend(cost::blocks(input, plan));
        let notes = notes(sources, input, plan);
        if !notes.is_empty() {
            blocks.push(Block::Heading(format!("What stands out ({})", counts(&notes))));
            blocks.push(Block::Notes(notes));
        }
        blocks
    }

    fn records(&self) -> Records {
        let Self { input, plan, simulated, .. } = *self;
        let rows = plan.quotas.iter().enumerate().map(|(index, quota)| {
            let mut row: Vec<String> = quota_record(input, quota).collect();
            row.extend(simulated.iter().flat_map(|simulated| simulated.record(index)));
            row
        });
        let columns = names(QUOTA).chain(simulated.iter().flat_map(|_| names(SIMULATED)));
        Records { columns: columns.collect(), rows: rows.collect() }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let Self { sources, input, plan, simulated, typed } = *self;
        write_json(out, &document(sources, input, plan, simulated, typed))
    }
}

fn counts(notes: &[Note]) -> String {
    let words = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counted = words.into_iter().filter_map(|(severity, word)| {
        let count = notes.iter().filter(|note| note.severity == severity).count();
        (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    });
    counted.collect::<Vec<_>>().join(", ")
}

fn quota_table(input: &PlanInput<'_>, plan: &Plan, simulated: Option<&SimulatedQuotas>) -> Block {
    let required =
        if simulated.is_some_and(SimulatedQuotas::is_any) { "Required /\nsimulated" } else { "Required" };
    let columns = vec![
        Column::words("Quota"),
        Column::numbers("Mean").dropped(2),
        Column::numbers("Peak").dropped(1),
        Column::numbers("With\nreservations").dropped(3),
        Column::numbers(required),
        Column::numbers("Granted or\ndefault"),
        Column::words("What to do"),
    ];
    let rows =
        plan.quotas.iter().enumerate().map(|(index, quota)| {
            quota_row(input, quota, simulated.and_then(|simulated| simulated.line(index)))
        });
    let daily = plan.account_daily.iter().map(daily_row);
    Block::Table { columns, rows: rows.chain(daily).collect() }
}

/// The account's quota over all models: an estimate, with nothing to ask for through Service Quotas.
fn daily_row(daily: &AccountDaily) -> Vec<Cell> {
    let mut name = vec!["All models".to_owned(), format!("tpd {}", daily.entry.code_words())];
    name.extend(daily.account.as_ref().map(|account| format!("account {}", cell_name(account))));
    let granted = daily.granted.as_ref().and_then(|granted| granted.value.known());
    let source = if granted.is_some() { "granted" } else { "default" };
    let capacity = capacity_cell(daily.capacity().map(|limit| (limit, source)));
    let passes = daily.hour_settled_tenths.or(daily.hour_billed_tenths).is_some();
    let to_do = if passes { "support case, see below" } else { "nothing: it fits by estimate" };
    let mean = Cell::Lines(vec![Cell::Demand(daily.settled), "estimate".into()]);
    let none = || Cell::Mark(Mark::NotApplicable);
    cells![name.join("\n"), mean, none(), none(), none(), capacity, to_do]
}

/// What there is, and where that comes from.
fn capacity_cell(stated: Option<(Limit, &str)>) -> Cell {
    match stated {
        Some((limit, source)) => Cell::Lines(vec![Cell::limit(limit), source.into()]),
        None => Cell::Mark(Mark::Unknown),
    }
}

fn quota_row(input: &PlanInput<'_>, quota: &QuotaPlan, simulated: Option<String>) -> Vec<Cell> {
    let figures = &quota.figures;
    let mut name = vec![quota.id.place(input.catalog), quota.id.kind_and_code()];
    name.extend(quota.id.account.as_ref().map(|account| format!("account {}", cell_name(account))));
    if quota.rate.status == RateStatus::Unknown && quota.id.kind.counts_tokens() {
        name.push(format!("rate unknown, {} planned", quota.rate.rate));
    }
    let capacity = capacity_cell(quota.capacity().zip(quota.capacity_source.map(capacity_word)));
    let reserves = quota.id.kind.reserves_tokens();
    let none = || Cell::Mark(Mark::NotApplicable);
    let in_flight = if reserves { Cell::demand_or_unknown(figures.in_flight) } else { none() };
    let period = figures.slot.period.filter(|_| figures.required.is_some());
    let period = period.map(|period| format!("in {}", cell_name(input.workloads.text(period))));
    let required =
        [Some(Cell::demand_or_unknown(figures.required)), simulated.map(Cell::from), period.map(Cell::from)];
    cells![
        name.join("\n"),
        Cell::Demand(figures.steady),
        // A whole day at the busiest minute's rate means nothing to a reader.
        if quota.id.kind.is_daily() { none() } else { Cell::Demand(figures.peak) },
        in_flight,
        Cell::Lines(required.into_iter().flatten().collect()),
        capacity,
        language().quota_action(quota),
    ]
}

fn summary(input: &PlanInput<'_>, plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(quota) = plan.binding.and_then(|index| plan.quotas.get(index)) {
        let model = input.catalog.model(quota.id.model);
        let of = quota.capacity_source.map_or("capacity", capacity_word);
        let share = match quota.utilisation {
            Some(utilisation) => format!("{utilisation} of its {of} value"),
            None => format!("demand where the {of} value is 0"),
        };
        lines.push(format!(
            "Binding: {} {} {}, {}, {share}.",
            model.name,
            quota.id.scope,
            quota.id.kind.as_str(),
            quota.id.code_words()
        ));
    }
    let a = input.assumptions;
    let grows = |row: &Workload| row.growth_per_month().is_some_and(|growth| growth.millionths() > 0);
    let growth = match a.months {
        0 => String::new(),
        _ if !input.workloads.rows().iter().any(grows) => {
            " --months changes nothing: no row states growth_per_month.".to_owned()
        }
        1 => " Rates are grown by 1 month.".to_owned(),
        months => format!(" Rates are grown by {months} months."),
    };
    lines.push(format!(
        "Mean and peak are requests a minute times settled cost, as AWS computes it. Required is the larger \
         of two: peak plus {} % headroom, and a level that is exceeded {} % of the time while each request holds \
         input + max_tokens until it completes (assumed), with room for one request more. Daily quotas \
         (tpd) need the mean day plus headroom. What to ask for is rounded up to two digits, so the margins \
         add up.{growth}",
        percent_of(a.config.headroom.millionths()),
        percent_of(1_000_000 - a.config.confidence.millionths().min(1_000_000)),
    ));
    lines.extend(edition_words(&a.config.policy));
    lines
}

fn notes(sources: &Sources, input: &PlanInput<'_>, plan: &Plan) -> Vec<Note> {
    plan.findings.iter().map(|finding| finding_note(sources, input, plan, finding)).collect()
}
