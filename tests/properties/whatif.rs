//! Scenarios: what is imagined is what planning the file edited by hand gives, and answers to
//! inverse questions hold at their step and at no step further.

use std::fmt::Write as _;

use proptest::prelude::*;
use quotaplan::config::{self, Config};
use quotaplan::engine::{self, Answer, Measured, PlanInput, Question, QuotasToHold, STEPS, Scenario};
use quotaplan::report::{PlanReport, Report};
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use serde_json::Value;

use super::cases;
use super::facts::MODELS;
use super::rows::{Decimal, ONE, Row, Unit, csv, rows, rows_in_any_unit};
use super::settings::{Settings, plan, settings, table, try_plan};
use crate::support::{Planned, Refused};

/// A setting as it is written, and as it is done by hand.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Rate(Amount),
    Peak(Amount),
    Input(Amount),
    Output(Amount),
    CacheShare(u64),
    MaxTokens(u64),
    Latency(Amount),
    Global,
}

#[derive(Debug, Clone, Copy)]
enum Amount {
    To(u64),
    Times(u64),
}

/// One change: every row, or the one of an index.
#[derive(Debug, Clone)]
struct Change {
    row: Option<usize>,
    edits: Vec<Edit>,
}

/// `value` times a factor in millionths, to the sixth decimal, upwards.
fn product(value: u64, factor: u64) -> u64 {
    let exact = u128::from(value) * u128::from(factor);
    let down = exact / u128::from(ONE);
    u64::try_from(down + u128::from(!exact.is_multiple_of(u128::from(ONE)))).expect("small numbers")
}

fn done(amount: Amount, value: u64) -> u64 {
    match amount {
        Amount::To(to) => to,
        Amount::Times(factor) => product(value, factor),
    }
}

/// What a person would write into the row's cells.
fn by_hand(row: &mut Row, edits: &[Edit], settings: &Settings) {
    for edit in edits {
        match *edit {
            Edit::Global => row.model.scope = "global",
            Edit::Input(amount) => row.input = Decimal(done(amount, row.input.0)),
            Edit::Output(amount) => row.output = Decimal(done(amount, row.output.0)),
            Edit::CacheShare(share) => {
                let all = row.input.0 + row.cache_read.0 + row.cache_write.0;
                let read =
                    u64::try_from(u128::from(all) * u128::from(share) / u128::from(ONE)).expect("less");
                let (rest, both) = (all - read, row.input.0 + row.cache_write.0);
                let input = match both {
                    0 => rest,
                    _ => {
                        let exact = u128::from(rest) * u128::from(row.input.0);
                        u64::try_from(exact.div_ceil(u128::from(both))).expect("less")
                    }
                };
                (row.input, row.cache_read, row.cache_write) =
                    (Decimal(input), Decimal(read), Decimal(rest - input));
            }
            Edit::MaxTokens(to) => row.max_tokens = Some(to),
            Edit::Latency(amount) => {
                let writing = u128::from(row.output.0) * u128::from(ONE);
                let writing =
                    u64::try_from(writing.div_ceil(u128::from(settings.per_second.0))).expect("small");
                let own = row.latency.map_or(settings.first_token.0 + writing, |latency| latency.0);
                row.latency = Some(Decimal(done(amount, own)));
            }
            Edit::Rate(amount) => {
                let mean = done(amount, row.rate.0);
                row.peak = row.peak.map(|peak| match amount {
                    Amount::Times(factor) => Decimal(product(peak.0, factor)),
                    Amount::To(_) if row.rate.0 == 0 => Decimal(mean.max(peak.0)),
                    Amount::To(_) => {
                        let exact = u128::from(peak.0) * u128::from(mean);
                        Decimal(u64::try_from(exact.div_ceil(u128::from(row.rate.0))).expect("small"))
                    }
                });
                row.rate = Decimal(mean);
            }
            Edit::Peak(amount) => {
                let own = row.peak.map_or(product(row.rate.0, settings.peak_factor.0), |peak| peak.0);
                row.peak = Some(Decimal(done(amount, own)));
            }
        }
    }
}

fn written(changes: &[Change]) -> String {
    let amount = |amount: Amount| match amount {
        Amount::To(to) => Decimal(to).to_string(),
        Amount::Times(factor) => format!("\"*{}\"", Decimal(factor)),
    };
    let mut text = "[[scenario]]\nname = \"imagined\"\n".to_owned();
    for Change { row, edits } in changes {
        text += "[[scenario.change]]\n";
        if let Some(row) = row {
            writeln!(text, "where = {{ workload = \"w{row}\" }}").unwrap();
        }
        let pairs = edits.iter().map(|edit| match *edit {
            Edit::Rate(value) => format!("rate = {}", amount(value)),
            Edit::Peak(value) => format!("peak = {}", amount(value)),
            Edit::Input(value) => format!("input_tokens = {}", amount(value)),
            Edit::Output(value) => format!("output_tokens = {}", amount(value)),
            Edit::CacheShare(share) => format!("cache_read_share = {}", Decimal(share)),
            Edit::MaxTokens(to) => format!("max_tokens = {to}"),
            Edit::Latency(value) => format!("latency_seconds = {}", amount(value)),
            Edit::Global => "scope = \"global\"".to_owned(),
        });
        writeln!(text, "set = {{ {} }}", pairs.collect::<Vec<_>>().join(", ")).unwrap();
    }
    text
}

/// The scenario of a text; `None` where a setting of it cannot be.
fn scenario(sources: &mut Sources, text: &str) -> Option<Scenario> {
    let file = sources.add(SourceFile::new("quotaplan.toml", text));
    let mut diagnostics = Diagnostics::new();
    let config = config::parse(sources, file, &mut diagnostics).filter(|_| !diagnostics.has_errors())?;
    let stated = config.scenarios.first().expect("one is written");
    Scenario::resolve(stated, &Config::default(), table(), &mut diagnostics)
}

/// The JSON of a plan without what depends on how long cells are.
fn json(sources: &Sources, input: &PlanInput<'_>, plan: &engine::Plan) -> Value {
    let mut text = Vec::new();
    PlanReport { sources, input, plan, simulated: None, typed: None }.write_json(&mut text).expect("JSON");
    let mut json: Value = serde_json::from_slice(&text).expect("JSON");
    for finding in json["findings"].as_array_mut().expect("a list") {
        finding["column"] = Value::Null;
    }
    json
}

/// The plan of a scenario as JSON; `None` where it cannot be.
fn imagined(base: &mut Planned, text: &str) -> Option<Value> {
    let scenario = scenario(&mut base.sources, text)?;
    let mut diagnostics = Diagnostics::new();
    let found =
        engine::plan_scenario(&base.input(), &[scenario], &mut diagnostics).expect("small figures")?;
    let one = found.first().expect("one was asked for");
    Some(json(&base.sources, &one.input(&base.input()), &one.plan))
}

fn amount(absolute: u64) -> impl Strategy<Value = Amount> {
    prop_oneof![
        (0..=absolute).prop_map(|whole| Amount::To(whole * ONE)),
        prop::sample::select(vec![0, 333_333, 900_000, ONE, 1_000_001, 1_500_000, 3 * ONE])
            .prop_map(Amount::Times),
    ]
}

/// Settings of one change, each key once, in the order in which they are applied.
fn change(count: usize) -> impl Strategy<Value = Change> {
    let edits = (
        prop::option::of(Just(Edit::Global)),
        prop::option::of(amount(5_000).prop_map(Edit::Input)),
        prop::option::weighted(0.3, amount(2_000).prop_map(Edit::Output)),
        prop::option::of((0..=ONE).prop_map(Edit::CacheShare)),
        prop::option::weighted(0.3, (1_u64..20_000).prop_map(Edit::MaxTokens)),
        prop::option::of(amount(90).prop_map(Edit::Latency)),
        prop::option::of(amount(700).prop_map(Edit::Rate)),
        prop::option::weighted(0.3, amount(2_000).prop_map(Edit::Peak)),
    );
    (prop::option::of(0..count), edits).prop_map(|(row, edits)| {
        let (a, b, c, d, e, f, g, h) = edits;
        let edits: Vec<Edit> = [a, b, c, d, e, f, g, h].into_iter().flatten().collect();
        let edits = if edits.is_empty() { vec![Edit::Rate(Amount::Times(ONE))] } else { edits };
        Change { row, edits }
    })
}

/// Rows with a number of changes.
fn changed() -> impl Strategy<Value = (Vec<Row>, Vec<Change>)> {
    rows(&MODELS, 1..=5).prop_flat_map(|rows| {
        let changes = prop::collection::vec(change(rows.len()), 1..=3);
        (Just(rows), changes)
    })
}

/// The steps at which a question's answers are tried by editing the file.
fn at_step(rows: &[Row], question: Question, step: u64) -> Vec<Row> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        match question {
            Question::Requests => {
                by_hand(row, &[Edit::Rate(Amount::Times(step * (ONE / STEPS)))], &Settings::default());
            }
            Question::CacheShare => {
                by_hand(row, &[Edit::CacheShare(step * (ONE / STEPS))], &Settings::default());
            }
            Question::MaxTokens if row.model.kind == super::facts::Kind::Text => {
                let own = row.max_tokens.or(row.model.maximum);
                row.max_tokens = Some(own.map_or(step, |own| own.min(step)));
            }
            Question::MaxTokens => {}
        }
    }
    rows
}

/// Whether every quota with an applied value holds what is required.
fn holds(planned: &Planned) -> bool {
    planned.plan.quotas.iter().all(|quota| match (quota.granted_limit(), quota.figures.required) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(limit), Some(required)) => limit.holds(required),
    })
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_scenario_is_the_plan_of_the_edited_file((rows, changes) in changed(), settings in settings()) {
        let mut base = plan(&csv(&rows), &settings);
        let mut edited = rows;
        for Change { row, edits } in &changes {
            for (index, one) in edited.iter_mut().enumerate() {
                if row.is_none_or(|row| row == index) {
                    by_hand(one, edits, &settings);
                }
            }
        }
        let found = imagined(&mut base, &written(&changes));
        match try_plan(csv(&edited).as_bytes(), &settings) {
            Ok(other) => prop_assert_eq!(found, Some(json(&other.sources, &other.input(), &other.plan))),
            Err(Refused::Inputs(_)) => prop_assert_eq!(found, None),
            Err(Refused::TooLarge(error)) => prop_assert!(false, "{}", error),
        }
    }

    /// Rates stated in any unit are edited in their own cells; whole factors round nothing.
    #[test]
    fn rates_in_any_unit_are_edited_in_their_cells(
        rows in rows_in_any_unit(&MODELS, 1..=4), factor in 0_u64..5, settings in settings(),
    ) {
        let mut base = plan(&csv(&rows), &settings);
        let text = format!("[[scenario]]\nname = \"n\"\n[[scenario.change]]\nset = {{ rate = \"*{factor}\" }}\n");
        let mut edited = rows;
        for row in &mut edited {
            row.rate.0 *= factor;
            row.peak = row.peak.map(|peak| Decimal(peak.0 * factor));
        }
        let other = plan(&csv(&edited), &settings);
        let wanted = json(&other.sources, &other.input(), &other.plan);
        prop_assert_eq!(imagined(&mut base, &text), Some(wanted));
    }

    /// A rate that is set is one of requests per minute, each of as many calls as before.
    #[test]
    fn a_rate_that_is_set_is_a_minutes(
        rows in rows_in_any_unit(&MODELS, 1..=4), rate in 1_u64..500, settings in settings(),
    ) {
        let rows: Vec<Row> = rows.into_iter().map(|row| Row { peak: None, ..row }).collect();
        let mut base = plan(&csv(&rows), &settings);
        let text = format!("[[scenario]]\nname = \"n\"\n[[scenario.change]]\nset = {{ rate = {rate} }}\n");
        let mut edited = rows;
        for row in &mut edited {
            (row.rate, row.unit) = (Decimal(rate * ONE), Unit::Minute);
        }
        let other = plan(&csv(&edited), &settings);
        let wanted = json(&other.sources, &other.input(), &other.plan);
        prop_assert_eq!(imagined(&mut base, &text), Some(wanted));
    }

    #[test]
    fn changing_nothing_changes_nothing(rows in rows(&MODELS, 1..=5), settings in settings()) {
        let mut base = plan(&csv(&rows), &settings);
        let before = json(&base.sources, &base.input(), &base.plan);
        let nothing = "[[scenario]]\nname = \"n\"\n[[scenario.change]]\nset = { rate = \"*1\", input_tokens = \"*1\" }\n";
        prop_assert_eq!(imagined(&mut base, nothing), Some(before));
    }

    #[test]
    fn two_scenarios_composed_are_one_with_both((rows, changes) in changed(), settings in settings()) {
        let mut base = plan(&csv(&rows), &settings);
        let both = imagined(&mut base, &written(&changes));
        let parts: Option<Vec<Scenario>> =
            changes.iter().map(|change| scenario(&mut base.sources, &written(std::slice::from_ref(change)))).collect();
        let parts = parts.expect("each was resolved as a part of both");
        let composed = Scenario::composed(&parts.iter().collect::<Vec<_>>());
        let mut diagnostics = Diagnostics::new();
        let found = engine::plan_scenario(&base.input(), &[composed], &mut diagnostics).expect("small figures");
        let found = found.map(|found| json(&base.sources, &found[0].input(&base.input()), &found[0].plan));
        prop_assert_eq!(found, both);
    }

    #[test]
    fn an_answer_holds_and_the_next_step_does_not(rows in rows(&MODELS, 1..=4), settings in settings()) {
        let settings = Settings { reserve_cache_reads: false, ..settings };
        let base = plan(&csv(&rows), &settings);
        for question in [Question::Requests, Question::MaxTokens, Question::CacheShare] {
            let Some(solution) = engine::solve(&base.input(), &base.plan, question, &QuotasToHold::default()) else {
                let known = base.plan.quotas.iter().any(|quota| quota.granted_limit().is_some());
                let generating = rows.iter().any(|row| row.model.kind == super::facts::Kind::Text);
                prop_assert!(!known || question == Question::MaxTokens && !generating);
                continue;
            };
            let tried = |step| {
                let text = csv(&at_step(&rows, question, step));
                try_plan(text.as_bytes(), &settings).is_ok_and(|planned| holds(&planned))
            };
            // Cells are rounded with the peak factor of the settings only where a peak is derived.
            let worst = match (question, solution.answer) {
                (Question::CacheShare, Answer::Last(step)) => {
                    prop_assert!(tried(step), "{:?} {}", question, step);
                    Some(step - 1)
                }
                (_, Answer::Last(step)) => {
                    prop_assert!(tried(step), "{:?} {}", question, step);
                    Some(step + 1)
                }
                (Question::CacheShare, Answer::Unbounded(_)) => {
                    prop_assert!(tried(0));
                    None
                }
                (Question::CacheShare, Answer::Never) => Some(STEPS),
                (Question::Requests, Answer::Never) => Some(1),
                (_, Answer::Untold) => {
                    let untold = |quota: &engine::QuotaPlan| quota.granted_limit().is_some() && quota.figures.required.is_none();
                    prop_assert!(base.plan.quotas.iter().any(untold));
                    None
                }
                (Question::Requests, Answer::Unbounded(_)) | (Question::MaxTokens, Answer::Unbounded(_) | Answer::Never) => None,
            };
            if let Some(step) = worst {
                prop_assert!(!tried(step), "{:?} {}", question, step);
                let named = solution.binding.as_ref().expect("something stands in the way");
                let limit = named.granted_limit().expect("it has a limit");
                prop_assert!(named.figures.required.is_none_or(|required| !limit.holds(required)));
            }
        }
    }

    #[test]
    fn a_tenth_more_is_the_plan_of_the_file_with_a_tenth_more(rows in rows(&MODELS, 1..=4), settings in settings()) {
        let base = plan(&csv(&rows), &settings);
        let more = Amount::Times(ONE + ONE / 10);
        let edits = [
            (Measured::Rates, Edit::Rate(more)),
            (Measured::Peak, Edit::Peak(more)),
            (Measured::Input, Edit::Input(more)),
            (Measured::Output, Edit::Output(more)),
            (Measured::Latency, Edit::Latency(more)),
        ];
        let found = engine::sensitivity(&base.input(), &base.plan).expect("small figures");
        for (measured, edit) in edits {
            let mut edited = rows.clone();
            edited.iter_mut().for_each(|row| by_hand(row, &[edit], &settings));
            // A longer answer may be cut by max_tokens: then there is no such file.
            let Ok(other) = try_plan(csv(&edited).as_bytes(), &settings) else { continue };
            let one = found.iter().find(|one| one.input == measured).expect("all are measured");
            for (quota, required) in base.plan.quotas.iter().zip(&one.required) {
                let same = other.plan.quotas.iter().find(|then| then.id.about(&other.catalog) == quota.id.about(&base.catalog));
                prop_assert_eq!(*required, same.and_then(|then| then.figures.required), "{:?}", measured);
            }
        }
        let other = plan(&csv(&rows), &Settings { headroom: Decimal(product(settings.headroom.0, ONE + ONE / 10)), ..settings });
        let headroom = found.iter().find(|one| one.input == Measured::Headroom).expect("it is measured");
        let required: Vec<_> = other.plan.quotas.iter().map(|quota| quota.figures.required).collect();
        prop_assert_eq!(&headroom.required, &required);
    }
}
