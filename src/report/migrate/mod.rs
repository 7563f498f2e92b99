//! A migration from one model to another, stage by stage.

mod changes_json;
mod checklist;
mod json;
mod life;
mod parts;
mod result;
mod screen;
mod table;

pub use result::MigrateReport;
