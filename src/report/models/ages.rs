//! `models check`: how old every fact of the table is, and where to read it again.

use std::collections::BTreeMap;
use std::io::Write;

use crate::contract::models as json;
use crate::refresh::AgedFact;
use crate::report::columns::{Columns, columns, records_of};
use crate::report::words::{FactsSummary, language};
use crate::report::{Block, Column, Detail, Records, Report, SCHEMA_VERSION};
use crate::text::FactDate;
use crate::text::plain::write_json;

/// The facts, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct FactsReport<'a> {
    /// All facts.
    pub facts: &'a [AgedFact<'a>],
    /// The day that ages are counted to.
    pub today: FactDate,
    /// Only facts above so many days are shown.
    pub older_than: Option<u32>,
}

/// The columns of a fact's age.
pub(in crate::report) const FACT: Columns<json::Fact> = columns!(json::Fact {
    kind;
    model;
    part;
    as_of;
    age_days;
    source;
    command;
});

impl FactsReport<'_> {
    fn age(&self, fact: &AgedFact<'_>) -> i32 {
        fact.provenance.as_of.days_until(self.today)
    }

    fn shown(&self) -> impl Iterator<Item = &AgedFact<'_>> {
        let is_shown = |fact: &&AgedFact<'_>| {
            self.older_than.is_none_or(|days| i64::from(self.age(fact)) > i64::from(days))
        };
        self.facts.iter().filter(is_shown)
    }

    fn documents(&self) -> impl Iterator<Item = json::Fact> {
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        self.shown().map(move |fact| json::Fact {
            kind: fact.kind.as_str().into(),
            model: optional(fact.model),
            part: optional(&fact.part),
            as_of: fact.provenance.as_of.to_string(),
            age_days: self.age(fact),
            source: fact.provenance.source.clone(),
            command: fact.command(),
        })
    }
}

impl Report for FactsReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let shown: Vec<&AgedFact<'_>> = self.shown().collect();
        blocks(&shown, self.facts.len(), self.today, self.older_than)
    }

    fn records(&self) -> Records {
        records_of(FACT, self.documents())
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let document = json::CheckDocument {
            schema_version: SCHEMA_VERSION,
            today: self.today.to_string(),
            older_than_days: self.older_than,
            facts_in_table: self.facts.len(),
            facts: self.documents().collect(),
        };
        write_json(out, &document)
    }
}

/// One row for the facts of a date, kind and source.
fn blocks(shown: &[&AgedFact<'_>], all: usize, today: FactDate, older_than: Option<u32>) -> Vec<Block> {
    let language = language();
    let later = shown.iter().filter(|fact| fact.provenance.as_of.day() > today.day()).count();
    let summary = FactsSummary { shown: shown.len(), all, older_than, today, later };
    let summary = Block::Paragraph(language.facts_summary(&summary).join(" "));
    if shown.is_empty() {
        return vec![summary];
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
    let [age, as_of, facts, kind, source] = language.facts_titles();
    let columns = vec![
        Column::numbers(age),
        Column::words(as_of),
        Column::numbers(facts),
        Column::words(kind),
        Column::words(source),
    ];
    let mut blocks = vec![summary, Block::Table { columns, rows: rows.collect() }];
    let answered: usize = commands.values().sum();
    for (command, count) in commands {
        blocks.push(Block::Paragraph(language.facts_of_command(count)));
        blocks.push(Block::Verbatim(command));
    }
    let rest = shown.len() - answered;
    if rest > 0 {
        blocks.push(Block::Paragraph(language.facts_of_sources(rest)));
    }
    blocks
}
