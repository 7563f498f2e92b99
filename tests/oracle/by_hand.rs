//! Rates in every unit, rows without demand and even arrivals: figures worked out by hand.

use quotaplan::engine::QuotaPlan;
use quotaplan::units::QuotaKind;

use crate::support::{Planned, plan};

const HEADER: &str = "workload,model,scope,requests_per_minute,requests_per_second,requests_per_hour,requests_per_day,users,\
    requests_per_user_per_hour,requests_per_user_per_day,calls_per_request,peak_requests_per_minute,peak_factor,\
    input_tokens,output_tokens,max_tokens,active_hours,latency_seconds,dispersion";

/// A plan of one row of Haiku 4.5, which counts an output token five times.
fn planned(rates: &str, rest: &str) -> Planned {
    plan(&format!("{HEADER}\nw,haiku-4.5,us,{rates},{rest}\n"))
}

fn quota(planned: &Planned, kind: QuotaKind) -> &QuotaPlan {
    planned.plan.quotas.iter().find(|quota| quota.id.kind == kind).expect("it is planned")
}

fn required(planned: &Planned, kind: QuotaKind) -> u64 {
    quota(planned, kind).figures.required.expect("it is known").get()
}

#[test]
fn rates_are_converted_exactly() {
    for (rates, steady, peak) in [
        // 10 x 6,500 and 20 x 6,500.
        ("10,,,,,,,,20,", 65_000, 130_000),
        // 0.5 x 60 = 30.
        (",0.5,,,,,,,60,", 195_000, 390_000),
        // 1,200 / 60 = 20; 3 x 20 = 60.
        (",,1200,,,,,,,3", 130_000, 390_000),
        // 1,000 / 60 x 6,500 = 108,333.3; times 6 it is whole: 650,000, which a rounded rate would pass.
        (",,1000,,,,,,,6", 108_334, 650_000),
        // 6,000 in ten hours of 60 minutes are 10.
        (",,,6000,,,,,12.5,", 65_000, 81_250),
        // 500 x 1.2 / 60 = 10; 2.5 calls each: 25, and 30 x 2.5 = 75.
        (",,,,500,1.2,,2.5,30,", 162_500, 487_500),
        // 500 x 12 / 600 = 10; x 2.5 = 25; x 3 = 75.
        (",,,,500,,12,2.5,,3", 162_500, 487_500),
    ] {
        let planned = planned(rates, "6000,100,400,08-18,2,");
        let figures = quota(&planned, QuotaKind::Tpm).figures;
        assert_eq!((figures.steady.get(), figures.peak.get()), (steady, peak), "{rates}");
    }
}

/// The same traffic in two units costs the same: 6,000 a day in ten hours are 10 a minute.
#[test]
fn the_cost_does_not_depend_on_the_unit() {
    let cost = |rates| planned(rates, "6000,100,400,08-18,2,").plan.cost.total.usd();
    assert_eq!(cost(",,,6000,,,,,20,"), cost("10,,,,,,,,20,"));
    assert_eq!(cost(",,,,500,,12,,20,"), cost("10,,,,,,,,20,"));
    // 1,000 a day in 8 hours are 2.08333... a minute: no decimal of a minute costs as much.
    assert_eq!(
        planned(",,,1000,,,,,20,", "6000,100,400,08-16,2,").plan.cost.total.usd(),
        planned(",,125,,,,,,20,", "6000,100,400,08-16,2,").plan.cost.total.usd()
    );
}

#[test]
fn no_demand_requires_nothing() {
    for rates in ["0,,,,,,,,,", ",,0,,,,,,,", ",,,,0,,12,3,,2", "0,,,,,,,,0,"] {
        // The model's maximum of 64,000 is never reserved.
        let planned = planned(rates, "6000,100,,08-18,2,");
        for kind in [QuotaKind::Tpm, QuotaKind::Rpm] {
            let figures = quota(&planned, kind).figures;
            assert_eq!(figures.burst.map(|burst| burst.get()), Some(0));
            assert_eq!(required(&planned, kind), 0, "{rates}");
        }
    }
}

/// H = 1,000 + 400 = 1,400 is held throughout, S = 1,000 + 5 x 10 = 1,050; 20 requests in the busiest minute.
#[test]
fn a_measured_maximum_varies_no_more() {
    let of = |dispersion| planned("10,,,,,,,,20,", &format!("1000,10,400,08-18,60,{dispersion}"));
    // 20 x 1,400, and room for one more; 20 + 1.
    assert_eq!(required(&of("0"), QuotaKind::Tpm), 29_400);
    assert_eq!(quota(&of("0"), QuotaKind::Rpm).figures.burst.map(|burst| burst.get()), Some(21));
    // 28,000 + 3.090232306 x root of (20 x 1,400²) + 1,400, and a quarter of that variance.
    assert_eq!(required(&of(""), QuotaKind::Tpm), 48_748);
    assert_eq!(required(&of("0.25"), QuotaKind::Tpm), 39_074);
}

/// H = 1,400, S = 2,000: 200 x 2,000 + 3.090232306 x root of 200 x 2,000 + 1,400; at 300 the formula, 300 x 2,000 x 1.2.
#[test]
fn the_mean_that_is_taken_for_a_peak_is_shown_twice_and_three_times() {
    let planned = planned("100,,,,,,,,,", "1000,200,400,08-18,3,");
    let tpm = quota(&planned, QuotaKind::Tpm);
    let then: Vec<_> = tpm.assumed_peak.iter().map(|p| (p.times_mean, p.required.map(|r| r.get()))).collect();
    assert_eq!(then, [(2, Some(488_805)), (3, Some(720_000))]);
    // 300 + 3.090232306 x root of 300 + 1 = 354.5 is below 360; at 100 it is 131.9, above 120.
    let rpm = quota(&planned, QuotaKind::Rpm);
    assert_eq!(rpm.figures.required.map(|r| r.get()), Some(132));
    assert_eq!(rpm.assumed_peak.last().and_then(|p| p.required).map(|r| r.get()), Some(360));
    // As editing the file would give it.
    for (times, peak) in [(0, "200"), (1, "300")] {
        let stated = self::planned(&format!("100,,,,,,,,{peak},"), "1000,200,400,08-18,3,");
        for kind in [QuotaKind::Tpm, QuotaKind::Rpm] {
            let assumed = quota(&planned, kind).assumed_peak[times].required.map(|r| r.get());
            assert_eq!(assumed, Some(required(&stated, kind)));
            assert!(quota(&stated, kind).assumed_peak.is_empty());
        }
    }
}

/// What a command writes about a file.
fn output(file: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("w.csv"), file).expect("it can be written");
    let output = crate::support::quotaplan(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Every command that changes rates gives the same of the same traffic, whatever states it.
#[test]
fn commands_change_rates_in_any_unit() {
    let commands: [&[&str]; 7] = [
        &["whatif", "w.csv", "--set", "rate=*1.5", "--format", "csv"],
        &["whatif", "w.csv", "--set", "rate=25", "--format", "csv"],
        &["whatif", "w.csv", "--set", "peak=*2", "--format", "csv"],
        &["whatif", "w.csv", "--solve", "requests", "--assume-defaults", "--format", "csv"],
        &["whatif", "w.csv", "--sensitivity", "--format", "csv"],
        &["migrate", "w.csv", "--from", "haiku-4.5/us", "--to", "sonnet-5/us", "--format", "csv"],
        &["compare", "w.csv", "--format", "csv"],
    ];
    let rest = "6000,100,400,08-18,2,";
    let file = |rates: &str| format!("{HEADER}\nw,haiku-4.5,us,{rates},{rest}\n");
    let minute = file("10,,,,,,,,30,");
    for rates in [",,600,,,,,,30,", ",,,6000,,,,,,3", ",,,,500,,12,,30,", "5,,,,,,,2,15,", ",,,,250,,12,2,,3"]
    {
        // A rate that is set is one of requests: with two calls each it is not the same traffic.
        let calls = rates.contains(",2,");
        for command in commands.iter().filter(|command| !(calls && command.contains(&"rate=25"))) {
            assert_eq!(output(&file(rates), command), output(&minute, command), "{rates} {command:?}");
        }
    }
}
