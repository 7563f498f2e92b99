//! The test binary: one link, one summary line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod architecture;
mod audit;
mod case_form;
mod cases;
mod command_line;
mod contract;
mod data_lint;
mod formats;
mod fuzz;
mod iam;
mod identity;
mod input_limits;
mod json_keys;
#[cfg(feature = "aws")]
mod live;
mod money_examples;
mod oracle;
mod outputs;
mod properties;
mod readme;
mod refresh;
mod request;
mod sample_logs;
mod sampling;
mod saved;
mod screens;
mod screens_simulate_compare;
mod simulate;
mod standard_input;
mod submission;
mod support;
mod threads;
mod trace;
mod worked_examples;
