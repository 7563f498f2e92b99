//! The quota of requests per minute beside that of tokens, by hand and by counting.

use std::fmt::Write;
use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::properties::cases;
use crate::support::quotaplan;

/// What the program gives for a trace, with a file of applied quotas.
fn run(trace: &str, granted: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("trace.csv"), trace).expect("the trace");
    let granted = if granted.is_empty() { "[granted]\n" } else { granted };
    fs::write(folder.path().join("granted.toml"), granted).expect("applied quotas");
    let arguments =
        [&["simulate", "trace.csv", "--granted", "granted.toml", "--retries", "0"], more].concat();
    let run = quotaplan(folder.path(), &arguments);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).expect("UTF-8")
}

fn json_of(trace: &str, granted: &str) -> Value {
    serde_json::from_str(&run(trace, granted, &["--format", "json"])).expect("JSON")
}

fn told(trace: &str, granted: &str, format: &str) -> String {
    let text = run(trace, granted, &["--details", "--format", format]).replace('\\', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(text: &str, words: &str) {
    assert!(text.contains(words), "no `{words}` in: {text}");
}

/// Requests of few tokens at these milliseconds.
fn trace(model: &str, milliseconds: impl IntoIterator<Item = u64>) -> String {
    let mut text = "timestamp,model,scope,input_tokens,output_tokens,max_tokens\n".to_owned();
    for at in milliseconds {
        writeln!(text, "{}.{:03},{model},us,50,10,64", at / 1_000, at % 1_000).expect("a string");
    }
    text
}

/// Two a second for a minute.
fn bound() -> String {
    trace("haiku-4.5", (0..120).map(|n| 500 * n))
}

fn granted(value: &str) -> String {
    format!("[granted]\n\"L-CCA5DF70\" = {value}\n")
}

/// 120 in any 60 seconds. A bucket of Q that refills Q/60 a second must hold 1 when the last comes 59.5 s after
/// the first: Q + 59.5 Q/60 - 119 >= 1, so Q >= 60.25. At 100 the first hundred are admitted, and none leaves the
/// window before the last comes: 20 of 120 are throttled.
#[test]
fn requests_are_judged_beside_tokens() {
    let found = json_of(&bound(), "");
    let requests = &found["requests_per_minute"];
    assert_eq!(
        [&requests["code"], &requests["granted"], &requests["default"], &requests["capacity_source"]],
        [&json!("L-CCA5DF70"), &Value::Null, &json!(10_000), &json!("default")]
    );
    assert_eq!((&requests["peak"], &requests["band"]), (&json!(120), &json!({"low": 61, "high": 120})));
    let windows = requests["windows"].as_array().expect("windows").iter();
    let safe: Vec<_> = windows.map(|of| (of["window"].clone(), of["safe_quota"].clone())).collect();
    let expected = [("rolling", 120), ("minute", 120), ("bucket", 61)];
    assert_eq!(safe, expected.map(|(window, quota)| (json!(window), json!(quota))));
    assert_eq!(requests["windows"][1]["worst_phase"], json!({"phase_seconds": 0, "safe_quota": 120}));
    let found = json_of(&bound(), &granted("100"));
    let requested = found["requests_per_minute"]["requested"].as_array().expect("requested").clone();
    let throttled = |of: &Value| (of["quota"].clone(), of["origin"].clone(), of["throttled"].clone());
    assert_eq!(
        requested.iter().map(throttled).collect::<Vec<_>>(),
        [20, 20, 0].map(|count| (json!(100), json!("granted"), json!(count)))
    );
    assert_eq!(requested[0]["throttled_share"], json!(0.166_667));
    for format in ["table", "markdown"] {
        let text = told(&bound(), "", format);
        holds(
            &text,
            "Requests per minute (L-CCA5DF70): 61 to 120 are needed, depending on the window; AWS's default of 10,000 \
             throttles none; the applied quota may be lower.",
        );
        let text = told(&bound(), &granted("100"), format);
        holds(&text, "the applied quota of 100 throttles 0 to 16.67 % of them at their first attempt");
        holds(&text, "so it may be too low.");
        holds(&told(&bound(), &granted("10"), format), "so it is too low.");
        holds(&text, "Requests per minute: at most 120 in 60 seconds");
    }
    let records = run(&bound(), &granted("100"), &["--format", "csv"]);
    let of_requests: Vec<_> = records.lines().filter(|line| line.ends_with(",rpm")).collect();
    assert!(
        of_requests.iter().any(|line| line.contains(",rolling,120,granted,100,120,20,0.166667,20,")),
        "{records}"
    );
    assert!(of_requests.iter().all(|line| line.contains(",L-CCA5DF70,")), "{records}");
}

#[test]
fn what_is_applied_may_be_unknown_unlimited_or_nothing() {
    let of = |granted: &str| json_of(&bound(), granted)["requests_per_minute"].clone();
    let unknown = of(&granted("\"unknown\""));
    assert_eq!((&unknown["granted"], &unknown["capacity_source"]), (&Value::Null, &json!("default")));
    let unlimited = of(&granted("\"unlimited\""));
    assert_eq!((&unlimited["granted"], &unlimited["requested"]), (&json!("unlimited"), &json!([])));
    holds(&told(&bound(), &granted("\"unlimited\""), "table"), "the applied quota is unlimited.");
    let nothing = of(&granted("0"));
    for requested in nothing["requested"].as_array().expect("requested") {
        assert_eq!((&requested["quota"], &requested["throttled"]), (&json!(0), &json!(120)));
    }
    holds(&told(&bound(), &granted("0"), "table"), "the applied quota of 0 throttles 100.00 % of them");
    // Tokens, too, may be granted: nothing at all throttles everything.
    let found = json_of(&bound(), "[granted]\n\"L-58BE175A\" = 0\n");
    let requested = found["requested"].as_array().expect("requested").clone();
    let applied: Vec<_> = requested.iter().filter(|of| of["origin"] == "granted").collect();
    assert_eq!(applied.len(), 3);
    assert!(applied.iter().all(|of| of["quota"] == 0 && of["throttled"] == 120));
}

#[test]
fn a_model_without_such_a_quota_has_none() {
    let found = json_of(&trace("sonnet-5", [0, 500]), "");
    assert_eq!(found["requests_per_minute"], Value::Null);
    assert!(!told(&trace("sonnet-5", [0, 500]), "", "table").contains("Requests per minute"));
}

#[test]
fn neither_tokens_nor_a_latency_change_the_count() {
    let found = json_of(&bound(), "");
    let long = bound().replace(",50,10,64", ",5000,1000,64000");
    assert_eq!(json_of(&long, "")["requests_per_minute"], found["requests_per_minute"]);
    let long = bound().replace(",max_tokens\n", ",latency_seconds\n");
    assert_eq!(json_of(&long, "")["requests_per_minute"], found["requests_per_minute"]);
}

/// A public trace, against a program of thirty lines that was written apart from this one: 8 of 8,819 may be
/// throttled.
#[test]
fn the_requests_of_a_public_trace_come_out_as_counted_elsewhere() {
    let Some(folder) = super::command::traces() else {
        eprintln!("the traces are not here: their requests per minute were not tried");
        return;
    };
    let text = fs::read_to_string(folder.join("azure-llm-2023-code.csv")).expect("the trace");
    let found = run(&text, "", &["--model", "haiku-4.5", "--scope", "us", "--format", "json"]);
    let found: Value = serde_json::from_str(&found).expect("JSON");
    let requests = &found["requests_per_minute"];
    let safe: Vec<_> = (0..3).map(|index| requests["windows"][index]["safe_quota"].as_u64()).collect();
    assert_eq!((safe, &requests["peak"]), (vec![Some(715), Some(624), Some(384)], &json!(723)));
}

/// The quota of a plan: that of the hour that needs most requests.
#[test]
fn drawn_requests_are_judged_by_the_plans_quota() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rows = "workload,model,scope,active_hours,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
                few,haiku-4.5,us,08-10,30,20000,300,4000\nmany,haiku-4.5,us,10-12,300,10,10,20\n\
                other,sonnet-5,us,10-12,300,10,10,20\n";
    fs::write(folder.path().join("rows.csv"), rows).expect("rows");
    fs::write(folder.path().join("granted.toml"), granted("200")).expect("applied quotas");
    let arguments = ["simulate", "--workloads", "rows.csv", "--granted", "granted.toml", "--minutes", "10"];
    let run = quotaplan(folder.path(), &[&arguments[..], &["--format", "json", "--retries", "0"]].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let found: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let [haiku, sonnet] = found["simulations"].as_array().expect("two").as_slice() else { panic!("not two") };
    assert_eq!((&haiku["binding_hour"], &sonnet["requests_per_minute"]), (&json!(8), &Value::Null));
    let requests = &haiku["requests_per_minute"];
    assert_eq!((&requests["binding_hour"], &requests["granted"]), (&json!(10), &json!(200)));
    let peak = requests["peak"].as_u64().expect("a count");
    assert!((300..400).contains(&peak), "{peak}");
    assert!(requests["requested"][0]["throttled"].as_u64().expect("a count") > 100);
}

/// Whether a bucket of `quota` that refills evenly admits all of these, counted in sixty-thousandths of a request.
fn holds_all(quota: u64, milliseconds: &[u64]) -> bool {
    let full = quota * 60_000;
    let (mut level, mut last) = (full, milliseconds[0]);
    milliseconds.iter().all(|&at| {
        level = full.min(level + quota * (at - last));
        last = at;
        let fits = level >= 60_000;
        level = level.saturating_sub(60_000);
        fits
    })
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn the_safe_quotas_are_counts(steps in prop::collection::vec(prop_oneof![0..300_u64, 0..30_000_u64], 0..60)) {
        let mut times = vec![0];
        for step in steps {
            times.push(times[times.len() - 1] + step);
        }
        let found = json_of(&trace("haiku-4.5", times.iter().copied()), "");
        let requests = &found["requests_per_minute"];
        // What arrived in (t - 60 s, t], seen at each arrival.
        let within = |at: u64| times.iter().filter(|time| **time <= at && **time + 60_000 > at).count() as u64;
        let rolling = times.iter().map(|at| within(*at)).max();
        let in_minute = |minute: u64| times.iter().filter(|time| **time / 60_000 == minute).count() as u64;
        let minute = times.iter().map(|at| in_minute(at / 60_000)).max();
        let bucket = (1..).find(|quota| holds_all(*quota, &times));
        let safe: Vec<_> = (0..3).map(|index| requests["windows"][index]["safe_quota"].as_u64()).collect();
        prop_assert_eq!(safe, [rolling, minute, bucket]);
        prop_assert_eq!(requests["peak"].as_u64(), rolling);
    }
}
