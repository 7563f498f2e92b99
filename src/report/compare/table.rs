//! The comparison of scopes for people and spreadsheets.

use std::io::Write;

use super::details::{self, made};
use super::json::document;
use super::optimum;
use super::records::{columns, of_row};
use super::result::CompareReport;
use super::verdicts::Verdicts;
use crate::engine::RowScopes;
use crate::report::actions::LOOK_UP;
use crate::report::evidence::left_out_findings;
use crate::report::notes::edition_words;
use crate::report::words::{CompareHeading, ComparedWorkload, Fit, ScopeVerdict, language};
use crate::report::{Block, BlockOf, Cell, Column, Detail, Flag, Mark, RecordsOf, Report, Rows, Step, Tone};
use crate::text::plain::{shell_word, write_json};
use crate::workload::Workload;

/// Rows of a screen; more are counted.
const ROWS: usize = 12;

/// The rows of a large file take many times its memory in every form: they are made while they are written.
impl Report for CompareReport<'_> {
    fn blocks(&self, detail: Detail) -> Vec<BlockOf<'_>> {
        blocks(self, detail)
    }

    fn records(&self) -> RecordsOf<'_> {
        RecordsOf { columns: columns(self), rows: made(self, of_row) }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        write_json(out, &document(*self))
    }
}

fn blocks<'a>(all: &CompareReport<'a>, detail: Detail) -> Vec<BlockOf<'a>> {
    let verdicts = Verdicts::read(all, ROWS);
    let mut blocks = match all.optimum {
        Some(found) => optimum::lead(all, found, detail),
        None => lead(all, &verdicts),
    };
    if !detail.has_evidence() {
        return blocks;
    }
    match all.optimum {
        Some(found) => blocks.extend(optimum::evidence(all, found, detail)),
        None if !detail.has_all_rows() => blocks.extend(verdict_table(&verdicts)),
        None => {}
    }
    if detail.has_all_rows() {
        blocks.push(Block::Heading(language().compare_heading(CompareHeading::EveryScope).to_owned()));
        blocks.push(details::scope_table(all));
    }
    let edition = edition_words(&all.input.assumptions.config.policy);
    if detail.is_everything() {
        blocks.extend(details::blocks(all));
        blocks.extend(edition.map(Block::Paragraph));
    } else {
        let mut lines = match all.optimum {
            Some(found) => optimum::method(all, found),
            None => language().compare_method(&verdicts.tally),
        };
        if all.optimum.is_none() {
            lines.push(language().monthly_cost(all.input, all.base));
        }
        lines.extend(edition);
        let findings = all.findings();
        lines.extend(left_out_findings(
            findings.iter().map(|finding| (finding.severity, finding.code.as_str())),
        ));
        blocks.push(Block::Lines(lines));
    }
    let commands = next_commands(all, &verdicts);
    if !commands.is_empty() {
        blocks.push(Block::Commands(commands));
    }
    blocks
}

/// The verdict, and what to do about the rows that do not stay.
fn lead<'a>(all: &CompareReport<'a>, verdicts: &Verdicts<'a>) -> Vec<BlockOf<'a>> {
    let tally = &verdicts.tally;
    let tone = match tally.to_do() {
        _ if tally.without_scope + tally.rescoped > 0 => Tone::Bad,
        0 if tally.without_limit > 0 => Tone::Plain,
        0 => Tone::Good,
        _ => Tone::Unsure,
    };
    let sentences = language().compare_verdict(tally, all.asked.assume_defaults);
    let mut blocks = vec![Block::Verdict { tone, sentences }];
    let to_do = || verdicts.shown.iter().filter(|of| of.verdict.is_to_do());
    let step = |(number, of): (u32, &ComparedWorkload<'_>)| {
        let (verb, said) = language().compare_step(of, all.input.catalog, all.input.assumptions.today);
        Step {
            number,
            verb: verb.to_owned(),
            what: said.what,
            code: code(of).unwrap_or_default().to_owned(),
            why: said.why,
            ..Step::default()
        }
    };
    let steps: Vec<Step> = (1..).zip(to_do()).map(step).collect();
    let left = tally.to_do() - steps.len();
    if !steps.is_empty() {
        blocks.push(Block::Steps(steps));
    }
    if left > 0 {
        blocks.push(Block::Rest(language().more_moves(left)));
    }
    blocks
}

/// The code of the quota that a row is moved to.
fn code<'a>(of: &ComparedWorkload<'a>) -> Option<&'a str> {
    match of.verdict {
        ScopeVerdict::Rescope { .. } | ScopeVerdict::MoveToFit { .. } | ScopeVerdict::MoveToSave { .. } => {
            of.quota.as_ref()?.code()
        }
        ScopeVerdict::NoCompliantScope | ScopeVerdict::ResidencyUnknown | ScopeVerdict::Stay(_) => None,
    }
}

const fn flag(verdict: ScopeVerdict) -> Flag {
    match verdict {
        ScopeVerdict::NoCompliantScope | ScopeVerdict::Rescope { .. } => Flag::Bad,
        ScopeVerdict::ResidencyUnknown | ScopeVerdict::MoveToSave { fit: Fit::Unknown, .. } => Flag::Unknown,
        ScopeVerdict::MoveToFit { .. } | ScopeVerdict::MoveToSave { .. } => Flag::Near,
        ScopeVerdict::Stay(_) => Flag::Fine,
    }
}

/// The rows of a screen, each with its verdict.
fn verdict_table<'a>(verdicts: &Verdicts<'a>) -> Vec<BlockOf<'a>> {
    let titles = language().compare_titles();
    let columns = vec![
        Column::flags(),
        Column::words(titles.workload),
        Column::codes(titles.now).dropped(2),
        Column::codes(titles.verdict),
        Column::numbers(titles.saves).dropped(1),
        Column::numbers(titles.step),
    ];
    let row = |(number, of): (u32, &ComparedWorkload<'_>)| -> Vec<Cell> {
        let saves = of.saving.map(|cents| language().whole_usd(cents));
        vec![
            flag(of.verdict).into(),
            of.name.as_str().into(),
            of.from.as_str().into(),
            language().scope_verdict(of).into(),
            saves.map_or(Cell::Mark(Mark::NotApplicable), Cell::from),
            if of.verdict.is_to_do() { number.to_string().into() } else { "".into() },
        ]
    };
    let rows: Vec<Vec<Cell>> = (1..).zip(&verdicts.shown).map(row).collect();
    let to_do = verdicts.shown.iter().filter(|of| of.verdict.is_to_do()).count();
    let mut blocks = vec![BlockOf::Table { columns, rows: Rows::from(rows) }];
    if verdicts.left > 0 {
        blocks.push(Block::Rest(language().more_compared(verdicts.left, verdicts.tally.to_do() - to_do)));
    }
    blocks
}

/// What comes next: a model that keeps to a residency, all moves together, or the limits that are missing.
fn next_commands(all: &CompareReport<'_>, verdicts: &Verdicts<'_>) -> Vec<String> {
    let Some(typed) = all.typed else { return Vec::new() };
    let workload = all.asked.workload.map(|name| format!(" --workload {}", shell_word(name)));
    let workload = workload.unwrap_or_default();
    let assumed = if all.asked.assume_defaults { " --assume-defaults" } else { "" };
    let tally = &verdicts.tally;
    let migrate = all.rows.iter().find_map(|compared| migrate(all, compared));
    let optimise = all.optimum.is_none() && tally.to_do() > tally.without_scope + tally.residency_unknown;
    let missing = tally.without_limit > 0 && !all.asked.assume_defaults;
    let optimised = if all.optimum.is_some() { " --optimise" } else { "" };
    let commands = [
        migrate.map(|(from, to)| format!("quotaplan migrate {typed} --from {from} --to {to}")),
        missing.then(|| LOOK_UP.to_owned()),
        missing.then(|| format!("quotaplan compare {typed}{workload}{optimised} --assume-defaults")),
        optimise.then(|| format!("quotaplan compare {typed}{workload}{assumed} --optimise")),
    ];
    commands.into_iter().flatten().collect()
}

/// Where the rows of a model may go of which no scope keeps to their residency: the first that AWS grants increases
/// for.
fn migrate(all: &CompareReport<'_>, compared: &RowScopes<'_>) -> Option<(String, String)> {
    let today = all.input.assumptions.today;
    let is_open = |index| !all.input.catalog.model(index).takes_no_increases(today);
    let to = compared.compliant.iter().find(|compliant| is_open(compliant.model))?;
    let row = all.row(compared.row)?;
    // The command moves every row of the model and scope.
    let moves = |other: &Workload| (other.model(), other.scope()) == (row.model(), row.scope());
    let goes_there = |other: &&RowScopes<'_>| {
        all.row(other.row).is_some_and(moves)
            && other.compliant.iter().any(|compliant| compliant.model == to.model)
    };
    let moved = all.input.workloads.rows().iter().filter(|other| moves(other)).count();
    if all.rows.iter().filter(goes_there).count() < moved {
        return None;
    }
    let from = &all.input.catalog.model(row.model()).id;
    let to_model = &all.input.catalog.model(to.model).id;
    Some((format!("{from}/{}", row.scope()), format!("{to_model}/{}", to.scopes.first()?)))
}
