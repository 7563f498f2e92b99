//! Requests drawn for the rows of a plan: the first of them by a second program, the moments they must
//! have, and which rows they come from.

use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use quotaplan::engine::{Assumptions, QuotaPlan};
use quotaplan::experiment::{Drawing, DrawingFault, THROTTLED_TARGET, projected, rehearse};
use quotaplan::threads::Workers;
use quotaplan::trace::{OutputLimit, Request, Trace};
use quotaplan::units::{QuotaKind, Ratio};

use crate::properties::cases;
use crate::support::{Planned, plan, try_plan};

const HEADER: &str = "workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,\
    output_tokens,cache_read_tokens,cache_write_tokens,max_tokens,latency_seconds,input_tokens_p95,\
    output_tokens_p95,dispersion,period,active_hours,growth_per_month\n";

fn of_rows(rows: &[&str]) -> Planned {
    plan(&format!("{HEADER}{}\n", rows.join("\n")))
}

fn tokens_a_minute(planned: &Planned) -> &QuotaPlan {
    let mut quotas = planned.plan.quotas.iter().filter(|quota| quota.id.kind == QuotaKind::Tpm);
    let only = quotas.next().expect("a quota");
    assert!(quotas.next().is_none(), "one quota");
    only
}

fn try_drawn(planned: &Planned, minutes: u32, seed: u64) -> Result<Trace, DrawingFault> {
    let quota = tokens_a_minute(planned);
    let slot = quota.figures.slot;
    let drawn = projected(&planned.input(), &planned.plan, quota, slot, Drawing { minutes, seed });
    drawn.map(|drawn| drawn.trace)
}

fn drawn(planned: &Planned, minutes: u32, seed: u64) -> Trace {
    try_drawn(planned, minutes, seed).expect("few enough, and all known")
}

fn requests(trace: &Trace) -> Vec<(String, Request)> {
    let name = |request: &Request| trace.target(request.target).and_then(|target| target.name.clone());
    trace.requests().map(|request| (name(&request).expect("a row's name"), request)).collect()
}

/// The requests of one name, the targets' numbers left out.
fn of_name(trace: &Trace, name: &str) -> Vec<[u64; 5]> {
    let figures = |request: &Request| {
        [
            request.arrival_microseconds.unsigned_abs(),
            request.input_tokens,
            request.output_tokens,
            request.cache_read_tokens,
            request.cache_write_tokens,
        ]
    };
    requests(trace).iter().filter(|(own, _)| own == name).map(|(_, request)| figures(request)).collect()
}

/// Drawn by a program in Python, written from the description alone: `SplitMix64` keyed by place, the
/// library's own quantile of the normal distribution.
#[test]
fn the_first_requests_are_those_of_a_second_program() {
    let planned = of_rows(&[
        "chat,haiku-4.5,us,10,12.5,1500.5,200,0,10.25,4096,,4000,,3,,,",
        "batch,haiku-4.5,us,4,,1000,100,50,0,,7,,900,,,,",
    ]);
    let trace = drawn(&planned, 2, 7);
    let chat = of_name(&trace, "chat");
    assert_eq!(chat.len(), 15);
    assert_eq!(
        chat[..8],
        [
            [11_120_992, 1_045, 200, 0, 10],
            [48_469_708, 577, 200, 0, 11],
            [48_469_708, 1_154, 200, 0, 10],
            [48_469_708, 760, 200, 0, 10],
            [48_469_708, 1_164, 200, 0, 10],
            [48_469_708, 501, 200, 0, 11],
            [51_628_292, 567, 200, 0, 10],
            [52_161_154, 229, 200, 0, 11],
        ]
    );
    let batch = of_name(&trace, "batch");
    assert_eq!(batch.len(), 9);
    assert_eq!(
        batch[..6],
        [
            [92_809, 1_000, 43, 50, 0],
            [3_710_582, 1_000, 39, 50, 0],
            [12_645_760, 1_000, 8, 50, 0],
            [16_837_533, 1_000, 54, 50, 0],
            [32_758_588, 1_000, 167, 50, 0],
            [53_418_443, 1_000, 2_257, 50, 0],
        ]
    );
    for (name, request) in requests(&trace) {
        let is_chat = name == "chat";
        let limit = if is_chat { OutputLimit::Stated(4_096) } else { OutputLimit::Unset };
        assert_eq!(request.max_tokens, limit, "{name}");
        assert_eq!(request.latency_microseconds, (!is_chat).then_some(7_000_000), "{name}");
    }
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count)
}

#[test]
fn counts_a_minute_vary_as_the_dispersion_says() {
    for (dispersion, near) in [("", 1.0), ("6", 6.0), ("0.4", 0.4)] {
        let planned = of_rows(&[&format!("w,haiku-4.5,us,50,120,1000,100,0,0,500,2,,,{dispersion},,,")]);
        let mut a_minute = vec![0.0; 4_000];
        for (_, request) in requests(&drawn(&planned, 4_000, 3)) {
            let minute = usize::try_from(request.arrival_microseconds / 60_000_000).expect("not negative");
            a_minute[minute] += 1.0;
        }
        let (mean, variance) = mean_and_variance(&a_minute);
        assert!((mean / 120.0 - 1.0).abs() < 0.02, "the busiest minute's rate, not {mean}");
        assert!((variance / mean / near - 1.0).abs() < 0.1, "{}", variance / mean);
    }
}

#[test]
fn without_dispersion_every_minute_has_the_same_count() {
    let planned = of_rows(&["w,haiku-4.5,us,5,7.5,1000,100,0,0,500,2,,,0,,,"]);
    let trace = drawn(&planned, 200, 5);
    assert_eq!(trace.len(), 1_500);
    let arrivals = trace.arrivals_microseconds();
    for start in arrivals {
        let in_window = arrivals.iter().filter(|at| (*start..start + 60_000_000).contains(*at)).count();
        assert!((7..=8).contains(&in_window) || start + 60_000_000 > 200 * 60_000_000, "{in_window}");
    }
}

#[test]
fn the_rows_are_those_of_the_hour_the_quota_is_sized_for() {
    let planned = of_rows(&[
        "day,haiku-4.5,us,10,,1000,100,0,0,500,2,,,,april,08-18,",
        "late,haiku-4.5,us,30,,1000,100,0,0,500,2,,,,april,16-20,",
        "night,haiku-4.5,us,35,,1000,100,0,0,500,2,,,,april,00-06,",
        "always,haiku-4.5,us,5,,1000,100,0,0,500,2,,,,,,",
        "november,haiku-4.5,us,30,,1000,100,0,0,500,2,,,,november,,",
        "nothing,haiku-4.5,us,0,,1000,100,0,0,500,2,,,,,,",
    ]);
    let trace = drawn(&planned, 60, 0);
    let names: Vec<_> = trace.targets().iter().map(|target| target.name.as_deref().unwrap()).collect();
    // From 16:00 in April: 10 + 30 + 5 a minute; at night 40, in November 35.
    assert_eq!(names, ["always", "day", "late"]);
    assert!((2_500..2_900).contains(&trace.len()), "{} for 45 a minute", trace.len());
}

#[test]
fn the_order_of_the_file_does_not_show_even_at_one_instant() {
    let (a, b) =
        ("a,haiku-4.5,us,20_000,,1000,100,,,500,2,,,,,,", "b,haiku-4.5,us,20_000,,900,90,,,500,2,,,,,,");
    let both = requests(&drawn(&of_rows(&[a, b]), 10, 0));
    let same = |pair: &[(String, Request)]| pair[0].1.arrival_microseconds == pair[1].1.arrival_microseconds;
    assert!(both.windows(2).any(|pair| same(pair) && pair[0].0 != pair[1].0), "two rows at one instant");
    assert!(both == requests(&drawn(&of_rows(&[b, a]), 10, 0)));
}

#[test]
fn growth_and_the_peak_factor_count() {
    let csv = format!("{HEADER}w,haiku-4.5,us,20,,1000,100,0,0,500,2,,,,,,0.5\n");
    let change = |assumptions: &mut Assumptions| {
        assumptions.months = 2;
        assumptions.config_mut().peak_factor = Some(Ratio::parse("2").unwrap());
    };
    let planned = try_plan(csv.as_bytes(), change).expect("valid");
    // 20 x 1.5 x 1.5 x 2 = 90 per minute.
    let count = drawn(&planned, 100, 0).len();
    assert!((8_700..9_300).contains(&count), "{count}");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let crowd = of_rows(&["w,haiku-4.5,us,200_000,,1000,100,0,0,500,2,,,,,,"]);
    assert_eq!(try_drawn(&crowd, 60, 0), Err(DrawingFault::TooMany { minutes: 60 }));
    assert!(try_drawn(&crowd, 1, 0).is_ok());
    // Half a batch of twenty million requests is expected: it comes, or nothing does.
    let batches = of_rows(&["w,haiku-4.5,us,1000,,1000,100,0,0,500,2,,,40_000_000,,,"]);
    let drawn: Vec<_> =
        (0..16).map(|seed| try_drawn(&batches, 10_000, seed).map(|trace| trace.len())).collect();
    let too_many = DrawingFault::TooMany { minutes: 10_000 };
    assert!(drawn.contains(&Ok(0)) && drawn.contains(&Err(too_many)), "{drawn:?}");
    // No maximum is known of this model.
    let unset = of_rows(&["w,grok-4.6,us,10,,1000,100,0,0,,2,,,,,,"]);
    assert_eq!(try_drawn(&unset, 1, 0), Err(DrawingFault::MaximumUnknown));
}

/// The closed form says how far a Poisson process goes; a replay of one must come near.
#[test]
fn the_simulated_quota_of_poisson_traffic_is_near_the_closed_form() {
    for row in [
        "w,haiku-4.5,us,333,507,1155,211,0,0,4096,4.1,,,,,,",
        "w,sonnet-5,us,120,240,3000,600,0,500,8192,9,6000,1500,,,,",
        "w,nova-lite,ca,40,80,1500,300,0,0,600,3,,,4,,,",
    ] {
        let planned = of_rows(&[row]);
        let quota = tokens_a_minute(&planned);
        let drawing = Drawing { minutes: 240, seed: 1 };
        let asked = (THROTTLED_TARGET, Workers::ONE);
        let simulated = rehearse(&planned.input(), &planned.plan, quota, drawing, asked, &|_| ()).unwrap();
        let safe = simulated.safe_quota.expect("requests").get() as f64;
        let ratio = quota.figures.burst.expect("known").get() as f64 / safe;
        assert!((0.9..1.25).contains(&ratio), "{row}: {ratio}");
        let band = simulated.band.expect("requests");
        assert!(band.low <= band.high && band.low.get() as f64 <= safe);
    }
}

/// The simulated figures of a file: requests, rolling safe quota, both ends of the band.
fn simulated(rows: &[&str]) -> (u64, u64, u64, u64) {
    let planned = of_rows(rows);
    let drawing = Drawing { minutes: 60, seed: 0 };
    let asked = (THROTTLED_TARGET, Workers::ONE);
    let quota = tokens_a_minute(&planned);
    let found = rehearse(&planned.input(), &planned.plan, quota, drawing, asked, &|_| ()).unwrap();
    let band = found.band.expect("requests");
    (found.requests, found.safe_quota.expect("requests").get(), band.low.get(), band.high.get())
}

#[test]
fn every_hour_counts_and_each_set_of_rows_once() {
    // At night many small requests, by day few large ones: the first bind, the others need more.
    let night = "night,sonnet-5,us,1040,1040,3700,0,,,1,1,,,,,00-06,";
    let day = "day,sonnet-5,us,30,90,12000,900,,,32000,20,30000,2500,5,,08-18,";
    let both = of_rows(&[night, day]);
    let input = both.input();
    let hours: Vec<_> =
        both.plan.slots(&input, tokens_a_minute(&both)).into_iter().map(|slot| slot.hour).collect();
    assert_eq!(hours, [Some(0), Some(8)]);
    let [of_night, of_day] = [simulated(&[night]), simulated(&[day])];
    assert!(of_day.1 > of_night.1 && of_day.2 < of_night.2, "{of_day:?} {of_night:?}");
    let largest = |pick: fn((u64, u64, u64, u64)) -> u64| pick(of_night).max(pick(of_day));
    let expected = (of_night.0 + of_day.0, largest(|of| of.1), largest(|of| of.2), largest(|of| of.3));
    assert_eq!(simulated(&[night, day]), expected);
    // Seasons are apart; a row without one is in all of them.
    let seasons = of_rows(&[
        "a,sonnet-5,us,10,,1000,100,,,500,2,,,,april,,",
        "b,sonnet-5,us,10,,1000,100,,,500,2,,,,november,08-18,",
        "c,sonnet-5,us,10,,1000,100,,,500,2,,,,,12-20,",
    ]);
    let slots = seasons.plan.slots(&seasons.input(), tokens_a_minute(&seasons));
    let text = |slot: &quotaplan::engine::Slot| {
        (slot.period.map(|period| seasons.workloads.text(period)), slot.hour.expect("an hour"))
    };
    let mut found: Vec<_> = slots.iter().map(text).collect();
    found.sort_unstable();
    // April with and without c; November with b, b and c, c alone.
    let april = [(Some("april"), 0), (Some("april"), 12)];
    let november = [(Some("november"), 8), (Some("november"), 12), (Some("november"), 18)];
    assert_eq!(found, [&april[..], &november].concat());
}

fn row(name: &'static str) -> impl Strategy<Value = String> {
    (1..40_u32, 0..2_000_u32, 1..500_u32, 0..900_u32, 0..60_u32).prop_map(
        move |(rate, input, output, more, dispersion)| {
            let (p95, dispersion) = (output + more, f64::from(dispersion) / 10.0);
            format!("{name},haiku-4.5,us,{rate},,{input},{output},0,0,4096,,,{p95},{dispersion},,,")
        },
    )
}

proptest! {
    #![proptest_config(cases(48))]

    /// Neither the order of the file nor other rows change a row's requests; a seed does.
    #[test]
    fn each_row_draws_for_itself(a in row("a"), b in row("b"), c in row("c"), seed in any::<u64>()) {
        let all = drawn(&of_rows(&[&a, &b, &c]), 20, seed);
        let turned = drawn(&of_rows(&[&c, &a, &b]), 20, seed);
        prop_assert_eq!(requests(&all), requests(&turned));
        let alone = drawn(&of_rows(&[&b]), 20, seed);
        prop_assert_eq!(of_name(&all, "b"), of_name(&alone, "b"));
        prop_assert_eq!(requests(&all), requests(&drawn(&of_rows(&[&a, &b, &c]), 20, seed)));
        let other = drawn(&of_rows(&[&a, &b, &c]), 20, seed.wrapping_add(1));
        prop_assert!(requests(&all) != requests(&other));
        // What is drawn for longer begins with the same.
        let longer = of_name(&drawn(&of_rows(&[&b]), 40, seed), "b");
        let shorter = of_name(&alone, "b");
        prop_assert_eq!(&longer[..shorter.len()], shorter.as_slice());
    }
}
