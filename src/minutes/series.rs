//! From the series of CloudWatch's metrics, of any number of answers, to minutes.
//!
//! No answer states its period. Sums over more than a minute hide the busiest one, so the times have to show that
//! they are a minute apart; where they cannot, that is said.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use num_integer::gcd;

use super::minute::{Minute, Model, Seen, place_words};
use crate::text::{Code, Diagnostic, Diagnostics, Place, Severity, Sources, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Metric {
    Requests,
    Input,
    CacheRead,
    CacheWrite,
    Output,
    Settled,
    Throttles,
}

/// What a minute cannot do without.
const REQUIRED: [(Metric, &str); 4] = [
    (Metric::Requests, "Invocations"),
    (Metric::Input, "InputTokenCount"),
    (Metric::Output, "OutputTokenCount"),
    (Metric::Settled, "EstimatedTPMQuotaUsage"),
];

/// A value and where its time stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) count: u64,
    pub(super) span: Span,
}

/// A series of one metric.
pub(super) struct Series {
    pub(super) metric: Metric,
    /// The model, where its label or the command line names one.
    pub(super) model: Option<Model>,
    /// Why what its label names is no model and scope: code, message and help.
    pub(super) fault: Option<(Code, String, String)>,
    pub(super) values: BTreeMap<Timestamp, Counted>,
    pub(super) place: Span,
}

/// What each metric of a model says, minute by minute.
type Metrics = BTreeMap<Metric, BTreeMap<Timestamp, Counted>>;

/// The minutes of all series, and whose period is not known.
#[derive(Default)]
pub(super) struct Joined {
    pub(super) minutes: Vec<Minute>,
    pub(super) unknown_periods: BTreeSet<Model>,
}

/// The minutes of all series together; none where there is an error. A minute that stands in `seen` already is one.
pub(super) fn joined(series: Vec<Series>, sources: &Sources, seen: &mut Seen, d: &mut Diagnostics) -> Joined {
    let mut joined = Joined::default();
    for (model, (metrics, place)) in by_model(series, sources, d) {
        for (metric, name) in REQUIRED {
            if !metrics.contains_key(&metric) {
                let help = "add the metric to the queries, with the same ModelId and Period 60";
                d.at(Code::MissingValue, place, format!("the model has no series of {name}"), help);
            }
        }
        if !metrics.contains_key(&Metric::CacheWrite) {
            warn(
                Code::MissingValue,
                place,
                "CacheWriteInputTokenCount is missing, so cache writes count as 0".to_owned(),
                "if your prompts are cached, add this metric to the queries",
                d,
            );
        }
        if !judge_period(&metrics, place, d) {
            joined.unknown_periods.insert(model);
        }
        let minutes = minutes(model, &metrics, place, d);
        twice(&minutes, sources, seen, d);
        joined.minutes.extend(minutes);
    }
    joined
}

fn warn(code: Code, place: Span, message: String, help: &str, d: &mut Diagnostics) {
    let (severity, help) = (Severity::Warning, help.to_owned());
    d.push(Diagnostic { code, severity, message, help, place: Place::Span(place) });
}

/// What each model's metrics say. A value that stands in two files is an error, also where both say the same.
fn by_model(series: Vec<Series>, sources: &Sources, d: &mut Diagnostics) -> BTreeMap<Model, (Metrics, Span)> {
    let named: BTreeSet<Model> = series.iter().filter_map(|own| own.model).collect();
    let only = series.iter().find_map(|own| own.model).filter(|_| named.len() == 1);
    let mut tables: BTreeMap<Model, (Metrics, Span)> = BTreeMap::new();
    // One query more for each metric repeats it.
    let mut faults = BTreeSet::new();
    for own in series {
        let model = own.model.or(if own.fault.is_none() { only } else { None });
        if let Some((code, message, help)) = own.fault.filter(|_| model.is_none()) {
            if faults.insert(message.clone()) {
                d.at(code, own.place, message, help);
            }
            continue;
        }
        let Some(model) = model else {
            let help = "label each query with what was called and the metric, or name both before the file: \
                        --evidence MODEL/SCOPE=FILE";
            d.at(Code::MissingScope, own.place, "the label of this series names no model", help);
            continue;
        };
        let (metrics, _) = tables.entry(model).or_insert_with(|| (Metrics::new(), own.place));
        let values = metrics.entry(own.metric).or_default();
        let mut overlap = Overlap::default();
        for (at, counted) in own.values {
            match values.entry(at) {
                Entry::Vacant(vacant) => {
                    vacant.insert(counted);
                }
                Entry::Occupied(first) if first.get().span.file != counted.span.file => {
                    overlap.add(at, first.get().span, counted.span);
                }
                Entry::Occupied(first) if first.get().count != counted.count => {
                    let message =
                        format!("{at} of this metric and model appears twice, with different values");
                    let help = "save the output again, so that each time is in one file only";
                    d.at(Code::ConflictingAnswers, counted.span, message, help);
                }
                Entry::Occupied(_) => {}
            }
        }
        overlap.report("metric and model", sources, d);
    }
    tables
}

/// Minutes that stand in two files: the first of them, and how many more there are.
#[derive(Default)]
struct Overlap {
    first: Option<(Timestamp, Span, Span)>,
    more: usize,
}

impl Overlap {
    fn add(&mut self, at: Timestamp, before: Span, here: Span) {
        match self.first {
            None => self.first = Some((at, before, here)),
            Some(_) => self.more += 1,
        }
    }

    fn report(self, of: &str, sources: &Sources, d: &mut Diagnostics) {
        let Some((at, before, here)) = self.first else { return };
        let message = format!(
            "{at}{} of this {of} appear{} in two files; the other place is {}",
            and_more(self.more),
            if self.more == 0 { "s" } else { "" },
            place_words(sources, before)
        );
        let help = "leave one of the two files out, or save answers whose times do not overlap";
        d.at(Code::DuplicateName, here, message, help);
    }
}

fn and_more(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => " and 1 other minute".to_owned(),
        more => format!(" and {more} other minutes"),
    }
}

/// Reports minutes that another file holds already.
fn twice(minutes: &[Minute], sources: &Sources, seen: &mut Seen, d: &mut Diagnostics) {
    let mut overlap = Overlap::default();
    for minute in minutes {
        match seen.entry((minute.at, (minute.model, minute.scope))) {
            Entry::Vacant(vacant) => {
                vacant.insert(minute.span);
            }
            Entry::Occupied(first) => overlap.add(minute.at, *first.get(), minute.span),
        }
    }
    overlap.report("model and scope", sources, d);
}

/// What the distances of times say of the period of the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    /// Two times are a minute apart, or all of them together show it.
    Minute,
    /// Every distance is a multiple of five minutes, the next period of which CloudWatch keeps data.
    Long,
    /// There are too few times, or they are too far apart.
    Unknown,
}

fn period<'t>(times: impl Iterator<Item = &'t Timestamp>) -> Period {
    let seconds: Vec<i64> = times.map(|time| time.as_second()).collect();
    let common = seconds.windows(2).fold(0, |common, pair| gcd(common, pair[1] - pair[0]));
    match common {
        60 => Period::Minute,
        common if seconds.len() > 2 && common % 300 == 0 => Period::Long,
        _ => Period::Unknown,
    }
}

/// Reports sums over more than a minute; whether the times show that these are of one.
fn judge_period(metrics: &Metrics, place: Span, d: &mut Diagnostics) -> bool {
    let times = all_times(metrics);
    let help = "use Period 60: longer sums hide the busiest minute; one-minute data is kept for 15 days";
    let of = |wanted: Period| {
        let is = |(metric, _): &&(Metric, &str)| {
            metrics.get(metric).is_some_and(|own| period(own.keys()) == wanted)
        };
        REQUIRED.iter().find(is).map(|(_, name)| *name)
    };
    match period(times.iter()) {
        Period::Long => {
            d.at(
                Code::BadValue,
                place,
                "the times are five minutes or more apart, so the sums cover more than a minute",
                help,
            );
            true
        }
        // A minute with an answered request has a value of each.
        Period::Minute => {
            if let (Some(long), Some(short)) = (of(Period::Long), of(Period::Minute)) {
                let message =
                    format!("the sums of {long} cover five minutes or more, those of {short} a minute");
                d.at(Code::BadValue, place, message, help);
            }
            true
        }
        Period::Unknown => {
            let said = match times.len() {
                0 => return true,
                1 => "a single time does not show it".to_owned(),
                more => format!("no two of the {more} times are a minute apart"),
            };
            let message =
                format!("the period of the sums is not known: the answer does not state it, and {said}");
            let help =
                "use Period 60, and a time range with more traffic; longer sums hide the busiest minute";
            warn(Code::MissingValue, place, message, help, d);
            false
        }
    }
}

fn all_times(metrics: &Metrics) -> BTreeSet<Timestamp> {
    metrics.values().flat_map(BTreeMap::keys).copied().collect()
}

/// Whether some of what a minute cannot do without is there, and some is missing. A minute of throttled calls alone
/// has none of it.
fn has_gap(metrics: &Metrics, at: &Timestamp) -> bool {
    let has = |(metric, _): &(Metric, &str)| metrics.get(metric).is_some_and(|own| own.contains_key(at));
    let found = REQUIRED.iter().filter(|required| has(required)).count();
    found > 0 && found < REQUIRED.len()
}

fn minutes(model: Model, metrics: &Metrics, place: Span, d: &mut Diagnostics) -> Vec<Minute> {
    let (times, gaps): (Vec<Timestamp>, Vec<Timestamp>) =
        all_times(metrics).into_iter().partition(|at| !has_gap(metrics, at));
    if let Some(first) = gaps.first().filter(|_| !d.has_errors()) {
        let more = and_more(gaps.len() - 1);
        let message = format!(
            "{first}{more}: left out, since some metrics have no value there, and a missing value is not 0"
        );
        let help = "save the output again; for the newest minutes, wait a few minutes";
        warn(Code::MissingValue, place, message, help, d);
    }
    let counted = |metric, at: &Timestamp| metrics.get(&metric).and_then(|own| own.get(at));
    let count = |metric, at: &Timestamp| counted(metric, at).map_or(0, |counted| counted.count);
    let minute = |at: &Timestamp| Minute {
        at: *at,
        model: model.0,
        scope: model.1,
        requests: count(Metric::Requests, at),
        input_tokens: count(Metric::Input, at),
        cache_write_tokens: count(Metric::CacheWrite, at),
        output_tokens: count(Metric::Output, at),
        settled_tokens: count(Metric::Settled, at),
        throttled_requests: metrics.contains_key(&Metric::Throttles).then(|| count(Metric::Throttles, at)),
        span: counted(Metric::Requests, at)
            .or_else(|| counted(Metric::Throttles, at))
            .map_or(place, |counted| counted.span),
    };
    times.iter().map(minute).collect()
}
