//! What `models` says.

use crate::catalog::{
    Catalog, Destinations, Lifecycle, Model, Price, Promotion, Provenance, QuotaEntry, RateStatement,
};
use crate::refresh::UpdateRemark;
use crate::text::FactDate;
use crate::units::{Fact, Tokens};

/// Labels of what is known of a model.
#[derive(Debug, Clone, Copy)]
pub struct ModelLabels {
    /// Who offers it.
    pub provider: &'static str,
    /// What it makes.
    pub kind: &'static str,
    /// Its short names.
    pub aliases: &'static str,
    /// Whether it can be called from ca-central-1.
    pub offered: &'static str,
    /// The most output tokens.
    pub max_output: &'static str,
    /// The most tokens of a request.
    pub context_window: &'static str,
    /// Whether it takes batch jobs.
    pub batch: &'static str,
    /// Whether its tokens can be counted.
    pub count_tokens: &'static str,
    /// Its stages.
    pub lifecycle: &'static str,
    /// What AWS requires before the first call.
    pub access: &'static str,
    /// The burndown rate that is planned.
    pub rate: &'static str,
    /// Another statement on the rate.
    pub other_rate: &'static str,
    /// The inference profile of a scope.
    pub profile: &'static str,
    /// The Regions that process its calls.
    pub destinations: &'static str,
    /// Its quotas, where there is none.
    pub quotas: &'static str,
}

/// What the summary of the facts' ages rests on.
#[derive(Debug, Clone, Copy)]
pub struct FactsSummary {
    /// How many facts are shown.
    pub shown: usize,
    /// How many the table has.
    pub all: usize,
    /// Only facts above so many days are shown.
    pub older_than: Option<u32>,
    /// The day that ages are counted to.
    pub today: FactDate,
    /// How many are dated after that day.
    pub later: usize,
}

/// The sentences of `models`, a method each.
pub trait ModelsWords {
    /// How many models there are, and those that are known to have no entry.
    fn models_verdict(&self, catalog: &Catalog) -> String;

    /// Titles of the list of models: model, scopes, burndown rate, most output, context window, alias.
    fn models_titles(&self) -> [&'static str; 6];

    /// What stands for the scopes of a model that cannot be called.
    fn no_scopes(&self) -> &'static str;

    /// The burndown rate that is planned.
    fn planned_rate(&self, model: &Model) -> String;

    /// A number of tokens that may be unknown or absent.
    fn tokens_fact(&self, tokens: Fact<Tokens>) -> String;

    /// Labels of what is known of a model.
    fn model_labels(&self) -> ModelLabels;

    /// Whether a model can be called from ca-central-1.
    fn is_offered(&self, model: &Model) -> &'static str;

    /// Yes, no, or that it is not known.
    fn yes_or_no(&self, fact: Fact<bool>) -> &'static str;

    /// A limit, with the values that other sources give for it.
    fn disputed_limit(&self, planned: Fact<Tokens>, others: &[Tokens]) -> String;

    /// The stages of a model.
    fn lifecycle(&self, lifecycle: &Lifecycle) -> String;

    /// The heading of the statements on the burndown rate.
    fn rates_heading(&self) -> &'static str;

    /// A statement on the burndown rate.
    fn rate_statement(&self, statement: &RateStatement) -> String;

    /// The heading of a scope, by its word.
    fn scope_heading(&self, scope: &str) -> String;

    /// The Regions that process the calls of a scope.
    fn destinations(&self, destinations: &Destinations) -> String;

    /// A quota: its code, its default, and whether it is adjustable.
    fn table_quota(&self, quota: &QuotaEntry) -> String;

    /// AWS's name of a quota.
    fn aws_name(&self, quota: &QuotaEntry) -> String;

    /// What stands for the quotas of a model that cannot be called.
    fn no_quotas(&self) -> &'static str;

    /// The label of a list of prices; `None` where there is no price.
    fn price_label(&self, price: Option<&Price>) -> String;

    /// The prices of a list; `None` where there is no price.
    fn prices(&self, price: Option<&Price>) -> String;

    /// What the prices of a list are for, and in which Region they were read.
    fn price_basis(&self, price: &Price) -> String;

    /// How long a promotional price holds, and what the price was before.
    fn promotion(&self, promotion: &Promotion) -> String;

    /// The heading of what AWS says of many models.
    fn statements_heading(&self) -> &'static str;

    /// A statement that no longer holds.
    fn replaced_statement(&self, statement: &str, source: &Provenance) -> String;

    /// How many facts are shown, in sentences.
    fn facts_summary(&self, summary: &FactsSummary) -> Vec<String>;

    /// Titles of the list of facts: age, date, how many, kind, source.
    fn facts_titles(&self) -> [&'static str; 5];

    /// How many of the facts the answer of the command states that stands below.
    fn facts_of_command(&self, count: usize) -> String;

    /// How many of the facts no answer states.
    fn facts_of_sources(&self, count: usize) -> String;

    /// How many values differ from the table.
    fn update_verdict(&self, changes: usize) -> String;

    /// Titles of the list of differences: model, table, key, before, after.
    fn update_titles(&self) -> [&'static str; 5];

    /// What an update does not write, or did not compare.
    fn update_remark(&self, remark: &UpdateRemark) -> String;

    /// What an overlay of differences is, as its first comment says it.
    fn overlay_title(&self) -> &'static str;

    /// That a table or an overlay is valid, and how many models there are with it.
    fn valid_table(&self, file: &str, models: usize) -> String;
}
