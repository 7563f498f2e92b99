//! The JSON form of `models list` and `models show`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::plan_json::JsonLimit;
use crate::catalog::{Destinations, ListedQuota, Model, Provenance, RateStatement, RateStatus, Statement};
use crate::units::{Fact, Tokens, UsdPerMillion};

#[derive(Debug, Serialize)]
pub(super) struct ListReport {
    pub(super) schema_version: u32,
    pub(super) models: Vec<ModelReport>,
    pub(super) unlisted: Vec<UnlistedReport>,
}

#[derive(Debug, Serialize)]
pub(super) struct UnlistedReport {
    pub(super) name: String,
    pub(super) known: String,
    #[serde(flatten)]
    pub(super) source: SourceReport,
}

#[derive(Debug, Serialize)]
pub(super) struct ShowReport {
    pub(super) schema_version: u32,
    pub(super) model: ModelReport,
    pub(super) statements: Vec<GeneralReport>,
}

/// A statement about many models.
#[derive(Debug, Serialize)]
pub(super) struct GeneralReport {
    about: String,
    statement: String,
    #[serde(flatten)]
    source: SourceReport,
    replaced: Option<ReplacedReport>,
}

#[derive(Debug, Serialize)]
struct ReplacedReport {
    statement: String,
    #[serde(flatten)]
    source: SourceReport,
}

#[derive(Debug, Serialize)]
pub(super) struct ModelReport {
    id: String,
    name: String,
    provider: String,
    kind: &'static str,
    offered: bool,
    aliases: Vec<String>,
    max_output_tokens: Option<u64>,
    context_window: Option<u64>,
    limits: Option<SourceReport>,
    disputed: Vec<DisputedReport>,
    access: Vec<AccessReport>,
    batch: Option<bool>,
    batch_source: Option<String>,
    batch_as_of: Option<String>,
    count_tokens: Option<bool>,
    count_tokens_source: Option<String>,
    count_tokens_as_of: Option<String>,
    worst_case_burndown: u32,
    burndown: Vec<StatementReport>,
    lifecycle: Option<LifecycleReport>,
    scopes: Vec<ScopeReport>,
}

#[derive(Debug, Serialize)]
pub(super) struct SourceReport {
    source: String,
    as_of: String,
}

#[derive(Debug, Serialize)]
struct StatementReport {
    output: Option<u32>,
    worst_case: Option<u32>,
    status: &'static str,
    #[serde(flatten)]
    source: SourceReport,
}

#[derive(Debug, Serialize)]
struct DisputedReport {
    limit: &'static str,
    value: Option<u64>,
    #[serde(flatten)]
    source: SourceReport,
}

#[derive(Debug, Serialize)]
struct AccessReport {
    kind: &'static str,
    condition: String,
    #[serde(flatten)]
    source: SourceReport,
}

#[derive(Debug, Serialize)]
struct LifecycleReport {
    status: Option<&'static str>,
    legacy_since: Option<String>,
    extended_access_from: Option<String>,
    notice_days: Option<u32>,
    notice_months: Option<u32>,
    legacy_period_months: Option<u32>,
    no_sooner_than: Option<String>,
    retirement: Option<String>,
    retirement_second_hand: bool,
    #[serde(flatten)]
    source: SourceReport,
}

#[derive(Debug, Serialize)]
struct ScopeReport {
    scope: &'static str,
    profile: Option<String>,
    destinations: Option<JsonDestinations>,
    #[serde(flatten)]
    source: SourceReport,
    quotas: Vec<QuotaReport>,
    prices: Vec<PriceReport>,
}

/// The Regions, or the word for all commercial ones; null where they are not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum JsonDestinations {
    Regions(Vec<String>),
    Word(&'static str),
}

impl JsonDestinations {
    pub(super) fn of(destinations: &Destinations) -> Option<Self> {
        match destinations {
            Destinations::Regions(regions) => Some(Self::Regions(regions.clone())),
            Destinations::AllCommercial => Some(Self::Word(Destinations::ALL_COMMERCIAL)),
            Destinations::Unknown => None,
        }
    }
}

#[derive(Debug, Serialize)]
struct QuotaReport {
    kind: &'static str,
    code: Option<String>,
    name: Option<String>,
    default: Option<JsonLimit>,
    adjustable: Option<bool>,
    #[serde(flatten)]
    source: SourceReport,
}

#[derive(Debug, Serialize)]
struct PriceReport {
    up_to_input: Option<u64>,
    input: Option<String>,
    output: Option<String>,
    cache_write_5m: Option<String>,
    cache_write_30m: Option<String>,
    cache_write_1h: Option<String>,
    cache_read: Option<String>,
    per_query: Option<String>,
    service_tiers: BTreeMap<&'static str, Option<String>>,
    promotion: Option<PromotionReport>,
    priced_in: String,
    #[serde(flatten)]
    source: SourceReport,
}

#[derive(Debug, Serialize)]
struct PromotionReport {
    until: String,
    input_before: Option<String>,
    output_before: Option<String>,
    #[serde(flatten)]
    source: SourceReport,
}

pub(super) fn source(provenance: &Provenance) -> SourceReport {
    SourceReport { source: provenance.source.clone(), as_of: provenance.as_of.to_string() }
}

fn whole(tokens: Fact<Tokens>) -> Option<u64> {
    tokens.known().map(|tokens| tokens.millionths() / crate::units::MILLIONTHS)
}

/// A statement about many models.
pub(super) fn general_report(statement: &Statement) -> GeneralReport {
    GeneralReport {
        about: statement.about.clone(),
        statement: statement.text.clone(),
        source: source(&statement.provenance),
        replaced: statement
            .replaced
            .as_ref()
            .map(|(said, from)| ReplacedReport { statement: said.clone(), source: source(from) }),
    }
}

/// A model with everything the table knows of it.
pub(super) fn model_report(model: &Model) -> ModelReport {
    let unknown = |statement: &RateStatement| statement.status == RateStatus::Unknown;
    let rate = |statement: &RateStatement| statement.rate.quota_tokens_per_output_token();
    let usd = |price: Fact<UsdPerMillion>| price.known().map(|price| price.to_string());
    let text = |fact: &Option<Provenance>| fact.as_ref().map(|fact| fact.source.clone());
    let date = |fact: &Option<Provenance>| fact.as_ref().map(|fact| fact.as_of.to_string());
    ModelReport {
        id: model.id.clone(),
        name: model.name.clone(),
        provider: model.provider.clone(),
        kind: model.kind.as_str(),
        offered: model.offered,
        aliases: model.aliases.clone(),
        max_output_tokens: whole(model.max_output_tokens),
        context_window: whole(model.context_window),
        limits: model.limits.as_ref().map(source),
        disputed: model
            .disputed
            .iter()
            .map(|limit| DisputedReport {
                limit: limit.field.as_str(),
                value: whole(Fact::Known(limit.value)),
                source: source(&limit.provenance),
            })
            .collect(),
        access: model
            .access
            .iter()
            .map(|condition| AccessReport {
                kind: condition.kind.as_str(),
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
            .map(|statement| StatementReport {
                output: (!unknown(statement)).then(|| rate(statement)),
                worst_case: unknown(statement).then(|| rate(statement)),
                status: statement.status.as_str(),
                source: source(&statement.provenance),
            })
            .collect(),
        lifecycle: model.lifecycle.as_ref().map(|lifecycle| LifecycleReport {
            status: lifecycle.status.known().map(|stage| stage.as_str()),
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
            .map(|scope| ScopeReport {
                scope: scope.scope.as_str(),
                profile: scope.profile.clone(),
                destinations: JsonDestinations::of(&scope.destinations),
                source: source(&scope.provenance),
                quotas: scope
                    .quotas()
                    .map(|ListedQuota { kind, entry: quota, .. }| QuotaReport {
                        kind: kind.as_str(),
                        code: quota.code.clone().known(),
                        name: quota.name.clone().known(),
                        default: quota.default.known().map(JsonLimit),
                        adjustable: quota.adjustable.known(),
                        source: source(&quota.provenance),
                    })
                    .collect(),
                prices: scope
                    .prices
                    .iter()
                    .map(|price| PriceReport {
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
                            .map(|(key, price)| (*key, usd(*price)))
                            .collect(),
                        promotion: price.promotion.as_ref().map(|promotion| PromotionReport {
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
