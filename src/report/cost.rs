//! What a plan costs a month: as a table for people and as part of the JSON contract.

use super::{Block, Column};
use std::collections::BTreeSet;

use crate::catalog::{Model, ModelIndex, Price, Scope};
use crate::contract::cost as json;
use crate::engine::{Cost, CostShare, MonthlyCost, Plan, PlanInput, RoundedCost, TokenKind};
use crate::text::Sources;
use crate::units::{MILLIONTHS, UsdCents};
use crate::workload::Symbol;

/// Teams named in one sentence.
const TEAMS_NAMED: usize = 12;

/// A sum in words: what is known of an unknown one is its least.
pub(super) fn usd(cost: impl Into<RoundedCost>) -> String {
    let cost = cost.into();
    match cost.usd() {
        Some(usd) => usd.to_string(),
        None if cost.priced_usd() == UsdCents::default() => "unknown".to_owned(),
        None => format!("≥ {}", cost.priced_usd()),
    }
}

/// Hundredths as a decimal.
pub(in crate::report) fn hundredths(value: i64) -> String {
    let magnitude = value.unsigned_abs();
    format!("{}{}.{:02}", if value < 0 { "-" } else { "" }, magnitude / 100, magnitude % 100)
}

/// By how much a sum differs from another, with its sign; a change from or to an unknown sum is unknown.
pub(super) fn usd_change(before: &MonthlyCost, now: &MonthlyCost) -> String {
    match cost_change(before, now) {
        None => "unknown".to_owned(),
        Some(0) => "0.00".to_owned(),
        Some(cents) => {
            let sign = if cents < 0 { "-" } else { "+" };
            format!("{sign}{}", UsdCents::new(cents.unsigned_abs()))
        }
    }
}

/// By how much a sum differs from another, in cents; `None` where either is not known.
pub(super) fn cost_change(before: &MonthlyCost, now: &MonthlyCost) -> Option<i128> {
    let cents = |cost: &MonthlyCost| i128::try_from(cost.usd()?.get()).ok();
    Some(cents(now)? - cents(before)?)
}

/// The price tiers of every model and scope that the plan has a quota of, with the scope.
fn prices<'a>(input: &PlanInput<'a>, plan: &Plan) -> Vec<(&'a Model, Scope, &'a Price)> {
    let used: BTreeSet<(ModelIndex, Scope)> =
        plan.quotas.iter().map(|quota| (quota.id.model, quota.id.scope)).collect();
    let tiers = used.into_iter().flat_map(|(model, scope)| {
        let model = input.catalog.model(model);
        let prices = model.scope(scope).map_or(&[][..], |entry| &entry.prices);
        prices.iter().map(move |price| (model, scope, price))
    });
    tiers.collect()
}

/// Where and when prices were read, in words.
fn provenance(prices: &[(&Model, Scope, &Price)]) -> String {
    let regions: BTreeSet<&str> = prices.iter().map(|(_, _, price)| price.priced_in.as_str()).collect();
    let regions: Vec<&str> = regions.into_iter().filter(|region| *region != "unknown").collect();
    let dates = prices.iter().map(|(_, _, price)| price.provenance.as_of);
    let oldest = dates.min_by_key(|date| date.day());
    match oldest {
        Some(oldest) if !regions.is_empty() => {
            format!(", read for {}, the oldest of {oldest}", regions.join(" and "))
        }
        _ => String::new(),
    }
}

/// The kinds of what is billed: those of tokens, and queries where there are any.
fn kinds_shown(cost: &Cost) -> impl Iterator<Item = (TokenKind, &MonthlyCost)> {
    let all = TokenKind::ALL.into_iter().zip(&cost.by_kind);
    all.filter(|(kind, sum)| *kind != TokenKind::Query || !sum.is_nothing())
}

/// The heading, table and sentences about money.
pub(super) fn blocks(input: &PlanInput<'_>, plan: &Plan) -> Vec<Block> {
    let cost = &plan.cost;
    let period = |symbol: Option<Symbol>| symbol.map(|symbol| input.workloads.text(symbol));
    let title = |kind| match kind {
        TokenKind::Input => Column::numbers("Input"),
        TokenKind::CacheRead => Column::numbers("Cache reads"),
        TokenKind::CacheWrite => Column::numbers("Cache writes"),
        TokenKind::Output => Column::numbers("Output"),
        TokenKind::Query => Column::numbers("Queries"),
    };
    // Few plans have rerankers.
    let kinds: Vec<TokenKind> = kinds_shown(cost).map(|(kind, _)| kind).collect();
    let shown = kinds.len();
    let kinds = kinds.into_iter().map(title);
    let columns =
        std::iter::once(Column::words("US dollars a month")).chain(kinds).chain([Column::numbers("All")]);
    let row = |name: &str, by_kind: &[MonthlyCost], all: &MonthlyCost| -> Vec<String> {
        let cells = by_kind.iter().take(shown).chain([all]).map(usd);
        std::iter::once(name.to_owned()).chain(cells).collect()
    };
    let models = cost.by_model.iter().map(|model| {
        let name = &input.catalog.model(model.share.of).name;
        row(name, &model.by_kind, &model.share.monthly)
    });
    let mut rows: Vec<Vec<String>> = models.collect();
    rows.push(row("All models", &cost.by_kind, &cost.total));
    let mut sentences = Vec::new();
    if let Some(name) = period(cost.period) {
        let others = cost.by_period.iter().filter(|(other, _)| *other != cost.period);
        let others =
            others.map(|(other, sum)| format!("{} {}", period(*other).unwrap_or_default(), usd(sum)));
        let others: Vec<String> = others.collect();
        let others =
            if others.is_empty() { String::new() } else { format!(" Other periods: {}.", others.join(", ")) };
        sentences.push(format!("This is a month in {name}, the most expensive period.{others}"));
    }
    if cost.by_team.iter().any(|team| team.of.is_some()) {
        let name = |team: &CostShare<Option<Symbol>>| {
            format!("{} {}", period(team.of).unwrap_or("no team"), usd(&team.monthly))
        };
        let named: Vec<String> = cost.by_team.iter().take(TEAMS_NAMED).map(name).collect();
        let left = cost.by_team.len() - named.len();
        let more = if left == 0 { String::new() } else { format!(" and {left} more") };
        sentences.push(format!("By team: {}{more}.", named.join(", ")));
    }
    sentences.push(format!(
        "Prices come from the model table, on demand{}; they do not include discounts and taxes.",
        provenance(&prices(input, plan))
    ));
    vec![
        Block::Heading("Cost".to_owned()),
        Block::Table { columns: columns.collect(), rows: rows.into() },
        Block::Paragraph(sentences.join(" ")),
    ]
}

/// A sum, where it is known, and the part whose prices are.
fn sums(cost: impl Into<RoundedCost>) -> (Option<String>, Option<String>) {
    let cost = cost.into();
    (cost.usd().map(UsdCents::plain), Some(cost.priced_usd().plain()))
}

/// The rows of the largest period, each made when it is taken.
pub(super) fn by_workload<'a>(
    sources: &'a Sources,
    input: &'a PlanInput<'a>,
    plan: &'a Plan,
) -> impl Iterator<Item = json::WorkloadCost> + 'a {
    let text = |symbol: Symbol| input.workloads.text(symbol).to_owned();
    plan.cost_by_row(input).filter_map(move |(index, sum)| {
        let row = input.workloads.rows().get(index)?;
        let place = input.workloads.row_line(sources, row);
        let (monthly_usd, priced_monthly_usd) = sums(&sum);
        Some(json::WorkloadCost {
            workload: row.name().to_owned(),
            account: row.account().map(text).or_else(|| input.assumptions.config.account.clone()),
            file: place.boxed_file(),
            line: place.line,
            monthly_usd,
            priced_monthly_usd,
        })
    })
}

/// The cost of a plan, with the rows of the largest period as given.
pub(super) fn document<W>(input: &PlanInput<'_>, plan: &Plan, by_workload: W) -> json::Cost<W> {
    let cost = &plan.cost;
    let text = |symbol: Symbol| input.workloads.text(symbol).to_owned();
    let (monthly_usd, priced_monthly_usd) = sums(&cost.total);
    let by_period = cost.by_period.iter().map(|(period, sum)| {
        let (monthly_usd, priced_monthly_usd) = sums(sum);
        json::PeriodCost { period: period.map(text), monthly_usd, priced_monthly_usd }
    });
    let by_model = cost.by_model.iter().map(|model| {
        let (monthly_usd, priced_monthly_usd) = sums(&model.share.monthly);
        let (largest_monthly_usd, largest_priced_monthly_usd) = sums(&model.share.largest);
        json::ModelCost {
            model: input.catalog.model(model.share.of).id.clone(),
            monthly_usd,
            priced_monthly_usd,
            largest_period: model.share.largest_period.map(text),
            largest_monthly_usd,
            largest_priced_monthly_usd,
        }
    });
    let by_team = cost.by_team.iter().map(|team| {
        let (monthly_usd, priced_monthly_usd) = sums(&team.monthly);
        let (largest_monthly_usd, largest_priced_monthly_usd) = sums(&team.largest);
        json::TeamCost {
            team: team.of.map(text),
            monthly_usd,
            priced_monthly_usd,
            largest_period: team.largest_period.map(text),
            largest_monthly_usd,
            largest_priced_monthly_usd,
        }
    });
    let by_kind = kinds_shown(cost).map(|(kind, sum)| {
        let (monthly_usd, priced_monthly_usd) = sums(sum);
        json::KindCost { kind: kind.as_str().into(), monthly_usd, priced_monthly_usd }
    });
    json::Cost {
        currency: "USD".into(),
        period: cost.period.map(text),
        monthly_usd,
        priced_monthly_usd,
        by_period: by_period.collect(),
        by_model: by_model.collect(),
        by_team: by_team.collect(),
        by_workload,
        by_kind: by_kind.collect(),
        prices: prices(input, plan).into_iter().map(price_report).collect(),
    }
}

fn price_report((model, scope, price): (&Model, Scope, &Price)) -> json::Price {
    json::Price {
        model: model.id.clone(),
        scope: scope.as_str().into(),
        up_to_input: price.up_to_input.map(|limit| limit.millionths() / MILLIONTHS),
        priced_in: price.priced_in.clone(),
        source: price.provenance.source.clone(),
        as_of: price.provenance.as_of.to_string(),
    }
}
