//! `models check`: how old every fact of the table is, and where to read it again.

use crate::contract::models as json;
use std::collections::BTreeMap;

use super::{Block, Records, SCHEMA_VERSION, View};
use crate::refresh::AgedFact;
use crate::text::FactDate;

/// The view of the facts, oldest first; with `older_than` only those above so many days.
#[must_use]
pub fn check_facts(facts: &[AgedFact<'_>], today: FactDate, older_than: Option<u32>) -> View {
    let age = |fact: &AgedFact<'_>| fact.provenance.as_of.days_until(today);
    let is_shown =
        |fact: &&AgedFact<'_>| older_than.is_none_or(|days| i64::from(age(fact)) > i64::from(days));
    let shown: Vec<&AgedFact<'_>> = facts.iter().filter(is_shown).collect();
    let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let json: Vec<json::Fact> = shown
        .iter()
        .map(|fact| json::Fact {
            kind: fact.kind.as_str().into(),
            model: optional(fact.model),
            part: optional(&fact.part),
            as_of: fact.provenance.as_of.to_string(),
            age_days: age(fact),
            source: fact.provenance.source.clone(),
            command: fact.command(),
        })
        .collect();
    let records = json.iter().map(|fact| {
        vec![
            fact.kind.to_string(),
            fact.model.clone().unwrap_or_default(),
            fact.part.clone().unwrap_or_default(),
            fact.as_of.clone(),
            fact.age_days.to_string(),
            fact.source.clone(),
            fact.command.clone().unwrap_or_default(),
        ]
    });
    View {
        blocks: blocks(&shown, facts.len(), today, older_than),
        records: Records {
            columns: vec!["kind", "model", "part", "as_of", "age_days", "source", "command"],
            rows: records.collect(),
        },
        json: Box::new(json::CheckDocument {
            schema_version: SCHEMA_VERSION,
            today: today.to_string(),
            older_than_days: older_than,
            facts_in_table: facts.len(),
            facts: json,
        }),
    }
}

/// One row for the facts of a date, kind and source.
fn blocks(shown: &[&AgedFact<'_>], total: usize, today: FactDate, older_than: Option<u32>) -> Vec<Block> {
    let older = older_than.map(|days| format!(" older than {days} days")).unwrap_or_default();
    let mut summary = format!("{} of {total} facts{older}, as of {today}.", shown.len());
    let later = shown.iter().filter(|fact| fact.provenance.as_of.day() > today.day()).count();
    if later > 0 {
        summary.push_str(&format!(" {later} of them are dated after {today}: their age is negative."));
    }
    if shown.is_empty() {
        return vec![Block::Paragraph(summary)];
    }
    let mut groups: BTreeMap<_, usize> = BTreeMap::new();
    let mut commands: BTreeMap<String, usize> = BTreeMap::new();
    for fact in shown {
        let key = (fact.provenance.as_of, fact.kind, fact.provenance.source.as_str());
        *groups.entry(key).or_default() += 1;
        if let Some(command) = fact.command() {
            *commands.entry(command).or_default() += 1;
        }
    }
    let rows = groups.into_iter().map(|((as_of, kind, source), count)| {
        vec![
            as_of.days_until(today).to_string(),
            as_of.to_string(),
            count.to_string(),
            kind.as_str().to_owned(),
            source.to_owned(),
        ]
    });
    let columns =
        vec![("Age (days)", true), ("As of", false), ("Facts", true), ("Kind", false), ("Source", false)];
    let mut blocks = vec![Block::Paragraph(summary), Block::Table { columns, rows: rows.collect() }];
    let answered: usize = commands.values().sum();
    for (command, count) in commands {
        blocks.push(Block::Paragraph(format!("The answer of this command states {count} of these facts:")));
        blocks.push(Block::Verbatim(command));
    }
    let rest = shown.len() - answered;
    if rest > 0 {
        blocks.push(Block::Paragraph(format!("Read {rest} of these facts again in their source.")));
    }
    blocks
}
