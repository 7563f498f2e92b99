//! Sentences: what a result says to a person, in the language that was asked for.
//!
//! Facts come from the engine, with their figures; a language words them and formats their numbers. A second
//! language is a second implementation of these traits, and the compiler says what it lacks. Nothing is decided here.

mod actions;
mod check;
mod compare;
mod en;
mod iam;
mod migrate;
mod models;
mod plan;
mod quotas;
mod request;
mod sample;
mod sentence;
mod simulate;
mod support_case;
mod traits;
mod whatif;

pub use actions::{ActionIn, ActionSentence, ActionWords, LeftOut};
pub use check::{BudgetTally, CheckTitles, CheckVerdict, CheckWords, Failing, QuotaTally};
pub use compare::{
    CompareHeading, CompareTally, CompareTitles, CompareWords, ComparedWorkload, DecisionIn, Fit,
    OptimumFigures, ScopeVerdict, Standing, Statement, Statements, StayReason,
};
pub use iam::{CallTally, IamWords, PolicyRemark, PolicySummary, TooLong};
pub use migrate::{DueStage, MigrateTitles, MigrateVerdict, MigrateWords};
pub use models::{FactsSummary, ModelLabels, ModelsWords};
pub use plan::{AssumedPeaks, PlanTitles, PlanVerdict, PlanWords};
pub use quotas::{GrantedLine, LookUpRemark, LookUpTitles, LookUpWords};
pub use request::{
    Helpful, MeasuredEntry, RequestFigure, RequestSection, RequestTable, RequestVerdict, RequestWarning,
    RequestWords, RestsOn, StatusCounts,
};
pub use sample::{CallsCost, RateTitles, SampleRemark, SampleTitles, SampleWords, ScriptComments};
pub use sentence::Sentence;
pub use simulate::{MaxTokensAssumed, SimulateTitles, SimulateWords};
pub use support_case::{
    AloneText, AwsQuestion, CaseArithmetic, CaseTopic, CaseUse, CaseWorkload, MaxTokensUse, QuotaNow, Raise,
    RequestsBeside, RestoreText, SupportCaseWords,
};
pub use traits::{FactWords, FindingIn, FindingWords, Language, NumberWords, QuotaWords};
pub use whatif::{ScenarioEffect, WhatifWords};

/// The language of what the program says: the one place where it is chosen. A second language is a folder beside `en`
/// and its arm here.
pub fn language() -> &'static dyn Language {
    &en::English
}
