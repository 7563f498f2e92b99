//! What `quotas` says.

use crate::report::{AccountQuotas, QuotaChange, TableQuota};
use crate::text::FactDate;
use crate::units::{Fact, QuotaAmount};

/// Titles of the columns of a look-up.
#[derive(Debug, Clone, Copy)]
pub struct LookUpTitles {
    /// The quota.
    pub quota: &'static str,
    /// Its applied value.
    pub applied: &'static str,
    /// AWS's default.
    pub default: &'static str,
    /// Who can raise it.
    pub raised_by: &'static str,
    /// AWS's name.
    pub name: &'static str,
    /// Its value in the file that it is compared with.
    pub in_file: &'static str,
    /// Its value now.
    pub now: &'static str,
    /// How the two differ.
    pub change: &'static str,
}

/// Where the value of a line of a `granted.toml` is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantedLine {
    /// The applied list.
    Applied,
    /// AWS's default: the applied list does not have the quota.
    Default,
    /// AWS returned no value.
    Unknown,
}

/// What the reader of a `granted.toml` has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUpRemark {
    /// Quotas that are written at AWS's default.
    Defaults {
        /// How many.
        count: usize,
        /// How many quotas there are.
        all: usize,
    },
    /// How many quotas have no value in AWS's answer.
    Unknown(usize),
    /// How many quotas are left out, since the list with their value is not given.
    NotAsked(usize),
    /// How many quotas are left out, since the model table does not have them.
    NotInTable(usize),
    /// How many quotas are left out, since `granted.toml` may not hold their codes.
    BadCodes(usize),
    /// Quotas of the model table that AWS's answer does not have.
    NotListed {
        /// How many.
        count: usize,
        /// The first codes.
        codes: Vec<String>,
        /// Whether AWS's defaults are given.
        defaults_given: bool,
    },
    /// The day of the look-up is not stated.
    NoDate,
    /// The applied list goes on behind this place, and no file holds the next page.
    Continued(String),
    /// The list at this place is one that `--query` wrote.
    Filtered(String),
}

/// The sentences of `quotas`, a method each.
pub trait LookUpWords {
    /// Model and scope of a quota of the model table, or that it is of all models.
    fn table_quota_name(&self, quota: &TableQuota) -> String;

    /// How many quotas were looked up, and with what values.
    fn look_up_summary(&self, look_up: &AccountQuotas, today: Option<FactDate>) -> String;

    /// Titles of the columns.
    fn look_up_titles(&self) -> LookUpTitles;

    /// A value that AWS lists; `answered` where it was asked for it.
    fn listed_value(&self, value: Fact<QuotaAmount>, answered: bool) -> String;

    /// Who can raise a quota, in a narrow cell.
    fn raised_by(&self, adjustable: Option<bool>) -> &'static str;

    /// Which quotas of the model table AWS's answer does not have: the names of some, and how many more.
    fn quotas_not_listed(&self, names: &[String], more: usize) -> String;

    /// How many quotas there are of each change.
    fn changes_summary(&self, account: Option<&str>, counts: &[(QuotaChange, usize)]) -> String;

    /// How a quota differs.
    fn quota_change(&self, change: QuotaChange) -> &'static str;

    /// The value of a quota now; with a mark where it is AWS's default.
    fn looked_up_value(&self, value: String, is_default: bool) -> String;

    /// The first comment of a `granted.toml`.
    fn granted_title(&self, account: Option<&str>, today: Option<FactDate>) -> String;

    /// The comment of a line of a `granted.toml`: AWS's name, where the value is from, and the value that AWS states
    /// where it is too large to be written; empty where there is nothing to say.
    fn granted_comment(&self, name: &str, line: GrantedLine, too_large: Option<QuotaAmount>) -> String;

    /// What the reader of a `granted.toml` has to know, without a capital letter and a full stop.
    fn look_up_remark(&self, remark: &LookUpRemark) -> String;

    /// The same as a whole sentence.
    fn look_up_note(&self, remark: &LookUpRemark) -> String;
}
