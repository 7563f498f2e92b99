//! Section 2 of `guide/sizing.md` a second time, row by row and hour by hour, in rationals.

use std::collections::HashMap;

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::properties::facts::Kind;
use crate::properties::rows::{Decimal, ONE, Row, Unit};
use crate::properties::settings::Settings;

pub(crate) fn whole(value: u64) -> Q {
    Q::from(BigInt::from(value))
}

pub(crate) fn decimal(value: Decimal) -> Q {
    Q::new(BigInt::from(value.0), BigInt::from(ONE))
}

pub(crate) fn up(value: &Q) -> u128 {
    value.ceil().to_integer().to_u128().unwrap()
}

/// The hours of the day that a cell names.
pub(crate) fn hours(cell: Option<&str>) -> [bool; 24] {
    let mut active = [cell.is_none(); 24];
    for range in cell.into_iter().flat_map(|cell| cell.split(',')) {
        let (from, to) = range.split_once('-').unwrap();
        let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
        let length = if to > from { to - from } else { to + 24 - from };
        for step in 0..length {
            active[(from + step) % 24] = true;
        }
    }
    active
}

/// The spread of a log-normal by mean and 95th percentile.
fn sigma(mean: Decimal, p95: Option<Decimal>) -> f64 {
    let Some(p95) = p95.filter(|p95| *p95 > mean && mean.0 > 0) else {
        return 0.0;
    };
    let k = 1.644854_f64;
    let root = k * k - 2.0 * (p95.0 as f64 / mean.0 as f64).ln();
    if root < 0.0 { k } else { k - root.sqrt() }
}

/// The longest answer to expect of a row, by the sentence of the notes; never below the mean.
pub(crate) fn longest_answer(row: &Row, z: f64) -> Q {
    let mean = decimal(row.output);
    let quarter_more = |percentile: Decimal| decimal(percentile) * Q::new(5.into(), 4.into());
    if row.output_p95.is_none() && row.output_p99.is_none() {
        return mean * whole(7);
    }
    let mut longest = mean.clone();
    if let Some(p95) = row.output_p95 {
        let sigma = sigma(row.output, Some(p95));
        let factor = Q::from_float((z * sigma - sigma * sigma / 2.0).exp()).unwrap();
        let quantile = (mean * factor * whole(ONE)).round() / whole(ONE);
        longest = longest.max(quarter_more(p95)).max(quantile);
    }
    row.output_p99.map_or(longest.clone(), |p99| longest.max(quarter_more(p99)))
}

/// The variance of the same log-normal.
fn variance(mean: Decimal, p95: Option<Decimal>) -> Q {
    let sigma = sigma(mean, p95);
    let spread = Q::from_float((sigma * sigma).exp_m1()).unwrap();
    decimal(mean) * decimal(mean) * spread
}

/// `z` with `P(Z > z) = 1 − confidence`, by halving.
pub(crate) fn quantile(confidence: Decimal) -> f64 {
    let tail = (ONE - confidence.0) as f64 / ONE as f64;
    let (mut low, mut high) = (0.0_f64, 8.0_f64);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if libm::erfc(middle / 2.0_f64.sqrt()) / 2.0 > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A row's model calls a minute: a day's requests spread over the active hours.
pub(crate) fn mean_rate(row: &Row) -> Q {
    let minutes = whole(60 * hours(row.hours).iter().filter(|on| **on).count() as u64);
    let requests = decimal(row.rate)
        * match row.unit {
            Unit::Minute => Q::one(),
            Unit::Second => whole(60),
            Unit::Hour => whole(60).recip(),
            Unit::Day => minutes.recip(),
            Unit::UserHour(users) => whole(users) / whole(60),
            Unit::UserDay(users) => whole(users) / minutes,
        };
    requests * row.calls.map_or_else(Q::one, decimal)
}

/// A row with everything derived that does not depend on what is asked.
#[derive(Debug, Clone)]
pub(crate) struct Demand {
    pub(crate) period: Option<&'static str>,
    pub(crate) hours: [bool; 24],
    pub(crate) mean: Q,
    pub(crate) busiest: Q,
    pub(crate) input: Q,
    pub(crate) cache_read: Q,
    pub(crate) cache_write: Q,
    pub(crate) output: Q,
    pub(crate) max_tokens: Option<Q>,
    pub(crate) occupancy: Q,
    pub(crate) dispersion: Q,
    pub(crate) input_variance: Q,
    pub(crate) output_variance: Q,
}

impl Demand {
    pub(crate) fn new(row: &Row, settings: &Settings) -> Self {
        let mut growth = Q::one();
        for _ in 0..settings.months {
            growth *= Q::one() + decimal(row.growth.unwrap_or_default());
        }
        let mean = mean_rate(row) * &growth;
        let calls = row.calls.map_or_else(Q::one, decimal);
        let busiest = match (row.peak, row.factor) {
            (Some(peak), _) => decimal(peak) * calls * &growth,
            (None, Some(factor)) => &mean * decimal(factor),
            (None, None) => &mean * decimal(settings.peak_factor),
        };
        let latency = match row.latency {
            Some(latency) => decimal(latency),
            None => decimal(settings.first_token) + decimal(row.output) / decimal(settings.per_second),
        };
        let max_tokens = match (row.model.kind, row.max_tokens, row.model.maximum) {
            (Kind::Embedding | Kind::Rerank, _, _) => Some(Q::zero()),
            (Kind::Text, Some(max), _) | (Kind::Text, None, Some(max)) => Some(whole(max)),
            (Kind::Text, None, None) => None,
        };
        Self {
            period: row.period,
            hours: hours(row.hours),
            mean,
            busiest,
            input: decimal(row.input),
            cache_read: decimal(row.cache_read),
            cache_write: decimal(row.cache_write),
            output: decimal(row.output),
            max_tokens,
            occupancy: latency.min(whole(60)) / whole(60),
            dispersion: row.dispersion.map_or_else(Q::one, decimal),
            input_variance: variance(row.input, row.input_p95),
            output_variance: variance(row.output, row.output_p95),
        }
    }

    pub(crate) fn settled(&self, rate: u64) -> Q {
        &self.input + &self.cache_write + whole(rate) * &self.output
    }

    pub(crate) fn reservation(&self, reserve_cache_reads: bool) -> Option<Q> {
        let reads = match reserve_cache_reads {
            true => self.cache_read.clone(),
            false => Q::zero(),
        };
        self.max_tokens.as_ref().map(|max| &self.input + &self.cache_write + reads + max)
    }

    pub(crate) fn capped(&self, cap: u64) -> Self {
        let cap = whole(cap);
        let max_tokens = self.max_tokens.clone().map_or_else(|| cap.clone(), |max| max.min(cap.clone()));
        Self { max_tokens: Some(max_tokens), ..self.clone() }
    }

    pub(crate) fn at_rates(&self, mean: Q, busiest: Q) -> Self {
        Self { mean, busiest, ..self.clone() }
    }

    /// Half of the input, to a millionth, read from the cache; half of a quantity has a quarter of
    /// its variance.
    pub(crate) fn half_cached(&self) -> Self {
        let input = (&self.input * whole(ONE / 2)).ceil() / whole(ONE);
        Self {
            cache_read: &self.cache_read + &self.input - &input,
            input,
            input_variance: &self.input_variance / whole(4),
            ..self.clone()
        }
    }
}

/// The periods that rows name, by name; one without a name where none does.
pub(crate) fn periods(demands: &[Demand]) -> Vec<Option<&'static str>> {
    let mut named: Vec<_> = demands.iter().map(|d| d.period).filter(Option::is_some).collect();
    named.sort_unstable();
    named.dedup();
    if named.is_empty() {
        named.push(None);
    }
    named
}

/// What the figures of a quota rest on besides its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) rate: u64,
    pub(crate) reserve_cache_reads: bool,
    pub(crate) headroom: Decimal,
    pub(crate) z: f64,
}

/// One period and hour.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) period: Option<&'static str>,
    pub(crate) hour: usize,
    pub(crate) active: Vec<bool>,
    pub(crate) level: Level,
}

/// The figures of one period and hour, or the largest over all, rounded up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) steady: u128,
    pub(crate) peak: u128,
    pub(crate) formula: u128,
    pub(crate) in_flight: Option<u128>,
    pub(crate) burst: Option<u128>,
    pub(crate) required: Option<u128>,
}

fn of_rows(rows: &[&Demand], terms: &Terms) -> Level {
    let (mut steady, mut peak, mut level) = (Q::zero(), Q::zero(), Q::zero());
    let (mut spread, mut room, mut known) = (Q::zero(), Q::zero(), true);
    for row in rows {
        let settled = row.settled(terms.rate);
        steady += &row.mean * &settled;
        peak += &row.busiest * &settled;
        // What never comes reserves nothing, whatever it would reserve.
        if row.busiest.is_zero() {
            continue;
        }
        let Some(reservation) = row.reservation(terms.reserve_cache_reads) else {
            known = false;
            continue;
        };
        let hold = (&reservation - &settled).max(Q::zero());
        let mean_use = &settled + &row.occupancy * hold;
        level += &row.busiest * &mean_use;
        let output_variance = whole(terms.rate * terms.rate) * &row.output_variance;
        let done = &settled * &settled + &row.input_variance + output_variance;
        let held = (&reservation * &reservation + &row.input_variance).max(done.clone());
        let square = &row.occupancy * held
            + (Q::one() - &row.occupancy) * done
            + (&row.dispersion - Q::one()) * &mean_use * &mean_use;
        spread += &row.busiest * square;
        room = room.max(reservation);
    }
    let formula = up(&(&peak * (Q::one() + decimal(terms.headroom))));
    let burst = known.then(|| burst(&level, &spread, terms.z, &room));
    Level {
        steady: up(&steady),
        peak: up(&peak),
        formula,
        in_flight: known.then(|| up(&level)),
        burst,
        required: burst.map(|burst| burst.max(formula)),
    }
}

fn burst(level: &Q, spread: &Q, z: f64, room: &Q) -> u128 {
    assert!(!spread.is_negative());
    let deviation = Q::from_float(z * spread.to_f64().unwrap().sqrt()).unwrap();
    up(&(level + deviation + room))
}

fn largest(slots: &[Slot]) -> Level {
    let most = |of: fn(&Level) -> u128| slots.iter().map(|s| of(&s.level)).max().unwrap();
    let most_known = |of: fn(&Level) -> Option<u128>| {
        let all: Option<Vec<u128>> = slots.iter().map(|s| of(&s.level)).collect();
        all.map(|all| all.into_iter().max().unwrap())
    };
    Level {
        steady: most(|l| l.steady),
        peak: most(|l| l.peak),
        formula: most(|l| l.formula),
        in_flight: most_known(|l| l.in_flight),
        burst: most_known(|l| l.burst),
        required: most_known(|l| l.required),
    }
}

fn slots(demands: &[Demand], of: impl Fn(&[&Demand]) -> Level) -> Vec<Slot> {
    // Equal sets of rows have equal figures; 24 times each would be slow.
    let mut seen: HashMap<Vec<bool>, Level> = HashMap::new();
    let mut found = Vec::new();
    for period in periods(demands) {
        for hour in 0..24 {
            let is_active = |d: &Demand| d.hours[hour] && (d.period.is_none() || d.period == period);
            let active: Vec<bool> = demands.iter().map(is_active).collect();
            let level = *seen.entry(active.clone()).or_insert_with(|| {
                let rows: Vec<&Demand> = demands.iter().filter(|d| is_active(d)).collect();
                of(&rows)
            });
            found.push(Slot { period, hour, active, level });
        }
    }
    found
}

/// Tokens per minute: the largest figures, and each period and hour.
pub(crate) fn tokens_per_minute(demands: &[Demand], terms: &Terms) -> (Level, Vec<Slot>) {
    let slots = slots(demands, |rows| of_rows(rows, terms));
    (largest(&slots), slots)
}

/// Requests per minute; `in_flight` is not one of its figures.
pub(crate) fn requests_per_minute(demands: &[Demand], terms: &Terms) -> (Level, Vec<Slot>) {
    let slots = slots(demands, |rows| {
        let sum = |of: fn(&Demand) -> Q| rows.iter().fold(Q::zero(), |sum, row| sum + of(row));
        let peak = sum(|row| row.busiest.clone());
        let formula = up(&(&peak * (Q::one() + decimal(terms.headroom))));
        let spread = sum(|row| &row.dispersion * &row.busiest);
        let room = if peak.is_zero() { Q::zero() } else { Q::one() };
        let burst = burst(&peak, &spread, terms.z, &room);
        Level {
            steady: up(&sum(|row| row.mean.clone())),
            peak: up(&peak),
            formula,
            in_flight: None,
            burst: Some(burst),
            required: Some(burst.max(formula)),
        }
    });
    (largest(&slots), slots)
}

/// Tokens of a day in one period: Σ 60 · hours · rate · tokens.
pub(crate) fn day(demands: &[Demand], period: Option<&str>, of: impl Fn(&Demand) -> Q) -> Q {
    let in_period = |d: &&Demand| d.period.is_none() || d.period == period;
    let minutes = |d: &Demand| whole(60 * d.hours.iter().filter(|on| **on).count() as u64);
    demands.iter().filter(in_period).fold(Q::zero(), |sum, d| sum + minutes(d) * of(d))
}

/// Tokens per day of one model: steady, peak and required.
pub(crate) fn tokens_per_day(demands: &[Demand], terms: &Terms) -> (u128, u128, u128) {
    let margin = Q::one() + decimal(terms.headroom);
    let mut most = (0, 0, 0);
    for period in periods(demands) {
        let steady = day(demands, period, |d| &d.mean * d.settled(terms.rate));
        let peak = day(demands, period, |d| &d.busiest * d.settled(terms.rate));
        most = (most.0.max(up(&steady)), most.1.max(up(&peak)), most.2.max(up(&(steady * &margin))));
    }
    most
}

/// The smallest whole number with at most two digits before its zeros that is not below `value`.
pub(crate) fn two_digits(value: u128) -> u128 {
    let digits = value.to_string();
    if digits.len() <= 2 {
        return value;
    }
    let (head, tail) = digits.split_at(2);
    let head: u128 = head.parse().unwrap();
    let above = u128::from(tail.bytes().any(|digit| digit != b'0'));
    (head + above) * 10_u128.pow(u32::try_from(tail.len()).unwrap())
}

/// The nearest whole number, the even one of two.
pub(crate) fn half_even(value: &Q) -> u32 {
    let away = value.round();
    let tie = (value - value.floor()) == Q::new(1.into(), 2.into());
    let odd = (away.to_integer() % 2) == BigInt::one();
    let nearest = if tie && odd { away - Q::one() } else { away };
    nearest.to_integer().to_u32().unwrap()
}
