//! `models list` and `models show`: what the table knows, with source and date.

use std::io::Write;

use super::json::{general_report, model_report, source};
use crate::catalog::{
    Catalog, DisputedLimit, LimitField, ListedQuota, Model, ModelIndex, ModelKind, Price, Provenance,
    RateStatement, ScopeEntry, Statement,
};
use crate::contract::models as json;
use crate::report::notes::{SourceWords, entry};
use crate::report::words::language;
use crate::report::{Block, Column, Detail, Entry, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::Sources;
use crate::text::plain::write_json;
use crate::units::{Fact, Tokens};

/// All models.
#[derive(Debug, Clone, Copy)]
pub struct ModelsReport<'a> {
    /// The table.
    pub catalog: &'a Catalog,
}

impl Report for ModelsReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        list_blocks(self.catalog)
    }

    fn records(&self) -> Records {
        list_records(self.catalog)
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let unlisted = self.catalog.unlisted().iter().map(|model| json::Unlisted {
            name: model.name.clone(),
            known: model.known.clone(),
            source: source(&model.provenance),
        });
        let document = json::ListDocument {
            schema_version: SCHEMA_VERSION,
            models: self.catalog.models().iter().map(model_report).collect(),
            unlisted: unlisted.collect(),
        };
        write_json(out, &document)
    }
}

fn list_blocks(catalog: &Catalog) -> Vec<Block> {
    let language = language();
    let [model, scopes, burndown, max_output, context, alias] = language.models_titles();
    let columns = vec![
        Column::words(model),
        Column::codes(scopes),
        Column::codes(burndown),
        Column::numbers(max_output).dropped(1),
        Column::numbers(context).dropped(2),
        Column::codes(alias),
    ];
    let scopes = |model: &Model| {
        if model.offered {
            model.scopes.iter().map(|scope| scope.scope.as_str()).collect::<Vec<_>>().join(" ")
        } else {
            language.no_scopes().to_owned()
        }
    };
    let rows = catalog.models().iter().map(|model| {
        vec![
            model.id.clone(),
            scopes(model),
            language.planned_rate(model),
            language.tokens_fact(model.max_output_tokens),
            language.tokens_fact(model.context_window),
            model.aliases.first().cloned().unwrap_or_default(),
        ]
    });
    vec![
        Block::Verdict { tone: Tone::Plain, sentences: vec![language.models_verdict(catalog)] },
        Block::Table { columns, rows: rows.collect() },
    ]
}

fn list_records(catalog: &Catalog) -> Records {
    let records = catalog.models().iter().flat_map(|model| {
        model.scopes.iter().flat_map(move |scope| {
            let rate = model.rate_as_of(None);
            let head = vec![
                model.id.clone(),
                model.name.clone(),
                model.offered.to_string(),
                scope.scope.to_string(),
                rate.rate.quota_tokens_per_output_token().to_string(),
                rate.status.as_str().to_owned(),
            ];
            let none = if scope.quotas().next().is_none() {
                vec![quota_record(head.clone(), None)]
            } else {
                Vec::new()
            };
            let each: Vec<Vec<String>> =
                scope.quotas().map(|quota| quota_record(head.clone(), Some(quota))).collect();
            none.into_iter().chain(each)
        })
    });
    Records {
        columns: vec![
            "model",
            "name",
            "offered",
            "scope",
            "burndown_rate",
            "burndown_status",
            "kind",
            "code",
            "quota_name",
            "default",
            "adjustable",
            "source",
            "as_of",
        ],
        rows: records.collect(),
    }
}

fn quota_record(mut record: Vec<String>, quota: Option<ListedQuota<'_>>) -> Vec<String> {
    let word = |fact: Fact<String>| match fact {
        Fact::Known(text) => text,
        Fact::Unknown => "unknown".to_owned(),
        Fact::Absent => String::new(),
    };
    match quota {
        None => record.extend(std::iter::repeat_n(String::new(), 7)),
        Some(ListedQuota { kind, entry: quota, .. }) => {
            let default = match quota.default {
                Fact::Known(crate::units::Limit::Amount(amount)) => amount.get().to_string(),
                Fact::Known(crate::units::Limit::Unlimited) => "unlimited".to_owned(),
                Fact::Unknown => "unknown".to_owned(),
                Fact::Absent => String::new(),
            };
            let adjustable = match quota.adjustable {
                Fact::Known(yes) => yes.to_string(),
                Fact::Unknown => "unknown".to_owned(),
                Fact::Absent => String::new(),
            };
            record.extend([
                kind.to_string(),
                word(quota.code.clone()),
                word(quota.name.clone()),
                default,
                adjustable,
                quota.provenance.source.clone(),
                quota.provenance.as_of.to_string(),
            ]);
        }
    }
    record
}

fn provenance(sources: &Sources, fact: &Provenance) -> String {
    SourceWords { sources }.provenance(fact)
}

/// One model.
#[derive(Debug, Clone, Copy)]
pub struct ModelReport<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The table.
    pub catalog: &'a Catalog,
    /// The model.
    pub model: ModelIndex,
}

impl ModelReport<'_> {
    /// What AWS says of many models, this one among them.
    fn statements(&self) -> impl Iterator<Item = &Statement> {
        let model = self.catalog.model(self.model);
        self.catalog.statements().iter().filter(|statement| statement.is_about(model))
    }

    /// The headings, each with its entries.
    fn sections(&self) -> Vec<(String, Vec<Entry>)> {
        let Self { sources, catalog, model } = *self;
        let model = catalog.model(model);
        let mut sections = vec![(format!("{} ({})", model.name, model.id), head(sources, model))];
        // A reranker counts requests alone: no rate bears on it.
        if model.kind != ModelKind::Rerank {
            let statements = model.burndown.iter().enumerate();
            let entries = statements.map(|(index, statement)| statement_entry(sources, index, statement));
            sections.push((language().rates_heading().to_owned(), entries.collect()));
        }
        sections.extend(model.scopes.iter().map(|scope| {
            let heading = language().scope_heading(scope.scope.as_str());
            (heading, scope_entries(sources, model, scope))
        }));
        let entries: Vec<Entry> =
            self.statements().map(|statement| general_entry(sources, statement)).collect();
        if !entries.is_empty() {
            sections.push((language().statements_heading().to_owned(), entries));
        }
        sections
    }
}

impl Report for ModelReport<'_> {
    fn blocks(&self, _detail: Detail) -> Vec<Block> {
        let sections = self.sections().into_iter();
        sections.flat_map(|(heading, entries)| [Block::Heading(heading), Block::Entries(entries)]).collect()
    }

    fn records(&self) -> Records {
        let rows = self.sections().into_iter().flat_map(|(section, entries)| {
            let row = |e: Entry| vec![section.clone(), e.label, e.value, e.notes.join("; ")];
            entries.into_iter().map(row).collect::<Vec<_>>()
        });
        Records { columns: vec!["section", "fact", "value", "sources"], rows: rows.collect() }
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), serde_json::Error> {
        let document = json::ShowDocument {
            schema_version: SCHEMA_VERSION,
            model: model_report(self.catalog.model(self.model)),
            statements: self.statements().map(general_report).collect(),
        };
        write_json(out, &document)
    }
}

fn head(sources: &Sources, model: &Model) -> Vec<Entry> {
    let language = language();
    let labels = language.model_labels();
    let source = |fact: &Option<Provenance>| fact.iter().map(|fact| provenance(sources, fact)).collect();
    let mut entries = vec![
        entry(labels.provider, model.provider.clone(), Vec::new()),
        entry(labels.kind, model.kind.as_str(), Vec::new()),
        entry(labels.aliases, model.aliases.join(", "), Vec::new()),
        entry(labels.offered, language.is_offered(model), Vec::new()),
        limit_entry(sources, model, LimitField::MaxOutputTokens),
        limit_entry(sources, model, LimitField::ContextWindow),
        entry(labels.batch, language.yes_or_no(model.batch), source(&model.batch_provenance)),
    ];
    if model.kind.generates() {
        let source = source(&model.count_tokens_provenance);
        entries.push(entry(labels.count_tokens, language.yes_or_no(model.count_tokens), source));
    }
    entries.extend(model.lifecycle.as_ref().map(|lifecycle| {
        let source = vec![provenance(sources, &lifecycle.provenance)];
        entry(labels.lifecycle, language.lifecycle(lifecycle), source)
    }));
    entries.extend(model.access.iter().map(|condition| {
        let notes = vec![condition.kind.as_str().to_owned(), provenance(sources, &condition.provenance)];
        entry(labels.access, condition.condition.clone(), notes)
    }));
    entries
}

/// A limit, with the values that other sources give for it.
fn limit_entry(sources: &Sources, model: &Model, field: LimitField) -> Entry {
    let labels = language().model_labels();
    let (label, planned) = match field {
        LimitField::MaxOutputTokens => (labels.max_output, model.max_output_tokens),
        LimitField::ContextWindow => (labels.context_window, model.context_window),
    };
    let others: Vec<&DisputedLimit> = model.disputed.iter().filter(|limit| limit.field == field).collect();
    let values: Vec<Tokens> = others.iter().map(|limit| limit.value).collect();
    let mut notes: Vec<String> = model.limits.iter().map(|fact| provenance(sources, fact)).collect();
    notes.extend(
        others.iter().map(|limit| format!("{}: {}", limit.value, provenance(sources, &limit.provenance))),
    );
    entry(label, language().disputed_limit(planned, &values), notes)
}

fn statement_entry(sources: &Sources, index: usize, statement: &RateStatement) -> Entry {
    let labels = language().model_labels();
    let label = if index == 0 { labels.rate } else { labels.other_rate };
    entry(label, language().rate_statement(statement), vec![provenance(sources, &statement.provenance)])
}

/// A statement about many models.
fn general_entry(sources: &Sources, statement: &Statement) -> Entry {
    let mut notes = vec![provenance(sources, &statement.provenance)];
    let replaced = statement.replaced.as_ref();
    notes.extend(replaced.map(|(said, source)| language().replaced_statement(said, source)));
    entry(&statement.about, statement.text.clone(), notes)
}

fn scope_entries(sources: &Sources, model: &Model, scope: &ScopeEntry) -> Vec<Entry> {
    let language = language();
    let labels = language.model_labels();
    let mut entries = Vec::new();
    entries.extend(scope.profile.as_ref().map(|profile| entry(labels.profile, profile.clone(), Vec::new())));
    let destinations = language.destinations(&scope.destinations);
    entries.push(entry(labels.destinations, destinations, vec![provenance(sources, &scope.provenance)]));
    for ListedQuota { kind, entry: quota, .. } in scope.quotas() {
        let notes = vec![language.aws_name(quota), provenance(sources, &quota.provenance)];
        entries.push(entry(kind.as_str(), language.table_quota(quota), notes));
    }
    if !model.offered {
        entries.push(entry(labels.quotas, language.no_quotas(), Vec::new()));
    }
    entries.extend(scope.prices.iter().map(|price| price_entry(sources, price)));
    if scope.prices.is_empty() {
        entries.push(entry(&language.price_label(None), language.prices(None), Vec::new()));
    }
    entries
}

fn price_entry(sources: &Sources, price: &Price) -> Entry {
    let language = language();
    let with_source =
        |words: String, source: &Provenance| format!("{words}; {}", provenance(sources, source));
    let mut notes = vec![with_source(language.price_basis(price), &price.provenance)];
    notes.extend(
        price
            .promotion
            .as_ref()
            .map(|promotion| with_source(language.promotion(promotion), &promotion.provenance)),
    );
    entry(&language.price_label(Some(price)), language.prices(Some(price)), notes)
}
