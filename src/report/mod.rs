//! What a result looks like: the only room that renderers see.
//!
//! A [`Report`] gives a result as blocks for people, as flat records for spreadsheets, or as the JSON of `contract`
//! for scripts: the one that is asked for. Numbers are words by now. What is as long as a file, and not read again,
//! is made while it is written: see [`Rows`].

mod blocks;
mod check;
mod check_json;
mod check_view;
mod checked;
mod columns;
mod compare;
mod compare_edits;
mod compare_help;
mod compare_json;
mod compare_optimum;
mod compare_records;
mod compare_texts;
mod comparing;
mod cost;
mod explain;
mod explain_daily;
mod explain_row;
mod gate;
mod granted_changes;
mod granted_toml;
mod input_subjects;
mod looked_up;
mod looked_up_view;
mod migrate;
mod migrate_changes_json;
mod migrate_json;
mod migrate_life;
mod migrate_parts;
mod migrate_words;
mod migrating;
mod models;
mod models_check;
mod models_json;
mod models_update;
mod plan;
mod plan_contribution_json;
mod plan_json;
mod plan_rate_json;
mod plan_simulated;
mod plan_view;
mod policy;
mod rate;
mod request;
mod requested;
mod rows;
mod sample;
mod simulate;
mod simulate_findings;
mod simulate_json;
mod simulate_parts;
mod simulate_read_json;
mod simulate_records;
mod simulate_requests;
mod simulate_words;
mod simulating;
pub mod whatif;
pub mod words;

pub use blocks::{Block, BlockOf, Cell, Chart, Column, Entry, Mark, Note, Series};
pub use check::{CheckReport, check, faulty_inputs};
pub use checked::Checked;
pub use columns::keys_with_a_column;
pub use comparing::Comparing;
pub use explain::{EXPLAIN_COLUMNS as TRAIL_COLUMNS, ExplainReport};
pub use explain_daily::ExplainDailyReport;
pub use gate::{FindingChange, Gate, GateFinding, GateStatus, Outcome, Region, Subject};
pub use granted_changes::{GrantedChanges, granted_changes};
pub use granted_toml::{granted_remarks, granted_toml};
pub use input_subjects::input_subjects;
pub use looked_up::{Asked, Holding, Known, ListingFault, LookUp, LookedUp, Shown};
pub use looked_up_view::ListingReport;
pub use migrating::Migrating;
pub use models::{ModelReport, ModelsReport};
pub use models_check::FactsReport;
pub use plan::{Place, places};
pub use plan_simulated::SimulatedQuotas;
pub use plan_view::PlanReport;
pub use policy::{PolicyReport, policy_summary};
pub use rate::{MetricWindow, Rating};
pub use request::{
    Gap, Requested, Requesting, console_link, is_decided, needs_support, needs_support_case, request,
    request_report, request_summary, restore_case, support_case, trail, undecided_count,
};
pub use requested::{PackRequest, StatusReport, requested};
pub use rows::{MakeRows, Rows};
pub use sample::{Sampled, SampledLogs};
pub use simulating::{
    Asking, AtMaximum, CacheOpen, Formula, MaxTokensAnswer, PlannedQuota, RequestLimits, RequestQuota,
    ShortTrace, Simulated, Simulating, SimulationFinding, Source,
};

pub use whatif::{BASE, Runways, WhatifReport};

use std::io::Write;

use serde::{Serialize, Serializer};

pub use crate::contract::SCHEMA_VERSION;

/// A result that can be shown. A renderer asks for the one form that it writes, and no other is made.
pub trait Report {
    /// For people, in reading order.
    fn blocks(&self) -> Vec<BlockOf<'_>>;

    /// For spreadsheets.
    fn records(&self) -> RecordsOf<'_>;

    /// Writes the JSON for scripts, indented, without a final line end; its lists are made while they are written.
    ///
    /// # Errors
    /// What cannot be written.
    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error>;
}

/// A list in JSON whose items are made when their turn comes.
struct Items<F>(F);

impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Items<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
    }
}

/// Flat records under named columns.
pub type Records = RecordsOf<'static>;

/// Records that may be made of borrowed data.
#[derive(Debug, Default)]
pub struct RecordsOf<'a> {
    /// Column names.
    pub columns: Vec<&'static str>,
    /// One record a row.
    pub rows: Rows<'a>,
}
