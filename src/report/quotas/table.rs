//! Looked-up quotas as a listing.

use std::io::Write;

use super::listing::{AccountLimit, AccountQuotas, ListedQuota, label, whole_name};
use super::toml::MENTIONED;
use crate::catalog::{REGION, Scope};
use crate::contract::quotas as json;
use crate::report::{Block, Column, Detail, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::FactDate;
use crate::text::plain::write_json;
use crate::units::Fact;
use crate::units::QuotaAmount;

/// The listing in every format but TOML.
#[derive(Debug, Clone, Copy)]
pub struct ListingReport<'a> {
    /// What was looked up.
    pub look_up: &'a AccountQuotas,
    /// The day of it.
    pub today: Option<FactDate>,
}

impl Report for ListingReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        blocks(self.look_up, self.today)
    }

    fn records(&self) -> Records {
        let columns =
            ["code", "name", "model", "scope", "kind", "long_context", "applied", "default", "adjustable"];
        Records { columns: columns.to_vec(), rows: in_order(self.look_up).into_iter().map(record).collect() }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let Self { look_up, today } = *self;
        let document = json::ListingDocument {
            schema_version: SCHEMA_VERSION,
            region: REGION.into(),
            account: look_up.account.clone(),
            as_of: today.map(|date| date.to_string()),
            applied_given: look_up.asked.applied,
            defaults_given: look_up.asked.defaults,
            quotas: in_order(look_up).into_iter().map(quota_report).collect(),
            not_listed: look_up.not_listed.iter().map(|(code, _)| code.clone()).collect(),
            left_out: look_up.left_out,
        };
        write_json(out, &document)
    }
}

fn blocks(look_up: &AccountQuotas, today: Option<FactDate>) -> Vec<Block> {
    let columns = vec![
        Column::words("Quota"),
        Column::numbers("Applied"),
        Column::numbers("Default"),
        Column::words("Raised by"),
        Column::words("AWS's name"),
    ];
    let quotas = in_order(look_up);
    let rows = quotas.iter().map(|quota| {
        vec![
            quota.label(),
            applied_word(quota),
            word(quota.default),
            match quota.adjustable {
                Some(true) => "Service\nQuotas",
                Some(false) => "Support\nalone",
                None => "unknown",
            }
            .to_owned(),
            quota.name.as_deref().map(whole_name).unwrap_or_default(),
        ]
    });
    let mut blocks = vec![
        Block::Verdict { tone: Tone::Plain, sentences: vec![summary(look_up, today)] },
        Block::Table { columns, rows: rows.collect() },
    ];
    if !look_up.not_listed.is_empty() {
        let names: Vec<String> = look_up
            .not_listed
            .iter()
            .take(MENTIONED)
            .map(|(code, known)| label(code, Some(known)).replace('\n', ", "))
            .collect();
        let more = look_up.not_listed.len() - names.len();
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        blocks.push(Block::Paragraph(format!("Not in AWS's answer: {}{more}.", names.join("; "))));
    }
    blocks
}

/// By model, scope, kind and code; what the model table does not know at the end.
fn in_order(look_up: &AccountQuotas) -> Vec<&ListedQuota> {
    let mut quotas: Vec<&ListedQuota> = look_up.quotas.iter().collect();
    quotas.sort_by_cached_key(|quota| {
        let known = quota.known.as_ref();
        let of_all = known.is_some_and(|known| known.model.is_none());
        (known.is_none(), of_all, known.map(|known| (known.words(), known.kind)), quota.code.clone())
    });
    quotas
}

fn summary(look_up: &AccountQuotas, today: Option<FactDate>) -> String {
    let of_account = look_up.account.as_ref().map(|id| format!(" of account {id}")).unwrap_or_default();
    let when = today.map(|date| format!(", looked up on {date}")).unwrap_or_default();
    let holding = look_up.quotas.iter().map(|quota| quota.holding());
    let (mut applied, mut defaults, mut unknown) = (0, 0, 0);
    for holding in holding {
        match holding {
            AccountLimit::Applied(_) => applied += 1,
            AccountLimit::Default(_) => defaults += 1,
            AccountLimit::Unknown | AccountLimit::NotAsked => unknown += 1,
        }
    }
    let left_out = match look_up.left_out {
        0 => String::new(),
        1 => " One more that AWS lists is not in the model table (--all).".to_owned(),
        count => format!(" {count} more that AWS lists are not in the model table (--all)."),
    };
    format!(
        "{} quotas{of_account} in {REGION}{when}: {applied} with an applied value, {defaults} not in the applied \
         list and at AWS's default, {unknown} without a known value.{left_out}",
        look_up.quotas.len()
    )
}

fn applied_word(quota: &ListedQuota) -> String {
    match quota.applied {
        Fact::Unknown if !quota.applied_answered => "not given".to_owned(),
        applied => word(applied),
    }
}

fn word(value: Fact<QuotaAmount>) -> String {
    match value {
        Fact::Absent => "not listed".to_owned(),
        Fact::Unknown => "unknown".to_owned(),
        Fact::Known(amount) => amount.to_string(),
    }
}

/// Empty where the list does not hold the quota.
fn plain(value: Fact<QuotaAmount>) -> String {
    match value {
        Fact::Absent => String::new(),
        Fact::Unknown => "unknown".to_owned(),
        Fact::Known(amount) => amount.get().to_string(),
    }
}

fn record(quota: &ListedQuota) -> Vec<String> {
    let known = quota.known.as_ref();
    vec![
        quota.code.clone(),
        quota.name.clone().unwrap_or_default(),
        known.and_then(|known| known.model.as_ref()).map(|(id, _)| id.clone()).unwrap_or_default(),
        known.and_then(|known| known.scope).map(|scope| scope.to_string()).unwrap_or_default(),
        known.map(|known| known.kind.to_string()).unwrap_or_default(),
        known.map(|known| known.long_context.to_string()).unwrap_or_default(),
        plain(quota.applied),
        plain(quota.default),
        quota.adjustable.map(|yes| yes.to_string()).unwrap_or_default(),
    ]
}

/// Absent, null or a number.
#[allow(clippy::option_option)]
pub(super) fn json_value(value: Fact<u64>) -> Option<Option<u64>> {
    match value {
        Fact::Absent => None,
        Fact::Unknown => Some(None),
        Fact::Known(value) => Some(Some(value)),
    }
}

fn quota_report(quota: &ListedQuota) -> json::ListedQuota {
    let known = quota.known.as_ref();
    let number = |fact: Fact<QuotaAmount>| match fact {
        Fact::Absent => Fact::Absent,
        Fact::Unknown => Fact::Unknown,
        Fact::Known(amount) => Fact::Known(amount.get()),
    };
    json::ListedQuota {
        code: quota.code.clone(),
        name: quota.name.clone(),
        model: known.and_then(|known| known.model.as_ref()).map(|(id, _)| id.clone()),
        scope: known.and_then(|known| known.scope).map(Scope::as_str).map(Into::into),
        kind: known.map(|known| known.kind.as_str().into()),
        long_context: known.is_some_and(|known| known.long_context),
        applied: json_value(number(quota.applied)),
        default: json_value(number(quota.default)),
        adjustable: quota.adjustable,
    }
}
