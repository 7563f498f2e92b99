//! Scopes, provenance and model indices: what the facts of the model table are filed under.

use crate::text::{FactDate, Span};
use crate::units::words;

words! {
    /// How requests reach the model: which inference profile, or none.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Scope {
        /// The Canadian geographic profile, `ca.`.
        Ca = "ca",
        /// The global profile, `global.`.
        Global = "global",
        /// On demand in ca-central-1, without a profile.
        InRegion = "in-region",
        /// The US geographic profile, `us.`.
        Us = "us",
    }
}

/// Where a fact was read, and the date it stands for.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// The page or publication, in words.
    pub source: String,
    /// The date of the fact.
    pub as_of: FactDate,
    /// Its place in the model table.
    pub span: Span,
}

/// One model of a [`Catalog`](super::Catalog); only that catalog gives it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelIndex(pub(super) u16);
