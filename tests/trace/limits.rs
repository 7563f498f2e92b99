//! What is known of max_tokens: stated, unset or unknown, in bodies of every API and in columns.

use proptest::prelude::*;
use quotaplan::trace::{LimitCounts, OutputLimit, ReadOptions, Trace};
use serde_json::{Value, json};

use super::formats::{AZURE, BURST_GPT, MOONCAKE};
use super::{given, said, whole};
use crate::properties::cases;

use OutputLimit::{Stated, Unknown, Unset};

/// A record whose `input` has these keys besides the count.
fn record(input: &Value) -> String {
    let mut input = input.clone();
    input["inputTokenCount"] = json!(3);
    let record = json!({
        "schemaType": "ModelInvocationLog",
        "timestamp": "2026-11-20T12:00:00Z",
        "region": "ca-central-1",
        "modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "input": input,
        "output": {"outputTokenCount": 4},
    });
    format!("{record}\n")
}

fn limits(trace: &Trace) -> Vec<OutputLimit> {
    trace.requests().map(|request| request.max_tokens).collect()
}

fn of_input(input: &Value) -> OutputLimit {
    limits(&whole(record(input), &ReadOptions::default())).remove(0)
}

fn of_body(body: &Value) -> OutputLimit {
    of_input(&json!({"inputBodyJson": body}))
}

/// A limit as each API takes it, in a body that has more.
fn bodies(limit: &Value) -> Vec<Value> {
    vec![
        // Claude's messages.
        json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": limit, "messages": []}),
        // Converse, Nova.
        json!({"messages": [], "inferenceConfig": {"temperature": 0.5, "maxTokens": limit}}),
        // Nova.
        json!({"schemaVersion": "messages-v1", "inferenceConfig": {"max_new_tokens": limit}}),
        // Titan.
        json!({"inputText": "a", "textGenerationConfig": {"maxTokenCount": limit, "topP": 1}}),
        // Llama.
        json!({"prompt": "a", "max_gen_len": limit}),
        // Claude's text completions.
        json!({"prompt": "a", "max_tokens_to_sample": limit}),
        // TwelveLabs' Pegasus.
        json!({"inputPrompt": "a", "maxOutputTokens": limit}),
        // Cohere, Mistral.
        json!({"prompt": "a", "max_tokens": limit}),
        // Chat completions, Responses.
        json!({"messages": [], "max_completion_tokens": limit}),
        json!({"input": "a", "max_output_tokens": limit}),
        // What is sent besides alone, in the model's own words.
        json!({"messages": [], "additionalModelRequestFields": {"max_tokens": limit}}),
        json!({"messages": [], "additionalModelRequestFields": {"inferenceConfig": {"max_new_tokens": limit}}}),
    ]
}

#[test]
fn every_api_has_its_key() {
    for body in bodies(&json!(4096)) {
        assert_eq!(of_body(&body), Stated(4096), "{body}");
        let text = body.to_string();
        assert_eq!(of_body(&json!(text)), Stated(4096), "as a text: {body}");
        assert_eq!(of_body(&json!(json!(text).to_string())), Stated(4096), "as a text of a text: {body}");
        let besides = json!({"inferenceConfig": {"maxTokens": 1}, "additionalModelRequestFields": text});
        let twice = json!(json!(besides.to_string()).to_string());
        assert_eq!(of_body(&twice), Stated(4096), "besides, as texts: {body}");
    }
}

#[test]
fn what_is_sent_besides_overrides() {
    let both = |own: u64, besides: &Value| {
        of_body(&json!({"inferenceConfig": {"maxTokens": own}, "additionalModelRequestFields": besides}))
    };
    assert_eq!(both(100, &json!({"max_tokens": 9_000})), Stated(9_000));
    assert_eq!(both(9_000, &json!({"max_tokens": 100})), Stated(100));
    assert_eq!(both(100, &json!("{\"max_tokens\": 7}")), Stated(7));
    assert_eq!(both(100, &json!({"thinking": {"type": "enabled", "budget_tokens": 2_000}})), Stated(100));
    assert_eq!(both(100, &json!({"inferenceConfig": {"topK": 20}})), Stated(100));
    assert_eq!(both(100, &json!(null)), Stated(100));
    // Nobody can tell what these override.
    assert_eq!(both(100, &json!({"max_tokens": "many"})), Unknown);
    assert_eq!(both(100, &json!("{\"max_tokens\": 7")), Unknown);
    assert_eq!(both(100, &json!([])), Unknown);
}

#[test]
fn a_body_without_the_key_sets_none() {
    for body in [
        json!({"messages": []}),
        json!({"messages": [{"max_tokens": 5}], "system": "max_tokens"}),
        json!({"max_tokens": null}),
        json!({"inferenceConfig": {}}),
        json!({"inferenceConfig": null, "messages": []}),
        json!({"inferenceConfig": {"maxTokens": null}}),
        json!({"textGenerationConfig": {"topP": 1}}),
        json!("{\"messages\": []}"),
        json!(" {\"messages\": []}\n"),
    ] {
        assert_eq!(of_body(&body), Unset, "{body}");
    }
}

#[test]
fn without_a_body_that_can_be_read_nothing_is_known() {
    // Neither logged, nor here, nor whole.
    for input in [
        json!({}),
        json!({"inputBodyS3Path": "s3://logs/x_input.json.gz"}),
        json!({"inputBodyJson": null}),
        json!({"inputBodyJson": null, "inputBodyS3Path": "s3://logs/x_input.json.gz"}),
    ] {
        assert_eq!(of_input(&input), Unknown, "{input}");
    }
    // A part of the body, the rest of which lies elsewhere, may leave the limit out.
    let part = |limit: &Value| json!({"inputBodyJson": limit, "inputBodyS3Path": "s3://logs/x"});
    assert_eq!(of_input(&part(&json!({"messages": []}))), Unknown);
    assert_eq!(of_input(&part(&json!({"max_tokens": 7}))), Stated(7));
    assert_eq!(of_input(&json!({"inputBodyJson": {"messages": []}, "inputBodyS3Path": ""})), Unset);
    assert_eq!(of_input(&json!({"inputBodyJson": {"messages": []}, "inputBodyS3Path": null})), Unset);
    for body in [
        json!(""),
        json!("  "),
        json!("null"),
        json!("Redacted"),
        json!("{\"max_tokens\": 4096, \"messages\": [{\"content\": \"a"),
        json!("{\"max_tokens\": 4096} and more"),
        json!([{"max_tokens": 4096}]),
        json!(true),
        json!(4096),
    ] {
        assert_eq!(of_body(&body), Unknown, "{body}");
    }
    // Nor is anything known where a body goes on and on.
    let key = "{\"inferenceConfig\":";
    let deep = format!("{}{{\"maxTokens\":7}}{}", key.repeat(100_000), "}".repeat(100_000));
    let deep = record(&json!({"inputBodyJson": {"deep": 1}})).replace("{\"deep\":1}", &deep);
    assert_eq!(limits(&whole(deep, &ReadOptions::default())), [Unknown]);
    let texts = (0..9).fold(json!({"max_tokens": 7}), |body, _| json!(body.to_string()));
    assert_eq!(of_body(&texts), Unknown);
    // A stored prompt may set one of its own.
    let prompt = |body: Value| {
        let text = record(&json!({"inputBodyJson": body}));
        let arn = "arn:aws:bedrock:ca-central-1:111122223333:prompt/ABC:1";
        limits(&whole(text.replace("us.anthropic.claude-haiku-4-5-20251001-v1:0", arn), &given()))
    };
    assert_eq!(prompt(json!({"promptVariables": {}})), [Unknown]);
    assert_eq!(prompt(json!({"inferenceConfig": {"maxTokens": 7}})), [Stated(7)]);
    // A key that stands there twice contradicts itself.
    let twice = record(&json!({"inputBodyJson": {"max_tokens": 1}}));
    let twice = twice.replace("{\"max_tokens\":1}", "{\"max_tokens\":1,\"max_tokens\":2}");
    assert_eq!(limits(&whole(twice, &ReadOptions::default())), [Unknown]);
}

#[test]
fn what_is_no_whole_number_is_not_known() {
    for value in [
        json!("100"),
        json!(12.5),
        json!(-1),
        json!([]),
        json!({}),
        json!(true),
        json!(1_000_000_000_001_u64),
    ] {
        for body in bodies(&value) {
            assert_eq!(of_body(&body), Unknown, "{body}");
        }
    }
    assert_eq!(of_body(&json!({"max_tokens": 100.0})), Stated(100));
    assert_eq!(of_body(&json!({"inferenceConfig": [100]})), Unknown);
    // One of two can be read, and nobody knows which one counts.
    assert_eq!(of_body(&json!({"max_tokens": 100, "max_completion_tokens": "all"})), Unknown);
    assert_eq!(of_body(&json!({"max_tokens": 100, "max_completion_tokens": 900})), Stated(900));
}

#[test]
fn a_column_that_is_empty_sets_none_and_without_one_nothing_is_known() {
    const HEADER: &str = "timestamp,model,scope,input_tokens,output_tokens";
    const ROW: &str = "2026-11-20T12:00:00Z,haiku-4.5,us,1,1";
    let with = format!("{HEADER},max_tokens\n{ROW},\n{ROW},7\n{ROW},unknown\n{ROW}, Unknown \n{ROW},0\n");
    assert_eq!(
        limits(&whole(&with, &ReadOptions::default())),
        [Unset, Stated(7), Unknown, Unknown, Stated(0)]
    );
    assert_eq!(limits(&whole(format!("{HEADER}\n{ROW}\n"), &ReadOptions::default())), [Unknown]);
    for text in [AZURE, BURST_GPT, MOONCAKE] {
        assert!(limits(&whole(text, &given())).into_iter().all(|limit| limit == Unknown));
    }
    let word = format!("{HEADER},max_tokens\n{ROW},none\n");
    let said = said(word, &ReadOptions::default());
    assert_eq!(said, ["t:2:39: error[bad-number]: `max_tokens` is not a number: `none`"]);
}

/// A record's `input` and the limit that is known from it.
fn inputs() -> impl Strategy<Value = (Value, OutputLimit)> {
    let stated = (0..10_usize, 0..2_000_000_u64, 0..3_u8).prop_map(|(api, limit, texts)| {
        let body = (0..texts).fold(bodies(&json!(limit)).remove(api), |body, _| json!(body.to_string()));
        (json!({"inputBodyJson": body}), Stated(limit))
    });
    let unset = (0..10_usize, any::<bool>()).prop_map(|(api, is_text)| {
        let body = bodies(&json!(null)).remove(api);
        (json!({"inputBodyJson": if is_text { json!(body.to_string()) } else { body }}), Unset)
    });
    // A text that is cut anywhere is no JSON.
    let cut = (0..10_usize, any::<prop::sample::Index>()).prop_map(|(api, at)| {
        let text = bodies(&json!(4096)).remove(api).to_string();
        (json!({"inputBodyJson": text[..at.index(text.len())]}), Unknown)
    });
    let away = any::<bool>().prop_map(|is_named| {
        (if is_named { json!({"inputBodyS3Path": "s3://logs/x"}) } else { json!({}) }, Unknown)
    });
    prop_oneof![stated, unset, cut, away]
}

proptest! {
    #![proptest_config(cases(192))]

    /// Whatever a log holds, each request has its own state, and the counts are theirs.
    #[test]
    fn each_request_of_a_log_has_its_state(inputs in prop::collection::vec(inputs(), 1..30)) {
        let text: String = inputs.iter().map(|(input, _)| record(input)).collect();
        let trace = whole(text, &ReadOptions::default());
        let expected: Vec<OutputLimit> = inputs.iter().map(|(_, limit)| *limit).collect();
        prop_assert_eq!(limits(&trace), &expected[..]);
        let count = |is: fn(&OutputLimit) -> bool| expected.iter().filter(|limit| is(limit)).count() as u64;
        let counts = LimitCounts {
            stated: count(|limit| limit.stated().is_some()),
            unset: count(|limit| *limit == Unset),
            unknown: count(|limit| *limit == Unknown),
        };
        prop_assert_eq!(trace.limits(), counts);
    }
}
