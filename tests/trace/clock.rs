//! The unit of times that count from a trace's own start, and the traces of blocks of 16 tokens.

use quotaplan::trace::{Format, ReadOptions};

use super::{Outcome, figures, given, outcome, whole};

fn qwen(chat: u32, timestamp: &str, input: u64, ids: &[u64]) -> String {
    format!(
        "{{\"chat_id\": {chat}, \"parent_chat_id\": -1, \"timestamp\": {timestamp}, \"input_length\": {input}, \
         \"output_length\": 7, \"type\": \"text\", \"turn\": 1, \"hash_ids\": {ids:?}}}\n"
    )
}

fn mooncake(timestamp: &str) -> String {
    format!(
        "{{\"timestamp\": {timestamp}, \"input_length\": 100, \"output_length\": 7, \"hash_ids\": [1]}}\n"
    )
}

fn warned(text: &str) -> String {
    let Outcome { trace, shown } = outcome(text.as_bytes(), &given());
    assert!(trace.is_some(), "{shown}");
    shown
}

#[test]
fn qwen_bailian_has_seconds_and_blocks_of_sixteen_tokens() {
    // 40 tokens are two full blocks and a third that is not; the second request shares the first of them.
    let text = [qwen(0, "0.0", 40, &[1, 2, 3]), qwen(1, "2.5", 40, &[1, 4, 5]), qwen(2, "61.114", 15, &[9])]
        .concat();
    let trace = whole(&text, &given());
    assert_eq!(trace.format(), Format::QwenBailian);
    assert_eq!(figures(&trace), [(0, 8, 7, 0, 32), (2_500_000, 8, 7, 16, 16), (61_114_000, 15, 7, 0, 0)]);
    // Whole seconds too: `chat_id` shows the format.
    let text = [qwen(0, "0", 16, &[1]), qwen(1, "2", 16, &[1]), qwen(2, "4", 16, &[1])].concat();
    assert_eq!(whole(&text, &given()).duration_microseconds(), 4_000_000);
}

#[test]
fn blocks_of_another_size_are_refused() {
    let Outcome { trace, shown } = outcome(qwen(0, "0", 40, &[1, 2, 3, 4]).as_bytes(), &given());
    assert!(trace.is_none());
    assert!(shown.contains("4 `hash_ids` for 40 tokens, which are 3 blocks of 16"), "{shown}");
}

#[test]
fn milliseconds_that_fit_seconds_better_are_warned_of() {
    let of = |times: &[&str]| times.iter().map(|time| mooncake(time)).collect::<String>();
    // One request a second would be one a millisecond.
    let shown = warned(&of(&["0", "1", "2", "60"]));
    assert!(shown.starts_with("t: warning[ambiguous-time]: "), "{shown}");
    assert!(shown.contains("the trace lasts 1 min 0 s in seconds, 0.0 s in milliseconds"), "{shown}");
    // As Mooncake has them: a request every few seconds.
    assert_eq!(warned(&of(&["0", "3000", "6000"])), "");
    assert_eq!(whole(of(&["0", "3000", "6000"]), &given()).duration_microseconds(), 6_000_000);
    // Fractions that fit seconds alone.
    let text = of(&["0.25", "1.5", "4.25"]);
    assert_eq!(warned(&text), "");
    assert_eq!(whole(&text, &given()).duration_microseconds(), 4_000_000);
    // Fractions that fit either: seconds, with a warning.
    let text = of(&["0.5", "100.5", "200.5"]);
    let Outcome { trace, shown } = outcome(text.as_bytes(), &given());
    assert_eq!(trace.expect("a warning alone").duration_microseconds(), 200_000_000);
    assert!(shown.contains("the trace lasts 3 min 20 s in seconds, 0.2 s in milliseconds"), "{shown}");
    // Two requests show no rate.
    assert_eq!(warned(&of(&["0", "1"])), "");
}

#[test]
fn seconds_that_fit_milliseconds_better_are_warned_of() {
    let burst = |times: &[&str]| {
        let rows = times.iter().map(|time| format!("{time},GPT-4,10,5,15,API log\n"));
        let header = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n";
        header.to_owned() + &rows.collect::<String>()
    };
    let shown = warned(&burst(&["0", "3000", "6000"]));
    assert!(shown.contains("the trace lasts 1 h 40 min in seconds, 6.0 s in milliseconds"), "{shown}");
    assert_eq!(warned(&burst(&["0", "3", "6"])), "");
    let own = |times: &[&str]| {
        let rows = times.iter().map(|time| format!("{time},10,5\n"));
        "timestamp,input_tokens,output_tokens\n".to_owned() + &rows.collect::<String>()
    };
    assert!(warned(&own(&["0", "5000", "10000"])).contains("ambiguous-time"));
    // Since 1970 there is no doubt: one request an hour.
    assert_eq!(warned(&own(&["1700000000", "1700003600", "1700007200"])), "");
}

#[test]
fn seconds_and_milliseconds_since_1970_are_one_time() {
    let rows = "1795356300,10,5\n1795356300250,10,5\n2026-11-22T14:05:00.5Z,10,5\n";
    let trace = whole(format!("timestamp,input_tokens,output_tokens\n{rows}"), &given());
    let first = 1_795_356_300_000_000;
    assert_eq!(trace.arrivals_microseconds(), [first, first + 250_000, first + 500_000]);
}

fn gpt(input: u64, read: u64, write: u64, answer: &str) -> String {
    format!(
        "{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-11-20T12:00:00Z\",\"region\":\"ca-central-1\",\
         \"modelId\":\"us.openai.gpt-5.6-sol\",\"input\":{{\"inputTokenCount\":{input},\"cacheReadInputTokenCount\":{read},\
         \"cacheWriteInputTokenCount\":{write}}},\"output\":{{\"outputTokenCount\":100{answer}}}}}\n"
    )
}

#[test]
fn a_gpt_record_proves_whether_its_input_includes_what_was_cached() {
    let body = |usage: &str| format!(",\"outputBodyJson\":{{\"usage\":{usage}}}");
    let options = ReadOptions::default();
    // 1,000 with 600 of them cached: the total is 1,000 + 100.
    for usage in [
        "{\"total_tokens\":1100}",
        "{\"prompt_tokens\":1000,\"completion_tokens\":100}",
        "{\"totalTokens\":1100}",
    ] {
        let trace = whole(gpt(1_000, 500, 100, &body(usage)), &options);
        let request = trace.get(0).expect("one");
        assert_eq!(
            (request.input_tokens, request.cache_read_tokens, request.cache_write_tokens),
            (400, 500, 100)
        );
        assert_eq!((trace.counts().cache_included, trace.counts().cache_open), (1, 0), "{usage}");
    }
    // The parts come to 1,700, the total of the answer.
    let trace = whole(gpt(1_000, 500, 100, &body("{\"total_tokens\":1700}")), &options);
    assert_eq!(trace.get(0).expect("one").input_tokens, 1_000);
    assert_eq!((trace.counts().cache_included, trace.counts().cache_open), (0, 0));
    // More cached than there is input: it cannot include it.
    let trace = whole(gpt(500, 500, 100, ""), &options);
    assert_eq!((trace.counts().cache_included, trace.counts().cache_open), (0, 0));
    // Nothing shows it.
    for answer in [String::new(), body("{\"total_tokens\":1234}"), body("{}")] {
        let trace = whole(gpt(1_000, 500, 100, &answer), &options);
        assert_eq!(trace.get(0).expect("one").input_tokens, 1_000);
        assert_eq!(trace.counts().cache_open, 1);
        let (requests, included) = trace.with_cached_in_input().expect("it is open");
        assert_eq!((requests, included.get(0).expect("one").input_tokens), (1, 400));
    }
    assert!(whole(gpt(1_000, 0, 0, ""), &options).with_cached_in_input().is_none());
}
