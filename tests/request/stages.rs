//! The laws of an increase in stages.

use proptest::prelude::*;
use quotaplan::config::{Config, Granted};
use quotaplan::engine::{AskTerms, Reservations, Staging, asks};
use quotaplan::text::{Diagnostics, FactDate, SourceFile, Sources};
use quotaplan::units::{MILLIONTHS, Ratio};

use crate::support::try_plan;

/// AWS's default of the quota.
const DEFAULT: u64 = 5_000_000;

fn granted(value: u64) -> Granted {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("granted.toml", format!("[granted]\n\"L-58BE175A\" = {value}\n")));
    quotaplan::config::parse_granted(&sources, file, &mut Diagnostics::new()).expect("valid")
}

fn staged(applied: u64, rate: u64, staging: Staging) -> Option<quotaplan::engine::Ask> {
    let csv = format!(
        "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,latency_seconds\n\
         a,haiku-4.5,us,{rate},3000,500,600,1\n"
    );
    let planned = try_plan(csv.as_bytes(), |assumptions| {
        assumptions.config_mut().granted = granted(applied);
        assumptions.config_mut().account = Config::default().account;
        assumptions.today = FactDate::parse("2026-11-25").expect("a date");
    });
    let planned = planned.unwrap_or_else(|refused| panic!("{refused:?}"));
    let terms = AskTerms {
        reservations: Reservations::Keep("test".to_owned()),
        accept_unknown: false,
        accept_residency: false,
        also_rpm: false,
        staging: Some(staging),
        support_case: true,
    };
    let asks = asks(&planned.input(), &planned.plan, None, &terms);
    asks.into_iter().next().expect("one quota").outcome.ok()
}

fn staging(factor: u64, used: u64, lead_days: u32, needed_by: Option<&str>) -> Staging {
    Staging {
        factor: Ratio::from_millionths(factor).expect("small"),
        used: Ratio::from_millionths(used).expect("small"),
        lead_days,
        needed_by: needed_by.map(|date| FactDate::parse(date).expect("a date")),
    }
}

#[test]
fn a_division_by_hand() {
    // 4,000 x (3,000 + 5 x 500) x 1.2 = 26,400,000, rounded to two digits. Service Quotas takes nothing at or
    // below the default of 5,000,000, so doubling begins there, not at the applied 1,000,000.
    let ask = staged(1_000_000, 4_000, staging(2 * MILLIONTHS, MILLIONTHS / 2, 14, None)).expect("asked for");
    assert_eq!(ask.desired.get(), 27_000_000);
    let stages: Vec<(u64, Option<u64>, String)> = ask
        .stages
        .iter()
        .map(|s| (s.desired.get(), s.after_use_of.map(|u| u.get()), s.ask_by.expect("a day").to_string()))
        .collect();
    assert_eq!(
        stages,
        [
            (10_000_000, None, "2026-11-25".to_owned()),
            (20_000_000, Some(5_000_000), "2026-12-09".to_owned()),
            (27_000_000, Some(10_000_000), "2026-12-23".to_owned()),
        ]
    );
    let dated = staged(1_000_000, 4_000, staging(2 * MILLIONTHS, MILLIONTHS / 2, 10, Some("2027-03-31")));
    let days: Vec<String> =
        dated.expect("asked for").stages.iter().map(|s| s.ask_by.expect("a day").to_string()).collect();
    assert_eq!(days, ["2027-03-01", "2027-03-11", "2027-03-21"]);
}

#[test]
fn from_an_applied_value_of_zero_one_stage_suffices() {
    let ask = staged(0, 1_000, staging(2 * MILLIONTHS, MILLIONTHS / 2, 14, None)).expect("asked for");
    assert_eq!(ask.stages.len(), 1);
    assert_eq!(ask.now(), ask.desired);
}

proptest! {
    /// They rise to what is needed, none above its multiple of the value before it, each after the use of
    /// the one before; the first is above AWS's default and counts from there.
    #[test]
    fn stages_rise_within_their_factor(
        applied in 1_u64..8_000_000,
        rate in 1_u64..6_000,
        factor in 1_100_000_u64..=2_000_000,
        used in 1_u64..=1_000_000,
    ) {
        let staging = staging(factor, used, 14, None);
        let Some(ask) = staged(applied, rate, staging) else { return Ok(()) };
        prop_assert_eq!(ask.stages.last().map(|stage| stage.desired), Some(ask.desired));
        let mut before = applied.max(DEFAULT);
        for (number, stage) in ask.stages.iter().enumerate() {
            let value = stage.desired.get();
            prop_assert!(value > before);
            let within = u128::from(value) * u128::from(MILLIONTHS) <= u128::from(before) * u128::from(factor);
            // From a few tokens per minute the factor gains less than one: the rest is asked for at once.
            prop_assert!(within || before < 10, "{value} after {before}");
            let use_of = u128::from(before) * u128::from(used);
            let stated = stage.after_use_of.map(|used| u128::from(used.get()) * u128::from(MILLIONTHS));
            if number > 0 {
                prop_assert!(stated.is_some_and(|stated| stated >= use_of && stated < use_of + u128::from(MILLIONTHS)));
            } else {
                prop_assert_eq!(stated, None);
            }
            before = value;
        }
    }
}
