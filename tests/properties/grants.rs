//! What is required fits when it is granted, and one less does not.

use proptest::prelude::*;

use super::cases;
use super::facts::MODELS;
use super::rows::{csv, rows};
use super::settings::{Grant, Granted, Settings, plan, settings};
use crate::support::Planned;

/// Every quota of a plan granted, from its required amount.
fn granted(planned: &Planned, of: impl Fn(u64) -> Option<u64>) -> Vec<Granted> {
    let mut all = Vec::new();
    for quota in &planned.plan.quotas {
        let account = match quota.id.account.as_deref() {
            Some("production") => Some("production"),
            Some(_) => Some("sandbox"),
            None => None,
        };
        let (Some(code), Some(required)) = (quota.code(), quota.figures.required) else {
            continue;
        };
        let code = super::settings::codes().into_iter().find(|known| *known == code).unwrap();
        if let Some(amount) = of(required.get()) {
            all.push(Granted { account, code, value: Grant::Amount(amount) });
        }
    }
    all
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn required_fits_when_granted_and_one_less_does_not(rows in rows(&MODELS, 1..=6), settings in settings()) {
        let text = csv(&rows);
        let free = Settings { granted: Vec::new(), ..settings };
        let planned = plan(&text, &free);

        let enough = Settings { granted: granted(&planned, Some), ..free };
        for quota in &plan(&text, &enough).plan.quotas {
            if let (Some(code), Some(_)) = (quota.code(), quota.figures.required) {
                prop_assert_eq!((quota.verdict.as_str(), quota.action.as_str()), ("fits", "none"), "{}", code);
                prop_assert_eq!((quota.ask, quota.fitting_max_tokens), (None, None));
            } else {
                prop_assert_eq!(quota.verdict.as_str(), "undetermined");
            }
        }

        let scarce = Settings { granted: granted(&planned, |required| required.checked_sub(1)), ..enough };
        for quota in &plan(&text, &scarce).plan.quotas {
            let required = quota.figures.required.map(|required| required.get());
            if let (Some(code), Some(required @ 1..)) = (quota.code(), required) {
                prop_assert_eq!(quota.verdict.as_str(), "exceeds", "{}", code);
                let limits = [quota.granted_limit(), quota.default_limit()];
                match quota.action.as_str() {
                    "request" => prop_assert!(quota.ask.is_some()),
                    "restore" => prop_assert_eq!((quota.ask, quota.restore_to), (None, quota.default_limit())),
                    action => prop_assert!(matches!(action, "lower_max_tokens" | "migrate"), "{}", action),
                }
                // Service Quotas refuses any value at or below the applied one or AWS's default.
                for ask in quota.ask.into_iter().chain(quota.lean_ask) {
                    prop_assert!(limits.iter().flatten().all(|limit| !limit.holds(ask)), "{code}: {ask}");
                }
                prop_assert!(quota.ask.is_none_or(|ask| ask.get() >= required));
            }
        }
    }
}
