//! An earlier plan as `plan --format json` or `check --format json` wrote it, to compare a new one with.
//!
//! Only what a comparison needs is read; it judges nothing.

use std::collections::BTreeSet;

use serde_json::Number;

use crate::contract::baseline::{Assumptions, Cost, Daily, Document, Quota, Version};
use crate::contract::plan::Limits;
use crate::contract::{SCHEMA_VERSION, parts};
use crate::text::{Code, Diagnostics, FileId, Place, Sources, Span};
use crate::units::{Limit, QuotaAmount, Ratio, Usd, UsdCents, parse_millionths};

/// How to make a baseline.
const REMEDY: &str = "make it with: quotaplan plan WORKLOADS.csv --format json --output baseline.json";

/// An earlier plan.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// What it took as given.
    pub assumptions: BaselineAssumptions,
    /// Its quotas.
    pub quotas: Vec<BaselineQuota>,
    /// Its accounts' tokens per day.
    pub daily: Vec<BaselineDaily>,
    /// Its money.
    pub cost: BaselineCost,
    /// What it was to be held against, where it says so.
    pub limits: Option<BaselineLimits>,
    /// What stood out.
    pub findings: Vec<BaselineFinding>,
}

/// The assumptions that move every figure.
#[derive(Debug, Clone, Default)]
pub struct BaselineAssumptions {
    /// Headroom on the peak.
    pub headroom: Option<Ratio>,
    /// Share of time the burst level should hold.
    pub confidence: Option<Ratio>,
    /// Busiest minute over mean.
    pub peak_factor: Option<Ratio>,
    /// Months of growth.
    pub months: Option<u32>,
    /// Whether cache reads count in the reservation.
    pub reserve_cache_reads: Option<bool>,
    /// The date whose burndown statements decided.
    pub rates_as_of: Option<String>,
    /// Seconds until the first token, where a row states no latency.
    pub seconds_to_first_token: Option<Ratio>,
    /// Output tokens a second after that.
    pub output_tokens_per_second: Option<Ratio>,
    /// The zone of active hours.
    pub timezone: Option<String>,
}

/// One quota of an earlier plan.
#[derive(Debug, Clone)]
pub struct BaselineQuota {
    /// The account.
    pub account: Option<String>,
    /// The model's id.
    pub model: String,
    /// The scope's word.
    pub scope: String,
    /// The kind's word.
    pub kind: String,
    /// The quota code, where known.
    pub code: Option<String>,
    /// What was required, where known.
    pub required: Option<QuotaAmount>,
    /// The applied quota, where given.
    pub granted: Option<Limit>,
    /// The default, where known.
    pub default: Option<Limit>,
}

/// An account's tokens per day.
#[derive(Debug, Clone)]
pub struct BaselineDaily {
    /// The account.
    pub account: Option<String>,
    /// Settled tokens per day.
    pub settled: QuotaAmount,
    /// Billed tokens per day.
    pub billed: QuotaAmount,
    /// What they were held against: the applied quota, else the default.
    pub capacity: Option<Limit>,
}

/// A sum of money: known, or unknown with its known part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthlySum {
    /// The sum, where known.
    pub usd: Option<UsdCents>,
    /// The part whose prices were known.
    pub priced: UsdCents,
}

/// The money of an earlier plan, each share in its own largest period.
#[derive(Debug, Clone, Default)]
pub struct BaselineCost {
    /// Everything.
    pub total: MonthlySum,
    /// By model id.
    pub by_model: Vec<(String, MonthlySum)>,
    /// By team; `None` for rows without one.
    pub by_team: Vec<(Option<String>, MonthlySum)>,
}

/// What an earlier plan was to be held against, besides applied quotas.
#[derive(Debug, Clone, Default)]
pub struct BaselineLimits {
    /// The largest share of a quota, where there was one.
    pub max_utilisation: Option<Ratio>,
    /// Budgets: of what (`total`, `team`, `model`), whose, and how much.
    pub budgets: Vec<(String, Option<String>, Usd)>,
}

/// A finding of an earlier plan.
#[derive(Debug, Clone)]
pub struct BaselineFinding {
    /// Its code.
    pub code: String,
    /// What it was about; a check numbers what it says several times: `chat model #2`.
    pub about: Option<String>,
    /// Whether it stood on a line of a file.
    pub is_placed: bool,
    /// How many rows.
    pub rows: usize,
    /// What it said.
    pub message: String,
}

/// Reads a baseline; what is wrong with it is added to `diagnostics`.
pub fn parse(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<Baseline> {
    let text = sources.file(file)?.text();
    let mut bad = |at: Option<usize>, message: String| {
        let place = at.map_or(Place::File(file), |at| Place::Span(Span { file, start: at, end: at }));
        diagnostics.add(Code::BadBaseline, place, message, REMEDY);
    };
    let fault = |error: &serde_json::Error| {
        // The serialiser repeats the place at the end of its message.
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        (offset(text, error.line(), error.column()), format!("not the JSON of a plan: {message}"))
    };
    // A list would be taken for the fields of an object, in their order.
    if text.trim_start().starts_with('[') {
        bad(Some(0), "not the JSON of a plan: a list".to_owned());
        return None;
    }
    match serde_json::from_str::<Version>(text) {
        Ok(Version { schema_version }) if schema_version == u64::from(SCHEMA_VERSION) => {}
        Ok(Version { schema_version }) => {
            let at = text.find("\"schema_version\"");
            bad(
                at,
                format!(
                    "schema_version {schema_version} is not {SCHEMA_VERSION}, the one this program reads"
                ),
            );
            return None;
        }
        Err(error) => {
            let (at, message) = fault(&error);
            bad(at, message);
            return None;
        }
    }
    match serde_json::from_str::<Document>(text) {
        Ok(raw) => match convert(raw) {
            Ok(baseline) => Some(baseline),
            Err(what) => {
                bad(None, format!("{what} is not a value that a plan writes"));
                None
            }
        },
        Err(error) => {
            let (at, message) = fault(&error);
            bad(at, message);
            None
        }
    }
}

/// The byte offset of a 1-based line and a 1-based column in bytes.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let before = line.checked_sub(1)?;
    let start = match before {
        0 => 0,
        _ => memchr::memchr_iter(b'\n', text.as_bytes()).nth(before - 1)? + 1,
    };
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    Some(at)
}

/// From raw figures to typed ones.
///
/// # Errors
/// The name of the figure that is not one of its type.
fn convert(raw: Document) -> Result<Baseline, String> {
    let mut quotas = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, raw) in raw.quotas.into_iter().enumerate() {
        let quota = quota(raw).ok_or_else(|| format!("a figure of quotas[{index}]"))?;
        let BaselineQuota { account, model, scope, kind, code, .. } = quota.clone();
        if !seen.insert((account, model, scope, kind, code)) {
            return Err(format!("quotas[{index}], which repeats an earlier quota,"));
        }
        quotas.push(quota);
    }
    let mut daily = Vec::new();
    for (index, raw) in raw.account_daily.into_iter().enumerate() {
        daily.push(day(raw).ok_or_else(|| format!("a figure of account_daily[{index}]"))?);
    }
    let findings = raw.findings.into_iter().map(|raw| BaselineFinding {
        code: raw.code.into_owned(),
        about: raw.about.filter(|about| !about.is_empty()),
        is_placed: raw.line.is_some(),
        rows: raw.rows,
        message: raw.message,
    });
    Ok(Baseline {
        assumptions: assumptions(raw.assumptions).ok_or("a ratio of assumptions")?,
        quotas,
        daily,
        cost: match raw.cost {
            None => BaselineCost::default(),
            Some(raw) => cost(raw).ok_or("a sum of cost")?,
        },
        limits: match raw.limits {
            None => None,
            Some(raw) => Some(limits(raw).ok_or("a figure of limits")?),
        },
        findings: findings.collect(),
    })
}

/// A decimal with at most six decimals, in millionths, however the serialiser wrote it: `1e-6` too.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn millionths(number: &Number) -> Option<u64> {
    if let Ok(plain) = parse_millionths(&number.to_string()) {
        return Some(plain);
    }
    // Below this a float tells whole numbers apart.
    let scaled = number.as_f64()? * 1e6;
    (0.0..1e15).contains(&scaled).then(|| libm::round(scaled) as u64)
}

/// A ratio, `Some(None)` where there is none; `None` where it is not one.
#[allow(clippy::option_option)]
fn ratio(number: Option<Number>) -> Option<Option<Ratio>> {
    match number {
        None => Some(None),
        Some(number) => millionths(&number).and_then(Ratio::from_millionths).map(Some),
    }
}

fn limits(raw: Limits) -> Option<BaselineLimits> {
    let budgets = raw
        .budgets
        .into_iter()
        .map(|raw| Some((raw.of.into_owned(), raw.name, Usd::parse(&raw.limit_usd).ok()?)));
    Some(BaselineLimits {
        max_utilisation: ratio(raw.max_utilisation)?,
        budgets: budgets.collect::<Option<_>>()?,
    })
}

fn assumptions(raw: Assumptions) -> Option<BaselineAssumptions> {
    Some(BaselineAssumptions {
        headroom: ratio(raw.headroom)?,
        confidence: ratio(raw.confidence)?,
        peak_factor: ratio(raw.peak_factor)?,
        months: raw.months,
        reserve_cache_reads: raw.reserve_cache_reads,
        rates_as_of: raw.rates_as_of,
        seconds_to_first_token: ratio(raw.seconds_to_first_token)?,
        output_tokens_per_second: ratio(raw.output_tokens_per_second)?,
        timezone: raw.timezone,
    })
}

/// A limit, `Some(None)` where there is none; `None` where it is not one.
#[allow(clippy::option_option)]
fn limit(raw: Option<parts::Limit>) -> Option<Option<Limit>> {
    match raw {
        None => Some(None),
        Some(parts::Limit::Amount(amount)) => {
            QuotaAmount::new(amount).map(|amount| Some(Limit::Amount(amount)))
        }
        Some(parts::Limit::Word(word)) => (word == "unlimited").then_some(Some(Limit::Unlimited)),
    }
}

fn day(raw: Daily) -> Option<BaselineDaily> {
    Some(BaselineDaily {
        account: raw.account,
        settled: QuotaAmount::new(raw.settled)?,
        billed: QuotaAmount::new(raw.billed)?,
        capacity: limit(raw.granted)?.or(limit(raw.default)?),
    })
}

fn quota(raw: Quota) -> Option<BaselineQuota> {
    let required = match raw.required {
        None => None,
        Some(amount) => Some(QuotaAmount::new(amount)?),
    };
    Some(BaselineQuota {
        account: raw.account,
        model: raw.model,
        scope: raw.scope,
        kind: raw.kind,
        code: raw.code,
        required,
        granted: limit(raw.granted)?,
        default: limit(raw.default)?,
    })
}

fn sum(usd: Option<String>, priced: Option<String>) -> Option<MonthlySum> {
    let cents = |text: Option<String>| match text {
        None => Some(None),
        Some(text) => UsdCents::parse_plain(&text).map(Some),
    };
    let usd = cents(usd)?;
    Some(MonthlySum { usd, priced: cents(priced)?.or(usd).unwrap_or_default() })
}

fn cost(raw: Cost) -> Option<BaselineCost> {
    let by_model = raw
        .by_model
        .into_iter()
        .map(|share| Some((share.model, sum(share.largest_monthly_usd, share.largest_priced_monthly_usd)?)));
    let by_team = raw
        .by_team
        .into_iter()
        .map(|share| Some((share.team, sum(share.largest_monthly_usd, share.largest_priced_monthly_usd)?)));
    Some(BaselineCost {
        total: sum(raw.monthly_usd, raw.priced_monthly_usd)?,
        by_model: by_model.collect::<Option<_>>()?,
        by_team: by_team.collect::<Option<_>>()?,
    })
}
