//! The life of a model against its dates and against the stages of a migration, with day counts of their
//! own.

use std::fs;

use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use crate::support::quotaplan;

/// The day of a number, by the lengths of the months, from 2026-01-01 on.
fn date(mut day: i64) -> String {
    let (mut year, mut month) = (2026, 0);
    loop {
        let leap = year % 4 == 0;
        let length = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month];
        if day < length {
            return format!("{year}-{:02}-{:02}", month + 1, day + 1);
        }
        day -= length;
        month += 1;
        if month == 12 {
            (year, month) = (year + 1, 0);
        }
    }
}

fn table(since: i64, extended: i64, retirement: i64) -> String {
    format!(
        "[[model]]\nid = \"anthropic.claude-haiku-4-5-20251001-v1:0\"\n[model.lifecycle]\nstatus = \"legacy\"\n\
         legacy_since = \"{}\"\nextended_access_from = \"{}\"\nretirement = \"{}\"\nsource = \"test\"\n\
         as_of = \"2026-10\"\n",
        date(since),
        date(extended),
        date(retirement)
    )
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn findings_and_stages_follow_the_dates(
        since in 0_i64..300, (extended, rest) in (0_i64..200, 0_i64..200), today in 0_i64..800,
        start in prop::option::of(0_i64..800), every in 1_i64..40,
        stages in prop::sample::select(vec!["100", "10,100", "10,25,50,100", "5,10,20,40"]),
    ) {
        let retirement = since + extended + rest;
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("models.toml", &table(since, since + extended, retirement));
        write("w.csv", "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
                        a,haiku-4.5,us,10,100,10,400\n");
        let json = |arguments: &[&str]| -> Value {
            let ran = quotaplan(folder.path(), arguments);
            serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&ran.stderr)))
        };
        let day = date(today);
        let shared = ["w.csv", "--models", "models.toml", "--today", &day, "--format", "json"];

        let plan = json(&[&["plan"], &shared[..]].concat());
        let codes: Vec<&str> = plan["findings"].as_array().unwrap().iter()
            .map(|finding| finding["code"].as_str().unwrap()).collect();
        prop_assert_eq!(codes.contains(&"legacy"), today >= since || today >= retirement);
        let soon = today < since && today < retirement && (since - today <= 180 || retirement - today <= 180);
        prop_assert_eq!(codes.contains(&"near-retirement"), soon);

        let mut typed = vec!["migrate".to_owned()];
        typed.extend(shared.iter().map(|word| (*word).to_owned()));
        typed.extend(["--from", "haiku-4.5", "--to", "nova-2-lite", "--stages", stages].map(str::to_owned));
        if let Some(start) = start {
            typed.extend(["--start".to_owned(), date(start), "--every".to_owned(), format!("{every}d")]);
        }
        let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
        let life = &json(&typed)["lives"][0];
        let percents: Vec<u64> = stages.split(',').map(|percent| percent.parse().unwrap()).collect();
        let (first, every) = (start.unwrap_or(today), if start.is_some() { every } else { 14 });
        let begins = |index: usize| first + every * i64::try_from(index).unwrap();
        let last = percents.len() - 1;
        prop_assert_eq!(&life["days_left"], retirement - today);
        prop_assert_eq!(&life["takes_no_increases"], today >= since || today >= retirement);
        prop_assert_eq!(&life["starts_today"], start.is_none());
        prop_assert_eq!(&life["last_stage"], &date(begins(last)));
        prop_assert_eq!(&life["last_stage_days_after_retirement"], begins(last) - retirement);
        let moved = percents.iter().enumerate().rfind(|(index, _)| begins(*index) < retirement);
        prop_assert_eq!(&life["moved_percent"], moved.map_or(0, |(_, percent)| *percent));
        let latest = retirement - 1 - (begins(last) - first);
        if latest >= 0 {
            prop_assert_eq!(&life["begin_by"], &date(latest));
        }
    }
}
