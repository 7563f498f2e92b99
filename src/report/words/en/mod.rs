//! English: subject, verb, object; thousands separated by commas, decimals by a point.

mod actions;
mod caps;
mod check;
mod compare;
mod compare_details;
mod compare_statements;
mod exact;
mod facts;
mod findings;
mod gate;
mod iam;
mod iam_findings;
mod lifecycle;
mod migrate;
mod models;
mod models_update;
mod numbers;
mod plan;
mod plan_screen;
mod quota;
mod quotas;
mod refusal;
mod remedy;
mod request;
mod request_parts;
mod sample;
mod sample_rate;
mod shared;
mod simulate;
mod simulate_details;
mod simulate_findings;
mod simulate_method;
mod support_case;
mod times;
mod whatif;

/// English.
#[derive(Debug)]
pub(super) struct English;
