//! Rows fitted to traces by replay: laws, and how near their plans come on public traces.

use std::path::{Path, PathBuf};

use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use quotaplan::catalog::{self, Catalog, ModelIndex, Scope};
use quotaplan::config::Config;
use quotaplan::engine::{Assumptions, PlanInput, plan};
use quotaplan::experiment::{
    Charging, FittedRow, MaxTokens, THROTTLED_TARGET, busiest_window, fitted_row, traffic,
};
use quotaplan::simulate::{Window, safe_quota};
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::threads::Workers;
use quotaplan::trace::{Builder, Format, OutputLimit, ReadOptions, Request, Target, Trace, load};
use quotaplan::units::Ratio;
use quotaplan::workload::{RowCells, WorkloadSet};

use super::traces;
use crate::properties::cases;

struct Table {
    catalog: Catalog,
    assumptions: Assumptions,
    model: ModelIndex,
}

impl Table {
    fn new() -> Self {
        let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
        let catalog = catalog::load(&mut sources, None, &mut diagnostics).expect("the embedded table");
        let assumptions = Assumptions::new(&Config::default(), &catalog, &mut diagnostics);
        let model = catalog.find("haiku-4.5").expect("in the table").model;
        Self { catalog, assumptions, model }
    }

    fn charging(&self, max_tokens: MaxTokens) -> Charging {
        let speed = self.assumptions.speed_of(self.model);
        Charging::new(self.catalog.model(self.model), None, max_tokens, speed)
    }

    fn fitted(&self, trace: &Trace, max_tokens: MaxTokens) -> FittedRow {
        let place = (self.model, Scope::Us);
        let with = (&self.catalog, &self.assumptions);
        let asked = (THROTTLED_TARGET, Workers::ONE);
        fitted_row(trace, &self.charging(max_tokens), place, with, asked).expect("a row")
    }

    fn safe(&self, trace: &Trace, max_tokens: MaxTokens) -> u64 {
        let replayed = traffic(trace, &self.charging(max_tokens), false).expect("charged");
        let safe = safe_quota(&replayed, Window::Rolling, THROTTLED_TARGET, Workers::ONE).expect("small");
        safe.expect("requests").get()
    }

    /// What the plan of the row alone says, as a person would enter it.
    fn burst(&self, row: &FittedRow, max_tokens: Option<u64>) -> u64 {
        let max_tokens = max_tokens.and_then(quotaplan::units::Tokens::from_whole).or(row.max_tokens);
        let cells = RowCells {
            workload: "measured",
            model: self.model,
            scope: Scope::Us,
            requests_per_minute: row.requests_per_minute,
            peak_requests_per_minute: Some(row.peak_requests_per_minute),
            input: row.input,
            output: row.output,
            cache_read: row.cache_read,
            cache_write: row.cache_write,
            input_p95: row.input_p95,
            output_p95: row.output_p95,
            dispersion: Some(row.dispersion),
            latency: Some(row.latency),
            max_tokens,
        };
        let workloads = WorkloadSet::of_row(&cells, &self.catalog).expect("a valid row");
        let input =
            PlanInput { catalog: &self.catalog, workloads: &workloads, assumptions: &self.assumptions };
        let plan = plan(&input).expect("small");
        let quota = plan.quotas.iter().find(|quota| quota.id.kind.reserves_tokens()).expect("a quota");
        quota.figures.burst.expect("known").get()
    }
}

fn loaded(path: &Path) -> Trace {
    let table = Table::new();
    let options = ReadOptions { model_given: true, ..ReadOptions::default() };
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    load(path, &table.catalog, &options, &mut sources, &mut diagnostics).expect("a trace")
}

fn public_traces(folder: &Path) -> Vec<PathBuf> {
    let mut paths = vec![folder.join("azure-llm-2023-code.csv"), folder.join("azure-llm-2023-chat.csv")];
    let drawn = std::fs::read_dir(folder.join("drawn")).expect("the drawn traces");
    let mut drawn: Vec<PathBuf> = drawn.map(|entry| entry.expect("an entry").path()).collect();
    drawn.retain(|path| path.extension().is_some_and(|extension| extension == "gz"));
    drawn.sort();
    paths.extend(drawn);
    paths
}

#[test]
fn rows_of_public_traces_come_near_their_replay() {
    let Some(folder) = traces() else {
        eprintln!("the traces are not here: fitted rows were not held against them");
        return;
    };
    let table = Table::new();
    let mut ratios = [const { Vec::new() }; 4];
    for path in public_traces(&folder) {
        let trace = loaded(&path);
        let answered = table.fitted(&trace, MaxTokens::AtLeast(0));
        let of = |max: u64| {
            table.burst(&answered, Some(max)) as f64 / table.safe(&trace, MaxTokens::AtLeast(max)) as f64
        };
        let fit = table.burst(&answered, None) as f64 / answered.safe_quota.get() as f64;
        let row = [fit, of(4_096), of(8_192), of(32_000)];
        eprintln!(
            "{:32} d {:6} {row:.3?}",
            path.file_name().unwrap_or_default().display(),
            answered.dispersion
        );
        ratios.iter_mut().zip(row).for_each(|(all, ratio)| all.push(ratio));
    }
    let within = |all: &[f64], least: f64| all.iter().filter(|ratio| (least..=1.25).contains(*ratio)).count();
    let [fit, small, large, far] = &ratios;
    let count = fit.len();
    eprintln!(
        "within 0.97 to 1.25 as fitted {}, within 0.95 to 1.25 at 4,096 {}, at 8,192 {}, at 32,000 {} of {count}",
        within(fit, 0.97),
        within(small, 0.95),
        within(large, 0.95),
        within(far, 0.95)
    );
    assert!(within(fit, 0.97) + 1 >= count);
    assert!((within(small, 0.95) + within(large, 0.95)) * 100 >= 2 * count * 85);
    // Reservations of 32,000 tokens depend on bursts of seconds, which a busiest minute does not show.
    assert!(within(far, 0.95) * 100 >= count * 65);
}

fn request(at: i64, (input, output): (u64, u64), target: quotaplan::trace::TargetIndex) -> Request {
    Request {
        arrival_microseconds: at,
        input_tokens: input,
        output_tokens: output,
        cache_read_tokens: 0,
        cache_write_tokens: 0,
        max_tokens: OutputLimit::Stated(2_000),
        latency_microseconds: Some(3_000_000),
        target,
    }
}

fn trace_of(requests: &[(i64, (u64, u64))]) -> Trace {
    let mut builder = Builder::new(Format::Own);
    let target = builder.target(Target::default());
    requests.iter().for_each(|(at, tokens)| builder.push(request(*at, *tokens, target)));
    builder.finish()
}

#[test]
fn a_trace_without_spread_needs_no_dispersion() {
    // Every second one request of the same size: what is measured is all there is.
    let requests: Vec<_> = (0..7_200_i64).map(|second| (second * 1_000_000, (1_000, 100))).collect();
    let row = Table::new().fitted(&trace_of(&requests), MaxTokens::Actual);
    assert_eq!(row.dispersion, Ratio::from_millionths(0).expect("a ratio"));
    assert_eq!(row.peak_requests_per_minute.millionths(), 60_000_000);
    // 7,200 requests in 7,199 seconds.
    assert_eq!(row.requests_per_minute.millionths(), 60_000_000);
    assert!(row.burst >= row.safe_quota);
}

#[test]
fn hours_without_traffic_do_not_lower_the_mean() {
    // Ten requests per minute in the first and the last of ten hours.
    let hour = |start: i64| (0..600_i64).map(move |index| (start + index * 6_000_000, (500, 50)));
    let requests: Vec<_> = hour(0).chain(hour(9 * 3_600_000_000)).collect();
    let row = Table::new().fitted(&trace_of(&requests), MaxTokens::Actual);
    // 1,200 requests in an hour and the 3,594 seconds to the last one are more than any window has.
    assert_eq!(row.requests_per_minute.millionths(), 10_000_000);
    assert_eq!(row.peak_requests_per_minute.millionths(), 10_000_000);
}

proptest! {
    #![proptest_config(cases(48))]

    /// The busiest window is that of a count at every arrival.
    #[test]
    fn the_busiest_window_is_counted(times in prop::collection::vec(0_i64..400_000_000, 1..60)) {
        let requests: Vec<_> = times.iter().map(|at| (*at, (10, 10))).collect();
        let slow = times.iter().map(|end| times.iter().filter(|at| (end - 60_000_000 + 1..=*end).contains(*at)).count());
        prop_assert_eq!(busiest_window(&trace_of(&requests)), slow.max().expect("one") as u64);
    }

    /// The fitted dispersion is enough, and a hundredth less is not.
    #[test]
    fn the_dispersion_is_the_smallest(
        requests in prop::collection::vec((0_i64..1_200_000_000, (1_u64..5_000, 1_u64..1_500)), 2..80),
    ) {
        let table = Table::new();
        let row = table.fitted(&trace_of(&requests), MaxTokens::Actual);
        prop_assert_eq!(table.burst(&row, None), row.burst.get());
        if row.burst < row.safe_quota {
            prop_assert_eq!(row.dispersion.millionths(), 1_000_000_000);
        } else if let Some(less) = row.dispersion.millionths().checked_sub(10_000) {
            let less = FittedRow { dispersion: Ratio::from_millionths(less).expect("a ratio"), ..row };
            prop_assert!(table.burst(&less, None) < row.safe_quota.get(), "{:?}", row);
        }
    }
}
