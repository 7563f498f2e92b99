//! The account's cross-model daily quota: an estimate, since AWS publishes no formula.

use std::collections::{BTreeMap, HashMap};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::TooLarge;
use super::assumptions::PlanInput;
use super::pool::Prepared;
use super::quota_action::{CapacitySource, restored_for};
use super::rounding::{half_even, whole_up};
use super::sums::Sums;
use crate::catalog::{ModelIndex, QuotaEntry};
use crate::config::GrantedQuota;
use crate::units::{Limit, QuotaAmount};
use crate::workload::{Hours, Symbol};

/// One class's tokens per minute, exact: whole numbers in 10^-12 over the unit of all classes' factors.
#[derive(Debug, Clone)]
pub(super) struct DailyClass {
    period: Option<Symbol>,
    hours: Hours,
    settled: BigInt,
    billed: BigInt,
}

/// A model's part of the settled tokens.
#[derive(Debug, Clone)]
pub struct DailyShare {
    /// The model.
    pub model: ModelIndex,
    /// Its settled tokens per day in the period of the largest sum, rounded up.
    pub settled: QuotaAmount,
}

/// An account's tokens per day over all models, the largest over its periods, each figure on its own.
#[derive(Debug, Clone)]
pub struct AccountDaily {
    /// The account.
    pub account: Option<String>,
    /// The quota.
    pub entry: QuotaEntry,
    /// The applied quota as stated.
    pub granted: Option<GrantedQuota>,
    /// Settled tokens per day.
    pub settled: QuotaAmount,
    /// Billed tokens per day.
    pub billed: QuotaAmount,
    /// Tenths of an hour from 00:00 at which settled tokens would pass the quota; `None` where never.
    pub hour_settled_tenths: Option<u32>,
    /// The same moment in whole minutes from 00:00, rounded down.
    pub minute_settled: Option<u32>,
    /// The same for billed tokens.
    pub hour_billed_tenths: Option<u32>,
    /// The same moment in whole minutes from 00:00, rounded down.
    pub minute_billed: Option<u32>,
    /// Each model's part of `settled`, by model id.
    pub shares: Vec<DailyShare>,
}

impl AccountDaily {
    /// The applied quota, where known.
    #[must_use]
    pub fn granted_limit(&self) -> Option<Limit> {
        self.granted.as_ref().and_then(|granted| granted.value.known())
    }

    /// The applied quota, else the default.
    #[must_use]
    pub fn capacity(&self) -> Option<Limit> {
        self.granted_limit().or_else(|| self.entry.default.known())
    }

    /// Where [`capacity`](Self::capacity) comes from; `None` where no limit is known.
    #[must_use]
    pub fn capacity_source(&self) -> Option<CapacitySource> {
        match (self.granted_limit(), self.entry.default.known()) {
            (Some(_), _) => Some(CapacitySource::Granted),
            (None, Some(_)) => Some(CapacitySource::Default),
            (None, None) => None,
        }
    }

    /// The larger of the two estimates.
    #[must_use]
    pub fn larger(&self) -> QuotaAmount {
        self.settled.max(self.billed)
    }

    /// AWS's default, where an applied value below it does not hold both estimates and the default does.
    #[must_use]
    pub fn restored_to(&self) -> Option<Limit> {
        restored_for(self.larger(), self.granted_limit(), self.entry.default.known())
    }
}

/// What a pool adds to its account's day.
pub(super) fn classes(prepared: &Prepared, sums: &[Sums]) -> Vec<DailyClass> {
    let classes = prepared.classes.iter().zip(sums);
    classes
        .map(|(class, sums)| DailyClass {
            period: class.period,
            hours: class.hours,
            settled: &class.rate_factor * sums.steady,
            billed: &class.rate_factor * sums.billed,
        })
        .collect()
}

type PoolDay = (Option<String>, ModelIndex, Vec<DailyClass>);

/// The estimate for every account; `unit` is that of all classes' factors.
pub(super) fn account_days(
    pools: &[PoolDay],
    unit: &BigInt,
    input: &PlanInput<'_>,
) -> Result<Vec<AccountDaily>, TooLarge> {
    let mut accounts: BTreeMap<Option<&str>, Vec<&PoolDay>> = BTreeMap::new();
    for pool in pools {
        accounts.entry(pool.0.as_deref()).or_default().push(pool);
    }
    let unit = unit * BigInt::from(10_u8).pow(12);
    accounts.into_iter().map(|(account, pools)| of_account(account, &pools, &unit, input)).collect()
}

/// Tokens of one period's day, over the unit.
#[derive(Debug, Clone, Default)]
struct Day {
    settled: BigInt,
    billed: BigInt,
    settled_by_hour: [BigInt; 24],
    billed_by_hour: [BigInt; 24],
    by_model: BTreeMap<ModelIndex, BigInt>,
}

impl Day {
    fn add(&mut self, model: ModelIndex, class: &DailyClass) {
        let (settled, billed) = (&class.settled * 60_u8, &class.billed * 60_u8);
        for (hour, at) in (0_u32..24).zip(0..) {
            if class.hours.contains(hour) {
                self.settled_by_hour[at] += &settled;
                self.billed_by_hour[at] += &billed;
            }
        }
        let hours = class.hours.count();
        let settled = settled * hours;
        *self.by_model.entry(model).or_default() += &settled;
        self.settled += settled;
        self.billed += billed * hours;
    }
}

/// When the day's sum passes `limit`: tenths of an hour, half-even, and whole minutes before it.
fn hour_passed(by_hour: &[BigInt], limit: &BigInt) -> Option<(u32, u32)> {
    let mut so_far = BigInt::ZERO;
    for (hour, tokens) in (0_u32..).zip(by_hour) {
        let after = &so_far + tokens;
        if &after > limit {
            let within = BigRational::new(limit - so_far, tokens.clone());
            let hours = within + BigRational::from(BigInt::from(hour));
            let minutes = (&hours * BigInt::from(60)).floor().to_integer();
            return Some((half_even(&(hours * BigInt::from(10))), minutes.to_u32().unwrap_or(u32::MAX)));
        }
        so_far = after;
    }
    None
}

fn of_account(
    account: Option<&str>,
    pools: &[&PoolDay],
    unit: &BigInt,
    input: &PlanInput<'_>,
) -> Result<AccountDaily, TooLarge> {
    let entry = input.catalog.account_daily().clone();
    let assumptions = input.assumptions;
    let code = entry.code.clone().known();
    let stated = |code: &str| {
        assumptions.config.granted.get(account, assumptions.config.account.as_deref(), code).cloned()
    };
    let mut found = AccountDaily {
        account: account.map(str::to_owned),
        granted: code.as_deref().and_then(stated),
        entry,
        settled: QuotaAmount::default(),
        billed: QuotaAmount::default(),
        hour_settled_tenths: None,
        minute_settled: None,
        hour_billed_tenths: None,
        minute_billed: None,
        shares: Vec::new(),
    };
    let limit = found.capacity().and_then(Limit::amount).map(|limit| unit * limit.get());
    // Rows without a period are in the day of each, and every model has a share of each, if only 0.
    let mut always = Day::default();
    let mut named: HashMap<Symbol, Vec<(ModelIndex, &DailyClass)>, foldhash::fast::FixedState> =
        HashMap::default();
    for (_, model, classes) in pools {
        always.by_model.entry(*model).or_default();
        for class in classes {
            match class.period {
                Some(period) => named.entry(period).or_default().push((*model, class)),
                None => always.add(*model, class),
            }
        }
    }
    let all = pools.iter().flat_map(|(_, _, classes)| classes);
    let mut periods: Vec<Option<Symbol>> = all.map(|class| class.period).filter(Option::is_some).collect();
    periods.sort_by_key(|period| period.map(|symbol| input.workloads.text(symbol)));
    periods.dedup();
    if periods.is_empty() {
        periods.push(None);
    }
    let mut first = true;
    let earlier = |a: Option<u32>, b: Option<u32>| a.into_iter().chain(b).min();
    for period in periods {
        let mut day = always.clone();
        let own = period.and_then(|period| named.get(&period));
        own.into_iter().flatten().for_each(|(model, class)| day.add(*model, class));
        let too_large = || TooLarge { row: None };
        let settled = whole_up(&day.settled, unit).ok_or_else(too_large)?;
        if first || settled > found.settled {
            let shares = day.by_model.iter().map(|(model, settled)| {
                whole_up(settled, unit).map(|settled| DailyShare { model: *model, settled })
            });
            found.shares = shares.collect::<Option<_>>().ok_or_else(too_large)?;
            found.settled = settled;
        }
        first = false;
        found.billed = found.billed.max(whole_up(&day.billed, unit).ok_or_else(too_large)?);
        if let Some(limit) = &limit {
            let settled = hour_passed(&day.settled_by_hour, limit).unzip();
            let billed = hour_passed(&day.billed_by_hour, limit).unzip();
            found.hour_settled_tenths = earlier(found.hour_settled_tenths, settled.0);
            found.minute_settled = earlier(found.minute_settled, settled.1);
            found.hour_billed_tenths = earlier(found.hour_billed_tenths, billed.0);
            found.minute_billed = earlier(found.minute_billed, billed.1);
        }
    }
    Ok(found)
}
