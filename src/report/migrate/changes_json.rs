//! What changes between two models besides the quotas, in the JSON contract of `migrate`.

use super::checklist::{exact, is_caching_priced, listed, ratio};
use super::result::MigrateReport;
use crate::catalog::{ChosenRate, Lifestage, Model, Scope};
use crate::contract::migrate as json;
use crate::contract::pair::{Listed, ListedQuotas, Pair, listed_kinds};
use crate::engine::ScopeChange;
use crate::report::models::json::destinations;
use crate::units::{Fact, MILLIONTHS, QuotaKind, Tokens, UsdPerMillion};

fn tokens(old: Fact<Tokens>, new: Fact<Tokens>) -> Pair<Option<u64>> {
    let whole = |fact: Fact<Tokens>| fact.known().map(|tokens| tokens.millionths() / MILLIONTHS);
    let (old, new) = (whole(old), whole(new));
    Pair { old, new, ratio: old.zip(new).and_then(|(old, new)| ratio(old, new)) }
}

fn rate(rate: &ChosenRate) -> json::Burndown {
    json::Burndown { output: rate.rate.quota_tokens_per_output_token(), status: rate.status.as_str().into() }
}

fn usd(price: Fact<UsdPerMillion>) -> Option<String> {
    price.known().map(|usd| usd.to_string().replace(',', ""))
}

fn quota(model: &Model, scope: Scope, kind: QuotaKind) -> Listed {
    let entry = listed(model, scope, kind);
    Listed { listed: entry.is_some(), code: entry.and_then(|entry| entry.code.clone().known()) }
}

fn life(model: &Model) -> Option<json::Lifecycle> {
    let life = model.lifecycle.as_ref()?;
    Some(json::Lifecycle {
        status: life.status.known().map(Lifestage::as_str).map(Into::into),
        no_sooner_than: life.no_sooner_than.map(|date| date.to_string()),
        retirement: life.retirement.map(|date| date.to_string()),
        retirement_second_hand: life.retirement_second_hand,
    })
}

/// The changes of one pair of scopes.
pub(in crate::report) fn changes(all: &MigrateReport<'_>, change: &ScopeChange) -> json::ScopeChange {
    let model = |model| all.input.catalog.model(model);
    let (old, new) = (model(all.migrated.from), model(all.migrated.to));
    let (from, to) = (change.from, change.to);
    let (old_rate, new_rate) = (rate(&change.old_rate), rate(&change.new_rate));
    let rates = ratio(u64::from(old_rate.output), u64::from(new_rate.output));
    let prices = change.tiers.iter().flat_map(|tier| {
        let up_to_input = tier.up_to_input.map(|limit| limit.millionths() / MILLIONTHS);
        tier.prices.iter().map(move |price| json::PricePair {
            kind: price.kind.as_str().into(),
            up_to_input,
            usd_per_million: Pair {
                old: usd(price.old),
                new: usd(price.new),
                ratio: price.ratio().map(exact),
            },
        })
    });
    let routes =
        |model: &Model, scope| model.scope(scope).and_then(|entry| destinations(&entry.destinations));
    json::ScopeChange {
        from_scope: from.as_str().into(),
        to_scope: to.as_str().into(),
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
        quotas: ListedQuotas(
            listed_kinds()
                .map(|kind| {
                    let (old, new) = (quota(old, from, kind), quota(new, to, kind));
                    (kind, Pair { old, new, ratio: None })
                })
                .collect(),
        ),
        destinations: Pair { old: routes(old, from), new: routes(new, to), ratio: None },
        lifecycle: Pair { old: life(old), new: life(new), ratio: None },
    }
}
