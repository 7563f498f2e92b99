//! The prices of the model table, read line by line and apart from the product's own reader.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use num_bigint::BigInt;
use num_rational::BigRational as Q;

use super::OVERLAY;
use crate::support::root;

/// Price tiers: the longest input of each, and its prices by key.
type Tiers = Vec<(Option<u64>, BTreeMap<String, String>)>;

/// Tiers by model and scope.
pub(super) type Prices = BTreeMap<(String, String), Tiers>;

/// The table's prices with those of the overlay over them.
pub(super) fn prices() -> &'static Prices {
    static PRICES: OnceLock<Prices> = OnceLock::new();
    PRICES.get_or_init(|| {
        let mut prices = Prices::new();
        read(&std::fs::read_to_string(root().join("data/models.toml")).expect("the table"), &mut prices);
        read(OVERLAY, &mut prices);
        prices
    })
}

fn read(text: &str, prices: &mut Prices) {
    let mut own = Prices::new();
    let (mut id, mut scope) = (String::new(), None);
    for line in text.lines() {
        if line.starts_with('[') {
            let price = line.strip_prefix("[[model.scope.").and_then(|rest| rest.strip_suffix(".price]]"));
            scope = price.map(str::to_owned);
            if let Some(scope) = &scope {
                own.entry((id.clone(), scope.clone())).or_default().push((None, BTreeMap::new()));
            }
        } else if let Some((key, value)) = line.split_once(" = ") {
            let value = value.trim_matches('"').replace('_', "");
            match (&scope, key) {
                (None, "id") => id = value.replace("\"", ""),
                (Some(scope), _) => {
                    let tiers = own.get_mut(&(id.clone(), scope.clone())).unwrap();
                    let tier = tiers.last_mut().unwrap();
                    match key {
                        "up_to_input" => tier.0 = Some(value.parse().unwrap()),
                        _ => drop(tier.1.insert(key.to_owned(), value)),
                    }
                }
                _ => {}
            }
        }
    }
    prices.extend(own);
}

/// A decimal such as `1.375`, exact.
pub(super) fn decimal(text: &str) -> Q {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let power = u32::try_from(fraction.len()).unwrap();
    Q::new(format!("{whole}{fraction}").parse::<BigInt>().unwrap(), BigInt::from(10).pow(power))
}

/// Tokens of a request by the key of their price.
pub(super) struct Tokens {
    pub(super) input: u64,
    pub(super) output: u64,
    pub(super) cache_read: u64,
    pub(super) cache_write: u64,
}

/// US dollars a month of so many requests per minute, all day in a mean month; `None` where a price
/// that is needed is not known.
pub(super) fn monthly(id: &str, scope: &str, rate: u64, tokens: &Tokens) -> Option<Q> {
    let none = Tiers::new();
    let tiers = prices().get(&(id.to_owned(), scope.to_owned())).unwrap_or(&none);
    let all = tokens.input + tokens.cache_read + tokens.cache_write;
    let tier = tiers.iter().find(|(limit, _)| limit.is_none_or(|limit| all <= limit));
    let mut sum = Q::from(BigInt::from(0));
    for (key, count) in [
        ("input", tokens.input),
        ("output", tokens.output),
        ("cache_read", tokens.cache_read),
        ("cache_write_5m", tokens.cache_write),
    ] {
        if count * rate > 0 {
            let price = tier?.1.get(key).filter(|price| *price != "unknown")?;
            sum += decimal(price) * Q::from(BigInt::from(count));
        }
    }
    // 60 minutes, 24 hours, 365/12 days; prices are per million tokens.
    let minutes = Q::new(BigInt::from(60 * 24 * 365), BigInt::from(12));
    Some(sum * minutes * Q::from(BigInt::from(rate)) / Q::from(BigInt::from(1_000_000)))
}
