//! What the AWS CLI saved, read into what AWS answers: the same types as from a live call, so that
//! both ways end in the same result.
//!
//! It reads texts alone; it calls nobody and shows nothing.

mod answer;
pub mod commands;
mod decimal;
mod history;
mod item;
mod quotas;
mod usage;

pub(crate) use answer::{documents, start};
pub use history::history;
pub use quotas::{Listed, SavedQuotas, quotas};
pub use usage::{Saved, usages};

/// Service Quotas' code of Amazon Bedrock.
pub const SERVICE: &str = "bedrock";
