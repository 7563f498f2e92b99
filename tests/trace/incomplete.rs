//! Logs that say that they do not hold all records, and payloads of which nobody can tell what they hold.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Ran, run_in};

fn record(at: &str) -> Value {
    json!({
        "schemaType": "ModelInvocationLog", "timestamp": at, "region": "ca-central-1", "operation": "Converse",
        "modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "input": {"inputTokenCount": 1000, "inputBodyJson": {"inferenceConfig": {"maxTokens": 500}}},
        "output": {"outputTokenCount": 100}
    })
}

fn simulate(text: &str) -> Ran {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("log.json"), text).expect("writing");
    run_in(folder.path(), &["simulate", "log.json"], b"")
}

fn events(more: &Value) -> String {
    let events: Vec<Value> = (10..13)
        .map(|minute| json!({"message": record(&format!("2026-11-20T10:{minute}:00Z")).to_string()}))
        .collect();
    let mut answer = json!({"events": events});
    answer.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    answer.to_string()
}

fn query(matched: f64, status: &str) -> String {
    let rows: Vec<Value> = (10..13)
        .map(|minute| json!([{"field": "@message", "value": record(&format!("2026-11-20T10:{minute}:00Z")).to_string()}]))
        .collect();
    json!({"results": rows, "statistics": {"recordsMatched": matched, "recordsScanned": 9.0}, "status": status}).to_string()
}

#[test]
fn what_an_answer_lacks_is_said() {
    for (text, wanted) in [
        (events(&json!({"nextToken": "abc"})), Some("it has a token for a next page")),
        (events(&json!({"NextToken": "abc"})), Some("it has a token for a next page")),
        (events(&json!({"nextToken": null})), None),
        (events(&json!({})), None),
        (query(3.0, "Complete"), None),
        (query(50000.0, "Complete"), Some("the query matched 50,000 records and the result has 3")),
        (query(3.0, "Running"), Some("the query has the status Running")),
        (query(3.0, "Timeout"), Some("the query has the status Timeout")),
    ] {
        let ran = simulate(&text);
        assert_eq!(ran.status, 0, "{}", ran.stderr());
        let said = ran.stderr();
        match wanted {
            Some(wanted) => {
                assert!(said.contains("warning[incomplete-log]") && said.contains(wanted), "{said}");
            }
            None => assert!(!said.contains("incomplete-log"), "{text}: {said}"),
        }
    }
}

/// Of a payload that is neither gzip nor JSON nobody knows how many records it held.
#[test]
fn a_payload_that_cannot_be_read_is_an_error_at_its_place() {
    use base64::Engine;
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let events: Vec<Value> = (10..13)
        .map(|minute| json!({"message": record(&format!("2026-11-20T10:{minute}:00Z")).to_string()}))
        .collect();
    let good = base64(json!({"messageType": "DATA_MESSAGE", "logEvents": events}).to_string().as_bytes());
    let whole = json!({"Records": [{"kinesis": {"data": good}}]});
    assert_eq!(simulate(&whole.to_string()).status, 0);
    for bad in ["X4sIAAAA", "!!!", "aGVsbG8=", "eJwDAAAAAAE="] {
        for answer in [
            json!({"Records": [{"kinesis": {"data": good}}, {"kinesis": {"data": bad}}]}),
            json!({"records": [{"recordId": "1", "data": good}, {"recordId": "2", "data": bad}]}),
            json!({"awslogs": {"data": bad}}),
        ] {
            let ran = simulate(&answer.to_string());
            assert_eq!(ran.status, 2, "{answer}: {}", ran.stdout());
            assert!(ran.stderr().contains("log.json:1:"), "{}", ran.stderr());
        }
    }
}

/// Dates and seconds from a start have no common order.
#[test]
fn one_file_has_one_clock() {
    let trace = |times: [&str; 2]| {
        let rows = times.map(|time| format!("{time},haiku-4.5,us,1000,100\n")).concat();
        format!("timestamp,model,scope,input_tokens,output_tokens\n{rows}")
    };
    for (times, is_one) in [
        (["2026-10-05T14:00:00Z", "5"], false),
        (["5", "2026-10-05T14:00:00Z"], false),
        (["1759672800", "5"], false),
        (["0.5", "1759672800"], false),
        (["5", "1759672800000"], false),
        (["1759672800", "2026-10-05T14:00:00Z"], true),
        (["1759672800", "1759672801.5"], true),
        (["0", "5"], true),
        (["-1", "5"], true),
    ] {
        let ran = simulate(&trace(times));
        assert_eq!(ran.status == 0, is_one, "{times:?}: {}", ran.stderr());
        assert_eq!(
            ran.stderr().contains("log.json:3:1: error[bad-value]"),
            !is_one,
            "{times:?}: {}",
            ran.stderr()
        );
    }
}

/// What another program writes into the log group is counted, whatever its keys are called; it stops nothing.
#[test]
fn objects_of_other_programs_are_counted() {
    let own = record("2026-11-20T10:10:00Z");
    let others = [
        json!({"data": "hello", "x": 1}),
        json!({"status": "Failed", "work": 3}),
        json!({"nextToken": "abc"}),
        json!({"statistics": {"recordsMatched": 9.0}}),
        json!({"owner": "me"}),
    ];
    let lines: String = others.iter().chain([&own]).map(|line| format!("{line}\n")).collect();
    let array = Value::Array(others.iter().chain([&own]).cloned().collect()).to_string();
    for text in [lines, array] {
        let ran = simulate(&text);
        assert_eq!(ran.status, 0, "{text}: {}", ran.stderr());
        assert!(!ran.stderr().contains("incomplete-log"), "{text}: {}", ran.stderr());
        let said = ran.stdout().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("Of 6 records 5 are left out: 5 that are not records of calls"),
            "{text}: {said}"
        );
    }
}
