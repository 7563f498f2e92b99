//! From the tables of a scope to a [`ScopeEntry`]: destinations, quotas and prices.

use super::parts::{SOURCED, optional_provenance, provenance, tables, tokens};
use super::{Destinations, LongContext, Price, Promotion, QuotaEntry, Scope, ScopeEntry};
use crate::text::tree::{self, Fields, Node, Table, Value};
use crate::text::{Code, Diagnostics};
use crate::units::{ByKind, Fact, QuotaKind, UsdPerMillion, UsdPerQuery, is_quota_code};

fn price_value(node: &Node, d: &mut Diagnostics) -> Option<UsdPerMillion> {
    tree::millionths(node, d).and_then(UsdPerMillion::from_millionths)
}

/// A list of Regions, all commercial ones, or not known.
fn destinations(node: &Node, d: &mut Diagnostics) -> Option<Destinations> {
    let help = "write a list of Regions such as [\"ca-central-1\"], \"all-commercial\" or \"unknown\"";
    if let Value::Text(word) = &node.value {
        return match word.as_str() {
            Destinations::ALL_COMMERCIAL => Some(Destinations::AllCommercial),
            "unknown" => Some(Destinations::Unknown),
            _ => {
                d.at(Code::BadValue, node.span, format!("`{word}` does not name destination Regions"), help);
                None
            }
        };
    }
    let regions = tree::spanned_texts(node, d)?;
    if regions.is_empty() {
        // An empty list would keep to every residency.
        d.at(Code::BadValue, node.span, "a scope without destination Regions", help);
    }
    for (region, span) in &regions {
        if !is_region(region) {
            d.at(Code::BadValue, *span, format!("`{region}` is not the name of an AWS Region"), help);
        }
    }
    Some(Destinations::Regions(regions.into_iter().map(|(region, _)| region).collect()))
}

/// Whether a text has the form of a Region: `ca-central-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [names @ .., number] = parts.as_slice() else { return false };
    let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && names.len() >= 2 && names.iter().all(is_name)
}

/// A model in one scope.
pub(super) fn scope(scope: Scope, table: &Table, d: &mut Diagnostics) -> Option<ScopeEntry> {
    let mut f = Fields::new(table);
    let profile = f.optional("profile", tree::name, d);
    let destinations = f.optional("destinations", destinations, d).unwrap_or(Destinations::Unknown);
    if destinations == Destinations::AllCommercial && scope != Scope::Global {
        let help = "list the Regions, or write \"unknown\"";
        let message = format!(
            "only a global profile sends requests to all commercial Regions; this is scope \
                               `{scope}`"
        );
        d.at(Code::BadValue, table.get("destinations").map_or(table.span, |node| node.span), message, help);
    }
    let quotas = ByKind::from_fn(|kind| f.optional(kind.as_str(), quota, d));
    let long_context =
        f.take("long_context").and_then(|n| tree::as_table(n, d)).and_then(|t| long_context(t, d));
    let prices = tables(&mut f, "price", price, d);
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
            "the price tiers are not in ascending order",
            "order them by `up_to_input`; the last one has none",
        );
    }
    Some(ScopeEntry {
        scope,
        profile_span: table.get("profile").map_or(table.span, |node| node.span),
        profile,
        destinations,
        provenance: provenance?,
        quotas,
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

/// One quota with its source.
pub(super) fn quota(node: &Node, d: &mut Diagnostics) -> Option<QuotaEntry> {
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
    let split = |kind: &QuotaKind| kind.is_split_by_input_length();
    let quotas =
        ByKind::from_fn(|kind| Some(kind).filter(split).and_then(|kind| f.optional(kind.as_str(), quota, d)));
    f.finish(d);
    Some(LongContext { above_input: above_input?, quotas })
}

const SERVICE_TIERS: [&str; 8] = [
    "batch_input",
    "batch_output",
    "flex_input",
    "flex_output",
    "priority_input",
    "priority_output",
    "ultrafast_input",
    "ultrafast_output",
];

fn price_per_query(node: &Node, d: &mut Diagnostics) -> Option<UsdPerQuery> {
    tree::millionths(node, d).and_then(UsdPerQuery::from_millionths)
}

/// That a price holds for a time; `None` where nothing says so.
fn promotion(f: &mut Fields<'_>, table: &Table, d: &mut Diagnostics) -> Option<Promotion> {
    let until = f.optional("promotional_until", tree::date, d);
    let input_before = f.fact("input_before", price_value, d);
    let output_before = f.fact("output_before", price_value, d);
    let provenance = optional_provenance(f, table, ["promotional_source", "promotional_as_of"], d);
    let (input_before, output_before) = (input_before.known(), output_before.known());
    match (until, provenance) {
        (Some(until), Some(provenance)) => Some(Promotion { until, input_before, output_before, provenance }),
        (Some(_), None) => {
            let help = "add `promotional_source = \"...\"` and `promotional_as_of = \"...\"`";
            d.at(Code::MissingProvenance, table.span, "`promotional_until` has no source", help);
            None
        }
        (None, provenance) => {
            if provenance.is_some() || input_before.is_some() || output_before.is_some() {
                let help = "add `promotional_until = \"YYYY-MM-DD\"`";
                d.at(Code::MissingValue, table.span, "a promotional price without its last day", help);
            }
            None
        }
    }
}

fn price(table: &Table, d: &mut Diagnostics) -> Option<Price> {
    let mut f = Fields::new(table);
    let up_to_input = f.optional("up_to_input", tokens, d);
    let input = f.fact("input", price_value, d);
    let output = f.fact("output", price_value, d);
    let per_query = f.fact("per_query", price_per_query, d);
    let cache_write_5m = f.fact("cache_write_5m", price_value, d);
    let cache_write_30m = f.fact("cache_write_30m", price_value, d);
    let cache_write_1h = f.fact("cache_write_1h", price_value, d);
    let cache_read = f.fact("cache_read", price_value, d);
    let mut service_tiers = Vec::new();
    for key in SERVICE_TIERS {
        match f.fact(key, price_value, d) {
            Fact::Absent => {}
            price => service_tiers.push((key, price)),
        }
    }
    let promotion = promotion(&mut f, table, d);
    let priced_in = f.required("priced_in", tree::name, d);
    let provenance = provenance(&mut f, table, SOURCED, d);
    f.finish(d);
    Some(Price {
        up_to_input,
        input,
        output,
        per_query,
        cache_write_5m,
        cache_write_30m,
        cache_write_1h,
        cache_read,
        service_tiers,
        promotion,
        priced_in: priced_in?,
        provenance: provenance?,
    })
}
