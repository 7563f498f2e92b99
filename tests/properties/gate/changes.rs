//! Examples of what changes since a baseline: assumptions, rows by name and number, and their days.

use serde_json::Value;

use super::{Files, Strict, list, run, text};
use crate::support;

const CSV: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,latency_seconds,active_hours\n\
                   w,haiku-4.5,us,RATE,1200,300,900,4,08-18\n";

fn one_row(rate: &str, config: &str) -> Files {
    Files { csv: CSV.replace("RATE", rate), config: config.to_owned() }
}

#[test]
fn other_assumptions_are_named_and_no_others() {
    let all = [
        ("headroom", "0.3", "0.2"),
        ("confidence", "0.99", "0.999"),
        ("peak_factor", "2.5", "1"),
        ("reserve_cache_reads", "true", "false"),
        ("seconds_to_first_token", "2.5", "1"),
        ("output_tokens_per_second", "30", "60"),
        ("timezone", "America/Vancouver", "America/Toronto"),
    ];
    let usual = run(&one_row("4", ""), Strict::USUAL, None);
    let differs = |check: &Value| {
        let found = list(check, "findings").iter().find(|finding| finding["code"] == "baseline-differs");
        found.map(|finding| text(finding, "message").to_owned())
    };
    assert_eq!(differs(&run(&one_row("4", ""), Strict::USUAL, Some(&usual.check)).check()), None);
    for (key, other, default) in all {
        let quote = if key == "timezone" { "\"" } else { "" };
        let config = format!("{key} = {quote}{other}{quote}\n");
        let ran = run(&one_row("4", &config), Strict::USUAL, Some(&usual.plan));
        let head = "the baseline was planned with other assumptions: ";
        assert_eq!(differs(&ran.check()), Some(format!("{head}{key} {default} then, {other} now")));
        let back = run(&one_row("4", ""), Strict::USUAL, Some(&ran.plan));
        assert_eq!(differs(&back.check()), Some(format!("{head}{key} {other} then, {default} now")));
    }
}

/// What is given on the command line is an assumption too.
#[test]
fn months_and_the_date_of_the_rates_are_named() {
    for then in ["2026-10-01", "2026-10"] {
        rates_then(then);
    }
}

fn rates_then(then: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("w.csv"), one_row("4", "").csv).expect("it can be written");
    let program = |arguments: &[&str]| {
        let output = support::quotaplan(folder.path(), &[arguments, &["--format", "json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let earlier = program(&["plan", "w.csv", "--months", "3", "--rates-as-of", then]);
    std::fs::write(folder.path().join("baseline.json"), earlier).expect("it can be written");
    for (flags, said) in [
        (&["--months", "3", "--rates-as-of", "2026-10-01"][..], None),
        (&["--months", "2", "--rates-as-of", "2026-10-01"], Some("months 3 then, 2 now")),
        (
            &["--months", "3", "--rates-as-of", "2026-09-30"],
            Some("rates_as_of 2026-10-01 then, 2026-09-30 now"),
        ),
        // A month is its first day.
        (&["--months", "3", "--rates-as-of", "2026-10"], None),
        (&["--months", "3", "--rates-as-of", "2026-11"], Some("rates_as_of 2026-10-01 then, 2026-11-01 now")),
        (&[], Some("months 3 then, 0 now; rates_as_of 2026-10-01 then, newest now")),
    ] {
        let check = program(&[&["check", "w.csv", "--baseline", "baseline.json"], flags].concat());
        let check: Value = serde_json::from_slice(&check).expect("JSON");
        let found = list(&check, "findings").iter().find(|finding| finding["code"] == "baseline-differs");
        let said = said.map(|said| format!("the baseline was planned with other assumptions: {said}"));
        assert_eq!(found.map(|finding| text(finding, "message").to_owned()), said);
    }
}

/// A row with a team, a model and an account of its own comes and goes.
#[test]
fn what_is_gone_and_what_is_new_is_named() {
    let header =
        "workload,team,account,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n";
    let files = |rows: &[&str]| Files { csv: header.to_owned() + &rows.concat(), config: String::new() };
    let (one, other) = ("a,claims,,sonnet-5,us,1,1000,0,9\n", "b,tax,sandbox,opus-4.8,us,1,1000,0,9\n");
    let (small, large) = (files(&[one]), files(&[one, other]));
    for (then, now, word) in [(&small, &large, "new"), (&large, &small, "gone")] {
        let earlier = run(then, Strict::USUAL, None);
        let check = run(now, Strict::USUAL, Some(&earlier.plan)).check();
        let changes = &check["changes"];
        let quotas =
            list(changes, "quotas").iter().map(|entry| (text(entry, "change"), text(entry, "account")));
        assert_eq!(quotas.collect::<Vec<_>>(), [(word, "sandbox")]);
        assert_eq!(changes["quotas_unchanged"], 1);
        let money = list(changes, "money")
            .iter()
            .map(|entry| (text(entry, "of"), entry["name"].as_str(), text(entry, "change")));
        let expected = [
            ("total", None, "changed"),
            ("model", Some("anthropic.claude-opus-4-8"), word),
            ("team", Some("tax"), word),
        ];
        assert_eq!(money.collect::<Vec<_>>(), expected);
    }
}

/// What is said of a model is known where the model was planned in the same scope.
#[test]
fn a_model_in_another_scope_is_news() {
    let then = one_row("4", "");
    let row = "v,haiku-4.5,global,4,1200,300,900,4,08-18\n";
    let now = Files { csv: then.csv.clone() + row, ..then.clone() };
    let check = run(&now, Strict::USUAL, Some(&run(&then, Strict::USUAL, None).plan)).check();
    let rates = list(&check, "findings").iter().filter(|finding| finding["code"] == "superseded-rate");
    let rates: Vec<_> = rates.map(|finding| (text(finding, "about"), text(finding, "change"))).collect();
    let model = "anthropic.claude-haiku-4-5-20251001-v1:0";
    let expected =
        [(format!("{model} global tpm L-9A11C666"), "new"), (format!("{model} us tpm L-58BE175A"), "known")];
    assert_eq!(rates, expected.each_ref().map(|(about, change)| (about.as_str(), *change)));
}

/// Two findings of one code about one quota are told apart in either form of a baseline.
#[test]
fn two_residencies_of_one_quota_are_two_findings() {
    let header = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,residency\n";
    let row = |name: &str, residency: &str| format!("{name},sonnet-5,global,4,1200,300,900,{residency}\n");
    let files = |rows: &[String]| Files { csv: header.to_owned() + &rows.concat(), config: String::new() };
    let rows = [row("a", "canada"), row("b", "us"), row("c", "us"), row("d", "us")];
    let residencies = |now: &Files, earlier: &str| {
        let check = run(now, Strict::USUAL, Some(earlier)).check();
        let found = list(&check, "findings").iter().filter(|finding| finding["code"] == "residency");
        found
            .map(|finding| (finding["rows"].as_u64(), text(finding, "change").to_owned()))
            .collect::<Vec<_>>()
    };
    let then = run(&files(&rows[..3]), Strict::USUAL, None);
    for earlier in [&then.plan, &then.check] {
        let (one, two, three) = (Some(1), Some(2), Some(3));
        let same = |rows| (rows, "known".to_owned());
        assert_eq!(residencies(&files(&rows[..3]), earlier), [same(one), same(two)]);
        assert_eq!(residencies(&files(&rows), earlier), [same(one), (three, "worse".to_owned())]);
        assert_eq!(residencies(&files(&rows[..2]), earlier), [same(one), same(one)]);
    }
}

/// Cache reads are billed and do not settle, dearer answers settle and are not billed more.
#[test]
fn a_day_is_worse_by_settled_or_by_billed_tokens() {
    let header =
        "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,cache_read_tokens\n";
    let files =
        |cells: &str| Files { csv: format!("{header}w,haiku-4.5,us,4000,{cells}\n"), config: String::new() };
    let earlier = run(&files("1200,300,900,10"), Strict::USUAL, None);
    for (cells, change) in [
        ("1200,300,900,10", "known"),
        ("1200,300,900,11", "worse"),
        ("1195,301,900,10", "known"),
        ("1196,301,900,10", "worse"),
        ("1199,300,900,11", "known"),
    ] {
        let check = run(&files(cells), Strict::USUAL, Some(&earlier.plan)).check();
        let found = list(&check, "findings").iter().filter(|finding| finding["code"] == "account-daily");
        assert_eq!(found.map(|finding| text(finding, "change")).collect::<Vec<_>>(), [change], "{cells}");
    }
}

#[test]
fn a_baseline_of_another_version_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("w.csv"), one_row("4", "").csv).expect("it can be written");
    let plan = run(&one_row("4", ""), Strict::USUAL, None).plan;
    for (version, status) in [("0", 2), ("1", 0), ("2", 2)] {
        let plan = plan.replace("\"schema_version\": 1", &format!("\"schema_version\": {version}"));
        std::fs::write(folder.path().join("baseline.json"), plan).expect("it can be written");
        let output = support::quotaplan(folder.path(), &["check", "w.csv", "--baseline", "baseline.json"]);
        assert_eq!(output.status.code(), Some(status), "{version}");
    }
}
