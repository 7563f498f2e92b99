//! What a result looks like: the only room that renderers see.
//!
//! A [`Report`] gives a result as blocks for people, as flat records for spreadsheets, or as the JSON of `contract`
//! for scripts: the one that is asked for. Numbers are words by now. What is as long as a file, and not read again,
//! is made while it is written: see [`Rows`].

mod actions;
mod blocks;
mod check;
mod columns;
mod compare;
mod cost;
mod evidence;
mod explain;
mod migrate;
mod models;
mod notes;
mod plan;
mod policy;
mod position;
mod quotas;
mod request;
mod rows;
mod sample;
mod shown_keys;
mod simulate;
mod view;
mod whatif;
pub mod words;

pub use blocks::{Block, BlockOf, Cell, Chart, Column, Entry, Flag, Holds, Mark, Note, Series, Step, Tone};
pub use check::{
    CheckReport, CheckResult, FindingChange, Gate, GateFinding, GateStatus, Region, Subject, SubjectOutcome,
    check, faulty_inputs, input_subjects,
};
pub use compare::CompareReport;
pub use explain::{ExplainDailyReport, ExplainReport, TRAIL_COLUMNS};
pub use migrate::MigrateReport;
pub use models::{FactsReport, ModelReport, ModelsReport};
pub use plan::{PlanReport, SimulatedQuotas};
pub use policy::{PolicyReport, add_policy_findings, policy_summary};
pub use position::{FilePosition, places};
pub use quotas::{
    AccountLimit, AccountQuotas, GrantedChanges, ListedQuota, ListingFault, ListingFilter, ListingReport,
    ListsRead, QuotaChange, TableQuota, granted_changes, granted_remarks, granted_toml,
};
pub use request::{
    Gap, IncreaseRequest, PackRequest, RequestReport, RequestScreen, StatusReport, asks_aws_for_anything,
    console_link, has_case_text, has_matters_for_support_alone, missing_answers, request, request_report,
    request_screen, requested, restore_case, send_command, support_case, trail,
};
pub use rows::{MakeRows, Rows};
pub use sample::{MetricWindow, RateReport, SampleLogs, SampleReport};
pub use shown_keys::keys_with_a_column;
pub use simulate::{
    AtMaximum, CacheOpen, Formula, MaxTokensAnswer, PlannedQuota, RequestLimits, RequestQuota,
    ScopeSimulation, ShortTrace, SimulateOptions, SimulateReport, SimulationFinding, TrafficSource,
};
pub use view::Detail;
pub use whatif::{BASE, Runways, WhatifReport};

use std::io::Write;

use serde::{Serialize, Serializer};

pub use crate::contract::SCHEMA_VERSION;

/// A result that can be shown. A renderer asks for the one form that it writes, and no other is made.
pub trait Report {
    /// For people, in reading order: as much as `detail` asks for.
    fn blocks(&self, detail: Detail) -> Vec<BlockOf<'_>>;

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
