//! Rows that share a quota, made ready for the passes of the plan.
//!
//! Every sum of `guide/sizing.md` is linear in a row's rate, so rows with the same period, hours,
//! growth and kind of peak and latency are summed once as a class; factors and fractions are
//! applied to the class, exactly.

use std::collections::{BTreeMap, HashMap};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::assumptions::{Assumptions, PlanInput};
use super::burst::log_normal_spread;
use super::growth::Growth;
use super::quota_id::QuotaId;
use super::tight_cap::LongestAnswer;
use crate::catalog::{Catalog, Model, ModelIndex, ModelKind, QuotaEntry, Scope};
use crate::config::Speed;
use crate::units::{ExactRate, Fact, MILLIONTHS, QuotaKind, Ratio, Tokens};
use crate::workload::{Column, Hours, Symbol, Workload, WorkloadSet};

/// Rows that count against the same quotas.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pub(super) account: Option<String>,
    pub(super) model: ModelIndex,
    pub(super) scope: Scope,
    /// Whether the long-context quotas count.
    pub(super) long_context: bool,
    /// Indices into the set, in file order.
    pub(super) rows: Vec<u32>,
}

impl Pool {
    /// The growth of its rows over the months of the plan.
    pub(super) fn growth(&self, input: &PlanInput<'_>) -> Growth {
        let rows = self.rows.iter().map(|index| &input.workloads.rows()[*index as usize]);
        Growth::new(rows, input.assumptions.months)
    }

    /// The id of one of its quotas.
    pub(super) fn quota_id(&self, kind: QuotaKind, code: Option<String>) -> QuotaId {
        let Self { account, model, scope, long_context, .. } = self;
        QuotaId {
            account: account.clone(),
            model: *model,
            scope: *scope,
            kind,
            long_context: *long_context,
            code,
        }
    }

    /// The quotas that its rows count against, with their entries in the model table.
    ///
    /// Tokens per minute are planned for every model but rerankers, of which AWS lists none, even where the model is
    /// not offered; other quotas only where the table has them.
    pub(super) fn quotas<'c>(
        &self,
        catalog: &'c Catalog,
    ) -> impl Iterator<Item = (QuotaKind, Option<&'c QuotaEntry>)> + use<'c> {
        let (model, long_context) = (catalog.model(self.model), self.long_context);
        let scope = model.scope(self.scope).filter(|_| model.offered);
        QuotaKind::ALL.into_iter().filter_map(move |kind| {
            let entry = scope.and_then(|scope| scope.quota_for(kind, long_context));
            let is_planned =
                if kind.reserves_tokens() { model.kind != ModelKind::Rerank } else { entry.is_some() };
            is_planned.then_some((kind, entry))
        })
    }
}

/// Groups the rows by account, model, scope and input length; sorted the way results are.
pub(super) fn group(set: &WorkloadSet, catalog: &Catalog, assumptions: &Assumptions) -> Vec<Pool> {
    type Key = (Option<Symbol>, ModelIndex, Scope, bool);
    let mut found: HashMap<Key, usize, foldhash::fast::FixedState> = HashMap::default();
    let mut rows_of: Vec<(Key, Vec<u32>)> = Vec::new();
    for (row, index) in set.rows().iter().zip(0_u32..) {
        let entry = catalog.model(row.model()).scope(row.scope());
        let above =
            entry.and_then(|entry| entry.long_context.as_ref()).map(|long| long.above_input.millionths());
        let long = above.is_some_and(|above| row.all_input_millionths() > above);
        let key = (row.account(), row.model(), row.scope(), long);
        let at = *found.entry(key).or_insert_with(|| {
            rows_of.push((key, Vec::new()));
            rows_of.len() - 1
        });
        rows_of[at].1.push(index);
    }
    // Rows without an account belong to the configured one, which others may name.
    let mut pools: BTreeMap<(Option<String>, ModelIndex, &str, bool), Pool> = BTreeMap::new();
    for ((account, model, scope, long_context), rows) in rows_of {
        let account =
            account.map(|symbol| set.text(symbol).to_owned()).or_else(|| assumptions.config.account.clone());
        let pool = pools.entry((account.clone(), model, scope.as_str(), long_context)).or_insert(Pool {
            account,
            model,
            scope,
            long_context,
            rows: Vec::new(),
        });
        pool.rows.extend(rows);
    }
    pools
        .into_values()
        .map(|mut pool| {
            pool.rows.sort_unstable();
            pool
        })
        .collect()
}

/// Rows summed together: everything a rate is multiplied by is the same for them.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) period: Option<Symbol>,
    pub(super) hours: Hours,
    /// Growth over the months of the plan, over the divisor of the rows' rates, exact, times
    /// [`Prepared::unit`].
    pub(super) rate_factor: BigInt,
    /// The same of the busiest minute, times the configuration's peak factor where the rows state
    /// no peak.
    pub(super) peak_factor: BigInt,
    /// Whether the rows state no peak.
    pub(super) assumed_peak: bool,
    /// Denominator of the rows' occupancy `φ = min(L, 60)/60`.
    pub(super) occupancy_denominator: u128,
    /// Index of the classes with the same period and hours, which are active together.
    pub(super) group: usize,
}

/// Classes that are active together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Group {
    pub(super) period: Option<Symbol>,
    pub(super) hours: Hours,
}

/// A row as the passes need it; numbers in millionths.
#[derive(Debug, Clone, Copy)]
pub(super) struct DemandRow {
    pub(super) class: u32,
    pub(super) index: u32,
    pub(super) rate: u64,
    pub(super) peak: u64,
    pub(super) input: u64,
    pub(super) cache_read: u64,
    pub(super) cache_write: u64,
    pub(super) output: u64,
    /// The cap requests are sent with; `None` where it is not known.
    pub(super) max_tokens: Option<u64>,
    /// Numerator of the occupancy.
    pub(super) occupancy: u128,
    pub(super) dispersion: u64,
    /// Variances of input and output, in units of 10^-12.
    pub(super) input_variance: u128,
    pub(super) output_variance: u128,
}

/// A pool made ready.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) classes: Vec<Class>,
    pub(super) groups: Vec<Group>,
    /// The denominator of all classes' factors.
    pub(super) unit: BigInt,
    pub(super) rows: Vec<DemandRow>,
    /// Periods named by the rows, by name; `[None]` where none is.
    pub(super) periods: Vec<Option<Symbol>>,
    /// Rows whose p95 lies too far above the mean for a log-normal, each with the p95's column.
    pub(super) capped_spreads: Vec<(u32, Column)>,
    /// The longest answer to expect of the rows whose busiest minute is above 0.
    pub(super) longest_answer: LongestAnswer,
}

/// Prepares a pool's rows, in a vector that may have served another pool before; `each` sees
/// every row too, so that large files are walked once.
pub(super) fn prepare(
    pool: &Pool,
    input: &PlanInput<'_>,
    growth: &Growth,
    recycled: Vec<DemandRow>,
    mut each: impl FnMut(u32, &Workload),
) -> Prepared {
    let PlanInput { catalog, workloads: set, assumptions } = *input;
    let model = catalog.model(pool.model);
    let latency = AssumedLatency::new(assumptions.speed_of(pool.model));
    let mut keys: HashMap<ClassKey, u32, foldhash::fast::FixedState> = HashMap::default();
    let mut classes: Vec<Class> = Vec::new();
    let mut group_at: HashMap<Group, usize, foldhash::fast::FixedState> = HashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    let mut last: Option<(ClassKey, u32)> = None;
    let mut capped_spreads = Vec::new();
    let mut longest_answer = LongestAnswer::default();
    let z = assumptions.z();
    let mut rows = recycled;
    rows.clear();
    rows.reserve(pool.rows.len());
    for &index in &pool.rows {
        let row = &set.rows()[index as usize];
        each(index, row);
        let (occupancy, denominator) = match row.latency() {
            Some(latency) => {
                let minute = 60 * MILLIONTHS;
                (u128::from(latency.millionths().min(minute)), u128::from(minute))
            }
            None => latency.occupancy(row.output().millionths()),
        };
        let (mean, peak) = (row.mean_rate(), row.peak_rate());
        let key = ClassKey {
            period: row.period(),
            hours: row.hours().unwrap_or(Hours::ALL_DAY),
            growth: row.growth_per_month().filter(|_| assumptions.months > 0).unwrap_or_default(),
            assumed_peak: peak.is_none(),
            divisors: (mean.divisor(), peak.map_or(1, ExactRate::divisor)),
            denominator,
        };
        let class = match last {
            Some((same, class)) if same == key => class,
            _ => *keys.entry(key).or_insert_with(|| {
                let group = Group { period: key.period, hours: key.hours };
                let group = *group_at.entry(group).or_insert_with(|| {
                    groups.push(group);
                    groups.len() - 1
                });
                classes.push(key.class(growth, assumptions, group));
                u32::try_from(classes.len() - 1).unwrap_or(u32::MAX)
            }),
        };
        last = Some((key, class));
        let spread = |mean: Tokens, p95: Option<Tokens>| {
            p95.map(|p95| log_normal_spread(mean.millionths(), p95.millionths())).unwrap_or_default()
        };
        let input_spread = spread(row.input(), row.input_p95());
        let output_spread = spread(row.output(), row.output_p95());
        if input_spread.capped {
            capped_spreads.push((index, Column::InputTokensP95));
        } else if output_spread.capped {
            capped_spreads.push((index, Column::OutputTokensP95));
        }
        if peak.unwrap_or(mean).millionths() > 0 {
            let of_row = LongestAnswer::of_row(row, output_spread, assumptions.config.confidence, z);
            longest_answer = longest_answer.and(of_row);
        }
        rows.push(DemandRow {
            class,
            index,
            rate: mean.millionths(),
            peak: peak.unwrap_or(mean).millionths(),
            input: row.input().millionths(),
            cache_read: row.cache_read().millionths(),
            cache_write: row.cache_write().millionths(),
            output: row.output().millionths(),
            max_tokens: cap_of(row, model),
            occupancy,
            dispersion: row.dispersion().map_or(MILLIONTHS, Ratio::millionths),
            input_variance: input_spread.variance(row.input().millionths()),
            output_variance: output_spread.variance(row.output().millionths()),
        });
    }
    let mut periods: Vec<Option<Symbol>> =
        groups.iter().map(|group| group.period).filter(Option::is_some).collect();
    periods.sort_by_key(|period| period.map(|symbol| set.text(symbol)));
    periods.dedup();
    if periods.is_empty() {
        periods.push(None);
    }
    Prepared { classes, groups, unit: growth.unit(), rows, periods, capped_spreads, longest_answer }
}

/// The cap a row's requests are sent with, in millionths: 0 for models that generate nothing,
/// the model's maximum where unset, `None` where that is not known.
pub(super) fn cap_of(row: &Workload, model: &Model) -> Option<u64> {
    if !model.kind.generates() {
        return Some(0);
    }
    match (row.max_tokens(), model.max_output_tokens) {
        (Some(max), _) | (None, Fact::Known(max)) => Some(max.millionths()),
        (None, Fact::Absent | Fact::Unknown) => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ClassKey {
    period: Option<Symbol>,
    hours: Hours,
    growth: Ratio,
    assumed_peak: bool,
    /// Divisors of the mean rate and of a stated peak.
    divisors: (u64, u64),
    denominator: u128,
}

impl ClassKey {
    fn class(&self, growth: &Growth, assumptions: &Assumptions, group: usize) -> Class {
        let growth = growth.factor(self.growth);
        let over = |divisor: u64, factor: u64| growth * (ExactRate::COMMON / u128::from(divisor)) * factor;
        let peak_factor = if self.assumed_peak {
            over(self.divisors.0, assumptions.peak_factor().millionths())
        } else {
            over(self.divisors.1, MILLIONTHS)
        };
        Class {
            period: self.period,
            hours: self.hours,
            rate_factor: over(self.divisors.0, MILLIONTHS),
            peak_factor,
            assumed_peak: self.assumed_peak,
            occupancy_denominator: self.denominator,
            group,
        }
    }
}

/// A ratio as an exact rational.
pub(super) fn exact(ratio: Ratio) -> BigRational {
    BigRational::new(BigInt::from(ratio.millionths()), BigInt::from(MILLIONTHS))
}

/// `(1 + growth)^months`, nearly.
pub(super) fn growth_estimate(growth: Ratio, months: u32) -> f64 {
    if growth == Ratio::ZERO || months == 0 {
        1.0
    } else {
        libm::pow(1.0 + growth.to_f64(), f64::from(months))
    }
}

/// Occupancy of rows without a latency: `seconds_to_first_token + O / tokens_per_second`, over 60 s.
struct AssumedLatency {
    /// The first token's share of the numerator.
    first_token: u128,
    /// What a millionth of an output token adds to the numerator.
    output_factor: u128,
    denominator: u128,
}

/// The denominators that the occupancies of a model's rows may have.
pub(super) fn occupancy_denominators(assumptions: &Assumptions, model: ModelIndex) -> [u128; 2] {
    let assumed = AssumedLatency::new(assumptions.speed_of(model)).denominator;
    [u128::from(60 * MILLIONTHS), assumed]
}

impl AssumedLatency {
    fn new(speed: Speed) -> Self {
        let first = u128::from(speed.seconds_to_first_token.millionths());
        let per_second = u128::from(speed.output_tokens_per_second.millionths()).max(1);
        let unit = u128::from(MILLIONTHS);
        // L·per_second = first·per_second + O; reduced, so that the sums stay small.
        let shared = gcd(per_second, unit);
        Self {
            first_token: first * (per_second / shared),
            output_factor: unit / shared,
            denominator: 60 * unit * (per_second / shared),
        }
    }

    fn occupancy(&self, output: u64) -> (u128, u128) {
        let numerator = self.first_token + u128::from(output) * self.output_factor;
        (numerator.min(self.denominator), self.denominator)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    if b.is_zero() { a } else { gcd(b, a % b) }
}
