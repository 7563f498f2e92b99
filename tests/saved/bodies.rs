//! The bodies that `invoke-model` saves, a form a provider, with what each call used.

use quotaplan::answers::CallUsage;
use quotaplan::saved::{self, Saved};
use quotaplan::text::Code;

use super::written::files;

fn read(text: &str) -> (Vec<Saved>, Vec<(Code, String)>) {
    let (sources, ids, mut diagnostics) = files(vec![text.to_owned()]);
    let found = saved::usages(&sources, ids[0], &mut diagnostics);
    let said = diagnostics.iter().map(|diagnostic| (diagnostic.code, diagnostic.message.clone())).collect();
    (found, said)
}

/// Input without the cache, output, cache reads, cache writes.
type Counts = (u64, u64, Option<u64>, Option<u64>);

const BODIES: [(&str, Counts, Option<&str>); 12] = [
    (
        r#"{"model":"claude-haiku-4-5-20251001","type":"message","stop_reason":"end_turn","usage":{"input_tokens":3,
        "cache_creation_input_tokens":8857,"cache_read_input_tokens":20000,
        "cache_creation":{"ephemeral_5m_input_tokens":8857,"ephemeral_1h_input_tokens":0},"output_tokens":142}}"#,
        (3, 142, Some(20_000), Some(8857)),
        Some("end_turn"),
    ),
    (r#"{"usage":{"input_tokens":7,"output_tokens":9}}"#, (7, 9, None, None), None),
    (
        r#"{"output":{"message":{"content":[{"text":"x"}]}},"stopReason":"max_tokens","usage":{"inputTokens":11,
        "outputTokens":5,"totalTokens":16,"cacheReadInputTokenCount":40,"cacheWriteInputTokenCount":0}}"#,
        (11, 5, Some(40), Some(0)),
        Some("max_tokens"),
    ),
    (
        r#"{"usage":{"inputTokens":1,"outputTokens":2,"cacheReadInputTokens":3,"cacheWriteInputTokens":null}}"#,
        (1, 2, Some(3), None),
        None,
    ),
    (
        r#"{"inputTextTokenCount":6,"results":[{"tokenCount":31,"outputText":"x","completionReason":"FINISHED"}]}"#,
        (6, 31, None, None),
        Some("FINISHED"),
    ),
    (r#"{"embedding":[0.1,0.2],"inputTextTokenCount":17}"#, (17, 0, None, None), None),
    (
        r#"{"text":"x","finish_reason":"COMPLETE","meta":{"billed_units":{"input_tokens":9,"output_tokens":30},
        "tokens":{"input_tokens":12,"output_tokens":34}}}"#,
        (12, 34, None, None),
        Some("COMPLETE"),
    ),
    (
        r#"{"choices":[{"finish_reason":"stop","message":{"content":"x"}}],"usage":{"prompt_tokens":100,
        "completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":64}}}"#,
        (36, 20, Some(64), None),
        Some("stop"),
    ),
    (
        r#"{"usage":{"prompt_tokens":"100","completion_tokens":20.0,"prompt_tokens_details":null}}"#,
        (100, 20, None, None),
        None,
    ),
    (
        r#"{"usage":{"input_tokens":100,"output_tokens":20,"input_tokens_details":{"cached_tokens":100}}}"#,
        (0, 20, Some(100), None),
        None,
    ),
    (
        r#"{"generation":"x","prompt_token_count":20,"generation_token_count":8,"stop_reason":"length"}"#,
        (20, 8, None, None),
        Some("length"),
    ),
    (r#"{"usage":{"inputTokens":3e0,"outputTokens":"4"}}"#, (3, 4, None, None), None),
];

#[test]
fn every_provider_s_body_is_read() {
    let expected = |(input_tokens, output_tokens, cache_read_tokens, cache_write_tokens): Counts,
                    stop: Option<&str>| {
        Saved::Usage(CallUsage {
            input_tokens,
            output_tokens,
            cache_read_tokens,
            cache_write_tokens,
            stop_reason: stop.map(str::to_owned),
            latency_milliseconds: None,
        })
    };
    for (body, counts, stop) in BODIES {
        assert_eq!(read(body), (vec![expected(counts, stop)], vec![]), "{body}");
    }
    let all: Vec<&str> = BODIES.iter().map(|(body, ..)| *body).collect();
    for text in [all.join("\r\n"), format!("[{}]", all.join(","))] {
        let (found, said) = read(&text);
        assert_eq!(said, vec![]);
        assert_eq!(found, BODIES.map(|(_, counts, stop)| expected(counts, stop)));
    }
}

#[test]
fn billed_tokens_are_read_with_a_warning() {
    let body = r#"{"text":"x","meta":{"billed_units":{"input_tokens":12,"output_tokens":34}}}"#;
    let (found, said) = read(body);
    let usage = CallUsage { input_tokens: 12, output_tokens: 34, ..CallUsage::default() };
    assert_eq!(found, vec![Saved::Usage(usage)]);
    assert!(matches!(&said[..], [(Code::BadUsage, message)] if message.contains("billed")), "{said:?}");
}

#[test]
fn a_body_that_does_not_say_what_was_used_is_refused_by_name() {
    for (body, part) in [
        (r#"{"outputs":[{"text":"x","stop_reason":"stop"}]}"#, "without token counts"),
        (r#"{"contentType":"application/json"}"#, "invoke-model prints"),
        (r#"{"embeddings":[[0.1]]}"#, "header"),
        (r#"{"schemaType":"ModelInvocationLog","modelId":"m"}"#, "invocation-log record"),
        (
            r#"{"usage":{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":6}}}"#,
            "cache",
        ),
        (r#"{"usage":{"input_tokens":5}}"#, "without `output_tokens`"),
        (r#"{"usage":{"input_tokens":5.5,"output_tokens":1}}"#, "not a whole number"),
        (r#"{"usage":{"input_tokens":"5 ","output_tokens":1}}"#, "not a whole number"),
        (r#"{"usage":{"input_tokens":-5,"output_tokens":1}}"#, "not a whole number"),
        (r#"{"inputTextTokenCount":6,"results":[]}"#, "no answer"),
        (r#"{"inputTextTokenCount":6,"results":[{"outputText":"x"}]}"#, "tokenCount"),
        (r#"{"whatever":1}"#, "without `usage`"),
    ] {
        let (found, said) = read(body);
        assert_eq!(found, vec![], "{body}");
        assert!(
            matches!(&said[..], [(Code::BadUsage, message)] if message.contains(part)),
            "{body}: {said:?}"
        );
    }
}
