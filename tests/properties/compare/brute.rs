//! The best assignment, found by planning the file of every one.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use proptest::prelude::*;
use quotaplan::engine::{CompareOptions, QuotasToHold, optimise};

use super::files::{Case, Granted, Line, assignments, csv, granted, lines, moved};
use super::prices::monthly;
use crate::properties::cases;

/// Rows of one name, model, account and scope.
fn units(lines: &[Line]) -> Vec<Vec<usize>> {
    let mut units: Vec<Vec<usize>> = Vec::new();
    let key = |line: &Line| (line.name.clone(), line.model, line.scope, line.account);
    for (index, line) in lines.iter().enumerate() {
        match units.iter_mut().find(|unit| key(&lines[unit[0]]) == key(line)) {
            Some(unit) => unit.push(index),
            None => units.push(vec![index]),
        }
    }
    units
}

/// The scopes a unit may be in.
fn choices(lines: &[Line], unit: &[usize]) -> Vec<usize> {
    let all = 0..lines[unit[0]].scopes().len();
    let kept: Vec<usize> = all.filter(|scope| unit.iter().all(|row| lines[*row].admits(*scope))).collect();
    if kept.is_empty() { vec![lines[unit[0]].scope] } else { kept }
}

/// What an assignment is judged by, from a plan of its file.
fn score(
    lines: &[Line],
    scopes: &[usize],
    granted: &Granted,
    assume: bool,
) -> (usize, usize, usize, Q, usize) {
    let then = moved(lines, scopes);
    let case = Case::new(&csv(&then), granted);
    let held = QuotasToHold { code: None, assume_defaults: assume };
    let (mut exceeding, mut unjudged) = (0, 0);
    for quota in &case.plan.quotas {
        match (quota.figures.required, held.limit(quota)) {
            (Some(required), Some(limit)) => exceeding += usize::from(!limit.holds(required)),
            _ => unjudged += 1,
        }
    }
    let (mut unpriced, mut cost) = (0, Q::from(BigInt::from(0)));
    for line in &then {
        match monthly(line.id(), line.scopes()[line.scope].0, line.rate, &line.tokens()) {
            Some(usd) => cost += usd,
            None => unpriced += 1,
        }
    }
    let moves = units(lines).iter().filter(|unit| scopes[unit[0]] != lines[unit[0]].scope).count();
    (exceeding, unjudged, unpriced, cost, moves)
}

/// What decides the limits of a file's quotas.
fn picks() -> impl Strategy<Value = Vec<(u8, u8)>> {
    prop::collection::vec(any::<(u8, u8)>(), 6)
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn the_best_assignment_is_that_of_brute_force(lines in lines(), picks in picks(), assume in any::<bool>()) {
        let granted = granted(&lines, &picks);
        let case = Case::new(&csv(&lines), &granted);
        let units = units(&lines);
        let of_units: Vec<Vec<usize>> = units.iter().map(|unit| choices(&lines, unit)).collect();
        let all = assignments(&units, &of_units, lines.len());
        // Scopes are numbered in the order of their words, so the first of equals is the least.
        let best = all.iter().map(|scopes| (score(&lines, scopes, &granted, assume), scopes)).min().unwrap();

        let asked = CompareOptions { workload: None, assume_defaults: assume };
        let found = optimise(&case.input(), &case.plan, &asked).unwrap();
        prop_assert!(found.proven());
        let mut scopes: BTreeMap<usize, &str> = BTreeMap::new();
        for decision in found.decisions() {
            scopes.extend(decision.rows.iter().map(|row| (*row, decision.to.as_str())));
        }
        let scopes: Vec<&str> = scopes.into_values().collect();
        let wanted: Vec<&str> =
            lines.iter().zip(best.1).map(|(line, scope)| line.scopes()[*scope].0).collect();
        prop_assert_eq!(&scopes, &wanted, "{:?}\n{}\n{:?}", best.0, csv(&lines), granted);
        prop_assert_eq!((found.after.exceeding, found.after.unjudged), (best.0.0, best.0.1));
        let present: Vec<usize> = lines.iter().map(|line| line.scope).collect();
        let now = score(&lines, &present, &granted, assume);
        prop_assert_eq!((found.before.exceeding, found.before.unjudged), (now.0, now.1));
        let of_groups = found.groups.iter().map(|group| (group.before.exceeding, group.after.unjudged));
        let sums = of_groups.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        prop_assert_eq!(sums, (found.before.exceeding, found.after.unjudged));
        let many: u64 = found.groups.iter().map(|group| group.assignments).product();
        prop_assert_eq!(many, u64::try_from(all.len()).unwrap());
    }

    #[test]
    fn one_workload_alone_moves_as_if_the_others_had_no_choice(
        lines in lines(), picks in picks(), assume in any::<bool>(), at in any::<prop::sample::Index>(),
    ) {
        let granted = granted(&lines, &picks);
        let case = Case::new(&csv(&lines), &granted);
        let name = &lines[at.index(lines.len())].name;
        let units = units(&lines);
        let of_unit = |unit: &Vec<usize>| match lines[unit[0]].name == *name {
            true => choices(&lines, unit),
            false => vec![lines[unit[0]].scope],
        };
        let of_units: Vec<Vec<usize>> = units.iter().map(of_unit).collect();
        let all = assignments(&units, &of_units, lines.len());
        let best = all.iter().map(|scopes| (score(&lines, scopes, &granted, assume), scopes)).min().unwrap();
        let asked = CompareOptions { workload: Some(name), assume_defaults: assume };
        let found = optimise(&case.input(), &case.plan, &asked).unwrap();
        for decision in found.decisions() {
            for row in &decision.rows {
                prop_assert_eq!(&lines[*row].name, name);
                prop_assert_eq!(decision.to.as_str(), lines[*row].scopes()[best.1[*row]].0);
            }
        }
        let rows: usize = found.decisions().iter().map(|decision| decision.rows.len()).sum();
        prop_assert_eq!(rows, lines.iter().filter(|line| line.name == *name).count());
    }
}

/// Numbers below a bound, the same ones each time.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 7_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Rows of a model with two scopes and no requests quota.
fn plain_lines(count: usize, random: &mut impl FnMut(u64) -> u64) -> Vec<Line> {
    let line = |index| Line {
        name: format!("w{index}"),
        model: 4,
        scope: usize::from(random(2) == 0),
        by_profile: false,
        rate: 20 + random(400),
        input: 500 + random(3_000),
        output: 10 + random(300),
        cache_write: 0,
        max_tokens: Some(400),
        period: None,
        hours: false,
        residency: None,
        account: None,
    };
    (0..count).map(line).collect()
}

/// The limits that an assignment just fits.
fn just_fitting(lines: &[Line], scopes: &[usize]) -> Granted {
    let fits = Case::new(&csv(&moved(lines, scopes)), &Granted::new());
    let limits = fits.plan.quotas.iter().filter_map(|quota| {
        Some(((None, quota.code()?.to_owned()), quota.figures.required?.get().to_string()))
    });
    limits.collect()
}

const DEFAULTS: CompareOptions<'static> = CompareOptions { workload: None, assume_defaults: true };

/// One reservation that is not known makes the whole requirement unknown, so that a quota which its
/// other rows exceed is not judged: what part of the rows need is no bound then.
#[test]
fn a_reservation_that_is_not_known_does_not_end_the_search_early() {
    const US: &str = "L-0F2ECB41";
    let mut random = numbers();
    for _ in 0..4 {
        let mut lines = plain_lines(6, &mut random);
        // Only in `us` its price is known, and nowhere its model's maximum.
        let last = lines.last_mut().unwrap();
        *last = Line { max_tokens: None, cache_write: 10, ..last.clone() };
        let planted: Vec<usize> = (0..6).map(|index| usize::from(index == 5 || random(2) == 0)).collect();
        let mut granted = just_fitting(&lines, &planted);
        granted.insert((None, US.to_owned()), "1".to_owned());
        let case = Case::new(&csv(&lines), &granted);
        let all = assignments(&units(&lines), &vec![vec![0, 1]; lines.len()], lines.len());
        let best = all.iter().map(|scopes| (score(&lines, scopes, &granted, true), scopes)).min().unwrap();
        let found = optimise(&case.input(), &case.plan, &DEFAULTS).unwrap();
        for decision in found.decisions() {
            let row = decision.rows[0];
            assert_eq!(decision.to.as_str(), lines[row].scopes()[best.1[row]].0, "{:?}", best.0);
        }
    }
}

/// Limits that just hold one assignment of many: moving one workload at a time seldom finds it.
#[test]
fn an_assignment_that_just_fits_is_found() {
    let mut random = numbers();
    for _ in 0..10 {
        let lines = plain_lines(8, &mut random);
        let planted: Vec<usize> = lines.iter().map(|_| usize::from(random(2) == 0)).collect();
        let granted = just_fitting(&lines, &planted);
        let case = Case::new(&csv(&lines), &granted);
        let found = optimise(&case.input(), &case.plan, &DEFAULTS).unwrap();
        assert!(found.proven());
        assert_eq!(found.after.exceeding, 0, "{planted:?}\n{}", csv(&lines));
    }
}
