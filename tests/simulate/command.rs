//! `quotaplan simulate`: the reference table through the program, and what must hold of its results.
//!
//! The traces are those of [`super::reference`], under the same licence and attribution.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{inputs_of, quotaplan, root};

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
pub(crate) fn traces() -> Option<PathBuf> {
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

/// What the program says as JSON about the workloads of a case.
fn of_workloads(arguments: &[&str]) -> Value {
    let folder = inputs_of("simulate-workloads");
    let shared = ["--granted", "granted.toml", "--format", "json"];
    let run = quotaplan(folder.path(), &[arguments, &shared].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

/// The parts of a result, which is flat where there is one.
fn simulations(found: &Value) -> Vec<Value> {
    found["simulations"].as_array().expect("several").clone()
}

#[test]
fn a_plan_says_of_its_quotas_what_their_simulation_says_and_else_what_it_said() {
    let drawing = ["--minutes", "30", "--seed", "11"];
    let plain = of_workloads(&["plan", "workloads.csv"]);
    let mut planned = of_workloads(&[&["plan", "workloads.csv", "--simulate"], &drawing[..]].concat());
    let found =
        simulations(&of_workloads(&[&["simulate", "--workloads", "workloads.csv"], &drawing[..]].concat()));
    let mut left = found.iter();
    for quota in planned["quotas"].as_array_mut().expect("quotas") {
        let simulated = quota.as_object_mut().expect("a quota").remove("simulated");
        if quota["kind"] != "tpm" {
            assert_eq!(simulated, None);
            continue;
        }
        let (simulated, other) = (simulated.expect("simulated"), left.next().expect("as many"));
        assert_eq!(other["code"], quota["code"]);
        assert_eq!(other["account"], quota["account"]);
        assert_eq!(other["closed_form"]["required"], quota["required"]);
        assert_eq!(simulated["safe_quota"], other["windows"][0]["safe_quota"]);
        assert_eq!([&simulated["low"], &simulated["high"]], [&other["band"]["low"], &other["band"]["high"]]);
        assert_eq!([&simulated["minutes"], &simulated["seed"]], [&Value::from(30), &Value::from(11)]);
    }
    assert!(left.next().is_none());
    assert_eq!(planned, plain, "nothing else of the plan is changed");
}

#[test]
fn counts_by_workload_add_up() {
    let found = of_workloads(&["simulate", "--workloads", "workloads.csv", "--quota", "300_000"]);
    let mut throttled = 0;
    for requested in simulations(&found).iter().flat_map(|of| of["requested"].as_array().unwrap().clone()) {
        for key in ["throttled", "lost", "attempts", "throttled_attempts"] {
            for pick in [|of: &Value| of.clone(), |of: &Value| of["with_retries"].clone()] {
                let parts = requested["by_workload"].as_array().expect("rows").iter();
                let sum: u64 = parts.map(|part| pick(part)[key].as_u64().unwrap()).sum();
                assert_eq!(Some(sum), pick(&requested)[key].as_u64(), "{key}");
                throttled += sum;
            }
        }
    }
    assert!(throttled > 0, "a quota that throttles");
}

#[test]
fn a_seed_leads_to_other_requests_and_threads_to_the_same() {
    let with = |more: &[&str]| of_workloads(&[&["simulate", "--workloads", "workloads.csv"], more].concat());
    let one = with(&["--threads", "1"]);
    assert_eq!(one, with(&["--threads", "2"]));
    let other = with(&["--seed", "1"]);
    for (mine, others) in simulations(&one).iter().zip(simulations(&other)) {
        assert_ne!(mine["trace"]["requests"], others["trace"]["requests"]);
        assert_eq!(mine["closed_form"]["required"], others["closed_form"]["required"]);
    }
}

#[test]
fn what_is_typed_about_max_tokens_holds_for_the_plan_too() {
    let given = ["simulate", "--workloads", "workloads.csv", "--minutes", "5"];
    let found = of_workloads(&[&given[..], &["--max-tokens", "2_000"]].concat());
    let sonnet = &simulations(&found)[1];
    assert_eq!(sonnet["assumptions"]["max_tokens"], 2_000);
    let scenario =
        of_workloads(&["whatif", "workloads.csv", "--set", "max_tokens=2000", "--where", "model=sonnet-5"]);
    let planned = scenario["scenarios"][0]["plan"]["quotas"].as_array().expect("quotas").clone();
    let required = planned.iter().find(|quota| quota["code"] == sonnet["code"]).expect("the quota");
    assert_eq!(sonnet["closed_form"]["required"], required["required"]);
    let unset = of_workloads(&[&given[..], &["--max-tokens", "unset"]].concat());
    let more = simulations(&unset)[1]["closed_form"]["required"].as_u64().expect("a number");
    assert!(more > required["required"].as_u64().expect("a number"));
}

#[test]
fn a_row_that_is_drawn_is_charged_as_it_is_planned() {
    const HEADER: &str = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    let said = |arguments: &[&str]| -> Value {
        let run = quotaplan(folder.path(), &[arguments, &["--format", "json"]].concat());
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        serde_json::from_slice(&run.stdout).expect("JSON")
    };
    let planned = |found: &Value| {
        let quotas = found["quotas"].as_array().expect("quotas").iter();
        quotas.filter(|quota| quota["kind"] == "tpm").map(|quota| quota["burst"].clone()).next()
    };
    write("rows.csv", &format!("{HEADER}w,haiku-4.5,us,60,1000,3000,8000\n"));
    let drawn = ["simulate", "--workloads", "rows.csv", "--minutes", "1"];
    // A mean answer above max_tokens is written all the same.
    write("raised.csv", &format!("{HEADER}w,haiku-4.5,us,60,1000,3000,3000\n"));
    let lowered = said(&[&drawn[..], &["--max-tokens", "2000"]].concat());
    assert_eq!(Some(&lowered["closed_form"]["burst"]), planned(&said(&["plan", "raised.csv"])).as_ref());
    // The speed that is typed is that of the plan, too.
    write("rows.csv", &format!("{HEADER}w,haiku-4.5,us,60,1000,300,8000\n"));
    let typed = ["--seconds-to-first-token", "3", "--output-tokens-per-second", "20"];
    let slower = said(&[&drawn[..], &typed[..]].concat());
    write("speed.toml", "seconds_to_first_token = 3\noutput_tokens_per_second = 20\n");
    let configured = said(&["plan", "rows.csv", "--config", "speed.toml"]);
    assert_eq!(Some(&slower["closed_form"]["burst"]), planned(&configured).as_ref());
    assert_ne!(planned(&configured), planned(&said(&["plan", "rows.csv"])));
}
