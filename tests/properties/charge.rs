//! What a request is charged: the engine's definition against numbers written out here, and every other place that
//! computes a charge against the definition.

use std::collections::BTreeMap;

use proptest::prelude::*;
use quotaplan::answers::CallUsage;
use quotaplan::catalog::Scope;
use quotaplan::config::Config;
use quotaplan::engine::{Request, RequestCost};
use quotaplan::experiment::{Charging, MaxTokens, UnknownLimit};
use quotaplan::minutes::{self, Evidence};
use quotaplan::sampling::Measurement;
use quotaplan::text::{Diagnostics, SourceFile, Sources};
use quotaplan::trace::{self, Builder, Format, OutputLimit, Target};
use quotaplan::units::{BurndownRate, Tokens};

use super::cases;
use super::settings::table;
use crate::support::try_plan;

/// Whole tokens of a request: input, cache reads, cache writes, output, max_tokens.
type Whole = [u64; 5];

fn whole() -> impl Strategy<Value = Whole> {
    // Within every context window.
    let tokens = || prop_oneof![1 => Just(0_u64), 8 => 0_u64..60_000];
    // Near the output, so that a reservation falls short of the settled cost about as often as not.
    (tokens(), tokens(), tokens(), 1_u64..60_000, 0_u64..400_000)
        .prop_map(|(input, read, write, output, beyond)| [input, read, write, output, output + beyond])
}

fn cost([input, cache_read, cache_write, output, max_tokens]: Whole, rate: u32, reads: bool) -> RequestCost {
    let tokens = |count: u64| Tokens::from_whole(count).expect("small");
    let request = Request {
        input: tokens(input),
        cache_read: tokens(cache_read),
        cache_write: tokens(cache_write),
        output: tokens(output),
        max_tokens: Some(tokens(max_tokens)),
    };
    request.cost(BurndownRate::new(rate).expect("a rate"), reads)
}

/// The settled cost and the reservation in whole tokens.
fn charge(request: Whole, rate: u32, reads: bool) -> (u64, u64) {
    let cost = cost(request, rate, reads);
    let whole = |millionths: u128| u64::try_from(millionths / 1_000_000).expect("small");
    let reservation = cost.reservation().expect("max_tokens is stated");
    (whole(cost.settled().millionths()), whole(reservation.millionths()))
}

/// AWS's token burndown page (2026-10), scenarios 1 and 2, and what follows from them by hand.
#[test]
fn the_definition_is_what_aws_publishes() {
    for (max_tokens, reservation, hold, debt) in [(32_000, 36_000, 27_000, 0), (1_250, 5_250, 0, 3_750)] {
        let found = cost([3_000, 4_000, 1_000, 1_000, max_tokens], 5, false);
        let amounts = [Some(found.settled()), found.reservation(), found.hold(), found.debt()];
        assert_eq!(
            amounts.map(|amount| amount.expect("it is known").rounded_up()),
            [9_000, reservation, hold, debt]
        );
        let with_reads = cost([3_000, 4_000, 1_000, 1_000, max_tokens], 5, true);
        assert_eq!(with_reads.reservation().expect("it is known").rounded_up(), reservation + 4_000);
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_definition_is_the_formula_of_the_guide(
        request in whole(), rate in prop::sample::select(vec![1_u32, 5, 10, 15]), reads: bool,
    ) {
        let [input, cache_read, cache_write, output, max_tokens] = request;
        let settled = input + cache_write + u64::from(rate) * output;
        let reservation = input + cache_write + max_tokens + if reads { cache_read } else { 0 };
        prop_assert_eq!(charge(request, rate, reads), (settled, reservation));
        let found = cost(request, rate, reads);
        let beyond = |a: u64, b: u64| Some(u128::from(a.saturating_sub(b)));
        prop_assert_eq!(found.hold().map(|hold| hold.rounded_up()), beyond(reservation, settled));
        prop_assert_eq!(found.debt().map(|debt| debt.rounded_up()), beyond(settled, reservation));
    }

    /// The plan's pass over the rows: one request a minute that takes the whole minute.
    #[test]
    fn a_plan_charges_by_the_definition(
        mut request in whole(), model in prop::sample::select(vec![("haiku-4.5", 5), ("nova-2-lite", 1)]), reads: bool,
    ) {
        request[4] = request[4].clamp(request[3], 64_000);
        let [input, cache_read, cache_write, output, max_tokens] = request;
        let csv = format!(
            "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,cache_read_tokens,\
             cache_write_tokens,output_tokens,max_tokens,latency_seconds\n\
             w,{},us,1,1,{input},{cache_read},{cache_write},{output},{max_tokens},60\n",
            model.0
        );
        let planned = try_plan(csv.as_bytes(), |assumptions| assumptions.config_mut().reserve_cache_reads = reads);
        let planned = planned.expect("a valid row");
        let (settled, reservation) = charge(request, model.1, reads);
        let quota = planned.plan.quotas.iter().find(|quota| quota.id.kind.reserves_tokens()).expect("it is planned");
        let figures = quota.figures;
        prop_assert_eq!(figures.steady.get(), settled);
        prop_assert_eq!(figures.peak.get(), settled);
        prop_assert_eq!(figures.in_flight.map(|amount| amount.get()), Some(settled.max(reservation)));
    }

    /// The simulator's requests.
    #[test]
    fn a_trace_is_charged_by_the_definition(
        request in whole(), rate in prop::sample::select(vec![1_u32, 5, 10, 15]), reads: bool,
    ) {
        let [input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, max_tokens] = request;
        let traced = trace::Request {
            arrival_microseconds: 0,
            input_tokens,
            output_tokens,
            cache_read_tokens,
            cache_write_tokens,
            max_tokens: OutputLimit::Stated(max_tokens),
            latency_microseconds: None,
            target: Builder::new(Format::Own).target(Target::default()),
        };
        let charging = Charging {
            rate: BurndownRate::new(rate).expect("a rate"),
            generates: true,
            maximum: None,
            max_tokens: MaxTokens::Actual,
            unknown: UnknownLimit::AsAnswered,
            speed: Config::default().speed,
            reserve_cache_reads: reads,
        };
        let max_tokens = charging.max_tokens_of(&traced).expect("it is stated");
        prop_assert_eq!(
            (charging.settled(&traced), charging.reservation(&traced, max_tokens)),
            charge(request, rate, reads)
        );
    }

    /// The check of a table of minutes against the burndown rate.
    #[test]
    fn a_minute_of_the_planned_rate_is_recognised(
        request in whole(), rate in prop::sample::select(vec![1_u32, 5, 10, 15]), more in 0_u64..=1,
    ) {
        let [input, cache_read, cache_write, output, _] = request;
        let settled = charge(request, rate, false).0 + more;
        let csv = format!(
            "minute,model,scope,requests,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,settled_tokens\n\
             2026-11-02T10:00Z,haiku-4.5,us,1,{input},{cache_read},{cache_write},{output},{settled}\n"
        );
        let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
        let file = sources.add(SourceFile::new("minutes.csv", csv));
        let evidence = [Evidence { file, of: None }];
        let read = minutes::parse(&sources, &evidence, table(), &BTreeMap::new(), &mut diagnostics);
        let model = table().find("haiku-4.5").expect("it is there").model;
        let burn = read.expect("a valid table").burn(model, Scope::Us).expect("it has a minute");
        let differing = burn.minutes_of_another_rate(BurndownRate::new(rate).expect("a rate"));
        prop_assert_eq!(differing, usize::from(more > 0));
    }

    /// What a call that measures the rate is expected to cost.
    #[test]
    fn a_measured_call_is_charged_by_the_definition(
        request in whole(), rate in prop::sample::select(vec![1_u32, 5, 10, 15]),
    ) {
        let [input_tokens, _, cache_write_tokens, output_tokens, _] = request;
        let usage = CallUsage {
            input_tokens,
            output_tokens,
            cache_write_tokens: Some(cache_write_tokens),
            ..CallUsage::default()
        };
        let measurement = Measurement::from_usage(&usage).expect("it has an output");
        let found = measurement.at_rate(BurndownRate::new(rate).expect("a rate"));
        prop_assert_eq!(found, cost(request, rate, false).settled());
    }
}
