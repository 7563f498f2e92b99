//! `models list` and `models show`: what the table knows, with source and date.

use std::io::Write;

use super::json::{general_report, model_report, source};
use crate::catalog::{
    Catalog, Destinations, DisputedLimit, Lifecycle, LimitField, ListedQuota, Model, ModelIndex, ModelKind,
    Price, Provenance, RateStatement, RateStatus, ScopeEntry, Statement,
};
use crate::contract::models as json;
use crate::report::notes::{SourceWords, entry};
use crate::report::{Block, Column, Detail, Entry, Records, Report, SCHEMA_VERSION, Tone};
use crate::text::Sources;
use crate::text::plain::write_json;
use crate::units::Fact;
use crate::units::{Tokens, UsdPerMillion};

fn rate_words(model: &Model) -> String {
    let rate = model.rate_as_of(None);
    match rate.status {
        RateStatus::Known => rate.rate.to_string(),
        RateStatus::Unknown => format!("unknown ({} planned)", rate.rate),
        status => format!("{} {}", rate.rate, status.as_str()),
    }
}

fn fact_words(fact: Fact<Tokens>) -> String {
    match fact {
        Fact::Known(tokens) => tokens.to_string(),
        Fact::Unknown => "unknown".to_owned(),
        Fact::Absent => "-".to_owned(),
    }
}

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
    let columns = vec![
        Column::words("Model"),
        Column::codes("Scopes"),
        Column::codes("Burndown"),
        Column::numbers("Max output").dropped(1),
        Column::numbers("Context").dropped(2),
        Column::codes("Alias"),
    ];
    let scopes = |model: &Model| {
        if model.offered {
            model.scopes.iter().map(|scope| scope.scope.as_str()).collect::<Vec<_>>().join(" ")
        } else {
            "migrate from".to_owned()
        }
    };
    let rows = catalog.models().iter().map(|model| {
        vec![
            model.id.clone(),
            scopes(model),
            rate_words(model),
            fact_words(model.max_output_tokens),
            fact_words(model.context_window),
            model.aliases.first().cloned().unwrap_or_default(),
        ]
    });
    let offered = catalog.models().iter().filter(|model| model.offered).count();
    let total = catalog.models().len();
    let unlisted = catalog
        .unlisted()
        .iter()
        .map(|model| format!(" {} has no entry: {} ({}).", model.name, model.known, model.provenance.source));
    let verdict = format!(
        "{total} models, {offered} of them callable from ca-central-1; newest fact of {}. `quotaplan models show MODEL` \
         shows all that is known of one.{}",
        catalog.newest(),
        unlisted.collect::<String>()
    );
    vec![
        Block::Verdict { tone: Tone::Plain, sentences: vec![verdict] },
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
            sections.push(("Burndown: quota tokens per output token".to_owned(), entries.collect()));
        }
        let scopes = model.scopes.iter();
        sections.extend(
            scopes.map(|scope| (format!("Scope {}", scope.scope), scope_entries(sources, model, scope))),
        );
        let entries: Vec<Entry> =
            self.statements().map(|statement| general_entry(sources, statement)).collect();
        if !entries.is_empty() {
            sections.push(("What AWS says, and what no longer holds".to_owned(), entries));
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
    let limits: Vec<String> = model.limits.iter().map(|fact| provenance(sources, fact)).collect();
    let offered = if model.offered { "yes" } else { "no: only migrated from" };
    let yes_or_no = |fact| match fact {
        Fact::Known(true) => "yes",
        Fact::Known(false) => "no",
        Fact::Absent | Fact::Unknown => "unknown",
    };
    let batch_source = model.batch_provenance.iter().map(|fact| provenance(sources, fact)).collect();
    let mut entries = vec![
        entry("provider", model.provider.clone(), Vec::new()),
        entry("kind", model.kind.as_str(), Vec::new()),
        entry("aliases", model.aliases.join(", "), Vec::new()),
        entry("from ca-central-1", offered, Vec::new()),
        limit_entry(sources, model, LimitField::MaxOutputTokens, model.max_output_tokens, &limits),
        limit_entry(sources, model, LimitField::ContextWindow, model.context_window, &limits),
        entry("batch", yes_or_no(model.batch), batch_source),
    ];
    if model.kind.generates() {
        let source = model.count_tokens_provenance.iter().map(|fact| provenance(sources, fact)).collect();
        entries.push(entry("CountTokens", yes_or_no(model.count_tokens), source));
    }
    entries.extend(model.lifecycle.as_ref().map(|lifecycle| lifecycle_entry(sources, lifecycle)));
    entries.extend(model.access.iter().map(|condition| {
        let notes = vec![condition.kind.as_str().to_owned(), provenance(sources, &condition.provenance)];
        entry("access", condition.condition.clone(), notes)
    }));
    entries
}

/// A limit, with the values that other sources give for it.
fn limit_entry(
    sources: &Sources,
    model: &Model,
    field: LimitField,
    own: Fact<Tokens>,
    limits: &[String],
) -> Entry {
    let label = match field {
        LimitField::MaxOutputTokens => "max output",
        LimitField::ContextWindow => "context window",
    };
    let others: Vec<&DisputedLimit> = model.disputed.iter().filter(|limit| limit.field == field).collect();
    let mut value = fact_words(own);
    let mut notes = limits.to_vec();
    if !others.is_empty() {
        let values: Vec<String> = others.iter().map(|limit| limit.value.to_string()).collect();
        value = format!("{value}, disputed: {} elsewhere; planned at {value}", values.join(", "));
        notes.extend(
            others.iter().map(|limit| format!("{}: {}", limit.value, provenance(sources, &limit.provenance))),
        );
    }
    entry(label, value, notes)
}

fn lifecycle_entry(sources: &Sources, lifecycle: &Lifecycle) -> Entry {
    let stage = lifecycle.status.known().map_or("status unknown", |stage| stage.as_str());
    let since = lifecycle.legacy_since.map(|date| format!(" since {date}")).unwrap_or_default();
    let mut words = vec![format!("{stage}{since}")];
    words.extend(
        lifecycle.extended_access_from.map(|date| format!("extended access at a higher price from {date}")),
    );
    words.extend(lifecycle.no_sooner_than.map(|date| format!("end of life no sooner than {date}")));
    words.extend(lifecycle.notice_days.map(|days| format!("at least {days} days of notice")));
    words.extend(lifecycle.notice_months.map(|months| format!("at least {months} months of notice")));
    words.extend(lifecycle.legacy_period_months.map(|months| format!("Legacy for {months} months")));
    words.extend(lifecycle.retirement.map(|date| {
        let hand = if lifecycle.retirement_second_hand { " (second-hand)" } else { "" };
        format!("retires on {date}{hand}")
    }));
    entry("lifecycle", words.join("; "), vec![provenance(sources, &lifecycle.provenance)])
}

fn statement_entry(sources: &Sources, index: usize, statement: &RateStatement) -> Entry {
    let label = if index == 0 { "today" } else { "also stated" };
    let value = match statement.status {
        RateStatus::Unknown => format!("unknown; the worst case of {} is planned", statement.rate),
        status => format!("{} ({})", statement.rate, status.as_str()),
    };
    entry(label, value, vec![provenance(sources, &statement.provenance)])
}

/// A statement about many models.
fn general_entry(sources: &Sources, statement: &Statement) -> Entry {
    let mut notes = vec![provenance(sources, &statement.provenance)];
    notes.extend(
        statement.replaced.as_ref().map(|(said, source)| {
            format!("no longer holds: \"{said}\" ({}, {})", source.source, source.as_of)
        }),
    );
    entry(&statement.about, statement.text.clone(), notes)
}

fn scope_entries(sources: &Sources, model: &Model, scope: &ScopeEntry) -> Vec<Entry> {
    let destinations = match &scope.destinations {
        Destinations::Regions(regions) => regions.join(", "),
        Destinations::AllCommercial => "all commercial Regions".to_owned(),
        Destinations::Unknown => "unknown".to_owned(),
    };
    let mut entries = Vec::new();
    entries.extend(scope.profile.as_ref().map(|profile| entry("profile", profile.clone(), Vec::new())));
    entries.push(entry("destinations", destinations, vec![provenance(sources, &scope.provenance)]));
    for ListedQuota { kind, entry: quota, .. } in scope.quotas() {
        let code = quota.code_words();
        let default = quota.default.known().map_or_else(|| "unknown".to_owned(), |limit| limit.to_string());
        let adjustable = match quota.adjustable {
            Fact::Known(true) => "adjustable",
            Fact::Known(false) => "not adjustable",
            Fact::Absent | Fact::Unknown => "adjustability unknown",
        };
        let name = quota.name.clone().known().unwrap_or_else(|| "exact name unknown".to_owned());
        let notes = vec![name, provenance(sources, &quota.provenance)];
        entries.push(entry(kind.as_str(), format!("{code}, default {default}, {adjustable}"), notes));
    }
    if !model.offered {
        entries.push(entry("quotas", "none: not callable from ca-central-1", Vec::new()));
    }
    entries.extend(scope.prices.iter().map(|price| price_entry(sources, price)));
    if scope.prices.is_empty() {
        entries.push(entry("price", "unknown", Vec::new()));
    }
    entries
}

fn price_entry(sources: &Sources, price: &Price) -> Entry {
    let kinds = [
        ("input", price.input),
        ("output", price.output),
        ("cache write 5m", price.cache_write_5m),
        ("cache write 30m", price.cache_write_30m),
        ("cache write 1h", price.cache_write_1h),
        ("cache read", price.cache_read),
    ];
    let word = |(kind, value): &(&str, Fact<UsdPerMillion>)| match value {
        Fact::Known(usd) => Some(format!("{kind} {usd}")),
        Fact::Unknown => Some(format!("{kind} unknown")),
        Fact::Absent => None,
    };
    let mut words: Vec<String> = kinds.iter().chain(&price.service_tiers).filter_map(word).collect();
    match price.per_query {
        Fact::Known(usd) => words.push(format!("{usd} per query")),
        Fact::Unknown => words.push("per query unknown".to_owned()),
        Fact::Absent => {}
    }
    let tier = price.up_to_input.map(|limit| format!(" up to {limit} input")).unwrap_or_default();
    let unit = if price.per_query == Fact::Absent { "USD per million tokens" } else { "USD" };
    let note = format!("{unit}, priced in {}; {}", price.priced_in, provenance(sources, &price.provenance));
    let mut notes = vec![note];
    notes.extend(price.promotion.as_ref().map(|promotion| {
        let before = |price: Option<UsdPerMillion>| {
            price.map_or_else(|| "unknown".to_owned(), |price| price.to_string())
        };
        format!(
            "promotional through {}, before it input {}, output {}; {}",
            promotion.until,
            before(promotion.input_before),
            before(promotion.output_before),
            provenance(sources, &promotion.provenance)
        )
    }));
    entry(&format!("price{tier}"), words.join(", "), notes)
}
