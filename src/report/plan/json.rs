//! The JSON contract of `plan`, and the columns of its quotas in CSV.
//!
//! Token and request figures are integers, ratios decimal numbers; unknown is `null` and no limit
//! is `"unlimited"`.

use serde::Serialize;
use serde_json::Number;

use super::contribution_json::EachContribution;
use super::simulated::SimulatedQuotas;
use crate::catalog::{Catalog, REGION, Residency};
use crate::contract::parts::{QuotaKey, Share, Source};
use crate::contract::plan as json;
use crate::contract::quota::{Alternative, AssumedPeak, Burndown, Lever, Provenance, Quota};
use crate::engine::{
    self, AccountDaily, Assumptions, BudgetOf, Finding, Plan, PlanInput, QuotaDetail, QuotaId, QuotaPlan,
    TIGHT_MARGIN_HUNDREDTHS, TIGHT_MEANS,
};
use crate::report::actions::{actions, next};
use crate::report::columns::{Columns, columns};
use crate::report::cost;
use crate::report::notes::finding_place;
use crate::report::words::{FindingIn, Sentence, language};
use crate::report::{Items, SCHEMA_VERSION};
use crate::text::Sources;
use crate::units::Fact;
use crate::units::{QuotaAmount, Ratio, Utilisation};
use crate::workload::Symbol;

/// Builds a contract type with the figures, limits, verdict and action of a quota, and keys of its own.
macro_rules! with_figures_of {
    ($quota:expr => $name:path { $($own:tt)* }) => {{
        use $crate::report::plan::json::{amount, share};
        let quota: &$crate::engine::QuotaPlan = $quota;
        let figures = &quota.figures;
        $name {
            steady: figures.steady.get(),
            peak: figures.peak.get(),
            in_flight: amount(figures.in_flight),
            burst: amount(figures.burst),
            formula: amount(figures.formula),
            required: amount(figures.required),
            granted: quota.granted_limit().map(Into::into),
            default: quota.default_limit().map(Into::into),
            capacity_source: quota.capacity_source.map($crate::report::notes::capacity_word).map(Into::into),
            utilisation: quota.utilisation.map(share),
            verdict: quota.verdict.as_str().into(),
            action: quota.action.as_str().into(),
            ask: amount(quota.ask),
            tight_max_tokens: quota.tight_max_tokens.map(|t| t.millionths() / $crate::units::MILLIONTHS),
            lean_required: amount(quota.lean_required),
            lean_ask: amount(quota.lean_ask),
            restore_to: quota.restore_to.map(Into::into),
            $($own)*
        }
    }};
}
pub(in crate::report) use with_figures_of;

/// A quota by the keys that a plan has for it.
pub(in crate::report) fn quota_key(catalog: &Catalog, id: &QuotaId) -> QuotaKey {
    QuotaKey {
        account: id.account.clone(),
        model: catalog.model(id.model).id.clone(),
        scope: id.scope.as_str().into(),
        kind: id.kind.as_str().into(),
        long_context: id.long_context,
        code: id.code.clone(),
    }
}

pub(in crate::report) fn share(value: Utilisation) -> Share {
    Share::from_ten_thousandths(value.ten_thousandths())
}

pub(in crate::report) fn amount(value: Option<QuotaAmount>) -> Option<u64> {
    value.map(QuotaAmount::get)
}

fn ratio(value: Ratio) -> f64 {
    value.to_f64()
}

/// Ten-thousandths as a decimal number.
#[allow(clippy::cast_precision_loss)]
pub(in crate::report) fn ten_thousandths(value: u128) -> f64 {
    value as f64 / 10_000.0
}

/// The document of a plan; what is as long as the files, or as the list of quotas, is made while it is written. Next come
/// the commands for the inputs `typed` as words of one; none where nothing is.
pub(in crate::report) fn document<'a>(
    sources: &'a Sources,
    input: &'a PlanInput<'a>,
    plan: &'a Plan,
    simulated: Option<&'a SimulatedQuotas>,
    typed: Option<&'a str>,
) -> json::PlanDocument<impl Serialize + 'a, impl Serialize + 'a, impl Serialize + 'a> {
    let quotas = move || {
        plan.details(input).enumerate().map(move |(index, detail)| Quota {
            simulated: simulated.and_then(|simulated| simulated.report(index)),
            ..quota_report(sources, input, detail)
        })
    };
    let findings =
        move || plan.findings.iter().map(move |finding| finding_report(sources, input, plan, finding));
    let planned = plan.actions(input);
    json::PlanDocument {
        schema_version: SCHEMA_VERSION,
        region: REGION.into(),
        assumptions: assumptions(input.assumptions),
        binding: plan
            .binding
            .and_then(|i| plan.quotas.get(i))
            .and_then(|quota| quota.code().map(str::to_owned)),
        quotas: Items(quotas),
        account_daily: plan.account_daily.iter().map(|daily| daily_report(input, daily)).collect(),
        cost: cost::document(input, plan, Items(move || cost::by_workload(sources, input, plan))),
        limits: limits(input),
        findings: Items(findings),
        actions: actions(input, plan, &planned),
        next: typed.map(|typed| next(input, plan, &planned, typed)).unwrap_or_default(),
    }
}

/// A finding of a plan with its place.
pub(in crate::report) fn finding_report(
    sources: &Sources,
    input: &PlanInput<'_>,
    plan: &Plan,
    finding: &Finding,
) -> json::Finding {
    let place = finding.place.and_then(|place| finding_place(sources, input, place));
    let Sentence { message, help } = language().finding(&FindingIn { input, plan, finding });
    let quota = finding.quota.and_then(|index| plan.quotas.get(index));
    json::Finding {
        code: finding.code.as_str().into(),
        severity: finding.severity.as_str().into(),
        message,
        help,
        quota: quota.and_then(|quota| quota.code().map(str::to_owned)),
        about: plan.about(finding, input.catalog),
        rows: finding.rows,
        file: place.as_ref().map(|place| place.file.clone()),
        line: place.as_ref().map(|place| place.line),
        column: place.as_ref().map(|place| place.column),
    }
}

/// What a plan is to be held against, besides applied quotas.
pub(in crate::report) fn limits(input: &PlanInput<'_>) -> json::Limits {
    let budgets = input.assumptions.budgets.iter().map(|budget| {
        let (of, name) = budget_words(input, &budget.of);
        json::Budget { of: of.into(), name, limit_usd: budget.limit.plain() }
    });
    let most = input.assumptions.config.policy.max_utilisation.as_ref();
    json::Limits {
        max_utilisation: most.and_then(|most| Number::from_f64(ratio(most.value))),
        budgets: budgets.collect(),
    }
}

/// Whose money a budget limits.
pub(in crate::report) fn budget_words(
    input: &PlanInput<'_>,
    of: &BudgetOf,
) -> (&'static str, Option<String>) {
    match of {
        BudgetOf::Total => ("total", None),
        BudgetOf::Team(name) => ("team", Some(name.clone())),
        BudgetOf::Model(model) => ("model", Some(input.catalog.model(*model).id.clone())),
    }
}

/// An account's day.
pub(in crate::report) fn daily_report(input: &PlanInput<'_>, daily: &AccountDaily) -> json::Daily {
    json::Daily {
        account: daily.account.clone(),
        code: daily.entry.code.clone().known(),
        granted: daily.granted.as_ref().and_then(|granted| granted.value.known()).map(Into::into),
        default: daily.entry.default.known().map(Into::into),
        settled: daily.settled.get(),
        billed: daily.billed.get(),
        hour_settled: daily.hour_settled_tenths.map(|tenths| f64::from(tenths) / 10.0),
        hour_billed: daily.hour_billed_tenths.map(|tenths| f64::from(tenths) / 10.0),
        shares: daily
            .shares
            .iter()
            .map(|share| json::DailyShare {
                model: input.catalog.model(share.model).id.clone(),
                settled: share.settled.get(),
            })
            .collect(),
        estimate: true,
    }
}

/// What a plan took as given.
pub(in crate::report) fn assumptions(a: &Assumptions) -> json::Assumptions {
    json::Assumptions {
        headroom: Number::from_f64(ratio(a.config.headroom)),
        confidence: Number::from_f64(ratio(a.config.confidence)),
        z: a.z(),
        peak_factor: Number::from_f64(ratio(a.peak_factor())),
        seconds_to_first_token: Number::from_f64(a.config.speed.seconds_to_first_token.to_f64()),
        output_tokens_per_second: Number::from_f64(a.config.speed.output_tokens_per_second.to_f64()),
        reserve_cache_reads: Some(a.config.reserve_cache_reads),
        hold_until_completion: true,
        tight_max_tokens_margin: ten_thousandths(u128::from(TIGHT_MARGIN_HUNDREDTHS) * 100),
        tight_max_tokens_means: TIGHT_MEANS,
        tight_max_tokens_quantile: ratio(a.config.confidence),
        rates_as_of: a.rates_as_of.map(|date| date.to_string()),
        today: a.today.to_string(),
        months: Some(a.months),
        timezone: Some(a.config.timezone.clone()),
        account: a.config.account.clone(),
        residency: a.config.policy.residency.map(Residency::as_str).map(Into::into),
        edition: a.config.policy.edition().as_str().into(),
    }
}

/// A quota whose contributions are made when it is written.
pub(in crate::report) type QuotaToWrite<'a> = Quota<EachContribution<'a>>;

/// One quota with its levers and the contributions of its rows.
pub(in crate::report) fn quota_report<'a>(
    sources: &'a Sources,
    input: &'a PlanInput<'a>,
    detail: QuotaDetail<'a>,
) -> QuotaToWrite<'a> {
    let lever =
        |lever: &engine::Lever| Lever { lever: lever.kind.as_str().into(), required: amount(lever.required) };
    let levers = detail.levers.iter().map(lever).collect();
    quota_of(input, detail.quota, levers, EachContribution::new(sources, input, detail))
}

/// A quota without its levers, which take another pass over its rows, and without their contributions: no column shows
/// either.
type QuotaFigures = Quota<(), ()>;

/// The columns of a quota.
pub(in crate::report) const QUOTA: Columns<QuotaFigures> = columns!(QuotaFigures {
    account;
    model;
    scope;
    kind;
    code;
    name;
    adjustable;
    steady;
    peak;
    in_flight;
    burst;
    formula;
    required;
    granted;
    default;
    capacity_source;
    utilisation;
    verdict;
    action;
    ask;
    tight_max_tokens;
    lean_required;
    lean_ask;
    fitting_max_tokens;
    binding_period;
    binding_hour;
    provenance.burndown.output => "burndown_rate";
    provenance.burndown.status => "burndown_status";
    restore_to;
});

/// A quota under its columns.
pub(in crate::report) fn quota_record(
    input: &PlanInput<'_>,
    quota: &QuotaPlan,
) -> impl Iterator<Item = String> + use<> {
    let quota = quota_of(input, quota, (), ());
    QUOTA.iter().map(move |column| (column.cell)(&quota))
}

fn quota_of<C, L>(input: &PlanInput<'_>, quota: &QuotaPlan, levers: L, contributions: C) -> Quota<C, L> {
    let text = |symbol: Symbol| input.workloads.text(symbol).to_owned();
    let entry = quota.entry.as_ref();
    let known = |fact: &Fact<String>| fact.clone().known();
    let figures = &quota.figures;
    let slot = figures.required.map(|_| figures.slot);
    let model = input.catalog.model(quota.id.model);
    let statement = quota.rate.statement.and_then(|index| model.burndown.get(index));
    with_figures_of!(quota => Quota {
        account: quota.id.account.clone(),
        model: model.id.clone(),
        scope: quota.id.scope.as_str().into(),
        kind: quota.id.kind.as_str().into(),
        code: quota.code().map(str::to_owned),
        name: entry.and_then(|entry| known(&entry.name)),
        adjustable: entry.and_then(|entry| entry.adjustable.known()),
        simulated: None,
        fitting_max_tokens: quota.fitting_max_tokens,
        binding_period: slot.and_then(|slot| slot.period).map(text),
        binding_hour: slot.and_then(|slot| slot.hour),
        assumed_peak: quota
            .assumed_peak
            .iter()
            .map(|peak| AssumedPeak { times_mean: peak.times_mean, required: amount(peak.required) })
            .collect(),
        levers,
        contributions,
        provenance: Provenance {
            burndown: Burndown {
                output: quota.rate.rate.quota_tokens_per_output_token(),
                status: quota.rate.status.as_str().into(),
                source: statement.map(|s| s.provenance.source.clone()),
                as_of: statement.map(|s| s.provenance.as_of.to_string()),
                alternatives: quota
                    .alternatives
                    .iter()
                    .map(|other| Alternative {
                        output: other.rate.quota_tokens_per_output_token(),
                        status: other.status.as_str().into(),
                        source: other.provenance.source.clone(),
                        as_of: other.provenance.as_of.to_string(),
                        required: amount(other.required),
                    })
                    .collect(),
            },
            default: entry.map(|entry| Source {
                source: entry.provenance.source.clone(),
                as_of: entry.provenance.as_of.to_string(),
            }),
        },
        outcome: None,
        judged_against: None,
        assumed_default: None,
    })
}
