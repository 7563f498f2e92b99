//! The product's plan against the second implementation, figure by figure.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use num_traits::{One, ToPrimitive, Zero};
use quotaplan::engine::{CapacitySource, QuotaPlan};
use quotaplan::units::{Limit, QuotaAmount, QuotaKind, Utilisation};

use super::arithmetic::{self as again, Demand, Level, Slot, Terms, half_even, two_digits, up, whole};
use super::{daily, levers};
use crate::properties::facts::{Facts, Kind, Quota};
use crate::properties::rows::{ONE, Row};
use crate::properties::settings::{Grant, Settings};
use crate::support::Planned;

/// Rows that count against the same quotas.
pub(crate) struct Pool<'a> {
    pub(crate) account: Option<&'static str>,
    pub(crate) facts: Facts,
    pub(crate) long: bool,
    /// Each with its index in the file.
    pub(crate) rows: Vec<(usize, &'a Row)>,
    pub(crate) demands: Vec<Demand>,
}

/// The rows by account, model, scope and input length, in the order of results.
pub(crate) fn pools<'a>(rows: &'a [Row], settings: &Settings) -> Vec<Pool<'a>> {
    let mut found: BTreeMap<_, Pool<'a>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let account = row.account.or(settings.account);
        let all_input = row.input.0 + row.cache_read.0 + row.cache_write.0;
        let long = row.model.long.is_some() && all_input > 200_000 * ONE;
        let pool = found.entry((account, row.model.id, row.model.scope, long)).or_insert_with(|| Pool {
            account,
            facts: row.model,
            long,
            rows: Vec::new(),
            demands: Vec::new(),
        });
        pool.rows.push((index, row));
        pool.demands.push(Demand::new(row, settings));
    }
    found.into_values().collect()
}

impl Pool<'_> {
    /// The quotas it counts against: kind, and code with default where there is one.
    fn quotas(&self) -> Vec<(QuotaKind, Option<Quota>)> {
        let (tpm, rpm, tpd) = match self.facts.long {
            Some((tpm, rpm)) if self.long => (Some(tpm), Some(rpm), None),
            _ => (self.facts.tpm, self.facts.rpm, self.facts.tpd),
        };
        let mut quotas = Vec::new();
        if let Some(rpm) = rpm {
            quotas.push((QuotaKind::Rpm, Some(rpm)));
        }
        if let Some(tpd) = tpd {
            quotas.push((QuotaKind::Tpd, Some(tpd)));
        }
        if self.facts.kind != Kind::Rerank {
            quotas.push((QuotaKind::Tpm, tpm));
        }
        quotas
    }
}

/// What the last bits of the statistics may differ by: two tokens, more only above 10^14.
pub(crate) fn slack(value: u128) -> u128 {
    2 + value / 100_000_000_000_000
}

/// Equal but for the last bits of the statistics.
pub(crate) fn near(found: Option<u128>, wanted: Option<u128>, what: &str) {
    let close = match (found, wanted) {
        (Some(found), Some(wanted)) => found.abs_diff(wanted) <= slack(wanted),
        (found, wanted) => found == wanted,
    };
    assert!(close, "{what}: found {found:?}, wanted {wanted:?}");
}

pub(crate) fn get(amount: Option<QuotaAmount>) -> Option<u128> {
    amount.map(|amount| u128::from(amount.get()))
}

/// The value stated for a code, where it is one.
pub(crate) fn granted(settings: &Settings, account: Option<&str>, code: &str) -> Option<Grant> {
    let of = |table: Option<&str>| {
        let mut stated = settings.granted.iter();
        stated.find(|g| g.code == code && g.account == table)
    };
    let named = account.and_then(|name| of(Some(name)));
    let stated = match account == settings.account {
        true => named.or_else(|| of(None)),
        false => named,
    };
    stated.map(|g| g.value).filter(|value| *value != Grant::Unknown)
}

fn holds(limit: Grant, demand: u128) -> bool {
    match limit {
        Grant::Amount(amount) => demand <= u128::from(amount),
        Grant::Unlimited => true,
        Grant::Unknown => false,
    }
}

/// Every figure of a plan.
pub(crate) fn compare(rows: &[Row], settings: &Settings, planned: &Planned) {
    let pools = pools(rows, settings);
    let mut quotas = planned.plan.quotas.iter();
    // Sorted by account, model and scope, the long ones after the others of their kind.
    let mut wanted: Vec<(&Pool<'_>, QuotaKind, Option<Quota>)> = Vec::new();
    for pool in &pools {
        wanted.extend(pool.quotas().into_iter().map(|(kind, quota)| (pool, kind, quota)));
    }
    wanted.sort_by_key(|(pool, kind, _)| {
        (pool.account, pool.facts.id, pool.facts.scope, kind.as_str(), pool.long)
    });
    for (pool, kind, entry) in wanted {
        let quota = quotas.next().expect("as many quotas");
        let id = &planned.catalog.model(quota.id.model).id;
        let found = (quota.id.account.as_deref(), id.as_str(), quota.id.scope.as_str());
        assert_eq!(found, (pool.account, pool.facts.id, pool.facts.scope));
        assert_eq!((quota.id.kind, quota.id.long_context), (kind, pool.long));
        assert_eq!(quota.code(), entry.map(|(code, _)| code));
        let default = entry.map(|(_, default)| Grant::Amount(default));
        let granted = entry.and_then(|(code, _)| granted(settings, pool.account, code));
        Comparison { planned, settings, pool, quota, granted, default }.run();
    }
    assert!(quotas.next().is_none(), "no more quotas");
    binding(planned);
    daily::compare(&pools, settings, planned);
}

/// One quota, and what is compared with it.
pub(crate) struct Comparison<'a> {
    pub(crate) planned: &'a Planned,
    settings: &'a Settings,
    pub(crate) pool: &'a Pool<'a>,
    pub(crate) quota: &'a QuotaPlan,
    granted: Option<Grant>,
    default: Option<Grant>,
}

impl Comparison<'_> {
    fn terms(&self) -> Terms {
        Terms {
            rate: self.pool.facts.rate,
            reserve_cache_reads: self.settings.reserve_cache_reads,
            headroom: self.settings.headroom,
            z: again::quantile(self.settings.confidence),
        }
    }

    fn run(&self) {
        let (pool, terms) = (self.pool, self.terms());
        match self.quota.id.kind {
            QuotaKind::Tpm => {
                let (level, slots) = again::tokens_per_minute(&pool.demands, &terms);
                self.levels(&level);
                self.slot(&level, &slots);
                self.caps(&terms);
                levers::compare(self, &terms);
                self.alternatives(&terms);
            }
            QuotaKind::Rpm => {
                let (level, slots) = again::requests_per_minute(&pool.demands, &terms);
                self.levels(&level);
                self.slot(&level, &slots);
                self.nothing_of_caps();
            }
            QuotaKind::Tpd => {
                let figures = &self.quota.figures;
                let found =
                    (figures.steady.get(), figures.peak.get(), figures.required.map(QuotaAmount::get));
                let (steady, peak, required) = again::tokens_per_day(&pool.demands, &terms);
                let exact = |value: u128| u64::try_from(value).unwrap();
                assert_eq!(found, (exact(steady), exact(peak), Some(exact(required))));
                assert_eq!((figures.in_flight, figures.burst, figures.formula), (None, None, None));
                assert_eq!(figures.slot.hour, None);
                self.nothing_of_caps();
            }
        }
        self.judgement();
        self.contributions(&terms);
    }

    fn levels(&self, wanted: &Level) {
        let found = &self.quota.figures;
        assert_eq!(u128::from(found.steady.get()), wanted.steady, "steady");
        assert_eq!(u128::from(found.peak.get()), wanted.peak, "peak");
        assert_eq!(get(found.formula), Some(wanted.formula), "formula");
        assert_eq!(get(found.in_flight), wanted.in_flight, "in_flight");
        near(get(found.burst), wanted.burst, "burst");
        near(get(found.required), wanted.required, "required");
        if let (Some(burst), Some(formula)) = (found.burst, found.formula) {
            assert_eq!(found.required, Some(burst.max(formula)));
        }
    }

    /// The slot's period by name, and its hour.
    fn found_slot(&self) -> (Option<&str>, Option<u32>) {
        let slot = self.quota.figures.slot;
        (slot.period.map(|symbol| self.planned.workloads.text(symbol)), slot.hour)
    }

    /// `required` is that of its slot, and of no earlier one with the same rows.
    fn slot(&self, largest: &Level, slots: &[Slot]) {
        if largest.required.is_none() {
            return;
        }
        let (period, hour) = self.found_slot();
        let is_it = |s: &&Slot| s.period == period && Some(s.hour) == hour.map(|hour| hour as usize);
        let own = slots.iter().find(is_it).expect("a slot of the quota's rows");
        near(own.level.required, largest.required, "required of the binding hour");
        let first = slots.iter().find(|s| s.active == own.active).unwrap();
        assert_eq!((own.period, own.hour), (first.period, first.hour), "the first of equals");
    }

    fn nothing_of_caps(&self) {
        let quota = self.quota;
        let caps = (quota.tight_max_tokens, quota.lean_required, quota.fitting_max_tokens);
        assert_eq!(caps, (None, None, None));
        assert!(self.planned.plan.levers(&self.planned.input(), quota).is_empty());
    }

    fn required_at(&self, cap: u64, terms: &Terms) -> u128 {
        let capped: Vec<Demand> = self.pool.demands.iter().map(|d| d.capped(cap)).collect();
        again::tokens_per_minute(&capped, terms).0.required.unwrap()
    }

    fn tight(&self, terms: &Terms) -> Option<u64> {
        let answers = self.pool.rows.iter().zip(&self.pool.demands);
        let busy = answers.filter(|(_, demand)| !demand.busiest.is_zero());
        let longest = busy.map(|((_, row), _)| again::longest_answer(row, terms.z)).max()?;
        let tight = two_digits(up(&longest)).max(1);
        let tight = u64::try_from(tight).unwrap();
        let generates = self.pool.facts.kind == Kind::Text;
        generates.then(|| self.pool.facts.maximum.map_or(tight, |maximum| tight.min(maximum)))
    }

    fn caps(&self, terms: &Terms) {
        let quota = self.quota;
        let tight = self.tight(terms);
        assert_eq!(quota.tight_max_tokens.map(|t| t.millionths()), tight.map(|t| t * ONE), "tight");
        let lean = tight.map(|tight| self.required_at(tight, terms));
        near(get(quota.lean_required), lean, "lean_required");

        let wanted = match (get(quota.figures.required), self.granted.or(self.default)) {
            (Some(required), Some(Grant::Amount(capacity))) if tight.is_some() => {
                Some(u128::from(capacity)).filter(|capacity| required > *capacity)
            }
            _ => None,
        };
        match (wanted, quota.fitting_max_tokens) {
            (Some(capacity), Some(cap)) => {
                assert!(cap >= 1);
                assert!(self.required_at(cap, terms) <= capacity + slack(capacity), "{cap} fits");
                assert!(
                    self.required_at(cap + 1, terms) + slack(capacity) > capacity,
                    "{cap} and one does not"
                );
            }
            (Some(capacity), None) => {
                assert!(self.required_at(1, terms) + slack(capacity) > capacity, "1 does not fit");
            }
            (None, found) => assert_eq!(found, None, "fitting"),
        }
    }

    fn alternatives(&self, terms: &Terms) {
        for other in &self.quota.alternatives {
            let rate = u64::from(other.rate.quota_tokens_per_output_token());
            let level = again::tokens_per_minute(&self.pool.demands, &Terms { rate, ..*terms }).0;
            near(get(other.required), level.required, "required at another rate");
        }
    }

    /// What follows from the figures, which have been compared by now.
    fn judgement(&self) {
        let quota = self.quota;
        let required = get(quota.figures.required);
        let lean = get(quota.lean_required);
        let capacity = self.granted.or(self.default);
        let source = match (self.granted, self.default) {
            (Some(_), _) => Some(CapacitySource::Granted),
            (None, Some(_)) => Some(CapacitySource::Default),
            (None, None) => None,
        };
        assert_eq!(quota.capacity_source, source);
        let verdict = match (required, self.granted) {
            (Some(required), Some(granted)) if holds(granted, required) => "fits",
            (Some(_), Some(_)) => "exceeds",
            _ => "undetermined",
        };
        assert_eq!(quota.verdict.as_str(), verdict);
        let utilisation = match (required, capacity) {
            (_, Some(Grant::Unlimited)) => Some(0),
            (Some(required), Some(Grant::Amount(capacity))) if capacity > 0 => {
                Some(up(&(Q::from(BigInt::from(required)) * whole(10_000) / whole(capacity))))
            }
            _ => None,
        };
        assert_eq!(quota.utilisation.map(Utilisation::ten_thousandths), utilisation);

        let fits = |limit: Option<Grant>, demand: Option<u128>| {
            limit.zip(demand).is_some_and(|(limit, demand)| holds(limit, demand))
        };
        // What Service Quotas takes is above the applied value and above the default.
        let takes = |demand: Option<u128>| {
            demand.filter(|_| !fits(self.granted, demand) && !fits(self.default, demand)).map(two_digits)
        };
        let (ask, lean_ask) = (takes(required), takes(lean));
        let is_lowered = match (self.granted, self.default) {
            (Some(Grant::Amount(granted)), Some(Grant::Amount(default))) => granted < default,
            _ => false,
        };
        let wanted = if required.is_none() {
            ("lower_max_tokens", None, lean_ask)
        } else if capacity.is_none() {
            ("verify_applied", None, None)
        } else if fits(self.granted, required) {
            ("none", None, lean_ask)
        } else if self.granted.is_none() && fits(self.default, required) {
            ("verify_applied", None, lean_ask)
        } else if fits(capacity, lean) {
            ("lower_max_tokens", ask, lean_ask)
        } else if is_lowered && fits(self.default, lean.or(required)) {
            ("restore", None, None)
        } else if self.pool.facts.legacy {
            ("migrate", None, None)
        } else {
            ("request", ask, lean_ask)
        };
        assert_eq!((quota.action.as_str(), get(quota.ask), get(quota.lean_ask)), wanted);
        let restore_to = (wanted.0 == "restore").then_some(self.default).flatten();
        assert_eq!(quota.restore_to.map(grant), restore_to);
    }

    fn contributions(&self, terms: &Terms) {
        let (period, hour) = self.found_slot();
        let each = |demand: &Demand| match self.quota.id.kind {
            QuotaKind::Tpm => demand.settled(terms.rate),
            QuotaKind::Rpm => Q::one(),
            QuotaKind::Tpd => {
                let hours = demand.hours.iter().filter(|on| **on).count();
                demand.settled(terms.rate) * whole(60 * hours as u64)
            }
        };
        let in_slot = |demand: &Demand| {
            let in_hour = hour.is_none_or(|hour| demand.hours[hour as usize]);
            in_hour && (demand.period.is_none() || demand.period == period)
        };
        let active = self.pool.demands.iter().filter(|demand| in_slot(demand));
        let total = active.fold(Q::zero(), |sum, demand| sum + &demand.busiest * each(demand));
        let input = self.planned.input();
        let found: Vec<_> = self.planned.plan.contributions(&input, self.quota).collect();
        assert_eq!(found.len(), self.pool.rows.len());
        for (found, ((index, _), demand)) in found.iter().zip(self.pool.rows.iter().zip(&self.pool.demands)) {
            assert_eq!(found.row, *index);
            assert_eq!(u128::from(found.steady.get()), up(&(&demand.mean * each(demand))));
            let peak = &demand.busiest * each(demand);
            assert_eq!(u128::from(found.peak.get()), up(&peak));
            let share = match in_slot(demand) && !total.is_zero() {
                true => half_even(&(peak * whole(10_000) / &total)),
                false => 0,
            };
            assert_eq!(found.share_ten_thousandths, share, "share");
            let exact = |value: Q| (value * whole(ONE)).to_integer().to_u128().unwrap();
            let settled = demand.settled(terms.rate);
            let reservation = demand.reservation(terms.reserve_cache_reads);
            let hold = reservation.as_ref().map(|h| exact((h - &settled).max(Q::zero())));
            let debt = reservation.as_ref().map(|h| exact((&settled - h).max(Q::zero())));
            assert_eq!(found.cost.settled().millionths(), exact(settled));
            assert_eq!(found.cost.reservation().map(|h| h.millionths()), reservation.map(exact));
            assert_eq!(found.cost.hold().map(|d| d.millionths()), hold);
            assert_eq!(found.cost.debt().map(|d| d.millionths()), debt);
        }
    }
}

fn grant(limit: Limit) -> Grant {
    limit.amount().map_or(Grant::Unlimited, |amount| Grant::Amount(amount.get()))
}

/// The quota with the highest utilisation; a capacity of 0 with demand before all others.
fn binding(planned: &Planned) {
    let mut highest: Option<(Q, usize)> = None;
    for (index, quota) in planned.plan.quotas.iter().enumerate() {
        let rank = match (quota.figures.required, quota.capacity()) {
            (Some(required), Some(limit)) => match limit.amount() {
                None => Q::zero(),
                Some(capacity) if capacity.get() > 0 => {
                    let exact = whole(required.get()) * whole(10_000) / whole(capacity.get());
                    exact.ceil()
                }
                Some(_) if required.get() > 0 => Q::from(BigInt::from(10).pow(40)),
                Some(_) => continue,
            },
            _ => continue,
        };
        if highest.as_ref().is_none_or(|(so_far, _)| rank > *so_far) {
            highest = Some((rank, index));
        }
    }
    assert_eq!(planned.plan.binding, highest.map(|(_, index)| index), "binding");
}
