//! The account's cross-model daily quota: an estimate, since AWS publishes no formula.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::TooLarge;
use super::action::restored_for;
use super::input::PlanInput;
use super::pool::Prepared;
use super::rounding::{half_even, rounded_up};
use super::sums::Sums;
use crate::catalog::{ModelIndex, QuotaEntry};
use crate::config::GrantedQuota;
use crate::units::{Limit, QuotaAmount};
use crate::workload::{Hours, Symbol};

/// One class's tokens a minute, exact.
#[derive(Debug, Clone)]
pub(super) struct DailyClass {
    period: Option<Symbol>,
    hours: Hours,
    settled: BigRational,
    billed: BigRational,
}

/// A model's part of the settled tokens.
#[derive(Debug, Clone)]
pub struct DailyShare {
    /// The model.
    pub model: ModelIndex,
    /// Its settled tokens a day in the period of the largest sum, rounded up.
    pub settled: QuotaAmount,
}

/// An account's tokens a day over all models, the largest over its periods, each figure on its own.
#[derive(Debug, Clone)]
pub struct AccountDaily {
    /// The account.
    pub account: Option<String>,
    /// The quota.
    pub entry: QuotaEntry,
    /// The applied quota as stated.
    pub granted: Option<GrantedQuota>,
    /// Settled tokens a day.
    pub settled: QuotaAmount,
    /// Billed tokens a day.
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
    let unit = BigInt::from(10_u8).pow(12);
    let classes = prepared.classes.iter().zip(sums);
    classes
        .map(|(class, sums)| DailyClass {
            period: class.period,
            hours: class.hours,
            settled: &class.rate_factor * BigRational::new(sums.steady.into(), unit.clone()),
            billed: &class.rate_factor * BigRational::new(sums.billed.into(), unit.clone()),
        })
        .collect()
}

type PoolDay = (Option<String>, ModelIndex, Vec<DailyClass>);

/// The estimate for every account.
pub(super) fn of(pools: &[PoolDay], input: &PlanInput<'_>) -> Result<Vec<AccountDaily>, TooLarge> {
    let mut accounts: BTreeMap<Option<&str>, Vec<&PoolDay>> = BTreeMap::new();
    for pool in pools {
        accounts.entry(pool.0.as_deref()).or_default().push(pool);
    }
    accounts.into_iter().map(|(account, pools)| of_account(account, &pools, input)).collect()
}

/// One period's day.
struct Day {
    settled: BigRational,
    billed: BigRational,
    settled_by_hour: Vec<BigRational>,
    billed_by_hour: Vec<BigRational>,
    by_model: BTreeMap<ModelIndex, BigRational>,
}

fn day(period: Option<Symbol>, pools: &[&PoolDay]) -> Day {
    let mut day = Day {
        settled: BigRational::zero(),
        billed: BigRational::zero(),
        settled_by_hour: vec![BigRational::zero(); 24],
        billed_by_hour: vec![BigRational::zero(); 24],
        by_model: BTreeMap::new(),
    };
    let minutes = BigInt::from(60);
    for (_, model, classes) in pools {
        let of_model = day.by_model.entry(*model).or_insert_with(BigRational::zero);
        for class in classes.iter().filter(|class| class.period.is_none() || class.period == period) {
            let (settled, billed) = (&class.settled * &minutes, &class.billed * &minutes);
            for (hour, at) in (0_u32..24).zip(0..) {
                if class.hours.contains(hour) {
                    day.settled_by_hour[at] += &settled;
                    day.billed_by_hour[at] += &billed;
                }
            }
            let hours = BigInt::from(class.hours.count());
            *of_model += &settled * &hours;
            day.settled += settled * &hours;
            day.billed += billed * hours;
        }
    }
    day
}

/// When the day's sum passes `limit`: tenths of an hour, half-even, and whole minutes before it.
fn hour_passed(by_hour: &[BigRational], limit: &BigRational) -> Option<(u32, u32)> {
    let mut so_far = BigRational::zero();
    for (hour, tokens) in (0_u32..).zip(by_hour) {
        let after = &so_far + tokens;
        if &after > limit {
            let within = (limit - so_far) / tokens;
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
    input: &PlanInput<'_>,
) -> Result<AccountDaily, TooLarge> {
    let entry = input.catalog.account_daily().clone();
    let assumptions = input.assumptions;
    let code = entry.code.clone().known();
    let stated = |code: &str| assumptions.granted.get(account, assumptions.account.as_deref(), code).cloned();
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
    let limit =
        found.capacity().and_then(Limit::amount).map(|limit| BigRational::from(BigInt::from(limit.get())));
    let mut periods: Vec<Option<Symbol>> = pools
        .iter()
        .flat_map(|(_, _, classes)| classes)
        .map(|class| class.period)
        .filter(Option::is_some)
        .collect();
    periods.sort_by_key(|period| period.map(|symbol| input.workloads.text(symbol)));
    periods.dedup();
    if periods.is_empty() {
        periods.push(None);
    }
    let mut first = true;
    let earlier = |a: Option<u32>, b: Option<u32>| a.into_iter().chain(b).min();
    for period in periods {
        let day = day(period, pools);
        let too_large = || TooLarge { row: None };
        let settled = rounded_up(&day.settled).ok_or_else(too_large)?;
        if first || settled > found.settled {
            let shares = day.by_model.iter().map(|(model, settled)| {
                rounded_up(settled).map(|settled| DailyShare { model: *model, settled })
            });
            found.shares = shares.collect::<Option<_>>().ok_or_else(too_large)?;
            found.settled = settled;
        }
        first = false;
        found.billed = found.billed.max(rounded_up(&day.billed).ok_or_else(too_large)?);
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
