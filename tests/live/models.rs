//! Bedrock's runtime by the SDK, well and badly answered; no prompt and no answer comes out anywhere.

use quotaplan::answers::CallUsage;
use quotaplan::aws::sdk::{BedrockRuntime, Limits};
use quotaplan::aws::{CallFault, Content, Conversation, Fault, Message, ModelRuntime};
use serde_json::json;

use super::server::{Reply, Server};
use super::{REGION, SHORT, settings};

const PROMPT: &str = "marked prompt about ACME";

fn runtime(server: &Server) -> BedrockRuntime {
    let limits = Limits { attempt: None, call: SHORT.attempt.expect("set"), ..SHORT };
    BedrockRuntime::with(settings(server), REGION, &limits).expect("it starts")
}

fn conversation() -> Conversation {
    let text = |text: &str| Content::Text(text.to_owned());
    Conversation {
        model_id: "us.anthropic.claude-haiku-4-5-20251001-v1:0".to_owned(),
        system: vec![text("be brief"), Content::CachePoint],
        messages: vec![
            Message { by_model: false, content: vec![text(PROMPT), Content::CachePoint] },
            Message { by_model: true, content: vec![text("yes")] },
            Message { by_model: false, content: vec![text("go on")] },
        ],
        max_tokens: Some(256),
    }
}

#[test]
fn a_conversation_goes_out_whole_and_its_usage_comes_back() {
    let server = Server::new(&[]);
    let usage = runtime(&server).converse(&conversation()).expect("it answers");
    let expected = CallUsage {
        input_tokens: 42,
        output_tokens: 7,
        cache_read_tokens: Some(0),
        cache_write_tokens: Some(1000),
        stop_reason: Some("end_turn".to_owned()),
        latency_milliseconds: Some(812),
    };
    assert_eq!(usage, expected);
    let state = server.state();
    let [seen] = state.seen.as_slice() else { panic!("one call") };
    assert_eq!(seen.path, "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse");
    assert!(seen.headers["authorization"].contains("/ca-central-1/bedrock/aws4_request"));
    let cache_point = json!({"cachePoint": {"type": "default"}});
    assert_eq!(
        seen.body,
        json!({
            "system": [{"text": "be brief"}, cache_point],
            "messages": [
                {"role": "user", "content": [{"text": PROMPT}, cache_point]},
                {"role": "assistant", "content": [{"text": "yes"}]},
                {"role": "user", "content": [{"text": "go on"}]},
            ],
            "inferenceConfig": {"maxTokens": 256},
        })
    );
}

#[test]
fn tokens_are_counted_and_headers_read() {
    let server = Server::new(&[]);
    let runtime = runtime(&server);
    assert_eq!(runtime.count_tokens(&conversation()), Ok(42));
    let body = json!({"texts": [PROMPT], "input_type": "search_document"});
    let usage = runtime.invoke("global.cohere.embed-v4:0", &body.to_string()).expect("it answers");
    let expected = CallUsage { input_tokens: 11, latency_milliseconds: Some(35), ..CallUsage::default() };
    assert_eq!(usage, expected);
    let state = server.state();
    assert_eq!(state.seen[0].body["input"]["converse"]["messages"][0]["content"][0]["text"], PROMPT);
    assert_eq!(state.seen[1].body, body);
    assert_eq!(state.seen[1].path, "/model/global.cohere.embed-v4%3A0/invoke");
}

#[test]
fn an_answer_without_counts_is_not_taken_for_zero() {
    let nothing = || vec![Reply::Raw(200, "{}")];
    let server =
        Server::new(&[("Converse", nothing()), ("CountTokens", nothing()), ("InvokeModel", nothing())]);
    let runtime = runtime(&server);
    let faults: [Result<u64, CallFault>; 3] = [
        runtime.converse(&conversation()).map(|usage| usage.input_tokens),
        runtime.count_tokens(&conversation()),
        runtime.invoke("global.cohere.embed-v4:0", "{}").map(|usage| usage.input_tokens),
    ];
    for fault in faults {
        assert_eq!(fault.map_err(|fault| fault.fault), Err(Fault::Unknown));
    }
}

#[test]
fn what_costs_nothing_is_tried_again_and_counted_and_what_may_cost_is_not() {
    let throttled =
        || Reply::Error(429, "ThrottlingException", "Too many tokens, please wait before trying again.");
    let server = Server::new(&[("Converse", vec![throttled(), Reply::Raw(503, "busy")])]);
    let service = runtime(&server);
    assert!(service.converse(&conversation()).is_ok());
    assert_eq!((server.state().calls("Converse"), service.throttled()), (3, 1));
    for reply in [Reply::Truncated, Reply::Closed, Reply::Never, Reply::Raw(200, "garbage")] {
        let server = Server::new(&[("Converse", vec![reply.clone(); 9])]);
        let fault = runtime(&server).converse(&conversation()).expect_err("it breaks off");
        assert_eq!(
            (fault.fault, server.state().calls("Converse")),
            (Fault::Unknown, 1),
            "{reply:?}: {fault}"
        );
    }
}

#[test]
fn each_failure_is_told_without_a_word_of_the_prompt() {
    // Each message holds the prompt, as AWS's may.
    const ECHO: &str = "The value 'marked prompt about ACME' is not valid";
    let cases = [
        (Reply::Error(400, "ValidationException", ECHO), Fault::Refused, "ValidationException"),
        (Reply::Error(403, "AccessDeniedException", ECHO), Fault::AccessDenied, "AccessDeniedException"),
        (
            Reply::Error(403, "ExpiredTokenException", ECHO),
            Fault::Credentials,
            "ExpiredTokenException: the credentials have expired",
        ),
        (Reply::Error(404, "ResourceNotFoundException", ECHO), Fault::NotFound, "ResourceNotFoundException"),
        (Reply::Error(429, "ThrottlingException", ECHO), Fault::Throttled, "ThrottlingException"),
        (Reply::Error(424, "ModelErrorException", ECHO), Fault::Unknown, "ModelErrorException"),
        (Reply::Error(500, "InternalServerException", ECHO), Fault::Unknown, "InternalServerException"),
        (Reply::Error(400, "marked prompt about ACME", ECHO), Fault::Unknown, "HTTP 400"),
        (
            Reply::Error(
                400,
                "ValidationException",
                "Invocation of model ID x with on-demand throughput isn\u{2019}t supported.",
            ),
            Fault::Refused,
            "ValidationException: the model is called through an inference profile only",
        ),
        (
            Reply::Error(
                429,
                "ThrottlingException",
                "Too many tokens per day, please wait before trying again.",
            ),
            Fault::Throttled,
            "ThrottlingException: too many tokens per day",
        ),
    ];
    for (reply, expected, said) in cases {
        let operations = ["Converse", "CountTokens", "InvokeModel"];
        let script = operations.map(|operation| (operation, vec![reply.clone(); 9]));
        let server = Server::new(&script);
        let runtime = runtime(&server);
        let faults = [
            runtime.converse(&conversation()).map(|_| ()),
            runtime.count_tokens(&conversation()).map(|_| ()),
            runtime.invoke("global.cohere.embed-v4:0", &json!({"texts": [PROMPT]}).to_string()).map(|_| ()),
        ];
        for (fault, operation) in faults.into_iter().zip(operations) {
            let fault = fault.expect_err("it fails");
            assert_eq!((fault.fault, fault.said.as_str(), fault.operation), (expected, said, operation));
            assert!(!format!("{fault} {fault:?}").contains("ACME"), "{fault:?}");
        }
    }
    assert!(!format!("{:?}", conversation()).contains("ACME"));
}
