//! When growth passes the quotas, and what there is to do by then: an ask, AWS's default back, a lower
//! cap, or another model.
//!
//! A day to ask by stands only where AWS would take what is asked: an increase, or a case to restore
//! AWS's default.

use crate::engine::{Action, Plan, PlanInput, QuotaPlan, Runway};
use crate::text::FactDate;
use crate::units::Limit;

/// The months of growth that were looked at, and how long before its month an increase is asked for.
#[derive(Debug, Clone, Default)]
pub struct Runways {
    /// What was found.
    pub found: Vec<Runway>,
    /// Months looked at.
    pub months: u32,
    /// Days before the month in which to ask.
    pub lead_days: u32,
}

/// What growth leads to at one quota, and what to do before.
#[derive(Debug)]
pub struct Due<'a> {
    /// The quota as it is.
    pub quota: &'a QuotaPlan,
    /// Months until growth exceeds it: 0 where it does already, `None` where it does not in the months looked at.
    pub months: Option<u32>,
    /// The quota as it is planned in that month; `None` where there is none, or a figure passes 10^18 then.
    pub then: Option<&'a QuotaPlan>,
    /// The first day of the month in which more is required than there is.
    pub passed: Option<String>,
    /// What to do before; `None` where growth does not pass it, or no quota holds what it leads to.
    pub action: Option<Action>,
    /// The day to have asked by; `None` where there is nothing to ask.
    pub ask_by: Option<String>,
    /// AWS's default, with [`Action::Restore`].
    pub restore_to: Option<Limit>,
    /// The day to have moved to another model by, with [`Action::Migrate`].
    pub move_by: Option<String>,
    /// When the model ends, where AWS has named the day.
    pub retirement: Option<FactDate>,
}

/// What growth leads to at a quota; `None` where the plan lacks it.
pub(super) fn due<'a>(
    input: &PlanInput<'_>,
    base: &'a Plan,
    runways: &Runways,
    runway: &'a Runway,
) -> Option<Due<'a>> {
    let quota = base.quotas.get(runway.quota)?;
    let model = input.catalog.model(quota.id.model);
    let today = input.assumptions.today;
    let retirement = model.lifecycle.as_ref().and_then(|life| life.retirement);
    let dates = |months| ask_by(today, months, runways.lead_days);
    let mut due = Due {
        quota,
        months: runway.months,
        then: runway.then.as_deref(),
        passed: None,
        action: None,
        ask_by: None,
        restore_to: None,
        move_by: None,
        retirement,
    };
    let end = retirement.map(|date| date.day().to_string());
    let Some(months) = runway.months else {
        // Growth does not pass it while the model is there; that it ends is what there is to say.
        let last = dates(runways.months).map(|(last, _)| last);
        due.move_by = end.filter(|end| last.is_none_or(|last| *end <= last));
        due.action = due.move_by.as_ref().map(|_| Action::Migrate);
        return Some(due);
    };
    let (passed, ask) = dates(months).unzip();
    let ends_first = end.as_ref().zip(passed.as_ref()).is_some_and(|(end, passed)| end <= passed);
    let no_increases = model.takes_no_increases(today);
    let then = due.then;
    due.action = match then.map(|then| then.action) {
        _ if ends_first => Some(Action::Migrate),
        None if no_increases => Some(Action::Migrate),
        action => action,
    };
    match due.action {
        Some(Action::Request) => due.ask_by = ask,
        Some(Action::Restore) => {
            due.ask_by = ask;
            due.restore_to = then.and_then(|then| then.restore_to);
        }
        // The cap does; an increase is the other way, where AWS takes one.
        Some(Action::LowerMaxTokens) if !no_increases => {
            due.ask_by = ask.filter(|_| then.is_some_and(|then| then.ask.is_some()));
        }
        Some(Action::Migrate) => {
            due.move_by = match (end, &passed) {
                (Some(end), Some(passed)) => Some(end.min(passed.clone())),
                (end, passed) => end.or_else(|| passed.clone()),
            };
        }
        _ => {}
    }
    due.passed = passed;
    Some(due)
}

/// The first day of the month so many months after a date, and the day to ask before it.
fn ask_by(today: FactDate, months: u32, lead_days: u32) -> Option<(String, String)> {
    let passes = today.day().checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
    let ask = passes.checked_sub(jiff::Span::new().try_days(lead_days).ok()?).ok()?;
    Some((passes.to_string(), ask.max(today.day()).to_string()))
}
