//! Looked-up quotas as a listing.

use std::io::Write;

use super::label::label;
use super::listing::{AccountQuotas, ListedQuota, whole_name};
use super::toml::MENTIONED;
use crate::catalog::{REGION, Scope};
use crate::contract::quotas as json;
use crate::report::words::language;
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
    let language = language();
    let titles = language.look_up_titles();
    let columns = vec![
        Column::words(titles.quota),
        Column::numbers(titles.applied),
        Column::numbers(titles.default),
        Column::words(titles.raised_by),
        Column::words(titles.name),
    ];
    let quotas = in_order(look_up);
    let rows = quotas.iter().map(|quota| {
        vec![
            label(&quota.code, quota.known.as_ref()),
            language.listed_value(quota.applied, quota.applied_answered),
            language.listed_value(quota.default, quota.default_answered),
            language.raised_by(quota.adjustable).to_owned(),
            quota.name.as_deref().map(whole_name).unwrap_or_default(),
        ]
    });
    let mut blocks = vec![
        Block::Verdict { tone: Tone::Plain, sentences: vec![language.look_up_summary(look_up, today)] },
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
        blocks.push(Block::Paragraph(language.quotas_not_listed(&names, more)));
    }
    blocks
}

/// By model, scope, kind and code; what the model table does not know at the end.
fn in_order(look_up: &AccountQuotas) -> Vec<&ListedQuota> {
    let mut quotas: Vec<&ListedQuota> = look_up.quotas.iter().collect();
    quotas.sort_by_cached_key(|quota| {
        let known = quota.known.as_ref();
        let of_all = known.is_some_and(|known| known.model.is_none());
        (
            known.is_none(),
            of_all,
            known.map(|known| (language().table_quota_name(known), known.kind)),
            quota.code.clone(),
        )
    });
    quotas
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
