//! Measured use from what the AWS CLI saved of CloudWatch: `get-metric-data` (`MetricDataResults`, any number of pages)
//! becomes the minutes of the per-minute table.
//!
//! Metric names, the dimension `ModelId` and one-minute sums: Amazon Bedrock user guide, monitoring-runtime-metrics;
//! status codes: CloudWatch API reference, `MetricDataResult` (both read 2026-11-26). An answer states no period, so
//! times that are all five minutes apart are refused: sums over them hide the busiest minute.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Minute, Minutes};
use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::text::json::{self, Node, Value};
use crate::text::{Code, Diagnostic, Diagnostics, FileId, Place, Severity, Span};
use crate::units::{MILLIONTHS, parse_millionths};

/// The metrics that are read, with the older spellings of the cache's.
const METRICS: [(&str, Metric); 10] = [
    ("Invocations", Metric::Requests),
    ("InputTokenCount", Metric::Input),
    ("CacheReadInputTokenCount", Metric::CacheRead),
    ("CacheReadInputTokens", Metric::CacheRead),
    ("CacheWriteInputTokenCount", Metric::CacheWrite),
    ("CacheWriteInputTokens", Metric::CacheWrite),
    ("OutputTokenCount", Metric::Output),
    ("EstimatedTPMQuotaUsage", Metric::Settled),
    ("InvocationThrottles", Metric::Throttles),
    ("InvocationThrottle", Metric::Throttles),
];

/// What a minute cannot do without.
const REQUIRED: [(Metric, &str); 4] = [
    (Metric::Requests, "Invocations"),
    (Metric::Input, "InputTokenCount"),
    (Metric::Output, "OutputTokenCount"),
    (Metric::Settled, "EstimatedTPMQuotaUsage"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Metric {
    Requests,
    Input,
    CacheRead,
    CacheWrite,
    Output,
    Settled,
    Throttles,
}

type Model = (ModelIndex, Scope);

/// What each metric of a model says, minute by minute.
type Metrics = BTreeMap<Metric, BTreeMap<Timestamp, u64>>;

/// A series of one metric.
struct Series {
    metric: Metric,
    /// The model, where its label names one.
    model: Option<Model>,
    values: BTreeMap<Timestamp, u64>,
    place: Span,
}

const LABEL: &str = "label each query with what was called and the metric, such as \"us.anthropic.claude-haiku-4-5-20251001-v1:0 InputTokenCount\"";

/// Whether a text is JSON instead of the per-minute table.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Reads the answers of a file; `None`, reported, where anything is wrong.
pub(super) fn parse(
    file: FileId,
    text: &str,
    catalog: &Catalog,
    aliases: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Option<Minutes> {
    let documents = match json::parse_each(file, text) {
        Ok(documents) => documents,
        Err((words, span)) => {
            let help = "save the AWS CLI's answer whole, with --output json";
            diagnostics.at(Code::NotAnAnswer, span, format!("not JSON: {words}"), help);
            return None;
        }
    };
    let mut own = Diagnostics::new();
    let pages: Vec<&Node> = documents
        .iter()
        .flat_map(|document| match &document.value {
            Value::Array(items) => items.iter().collect(),
            _ => vec![document],
        })
        .collect();
    let mut series = Vec::new();
    for page in &pages {
        let Some(Node { value: Value::Array(results), .. }) = page.get("MetricDataResults") else {
            let message = if page.get("Datapoints").is_some() {
                "get-metric-statistics does not say which model a series is of"
            } else {
                "there is no `MetricDataResults`"
            };
            let help = "save the answer of get-metric-data with --output json, each query labelled with what was called and \
                        the metric";
            own.at(Code::NotAnAnswer, start(page.span), message, help);
            continue;
        };
        series.extend(results.iter().filter_map(|result| one(result, catalog, aliases, &mut own)));
    }
    let token = |page: &&Node| {
        page.get("NextToken").filter(|token| !matches!(token.value, Value::Null)).map(|t| t.span)
    };
    if let Some(at) =
        pages.iter().rev().find_map(token).filter(|_| pages.iter().all(|page| token(page).is_some()))
    {
        let help = "give the pages that follow too, in the same file";
        own.at(Code::IncompleteAnswer, at, "the answer goes on in a page that is not given", help);
    }
    let minutes = if own.has_errors() { None } else { joined(file, series, &mut own) };
    let failed = own.has_errors();
    diagnostics.append(own);
    minutes.filter(|_| !failed)
}

fn start(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}

fn text<'n>(node: &'n Node, key: &str) -> Option<(&'n str, Span)> {
    match node.get(key) {
        Some(Node { value: Value::Text(text), span }) => Some((text, *span)),
        _ => None,
    }
}

/// One series, by the words of its label, else by its id.
fn one(
    result: &Node,
    catalog: &Catalog,
    aliases: &BTreeMap<String, String>,
    d: &mut Diagnostics,
) -> Option<Series> {
    let (label, place) =
        text(result, "Label").or_else(|| text(result, "Id")).unwrap_or(("", start(result.span)));
    let id = text(result, "Id").map_or("", |(id, _)| id);
    if let Some((status, at)) = text(result, "StatusCode").filter(|(status, _)| *status != "Complete") {
        let help = "save the answer again, with every page";
        d.at(
            Code::IncompleteAnswer,
            at,
            format!("the series has the status {status}: values are missing"),
            help,
        );
        return None;
    }
    let words: Vec<&str> = label.split_whitespace().chain([id]).collect();
    let metric = words.iter().find_map(|word| {
        METRICS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, metric)| *metric)
    });
    let model = words.iter().find_map(|word| {
        let target = aliases.get(*word).map_or(*word, String::as_str);
        let named = catalog.find(target).ok()?;
        // Who calls the model itself calls it in the Region.
        let in_region = || catalog.model(named.model).accepts(Scope::InRegion).then_some(Scope::InRegion);
        Some((named.model, named.scope.or_else(in_region)?))
    });
    let Some(metric) = metric else {
        d.at(Code::BadValue, place, "the label names no metric that is read", LABEL);
        return None;
    };
    let (Some(times), Some(values)) = (items(result, "Timestamps"), items(result, "Values")) else {
        d.at(Code::NotAnAnswer, place, "a series without `Timestamps` and `Values`", LABEL);
        return None;
    };
    if times.len() != values.len() {
        d.at(
            Code::NotAnAnswer,
            place,
            "a series with as many times as values is expected",
            "save the answer again",
        );
        return None;
    }
    let mut read = BTreeMap::new();
    for (time, value) in times.iter().zip(values) {
        let (Some(at), Some(count)) = (minute(time, d), count(value, d)) else { continue };
        if read.insert(at, count).is_some_and(|before| before != count) {
            let help = "save the answer again";
            d.at(Code::ConflictingAnswers, time.span, "the minute stands twice, with other values", help);
        }
    }
    Some(Series { metric, model, values: read, place })
}

fn items<'n>(node: &'n Node, key: &str) -> Option<&'n [Node]> {
    match node.get(key) {
        Some(Node { value: Value::Array(items), .. }) => Some(items),
        _ => None,
    }
}

fn minute(node: &Node, d: &mut Diagnostics) -> Option<Timestamp> {
    let time = match &node.value {
        Value::Text(text) => text.parse::<Timestamp>().ok(),
        Value::Number(text) => {
            let whole = text.strip_suffix(".0").unwrap_or(text);
            whole.parse::<i64>().ok().and_then(|second| Timestamp::from_second(second).ok())
        }
        _ => None,
    };
    let time = time.filter(|time| time.as_second() % 60 == 0 && time.subsec_nanosecond() == 0);
    if time.is_none() {
        let help = "ask for --start-time on a whole minute and Period 60";
        d.at(Code::BadValue, node.span, "not the start of a minute", help);
    }
    time
}

fn count(node: &Node, d: &mut Diagnostics) -> Option<u64> {
    let number = match &node.value {
        Value::Number(text) | Value::Text(text) => parse_millionths(text).ok(),
        _ => None,
    };
    let whole = number.filter(|number| number % MILLIONTHS == 0).map(|number| number / MILLIONTHS);
    if whole.is_none() {
        let help = "ask for Stat Sum: sums of tokens and requests are whole numbers";
        d.at(Code::BadNumber, node.span, "not a whole number", help);
    }
    whole
}

/// Whether some of what a minute cannot do without is there, and some is missing. A minute of throttled calls alone
/// has none of it.
fn has_gap(metrics: &Metrics, at: &Timestamp) -> bool {
    let has = |(metric, _): &(Metric, &str)| metrics.get(metric).is_some_and(|own| own.contains_key(at));
    let found = REQUIRED.iter().filter(|required| has(required)).count();
    found > 0 && found < REQUIRED.len()
}

/// The minutes of all series together.
fn joined(file: FileId, series: Vec<Series>, d: &mut Diagnostics) -> Option<Minutes> {
    let named: BTreeSet<Model> = series.iter().filter_map(|own| own.model).collect();
    let only = series.iter().find_map(|own| own.model).filter(|_| named.len() == 1);
    let mut tables: BTreeMap<Model, (Metrics, Span)> = BTreeMap::new();
    for own in series {
        let Some(model) = own.model.or(only) else {
            d.at(Code::MissingScope, own.place, "no model and scope are named for this series", LABEL);
            continue;
        };
        let (metrics, _) = tables.entry(model).or_insert_with(|| (Metrics::new(), own.place));
        let values = metrics.entry(own.metric).or_default();
        for (at, count) in own.values {
            if values.insert(at, count).is_some_and(|before| before != count) {
                let message = format!("{at} of this metric and model stands twice, with other values");
                d.at(Code::ConflictingAnswers, own.place, message, LABEL);
            }
        }
    }
    let mut minutes = Vec::new();
    for (model, (metrics, place)) in tables {
        for (metric, name) in REQUIRED {
            if !metrics.contains_key(&metric) {
                let help = "add the metric to the queries, with the same ModelId and Period 60";
                d.at(Code::MissingValue, place, format!("the model has no series of {name}"), help);
            }
        }
        let times: BTreeSet<Timestamp> = metrics.values().flat_map(BTreeMap::keys).copied().collect();
        let seconds: Vec<i64> = times.iter().map(|time| time.as_second()).collect();
        if seconds.len() > 2 && seconds.windows(2).all(|pair| (pair[1] - pair[0]) % 300 == 0) {
            let help =
                "ask for Period 60: longer sums hide the busiest minute; one-minute data is kept 15 days";
            d.at(Code::BadValue, place, "every time is a multiple of five minutes from the next", help);
        }
        if !metrics.contains_key(&Metric::CacheWrite) {
            d.push(Diagnostic {
                code: Code::MissingValue,
                severity: Severity::Warning,
                message: "no series of CacheWriteInputTokenCount: cache writes are taken as 0".to_owned(),
                help: "add the metric to the queries where prompts are cached".to_owned(),
                place: Place::Span(place),
            });
        }
        let (times, gaps): (Vec<Timestamp>, Vec<Timestamp>) =
            times.into_iter().partition(|at| !has_gap(&metrics, at));
        if let Some(first) = gaps.first().filter(|_| !d.has_errors()) {
            d.push(Diagnostic {
                code: Code::MissingValue,
                severity: Severity::Warning,
                message: format!(
                    "some series have no value at {first}{} where others have one: left out, since a missing value is \
                     not 0",
                    match gaps.len() - 1 {
                        0 => String::new(),
                        more => format!(" and {more} other minutes"),
                    }
                ),
                help: "save the answer again, a few minutes later for the newest of them".to_owned(),
                place: Place::Span(place),
            });
        }
        let at_time =
            |metric, at: &Timestamp| metrics.get(&metric).map(|own| own.get(at).copied().unwrap_or(0));
        minutes.extend(times.iter().map(|at| Minute {
            at: *at,
            model: model.0,
            scope: model.1,
            requests: at_time(Metric::Requests, at).unwrap_or(0),
            input_tokens: at_time(Metric::Input, at).unwrap_or(0),
            cache_write_tokens: at_time(Metric::CacheWrite, at).unwrap_or(0),
            output_tokens: at_time(Metric::Output, at).unwrap_or(0),
            settled_tokens: at_time(Metric::Settled, at).unwrap_or(0),
            throttled_requests: at_time(Metric::Throttles, at),
            span: place,
        }));
    }
    if minutes.is_empty() && !d.has_errors() {
        d.add(Code::NoRows, Place::File(file), "the answer holds no values", "ask for a time with traffic");
    }
    minutes.sort_by_key(|minute| minute.at);
    Some(Minutes { minutes })
}
