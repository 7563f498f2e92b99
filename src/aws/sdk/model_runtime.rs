//! Bedrock's runtime by the SDK. Prompts go to AWS and nowhere else; answers are dropped.

use std::sync::{Arc, Mutex};

use aws_config::ConfigLoader;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_bedrockruntime::config::{Config, ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_bedrockruntime::error::BoxError;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    CachePointBlock, CachePointType, ContentBlock, ConversationRole, ConverseTokensRequest, CountTokensInput,
    InferenceConfiguration, Message as AwsMessage, SystemContentBlock,
};

use super::fault::{Call, Detail};
use super::retry::{PaidOnce, Throttles};
use super::{Connection, Limits, own_chain};
use crate::answers::CallUsage;
use crate::aws::{CallFault, Content, Conversation, Message, ModelRuntime};

/// Models in one Region.
#[derive(Debug)]
pub struct BedrockRuntime {
    connection: Connection,
    client: Client,
    throttles: Throttles,
}

impl BedrockRuntime {
    /// By AWS's own chain of credentials and settings.
    ///
    /// # Errors
    /// A thread cannot be started, or `HTTPS_PROXY` is no address.
    pub fn connect(region: &str) -> std::io::Result<Self> {
        Self::with(own_chain(), region, &Limits::MODELS)
    }

    /// With settings and limits of the caller's; the Region and the limits win over those of the
    /// settings.
    ///
    /// # Errors
    /// A thread cannot be started, or `HTTPS_PROXY` is no address.
    pub fn with(settings: ConfigLoader, region: &str, limits: &Limits) -> std::io::Result<Self> {
        let connection = Connection::open(settings, region, limits)?;
        let throttles = Throttles::default();
        let config = aws_sdk_bedrockruntime::config::Builder::from(&connection.config)
            .retry_classifier(PaidOnce)
            .interceptor(throttles.clone());
        Ok(Self { client: Client::from_conf(config.build()), connection, throttles })
    }

    fn call(&self, operation: &'static str, action: &'static str) -> Call<'_> {
        Call { operation, action, region: &self.connection.region, detail: Detail::Recognised }
    }
}

impl ModelRuntime for BedrockRuntime {
    fn converse(&self, conversation: &Conversation) -> Result<CallUsage, CallFault> {
        // Converse has no action of its own (Service Authorization Reference, 2026-10).
        let call = self.call("Converse", "bedrock:InvokeModel");
        let Prompt { system, messages } = prompt(&call, conversation)?;
        let converse = self.client.converse().model_id(&conversation.model_id);
        let converse = converse.set_system(system).set_messages(Some(messages));
        let converse = match conversation.max_tokens {
            None => converse,
            Some(max_tokens) => {
                let max_tokens = i32::try_from(max_tokens);
                let max_tokens = max_tokens.map_err(|_| call.refused("max_tokens is above 2,147,483,647"))?;
                converse.inference_config(InferenceConfiguration::builder().max_tokens(max_tokens).build())
            }
        };
        let answer = self.connection.runtime.block_on(converse.send()).map_err(|error| call.fault(&error))?;
        let usage = answer.usage.filter(|usage| usage.total_tokens > 0);
        let usage = usage.ok_or_else(|| call.unusable("the answer states no usage"))?;
        let count = |tokens| u64::try_from(tokens).map_err(|_| call.unusable("a count is below zero"));
        Ok(CallUsage {
            input_tokens: count(usage.input_tokens)?,
            output_tokens: count(usage.output_tokens)?,
            cache_read_tokens: usage.cache_read_input_tokens.map(count).transpose()?,
            cache_write_tokens: usage.cache_write_input_tokens.map(count).transpose()?,
            // The SDK has words of its own, with blanks, where AWS states no reason.
            stop_reason: Some(answer.stop_reason.as_str().to_owned()).filter(|reason| !reason.contains(' ')),
            latency_milliseconds: answer.metrics.and_then(|metrics| u64::try_from(metrics.latency_ms).ok()),
        })
    }

    fn count_tokens(&self, conversation: &Conversation) -> Result<u64, CallFault> {
        let call = self.call("CountTokens", "bedrock:CountTokens");
        let Prompt { system, messages } = prompt(&call, conversation)?;
        let tokens = ConverseTokensRequest::builder().set_system(system).set_messages(Some(messages));
        let input = CountTokensInput::Converse(tokens.build());
        let count = self.client.count_tokens().model_id(&conversation.model_id).input(input);
        let answer = self.connection.runtime.block_on(count.send()).map_err(|error| call.fault(&error))?;
        // The SDK takes a missing count for zero.
        let counted = u64::try_from(answer.input_tokens).ok().filter(|tokens| *tokens > 0);
        counted.ok_or_else(|| call.unusable("the answer states no count"))
    }

    fn invoke(&self, model_id: &str, body: &str) -> Result<CallUsage, CallFault> {
        let call = self.call("InvokeModel", "bedrock:InvokeModel");
        let headers = Headers::default();
        let invoke = self.client.invoke_model().model_id(model_id).body(Blob::new(body));
        let invoke = invoke.content_type("application/json").accept("application/json");
        let kept = Config::builder().interceptor(headers.clone());
        let sent = invoke.customize().config_override(kept).send();
        self.connection.runtime.block_on(sent).map_err(|error| call.fault(&error))?;
        let counted = headers.0.lock().map(|counted| *counted).unwrap_or_default();
        let input_tokens = counted.input.ok_or_else(|| call.unusable("no header counts the input tokens"))?;
        let output_tokens = counted.output.unwrap_or_default();
        let latency_milliseconds = counted.latency;
        Ok(CallUsage { input_tokens, output_tokens, latency_milliseconds, ..CallUsage::default() })
    }

    fn throttled(&self) -> u64 {
        self.throttles.count()
    }
}

/// A conversation in AWS's shapes.
struct Prompt {
    system: Option<Vec<SystemContentBlock>>,
    messages: Vec<AwsMessage>,
}

fn prompt(call: &Call<'_>, conversation: &Conversation) -> Result<Prompt, CallFault> {
    let incomplete = |_| call.refused("a part of the conversation is empty");
    let cache_point =
        || CachePointBlock::builder().r#type(CachePointType::Default).build().map_err(incomplete);
    let system = conversation.system.iter().map(|part| {
        Ok(match part {
            Content::Text(text) => SystemContentBlock::Text(text.clone()),
            Content::CachePoint => SystemContentBlock::CachePoint(cache_point()?),
        })
    });
    let system = system.collect::<Result<Vec<_>, CallFault>>()?;
    let message = |Message { by_model, content }: &Message| {
        let parts = content.iter().map(|part| {
            Ok(match part {
                Content::Text(text) => ContentBlock::Text(text.clone()),
                Content::CachePoint => ContentBlock::CachePoint(cache_point()?),
            })
        });
        let role = if *by_model { ConversationRole::Assistant } else { ConversationRole::User };
        let parts = parts.collect::<Result<Vec<_>, CallFault>>()?;
        AwsMessage::builder().role(role).set_content(Some(parts)).build().map_err(incomplete)
    };
    let messages = conversation.messages.iter().map(message).collect::<Result<_, _>>()?;
    Ok(Prompt { system: (!system.is_empty()).then_some(system), messages })
}

/// What the headers of InvokeModel's answer count (Bedrock API Reference, InvokeModel).
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    input: Option<u64>,
    output: Option<u64>,
    latency: Option<u64>,
}

/// Keeps those headers, which the SDK leaves out of its answer.
#[derive(Debug, Clone, Default)]
struct Headers(Arc<Mutex<Counted>>);

impl Intercept for Headers {
    fn name(&self) -> &'static str {
        "token counts"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.response().headers();
        let number = |name| headers.get(name).and_then(|value| value.trim().parse().ok());
        if let Ok(mut counted) = self.0.lock() {
            *counted = Counted {
                input: number("x-amzn-bedrock-input-token-count"),
                output: number("x-amzn-bedrock-output-token-count"),
                latency: number("x-amzn-bedrock-invocation-latency"),
            };
        }
        Ok(())
    }
}
