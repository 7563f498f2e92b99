//! What is required where a row is moved, from hours, seasons and bursts of all kinds, against a plan of the moved file.

use proptest::prelude::*;
use quotaplan::engine::{CompareOptions, PlanInput, compare, plan};

use super::files::{Case, Granted, MODELS};
use crate::properties::cases;

/// A row: model, scope, and its other cells.
type Row = (usize, usize, String);

fn csv(rows: &[Row]) -> String {
    let mut text =
        "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,\
                    max_tokens,latency_seconds,dispersion,growth_per_month,period,active_hours\n"
            .to_owned();
    for (index, (model, scope, cells)) in rows.iter().enumerate() {
        let (id, scopes, _) = MODELS[*model];
        let scope = scopes[scope % scopes.len()].0;
        text += &format!("w{index},{id},{scope},{cells}\n");
    }
    text
}

fn row(model: usize) -> impl Strategy<Value = Row> {
    let one_of = |cells: Vec<&'static str>| prop::sample::select(cells);
    let rate = (0_u32..40, prop::option::of(0_u32..90));
    let rate = rate.prop_map(|(mean, more)| {
        format!("{mean}.25,{}", more.map(|more| (mean + 1 + more).to_string()).unwrap_or_default())
    });
    let input = prop_oneof![4 => 0_u64..3_000, 1 => 199_990_u64..200_010];
    let max = prop::option::weighted(0.8, 300_u64..5_000);
    let burst = (
        one_of(vec!["", "3", "75", "0.5"]),
        one_of(vec!["", "0", "0.25", "1", "4"]),
        one_of(vec!["", "0.05", "0.5"]),
    );
    let when = (
        one_of(vec!["", "", "april", "november"]),
        one_of(vec!["", "08-18", "22-02", "00-12", "12-24", "09-10", "17-18"]),
    );
    (0_usize..3, rate, input, 0_u64..300, max, burst, when).prop_map(
        move |(scope, rate, input, output, max, (latency, dispersion, growth), (period, hours))| {
            let input = if model == 1 { input } else { input % 3_000 };
            let max = max.map(|max| max.to_string()).unwrap_or_default();
            (
                model,
                scope,
                format!("{rate},{input},{output},{max},{latency},{dispersion},{growth},{period},{hours}"),
            )
        },
    )
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Those whose models generate.
    (0_usize..5).prop_flat_map(|model| prop::collection::vec(row(model), 1..8))
}

/// The requirements of the quotas that a row counts against.
fn required(input: &PlanInput<'_>, row: usize) -> Vec<(String, Option<u64>)> {
    let plan = plan(input).expect("no figure is too large");
    let of_row = plan
        .quotas
        .iter()
        .filter(|quota| plan.rows_of(quota).iter().any(|index| usize::try_from(*index).unwrap() == row));
    let mut found: Vec<_> = of_row
        .map(|quota| (format!("{:?}", quota.id.kind), quota.figures.required.map(|required| required.get())))
        .collect();
    found.sort();
    found
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn a_moved_row_requires_what_a_plan_of_the_moved_file_does(rows in rows(), months in 0_u32..14) {
        let mut case = Case::new(&csv(&rows), &Granted::new());
        case.assumptions.months = months;
        for compared in compare(&case.input(), &CompareOptions::default()).unwrap() {
            for scope in &compared.scopes {
                let mut moved = rows.clone();
                let scopes = MODELS[moved[compared.row].0].1;
                moved[compared.row].1 = scopes.iter().position(|(word, _)| *word == scope.scope.as_str()).unwrap();
                let mut then = Case::new(&csv(&moved), &Granted::new());
                then.assumptions.months = months;
                let mut shown: Vec<_> = scope
                    .quotas
                    .iter()
                    .map(|quota| (format!("{:?}", quota.kind), quota.required.map(|required| required.get())))
                    .collect();
                shown.sort();
                prop_assert_eq!(shown, required(&then.input(), compared.row), "{} {}", compared.row, scope.scope);
            }
        }
    }
}
