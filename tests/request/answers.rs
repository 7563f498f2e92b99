//! AWS's questions, answered by hand.

use std::fs;

use crate::support::quotaplan;

/// The lines of a pack's Support case.
fn case(csv: &str, toml: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("workloads.csv"), csv).expect("writing");
    fs::write(folder.path().join("quotaplan.toml"), toml).expect("writing");
    let run = quotaplan(folder.path(), &["request", "workloads.csv", "--out", "pack"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    fs::read_to_string(folder.path().join("pack/support-case.md")).expect("the case")
}

const HEADER: &str = "workload,model,scope,active_hours,requests_per_minute,peak_requests_per_minute,input_tokens,\
    output_tokens,cache_read_tokens,share_over_25k,max_tokens,latency_seconds\n";

#[test]
fn means_are_weighted_by_requests_over_the_rows_of_the_busiest_hour() {
    // By day 100 and 300 requests a minute; the night row counts for nothing then, whatever it leaves out.
    let rows = "letters,haiku-4.5,us,08-18,100,500,1000,100,0,0.4,400,1\n\
                calls,haiku-4.5,us,08-18,300,1500,2000,200,40,0.02,400,1\n\
                nightly,haiku-4.5,us,22-04,10,20,90000,9,0,,400,1\n";
    let case = case(&(HEADER.to_owned() + rows), "[granted]\n\"L-58BE175A\" = 1000\n");
    for line in [
        // (100 x 1,000 + 300 x 2,040) / 400 = 1,780, of which 300 x 40 / 400 = 30 are cache reads.
        "- 7. Average input tokens per request: 1,780, of which 30 read from the prompt cache\n",
        // (100 x 100 + 300 x 200) / 400 = 175.
        "- 8. Average output tokens per request: 175\n",
        // (100 x 0.4 + 300 x 0.02) / 400 = 0.115.
        "- 9. Share of requests above 25,000 input tokens: 11.5 %\n",
        // 100 + 300 and 500 + 1,500.
        "steady state 400 (projected mean), peak 2,000 (projected busiest minute)",
        // 100 x (1,000 + 5 x 100) + 300 x (2,000 + 5 x 200) = 1,050,000; five times that at peak.
        "steady state 1,050,000 (projected mean), peak 5,250,000 (projected busiest minute)",
    ] {
        assert!(case.contains(line), "{line}\n{case}");
    }
}

#[test]
fn a_silent_row_of_the_busiest_hour_is_a_gap() {
    let rows = "letters,haiku-4.5,us,,100,500,1000,100,0,0.4,400,1\ncalls,haiku-4.5,us,,300,1500,2000,200,40,,400,1\n";
    let case = case(&(HEADER.to_owned() + rows), "[granted]\n\"L-58BE175A\" = 1000\n");
    assert!(
        case.contains("TO BE FILLED IN: the share of requests above 25,000 input tokens of calls ("),
        "{case}"
    );
}

#[test]
fn an_answer_is_the_quotas_own_then_the_models_then_the_one_for_all() {
    let rows = "a,haiku-4.5,us,,3000,3000,1000,100,0,0,400,1\nb,sonnet-4.6,global,,4000,4000,1000,100,0,0,400,1\n\
                c,opus-4.5,us,,3000,3000,1000,100,0,0,400,1\n";
    let toml = "[granted]\n\"L-58BE175A\" = 1000\n\"L-7BEE40FB\" = 1000\n\"L-7007E9C9\" = 1000\n\
                [request]\nbilling = \"of all\"\n\
                applied_limits = { \"L-58BE175A\" = \"of the code\", \"haiku-4.5\" = \"of the model\", \"sonnet-4.6/global\" = \"of the profile\" }\n";
    let case = case(&(HEADER.to_owned() + rows), toml);
    let limits: Vec<&str> = case.lines().filter_map(|line| line.strip_prefix("- Applied limit: ")).collect();
    assert_eq!(limits.len(), 3, "{case}");
    assert_eq!(limits[0], "of the code");
    assert!(limits[1].starts_with("TO BE FILLED IN: why 1,000 applies to L-7007E9C9"), "{}", limits[1]);
    assert_eq!(limits[2], "of the profile");
    assert_eq!(case.matches("- Billing: of all\n").count(), 3);
}
