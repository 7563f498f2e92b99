//! `sample --from` on model-invocation logs: each record of the model is a sample, in every form in which people hold a
//! log, and the others are counted by reason.

use std::fs;
use std::io::Write;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::quotaplan;

const HAIKU: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const PROFILE: &str = "arn:aws:bedrock:ca-central-1:111122223333:application-inference-profile/abc123";

/// Input, cache reads, output, and the limit that was sent.
type Figures = (u64, u64, u64, Option<u64>);

fn record(model: &str, (input, read, output, limit): Figures) -> Value {
    let body = limit.map_or(json!({"messages": []}), |limit| json!({"max_tokens": limit}));
    json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-05T14:00:00Z",
        "accountId": "111122223333", "region": "ca-central-1", "requestId": "r", "operation": "InvokeModel",
        "modelId": model,
        "input": {"inputBodyJson": body, "inputTokenCount": input, "cacheReadInputTokenCount": read},
        "output": {"outputBodyJson": {"metrics": {"latencyMs": 1500}}, "outputTokenCount": output},
    })
}

fn three() -> Vec<Value> {
    [(1_000, 0, 100, Some(4_096)), (2_000, 500, 200, Some(4_096)), (3_000, 1_000, 300, Some(4_096))]
        .map(|figures| record(HAIKU, figures))
        .to_vec()
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let run = quotaplan(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (run.status.code(), text(&run.stdout), text(&run.stderr))
}

/// The sample of files, as JSON.
fn sampled(files: &[(&str, Vec<u8>)], model: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let mut arguments = vec!["sample", "--model", model, "--format", "json", "--from"];
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("writing");
        arguments.push(name);
    }
    let (status, said, errors) = run(folder.path(), &arguments);
    assert_eq!(status, Some(0), "{errors}");
    serde_json::from_str(&said).expect("JSON")
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).expect("in memory");
    writer.finish().expect("in memory")
}

/// 1,000, 2,000 and 3,000 tokens in are 2,000 on average, 100 to 300 out 200, none to 1,000 from the cache 500.
#[test]
fn each_record_is_a_sample_in_every_form() {
    let records = three();
    let text = lines(&records);
    let messages: Vec<String> = records.iter().map(Value::to_string).collect();
    let events: Vec<Value> =
        messages.iter().map(|message| json!({"timestamp": 1, "message": message})).collect();
    let rows: Vec<Value> =
        messages.iter().map(|message| json!([{"field": "@message", "value": message}])).collect();
    let payload = json!({"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logStream": "s",
        "subscriptionFilters": [], "logEvents": events});
    let data = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        zipped(payload.to_string().as_bytes()),
    );
    let cell = |message: &String| format!("\"{}\"\n", message.replace('"', "\"\""));
    let members: Vec<u8> = messages.iter().flat_map(|message| zipped(message.as_bytes())).collect();
    for (name, bytes) in [
        ("lines", text.clone().into_bytes()),
        ("crlf", text.replace('\n', "\r\n").into_bytes()),
        ("bom", format!("\u{feff}{text}").into_bytes()),
        ("gzip", zipped(text.as_bytes())),
        ("members", members),
        ("array", json!(records).to_string().into_bytes()),
        ("pretty", serde_json::to_vec_pretty(&records).expect("JSON")),
        ("filter-log-events", json!({"events": events, "searchedLogStreams": []}).to_string().into_bytes()),
        ("get-query-results", json!({"results": rows, "status": "Complete"}).to_string().into_bytes()),
        ("events", lines(&events).into_bytes()),
        ("messages", json!(messages).to_string().into_bytes()),
        ("subscription", payload.to_string().into_bytes()),
        ("awslogs", json!({"awslogs": {"data": data}}).to_string().into_bytes()),
        ("data", data.into_bytes()),
        ("insights", format!("@message\n{}", messages.iter().map(cell).collect::<String>()).into_bytes()),
        (
            "export",
            messages
                .iter()
                .map(|message| format!("2026-10-05T14:00:00.000Z {message}\n"))
                .collect::<String>()
                .into_bytes(),
        ),
        ("notice first", format!("Permissions are correctly set for logs.\n{text}").into_bytes()),
    ] {
        let sample = sampled(&[(name, bytes)], HAIKU);
        assert_eq!(sample["answers"], 3, "{name}");
        assert_eq!(sample["left_out"], json!([]), "{name}");
        assert_eq!(
            sample["workload"],
            json!({"input_tokens": 2000, "output_tokens": 200, "cache_read_tokens": 500, "cache_write_tokens": 0,
                "latency_seconds": 1.5, "input_tokens_p95": 3000, "output_tokens_p95": 300, "share_over_25k": 0}),
            "{name}"
        );
    }
}

#[test]
fn other_records_are_left_out_and_counted_by_reason() {
    let mut records = three();
    let other = (9, 0, 9, None);
    records.push(record("us.anthropic.claude-sonnet-4-6", other));
    records.push(record(&HAIKU.replace("us.", "global."), other));
    records.push(record("arn:aws:bedrock:ca-central-1:111122223333:provisioned-model/abc", other));
    let mut failed = record(HAIKU, other);
    failed["errorCode"] = json!("ThrottlingException");
    records.push(failed);
    let mut elsewhere = record(HAIKU, other);
    elsewhere["region"] = json!("us-west-2");
    records.push(elsewhere);
    let sample = sampled(&[("log.jsonl", lines(&records).into_bytes())], HAIKU);
    assert_eq!((&sample["answers"], &sample["input_tokens"]["mean"]), (&json!(3), &json!(2000)));
    let listed: Vec<(&str, u64)> = sample["left_out"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|left| (left["reason"].as_str().expect("a word"), left["records"].as_u64().expect("a number")))
        .collect();
    assert_eq!(
        listed,
        [("failed", 1), ("provisioned", 1), ("other-region", 1), ("other-model", 1), ("other-model", 1)]
    );
}

/// Calls by way of an application profile are of the workload that has it: its ARN names no others.
#[test]
fn an_application_profile_has_the_calls_under_its_arn_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = format!("[aliases]\n\"{PROFILE}\" = \"haiku-4.5/us\"\n");
    fs::write(folder.path().join("quotaplan.toml"), config).expect("writing");
    let mut records = three();
    records.push(record(PROFILE, (7_000, 0, 70, None)));
    fs::write(folder.path().join("log.jsonl"), lines(&records)).expect("writing");
    let of = |model: &str| {
        let arguments = ["sample", "--model", model, "--format", "json", "--from", "log.jsonl"];
        let (status, said, errors) = run(folder.path(), &arguments);
        assert_eq!(status, Some(0), "{errors}");
        let sample: Value = serde_json::from_str(&said).expect("JSON");
        (sample["answers"].clone(), sample["left_out"].as_array().expect("a list").len())
    };
    assert_eq!(of(PROFILE), (json!(1), 1));
    // The quota is that of all calls of the model.
    assert_eq!(of(HAIKU), (json!(4), 0));
}

#[test]
fn an_answer_as_long_as_its_limit_is_cut() {
    let mut records = three();
    records.push(record(HAIKU, (1_000, 0, 256, Some(256))));
    let sample = sampled(&[("log.jsonl", lines(&records).into_bytes())], HAIKU);
    assert_eq!((&sample["output_cut"], &sample["answers"]), (&json!(1), &json!(4)));
    // Where the body was not logged nobody knows.
    let folder = tempfile::tempdir().expect("a folder");
    let mut record = record(HAIKU, (1_000, 0, 256, None));
    record["input"]["inputBodyS3Path"] = json!("s3://b/k");
    record["input"].as_object_mut().expect("an object").remove("inputBodyJson");
    fs::write(folder.path().join("log.json"), record.to_string()).expect("writing");
    let (_, said, _) = run(folder.path(), &["sample", "--model", HAIKU, "--from", "log.json"]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("For 1 of 1 calls, max_tokens is not known, so"), "{said}");
}

/// Hourly files: one without a call of the model is no fault, all without one are.
#[test]
fn a_log_without_the_model_is_no_fault_beside_another() {
    let other = lines(&[record("us.anthropic.claude-sonnet-4-6", (9, 0, 9, None))]);
    let files = [("1.jsonl", other.clone().into_bytes()), ("2.jsonl", lines(&three()).into_bytes())];
    let sample = sampled(&files, HAIKU);
    assert_eq!((&sample["answers"], &sample["left_out"][0]["records"]), (&json!(3), &json!(1)));
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["1.jsonl", "2.jsonl"] {
        fs::write(folder.path().join(name), &other).expect("writing");
    }
    let arguments = ["sample", "--model", HAIKU, "--from", "1.jsonl", "2.jsonl"];
    let (status, said, errors) = run(folder.path(), &arguments);
    assert_eq!((status, said.as_str()), (Some(2), ""));
    assert!(errors.contains("calls left out: 2 to other models or scopes"), "{errors}");
    // An empty file that is named is a call that failed; in a folder it is skipped, and said to be.
    fs::write(folder.path().join("1.jsonl"), "").expect("writing");
    let (status, _, errors) = run(folder.path(), &["sample", "--model", HAIKU, "--from", "1.jsonl", "."]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("1.jsonl: error[empty-file]"), "{errors}");
    assert!(errors.contains(".: note[skipped-files]: 1 entry is skipped"), "{errors}");
}

#[test]
fn saved_answers_stay_answers_whatever_their_text_says() {
    let text = "{\"modelId\": \"x\", \"inputTokenCount\": 3} ModelInvocationLog H4sIAAAA";
    for answer in [
        json!({"output": {"message": {"content": [{"text": text}]}}, "usage": {"inputTokens": 3, "outputTokens": 4}}),
        json!({"results": [{"tokenCount": 4, "outputText": text}], "inputTextTokenCount": 3}),
        json!({"content": [{"type": "text", "text": text}], "usage": {"input_tokens": 3, "output_tokens": 4}}),
    ] {
        let sample = sampled(&[("a.json", answer.to_string().into_bytes())], HAIKU);
        assert_eq!(sample["answers"], 1, "{answer}");
        assert!(sample.get("left_out").is_none(), "{answer}");
    }
    // Both kinds of files together.
    let answer = json!({"usage": {"inputTokens": 6000, "outputTokens": 400}});
    let files = [("a.json", answer.to_string().into_bytes()), ("log.jsonl", lines(&three()).into_bytes())];
    let sample = sampled(&files, HAIKU);
    assert_eq!((&sample["answers"], &sample["input_tokens"]["mean"]), (&json!(4), &json!(3000)));
}

#[test]
fn a_faulty_record_is_an_error_that_shows_nothing_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = lines(&three()).replacen("\"inputTokenCount\":2000", "\"inputTokenCount\":\"KUMQUAT\"", 1);
    fs::write(folder.path().join("log.jsonl"), text).expect("writing");
    let (status, said, errors) = run(folder.path(), &["sample", "--model", HAIKU, "--from", "log.jsonl"]);
    assert_eq!((status, said.as_str()), (Some(2), ""));
    assert!(errors.contains("log.jsonl:2:") && errors.contains("error[bad-number]"), "{errors}");
    assert!(!errors.contains("KUMQUAT"), "{errors}");
}

#[test]
fn logs_without_a_call_to_the_model_name_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a.jsonl", "b.jsonl"] {
        fs::write(folder.path().join(name), lines(&three())).expect("writing");
    }
    let left_out = format!("6 to other models or scopes ({HAIKU}: 6)\n");
    let of_both = ["sample", "--model", "nova-lite/ca", "--from", "a.jsonl", "b.jsonl"];
    let (status, _, errors) = run(folder.path(), &of_both);
    assert_eq!(status, Some(2));
    let said = "error: the logs have no call to Nova Lite ca that can be sampled; calls left out: ";
    assert_eq!(errors, format!("{said}{left_out}"));
    let of_one = ["sample", "--model", "nova-lite/ca", "--from", "a.jsonl"];
    let (_, _, errors) = run(folder.path(), &of_one);
    assert!(errors.starts_with("error: the log has no call to Nova Lite ca that can be sampled"), "{errors}");
}

#[test]
fn a_file_of_answers_or_logs_counts_once() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.jsonl"), lines(&three())).expect("writing");
    fs::hard_link(folder.path().join("a.jsonl"), folder.path().join("b.jsonl")).expect("a link");
    for (again, what) in
        [("a.jsonl", "the file is named twice"), ("b.jsonl", "it is the same file as `a.jsonl`")]
    {
        let (status, said, errors) =
            run(folder.path(), &["sample", "--model", HAIKU, "--from", "a.jsonl", again]);
        assert_eq!((status, said.as_str()), (Some(2), ""));
        let help = "name each file only once; otherwise its content counts twice";
        assert_eq!(errors, format!("{again}: error[duplicate-file]: {what}\n  = help: {help}\n"));
    }
}

#[test]
fn a_trace_in_csv_is_neither_answer_nor_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = "\u{feff}timestamp,model,input_tokens,output_tokens\r\n1,haiku-4.5,2,3\r\n";
    fs::write(folder.path().join("t.csv"), trace).expect("writing");
    let (status, _, errors) = run(folder.path(), &["sample", "--model", HAIKU, "--from", "t.csv"]);
    assert_eq!(status, Some(2));
    let said = "t.csv: error[bad-usage]: the file is neither a saved answer nor a model-invocation log\n";
    assert!(errors.starts_with(said), "{errors}");
    assert!(!errors.contains("timestamp"), "{errors}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However the records are divided into files, they give one sample.
    #[test]
    fn files_are_one_sample_together(
        figures in proptest::collection::vec((0..9_000_u64, 0..900_u64, 0..900_u64, proptest::option::of(1..900_u64)), 1..12),
        owners in proptest::collection::vec(0..3_usize, 12),
    ) {
        let records: Vec<Value> = figures.iter().map(|figures| record(HAIKU, *figures)).collect();
        let whole = sampled(&[("all.jsonl", lines(&records).into_bytes())], HAIKU);
        let part = |owner: usize| {
            let own = records.iter().zip(&owners).filter(|(_, own)| **own == owner);
            own.map(|(record, _)| record.clone()).collect::<Vec<_>>()
        };
        let parts = [part(0), part(1), part(2)];
        let names = ["0.jsonl", "1.jsonl", "2.jsonl"];
        let files: Vec<(&str, Vec<u8>)> = names
            .into_iter()
            .zip(&parts)
            .filter(|(_, part)| !part.is_empty())
            .map(|(name, part)| (name, lines(part).into_bytes()))
            .collect();
        prop_assert_eq!(sampled(&files, HAIKU), whole);
    }
}
