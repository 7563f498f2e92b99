//! Published and measured charges, each through the library and through the program.

use std::collections::BTreeMap;
use std::fs;

use quotaplan::engine::Request;
use quotaplan::units::{BurndownRate, Tokens};
use serde_json::Value;

use crate::support::{quotaplan, root};

/// One example; a blank expectation is not tested.
struct Example {
    id: String,
    rate: u32,
    /// Input, cache reads, cache writes and output.
    tokens: [u64; 4],
    max_tokens: Option<u64>,
    reservation: Option<u64>,
    settled: Option<u64>,
}

fn examples() -> Vec<Example> {
    let path = root().join("tests/worked_examples/worked-examples.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let columns = reader.headers().unwrap().clone();
    let records = reader.records().map(|record| {
        let record = record.unwrap();
        let cell =
            |name: &str| record.get(columns.iter().position(|column| column == name).unwrap()).unwrap();
        let number =
            |name: &str| Some(cell(name)).filter(|cell| !cell.is_empty()).map(|cell| cell.parse().unwrap());
        let tokens = ["input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens"];
        Example {
            id: cell("id").to_owned(),
            rate: cell("rate").parse().unwrap(),
            tokens: tokens.map(|name| number(name).unwrap_or(0)),
            max_tokens: number("max_tokens"),
            reservation: number("reservation"),
            settled: number("settled"),
        }
    });
    let examples: Vec<Example> = records.collect();
    assert!(examples.len() >= 12, "the committed copy is whole");
    examples
}

#[test]
fn the_library_charges_what_was_published() {
    let tokens = |count: u64| Tokens::from_whole(count).unwrap();
    for example in examples() {
        let [input, cache_read, cache_write, output] = example.tokens.map(tokens);
        let max_tokens = example.max_tokens.map(tokens);
        let request = Request { input, cache_read, cache_write, output, max_tokens };
        let cost = request.cost(BurndownRate::new(example.rate).unwrap(), false);
        if let Some(settled) = example.settled {
            assert_eq!(cost.settled().millionths(), u128::from(settled) * 1_000_000, "{}", example.id);
        }
        if let Some(reservation) = example.reservation {
            let found = cost.reservation().map(|reservation| reservation.millionths());
            assert_eq!(found, Some(u128::from(reservation) * 1_000_000), "{}", example.id);
        }
    }
}

#[test]
fn the_program_charges_what_was_published() {
    let examples = examples();
    let mut text =
        "workload,model,scope,requests_per_minute,input_tokens,cache_read_tokens,cache_write_tokens,\
                    output_tokens,max_tokens\n"
            .to_owned();
    for example in &examples {
        let model = match example.rate {
            5 => "sonnet-4.5",
            10 => "sonnet-5",
            1 => "nova-2-lite",
            rate => panic!("no model with rate {rate}"),
        };
        let [input, read, write, output] = example.tokens;
        let max_tokens = example.max_tokens.map(|max| max.to_string()).unwrap_or_default();
        text += &format!("{},{model},global,1,{input},{read},{write},{output},{max_tokens}\n", example.id);
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("workloads.csv"), text).unwrap();
    let output = quotaplan(folder.path(), &["plan", "workloads.csv", "--format", "json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();

    let mut charges: BTreeMap<&str, &Value> = BTreeMap::new();
    let quotas = report["quotas"].as_array().unwrap();
    for quota in quotas.iter().filter(|quota| quota["kind"] == "tpm") {
        for contribution in quota["contributions"].as_array().unwrap() {
            charges.insert(contribution["workload"].as_str().unwrap(), &contribution["per_request"]);
        }
    }
    for example in &examples {
        let charge = charges[example.id.as_str()];
        if let Some(settled) = example.settled {
            assert_eq!(charge["settled"].as_u64(), Some(settled), "{}", example.id);
        }
        if let Some(reservation) = example.reservation {
            assert_eq!(charge["reservation"].as_u64(), Some(reservation), "{}", example.id);
        }
    }
}
