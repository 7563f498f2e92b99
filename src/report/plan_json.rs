//! The JSON contract of `plan`.
//!
//! Token and request figures are integers, ratios decimal numbers; unknown is `null` and no limit
//! is `"unlimited"`.

use serde::{Serialize, Serializer};

use super::SCHEMA_VERSION;
use super::cost::{self, CostReport};
use super::plan::{capacity_word, finding_place};
use super::plan_contribution_json::{ContributionReport, EachContribution};
use super::plan_simulated::{SimulatedQuotas, SimulatedReport};
use super::words::{ENGLISH, FindingIn, Sentence};
use crate::catalog::{REGION, Residency};
use crate::engine::{
    AccountDaily, Assumptions, BudgetOf, Finding, Plan, PlanInput, QuotaPlan, TIGHT_MARGIN_HUNDREDTHS,
    TIGHT_MEANS,
};
use crate::text::Sources;
use crate::units::{Fact, Limit, MILLIONTHS, QuotaAmount, Ratio};
use crate::workload::Symbol;

/// A limit in JSON: a number or `"unlimited"`.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonLimit(pub(super) Limit);

impl Serialize for JsonLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Limit::Unlimited => serializer.serialize_str("unlimited"),
            Limit::Amount(amount) => serializer.serialize_u64(amount.get()),
        }
    }
}

/// The result of `plan`.
#[derive(Debug, Serialize)]
pub struct PlanReport {
    schema_version: u32,
    region: &'static str,
    assumptions: AssumptionsReport,
    binding: Option<String>,
    quotas: Vec<QuotaReport>,
    account_daily: Vec<DailyReport>,
    cost: CostReport,
    limits: LimitsReport,
    findings: Vec<FindingReport>,
}

#[derive(Debug, Serialize)]
pub(super) struct AssumptionsReport {
    headroom: f64,
    confidence: f64,
    z: f64,
    peak_factor: f64,
    seconds_to_first_token: f64,
    output_tokens_per_second: f64,
    reserve_cache_reads: bool,
    hold_until_completion: bool,
    tight_max_tokens_margin: f64,
    tight_max_tokens_means: u64,
    tight_max_tokens_quantile: f64,
    rates_as_of: Option<String>,
    today: String,
    months: u32,
    timezone: String,
    account: Option<String>,
    residency: Option<&'static str>,
    edition: &'static str,
}

/// What `check` holds a plan against.
#[derive(Debug, Serialize)]
pub(super) struct LimitsReport {
    max_utilisation: Option<f64>,
    budgets: Vec<LimitReport>,
}

#[derive(Debug, Serialize)]
struct LimitReport {
    of: &'static str,
    name: Option<String>,
    limit_usd: String,
}

/// What is said of a quota wherever it stands: its figures, limits, verdict and action.
#[derive(Debug, Serialize)]
pub(super) struct FiguresReport {
    steady: u64,
    peak: u64,
    in_flight: Option<u64>,
    burst: Option<u64>,
    formula: Option<u64>,
    required: Option<u64>,
    granted: Option<JsonLimit>,
    default: Option<JsonLimit>,
    capacity_source: Option<&'static str>,
    utilisation: Option<f64>,
    verdict: &'static str,
    action: &'static str,
    ask: Option<u64>,
    tight_max_tokens: Option<u64>,
    lean_required: Option<u64>,
    lean_ask: Option<u64>,
    restore_to: Option<JsonLimit>,
}

/// A quota's figures, limits, verdict and action.
pub(super) fn figures_report(quota: &QuotaPlan) -> FiguresReport {
    let figures = &quota.figures;
    FiguresReport {
        steady: figures.steady.get(),
        peak: figures.peak.get(),
        in_flight: amount(figures.in_flight),
        burst: amount(figures.burst),
        formula: amount(figures.formula),
        required: amount(figures.required),
        granted: quota.granted_limit().map(JsonLimit),
        default: quota.default_limit().map(JsonLimit),
        capacity_source: quota.capacity_source.map(capacity_word),
        utilisation: quota.utilisation.map(|share| ten_thousandths(share.ten_thousandths())),
        verdict: quota.verdict.as_str(),
        action: quota.action.as_str(),
        ask: amount(quota.ask),
        tight_max_tokens: quota.tight_max_tokens.map(|t| t.millionths() / MILLIONTHS),
        lean_required: amount(quota.lean_required),
        lean_ask: amount(quota.lean_ask),
        restore_to: quota.restore_to.map(JsonLimit),
    }
}

/// One quota in JSON; what its rows contribute is held, or made when it is written.
#[derive(Debug, Serialize)]
pub(super) struct QuotaReport<C = Vec<ContributionReport>> {
    account: Option<String>,
    model: String,
    scope: &'static str,
    kind: &'static str,
    code: Option<String>,
    name: Option<String>,
    adjustable: Option<bool>,
    #[serde(flatten)]
    figures: FiguresReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    simulated: Option<SimulatedReport>,
    fitting_max_tokens: Option<u64>,
    binding_period: Option<String>,
    binding_hour: Option<u32>,
    assumed_peak: Vec<AssumedPeakReport>,
    levers: Vec<LeverReport>,
    contributions: C,
    provenance: ProvenanceReport,
}

/// What is required where the busiest minute is not the mean, which nobody states.
#[derive(Debug, Serialize)]
struct AssumedPeakReport {
    times_mean: u32,
    required: Option<u64>,
}

#[derive(Debug, Serialize)]
struct LeverReport {
    lever: &'static str,
    required: Option<u64>,
}

#[derive(Debug, Serialize)]
struct ProvenanceReport {
    burndown: BurndownReport,
    default: Option<SourceReport>,
}

#[derive(Debug, Serialize)]
struct BurndownReport {
    output: u32,
    status: &'static str,
    source: Option<String>,
    as_of: Option<String>,
    alternatives: Vec<AlternativeReport>,
}

#[derive(Debug, Serialize)]
struct AlternativeReport {
    output: u32,
    status: &'static str,
    source: String,
    as_of: String,
    required: Option<u64>,
}

#[derive(Debug, Serialize)]
struct SourceReport {
    source: String,
    as_of: String,
}

#[derive(Debug, Serialize)]
pub(super) struct DailyReport {
    account: Option<String>,
    code: Option<String>,
    granted: Option<JsonLimit>,
    default: Option<JsonLimit>,
    settled: u64,
    billed: u64,
    hour_settled: Option<f64>,
    hour_billed: Option<f64>,
    shares: Vec<DailyShareReport>,
    estimate: bool,
}

#[derive(Debug, Serialize)]
struct DailyShareReport {
    model: String,
    settled: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct FindingReport {
    code: &'static str,
    severity: &'static str,
    message: String,
    help: String,
    quota: Option<String>,
    about: Option<String>,
    rows: usize,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

impl FindingReport {
    /// The same with something else to do.
    pub(super) fn with_help(self, help: String) -> Self {
        Self { help, ..self }
    }
}

fn amount(value: Option<QuotaAmount>) -> Option<u64> {
    value.map(QuotaAmount::get)
}

fn ratio(value: Ratio) -> f64 {
    value.to_f64()
}

/// Ten-thousandths as a decimal number.
#[allow(clippy::cast_precision_loss)]
pub(super) fn ten_thousandths(value: u128) -> f64 {
    value as f64 / 10_000.0
}

/// The report of a plan; `contributions` lists every row of every quota.
#[must_use]
pub(super) fn plan_report(
    sources: &Sources,
    input: &PlanInput<'_>,
    plan: &Plan,
    simulated: Option<&SimulatedQuotas>,
) -> PlanReport {
    let quotas = plan.quotas.iter().enumerate().map(|(index, quota)| QuotaReport {
        simulated: simulated.and_then(|simulated| simulated.report(index)),
        ..quota_report(sources, input, plan, quota)
    });
    let findings = plan.findings.iter().map(|finding| finding_report(sources, input, plan, finding));
    PlanReport {
        schema_version: SCHEMA_VERSION,
        region: REGION,
        assumptions: assumptions(input.assumptions),
        binding: plan
            .binding
            .and_then(|i| plan.quotas.get(i))
            .and_then(|quota| quota.code().map(str::to_owned)),
        quotas: quotas.collect(),
        account_daily: plan.account_daily.iter().map(|daily| daily_report(input, daily)).collect(),
        cost: cost::report(sources, input, plan),
        limits: limits(input),
        findings: findings.collect(),
    }
}

/// A finding of a plan with its place.
pub(super) fn finding_report(
    sources: &Sources,
    input: &PlanInput<'_>,
    plan: &Plan,
    finding: &Finding,
) -> FindingReport {
    let place = finding.place.and_then(|place| finding_place(sources, input, place));
    let Sentence { message, help } = ENGLISH.finding(&FindingIn { input, plan, finding });
    let quota = finding.quota.and_then(|index| plan.quotas.get(index));
    FindingReport {
        code: finding.code.as_str(),
        severity: finding.severity.as_str(),
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
pub(super) fn limits(input: &PlanInput<'_>) -> LimitsReport {
    let budgets = input.assumptions.budgets.iter().map(|budget| {
        let (of, name) = budget_words(input, &budget.of);
        LimitReport { of, name, limit_usd: budget.limit.plain() }
    });
    let most = input.assumptions.policy.max_utilisation.as_ref();
    LimitsReport { max_utilisation: most.map(|most| ratio(most.value)), budgets: budgets.collect() }
}

/// Whose money a budget limits.
pub(super) fn budget_words(input: &PlanInput<'_>, of: &BudgetOf) -> (&'static str, Option<String>) {
    match of {
        BudgetOf::Total => ("total", None),
        BudgetOf::Team(name) => ("team", Some(name.clone())),
        BudgetOf::Model(model) => ("model", Some(input.catalog.model(*model).id.clone())),
    }
}

/// An account's day.
pub(super) fn daily_report(input: &PlanInput<'_>, daily: &AccountDaily) -> DailyReport {
    DailyReport {
        account: daily.account.clone(),
        code: daily.entry.code.clone().known(),
        granted: daily.granted.as_ref().and_then(|granted| granted.value.known()).map(JsonLimit),
        default: daily.entry.default.known().map(JsonLimit),
        settled: daily.settled.get(),
        billed: daily.billed.get(),
        hour_settled: daily.hour_settled_tenths.map(|tenths| f64::from(tenths) / 10.0),
        hour_billed: daily.hour_billed_tenths.map(|tenths| f64::from(tenths) / 10.0),
        shares: daily
            .shares
            .iter()
            .map(|share| DailyShareReport {
                model: input.catalog.model(share.model).id.clone(),
                settled: share.settled.get(),
            })
            .collect(),
        estimate: true,
    }
}

/// What a plan took as given.
pub(super) fn assumptions(a: &Assumptions) -> AssumptionsReport {
    AssumptionsReport {
        headroom: ratio(a.headroom),
        confidence: ratio(a.confidence),
        z: a.z(),
        peak_factor: ratio(a.peak_factor),
        seconds_to_first_token: a.speed.seconds_to_first_token.to_f64(),
        output_tokens_per_second: a.speed.output_tokens_per_second.to_f64(),
        reserve_cache_reads: a.reserve_cache_reads,
        hold_until_completion: true,
        tight_max_tokens_margin: ten_thousandths(u128::from(TIGHT_MARGIN_HUNDREDTHS) * 100),
        tight_max_tokens_means: TIGHT_MEANS,
        tight_max_tokens_quantile: ratio(a.confidence),
        rates_as_of: a.rates_as_of.map(|date| date.to_string()),
        today: a.today.to_string(),
        months: a.months,
        timezone: a.timezone.clone(),
        account: a.account.clone(),
        residency: a.policy.residency.map(Residency::as_str),
        edition: a.policy.edition().as_str(),
    }
}

/// One quota with the contributions of its rows, which are made when it is written.
pub(super) fn quota_report_to_write<'a>(
    sources: &'a Sources,
    input: &'a PlanInput<'a>,
    plan: &'a Plan,
    quota: &'a QuotaPlan,
) -> QuotaReport<EachContribution<'a>> {
    report_of(input, plan, quota, EachContribution::new(sources, input, plan, quota))
}

/// One quota with the contributions of its rows.
pub(super) fn quota_report(
    sources: &Sources,
    input: &PlanInput<'_>,
    plan: &Plan,
    quota: &QuotaPlan,
) -> QuotaReport {
    let contributions = EachContribution::new(sources, input, plan, quota).reports().collect();
    report_of(input, plan, quota, contributions)
}

fn report_of<C>(input: &PlanInput<'_>, plan: &Plan, quota: &QuotaPlan, contributions: C) -> QuotaReport<C> {
    let text = |symbol: Symbol| input.workloads.text(symbol).to_owned();
    let entry = quota.entry.as_ref();
    let known = |fact: &Fact<String>| fact.clone().known();
    let figures = &quota.figures;
    let slot = figures.required.map(|_| figures.slot);
    let model = input.catalog.model(quota.id.model);
    let statement = quota.rate.statement.and_then(|index| model.burndown.get(index));
    QuotaReport {
        account: quota.id.account.clone(),
        model: model.id.clone(),
        scope: quota.id.scope.as_str(),
        kind: quota.id.kind.as_str(),
        code: quota.code().map(str::to_owned),
        name: entry.and_then(|entry| known(&entry.name)),
        adjustable: entry.and_then(|entry| entry.adjustable.known()),
        figures: figures_report(quota),
        simulated: None,
        fitting_max_tokens: quota.fitting_max_tokens,
        binding_period: slot.and_then(|slot| slot.period).map(text),
        binding_hour: slot.and_then(|slot| slot.hour),
        assumed_peak: quota
            .assumed_peak
            .iter()
            .map(|peak| AssumedPeakReport { times_mean: peak.times_mean, required: amount(peak.required) })
            .collect(),
        levers: plan
            .levers(input, quota)
            .iter()
            .map(|lever| LeverReport { lever: lever.kind.as_str(), required: amount(lever.required) })
            .collect(),
        contributions,
        provenance: ProvenanceReport {
            burndown: BurndownReport {
                output: quota.rate.rate.quota_tokens_per_output_token(),
                status: quota.rate.status.as_str(),
                source: statement.map(|s| s.provenance.source.clone()),
                as_of: statement.map(|s| s.provenance.as_of.to_string()),
                alternatives: quota
                    .alternatives
                    .iter()
                    .map(|other| AlternativeReport {
                        output: other.rate.quota_tokens_per_output_token(),
                        status: other.status.as_str(),
                        source: other.provenance.source.clone(),
                        as_of: other.provenance.as_of.to_string(),
                        required: amount(other.required),
                    })
                    .collect(),
            },
            default: entry.map(|entry| SourceReport {
                source: entry.provenance.source.clone(),
                as_of: entry.provenance.as_of.to_string(),
            }),
        },
    }
}
