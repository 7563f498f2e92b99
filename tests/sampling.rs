//! Sampling over a runtime of the test's own: what is sent, what is counted, and that no text comes out.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use quotaplan::answers::CallUsage;
use quotaplan::aws::{CallFault, Content, Conversation, Fault, ModelRuntime};
use quotaplan::catalog::{self, Catalog, Scope};
use quotaplan::render::{Format, View, render};
use quotaplan::report::SampleReport;
use quotaplan::sampling::{
    self, Call, ChatPrompt, Measurement, Prompt, Reply, SamplingResult, Statistics, Target,
};
use quotaplan::saved::{self, Saved};
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use quotaplan::threads::Workers;
use quotaplan::units::{BurndownRate, Usd};

use crate::support::quotaplan;

const MARK: &str = "KUMQUAT and nothing else";

type Answer = dyn Fn(&str) -> Result<CallUsage, CallFault> + Sync;

/// A runtime that answers by the first text of a call and keeps what it was asked.
struct Fake<'a> {
    answer: &'a Answer,
    running: AtomicUsize,
    most: AtomicUsize,
    asked: Mutex<Vec<String>>,
}

impl<'a> Fake<'a> {
    fn new(answer: &'a Answer) -> Self {
        Self {
            answer,
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            asked: Mutex::new(Vec::new()),
        }
    }

    fn call(&self, name: &str, model: &str, text: &str) -> Result<CallUsage, CallFault> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        self.asked.lock().expect("no panic").push(format!("{name} {model}"));
        std::thread::sleep(Duration::from_millis(5));
        let answer = (self.answer)(text);
        self.running.fetch_sub(1, Ordering::SeqCst);
        answer
    }
}

fn first_text(conversation: &Conversation) -> String {
    match &conversation.messages[0].content[0] {
        Content::Text(text) => text.clone(),
        Content::CachePoint => String::new(),
    }
}

impl ModelRuntime for Fake<'_> {
    fn converse(&self, call: &Conversation) -> Result<CallUsage, CallFault> {
        self.call("Converse", &call.model_id, &first_text(call))
    }

    fn count_tokens(&self, call: &Conversation) -> Result<u64, CallFault> {
        self.call("CountTokens", &call.model_id, &first_text(call)).map(|usage| usage.input_tokens)
    }

    fn invoke(&self, model_id: &str, body: &str) -> Result<CallUsage, CallFault> {
        self.call("InvokeModel", model_id, body)
    }
}

fn fault(fault: Fault, said: &str) -> CallFault {
    CallFault {
        fault,
        operation: "Converse",
        region: "ca-central-1".to_owned(),
        action: "bedrock:InvokeModel",
        said: said.to_owned(),
    }
}

fn table() -> Catalog {
    catalog::load(&mut Sources::new(), None, &mut Diagnostics::new()).expect("the table is valid")
}

fn target<'c>(catalog: &'c Catalog, name: &str, scope: Scope) -> Target<'c> {
    let model = catalog.model(catalog.find(name).expect("a model").model);
    Target::new(model, scope, None).expect("it can be called")
}

fn spoken(texts: &[String], max_tokens: Option<u32>) -> Vec<Prompt> {
    texts.iter().map(|text| Prompt::Chat(ChatPrompt::of_text(text, max_tokens))).collect()
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

fn run(target: &Target<'_>, texts: &[String], concurrency: usize, fake: &Fake<'_>) -> SamplingResult {
    let calls = sampling::calls(target, &spoken(texts, Some(100)), None, false);
    let workers = Workers::new(NonZeroUsize::new(concurrency).expect("at least one"));
    sampling::run(fake, &calls, workers, &|_| {})
}

#[test]
fn calls_run_a_few_at_a_time_and_replies_keep_their_order() {
    let catalog = table();
    let target = target(&catalog, "haiku-4.5", Scope::Us);
    for concurrency in [1, 3] {
        let answer = |text: &str| {
            Ok(CallUsage { input_tokens: text.parse().expect("a number"), ..CallUsage::default() })
        };
        let fake = Fake::new(&answer);
        let outcome = run(&target, &numbers(12), concurrency, &fake);
        assert_eq!(fake.most.load(Ordering::SeqCst), concurrency);
        let order: Vec<u64> = outcome
            .replies
            .iter()
            .map(|reply| match reply {
                Reply::Usage(usage) => usage.input_tokens,
                Reply::Count(count) => *count,
            })
            .collect();
        assert_eq!(order, (0..12).collect::<Vec<u64>>());
        assert!(outcome.faults.is_empty() && outcome.unsent == 0);
    }
}

#[test]
fn a_call_that_fails_is_counted_and_the_others_go_on() {
    let catalog = table();
    let target = target(&catalog, "haiku-4.5", Scope::Us);
    let answer = |text: &str| match text {
        "2" | "5" => Err(fault(Fault::Throttled, "ThrottlingException: Too many tokens")),
        "3" => Err(fault(Fault::Unknown, "timed out")),
        _ => Ok(CallUsage { input_tokens: 7, output_tokens: 3, ..CallUsage::default() }),
    };
    let outcome = run(&target, &numbers(8), 2, &Fake::new(&answer));
    assert_eq!((outcome.replies.len(), outcome.throttled, outcome.failed, outcome.unsent), (5, 2, 1, 0));
    let counted: Vec<(Fault, usize)> =
        outcome.faults.iter().map(|(fault, count)| (fault.fault, *count)).collect();
    assert_eq!(counted, [(Fault::Throttled, 2), (Fault::Unknown, 1)]);
}

#[test]
fn a_caller_that_may_not_call_is_told_once() {
    let catalog = table();
    let target = target(&catalog, "haiku-4.5", Scope::Us);
    for stopping in [Fault::AccessDenied, Fault::Credentials] {
        let answer = move |_: &str| Err(fault(stopping, "not yours"));
        let fake = Fake::new(&answer);
        let outcome = run(&target, &numbers(20), 2, &fake);
        let sent = fake.asked.lock().expect("no panic").len();
        assert!(sent <= 2, "{sent} calls were sent");
        assert_eq!(outcome.failed + outcome.unsent, 20);
        assert_eq!(outcome.unsent, 20 - sent);
    }
}

#[test]
fn what_aws_quotes_of_a_prompt_is_left_out() {
    let catalog = table();
    let target = target(&catalog, "haiku-4.5", Scope::Us);
    let answer =
        |text: &str| Err(fault(Fault::Refused, &format!("ValidationException: no such thing: {text}")));
    let outcome = run(&target, &[MARK.to_owned()], 1, &Fake::new(&answer));
    let shown = format!("{outcome:?} {}", outcome.faults[0].0);
    assert!(!shown.contains("KUMQUAT"), "{shown}");
    assert!(shown.contains("left out"));
}

#[test]
fn counting_asks_for_the_foundation_model_and_calling_for_the_profile() {
    let catalog = table();
    let target = target(&catalog, "sonnet-4.5", Scope::Global);
    let answer = |_: &str| Ok(CallUsage { input_tokens: 9, ..CallUsage::default() });
    let fake = Fake::new(&answer);
    let prompts = spoken(&numbers(1), None);
    let mut outcomes = Vec::new();
    for count_only in [true, false] {
        let calls = sampling::calls(&target, &prompts, Some(77), count_only);
        if let Call::Converse(said) | Call::Count(said) = &calls[0] {
            assert_eq!(said.max_tokens, Some(77));
        }
        outcomes.push(sampling::run(&fake, &calls, Workers::ONE, &|_| {}).replies);
    }
    assert_eq!(outcomes[0], [Reply::Count(9)]);
    let asked = fake.asked.lock().expect("no panic").clone();
    let id = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    assert_eq!(asked, [format!("CountTokens {id}"), format!("Converse global.{id}")]);
}

/// AWS's questionnaire asks for inputs above 25,000 tokens; what the cache gave is input too.
#[test]
fn a_long_input_is_one_above_25_000_tokens_with_the_cache() {
    let usage = |input_tokens, cache_read_tokens, cache_write_tokens| {
        Reply::Usage(CallUsage {
            input_tokens,
            cache_read_tokens,
            cache_write_tokens,
            ..CallUsage::default()
        })
    };
    let replies = [
        usage(25_000, None, None),
        usage(20_000, Some(3_000), Some(2_000)),
        usage(20_000, Some(3_000), Some(2_001)),
    ];
    let statistics = Statistics::from_replies(&replies).expect("there are answers");
    assert_eq!(statistics.share_over_25k.written(), "0.333334");
    // The first answer states no cache tokens: it had none.
    assert_eq!(statistics.cache_read.expect("stated").mean.written(), "2000");
    assert_eq!(Statistics::from_replies(&[]), None);
    assert_eq!(Statistics::from_replies(&[usage(1_000_000_000_001, None, None)]), None);
}

/// An answer as AWS sends it, written by hand.
fn as_aws_sends(usage: &CallUsage, text: &str) -> String {
    let optional = |key: &str, value: Option<u64>| match value {
        Some(value) => format!(", \"{key}\": {value}"),
        None => String::new(),
    };
    format!(
        "{{\"output\": {{\"message\": {{\"role\": \"assistant\", \"content\": [{{\"text\": \"{text}\"}}]}}}}, \
         \"stopReason\": \"{}\", \"usage\": {{\"inputTokens\": {}, \"outputTokens\": {}, \"totalTokens\": 1{}{}}}, \
         \"metrics\": {{\"latencyMs\": {}}}}}\n",
        usage.stop_reason.as_deref().unwrap_or_default(),
        usage.input_tokens,
        usage.output_tokens,
        optional("cacheReadInputTokens", usage.cache_read_tokens),
        optional("cacheWriteInputTokens", usage.cache_write_tokens),
        usage.latency_milliseconds.unwrap_or_default(),
    )
}

fn rendered(target: &Target<'_>, replies: &[Reply]) -> Vec<String> {
    let statistics = Statistics::from_replies(replies).expect("there are answers");
    let report = SampleReport { target, statistics: &statistics, throttled: 0, failed: 0, logs: None };
    [Format::Table, Format::Json, Format::Csv, Format::Markdown]
        .map(|format| render(&report, format, View::default()).expect("it renders"))
        .to_vec()
}

#[test]
fn a_live_answer_and_the_same_one_saved_give_the_same_bytes() {
    let catalog = table();
    let target = target(&catalog, "haiku-4.5", Scope::Us);
    let usage = |number: u64| CallUsage {
        input_tokens: 1000 + number * number,
        output_tokens: 10 + number,
        cache_read_tokens: number.is_multiple_of(3).then_some(number * 100),
        cache_write_tokens: (number > 20).then_some(5),
        stop_reason: Some(if number.is_multiple_of(4) { "max_tokens" } else { "end_turn" }.to_owned()),
        latency_milliseconds: Some(900 + number * 7),
    };
    let answer = move |text: &str| Ok(usage(text.parse().expect("a number")));
    let live = run(&target, &numbers(9), 3, &Fake::new(&answer));
    let text: String = (0..9).map(|number| as_aws_sends(&usage(number), MARK)).collect();
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::new("answers.json", text));
    let mut diagnostics = Diagnostics::new();
    let saved = saved::usages(&sources, file, &mut diagnostics);
    assert!(diagnostics.is_empty());
    let saved: Vec<Reply> = saved
        .into_iter()
        .map(|answer| match answer {
            Saved::Usage(usage) => Reply::Usage(usage),
            Saved::Count(count) => Reply::Count(count),
        })
        .collect();
    let shown = rendered(&target, &live.replies);
    assert_eq!(shown, rendered(&target, &saved));
    assert!(!shown.concat().contains("KUMQUAT"));
}

#[test]
fn the_highest_cost_is_that_of_every_byte_a_token() {
    let catalog = table();
    let prompts = |bytes: usize, max_tokens| spoken(&["x".repeat(bytes)], max_tokens);
    let bound = |name, scope, prompts: &[Prompt]| {
        let target = target(&catalog, name, scope);
        sampling::bound(&target, &sampling::calls(&target, prompts, None, false))
    };
    // 900 bytes and two frames of 50 at 1.10, 100 tokens of output at 5.50, per million.
    let haiku = bound("haiku-4.5", Scope::Us, &prompts(900, Some(100)));
    assert_eq!((haiku.input_tokens, haiku.output_tokens), (1000, Some(100)));
    assert_eq!(haiku.usd, Usd::parse("0.00165").ok());
    // Above 200,000 tokens Sonnet 4.5 has another price: 6.60 and 24.75.
    let long = bound("sonnet-4.5", Scope::Us, &prompts(300_000, Some(1000)));
    assert_eq!(long.usd, Usd::parse("2.00541").ok());
    // Without max_tokens the model's maximum.
    assert_eq!(bound("haiku-4.5", Scope::Us, &prompts(10, None)).output_tokens, Some(64_000));
    // A price or a maximum that is not known makes the cost unknown, never zero.
    assert_eq!(bound("nova-lite", Scope::Ca, &prompts(10, Some(1))).usd, None);
    assert_eq!(bound("grok-4.6", Scope::Us, &prompts(10, None)).output_tokens, None);
    // Counting is free.
    let haiku = target(&catalog, "haiku-4.5", Scope::Us);
    let counted = sampling::bound(&haiku, &sampling::calls(&haiku, &prompts(900, None), None, true));
    assert_eq!(counted.usd, Some(Usd::ZERO));
}

/// What AWS and others have published or measured: the sizing examples and the metric (September and
/// October 2026).
#[test]
fn the_metric_at_a_rate_is_what_was_measured() {
    let cases = [
        (3000, 1000, 1000, 9000),
        (26, 0, 1203, 6041),
        (14, 0, 4, 34),
        (13, 8814, 4, 8847),
        (8829, 0, 4, 8849),
    ];
    for (input_tokens, written, output_tokens, quota) in cases {
        let usage = CallUsage {
            input_tokens,
            output_tokens,
            cache_write_tokens: Some(written),
            cache_read_tokens: Some(8814),
            ..CallUsage::default()
        };
        let measured = Measurement::from_usage(&usage).expect("it has output");
        assert_eq!(measured.at_rate(BurndownRate::new(5).expect("a rate")).rounded_up(), quota);
        assert_eq!((quota - u128::from(input_tokens) - u128::from(written)) / u128::from(output_tokens), 5);
    }
}

#[test]
fn the_overlay_of_a_measured_rate_is_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let usage = CallUsage { input_tokens: 25, output_tokens: 391, ..CallUsage::default() };
    std::fs::write(folder.path().join("answer.json"), as_aws_sends(&usage, MARK)).expect("written");
    let arguments = "sample --model sonnet-5.5 --scope us --measure-rate --from answer.json --at 2026-11-25T14:05:30Z \
                     --format json";
    let run = quotaplan(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>());
    let json: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let overlay = json["overlay"].as_str().expect("a text").replace("RATE", "10");
    std::fs::write(folder.path().join("rate.toml"), overlay).expect("written");
    let run = quotaplan(folder.path(), &["models", "show", "sonnet-5.5", "--models", "rate.toml"]);
    let shown = String::from_utf8(run.stdout).expect("UTF-8");
    assert_eq!(run.status.code(), Some(0));
    assert!(shown.contains("10x (known)") && !shown.contains("worst case"), "{shown}");
}

/// The printed commands, run by a shell, with a program in the place of the AWS CLI.
#[cfg(unix)]
#[test]
fn the_printed_commands_run_and_their_answers_are_read() {
    use std::os::unix::fs::PermissionsExt;
    const AWS: &str = r#"#!/bin/sh
# Takes what was seen of the AWS CLI 1.45: an input by --cli-input-json file://PATH, the answer to standard output.
for word in "$@"; do
  case $word in *KUMQUAT*) echo "a prompt on the command line" >&2; exit 9;; esac
  case $word in file://*) input=${word#file://};; esac
done
[ "$1 $2 $3 $4" = "bedrock-runtime converse --region ca-central-1" ] || exit 9
grep -q '"modelId":"us.anthropic.claude-haiku-4-5-20251001-v1:0"' "$input" || exit 9
grep -q 'fails' "$input" && { echo "An error occurred" >&2; exit 254; }
echo '{"usage": {"inputTokens": 11, "outputTokens": 5, "totalTokens": 16}, "stopReason": "end_turn", "metrics": {"latencyMs": 9}}'
"#;
    let folder = tempfile::tempdir().expect("a folder");
    let programs = folder.path().join("programs");
    std::fs::create_dir(&programs).expect("a folder");
    std::fs::write(programs.join("aws"), AWS).expect("written");
    std::fs::set_permissions(programs.join("aws"), std::fs::Permissions::from_mode(0o755))
        .expect("executable");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_quotaplan"), programs.join("quotaplan")).expect("a link");
    let prompts = "{\"prompt\": \"KUMQUAT 1\"}\n{\"prompt\": \"KUMQUAT fails\"}\n{\"prompt\": \"KUMQUAT 3\", \"max_tokens\": 9}\n";
    std::fs::write(folder.path().join("it's mine.jsonl"), prompts).expect("written");
    let arguments = [
        "sample",
        "it's mine.jsonl",
        "--model",
        "haiku-4.5",
        "--scope",
        "us",
        "--print-command",
        "-o",
        "script",
    ];
    assert_eq!(quotaplan(folder.path(), &arguments).status.code(), Some(0));
    let path = std::env::var("PATH").expect("a path");
    let run = std::process::Command::new("sh")
        .args(["-eu", "script"])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", programs.display()))
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(0), "{said}");
    let shown = String::from_utf8(run.stdout).expect("UTF-8");
    assert!(shown.starts_with("Claude Haiku 4.5 us: 2 answers\n"), "{shown}");
    assert!(!shown.contains("KUMQUAT") && !said.contains("KUMQUAT"));
    let mode = std::fs::metadata(folder.path().join("sample-inputs")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o700, "the inputs hold the prompts");
}

/// Logs in folders are read as they are one by one; what Bedrock saves beside them is skipped.
#[test]
fn a_folder_of_logs_is_sampled_as_its_files_are() {
    use crate::support::run_in;
    let record = |input: u32| {
        format!(
            "{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-11-20T10:00:00Z\",\"region\":\"ca-central-1\",\
             \"operation\":\"Converse\",\"modelId\":\"us.anthropic.claude-haiku-4-5-20251001-v1:0\",\
             \"input\":{{\"inputTokenCount\":{input}}},\"output\":{{\"outputTokenCount\":50}}}}\n"
        )
    };
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("logs/10/data")).expect("a folder");
    std::fs::create_dir_all(at("none")).expect("a folder");
    std::fs::write(at("logs/a.json"), record(100)).expect("writing");
    std::fs::write(at("logs/10/b.json"), record(300)).expect("writing");
    std::fs::write(at("logs/empty.json"), "").expect("writing");
    std::fs::write(at("all.json"), record(100) + &record(300)).expect("writing");
    let sample = |paths: &[&str]| {
        let words =
            [&["sample", "--model", "haiku-4.5", "--scope", "us", "--format", "json", "--from"], paths];
        run_in(folder.path(), &words.concat(), b"")
    };
    let (whole, found) = (sample(&["all.json"]), sample(&["logs"]));
    assert_eq!((whole.status, found.status), (0, 0), "{}", found.stderr());
    assert_eq!(whole.stdout(), found.stdout());
    assert!(found.stderr().contains("note[skipped-files]"), "{}", found.stderr());
    let twice = sample(&["logs", "logs/a.json"]);
    assert!(
        twice.status == 2 && twice.stderr().contains("logs/a.json: error[duplicate-file]"),
        "{}",
        twice.stderr()
    );
    let none = sample(&["none"]);
    assert!(none.status == 2 && none.stderr().contains("none: error[empty-folder]"), "{}", none.stderr());
}
