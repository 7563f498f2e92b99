//! English: subject, verb, object; thousands separated by commas, decimals by a point.

mod caps;
mod facts;
mod findings;
mod gate;
mod lifecycle;
mod numbers;
mod plan;
mod quota;
mod refusal;
mod remedy;
mod shared;
mod whatif;

/// English.
#[derive(Debug)]
pub(super) struct English;
