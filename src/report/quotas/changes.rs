//! What a look-up changes against an existing `granted.toml`.

use std::collections::BTreeMap;
use std::io::Write;

use super::label::label;
use super::listing::{AccountLimit, AccountQuotas, ListedQuota, TableQuota, known_quotas};
use super::quota_change::QuotaChange;
use super::table::json_value;
use crate::catalog::{Catalog, REGION};
use crate::config::Granted;
use crate::contract::{parts, quotas as json};
use crate::report::columns::{Cell, Columns, columns, or_unknown, records_of};
use crate::report::words::language;
use crate::report::{Block, Column, Detail, Mark, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::plain::write_json;
use crate::units::{Fact, Limit, QuotaAmount};

/// One quota that either side has.
struct Changed {
    code: String,
    name: Option<String>,
    known: Option<TableQuota>,
    old: Fact<Limit>,
    new: Fact<QuotaAmount>,
    is_default: bool,
    change: QuotaChange,
}

/// What a look-up changes against a file.
pub struct GrantedChanges {
    account: Option<String>,
    changes: Vec<Changed>,
    counts: Vec<(QuotaChange, usize)>,
}

/// Compares the table of `account` in a file, `[granted]` without one, with a look-up of all quotas.
///
/// Quotas that the file does not have are new only where the model table lists them, or `all` is asked for.
#[must_use]
pub fn granted_changes(
    look_up: &AccountQuotas,
    granted: &Granted,
    account: Option<&str>,
    catalog: &Catalog,
    all: bool,
) -> GrantedChanges {
    let tables = known_quotas(catalog);
    let of_file = |code: &str| granted.get(account, None, code).map(|quota| quota.value);
    let mut found: BTreeMap<&str, Changed> = BTreeMap::new();
    for (code, _) in granted.codes() {
        if let Some(old) = of_file(code) {
            let known = tables.get(code).cloned();
            let name = known.as_ref().and_then(TableQuota::name);
            // Without the list of defaults it may still have one.
            let (new, change) = match (look_up.asked.defaults, old) {
                (true, _) => (Fact::Absent, QuotaChange::Gone),
                (false, Fact::Known(_)) => (Fact::Unknown, QuotaChange::Unknown),
                (false, _) => (Fact::Unknown, QuotaChange::Unchanged),
            };
            let own = code.to_owned();
            let changed = Changed { code: own, name, known, old, new, is_default: false, change };
            found.insert(code, changed);
        }
    }
    for quota in &look_up.quotas {
        let old = of_file(&quota.code);
        if old.is_none() && !all && quota.known.is_none() {
            continue;
        }
        if let Some(changed) = changed(quota, old) {
            found.insert(&quota.code, changed);
        }
    }
    let count = |change| found.values().filter(|quota| quota.change == change).count();
    let counts = QuotaChange::ALL.into_iter().map(|change| (change, count(change))).collect();
    let mut shown: Vec<Changed> =
        found.into_values().filter(|quota| quota.change != QuotaChange::Unchanged).collect();
    shown.sort_by(|a, b| (a.change, &a.code).cmp(&(b.change, &b.code)));
    GrantedChanges { account: look_up.account.clone(), changes: shown, counts }
}

/// A quota of the look-up beside what the file says; `None` where the look-up knows nothing of it.
fn changed(quota: &ListedQuota, old: Option<Fact<Limit>>) -> Option<Changed> {
    let (new, is_default) = match quota.holding() {
        AccountLimit::Applied(amount) => (Fact::Known(amount), false),
        AccountLimit::Default(amount) => (Fact::Known(amount), true),
        AccountLimit::Unknown => (Fact::Unknown, false),
        AccountLimit::NotAsked if old.is_none() => return None,
        AccountLimit::NotAsked => (Fact::Unknown, false),
    };
    let change = match (old, new) {
        (None, _) => QuotaChange::New,
        (Some(Fact::Known(Limit::Amount(old))), Fact::Known(new)) => match new.cmp(&old) {
            std::cmp::Ordering::Greater => QuotaChange::Raised,
            std::cmp::Ordering::Less => QuotaChange::Lowered,
            std::cmp::Ordering::Equal => QuotaChange::Unchanged,
        },
        (Some(Fact::Known(Limit::Unlimited)), Fact::Known(_)) => QuotaChange::Lowered,
        (Some(Fact::Known(_)), _) => QuotaChange::Unknown,
        (Some(_), Fact::Known(_)) => QuotaChange::Known,
        (Some(_), _) => QuotaChange::Unchanged,
    };
    Some(Changed {
        code: quota.code.clone(),
        name: quota.name.clone(),
        known: quota.known.clone(),
        old: old.unwrap_or(Fact::Absent),
        new,
        is_default,
        change,
    })
}

impl Report for GrantedChanges {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let language = language();
        let counts: Vec<(QuotaChange, usize)> =
            self.counts.iter().copied().filter(|(_, count)| *count > 0).collect();
        let summary = language.changes_summary(self.account.as_deref(), &counts);
        let mut blocks = vec![Block::Verdict { tone: Tone::Plain, sentences: vec![summary] }];
        if !self.changes.is_empty() {
            let titles = language.look_up_titles();
            let columns = vec![
                Column::words(titles.quota),
                Column::numbers(titles.in_file),
                Column::numbers(titles.now),
                Column::words(titles.change),
            ];
            let rows = self.changes.iter().map(|quota| {
                let now = match quota.new {
                    Fact::Known(amount) => language.amount(amount),
                    Fact::Unknown => language.mark(Mark::Unknown).to_owned(),
                    Fact::Absent => language.mark(Mark::NotApplicable).to_owned(),
                };
                let old = match quota.old {
                    Fact::Known(Limit::Amount(amount)) => language.amount(amount),
                    Fact::Known(Limit::Unlimited) => language.mark(Mark::Unlimited).to_owned(),
                    Fact::Unknown => language.mark(Mark::Unknown).to_owned(),
                    Fact::Absent => language.mark(Mark::NotApplicable).to_owned(),
                };
                vec![
                    label(&quota.code, quota.known.as_ref()),
                    old,
                    language.looked_up_value(now, quota.is_default),
                    language.quota_change(quota.change).to_owned(),
                ]
            });
            blocks.push(Block::Table { columns, rows: rows.collect() });
        }
        blocks
    }

    fn records(&self) -> Records {
        records_of(QUOTA_CHANGE, self.changes.iter().map(report))
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let document = json::ChangesDocument {
            schema_version: SCHEMA_VERSION,
            region: REGION.into(),
            account: self.account.clone(),
            changes: self.changes.iter().map(report).collect(),
            summary: self.counts.iter().map(|(change, count)| (change.as_str().to_owned(), *count)).collect(),
        };
        write_json(out, &document)
    }
}

/// A value that may be absent or not known.
#[allow(clippy::option_option)]
fn absent_or_unknown<T: Cell>(value: &Option<Option<T>>) -> String {
    value.as_ref().map(or_unknown).unwrap_or_default()
}

/// The columns of an applied quota that differs from a file.
pub(in crate::report) const QUOTA_CHANGE: Columns<json::Change> = columns!(json::Change {
    change;
    code;
    name;
    model;
    scope;
    kind;
    old, absent_or_unknown;
    new, absent_or_unknown;
    new_is_default;
});

fn report(quota: &Changed) -> json::Change {
    let known = quota.known.as_ref();
    let old = match quota.old {
        Fact::Absent => None,
        Fact::Unknown => Some(None),
        Fact::Known(Limit::Unlimited) => Some(Some(parts::Limit::Word("unlimited".into()))),
        Fact::Known(Limit::Amount(amount)) => Some(Some(parts::Limit::Amount(amount.get()))),
    };
    let new = match quota.new {
        Fact::Absent => Fact::Absent,
        Fact::Unknown => Fact::Unknown,
        Fact::Known(amount) => Fact::Known(amount.get()),
    };
    json::Change {
        change: quota.change.as_str().into(),
        code: quota.code.clone(),
        name: quota.name.clone(),
        model: known.and_then(|known| known.model.as_ref()).map(|(id, _)| id.clone()),
        scope: known.and_then(|known| known.scope).map(|scope| scope.as_str().into()),
        kind: known.map(|known| known.kind.as_str().into()),
        old,
        new: json_value(new),
        new_is_default: quota.is_default,
    }
}
