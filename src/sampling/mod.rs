//! Real token counts: prompts in, calls and what they cost at most, and the statistics of what came back.
//!
//! It reads no file, knows no clock and calls through the trait of [`crate::aws`] alone. No text of a
//! prompt or an answer leaves it, except to that trait.

mod calls;
mod cost;
mod input;
mod measure;
mod prompts;
mod run;
mod statistics;

pub use calls::{COUNT_TOKENS_AS_OF, COUNT_TOKENS_REGIONS, Call, Target, TargetFault, calls};
pub use cost::{Bound, FRAME_TOKENS, bound};
pub use measure::{Measurement, MeasurementFault, RATES, long_answer};
pub use prompts::{ChatPrompt, Prompt, parse};
pub use run::{Reply, SamplingResult, run};
pub use statistics::{Spread, Statistics};
