//! The gate: what is judged, and how each form shows it.

pub(super) mod gate;
mod input_subjects;
pub(super) mod json;
mod report;
mod result;
mod table;

pub use gate::{FindingChange, Gate, GateFinding, GateStatus, Region, Subject, SubjectOutcome};
pub use input_subjects::input_subjects;
pub use report::{CheckReport, check, faulty_inputs};
pub use result::CheckResult;
