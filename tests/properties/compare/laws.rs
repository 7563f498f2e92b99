//! What a comparison shows is what plans of edited files and the prices of the table give.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use num_traits::{Signed, ToPrimitive, Zero};
use proptest::prelude::*;
use quotaplan::catalog::ResidencyVerdict;
use quotaplan::engine::{CompareOptions, Headroom, QuotasToHold, Saving, compare, optimise};
use quotaplan::render::{Format, View, render};
use quotaplan::report::CompareReport;
use quotaplan::units::Limit;

use super::files::{Case, Granted, Line, csv, granted, lines, moved, table};
use super::prices::monthly;
use crate::properties::cases;

/// Half-even to a whole number, written apart from the product's rounding.
fn whole(value: &Q) -> i128 {
    let twice = value * Q::from(BigInt::from(2));
    let floor = value.floor();
    let half = twice.is_integer() && !value.is_integer();
    let odd = (floor.to_integer() % 2_u8) != BigInt::zero();
    let up = if half { odd } else { value - &floor > Q::new(1.into(), 2.into()) };
    (floor.to_integer() + i32::from(up)).to_i128().unwrap()
}

fn hundreds(value: &Q) -> i128 {
    whole(&(value * Q::from(BigInt::from(100))))
}

/// The text with each edit of the JSON made at its place.
fn edited(text: &str, json: &serde_json::Value) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let decisions = json["optimum"]["decisions"].as_array().unwrap();
    let mut edits: Vec<&serde_json::Value> =
        decisions.iter().flat_map(|decision| decision["edits"].as_array().unwrap()).collect();
    // From the right, so that places stay true.
    edits.sort_by_key(|edit| std::cmp::Reverse((edit["line"].as_u64(), edit["column"].as_u64())));
    for edit in edits {
        let number = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
        let (line, start) = (&mut lines[number("line") - 1], number("column") - 1);
        let from = edit["from"].as_str().unwrap();
        assert_eq!(line.get(start..start + from.len()), Some(from), "{edit}");
        line.replace_range(start..start + from.len(), edit["to"].as_str().unwrap());
    }
    lines.join("\n") + "\n"
}

fn picks() -> impl Strategy<Value = Vec<(u8, u8)>> {
    prop::collection::vec(any::<(u8, u8)>(), 6)
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn quotas_are_those_of_a_plan_of_the_edited_file(
        lines in lines(), picks in picks(), assume in any::<bool>(),
    ) {
        let granted = granted(&lines, &picks);
        let case = Case::new(&csv(&lines), &granted);
        let asked = CompareOptions { workload: None, assume_defaults: assume };
        let found = compare(&case.input(), &asked).unwrap();
        prop_assert_eq!(found.iter().map(|row| row.row).collect::<Vec<_>>(), (0..lines.len()).collect::<Vec<_>>());
        for (line, row) in lines.iter().zip(&found) {
            let mut scopes: Vec<&str> = row.scopes.iter().map(|scope| scope.scope.as_str()).collect();
            prop_assert_eq!(scopes.first().copied(), Some(line.scopes()[line.scope].0));
            scopes.sort_unstable();
            prop_assert_eq!(scopes, line.scopes().iter().map(|(scope, _)| *scope).collect::<Vec<_>>());
            for scope in &row.scopes {
                let at = line.scopes().iter().position(|(word, _)| *word == scope.scope.as_str()).unwrap();
                let mut places: Vec<usize> = lines.iter().map(|line| line.scope).collect();
                places[row.row] = at;
                prop_assert_eq!(scope.present, at == line.scope);
                let then = Case::new(&csv(&moved(&lines, &places)), &granted);
                let held = QuotasToHold { code: None, assume_defaults: assume };
                let quotas = then.plan.quotas.iter().filter(|quota| {
                    then.plan.rows_of(quota).iter().any(|index| *index as usize == row.row)
                });
                let mut wanted = BTreeMap::new();
                for quota in quotas {
                    let (required, limit) = (quota.figures.required, held.limit(quota));
                    let left = match (required, limit) {
                        (Some(_), Some(Limit::Unlimited)) => Headroom::Unlimited,
                        (Some(required), Some(Limit::Amount(limit))) => {
                            Headroom::Left(i128::from(limit.get()) - i128::from(required.get()))
                        }
                        _ => Headroom::Unknown,
                    };
                    let key = (quota.id.kind, quota.code().map(str::to_owned), quota.id.long_context);
                    wanted.insert(key, (required.map(|required| required.get()), format!("{limit:?} {left:?}")));
                }
                let shown = scope.quotas.iter().map(|quota| {
                    let figures = (
                        quota.required.map(|required| required.get()),
                        format!("{:?} {:?}", quota.limit, quota.headroom()),
                    );
                    ((quota.kind, quota.code().map(str::to_owned), quota.long_context), figures)
                });
                prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), wanted);
                prop_assert_eq!(scope.residency == ResidencyVerdict::Met, line.admits(at));
                prop_assert_eq!(
                    scope.residency == ResidencyVerdict::Unknown,
                    // A global profile goes everywhere, which is known.
                    !line.admits(at) && line.scopes()[at].1.is_none() && scope.scope.as_str() != "global"
                );
            }
        }
    }

    #[test]
    fn savings_are_those_of_the_prices_in_the_table(lines in lines()) {
        let case = Case::new(&csv(&lines), &Granted::new());
        for row in compare(&case.input(), &CompareOptions::default()).unwrap() {
            let line: &Line = &lines[row.row];
            let cost = |word: &str| monthly(line.id(), word, line.rate, &line.tokens());
            let now = cost(line.scopes()[line.scope].0);
            for scope in &row.scopes {
                let then = cost(scope.scope.as_str());
                let cents = then.as_ref().map(hundreds);
                prop_assert_eq!(scope.cost.usd().map(|usd| usd.get()), cents.map(|cents| cents.unsigned_abs()));
                let saving = match (&now, then) {
                    (Some(now), Some(then)) if !scope.present => Some((now - then, now)),
                    _ => None,
                };
                let rounded = |value: &Q| hundreds(&value.abs()) * if value.is_negative() { -1 } else { 1 };
                let cents = saving.as_ref().map(|(usd, _)| rounded(usd));
                prop_assert_eq!(scope.saving.as_ref().map(|saving| saving.cents().unwrap()), cents);
                let share = saving.filter(|(_, now)| !now.is_zero());
                let share = share.map(|(usd, now)| rounded(&(usd / now * Q::from(BigInt::from(100)))));
                let shown = scope.saving.as_ref().and_then(Saving::hundredths_of_a_percent);
                prop_assert_eq!(shown.map(i128::from), share);
            }
        }
    }

    #[test]
    fn the_edits_make_the_file_of_the_assignment(lines in lines(), picks in picks(), assume in any::<bool>()) {
        let granted = granted(&lines, &picks);
        let text = csv(&lines);
        let case = Case::new(&text, &granted);
        let (input, asked) = (case.input(), CompareOptions { workload: None, assume_defaults: assume });
        let found = optimise(&input, &case.plan, &asked).unwrap();
        let rows = compare(&input, &asked).unwrap();
        let all = CompareReport {
            sources: &case.sources,
            input: &input,
            base: &case.plan,
            asked,
            rows: &rows,
            optimum: Some(&found),
            typed: None,
        };
        let shown = |format: Format| render(&all, format, View::default()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&shown(Format::Json)).unwrap();
        let then = Case::new(&edited(&text, &json), &granted);
        let figures = |case: &Case| {
            let of = |quota: &quotaplan::engine::QuotaPlan| {
                (quota.id.about(&table().0), quota.figures.required, quota.granted_limit().map(|l| l.to_string()))
            };
            case.plan.quotas.iter().map(of).collect::<Vec<_>>()
        };
        let of_found = Case { plan: found.plan.clone(), ..Case::new(&text, &granted) };
        prop_assert_eq!(figures(&then), figures(&of_found));
        let scopes = |set: &quotaplan::workload::WorkloadSet| {
            set.rows().iter().map(quotaplan::workload::Workload::scope).collect::<Vec<_>>()
        };
        prop_assert_eq!(scopes(&then.workloads), scopes(&found.workloads));
        // What is written is the same for people.
        for format in [Format::Table, Format::Markdown, Format::Csv] {
            prop_assert!(!shown(format).is_empty());
        }
    }
}

/// Eighteen workloads with a choice each are too many to try all assignments.
#[test]
fn many_workloads_are_searched_and_said_not_to_be_proven() {
    let mut lines = Vec::new();
    for index in 0..18_u64 {
        lines.push(Line {
            name: format!("w{index}"),
            model: 0,
            scope: 2,
            by_profile: false,
            rate: 10 + index,
            input: 900,
            output: 100,
            cache_write: 0,
            max_tokens: Some(500),
            period: None,
            hours: false,
            residency: Some("us"),
            account: None,
        });
    }
    let text = csv(&lines);
    let granted: Granted = [((None, "L-58BE175A".to_owned()), "420000".to_owned())].into();
    let case = Case::new(&text, &granted);
    let asked = CompareOptions { workload: None, assume_defaults: true };
    let found = optimise(&case.input(), &case.plan, &asked).unwrap();
    assert!(!found.proven());
    assert_eq!((found.before.exceeding, found.after.exceeding), (1, 0));
    // No workload alone could go elsewhere to the better.
    for decision in found.decisions() {
        let why = decision.why.as_ref().unwrap().as_str();
        assert!(matches!(why, "increases" | "cost" | "residency"), "{why}");
    }
    let fewer = Case::new(&csv(&lines[..16]), &granted);
    assert!(optimise(&fewer.input(), &fewer.plan, &asked).unwrap().proven());
}
