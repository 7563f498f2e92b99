//! Simulated safe quotas beside those of a plan: the line of its table, the sentences, the columns and the JSON keys.

use crate::contract::quota::Simulated;
use crate::engine::{Plan, PlanInput};
use crate::experiment::{Drawing, RehearsalFault, SimulatedQuota};
use crate::report::columns::{Columns, cells, columns};
use crate::report::notes::short;
use crate::units::{Limit, QuotaAmount, Ratio, grouped, percent_of};

/// What was simulated for the quotas of a plan.
#[derive(Debug, Clone)]
pub struct SimulatedQuotas {
    /// How requests were drawn.
    pub drawing: Drawing,
    /// The share of first attempts that may be throttled.
    pub target: Ratio,
    /// By the plan's index; `None` for quotas that do not count tokens per minute.
    pub by_quota: Vec<Option<Result<SimulatedQuota, RehearsalFault>>>,
}

/// The columns of what was simulated for a quota.
pub(in crate::report) const SIMULATED: Columns<Simulated> = columns!(Simulated {
    safe_quota => "simulated_safe_quota";
    low => "simulated_low";
    high => "simulated_high";
});

impl SimulatedQuotas {
    fn of(&self, index: usize) -> Option<&Result<SimulatedQuota, RehearsalFault>> {
        self.by_quota.get(index)?.as_ref()
    }

    /// Safe quota, low and high end of the band; `None` where nothing is known, or nothing was drawn.
    fn figures(&self, index: usize) -> [Option<QuotaAmount>; 3] {
        let Some(Ok(simulated)) = self.of(index) else { return [None; 3] };
        let band = simulated.band;
        [simulated.safe_quota, band.map(|band| band.low), band.map(|band| band.high)]
    }

    /// A line of the plan's table; `None` where no tokens per minute are counted.
    pub(in crate::report) fn line(&self, index: usize) -> Option<String> {
        Some(match (self.of(index)?, self.figures(index)) {
            (Err(_), _) => "unknown".to_owned(),
            (Ok(_), [safe, ..]) => safe.map_or_else(|| "none".to_owned(), short),
        })
    }

    /// Whether anything was simulated.
    pub(super) fn is_any(&self) -> bool {
        self.by_quota.iter().any(Option::is_some)
    }

    /// What was simulated for a quota under its columns.
    pub(super) fn record(&self, index: usize) -> Vec<String> {
        match self.report(index) {
            Some(simulated) => cells(SIMULATED, &simulated).collect(),
            None => vec![String::new(); SIMULATED.len()],
        }
    }

    pub(in crate::report) fn report(&self, index: usize) -> Option<Simulated> {
        let of = self.of(index)?;
        let [safe_quota, low, high] = self.figures(index).map(|figure| figure.map(QuotaAmount::get));
        Some(Simulated {
            safe_quota,
            low,
            high,
            minutes: self.drawing.minutes,
            seed: self.drawing.seed,
            requests: of.as_ref().ok().map(|simulated| simulated.requests),
            target: self.target.to_f64(),
            refused: of.as_ref().err().map(ToString::to_string),
        })
    }

    /// What the figures are, and why some are missing.
    pub(super) fn paragraphs(&self, input: &PlanInput<'_>, plan: &Plan) -> Vec<String> {
        let minutes = match self.drawing.minutes {
            1 => "1 minute".to_owned(),
            minutes => format!("{} minutes", grouped(minutes.into())),
        };
        if !self.is_any() {
            return vec![
                "Nothing is simulated, because no row counts against a tokens-per-minute quota.".to_owned(),
            ];
        }
        let mut paragraphs = vec![format!(
            "Simulated is the smallest quota that throttles at most {} % of first attempts in a rolling window of 60 \
             s. For it, random requests are drawn for {minutes} of each set of active rows at their busiest rate and \
             replayed (seed {}; other seeds give other numbers, especially with few requests). AWS does not publish \
             the window: `simulate --workloads` shows the other windows, and what each quota would throttle.",
            percent_of(self.target.millionths()),
            self.drawing.seed,
        )];
        let refused = plan.quotas.iter().enumerate().filter_map(|(index, quota)| {
            let fault = self.of(index)?.as_ref().err()?;
            Some(format!("Not simulated: {}: {fault}.", quota.id.subject(input.catalog)))
        });
        paragraphs.extend(refused);
        paragraphs.extend(self.above(input, plan));
        paragraphs
    }

    /// The quotas that need more by replay than by the formulas, or than was granted.
    fn above(&self, input: &PlanInput<'_>, plan: &Plan) -> Option<String> {
        let mut names = Vec::new();
        for (index, quota) in plan.quotas.iter().enumerate() {
            let [Some(safe), ..] = self.figures(index) else { continue };
            let by_formulas = quota.figures.required.is_some_and(|required| safe > required);
            let granted = match quota.granted_limit() {
                Some(Limit::Amount(granted)) => safe > granted,
                Some(Limit::Unlimited) | None => false,
            };
            let than = match (by_formulas, granted) {
                (true, true) => ", and than the applied quota",
                (true, false) => "",
                // The formulas have said so already.
                (false, true) | (false, false) => continue,
            };
            names.push(format!("{}{than}", quota.id.subject(input.catalog)));
        }
        (!names.is_empty()).then(|| {
            format!(
                "The replay needs more than the formula: {}. Try other seeds and more minutes; if it still needs \
                 more, ask for the larger value.",
                names.join("; ")
            )
        })
    }
}
