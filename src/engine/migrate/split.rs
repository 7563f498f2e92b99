//! Which rows move, what they are on the new model, and the rows of a stage.

use std::collections::BTreeMap;

use super::stated::Migration;
use crate::catalog::Scope;
use crate::engine::assumptions::PlanInput;
use crate::engine::whatif::{scaled, times};
use crate::text::{Code, Diagnostics};
use crate::units::{MILLIONTHS, Ratio, Tokens};
use crate::workload::{Column, Edit, RowFault, Workload, WorkloadSet};

/// The rows that move.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    /// Indices of the rows in the file.
    pub rows: Vec<usize>,
    /// Those whose max_tokens is above the new model's maximum and is lowered to it.
    pub lowered: Vec<usize>,
    /// Those that leave max_tokens unset, so that each request reserves the model's maximum.
    pub unset: Vec<usize>,
    /// Those of whose answers the 95th percentile passes max_tokens on the new model alone.
    pub cut: Vec<usize>,
    /// How many state a latency, which is kept.
    pub with_latency: usize,
    /// How many state a 95th percentile of the output.
    pub with_output_p95: usize,
}

/// Rows of the file by index, as they are on the new model with all of their traffic.
pub(super) struct Moves {
    pub(super) rows: BTreeMap<usize, Workload>,
}

/// Finds the rows and judges each on the new model; what does not hold is reported, and then there
/// are none.
pub(super) fn moves(
    input: &PlanInput<'_>,
    migration: &Migration,
    diagnostics: &mut Diagnostics,
) -> Option<Moves> {
    let before = diagnostics.len();
    let mut rows = BTreeMap::new();
    let mut refused: BTreeMap<Scope, &Workload> = BTreeMap::new();
    let model = input.catalog.model(migration.to);
    for (index, row) in input.workloads.rows().iter().enumerate() {
        let to_scope = migration.to_scope.unwrap_or(row.scope());
        let chosen = row.model() == migration.from
            && migration.from_scope.is_none_or(|scope| scope == row.scope())
            && (migration.to, to_scope) != (row.model(), row.scope());
        if !chosen {
            continue;
        }
        if model.accepts(to_scope) {
            let moved = judged(row, to_scope, input, migration, diagnostics);
            rows.extend(moved.map(|moved| (index, moved)));
        } else {
            refused.entry(to_scope).or_insert(row);
        }
    }
    for (scope, row) in refused {
        not_offered(scope, row, input, migration, diagnostics);
    }
    let errors = diagnostics.len() > before;
    if !errors && rows.is_empty() {
        let model = &input.catalog.model(migration.from).name;
        let scope = migration.from_scope.map(|scope| format!(" in scope `{scope}`")).unwrap_or_default();
        let help = "name the model of the rows to move; rows that are already at the target stay there";
        let message = format!("no row that could move has the model {model}{scope}");
        diagnostics.at(Code::BadValue, migration.from_span, message, help);
        return None;
    }
    (!errors).then_some(Moves { rows })
}

/// Says that the new model is not offered where rows are, and where it is.
fn not_offered(
    scope: Scope,
    row: &Workload,
    input: &PlanInput<'_>,
    migration: &Migration,
    diagnostics: &mut Diagnostics,
) {
    let model = input.catalog.model(migration.to);
    let offered: Vec<String> = Scope::ALL
        .iter()
        .filter(|scope| model.accepts(**scope))
        .map(|scope| format!("`--to {}/{scope}`", model.aliases.first().unwrap_or(&model.id)))
        .collect();
    let keeps = if migration.to_scope.is_none() {
        format!(", which row `{}` would keep", row.name())
    } else {
        String::new()
    };
    let message = format!("{} is not offered in scope `{scope}` from ca-central-1{keeps}", model.name);
    let elsewhere: Vec<String> = Scope::ALL
        .iter()
        .filter(|scope| model.accepts(**scope) && **scope != Scope::InRegion)
        .map(|scope| format!("`{scope}`"))
        .collect();
    let elsewhere = match elsewhere.as_slice() {
        [] => String::new(),
        scopes => format!("; in {}, other Regions may process the requests", scopes.join(" and ")),
    };
    let help = format!("choose its scope with {}{elsewhere}", offered.join(" or "));
    diagnostics.at(Code::ScopeNotOffered, migration.to_span, message, help);
}

/// A row on the new model; what does not hold there is reported. `None` where a cell would pass
/// what a file may hold.
fn judged(
    row: &Workload,
    scope: Scope,
    input: &PlanInput<'_>,
    migration: &Migration,
    diagnostics: &mut Diagnostics,
) -> Option<Workload> {
    let ratio = &migration.token_ratio;
    let Some(moved) = on_the_new_model(row, scope, input, migration, ratio.value) else {
        let message = format!("row `{}`: a value would be above 1,000,000,000,000", row.name());
        diagnostics.at(Code::BadValue, ratio.span, message, "write a smaller ratio");
        return None;
    };
    let faults = faults(&moved, input);
    if faults.is_empty() {
        return Some(moved);
    }
    // What holds with as many tokens as before is the ratio's fault, not the model's.
    let one = Ratio::from_millionths(MILLIONTHS).unwrap_or_default();
    let plain = on_the_new_model(row, scope, input, migration, one);
    let of_model = plain.map(|row| self::faults(&row, input)).unwrap_or_default();
    for RowFault { column, code, message, help } in faults {
        let without = of_model.iter().any(|other| other.column == column && other.code == code);
        let span = if without { migration.to_span } else { ratio.span };
        diagnostics.at(code, span, format!("row `{}`: {message}", row.name()), help);
    }
    Some(moved)
}

/// The row with all of its traffic on the new model; `None` above what an input may hold.
fn on_the_new_model(
    row: &Workload,
    scope: Scope,
    input: &PlanInput<'_>,
    migration: &Migration,
    ratio: Ratio,
) -> Option<Workload> {
    let grown = |tokens: Tokens| times(tokens.millionths(), ratio).and_then(Tokens::from_millionths);
    let if_stated = |tokens: Option<Tokens>| match tokens {
        None => Some(None),
        Some(tokens) => grown(tokens).map(Some),
    };
    // A cap is a choice, not a measurement: it stays, as far as the new model takes it.
    let maximum = input.catalog.model(migration.to).max_output_tokens.known();
    let max_tokens = row.max_tokens().map(|own| maximum.map_or(own, |maximum| own.min(maximum)));
    Some(row.edited(&Edit {
        model: Some(migration.to),
        scope: Some(scope),
        input: Some(grown(row.input())?),
        output: Some(grown(row.output())?),
        cache_read: Some(grown(row.cache_read())?),
        cache_write: Some(grown(row.cache_write())?),
        input_p95: if_stated(row.input_p95())?,
        output_p95: if_stated(row.output_p95())?,
        output_p99: if_stated(row.output_p99())?,
        max_tokens,
        ..Edit::default()
    }))
}

/// What does not hold of a row on the new model.
fn faults(row: &Workload, input: &PlanInput<'_>) -> Vec<RowFault> {
    let model = input.catalog.model(row.model());
    let mut faults = row.faults(input.catalog);
    if let Some(maximum) = model.max_output_tokens.known()
        && row.output() > maximum
    {
        // A max_tokens lowered to the maximum would be blamed, and nobody wrote it.
        faults.retain(|fault| fault.code != Code::OutputAboveMaxTokens);
        faults.push(RowFault {
            column: Column::OutputTokens,
            code: Code::OutputAboveMaxTokens,
            message: format!(
                "a mean output of {} is above the maximum of {maximum} of {}",
                row.output(),
                model.name
            ),
            help: "migrate it to a model that allows longer answers, or leave it out of the file".to_owned(),
        });
    }
    faults
}

impl Moves {
    /// The rows of a stage, and the row of the file that each comes from.
    pub(super) fn split(&self, set: &WorkloadSet, percent: u32) -> (WorkloadSet, Vec<usize>) {
        let share = |percent: u32| {
            Ratio::from_millionths(u64::from(percent) * (MILLIONTHS / 100)).unwrap_or_default()
        };
        // A share of a value that is allowed is allowed.
        let part = |row: &Workload, percent| scaled(row, share(percent)).unwrap_or_else(|| row.clone());
        let mut rows = Vec::with_capacity(set.rows().len() + self.rows.len());
        let mut origins = Vec::with_capacity(rows.capacity());
        for (index, row) in set.rows().iter().enumerate() {
            let before = rows.len();
            match self.rows.get(&index) {
                None => rows.push(row.clone()),
                Some(new) => {
                    if percent < 100 {
                        rows.push(part(row, 100 - percent));
                    }
                    if percent > 0 {
                        rows.push(part(new, percent));
                    }
                }
            }
            origins.extend(std::iter::repeat_n(index, rows.len() - before));
        }
        (set.with_rows(rows), origins)
    }

    /// What is to be said of the rows that move.
    pub(super) fn moved(&self, input: &PlanInput<'_>) -> Moved {
        let mut moved = Moved::default();
        for (&index, new) in &self.rows {
            let Some(old) = input.workloads.rows().get(index) else { continue };
            moved.rows.push(index);
            moved.with_latency += usize::from(old.latency().is_some());
            moved.with_output_p95 += usize::from(old.output_p95().is_some());
            if new.max_tokens() < old.max_tokens() {
                moved.lowered.push(index);
            }
            if old.max_tokens().is_none() && input.catalog.model(new.model()).kind.generates() {
                moved.unset.push(index);
            }
            let passes = |row: &Workload| {
                row.output_p95().zip(row.max_tokens()).is_some_and(|(p95, max_tokens)| p95 > max_tokens)
            };
            if passes(new) && !passes(old) {
                moved.cut.push(index);
            }
        }
        moved
    }
}
