//! What a policy is held against: its kind, the calls that must go through, and how they are made.

use crate::catalog::{ModelIndex, Scope};
use crate::units::words;

words! {
    /// What kind of policy a document is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum PolicyKind {
        /// It allows, and what it does not allow is denied.
        Identity = "identity",
        /// A service control policy: it bounds what identity policies allow.
        Scp = "scp",
    }
}

/// Whether callers stream answers, so whether they need InvokeModel, InvokeModelWithResponseStream or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Streaming {
    /// Some answers are streamed and some are not.
    #[default]
    Sometimes,
    /// None is.
    Never,
    /// Every one is that can be.
    Always,
}

/// What a policy is held against.
#[derive(Debug, Clone, Default)]
pub struct LintOptions {
    /// The kind of policy; `None` detects it.
    pub kind: Option<PolicyKind>,
    /// Models that must be callable, each in its scope.
    pub models: Vec<(ModelIndex, Scope)>,
    /// Scopes that must be callable: every model of them, of an identity policy those that it names.
    pub scopes: Vec<Scope>,
    /// Whether answers are streamed.
    pub streaming: Streaming,
    /// The Region in which tokens are counted, where they are.
    pub count_tokens: Option<String>,
}
