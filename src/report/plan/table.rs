//! The plan for people: the verdict, what to do, the quotas by urgency, and what stands out.

use std::collections::{BTreeSet, HashSet};
use std::io::Write;

use super::json::{QUOTA, document, quota_record};
use super::simulated::{SIMULATED, SimulatedQuotas};
use crate::contract::action::ActionVerb;
use crate::engine::{
    AccountDaily, ActionSubject, CapacitySource, Plan, PlanInput, PlannedAction, QuotaPlan, Urgency,
};
use crate::report::actions::{look_up_is_a_step, next, step_numbers, steps};
use crate::report::columns::names;
use crate::report::cost;
use crate::report::evidence::{EvidenceRow, evidence, left_out_findings};
use crate::report::notes::{edition_words, finding_note};
use crate::report::words::{AssumedPeaks, PlanVerdict, language};
use crate::report::{Block, Cell, Column, Detail, Flag, Mark, Note, Records, Report, Tone};
use crate::text::plain::write_json;
use crate::text::{Code, Severity, Sources};
use crate::units::Utilisation;

/// Steps on a screen; more are counted.
const STEPS: usize = 12;

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
    fn blocks(&self, detail: Detail) -> Vec<Block> {
        let Self { sources, input, plan, simulated, typed } = *self;
        let planned = plan.actions(input);
        let mut blocks = vec![verdict(input, plan, &planned)];
        let most = if detail.has_all_rows() { usize::MAX } else { STEPS };
        if !planned.is_empty() {
            blocks.push(Block::Steps(steps(input, plan, &planned, most)));
        }
        if planned.len() > most {
            blocks.push(Block::Rest(language().more_actions(planned.len() - most)));
        }
        if !detail.has_evidence() {
            return blocks;
        }
        blocks.extend(Evidence { input, plan, simulated, detail }.blocks(&planned));
        let mut lines = language().plan_method(input, detail.is_everything());
        lines.extend(language().unknown_rates(input, plan));
        lines.extend(edition_words(&input.assumptions.config.policy));
        let of_simulated = simulated.map(|simulated| simulated.paragraphs(input, plan)).unwrap_or_default();
        if detail.is_everything() {
            blocks.push(Block::Lines(lines));
            blocks.extend(of_simulated.into_iter().map(Block::Paragraph));
            blocks.extend(cost::blocks(input, plan));
            blocks.extend(all_notes(sources, input, plan));
        } else {
            lines.push(language().monthly_cost(input, plan));
            lines.extend(left_out_notes(plan, &planned));
            blocks.push(Block::Lines(lines));
            blocks.extend(of_simulated.into_iter().map(Block::Paragraph));
        }
        let commands = typed.map(|typed| next(input, plan, &planned, typed)).unwrap_or_default();
        let commands = commands.into_iter().map(|next| next.command);
        let commands: Vec<String> = commands.filter(|command| !look_up_is_a_step(command)).collect();
        if !commands.is_empty() {
            blocks.push(Block::Commands(commands));
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

/// Whether what a quota needs can be held against a limit.
fn is_judged(quota: &QuotaPlan) -> bool {
    quota.figures.required.is_some() && quota.capacity().is_some()
}

fn verdict(input: &PlanInput<'_>, plan: &Plan, planned: &[PlannedAction<'_>]) -> Block {
    let looked_up = planned.iter().filter(|action| action.urgency == Urgency::Verdict).count();
    let by_default =
        plan.quotas.iter().filter(|quota| quota.capacity_source == Some(CapacitySource::Default));
    let of_days = plan.account_daily.iter().filter_map(day_use);
    let verdict = PlanVerdict {
        to_do: planned.len() - looked_up,
        quotas: plan.quotas.len(),
        not_judged: plan.quotas.iter().filter(|quota| !is_judged(quota)).count(),
        by_default: by_default.count(),
        most: plan.quotas.iter().filter_map(|quota| quota.utilisation).chain(of_days).max(),
        assumed_peaks: assumed_peaks(plan),
    };
    let tone = match verdict {
        PlanVerdict { to_do, .. } if to_do > 0 => Tone::Bad,
        PlanVerdict { not_judged, by_default, .. } if not_judged + by_default > 0 => Tone::Unsure,
        _ => Tone::Good,
    };
    Block::Verdict { tone, sentences: language().plan_verdict(&verdict, input, plan) }
}

/// What depends on busiest minutes that no row states.
fn assumed_peaks(plan: &Plan) -> Option<AssumedPeaks> {
    let is_told = plan.findings.iter().any(|finding| finding.code == Code::AssumedPeak);
    let of: Vec<&QuotaPlan> = plan.quotas.iter().filter(|quota| !quota.assumed_peak.is_empty()).collect();
    let tried = of.iter().flat_map(|quota| quota.assumed_peak.iter().map(|peak| peak.times_mean));
    let tried: BTreeSet<u32> = tried.collect();
    let most_tried = *tried.last().filter(|_| is_told)?;
    let exceeds = |quota: &QuotaPlan, times: u32| {
        let limit = quota.capacity()?;
        let peak = quota.assumed_peak.iter().find(|peak| peak.times_mean == times)?;
        Some(limit.holds(quota.figures.required?) && !limit.holds(peak.required?))
    };
    let exceeded = |times: u32| of.iter().filter(|quota| exceeds(quota, times) == Some(true)).count();
    let exceeded_at = tried.iter().map(|times| (*times, exceeded(*times))).find(|(_, count)| *count > 0);
    Some(AssumedPeaks { quotas: of.len(), exceeded_at, most_tried })
}

/// The share of the account's day that is needed, by the larger estimate.
fn day_use(daily: &AccountDaily) -> Option<Utilisation> {
    Utilisation::of_limit(daily.larger(), daily.capacity()?)
}

/// The quotas of a plan, the most urgent first.
struct Evidence<'a> {
    input: &'a PlanInput<'a>,
    plan: &'a Plan,
    simulated: Option<&'a SimulatedQuotas>,
    detail: Detail,
}

impl Evidence<'_> {
    fn blocks(&self, planned: &[PlannedAction<'_>]) -> Vec<Block> {
        let (of_quotas, of_days) = step_numbers(self.plan, planned);
        let quotas = self.plan.quotas.iter().zip(&of_quotas).enumerate();
        let to_settle = to_settle(planned);
        let quotas = quotas
            .map(|(index, (quota, steps))| self.quota_row(index, quota, steps, to_settle.contains(&index)));
        let days =
            self.plan.account_daily.iter().zip(&of_days).map(|(daily, steps)| self.daily_row(daily, steps));
        evidence(self.columns(), quotas.chain(days).collect(), self.detail)
    }

    fn columns(&self) -> Vec<Column> {
        let of_quotas = self.plan.quotas.iter().filter_map(|quota| quota.capacity_source);
        let of_days = self.plan.account_daily.iter().filter_map(AccountDaily::capacity_source);
        let sources: Vec<CapacitySource> = of_quotas.chain(of_days).collect();
        let source = |source| sources.contains(&source);
        let limit = language().limit_title(source(CapacitySource::Granted), source(CapacitySource::Default));
        let titles = language().plan_titles();
        let is_everything = self.detail.is_everything();
        let mut columns = vec![Column::words(titles.quota)];
        if is_everything {
            columns.extend([
                Column::codes(titles.code),
                Column::numbers(titles.mean).dropped(3),
                Column::numbers(titles.peak).dropped(2),
                Column::numbers(titles.in_flight).dropped(1),
            ]);
        }
        columns.push(Column::numbers(titles.needs));
        columns.extend(self.has_simulated().then_some(Column::numbers(titles.simulated)));
        columns.extend([Column::numbers(limit), Column::numbers(titles.share), Column::numbers(titles.step)]);
        columns
    }

    fn has_simulated(&self) -> bool {
        self.simulated.is_some_and(SimulatedQuotas::is_any)
    }

    fn quota_row(&self, index: usize, quota: &QuotaPlan, steps: &[u32], to_settle: bool) -> EvidenceRow {
        let figures = &quota.figures;
        let capacity = quota.capacity();
        let flag = match EvidenceRow::flag(figures.required, capacity) {
            Flag::Fine if to_settle => Flag::Near,
            flag => flag,
        };
        let none = || Cell::Mark(Mark::NotApplicable);
        let mut cells: Vec<Cell> = vec![language().quota_line(quota, self.input).into()];
        if self.detail.is_everything() {
            let reserves = quota.id.kind.reserves_tokens();
            cells.extend([
                quota.id.code_words().into(),
                Cell::Demand(figures.steady),
                // A whole day at the busiest minute's rate means nothing to a reader.
                if quota.id.kind.is_daily() { none() } else { Cell::Demand(figures.peak) },
                if reserves { Cell::demand_or_unknown(figures.in_flight) } else { none() },
            ]);
        }
        cells.push(Cell::demand_or_unknown(figures.required));
        if self.has_simulated() {
            let line = self.simulated.and_then(|simulated| simulated.line(index));
            cells.push(line.map_or_else(none, Cell::from));
        }
        cells.push(capacity.map_or(Cell::Mark(Mark::Unknown), Cell::limit));
        cells.push(quota.utilisation.map_or_else(none, Cell::Use));
        cells.push(step_cell(steps));
        EvidenceRow::new(flag, steps, figures.required, capacity, cells)
    }

    /// The account's quota over all models: an estimate.
    fn daily_row(&self, daily: &AccountDaily, steps: &[u32]) -> EvidenceRow {
        let (needed, capacity) = (daily.larger(), daily.capacity());
        let flag = EvidenceRow::flag(Some(needed), capacity);
        let none = || Cell::Mark(Mark::NotApplicable);
        let mut cells: Vec<Cell> = vec![language().daily_line(daily.account.as_deref()).into()];
        if self.detail.is_everything() {
            cells.extend([daily.entry.code_words().into(), Cell::Demand(daily.settled), none(), none()]);
        }
        cells.push(Cell::Demand(needed));
        cells.extend(self.has_simulated().then(none));
        cells.push(capacity.map_or(Cell::Mark(Mark::Unknown), Cell::limit));
        cells.push(day_use(daily).map_or_else(none, Cell::Use));
        cells.push(step_cell(steps));
        EvidenceRow::new(flag, steps, Some(needed), capacity, cells)
    }
}

/// The quotas whose traffic may be processed where it must not: a person settles that.
fn to_settle(planned: &[PlannedAction<'_>]) -> HashSet<usize> {
    let settles =
        |action: &&PlannedAction<'_>| matches!(action.verb, ActionVerb::Rescope | ActionVerb::Decide);
    let quotas = planned.iter().filter(settles).filter_map(|action| match &action.subject {
        ActionSubject::Model { quotas, .. } => Some(quotas),
        _ => None,
    });
    quotas.flatten().copied().collect()
}

fn step_cell(steps: &[u32]) -> Cell {
    steps.iter().map(u32::to_string).collect::<Vec<_>>().join(",").into()
}

/// The findings that no step says, counted.
fn left_out_notes(plan: &Plan, planned: &[PlannedAction<'_>]) -> Option<String> {
    let said: Vec<usize> = planned.iter().flat_map(|action| action.because.iter().copied()).collect();
    let left = plan.findings.iter().enumerate().filter(|(index, _)| !said.contains(index));
    left_out_findings(left.map(|(_, finding)| (finding.severity, finding.code.as_str())))
}

fn all_notes(sources: &Sources, input: &PlanInput<'_>, plan: &Plan) -> Vec<Block> {
    let notes: Vec<Note> =
        plan.findings.iter().map(|finding| finding_note(sources, input, plan, finding)).collect();
    if notes.is_empty() {
        return Vec::new();
    }
    let count = |severity| notes.iter().filter(|note| note.severity == severity).count();
    let [errors, warnings, plain] = [Severity::Error, Severity::Warning, Severity::Note].map(count);
    vec![Block::Heading(language().notes_heading(errors, warnings, plain)), Block::Notes(notes)]
}
