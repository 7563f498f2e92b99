//! Laws of a baseline: what changed, what is worse, and what fails of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::bills::Billed;
use super::super::cases;
use super::files::{dice, files, rows, scaled, strict};
use super::news::{ABOUT_NO_WORKLOAD, Of, by_name, change, sums};
use super::{Files, Strict, WORDS, about, list, run, text};

/// Quotas that differ between two plans, in the form of the check: those of the new plan in its
/// order, then those that are gone.
fn differences(then: &Value, now: &Value) -> Vec<Value> {
    let (before, after) = (by_name(then), by_name(now));
    let entry = |quota: &Value, change: &str, before: &Value, now: &Value| {
        let mut entry = json!({"change": change, "before": before, "now": now});
        for key in ["account", "model", "scope", "kind", "code"] {
            entry[key] = quota[key].clone();
        }
        entry
    };
    let mut all = Vec::new();
    for quota in list(now, "quotas") {
        match before.get(&about(quota)) {
            None => all.push(entry(quota, "new", &Value::Null, &quota["required"])),
            Some(before) if before["required"] != quota["required"] => {
                all.push(entry(quota, "changed", &before["required"], &quota["required"]));
            }
            Some(_) => {}
        }
    }
    for quota in list(then, "quotas").iter().filter(|quota| !after.contains_key(&about(quota))) {
        all.push(entry(quota, "gone", &quota["required"], &Value::Null));
    }
    all
}

/// Sums that differ, by what they are of.
fn money(then: &Value, now: &Value) -> BTreeMap<Of, Value> {
    let (then, now) = (sums(then), sums(now));
    let all: BTreeSet<_> = then.keys().chain(now.keys()).collect();
    let changed = all.into_iter().filter(|of| then.get(*of) != now.get(*of));
    let entry = |of: &Of| {
        let none = || (Value::Null, Value::Null);
        let change = match (then.contains_key(of), now.contains_key(of)) {
            (false, _) => "new",
            (true, false) => "gone",
            (true, true) => "changed",
        };
        let (before, priced_before) = then.get(of).cloned().unwrap_or_else(none);
        let (now, priced_now) = now.get(of).cloned().unwrap_or_else(none);
        json!({"of": of.0, "name": of.1, "change": change, "before": before, "now": now,
               "priced_before": priced_before, "priced_now": priced_now})
    };
    changed.map(|of| (of.clone(), entry(of))).collect()
}

/// A change to the rows: one removed, or one with other rates.
fn altered(rows: &[Billed], at: usize, hundredths: u64) -> Vec<Billed> {
    let mut rows = rows.to_vec();
    if hundredths == 0 && rows.len() > 1 {
        rows.remove(at);
    } else {
        rows[at] = scaled(&rows[at], hundredths);
    }
    rows
}

/// Whether a baseline is one, in the form of a plan or of a check.
fn text_of(ran: super::Ran, as_check: bool) -> String {
    if as_check { ran.check } else { ran.plan }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn nothing_changes_from_a_plan_to_itself(
        rows in rows(), dice in dice(), first in strict(), second in strict(), as_check in any::<bool>(),
    ) {
        let files = files(&rows, dice);
        let earlier = text_of(run(&files, first, None), as_check);
        for only_worsened in [false, true] {
            let ran = run(&files, Strict { only_worsened, ..second }, Some(&earlier));
            let check = ran.check();
            let count = list(&check, "quotas").len();
            prop_assert_eq!(&check["changes"], &json!({"quotas": [], "quotas_unchanged": count, "money": []}));
            for finding in list(&check, "findings") {
                let none = ABOUT_NO_WORKLOAD.contains(&text(finding, "code"));
                let word = if none { Value::Null } else { "known".into() };
                prop_assert_eq!(&finding["change"], &word, "{}", finding);
                prop_assert!(!only_worsened || finding["severity"] == "note", "{}", finding);
            }
            prop_assert!(!only_worsened || check["status"] == "pass");
        }
    }

    #[test]
    fn what_changed_is_the_difference_of_the_plans(
        rows in rows(), at in any::<prop::sample::Index>(), (old, new) in (dice(), dice()), same in any::<bool>(),
        hundredths in prop::sample::select(vec![0, 0, 0, 0, 1, 50, 99, 101, 200, 1_000]), forwards in any::<bool>(),
        strict in strict(), only_worsened in any::<bool>(),
    ) {
        let other = altered(&rows, at.index(rows.len()), hundredths);
        let (first, second) = if forwards { (&rows, &other) } else { (&other, &rows) };
        let then = files(first, old);
        // Mostly the rows alone change; else the applied values and budgets do too.
        let now = match same {
            true => Files { csv: super::super::bills::csv(second), ..then.clone() },
            false => files(second, new),
        };
        let strict = Strict { only_worsened, ..strict };
        let earlier = run(&then, strict, None);
        let ran = run(&now, strict, Some(&earlier.plan));
        let (before, after, check) = (earlier.plan(), ran.plan(), ran.check());
        let expected = differences(&before, &after);
        let changes = &check["changes"];
        prop_assert_eq!(list(changes, "quotas"), &expected[..]);
        let changed = expected.iter().filter(|entry| entry["change"] != "gone").count();
        prop_assert_eq!(&changes["quotas_unchanged"], &json!(list(&after, "quotas").len() - changed));
        let found: Vec<_> = list(changes, "money").iter().map(|entry| {
            ((text(entry, "of").to_owned(), entry["name"].as_str().map(str::to_owned)), entry.clone())
        }).collect();
        let unique: BTreeMap<_, _> = found.iter().cloned().collect();
        prop_assert_eq!(unique.len(), found.len());
        prop_assert_eq!(unique, money(&before, &after));
        for finding in list(&check, "findings") {
            let expected = change(finding, &before, &after);
            prop_assert_eq!(&finding["change"], &expected, "{}\n{}\n{}", finding, then.config, now.config);
            let severity = WORDS.iter().position(|word| *word == text(finding, "severity")).unwrap();
            let counts = !only_worsened || finding["change"] == "new" || finding["change"] == "worse";
            prop_assert!(counts || severity == 0, "{}", finding);
            let fails = counts && !strict.warn_only && severity >= strict.fail_on;
            prop_assert_eq!(&finding["fails"], &json!(fails), "{}", finding);
        }
    }

    #[test]
    fn a_check_is_as_good_a_baseline_as_a_plan(
        rows in rows(), at in any::<prop::sample::Index>(), (old, new) in (dice(), dice()), first in strict(),
        hundredths in prop::sample::select(vec![0, 50, 200]), strict in strict(), only_worsened in any::<bool>(),
    ) {
        let then = files(&rows, old);
        let now = files(&altered(&rows, at.index(rows.len()), hundredths), new);
        let earlier = run(&then, first, None);
        let strict = Strict { only_worsened, ..strict };
        prop_assert_eq!(run(&now, strict, Some(&earlier.plan)).check, run(&now, strict, Some(&earlier.check)).check);
    }
}
