//! Model-invocation logs: what is a request, and that nothing of a prompt is ever shown.

use proptest::prelude::*;
use quotaplan::catalog::Scope;
use quotaplan::trace::{OutputLimit, ReadOptions};

use super::formats::LOG;
use super::{Outcome, all, figures, given, outcome, said, whole};
use crate::properties::cases;
use crate::support::damaged;

fn record(rest: &str) -> String {
    format!(
        "{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-11-20T12:00:00Z\",\"region\":\"ca-central-1\",{rest}}}\n"
    )
}

const MODEL: &str = "\"modelId\":\"global.anthropic.claude-sonnet-5\"";
const COUNTS: &str = "\"input\":{\"inputTokenCount\":3},\"output\":{\"outputTokenCount\":4}";

#[test]
fn a_record_is_a_request_with_all_it_tells() {
    let trace = whole(LOG, &ReadOptions::default());
    assert_eq!(figures(&trace), [(1_795_176_000_000_000, 25, 150, 7, 9)]);
    let (request, target) = all(&trace).remove(0);
    assert_eq!(
        (request.max_tokens, request.latency_microseconds),
        (OutputLimit::Stated(4096), Some(1_234_000))
    );
    assert_eq!(target.scope, Some(Scope::Us));
    assert_eq!((trace.counts().notices, trace.counts().records), (1, 1));
}

#[test]
fn latency_is_found_where_each_api_has_it() {
    for (output, latency) in [
        ("{\"metrics\":{\"latencyMs\":12.5}}", Some(12_500)),
        ("{\"metrics\":{\"latencyMs\":-1}}", None),
        ("{\"metrics\":7}", None),
        (
            "[{\"type\":\"message_start\"},{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":7,\"invocationLatency\":4069,\"firstByteLatency\":1117}}]",
            Some(4_069_000),
        ),
        ("[1, \"x\", {}]", None),
        ("\"text\"", None),
    ] {
        let body = format!(
            "{MODEL},\"input\":{{\"inputTokenCount\":3}},\"output\":{{\"outputBodyJson\":{output},\"outputTokenCount\":4}}"
        );
        let trace = whole(record(&body), &ReadOptions::default());
        assert_eq!(trace.get(0).expect("one").latency_microseconds, latency, "{output}");
    }
}

#[test]
fn failed_and_unmetered_calls_are_left_out_and_counted() {
    let text = [
        record(&format!("{MODEL},\"errorCode\":\"ThrottlingException\",\"input\":{{}},\"output\":{{}}")),
        record(&format!("{MODEL},{COUNTS}")),
        record(MODEL),
        record("\"modelId\":\"amazon.titan-embed-text-v2:0\",\"errorCode\":null,\"input\":{\"inputTokenCount\":5},\"output\":{}"),
    ]
    .concat();
    let trace = whole(&text, &ReadOptions::default());
    let counts = trace.counts();
    assert_eq!((counts.records, counts.failed, counts.unmetered, counts.without_output), (4, 1, 1, 1));
    assert_eq!(trace.len(), 2);
    let scopes: Vec<_> = all(&trace).into_iter().map(|(_, target)| target.scope).collect();
    // A model without a profile is called in the Region.
    assert_eq!(scopes, [Some(Scope::Global), Some(Scope::InRegion)]);
    let failed = record(&format!("{MODEL},\"errorCode\":\"ThrottlingException\""));
    let Outcome { shown, .. } = outcome(failed.as_bytes(), &ReadOptions::default());
    assert!(shown.contains("no-rows") && shown.contains("1 failed (ThrottlingException: 1)"), "{shown}");
}

/// Writers that fill every key leave the code of a call that succeeded empty.
#[test]
fn an_empty_error_code_is_none() {
    for code in ["\"\"", "\" \"", "null"] {
        let trace = whole(record(&format!("{MODEL},\"errorCode\":{code},{COUNTS}")), &ReadOptions::default());
        assert_eq!((trace.len(), trace.counts().failed), (1, 0), "{code}");
    }
}

#[test]
fn models_are_named_by_ids_profiles_and_arns() {
    let arn = |rest: &str| record(&format!("\"modelId\":\"arn:aws:bedrock:{rest}\",{COUNTS}"));
    let profile =
        arn("ca-central-1:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0");
    assert_eq!(all(&whole(profile, &ReadOptions::default()))[0].1.scope, Some(Scope::Us));
    let application = arn("ca-central-1:111122223333:application-inference-profile/abc123");
    let Outcome { shown, .. } = outcome(application.as_bytes(), &ReadOptions::default());
    assert!(shown.contains("error[no-rows]") && shown.contains("profile/abc123: 1"), "{shown}");
    let mut options = ReadOptions::default();
    options.aliases.insert(
        "arn:aws:bedrock:ca-central-1:111122223333:application-inference-profile/abc123".to_owned(),
        "haiku-4.5/us".to_owned(),
    );
    assert_eq!(all(&whole(&application, &options))[0].1.scope, Some(Scope::Us));
    let elsewhere = record(&format!("{MODEL},{COUNTS}")).replace("ca-central-1", "us-east-1").repeat(3);
    assert_eq!(
        said(&elsewhere, &ReadOptions::default()),
        ["t: error[other-region]: every call was made from another Region than ca-central-1"]
    );
    let trace = whole(&elsewhere, &given());
    assert_eq!((trace.len(), trace.counts().other_region), (3, 3));
}

const SECRET: &str = "SECRET";

#[test]
fn a_malformed_record_has_its_place_and_shows_nothing() {
    let good = record(&format!("{MODEL},{COUNTS}"));
    let body = format!("\"input\":{{\"inputBodyJson\":{{\"text\":\"{SECRET}\"}},\"inputTokenCount\":3}}");
    for (line, place, what) in [
        (
            record(&format!("{MODEL},\"input\":{{\"inputTokenCount\":\"{SECRET}\"}}")),
            "\"SECRET\"",
            "bad-number]: `input.inputTokenCount` is not a number",
        ),
        (
            record(&format!("{MODEL},\"input\":{{\"inputTokenCount\":-3}}")),
            "-3",
            "bad-number]: `input.inputTokenCount` is negative",
        ),
        (
            record(&format!("{MODEL},\"input\":{{\"inputTokenCount\":3.5}}")),
            "3.5",
            "bad-number]: `input.inputTokenCount` is not a whole number",
        ),
        (
            record(&format!("\"modelId\":\"tell me {SECRET}\",{COUNTS}")),
            "\"tell",
            "bad-value]: `modelId` is not the id or ARN of a model or profile",
        ),
        (
            record(&format!("\"modelId\":7,{COUNTS}")),
            "7,",
            "bad-value]: `modelId` is not the id or ARN of a model or profile",
        ),
        (record(COUNTS), "{", "missing-value]: `modelId` is missing"),
        (
            record(&format!("{MODEL},\"output\":{{\"outputTokenCount\":3}}")),
            "{",
            "missing-value]: `input.inputTokenCount` is missing",
        ),
        (
            record(&format!("{MODEL},{body}")).replace("2026-11-20T12", SECRET),
            "\"SECRET",
            "bad-value]: `timestamp` is not a time",
        ),
        (format!("{{{MODEL},{body}}}\n"), "{", "missing-value]: `timestamp` is missing"),
        (format!("{SECRET}\n"), SECRET, "bad-value]: the line is not a JSON object"),
        (record(&format!("\"input\":\"{SECRET}\",{MODEL}")), "", "bad-value]: a value has the wrong type"),
        (
            record(&format!("{MODEL},\"modelId\":\"{SECRET}\",{COUNTS}")),
            "",
            "bad-value]: a key appears twice in one object",
        ),
        (record(&format!("{MODEL},{body}")).replace("}}", ""), "", "bad-value]: not JSON: "),
        (format!("{} {SECRET}\n", good.trim()), SECRET, "bad-value]: the line is not a JSON object"),
    ] {
        let text = format!("{good}\r\n{line}");
        let Outcome { trace, shown } = outcome(text.as_bytes(), &ReadOptions::default());
        assert!(trace.is_none() && !shown.contains(SECRET), "{shown}");
        assert!(shown.contains(what), "{what}: {shown}");
        // Without a text to point at the line alone is held.
        let column = line.find(place).expect("it is there") + 1;
        let start = if place.is_empty() { "t:3:".to_owned() } else { format!("t:3:{column}: ") };
        assert!(shown.starts_with(&start), "{start} {shown}");
        assert_eq!(shown.lines().count(), 2, "a line and its help: {shown}");
    }
}

/// Without its first character a log is taken for a CSV, and for none that is known.
#[test]
fn a_log_that_is_not_known_for_one_shows_nothing_either() {
    let good = format!("{{\"input\":{{\"inputBodyJson\":\"{SECRET}\"}},{}", &record(MODEL)[1..]);
    for start in [&b"\xff"[..], b"x", b"\"", b"[", b" {\"a\":1}\n", b"{ "] {
        let bytes = [start, &good.as_bytes()[1..], b"\xff\n"].concat();
        let Outcome { trace, shown } = outcome(&bytes, &ReadOptions::default());
        assert!(trace.is_none() && !shown.is_empty() && !shown.contains(SECRET), "{shown}");
    }
}

proptest! {
    #![proptest_config(cases(192))]

    /// Wherever a log is damaged, no word of a prompt, answer or error is seen.
    #[test]
    fn no_damage_shows_a_prompt(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
        pieces in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(vec!["\n", "\"", "{", "}", "\\", ",", ":", "\u{0}", "\\ud800"])),
            0..4,
        ),
    ) {
        // Four letters in a row are far from any word of the program's own.
        let text = "zqxj".repeat(8);
        let one = record(&format!(
            "{MODEL},\"input\":{{\"inputBodyJson\":{{\"{text}\":\"{text} \\\"{text}\\\"\"}},\"inputTokenCount\":3}},\
             \"output\":{{\"outputBodyJson\":[\"{text}\"],\"outputTokenCount\":4}},\"identity\":{{\"arn\":\"{text}\"}}"
        ));
        let mut bytes = damaged(one.repeat(2).into_bytes(), &changes, &pieces);
        // At least its format can still be told.
        bytes.truncate(cut.index(bytes.len()).max(200).min(bytes.len()));
        let Outcome { shown, .. } = outcome(&bytes, &ReadOptions::default());
        prop_assert!(!shown.contains("zqxj"), "{}", shown);
    }
}
