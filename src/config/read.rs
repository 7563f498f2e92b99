//! From `quotaplan.toml` to a valid [`Config`], reporting every fault in one run.

use std::collections::BTreeMap;

use super::{Answer, Budget, Config, HEADROOM_MAXIMUM, Policy, Speed, Written, granted, scenario};
use crate::text::tree::{self, Convert, Fields, Node, Table, Value};
use crate::text::{Code, Diagnostics, FileId, Severity, Sources};
use crate::units::{Ratio, Seconds, TokensPerSecond, Usd};

/// The only source Region this version plans for.
const REGION: &str = "ca-central-1";

/// Answers of `[request]`, named after AWS's questions.
const ANSWERS: [&str; 10] = [
    "use_case",
    "account_manager",
    "growth",
    "monitoring",
    "retries",
    "history",
    "billing",
    "previous_provider",
    "cross_region",
    "applied_limits",
];

/// Reads a configuration file.
///
/// Every fault is added to `diagnostics`; `None` only where the file is not TOML.
pub fn parse(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> Option<Config> {
    let table = tree::parse(file, sources.file(file)?.text(), diagnostics)?;
    let mut config = Config::default();
    let mut f = Fields::new(&table);
    if let Some(node) = f.take("region")
        && let Some(region) = tree::text(node, diagnostics)
        && region != REGION
    {
        let help = format!("this version plans for calls from {REGION}: write `region = \"{REGION}\"`");
        let message = format!("`{region}` is another source Region");
        diagnostics.at(Code::OtherRegion, node.span, message, help);
    }
    config.account = f.optional("account", tree::name, diagnostics);
    set(&mut config.timezone, f.optional("timezone", tree::name, diagnostics));
    set(&mut config.headroom, f.optional("headroom", headroom, diagnostics));
    set(&mut config.confidence, f.optional("confidence", confidence, diagnostics));
    config.peak_factor = f.optional("peak_factor", peak_factor, diagnostics);
    config.speed = speed(&mut f, config.speed, diagnostics);
    set(&mut config.reserve_cache_reads, f.optional("reserve_cache_reads", tree::boolean, diagnostics));
    if let Some(table) = f.take("latency").and_then(|node| tree::as_table(node, diagnostics)) {
        for (model, span, node) in &table.entries {
            let Some(table) = tree::as_table(node, diagnostics) else {
                continue;
            };
            let mut inner = Fields::new(table);
            let value = speed(&mut inner, config.speed, diagnostics);
            inner.finish(diagnostics);
            config.latency.insert(model.clone(), Written { value, span: *span });
        }
    }
    if let Some(table) = f.take("aliases").and_then(|node| tree::as_table(node, diagnostics)) {
        for (name, _, node) in &table.entries {
            if let Some(value) = tree::name(node, diagnostics) {
                config.aliases.insert(name.clone(), Written { value, span: node.span });
            }
        }
    }
    config.granted = granted::read(&mut f, diagnostics);
    if let Some(table) = f.take("budget").and_then(|node| tree::as_table(node, diagnostics)) {
        config.budget = budget(table, diagnostics);
    }
    if let Some(table) = f.take("policy").and_then(|node| tree::as_table(node, diagnostics)) {
        policy(table, &mut config.policy, diagnostics);
    }
    if let Some(table) = f.take("request").and_then(|node| tree::as_table(node, diagnostics)) {
        let mut inner = Fields::new(table);
        for key in ANSWERS {
            config.request.extend(inner.optional(key, answer, diagnostics).map(|answer| (key, answer)));
        }
        inner.finish(diagnostics);
    }
    if let Some(node) = f.take("scenario") {
        config.scenarios = scenario::read(node, diagnostics);
    }
    f.finish(diagnostics);
    Some(config)
}

/// One text, or a table of texts by quota code or model.
fn answer(node: &Node, diagnostics: &mut Diagnostics) -> Option<Answer> {
    let Value::Table(table) = &node.value else {
        return tree::text(node, diagnostics).map(|text| Answer { all: Some(text), ..Answer::default() });
    };
    let entries = table.entries.iter();
    let by = entries.filter_map(|(name, span, node)| {
        let value = tree::text(node, diagnostics)?;
        Some((name.clone(), Written { value, span: *span }))
    });
    Some(Answer { all: None, by: by.collect() })
}

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn bounded(node: &Node, holds: fn(u64) -> bool, rule: &str, diagnostics: &mut Diagnostics) -> Option<u64> {
    let value = tree::millionths(node, diagnostics)?;
    if !holds(value) {
        diagnostics.at(
            Code::BadValue,
            node.span,
            format!("the value must be {rule}"),
            format!("write a number that is {rule}"),
        );
        return None;
    }
    Some(value)
}

fn headroom(node: &Node, diagnostics: &mut Diagnostics) -> Option<Ratio> {
    let most = |v| v <= HEADROOM_MAXIMUM * crate::units::MILLIONTHS;
    bounded(node, most, "at most 5 (0.20 is 20 %)", diagnostics).and_then(Ratio::from_millionths)
}

fn confidence(node: &Node, diagnostics: &mut Diagnostics) -> Option<Ratio> {
    bounded(node, |v| (500_000..1_000_000).contains(&v), "at least 0.5 and below 1", diagnostics)
        .and_then(Ratio::from_millionths)
}

fn peak_factor(node: &Node, diagnostics: &mut Diagnostics) -> Option<Ratio> {
    bounded(node, |v| v >= 1_000_000, "at least 1", diagnostics).and_then(Ratio::from_millionths)
}

fn usd(node: &Node, diagnostics: &mut Diagnostics) -> Option<Usd> {
    tree::millionths(node, diagnostics).and_then(Usd::from_millionths)
}

fn speed(fields: &mut Fields<'_>, default: Speed, diagnostics: &mut Diagnostics) -> Speed {
    let seconds: Convert<Seconds> = |node, d| tree::millionths(node, d).and_then(Seconds::from_millionths);
    let per_second: Convert<TokensPerSecond> =
        |node, d| bounded(node, |v| v > 0, "above 0", d).and_then(TokensPerSecond::from_millionths);
    Speed {
        seconds_to_first_token: fields
            .optional("seconds_to_first_token", seconds, diagnostics)
            .unwrap_or(default.seconds_to_first_token),
        output_tokens_per_second: fields
            .optional("output_tokens_per_second", per_second, diagnostics)
            .unwrap_or(default.output_tokens_per_second),
    }
}

fn amounts(table: &Table, diagnostics: &mut Diagnostics) -> BTreeMap<String, Written<Usd>> {
    let entries = table.entries.iter();
    entries
        .filter_map(|(name, key, node)| {
            let value = usd(node, diagnostics)?;
            Some((name.clone(), Written { value, span: *key }))
        })
        .collect()
}

fn budget(table: &Table, diagnostics: &mut Diagnostics) -> Budget {
    let mut f = Fields::new(table);
    let key = table.entries.iter().find(|(name, _, _)| name == "monthly_usd").map(|(_, key, _)| *key);
    let monthly_usd = f.take("monthly_usd").and_then(|node| {
        let value = usd(node, diagnostics)?;
        Some(Written { value, span: key.unwrap_or(node.span) })
    });
    let mut by = |key, d: &mut Diagnostics| {
        f.take(key)
            .and_then(|node| tree::as_table(node, d))
            .map(|table| amounts(table, d))
            .unwrap_or_default()
    };
    let team = by("team", diagnostics);
    let model = by("model", diagnostics);
    f.finish(diagnostics);
    Budget { monthly_usd, team, model }
}

fn policy(table: &Table, policy: &mut Policy, diagnostics: &mut Diagnostics) {
    let mut f = Fields::new(table);
    policy.max_utilisation = f.take("max_utilisation").and_then(|node| {
        let most = |value| value <= crate::units::MILLIONTHS;
        let value = bounded(node, most, "a share of at most 1 (0.80 is 80 %)", diagnostics)?;
        Some(Written { value: Ratio::from_millionths(value)?, span: node.span })
    });
    let days: Convert<i32> = |node, d| {
        let most = |millionths| millionths <= 36_500 * crate::units::MILLIONTHS;
        bounded(node, most, "at most 36500", d)?;
        tree::whole(node, d).and_then(|days| i32::try_from(days).ok())
    };
    set(&mut policy.retirement_days, f.optional("retirement_days", days, diagnostics));
    set(&mut policy.table_age_days, f.optional("table_age_days", days, diagnostics));
    policy.residency = f.optional("residency", tree::choice, diagnostics);
    policy.edition = f.optional("edition", tree::choice, diagnostics);
    if let Some(table) = f.take("severity").and_then(|node| tree::as_table(node, diagnostics)) {
        for (name, span, node) in &table.entries {
            let Ok(code) = name.parse::<Code>() else {
                let meant =
                    crate::text::suggest::did_you_mean(name, Code::ALL.iter().map(|code| code.as_str()));
                let help = if meant.is_empty() {
                    "`quotaplan guide codes` lists the codes".to_owned()
                } else {
                    meant
                };
                diagnostics.at(Code::UnknownKey, *span, format!("`{name}` is not a code"), help);
                continue;
            };
            if !code.is_configurable() {
                let message =
                    format!("`{name}` is an error in the inputs, so its severity cannot be changed");
                diagnostics.at(Code::BadValue, *span, message, "remove this line");
                continue;
            }
            let words = [
                ("error", Some(Severity::Error)),
                ("warning", Some(Severity::Warning)),
                ("note", Some(Severity::Note)),
                ("off", None),
            ];
            if let Some(severity) = tree::choice_of(node, &words, diagnostics) {
                policy.severity.insert(code, severity);
            }
        }
    }
    f.finish(diagnostics);
}
