//! What a look-up changes against an existing `granted.toml`.

use std::collections::BTreeMap;
use std::io::Write;

use super::listing::{AccountLimit, AccountQuotas, ListedQuota, TableQuota, known_quotas, label};
use super::table::json_value;
use crate::catalog::{Catalog, REGION};
use crate::config::Granted;
use crate::contract::{parts, quotas as json};
use crate::report::columns::{Cell, Columns, columns, or_unknown, records_of};
use crate::report::{Block, Column, Detail, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::plain::write_json;
use crate::units::{Fact, Limit, QuotaAmount, words};

words! {
    /// How a quota differs, as scripts read it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Change {
        Raised = "raised",
        Lowered = "lowered",
        /// The file did not have it.
        New = "new",
        /// AWS does not list it any more.
        Gone = "gone",
        /// The file has it as unknown, or as unlimited.
        Known = "now_known",
        /// AWS gave no value.
        Unknown = "now_unknown",
        Unchanged = "unchanged",
    }
}

impl Change {
    /// The same for people.
    fn words(self) -> String {
        self.as_str().replace('_', " ")
    }
}

/// One quota that either side has.
struct Changed {
    code: String,
    name: Option<String>,
    known: Option<TableQuota>,
    old: Fact<Limit>,
    new: Fact<QuotaAmount>,
    is_default: bool,
    change: Change,
}

/// What a look-up changes against a file.
pub struct GrantedChanges {
    account: Option<String>,
    changes: Vec<Changed>,
    counts: BTreeMap<String, usize>,
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
                (true, _) => (Fact::Absent, Change::Gone),
                (false, Fact::Known(_)) => (Fact::Unknown, Change::Unknown),
                (false, _) => (Fact::Unknown, Change::Unchanged),
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
    let counts: BTreeMap<String, usize> = Change::ALL
        .into_iter()
        .map(|change| {
            (change.as_str().to_owned(), found.values().filter(|quota| quota.change == change).count())
        })
        .collect();
    let mut shown: Vec<Changed> =
        found.into_values().filter(|quota| quota.change != Change::Unchanged).collect();
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
        (None, _) => Change::New,
        (Some(Fact::Known(Limit::Amount(old))), Fact::Known(new)) => match new.cmp(&old) {
            std::cmp::Ordering::Greater => Change::Raised,
            std::cmp::Ordering::Less => Change::Lowered,
            std::cmp::Ordering::Equal => Change::Unchanged,
        },
        (Some(Fact::Known(Limit::Unlimited)), Fact::Known(_)) => Change::Lowered,
        (Some(Fact::Known(_)), _) => Change::Unknown,
        (Some(_), Fact::Known(_)) => Change::Known,
        (Some(_), _) => Change::Unchanged,
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
        let words: Vec<String> = Change::ALL
            .into_iter()
            .filter_map(|change| {
                self.counts.get(change.as_str()).filter(|count| **count > 0).map(|count| (change, count))
            })
            .map(|(change, count)| format!("{count} {}", change.words()))
            .collect();
        let of_account = self.account.as_ref().map(|id| format!(" of account {id}")).unwrap_or_default();
        let summary = if words.is_empty() { "no quota on either side".to_owned() } else { words.join(", ") };
        let summary = format!("Quotas{of_account} against the file: {summary}.");
        let mut blocks = vec![Block::Verdict { tone: Tone::Plain, sentences: vec![summary] }];
        if !self.changes.is_empty() {
            let columns = vec![
                Column::words("Quota"),
                Column::numbers("In the file"),
                Column::numbers("Now"),
                Column::words("Change"),
            ];
            let rows = self.changes.iter().map(|quota| {
                let default = if quota.is_default { "\ndefault" } else { "" };
                vec![
                    label(&quota.code, quota.known.as_ref()),
                    word(quota.old),
                    word(quota.new) + default,
                    quota.change.words(),
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
            summary: self.counts.clone(),
        };
        write_json(out, &document)
    }
}

/// A value that may be absent or not known.
#[allow(clippy::option_option)]
fn absent_or_unknown<T: Cell>(value: &Option<Option<T>>) -> String {
    value.as_ref().map(or_unknown).unwrap_or_default()
}

fn word<T: std::fmt::Display>(value: Fact<T>) -> String {
    match value {
        Fact::Absent => "-".to_owned(),
        Fact::Unknown => "unknown".to_owned(),
        Fact::Known(value) => value.to_string(),
    }
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
