//! What was typed when a pack was made, as the pack keeps it.

use serde::{Deserialize, Serialize};

use crate::render::RenderError;

/// Version of the file.
const SCHEMA_VERSION: u32 = 1;

/// The arguments of a pack; numbers and dates as they would be typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// Version of the file.
    pub schema_version: u32,
    /// The account that is asked for, by the name rows give it.
    pub account: Option<String>,
    /// Its twelve digits.
    pub account_id: Option<String>,
    /// Whether max_tokens is lowered where that changes much.
    pub accept_max_tokens: bool,
    /// Why max_tokens stays as configured.
    pub with_reservations: Option<String>,
    /// Whether an unknown burndown rate may be planned at its worst case.
    pub accept_unknown: bool,
    /// Whether a residency may be broken, or not be told; left out where not, as in packs without the key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accept_residency: bool,
    /// Whether requests per minute are asked for too.
    pub also_rpm: bool,
    /// Whether AWS may open a Support case.
    pub support_case: bool,
    /// How an increase is divided.
    pub stages: Option<StageArguments>,
    /// Headroom, where typed.
    pub headroom: Option<String>,
    /// Confidence, where typed.
    pub confidence: Option<String>,
    /// Whether cache reads count in the reservation.
    pub reserve_cache_reads: bool,
    /// The date whose burndown statements decide, where typed.
    pub rates_as_of: Option<String>,
    /// The day by which the increases are needed, where they are not in stages; left out where it was not typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_by: Option<String>,
    /// The day on which the pack was made, typed or the clock's.
    pub today: String,
    /// Months of growth.
    pub months: u32,
    /// The delimiter of the workloads, where typed.
    pub delimiter: Option<char>,
    /// The decimal mark of the workloads, where it is not a point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// Whether unknown columns are errors.
    pub strict: bool,
    /// The workloads by their paths in the pack; left out where they are one file, as in packs without the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workloads: Vec<String>,
    /// Applied quotas by their paths in the pack; left out where they are one file or none, as in packs without the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<String>,
    /// Measured use; left out where it is one per-minute table or none, as in packs without the key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceArgument>,
}

/// A file of measured use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceArgument {
    /// Its path in the pack.
    pub file: String,
    /// The model and scope that it is of, where typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// How an increase is divided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageArguments {
    /// The largest a stage may be, in multiples of the value before it.
    pub factor: String,
    /// Share of a stage in use before the next is asked for.
    pub used: String,
    /// Days from asking to granting.
    pub lead_days: u32,
    /// The day on which the last stage must be there.
    pub needed_by: Option<String>,
}

impl Arguments {
    /// The version that [`Arguments::to_json`] writes.
    pub const SCHEMA_VERSION: u32 = SCHEMA_VERSION;

    /// The file's text.
    ///
    /// # Errors
    /// [`RenderError`] where the serialiser fails.
    pub fn to_json(&self) -> Result<String, RenderError> {
        Ok(crate::text::plain::json(self)? + "\n")
    }

    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, with the line and column as JSON readers count them.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
