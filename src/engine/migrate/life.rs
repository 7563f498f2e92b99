//! How long both models live, held against the stages.

use super::stated::Migration;
use super::{Calendar, Side};
use crate::catalog::ModelIndex;
use crate::engine::assumptions::PlanInput;
use crate::text::FactDate;

/// When a model of the migration ends, costs more and takes no increases, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelLife {
    /// Whether it is the model that is left or the one that takes over.
    pub side: Side,
    /// The model.
    pub model: ModelIndex,
    /// Whether AWS grants no increases for it today: it is Legacy or retired.
    pub takes_no_increases: bool,
    /// From when its price rises (extended access).
    pub price_rises: Option<FactDate>,
    /// The date of its end.
    pub retirement: Option<FactDate>,
    /// Whether that date was not read from AWS itself.
    pub retirement_second_hand: bool,
    /// Days from today to that date, negative where it has passed.
    pub days_left: Option<i32>,
    /// The stages against that date.
    pub schedule: Option<Schedule>,
}

/// Stages held against the end of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// When the last stage begins; where no start is stated, if the first began today.
    pub last_stage: FactDate,
    /// Whether the first stage is taken to begin today, because no start is stated.
    pub starts_today: bool,
    /// Percent of the traffic that the stages begun before the end have moved.
    pub moved_percent: u32,
    /// The latest start at which the last stage begins before the end; `None` before the year 1.
    pub begin_by: Option<FactDate>,
}

impl Schedule {
    /// Days from the end to the beginning of the last stage; from 0 on the end comes first.
    #[must_use]
    pub fn days_late(&self, retirement: FactDate) -> i32 {
        retirement.days_until(self.last_stage)
    }
}

/// The lives of both models, the old one's first; none where nothing of it matters here.
pub(super) fn lives(input: &PlanInput<'_>, migration: &Migration) -> Vec<ModelLife> {
    let sides = [(Side::Old, migration.from), (Side::New, migration.to)];
    // A move between scopes of one model has one life.
    let sides = sides.into_iter().take(if migration.from == migration.to { 1 } else { 2 });
    sides.filter_map(|(side, model)| life(input, migration, side, model)).collect()
}

fn life(input: &PlanInput<'_>, migration: &Migration, side: Side, model: ModelIndex) -> Option<ModelLife> {
    let today = input.assumptions.today;
    let entry = input.catalog.model(model);
    let life = entry.lifecycle.as_ref()?;
    let takes_no_increases = entry.takes_no_increases(today);
    let retirement = life.retirement;
    (takes_no_increases || retirement.is_some()).then(|| ModelLife {
        side,
        model,
        takes_no_increases,
        price_rises: life.extended_access_from,
        retirement,
        retirement_second_hand: life.retirement_second_hand,
        days_left: retirement.map(|date| today.days_until(date)),
        schedule: retirement.and_then(|date| schedule(migration, date, today)),
    })
}

fn schedule(migration: &Migration, retirement: FactDate, today: FactDate) -> Option<Schedule> {
    let starts_today = migration.calendar.start.is_none();
    let start = migration.calendar.start.unwrap_or(today);
    let calendar = Calendar { start: Some(start), ..migration.calendar };
    let mut last = None;
    let mut moved_percent = 0;
    for ((percent, _), index) in migration.dated().zip(0_u32..) {
        let date = calendar.stage(index).ok()??;
        if date.day() < retirement.day() {
            moved_percent = percent;
        }
        last = Some((date, index));
    }
    let (last_stage, index) = last?;
    let begin_by = calendar.latest_start(index, retirement);
    Some(Schedule { last_stage, starts_today, moved_percent, begin_by })
}
