//! When growth exceeds the quotas, and what there is to do by then: an increase, AWS's default back, a lower
//! max_tokens, or another model.

use jiff::Span;
use jiff::civil::Date;

use super::TooLarge;
use super::assumptions::PlanInput;
use super::plan::plan;
use super::quota_action::QuotaAction;
use super::result::{Plan, QuotaPlan};
use super::solve::QuotasToHold;
use crate::text::FactDate;
use crate::units::{Limit, Ratio};

/// A month in which growth exceeds a quota.
#[derive(Debug, Clone)]
pub struct Runway {
    /// Index of the quota in the base plan.
    pub quota: usize,
    /// Months from today until the requirement exceeds the quota: 0 where it is so already, `None`
    /// where it is not within the months that were looked at.
    pub months: Option<u32>,
    /// The quota as it is planned in that month, with what there is to do; `None` where no month is
    /// found, or a figure passes 10^18 then.
    pub then: Option<Box<QuotaPlan>>,
}

/// For each quota with a limit the first of the next `most` months in which growth exceeds it.
///
/// # Errors
/// [`TooLarge`] where a figure passes 10^18.
pub fn runway(
    input: &PlanInput<'_>,
    base: &Plan,
    held: &QuotasToHold<'_>,
    most: u32,
) -> Result<Vec<Runway>, TooLarge> {
    let asked = base.quotas.iter().enumerate().filter(|(_, quota)| held.limit(quota).is_some());
    let mut found: Vec<Runway> = asked.map(|(quota, _)| Runway { quota, months: None, then: None }).collect();
    let grows =
        input.workloads.rows().iter().any(|row| row.growth_per_month().is_some_and(|g| g > Ratio::ZERO));
    let last = if grows { most } else { 0 };
    for months in 0..=last {
        if found.iter().all(|runway| runway.months.is_some()) {
            break;
        }
        let mut assumptions = input.assumptions.clone();
        assumptions.months = input.assumptions.months + months;
        let then = match plan(&PlanInput { assumptions: &assumptions, ..*input }) {
            Ok(then) => then,
            Err(error) if months == 0 => return Err(error),
            // A figure above 10^18 passes every limit there is; the months before were small enough.
            Err(_) => {
                let open = |runway: &&mut Runway| {
                    runway.months.is_none()
                        && base.quotas.get(runway.quota).and_then(|quota| held.limit(quota))
                            != Some(Limit::Unlimited)
                };
                found.iter_mut().filter(open).for_each(|runway| runway.months = Some(months));
                break;
            }
        };
        for runway in found.iter_mut().filter(|runway| runway.months.is_none()) {
            // The quotas of a plan do not depend on the month.
            let Some(quota) = then.quotas.get(runway.quota) else { continue };
            let fits = match (held.limit(quota), quota.figures.required) {
                (Some(limit), Some(required)) => limit.holds(required),
                _ => true,
            };
            if !fits {
                runway.months = Some(months);
                runway.then = Some(Box::new(quota.clone()));
            }
        }
    }
    Ok(found)
}

/// What growth leads to at one quota.
#[derive(Debug, Clone)]
pub struct RunwayDue<'a> {
    /// The quota as it is.
    pub quota: &'a QuotaPlan,
    /// The first day of the month in which more is required than there is.
    pub passed: Option<Date>,
    /// What to do before; `None` where growth does not exceed it, or no quota holds what it leads to.
    pub action: Option<QuotaAction>,
    /// The day to have asked by; `None` where there is nothing to ask: AWS takes an increase, or a case to
    /// restore its default.
    pub ask_by: Option<Date>,
    /// AWS's default, with [`QuotaAction::Restore`].
    pub restore_to: Option<Limit>,
    /// The day to have moved to another model by, with [`QuotaAction::Migrate`].
    pub move_by: Option<Date>,
    /// When the model ends, where AWS has named the day.
    pub retirement: Option<FactDate>,
}

impl Runway {
    /// What growth leads to at the quota, where so many `months` were looked at and an increase is asked for
    /// `lead_days` before its month; `None` where the plan lacks the quota.
    #[must_use]
    pub fn due<'a>(
        &self,
        input: &PlanInput<'_>,
        base: &'a Plan,
        months: u32,
        lead_days: u32,
    ) -> Option<RunwayDue<'a>> {
        let quota = base.quotas.get(self.quota)?;
        let model = input.catalog.model(quota.id.model);
        let today = input.assumptions.today;
        let retirement = model.lifecycle.as_ref().and_then(|life| life.retirement);
        let dates = |months| ask_by(today, months, lead_days);
        let mut due = RunwayDue {
            quota,
            passed: None,
            action: None,
            ask_by: None,
            restore_to: None,
            move_by: None,
            retirement,
        };
        let end = retirement.map(FactDate::day);
        let Some(exceeded) = self.months else {
            // Growth does not exceed it while the model is there; that it ends is what there is to say.
            let last = dates(months).map(|(last, _)| last);
            due.move_by = end.filter(|end| last.is_none_or(|last| *end <= last));
            due.action = due.move_by.map(|_| QuotaAction::Migrate);
            return Some(due);
        };
        let (passed, ask) = dates(exceeded).unzip();
        let ends_first = end.zip(passed).is_some_and(|(end, passed)| end <= passed);
        let no_increases = model.takes_no_increases(today);
        let then = self.then.as_deref();
        due.action = match then.map(|then| then.action) {
            _ if ends_first => Some(QuotaAction::Migrate),
            None if no_increases => Some(QuotaAction::Migrate),
            action => action,
        };
        match due.action {
            Some(QuotaAction::Request) => due.ask_by = ask,
            Some(QuotaAction::Restore) => {
                due.ask_by = ask;
                due.restore_to = then.and_then(|then| then.restore_to);
            }
            // The cap does; an increase is the other way, where AWS takes one.
            Some(QuotaAction::LowerMaxTokens) if !no_increases => {
                due.ask_by = ask.filter(|_| then.is_some_and(|then| then.ask.is_some()));
            }
            Some(QuotaAction::Migrate) => {
                due.move_by = match (end, passed) {
                    (Some(end), Some(passed)) => Some(end.min(passed)),
                    (end, passed) => end.or(passed),
                };
            }
            _ => {}
        }
        due.passed = passed;
        Some(due)
    }
}

/// The day so many months after a date, and the day to ask before it.
fn ask_by(today: FactDate, months: u32, lead_days: u32) -> Option<(Date, Date)> {
    let passed = today.day().checked_add(Span::new().try_months(months).ok()?).ok()?;
    let ask = passed.checked_sub(Span::new().try_days(lead_days).ok()?).ok()?;
    Some((passed, ask.max(today.day())))
}
