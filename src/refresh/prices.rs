//! Prices from AWS's public price list, and where they differ from the table.
//!
//! Public programs that read the list (seen 2026-09 and 2026-10) agree on its two forms. `AmazonBedrockFoundationModels` has
//! the model in `servicename` and usage types such as `CAN1-MP:CAN1_InputTokenCount_Global-Units` or, for newer models,
//! `CAN1-MP:CAN1_cache_write_tokens_1h_global_standard-Units`. `AmazonBedrock` has the model in `model` and usage types such as
//! `CAN1-NovaLite-input-tokens-cross-region-global`. A model is matched by its whole name alone, and nothing is guessed:
//! batch, flex, priority, reserved capacity and whatever else is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::change::{Change, OpenPrice, OpenPriceReason, Update, UpdateRemark};
use crate::catalog::{Catalog, Price, Provenance, REGION, Scope, ScopeEntry};
use crate::text::json::{Node, Value};
use crate::text::plain::toml_string;
use crate::text::{Code, Diagnostics, FactDate, Span};
use crate::units::{Fact, UsdPerMillion, parse_millionths};

/// What a usage type bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Usage {
    is_global: bool,
    is_long: bool,
    /// The key of the table.
    key: &'static str,
}

/// What the price lists state.
#[derive(Debug, Default)]
pub(super) struct Prices {
    /// By model name as the list has it.
    stated: BTreeMap<(String, Usage), (UsdPerMillion, Span)>,
    /// Products that bill no plain on-demand tokens.
    others: usize,
    /// Products of on-demand tokens without a model's name.
    unnamed: usize,
    /// Products of on-demand tokens without an on-demand price.
    unpriced: usize,
}

const SOURCE: &str = "AWS price list, saved answer";
const EDITION: &str = " (Amazon Bedrock Edition)";

/// Reads a price list; what is wrong in it is reported at its place.
pub(super) fn read(products: &Node, terms: &Node, prices: &mut Prices, d: &mut Diagnostics) {
    let Value::Object(entries) = &products.value else {
        let help = "save the whole price list of the Region, as JSON";
        d.at(Code::NotAnAnswer, products.span, "`products` is not an object", help);
        return;
    };
    for (sku, _, product) in entries {
        let Some(attributes) = product.get("attributes") else {
            prices.others += 1;
            continue;
        };
        let text = |key| match attributes.get(key) {
            Some(Node { value: Value::Text(text), span }) => Some((text.as_str(), *span)),
            _ => None,
        };
        if let Some((region, span)) = text("regionCode").filter(|(region, _)| *region != REGION) {
            let help = format!("give the price list of {REGION}");
            d.at(Code::OtherRegion, span, format!("a price for `{region}`"), help);
            continue;
        }
        let standard = |key, words: &[&str]| text(key).is_none_or(|(word, _)| words.contains(&word));
        let usage = text("usagetype").and_then(|(usage, _)| parse_usage(usage)).filter(|_| {
            standard("service_tier", &["standard", "global-standard", ""])
                && standard("feature", &["On-demand Inference", ""])
        });
        let Some(usage) = usage else {
            prices.others += 1;
            continue;
        };
        let name = text("model").or_else(|| text("servicename").filter(|(name, _)| name.ends_with(EDITION)));
        let mut found = false;
        for dimension in dimensions(terms, sku) {
            let Some(price) = price(dimension, d) else { continue };
            found = true;
            let Some((name, at)) = name else { continue };
            let key = (name.trim_end_matches(EDITION).trim().to_owned(), usage);
            match prices.stated.get(&key) {
                Some((first, _)) if *first != price => {
                    let help =
                        "the lists were saved at different times: save them again and give only the new ones";
                    let message = format!("`{}` of {} is stated with two prices", usage.key, key.0);
                    d.at(Code::ConflictingAnswers, at, message, help);
                }
                _ => {
                    prices.stated.insert(key, (price, at));
                }
            }
        }
        prices.unpriced += usize::from(!found);
        prices.unnamed += usize::from(found && name.is_none());
    }
}

/// What a usage type bills; `None` where it is no on-demand use of text tokens at the standard tier.
fn parse_usage(usage: &str) -> Option<Usage> {
    if let Some((_, rest)) = usage.split_once("-MP:") {
        let (_, rest) = rest.split_once('_')?;
        let rest = rest.strip_suffix("-Units")?;
        let bases = [
            ("CacheReadInputTokenCount", "cache_read"),
            ("CacheWrite1hInputTokenCount", "cache_write_1h"),
            ("CacheWriteInputTokenCount", "cache_write_5m"),
            ("InputTokenCount", "input"),
            ("OutputTokenCount", "output"),
            ("cache_read_tokens", "cache_read"),
            ("cache_write_tokens", "cache_write_5m"),
            ("input_tokens", "input"),
            ("output_tokens", "output"),
        ];
        let (rest, mut key) =
            bases.iter().find_map(|(base, key)| rest.strip_prefix(base).map(|rest| (rest, *key)))?;
        let (mut is_global, mut is_long) = (false, false);
        let rest = rest.replace("_long_ctx", "_lctx");
        for part in rest.split('_').skip(1) {
            match (part.to_ascii_lowercase().as_str(), key) {
                ("global", _) => is_global = true,
                ("lctx", _) => is_long = true,
                ("standard", _) => {}
                ("1h", "cache_write_5m") => key = "cache_write_1h",
                ("30m", "cache_write_5m") => key = "cache_write_30m",
                _ => return None,
            }
        }
        return (rest.is_empty() || rest.starts_with('_')).then_some(Usage { is_global, is_long, key });
    }
    let (usage, is_global) = match usage.strip_suffix("-cross-region-global") {
        Some(usage) => (usage, true),
        None => (usage, false),
    };
    let ends = [
        ("-cache-read-input-token-count", "cache_read"),
        ("-cache-write-input-token-count", "cache_write_5m"),
        ("-input-tokens", "input"),
        ("-output-tokens", "output"),
    ];
    let key = ends.iter().find(|(end, _)| usage.ends_with(end)).map(|(_, key)| *key)?;
    let is_other = ["mantle", "custom-model", "latency"].iter().any(|word| usage.contains(word));
    (!is_other).then_some(Usage { is_global, is_long: false, key })
}

/// The price dimensions of a product's on-demand terms.
fn dimensions<'n>(terms: &'n Node, sku: &str) -> Vec<&'n Node> {
    let values = |node: &'n Node| match &node.value {
        Value::Object(entries) => entries.iter().map(|(_, _, node)| node).collect(),
        _ => Vec::new(),
    };
    let of_sku = terms.get("OnDemand").and_then(|on_demand| on_demand.get(sku)).map(values);
    let offers = of_sku.unwrap_or_default().into_iter();
    offers.filter_map(|term| term.get("priceDimensions")).flat_map(values).collect()
}

/// US dollars for a million tokens.
fn price(dimension: &Node, d: &mut Diagnostics) -> Option<UsdPerMillion> {
    let help = "the price cannot be compared: AWS bills tokens by `1K tokens` and `1M tokens`, in USD";
    let unit = dimension.get("unit");
    let shift = match unit.map(|unit| &unit.value) {
        Some(Value::Text(unit)) if unit.eq_ignore_ascii_case("1K tokens") => 3,
        Some(Value::Text(unit)) if unit.eq_ignore_ascii_case("1M tokens") => 0,
        _ => {
            let span = unit.map_or(dimension.span, |unit| unit.span);
            d.at(Code::BadValue, span, "an unknown unit of a price of tokens", help);
            return None;
        }
    };
    let usd = dimension.get("pricePerUnit").and_then(|price| price.get("USD"));
    let written = match usd.map(|usd| &usd.value) {
        Some(Value::Text(text) | Value::Number(text)) => text.as_str(),
        _ => {
            let span = usd.map_or(dimension.span, |usd| usd.span);
            d.at(Code::BadValue, span, "a price without `USD`", help);
            return None;
        }
    };
    let (whole, decimals) = written.split_once('.').unwrap_or((written, ""));
    let padded = format!("{decimals:0<shift$}");
    let (moved, rest) = padded.split_at_checked(shift).unwrap_or((&padded, ""));
    let shifted = format!("{whole}{moved}.{rest}");
    let shifted = shifted.trim_end_matches('0').trim_end_matches('.');
    let shifted = match shifted.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest if rest.starts_with('.') => format!("0{rest}"),
        rest => rest.to_owned(),
    };
    let price = parse_millionths(&shifted).ok().and_then(UsdPerMillion::from_millionths);
    if price.is_none() {
        let span = usd.map_or(dimension.span, |usd| usd.span);
        d.at(Code::BadNumber, span, "not a price in dollars that the table can contain", help);
    }
    price
}

/// Compares what the lists state with the table.
pub(super) fn compare(catalog: &Catalog, prices: &Prices, update: &mut Update) {
    let plain = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (mut unknown, mut undecided, mut promoted) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    type Stated<'p> = BTreeMap<(bool, &'static str), (UsdPerMillion, &'p str)>;
    let mut by_scope: BTreeMap<(usize, Scope), Stated<'_>> = BTreeMap::new();
    for ((name, usage), (price, _)) in &prices.stated {
        let mut models =
            catalog.models().iter().enumerate().filter(|(_, model)| plain(&model.name) == plain(name));
        let (Some((index, model)), None) = (models.next(), models.next()) else {
            unknown.insert(name.clone());
            continue;
        };
        let of_usage = |scope: &&ScopeEntry| (scope.scope == Scope::Global) == usage.is_global;
        let scopes: Vec<&ScopeEntry> = model.scopes.iter().filter(of_usage).collect();
        let [scope] = scopes.as_slice() else {
            let (is_regional, scopes) = (!usage.is_global, scopes.len());
            let reason = OpenPriceReason::Scopes { is_regional, scopes };
            undecided.insert(OpenPrice { model: model.name.clone(), reason });
            continue;
        };
        if !(1 + usize::from(usage.is_long)..=2).contains(&scope.prices.len()) {
            let reason = OpenPriceReason::Tiers { scope: scope.scope, tiers: scope.prices.len() };
            undecided.insert(OpenPrice { model: model.name.clone(), reason });
            continue;
        }
        by_scope
            .entry((index, scope.scope))
            .or_default()
            .insert((usage.is_long, usage.key), (*price, name.as_str()));
    }
    let mut compared = 0_usize;
    for ((index, scope), stated) in &by_scope {
        let Some((model, entry)) =
            catalog.models().get(*index).and_then(|model| model.scope(*scope).map(|entry| (model, entry)))
        else {
            continue;
        };
        compared += stated.len();
        let changes = changes(entry, stated.iter().map(|((long, key), (price, _))| (*long, *key, *price)));
        if changes.is_empty() {
            continue;
        }
        if entry.prices.iter().any(|tier| tier.promotion.is_some()) {
            promoted.insert((model.name.clone(), *scope));
            continue;
        }
        update.price_lists.insert((model.id.clone(), format!("scope.{scope}.price")), tiers(entry, &changes));
        for (tier, key, before, after) in changes {
            let table = match tier {
                0 => format!("scope.{scope}.price"),
                tier => format!("scope.{scope}.price (tier {})", tier + 1),
            };
            let after = usd(after);
            update.changes.push(Change {
                model: model.id.clone(),
                table,
                key,
                before,
                after,
                source: SOURCE,
            });
        }
    }
    update.remarks.push(UpdateRemark::ComparedPrices(compared));
    update.list(UpdateRemark::UnknownNames, unknown.into_iter().collect());
    update.list(UpdateRemark::OpenPrices, undecided.into_iter().collect());
    update.list(UpdateRemark::PromotedPrices, promoted.into_iter().collect());
    update.count(UpdateRemark::OtherProducts, prices.others);
    update.count(UpdateRemark::UnnamedPrices, prices.unnamed);
    update.count(UpdateRemark::UnpricedProducts, prices.unpriced);
}

impl Prices {
    /// Whether no product was read.
    pub(super) fn is_empty(&self) -> bool {
        self.stated.is_empty() && self.others + self.unnamed + self.unpriced == 0
    }
}

/// A tier by number, its key, what the table has and what the list states.
type TierChange = (usize, &'static str, String, UsdPerMillion);

fn changes(
    entry: &ScopeEntry,
    stated: impl Iterator<Item = (bool, &'static str, UsdPerMillion)>,
) -> Vec<TierChange> {
    let mut found = Vec::new();
    for (is_long, key, price) in stated {
        let number = usize::from(is_long);
        let Some(tier) = entry.prices.get(number) else { continue };
        let own = fact(tier, key);
        if own != Fact::Known(price) {
            found.push((number, key, worded(own), price));
        }
    }
    found
}

fn fact(tier: &Price, key: &str) -> Fact<UsdPerMillion> {
    match key {
        "input" => tier.input,
        "output" => tier.output,
        "cache_read" => tier.cache_read,
        "cache_write_5m" => tier.cache_write_5m,
        "cache_write_30m" => tier.cache_write_30m,
        _ => tier.cache_write_1h,
    }
}

fn worded(fact: Fact<UsdPerMillion>) -> String {
    match fact {
        Fact::Known(price) => usd(price),
        Fact::Unknown => "\"unknown\"".to_owned(),
        Fact::Absent => "absent".to_owned(),
    }
}

fn usd(price: UsdPerMillion) -> String {
    millionths(price.millionths())
}

fn millionths(value: u64) -> String {
    let text = format!("{}.{:06}", value / 1_000_000, value % 1_000_000);
    toml_string(text.trim_end_matches('0').trim_end_matches('.'))
}

/// The whole list of a scope, since an overlay replaces lists; `AS_OF` stands for the date of the answers.
fn tiers(entry: &ScopeEntry, changes: &[TierChange]) -> String {
    let mut text = String::new();
    for (number, tier) in entry.prices.iter().enumerate() {
        let own: Vec<&TierChange> = changes.iter().filter(|change| change.0 == number).collect();
        let _ = write!(text, "\n[[model.scope.{}.price]]\n", entry.scope);
        if let Some(up_to) = tier.up_to_input {
            let _ = writeln!(text, "up_to_input = {}", up_to.millionths() / 1_000_000);
        }
        for key in ["input", "output", "cache_write_5m", "cache_write_30m", "cache_write_1h", "cache_read"] {
            let after = own.iter().find(|change| change.1 == key).map(|change| usd(change.3));
            let value = after.unwrap_or_else(|| worded(fact(tier, key)));
            if value != "absent" {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
        for (key, price) in &tier.service_tiers {
            let _ = writeln!(text, "{key} = {}", worded(*price));
        }
        match tier.per_query {
            Fact::Known(price) => {
                let _ = writeln!(text, "per_query = {}", millionths(price.millionths()));
            }
            Fact::Unknown => text.push_str("per_query = \"unknown\"\n"),
            Fact::Absent => {}
        }
        let old = &tier.provenance;
        let keys: Vec<&str> = own.iter().map(|change| change.1).collect();
        let (priced_in, source, as_of) = if own.is_empty() {
            (tier.priced_in.as_str(), old.source.clone(), Some(old.as_of))
        } else {
            (REGION, mixed(&keys, old), None)
        };
        let _ = write!(text, "priced_in = {}\nsource = {}\n", toml_string(priced_in), toml_string(&source));
        let _ =
            writeln!(text, "as_of = \"{}\"", as_of.map_or_else(|| AS_OF.to_owned(), |date| date.to_string()));
    }
    text
}

/// What stands for the date of the answers in a written list.
const AS_OF: &str = "{as_of}";

/// The written list with its date.
pub(super) fn dated(list: &str, as_of: FactDate) -> String {
    list.replace(&format!("as_of = \"{AS_OF}\""), &format!("as_of = \"{as_of}\""))
}

fn mixed(keys: &[&str], old: &Provenance) -> String {
    format!("{SOURCE}: {}; the other keys of {}: {}", keys.join(", "), old.as_of, old.source)
}
