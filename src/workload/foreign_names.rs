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

/// Words of figures that no column takes: money, kinds of content, limits that AWS sets, and spreads
/// other than a percentile.
const OTHER_FIGURES: &[&str] = &[
    "price",
    "prices",
    "cost",
    "costs",
    "usd",
    "cad",
    "dollars",
    "fee",
    "modality",
    "modalities",
    "format",
    "type",
    "char",
    "chars",
    "character",
    "characters",
    "byte",
    "bytes",
    "kb",
    "mb",
    "word",
    "words",
    "quota",
    "quotas",
    "applied",
    "granted",
    "default",
    "throttled",
    "stddev",
    "std",
    "stdev",
    "sd",
    "sigma",
    "deviation",
    "variance",
    "var",
    "week",
    "weekly",
    "year",
    "yearly",
    "annual",
    "tpm",
    "tph",
    "tpd",
    "tps",
    "75",
    "25",
    "10",
    "99.9",
    "999",
    "minimum",
    "lowest",
];

/// Whether a name is that of a figure which no column takes, however near its spelling comes to one:
/// a price, a count of a month, a rate of tokens, or the largest input.
pub(super) fn has_no_column(name: &str) -> bool {
    is_other_figure(name, &words(name))
}

fn is_other_figure(name: &str, words: &[String]) -> bool {
    let any = |some: &[&str]| some.iter().any(|word| words.iter().any(|own| own == word));
    let lower = name.to_lowercase();
    let tokens = any(&["tokens", "input", "output"]);
    let rate = any(&["requests", "calls"]);
    let percentile = any(&["percentile", "50", "90", "95", "99"]);
    let time = any(&["minute", "second", "hour", "day", "month"]);
    // `p75`: a percentile that is not one of those that columns take.
    let odd = |word: &String| word.strip_prefix('p').is_some_and(|rest| rest.parse::<u16>().is_ok());
    any(OTHER_FIGURES)
        || words.iter().any(odd)
        // A rate of tokens: tokens are stated for one request. `Output time (s)` is a latency.
        || tokens && time && !rate && !any(&["time", "latency", "ttl", "life"])
        // The largest or the median request, or both kinds of tokens in one.
        || any(&["input"]) && any(&["max", "peak"]) && any(&["tokens"])
        || any(&["peak"]) && any(&["tokens"])
        || any(&["input"]) && any(&["output"])
        || percentile && tokens && !any(&["95", "99"])
        || any(&["input"]) && any(&["99"])
        // A limit on requests is a quota, and no demand.
        || rate && !tokens && lower.contains("limit")
        // A month is too long for a rate, and the requests of one person need their time.
        || rate && any(&["month"]) && !any(&["growth"])
        || rate && any(&["users"]) && !any(&["hour", "day"]) && !any(&["active", "concurrent"])
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
    let guess = || by_words(&words).or_else(|| named(&bare));
    let column = match named(&own) {
        None if is_other_figure(name, &words) => return None,
        exact => exact.or_else(guess)?,
    };
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
        (false, true, false) if has("99") => Column::OutputTokensP99,
        (false, false, true) if has("50") => Column::P50RequestsPerMinute,
        (false, false, true) if has("90") => Column::P90RequestsPerMinute,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Column, has_no_column, meant};

    /// Each name by hand: what a person means who writes it.
    #[test]
    fn names_of_other_figures_are_no_columns() {
        for name in [
            "p90 output tokens",
            "P75 output tokens",
            "p50 input tokens",
            "p99 input tokens",
            "Median output tokens",
            "Peak input tokens",
            "max input tokens",
            "input tokens stddev",
            "Input TPM",
            "Output tokens per minute",
            "Input tokens per hour",
            "Tokens/day",
            "monthly input tokens",
            "Input price",
            "Output cost (USD)",
            "Input modality",
            "Output format",
            "Input chars",
            "tokens (input+output)",
            "RPM quota",
            "RPM limit",
            "Applied TPM",
            "Requests per minute per user",
            "Requests per user",
            "Requests per month",
            "Weekly calls",
        ] {
            assert_eq!(meant(name).map(|meant| meant.column), None, "{name}");
            assert!(has_no_column(name), "{name}");
        }
        for (name, column) in [
            ("p99 output tokens", Column::OutputTokensP99),
            ("Output p95", Column::OutputTokensP95),
            ("RPM", Column::RequestsPerMinute),
            ("Current RPM", Column::RequestsPerMinute),
            ("Peak RPM", Column::PeakRequestsPerMinute),
            ("Output limit", Column::MaxTokens),
            ("Max output tokens", Column::MaxTokens),
            ("Output time (s)", Column::LatencySeconds),
            ("Monthly growth rate", Column::GrowthPerMonth),
            ("Avg input tokens per request", Column::InputTokens),
            ("Cached input tokens", Column::CacheReadTokens),
            ("Requests per user per day", Column::RequestsPerUserPerDay),
        ] {
            assert_eq!(meant(name).map(|meant| meant.column), Some(column), "{name}");
            assert!(!has_no_column(name), "{name}");
        }
    }
}
