//! What a replay is run on and what is asked of it: a trace charged as a model's quota charges it, or one
//! drawn for the rows of a plan; the safe quotas of each window, and the closed form's answer for the
//! same traffic.
//!
//! Pure, like [`crate::simulate`], which does the replaying: no files, no clock; randomness only from
//! a seed.

mod charges;
mod closed_form;
mod draws;
mod fitted;
mod profile;
mod projection;
mod rehearsal;
mod run;
mod scale;
mod targets;

pub use charges::{ChargeFault, Charging, MaxTokens, ReplayFault, UnknownLimit, arrivals, counted, traffic};
pub use closed_form::{ClosedForm, ClosedFormFault, closed_form};
pub use fitted::{FitFault, FittedRow, busiest_window, fitted_row};
pub use profile::Profile;
pub use projection::{DRAWN_MAXIMUM, Drawing, DrawingFault, MINUTES_MAXIMUM, Projected, charging, projected};
pub use rehearsal::{RehearsalFault, SimulatedQuota, THROTTLED_TARGET, rehearse};
pub use run::{
    Band, CURVE_PERCENTS, CurvePoint, Measure, Origin, Requested, Setup, Simulation, WindowResult, run,
};
pub use scale::{SCALE_MAXIMUM, Scale, scaled};
pub use targets::{by_target, names, without_target};
