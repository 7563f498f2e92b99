//! Inverse questions: the most, or least, of one thing at which the quotas still hold.
//!
//! Answers are exact in their step: at the answer every quota asked about fits, one step further
//! one does not, and that one is named.

use super::TooLarge;
use super::assumptions::PlanInput;
use super::plan::plan;
use super::result::{Plan, QuotaPlan};
use super::whatif::{cached, capped, scaled};
use crate::units::{Fact, Limit, MILLIONTHS, QuotaAmount, Ratio, Tokens, words};
use crate::workload::{Workload, WorkloadSet};

words! {
    /// What is asked.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Question {
        /// The largest factor on all request rates, in steps of 0.001.
        Requests = "requests",
        /// The largest cap on max_tokens of all rows, in steps of a token.
        MaxTokens = "max-tokens",
        /// The lowest share of all input that is read from the cache, in steps of 0.001.
        CacheShare = "cache-share",
    }
}

/// Which quotas must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuotasToHold<'a> {
    /// Only the quota of this code.
    pub code: Option<&'a str>,
    /// Take AWS's default where no applied value is given.
    pub assume_defaults: bool,
}

impl QuotasToHold<'_> {
    /// What a quota must hold; `None` where it is not asked about.
    #[must_use]
    pub fn limit(&self, quota: &QuotaPlan) -> Option<Limit> {
        if self.code.is_some_and(|code| quota.code() != Some(code)) {
            return None;
        }
        quota.granted_limit().or_else(|| quota.default_limit().filter(|_| self.assume_defaults))
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The last step at which all hold.
    Last(u64),
    /// Nothing in reach breaks a quota; the furthest step that was tried.
    Unbounded(u64),
    /// Not even the first step holds.
    Never,
    /// It cannot be told: what a quota must hold is not known while max_tokens is not set.
    Untold,
}

/// A question, its answer, and the quota that stands in the way of the next step.
#[derive(Debug, Clone)]
pub struct Solution {
    /// What was asked.
    pub question: Question,
    /// The answer: thousandths of the rates or of all input, or tokens.
    pub answer: Answer,
    /// The quota that does not hold one step further, as it is then.
    pub binding: Option<QuotaPlan>,
}

/// Thousandths in one.
pub const STEPS: u64 = 1_000;

/// Largest factor on the rates that is looked for: a million.
const LARGEST_FACTOR: u64 = 1_000_000 * STEPS;

/// Largest cap that is looked for where a model's maximum is not known.
const LARGEST_CAP: u64 = 10_000_000;

/// The worst of the quotas asked about that do not hold; `None` where all do.
fn broken<'p>(plan: &'p Plan, held: &QuotasToHold<'_>) -> Option<&'p QuotaPlan> {
    let over = |quota: &&QuotaPlan| match (held.limit(quota), quota.figures.required) {
        (None, _) | (Some(_), None) => held.limit(quota).is_some() && quota.figures.required.is_none(),
        (Some(limit), Some(required)) => !limit.holds(required),
    };
    // The first of the worst, as with the binding quota of a plan.
    let mut worst: Option<&QuotaPlan> = None;
    for quota in plan.quotas.iter().filter(over) {
        if worst.is_none_or(|worst| excess(quota, held) > excess(worst, held)) {
            worst = Some(quota);
        }
    }
    worst
}

/// required / limit in millionths; more than any number where the limit is 0 or what is required
/// is not known.
fn excess(quota: &QuotaPlan, held: &QuotasToHold<'_>) -> u128 {
    match (quota.figures.required, held.limit(quota).and_then(Limit::amount).map(QuotaAmount::get)) {
        (Some(required), Some(limit)) if limit > 0 => {
            u128::from(required.get()) * u128::from(MILLIONTHS) / u128::from(limit)
        }
        _ => u128::MAX,
    }
}

/// One question over one plan's inputs.
struct Search<'a> {
    input: &'a PlanInput<'a>,
    question: Question,
    held: &'a QuotasToHold<'a>,
}

impl Search<'_> {
    /// The rows at a step; `None` where a cell would pass what a file may hold.
    fn rows(&self, step: u64) -> Option<WorkloadSet> {
        let rows = self.input.workloads.rows().iter();
        let rows: Option<Vec<Workload>> = match self.question {
            Question::Requests => {
                let factor = Ratio::from_millionths(step * (MILLIONTHS / STEPS))?;
                rows.map(|row| scaled(row, factor)).collect()
            }
            Question::MaxTokens => {
                let cap = Tokens::from_whole(step)?;
                Some(rows.map(|row| capped(row, cap, self.input.catalog)).collect())
            }
            Question::CacheShare => {
                let share = Ratio::from_millionths(step * (MILLIONTHS / STEPS))?;
                rows.map(|row| cached(row, share)).collect()
            }
        };
        Some(self.input.workloads.with_rows(rows?))
    }

    /// The worst quota at a step: `Ok(None)` where all hold, `Err` where a figure is too large.
    fn worst(&self, step: u64) -> Result<Option<QuotaPlan>, TooLarge> {
        let workloads = self.rows(step).ok_or(TooLarge { row: None })?;
        let plan = plan(&PlanInput { workloads: &workloads, ..*self.input })?;
        Ok(broken(&plan, self.held).cloned())
    }

    /// A figure that is too large fits no quota.
    fn holds(&self, step: u64) -> bool {
        matches!(self.worst(step), Ok(None))
    }

    /// Between a step that holds and one that does not, the two that are next to each other.
    fn boundary(&self, mut holding: u64, mut breaking: u64) -> (u64, u64) {
        while holding.abs_diff(breaking) > 1 {
            let middle = holding.midpoint(breaking);
            if self.holds(middle) { holding = middle } else { breaking = middle }
        }
        (holding, breaking)
    }

    fn solution(&self, answer: Answer, breaking: Option<u64>) -> Solution {
        let binding = breaking.and_then(|step| self.worst(step).ok().flatten());
        Solution { question: self.question, answer, binding }
    }

    /// The last step from `first` up to `last` that holds.
    fn upwards(&self, first: u64, last: u64) -> Solution {
        if !self.holds(first) {
            return self.solution(Answer::Never, Some(first));
        }
        let mut holding = first;
        loop {
            let next = holding.saturating_mul(2).min(last);
            if next == holding {
                return self.solution(Answer::Unbounded(last), None);
            }
            if !self.holds(next) {
                let (holding, breaking) = self.boundary(holding, next);
                return self.solution(Answer::Last(holding), Some(breaking));
            }
            holding = next;
        }
    }

    /// The first step from 0 up to `last` that holds.
    fn least(&self, last: u64) -> Solution {
        if self.holds(0) {
            return self.solution(Answer::Unbounded(0), None);
        }
        if !self.holds(last) {
            return self.solution(Answer::Never, Some(last));
        }
        let (holding, breaking) = self.boundary(last, 0);
        self.solution(Answer::Last(holding), Some(breaking))
    }
}

/// Answers a question about a plan's inputs; `None` where no quota asked about has a limit to hold.
///
/// A cap below a mean output would cut answers, so none is looked for.
#[must_use]
pub fn solve(
    input: &PlanInput<'_>,
    base: &Plan,
    question: Question,
    held: &QuotasToHold<'_>,
) -> Option<Solution> {
    if !base.quotas.iter().any(|quota| held.limit(quota).is_some()) {
        return None;
    }
    let untold = |quota: &&QuotaPlan| held.limit(quota).is_some() && quota.figures.required.is_none();
    if let Some(quota) = base.quotas.iter().find(untold).filter(|_| question != Question::MaxTokens) {
        return Some(Solution { question, answer: Answer::Untold, binding: Some(quota.clone()) });
    }
    let search = Search { input, question, held };
    Some(match question {
        Question::Requests => search.upwards(1, LARGEST_FACTOR),
        Question::CacheShare => search.least(STEPS),
        Question::MaxTokens => {
            let rows = input.workloads.rows();
            let generating = || rows.iter().filter(|row| input.catalog.model(row.model()).kind.generates());
            let longest = generating().map(|row| row.output().millionths().div_ceil(MILLIONTHS)).max()?;
            let widest =
                |row: &Workload| match (row.max_tokens(), input.catalog.model(row.model()).max_output_tokens)
                {
                    (Some(max), _) | (None, Fact::Known(max)) => max.millionths() / MILLIONTHS,
                    (None, Fact::Absent | Fact::Unknown) => LARGEST_CAP,
                };
            let last = generating().map(widest).max()?;
            search.upwards(longest.max(1), last.max(1))
        }
    })
}
