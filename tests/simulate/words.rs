//! What the table says of a simulation, where a word or a figure depends on the trace.

use std::fmt::Write;
use std::fs;

use crate::support::quotaplan;

/// What the program says in whole, each run of blanks and line ends as one blank.
fn told(trace: &str, more: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("trace"), trace).expect("the trace");
    let run = quotaplan(folder.path(), &[&["simulate", "trace", "--details"], more].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(text: &str, words: &str) {
    assert!(text.contains(words), "no `{words}` in: {text}");
}

const HEADER: &str = "timestamp,model,scope,input_tokens,output_tokens,max_tokens,latency_seconds\n";
const ONE: &str =
    "timestamp,model,scope,input_tokens,output_tokens\n2026-11-22T14:00:00Z,haiku-4.5,us,1000,0\n";

#[test]
fn a_share_is_nothing_or_everything_only_where_it_is() {
    let mut trace = HEADER.to_owned();
    for _ in 0..25_000 {
        trace += "2026-11-22T14:00:00Z,haiku-4.5,us,10,0,0,30\n";
    }
    let text =
        told(&trace, &["--window", "rolling", "--retries", "0", "--quota", "10", "--quota", "249_999"]);
    holds(&text, " 10 rolling > 99.99 %");
    holds(&text, " 249,999 rolling < 0.01 %");
    let text = told(&trace, &["--window", "rolling", "--retries", "0", "--quota", "9", "--quota", "250_000"]);
    holds(&text, " 9 rolling 100.00 %");
    holds(&text, " 250,000 rolling 0 %");
}

#[test]
fn a_formula_that_just_reaches_what_is_needed_would_have_done() {
    let one = format!("{HEADER}2026-11-22T14:00:00Z,haiku-4.5,us,1000,0,0,1\n");
    holds(&told(&one, &["--headroom", "0"]), "The formula would have done");
    let mut trace = HEADER.to_owned();
    for second in [0, 59] {
        writeln!(trace, "2026-11-22T14:00:{second:02}Z,haiku-4.5,us,1000,0,1,1").expect("a string");
    }
    // Two tokens are not settled but reserved, one of them no more when the second request comes.
    let text = told(&trace, &["--headroom", "0", "--window", "rolling"]);
    holds(&text, "2,000; that is 10 short");
}

#[test]
fn a_latency_that_some_requests_state_is_not_told_as_that_of_all() {
    let row = |latency: &str| format!("2026-11-22T14:00:00Z,haiku-4.5,us,10,0,5,{latency}\n");
    let of = |latencies: &[&str]| {
        told(&latencies.iter().fold(HEADER.to_owned(), |text, latency| text + &row(latency)), &[])
    };
    holds(&of(&["3", "4"]), "its latency is the trace's own.");
    holds(&of(&["3", ""]), "tokens per second, if the trace states none.");
    holds(&of(&["", ""]), "tokens per second. ");
}

#[test]
fn one_retry_is_one() {
    holds(&told(ONE, &["--retries", "1"]), "1 retry per request");
    holds(&told(ONE, &["--retries", "2"]), "2 retries per request");
}

#[test]
fn a_burndown_rate_that_is_not_known_is_told() {
    let trace = ONE.replace("haiku-4.5", "gpt-5.4");
    holds(&told(&trace, &[]), "burndown rate of GPT-5.4 is unknown");
    assert!(!told(ONE, &[]).contains("burndown rate"));
}

#[test]
fn a_duration_has_two_units() {
    let of = |end: &str| told(&format!("{ONE}{end},haiku-4.5,us,1000,0\n"), &[]);
    holds(&of("2026-11-22T14:00:00.25Z"), "2 requests in 0.2 s");
    holds(&of("2026-11-22T14:00:59.9Z"), "2 requests in 59.9 s");
    holds(&of("2026-11-22T14:03:09Z"), "2 requests in 3 min 9 s");
    holds(&of("2026-11-22T17:03:09Z"), "2 requests in 3 h 3 min");
    holds(&of("2026-11-24T17:03:09Z"), "2 requests in 2 d 3 h");
}

#[test]
fn records_that_were_not_taken_as_they_stand_are_counted() {
    let log = |second: u8, more: &str| {
        format!(
            "{{\"schemaType\":\"ModelInvocationLog\",\"schemaVersion\":\"1.0\",\
             \"timestamp\":\"2026-11-22T14:00:{second:02}Z\",\"operation\":\"Converse\",\
             \"modelId\":\"us.anthropic.claude-haiku-4-5-20251001-v1:0\",{more}}}\n"
        )
    };
    let tokens = "\"input\":{\"inputTokenCount\":1000},\"output\":{\"outputTokenCount\":100}";
    let here = format!("\"region\":\"ca-central-1\",{tokens}");
    let records = [
        log(9, &here),
        log(8, &here),
        log(7, &format!("\"region\":\"us-east-1\",{tokens}")),
        log(10, "\"region\":\"ca-central-1\",\"errorCode\":\"ThrottlingException\""),
        log(11, "\"region\":\"ca-central-1\",\"input\":{},\"output\":{}"),
    ];
    let text = told(&records.concat(), &["--model", "haiku-4.5", "--scope", "us"]);
    for words in [
        "Of 5 records 2 are left out: 1 failed (ThrottlingException: 1); 1 without token counts",
        "2 out of order, which were sorted",
        "1 sent to another Region",
    ] {
        holds(&text, words);
    }
    assert!(!told(ONE, &[]).contains("Records"));
}

#[test]
fn one_window_is_told_by_its_own_safe_quota() {
    // In the minutes from the first request 1,000 each; whenever a minute turns between them, 2,000.
    let trace = "timestamp,model,scope,input_tokens,output_tokens\n2026-11-22T14:00:00Z,haiku-4.5,us,1,0\n\
                 2026-11-22T14:00:59Z,haiku-4.5,us,1000,0\n2026-11-22T14:01:01Z,haiku-4.5,us,1000,0\n";
    let text = told(trace, &["--window", "minute"]);
    holds(&text, "1,010 tokens per minute keep");
    holds(
        &text,
        "if the window is minute (from the first request); 2,000 keep to it from whichever second the minutes are counted.",
    );
    holds(&told(trace, &["--window", "bucket"]), "if the window is bucket (refilled evenly).");
    holds(&told(ONE, &["--window", "minute"]), "if the window is minute (from the first request).");
}

#[test]
fn a_log_with_failed_calls_says_that_they_are_missing() {
    let record = |rest: &str| {
        format!(
            "{{\"schemaType\":\"ModelInvocationLog\",\"schemaVersion\":\"1.0\",\"timestamp\":\"2026-11-22T14:00:00Z\",\
             \"accountId\":\"111122223333\",\"region\":\"ca-central-1\",\"requestId\":\"r\",\"operation\":\"Converse\",\
             \"modelId\":\"us.anthropic.claude-haiku-4-5-20251001-v1:0\",{rest}}}\n"
        )
    };
    let good = record("\"input\":{\"inputTokenCount\":1000},\"output\":{\"outputTokenCount\":0}");
    let failed = record("\"errorCode\":\"ThrottlingException\",\"input\":{}");
    let text = told(&(good.clone() + &failed), &[]);
    holds(&text, "Of 2 records 1 is left out: 1 failed (ThrottlingException: 1).");
    let missing = "Throttled calls are missing from the trace, so more may be needed than shown here.";
    let verdict = text.split("Claude Haiku 4.5 us: ").next().unwrap_or_default();
    holds(verdict, missing);
    let denied = failed.replace("Throttling", "AccessDenied");
    let text = told(&(good.clone() + &denied), &[]);
    holds(&text, "The record of a failed call does not show what it would have used.");
    assert!(!text.contains("are missing"), "{text}");
    let text = told(&(good.clone() + &failed), &[]);
    holds(&text, "(the output if it is not known, and also with the model's maximum)");
    assert!(!told(&good, &[]).contains("failed"));
}

#[test]
fn what_is_done_to_a_trace_is_told() {
    for (more, words) in [
        (&["--scale", "2"][..], "multiplied by 2, by compressing the times."),
        (&["--scale", "0.5"], "multiplied by 0.5, by stretching the times."),
        (&["--scale", "2", "--replicate"], "multiplied by 2, by repeating requests."),
        (&["--scale", "0.999999", "--replicate"], "multiplied by 0.999999, by leaving out requests."),
        (&["--rates-as-of", "2025-12"], "Burndown rates are those stated as of 2025-12"),
        (&["--output-tokens-per-second", "1"], "the output at 1 token per second"),
    ] {
        holds(&told(ONE, more), words);
    }
}

#[test]
fn a_share_is_rounded_once() {
    let mut trace = HEADER.to_owned();
    for _ in 0..20_100 {
        trace += "2026-11-22T14:00:00Z,haiku-4.5,us,10,0,0,30\n";
    }
    // 1 of 20,100 is 0.004975 %: to hundredths nothing, but not nothing.
    let text = told(&trace, &["--window", "rolling", "--retries", "0", "--quota", "200_999"]);
    holds(&text, " 200,999 rolling < 0.01 %");
}

#[test]
fn a_name_in_two_scopes_is_two_names() {
    let trace = "timestamp,model,scope,input_tokens,output_tokens\n2026-11-22T14:00:00Z,haiku-4.5,us,1000,0\n\
                 2026-11-22T14:00:01Z,haiku-4.5,global,1000,0\n2026-11-22T14:00:02Z,sonnet-5,global,1000,0\n";
    let text = told(trace, &["--model", "nova-lite", "--scope", "ca", "--retries", "0", "--quota", "2_000"]);
    holds(&text, "haiku-4.5 us 1 0 %");
    holds(&text, "haiku-4.5 global 1 0 %");
    holds(&text, "sonnet-5 1 100.00 %");
}
