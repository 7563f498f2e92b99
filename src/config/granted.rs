//! Applied quotas as the user states them: `[granted]` for the configured account,
//! `[accounts.NAME.granted]` for others.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::text::tree::{self, Fields, Node, Table, Value};
use crate::text::{Code, Diagnostics, FactDate, FileId, Place, Sources, Span};
use crate::units::{Fact, Limit, grouped, is_quota_code};

/// One applied quota.
#[derive(Debug, Clone)]
pub struct GrantedQuota {
    /// Its value; [`Fact::Unknown`] where the user says so.
    pub value: Fact<Limit>,
    /// When it was looked up.
    pub as_of: Option<FactDate>,
    /// Where it is stated.
    pub span: Span,
}

/// Applied quotas by account and quota code.
#[derive(Debug, Clone, Default)]
pub struct Granted {
    configured: BTreeMap<String, GrantedQuota>,
    accounts: BTreeMap<String, BTreeMap<String, GrantedQuota>>,
}

impl Granted {
    /// What is stated for a code in an account; `configured` is the account of `[granted]`.
    #[must_use]
    pub fn get(&self, account: Option<&str>, configured: Option<&str>, code: &str) -> Option<&GrantedQuota> {
        let named = account.and_then(|name| self.accounts.get(name)).and_then(|codes| codes.get(code));
        named.or_else(|| if account == configured { self.configured.get(code) } else { None })
    }

    /// Lays `over` on `self`, code by code; `configured` is the account of `[granted]`, also where that is named.
    pub fn overlay(&mut self, over: Self, configured: Option<&str>) {
        if let Some(named) = configured.and_then(|account| self.accounts.get_mut(account)) {
            named.retain(|code, _| !over.configured.contains_key(code));
        }
        self.configured.extend(over.configured);
        for (account, codes) in over.accounts {
            self.accounts.entry(account).or_default().extend(codes);
        }
    }

    /// Adds what another file states; a quota that both state is reported.
    pub fn join(&mut self, other: Self, sources: &Sources, diagnostics: &mut Diagnostics) {
        join(&mut self.configured, other.configured, sources, diagnostics);
        for (account, codes) in other.accounts {
            join(self.accounts.entry(account).or_default(), codes, sources, diagnostics);
        }
    }

    /// Reports what is stated both in `[granted]` and under the name of its account.
    pub fn check(&self, configured: Option<&str>, sources: &Sources, diagnostics: &mut Diagnostics) {
        let named = configured.and_then(|account| self.accounts.get(account)).into_iter().flatten();
        for (code, quota) in named {
            if let Some(other) = self.configured.get(code) {
                stated_already(code, quota, other, sources, diagnostics);
            }
        }
    }

    /// Every code stated, with its place.
    pub fn codes(&self) -> impl Iterator<Item = (&str, Span)> {
        let of_accounts = self.accounts.values().flatten();
        self.configured.iter().chain(of_accounts).map(|(code, quota)| (code.as_str(), quota.span))
    }
}

fn join(
    into: &mut BTreeMap<String, GrantedQuota>,
    codes: BTreeMap<String, GrantedQuota>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    for (code, quota) in codes {
        match into.entry(code) {
            Entry::Vacant(entry) => {
                entry.insert(quota);
            }
            Entry::Occupied(entry) => {
                stated_already(entry.key(), &quota, entry.get(), sources, diagnostics);
            }
        }
    }
}

fn stated_already(
    code: &str,
    quota: &GrantedQuota,
    other: &GrantedQuota,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    let place = sources.locate(other.span);
    let place = place.map_or(String::new(), |(name, at)| format!(" on line {} of {name}", at.line));
    let message = format!("`{code}` is already stated for this account{place}");
    diagnostics.at(Code::BadValue, quota.span, message, "state each quota of an account once");
}

/// Reads a file that holds granted quotas alone.
pub fn parse_granted(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<Granted> {
    let table = tree::parse(file, sources.file(file)?.text(), diagnostics)?;
    if table.entries.is_empty() {
        let help = "write [granted] with quota codes and their values; `quotaplan quotas` writes such a file";
        diagnostics.add(Code::EmptyFile, Place::File(file), "the file states no applied quota", help);
        return None;
    }
    let mut fields = Fields::new(&table);
    let granted = read(&mut fields, diagnostics);
    fields.finish(diagnostics);
    Some(granted)
}

/// Takes `granted` and `accounts` from a table's fields.
pub(super) fn read(fields: &mut Fields<'_>, diagnostics: &mut Diagnostics) -> Granted {
    let mut granted = Granted::default();
    if let Some(table) = fields.take("granted").and_then(|node| tree::as_table(node, diagnostics)) {
        granted.configured = codes(table, diagnostics);
    }
    if let Some(accounts) = fields.take("accounts").and_then(|node| tree::as_table(node, diagnostics)) {
        for (name, _, node) in &accounts.entries {
            let Some(table) = tree::as_table(node, diagnostics) else {
                continue;
            };
            let mut inner = Fields::new(table);
            let of_account = inner.take("granted").and_then(|node| tree::as_table(node, diagnostics));
            if let Some(table) = of_account {
                granted.accounts.insert(name.clone(), codes(table, diagnostics));
            }
            inner.finish(diagnostics);
        }
    }
    granted
}

fn codes(table: &Table, diagnostics: &mut Diagnostics) -> BTreeMap<String, GrantedQuota> {
    let mut found = BTreeMap::new();
    for (code, span, node) in &table.entries {
        if !is_quota_code(code) {
            let upper = code.to_ascii_uppercase();
            let help = if is_quota_code(&upper) {
                format!("write it in capitals: \"{upper}\"")
            } else {
                "a quota code is `L-` and eight capital hexadecimal digits, such as \"L-27C57EE8\"".to_owned()
            };
            diagnostics.at(Code::BadValue, *span, format!("`{code}` is not a quota code"), help);
            continue;
        }
        if let Some(quota) = quota(*span, node, diagnostics) {
            found.insert(code.clone(), quota);
        }
    }
    found
}

fn quota(span: Span, node: &Node, diagnostics: &mut Diagnostics) -> Option<GrantedQuota> {
    let Value::Table(table) = &node.value else {
        let value = fact(node, diagnostics)?;
        return Some(GrantedQuota { value, as_of: None, span });
    };
    let mut fields = Fields::new(table);
    let value = fields.required("value", fact, diagnostics);
    let as_of = fields.optional("as_of", tree::date, diagnostics);
    fields.finish(diagnostics);
    Some(GrantedQuota { value: value?, as_of, span })
}

fn fact(node: &Node, diagnostics: &mut Diagnostics) -> Option<Fact<Limit>> {
    if matches!(&node.value, Value::Text(text) if text == "unknown") {
        return Some(Fact::Unknown);
    }
    if let Value::Text(text) = &node.value
        && text != "unlimited"
    {
        let help = match (text.trim().to_ascii_lowercase().as_str(), without_separators(text)) {
            (word @ ("unlimited" | "unknown"), _) => format!("write \"{word}\""),
            (_, Some(digits)) => format!("write {}", grouped(digits.into()).replace(',', "_")),
            _ => "write a whole number, \"unlimited\" or \"unknown\"".to_owned(),
        };
        diagnostics.at(Code::BadValue, node.span, format!("`{text}` is not a quota's value"), help);
        return None;
    }
    tree::limit(node, diagnostics).map(Fact::Known)
}

/// The whole number that a text writes, in digits alone or in groups of three with one kind of mark between
/// them; `None` where it may be something else, as `1.500` may be one and a half.
fn without_separators(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_mark = |c: char| matches!(c, ',' | '.' | '_' | ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}');
    let mark = text.chars().find(|c| is_mark(*c));
    let groups: Vec<&str> = mark.map_or_else(|| vec![text], |mark| text.split(mark).collect());
    let may_be_fraction = mark == Some('.') && groups.len() == 2;
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let is_grouped = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    if may_be_fraction || !is_grouped || !groups.iter().all(is_digits) {
        return None;
    }
    groups.concat().parse().ok()
}
