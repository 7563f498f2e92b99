//! A small file of each format, told by its content.

use quotaplan::catalog::Scope;
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::trace::{self, Format, OutputLimit, ReadOptions};

use super::{all, figures, given, outcome, said, table, whole, zipped};

/// The first lines of AzureLLMInferenceTrace_code.csv, Azure public dataset, CC-BY-4.0: Patel et al.,
/// Splitwise: Efficient generative LLM inference using phase splitting, ISCA 2024.
pub(super) const AZURE: &str = "TIMESTAMP,ContextTokens,GeneratedTokens\n\
    2023-11-16 18:17:03.9799600,4808,10\n\
    2023-11-16 18:17:04.0319600,3180,8\n\
    2023-11-16 18:17:04.0781490,110,27";

/// Written by hand in the shape of BurstGPT_1.csv.
pub(super) const BURST_GPT: &str = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n\
    5,ChatGPT,472,18,490,Conversation log\n\
    45,GPT-4,1087,230,1317,API log\n\
    118.25,ChatGPT,417,0,417,Conversation log\n";

/// Written by hand in the shape of BurstGPT_3.csv, which has two columns more.
pub(super) const BURST_GPT_3: &str = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n\
    0.5,c0ffee00-0000-4000-8000-000000000000,2.25,ChatGPT,10,20,30,Conversation log\n\
    1.5,,,GPT-4,40,50,90,API log\n";

/// Written by hand in the shape of qwen_traceA_blksz_16.jsonl: 20 tokens are two blocks, the second one not full.
pub(super) const QWEN_BAILIAN: &str = "{\"chat_id\": 0, \"parent_chat_id\": -1, \"timestamp\": 0.0, \"input_length\": 20, \"output_length\": 7, \"type\": \"text\", \"turn\": 1, \"hash_ids\": [0, 1]}\n\
    {\"chat_id\": 1, \"parent_chat_id\": 0, \"timestamp\": 297.5, \"input_length\": 40, \"output_length\": 5, \"type\": \"text\", \"turn\": 2, \"hash_ids\": [0, 2, 3]}\n";

/// Written by hand in the shape of mooncake_trace.jsonl.
pub(super) const MOONCAKE: &str = "{\"timestamp\": 0, \"input_length\": 1100, \"output_length\": 500, \"hash_ids\": [0, 1, 2]}\n\
    {\"timestamp\": 3052, \"input_length\": 1600, \"output_length\": 52, \"hash_ids\": [0, 1, 3, 4]}\n";

pub(super) const LOG: &str = concat!(
    "Permissions are correctly set for Amazon Bedrock logs.\n",
    "{\"schemaType\":\"ModelInvocationLog\",\"schemaVersion\":\"1.0\",\"timestamp\":\"2026-11-20T12:00:00Z\",",
    "\"region\":\"ca-central-1\",\"operation\":\"Converse\",\"modelId\":\"us.anthropic.claude-haiku-4-5-20251001-v1:0\",",
    "\"input\":{\"inputContentType\":\"application/json\",\"inputBodyJson\":{\"inferenceConfig\":{\"maxTokens\":4096}},",
    "\"inputTokenCount\":25,\"cacheReadInputTokenCount\":7,\"cacheWriteInputTokenCount\":9},",
    "\"output\":{\"outputBodyJson\":{\"metrics\":{\"latencyMs\":1234}},\"outputTokenCount\":150}}\n",
);

pub(super) const OWN: &str = "timestamp,model,scope,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,max_tokens,latency_seconds\n\
    2026-11-20T12:00:00Z,haiku-4.5,us,1000,100,30,20,4096,4.1\n\
    2026-11-20T12:00:01.5-05:00,us.anthropic.claude-haiku-4-5-20251001-v1:0,,1_000,0,,,,\n";

fn every_file() -> [(&'static str, Format); 7] {
    [
        (AZURE, Format::AzureLlmInference),
        (BURST_GPT, Format::BurstGpt),
        (BURST_GPT_3, Format::BurstGpt),
        (MOONCAKE, Format::Mooncake),
        (QWEN_BAILIAN, Format::QwenBailian),
        (LOG, Format::InvocationLog),
        (OWN, Format::Own),
    ]
}

#[test]
fn a_format_is_told_by_its_content_under_any_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, format) in every_file() {
        for (name, bytes) in [("t.png", text.as_bytes().to_vec()), ("t.csv", zipped(text.as_bytes()))] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("a file");
            let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
            let trace = trace::load(&path, table(), &given(), &mut sources, &mut diagnostics);
            let trace = trace.unwrap_or_else(|| panic!("{format:?}: {diagnostics:?}"));
            assert_eq!(trace.format(), format);
            assert_eq!(trace, whole(text, &given()), "{format:?} in {name}");
        }
    }
}

#[test]
fn a_byte_order_mark_crlf_and_blank_lines_change_nothing() {
    for (text, format) in every_file() {
        let plain = whole(text, &given());
        for other in [
            format!("\u{feff}{text}"),
            text.replace('\n', "\r\n"),
            text.replace('\n', "\r"),
            format!("\n\n{}\n\n", text.replace('\n', "\n\n")),
        ] {
            assert_eq!(whole(&other, &given()), plain, "{format:?}: {other:?}");
        }
    }
}

#[test]
fn azure_has_seven_decimals_and_no_last_line_end() {
    let trace = whole(AZURE, &given());
    let first = 1_700_158_623_979_960;
    assert_eq!(
        figures(&trace),
        [(first, 4808, 10, 0, 0), (first + 52_000, 3180, 8, 0, 0), (first + 98_189, 110, 27, 0, 0)]
    );
    assert_eq!(trace.duration_microseconds(), 98_189);
    let counts = trace.counts();
    assert_eq!((counts.records, counts.without_offset, counts.max_tokens_unknown), (3, 3, 3));
    // The traces of 2024 have an offset.
    let later = "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n";
    let trace = whole(later, &given());
    assert_eq!(
        (trace.counts().without_offset, trace.arrivals_microseconds()),
        (0, &[1_715_299_200_009_930][..])
    );
}

#[test]
fn burst_gpt_counts_seconds_from_its_start() {
    let trace = whole(BURST_GPT, &given());
    assert_eq!(figures(&trace), [(5_000_000, 472, 18, 0, 0), (45_000_000, 1087, 230, 0, 0)]);
    // The third call failed: it has no response tokens.
    assert_eq!((trace.counts().records, trace.counts().failed, trace.counts().without_offset), (3, 1, 0));
    let empty = whole(BURST_GPT.replace(",417,0,", ",417,,"), &given());
    assert_eq!((empty.len(), empty.counts().failed), (2, 1));
    let names: Vec<_> =
        all(&trace).into_iter().map(|(_, target)| target.name.expect("it is named")).collect();
    assert_eq!(names, ["ChatGPT", "GPT-4"]);
    assert!(all(&trace).iter().all(|(_, target)| target.resolved().is_none()));
    let trace = whole(BURST_GPT_3, &given());
    let latencies: Vec<_> = trace.requests().map(|request| request.latency_microseconds).collect();
    assert_eq!(latencies, [Some(2_250_000), None]);
    assert_eq!(figures(&trace), [(500_000, 10, 20, 0, 0), (1_500_000, 40, 50, 0, 0)]);
}

#[test]
fn own_files_name_models_and_scopes_in_every_way() {
    let trace = whole(OWN, &ReadOptions::default());
    let at = 1_763_640_000_000_000 + 31_536_000_000_000;
    assert_eq!(
        figures(&trace),
        [(at, 1000, 100, 30, 20), (at + 5 * 3_600_000_000 + 1_500_000, 1000, 0, 0, 0)]
    );
    let requests: Vec<_> = trace.requests().collect();
    assert_eq!(
        (requests[0].max_tokens, requests[0].latency_microseconds),
        (OutputLimit::Stated(4096), Some(4_100_000))
    );
    assert_eq!((requests[1].max_tokens, requests[1].latency_microseconds), (OutputLimit::Unset, None));
    let resolved: Vec<_> = all(&trace).iter().map(|(_, target)| target.resolved().expect("known")).collect();
    assert_eq!(resolved[0], resolved[1]);
    assert_eq!(resolved[0].1, Scope::Us);
    assert_eq!(table().model(resolved[0].0).id, "anthropic.claude-haiku-4-5-20251001-v1:0");
    let mut options = ReadOptions::default();
    options.aliases.insert("ChatGPT".to_owned(), "haiku-4.5/us".to_owned());
    options.aliases.insert("GPT-4".to_owned(), "sonnet-5/global".to_owned());
    let scopes: Vec<_> = all(&whole(BURST_GPT, &options))
        .iter()
        .map(|(_, target)| target.resolved().expect("known").1)
        .collect();
    assert_eq!(scopes, [Scope::Us, Scope::Global]);
}

#[test]
fn qwen_bailian_counts_seconds_and_blocks_of_16() {
    let trace = whole(QWEN_BAILIAN, &given());
    // 297.5 s later the first block is still cached, and the second full one is written.
    assert_eq!(figures(&trace), [(0, 4, 7, 0, 16), (297_500_000, 8, 5, 16, 16)]);
}

#[test]
fn own_times_may_be_seconds_or_milliseconds_since_1970() {
    for time in
        ["1791208800.25", "1791208800250", "1791208800250.0", "1791208800250000", "2026-10-05T14:00:00.25Z"]
    {
        let trace = whole(format!("timestamp,input_tokens,output_tokens\n{time},8,7\n"), &given());
        assert_eq!(trace.arrivals_microseconds(), [1_791_208_800_250_000], "{time}");
    }
}

#[test]
fn own_files_take_columns_in_any_order_and_other_delimiters() {
    let text = "output_tokens;input_tokens;timestamp\n7;\"8\";1.25\n# a comment\n9;10;-0.5\n";
    let trace = whole(text, &given());
    assert_eq!(figures(&trace), [(-500_000, 10, 9, 0, 0), (1_250_000, 8, 7, 0, 0)]);
    assert_eq!(trace.counts().out_of_order, 1);
    let warned = outcome(b"timestamp,input_tokens,output_tokens,tokens\n1,2,3,4\n", &given());
    assert!(warned.trace.is_some());
    assert!(
        warned.shown.starts_with("t:1:38: warning[unknown-column]: unknown column `tokens`\n"),
        "{}",
        warned.shown
    );
}

#[test]
fn without_a_given_model_each_request_must_name_one() {
    let options = ReadOptions::default();
    assert_eq!(
        said(AZURE, &options),
        ["t: error[missing-value]: a trace of this kind (Azure LLM inference trace) names no model"]
    );
    assert_eq!(
        said(MOONCAKE, &options),
        ["t: error[missing-value]: a trace of this kind (Mooncake trace) names no model"]
    );
    // Each name once.
    assert_eq!(
        said(BURST_GPT, &options),
        [
            "t:2:3: error[unknown-model]: unknown model `ChatGPT`",
            "t:3:4: error[unknown-model]: unknown model `GPT-4`"
        ]
    );
    let own = "timestamp,model,scope,input_tokens,output_tokens\n\
        1,,us,1,1\n2,haiku-4.5,,1,1\n3,us.anthropic.claude-haiku-4-5-20251001-v1:0,global,1,1\n4,haiku-4.5,ca,1,1\n";
    assert_eq!(
        said(own, &options),
        [
            "t:2:3: error[missing-value]: the request has no model",
            "t:3:13: error[missing-scope]: the request has no scope",
            "t:4:47: error[scope-conflict]: the scope `global` contradicts \
             `us.anthropic.claude-haiku-4-5-20251001-v1:0`, which names `us`",
            "t:5:13: error[scope-not-offered]: Claude Haiku 4.5 is not offered in the scope `ca` from ca-central-1",
        ]
    );
    assert_eq!(whole(own, &given()).len(), 4);
}
