//! Growth with many distinct rates, hours and periods: the product adds whole numbers over one denominator, by
//! groups of rows; the second implementation adds fractions row by row.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::compare;
use crate::properties::cases;
use crate::properties::facts::MODELS;
use crate::properties::rows::{Decimal, Row, csv, rows};
use crate::properties::settings::{Settings, plan, settings};

/// Periods that rows may be in.
const PERIODS: [&str; 5] = ["autumn", "spring", "summer", "tax season", "winter"];

/// Rows that nearly all differ in growth, hours and period.
fn distinct() -> impl Strategy<Value = Vec<Row>> {
    let when = (1_u64..=60_000, prop::option::of(0..PERIODS.len()), prop::option::of((0..24_u32, 1..24_u32)));
    let each = prop::collection::vec(when, 12);
    (rows(&MODELS[..3], 6..=12), each).prop_map(|(mut rows, each)| {
        for (row, (growth, period, hours)) in rows.iter_mut().zip(each) {
            row.growth = Some(Decimal(growth));
            row.period = period.map(|at| PERIODS[at]);
            row.hours = hours.map(|(from, length)| span(from, length));
        }
        rows
    })
}

/// A span of hours, past midnight where it is long; one of a few hundred texts that live for the whole run.
fn span(from: u32, length: u32) -> &'static str {
    static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
    let all = || {
        let pairs = (0..24).flat_map(|from| (0..24).map(move |length| (from, length)));
        pairs.map(|(from, length)| format!("{from:02}-{:02}", (from + length) % 24)).collect()
    };
    &TEXTS.get_or_init(all)[(from * 24 + length) as usize]
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn many_growth_rates_hours_and_periods_agree_with_the_second_implementation(
        rows in distinct(), settings in settings(), months in 1_u32..=14,
    ) {
        let settings = Settings { months, ..settings };
        compare::compare(&rows, &settings, &plan(&csv(&rows), &settings));
    }
}

/// Two rows that grow by 2 and 3 % a month for 120 months, by Python's fractions.
#[test]
fn ten_years_of_growth() {
    let csv = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,growth_per_month\n\
               a,haiku-4.5,us,10,1000,200,400,0.02\nb,haiku-4.5,us,3,500,100,400,0.03\n";
    let planned = plan(csv, &Settings { months: 120, ..Settings::default() });
    let quota = planned.plan.quotas.iter().find(|quota| quota.id.kind.as_str() == "tpm").unwrap();
    assert_eq!((quota.figures.steady.get(), quota.figures.peak.get()), (319_437, 319_437));
}
