//! The forms in which people hold a log: the same records in each of them are the same requests.

use proptest::prelude::*;
use quotaplan::trace::OutputLimit;
use serde_json::{Value, json};

use super::{ReadOptions, all, outcome, whole, zipped};

/// What a request must be read as: arrival, input, cache reads and writes, output, limit, model.
type Expected = (i64, u64, u64, u64, u64, OutputLimit, String);

/// Figures of a record.
#[derive(Debug, Clone)]
struct Figures {
    second: u32,
    input: u64,
    read: u64,
    write: u64,
    output: u64,
    limit: Option<u64>,
    converse: bool,
    haiku: bool,
    prompt: String,
}

/// 2026-10-05T14:00:00Z in seconds.
const START: i64 = 1_791_208_800;

const HAIKU: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const SONNET: &str =
    "arn:aws:bedrock:ca-central-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6";

impl Figures {
    fn time(&self) -> String {
        format!("2026-10-05T14:{:02}:{:02}Z", self.second / 60, self.second % 60)
    }

    fn model(&self) -> &'static str {
        if self.haiku { HAIKU } else { SONNET }
    }

    fn body(&self) -> Value {
        let mut body = json!({"messages": [{"role": "user", "content": self.prompt}]});
        if let Some(limit) = self.limit {
            let (key, value) = match self.converse {
                true => ("inferenceConfig", json!({"maxTokens": limit})),
                false => ("max_tokens", json!(limit)),
            };
            body[key] = value;
        }
        body
    }

    fn record(&self, count: impl Fn(u64) -> Value, body: &Value) -> Value {
        json!({
            "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": self.time(),
            "accountId": "111122223333", "region": "ca-central-1", "requestId": "r",
            "operation": if self.converse { "Converse" } else { "InvokeModel" }, "modelId": self.model(),
            "input": {
                "inputContentType": "application/json", "inputBodyJson": body, "inputTokenCount": count(self.input),
                "cacheReadInputTokenCount": count(self.read), "cacheWriteInputTokenCount": count(self.write),
            },
            "output": {
                "outputContentType": "application/json", "outputBodyJson": {}, "outputTokenCount": count(self.output),
            },
        })
    }

    fn expected(&self) -> Expected {
        let at = (START + i64::from(self.second)) * 1_000_000;
        let limit = self.limit.map_or(OutputLimit::Unset, OutputLimit::Stated);
        (at, self.input, self.read, self.write, self.output, limit, self.model().to_owned())
    }
}

fn figures() -> impl Strategy<Value = Figures> {
    let counts = (0..3_000_u64, 0..50_000_u64, 0..9_000_u64, 0..700_u64);
    let prompt = "[ -~é\n\t]{0,30}|\\{\"a\": \\[1\\]\\}|say \"hi\", \\{x\\}; \\\\";
    (0..3_000_u32, counts, prop::option::of(1..60_000_u64), any::<bool>(), any::<bool>(), prompt).prop_map(
        |(second, (input, read, write, output), limit, converse, haiku, prompt)| Figures {
            second,
            input,
            read,
            write,
            output,
            limit,
            converse,
            haiku,
            prompt,
        },
    )
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A payload that a subscription delivers.
fn payload(kind: &str, messages: &[String]) -> String {
    let events: Vec<Value> =
        messages.iter().map(|message| json!({"id": "1", "timestamp": 1, "message": message})).collect();
    json!({
        "messageType": kind, "owner": "1", "logGroup": "g", "logStream": "s", "subscriptionFilters": ["f"],
        "logEvents": events,
    })
    .to_string()
}

/// The columns of a query of CloudWatch Logs Insights, with their values.
fn columns(figures: &Figures) -> Vec<(&'static str, String)> {
    let limit = figures.limit.map(|limit| limit.to_string()).unwrap_or_default();
    let (max_tokens, converse) =
        if figures.converse { (String::new(), limit) } else { (limit, String::new()) };
    vec![
        ("timestamp", figures.time()),
        ("modelId", figures.model().to_owned()),
        ("input.inputTokenCount", figures.input.to_string()),
        ("input.cacheReadInputTokenCount", figures.read.to_string()),
        ("input.cacheWriteInputTokenCount", figures.write.to_string()),
        ("output.outputTokenCount", figures.output.to_string()),
        ("input.inputBodyJson.max_tokens", max_tokens),
        ("input.inputBodyJson.inferenceConfig.maxTokens", converse),
    ]
}

/// Every form with its name; whether it has the bodies, or the limits out of them.
fn forms(all: &[Figures]) -> Vec<(&'static str, bool, Vec<u8>)> {
    let records: Vec<Value> =
        all.iter().map(|figures| figures.record(Value::from, &figures.body())).collect();
    let texts: Vec<String> = records.iter().map(Value::to_string).collect();
    let pretty = |value: &Value| serde_json::to_string_pretty(value).expect("JSON is written");
    let lines = |end: &str| texts.iter().map(|text| format!("{text}{end}")).collect::<String>();
    let each = |words: &dyn Fn(&str) -> String| texts.iter().map(|text| words(text)).collect::<String>();
    let quoted = |count: &dyn Fn(u64) -> Value| {
        all.iter().map(|figures| format!("{}\n", figures.record(count, &figures.body()))).collect::<String>()
    };
    let events: Vec<Value> =
        texts.iter().map(|text| json!({"logStreamName": "s", "timestamp": 1, "message": text})).collect();
    let row = |fields: &[(&str, String)]| -> Value {
        let fields = fields.iter().filter(|(_, value)| !value.is_empty());
        fields.map(|(field, value)| json!({"field": field, "value": value})).collect()
    };
    let messages: Vec<Value> = texts
        .iter()
        .map(|text| row(&[("@timestamp", "2026-10-05 14:00:00.000".to_owned()), ("@message", text.clone())]))
        .collect();
    let rows: Vec<Value> = all.iter().map(|figures| row(&columns(figures))).collect();
    let names = columns(&all[0]).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(",");
    let cells = |figures: &Figures| {
        columns(figures).into_iter().map(|(_, value)| cell(&value)).collect::<Vec<_>>().join(",")
    };
    let table: String = all.iter().map(|figures| format!("{}\n", cells(figures))).collect();
    let athena: String = all
        .iter()
        .map(|f| {
            let counts = [f.input, f.read, f.write, f.output].map(|count| cell(&count.to_string())).join(",");
            format!("{},{},{counts}\n", cell(&f.time()), cell(f.model()))
        })
        .collect();
    let structs: String = all
        .iter()
        .map(|f| {
            let (i, r, w, o) = (f.input, f.read, f.write, f.output);
            let input = format!(
                "{{inputtokencount={i}, cachereadinputtokencount={r}, cachewriteinputtokencount={w}}}"
            );
            let output = cell(&format!("{{outputtokencount={o}}}"));
            format!("{},{},{},{output}\n", cell(&f.time()), cell(f.model()), cell(&input))
        })
        .collect();
    let notice =
        payload("CONTROL_MESSAGE", &["CWL CONTROL MESSAGE: Checking health of destination.".to_owned()]);
    let half = texts.len() / 2;
    let payloads = [notice, payload("DATA_MESSAGE", &texts[..half]), payload("DATA_MESSAGE", &texts[half..])];
    let members =
        |texts: &[String]| texts.iter().flat_map(|text| zipped(text.as_bytes())).collect::<Vec<u8>>();
    let text = |name, text: String| (name, true, text.into_bytes());
    vec![
        text("lines", lines("\n")),
        text("CRLF", lines("\r\n")),
        text("no newline at the end", texts.join("\n")),
        text("a byte order mark", format!("\u{feff}{}", lines("\n"))),
        text("no newline between", lines("")),
        text("an array", Value::from(records.clone()).to_string()),
        text("a pretty array", pretty(&Value::from(records.clone())).replace('\n', "\r\n")),
        text("pretty", records.iter().map(|record| pretty(record) + "\n").collect()),
        text("counts in quotes", quoted(&|count| Value::from(count.to_string()))),
        text(
            "counts with a fraction of zero",
            quoted(&|count| format!("{count}.0").parse().expect("a number")),
        ),
        text(
            "bodies as text",
            all.iter()
                .map(|figures| {
                    format!("{}\n", figures.record(Value::from, &figures.body().to_string().into()))
                })
                .collect(),
        ),
        text("filter-log-events", pretty(&json!({"events": events, "searchedLogStreams": []}))),
        text("a page", json!({"nextToken": null, "searchedLogStreams": [], "events": events}).to_string()),
        text("get-log-events", json!({"events": events, "nextForwardToken": "f/1"}).to_string()),
        text("events[].message", pretty(&Value::from(texts.clone()))),
        text("get-query-results", pretty(&json!({"results": messages, "status": "Complete"}))),
        text("get-query-results with fields", json!({"status": "Complete", "results": rows}).to_string()),
        text(
            "Logs Insights",
            format!(
                "@timestamp,@message\n{}",
                each(&|text| format!("2026-10-05 14:00:00.000,{}\n", cell(text)))
            ),
        ),
        text("Logs Insights, CRLF", format!("\u{feff}@message\r\n{}", each(&|text| cell(text) + "\r\n"))),
        text("Logs Insights with fields", format!("{names}\n{table}")),
        text("an export task", each(&|text| format!("2026-10-05T14:00:00.000Z {text}\n"))),
        text("logs tail", each(&|text| format!("2026-10-05T14:00:00.123000+00:00 aws/bedrock {text}\n"))),
        text("logs tail --format short", each(&|text| format!("2026-10-05T14:00:00 {text}\n"))),
        text(
            "logs tail --format json",
            records
                .iter()
                .map(|record| format!("2026-10-05T14:00:00.123000+00:00 aws/bedrock\n{}\n\n", pretty(record)))
                .collect(),
        ),
        text("a subscription", payloads.concat()),
        text("a subscription, a payload a line", payloads.join("\n")),
        ("members of gzip", true, members(&texts)),
        ("payloads, each compressed", true, members(&payloads)),
        (
            "Athena",
            false,
            format!(
                "\"timestamp\",\"modelid\",\"inputtokencount\",\"cachereadinputtokencount\",\
                 \"cachewriteinputtokencount\",\"outputtokencount\"\n{athena}"
            )
            .into_bytes(),
        ),
        (
            "Athena with structures",
            false,
            format!("\"timestamp\",\"modelid\",\"input\",\"output\"\n{structs}").into_bytes(),
        ),
    ]
}

fn read(name: &str, bytes: &[u8]) -> Vec<Expected> {
    let shown = outcome(bytes, &ReadOptions::default()).shown;
    assert_eq!(shown, "", "{name}");
    let requests = all(&whole(bytes, &ReadOptions::default())).into_iter().map(|(request, target)| {
        (
            request.arrival_microseconds,
            request.input_tokens,
            request.cache_read_tokens,
            request.cache_write_tokens,
            request.output_tokens,
            request.max_tokens,
            target.name.expect("a record names its model"),
        )
    });
    requests.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_form_gives_the_same_requests(all in prop::collection::vec(figures(), 1..8)) {
        let mut expected: Vec<Expected> = all.iter().map(Figures::expected).collect();
        expected.sort_by_key(|request| request.0);
        for (name, has_limits, bytes) in forms(&all) {
            // A query's column that is empty shows no body; a log that holds none says nothing of limits.
            let is_query = name.ends_with("with fields");
            let without = |limit: OutputLimit| match limit {
                OutputLimit::Unset if is_query => OutputLimit::Unknown,
                limit if has_limits => limit,
                _ => OutputLimit::Unknown,
            };
            let expected: Vec<Expected> = expected
                .iter()
                .cloned()
                .map(|(at, input, read, write, output, limit, model)| (at, input, read, write, output, without(limit), model))
                .collect();
            prop_assert_eq!(read(name, &bytes), expected, "{}", name);
        }
    }
}

/// What stands behind a point is no part of a token.
#[test]
fn a_fraction_of_a_token_is_an_error() {
    for (count, is_whole) in
        [("120", true), ("120.0", true), ("\"120\"", true), ("120.5", false), ("\"120.5\"", false)]
    {
        let record = format!(
            "{{\"timestamp\":\"2026-10-05T14:00:00Z\",\"region\":\"ca-central-1\",\"modelId\":\"{HAIKU}\",\"input\":\
             {{\"inputTokenCount\":{count}}},\"output\":{{\"outputTokenCount\":3}}}}\n"
        );
        let found = outcome(record.as_bytes(), &ReadOptions::default());
        assert_eq!(
            found.trace.map(|trace| trace.requests().next().map(|request| request.input_tokens)),
            is_whole.then_some(Some(120)),
            "{count}"
        );
        assert_eq!(
            found.shown.contains("bad-number]: `input.inputTokenCount` is not a whole number"),
            !is_whole,
            "{count}"
        );
    }
}

/// What is not on-demand text traffic from here does not stop the rest.
#[test]
fn foreign_records_are_counted_by_reason_and_name() {
    let record = |region: &str, model: &str, error: &str| {
        let error = if error.is_empty() { String::new() } else { format!("\"errorCode\":\"{error}\",") };
        format!(
            "{{\"timestamp\":\"2026-10-05T14:00:00Z\",\"region\":\"{region}\",{error}\"modelId\":\"{model}\",\"input\":\
             {{\"inputTokenCount\":5}},\"output\":{{\"outputTokenCount\":3}}}}\n"
        )
    };
    let arn = |rest: &str| format!("arn:aws:bedrock:ca-central-1:111122223333:{rest}");
    let here = |model: &str| record("ca-central-1", model, "");
    let log = [
        here(HAIKU),
        here(&arn("provisioned-model/abc")),
        here(&arn("provisioned-model/abc")),
        here(&arn("custom-model/anthropic.claude/abc")),
        here(&arn("imported-model/abc")),
        here(&arn("application-inference-profile/abc")),
        here(&arn("prompt/ABC:1")),
        here("stability.sd3-5-large-v1:0"),
        record("us-west-2", HAIKU, ""),
        record("ca-central-1", HAIKU, "ThrottlingException"),
        record("ca-central-1", HAIKU, "AccessDeniedException"),
        record("ca-central-1", HAIKU, "ThrottlingException"),
    ];
    let trace = whole(log.concat(), &ReadOptions::default());
    let counts = trace.counts();
    assert_eq!((trace.len(), counts.records, counts.failed, counts.left_out), (1, 12, 3, 8));
    let listed: Vec<String> = trace
        .left_out()
        .iter()
        .map(|left_out| format!("{} {} {}", left_out.reason.as_str(), left_out.name, left_out.records))
        .collect();
    let custom = arn("custom-model/anthropic.claude/abc");
    let expected = [
        "failed ThrottlingException 2".to_owned(),
        "failed AccessDeniedException 1".to_owned(),
        "unknown-model stability.sd3-5-large-v1:0 1".to_owned(),
        format!("provisioned {} 2", arn("provisioned-model/abc")),
        format!("custom-model {custom} 1"),
        format!("custom-model {} 1", arn("imported-model/abc")),
        format!("application-profile {} 1", arn("application-inference-profile/abc")),
        format!("prompt {} 1", arn("prompt/ABC:1")),
        "other-region us-west-2 1".to_owned(),
    ];
    assert_eq!(listed, expected);
    let nothing = outcome(log[1..].concat().as_bytes(), &ReadOptions::default()).shown;
    assert!(nothing.contains("error[no-rows]") && nothing.contains("ThrottlingException: 2"), "{nothing}");
}
