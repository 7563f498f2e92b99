//! Laws of a migration, held against files that are split here, with arithmetic of their own.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;
use quotaplan::config::{Config, Written};
use quotaplan::engine::{
    self, Calendar, Migrated, Migration, MonthlyCost, Plan, QuotaPlan, QuotasToHold, Side, StageInterval,
    StatedMigration,
};
use quotaplan::text::{Diagnostics, FactDate, SourceFile, Span};
use quotaplan::units::{Limit, Ratio};
use quotaplan::workload::WorkloadSet;

use super::cases;
use super::facts::{Facts, MODELS};
use super::rows::{Decimal, ONE, Row, csv, rows};
use super::settings::{plan, settings, table};
use crate::support::Planned;

/// Models that generate text from ca-central-1, no two in one quota: the rows of most of them fit
/// all of them.
const MOVED: [Facts; 6] = [MODELS[0], MODELS[2], MODELS[3], MODELS[4], MODELS[6], MODELS[1]];

/// What is moved where.
#[derive(Debug, Clone)]
struct Case {
    rows: Vec<Row>,
    from: Facts,
    to: Facts,
    ratio: u64,
    stages: Vec<u32>,
}

/// A share of a number, or a multiple, rounded up to the sixth decimal.
fn part(value: Decimal, numerator: u64, denominator: u64) -> Decimal {
    let product = u128::from(value.0) * u128::from(numerator);
    Decimal(u64::try_from(product.div_ceil(u128::from(denominator))).unwrap())
}

impl Case {
    fn moves(&self, row: &Row) -> bool {
        (row.model.id, row.model.scope) == (self.from.id, self.from.scope)
    }

    /// The rows of a stage as somebody would write them.
    fn split(&self, percent: u64) -> Vec<Row> {
        let share = |row: &Row, percent| Row {
            rate: part(row.rate, percent, 100),
            peak: row.peak.map(|peak| part(peak, percent, 100)),
            ..row.clone()
        };
        let mut all = Vec::new();
        for row in &self.rows {
            if !self.moves(row) {
                all.push(row.clone());
                continue;
            }
            if percent < 100 {
                all.push(share(row, 100 - percent));
            }
            if percent > 0 {
                let tokens = |tokens| part(tokens, self.ratio, ONE);
                let new = Row {
                    name: format!("{} on the new model", row.name),
                    model: self.to,
                    input: tokens(row.input),
                    cache_read: tokens(row.cache_read),
                    cache_write: tokens(row.cache_write),
                    output: tokens(row.output),
                    input_p95: row.input_p95.map(tokens),
                    output_p95: row.output_p95.map(tokens),
                    output_p99: row.output_p99.map(tokens),
                    max_tokens: row.max_tokens.map(|max| max.min(self.to.maximum.unwrap_or(u64::MAX))),
                    ..row.clone()
                };
                all.push(share(&new, percent));
            }
        }
        all
    }
}

fn migrations() -> impl Strategy<Value = Case> {
    let pair = (0..5_usize, 0..6_usize).prop_filter("another quota", |(from, to)| from != to);
    let ratio = prop::sample::select(vec![ONE, ONE, 700_000, 1_350_001, 4_999_999]);
    let stages = prop::collection::btree_set(1_u32..100, 0..3);
    (rows(&MOVED, 1..=4), pair, ratio, stages).prop_map(|(mut rows, (from, to), ratio, stages)| {
        let (from, to) = (MOVED[from], MOVED[to]);
        // Only one model's context window holds five times as much.
        let ratio = if ratio > 2 * ONE && to.long.is_none() { 1_350_001 } else { ratio };
        if !rows.iter().any(|row| row.model.id == from.id && row.model.scope == from.scope) {
            let long = rows[0].model.long.is_some();
            let input = rows[0].input.0 % (20_000 * ONE);
            rows[0] = Row {
                model: from,
                input: if long { Decimal(input) } else { rows[0].input },
                max_tokens: rows[0].max_tokens.map(|max| max.min(from.maximum.unwrap_or(max))),
                ..rows[0].clone()
            };
        }
        for row in &mut rows {
            let longest = part(row.output, ratio, ONE).0.div_ceil(ONE);
            row.max_tokens = row.max_tokens.map(|max| max.max(longest));
        }
        Case { rows, from, to, ratio, stages: stages.into_iter().chain([100]).collect() }
    })
}

fn written<T>(value: T, planned: &Planned) -> Written<T> {
    Written { value, span: Span { file: planned.workloads.first_file(), start: 0, end: 0 } }
}

/// Two weeks between stages from a day after the plan's.
fn calendar(lead_days: u32) -> Calendar {
    Calendar { start: FactDate::parse("2027-01-31"), every: StageInterval::DEFAULT, lead_days }
}

/// Migrates what is planned.
fn migrated(case: &Case, planned: &mut Planned, assume_defaults: bool) -> Migrated {
    planned.sources.add(SourceFile::new("command line", ""));
    let name = |facts: &Facts| format!("{}/{}", facts.id, facts.scope);
    let stated = StatedMigration {
        from: written(name(&case.from), planned),
        to: written(name(&case.to), planned),
        stages: case.stages.iter().map(|percent| written(percent.to_string(), planned)).collect(),
        token_ratio: written(Ratio::from_millionths(case.ratio).unwrap(), planned),
        calendar: calendar(14),
    };
    let mut diagnostics = Diagnostics::new();
    let migration = Migration::resolve(&stated, &Config::default(), table(), &mut diagnostics);
    let held = QuotasToHold { code: None, assume_defaults };
    let found = engine::migrate(&planned.input(), &migration.unwrap(), &held, &mut diagnostics).unwrap();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    found.unwrap()
}

/// The same plan with the prices of a stage's date.
fn priced_on(date: Option<FactDate>, mut planned: Planned) -> Planned {
    planned.assumptions.priced_on = date;
    planned.plan = engine::plan(&planned.input()).unwrap();
    planned
}

fn exact(cost: &MonthlyCost) -> (BigRational, bool) {
    (cost.priced().clone(), cost.is_complete())
}

/// All figures of a plan, with names instead of symbols.
fn figures(plan: &Plan, set: &WorkloadSet) -> Vec<String> {
    let mut lines = Vec::new();
    for quota in &plan.quotas {
        let of = &quota.figures;
        let period = of.slot.period.map(|symbol| set.text(symbol));
        lines.push(quota.id.about(table()));
        lines.push(format!("  {} {} {:?} {:?}", of.steady, of.peak, of.in_flight, of.burst));
        lines.push(format!("  {:?} {:?} in {period:?} {:?}", of.formula, of.required, of.slot.hour));
        lines.push(format!("  {:?} {:?} {:?}", quota.verdict, quota.action, quota.utilisation));
        lines.push(format!("  {:?} {:?} {:?}", quota.ask, quota.lean_required, quota.lean_ask));
        lines.push(format!("  {:?} {:?}", quota.tight_max_tokens, quota.fitting_max_tokens));
        lines.extend(
            quota.alternatives.iter().map(|other| format!("  {:?} {:?}", other.rate, other.required)),
        );
    }
    for daily in &plan.account_daily {
        let hours = (daily.hour_settled_tenths, daily.hour_billed_tenths);
        lines.push(format!("{:?}: {} {} {hours:?}", daily.account, daily.settled, daily.billed));
        lines.extend(daily.shares.iter().map(|share| format!("  {share:?}")));
    }
    lines.push(format!("binding {:?}", plan.binding));
    let cost = &plan.cost;
    lines.push(format!("{:?} in {:?}", exact(&cost.total), cost.period.map(|period| set.text(period))));
    lines.extend(cost.by_period.iter().map(|(period, sum)| {
        let period = period.map(|period| set.text(period));
        format!("  {period:?} {:?}", exact(sum))
    }));
    lines.extend(cost.by_model.iter().map(|model| format!("  {:?}", exact(&model.share.monthly))));
    lines.extend(cost.by_kind.iter().map(|kind| format!("  {:?}", exact(kind))));
    lines
}

/// What the rows of a model in a scope cost that count in one of the accounts.
fn cost_of(planned: &Planned, of: &Facts, accounts: &BTreeSet<Option<String>>) -> (BigRational, bool) {
    let mut sum = (BigRational::zero(), true);
    for (index, cost) in planned.plan.cost_by_row(&planned.input()) {
        let row = &planned.workloads.rows()[index];
        let account = row.account().map(|account| planned.workloads.text(account).to_owned());
        let account = account.or_else(|| planned.assumptions.config.account.clone());
        let id = &planned.catalog.model(row.model()).id;
        if id == of.id && row.scope().as_str() == of.scope && accounts.contains(&account) {
            sum = (sum.0 + cost.priced(), sum.1 && cost.is_complete());
        }
    }
    sum
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn each_stage_is_the_plan_of_the_split_file(case in migrations(), settings in settings()) {
        let mut whole = plan(&csv(&case.rows), &settings);
        let found = migrated(&case, &mut whole, false);
        let percents: Vec<u32> = found.stages.iter().map(|stage| stage.percent).collect();
        prop_assert_eq!(&percents[..1], &[0]);
        prop_assert_eq!(&percents[1..], &case.stages);
        let accounts: BTreeSet<Option<String>> = case.rows.iter().filter(|row| case.moves(row))
            .map(|row| row.account.or(settings.account).map(str::to_owned)).collect();
        for stage in &found.stages {
            let split = priced_on(stage.date, plan(&csv(&case.split(u64::from(stage.percent))), &settings));
            prop_assert_eq!(
                figures(&stage.plan, &whole.workloads), figures(&split.plan, &split.workloads), "{} %", stage.percent
            );
            prop_assert_eq!(exact(&stage.old_cost), cost_of(&split, &case.from, &accounts));
            prop_assert_eq!(exact(&stage.new_cost), cost_of(&split, &case.to, &accounts));
        }
    }

    #[test]
    fn the_ends_are_the_plans_of_the_old_and_the_new_file(case in migrations(), settings in settings()) {
        let case = Case { ratio: ONE, ..case };
        let mut old = plan(&csv(&case.rows), &settings);
        let found = migrated(&case, &mut old, false);
        let mut rows = case.rows.clone();
        for row in rows.iter_mut().filter(|row| case.moves(row)) {
            row.model = case.to;
            row.max_tokens = row.max_tokens.map(|max| max.min(case.to.maximum.unwrap_or(max)));
        }
        let ends = [found.stages.first().unwrap(), found.stages.last().unwrap()];
        let new = priced_on(ends[1].date, plan(&csv(&rows), &settings));
        prop_assert_eq!(figures(&ends[0].plan, &old.workloads), figures(&old.plan, &old.workloads));
        prop_assert_eq!(figures(&ends[1].plan, &old.workloads), figures(&new.plan, &new.workloads));
    }

    #[test]
    fn most_is_the_largest_of_all_stages_and_asks_come_before_the_first_that_is_short(
        case in migrations(), settings in settings(), assume_defaults in any::<bool>(),
    ) {
        let mut whole = plan(&csv(&case.rows), &settings);
        let found = migrated(&case, &mut whole, assume_defaults);
        let start = calendar(14).start.unwrap();
        for (stage, weeks) in found.stages[1..].iter().zip((0..).step_by(2)) {
            prop_assert_eq!(start.days_until(stage.date.unwrap()), weeks * 7);
        }
        // Every quota of the two models that a stage's plan has is followed, and no other.
        let mut followed = 0;
        for path in &found.quotas {
            let at: Vec<Option<&QuotaPlan>> =
                (0..found.stages.len()).map(|stage| found.quota(path, stage)).collect();
            followed += at.iter().flatten().count();
            let needs = |quota: &QuotaPlan| quota.figures.required.map_or(u64::MAX, |required| required.get());
            let most = at.iter().flatten().map(|quota| needs(quota)).max();
            let peak = at.iter().position(|quota| quota.map(needs) == most);
            prop_assert_eq!(peak, Some(path.peak));
            let is_short = |quota: &&QuotaPlan| match (quota.figures.required, quota.capacity()) {
                (Some(required), Some(Limit::Amount(limit))) => required > limit,
                (Some(_), _) => false,
                (None, _) => true,
            };
            let short = at.iter().position(|quota| quota.as_ref().is_some_and(is_short));
            prop_assert_eq!(short, path.exceeds_from);
            // AWS grants no increases for a model that is Legacy.
            let side = if path.side == Side::Old { &case.from } else { &case.to };
            match short {
                _ if side.legacy => prop_assert_eq!(path.ask_by, None),
                None => prop_assert_eq!(path.ask_by, None),
                Some(0) => prop_assert_eq!(path.ask_by.unwrap().date, whole.assumptions.today),
                Some(stage) => {
                    let by = path.ask_by.unwrap();
                    prop_assert_eq!(by.date.days_until(found.stages[stage].date.unwrap()), 14);
                    prop_assert!(!by.late);
                }
            }
            let unknown = |quota: &&QuotaPlan| {
                let granted = quota.granted_limit().is_some();
                let default = quota.default_limit().filter(|_| assume_defaults).is_some();
                !granted && !default && !is_short(quota)
            };
            let look_up = at.iter().position(|quota| quota.as_ref().is_some_and(unknown));
            prop_assert_eq!(look_up, path.look_up_from);
            for other in found.others(path) {
                prop_assert!(other.side != path.side && other.id.kind == path.id.kind && other.id.account == path.id.account);
            }
        }
        let accounts: BTreeSet<_> = found.quotas.iter().map(|path| path.id.account.clone()).collect();
        let of_either = |quota: &&QuotaPlan| {
            let id = &whole.catalog.model(quota.id.model).id;
            let is = |facts: &Facts| (id.as_str(), quota.id.scope.as_str()) == (facts.id, facts.scope);
            (is(&case.from) || is(&case.to)) && accounts.contains(&quota.id.account)
        };
        let all = found.stages.iter().flat_map(|stage| &stage.plan.quotas).filter(of_either).count();
        prop_assert_eq!(followed, all);
    }

    #[test]
    fn the_way_back_is_the_limit_less_what_is_needed_now(
        case in migrations(), settings in settings(), assume_defaults in any::<bool>(),
    ) {
        let mut whole = plan(&csv(&case.rows), &settings);
        let found = migrated(&case, &mut whole, assume_defaults);
        let old: Vec<usize> = (0..found.quotas.len()).filter(|at| found.quotas[*at].side == Side::Old).collect();
        prop_assert_eq!(&found.rollback.iter().map(|back| back.quota).collect::<Vec<_>>(), &old);
        for back in &found.rollback {
            let quota = found.quota(&found.quotas[back.quota], 0).unwrap();
            prop_assert_eq!(back.required, quota.figures.required);
            let limit = quota.granted_limit().or(quota.default_limit());
            prop_assert_eq!(back.limit, limit);
            let judged = quota.granted_limit().is_some() || (assume_defaults && limit.is_some());
            let fits = match (back.required, limit) {
                (Some(required), Some(Limit::Amount(limit))) => {
                    let headroom = BigInt::from(limit.get()) - BigInt::from(required.get());
                    prop_assert_eq!(back.headroom.map(BigInt::from), Some(headroom));
                    Some(limit >= required)
                }
                (Some(_), Some(Limit::Unlimited)) => Some(true),
                _ => None,
            };
            prop_assert_eq!(back.holds, fits.filter(|_| judged));
        }
    }

    #[test]
    fn more_tokens_leave_the_old_model_alone_and_ask_more_of_the_new(case in migrations(), settings in settings()) {
        // Answers that are longer than max_tokens with more tokens would be refused.
        let mut case = case;
        for row in &mut case.rows {
            let longest = part(row.output, 1_300_000, ONE).0.div_ceil(ONE);
            row.max_tokens = row.max_tokens.map(|max| max.max(longest));
        }
        let mut planned = plan(&csv(&case.rows), &settings);
        let [less, more] =
            [ONE, 1_300_000].map(|ratio| migrated(&Case { ratio, ..case.clone() }, &mut planned, false));
        for at in 0..less.stages.len() {
            for (one, other) in less.quotas.iter().zip(&more.quotas) {
                let pair = (less.quota(one, at), more.quota(other, at));
                let (Some(one_plan), Some(other_plan)) = pair else { continue };
                prop_assert_eq!(one.side, other.side);
                if one.side == Side::Old {
                    prop_assert_eq!(one_plan.figures, other_plan.figures);
                } else {
                    prop_assert!(other_plan.figures.steady >= one_plan.figures.steady);
                    prop_assert!(other_plan.figures.peak >= one_plan.figures.peak);
                }
            }
        }
    }
}
