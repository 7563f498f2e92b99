//! What leaves the program as JSON, as types that are both written and read.
//!
//! One file a document, with the shared parts in files of their own. The types hold plain values and no
//! arithmetic: `report` fills them, and nothing is judged or worded here. Their doc comments are the descriptions of
//! [`schema`], which users read: what concerns the code alone stands in ordinary comments.
//!
//! Rules of every document: keys are added in minor versions and never renamed; token and request figures are
//! integers, ratios decimal numbers, money decimal strings; what is not known is `null`, and no limit is
//! `"unlimited"`. Words of a list (scopes, kinds, codes, verdicts) stay text, so that a document of a later version,
//! with words this one does not know, can still be read. Of an earlier plan or check the program reads the keys of
//! [`baseline`], in which no struct is flattened: serde would read it from a buffer and lose the place of a fault.

use std::borrow::Cow;

/// Declares a struct with the figures of a quota between its own keys. They are keys of the struct itself, so that the
/// path of a key is that of its field, for the columns of CSV too.
macro_rules! with_figures {
    ($(#[$meta:meta])* $name:ident $(<$($part:ident = $default:ty),*>)? { $($before:tt)* } { $($after:tt)* }) => {
        $(#[$meta])*
        pub struct $name $(<$($part = $default),*>)? {
            $($before)*
            /// Settled tokens (or requests) of the mean minute; of the mean day for a quota a day.
            pub steady: u64,
            /// The same for the busiest minute.
            pub peak: u64,
            /// Mean of the tokens reserved at once; null where it is not known or not asked.
            pub in_flight: Option<u64>,
            /// The level that is enough for the chosen share of the time.
            pub burst: Option<u64>,
            /// Peak plus headroom.
            pub formula: Option<u64>,
            /// What the quota must be, rounded up.
            pub required: Option<u64>,
            /// The applied quota, where given.
            pub granted: Option<Limit>,
            /// AWS's default, where known.
            pub default: Option<Limit>,
            /// Which of the two the requirement was compared with: `granted` or `default`.
            pub capacity_source: Option<Word>,
            /// Required over capacity, rounded to ten-thousandths.
            pub utilisation: Option<Share>,
            /// Whether the applied quota is enough.
            pub verdict: Word,
            /// What is to be done.
            pub action: Word,
            /// The amount to ask for, in the quota's unit.
            pub ask: Option<u64>,
            /// A lower max_tokens that cuts few answers, in tokens.
            pub tight_max_tokens: Option<u64>,
            /// What is required with it.
            pub lean_required: Option<u64>,
            /// What is to be asked for with it.
            pub lean_ask: Option<u64>,
            /// The default to which AWS is asked to restore a lower applied quota.
            pub restore_to: Option<Limit>,
            $($after)*
        }
    };
}

pub mod action;
pub mod baseline;
pub mod check;
pub mod compare;
pub mod cost;
pub mod explain;
pub mod iam;
pub mod migrate;
pub mod models;
pub mod pair;
pub mod parts;
pub mod plan;
pub mod quota;
pub mod quotas;
pub mod request;
pub mod sample;
pub mod schema;
pub mod simulate;
pub mod trace;
pub mod whatif;

/// Version of every document; keys are added in minor versions, never renamed.
pub const SCHEMA_VERSION: u32 = 1;

/// A word of a list: the program's own words are written without an allocation.
pub type Word = Cow<'static, str>;
