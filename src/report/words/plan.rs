//! What a language says of a plan.

use crate::engine::{AccountDaily, Plan, PlanInput, QuotaPlan};
use crate::units::Utilisation;

/// What the verdict of a plan rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanVerdict {
    /// Things to do, without looking applied values up.
    pub to_do: usize,
    /// Quotas of the plan.
    pub quotas: usize,
    /// Quotas whose requirement or limit is not known.
    pub not_judged: usize,
    /// Quotas that are judged by AWS's default, since no applied value is given.
    pub by_default: usize,
    /// The largest share of a limit.
    pub most: Option<Utilisation>,
    /// What depends on busiest minutes that no row states; `None` where every row states its own.
    pub assumed_peaks: Option<AssumedPeaks>,
}

/// Quotas for which the mean stands for a busiest minute that is not stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssumedPeaks {
    /// How many there are.
    pub quotas: usize,
    /// The busiest minute that was tried and exceeds a limit which the mean fits, in times the mean, and how many
    /// limits it exceeds; `None` where all of them still fit.
    pub exceeded_at: Option<(u32, usize)>,
    /// The largest busiest minute that was tried, in times the mean.
    pub most_tried: u32,
}

/// What a plan says.
pub trait PlanWords {
    /// The verdict, in sentences.
    fn plan_verdict(&self, verdict: &PlanVerdict, input: &PlanInput<'_>, plan: &Plan) -> Vec<String>;

    /// How figures come about, a sentence each; more of them where `whole`.
    fn plan_method(&self, input: &PlanInput<'_>, whole: bool) -> Vec<String>;

    /// Which burndown rates are not known; `None` where all are.
    fn unknown_rates(&self, input: &PlanInput<'_>, plan: &Plan) -> Option<String>;

    /// What a month costs, in one sentence.
    fn monthly_cost(&self, input: &PlanInput<'_>, plan: &Plan) -> String;

    /// What an account needs of its tokens per day over all models, and of which limit.
    fn day_verdict(&self, daily: &AccountDaily) -> String;

    /// A quota in one line, without its code.
    fn quota_line(&self, quota: &QuotaPlan, input: &PlanInput<'_>) -> String;

    /// What a quota needs and has, in one sentence.
    fn quota_verdict(&self, quota: &QuotaPlan, input: &PlanInput<'_>) -> String;

    /// How many rows of a calculation are not shown.
    fn more_rows(&self, count: usize) -> String;

    /// The estimate of all models in one line.
    fn daily_line(&self, account: Option<&str>) -> String;

    /// The title of limits: all applied, all defaults, or both.
    fn limit_title(&self, applied: bool, defaults: bool) -> &'static str;

    /// The heading of the notes, with how many there are.
    fn notes_heading(&self, errors: usize, warnings: usize, notes: usize) -> String;

    /// Titles of the columns.
    fn plan_titles(&self) -> PlanTitles;
}

/// Titles of the columns of a plan.
#[derive(Debug, Clone, Copy)]
pub struct PlanTitles {
    /// The quota.
    pub quota: &'static str,
    /// Its code.
    pub code: &'static str,
    /// What its mean is.
    pub mean: &'static str,
    /// What its busiest minute is.
    pub peak: &'static str,
    /// The same with reservations.
    pub in_flight: &'static str,
    /// What it needs.
    pub needs: &'static str,
    /// What replay says.
    pub simulated: &'static str,
    /// The share of the limit.
    pub share: &'static str,
    /// The number of what to do.
    pub step: &'static str,
}
