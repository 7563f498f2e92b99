//! Keeping the model table true: how old each fact is, where to read it again, and what saved answers of AWS say
//! otherwise than the table.
//!
//! It compares and writes texts; it calls nobody and shows nothing.

mod ages;
mod answers;
mod change;
pub mod commands;
mod lives;
mod prices;
mod update;

pub use ages::{AgedFact, FactKind, aged_facts};
pub use change::{Change, OpenLifecycle, OpenPrice, OpenPriceReason, OpenQuota, Update, UpdateRemark};
pub use update::update;
