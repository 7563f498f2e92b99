//! The JSON form of `models list` and `models show`.

use crate::catalog::{Destinations, ListedQuota, Model, Provenance, RateStatement, RateStatus, Statement};
use crate::contract::models as json;
use crate::contract::parts::{Destinations as Places, Source};
use crate::units::Fact;
use crate::units::{Tokens, UsdPerMillion};

/// The Regions, or the word for all commercial ones; `None` where they are not known.
pub(in crate::report) fn destinations(destinations: &Destinations) -> Option<Places> {
    match destinations {
        Destinations::Regions(regions) => Some(Places::Regions(regions.clone())),
        Destinations::AllCommercial => Some(Places::Word(Destinations::ALL_COMMERCIAL.into())),
        Destinations::Unknown => None,
    }
}

pub(in crate::report) fn source(provenance: &Provenance) -> Source {
    Source { source: provenance.source.clone(), as_of: provenance.as_of.to_string() }
}

fn whole(tokens: Fact<Tokens>) -> Option<u64> {
    tokens.known().map(|tokens| tokens.millionths() / crate::units::MILLIONTHS)
}

/// A statement about many models.
pub(super) fn general_report(statement: &Statement) -> json::Statement {
    json::Statement {
        about: statement.about.clone(),
        statement: statement.text.clone(),
        source: source(&statement.provenance),
        replaced: statement
            .replaced
            .as_ref()
            .map(|(said, from)| json::Replaced { statement: said.clone(), source: source(from) }),
    }
}

/// A model with everything the table knows of it.
pub(super) fn model_report(model: &Model) -> json::Model {
    let unknown = |statement: &RateStatement| statement.status == RateStatus::Unknown;
    let rate = |statement: &RateStatement| statement.rate.quota_tokens_per_output_token();
    let usd = |price: Fact<UsdPerMillion>| price.known().map(|price| price.to_string());
    let text = |fact: &Option<Provenance>| fact.as_ref().map(|fact| fact.source.clone());
    let date = |fact: &Option<Provenance>| fact.as_ref().map(|fact| fact.as_of.to_string());
    json::Model {
        id: model.id.clone(),
        name: model.name.clone(),
        provider: model.provider.clone(),
        kind: model.kind.as_str().into(),
        offered: model.offered,
        aliases: model.aliases.clone(),
        max_output_tokens: whole(model.max_output_tokens),
        context_window: whole(model.context_window),
        limits: model.limits.as_ref().map(source),
        disputed: model
            .disputed
            .iter()
            .map(|limit| json::Disputed {
                limit: limit.field.as_str().into(),
                value: whole(Fact::Known(limit.value)),
                source: source(&limit.provenance),
            })
            .collect(),
        access: model
            .access
            .iter()
            .map(|condition| json::Access {
                kind: condition.kind.as_str().into(),
                condition: condition.condition.clone(),
                source: source(&condition.provenance),
            })
            .collect(),
        batch: model.batch.known(),
        batch_source: text(&model.batch_provenance),
        batch_as_of: date(&model.batch_provenance),
        count_tokens: model.count_tokens.known(),
        count_tokens_source: text(&model.count_tokens_provenance),
        count_tokens_as_of: date(&model.count_tokens_provenance),
        worst_case_burndown: model.worst_case.quota_tokens_per_output_token(),
        burndown: model
            .burndown
            .iter()
            .map(|statement| json::Burndown {
                output: (!unknown(statement)).then(|| rate(statement)),
                worst_case: unknown(statement).then(|| rate(statement)),
                status: statement.status.as_str().into(),
                source: source(&statement.provenance),
            })
            .collect(),
        lifecycle: model.lifecycle.as_ref().map(|lifecycle| json::Lifecycle {
            status: lifecycle.status.known().map(|stage| stage.as_str().into()),
            legacy_since: lifecycle.legacy_since.map(|date| date.to_string()),
            extended_access_from: lifecycle.extended_access_from.map(|date| date.to_string()),
            notice_days: lifecycle.notice_days,
            notice_months: lifecycle.notice_months,
            legacy_period_months: lifecycle.legacy_period_months,
            no_sooner_than: lifecycle.no_sooner_than.map(|date| date.to_string()),
            retirement: lifecycle.retirement.map(|date| date.to_string()),
            retirement_second_hand: lifecycle.retirement_second_hand,
            source: source(&lifecycle.provenance),
        }),
        scopes: model
            .scopes
            .iter()
            .map(|scope| json::Scope {
                scope: scope.scope.as_str().into(),
                profile: scope.profile.clone(),
                destinations: destinations(&scope.destinations),
                source: source(&scope.provenance),
                quotas: scope
                    .quotas()
                    .map(|ListedQuota { kind, entry: quota, .. }| json::Quota {
                        kind: kind.as_str().into(),
                        code: quota.code.clone().known(),
                        name: quota.name.clone().known(),
                        default: quota.default.known().map(Into::into),
                        adjustable: quota.adjustable.known(),
                        source: source(&quota.provenance),
                    })
                    .collect(),
                prices: scope
                    .prices
                    .iter()
                    .map(|price| json::Price {
                        up_to_input: price.up_to_input.map(|t| t.millionths() / crate::units::MILLIONTHS),
                        input: usd(price.input),
                        output: usd(price.output),
                        cache_write_5m: usd(price.cache_write_5m),
                        cache_write_30m: usd(price.cache_write_30m),
                        cache_write_1h: usd(price.cache_write_1h),
                        cache_read: usd(price.cache_read),
                        per_query: price.per_query.known().map(|price| price.to_string()),
                        service_tiers: price
                            .service_tiers
                            .iter()
                            .map(|(key, price)| ((*key).into(), usd(*price)))
                            .collect(),
                        promotion: price.promotion.as_ref().map(|promotion| json::Promotion {
                            until: promotion.until.to_string(),
                            input_before: promotion.input_before.map(|price| price.to_string()),
                            output_before: promotion.output_before.map(|price| price.to_string()),
                            source: source(&promotion.provenance),
                        }),
                        priced_in: price.priced_in.clone(),
                        source: source(&price.provenance),
                    })
                    .collect(),
            })
            .collect(),
    }
}
