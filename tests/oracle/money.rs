//! The money of `guide/sizing.md` a second time, row by row, from the table's own text.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use num_bigint::BigInt;
use num_rational::BigRational as Q;
use num_traits::{One, Zero};
use proptest::prelude::*;
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue};

use super::arithmetic::{decimal, hours, mean_rate, whole};
use crate::properties::bills::{Billed, PRICED, all_input, bills, csv, half_cents};
use crate::properties::facts::Kind;
use crate::properties::rows::{Decimal, ONE};
use crate::properties::settings::{Settings, plan};
use crate::properties::{cases, summary};
use crate::support::root;

/// The kinds of what is billed, in the order of the notes.
const KINDS: [&str; 5] = ["input", "cache_read", "cache_write", "output", "query"];

/// Prices of one length of input, by their keys in the table; an unknown one is not there.
struct Tier {
    up_to_input: Option<u64>,
    prices: BTreeMap<String, Q>,
    /// The key of the writes that live shortest, of those the table states, known or not.
    shortest: Option<&'static str>,
    /// `priced_in`, `source` and `as_of`.
    provenance: [String; 3],
}

/// Prices by model and scope, as the text of the table has them.
fn tiers(id: &str, scope: &str) -> &'static [Tier] {
    static TABLE: OnceLock<BTreeMap<(String, String), Vec<Tier>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let text = std::fs::read_to_string(root().join("data/models.toml")).unwrap();
        let document = DeTable::parse(&text).unwrap();
        let mut table = BTreeMap::new();
        for model in document.get_ref().get("model").unwrap().get_ref().as_array().unwrap().iter() {
            let model = model.get_ref();
            let id = model.get("id").unwrap().get_ref().as_str().unwrap();
            for (scope, facts) in model.get("scope").unwrap().get_ref().as_table().unwrap() {
                let prices = facts.get_ref().get("price").and_then(|prices| prices.get_ref().as_array());
                let raised =
                    model.get("lifecycle").and_then(|life| life.get_ref().get("extended_access_from"));
                let raised = raised.map(|day| day.get_ref().as_str().unwrap());
                let tiers =
                    prices.into_iter().flat_map(|tiers| tiers.iter().map(|t| tier(t.get_ref(), raised)));
                table.insert((id.to_owned(), scope.get_ref().to_string()), tiers.collect());
            }
        }
        table
    });
    &table[&(id.to_owned(), scope.to_owned())]
}

/// The day the plans are made for: the newest date in the table.
const TODAY: &str = "2026-11-25";

/// A tier of a model whose price AWS raised on a day, if it did; a date without a day is the first of its month,
/// as in the order of texts.
fn tier(entry: &DeValue<'_>, raised: Option<&str>) -> Tier {
    let text = |key: &str| entry.get(key).map(|node| node.get_ref().as_str().unwrap().to_owned());
    let string = |key: &str| text(key).unwrap();
    let up_to = entry.get("up_to_input").map(|up_to| up_to.get_ref().as_integer().unwrap());
    let keys =
        ["input", "cache_read", "cache_write_5m", "cache_write_30m", "cache_write_1h", "output", "per_query"];
    let stated: Vec<(String, String)> =
        keys.iter().filter_map(|key| Some(((*key).to_owned(), text(key)?))).collect();
    let lives = ["cache_write_5m", "cache_write_30m", "cache_write_1h"];
    let shortest = lives.iter().find(|life| stated.iter().any(|(key, _)| key == *life));
    let is_over = text("promotional_until").is_some_and(|until| until.as_str() < TODAY)
        || raised.is_some_and(|raised| raised <= TODAY && string("as_of").as_str() < raised);
    let known = stated.into_iter().filter(|(_, price)| price != "unknown" && !is_over);
    Tier {
        up_to_input: up_to.map(|up_to| up_to.as_str().replace('_', "").parse().unwrap()),
        prices: known.map(|(key, price)| (key, fraction(&price))).collect(),
        shortest: shortest.copied(),
        provenance: ["priced_in", "source", "as_of"].map(string),
    }
}

/// A decimal number as text.
fn fraction(text: &str) -> Q {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{decimals}").parse().unwrap();
    Q::new(digits, BigInt::from(10).pow(u32::try_from(decimals.len()).unwrap()))
}

/// Dollars, the even cent of two equally near.
fn dollars(value: &Q) -> String {
    let (cents, half) = (value * whole(100), Q::new(1.into(), 2.into()));
    let below = cents.floor().to_integer();
    let rest = cents - Q::from(below.clone());
    let odd = &below % 2 == BigInt::one();
    let cents = match rest > half || (rest == half && odd) {
        true => below + 1,
        false => below,
    };
    format!("{}.{:0>2}", &cents / 100, (&cents % 100_i32).to_string())
}

/// A sum of money: what of it is known, and whether a price is missing.
#[derive(Clone)]
struct Sum {
    known: Q,
    missing: bool,
}

impl Sum {
    fn of<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        parts.fold(Self { known: Q::zero(), missing: false }, |sum, part| Self {
            known: sum.known + &part.known,
            missing: sum.missing || part.missing,
        })
    }

    /// Whole, and what of it is known.
    fn printed(&self) -> [Value; 2] {
        let known = Value::from(dollars(&self.known));
        [if self.missing { Value::Null } else { known.clone() }, known]
    }

    /// The largest of the periods, the first of equals; unknown where one of them is.
    fn largest(sums: &[Self]) -> (usize, Self) {
        let mut at = 0;
        for (index, sum) in sums.iter().enumerate() {
            if sum.known > sums[at].known {
                at = index;
            }
        }
        let missing = sums.iter().any(|sum| sum.missing);
        (at, Self { known: sums[at].known.clone(), missing })
    }
}

/// The tier of a row; `None` where the model has no prices.
fn tier_of(billed: &Billed) -> Option<&'static Tier> {
    let row = &billed.row;
    let mut tiers = tiers(row.model.id, row.model.scope).iter();
    tiers.find(|tier| tier.up_to_input.is_none_or(|up_to| all_input(row) <= up_to * ONE))
}

/// What a row costs a month, by kind of token.
fn costs(billed: &Billed, months: u32) -> [Sum; 5] {
    let row = &billed.row;
    let mut requests = mean_rate(row) * whole(60);
    requests *= whole(hours(row.hours).iter().filter(|on| **on).count() as u64);
    requests *= billed.days.map_or_else(|| Q::new(365.into(), 12.into()), decimal);
    for _ in 0..months {
        requests *= Q::one() + decimal(row.growth.unwrap_or_default());
    }
    let tier = tier_of(billed);
    let writes = match billed.ttl {
        Some("1h") => "cache_write_1h",
        Some("30m") => "cache_write_30m",
        Some(_) => "cache_write_5m",
        None => tier.and_then(|tier| tier.shortest).unwrap_or("cache_write_5m"),
    };
    let by_query = row.model.kind == Kind::Rerank;
    let millions = |tokens: Decimal| match by_query {
        true => Q::zero(),
        false => &requests * decimal(tokens) / whole(1_000_000),
    };
    let amounts = [
        ("input", millions(row.input)),
        ("cache_read", millions(row.cache_read)),
        (writes, millions(row.cache_write)),
        ("output", millions(row.output)),
        ("per_query", if by_query { requests.clone() } else { Q::zero() }),
    ];
    amounts.map(|(key, tokens)| {
        match tier.and_then(|tier| tier.prices.get(key)) {
            Some(price) => Sum { known: tokens * price, missing: false },
            // Nothing costs nothing at any price.
            None => Sum { known: Q::zero(), missing: !tokens.is_zero() },
        }
    })
}

/// The bill of some rows.
struct Bill<'a> {
    rows: &'a [Billed],
    costs: Vec<[Sum; 5]>,
    periods: Vec<Option<&'static str>>,
    account: Option<&'static str>,
}

impl<'a> Bill<'a> {
    fn new(rows: &'a [Billed], settings: &Settings) -> Self {
        let named = rows.iter().filter_map(|billed| billed.row.period);
        let mut periods: Vec<Option<&'static str>> = named.map(Some).collect();
        periods.sort_unstable();
        periods.dedup();
        if periods.is_empty() {
            periods.push(None);
        }
        let costs = rows.iter().map(|billed| costs(billed, settings.months)).collect();
        Self { rows, costs, periods, account: settings.account }
    }

    /// The rows of a period, with their place in the file.
    fn active(&self, period: Option<&str>) -> impl Iterator<Item = (usize, &Billed, &[Sum; 5])> {
        let rows = self.rows.iter().zip(&self.costs).enumerate();
        let rows = rows.map(|(index, (billed, costs))| (index, billed, costs));
        rows.filter(move |(_, billed, _)| billed.row.period.is_none() || billed.row.period == period)
    }

    /// The sum of some rows in each period.
    fn by_period(&self, of: impl Fn(&Billed) -> bool) -> Vec<Sum> {
        let sums = self.periods.iter().map(|period| {
            let rows = self.active(*period).filter(|(_, billed, _)| of(billed));
            Sum::of(rows.flat_map(|(_, _, costs)| costs))
        });
        sums.collect()
    }

    /// The sums of the rows of each name, in the period `at` and at their largest.
    fn groups(&self, key: &str, name: impl Fn(&Billed) -> Option<&'static str>, at: usize) -> Value {
        let mut names: Vec<_> = self.rows.iter().map(&name).collect();
        names.sort_unstable();
        names.dedup();
        let groups = names.into_iter().map(|own| {
            let sums = self.by_period(|billed| name(billed) == own);
            let (largest, most) = Sum::largest(&sums);
            let ([usd, known], [most_usd, most_known]) = (sums[at].printed(), most.printed());
            json!({
                key: own, "monthly_usd": usd, "priced_monthly_usd": known,
                "largest_period": self.periods[largest],
                "largest_monthly_usd": most_usd, "largest_priced_monthly_usd": most_known,
            })
        });
        groups.collect()
    }

    /// `cost` of the report, but for the prices.
    fn report(&self) -> Value {
        let sums = self.by_period(|_| true);
        let (at, largest) = Sum::largest(&sums);
        let period = self.periods[at];
        let [usd, known] = largest.printed();
        let by_period = self.periods.iter().zip(&sums).map(|(period, sum)| {
            let [usd, known] = sum.printed();
            json!({ "period": period, "monthly_usd": usd, "priced_monthly_usd": known })
        });
        let by_workload = self.active(period).map(|(index, billed, costs)| {
            let [usd, known] = Sum::of(costs.iter()).printed();
            json!({
                "workload": billed.row.name, "account": billed.row.account.or(self.account),
                "line": index + 2, "monthly_usd": usd, "priced_monthly_usd": known,
            })
        });
        let by_kind = KINDS.iter().enumerate().filter_map(|(kind, name)| {
            let sum = Sum::of(self.active(period).map(|(_, _, costs)| &costs[kind]));
            // Queries are listed where there is anything to pay for them.
            let is_listed = *name != "query" || sum.missing || !sum.known.is_zero();
            let [usd, known] = sum.printed();
            is_listed.then(|| json!({ "kind": name, "monthly_usd": usd, "priced_monthly_usd": known }))
        });
        json!({
            "currency": "USD", "period": period, "monthly_usd": usd, "priced_monthly_usd": known,
            "by_period": by_period.collect::<Value>(),
            "by_model": self.groups("model", |billed| Some(billed.row.model.id), at),
            "by_team": self.groups("team", |billed| billed.team, at),
            "by_workload": by_workload.collect::<Value>(),
            "by_kind": by_kind.collect::<Value>(),
        })
    }
}

/// Every figure of the report, and where each price that was used comes from.
fn compare(rows: &[Billed], settings: &Settings) {
    let report: Value = serde_json::from_str(&summary::json(&plan(&csv(rows), settings))).unwrap();
    let mut cost = report["cost"].clone();
    let prices = cost.as_object_mut().unwrap().remove("prices").unwrap();
    assert_eq!(cost, Bill::new(rows, settings).report());
    for billed in rows {
        let Some(tier) = tier_of(billed) else { continue };
        let [priced_in, source, as_of] = &tier.provenance;
        let wanted = json!({
            "model": billed.row.model.id, "scope": billed.row.model.scope,
            "up_to_input": tier.up_to_input, "priced_in": priced_in, "source": source, "as_of": as_of,
        });
        assert!(prices.as_array().unwrap().contains(&wanted), "{wanted} is not among {prices}");
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    (prop::sample::select(vec![0, 0, 1, 12]), prop::option::of(Just("production")))
        .prop_map(|(months, account)| Settings { months, account, ..Settings::default() })
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn bills_agree_with_the_second_implementation(rows in bills(&PRICED, 1..=6), settings in settings()) {
        compare(&rows, &settings);
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn half_cents_go_to_the_even_cent(rows in half_cents(), settings in settings()) {
        compare(&rows, &settings);
    }
}
