//! What is typed, configured or stated in a trace reaches the simulation and its report, each shown by
//! a trace on which it makes a difference that can be worked by hand.
//!
//! Claude Haiku 4.5 burns 5 tokens for one of output, writes at most 64,000, and burned 1 before
//! AWS's correction of late 2025.

use std::fs;

use serde_json::{Value, json};

use crate::support::quotaplan;

const HAIKU: [&str; 4] = ["--model", "haiku-4.5", "--scope", "us"];

/// What the program says about a trace as JSON, with a configuration.
fn configured(config: &str, trace: &str, more: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("trace"), trace).expect("the trace");
    fs::write(folder.path().join("quotaplan.toml"), config).expect("the configuration");
    let arguments = [&["simulate", "trace", "--format", "json"], more].concat();
    let run = quotaplan(folder.path(), &arguments);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

/// The same of requests without a model, all to Claude Haiku 4.5.
fn haiku(trace: &str, more: &[&str]) -> Value {
    configured("", trace, &[&HAIKU, more].concat())
}

fn safe(found: &Value) -> Vec<u64> {
    let windows = found["windows"].as_array().expect("windows");
    windows.iter().map(|window| window["safe_quota"].as_u64().expect("a quota")).collect()
}

const ONE: &str = "timestamp,input_tokens,output_tokens\n2026-11-22T14:00:00Z,1000,100\n";

#[test]
fn the_configuration_holds_where_nothing_is_typed() {
    let config = "headroom = 0.5\nconfidence = 0.9\nreserve_cache_reads = true\n\
                  seconds_to_first_token = 2\noutput_tokens_per_second = 10\n\
                  [latency.\"haiku-4.5\"]\nseconds_to_first_token = 9\noutput_tokens_per_second = 25\n";
    let of = |more: &[&str]| configured(config, ONE, &[&HAIKU, more].concat());
    let (configured, typed) = (
        of(&[]),
        of(&[
            "--headroom",
            "0.1",
            "--confidence",
            "0.99",
            "--seconds-to-first-token",
            "3",
            "--output-tokens-per-second",
            "7",
        ]),
    );
    let stated = |found: &Value| {
        [
            "headroom",
            "confidence",
            "seconds_to_first_token",
            "output_tokens_per_second",
            "reserve_cache_reads",
        ]
        .map(|key| found["assumptions"][key].clone())
    };
    assert_eq!(stated(&configured), [json!(0.5), json!(0.9), json!(9.0), json!(25.0), json!(true)]);
    assert_eq!(stated(&typed), [json!(0.1), json!(0.99), json!(3.0), json!(7.0), json!(true)]);
    // 1,000 and 5 x 100 in the busiest minute, and the headroom.
    assert_eq!([&configured, &typed].map(|found| found["formula"]["ask"].clone()), [2_250, 1_650]);
    let burst = |found: &Value| found["closed_form"]["burst"].as_u64().expect("known");
    assert!(burst(&configured) < burst(&typed), "the confidence reaches the closed form");
}

#[test]
fn a_latency_follows_from_the_speed_of_the_model() {
    // 9 s and 100 tokens at 25 a second are 13 s, and the second request comes just before or just then.
    let config = "seconds_to_first_token = 0\noutput_tokens_per_second = 1000000\n\
                  [latency.\"haiku-4.5\"]\nseconds_to_first_token = 9\noutput_tokens_per_second = 25\n";
    let trace = |second: &str| {
        format!(
            "timestamp,input_tokens,output_tokens,max_tokens\n2026-11-22T14:00:00Z,0,100,1000\n\
             2026-11-22T14:00:{second}Z,0,100,1000\n"
        )
    };
    let safe = |second, more: &[&str]| {
        safe(&configured(config, &trace(second), &[&HAIKU[..], &["--window", "rolling"], more].concat()))
    };
    assert_eq!([safe("12.999999", &[]), safe("13.000000", &[])], [[2_000], [1_500]]);
    // What is typed goes over what is configured for a model.
    let typed = ["--seconds-to-first-token", "3", "--output-tokens-per-second", "50"];
    assert_eq!([safe("04.999999", &typed), safe("05.000000", &typed)], [[2_000], [1_500]]);
}

#[test]
fn cache_reads_are_reserved_where_one_says_so() {
    let trace = "timestamp,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens\n\
                 2026-11-22T14:00:00Z,1000,100,500,70\n";
    let with = |config: &str, more: &[&str]| {
        let found = configured(config, trace, &[&HAIKU, more].concat());
        (found["assumptions"]["reserve_cache_reads"].clone(), safe(&found)[0])
    };
    assert_eq!(with("", &[]), (json!(false), 1_170));
    assert_eq!(with("", &["--reserve-cache-reads"]), (json!(true), 1_670));
    assert_eq!(with("reserve_cache_reads = true\n", &[]), (json!(true), 1_670));
}

#[test]
fn the_burndown_rate_is_that_of_the_date() {
    let figures = |more: &[&str]| {
        let found = haiku(ONE, more);
        let stated = found["assumptions"]["burndown"].as_u64();
        [stated, found["closed_form"]["steady"].as_u64(), found["formula"]["mean_rate"].as_u64()]
            .map(|figure| figure.expect("known"))
    };
    assert_eq!(figures(&[]), [5, 1_500, 1_500]);
    assert_eq!(figures(&["--rates-as-of", "2025-11-24"]), [1, 1_100, 1_100]);
}

#[test]
fn a_prefix_is_cached_for_as_many_minutes_as_typed() {
    // Both send the same two blocks of 512 tokens, the second 120 s later.
    let trace = "{\"timestamp\": 0, \"input_length\": 1024, \"output_length\": 0, \"hash_ids\": [0, 1]}\n\
                 {\"timestamp\": 120000, \"input_length\": 1024, \"output_length\": 0, \"hash_ids\": [0, 1]}\n";
    let of = |minutes| {
        let found = haiku(trace, &["--cache-life", minutes]);
        (found["assumptions"]["cache_life_minutes"].as_u64(), found["formula"]["mean_rate"].as_u64())
    };
    // Read, the second request is charged nothing: 1,024 in two minutes.
    assert_eq!(of("3"), (Some(3), Some(512)));
    assert_eq!(of("1"), (Some(1), Some(1_024)));
}

#[test]
fn a_delimiter_that_is_typed_is_taken() {
    let trace = "timestamp;input_tokens;output_tokens;a,b,c,d,e,f\n2026-11-22T14:00:00Z;1000;100;x\n";
    assert_eq!(haiku(trace, &["--delimiter", "semicolon"])["trace"]["requests"], 1);
}

#[test]
fn names_of_models_may_be_ones_own() {
    let trace = "timestamp,model,scope,input_tokens,output_tokens\n2026-11-22T14:00:00Z,ours,us,1000,100\n";
    let found = configured("[aliases]\nours = \"haiku-4.5\"\n", trace, &[]);
    assert_eq!(found["model"], "anthropic.claude-haiku-4-5-20251001-v1:0");
}

#[test]
fn each_model_and_scope_has_requests_of_its_own_in_the_order_of_their_names() {
    let trace = "timestamp,model,scope,input_tokens,output_tokens\n\
                 2026-11-22T14:00:00Z,haiku-4.5,us,1000,0\n2026-11-22T14:00:01Z,haiku-4.5,global,300,0\n\
                 2026-11-22T14:00:02Z,sonnet-4.5,global,50,0\n2026-11-22T14:00:03Z,nova-lite,ca,7,0\n\
                 2026-11-22T14:00:04Z,haiku-4.5,us,1000,0\n";
    let found = configured("", trace, &[]);
    let simulations = found["simulations"].as_array().expect("several");
    let of = |one: &Value| {
        let name = one["model"].as_str().expect("a name").split('.').next_back().expect("a part").to_owned();
        (name, one["scope"].as_str().expect("a scope").to_owned(), safe(one)[0])
    };
    let expected = [
        ("nova-lite-v1:0", "ca", 7),
        ("claude-haiku-4-5-20251001-v1:0", "global", 300),
        ("claude-haiku-4-5-20251001-v1:0", "us", 2_000),
        ("claude-sonnet-4-5-20250929-v1:0", "global", 50),
    ]
    .map(|(model, scope, safe)| (model.to_owned(), scope.to_owned(), safe));
    assert_eq!(simulations.iter().map(of).collect::<Vec<_>>(), expected);
}

#[test]
fn a_quota_that_is_typed_twice_is_tried_once() {
    let found = haiku(ONE, &["--quota", "2000", "--quota", "900", "--quota", "2_000", "--window", "bucket"]);
    let quotas = found["requested"].as_array().expect("requested").iter().map(|one| one["quota"].clone());
    assert_eq!(quotas.collect::<Vec<_>>(), [900, 2_000]);
}

#[test]
fn max_tokens_may_be_the_models_maximum_and_no_more_is_tried() {
    let found = haiku(ONE, &["--max-tokens", "64_000", "--quota", "1_000_000_000", "--solve", "max-tokens"]);
    assert_eq!(safe(&found), [65_000; 3]);
    for solution in found["solutions"].as_array().expect("solutions") {
        assert_eq!(solution["value"], 64_000);
    }
}

#[test]
fn no_request_is_sent_with_less_max_tokens_than_it_writes() {
    // The output of 100 is reserved whatever the max_tokens, so that no smaller one helps.
    let found = haiku(ONE, &["--quota", "1_050", "--window", "rolling", "--solve", "max-tokens"]);
    assert_eq!(found["solutions"][0]["value"], Value::Null);
    // As much as a model is said to write at most, and more.
    let long = "timestamp,input_tokens,output_tokens\n2026-11-22T14:00:00Z,0,70000\n";
    assert_eq!(safe(&haiku(long, &["--max-tokens", "unset"])), [70_000; 3]);
}

#[test]
fn the_closed_form_has_the_max_tokens_that_the_requests_have() {
    let form = |more: &[&str]| haiku(ONE, more)["closed_form"].clone();
    // Below the output it is the output: a row with less would be refused.
    let low = form(&["--max-tokens", "7"]);
    assert_eq!((&low["refused"], &low), (&Value::Null, &form(&["--max-tokens", "actual"])));
    let unset = form(&["--max-tokens", "unset"]);
    assert_eq!(unset, form(&["--max-tokens", "64_000"]));
    assert_ne!(unset["burst"], low["burst"]);
}

#[test]
fn the_closed_form_has_the_mean_latency_rounded_up() {
    let burst = |latency| {
        let trace = format!(
            "timestamp,input_tokens,output_tokens,max_tokens,latency_seconds\n\
             2026-11-22T14:00:00Z,1,0,64000,0\n2026-11-22T14:00:00Z,1,0,64000,{latency}\n"
        );
        haiku(&trace, &[])["closed_form"]["burst"].clone()
    };
    // Half a microsecond counts as one.
    assert_eq!(burst("0.000001"), burst("0.000002"));
    assert_ne!(burst("0.000001"), burst("0"));
}

#[test]
fn the_busiest_minute_counts_from_the_first_request() {
    // By the clock there are two in the first minute and two in the second.
    let trace = "timestamp,input_tokens,output_tokens\n2026-11-22T14:00:30Z,10,0\n2026-11-22T14:00:31Z,10,0\n\
                 2026-11-22T14:01:10Z,10,0\n2026-11-22T14:01:31Z,1,0\n";
    let found = haiku(trace, &[]);
    assert_eq!(found["trace"]["peak_requests_per_minute"], 3);
    assert_eq!(found["formula"]["peak_minute"], 30);
}

#[test]
fn a_throttled_request_is_sent_again_as_often_as_typed() {
    for most in [0, 1, 2, 9] {
        let found = haiku(ONE, &["--quota", "1", "--window", "rolling", "--retries", &most.to_string()]);
        assert_eq!(found["assumptions"]["retries"], most);
        let requested = &found["requested"][0];
        assert_eq!([&requested["attempts"], &requested["lost"]], [1, 1]);
        let again = &requested["with_retries"]["attempts"];
        assert_eq!(again, &if most == 0 { Value::Null } else { json!(most + 1) });
    }
}

#[test]
fn a_formula_suffices_where_it_reaches_what_the_strictest_window_needs() {
    // 101 in the busiest minute, 200 in the 60 seconds up to the last request.
    let trace = "timestamp,input_tokens,output_tokens,max_tokens\n2026-11-22T14:00:00Z,1,0,0\n\
                 2026-11-22T14:00:40Z,100,0,0\n2026-11-22T14:01:10Z,100,0,0\n";
    let found = haiku(trace, &["--headroom", "0"]);
    assert_eq!(found["band"], json!({"low": 101, "high": 200}));
    assert_eq!((&found["formula"]["ask"], &found["formula"]["suffices"]), (&json!(101), &json!(false)));
    let found = haiku(trace, &["--headroom", "1"]);
    assert_eq!((&found["formula"]["ask"], &found["formula"]["suffices"]), (&json!(202), &json!(true)));
}
