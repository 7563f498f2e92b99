//! Quotas as AWS listed them, live or saved, beside what the model table knows of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::{QuotaListing, ServiceQuota};
use crate::catalog::{Catalog, Scope};
use crate::text::plain::shortened;
use crate::units::{Fact, QuotaAmount, QuotaKind};

/// Longest name that is shown, in characters: AWS's have about a hundred, and differ at their ends.
const LONGEST: usize = 200;

/// Which lists were asked for: of another nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListsRead {
    /// The applied values.
    pub applied: bool,
    /// AWS's defaults.
    pub defaults: bool,
}

/// Which quotas are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingFilter {
    /// Those of the model table.
    OfTheTable,
    /// All that AWS listed.
    All,
}

/// Why a listing cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListingFault {
    /// A quota with two values.
    #[error("AWS lists the quota {0} twice, with different values")]
    TwoValues(String),
    /// Quotas of two accounts.
    #[error("AWS lists quotas of two accounts, {0} and {1}")]
    TwoAccounts(String, String),
}

/// What a listing says, quota by quota.
#[derive(Debug)]
pub struct AccountQuotas {
    /// The quotas that are shown, by code.
    pub quotas: Vec<ListedQuota>,
    /// The twelve digits of the account, where any ARN has them.
    pub account: Option<String>,
    /// Which lists were asked for.
    pub asked: ListsRead,
    /// How many quotas of the listing are not shown.
    pub left_out: usize,
    /// Quotas of the model table that AWS did not list, by code.
    pub not_listed: Vec<(String, TableQuota)>,
}

/// One quota.
#[derive(Debug, Clone)]
pub struct ListedQuota {
    /// Its code.
    pub code: String,
    /// AWS's name: of the listing, else of the model table.
    pub name: Option<String>,
    /// What the model table knows of it.
    pub known: Option<TableQuota>,
    /// The applied value: absent where the list does not hold the quota, unknown where AWS gave none or was not asked.
    pub applied: Fact<QuotaAmount>,
    /// AWS's default, likewise.
    pub default: Fact<QuotaAmount>,
    /// Whether AWS answered about the applied value, be it without one.
    pub applied_answered: bool,
    /// Whether AWS answered about the default, likewise.
    pub default_answered: bool,
    /// Whether Service Quotas takes an increase, where AWS or the table states it.
    pub adjustable: Option<bool>,
}

/// What holds for the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountLimit {
    /// The applied value.
    Applied(QuotaAmount),
    /// AWS's default: the applied list does not hold the quota.
    Default(QuotaAmount),
    /// AWS gave no value.
    Unknown,
    /// Nothing is known: the list that would tell was not asked for.
    NotAsked,
}

/// A quota of the model table.
#[derive(Debug, Clone)]
pub struct TableQuota {
    /// The model's id and name; `None` for the account's daily quota over all models.
    pub model: Option<(String, String)>,
    /// The scope, where it is of one model.
    pub scope: Option<Scope>,
    /// What it counts.
    pub kind: QuotaKind,
    /// Whether it counts above an input length alone.
    pub long_context: bool,
    name: Option<String>,
    adjustable: Option<bool>,
}

impl TableQuota {
    /// AWS's name, as the model table has it.
    pub(in crate::report) fn name(&self) -> Option<String> {
        self.name.clone()
    }
}

impl AccountQuotas {
    /// Joins a listing with the model table.
    ///
    /// # Errors
    /// [`ListingFault`] where the listing contradicts itself.
    pub fn new(
        listing: &QuotaListing,
        asked: ListsRead,
        catalog: &Catalog,
        shown: ListingFilter,
    ) -> Result<Self, ListingFault> {
        let account = account(listing)?;
        let applied = by_code(&listing.applied)?;
        let defaults = by_code(&listing.defaults)?;
        let known = known_quotas(catalog);
        let listed: BTreeSet<&str> = applied.keys().chain(defaults.keys()).copied().collect();
        let is_shown = |code: &&str| shown == ListingFilter::All || known.contains_key(*code);
        let quotas: Vec<ListedQuota> = listed
            .iter()
            .filter(|code| is_shown(code))
            .map(|code| {
                let (applied, default) = (applied.get(code), defaults.get(code));
                let known = known.get(*code);
                let either = || [applied, default].into_iter().flatten();
                ListedQuota {
                    code: (*code).to_owned(),
                    name: either()
                        .find_map(|quota| quota.name.clone())
                        .or_else(|| known.and_then(TableQuota::name)),
                    applied: fact(applied.copied(), asked.applied),
                    default: fact(default.copied(), asked.defaults),
                    adjustable: either()
                        .find_map(|quota| quota.adjustable)
                        .or_else(|| known.and_then(|known| known.adjustable)),
                    applied_answered: asked.applied || applied.is_some(),
                    default_answered: asked.defaults || default.is_some(),
                    known: known.cloned(),
                }
            })
            .collect();
        let not_listed = known
            .iter()
            .filter(|(code, _)| !listed.contains(code.as_str()))
            .map(|(code, known)| (code.clone(), known.clone()))
            .collect();
        let left_out = listed.len() - quotas.len();
        Ok(Self { quotas, account, asked, left_out, not_listed })
    }
}

impl ListedQuota {
    /// What holds for the account.
    #[must_use]
    pub fn holding(&self) -> AccountLimit {
        match (self.applied, self.default) {
            (Fact::Known(amount), _) => AccountLimit::Applied(amount),
            (Fact::Unknown, _) if !self.applied_answered => AccountLimit::NotAsked,
            (Fact::Unknown, _) => AccountLimit::Unknown,
            (Fact::Absent, Fact::Known(amount)) => AccountLimit::Default(amount),
            (Fact::Absent, Fact::Unknown) if !self.default_answered => AccountLimit::NotAsked,
            // Listed as a default, or not at all: then it would not be here.
            (Fact::Absent, Fact::Unknown | Fact::Absent) => AccountLimit::Unknown,
        }
    }
}

/// A name on one line: in a comment of TOML what follows would be taken for TOML.
pub(in crate::report) fn whole_name(name: &str) -> String {
    shortened(name, LONGEST)
}

fn fact(quota: Option<&ServiceQuota>, asked: bool) -> Fact<QuotaAmount> {
    match quota {
        Some(quota) => quota.value.map_or(Fact::Unknown, Fact::Known),
        None if asked => Fact::Absent,
        None => Fact::Unknown,
    }
}

fn account(listing: &QuotaListing) -> Result<Option<String>, ListingFault> {
    let mut accounts = listing.applied.iter().chain(&listing.defaults).filter_map(|q| q.account.as_ref());
    let Some(first) = accounts.next() else { return Ok(None) };
    match accounts.find(|account| *account != first) {
        Some(other) => Err(ListingFault::TwoAccounts(first.clone(), other.clone())),
        None => Ok(Some(first.clone())),
    }
}

fn by_code(quotas: &[ServiceQuota]) -> Result<BTreeMap<&str, &ServiceQuota>, ListingFault> {
    let mut found: BTreeMap<&str, &ServiceQuota> = BTreeMap::new();
    for quota in quotas {
        let first = *found.entry(&quota.code).or_insert(quota);
        if first.value != quota.value {
            return Err(ListingFault::TwoValues(quota.code.clone()));
        }
    }
    Ok(found)
}

/// What the model table knows of each code.
pub(in crate::report) fn known_quotas(catalog: &Catalog) -> BTreeMap<String, TableQuota> {
    let of_models = catalog.models().iter().flat_map(|model| {
        model.scopes.iter().flat_map(move |scope| {
            scope.quotas().map(move |quota| {
                let model = Some((model.id.clone(), model.name.clone()));
                (quota.entry, model, Some(scope.scope), quota.kind, quota.long_context)
            })
        })
    });
    let daily = std::iter::once((catalog.account_daily(), None, None, QuotaKind::Tpd, false));
    of_models
        .chain(daily)
        .filter_map(|(quota, model, scope, kind, long_context)| {
            let name = quota.name.as_ref().known().cloned();
            let adjustable = quota.adjustable.known();
            let known = TableQuota { model, scope, kind, long_context, name, adjustable };
            quota.known_code().map(|code| (code.to_owned(), known))
        })
        .collect()
}
