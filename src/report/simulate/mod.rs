//! A replay of requests against quotas.

mod details;
mod findings;
mod json;
mod parts;
mod read_json;
mod records;
mod requests;
mod result;
mod screen;
mod table;

pub use result::{
    AtMaximum, CacheOpen, Formula, MaxTokensAnswer, PlannedQuota, RequestLimits, RequestQuota,
    ScopeSimulation, ShortTrace, SimulateOptions, SimulateReport, SimulationFinding, TrafficSource,
};
pub(in crate::report) use result::{HeldAgainst, ThrottledRange};
