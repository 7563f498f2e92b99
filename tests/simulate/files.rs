//! Logs and traces as people have them, through the program, with values worked by hand.

use std::fs;

use serde_json::{Value, json};

use crate::support::quotaplan;

/// The one simulation of a file, as JSON.
fn simulated(name: &str, bytes: &[u8], more: &[&str]) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(name), bytes).expect("the file");
    let run = quotaplan(folder.path(), &[&["simulate", name, "--format", "json"], more].concat());
    assert_eq!(run.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

fn safe_quota(simulation: &Value) -> u64 {
    let windows = simulation["windows"].as_array().expect("windows");
    let rolling = windows.iter().find(|window| window["window"] == "rolling").expect("the rolling window");
    rolling["safe_quota"].as_u64().expect("a number")
}

/// Ten calls of Claude Haiku 4.5, a second apart: 1,000 tokens in, 100 out, at most 64,000 asked for.
fn records() -> Vec<Value> {
    let record = |second: u32| {
        json!({
            "schemaType": "ModelInvocationLog", "schemaVersion": "1.0",
            "timestamp": format!("2026-10-05T14:00:{second:02}Z"), "accountId": "111122223333",
            "region": "ca-central-1", "requestId": "r", "operation": "InvokeModel",
            "modelId": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "input": {"inputBodyJson": {"max_tokens": 64_000}, "inputTokenCount": 1_000},
            "output": {"outputTokenCount": 100},
        })
    };
    (0..10).map(record).collect()
}

/// A call takes 1 s and 100 tokens at 60 a second: 2.67 s. When the tenth arrives, it and the two before it hold
/// 65,000 each, and the seven that are done are charged 1,000 and five times 100: 195,000 + 10,500 = 205,500, of
/// which three digits are 206,000.
const NEEDED: u64 = 206_000;

#[test]
fn the_same_ten_calls_need_the_same_in_every_form() {
    let records = records();
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    let events: Vec<Value> = records
        .iter()
        .map(|record| json!({"logStreamName": "s", "timestamp": 1, "message": record.to_string(), "eventId": "1"}))
        .collect();
    let results: Vec<Value> = records
        .iter()
        .map(|record| json!([{"field": "@message", "value": record.to_string()}, {"field": "@ptr", "value": "p"}]))
        .collect();
    let quoted = |record: &Value| record.to_string().replace('"', "\"\"");
    let insights: String =
        records.iter().map(|record| format!("2026-10-05,\"{}\"\n", quoted(record))).collect();
    let utf16: Vec<u8> = format!("\u{feff}{lines}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let behind = |text: &str| records.iter().map(|record| format!("{text}{record}\n")).collect::<String>();
    for (name, text) in [
        ("lines", lines.clone().into_bytes()),
        ("members", lines.replace('\n', "").into_bytes()),
        ("bom", format!("\u{feff}{lines}").into_bytes()),
        ("utf-16", utf16),
        ("crlf", lines.replace('\n', "\r\n").into_bytes()),
        ("array", json!(records).to_string().into_bytes()),
        ("pretty", serde_json::to_vec_pretty(&records).expect("JSON")),
        ("filter-log-events", json!({"events": events, "searchedLogStreams": []}).to_string().into_bytes()),
        ("get-query-results", json!({"results": results, "status": "Complete"}).to_string().into_bytes()),
        ("insights", format!("@timestamp,@message\n{insights}").into_bytes()),
        ("export", behind("2026-10-05T14:00:00.000Z ").into_bytes()),
        ("tail", behind("2026-10-05T14:00:00.000000+00:00 aws/bedrock/modelinvocations ").into_bytes()),
        ("quoted", lines.replace(":1000}", ":\"1000\"}").replace(":100}", ":100.0}").into_bytes()),
    ] {
        assert_eq!(safe_quota(&simulated(name, &text, &[])), NEEDED, "{name}");
    }
}

/// What a subscription delivers: gzip in base64, in the events of whoever hands it on.
#[test]
fn the_same_ten_calls_need_the_same_out_of_a_subscription() {
    let records = records();
    let payload = |records: &[Value]| {
        let events: Vec<Value> = records
            .iter()
            .map(|record| json!({"id": "1", "timestamp": 1, "message": record.to_string()}))
            .collect();
        let payload = json!({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "g", "logStream": "s",
            "subscriptionFilters": ["f"], "logEvents": events});
        packed(payload.to_string().as_bytes())
    };
    let control = packed(
        br#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"",
        "subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE"}]}"#,
    );
    let halves = [control, payload(&records[..4]), payload(&records[4..])];
    let kinesis = |data: &String| {
        json!({"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": "p",
        "sequenceNumber": "4", "data": data, "approximateArrivalTimestamp": 1.5}, "eventSource": "aws:kinesis"})
    };
    let stream = |data: &String| {
        json!({"SequenceNumber": "4", "ApproximateArrivalTimestamp": 1.5, "Data": data,
        "PartitionKey": "p"})
    };
    let firehose = |data: &String| json!({"recordId": "r", "approximateArrivalTimestamp": 1, "data": data});
    let list = |each: &dyn Fn(&String) -> Value| halves.iter().map(each).collect::<Vec<Value>>();
    let lines = |each: &dyn Fn(&String) -> String| halves.iter().map(each).collect::<Vec<_>>().join("\r\n");
    for (name, text) in [
        ("one event", json!({"awslogs": {"data": payload(&records)}}).to_string()),
        ("an event a line", lines(&|data| json!({"awslogs": {"data": data}}).to_string())),
        ("an array of events", Value::from(list(&|data| json!({"awslogs": {"data": data}}))).to_string()),
        ("pretty", format!("\u{feff}{:#}", json!({"awslogs": {"data": payload(&records)}}))),
        ("kinesis", json!({"Records": list(&kinesis)}).to_string()),
        ("get-records", json!({"Records": list(&stream), "NextShardIterator": "n", "MillisBehindLatest": 0}).to_string()),
        (
            "firehose",
            json!({"invocationId": "i", "deliveryStreamArn": "arn", "region": "ca-central-1", "records": list(&firehose)})
                .to_string(),
        ),
        ("data alone, a line", lines(&|data| data.clone())),
        ("data alone, in quotes", lines(&|data| format!("\"{data}\""))),
        ("an array of data", json!(halves).to_string()),
        ("messages", json!({"events": list(&|data| json!({"timestamp": 1, "message": data}))}).to_string()),
        // What was unpacked on the way is JSON in base64.
        (
            "unpacked",
            json!({"records": records.iter().map(|record| json!({"recordId": "r",
                "data": base64(record.to_string().as_bytes())})).collect::<Vec<_>>()})
            .to_string(),
        ),
    ] {
        assert_eq!(safe_quota(&simulated(name, text.as_bytes(), &[])), NEEDED, "{name}");
    }
}

#[test]
fn a_payload_that_cannot_be_unpacked_is_an_error_at_its_place() {
    let good = packed(b"{\"logEvents\": []}");
    let zeros = packed(&vec![b' '; (64 << 20) + 1]);
    let within = packed(packed(good.as_bytes()).as_bytes());
    for (data, words) in [
        (format!("{}!", &good[..good.len() - 1]), "not base64"),
        (good[..good.len() / 8 * 4].to_owned(), "not complete gzip data"),
        (packed(&[0xff, 0xfe, 0xfd]), "not UTF-8"),
        (zeros, "larger than 64 MiB"),
        (within, "a payload within a payload"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("e.json"), json!({"awslogs": {"data": data}}).to_string())
            .expect("writing");
        let run = quotaplan(folder.path(), &["simulate", "e.json"]);
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{words}");
        assert!(said.contains("e.json:1:20: error[bad-value]") && said.contains(words), "{words}: {said}");
        assert!(!said.contains("H4sI"), "nothing of it is shown: {said}");
    }
}

/// Gzip in base64.
fn packed(bytes: &[u8]) -> String {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut writer, bytes).expect("in memory");
    base64(&writer.finish().expect("in memory"))
}

fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

/// Athena's table has no bodies: the limit is not known. At the model's maximum, 64,000, the same is needed.
#[test]
fn a_table_without_bodies_needs_the_same_at_the_models_maximum() {
    let rows = (0..10).map(|second| {
        format!("2026-10-05T14:00:{second:02}Z,us.anthropic.claude-haiku-4-5-20251001-v1:0,ca-central-1,1000,100\n")
    });
    let header = "timestamp,modelid,region,input.inputtokencount,output.outputtokencount\n";
    let simulation = simulated("athena.csv", (header.to_owned() + &rows.collect::<String>()).as_bytes(), &[]);
    assert_eq!(simulation["at_maximum"]["band"]["high"], NEEDED);
}

#[test]
fn other_records_do_not_stop_a_log() {
    let mut records = records();
    let of = |record: &Value, key: &str, value: &str| {
        let mut changed = record.clone();
        changed[key] = json!(value);
        changed
    };
    let first = records[0].clone();
    let provisioned = "arn:aws:bedrock:ca-central-1:111122223333:provisioned-model/abc";
    records.push(of(&first, "modelId", provisioned));
    records.push(of(&first, "modelId", "stability.sd3-5-large-v1:0"));
    records.push(of(&first, "region", "us-west-2"));
    records.extend([
        of(&first, "errorCode", "AccessDeniedException"),
        of(&first, "errorCode", "ThrottlingException"),
    ]);
    let simulation = simulated("log.json", json!(records).to_string().as_bytes(), &[]);
    assert_eq!(safe_quota(&simulation), NEEDED);
    let left_out = |reason: &str, name: &str| json!({"reason": reason, "name": name, "records": 1});
    let read = &simulation["trace"]["read"];
    assert_eq!((&read["records"], &read["failed"]), (&json!(15), &json!(2)));
    let listed = read["left_out"].as_array().expect("a list");
    assert_eq!(listed.len(), 5);
    for expected in [
        left_out("provisioned", provisioned),
        left_out("unknown-model", "stability.sd3-5-large-v1:0"),
        left_out("other-region", "us-west-2"),
        left_out("failed", "AccessDeniedException"),
        left_out("failed", "ThrottlingException"),
    ] {
        assert!(listed.contains(&expected), "{expected} in {listed:?}");
    }
}

/// 120 requests, 2.5 s apart: the last comes 297.5 s behind the first.
#[test]
fn a_qwen_bailian_trace_lasts_as_many_seconds_as_it_says() {
    let line = |chat: u32| {
        let timestamp = f64::from(chat) * 2.5;
        let ids: Vec<u32> = (chat * 33..chat * 33 + 33).collect();
        format!(
            "{{\"chat_id\": {chat}, \"timestamp\": {timestamp:?}, \"input_length\": 521, \"output_length\": 132, \"hash_ids\": {ids:?}}}\n"
        )
    };
    let text: String = (0..120).map(line).collect();
    let simulation = simulated("qwen.jsonl", text.as_bytes(), &["--model", "haiku-4.5", "--scope", "us"]);
    assert_eq!(simulation["trace"]["duration_seconds"], 297.5);
    assert_eq!(simulation["trace"]["read"]["without_blocks"], 0);
}
