//! What is called for a prompt: the operation, the profile, the body.

use serde::Serialize;

use super::prompts::{ChatPrompt, Prompt};
use crate::aws::{Content, Conversation};
use crate::catalog::{Model, ModelKind, Scope, ScopeEntry};

/// Regions with CountTokens on bedrock-runtime, as the Amazon Bedrock User Guide last listed them
/// (CountTokens page; newer texts of it list none).
pub const COUNT_TOKENS_REGIONS: [&str; 12] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-central-2",
    "eu-west-1",
    "eu-west-2",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];

/// The date that list stands for: its text names no model after Claude Sonnet 4.
pub const COUNT_TOKENS_AS_OF: &str = "2025-08";

/// A model in a scope, and the name by which it is called.
#[derive(Debug, Clone, Copy)]
pub struct Target<'c> {
    /// The model.
    pub model: &'c Model,
    /// The scope.
    pub scope: &'c ScopeEntry,
    /// Inference profile id or ARN, or the model id in-Region.
    pub called: &'c str,
}

/// Why a model cannot be sampled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetFault {
    /// Not callable from ca-central-1 at all.
    NotCallable,
    /// Not in this scope; the scopes it is offered in.
    NotInScope(Vec<Scope>),
    /// It orders documents: there are no prompts.
    Rerank,
    /// An embedding model whose request body is not known.
    UnknownBody,
}

impl TargetFault {
    /// What is wrong with the model of a name in a scope, and what to do.
    #[must_use]
    pub fn words(&self, name: &str, scope: Scope) -> String {
        match self {
            Self::NotCallable => {
                format!("{name} is not callable from ca-central-1: sample the model that replaces it")
            }
            Self::NotInScope(offered) => {
                let offered: Vec<&str> = offered.iter().map(|scope| scope.as_str()).collect();
                format!("{name} is not offered in scope `{scope}`: it is offered in {}", offered.join(", "))
            }
            Self::Rerank => format!("{name} is a reranker: Bedrock counts its requests, not its tokens"),
            Self::UnknownBody => format!(
                "{name} cannot be sampled, because the format of its request body is not \
                                          known"
            ),
        }
    }
}

impl<'c> Target<'c> {
    /// A model in a scope, called by its own profile or by the ARN of an application inference profile.
    ///
    /// # Errors
    /// A [`TargetFault`] where it cannot be called.
    pub fn new(model: &'c Model, scope: Scope, application: Option<&'c str>) -> Result<Self, TargetFault> {
        if !model.offered {
            return Err(TargetFault::NotCallable);
        }
        let Some(entry) = model.scope(scope) else {
            return Err(TargetFault::NotInScope(model.scopes.iter().map(|entry| entry.scope).collect()));
        };
        match model.kind {
            ModelKind::Rerank => return Err(TargetFault::Rerank),
            ModelKind::Embedding if body(&model.id, "").is_none() => return Err(TargetFault::UnknownBody),
            ModelKind::Embedding | ModelKind::Text => {}
        }
        let own = entry.profile.as_deref().unwrap_or(&model.id);
        Ok(Self { model, scope: entry, called: application.unwrap_or(own) })
    }
}

/// One call.
///
/// It prints no text, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Call {
    /// Converse.
    Converse(Conversation),
    /// CountTokens.
    Count(Conversation),
    /// InvokeModel.
    Invoke {
        /// Model id, inference profile id or ARN.
        model_id: String,
        /// The JSON body.
        body: String,
        /// The text to embed.
        text: String,
    },
}

impl Call {
    /// The API operation.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        match self {
            Self::Converse(_) => "Converse",
            Self::Count(_) => "CountTokens",
            Self::Invoke { .. } => "InvokeModel",
        }
    }

    /// Every text that is sent.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (conversation, text) = match self {
            Self::Converse(conversation) | Self::Count(conversation) => (Some(conversation), None),
            Self::Invoke { text, .. } => (None, Some(text.as_str())),
        };
        let contents = conversation.into_iter().flat_map(|conversation| {
            let of_messages = conversation.messages.iter().flat_map(|message| &message.content);
            conversation.system.iter().chain(of_messages)
        });
        let texts = contents.filter_map(|content| match content {
            Content::Text(text) => Some(text.as_str()),
            Content::CachePoint => None,
        });
        texts.chain(text)
    }
}

/// The calls for prompts, in their order; `max_tokens` is for prompts that state none.
#[must_use]
pub fn calls(
    target: &Target<'_>,
    prompts: &[Prompt],
    max_tokens: Option<u32>,
    count_only: bool,
) -> Vec<Call> {
    let conversation = |spoken: &ChatPrompt, model_id: &str| Conversation {
        model_id: model_id.to_owned(),
        system: spoken.system.clone(),
        messages: spoken.messages.clone(),
        max_tokens: spoken.max_tokens.or(max_tokens),
    };
    let call = |prompt: &Prompt| match prompt {
        // CountTokens takes the foundation model, never a profile.
        Prompt::Chat(spoken) if count_only => Some(Call::Count(conversation(spoken, &target.model.id))),
        Prompt::Chat(spoken) => Some(Call::Converse(conversation(spoken, target.called))),
        Prompt::Text(text) => {
            let body = body(&target.model.id, text)?;
            Some(Call::Invoke { model_id: target.called.to_owned(), body, text: text.clone() })
        }
    };
    prompts.iter().filter_map(call).collect()
}

#[derive(Serialize)]
struct CohereEmbed<'t> {
    texts: [&'t str; 1],
    input_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    embedding_types: Option<[&'static str; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TitanEmbed<'t> {
    input_text: &'t str,
}

/// The body of InvokeModel for one text (Amazon Bedrock User Guide, inference parameters of Cohere Embed
/// v3 and v4 and of Titan embeddings); `None` for a model whose body is not known.
fn body(model: &str, text: &str) -> Option<String> {
    let cohere = |types| CohereEmbed { texts: [text], input_type: "search_document", embedding_types: types };
    let body = match model {
        "cohere.embed-v4:0" => crate::text::plain::json_compact(&cohere(Some(["float"]))),
        "cohere.embed-english-v3" | "cohere.embed-multilingual-v3" => {
            crate::text::plain::json_compact(&cohere(None))
        }
        "amazon.titan-embed-text-v2:0" | "amazon.titan-embed-image-v1" => {
            crate::text::plain::json_compact(&TitanEmbed { input_text: text })
        }
        _ => return None,
    };
    // Strings alone never fail to serialise.
    body.ok()
}
