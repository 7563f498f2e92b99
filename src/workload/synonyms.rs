//! Other people's names of columns: which column of `workloads.csv` a name such as `RPM`, `Avg input
//! tokens` or `Model ID` stands for.
//!
//! Nothing is planned from a column under such a name: an error names the column, the rows are judged as
//! if it were renamed, and the person renames it.

use super::Column;

/// A column that a foreign name probably stands for, and what to mind when renaming it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) column: Column,
    /// Whether it is a profile, which names a model where no other column does.
    pub(super) profile: bool,
    /// What to do with the values, where the name says another unit.
    pub(super) caution: Option<&'static str>,
}

/// A word of a name, without regard to how it is written.
fn canonical(word: &str) -> Option<&str> {
    Some(match word {
        "req" | "reqs" | "request" | "requests" | "invocation" | "invocations" | "query" | "queries"
        | "rate" | "requête" | "requêtes" | "requetes" => "requests",
        "call" | "calls" => "calls",
        "min" | "mins" | "minute" | "minutes" => "minute",
        "sec" | "secs" | "s" | "second" | "seconds" => "second",
        "hr" | "hrs" | "h" | "hour" | "hours" | "hourly" | "heure" => "hour",
        "day" | "days" | "daily" | "d" | "jour" => "day",
        "month" | "months" | "monthly" | "mo" | "mois" => "month",
        "ms" | "millis" | "millisecond" | "milliseconds" => "ms",
        "tok" | "toks" | "tkn" | "tkns" | "token" | "tokens" | "jeton" | "jetons" => "tokens",
        "in" | "input" | "inputs" | "prompt" | "prompts" | "entrée" | "entree" => "input",
        "out" | "output" | "outputs" | "completion" | "completions" | "generated" | "response" | "answer"
        | "sortie" => "output",
        "peak" | "busiest" | "burst" | "pointe" => "peak",
        "max" | "maximum" | "limit" => "max",
        "user" | "users" | "seat" | "seats" | "employees" | "people" | "headcount" | "dau"
        | "utilisateurs" => "users",
        "modèle" | "modele" | "modelid" | "llm" => "model",
        "cached" | "cache" | "caching" => "cache",
        "read" | "reads" | "hit" | "hits" => "read",
        "write" | "writes" | "creation" | "written" => "write",
        "latency" | "duration" | "elapsed" => "latency",
        "multiplier" | "ratio" | "factor" => "factor",
        "percentile" | "pctl" | "pct" | "quantile" | "p" => "percentile",
        "95th" => "95",
        "90th" => "90",
        "50th" | "median" => "50",
        "99th" => "99",
        "avg" | "average" | "mean" | "expected" | "est" | "estimated" | "projected" | "typical"
        | "number" | "no" | "num" | "nr" | "count" | "of" | "the" | "a" | "an" | "each" | "total" | "and"
        | "moyenne" | "moyen" | "de" | "en" => return None,
        other => other,
    })
}

/// The words of a name: at spaces, punctuation, and where capitals or numbers begin.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let capital = c.is_uppercase() && (before.is_lowercase() || before.is_numeric());
        // `p95` is one word.
        let number = c.is_numeric() && before.is_alphabetic() && !matches!(before, 'p' | 'P');
        if !c.is_alphanumeric() || capital || number {
            words.push(std::mem::take(&mut word));
        }
        match c {
            '/' => words.push("per".to_owned()),
            '%' => words.push("percent".to_owned()),
            c if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            _ => {}
        }
        before = c;
    }
    words.push(word);
    // What people abbreviate, in words.
    let spelt = words.iter().flat_map(|word| match word.as_str() {
        "rpm" => vec!["requests", "per", "minute"],
        "rps" | "qps" => vec!["requests", "per", "second"],
        "rph" => vec!["requests", "per", "hour"],
        "rpd" => vec!["requests", "per", "day"],
        "p50" => vec!["percentile", "50"],
        "p90" => vec!["percentile", "90"],
        "p95" => vec!["percentile", "95"],
        "p99" => vec!["percentile", "99"],
        other => vec![other],
    });
    spelt.filter(|word| !word.is_empty()).filter_map(|word| canonical(word).map(str::to_owned)).collect()
}

/// Whether a name is that of a figure which no column takes, however near its spelling comes to one:
/// a count of a month, or a rate of tokens.
pub(super) fn has_no_column(name: &str) -> bool {
    let words = words(name);
    let has = |some: &[&str]| some.iter().any(|word| words.iter().any(|own| own == word));
    has(&["requests", "calls"]) && has(&["month", "week", "weekly", "year", "yearly"])
        || has(&["tokens"]) && has(&["minute", "second", "hour", "day", "month"])
}

/// The column that a name which is none of ours probably stands for.
pub(super) fn meant(name: &str) -> Option<Meant> {
    let squashed = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let own = squashed(name);
    // Our own names with other spaces, dashes and capitals, with or without a unit in brackets.
    let bare = squashed(name.split(['(', '[']).next().unwrap_or_default());
    let named = |text: &str| Column::ALL.iter().copied().find(|column| squashed(column.name()) == text);
    let words = words(name);
    // What stands in brackets may say more than a unit, such as a percentile.
    let column = named(&own).or_else(|| by_words(&words)).or_else(|| named(&bare))?;
    let has = |word: &str| words.iter().any(|own| own == word);
    let caution = match column {
        Column::LatencySeconds if has("ms") => Some("divide milliseconds by 1000"),
        Column::GrowthPerMonth if has("percent") => Some("5 % is 0.05"),
        Column::InputTokens | Column::OutputTokens | Column::CacheReadTokens | Column::CacheWriteTokens
            if has("k") || has("thousand") || has("thousands") || has("000s") =>
        {
            Some("write single tokens, not thousands")
        }
        _ => None,
    };
    Some(Meant { column, profile: has("profile"), caution })
}

fn by_words(words: &[String]) -> Option<Column> {
    let has = |word: &str| words.iter().any(|own| own == word);
    let any = |some: &[&str]| some.iter().any(|word| has(word));
    let rate = has("requests") || has("calls");
    let column = if has("percentile") || any(&["50", "90", "95", "99"]) {
        return percentile(&has, rate);
    } else if has("cache") {
        match (has("ttl") || has("life"), has("read"), has("write")) {
            (true, ..) => Column::CacheTtl,
            (_, true, false) => Column::CacheReadTokens,
            (_, false, true) => Column::CacheWriteTokens,
            // Cached input is what is read from the cache.
            (_, false, false) if has("input") || has("tokens") => Column::CacheReadTokens,
            _ => return None,
        }
    } else if has("peak") && has("factor") {
        Column::PeakFactor
    } else if has("latency") || (has("output") && has("time")) {
        Column::LatencySeconds
    } else if has("growth") {
        Column::GrowthPerMonth
    } else if has("tokens") && has("minute") {
        // A rate of tokens is no column: tokens are stated for one request.
        return None;
    } else if has("max") && (has("tokens") || has("output")) {
        Column::MaxTokens
    } else if has("input") && !has("max") {
        Column::InputTokens
    } else if has("output") {
        Column::OutputTokens
    } else if has("users") && rate {
        match (has("hour"), has("day")) {
            (true, false) => Column::RequestsPerUserPerHour,
            (false, true) => Column::RequestsPerUserPerDay,
            _ => return None,
        }
    } else if has("calls") && has("requests") {
        Column::CallsPerRequest
    } else if has("peak") && has("minute") || rate && (has("peak") || has("max")) {
        // The busiest minute is a figure of a minute.
        if any(&["second", "hour", "day", "month"]) {
            return None;
        }
        Column::PeakRequestsPerMinute
    } else if rate {
        match (has("second"), has("minute"), has("hour"), has("day"), has("month")) {
            (true, false, false, false, false) => Column::RequestsPerSecond,
            (false, true, false, false, false) => Column::RequestsPerMinute,
            (false, false, true, false, false) => Column::RequestsPerHour,
            (false, false, false, true, false) => Column::RequestsPerDay,
            _ => return None,
        }
    } else if has("users") {
        Column::Users
    } else if has("day") && has("month") {
        Column::DaysPerMonth
    } else if has("active") && has("hour") || words == ["hour"] || words == ["business", "hour"] {
        Column::ActiveHours
    } else if has("model") {
        Column::Model
    } else if any(&["scope", "geography", "geo", "routing"]) || has("profile") {
        Column::Scope
    } else if any(&["residency", "sovereignty"]) {
        Column::Residency
    } else if any(&["season", "period"]) {
        Column::Period
    } else if has("account") {
        Column::Account
    } else if any(&["team", "department", "dept", "owner", "squad"]) {
        Column::Team
    } else if any(&["workload", "application", "app", "usecase", "name", "service", "project"])
        || has("use") && has("case")
    {
        Column::Workload
    } else {
        return None;
    };
    Some(column)
}

fn percentile(has: &dyn Fn(&str) -> bool, rate: bool) -> Option<Column> {
    Some(match (has("input"), has("output"), rate) {
        (true, false, false) if has("95") => Column::InputTokensP95,
        (false, true, false) if has("95") => Column::OutputTokensP95,
        (false, false, true) if has("50") => Column::P50RequestsPerMinute,
        (false, false, true) if has("90") => Column::P90RequestsPerMinute,
        _ => return None,
    })
}
