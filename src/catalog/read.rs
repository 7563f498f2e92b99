//! From the model table's TOML to a valid [`Catalog`], reporting every fault in one run.

use std::sync::OnceLock;

use super::names::Names;
use super::parts::{SOURCED, optional_provenance, provenance, tables, tokens};
use super::read_scope::{quota, scope};
use super::{
    AccessCondition, AccessKind, Catalog, Disorder, DisputedLimit, Lifecycle, Lifestage, LimitField, Model,
    ModelKind, REGION, RateStatement, RateStatus, Scope, Statement, UnlistedModel, disorders, lint, overlay,
};
use crate::text::tree::{self, Fields, Node, Table};
use crate::text::{Code, Diagnostics, FileId, SourceFile, Sources, Span};
use crate::units::{BurndownRate, Fact};

/// The model table that the product ships.
pub const EMBEDDED: &str = include_str!("../../data/models.toml");

/// The name the embedded table goes by in positions.
pub const EMBEDDED_NAME: &str = "models.toml";

/// Reads the embedded table, with an overlay laid on it where one is given.
///
/// Every fault of either file is added to `diagnostics`; `None` where there is an error.
pub fn load(
    sources: &mut Sources,
    overlay: Option<FileId>,
    diagnostics: &mut Diagnostics,
) -> Option<Catalog> {
    let base = sources.add(SourceFile::new(EMBEDDED_NAME, EMBEDDED));
    let Some(file) = overlay else { return embedded(base, diagnostics) };
    let mut table = tree::parse(base, EMBEDDED, diagnostics)?;
    let mut of_overlay = Diagnostics::new();
    let text = sources.file(file)?.text();
    let mut over = tree::parse(file, text, diagnostics)?;
    overlay::prepare(&mut over, sources, &mut of_overlay);
    overlay::merge(&mut table, over, &mut of_overlay);
    let undated = of_overlay.has_errors();
    diagnostics.append(of_overlay);
    validate(&table, diagnostics).filter(|_| !undated)
}

/// The embedded table alone. A process that runs many commands reads it once for each place that it has among the
/// files of a run, since the positions in it name that place; a table with something to say is read anew.
fn embedded(base: FileId, diagnostics: &mut Diagnostics) -> Option<Catalog> {
    static READ: [OnceLock<Option<Catalog>>; 8] = [const { OnceLock::new() }; 8];
    let read = |diagnostics: &mut Diagnostics| {
        let table = tree::parse(base, EMBEDDED, diagnostics)?;
        validate(&table, diagnostics)
    };
    let known = READ.get(base.index()).and_then(|known| {
        let first = || {
            let mut own = Diagnostics::new();
            read(&mut own).filter(|_| own.is_empty())
        };
        known.get_or_init(first).clone()
    });
    known.or_else(|| read(diagnostics))
}

/// Reads a table that stands alone.
pub fn parse(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<Catalog> {
    let table = tree::parse(file, sources.file(file)?.text(), diagnostics)?;
    validate(&table, diagnostics)
}

fn validate(table: &Table, diagnostics: &mut Diagnostics) -> Option<Catalog> {
    let mut own = Diagnostics::new();
    let mut fields = Fields::new(table);
    if let Some(node) = fields.take("schema")
        && tree::whole(node, &mut own).is_some_and(|schema| schema != 1)
    {
        own.at(Code::BadValue, node.span, "this version reads schema 1", "write `schema = 1`");
    }
    if let Some(node) = fields.take("region")
        && let Some(region) = tree::text(node, &mut own)
        && region != REGION
    {
        let help = format!("in this version, the table is for calls from {REGION}");
        own.at(Code::OtherRegion, node.span, format!("`{region}` is another source Region"), help);
    }
    let account_daily = fields.required("account_daily", quota, &mut own);
    let mut models: Vec<Model> = Vec::new();
    if let Some(node) = fields.take("model") {
        for item in tree::as_array(node, &mut own).unwrap_or_default() {
            models.extend(tree::as_table(item, &mut own).and_then(|table| model(table, &mut own)));
        }
    }
    let statements = tables(&mut fields, "statement", said, &mut own);
    let unlisted = tables(&mut fields, "unlisted_model", unlisted_model, &mut own);
    fields.finish(&mut own);
    models.sort_by(|a, b| a.id.cmp(&b.id));
    let mut names = Names::default();
    lint::names(&models, &mut names, &mut own);
    lint::codes(&models, account_daily.as_ref(), &mut own);
    lint::limits(&models, &mut own);
    // A model that could not be read is reported for itself.
    if !own.has_errors() {
        lint::statements(&models, &statements, &mut own);
    }
    let failed = own.has_errors();
    diagnostics.append(own);
    if failed {
        return None;
    }
    Some(Catalog { models, account_daily: account_daily?, statements, unlisted, names })
}

fn rate(node: &Node, d: &mut Diagnostics) -> Option<BurndownRate> {
    let value = tree::whole(node, d)?;
    let rate = u32::try_from(value).ok().and_then(BurndownRate::new);
    if rate.is_none() {
        let help = format!("write a whole number from 1 to {}", BurndownRate::MAXIMUM);
        d.at(Code::BadValue, node.span, format!("{value} is not a burndown rate"), help);
    }
    rate
}

fn model(table: &Table, d: &mut Diagnostics) -> Option<Model> {
    let mut f = Fields::new(table);
    let id = f.required("id", tree::name, d);
    let name = f.required("name", tree::name, d);
    let provider = f.required("provider", tree::name, d);
    let kind: Option<ModelKind> = f.required("kind", tree::choice, d);
    let offered = f.optional("offered", tree::boolean, d).unwrap_or(true);
    let aliases = f.optional("aliases", tree::spanned_texts, d).unwrap_or_default();
    let (aliases, alias_spans) = aliases.into_iter().unzip();
    let max_output_tokens = f.fact("max_output_tokens", tokens, d);
    let context_window = f.fact("context_window", tokens, d);
    let limits = optional_provenance(&mut f, table, ["limits_source", "limits_as_of"], d);
    let batch = f.fact("batch", tree::boolean, d);
    let batch_provenance = optional_provenance(&mut f, table, ["batch_source", "batch_as_of"], d);
    let count_tokens = f.fact("count_tokens", tree::boolean, d);
    let keys = ["count_tokens_source", "count_tokens_as_of"];
    let count_tokens_provenance = optional_provenance(&mut f, table, keys, d);
    let worst_case = f.required("worst_case_burndown", rate, d);
    let burndown = tables(&mut f, "burndown", statement, d);
    let disputed = tables(&mut f, "disputed", disputed, d);
    let access = tables(&mut f, "access", access, d);
    let lifecycle = f.take("lifecycle").and_then(|n| tree::as_table(n, d)).and_then(|t| lifecycle(t, d));
    let mut scopes = Vec::new();
    if let Some(table) = f.take("scope").and_then(|node| tree::as_table(node, d)) {
        for (key, span, node) in &table.entries {
            match (key.parse::<Scope>().ok(), tree::as_table(node, d)) {
                (Some(which), Some(table)) => scopes.extend(scope(which, table, d)),
                (None, _) => unknown_scope(key, *span, d),
                (Some(_), None) => {}
            }
        }
    }
    scopes.sort_by_key(|entry| entry.scope);
    f.finish(d);
    if kind.is_some_and(ModelKind::generates) && max_output_tokens == Fact::Absent {
        let help = "add `max_output_tokens`, or \"unknown\" if it is not known";
        d.at(Code::MissingValue, table.span, "a text model without `max_output_tokens`", help);
    }
    if !burndown.is_sorted_by(|a: &RateStatement, b| a.provenance.as_of.day() >= b.provenance.as_of.day()) {
        d.at(
            Code::BadValue,
            table.span,
            "the burndown statements are not ordered from newest to oldest",
            "order \
            them by `as_of`, the newest first",
        );
    }
    if burndown.first().is_some_and(|s| s.status == RateStatus::Superseded) {
        d.at(
            Code::BadValue,
            table.span,
            "the newest burndown statement cannot be superseded",
            "add the statement that superseded it",
        );
    }
    Some(Model {
        id: id?,
        name: name?,
        provider: provider?,
        kind: kind?,
        offered,
        aliases,
        alias_spans,
        max_output_tokens,
        context_window,
        limits,
        disputed,
        access,
        batch,
        batch_provenance,
        count_tokens,
        count_tokens_provenance,
        worst_case: worst_case?,
        burndown,
        lifecycle,
        scopes,
        span: table.span,
    })
}

fn statement(table: &Table, d: &mut Diagnostics) -> Option<RateStatement> {
    let mut f = Fields::new(table);
    let status: Option<RateStatus> = f.required("status", tree::choice, d);
    let rate = if status == Some(RateStatus::Unknown) {
        // A rate beside `unknown` would be one of the two lying.
        f.required("worst_case", rate, d)
    } else {
        f.required("output", rate, d)
    };
    let then: Option<RateStatus> = match f.take("status_then") {
        Some(node) => {
            let newest = [RateStatus::Known, RateStatus::DefaultClause];
            tree::choice_of(node, &newest.map(|status| (status.as_str(), status)), d)
        }
        None => Some(RateStatus::Known),
    };
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(RateStatement { rate: rate?, status: status?, status_then: then?, provenance: provenance? })
}

fn lifecycle(table: &Table, d: &mut Diagnostics) -> Option<Lifecycle> {
    let mut f = Fields::new(table);
    let status = f.fact("status", tree::choice, d);
    let legacy_since = f.optional("legacy_since", tree::date, d);
    let extended_access_from = f.optional("extended_access_from", tree::date, d);
    let no_sooner_than = f.optional("no_sooner_than", tree::date, d);
    let notice_days = f.optional("notice_days", count, d);
    let notice_months = f.optional("notice_months", count, d);
    let legacy_period_months = f.optional("legacy_period_months", count, d);
    let retirement = f.optional("retirement", tree::date, d);
    let retirement_second_hand = f.optional("retirement_second_hand", tree::boolean, d).unwrap_or(false);
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    if legacy_since.is_some() && status != Fact::Known(Lifestage::Legacy) {
        let help = "write `status = \"legacy\"`, or remove `legacy_since`";
        d.at(Code::BadValue, table.span, "the model has `legacy_since` but is not Legacy", help);
    }
    for Disorder { words, .. } in disorders([legacy_since, extended_access_from, retirement]) {
        let help = "one of the two dates is wrong: compare them with the source";
        d.at(Code::BadValue, table.span, words, help);
    }
    Some(Lifecycle {
        status,
        legacy_since,
        extended_access_from,
        no_sooner_than,
        notice_days,
        notice_months,
        legacy_period_months,
        retirement,
        retirement_second_hand,
        provenance: provenance?,
    })
}

fn count(node: &Node, d: &mut Diagnostics) -> Option<u32> {
    let value = tree::whole(node, d)?;
    let count = u32::try_from(value).ok().filter(|count| (1..=10_000).contains(count));
    if count.is_none() {
        d.at(
            Code::BadValue,
            node.span,
            format!("{value} is out of range"),
            "write a whole number from 1 to 10000",
        );
    }
    count
}

fn disputed(table: &Table, d: &mut Diagnostics) -> Option<DisputedLimit> {
    let mut f = Fields::new(table);
    let field: Option<LimitField> = f.required("limit", tree::choice, d);
    let value = f.required("value", tokens, d);
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(DisputedLimit { field: field?, value: value?, provenance: provenance? })
}

fn access(table: &Table, d: &mut Diagnostics) -> Option<AccessCondition> {
    let mut f = Fields::new(table);
    let kind: Option<AccessKind> = f.required("kind", tree::choice, d);
    let condition = f.required("condition", tree::name, d);
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(AccessCondition { kind: kind?, condition: condition?, provenance: provenance? })
}

fn said(table: &Table, d: &mut Diagnostics) -> Option<Statement> {
    let mut f = Fields::new(table);
    let about = f.required("about", tree::name, d);
    let text = f.required("text", tree::name, d);
    let provenance = provenance(&mut f, table, SOURCED, d);
    let earlier = f.optional("said", tree::name, d);
    let earlier_provenance = optional_provenance(&mut f, table, ["said_source", "said_as_of"], d);
    if earlier.is_some() != earlier_provenance.is_some() {
        let help = "write `said`, `said_source` and `said_as_of` together, or none of them";
        d.at(Code::MissingProvenance, table.span, "an older statement without its text or its source", help);
    }
    let models = f.optional("models", tree::spanned_texts, d).unwrap_or_default();
    let mut scopes = Vec::new();
    for (word, span) in f.optional("scopes", tree::spanned_texts, d).unwrap_or_default() {
        match word.parse::<Scope>().ok() {
            Some(scope) => scopes.push(scope),
            None => unknown_scope(&word, span, d),
        }
    }
    f.finish(d);
    Some(Statement {
        about: about?,
        text: text?,
        provenance: provenance?,
        replaced: earlier.zip(earlier_provenance),
        models,
        scopes,
    })
}

fn unknown_scope(word: &str, span: Span, d: &mut Diagnostics) {
    let help = "the scopes are us, global, ca and in-region";
    d.at(Code::UnknownScope, span, format!("`{word}` is not a scope"), help);
}

fn unlisted_model(table: &Table, d: &mut Diagnostics) -> Option<UnlistedModel> {
    let mut f = Fields::new(table);
    let name = f.required("name", tree::name, d);
    let known = f.required("known", tree::name, d);
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(UnlistedModel { name: name?, known: known?, provenance: provenance? })
}
