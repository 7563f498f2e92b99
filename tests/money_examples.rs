//! Bills worked out by hand, each through the report that scripts read.

use std::fs;

use num_bigint::BigInt;
use num_rational::BigRational;
use quotaplan::report::words::{FindingIn, language};
use quotaplan::text::Code;
use serde_json::{Value, json};

use crate::properties::{settings, summary};
use crate::support::{Planned, plan, quotaplan, root};

/// `cost` of the report.
fn cost(planned: &Planned) -> Value {
    let report: Value = serde_json::from_str(&summary::json(planned)).unwrap();
    report["cost"].clone()
}

/// The total, and the sums by kind of token: input, cache reads, cache writes, output.
fn kinds(cost: &Value) -> (Value, Vec<Value>) {
    let kinds = cost["by_kind"].as_array().unwrap().iter().map(|kind| kind["monthly_usd"].clone());
    (cost["monthly_usd"].clone(), kinds.collect())
}

/// The sums of the rows of the largest period.
fn rows(cost: &Value) -> Vec<Value> {
    cost["by_workload"].as_array().unwrap().iter().map(|row| row["monthly_usd"].clone()).collect()
}

/// The example's rows of one name, with the header.
fn example(name: &str) -> String {
    let text = fs::read_to_string(root().join("data/workloads.csv")).unwrap();
    let own = |line: &&str| line.starts_with("workload,") || line.starts_with(&format!("{name},"));
    text.lines().filter(own).map(|line| format!("{line}\n")).collect()
}

/// One request a minute for one hour of one day: sixty.
fn sixty(model: &str, rows: &[&str]) -> Value {
    let mut text = "workload,model,scope,requests_per_minute,active_hours,days_per_month,max_tokens,\
                    input_tokens,cache_read_tokens,cache_write_tokens,cache_ttl,output_tokens\n"
        .to_owned();
    for (index, row) in rows.iter().enumerate() {
        text += &format!("w{index},{model},1,7-8,1,2000,{row}\n");
    }
    cost(&plan(&text))
}

/// Claude Sonnet 5, us: 2.20, reads 0.22, writes for 5 minutes 2.75, output 11.00.
#[test]
fn a_row_of_the_example() {
    // 40 x 60 x 10 x 21 = 504,000 requests:
    // input        4,000 -> 2,016.0 million x  2.20 =  4,435.20
    // cache reads 14,000 -> 7,056.0 million x  0.22 =  1,552.32
    // cache writes 3,000 -> 1,512.0 million x  2.75 =  4,158.00
    // output         900 ->   453.6 million x 11.00 =  4,989.60
    let found = cost(&plan(&example("claims-documents")));
    let by_kind = ["4435.20", "1552.32", "4158.00", "4989.60"].map(Value::from).to_vec();
    assert_eq!(kinds(&found), (json!("15135.12"), by_kind));
    let largest = json!({
        "team": "claims", "monthly_usd": "15135.12", "priced_monthly_usd": "15135.12",
        "largest_period": null, "largest_monthly_usd": "15135.12", "largest_priced_monthly_usd": "15135.12",
    });
    assert_eq!(found["by_team"], json!([largest]));
    assert_eq!(found["by_period"][0]["period"], Value::Null);

    // The same row among the others, through the program.
    let output = quotaplan(&root(), &["plan", "data/workloads.csv", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut rows = report["cost"]["by_workload"].as_array().unwrap().iter();
    let row = rows.find(|row| row["workload"] == "claims-documents").unwrap();
    assert_eq!(row["monthly_usd"], "15135.12");
}

/// Claude Haiku 4.5, us: 1.10 and 5.50; 16 hours of 365/12 days.
#[test]
fn the_dearer_of_two_seasons() {
    // april:    480 x 60 x 16 x 365/12 = 14,016,000 requests:
    //   2,600 -> 36,441.60 million x 1.10 = 40,085.76; 420 -> 5,886.72 million x 5.50 = 32,376.96
    // november: 130 x 60 x 16 x 365/12 = 3,796,000 requests:
    //   2,200 ->  8,351.20 million x 1.10 =  9,186.32; 380 -> 1,442.48 million x 5.50 =  7,933.64
    let found = cost(&plan(&example("tax-assistant")));
    let by_kind = ["40085.76", "0.00", "0.00", "32376.96"].map(Value::from).to_vec();
    assert_eq!(kinds(&found), (json!("72462.72"), by_kind));
    assert_eq!((&found["period"], rows(&found)), (&json!("april"), vec![json!("72462.72")]));
    let period = |name, sum| json!({ "period": name, "monthly_usd": sum, "priced_monthly_usd": sum });
    assert_eq!(found["by_period"], json!([period("april", "72462.72"), period("november", "17119.96")]));
}

/// Claude Haiku 4.5, global: 1.00.
#[test]
fn half_a_cent_goes_to_the_even_cent() {
    // 60 x 250 = 15,000 tokens, 0.015; 60 x 750 = 45,000 tokens, 0.045; a little less and more.
    let inputs = ["250,,,,0", "750,,,,0", "749.999999,,,,0", "750.000001,,,,0", "250.000001,,,,0"];
    let found = sixty("haiku-4.5,global", &inputs);
    assert_eq!(rows(&found), ["0.02", "0.04", "0.04", "0.05", "0.02"].map(Value::from));
    // Rounded once: 0.015 twice is 0.03, not twice 0.02; 0.045 twice is 0.09, not twice 0.04.
    for (input, row, sum) in [("250,,,,0", "0.02", "0.03"), ("750,,,,0", "0.04", "0.09")] {
        let found = sixty("haiku-4.5,global", &[input, input]);
        assert_eq!((rows(&found), &found["monthly_usd"]), (vec![json!(row); 2], &json!(sum)));
    }
}

/// Claude Sonnet 5, global: 2.00 and 10.00.
const ALL_DAY: &str = "\
workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,growth_per_month
w,sonnet-5,global,1,1000,100,1000,0.05
";

#[test]
fn a_month_is_a_twelfth_of_a_year() {
    // 60 x 24 x 365/12 = 43,800 requests: 43.8 million x 2.00 = 87.60; 4.38 million x 10.00 = 43.80
    let by_kind = ["87.60", "0.00", "0.00", "43.80"].map(Value::from).to_vec();
    assert_eq!(kinds(&cost(&plan(ALL_DAY))), (json!("131.40"), by_kind));
}

#[test]
fn a_year_of_growth() {
    // 1.05^12 = 1.795856326022129150390625:
    // 87.60 -> 157.3170...; 43.80 -> 78.6585...; 131.40 -> 235.9755...
    let grown = settings::Settings { months: 12, ..settings::Settings::default() };
    let planned = settings::plan(ALL_DAY, &grown);
    let by_kind = ["157.32", "0.00", "0.00", "78.66"].map(Value::from).to_vec();
    assert_eq!(kinds(&cost(&planned)), (json!("235.98"), by_kind));
    let ratio = |over: i32, under: i32| BigRational::new(BigInt::from(over), BigInt::from(under));
    let wanted = ratio(13_140, 100) * ratio(21, 20).pow(12);
    assert_eq!(*planned.plan.cost.total.priced(), wanted, "exact");
}

/// Claude Haiku 5.5, us, to 100,000: 0.11, reads 0.011, writes 0.1375, output 0.55; above: 0.55, 0.055, 0.6875, 2.75.
#[test]
fn the_boundary_of_a_tier_met_and_passed() {
    // 60 x 100,000 = 6 million x 0.11 = 0.66; 60 x 1,000 = 60,000 x 0.55 = 0.033
    // 60 x 100,001 = 6,000,060 x 0.55 = 3.300033; 60,000 x 2.75 = 0.165
    let at = sixty("haiku-5.5,us", &["100000,,,,1000"]);
    assert_eq!(kinds(&at), (json!("0.69"), ["0.66", "0.00", "0.00", "0.03"].map(Value::from).to_vec()));
    let above = sixty("haiku-5.5,us", &["100001,,,,1000"]);
    assert_eq!(kinds(&above), (json!("3.47"), ["3.30", "0.00", "0.00", "0.16"].map(Value::from).to_vec()));
    // A millionth of a token passes it too: 6,000,000.00006 x 0.55 = 3.30000003
    let above = sixty("haiku-5.5,us", &["100000.000001,,,,0"]);
    assert_eq!(above["monthly_usd"], "3.30");

    // All input counts: 40,000 + 50,000 + 10,000 is at the boundary, 1 token more above it.
    // 2.4 million x 0.11 = 0.264; 3 million x 0.011 = 0.033; 0.6 million x 0.1375 = 0.0825; 0.033
    let at = sixty("haiku-5.5,us", &["40000,50000,10000,,1000"]);
    assert_eq!(kinds(&at), (json!("0.41"), ["0.26", "0.03", "0.08", "0.03"].map(Value::from).to_vec()));
    // 2.4 million x 0.55 = 1.32; 3 million x 0.055 = 0.165; 600,060 x 0.6875 = 0.41254125; 0.165
    let above = sixty("haiku-5.5,us", &["40000,50000,10001,,1000"]);
    let by_kind = ["1.32", "0.16", "0.41", "0.16"].map(Value::from).to_vec();
    // 1.32 + 0.165 + 0.41254125 + 0.165 = 2.06254125
    assert_eq!(kinds(&above), (json!("2.06"), by_kind));
}

/// Claude Sonnet 4.5, global: 3.00 to 200,000, 6.00 above.
#[test]
fn the_boundary_of_long_context() {
    // 12 million x 3.00; 12,000,060 x 6.00 = 72.00036
    let found = sixty("sonnet-4.5,global", &["200000,,,,0", "200001,,,,0"]);
    assert_eq!(rows(&found), ["36.00", "72.00"].map(Value::from));
    assert_eq!(found["monthly_usd"], "108.00");
}

/// Claude Sonnet 4.6, us: writes for five minutes 4.125, for an hour 6.60.
#[test]
fn the_life_of_a_cache_write_decides_its_price() {
    // 60 x 1,000 = 60,000 x 4.125 = 0.2475; x 6.60 = 0.396
    let found = sixty("claude-sonnet-4-6,us", &["0,0,1000,,0", "0,0,1000,5m,0", "0,0,1000,1h,0"]);
    assert_eq!(rows(&found), ["0.25", "0.25", "0.40"].map(Value::from));
    assert_eq!(found["by_kind"][2]["monthly_usd"], "0.89");
}

/// GPT-6.1 Sol, us: writes live 30 minutes alone, 2.75; GPT-6 Sol has no known price of such writes.
#[test]
fn a_life_that_no_price_is_known_of_is_unknown() {
    // 60 x 1,000 = 60,000 x 2.75 = 0.165
    let found = sixty("gpt-6.1-sol,us", &["0,0,1000,,0", "0,0,1000,30m,0"]);
    assert_eq!(rows(&found), ["0.16", "0.16"].map(Value::from));
    let found = sixty("gpt-6.1-sol,us", &["0,0,1000,1h,0"]);
    assert_eq!(found["monthly_usd"], Value::Null);
    let found = sixty("gpt-6-sol,us", &["0,0,1000,30m,0"]);
    assert_eq!(found["monthly_usd"], Value::Null);
    // Of GPT-6.1 Terra no price of writes is known, whatever their life.
    let found = sixty("gpt-6.1-terra,us", &["0,0,1000,,0"]);
    assert_eq!(found["monthly_usd"], Value::Null);
}

/// Cohere Rerank 3.5: 0.002 a query; Amazon Rerank: 0.001. Tokens are not billed.
#[test]
fn a_reranker_is_billed_by_the_query() {
    let cost = cost(&plan(
        "workload,model,scope,requests_per_minute,input_tokens,output_tokens\n\
         a,rerank-3.5,in-region,10,5000,0\nb,amazon-rerank,in-region,0.5,0,0\n",
    ));
    // 43,800 minutes: 438,000 x 0.002 = 876.00 and 21,900 x 0.001 = 21.90
    assert_eq!(rows(&cost), ["876.00", "21.90"].map(Value::from));
    let (total, by_kind) = kinds(&cost);
    assert_eq!(total, json!("897.90"));
    assert_eq!(by_kind, ["0.00", "0.00", "0.00", "0.00", "897.90"].map(Value::from).to_vec());
    assert_eq!(cost["by_kind"][4]["kind"], "query");
}

/// No price of cached input is known of Llama 3 8B.
#[test]
fn a_finding_names_what_has_no_price() {
    let planned = plan(
        "workload,model,scope,requests_per_minute,input_tokens,cache_read_tokens,cache_write_tokens,\
         output_tokens,max_tokens\n\
         without,llama-3-8b,in-region,1,1000,0,0,10,100\n\
         reads,llama-3-8b,in-region,1,2000,1,0,10,100\n\
         writes,llama-3-8b,in-region,1,2000,0,1,10,100\n\
         never,llama-3-8b,in-region,0,2000,1,1,10,100\n",
    );
    let findings = planned.plan.findings.iter().filter(|finding| finding.code == Code::UnknownPrice);
    let [finding] = findings.collect::<Vec<_>>()[..] else {
        panic!("one finding: {:?}", planned.plan.findings);
    };
    assert_eq!(finding.rows, 2);
    let input = planned.input();
    let said = language().finding(&FindingIn { input: &input, plan: &planned.plan, finding }).message;
    assert!(said.contains("(cache reads, cache writes)"), "{said}");
}

#[test]
fn no_days_cost_nothing() {
    let found = cost(&plan(
        "workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,days_per_month\n\
         never,sonnet-5,us,100,1000,100,1000,0\n",
    ));
    assert_eq!(kinds(&found), (json!("0.00"), vec![json!("0.00"); 4]));
}
