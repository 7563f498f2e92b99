//! What the tests know of a handful of models, copied by hand from the table's sources: the
//! second side of every comparison must not come from the product's own reading.

use std::fmt;

/// A quota: its code, and the default AWS lists.
pub(crate) type Quota = (&'static str, u64);

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Embedding,
    Rerank,
}

/// A model in one scope.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    pub(crate) id: &'static str,
    pub(crate) scope: &'static str,
    pub(crate) kind: Kind,
    /// Output burndown rate.
    pub(crate) rate: u64,
    /// Largest max_tokens; `None` where it is not known, or nothing is generated.
    pub(crate) maximum: Option<u64>,
    pub(crate) tpm: Option<Quota>,
    pub(crate) rpm: Option<Quota>,
    pub(crate) tpd: Option<Quota>,
    /// Quotas of rows with more than 200,000 input tokens.
    pub(crate) long: Option<(Quota, Quota)>,
    /// Whether US and Global both exist, so that traffic can be split.
    pub(crate) split: bool,
    /// Whether a price of cache reads is known.
    pub(crate) cached: bool,
    pub(crate) batch: bool,
    /// Whether AWS lists it as Legacy, so that it grants no increases.
    pub(crate) legacy: bool,
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.scope)
    }
}

pub(crate) const NOTHING: Facts = Facts {
    id: "",
    scope: "us",
    kind: Kind::Text,
    rate: 1,
    maximum: None,
    tpm: None,
    rpm: None,
    tpd: None,
    long: None,
    split: true,
    cached: true,
    batch: false,
    legacy: false,
};

const SONNET_5: Facts = Facts {
    id: "anthropic.claude-sonnet-5",
    rate: 10,
    maximum: Some(128_000),
    tpm: Some(("L-D4FBCF4E", 6_000_000)),
    ..NOTHING
};

const HAIKU_4_5: Facts = Facts {
    id: "anthropic.claude-haiku-4-5-20251001-v1:0",
    rate: 5,
    maximum: Some(64_000),
    tpm: Some(("L-58BE175A", 5_000_000)),
    rpm: Some(("L-CCA5DF70", 10_000)),
    batch: true,
    ..NOTHING
};

const HAIKU_4_5_GLOBAL: Facts = Facts {
    scope: "global",
    tpm: Some(("L-9A11C666", 5_000_000)),
    rpm: Some(("L-E5084BBA", 10_000)),
    ..HAIKU_4_5
};

const SONNET_4_5_GLOBAL: Facts = Facts {
    id: "anthropic.claude-sonnet-4-5-20250929-v1:0",
    scope: "global",
    rate: 5,
    maximum: Some(64_000),
    tpm: Some(("L-27C57EE8", 5_000_000)),
    rpm: Some(("L-DB84CE56", 10_000)),
    long: Some((("L-4B26E44A", 1_000_000), ("L-C0D53EFB", 1_000))),
    legacy: true,
    batch: true,
    ..NOTHING
};

const NOVA_2_LITE: Facts = Facts {
    id: "amazon.nova-2-lite-v1:0",
    maximum: Some(64_000),
    tpm: Some(("L-C6F5908D", 8_000_000)),
    rpm: Some(("L-F06F1187", 2_000)),
    tpd: Some(("L-210172B5", 5_760_000_000)),
    batch: true,
    ..NOTHING
};

const EMBED_V4: Facts = Facts {
    id: "cohere.embed-v4:0",
    scope: "global",
    kind: Kind::Embedding,
    tpm: Some(("L-02DFBB76", 300_000)),
    rpm: Some(("L-7089DC7D", 2_000)),
    tpd: Some(("L-795ADAB0", 432_000_000)),
    split: false,
    cached: false,
    ..NOTHING
};

const GROK_4_7: Facts = Facts { id: "xai.grok-4.7", tpm: Some(("L-5DAEA81C", 10_000_000)), ..NOTHING };

const RERANK: Facts = Facts {
    id: "cohere.rerank-v3-5:0",
    scope: "in-region",
    kind: Kind::Rerank,
    rpm: Some(("L-11512E58", 250)),
    split: false,
    cached: false,
    ..NOTHING
};

/// Not callable from ca-central-1: it has no quota.
const SONNET_3_7: Facts = Facts {
    id: "anthropic.claude-3-7-sonnet-20250219-v1:0",
    rate: 5,
    maximum: Some(8_192),
    split: false,
    ..NOTHING
};

/// Models with all their facts, two rows of which often meet in one quota.
pub(crate) const MODELS: [Facts; 9] = [
    SONNET_5,
    SONNET_4_5_GLOBAL,
    HAIKU_4_5,
    HAIKU_4_5_GLOBAL,
    NOVA_2_LITE,
    EMBED_V4,
    GROK_4_7,
    RERANK,
    SONNET_3_7,
];

/// Models that generate text, with a quota and a known maximum.
pub(crate) const CAPPED: [Facts; 3] = [SONNET_5, HAIKU_4_5, NOVA_2_LITE];

/// Models whose quotas do not depend on the length of the input, with room for longer answers.
pub(crate) const SHORT: [Facts; 6] = [SONNET_5, HAIKU_4_5, NOVA_2_LITE, EMBED_V4, GROK_4_7, HAIKU_4_5_GLOBAL];

/// The account's cross-model daily quota.
pub(crate) const ACCOUNT_DAILY: Quota = ("L-E3F10727", 700_000_000);
