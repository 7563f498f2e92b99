//! A call as the AWS CLI takes it from a file: the input of Converse or CountTokens, or the body of
//! InvokeModel.

use serde::Serialize;

use super::calls::Call;
use crate::aws::{Content, Conversation, Message};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConverseInput<'c> {
    model_id: &'c str,
    #[serde(flatten)]
    said: Said<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inference_config: Option<InferenceConfig>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CountInput<'c> {
    model_id: &'c str,
    input: Counted<'c>,
}

#[derive(Serialize)]
struct Counted<'c> {
    converse: Said<'c>,
}

#[derive(Serialize)]
struct Said<'c> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Block<'c>>,
    messages: Vec<Turn<'c>>,
}

#[derive(Serialize)]
struct Turn<'c> {
    role: &'static str,
    content: Vec<Block<'c>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Block<'c> {
    Text(&'c str),
    CachePoint { r#type: &'static str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InferenceConfig {
    max_tokens: u32,
}

fn block(content: &Content) -> Block<'_> {
    match content {
        Content::Text(text) => Block::Text(text),
        Content::CachePoint => Block::CachePoint { r#type: "default" },
    }
}

fn said(conversation: &Conversation) -> Said<'_> {
    let turn = |message: &'_ Message| -> &'static str { if message.by_model { "assistant" } else { "user" } };
    Said {
        system: conversation.system.iter().map(block).collect(),
        messages: conversation
            .messages
            .iter()
            .map(|message| Turn { role: turn(message), content: message.content.iter().map(block).collect() })
            .collect(),
    }
}

impl Call {
    /// What the AWS CLI reads by `--cli-input-json`, or by `--body` for InvokeModel (shapes of botocore 1.43).
    ///
    /// # Errors
    /// What the serialiser says; texts never fail.
    pub fn cli_input(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Converse(conversation) => crate::text::plain::json_compact(&ConverseInput {
                model_id: &conversation.model_id,
                said: said(conversation),
                inference_config: conversation.max_tokens.map(|max_tokens| InferenceConfig { max_tokens }),
            }),
            Self::Count(conversation) => crate::text::plain::json_compact(&CountInput {
                model_id: &conversation.model_id,
                input: Counted { converse: said(conversation) },
            }),
            Self::Invoke { body, .. } => Ok(body.clone()),
        }
    }
}
