//! Laws of the money: what adds up, what scales, what does not matter, and what is not known.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use num_traits::Zero;
use proptest::prelude::*;
use quotaplan::catalog::{Price, Scope};
use quotaplan::engine::{MonthlyCost, TokenKind};
use quotaplan::text::Code;
use quotaplan::units::Fact;

use super::bills::{Billed, PLAIN, PRICED, bills, csv};
use super::cases;
use super::facts::Facts;
use super::forms::halves;
use super::rows::Decimal;
use super::settings::{Settings, plan, table};
use crate::support::Planned;

/// A sum: its known part, exact, and whether that is all.
type Exact = (Q, bool);

fn exact(cost: &MonthlyCost) -> Exact {
    (cost.priced().clone(), cost.is_complete())
}

fn times(value: &Q, factor: u32) -> Q {
    value * Q::from(BigInt::from(factor))
}

/// The known parts added up, and whether all are known.
fn added<'a>(parts: impl IntoIterator<Item = &'a MonthlyCost>) -> Exact {
    parts.into_iter().map(exact).fold((Q::zero(), true), |sum, part| (sum.0 + part.0, sum.1 && part.1))
}

/// Every sum of a plan but those of single rows, by name.
fn sums(planned: &Planned) -> BTreeMap<String, Exact> {
    let cost = &planned.plan.cost;
    let text = |symbol| planned.workloads.text(symbol);
    let mut sums = BTreeMap::new();
    sums.insert(format!("all, in {:?}", cost.period.map(text)), exact(&cost.total));
    for (period, sum) in &cost.by_period {
        sums.insert(format!("period {:?}", period.map(text)), exact(sum));
    }
    for (kind, sum) in TokenKind::ALL.iter().zip(&cost.by_kind) {
        sums.insert(format!("kind {}", kind.as_str()), exact(sum));
    }
    for model in &cost.by_model {
        let id = &planned.catalog.model(model.share.of).id;
        sums.insert(format!("model {id}"), exact(&model.share.monthly));
        let period = model.share.largest_period.map(text);
        sums.insert(format!("model {id} at most, in {period:?}"), exact(&model.share.largest));
        for (kind, sum) in TokenKind::ALL.iter().zip(&model.by_kind) {
            sums.insert(format!("model {id} {}", kind.as_str()), exact(sum));
        }
    }
    for team in &cost.by_team {
        let name = team.of.map(text);
        sums.insert(format!("team {name:?}"), exact(&team.monthly));
        let period = team.largest_period.map(text);
        sums.insert(format!("team {name:?} at most, in {period:?}"), exact(&team.largest));
    }
    sums
}

/// What each row of the largest period costs, by its place in the file.
fn by_row(planned: &Planned) -> Vec<(usize, Exact)> {
    planned.plan.cost_by_row(&planned.input()).map(|(index, cost)| (index, exact(&cost))).collect()
}

/// Plans rows with twelve months of growth where they grow.
fn grown(rows: &[Billed]) -> Planned {
    plan(&csv(rows), &Settings { months: 12, ..Settings::default() })
}

fn changed(rows: &[Billed], change: impl Fn(&mut Billed)) -> Vec<Billed> {
    let mut rows = rows.to_vec();
    rows.iter_mut().for_each(change);
    rows
}

/// The rows in one period, each with a name of its own.
fn placed(rows: &[Billed], name: &str, period: Option<&'static str>) -> Vec<Billed> {
    let mut rows = changed(rows, |billed| billed.row.period = period);
    rows.iter_mut().enumerate().for_each(|(index, billed)| billed.row.name = format!("{name}{index}"));
    rows
}

fn at_rate(billed: &mut Billed, factor: u64) {
    billed.row.rate.0 *= factor;
    billed.row.peak = billed.row.peak.map(|peak| Decimal(peak.0 * factor));
}

/// A row of a model that has no price of cache writes, all else of which is priced.
fn unpriced_writes() -> impl Strategy<Value = Billed> {
    static MODEL: [Facts; 1] = [PRICED[6]];
    let tokens = |billed: &mut Billed| {
        at_rate(billed, 0);
        billed.row.rate = Decimal(1);
        billed.row.peak = None;
        billed.row.cache_write = Decimal(1);
        billed.row.name = "unpriced".to_owned();
        billed.team = Some("unpriced");
    };
    bills(&MODEL, 1..=1).prop_map(move |rows| changed(&rows, tokens).remove(0))
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn every_breakdown_adds_up_to_the_total(rows in bills(&PRICED, 1..=6)) {
        let planned = grown(&rows);
        let cost = &planned.plan.cost;
        let total = cost.by_period.iter().find(|(period, _)| *period == cost.period).unwrap();
        let total = exact(&total.1);
        let rows: Vec<_> = planned.plan.cost_by_row(&planned.input()).collect();
        prop_assert_eq!(&added(cost.by_model.iter().map(|model| &model.share.monthly)), &total);
        prop_assert_eq!(&added(cost.by_team.iter().map(|team| &team.monthly)), &total);
        prop_assert_eq!(&added(&cost.by_kind), &total);
        prop_assert_eq!(&added(rows.iter().map(|(_, cost)| cost)), &total);
        for model in &cost.by_model {
            prop_assert_eq!(added(&model.by_kind), exact(&model.share.monthly));
        }
        for (kind, sum) in cost.by_kind.iter().enumerate() {
            prop_assert_eq!(added(cost.by_model.iter().map(|model| &model.by_kind[kind])), exact(sum));
        }
    }

    #[test]
    fn the_total_is_the_largest_period_and_unknown_where_one_is(rows in bills(&PRICED, 1..=6)) {
        let planned = grown(&rows);
        let cost = &planned.plan.cost;
        let most = cost.by_period.iter().map(|(_, sum)| sum.priced()).max().unwrap();
        prop_assert_eq!(cost.total.priced(), most);
        let first = cost.by_period.iter().find(|(_, sum)| sum.priced() == most).unwrap();
        prop_assert_eq!(cost.period, first.0);
        let complete = cost.by_period.iter().all(|(_, sum)| sum.is_complete());
        prop_assert_eq!(cost.total.is_complete(), complete);
        prop_assert_eq!(planned.plan.findings.iter().all(|finding| finding.code != Code::UnknownPrice), complete);
        for share in cost.by_model.iter().map(|model| &model.share) {
            prop_assert!(share.largest.priced() >= share.monthly.priced());
            prop_assert!(share.monthly.is_complete() || !share.largest.is_complete());
        }
    }

    #[test]
    fn a_row_in_two_halves_costs_the_same(
        rows in bills(&PRICED, 1..=4), at in any::<prop::sample::Index>(), part in 0_u64..=1_000,
    ) {
        let at = at.index(rows.len());
        let mut split = rows.clone();
        let parts = halves(&rows[at].row, part).map(|row| Billed { row, ..rows[at].clone() });
        split.splice(at..=at, parts);
        prop_assert_eq!(sums(&grown(&rows)), sums(&grown(&split)));
    }

    #[test]
    fn twice_the_rates_cost_twice_as_much(rows in bills(&PRICED, 1..=5)) {
        let (once, twice) = (grown(&rows), grown(&changed(&rows, |billed| at_rate(billed, 2))));
        let doubled = |(sum, complete): Exact| (times(&sum, 2), complete);
        let wanted: BTreeMap<_, _> = sums(&once).into_iter().map(|(name, sum)| (name, doubled(sum))).collect();
        prop_assert_eq!(sums(&twice), wanted);
        let wanted: Vec<_> = by_row(&once).into_iter().map(|(row, sum)| (row, doubled(sum))).collect();
        prop_assert_eq!(by_row(&twice), wanted);
    }

    #[test]
    fn writes_kept_for_an_hour_cost_no_less_and_change_nothing_else(rows in bills(&PRICED, 1..=4)) {
        // One period: with several, another may be the largest.
        let rows = placed(&rows, "w", None);
        let with = |ttl| grown(&changed(&rows, |billed| billed.ttl = Some(ttl)));
        let [minutes, hour] = [with("5m"), with("1h")];
        let pairs = minutes.plan.cost.by_model.iter().zip(&hour.plan.cost.by_model);
        for (minutes, hour) in pairs {
            for kind in TokenKind::ALL {
                let at = TokenKind::ALL.iter().position(|k| *k == kind).unwrap();
                let [minutes, hour] = [&minutes.by_kind[at], &hour.by_kind[at]];
                match kind {
                    TokenKind::CacheWrite if !minutes.is_complete() || !hour.is_complete() => {}
                    TokenKind::CacheWrite => prop_assert!(hour.priced() >= minutes.priced()),
                    _ => prop_assert_eq!(exact(hour), exact(minutes)),
                }
            }
        }
    }

    #[test]
    fn names_and_order_do_not_matter(
        (rows, order) in bills(&PRICED, 2..=5).prop_flat_map(|rows| {
            let order: Vec<usize> = (0..rows.len()).collect();
            (Just(rows), Just(order).prop_shuffle())
        }),
    ) {
        let planned = grown(&rows);
        let renamed = grown(&changed(&rows, |billed| billed.row.name = format!("a{}", billed.row.name)));
        prop_assert_eq!(sums(&renamed), sums(&planned));
        prop_assert_eq!(by_row(&renamed), by_row(&planned));
        let moved: Vec<Billed> = order.iter().map(|&index| rows[index].clone()).collect();
        let moved = grown(&moved);
        prop_assert_eq!(sums(&moved), sums(&planned));
        let mut back: Vec<_> = by_row(&moved).into_iter().map(|(at, sum)| (order[at], sum)).collect();
        back.sort_by_key(|(at, _)| *at);
        prop_assert_eq!(back, by_row(&planned));
    }

    #[test]
    fn a_row_of_one_period_changes_no_other(rows in bills(&PRICED, 2..=5), more in bills(&PRICED, 1..=1)) {
        let mut rows = rows;
        rows.extend(placed(&more, "november", Some("november")));
        let before = grown(&rows);
        rows.extend(placed(&more, "april", Some("april")));
        let after = grown(&rows);
        let others = |planned: &Planned| {
            let periods = planned.plan.cost.by_period.iter();
            let named = periods.map(|(period, sum)| (planned.workloads.text(period.unwrap()).to_owned(), exact(sum)));
            named.filter(|(period, _)| period != "april").collect::<Vec<_>>()
        };
        prop_assert_eq!(others(&after), others(&before));
    }

    #[test]
    fn nothing_costs_nothing_and_needs_no_price(rows in bills(&PRICED, 1..=4), extra in bills(&PRICED, 1..=4)) {
        // Without a period: a season of idle rows alone would be one more.
        let idle = changed(&placed(&extra, "idle", None), |billed| at_rate(billed, 0));
        for (_, sum) in sums(&grown(&idle)) {
            prop_assert_eq!(sum, (Q::zero(), true));
        }
        let (before, after) = (sums(&grown(&rows)), sums(&grown(&[rows, idle].concat())));
        for (name, sum) in &before {
            prop_assert_eq!(after.get(name), Some(sum), "{}", name);
        }
    }

    #[test]
    fn an_unknown_price_leaves_open_what_needs_it_alone(
        rows in bills(&PLAIN, 1..=4), unpriced in unpriced_writes(),
    ) {
        // Of these models everything has a price but cache writes of half an hour.
        let rows = changed(&rows, |billed| {
            if billed.ttl == Some("30m") {
                billed.ttl = None;
            }
        });
        let planned = grown(&[rows, vec![unpriced.clone()]].concat());
        let cost = &planned.plan.cost;
        let text = |symbol| planned.workloads.text(symbol);
        // The row is in every period where it names none.
        let within = |period: Option<&str>| unpriced.row.period.is_none() || unpriced.row.period == period;
        let shown = within(cost.period.map(text));
        prop_assert_eq!(cost.total.usd(), None);
        for (period, sum) in &cost.by_period {
            prop_assert_eq!(sum.usd().is_none(), within(period.map(text)));
        }
        for (kind, sum) in TokenKind::ALL.iter().zip(&cost.by_kind) {
            prop_assert_eq!(sum.usd().is_none(), shown && *kind == TokenKind::CacheWrite);
        }
        for model in &cost.by_model {
            let own = planned.catalog.model(model.share.of).id == unpriced.row.model.id;
            prop_assert_eq!(model.share.monthly.usd().is_none(), own && shown);
            prop_assert_eq!(model.share.largest.usd().is_none(), own);
        }
        for team in &cost.by_team {
            let own = team.of.map(text) == unpriced.team;
            prop_assert_eq!(team.monthly.usd().is_none(), own && shown);
            prop_assert_eq!(team.largest.usd().is_none(), own);
        }
        for (row, sum) in planned.plan.cost_by_row(&planned.input()) {
            prop_assert_eq!(sum.usd().is_none(), planned.workloads.rows()[row].name() == unpriced.row.name);
        }
    }
}

/// The prices of a tier that the money rests on.
fn of_tier(price: &Price) -> [Fact<quotaplan::units::UsdPerMillion>; 5] {
    [price.input, price.cache_read, price.cache_write_5m, price.cache_write_1h, price.output]
}

/// Whether every price of one tier is a tenth above that of the other.
fn a_tenth_above(us: &Price, global: &Price) -> bool {
    let mut pairs = of_tier(us).into_iter().zip(of_tier(global));
    pairs.all(|pair| match pair {
        (Fact::Known(us), Fact::Known(global)) => us.millionths() * 10 == global.millionths() * 11,
        (us, global) => us == global,
    })
}

#[test]
fn us_costs_a_tenth_more_than_global_where_its_prices_do() {
    let header = "workload,model,scope,requests_per_minute,input_tokens,cache_read_tokens,cache_write_tokens,\
                  cache_ttl,output_tokens,max_tokens\n";
    let mut texts = [header.to_owned(), header.to_owned()];
    for model in table().models() {
        let (Some(us), Some(global)) = (model.scope(Scope::Us), model.scope(Scope::Global)) else { continue };
        // What AWS bills in extended access, and once a promised price is over, is not known.
        let is_raised = model.lifecycle.as_ref().is_some_and(|life| life.extended_access_from.is_some());
        let mut above = 0;
        for (of_us, of_global) in us.prices.iter().zip(&global.prices) {
            // A tier may begin where the context window ends.
            let fits = model
                .context_window
                .known()
                .is_none_or(|window| window.millionths() > (above + 31) * 1_000_000);
            let is_priced = of_us.input.known().is_some() && of_us.promotion.is_none() && !is_raised;
            if fits && is_priced && a_tenth_above(of_us, of_global) {
                let id = &model.id;
                for (text, scope) in texts.iter_mut().zip(["us", "global"]) {
                    for cells in ["11,13,5m", "11,13,1h", "0,0,"] {
                        let line = text.lines().count();
                        *text += &format!("w{line},{id},{scope},3,{},{cells},17,100\n", above + 7);
                    }
                }
            }
            above = of_us.up_to_input.map_or(0, |limit| limit.millionths() / 1_000_000);
        }
    }
    let [us, global] = texts.map(|text| plan(&text, &Settings::default()));
    let (us, global) = (by_row(&us), by_row(&global));
    assert!(us.len() > 80 && us.len() == global.len(), "{} rows", us.len());
    for ((_, us), (_, global)) in us.iter().zip(&global) {
        assert_eq!((times(&us.0, 10), us.1), (times(&global.0, 11), global.1));
        assert!(!us.0.is_zero());
    }
    assert!(us.iter().filter(|(_, us)| us.1).count() > 50, "most are known");
}

/// No requests in a month need no price, as no requests in a minute need none.
#[test]
fn a_row_of_no_days_needs_no_price() {
    let text = "workload,model,scope,requests_per_minute,input_tokens,output_tokens,days_per_month\n\
                never,amazon.nova-lite-v1:0,ca,1,1,1,0\n";
    for (name, sum) in sums(&plan(text, &Settings::default())) {
        assert_eq!(sum, (Q::zero(), true), "{name}");
    }
}
