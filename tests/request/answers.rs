//! AWS's questions, answered by hand.

use std::fs;

use crate::support::quotaplan;

/// The lines of a pack's Support case.
fn case(csv: &str, toml: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("workloads.csv"), csv).expect("writing");
    fs::write(folder.path().join("quotaplan.toml"), toml).expect("writing");
    let run =
        quotaplan(folder.path(), &["request", "workloads.csv", "--today", "2026-11-25", "--out", "pack"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    fs::read_to_string(folder.path().join("pack/support-case.md")).expect("the case")
}

const HEADER: &str = "workload,model,scope,active_hours,requests_per_minute,peak_requests_per_minute,input_tokens,\
    output_tokens,cache_read_tokens,share_over_25k,max_tokens,latency_seconds\n";

#[test]
fn averages_are_those_of_the_busiest_minute_over_the_rows_of_the_busiest_hour() {
    // By day 500 and 1,500 requests in the busiest minute; the night row counts for nothing then, whatever it leaves out.
    let rows = "letters,haiku-4.5,us,08-18,400,500,1000,100,0,0.4,400,1\n\
                calls,haiku-4.5,us,08-18,300,1500,2000,200,40,0.02,400,1\n\
                nightly,haiku-4.5,us,22-04,10,20,90000,9,0,,400,1\n";
    let case = case(&(HEADER.to_owned() + rows), "[granted]\n\"L-58BE175A\" = 1000\n");
    for line in [
        // (500 x 1,000 + 1,500 x 2,000) / 2,000 = 1,750; cache reads do not count: 1,500 x 40 / 2,000 = 30.
        "7 Average input: 1,750 tokens; 30 more are read from the prompt cache and do not count.",
        // (500 x 100 + 1,500 x 200) / 2,000 = 175.
        "8 Average output: 175 tokens (mix of the busiest minute).",
        // (500 x 0.4 + 1,500 x 0.02) / 2,000 = 0.115.
        "9 Share above 25,000 input tokens: 11.5 %.",
        // 400 + 300 and 500 + 1,500.
        "6 RPM: steady 700, peak 2,000;",
        // 400 x (1,000 + 5 x 100) + 300 x (2,000 + 5 x 200) = 1,500,000; 500 and 1,500 of them 5,250,000.
        "5 TPM: steady 1,500,000, peak 5,250,000 (projected).",
        "Arithmetic: 2,000 x (1,750 + 5 x 175) = 5.25 million per minute,",
        "letters 08:00-17:59, calls 08:00-17:59, nightly 22:00-03:59; busiest from 08:00 (America/Toronto).",
    ] {
        assert!(case.contains(line), "{line}\n{case}");
    }
}

#[test]
fn a_silent_row_of_the_busiest_hour_is_a_gap() {
    let rows = "letters,haiku-4.5,us,,100,500,1000,100,0,0.4,400,1\ncalls,haiku-4.5,us,,300,1500,2000,200,40,,400,1\n";
    let case = case(&(HEADER.to_owned() + rows), "[granted]\n\"L-58BE175A\" = 1000\n");
    assert!(case.contains("9 Share above 25,000 input tokens: [TO BE FILLED IN]."), "{case}");
}

#[test]
fn an_answer_is_the_quotas_own_then_the_models_then_the_one_for_all() {
    let rows = "a,haiku-4.5,us,,3000,3000,1000,100,0,0,400,1\nb,sonnet-4.6,global,,4000,4000,1000,100,0,0,400,1\n\
                c,opus-4.5,us,,3000,3000,1000,100,0,0,400,1\n";
    let toml = "[granted]\n\"L-58BE175A\" = 1000\n\"L-7BEE40FB\" = 1000\n\"L-7007E9C9\" = 1000\n\
                [request]\nbilling = \"of all\"\n\
                applied_limits = { \"L-58BE175A\" = \"of the code\", \"haiku-4.5\" = \"of the model\", \"sonnet-4.6/global\" = \"of the profile\" }\n";
    let case = case(&(HEADER.to_owned() + rows), toml);
    // Opus 4.5 has no answer of its own, and nobody is asked for one.
    let limits: Vec<&str> = case.lines().filter_map(|line| line.strip_prefix("Applied value: ")).collect();
    assert_eq!(limits, ["of the code.", "of the profile."], "{case}");
    assert_eq!(case.matches("\nBilling: of all.\n").count(), 3);
}
