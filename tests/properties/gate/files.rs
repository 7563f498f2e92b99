//! Random files for a gate: rows, and applied values and budgets around what the rows need.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::super::bills::{Billed, PRICED, bills, csv};
use super::super::rows::{Decimal, ONE};
use super::{Files, Strict, WORDS, cents, list, run, text};

/// The codes that only a gate says, and their severities as the guide lists them.
pub(super) const OWN: [(&str, &str); 8] = [
    ("exceeds-granted", "error"),
    ("exceeds-default", "error"),
    ("over-utilisation", "error"),
    ("quota-undetermined", "warning"),
    ("assumed-default", "note"),
    ("over-budget", "error"),
    ("budget-undetermined", "warning"),
    ("unused-budget", "warning"),
];

/// The largest number that an input may hold.
const LARGEST: u64 = 1_000_000_000_000;

/// Throws of dice that decide, once it is known what is required, what is granted.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// The next throw, below a number: a step of SplitMix64.
    fn throw(&mut self, below: u64) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below).unwrap()
    }
}

pub(super) fn dice() -> impl Strategy<Value = Dice> {
    any::<u64>().prop_map(Dice)
}

pub(super) fn strict() -> impl Strategy<Value = Strict> {
    (any::<bool>(), 0..3_usize, prop::bool::weighted(0.2)).prop_map(
        |(assume_defaults, fail_on, warn_only)| {
            // The command line takes one of the two.
            let fail_on = if warn_only { 2 } else { fail_on };
            Strict { assume_defaults, fail_on, warn_only, only_worsened: false }
        },
    )
}

/// Rows of any models, with teams, accounts and periods, of which nothing is said but in the plan.
pub(super) fn rows() -> impl Strategy<Value = Vec<Billed>> {
    bills(&PRICED, 1..=5).prop_map(|mut all| {
        for row in all.iter_mut().map(|billed| &mut billed.row) {
            let most =
                row.max_tokens.or(row.model.maximum).map_or(Decimal(u64::MAX), |max| Decimal(max * ONE));
            row.input_p95 = row.input_p95.map(|p95| p95.max(row.input));
            row.output_p95 = row.output_p95.map(|p95| p95.max(row.output).min(most));
            let least = row.output_p95.unwrap_or(row.output);
            row.output_p99 = row.output_p99.map(|p99| p99.max(least).min(most));
        }
        all
    })
}

/// A row with its rates times hundredths.
pub(super) fn scaled(billed: &Billed, hundredths: u64) -> Billed {
    let mut billed = billed.clone();
    let scale = |value: Decimal| Decimal(value.0 / 100 * hundredths + value.0 % 100 * hundredths / 100);
    let extra = billed.row.peak.map(|peak| Decimal(peak.0 - billed.row.rate.0));
    billed.row.rate = scale(billed.row.rate);
    billed.row.peak = extra.map(|extra| Decimal(billed.row.rate.0 + scale(extra).0));
    billed
}

/// Files whose applied values and budgets are around what the rows need.
pub(super) fn files(rows: &[Billed], mut dice: Dice) -> Files {
    let csv = csv(rows);
    let account = (dice.throw(3) == 0).then_some("production");
    let head = account.map(|name| format!("account = \"{name}\"\n")).unwrap_or_default();
    let free = Files { csv: csv.clone(), config: head.clone() };
    let plan = run(&free, Strict::USUAL, None).plan();
    let most = [None, None, Some(800_000), Some(500_000), Some(999_999), Some(1_000_000), Some(1)];
    let most = most[dice.throw(7)];
    let mut config = head + &granted(&plan, account, most.unwrap_or(1_000_000), &mut dice);
    config += &budgets(&plan, &mut dice);
    config += "[policy]\n";
    if let Some(most) = most {
        writeln!(config, "max_utilisation = {}", Decimal(most)).unwrap();
    }
    config += "[policy.severity]\n";
    for code in OWN.iter().map(|(code, _)| *code).chain(["max-tokens-unset", "account-daily"]) {
        // Most keep the severity they have.
        if let Some(word) = ["off", WORDS[0], WORDS[1], WORDS[2]].get(dice.throw(16)) {
            writeln!(config, "{code} = \"{word}\"").unwrap();
        }
    }
    Files { csv, config }
}

/// The quota of an account's day over all models.
const OF_A_DAY: &str = "L-E3F10727";

/// Which of the tables of applied values is an account's.
fn table_of(account: Option<&str>, configured: Option<&str>) -> usize {
    match account {
        account if account == configured => 0,
        Some("production") => 1,
        _ => 2,
    }
}

/// An applied value for most of the quotas and for most of the accounts' days.
fn granted(plan: &Value, configured: Option<&str>, most: u64, dice: &mut Dice) -> String {
    let mut tables = [String::new(), String::new(), String::new()];
    let mut seen = BTreeSet::new();
    for quota in list(plan, "quotas") {
        let (account, required) = (quota["account"].as_str(), quota["required"].as_u64().unwrap_or(1_000));
        let Some(code) = quota["code"].as_str().filter(|code| seen.insert((account, *code))) else {
            continue;
        };
        // What is required is just this share of it.
        let at_most = u64::try_from((u128::from(required) * 1_000_000).div_ceil(u128::from(most))).unwrap();
        let amount = match dice.throw(13) {
            0 | 1 => continue,
            2 => Err("\"unlimited\""),
            3 => Err("\"unknown\""),
            4 => Ok(0),
            5 => Ok(required),
            6 => Ok(required.saturating_sub(1)),
            7 => Ok(required + 1),
            8 => Ok(at_most),
            9 => Ok(at_most.saturating_sub(1)),
            10 => Ok(at_most + 1),
            11 => Ok(required / 2),
            _ => Ok(required * 2),
        };
        let amount = amount.map_or_else(str::to_owned, |amount| amount.min(LARGEST).to_string());
        let value = match dice.throw(4) {
            0 => format!("{{ value = {amount}, as_of = \"2026-10-01\" }}"),
            _ => amount,
        };
        writeln!(tables[table_of(account, configured)], "\"{code}\" = {value}").unwrap();
    }
    // A stream of its own: the throws of what follows stay what they are.
    let mut dice = Dice(!dice.0);
    for day in list(plan, "account_daily") {
        let account = day["account"].as_str();
        let tokens = |key: &str| day[key].as_u64().expect("a number");
        let (settled, billed) = (tokens("settled"), tokens("billed"));
        let amount = match dice.throw(8) {
            0 | 1 => continue,
            2 => Err("\"unlimited\""),
            3 => Err("\"unknown\""),
            4 => Ok(settled.max(billed)),
            5 => Ok(settled.max(billed).saturating_sub(1)),
            6 => Ok(settled.min(billed)),
            _ => Ok(settled / 2),
        };
        let amount = amount.map_or_else(str::to_owned, |amount| amount.min(LARGEST).to_string());
        writeln!(tables[table_of(account, configured)], "\"{OF_A_DAY}\" = {amount}").unwrap();
    }
    let [first, production, sandbox] = tables;
    format!(
        "[granted]\n{first}[accounts.production.granted]\n{production}[accounts.sandbox.granted]\n{sandbox}"
    )
}

/// Budgets for all, for teams and for models, some of which have no rows.
fn budgets(plan: &Value, dice: &mut Dice) -> String {
    let cost = &plan["cost"];
    let mut limit = |sum: &Value| {
        let cents = cents(sum).unwrap_or(1_000);
        let limit = match dice.throw(8) {
            0 | 1 => return None,
            2 => cents,
            3 => cents.saturating_sub(1),
            4 => cents + 1,
            5 => cents / 2,
            6 => cents * 2,
            _ => 0,
        };
        let limit = limit.min(u128::from(LARGEST) * 100);
        Some(format!("\"{}.{:02}\"", limit / 100, limit % 100))
    };
    let mut config = "[budget]\n".to_owned();
    if let Some(limit) = limit(&cost["priced_monthly_usd"]) {
        writeln!(config, "monthly_usd = {limit}").unwrap();
    }
    let of = |shares: &str, key: &str, name: &str| {
        let share = list(cost, shares).iter().find(|share| share[key].as_str() == Some(name));
        share.map_or(Value::Null, |share| share["largest_priced_monthly_usd"].clone())
    };
    config += "[budget.team]\n";
    for team in ["claims", "tax", "Zürich", "nobody"] {
        if let Some(limit) = limit(&of("by_team", "team", team)) {
            writeln!(config, "\"{team}\" = {limit}").unwrap();
        }
    }
    config += "[budget.model]\n";
    let models = list(plan, "quotas").iter().map(|quota| text(quota, "model"));
    let models: BTreeSet<&str> = models.chain(["anthropic.claude-opus-4-8"]).collect();
    for model in models {
        if let Some(limit) = limit(&of("by_model", "model", model)) {
            writeln!(config, "\"{model}\" = {limit}").unwrap();
        }
    }
    config
}
