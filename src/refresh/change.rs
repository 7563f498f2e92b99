//! What differs between the table and saved answers, and what is left to a person.

use std::collections::BTreeMap;

use crate::catalog::Scope;
use crate::units::Fact;

/// A value in which the answers differ from the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The model, by id; empty for the account's quota.
    pub model: String,
    /// The table of the key below the model, such as `scope.us.tpm`.
    pub table: String,
    /// The key.
    pub key: &'static str,
    /// The table's value in TOML; `absent` where it has none.
    pub before: String,
    /// The answers' value in TOML.
    pub after: String,
    pub(super) source: &'static str,
}

/// What differs, and what a person must look at.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// In the order of the table.
    pub changes: Vec<Change>,
    /// What was not written or not compared.
    pub remarks: Vec<UpdateRemark>,
    /// The whole lists of prices that have a change, by model and table: an overlay replaces lists.
    pub(super) price_lists: BTreeMap<(String, String), String>,
}

/// A value of the table in TOML.
pub(super) fn fact<T>(fact: &Fact<T>, word: impl Fn(&T) -> String) -> String {
    match fact {
        Fact::Known(value) => word(value),
        Fact::Unknown => "\"unknown\"".to_owned(),
        Fact::Absent => "absent".to_owned(),
    }
}

/// What an update does not write or did not compare, with counts and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateRemark {
    /// Quotas of the table that the list of defaults does not have, by code.
    MissingQuotas(Vec<String>),
    /// Quotas of the list that may be of a model of the table.
    OpenQuotas(Vec<OpenQuota>),
    /// How many other quotas of the list name no model of the table.
    OtherQuotas(usize),
    /// Profiles of the table that the list does not have.
    MissingProfiles(Vec<String>),
    /// Profiles that are listed and not active.
    InactiveProfiles(Vec<String>),
    /// Profiles that the table does not have.
    NewProfiles(Vec<String>),
    /// How many profiles are application profiles of an account.
    ApplicationProfiles(usize),
    /// Offered models of the table whose lifecycle is not in the list.
    MissingLifecycles(Vec<String>),
    /// Lifecycles that an overlay cannot state.
    OpenLifecycles(Vec<OpenLifecycle>),
    /// Models that the table does not have.
    NewModels(Vec<String>),
    /// How many prices were compared.
    ComparedPrices(usize),
    /// Names of the price list that are of no model of the table.
    UnknownNames(Vec<String>),
    /// Prices of which the list does not say which scope or tier of the table they are for.
    OpenPrices(Vec<OpenPrice>),
    /// Prices that differ where the table has a promotional one, by the model's name and the scope.
    PromotedPrices(Vec<(String, Scope)>),
    /// How many products are not plain on-demand text tokens.
    OtherProducts(usize),
    /// How many prices of tokens name no model.
    UnnamedPrices(usize),
    /// How many products of tokens have no on-demand price.
    UnpricedProducts(usize),
}

/// A quota that may be of a model of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenQuota {
    /// Its code.
    pub code: String,
    /// AWS's name.
    pub name: String,
    /// The model, by id.
    pub model: String,
}

/// A lifecycle that an overlay cannot state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLifecycle {
    /// The model, by id.
    pub model: String,
    /// AWS's word for its stage where quotaplan does not know it; `None` where the model is active, and the table or
    /// the answer states dates that an active model does not have.
    pub stage: Option<String>,
}

/// A price of which the list does not say where in the table it belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenPrice {
    /// The model's name.
    pub model: String,
    /// What is open.
    pub reason: OpenPriceReason,
}

/// Why it is not known where in the table a price belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpenPriceReason {
    /// The table has no scope of its kind, or several.
    Scopes {
        /// Whether the price is for calls through a profile of one geography or in-Region, and not global.
        is_regional: bool,
        /// How many scopes of that kind the table has.
        scopes: usize,
    },
    /// The table has so many tiers of prices in the scope.
    Tiers {
        /// The scope.
        scope: Scope,
        /// How many.
        tiers: usize,
    },
}

impl Update {
    /// Adds a remark on items, where there are any.
    pub(super) fn list<T>(&mut self, remark: fn(Vec<T>) -> UpdateRemark, items: Vec<T>) {
        if !items.is_empty() {
            self.remarks.push(remark(items));
        }
    }

    /// Adds a remark on a number, where it is not zero.
    pub(super) fn count(&mut self, remark: fn(usize) -> UpdateRemark, count: usize) {
        if count > 0 {
            self.remarks.push(remark(count));
        }
    }
}
