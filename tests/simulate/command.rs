//! `quotaplan simulate`: the reference table through the program, and what must hold of its results.
//!
//! The traces are those of [`super::reference`], under the same licence and attribution.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{quotaplan, root};

/// What the program says as JSON.
fn simulated(trace: &Path, more: &[&str]) -> Value {
    let trace = trace.to_str().expect("UTF-8");
    let mut arguments = vec!["simulate", trace, "--model", "haiku-4.5", "--scope", "us"];
    arguments.extend(["--seconds-to-first-token", "0.6", "--format", "json"]);
    arguments.extend(more);
    let run = quotaplan(&root(), &arguments);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

fn excerpt() -> PathBuf {
    root().join("tests/simulate/data/azure-llm-2023-code-excerpt.csv")
}

/// The folder of the whole traces, where it is there.
fn traces() -> Option<PathBuf> {
    let named = std::env::var_os("QUOTAPLAN_TRACES").map(PathBuf::from);
    let folders =
        named.into_iter().chain([root().join("../shared/traces"), root().join("../../shared/traces")]);
    folders.into_iter().find(|folder| folder.join("azure-llm-2023-code.csv").is_file())
}

/// Peak, then safe quota and first passing of rolling, minute and bucket, and the worst phase's.
type Row = (&'static str, &'static str, u64, [[u64; 2]; 3], u64);

const TABLE: [Row; 6] = [
    ("code", "actual", 1_479_222, [[1_460_000; 2], [1_390_000; 2], [833_000, 831_000]], 1_450_000),
    ("code", "4096", 1_524_155, [[1_500_000; 2], [1_450_000; 2], [956_000; 2]], 1_480_000),
    ("code", "32000", 3_247_439, [[3_090_000, 3_070_000], [3_090_000, 3_070_000], [2_520_000; 2]], 3_090_000),
    ("chat", "actual", 1_114_830, [[1_090_000; 2], [1_030_000; 2], [866_000; 2]], 1_080_000),
    ("chat", "4096", 1_221_920, [[1_180_000; 2], [1_090_000; 2], [872_000; 2]], 1_120_000),
    ("chat", "32000", 2_280_773, [[2_120_000; 2], [1_930_000; 2], [946_000; 2]], 2_000_000),
];

#[test]
fn the_reference_table_comes_out_of_the_program() {
    let Some(folder) = traces() else {
        eprintln!("the traces are not here: the reference table was not tried through the program");
        return;
    };
    for (trace, max_tokens, peak, windows, worst) in TABLE {
        let path = folder.join(format!("azure-llm-2023-{trace}.csv"));
        let found = simulated(&path, &["--max-tokens", max_tokens, "--retries", "0"]);
        let pairs: Vec<[u64; 2]> = (0..3)
            .map(|index| {
                let window = &found["windows"][index];
                assert_eq!(window["peak_unthrottled"], peak);
                ["safe_quota", "first_passing"].map(|key| window[key].as_u64().expect("a quota"))
            })
            .collect();
        assert_eq!(pairs, windows, "{trace} {max_tokens}");
        assert_eq!(found["windows"][1]["worst_phase"]["safe_quota"], worst, "{trace} {max_tokens}");
        let safe = windows.iter().map(|[safe, _]| *safe);
        assert_eq!(found["band"]["low"].as_u64(), safe.clone().min());
        assert_eq!(found["band"]["high"].as_u64(), safe.chain([worst]).max());
        let ratio = found["closed_form"]["ratio_to_rolling"].as_f64().expect("a ratio");
        assert!((0.7..=1.4).contains(&ratio), "{trace} {max_tokens}: the closed form is {ratio} times it");
    }
}

#[test]
fn the_closed_form_is_near_on_the_excerpt() {
    for max_tokens in ["actual", "4096"] {
        let found = simulated(&excerpt(), &["--max-tokens", max_tokens]);
        let ratio = found["closed_form"]["ratio_to_rolling"].as_f64().expect("a ratio");
        assert!((0.7..=1.4).contains(&ratio), "{max_tokens}: {ratio}");
    }
}

#[test]
fn threads_change_nothing_and_a_seed_the_retries_alone() {
    let with = |more: &[&str]| simulated(&excerpt(), &[&["--quota", "300_000"], more].concat());
    let one = with(&["--threads", "1"]);
    assert_eq!(one, with(&["--threads", "2"]));
    assert_eq!(one, with(&["--threads", "7"]));
    let mut other = with(&["--seed", "1"]);
    assert_ne!(one["requested"], other["requested"]);
    for key in ["band", "windows", "closed_form", "trace", "formula"] {
        assert_eq!(one[key], other[key], "{key}");
    }
    for (mine, others) in
        one["requested"].as_array().unwrap().iter().zip(other["requested"].as_array().unwrap())
    {
        assert_eq!(mine["throttled"], others["throttled"]);
        assert_eq!(mine["peak_use"], others["peak_use"]);
    }
    other["assumptions"]["seed"] = 0.into();
    assert_eq!(one["assumptions"], other["assumptions"]);
}

#[test]
fn the_safe_quota_is_safe_and_the_peak_throttles_nothing() {
    let found = simulated(&excerpt(), &[]);
    let peak = found["windows"][0]["peak_unthrottled"].as_u64().unwrap();
    let above = simulated(&excerpt(), &["--quota", &peak.to_string()]);
    for requested in above["requested"].as_array().unwrap() {
        assert_eq!(requested["throttled"], 0);
        assert_eq!(requested["with_retries"]["attempts"], 400);
    }
    for window in found["windows"].as_array().unwrap() {
        let (name, safe) = (window["window"].as_str().unwrap(), window["safe_quota"].to_string());
        let at = simulated(&excerpt(), &["--quota", &safe, "--window", name]);
        let throttled = at["requested"][0]["throttled"].as_u64().unwrap();
        assert!(throttled <= found["assumptions"]["allowed"].as_u64().unwrap(), "{name}");
    }
}

#[test]
fn a_solved_max_tokens_is_safe_at_its_quota() {
    let quota = "2_000_000";
    let found = simulated(&excerpt(), &["--quota", quota, "--solve", "max-tokens"]);
    for solution in found["solutions"].as_array().unwrap() {
        let (window, value) = (solution["window"].as_str().unwrap(), solution["value"].to_string());
        let at = simulated(&excerpt(), &["--quota", quota, "--window", window, "--max-tokens", &value]);
        let throttled = at["requested"][0]["throttled"].as_u64().unwrap();
        assert!(throttled <= found["assumptions"]["allowed"].as_u64().unwrap(), "{window} {value}");
    }
}
