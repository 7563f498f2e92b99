//! Applying a scenario: the rows and assumptions that editing the files by hand would give.
//!
//! Products of cells are rounded up to the sixth decimal, the finest a cell holds: demand rounds up.

use std::collections::{BTreeMap, HashMap};

use super::scenario::{Change, Chosen, Scenario, Setting, Value};
use crate::catalog::Catalog;
use crate::config::{HEADROOM_MAXIMUM, MONTHS_MAXIMUM};
use crate::engine::assumptions::{Assumptions, PlanInput};
use crate::engine::caps::{self, Tight};
use crate::engine::pool;
use crate::text::{Code, Diagnostics, Span};
use crate::units::{
    ExactRate, INPUT_MAXIMUM, MILLIONTHS, Ratio, RequestsPerMinute, Seconds, Tokens, TokensPerSecond,
};
use crate::workload::{Column, Edit, RowFault, StatedRate, Workload, WorkloadSet};

/// The inputs of a plan under a scenario.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The rows.
    pub workloads: WorkloadSet,
    /// Everything else that is taken as given.
    pub assumptions: Assumptions,
}

/// Applies a scenario; what cannot hold is reported at the setting that asks for it, and then
/// there is no result.
pub fn apply(input: &PlanInput<'_>, scenario: &Scenario, diagnostics: &mut Diagnostics) -> Option<Applied> {
    let mut rows: Vec<Workload> = input.workloads.rows().iter().cloned().collect();
    let mut assumptions = input.assumptions.clone();
    let mut found = Faults { scenario: &scenario.name, seen: 0, diagnostics };
    // Which changes touched a row, in their order: what holds is judged when all are applied, since a
    // later one may make good what an earlier one breaks.
    let mut touched: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
    for change in &scenario.changes {
        of_the_plan(change, &mut assumptions, &mut found);
        let workloads = input.workloads.with_rows(rows);
        let now = PlanInput { workloads: &workloads, assumptions: &assumptions, ..*input };
        let (changed, chosen) = of_rows(&now, change, &mut found);
        rows = changed;
        for row in chosen {
            touched.entry(row).or_default().push(change);
        }
    }
    for (index, changes) in touched {
        let Some(row) = rows.get(index) else { continue };
        for RowFault { column, code, message, help } in row.faults(input.catalog) {
            if let Some(span) = blamed(&changes, column) {
                found.add(code, span, &format!("row `{}`: {message}", row.name()), &help);
            }
        }
    }
    let seen = found.seen;
    (seen == 0).then(|| Applied { workloads: input.workloads.with_rows(rows), assumptions })
}

/// Reports what cannot hold.
struct Faults<'a> {
    scenario: &'a str,
    seen: usize,
    diagnostics: &'a mut Diagnostics,
}

impl Faults<'_> {
    fn add(&mut self, code: Code, span: Span, message: &str, help: &str) {
        self.seen += 1;
        let message = format!("scenario `{}`: {message}", self.scenario);
        self.diagnostics.at(code, span, message, help);
    }

    fn bad(&mut self, span: Span, message: &str, help: &str) {
        self.add(Code::BadValue, span, message, help);
    }
}

/// A product of millionths, rounded up; `None` above what an input may hold.
pub(in crate::engine) fn times(value: u64, factor: Ratio) -> Option<u64> {
    let product = (u128::from(value) * u128::from(factor.millionths())).div_ceil(u128::from(MILLIONTHS));
    u64::try_from(product).ok().filter(|product| *product <= INPUT_MAXIMUM * MILLIONTHS)
}

fn valued(value: Value, now: u64) -> Option<u64> {
    match value {
        Value::To(to) => Some(to.millionths()),
        Value::Times(factor) => times(now, factor),
    }
}

fn of_the_plan(change: &Change, assumptions: &mut Assumptions, found: &mut Faults<'_>) {
    for &(setting, span) in &change.settings {
        match setting {
            Setting::Months(value) => {
                let months = valued(value, u64::from(assumptions.months) * MILLIONTHS);
                let months = months.and_then(|months| u32::try_from(months.div_ceil(MILLIONTHS)).ok());
                match months.filter(|months| *months <= MONTHS_MAXIMUM) {
                    Some(months) => assumptions.months = months,
                    None => {
                        found.bad(span, &format!("months must be at most {MONTHS_MAXIMUM}"), "write fewer");
                    }
                }
            }
            Setting::Headroom(value) => {
                let headroom = valued(value, assumptions.config.headroom.millionths());
                match headroom.filter(|headroom| *headroom <= HEADROOM_MAXIMUM * MILLIONTHS) {
                    Some(headroom) => {
                        assumptions.config_mut().headroom =
                            Ratio::from_millionths(headroom).unwrap_or_default();
                    }
                    None => {
                        found.bad(span, "headroom must be at most 5 (0.20 is 20 %)", "write a smaller one");
                    }
                }
            }
            Setting::Confidence(value) => {
                let confidence = valued(value, assumptions.config.confidence.millionths());
                match confidence.filter(|c| (MILLIONTHS / 2..MILLIONTHS).contains(c)) {
                    Some(c) => {
                        assumptions.config_mut().confidence = Ratio::from_millionths(c).unwrap_or_default();
                    }
                    None => {
                        found.bad(
                            span,
                            "confidence must be at least 0.5 and below 1",
                            "write a share in this range",
                        );
                    }
                }
            }
            _ => {}
        }
    }
}

/// The rows with a change applied, and which of them it chooses.
fn of_rows(now: &PlanInput<'_>, change: &Change, found: &mut Faults<'_>) -> (Vec<Workload>, Vec<usize>) {
    let settings: Vec<(Setting, Span)> =
        change.settings.iter().copied().filter(|(setting, _)| !setting.is_of_the_plan()).collect();
    let mut edited: Vec<Workload> = now.workloads.rows().iter().cloned().collect();
    if settings.is_empty() {
        return (edited, Vec::new());
    }
    for (setting, span) in &settings {
        if let (Setting::Residency(set), Some(policy)) = (setting, now.assumptions.config.policy.residency)
            && *set < policy
        {
            let message = format!("`{set}` is looser than the policy: `[policy] residency` is `{policy}`");
            found.add(Code::LooserResidency, *span, &message, &format!("write `{policy}` or a stricter one"));
        }
    }
    let mut chosen = Vec::new();
    for (index, row) in edited.iter_mut().enumerate() {
        if !chooses(&change.chosen, row, now) {
            continue;
        }
        chosen.push(index);
        for &(setting, span) in &settings {
            match set(row, setting, now) {
                Ok(edit) => *row = row.edited(&edit),
                Err(fault) => {
                    found.bad(span, &format!("row `{}`: {fault}", row.name()), "write another value");
                }
            }
        }
    }
    if chosen.is_empty() {
        found.bad(change.span, "`where` matches no row", "correct it, or leave it out to change all rows");
    }
    // Caps are those of the quotas as they are with the other settings of this change.
    if settings.iter().any(|(setting, _)| matches!(setting, Setting::TightMaxTokens)) {
        let workloads = now.workloads.with_rows(edited.clone());
        let caps = tight_caps(&PlanInput { workloads: &workloads, ..*now });
        for &index in &chosen {
            if let (Some(cap), Some(row)) = (caps.get(&index), edited.get_mut(index)) {
                let max_tokens = row.max_tokens().map_or(*cap, |own| own.min(*cap));
                *row = row.edited(&Edit { max_tokens: Some(max_tokens), ..Edit::default() });
            }
        }
    }
    (edited, chosen)
}

/// The tight cap of each row's quota.
fn tight_caps(input: &PlanInput<'_>) -> HashMap<usize, Tokens> {
    let mut caps = HashMap::new();
    for pool in pool::group(input.workloads, input.catalog, input.assumptions) {
        let prepared = pool::prepare(&pool, input, &pool.growth(input), Vec::new(), |_, _| {});
        if let Some(Tight { tokens: cap, .. }) = caps::tight(&prepared, input.catalog.model(pool.model)) {
            caps.extend(pool.rows.iter().map(|row| (*row as usize, cap)));
        }
    }
    caps
}

fn chooses(chosen: &Chosen, row: &Workload, input: &PlanInput<'_>) -> bool {
    let text = |symbol| input.workloads.text(symbol);
    let account = row.account().map(text).or(input.assumptions.config.account.as_deref());
    let same =
        |wanted: &Option<String>, is: Option<&str>| wanted.as_deref().is_none_or(|wanted| is == Some(wanted));
    same(&chosen.workload, Some(row.name()))
        && same(&chosen.team, row.team().map(text))
        && same(&chosen.period, row.period().map(text))
        && same(&chosen.account, account)
        && chosen.scope.is_none_or(|scope| scope == row.scope())
        && chosen.model.is_none_or(|named| {
            named.model == row.model() && named.scope.is_none_or(|scope| scope == row.scope())
        })
}

/// The setting to blame for a fault of a column: the last that touches it, else the last of all.
fn blamed(changes: &[&Change], column: Column) -> Option<Span> {
    let touches = |setting: &Setting| match setting {
        Setting::Model(_) => true,
        Setting::Scope(_) => column == Column::Scope,
        Setting::InputTokens(_) => column == Column::InputTokens,
        Setting::OutputTokens(_) => column == Column::OutputTokens,
        Setting::MaxTokens(_) => matches!(column, Column::MaxTokens | Column::OutputTokens),
        Setting::Rate(_) | Setting::Peak(_) => column == Column::PeakRequestsPerMinute,
        _ => false,
    };
    let settings = || changes.iter().rev().flat_map(|change| change.settings.iter().rev());
    settings().find(|(setting, _)| touches(setting)).or_else(|| settings().next()).map(|(_, span)| *span)
}

/// Why a setting cannot be applied to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum SettingFault {
    #[error("the value would be above 1,000,000,000,000")]
    TooLarge,
    #[error("max_tokens is not set, and the model's maximum is not known")]
    MaximumUnknown,
    #[error("more input would be read from the cache than there is")]
    MoreThanAllCached,
}

fn tokens(millionths: Option<u64>) -> Result<Option<Tokens>, SettingFault> {
    millionths.and_then(Tokens::from_millionths).map(Some).ok_or(SettingFault::TooLarge)
}

fn rate(rate: Option<ExactRate>) -> Result<Option<ExactRate>, SettingFault> {
    rate.map(Some).ok_or(SettingFault::TooLarge)
}

/// A busiest minute under a setting: a number is requests per minute, each of so many calls as before.
fn peak_valued(value: Value, row: &Workload, now: ExactRate) -> Option<ExactRate> {
    match value {
        Value::To(to) => {
            let calls = row.calls_per_request().map_or(MILLIONTHS, Ratio::millionths);
            ExactRate::product(&[to.millionths(), calls], 1)
        }
        Value::Times(factor) => now.times(factor),
    }
}

/// A mean rate under a setting, in the cell that states it; a number is requests per minute.
fn rate_valued(value: Value, row: &Workload) -> Option<Edit> {
    let stated = row.rate_as_stated();
    row.restated(match value {
        Value::To(to) => {
            let amount = RequestsPerMinute::from_millionths(to.millionths())?;
            StatedRate { column: Column::RequestsPerMinute, amount, users: None }
        }
        Value::Times(factor) => scaled_rate(stated, factor)?,
    })
}

/// A stated rate times a factor, rounded up in its cell.
fn scaled_rate(stated: StatedRate, factor: Ratio) -> Option<StatedRate> {
    let amount = times(stated.amount.millionths(), factor).and_then(RequestsPerMinute::from_millionths)?;
    Some(StatedRate { amount, ..stated })
}

/// The busiest minute, where a row states none the mean times the configuration's factor.
pub(in crate::engine) fn busiest(row: &Workload, assumptions: &Assumptions) -> Option<ExactRate> {
    row.peak_rate().map_or_else(|| row.mean_rate().times(assumptions.peak_factor()), Some)
}

/// The cells that one setting replaces.
fn set(row: &Workload, setting: Setting, now: &PlanInput<'_>) -> Result<Edit, SettingFault> {
    let none = Edit::default();
    let model = now.catalog.model(row.model());
    Ok(match setting {
        Setting::Model(named) => Edit { model: Some(named.model), scope: named.scope, ..none },
        Setting::Scope(scope) => Edit { scope: Some(scope), ..none },
        Setting::Residency(residency) => Edit { residency: Some(residency), ..none },
        Setting::InputTokens(value) => {
            Edit { input: tokens(valued(value, row.input().millionths()))?, ..none }
        }
        Setting::OutputTokens(value) => {
            Edit { output: tokens(valued(value, row.output().millionths()))?, ..none }
        }
        Setting::CacheReadShare(value) => cache_read_share(row, value)?,
        Setting::MaxTokens(value) => {
            let own = row.max_tokens().or(model.max_output_tokens.known());
            let now = match (value, own) {
                (Value::To(_), _) => 0,
                (Value::Times(_), Some(own)) => own.millionths(),
                (Value::Times(_), None) => return Err(SettingFault::MaximumUnknown),
            };
            let whole = valued(value, now).map(|millionths| millionths.div_ceil(MILLIONTHS) * MILLIONTHS);
            Edit { max_tokens: tokens(whole)?, ..none }
        }
        // Caps need all rows of a quota: they are set afterwards.
        Setting::TightMaxTokens => none,
        Setting::LatencySeconds(value) => {
            let own = row.latency().map_or_else(|| assumed_latency(row, now), |own| Some(own.millionths()));
            let latency = own.and_then(|own| valued(value, own)).and_then(Seconds::from_millionths);
            Edit { latency: Some(latency.ok_or(SettingFault::TooLarge)?), ..none }
        }
        Setting::Rate(value) => {
            let edit = rate_valued(value, row).ok_or(SettingFault::TooLarge)?;
            if row.peak_factor().is_some() {
                return Ok(edit);
            }
            let mean = row.mean_rate();
            let peak = match (row.peak_rate(), value, edit.mean_rate) {
                (None, _, _) => None,
                (Some(peak), Value::Times(factor), _) => rate(peak.times(factor))?,
                // The busiest minute keeps its ratio to the mean.
                (Some(peak), Value::To(_), Some(mean_now)) if !mean.is_zero() => {
                    rate(peak.in_proportion(mean, mean_now))?
                }
                (Some(peak), Value::To(_), mean_now) => mean_now.map(|mean| mean.max(peak)),
            };
            Edit { peak_rate: peak, ..edit }
        }
        Setting::Peak(value) => {
            let own = rate(busiest(row, now.assumptions))?;
            Edit { peak_rate: rate(own.and_then(|own| peak_valued(value, row, own)))?, ..none }
        }
        Setting::Months(_) | Setting::Headroom(_) | Setting::Confidence(_) => none,
    })
}

/// A row with both rates times a factor; `None` above what an input may hold.
pub(in crate::engine) fn scaled(row: &Workload, factor: Ratio) -> Option<Workload> {
    let edit = row.restated(scaled_rate(row.rate_as_stated(), factor)?)?;
    let peak_rate = match (row.peak_factor(), row.peak_rate()) {
        (None, Some(peak)) => Some(peak.times(factor)?),
        _ => edit.peak_rate,
    };
    let edit = Edit { peak_rate, ..edit };
    Some(row.edited(&edit))
}

/// A row with max_tokens at most `cap`, where its model generates tokens.
pub(in crate::engine) fn capped(row: &Workload, cap: Tokens, catalog: &Catalog) -> Workload {
    let model = catalog.model(row.model());
    if !model.kind.generates() {
        return row.clone();
    }
    let own = row.max_tokens().or(model.max_output_tokens.known());
    let max_tokens = Some(own.map_or(cap, |own| own.min(cap)));
    row.edited(&Edit { max_tokens, ..Edit::default() })
}

/// A row with that share of all input read from the cache.
pub(in crate::engine) fn cached(row: &Workload, share: Ratio) -> Option<Workload> {
    Some(row.edited(&cache_read_share(row, Value::To(share)).ok()?))
}

/// `seconds_to_first_token + output / output_tokens_per_second`, rounded up.
pub(in crate::engine) fn assumed_latency(row: &Workload, now: &PlanInput<'_>) -> Option<u64> {
    let speed = now.assumptions.speed_of(row.model());
    let per_second = TokensPerSecond::millionths(speed.output_tokens_per_second).max(1);
    let output = u128::from(row.output().millionths()) * u128::from(MILLIONTHS);
    let writing = u64::try_from(output.div_ceil(u128::from(per_second))).ok()?;
    speed.seconds_to_first_token.millionths().checked_add(writing)
}

/// That share of all input becomes cache reads; the rest keeps its split of input and writes.
fn cache_read_share(row: &Workload, value: Value) -> Result<Edit, SettingFault> {
    let all = row.all_input_millionths();
    let share = match value {
        Value::To(share) => u128::from(share.millionths()),
        Value::Times(_) if all == 0 => 0,
        Value::Times(factor) => {
            u128::from(row.cache_read().millionths()) * u128::from(factor.millionths()) / u128::from(all)
        }
    };
    let unit = u128::from(MILLIONTHS);
    if share > unit {
        return Err(SettingFault::MoreThanAllCached);
    }
    // What is read from the cache is not reserved nor settled: less of it is the safe side.
    let read = u64::try_from(u128::from(all) * share / unit).unwrap_or(all);
    let rest = all - read;
    let (input, write) = (u128::from(row.input().millionths()), u128::from(row.cache_write().millionths()));
    let input = match input + write {
        0 => rest,
        both => u64::try_from((u128::from(rest) * input).div_ceil(both)).unwrap_or(rest),
    };
    Ok(Edit {
        input: tokens(Some(input))?,
        cache_read: tokens(Some(read))?,
        cache_write: tokens(Some(rest - input))?,
        ..Edit::default()
    })
}
