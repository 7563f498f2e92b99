//! What a what-if says.

use crate::catalog::Catalog;
use crate::engine::{Measured, Runway, RunwayDue, Solution};
use crate::text::FactDate;

/// What a scenario does to the quotas of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScenarioEffect {
    /// Quotas of the plan as it is and of the scenario.
    pub quotas: usize,
    /// Quotas about which something else is to be done.
    pub other_action: usize,
    /// Other quotas that need a tenth more or less.
    pub by_a_tenth: usize,
    /// Other quotas that need something else.
    pub by_less: usize,
}

/// The sentences of `whatif`, a method each.
pub trait WhatifWords {
    /// What a scenario does, in one sentence; `cost` is the change of the monthly cost.
    fn scenario_effect(&self, scenario: &str, effect: ScenarioEffect, cost: &str) -> String;

    /// Titles of the table of scenarios: quota, scenario, mean, peak, needs now, needs then, change, what to do then.
    fn scenario_titles(&self) -> [&'static str; 8];

    /// What stands for what to do where a scenario leaves a quota without demand.
    fn no_demand_left(&self) -> &'static str;

    /// How many lines are not shown, since they change no action and nothing by a tenth; `None` where there are none.
    fn small_changes(&self, count: usize) -> Option<String>;

    /// How many more lines there are than are shown.
    fn more_lines(&self, count: usize) -> String;

    /// Titles of the table of costs: scenario, US dollars a month, change.
    fn cost_titles(&self) -> [&'static str; 3];

    /// Heading of what scenarios bring.
    fn findings_heading(&self) -> &'static str;

    /// A finding that a scenario brings.
    fn finding_of(&self, scenario: &str, finding: &str) -> String;

    /// Heading of the answers.
    fn answers_heading(&self) -> &'static str;

    /// An answer to `--solve`, and the quota that stands in the way of the next step.
    fn answer(&self, solution: &Solution, catalog: &Catalog) -> String;

    /// Heading of what a tenth more of each input does.
    fn sensitivity_heading(&self) -> &'static str;

    /// Titles of its table: quota, required, a tenth more of.
    fn sensitivity_titles(&self) -> [&'static str; 3];

    /// By how much more an input makes a quota require.
    fn effect(&self, input: Measured, change: i128) -> String;

    /// Where no input changes what is required.
    fn no_effect(&self) -> &'static str;

    /// What to do with the list of effects.
    fn sensitivity_advice(&self) -> &'static str;

    /// Heading of how long the quotas last.
    fn runway_heading(&self, today: FactDate) -> String;

    /// Titles of its table: quota, required now, when growth exceeds it, what to do.
    fn runway_titles(&self) -> [&'static str; 4];

    /// When growth exceeds a quota, of the `months` that were looked at.
    fn exceeded_when(&self, runway: &Runway, due: &RunwayDue<'_>, months: u32) -> String;

    /// What to do before growth exceeds a quota.
    fn due_action(&self, runway: &Runway, due: &RunwayDue<'_>) -> String;
}
