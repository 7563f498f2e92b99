//! A second implementation of `guide/sizing.md`, written from it alone, and the comparison of the
//! product's plans with it over random files.

mod arithmetic;
mod bounds;
mod by_hand;
mod compare;
mod daily;
mod growth;
mod levers;
mod money;
mod table;

use proptest::prelude::*;

use crate::properties::cases;
use crate::properties::facts::MODELS;
use crate::properties::rows::{csv, rows_in_any_unit as rows};
use crate::properties::settings::{Settings, plan, settings};

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn plans_agree_with_the_second_implementation(rows in rows(&MODELS, 1..=6), settings in settings()) {
        compare::compare(&rows, &settings, &plan(&csv(&rows), &settings));
    }

    #[test]
    fn plans_agree_under_default_assumptions(rows in rows(&MODELS, 1..=4)) {
        let settings = Settings::default();
        compare::compare(&rows, &settings, &plan(&csv(&rows), &settings));
    }
}
