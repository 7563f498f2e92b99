//! What changes between two models besides the quotas, in the JSON contract of `migrate`.

use serde::Serialize;

use super::migrate_words::{exact, is_caching_priced, listed, ratio};
use super::migrating::Migrating;
use super::models_json::JsonDestinations;
use crate::catalog::{ChosenRate, Lifestage, Model, Scope};
use crate::engine::ScopeChange;
use crate::units::{Fact, MILLIONTHS, QuotaKind, Tokens, UsdPerMillion};

/// Both models in one pair of scopes.
#[derive(Debug, Serialize)]
pub(super) struct ChangesReport {
    from_scope: &'static str,
    to_scope: &'static str,
    burndown: Pair<RateReport>,
    max_output_tokens: Pair<Option<u64>>,
    context_window: Pair<Option<u64>>,
    prices: Vec<PriceReport>,
    batch: Pair<Option<bool>>,
    cache_read_price_known: Pair<bool>,
    rpm_quota: Pair<ListedReport>,
    tpd_quota: Pair<ListedReport>,
    destinations: Pair<Option<JsonDestinations>>,
    lifecycle: Pair<Option<LifeReport>>,
}

/// A fact of both; the ratio is exact, a decimal or a fraction, where both are numbers.
#[derive(Debug, Serialize)]
struct Pair<T> {
    old: T,
    new: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<String>,
}

#[derive(Debug, Serialize)]
struct RateReport {
    output: u32,
    status: &'static str,
}

#[derive(Debug, Serialize)]
struct PriceReport {
    kind: &'static str,
    up_to_input: Option<u64>,
    #[serde(flatten)]
    usd_per_million: Pair<Option<String>>,
}

/// Whether there is such a quota, and its code where that is known.
#[derive(Debug, Serialize)]
struct ListedReport {
    listed: bool,
    code: Option<String>,
}

#[derive(Debug, Serialize)]
struct LifeReport {
    status: Option<&'static str>,
    no_sooner_than: Option<String>,
    retirement: Option<String>,
    retirement_second_hand: bool,
}

fn tokens(old: Fact<Tokens>, new: Fact<Tokens>) -> Pair<Option<u64>> {
    let whole = |fact: Fact<Tokens>| fact.known().map(|tokens| tokens.millionths() / MILLIONTHS);
    let (old, new) = (whole(old), whole(new));
    Pair { old, new, ratio: old.zip(new).and_then(|(old, new)| ratio(old, new)) }
}

fn rate(rate: &ChosenRate) -> RateReport {
    RateReport { output: rate.rate.quota_tokens_per_output_token(), status: rate.status.as_str() }
}

fn usd(price: Fact<UsdPerMillion>) -> Option<String> {
    price.known().map(|usd| usd.to_string().replace(',', ""))
}

fn quota(model: &Model, scope: Scope, kind: QuotaKind) -> ListedReport {
    let entry = listed(model, scope, kind);
    ListedReport { listed: entry.is_some(), code: entry.and_then(|entry| entry.code.clone().known()) }
}

fn life(model: &Model) -> Option<LifeReport> {
    let life = model.lifecycle.as_ref()?;
    Some(LifeReport {
        status: life.status.known().map(Lifestage::as_str),
        no_sooner_than: life.no_sooner_than.map(|date| date.to_string()),
        retirement: life.retirement.map(|date| date.to_string()),
        retirement_second_hand: life.retirement_second_hand,
    })
}

/// The changes of one pair of scopes.
pub(super) fn changes(all: &Migrating<'_>, change: &ScopeChange) -> ChangesReport {
    let model = |model| all.input.catalog.model(model);
    let (old, new) = (model(all.migrated.from), model(all.migrated.to));
    let (from, to) = (change.from, change.to);
    let (old_rate, new_rate) = (rate(&change.old_rate), rate(&change.new_rate));
    let rates = ratio(u64::from(old_rate.output), u64::from(new_rate.output));
    let prices = change.tiers.iter().flat_map(|tier| {
        let up_to_input = tier.up_to_input.map(|limit| limit.millionths() / MILLIONTHS);
        tier.prices.iter().map(move |price| PriceReport {
            kind: price.kind.as_str(),
            up_to_input,
            usd_per_million: Pair {
                old: usd(price.old),
                new: usd(price.new),
                ratio: price.ratio().map(exact),
            },
        })
    });
    let destinations =
        |model: &Model, scope| model.scope(scope).and_then(|entry| JsonDestinations::of(&entry.destinations));
    ChangesReport {
        from_scope: from.as_str(),
        to_scope: to.as_str(),
        burndown: Pair { old: old_rate, new: new_rate, ratio: rates },
        max_output_tokens: tokens(old.max_output_tokens, new.max_output_tokens),
        context_window: tokens(old.context_window, new.context_window),
        prices: prices.collect(),
        batch: Pair { old: old.batch.known(), new: new.batch.known(), ratio: None },
        cache_read_price_known: Pair {
            old: is_caching_priced(old, from),
            new: is_caching_priced(new, to),
            ratio: None,
        },
        rpm_quota: Pair {
            old: quota(old, from, QuotaKind::Rpm),
            new: quota(new, to, QuotaKind::Rpm),
            ratio: None,
        },
        tpd_quota: Pair {
            old: quota(old, from, QuotaKind::Tpd),
            new: quota(new, to, QuotaKind::Tpd),
            ratio: None,
        },
        destinations: Pair { old: destinations(old, from), new: destinations(new, to), ratio: None },
        lifecycle: Pair { old: life(old), new: life(new), ratio: None },
    }
}
