//! The words of a migration: what changes between two models, and the checklist of AWS's guidance
//! with what this program has for each part of it.

use super::result::MigrateReport;
use crate::catalog::{ChosenRate, Destinations, Lifestage, Model, Price, QuotaEntry, Scope, code_words};
use crate::contract::pair::listed_kinds;
use crate::engine::{PriceChange, PriceKind, PriceTier, ScopeChange};
use crate::units::{Fact, QuotaKind, Tokens, grouped};

/// A fact of both models in words; cells may hold several lines.
pub(super) struct ChangeWords {
    /// What it is.
    pub(in crate::report) what: String,
    /// On the old model.
    pub(in crate::report) old: String,
    /// On the new model.
    pub(in crate::report) new: String,
    /// New over old, exact, where both are numbers.
    pub(in crate::report) ratio: String,
}

/// A fraction in lowest terms: a decimal where it has at most four digits behind the point.
pub(in crate::report) fn exact((new, old): (u64, u64)) -> String {
    let ten_thousandths = u128::from(new) * 10_000;
    if !ten_thousandths.is_multiple_of(u128::from(old)) {
        return format!("{}/{}", grouped(u128::from(new)), grouped(u128::from(old)));
    }
    let value = ten_thousandths / u128::from(old);
    let decimals = format!("{:04}", value % 10_000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{}{point}{decimals}", grouped(value / 10_000))
}

/// New over old of two whole numbers.
pub(in crate::report) fn ratio(old: u64, new: u64) -> Option<String> {
    let common = num_integer::gcd(old, new);
    (old > 0).then(|| exact((new / common, old / common)))
}

fn words<T: std::fmt::Display>(fact: Fact<T>, absent: &str) -> String {
    match fact {
        Fact::Known(value) => value.to_string(),
        Fact::Absent => absent.to_owned(),
        Fact::Unknown => "unknown".to_owned(),
    }
}

fn plain(what: &str, old: String, new: String) -> ChangeWords {
    ChangeWords { what: what.to_owned(), old, new, ratio: String::new() }
}

fn limit(what: &str, old: Fact<Tokens>, new: Fact<Tokens>) -> ChangeWords {
    let ratio = old.known().zip(new.known()).and_then(|(old, new)| ratio(old.millionths(), new.millionths()));
    ChangeWords { ratio: ratio.unwrap_or_default(), ..plain(what, words(old, "none"), words(new, "none")) }
}

const fn price_words(kind: PriceKind) -> &'static str {
    match kind {
        PriceKind::Input => "input",
        PriceKind::Output => "output",
        PriceKind::CacheRead => "cache reads",
        PriceKind::CacheWrite5m => "cache writes, 5 minutes",
        PriceKind::CacheWrite30m => "cache writes, 30 minutes",
        PriceKind::CacheWrite1h => "cache writes, an hour",
    }
}

/// The prices of a tier, a line each.
fn prices(tier: &PriceTier, several: bool) -> ChangeWords {
    let length = match tier.up_to_input {
        Some(limit) => format!("\nup to {limit} of input:"),
        None if several => "\nbeyond:".to_owned(),
        None => String::new(),
    };
    let above = if length.is_empty() { "\n" } else { "\n\n" };
    let lines =
        |line: &dyn Fn(&PriceChange) -> String| tier.prices.iter().map(line).collect::<Vec<_>>().join("\n");
    ChangeWords {
        what: format!("USD a million tokens{length}\n{}", lines(&|price| price_words(price.kind).to_owned())),
        old: format!("{above}{}", lines(&|price| words(price.old, "unknown"))),
        new: format!("{above}{}", lines(&|price| words(price.new, "unknown"))),
        ratio: format!("{above}{}", lines(&|price| price.ratio().map(exact).unwrap_or_default())),
    }
}

fn batch(model: &Model) -> String {
    match model.batch {
        Fact::Known(true) => "offered".to_owned(),
        Fact::Known(false) => "not offered".to_owned(),
        Fact::Absent | Fact::Unknown => "unknown".to_owned(),
    }
}

/// Whether a price of cache reads is known.
pub(super) fn is_caching_priced(model: &Model, scope: Scope) -> bool {
    let known = |price: &Price| price.cache_read.known().is_some();
    model.scope(scope).is_some_and(|entry| entry.prices.iter().any(known))
}

fn caching(model: &Model, scope: Scope) -> String {
    if is_caching_priced(model, scope) { "price known" } else { "price unknown" }.to_owned()
}

/// A scope's quota of a kind; where there is none, nothing is counted by it.
pub(in crate::report) fn listed(model: &Model, scope: Scope, kind: QuotaKind) -> Option<&QuotaEntry> {
    model.scope(scope).filter(|_| model.offered)?.quota(kind)
}

/// `Requests per minute`.
fn capitalised(unit: &str) -> String {
    let mut chars = unit.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn quota(model: &Model, scope: Scope, kind: QuotaKind) -> String {
    let found = listed(model, scope, kind);
    found.map_or_else(|| "none".to_owned(), |quota| words(quota.code.clone(), code_words(None)))
}

fn destinations(model: &Model, scope: Scope) -> String {
    match model.scope(scope).map(|entry| &entry.destinations) {
        Some(Destinations::Regions(regions)) if regions.len() <= 4 => regions.join("\n"),
        Some(Destinations::Regions(regions)) => format!("{} Regions", regions.len()),
        Some(Destinations::AllCommercial) => "all commercial\nRegions".to_owned(),
        _ => "unknown".to_owned(),
    }
}

fn life(model: &Model) -> String {
    let Some(lifecycle) = &model.lifecycle else { return "not stated".to_owned() };
    let stage = lifecycle.status.known().map_or("unknown", Lifestage::as_str);
    match (lifecycle.retirement, lifecycle.no_sooner_than) {
        (Some(date), _) => format!("{stage}\nends {date}"),
        (None, Some(date)) => format!("{stage}\nends no sooner than {date}"),
        (None, None) => stage.to_owned(),
    }
}

/// Everything that changes between two scopes, in reading order.
pub(in crate::report) fn changes(old: &Model, new: &Model, change: &ScopeChange) -> Vec<ChangeWords> {
    let (from, to) = (change.from, change.to);
    let rate = |rate: &ChosenRate| format!("{}\n{}", rate.rate, rate.status.as_str());
    let number = |rate: &ChosenRate| u64::from(rate.rate.quota_tokens_per_output_token());
    let mut all = vec![
        plain("Model and scope", format!("{} {from}", old.name), format!("{} {to}", new.name)),
        ChangeWords {
            ratio: ratio(number(&change.old_rate), number(&change.new_rate)).unwrap_or_default(),
            ..plain("Burndown rate", rate(&change.old_rate), rate(&change.new_rate))
        },
        limit("Largest output", old.max_output_tokens, new.max_output_tokens),
        limit("Context window", old.context_window, new.context_window),
    ];
    let several = change.tiers.len() > 1;
    all.extend(change.tiers.iter().map(|tier| prices(tier, several)));
    all.extend([
        plain("Batch", batch(old), batch(new)),
        plain("Prompt caching", caching(old, from), caching(new, to)),
    ]);
    all.extend(
        listed_kinds()
            .map(|kind| plain(&capitalised(kind.unit()), quota(old, from, kind), quota(new, to, kind))),
    );
    all.extend([
        plain("Processed in", destinations(old, from), destinations(new, to)),
        plain("Life", life(old), life(new)),
    ]);
    all
}

/// One element of AWS's guidance on migrating, and what serves it.
pub(super) struct Element {
    /// The element.
    pub(in crate::report) name: &'static str,
    /// AWS's words on it.
    pub(super) guidance: &'static str,
    /// What this program has for it, with the figures at hand.
    pub(super) served_by: Vec<String>,
}

/// Where the four elements are from.
pub(super) const GUIDANCE: &str = "Accelerate generative AI innovation in Canada with Amazon Bedrock cross-Region \
inference, AWS Machine Learning Blog, 2025-11";

/// So many rows, in words.
fn rows(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// The names of some rows, at most five.
fn names(all: &MigrateReport<'_>, indices: &[usize]) -> String {
    let rows = indices.iter().take(5).filter_map(|index| all.input.workloads.rows().get(*index));
    let named: Vec<&str> = rows.map(crate::workload::Workload::name).collect();
    let more = indices.len() - named.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", named.join(", "))
}

/// What becomes of the rows' max_tokens, as far as there is something to say.
pub(in crate::report) fn max_tokens(all: &MigrateReport<'_>) -> Vec<String> {
    let moved = &all.migrated.moved;
    let catalog = all.input.catalog;
    let maximum = |model| words(catalog.model(model).max_output_tokens, "none");
    let (old, new) = (maximum(all.migrated.from), maximum(all.migrated.to));
    let mut said = Vec::new();
    if !moved.lowered.is_empty() {
        let which = names(all, &moved.lowered);
        said.push(format!("max_tokens is lowered to the new model's maximum of {new} in {which}"));
    }
    if !moved.unset.is_empty() {
        let which = names(all, &moved.unset);
        said.push(format!(
            "max_tokens is not set in {which}: each request reserves the model's maximum, {new} instead of {old}"
        ));
    }
    if !moved.cut.is_empty() {
        let which = names(all, &moved.cut);
        said.push(format!(
            "with the token ratio the 95th percentile of the answers passes max_tokens in {which}: raise it, or they are cut"
        ));
    }
    said
}

/// The four elements.
pub(super) fn checklist(all: &MigrateReport<'_>) -> Vec<Element> {
    let migrated = all.migrated;
    let moved = &migrated.moved;
    let new = &all.input.catalog.model(migrated.to).id;
    let ratio = if migrated.token_ratio.millionths() == 1_000_000 {
        "the same number of tokens is assumed".to_owned()
    } else {
        format!("{} is taken here", migrated.token_ratio)
    };
    let mut test = vec![
        format!(
            "send the same prompts to both models and give tokens of the new per token of the old as --token-ratio; {ratio}"
        ),
        format!(
            "`quotaplan whatif WORKLOADS.csv --set model={new} --where workload=NAME` plans one workload on it"
        ),
        format!("`quotaplan models show {new}` tells rate, limits and prices with their sources"),
    ];
    test.extend(max_tokens(all));
    vec![
        Element {
            name: "Benchmark",
            guidance: "establish baseline metrics for the existing model",
            served_by: vec![
                "`quotaplan plan WORKLOADS.csv --format json --output before.json` keeps quotas and cost as they are"
                    .to_owned(),
                format!(
                    "of {} that move {} state latency_seconds and {} output_tokens_p95: measure the rest",
                    rows(moved.rows.len()),
                    moved.with_latency,
                    moved.with_output_p95
                ),
            ],
        },
        Element {
            name: "Test",
            guidance: "validate with representative workloads and optimize prompts",
            served_by: test,
        },
        Element {
            name: "Gradual rollout",
            guidance: "transition traffic progressively",
            served_by: vec![
                "have every quota that is to be asked for before the stage that needs it: --start gives the days to ask by"
                    .to_owned(),
                "split the rows in WORKLOADS.csv as a stage does; `quotaplan check WORKLOADS.csv --granted granted.toml` \
                 fails where an applied quota does not hold it"
                    .to_owned(),
                "keep the old model's quotas until nobody wants to go back".to_owned(),
            ],
        },
        Element {
            name: "Monitor and adjust",
            guidance: "track performance metrics and adjust quotas as needed",
            served_by: vec![
                "put the rates, tokens and latency measured at a stage into WORKLOADS.csv and plan the stages that are left"
                    .to_owned(),
                "`quotaplan check WORKLOADS.csv --baseline before.json` tells what changed since the benchmark".to_owned(),
                "`quotaplan whatif WORKLOADS.csv --scenario tight` tells what a lower max_tokens frees".to_owned(),
            ],
        },
    ]
}
