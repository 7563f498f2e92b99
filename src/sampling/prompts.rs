//! Prompts as JSON lines: `{"prompt": "text"}`, or a whole Converse input a line.
//!
//! Diagnostics name places, keys this file knows and kinds of block, never a text of the file.

use crate::aws::{Content, Message};
use crate::catalog::{Model, ModelKind};
use crate::text::json::{self, Node, Value};
use crate::text::{Code, Diagnostics, FileId, Place, Sources, Span};
use crate::units::{Fact, MILLIONTHS};

/// What one line asks.
///
/// It prints no text, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub enum Prompt {
    /// A conversation, for a model that generates text.
    Chat(ChatPrompt),
    /// A text, for an embedding model.
    Text(String),
}

/// A conversation without the model it goes to.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatPrompt {
    /// System prompt.
    pub system: Vec<Content>,
    /// Messages, the first by the user.
    pub messages: Vec<Message>,
    /// max_tokens, where the line states it.
    pub max_tokens: Option<u32>,
}

impl ChatPrompt {
    /// A conversation of one message.
    #[must_use]
    pub fn of_text(text: &str, max_tokens: Option<u32>) -> Self {
        let content = vec![Content::Text(text.to_owned())];
        Self { system: Vec::new(), messages: vec![Message { by_model: false, content }], max_tokens }
    }
}

/// Kinds of block in Converse (botocore 1.43), of which two are sent.
const BLOCKS: [&str; 11] = [
    "text",
    "cachePoint",
    "image",
    "document",
    "video",
    "audio",
    "toolUse",
    "toolResult",
    "guardContent",
    "reasoningContent",
    "citationsContent",
];

const FORM: &str = "write {\"prompt\": \"text\"}, with \"system\" and \"max_tokens\" if needed, or a whole Converse \
                    input";

/// Reads prompts for a model, reporting every fault in one run; lines that are blank are passed over.
///
/// The file should be concealed ([`Sources::conceal`]), so that no line of it is shown.
pub fn parse(sources: &Sources, file: FileId, model: &Model, diagnostics: &mut Diagnostics) -> Vec<Prompt> {
    let Some(text) = sources.file(file).map(|file| file.text()) else { return Vec::new() };
    let mut prompts = Vec::new();
    let mut start = 0;
    let mut lines = 0_usize;
    for line in text.split_inclusive('\n') {
        let from = start + (line.len() - line.trim_start().len());
        let part = from..from + line.trim().len();
        start += line.len();
        if part.is_empty() {
            continue;
        }
        lines += 1;
        match json::parse_part(file, text, part) {
            Ok(node) => {
                let mut reader = Reader { model, diagnostics };
                prompts.extend(reader.line(&node));
            }
            Err((words, span)) => {
                let message = format!("the line is not JSON: {words}");
                diagnostics.at(Code::BadPrompt, span, message, "write one JSON object on one line");
            }
        }
    }
    if lines == 0 {
        diagnostics.add(Code::EmptyFile, Place::File(file), "the file has no prompt", FORM);
    }
    prompts
}

struct Reader<'a> {
    model: &'a Model,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn fault(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let span = Span { end: span.end.min(span.start + 1), ..span };
        self.diagnostics.at(Code::BadPrompt, span, message, help);
    }

    fn line(&mut self, node: &Node) -> Option<Prompt> {
        let Value::Object(entries) = &node.value else {
            self.fault(node.span, "the line is not a JSON object", FORM);
            return None;
        };
        let before = self.diagnostics.len();
        for (_, span) in node.repeated() {
            self.fault(span, "a key appears twice in one object", "keep one of the two");
        }
        let known: &[&str] = if self.model.kind == ModelKind::Embedding {
            &["prompt", "text"]
        } else if node.get("messages").is_some() {
            &["messages", "system", "inferenceConfig", "modelId"]
        } else {
            &["prompt", "system", "max_tokens"]
        };
        for (_, span, _) in entries.iter().filter(|(key, _, _)| !known.contains(&key.as_str())) {
            let help = format!("the keys here are {}: remove the others", known.join(", "));
            self.fault(*span, "this key is not sent", help);
        }
        let prompt = match self.model.kind {
            ModelKind::Embedding => self.text_to_embed(node).map(Prompt::Text),
            ModelKind::Text | ModelKind::Rerank => match node.get("messages") {
                Some(messages) => self.converse(node, messages).map(Prompt::Chat),
                None => self.simple(node).map(Prompt::Chat),
            },
        };
        prompt.filter(|_| self.diagnostics.len() == before)
    }

    fn text_to_embed(&mut self, node: &Node) -> Option<String> {
        let form = "write {\"prompt\": \"text\"} or {\"text\": \"text\"}";
        match (node.get("prompt"), node.get("text")) {
            (Some(text), None) | (None, Some(text)) => self.text(text),
            (Some(_), Some(text)) => {
                self.fault(text.span, "both `prompt` and `text`", form);
                None
            }
            (None, None) => {
                self.fault(node.span, "there is no `prompt`", form);
                None
            }
        }
    }

    fn simple(&mut self, node: &Node) -> Option<ChatPrompt> {
        let Some(prompt) = node.get("prompt") else {
            self.fault(node.span, "there is neither `prompt` nor `messages`", FORM);
            return None;
        };
        let prompt = self.text(prompt);
        let system = match node.get("system") {
            None => Some(Vec::new()),
            Some(system) => self.text(system).map(|text| vec![Content::Text(text)]),
        };
        let max_tokens = self.max_tokens(node.get("max_tokens"));
        let content = vec![Content::Text(prompt?)];
        let messages = vec![Message { by_model: false, content }];
        Some(ChatPrompt { system: system?, messages, max_tokens: max_tokens? })
    }

    fn converse(&mut self, node: &Node, messages: &Node) -> Option<ChatPrompt> {
        let system = match node.get("system") {
            None => Some(Vec::new()),
            Some(system) => self.blocks(system),
        };
        let max_tokens = match node.get("inferenceConfig") {
            None => Some(None),
            Some(config) => {
                if let Value::Object(entries) = &config.value {
                    for (_, span, _) in entries.iter().filter(|(key, _, _)| key != "maxTokens") {
                        let help = "only maxTokens of inferenceConfig is sent: remove the rest";
                        self.fault(*span, "this setting is not sent", help);
                    }
                    self.max_tokens(config.get("maxTokens"))
                } else {
                    self.fault(
                        config.span,
                        "`inferenceConfig` is not an object",
                        "write {\"maxTokens\": 512}",
                    );
                    None
                }
            }
        };
        let Value::Array(items) = &messages.value else {
            self.fault(messages.span, "`messages` is not an array", FORM);
            return None;
        };
        let read: Vec<Option<Message>> = items.iter().map(|item| self.message(item)).collect();
        let messages_read: Option<Vec<Message>> = read.into_iter().collect();
        match items.first().zip(messages_read.as_ref().and_then(|messages| messages.first())) {
            None if items.is_empty() => self.fault(messages.span, "there is no message", FORM),
            Some((item, first)) if first.by_model => {
                self.fault(
                    item.span,
                    "the first message does not have the role `user`",
                    "begin with role `user`",
                );
            }
            _ => {}
        }
        Some(ChatPrompt { system: system?, messages: messages_read?, max_tokens: max_tokens? })
    }

    fn message(&mut self, node: &Node) -> Option<Message> {
        let by_model = match node.get("role").map(|role| &role.value) {
            Some(Value::Text(role)) if role == "user" => Some(false),
            Some(Value::Text(role)) if role == "assistant" => Some(true),
            _ => {
                let help = "write \"role\": \"user\" or \"assistant\"";
                self.fault(node.span, "a message whose role is neither `user` nor `assistant`", help);
                None
            }
        };
        let content = match node.get("content") {
            Some(content) => self.blocks(content),
            None => {
                self.fault(
                    node.span,
                    "a message without `content`",
                    "write \"content\": [{\"text\": \"...\"}]",
                );
                None
            }
        };
        Some(Message { by_model: by_model?, content: content? })
    }

    fn blocks(&mut self, node: &Node) -> Option<Vec<Content>> {
        let Value::Array(items) = &node.value else {
            self.fault(node.span, "not an array of blocks", "write [{\"text\": \"...\"}]");
            return None;
        };
        if items.is_empty() {
            self.fault(node.span, "there is no block", "write [{\"text\": \"...\"}]");
            return None;
        }
        let read: Vec<Option<Content>> = items.iter().map(|item| self.block(item)).collect();
        read.into_iter().collect()
    }

    fn block(&mut self, node: &Node) -> Option<Content> {
        const SENT: &str =
            "only text and cachePoint are sent: measure the rest in your own client, or with --from";
        let Value::Object(entries) = &node.value else {
            self.fault(node.span, "a block that is not an object", SENT);
            return None;
        };
        let [(kind, _, value)] = entries.as_slice() else {
            self.fault(node.span, "a block must have exactly one kind", SENT);
            return None;
        };
        match (BLOCKS.iter().find(|known| *known == kind), &value.value) {
            (Some(&"text"), _) => self.text(value).map(Content::Text),
            (Some(&"cachePoint"), Value::Object(entries)) => {
                let is_default = |(key, _, value): &(String, Span, Node)| {
                    key == "type" && matches!(&value.value, Value::Text(text) if text == "default")
                };
                if entries.len() == 1 && entries.iter().all(is_default) {
                    return Some(Content::CachePoint);
                }
                let help = "write {\"cachePoint\": {\"type\": \"default\"}}; a ttl is not sent";
                self.fault(value.span, "this form of cachePoint is not supported", help);
                None
            }
            (Some(&kind), _) => {
                self.fault(node.span, format!("a block of kind `{kind}` is not supported"), SENT);
                None
            }
            (None, _) => {
                self.fault(node.span, "a block of an unknown kind", SENT);
                None
            }
        }
    }

    fn text(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Text(_) => {
                self.fault(node.span, "the text is empty", "Bedrock takes no empty text: leave it out");
                None
            }
            _ => {
                self.fault(node.span, "expected a string", "write the text in quotes");
                None
            }
        }
    }

    /// Absent, a valid number, or `None`, reported.
    fn max_tokens(&mut self, node: Option<&Node>) -> Option<Option<u32>> {
        let Some(node) = node else { return Some(None) };
        let number = match &node.value {
            Value::Number(number) => number.parse::<u32>().ok().filter(|number| *number > 0),
            _ => None,
        };
        let Some(number) = number else {
            self.fault(
                node.span,
                "max_tokens is not a whole number of at least 1",
                "write a number such as 512",
            );
            return None;
        };
        if let Fact::Known(maximum) = self.model.max_output_tokens
            && u64::from(number) * MILLIONTHS > maximum.millionths()
        {
            let message = format!("max_tokens is above the {maximum} that {} can generate", self.model.name);
            let help = format!("write at most {maximum}");
            self.diagnostics.at(Code::MaxTokensAboveModel, node.span, message, help);
            return None;
        }
        Some(Some(number))
    }
}
