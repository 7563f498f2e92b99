//! What each row adds to a quota.

use std::cell::OnceCell;
use std::collections::HashMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::assumptions::{Assumptions, PlanInput};
use super::charge::{Request, RequestCost};
use super::finding::FindingPlace;
use super::growth::Growth;
use super::largest::largest;
use super::pool::{cap_of, exact, growth_estimate};
use super::result::{Plan, QuotaPlan};
use super::rounding::{half_even, rounded_up};
use super::slots::Slot;
use crate::catalog::Model;
use crate::config::Speed;
use crate::units::{
    BurndownRate, ExactRate, MILLIONTHS, QuotaAmount, QuotaKind, Ratio, RequestsPerMinute, Seconds, Tokens,
};
use crate::workload::{Hours, Symbol, Workload};

/// One row's part of a quota; exact numbers are not reduced.
#[derive(Debug, Clone)]
pub struct Contribution {
    /// Index of the row in the workload set.
    pub row: usize,
    /// Its part of the steady figure, rounded up on its own.
    pub steady: QuotaAmount,
    /// Its part of the peak figure, rounded up on its own.
    pub peak: QuotaAmount,
    /// Its part of the peak in the binding period and hour, in ten-thousandths, half to even;
    /// 0 where the row is not active then.
    pub share_ten_thousandths: u32,
    /// Requests per minute at the mean, growth included, exact.
    pub rate: BigRational,
    /// Requests in the busiest minute, growth included, exact.
    pub peak_rate: BigRational,
    /// Its part of the steady figure, exact.
    pub steady_exact: BigRational,
    /// Its part of the peak figure, exact.
    pub peak_exact: BigRational,
    /// Whether it is active in the binding period and hour.
    pub active: bool,
    /// What one request costs.
    pub cost: RequestCost,
}

/// The use of a rolling minute that a row's busiest minute comes to, exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowInFlight {
    /// Seconds of the minute for which a request holds its reservation: `min(L, 60)`.
    pub held_seconds: BigRational,
    /// `p·(S + φ·D)`.
    pub tokens: BigRational,
}

impl Contribution {
    /// What the row adds to the use in flight, with the speed of a model that its latency follows from where the row
    /// states none; `None` where the reservation is not known.
    #[must_use]
    pub fn in_flight(&self, row: &Workload, assumed: Speed) -> Option<RowInFlight> {
        let hold = self.cost.hold()?;
        let exact = |millionths: u128| BigRational::new(millionths.into(), MILLIONTHS.into());
        let seconds = |seconds: Seconds| exact(seconds.millionths().into());
        let latency = row.latency().map_or_else(
            || {
                let speed = assumed.output_tokens_per_second.millionths().max(1);
                let output = BigRational::new(row.output().millionths().into(), speed.into());
                seconds(assumed.seconds_to_first_token) + output
            },
            seconds,
        );
        let minute = BigRational::from(BigInt::from(60));
        let held_seconds = latency.min(minute.clone());
        let level =
            exact(self.cost.settled().millionths()) + &held_seconds / minute * exact(hold.millionths());
        Some(RowInFlight { tokens: &self.peak_rate * level, held_seconds })
    }

    /// Settled tokens per minute at another rate of the row's requests, exact.
    #[must_use]
    pub fn settled_at(&self, rate: RequestsPerMinute) -> BigRational {
        let exact = |millionths: u128| BigRational::new(millionths.into(), MILLIONTHS.into());
        exact(rate.millionths().into()) * exact(self.cost.settled().millionths())
    }
}

/// The request a row describes.
pub(super) fn request_of(row: &Workload, model: &Model) -> Request {
    Request {
        input: row.input(),
        cache_read: row.cache_read(),
        cache_write: row.cache_write(),
        output: row.output(),
        max_tokens: cap_of(row, model).and_then(Tokens::from_millionths),
    }
}

/// One row's part, its share not yet known; `None` above 10^18, which the sums have ruled out.
fn part(
    (index, row): (usize, &Workload),
    model: &Model,
    rate: BurndownRate,
    kind: QuotaKind,
    slot: Slot,
    (growth, assumptions): (&Growth, &Assumptions),
) -> Option<Contribution> {
    let cost = request_of(row, model).cost(rate, assumptions.config.reserve_cache_reads);
    let millionths = BigInt::from(MILLIONTHS);
    let factor = growth.factor(row.growth_per_month().unwrap_or_default());
    // Not reduced, here and below: with years of growth that costs more than all else, and most callers
    // only round.
    let exactly = |rate: ExactRate| {
        let unit = growth.one() * &millionths * rate.divisor();
        BigRational::new_raw(factor * rate.millionths(), unit)
    };
    let times =
        |a: &BigRational, b: &BigRational| BigRational::new_raw(a.numer() * b.numer(), a.denom() * b.denom());
    let per_minute = exactly(row.mean_rate());
    let busiest = match row.peak_rate() {
        Some(peak) => exactly(peak),
        None => times(&per_minute, &exact(assumptions.peak_factor())),
    };
    let hours = row.hours().unwrap_or(Hours::ALL_DAY);
    let each = match kind {
        QuotaKind::Tpm => BigRational::new(cost.settled().millionths().into(), millionths),
        QuotaKind::Rpm => BigRational::one(),
        QuotaKind::Tpd => {
            let minutes = BigInt::from(60 * hours.count());
            BigRational::new(BigInt::from(cost.settled().millionths()) * minutes, millionths)
        }
    };
    let (steady_exact, peak_exact) = (times(&per_minute, &each), times(&busiest, &each));
    let active = is_active(row, slot);
    Some(Contribution {
        row: index,
        steady: rounded_up(&steady_exact)?,
        peak: rounded_up(&peak_exact)?,
        share_ten_thousandths: 0,
        rate: per_minute,
        peak_rate: busiest,
        steady_exact,
        peak_exact,
        active,
        cost,
    })
}

/// A row's part of the peak in one unit for all rows of a plan, so that they can be compared
/// without fractions.
fn weight(
    row: &Workload,
    model: &Model,
    rate: BurndownRate,
    kind: QuotaKind,
    (growth, assumptions): (&Growth, &Assumptions),
) -> BigInt {
    let (peak, factor) = match row.peak_rate() {
        Some(peak) => (peak, MILLIONTHS),
        None => (row.mean_rate(), assumptions.peak_factor().millionths()),
    };
    let (peak, unit) = peak.common();
    let growth = growth.factor(row.growth_per_month().unwrap_or_default());
    let busiest = BigInt::from(peak) * unit * factor * growth;
    let settled =
        || request_of(row, model).cost(rate, assumptions.config.reserve_cache_reads).settled().millionths();
    match kind {
        QuotaKind::Rpm => busiest,
        QuotaKind::Tpm => busiest * settled(),
        QuotaKind::Tpd => busiest * settled() * row.hours().unwrap_or(Hours::ALL_DAY).count(),
    }
}

/// The weight, nearly.
fn estimate(
    row: &Workload,
    model: &Model,
    rate: BurndownRate,
    kind: QuotaKind,
    assumptions: &Assumptions,
) -> f64 {
    let unit = Ratio::from_whole(1).unwrap_or_default();
    let (peak, factor) = match row.peak_rate() {
        Some(peak) => (peak, unit),
        None => (row.mean_rate(), assumptions.peak_factor()),
    };
    let growth = row.growth_per_month().filter(|_| assumptions.months > 0).unwrap_or_default();
    let busiest = peak.to_f64() * factor.to_f64() * growth_estimate(growth, assumptions.months);
    let cost = request_of(row, model).cost(rate, assumptions.config.reserve_cache_reads);
    match kind {
        QuotaKind::Rpm => busiest,
        QuotaKind::Tpm => busiest * cost.settled().to_f64(),
        QuotaKind::Tpd => {
            busiest * cost.settled().to_f64() * f64::from(row.hours().unwrap_or(Hours::ALL_DAY).count())
        }
    }
}

fn is_active(row: &Workload, slot: Slot) -> bool {
    (row.period().is_none() || row.period() == slot.period)
        && slot.hour.is_none_or(|hour| row.hours().unwrap_or(Hours::ALL_DAY).contains(hour))
}

impl Plan {
    /// The row that adds most to a quota's peak in its binding period and hour, the first where
    /// several add the same, at the cell of its busiest minute.
    #[must_use]
    pub fn largest_cell(&self, input: &PlanInput<'_>, quota: &QuotaPlan) -> Option<FindingPlace> {
        let model = input.catalog.model(quota.id.model);
        let rows = self.rows_of(quota).iter().filter_map(|&index| {
            let row = input.workloads.rows().get(index as usize)?;
            is_active(row, quota.figures.slot).then_some((index as usize, row))
        });
        let rate = quota.rate.rate;
        let growth = OnceCell::new();
        // Most rows are told apart without.
        let growth = || growth.get_or_init(|| self.growth_of(input, quota));
        let (row, workload) = largest(
            rows,
            |(_, row)| estimate(row, model, rate, quota.id.kind, input.assumptions),
            |(_, row)| weight(row, model, rate, quota.id.kind, (growth(), input.assumptions)),
        )?;
        Some(FindingPlace::Cell { row, column: workload.peak_column() })
    }

    /// What each row adds to a quota, in file order. Each is made when it is taken: those of all rows of a
    /// large file take as much memory as its plan.
    pub fn contributions<'p>(
        &'p self,
        input: &'p PlanInput<'p>,
        quota: &'p QuotaPlan,
    ) -> impl Iterator<Item = Contribution> + use<'p> {
        self.contributions_at(input, quota, quota.figures.slot)
    }

    /// The same, active being those of another period and hour.
    pub fn contributions_at<'p>(
        &'p self,
        input: &'p PlanInput<'p>,
        quota: &'p QuotaPlan,
        slot: Slot,
    ) -> impl Iterator<Item = Contribution> + use<'p> {
        let (model, assumptions) = (input.catalog.model(quota.id.model), input.assumptions);
        let growth = self.growth_of(input, quota);
        let (rate, kind) = (quota.rate.rate, quota.id.kind);
        let rows = move || {
            let rows = self.rows_of(quota).iter().map(|&index| index as usize);
            rows.filter_map(move |index| Some((index, input.workloads.rows().get(index)?)))
        };
        let active = rows().filter(|(_, row)| is_active(row, slot));
        let total = active
            .fold(BigInt::ZERO, |sum, (_, row)| sum + weight(row, model, rate, kind, (&growth, assumptions)));
        rows().filter_map(move |at| {
            let terms = (&growth, assumptions);
            let mut part = part(at, model, rate, kind, slot, terms)?;
            if part.active && !total.is_zero() {
                let weight = weight(at.1, model, rate, kind, terms);
                let share = BigRational::new_raw(weight * 10_000, total.clone());
                part.share_ten_thousandths = half_even(&share);
            }
            Some(part)
        })
    }

    /// The growth of a quota's rows.
    fn growth_of(&self, input: &PlanInput<'_>, quota: &QuotaPlan) -> Growth {
        let rows = self.rows_of(quota).iter().filter_map(|&index| input.workloads.rows().get(index as usize));
        Growth::new(rows, input.assumptions.months)
    }

    /// The periods and hours of a quota in which different rows are active, each set of rows once, at
    /// its first hour; the binding one first.
    #[must_use]
    pub fn slots(&self, input: &PlanInput<'_>, quota: &QuotaPlan) -> Vec<Slot> {
        // Rows with the same period and hours are active together.
        let rows = self.rows_of(quota).iter().filter_map(|&index| input.workloads.rows().get(index as usize));
        let mut known: HashMap<(Option<Symbol>, Hours), (), foldhash::fast::FixedState> = HashMap::default();
        let mut kinds: HashMap<Option<Symbol>, Vec<Hours>, foldhash::fast::FixedState> = HashMap::default();
        for row in rows {
            let kind = (row.period(), row.hours().unwrap_or(Hours::ALL_DAY));
            if known.insert(kind, ()).is_none() {
                kinds.entry(kind.0).or_default().push(kind.1);
            }
        }
        let mut periods: Vec<Option<Symbol>> =
            known.into_keys().map(|(period, _)| period).filter(Option::is_some).collect();
        periods.sort_by_key(|period| period.map(|symbol| input.workloads.text(symbol)));
        periods.dedup();
        if periods.is_empty() {
            periods.push(None);
        }
        let all =
            periods.iter().flat_map(|&period| (0..24).map(move |hour| Slot { period, hour: Some(hour) }));
        let active = |period: Option<Symbol>, slot: Slot| -> Vec<bool> {
            let hours = kinds.get(&period).into_iter().flatten();
            hours.map(|hours| slot.hour.is_none_or(|hour| hours.contains(hour))).collect()
        };
        type Active = (Vec<bool>, Option<Symbol>, Vec<bool>);
        let mut seen: HashMap<Active, (), foldhash::fast::FixedState> = HashMap::default();
        let mut slots = Vec::new();
        for slot in std::iter::once(quota.figures.slot).chain(all) {
            let always = active(None, slot);
            let own = slot.period.map(|_| active(slot.period, slot)).unwrap_or_default();
            if !always.contains(&true) && !own.contains(&true) {
                continue;
            }
            // Hours of several periods without rows of their own are the same.
            let (period, own) = if own.contains(&true) { (slot.period, own) } else { (None, Vec::new()) };
            if seen.insert((always, period, own), ()).is_none() {
                slots.push(slot);
            }
        }
        slots
    }
}
