//! max_tokens that is stated, unset or unknown, through the program: never taken for the output unsaid.

use std::fmt::Write;
use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::properties::cases;
use crate::support::quotaplan;

const HAIKU: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

/// A record of a log, so many seconds after the first.
fn record(second: u32, model: &str, input: &Value, tokens: [u64; 4], output: &Value) -> String {
    let [input_tokens, cache_read, cache_write, output_tokens] = tokens;
    let mut input = input.clone();
    input["inputTokenCount"] = json!(input_tokens);
    input["cacheReadInputTokenCount"] = json!(cache_read);
    input["cacheWriteInputTokenCount"] = json!(cache_write);
    let record = json!({
        "schemaType": "ModelInvocationLog",
        "timestamp": format!("2026-10-05T14:{:02}:{:02}Z", second / 60, second % 60),
        "region": "ca-central-1",
        "modelId": model,
        "input": input,
        "output": {"outputBodyJson": output, "outputTokenCount": output_tokens},
    });
    format!("{record}\n")
}

/// Twenty calls, one a second, of 1,000 tokens in and 100 out, with a body.
fn twenty(model: &str, body: &Value) -> String {
    let record =
        |second| record(second, model, &json!({"inputBodyJson": body}), [1_000, 0, 0, 100], &json!({}));
    (0..20).map(record).collect()
}

/// Sixty streamed calls of a coding assistant, one a second, whose bodies lie in S3.
fn offloaded() -> String {
    let output = json!([{"type": "message_start"}, {"type": "message_stop",
        "amazon-bedrock-invocationMetrics": {"invocationLatency": 5037, "firstByteLatency": 2635}}]);
    let input = json!({"inputBodyS3Path": "s3://logs/x_input.json.gz"});
    let record =
        |second| record(second, "us.anthropic.claude-sonnet-4-6", &input, [3, 20_000, 600, 142], &output);
    (0..60).map(record).collect()
}

fn run(trace: &str, more: &[&str]) -> std::process::Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("log.jsonl"), trace).expect("the trace");
    quotaplan(folder.path(), &[&["simulate", "log.jsonl"], more].concat())
}

fn said(trace: &str, more: &[&str]) -> String {
    let run = run(trace, more);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).expect("UTF-8")
}

/// What the program says in whole, each run of blanks and line ends as one blank.
fn told(trace: &str, more: &[&str]) -> String {
    said(trace, &[&["--details"], more].concat()).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn json_of(trace: &str, more: &[&str]) -> Value {
    serde_json::from_str(&said(trace, &[&["--format", "json", "--retries", "0"], more].concat()))
        .expect("JSON")
}

fn safe(found: &Value) -> u64 {
    found["windows"][0]["safe_quota"].as_u64().expect("a quota")
}

fn codes(found: &Value) -> Vec<&str> {
    let findings = found["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["code"].as_str().expect("a code")).collect()
}

/// Three requests are in flight, of 2.67 s each, and reserve 1,000 + 64,000; the seventeen before have settled
/// at 1,000 + 5 x 100: 195,000 + 25,500 = 220,500, on the grid 221,000.
#[test]
fn a_body_without_a_limit_reserves_the_models_maximum() {
    let trace = twenty(HAIKU, &json!({"messages": []}));
    let found = json_of(&trace, &[]);
    assert_eq!((safe(&found), &found["windows"][0]["peak_unthrottled"]), (221_000, &json!(220_500)));
    assert_eq!(found["trace"]["max_tokens"], json!({"stated": 0, "unset": 20, "unknown": 0}));
    let read = &found["trace"]["read"];
    assert_eq!(
        [&read["max_tokens_unset"], &read["max_tokens_unknown"], &read["without_max_tokens"]],
        [20, 0, 20]
    );
    assert_eq!(found["at_maximum"], Value::Null);
    assert_eq!(codes(&found), ["short-trace"]);
    let text = told(&trace, &[]);
    assert!(text.contains("rolling (the last 60 s) 221,000 221,000"), "{text}");
    assert!(text.contains("20 of 20 requests set no max_tokens"), "{text}");
    assert!(!text.contains("tight enough"), "{text}");
    // As a plan takes it, and as the command line does.
    let unset = json_of(&trace, &["--max-tokens", "unset"]);
    assert_eq!(unset["windows"], found["windows"]);
    // A limit of the same size that is stated.
    let stated = json_of(&twenty(HAIKU, &json!({"anthropic_version": "x", "max_tokens": 64_000})), &[]);
    assert_eq!(stated["windows"], found["windows"]);
}

/// At a rate of 1: three in flight reserve 1,000 + 5,000, seventeen have settled at 1,100: 36,700.
#[test]
fn both_keys_of_nova_are_read() {
    for key in ["maxTokens", "max_new_tokens"] {
        let body = json!({"schemaVersion": "messages-v1", "messages": [], "inferenceConfig": {key: 5_000}});
        let trace = twenty("ca.amazon.nova-lite-v1:0", &body);
        let found = json_of(&trace, &[]);
        assert_eq!((safe(&found), &found["at_maximum"]), (36_700, &Value::Null), "{key}");
        assert!(told(&trace, &[]).contains("rolling (the last 60 s) 36,700 36,700"), "{key}");
    }
}

/// As answered: 54 have settled at 603 + 5 x 142 = 1,313 and 6 hold 603 + 142: 75,372, and a debt of 568 is
/// posted at each completion. At the maximum 6 hold 603 + 64,000.
#[test]
fn a_limit_that_is_not_known_is_never_called_tight() {
    let trace = offloaded();
    let found = json_of(&trace, &[]);
    assert_eq!(found["band"]["high"], 75_400);
    let beside = &found["at_maximum"];
    assert_eq!([&beside["band"]["high"], &beside["max_tokens"]], [459_000, 64_000]);
    assert_eq!(safe(beside), 459_000);
    assert_eq!(beside["requested"].as_array().map(Vec::len), found["requested"].as_array().map(Vec::len));
    assert_eq!((&beside["refused"], &found["formula"]["suffices"]), (&Value::Null, &Value::Null));
    assert_eq!(found["trace"]["read"]["max_tokens_unknown"], 60);
    assert_eq!(codes(&found), ["max-tokens-unknown", "short-trace"]);
    let lead = "max_tokens is not known for 60 of 60 requests: 459 k tokens per minute are needed if it is unset (the model's maximum, 64,000), and 75.4 k if it is only as long as each answer.";
    let message = found["findings"][0]["message"].as_str().expect("a message");
    assert!(message.contains("459,000 tokens per minute are needed if it is unset"), "{message}");
    for format in ["table", "markdown"] {
        let text = told(&trace, &["--format", format]);
        let text = text.replace('\\', "");
        assert!(text.contains(lead), "{text}");
        let (lead, band) = (text.find(lead), text.find("tokens per minute keep"));
        assert!(lead < band, "it leads: {text}");
        for words in ["tight enough", "would have done:"] {
            assert!(!text.contains(words), "{words} in: {text}");
        }
    }
    let records = said(&trace, &["--format", "csv"]);
    for of in ["as-answered,tpm", "at-maximum,tpm"] {
        assert!(records.lines().any(|line| line.ends_with(of)), "{records}");
    }
}

#[test]
fn the_command_line_settles_what_is_not_known() {
    let trace = offloaded();
    for (given, high) in [("actual", 75_400), ("unset", 459_000), ("64_000", 459_000)] {
        let found = json_of(&trace, &["--max-tokens", given]);
        assert_eq!((&found["at_maximum"], &found["band"]["high"]), (&Value::Null, &json!(high)), "{given}");
        assert_eq!(codes(&found), ["short-trace"], "{given}");
        let text = told(&trace, &["--max-tokens", given]);
        assert!(!text.contains("not known for 60"), "{text}");
        // The output is what was asked for, and still not what is known.
        assert_eq!(text.contains("The formula would have"), given != "actual", "{text}");
    }
}

/// Where the model's maximum is not known either, nobody can say what is needed.
#[test]
fn a_maximum_that_is_not_known_gives_no_number() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("unset.jsonl"), twenty(HAIKU, &json!({"messages": []}))).expect("a log");
    fs::write(folder.path().join("unknown.jsonl"), twenty(HAIKU, &json!(null))).expect("a log");
    let overlay =
        "[[model]]\nid = \"anthropic.claude-haiku-4-5-20251001-v1:0\"\nmax_output_tokens = \"unknown\"\n";
    fs::write(folder.path().join("models.toml"), overlay).expect("an overlay");
    let of = |trace: &str, format: &str| {
        quotaplan(
            folder.path(),
            &["simulate", trace, "--models", "models.toml", "--details", "--format", format],
        )
    };
    let refused = of("unset.jsonl", "table");
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{words}");
    assert!(
        words.contains("20 of 20 requests set no max_tokens and the model's maximum output is not known"),
        "{words}"
    );
    let found: Value = serde_json::from_slice(&of("unknown.jsonl", "json").stdout).expect("JSON");
    let beside = &found["at_maximum"];
    assert_eq!((&beside["band"], &beside["windows"]), (&Value::Null, &json!([])));
    assert!(beside["refused"].as_str().expect("a reason").contains("is not known"));
    let text = String::from_utf8_lossy(&of("unknown.jsonl", "table").stdout).into_owned();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("It is not known what is needed if it is unset"), "{text}");
    assert!(text.contains("and not known if it is unset"), "{text}");
}

#[test]
fn a_model_that_generates_nothing_has_no_limit_to_know() {
    let trace =
        "timestamp,model,scope,input_tokens,output_tokens\n2026-11-22T14:00:00Z,embed-v4,global,900,0\n";
    let found = json_of(trace, &[]);
    assert_eq!((&found["at_maximum"], safe(&found)), (&Value::Null, 900));
    assert_eq!(codes(&found), ["short-trace"]);
}

/// A log of an embedding model without bodies: there is no limit, so none is unknown.
#[test]
fn no_limit_of_an_embedding_model_is_counted() {
    let found = json_of(&twenty("amazon.titan-embed-text-v2:0", &json!(null)), &[]);
    let read = &found["trace"]["read"];
    assert_eq!(
        [&read["max_tokens_unset"], &read["max_tokens_unknown"], &read["without_max_tokens"]],
        [0, 0, 0]
    );
    assert_eq!(found["trace"]["max_tokens"], json!({"stated": 0, "unset": 0, "unknown": 0}));
    assert_eq!(found["at_maximum"], Value::Null);
}

/// One limit of 64,001 where the maximum is 64,000; on the command line another is asked for.
#[test]
fn a_stated_limit_above_the_maximum_is_named() {
    let calls: Vec<_> = [64_000, 64_001, 99_999_999].map(|limit| Some(json!({"max_tokens": limit}))).into();
    let said = "2 of 3 requests state a max_tokens above the maximum of Claude Haiku 4.5 (64,000), which AWS refuses";
    let found = json_of(&log(&calls), &[]);
    assert_eq!(codes(&found), ["stated-above-maximum", "short-trace"]);
    assert!(found["findings"][0]["message"].as_str().expect("words").starts_with(said), "{found}");
    assert!(told(&log(&calls), &[]).contains(said));
    assert!(told(&log(&calls[..2]), &[]).contains("1 of 2 requests states a max_tokens"));
    for (calls, more) in [(&calls[..1], &[][..]), (&calls[..], &["--max-tokens", "4096"])] {
        assert_eq!(codes(&json_of(&log(calls), more)), ["short-trace"], "{more:?}");
    }
}

#[test]
fn an_ask_may_rest_on_fifteen_minutes_and_a_thousand_requests() {
    let trace = |requests: u32, seconds: u32| {
        let mut text = "timestamp,model,scope,input_tokens,output_tokens,max_tokens\n".to_owned();
        for request in 0..requests {
            let second = u64::from(seconds) * u64::from(request) / u64::from(requests - 1);
            writeln!(text, "2026-11-22T14:{:02}:{:02}Z,haiku-4.5,us,10,1,5", second / 60, second % 60)
                .expect("a string");
        }
        text
    };
    let of = "requests of Claude Haiku 4.5 us";
    let few = |requests| format!("it has {requests} {of}; it should have at least 1,000");
    let brief = |length| format!("it covers {length}; it should cover at least 15 minutes");
    let both = format!(
        "it covers 1 min 1 s and has 2 {of}; it should cover at least 15 minutes and have at least 1,000"
    );
    for (requests, seconds, why) in [
        (1_000, 900, None),
        (999, 900, Some(few("999"))),
        (1_000, 899, Some(brief("14 min 59 s"))),
        (2, 3_599, Some(few("2"))),
        (3_000, 1, Some(brief("1.0 s"))),
        (2, 61, Some(both)),
    ] {
        let is_short = why.is_some();
        let trace = trace(requests, seconds);
        let found = json_of(&trace, &["--window", "bucket"]);
        assert_eq!(codes(&found).contains(&"short-trace"), is_short, "{requests} in {seconds} s");
        for format in ["table", "markdown"] {
            let text = told(&trace, &["--window", "bucket", "--retries", "0", "--format", format]);
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let said = text.contains("too short to base a quota request on");
            assert_eq!(said, is_short, "{requests} in {seconds} s: {text}");
            assert!(why.as_ref().is_none_or(|why| text.contains(why)), "{why:?}: {text}");
        }
    }
    // Pressing a trace together makes it no shorter, repeating its requests no longer.
    let (long, short) = (trace(1_000, 900), trace(500, 900));
    let codes_of = |trace: &str, more: &[&str]| codes(&json_of(trace, more)).contains(&"short-trace");
    assert!(!codes_of(&long, &["--window", "bucket", "--scale", "2"]));
    assert!(codes_of(&short, &["--window", "bucket", "--scale", "3", "--replicate"]));
}

/// A call's body, absent where nothing is known.
fn calls() -> impl Strategy<Value = Vec<Option<Value>>> {
    let stated = (1..64_000_u64).prop_map(|limit| Some(json!({"inferenceConfig": {"maxTokens": limit}})));
    let call = prop_oneof![stated, Just(Some(json!({"messages": []}))), Just(None)];
    prop::collection::vec(call, 1..25)
}

fn log(calls: &[Option<Value>]) -> String {
    let input = |body: &Option<Value>| body.as_ref().map_or(json!({}), |body| json!({"inputBodyJson": body}));
    let record = |(second, body)| record(second, HAIKU, &input(body), [1_000, 0, 0, 100], &json!({}));
    (0..).zip(calls).map(record).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn what_is_not_known_is_replayed_both_ways(calls in calls()) {
        let found = json_of(&log(&calls), &[]);
        let unset = calls.iter().flatten().filter(|body| body.get("messages").is_some()).count();
        let unknown = calls.iter().filter(|body| body.is_none()).count();
        let stated = calls.len() - unset - unknown;
        prop_assert_eq!(
            &found["trace"]["max_tokens"],
            &json!({"stated": stated, "unset": unset, "unknown": unknown})
        );
        // With the output, or nothing, in the place of each that is not known.
        let with = |body: Value| {
            let settled: Vec<_> = calls.iter().map(|call| call.clone().or(Some(body.clone()))).collect();
            json_of(&log(&settled), &[])
        };
        let answered = with(json!({"max_tokens": 100}));
        prop_assert_eq!(&found["windows"], &answered["windows"]);
        prop_assert_eq!(&found["requested"], &answered["requested"]);
        let beside = &found["at_maximum"];
        if unknown == 0 {
            prop_assert_eq!(beside, &Value::Null);
        } else {
            let open = with(json!({"messages": []}));
            for key in ["band", "windows", "requested", "closed_form"] {
                prop_assert_eq!(&beside[key], &open[key], "{}", key);
            }
            if unknown == calls.len() {
                let unset = json_of(&log(&calls), &["--max-tokens", "unset"]);
                for key in ["band", "windows", "requested", "closed_form"] {
                    prop_assert_eq!(&beside[key], &unset[key], "{}", key);
                }
            }
        }
        let text = told(&log(&calls), &["--retries", "0"]);
        prop_assert_eq!(text.contains("max_tokens is not known for"), unknown > 0);
        prop_assert!(unset + unknown == 0 || !text.contains("tight enough"), "{}", text);
        prop_assert!(unknown == 0 || !text.contains("The formula would have done"), "{}", text);
    }
}
