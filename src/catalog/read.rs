//! From the model table's TOML to a valid [`Catalog`], reporting every fault in one run.

use super::naming::Names;
use super::{
    Catalog, Lifecycle, Lifestage, LongContext, Model, ModelKind, Price, Provenance, QuotaEntry, REGION,
    RateStatement, RateStatus, Scope, ScopeEntry, lint, overlay,
};
use crate::text::tree::{self, Convert, Fact, Fields, Node, Table};
use crate::text::{Code, Diagnostics, FileId, SourceFile, Sources};
use crate::units::{BurndownRate, Tokens, UsdPerMillion, is_quota_code};

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
    let mut table = tree::parse(base, EMBEDDED, diagnostics)?;
    let mut of_overlay = Diagnostics::new();
    if let Some(file) = overlay {
        let text = sources.file(file)?.text();
        let mut over = tree::parse(file, text, diagnostics)?;
        overlay::prepare(&mut over, sources, &mut of_overlay);
        overlay::merge(&mut table, over, &mut of_overlay);
    }
    let undated = of_overlay.has_errors();
    diagnostics.append(of_overlay);
    validate(&table, diagnostics).filter(|_| !undated)
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
        let help = format!("the table is for calls from {REGION} in this version");
        own.at(Code::OtherRegion, node.span, format!("`{region}` is another source Region"), help);
    }
    let account_daily = fields.required("account_daily", quota, &mut own);
    let mut models: Vec<Model> = Vec::new();
    if let Some(node) = fields.take("model") {
        for item in tree::as_array(node, &mut own).unwrap_or_default() {
            models.extend(tree::as_table(item, &mut own).and_then(|table| model(table, &mut own)));
        }
    }
    fields.finish(&mut own);
    models.sort_by(|a, b| a.id.cmp(&b.id));
    let mut names = Names::default();
    lint::names(&models, &mut names, &mut own);
    lint::codes(&models, account_daily.as_ref(), &mut own);
    let failed = own.has_errors();
    diagnostics.append(own);
    if failed {
        return None;
    }
    Some(Catalog { models, account_daily: account_daily?, names })
}

fn provenance(
    fields: &mut Fields<'_>,
    table: &Table,
    keys: [&'static str; 2],
    d: &mut Diagnostics,
) -> Option<Provenance> {
    let [source_key, as_of_key] = keys;
    let source = fields.optional(source_key, tree::name, d);
    let as_of = fields.optional(as_of_key, tree::date, d);
    for (key, missing) in [(source_key, source.is_none()), (as_of_key, as_of.is_none())] {
        if missing && table.get(key).is_none() {
            d.at(
                Code::MissingProvenance,
                table.span,
                format!("a fact that ages stands without `{key}`"),
                format!("add `{key} = \"...\"`"),
            );
        }
    }
    // An overlay may have set other keys of the table: the source's own place is the fact's.
    let span = table.get(source_key).map_or(table.span, |node| node.span);
    Some(Provenance { source: source?, as_of: as_of?, span })
}

const SOURCED: [&str; 2] = ["source", "as_of"];

/// A provenance that may be absent as a whole.
fn optional_provenance(
    fields: &mut Fields<'_>,
    table: &Table,
    keys: [&'static str; 2],
    d: &mut Diagnostics,
) -> Option<Provenance> {
    if keys.iter().all(|key| table.get(key).is_none()) {
        // Asked for, so that the keys are known where one of them is misspelt.
        let _ = (fields.take(keys[0]), fields.take(keys[1]));
        return None;
    }
    provenance(fields, table, keys, d)
}

fn tokens(node: &Node, d: &mut Diagnostics) -> Option<Tokens> {
    tree::whole(node, d).and_then(Tokens::from_whole)
}

fn price_value(node: &Node, d: &mut Diagnostics) -> Option<UsdPerMillion> {
    tree::millionths(node, d).and_then(UsdPerMillion::from_millionths)
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

const KINDS: &[(&str, ModelKind)] =
    &[("text", ModelKind::Text), ("embedding", ModelKind::Embedding), ("rerank", ModelKind::Rerank)];

const STATUSES: &[(&str, RateStatus)] = &[
    ("known", RateStatus::Known),
    ("default-clause", RateStatus::DefaultClause),
    ("unknown", RateStatus::Unknown),
    ("superseded", RateStatus::Superseded),
    ("disputed", RateStatus::Disputed),
];

fn model(table: &Table, d: &mut Diagnostics) -> Option<Model> {
    let mut f = Fields::new(table);
    let id = f.required("id", tree::name, d);
    let name = f.required("name", tree::name, d);
    let provider = f.required("provider", tree::name, d);
    let kind: Option<ModelKind> = f.required("kind", |node, d| tree::choice(node, KINDS, d), d);
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
    let mut burndown = Vec::new();
    if let Some(node) = f.take("burndown") {
        for item in tree::as_array(node, d).unwrap_or_default() {
            burndown.extend(tree::as_table(item, d).and_then(|table| statement(table, d)));
        }
    }
    let lifecycle = f.take("lifecycle").and_then(|n| tree::as_table(n, d)).and_then(|t| lifecycle(t, d));
    let mut scopes = Vec::new();
    if let Some(table) = f.take("scope").and_then(|node| tree::as_table(node, d)) {
        for (key, span, node) in &table.entries {
            match (Scope::parse(key), tree::as_table(node, d)) {
                (Some(which), Some(table)) => scopes.extend(scope(which, table, d)),
                (None, _) => {
                    let help = "the scopes are us, global, ca and in-region";
                    d.at(Code::UnknownScope, *span, format!("`{key}` is not a scope"), help);
                }
                (Some(_), None) => {}
            }
        }
    }
    scopes.sort_by_key(|entry| entry.scope);
    f.finish(d);
    if kind.is_some_and(ModelKind::generates) && max_output_tokens == Fact::Absent {
        let help = "add `max_output_tokens`, \"unknown\" where it is not known";
        d.at(Code::MissingValue, table.span, "a text model without `max_output_tokens`", help);
    }
    if !burndown.is_sorted_by(|a: &RateStatement, b| a.provenance.as_of.day() >= b.provenance.as_of.day()) {
        d.at(Code::BadValue, table.span, "burndown statements are not newest first", "order them by `as_of`");
    }
    if burndown.first().is_some_and(|s| s.status == RateStatus::Superseded) {
        d.at(
            Code::BadValue,
            table.span,
            "the newest burndown statement cannot be superseded",
            "add what superseded it",
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
    let status: Option<RateStatus> = f.required("status", |node, d| tree::choice(node, STATUSES, d), d);
    let rate = if status == Some(RateStatus::Unknown) {
        // A rate beside `unknown` would be one of the two lying.
        f.required("worst_case", rate, d)
    } else {
        f.required("output", rate, d)
    };
    let then: Option<RateStatus> = match f.take("status_then") {
        Some(node) => tree::choice(node, &STATUSES[..2], d),
        None => Some(RateStatus::Known),
    };
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(RateStatement { rate: rate?, status: status?, status_then: then?, provenance: provenance? })
}

fn lifecycle(table: &Table, d: &mut Diagnostics) -> Option<Lifecycle> {
    let mut f = Fields::new(table);
    let stages: Convert<Lifestage> =
        |node, d| tree::choice(node, &[("active", Lifestage::Active), ("legacy", Lifestage::Legacy)], d);
    let status = f.fact("status", stages, d);
    let no_sooner_than = f.optional("no_sooner_than", tree::date, d);
    let retirement = f.optional("retirement", tree::date, d);
    let retirement_second_hand = f.optional("retirement_second_hand", tree::boolean, d).unwrap_or(false);
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(Lifecycle { status, no_sooner_than, retirement, retirement_second_hand, provenance: provenance? })
}

fn scope(scope: Scope, table: &Table, d: &mut Diagnostics) -> Option<ScopeEntry> {
    let mut f = Fields::new(table);
    let profile = f.optional("profile", tree::name, d);
    let destinations = f.fact("destinations", tree::texts, d);
    let tpm = f.optional("tpm", quota, d);
    let rpm = f.optional("rpm", quota, d);
    let tpd = f.optional("tpd", quota, d);
    let long_context =
        f.take("long_context").and_then(|n| tree::as_table(n, d)).and_then(|t| long_context(t, d));
    let mut prices = Vec::new();
    if let Some(node) = f.take("price") {
        for item in tree::as_array(node, d).unwrap_or_default() {
            prices.extend(tree::as_table(item, d).and_then(|table| price(table, d)));
        }
    }
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    if !prices.is_sorted_by(|a: &Price, b| match (a.up_to_input, b.up_to_input) {
        (Some(lower), Some(upper)) => lower < upper,
        (Some(_), None) => true,
        (None, _) => false,
    }) {
        d.at(
            Code::BadValue,
            table.span,
            "price tiers do not ascend",
            "order them by `up_to_input`, the last without it",
        );
    }
    Some(ScopeEntry {
        scope,
        profile_span: table.get("profile").map_or(table.span, |node| node.span),
        profile,
        destinations,
        provenance: provenance?,
        tpm,
        rpm,
        tpd,
        long_context,
        prices,
    })
}

fn quota_code(node: &Node, d: &mut Diagnostics) -> Option<String> {
    let code = tree::name(node, d)?;
    if !is_quota_code(&code) {
        let help = "a code is `L-` and eight capital hexadecimal digits, or \"unknown\"";
        d.at(Code::BadValue, node.span, format!("`{code}` is not a quota code"), help);
    }
    Some(code)
}

fn quota(node: &Node, d: &mut Diagnostics) -> Option<QuotaEntry> {
    let table = tree::as_table(node, d)?;
    let mut f = Fields::new(table);
    let entry = (
        f.fact("code", quota_code, d),
        f.fact("name", tree::name, d),
        f.fact("default", tree::limit, d),
        f.fact("adjustable", tree::boolean, d),
    );
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    let (code, name, default, adjustable) = entry;
    let code_span = table.get("code").map_or(table.span, |node| node.span);
    Some(QuotaEntry { code, code_span, name, default, adjustable, provenance: provenance? })
}

fn long_context(table: &Table, d: &mut Diagnostics) -> Option<LongContext> {
    let mut f = Fields::new(table);
    let above_input = f.required("above_input", tokens, d);
    let tpm = f.optional("tpm", quota, d);
    let rpm = f.optional("rpm", quota, d);
    f.finish(d);
    Some(LongContext { above_input: above_input?, tpm, rpm })
}

const SERVICE_TIERS: [&str; 6] =
    ["batch_input", "batch_output", "flex_input", "flex_output", "priority_input", "priority_output"];

fn price(table: &Table, d: &mut Diagnostics) -> Option<Price> {
    let mut f = Fields::new(table);
    let up_to_input = f.optional("up_to_input", tokens, d);
    let input = f.fact("input", price_value, d);
    let output = f.fact("output", price_value, d);
    let cache_write_5m = f.fact("cache_write_5m", price_value, d);
    let cache_write_1h = f.fact("cache_write_1h", price_value, d);
    let cache_read = f.fact("cache_read", price_value, d);
    let mut service_tiers = Vec::new();
    for key in SERVICE_TIERS {
        match f.fact(key, price_value, d) {
            Fact::Absent => {}
            price => service_tiers.push((key, price)),
        }
    }
    let priced_in = f.required("priced_in", tree::name, d);
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(Price {
        up_to_input,
        input,
        output,
        cache_write_5m,
        cache_write_1h,
        cache_read,
        service_tiers,
        priced_in: priced_in?,
        provenance: provenance?,
    })
}
