//! The Amazon Resource Names of profiles and foundation models.

use crate::catalog::REGION;

/// What `aws:RequestedRegion` holds when a global profile sends a request on.
///
/// User guide, global-cross-region-inference, 2026: the policies say `unspecified`; one sentence of the
/// page says `global`, which none of its policies uses.
pub const UNSPECIFIED: &str = "unspecified";

/// The account in the ARN of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account(String);

impl Account {
    /// The account id of AWS's own examples (user guide, inference-profiles-prereq, 2026).
    pub const PLACEHOLDER: &'static str = "111122223333";

    /// Reads an account id: twelve digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_account_id(text).then(|| Self(text.to_owned()))
    }

    /// The account of AWS's examples, for documents that are filled in later.
    #[must_use]
    pub fn placeholder() -> Self {
        Self(Self::PLACEHOLDER.to_owned())
    }

    /// Every account, as SCPs name it: `*`.
    #[must_use]
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// As it stands in an ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text is an account id.
pub(super) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The ARN of a system-defined inference profile in the source Region, with its account id.
///
/// User guide, geographic-cross-region-inference, 2026; the Canada post of 2025-11-24 leaves the account
/// out, which names no profile.
pub(super) fn profile(account: &Account, id: &str) -> String {
    format!("arn:aws:bedrock:{REGION}:{}:inference-profile/{id}", account.as_str())
}

/// The ARN of a foundation model in a Region; it has no account.
pub(super) fn model(region: &str, id: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{id}")
}

/// The ARN of a foundation model behind a global profile: "no AWS Region or account specified, which is
/// intentional and required" (user guide, global-cross-region-inference, 2026).
pub(super) fn global_model(id: &str) -> String {
    model("", id)
}

/// The ARN of a Bedrock resource, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BedrockArn<'a> {
    pub(super) region: &'a str,
    pub(super) account: &'a str,
    pub(super) kind: Kind,
    /// What stands behind the slash.
    pub(super) id: &'a str,
}

/// What an ARN names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Profile,
    ApplicationProfile,
    Model,
}

impl<'a> BedrockArn<'a> {
    /// Reads the ARN of a profile or foundation model, also one with wildcards.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", _, "bedrock", region, account, resource] = parts.as_slice() else {
            return None;
        };
        let (kind, id) = resource.split_once('/')?;
        let kind = match kind {
            "inference-profile" => Kind::Profile,
            "application-inference-profile" => Kind::ApplicationProfile,
            "foundation-model" => Kind::Model,
            _ => return None,
        };
        Some(Self { region, account, kind, id })
    }
}

/// The ARN of an application inference profile, where a name is one.
#[must_use]
pub fn application_profile(name: &str) -> Option<&str> {
    Some(name.trim())
        .filter(|name| name.starts_with("arn:") && name.contains(":application-inference-profile/"))
}
