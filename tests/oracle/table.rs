//! The table of the design: five rows, and the figures AWS's formulas and the notes give for them.

use quotaplan::engine::QuotaPlan;

use crate::support::{Planned, plan};

const ROWS: &str = "\
workload,model,scope,requests_per_minute,peak_requests_per_minute,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,max_tokens,latency_seconds,period
claims-assistant,anthropic.claude-sonnet-4-5-20250929-v1:0,global,100,250,3000,4000,1000,1000,32000,20,
chat,anthropic.claude-haiku-4-5-20251001-v1:0,us,333,507,1155,0,0,211,4096,4.1,
tax-season,anthropic.claude-sonnet-5,us,40,120,6000,0,0,800,2000,15,april
tax-season,anthropic.claude-sonnet-5,us,25,60,6000,0,0,800,2000,15,november
batch-summaries,anthropic.claude-sonnet-5,us,30,30,12000,0,0,1200,,30,
";

/// A row of the table; figures that rest on the statistics may differ by two.
struct Wanted {
    code: &'static str,
    exact: [u64; 4],
    required: u64,
    action: &'static str,
    ask: Option<u64>,
    tight: u64,
    lean: u64,
    fitting: Option<u64>,
}

const WANTED: [Wanted; 3] = [
    Wanted {
        code: "L-27C57EE8",
        exact: [900_000, 2_250_000, 4_500_000, 2_700_000],
        required: 5_613_158,
        action: "lower_max_tokens",
        ask: Some(5_700_000),
        tight: 7_000,
        lean: 2_902_230,
        fitting: Some(26_459),
    },
    Wanted {
        code: "L-58BE175A",
        exact: [735_930, 1_120_470, 1_225_826, 1_344_564],
        required: 1_407_580,
        action: "verify_applied",
        ask: None,
        tight: 1_500,
        lean: 1_344_564,
        fitting: None,
    },
    Wanted {
        code: "L-D4FBCF4E",
        exact: [1_280_000, 2_400_000, 4_140_000, 2_880_000],
        required: 6_044_845,
        action: "lower_max_tokens",
        ask: Some(6_100_000),
        tight: 8_400,
        lean: 3_044_597,
        fitting: Some(126_360),
    },
];

fn near(found: Option<u64>, wanted: u64, off: u64) {
    assert!(found.is_some_and(|found| found.abs_diff(wanted) <= off), "{found:?}, wanted {wanted}");
}

fn compare(quota: &QuotaPlan, wanted: &Wanted) {
    let figures = &quota.figures;
    let exact = [Some(figures.steady), Some(figures.peak), figures.in_flight, figures.formula];
    assert_eq!(exact.map(|figure| figure.unwrap().get()), wanted.exact, "{}", wanted.code);
    near(figures.required.map(|f| f.get()), wanted.required, 2);
    assert_eq!(quota.verdict.as_str(), "undetermined");
    assert_eq!(quota.action.as_str(), wanted.action);
    assert_eq!(quota.ask.map(|ask| ask.get()), wanted.ask);
    assert_eq!(quota.tight_max_tokens.map(|t| t.millionths()), Some(wanted.tight * 1_000_000));
    near(quota.lean_required.map(|f| f.get()), wanted.lean, 2);
    assert_eq!(quota.lean_ask, None);
    match wanted.fitting {
        Some(fitting) => near(quota.fitting_max_tokens, fitting, 1),
        None => assert_eq!(quota.fitting_max_tokens, None),
    }
}

fn compare_all(planned: &Planned) {
    for wanted in &WANTED {
        let mut quotas = planned.plan.quotas.iter();
        let quota = quotas.find(|quota| quota.code() == Some(wanted.code));
        compare(quota.expect(wanted.code), wanted);
    }
    let [daily] = planned.plan.account_daily.as_slice() else {
        panic!("one account: {:?}", planned.plan.account_daily);
    };
    assert_eq!((daily.settled.get(), daily.billed.get()), (4_198_939_200, 2_912_944_320));
    assert_eq!((daily.hour_settled_tenths, daily.hour_billed_tenths), (Some(40), Some(58)));
    // Six rows of the table: three quotas of tokens, and requests of the two older models.
    assert_eq!(planned.plan.quotas.len(), 5);
}

#[test]
fn the_table_of_the_design() {
    let marked = format!("\u{feff}{ROWS}");
    for text in [ROWS, &ROWS.replace('\n', "\r\n"), &marked, &marked.replace('\n', "\r\n")] {
        compare_all(&plan(text));
    }
}

/// The file names the later season first; all seasons are alike from eight to six.
const SEASONS: &str = "\
workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,period,active_hours
night-n,haiku-4.5,us,1,100,10,100,november,22-04
night-a,haiku-4.5,us,1,100,10,100,april,22-04
day,haiku-4.5,us,50,100,10,100,,08-18
";

#[test]
fn ties_go_to_the_first_period_and_the_lowest_hour() {
    let planned = plan(SEASONS);
    for quota in &planned.plan.quotas {
        let slot = quota.figures.slot;
        let period = slot.period.map(|symbol| planned.workloads.text(symbol));
        assert_eq!((period, slot.hour), (Some("april"), Some(8)), "{}", quota.id.kind.as_str());
    }
}

/// By hand for a mean of 400: 7 x 400 = 2,800; with a p95 of 1,200 `σ = 1.644854 − √(1.644854² − 2·ln 3)` = 0.93188
/// and `400·e^(3.090232·σ − σ²/2)` = 4,614.6, which is more than 1.25 x 1,200; 1.25 x 4,100 = 5,125 and
/// 1.25 x 1,500 = 1,875. A p95 of 9,000 is too far above the mean, so `σ` is 1.644854 and the quantile 16,675. A p95 below the mean tells nothing, so the mean stands; the busiest row decides alone.
#[test]
fn the_tight_cap_of_each_kind() {
    let tight = |cells: &str| {
        let rows: String =
            cells.split('/').map(|cells| format!("w,haiku-4.5,us,2000,400,{cells}\n")).collect();
        let rows = rows.replacen("w,", "v,", 1);
        let header = "workload,model,scope,input_tokens,output_tokens,requests_per_minute,output_tokens_p95,output_tokens_p99\n";
        let planned = plan(&(header.to_owned() + &rows));
        let quota = planned.plan.quotas.iter().find(|quota| quota.code() == Some("L-58BE175A"));
        quota.and_then(|quota| quota.tight_max_tokens).map(|tight| tight.millionths() / 1_000_000)
    };
    for (cells, wanted) in [
        ("10,,", 2_800),
        ("10,1200,", 4_700),
        ("10,1200,4100", 5_200),
        ("10,,1500", 1_900),
        ("10,200,", 400),
        ("10,,200", 400),
        ("10,410,/0,,", 520),
        ("10,9000,", 17_000),
        ("10,60000,", 64_000),
        ("10,,60000", 64_000),
    ] {
        assert_eq!(tight(cells), Some(wanted), "{cells}");
    }
    // Where nothing is sent there is no answer to expect.
    for cells in ["0,,", "0,1200,", "0,,/0,,1500"] {
        assert_eq!(tight(cells), None, "{cells}");
    }
}
