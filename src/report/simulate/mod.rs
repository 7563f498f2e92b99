//! A replay of requests against quotas.

mod findings;
mod json;
mod parts;
mod read_json;
mod records;
mod requests;
mod result;
mod table;
mod words;

pub use result::{
    AtMaximum, CacheOpen, Formula, MaxTokensAnswer, PlannedQuota, RequestLimits, RequestQuota,
    ScopeSimulation, ShortTrace, SimulateOptions, SimulateReport, SimulationFinding, TrafficSource,
};
