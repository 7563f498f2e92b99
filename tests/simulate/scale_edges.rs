//! `--scale` with factors that leave nothing to replay, or more time than there is.

use crate::support::{Ran, root, run_in};

fn run(rows: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("timestamp,input_tokens,output_tokens\n{rows}");
    std::fs::write(folder.path().join("trace.csv"), text).expect("written");
    let arguments = ["simulate", "trace.csv", "--model", "haiku-4.5/us", "--max-tokens", "100"];
    run_in(folder.path(), &[&arguments[..], more].concat(), b"")
}

#[test]
fn a_factor_that_leaves_nothing_is_refused_in_words() {
    let rows = "2026-01-01T00:00:00Z,10,10\n2026-02-15T00:00:00Z,10,10\n";
    // Two requests kept with a probability of a millionth each.
    let ran = run(rows, &["--scale", "0.000001", "--replicate"]);
    assert_eq!((ran.status, ran.stdout.len()), (2, 0), "{}", ran.stderr());
    assert!(ran.stderr().contains("--scale 0.000001 with --replicate leaves out all of its 2 requests"));
    // 45 days a million times as long: above 120,000 years.
    let ran = run(rows, &["--scale", "0.000001"]);
    assert_eq!((ran.status, ran.stdout.len()), (2, 0), "{}", ran.stderr());
    assert!(ran.stderr().contains("--scale 0.000001 stretches the trace over tens of thousands of years"));
    assert!(!ran.stderr().contains("index"), "{}", ran.stderr());
    // An hour a million times as long is 114 years.
    let ran = run("2026-01-01T00:00:00Z,10,10\n2026-01-01T01:00:00Z,10,10\n", &["--scale", "0.000001"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr());
}

#[test]
fn a_factor_outside_its_range_is_a_usage_error() {
    let trace = root().join("tests/simulate/data/azure-llm-2023-code-excerpt.csv");
    let trace = trace.to_str().expect("UTF-8");
    for factor in
        ["0", "-1", "-0", "1001", "1e300", "1000.000001", "99999999999999999999", "0.0000001", "NaN", ""]
    {
        let scale = format!("--scale={factor}");
        let ran = run_in(&root(), &["simulate", trace, "--model", "haiku-4.5/us", &scale], b"");
        assert_eq!((ran.status, ran.stdout.len()), (2, 0), "{factor}: {}", ran.stderr());
        assert!(ran.stderr().contains("--scale"), "{factor}: {}", ran.stderr());
    }
}
