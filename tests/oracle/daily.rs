//! The account's tokens per day a second time.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use num_traits::{Signed, Zero};

use super::arithmetic::{Demand, day, periods, up, whole};
use super::compare::{Pool, granted};
use crate::properties::facts::ACCOUNT_DAILY;
use crate::properties::settings::{Grant, Settings};
use crate::support::Planned;

/// A row's rate, as its model burns output down.
type Tokens = fn(&Demand, u64) -> Q;

fn settled(demand: &Demand, rate: u64) -> Q {
    &demand.mean * demand.settled(rate)
}

fn billed(demand: &Demand, _: u64) -> Q {
    &demand.mean * (&demand.input + &demand.cache_read + &demand.cache_write + &demand.output)
}

/// Tokens of a day over several pools.
fn total(pools: &[&Pool<'_>], period: Option<&str>, tokens: Tokens) -> Q {
    pools.iter().fold(Q::zero(), |sum, pool| {
        sum + day(&pool.demands, period, |demand| tokens(demand, pool.facts.rate))
    })
}

/// The hour, with its fraction, at which a day's sum reaches more than `limit`.
fn passed(pools: &[&Pool<'_>], period: Option<&str>, tokens: Tokens, limit: &Q) -> Option<Q> {
    let mut left = limit.clone();
    for hour in 0..24 {
        let mut of_hour = Q::zero();
        for pool in pools {
            for demand in &pool.demands {
                if demand.hours[hour] && (demand.period.is_none() || demand.period == period) {
                    of_hour += whole(60) * tokens(demand, pool.facts.rate);
                }
            }
        }
        if of_hour > left {
            return Some(whole(hour as u64) + left / of_hour);
        }
        left -= of_hour;
    }
    None
}

/// The largest sum of a day over all accounts, settled or billed.
pub(crate) fn largest(pools: &[Pool<'_>]) -> Q {
    let all: Vec<Demand> = pools.iter().flat_map(|pool| pool.demands.clone()).collect();
    let pools: Vec<&Pool<'_>> = pools.iter().collect();
    let days = periods(&all).into_iter();
    days.map(|period| total(&pools, period, settled).max(total(&pools, period, billed))).max().unwrap()
}

pub(crate) fn compare(pools: &[Pool<'_>], settings: &Settings, planned: &Planned) {
    let mut accounts: BTreeMap<_, Vec<&Pool<'_>>> = BTreeMap::new();
    for pool in pools {
        accounts.entry(pool.account).or_default().push(pool);
    }
    let found = &planned.plan.account_daily;
    let names: Vec<_> = found.iter().map(|daily| daily.account.as_deref()).collect();
    assert_eq!(names, accounts.keys().copied().collect::<Vec<_>>());
    for (found, (account, pools)) in found.iter().zip(&accounts) {
        let all: Vec<Demand> = pools.iter().flat_map(|pool| pool.demands.clone()).collect();
        let periods = periods(&all);
        let most = |tokens: Tokens| {
            let of_periods = periods.iter().map(|period| up(&total(pools, *period, tokens)));
            of_periods.max().unwrap()
        };
        assert_eq!(u128::from(found.settled.get()), most(settled), "settled");
        assert_eq!(u128::from(found.billed.get()), most(billed), "billed");

        let stated = granted(settings, *account, ACCOUNT_DAILY.0);
        let limit = match stated.unwrap_or(Grant::Amount(ACCOUNT_DAILY.1)) {
            Grant::Amount(amount) => Some(whole(amount)),
            Grant::Unlimited | Grant::Unknown => None,
        };
        let earliest = |tokens: Tokens| {
            let limit = limit.as_ref()?;
            periods.iter().filter_map(|period| passed(pools, *period, tokens, limit)).min()
        };
        to_a_tenth(found.hour_settled_tenths, earliest(settled));
        to_a_tenth(found.hour_billed_tenths, earliest(billed));

        let largest = most(settled);
        let of = periods.iter().find(|period| up(&total(pools, **period, settled)) == largest).unwrap();
        let mut shares: BTreeMap<&str, Q> = BTreeMap::new();
        for pool in pools {
            *shares.entry(pool.facts.id).or_insert_with(Q::zero) += total(&[pool], *of, settled);
        }
        let wanted = shares.iter().map(|(id, tokens)| (*id, up(tokens)));
        let shares = found.shares.iter().map(|share| {
            let id = planned.catalog.model(share.model).id.as_str();
            (id, u128::from(share.settled.get()))
        });
        let with_some = |(_, tokens): &(&str, u128)| *tokens > 0;
        let found: Vec<_> = shares.filter(with_some).collect();
        assert_eq!(found, wanted.filter(with_some).collect::<Vec<_>>(), "shares");
    }
}

fn to_a_tenth(found: Option<u32>, wanted: Option<Q>) {
    match (found, wanted) {
        (None, None) => {}
        (Some(found), Some(wanted)) => {
            let tenths = whole(u64::from(found));
            let off = (wanted.clone() * whole(10) - tenths).abs();
            assert!(off <= Q::new(BigInt::from(1), BigInt::from(2)), "hour {found}/10, wanted {wanted}");
        }
        (found, wanted) => panic!("hour {found:?}, wanted {wanted:?}"),
    }
}
