//! Measured use from what the AWS CLI saved of CloudWatch: the series of `get-metric-data` (`MetricDataResults`, any
//! number of pages) and of `get-metric-statistics` (`Datapoints`, one metric an answer).
//!
//! Metric names, the dimension `ModelId` and one-minute sums: Amazon Bedrock user guide, monitoring-runtime-metrics;
//! status codes, `NextToken` and data points: CloudWatch API reference, `MetricDataResult`, `GetMetricData` and
//! `Datapoint` (all read 2026-11-26).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::minute::{Model, Names};
use super::series::{Counted, Metric, Series};
use crate::catalog::{Named, Scope, naming_fault};
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

const LABEL: &str = "label each query with what was called and the metric, such as \"us.anthropic.claude-haiku-4-5-20251001-v1:0 InputTokenCount\"";

const FORM: &str = "save the output of get-metric-data or get-metric-statistics with --output json";

/// What the files with answers say together.
#[derive(Default)]
pub(super) struct Answers {
    series: Vec<Series>,
    /// Series of which a page says that values are missing: the words that name it, and where it says so.
    partial: Vec<(String, Span)>,
    /// The words of series that are complete.
    complete: BTreeSet<String>,
    /// The `NextToken` of each page, in the order given.
    tokens: Vec<Option<Span>>,
    first: Option<FileId>,
    is_broken: bool,
}

impl Answers {
    /// Reads the answers of a file; `of` is what its series are of where the command line says so.
    pub(super) fn read(
        &mut self,
        (file, text): (FileId, &str),
        of: Option<Model>,
        names: &Names<'_>,
        d: &mut Diagnostics,
    ) {
        self.first.get_or_insert(file);
        let mut own = Diagnostics::new();
        match json::parse_each(file, text) {
            Ok(documents) => {
                for document in &documents {
                    match &document.value {
                        Value::Array(pages) => {
                            pages.iter().for_each(|page| self.page(page, of, names, &mut own));
                        }
                        _ => self.page(document, of, names, &mut own),
                    }
                }
            }
            Err((words, span)) => {
                let help = "save the complete output of the AWS CLI, with --output json";
                own.at(Code::NotAnAnswer, span, format!("not JSON: {words}"), help);
            }
        }
        self.is_broken |= own.has_errors();
        d.append(own);
    }

    fn page(&mut self, page: &Node, of: Option<Model>, names: &Names<'_>, d: &mut Diagnostics) {
        if let Some(Node { value: Value::Array(results), .. }) = page.get("MetricDataResults") {
            let token = page.get("NextToken").filter(|token| !matches!(token.value, Value::Null));
            self.tokens.push(token.map(|token| token.span));
            results.iter().for_each(|result| self.one(result, of, names, d));
        } else if let Some(Node { value: Value::Array(points), .. }) = page.get("Datapoints") {
            self.series.extend(statistics(page, points, of, d));
        } else {
            let message = "there is neither `MetricDataResults` nor `Datapoints`";
            d.at(Code::NotAnAnswer, start(page.span), message, FORM);
        }
    }

    /// One series of get-metric-data, by the words of its label, else by its id.
    fn one(&mut self, result: &Node, of: Option<Model>, names: &Names<'_>, d: &mut Diagnostics) {
        let (label, place) =
            text(result, "Label").or_else(|| text(result, "Id")).unwrap_or(("", start(result.span)));
        let id = text(result, "Id").map_or("", |(id, _)| id);
        let words: Vec<&str> = label.split_whitespace().chain([id]).collect();
        let metric = words.iter().find_map(|word| metric(word));
        let named = words.iter().find_map(|word| names.find(word).ok());
        // Who calls the model itself calls it in the Region.
        let own = named.and_then(|named| {
            let accepts = || names.catalog.model(named.model).accepts(Scope::InRegion);
            Some((named.model, named.scope.or_else(|| accepts().then_some(Scope::InRegion))?))
        });
        let fault = if own.is_some() { None } else { model_fault(&words, named, names) };
        let is_other = |(model, scope): (_, Scope)| {
            named.is_some_and(|named| named.model != model || named.scope.is_some_and(|named| named != scope))
        };
        if of.is_some_and(is_other) {
            let help = "remove MODEL/SCOPE= if the labels name the model";
            let message = "the label names another model or scope than the command line";
            d.at(Code::ConflictingAnswers, place, message, help);
            return;
        }
        // One and the same query has one label and id in all of its pages.
        let key = format!("{of:?} {id} {label}");
        match text(result, "StatusCode") {
            Some(("PartialData", at)) => self.partial.push((key, at)),
            Some((status, at)) if status != "Complete" => {
                let help = "save the output again, with every page";
                let message = format!("the series has the status {status}: values are missing");
                d.at(Code::IncompleteAnswer, at, message, help);
                return;
            }
            _ => {
                self.complete.insert(key);
            }
        }
        let Some(metric) = metric else {
            d.at(Code::BadValue, place, "the label names none of the metrics that are read here", LABEL);
            return;
        };
        let (Some(times), Some(values)) = (items(result, "Timestamps"), items(result, "Values")) else {
            d.at(Code::NotAnAnswer, place, "a series without `Timestamps` and `Values`", LABEL);
            return;
        };
        if times.len() != values.len() {
            let message = format!("the series has {} times and {} values", times.len(), values.len());
            d.at(Code::NotAnAnswer, place, message, "save the answer again");
            return;
        }
        let values = counts(times.iter().zip(values), d);
        self.series.push(Series { metric, model: of.or(own), fault, values, place });
    }

    /// All series and the first file with any, where nothing is wrong with them and none of their values are in a page that is not given.
    pub(super) fn series(self, d: &mut Diagnostics) -> Option<(FileId, Vec<Series>)> {
        let first = self.first?;
        let mut own = Diagnostics::new();
        for (_, at) in self.partial.iter().filter(|(key, _)| !self.complete.contains(key)) {
            let help = "give the following pages too, or save the output again, with every page";
            let message = "the series has the status PartialData: values are missing";
            own.at(Code::IncompleteAnswer, *at, message, help);
        }
        if let Some(Some(token)) = self.tokens.last() {
            // A page without a token ends a list; whose list it is, no page tells.
            let is_open = self.tokens.iter().all(Option::is_some);
            let message = if is_open {
                "the next page of this answer is missing (it has a NextToken)"
            } else {
                "this page has a NextToken, but no page follows it: the next one may be missing, or the pages may be \
                 out of order"
            };
            own.push(Diagnostic {
                code: Code::IncompleteAnswer,
                severity: if is_open { Severity::Error } else { Severity::Warning },
                message: message.to_owned(),
                help: "give all pages, in the order in which they were saved".to_owned(),
                place: Place::Span(*token),
            });
        }
        let failed = self.is_broken || own.has_errors();
        d.append(own);
        (!failed).then_some((first, self.series))
    }
}

/// Why the words of a label lead to no model and scope, where one of them looks like a model.
fn model_fault(words: &[&str], named: Option<Named>, names: &Names<'_>) -> Option<(Code, String, String)> {
    if let Some(named) = named {
        let name = &names.catalog.model(named.model).name;
        let help = "label the query with the inference profile that was called, such as us.MODEL";
        return Some((
            Code::MissingScope,
            format!("the label names {name} without a scope"),
            help.to_owned(),
        ));
    }
    let is_metric = |word: &str| metric(word).is_some();
    let model = words.iter().find(|word| word.contains(['.', '/']) && !is_metric(word))?;
    names.find(model).err().map(|fault| naming_fault(model, &fault, Some(names.catalog)))
}

/// The series of an answer of get-metric-statistics, which names its metric and no model.
fn statistics(page: &Node, points: &[Node], of: Option<Model>, d: &mut Diagnostics) -> Option<Series> {
    let (label, place) = text(page, "Label").unwrap_or(("", start(page.span)));
    let metric = label.split_whitespace().find_map(metric);
    if metric.is_none() {
        let help =
            "save the answer of get-metric-statistics for one of Bedrock's metrics, such as InputTokenCount";
        d.at(Code::BadValue, place, "the label names none of the metrics that are read here", help);
    }
    if of.is_none() {
        let help = "name it before the file, for example --evidence haiku-4.5/us=FILE";
        let message = "get-metric-statistics does not say which model a series is of";
        d.at(Code::NotAnAnswer, place, message, help);
    }
    let unsummed = points.iter().find(|point| point.get("Sum").is_none());
    if let Some(point) = unsummed {
        let others = ["Average", "Maximum", "Minimum", "SampleCount"];
        let other = others.into_iter().find(|key| point.get(key).is_some());
        let message = match other {
            Some(other) => format!("the data points contain `{other}`, but `Sum` is needed"),
            None => "a data point without `Sum`".to_owned(),
        };
        let help = "ask for --statistics Sum, with --period 60";
        d.at(Code::MissingValue, start(point.span), message, help);
        return None;
    }
    if let Some((unit, at)) = points
        .iter()
        .find_map(|point| text(point, "Unit").filter(|(unit, _)| !["Count", "None"].contains(unit)))
    {
        let message = format!("`{unit}` is not the unit of tokens or requests, which is Count");
        d.at(Code::BadValue, at, message, "save the answer again, without --unit");
        return None;
    }
    let nodes = points.iter().filter_map(|point| Some((point.get("Timestamp")?, point.get("Sum")?)));
    if let Some(point) = points.iter().find(|point| point.get("Timestamp").is_none()) {
        d.at(Code::NotAnAnswer, start(point.span), "a data point without `Timestamp`", FORM);
    }
    let values = counts(nodes, d);
    Some(Series { metric: metric?, model: Some(of?), fault: None, values, place })
}

fn metric(word: &str) -> Option<Metric> {
    METRICS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, metric)| *metric)
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

fn items<'n>(node: &'n Node, key: &str) -> Option<&'n [Node]> {
    match node.get(key) {
        Some(Node { value: Value::Array(items), .. }) => Some(items),
        _ => None,
    }
}

/// The values of a series, each with its time.
fn counts<'n>(
    points: impl Iterator<Item = (&'n Node, &'n Node)>,
    d: &mut Diagnostics,
) -> BTreeMap<Timestamp, Counted> {
    let mut read: BTreeMap<Timestamp, Counted> = BTreeMap::new();
    for (time, value) in points {
        let (Some(at), Some(count)) = (minute(time, d), count(value, d)) else { continue };
        let counted = Counted { count, span: time.span };
        if read.insert(at, counted).is_some_and(|before| before.count != count) {
            let help = "save the answer again";
            d.at(
                Code::ConflictingAnswers,
                time.span,
                "the minute appears twice, with different values",
                help,
            );
        }
    }
    read
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
