//! CloudWatch's answers as evidence: the same use as the per-minute table, or an error that says how to ask.

use std::collections::BTreeMap;

use quotaplan::catalog::{self, Catalog, Scope};
use quotaplan::minutes::{self, Evidence, Ranked};
use quotaplan::text::{Code, Diagnostics, SourceFile, Sources};

const HEADER: &str = "minute,model,scope,requests,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,settled_tokens,throttled_requests\n";

type Use = (usize, Ranked, Ranked, Option<u64>);

/// Minutes, settled tokens, requests and throttled requests of Haiku 4.5 in a scope; and what there is to say.
fn read(text: &str, scope: Scope) -> (Option<Use>, Vec<Code>) {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let catalog: Catalog = catalog::load(&mut sources, None, &mut diagnostics).expect("the table");
    let file = sources.add(SourceFile::new("evidence", text));
    let minutes = minutes::parse(
        &sources,
        &[Evidence { file, of: None }],
        &catalog,
        &BTreeMap::new(),
        &mut diagnostics,
    );
    let burn = minutes
        .and_then(|minutes| minutes.burn(catalog.find("haiku-4.5").expect("it is there").model, scope));
    let found = burn.map(|burn| (burn.minutes, burn.settled, burn.requests, burn.throttled_requests));
    (found, diagnostics.iter().map(|diagnostic| diagnostic.code).collect())
}

const PROFILE: &str = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

/// A series a metric, each value a minute, newest first as CloudWatch writes them.
fn answer(metrics: &[(&str, [u64; 3])], seconds: i64, token: &str) -> String {
    let series = metrics.iter().enumerate().map(|(at, (label, values))| {
        let times: Vec<String> = (0..3_i64)
            .rev()
            .map(|minute| {
                let time = jiff::Timestamp::from_second(1_795_096_800 + minute * seconds).expect("in range");
                format!("\"{time}\"")
            })
            .collect();
        let values: Vec<String> = values.iter().rev().map(|value| format!("{value}.0")).collect();
        format!(
            r#"{{"Id": "q{at}", "Label": "{label}", "Timestamps": [{}], "Values": [{}], "StatusCode": "Complete"}}"#,
            times.join(","),
            values.join(",")
        )
    });
    let series: Vec<String> = series.collect();
    format!("{{\"MetricDataResults\": [{}], \"Messages\": []{token}}}\r\n", series.join(","))
}

const FIELD: [(&str, [u64; 3]); 5] = [
    ("us.anthropic.claude-haiku-4-5-20251001-v1:0 EstimatedTPMQuotaUsage", [330_000, 360_000, 310_000]),
    ("InputTokenCount", [180_000, 190_000, 170_000]),
    ("OutputTokenCount", [30_000, 34_000, 28_000]),
    ("Invocations", [30, 32, 28]),
    ("InvocationThrottles", [0, 4, 0]),
];

fn table() -> String {
    let rows = [
        (0, 30, 180_000, 30_000, 330_000, 0),
        (1, 32, 190_000, 34_000, 360_000, 4),
        (2, 28, 170_000, 28_000, 310_000, 0),
    ];
    let rows = rows.map(|(minute, requests, input, output, settled, throttled)| {
        format!("2026-11-19T14:0{minute}Z,{PROFILE},,{requests},{input},0,0,{output},{settled},{throttled}\n")
    });
    format!("{HEADER}{}", rows.concat())
}

#[test]
fn an_answer_says_the_same_as_the_table() {
    let (expected, said) = read(&table(), Scope::Us);
    assert!(expected.is_some() && said.is_empty(), "{said:?}");
    let whole = answer(&FIELD, 60, ", \"NextToken\": null");
    let pages = answer(&FIELD[..2], 60, ", \"NextToken\": \"t\"") + &answer(&FIELD[2..], 60, "");
    for text in [whole, pages] {
        // Cache writes were not asked for, which is said.
        assert_eq!(read(&text, Scope::Us), (expected, vec![Code::MissingValue]), "{text}");
    }
    let mut with_cache = FIELD.to_vec();
    with_cache.push(("CacheWriteInputTokens", [0; 3]));
    assert_eq!(read(&answer(&with_cache, 60, ""), Scope::Us), (expected, vec![]));
}

#[test]
fn what_cannot_be_mapped_or_hides_the_peak_is_refused() {
    let whole = answer(&FIELD, 60, "");
    for (text, code) in [
        (answer(&FIELD, 300, ""), Code::BadValue),
        (answer(&FIELD, 60, ", \"NextToken\": \"t\""), Code::IncompleteAnswer),
        (answer(&FIELD[1..], 60, ""), Code::MissingScope),
        (answer(&FIELD[..4], 60, "").replace("Invocations", "Invocation"), Code::BadValue),
        (answer(&FIELD[..3], 60, ""), Code::MissingValue),
        (whole.replacen("Complete", "PartialData", 1), Code::IncompleteAnswer),
        (whole.replace("330000.0", "330000.5"), Code::BadNumber),
        (whole.replacen("14:0", "14:00:3", 1).replace("14:00:32:00", "14:02:30"), Code::BadValue),
        (r#"{"Label": "Invocations", "Datapoints": []}"#.to_owned(), Code::NotAnAnswer),
        ("[{]".to_owned(), Code::NotAnAnswer),
    ] {
        let (found, said) = read(&text, Scope::Us);
        assert_eq!(found, None, "{text}");
        assert!(said.contains(&code), "{said:?}: {text}");
    }
}

/// A minute that one series lacks is not one without tokens.
#[test]
fn a_minute_that_a_series_lacks_is_left_out_with_a_warning() {
    let whole = answer(&FIELD, 60, "");
    // Output has no value in the busiest minute.
    let series = whole.find("OutputTokenCount").expect("it is there");
    let (before, behind) = whole.split_at(series);
    let time = "\"2026-11-19T14:01:00Z\",";
    assert!(behind.contains(time) && behind.contains("34000.0,"), "{behind}");
    let gapped = format!("{before}{}", behind.replacen(time, "", 1).replacen("34000.0,", "", 1));
    let (found, codes) = read(&gapped, Scope::Us);
    let (minutes, settled, requests, throttled) = found.expect("a warning alone");
    assert_eq!(
        (minutes, settled.maximum.get(), requests.maximum.get(), throttled),
        (2, 330_000, 30, Some(0))
    );
    assert_eq!(codes, [Code::MissingValue; 2]);
}
