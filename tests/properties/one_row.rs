//! A row made from numbers against the same row read from CSV, and a trace's closed form against a plan of a CSV.

use std::fmt::Write;

use proptest::prelude::*;
use quotaplan::catalog::Scope;
use quotaplan::config::Config;
use quotaplan::engine::{self, Assumptions, Figures, PlanInput};
use quotaplan::experiment::{Charging, ClosedForm, MaxTokens, Profile, closed_form};
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use quotaplan::trace::{Builder, Format, OutputLimit, Request, Target};
use quotaplan::units::{MILLIONTHS, RequestsPerMinute, Seconds, Tokens};
use quotaplan::workload::{self, Column, ReadOptions, RowCells, RowFault, WorkloadSet};

use super::cases;
use super::settings::table;

const HEADER: &str = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,output_tokens,\
    cache_read_tokens,cache_write_tokens,input_tokens_p95,output_tokens_p95,latency_seconds,max_tokens\n";

/// A place in the order of the header above.
fn place(column: Column) -> usize {
    HEADER.trim_end().split(',').position(|name| name == column.name()).expect("a column of the header")
}

/// The figures of tokens per minute, or the first that is said of the row in the order of its columns.
type Outcome = Result<Option<Figures>, Option<String>>;

fn planned(set: &WorkloadSet) -> Option<Figures> {
    let assumptions = Assumptions::new(&Config::default(), table(), &mut Diagnostics::new());
    let input = PlanInput { catalog: table(), workloads: set, assumptions: &assumptions };
    let plan = engine::plan(&input).expect("small figures");
    plan.quotas.iter().find(|quota| quota.id.kind.reserves_tokens()).map(|quota| quota.figures)
}

fn from_csv(row: &str) -> Outcome {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add(SourceFile::new("workloads.csv", format!("{HEADER}{row}\n")));
    let set = workload::parse(&sources, file, table(), &ReadOptions::default(), &mut diagnostics);
    let said = || diagnostics.into_sorted().into_iter().next().map(|said| said.message);
    set.map(|set| planned(&set)).ok_or_else(said)
}

fn from_numbers(cells: &RowCells<'_>) -> Outcome {
    let first = |said: Vec<RowFault>| said.into_iter().min_by_key(|said| place(said.column));
    let set = WorkloadSet::of_row(cells, table());
    set.map(|set| planned(&set)).map_err(|said| first(said).map(|said| said.message))
}

fn written(cells: &RowCells<'_>) -> String {
    let mut row = format!("{},{},{}", cells.workload, table().model(cells.model).id, cells.scope);
    let tokens = |tokens: Tokens| Some(tokens.written());
    let numbers = [
        Some(cells.requests_per_minute.written()),
        cells.peak_requests_per_minute.map(RequestsPerMinute::written),
        tokens(cells.input),
        tokens(cells.output),
        tokens(cells.cache_read),
        tokens(cells.cache_write),
        cells.input_p95.and_then(tokens),
        cells.output_p95.and_then(tokens),
        cells.latency.map(Seconds::written),
        cells.max_tokens.and_then(tokens),
    ];
    for number in numbers {
        write!(row, ",{}", number.unwrap_or_default()).expect("to a string");
    }
    row
}

/// Rows of which most hold, and some break one rule or several.
fn cells() -> impl Strategy<Value = RowCells<'static>> {
    let model = prop::sample::select(vec!["sonnet-5", "haiku-4.5", "nova-2-lite", "embed-v4", "grok-4.7"]);
    let scope = prop::sample::select(vec![Scope::Us, Scope::Us, Scope::Global, Scope::Ca, Scope::InRegion]);
    let rates = (0_u64..400_000_000, prop::option::of(0_u64..600_000_000));
    let millionths = |most: u64| prop_oneof![1 => Just(0_u64), 8 => 0_u64..most * MILLIONTHS];
    let tokens = (
        prop_oneof![8 => millionths(20_000), 1 => millionths(2_000_000)],
        prop_oneof![4 => Just(0_u64), 8 => millionths(3_000), 1 => millionths(100_000)],
        millionths(20_000),
        millionths(20_000),
    );
    let p95s = (prop::option::of(millionths(60_000)), prop::option::of(millionths(9_000)));
    let rest =
        (prop::option::of(millionths(100)), prop::option::of(prop_oneof![0_u64..9_000, 0_u64..200_000]));
    (model, scope, rates, tokens, p95s, rest).prop_map(
        |(model, scope, (mean, peak), (input, output, read, write), p95s, (latency, max_tokens))| {
            let tokens = |millionths| Tokens::from_millionths(millionths).expect("small");
            let rate = |millionths| RequestsPerMinute::from_millionths(millionths).expect("small");
            RowCells {
                workload: "w",
                model: table().find(model).expect("it is there").model,
                scope,
                requests_per_minute: rate(mean),
                peak_requests_per_minute: peak.map(rate),
                input: tokens(input),
                output: tokens(output),
                cache_read: tokens(read),
                cache_write: tokens(write),
                input_p95: p95s.0.map(tokens),
                output_p95: p95s.1.map(tokens),
                dispersion: None,
                latency: latency.and_then(Seconds::from_millionths),
                max_tokens: max_tokens.and_then(Tokens::from_whole),
            }
        },
    )
}

/// What a request of a trace has of its own: seconds since the one before it, input, output, cache reads, cache
/// writes, max_tokens, seconds of latency.
type Sent = (u64, u64, u64, u64, u64, u64, u64);

/// The sum over the count, rounded up, in millionths.
fn mean_up(sum: u64, count: u64) -> u64 {
    (sum * MILLIONTHS).div_ceil(count)
}

/// The 95th percentile by linear interpolation, in millionths.
fn p95(values: impl Iterator<Item = u64>) -> u64 {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    let rank = 95 * (values.len() - 1);
    let upper = values[(rank / 100 + 1).min(values.len() - 1)];
    values[rank / 100] * MILLIONTHS + (upper - values[rank / 100]) * (rank % 100) as u64 * MILLIONTHS / 100
}

/// A trace as a person would enter it, with max_tokens as its requests have them.
fn entered(sent: &[Sent]) -> String {
    let count = sent.len() as u64;
    let arrivals: Vec<u64> = sent
        .iter()
        .scan(0, |at, request| {
            *at += request.0;
            Some(*at)
        })
        .collect();
    let (first, last) = (arrivals[0], arrivals[arrivals.len() - 1]);
    let mean = (count * 60 * MILLIONTHS).div_ceil((last - first).max(60));
    let minute = |at: &u64| (at - first) / 60;
    let busiest =
        arrivals.iter().map(|at| arrivals.iter().filter(|other| minute(other) == minute(at)).count());
    let peak = (busiest.max().expect("there is a request") as u64 * MILLIONTHS).max(mean);
    let sum = |part: fn(&Sent) -> u64| mean_up(sent.iter().map(part).sum(), count);
    let numbers = [
        mean,
        peak,
        sum(|r| r.1),
        sum(|r| r.2),
        sum(|r| r.3),
        sum(|r| r.4),
        p95(sent.iter().map(|r| r.1)),
        p95(sent.iter().map(|r| r.2)),
        sum(|r| r.6),
    ];
    let numbers = numbers.map(|number| Tokens::from_millionths(number).expect("small").written());
    let max_tokens = sum(|r| r.5).div_ceil(MILLIONTHS).max(sum(|r| r.2).div_ceil(MILLIONTHS)).max(1);
    format!("trace,haiku-4.5,us,{},{max_tokens}", numbers.join(","))
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_row_from_numbers_is_the_row_that_is_read(cells in cells()) {
        prop_assert_eq!(from_numbers(&cells), from_csv(&written(&cells)));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// Some have a maximum above the model's, an input above its context window, or an output above max_tokens.
    #[test]
    fn a_closed_form_is_the_plan_of_the_row_that_a_person_enters(
        sent in prop::collection::vec(
            (0_u64..90, 0_u64..250_000, 0_u64..3_000, 0_u64..9_000, 0_u64..9_000, 1_u64..100_000, 0_u64..90), 1..8,
        ),
    ) {
        let mut builder = Builder::new(Format::Own);
        let target = builder.target(Target::default());
        let mut now = 0;
        for &(after, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, max_tokens, latency) in &sent {
            now += after;
            builder.push(Request {
                arrival_microseconds: i64::try_from(now * MILLIONTHS).expect("small"),
                input_tokens,
                output_tokens,
                cache_read_tokens,
                cache_write_tokens,
                max_tokens: OutputLimit::Stated(max_tokens),
                latency_microseconds: Some(latency * MILLIONTHS),
                target,
            });
        }
        let trace = builder.finish();
        let model = table().find("haiku-4.5").expect("it is there").model;
        let config = Config::default();
        let charging = Charging::new(table().model(model), None, MaxTokens::Actual, config.speed);
        let profile = Profile::new(&trace, &charging).expect("it has requests");
        let assumptions = Assumptions::new(&config, table(), &mut Diagnostics::new());
        let found = closed_form(&profile, &charging, (model, Scope::Us), table(), &assumptions);
        let expected = from_csv(&entered(&sent));
        match (found, expected) {
            (Ok(found), Ok(figures)) => prop_assert_eq!(Some(found), figures.as_ref().map(ClosedForm::from_figures)),
            (Err(fault), Err(said)) => prop_assert_eq!(Some(fault.to_string()), said),
            (found, expected) => prop_assert!(false, "{found:?} for {expected:?}"),
        }
    }
}
