//! Caps on max_tokens.

use proptest::prelude::*;

use super::cases;
use super::facts::CAPPED;
use super::rows::{Decimal, ONE, Row, csv, rows};
use super::settings::{Grant, Granted, Settings, plan, settings};

/// The rows with a cap of `max_tokens` written into the file.
fn capped(rows: &[Row], cap: u64) -> String {
    let capped = rows.iter().map(|row| {
        let own = row.max_tokens.or(row.model.maximum).unwrap_or(cap);
        Row { max_tokens: Some(own.min(cap)), ..row.clone() }
    });
    csv(&capped.collect::<Vec<_>>())
}

/// Rows of one quota, so that one figure answers; short answers leave room below every cap.
fn of_one_quota() -> impl Strategy<Value = Vec<Row>> {
    (rows(&CAPPED, 1..=4), prop::sample::select(&CAPPED[..])).prop_map(|(mut rows, model)| {
        for row in &mut rows {
            row.model = model;
            row.account = None;
            row.output = Decimal(row.output.0 / 10);
            row.output_p95 = None;
            row.output_p99 = None;
            row.max_tokens = row.max_tokens.map(|max| max.clamp(400, model.maximum.unwrap()));
        }
        rows
    })
}

/// `required` of the rows' tokens-per-minute quota.
fn required(csv: &str, settings: &Settings) -> u64 {
    let planned = plan(csv, settings);
    let mut quotas = planned.plan.quotas.iter();
    let quota = quotas.find(|quota| quota.id.kind.as_str() == "tpm");
    quota.unwrap().figures.required.unwrap().get()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_larger_max_tokens_never_lowers_required(
        rows in of_one_quota(), mut caps in prop::collection::vec(300_u64..64_000, 2..=5), settings in settings(),
    ) {
        caps.sort_unstable();
        let at_caps: Vec<u64> = caps.iter().map(|cap| required(&capped(&rows, *cap), &settings)).collect();
        prop_assert!(at_caps.is_sorted(), "{caps:?}: {at_caps:?}");
        prop_assert!(*at_caps.last().unwrap() <= required(&csv(&rows), &settings));
    }

    #[test]
    fn the_fitting_cap_fits_and_one_more_does_not(
        rows in of_one_quota(), cap in 300_u64..64_000, settings in settings(),
    ) {
        let granted = required(&capped(&rows, cap), &settings);
        prop_assume!(granted < required(&csv(&rows), &settings));
        let code = rows[0].model.tpm.unwrap().0;
        let stated = Granted { account: settings.account, code, value: Grant::Amount(granted) };
        let settings = Settings { granted: vec![stated], ..settings };
        let planned = plan(&csv(&rows), &settings);
        let quota = planned.plan.quotas.iter().find(|quota| quota.code() == Some(code)).unwrap();
        prop_assert_eq!(quota.verdict.as_str(), "exceeds");
        let fitting = quota.fitting_max_tokens.expect("the cap fits");
        prop_assert!(fitting >= cap);
        let at = required(&capped(&rows, fitting), &settings);
        prop_assert!(at <= granted, "{fitting}: {at} of {granted}");
        let above = required(&capped(&rows, fitting + 1), &settings);
        prop_assert!(above > granted, "{fitting} and one: {above} of {granted}");
    }

    #[test]
    fn the_lean_plan_is_the_plan_at_the_tight_cap(mut rows in of_one_quota(), settings in settings()) {
        // Rows without traffic have no say in the cap.
        rows.retain(|row| row.rate.0 > 0);
        prop_assume!(!rows.is_empty());
        let planned = plan(&csv(&rows), &settings);
        let quota = planned.plan.quotas.iter().find(|quota| quota.id.kind.as_str() == "tpm").unwrap();
        let tight = quota.tight_max_tokens.unwrap().millionths() / ONE;
        // A file cannot state an answer longer than its cap.
        let longest = rows.iter().map(|row| row.output.0.div_ceil(ONE)).max().unwrap();
        prop_assert!(tight >= longest);
        let lean = required(&capped(&rows, tight), &settings);
        prop_assert_eq!(quota.lean_required.map(|lean| lean.get()), Some(lean));
    }

    /// Longer answers never lower the tight cap or what is required at it, and the cap never raises what is
    /// required.
    #[test]
    fn longer_answers_never_lower_the_tight_cap(
        mut rows in of_one_quota(), percentiles in prop::collection::vec((0_u64..9_000, 0_u64..9_000), 4), settings in settings(),
    ) {
        // Without a request there is no answer to cap.
        rows.retain(|row| row.rate.0 > 0);
        prop_assume!(!rows.is_empty());
        let of = |times: u64| {
            let rows = rows.iter().zip(&percentiles).map(|(row, (p95, p99))| Row {
                output_p95: (p95 % 3 > 0).then(|| Decimal(p95 * ONE * times)),
                output_p99: (p99 % 3 > 0).then(|| Decimal(p99 * ONE * times)),
                max_tokens: row.max_tokens.or(Some(64_000)),
                ..row.clone()
            });
            let planned = plan(&csv(&rows.collect::<Vec<_>>()), &settings);
            let quota = planned.plan.quotas.iter().find(|quota| quota.id.kind.as_str() == "tpm").unwrap();
            (quota.tight_max_tokens.unwrap(), quota.lean_required.unwrap(), quota.figures.required.unwrap())
        };
        let (shorter, longer) = (of(1), of(2));
        prop_assert!(shorter.0 <= longer.0 && shorter.1 <= longer.1, "{shorter:?} {longer:?}");
        prop_assert!(shorter.1 <= shorter.2 && longer.1 <= longer.2, "{shorter:?} {longer:?}");
    }
}
