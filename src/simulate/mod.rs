//! Replay: what share of a trace's requests a quota throttles, and the smallest quota that is safe.
//!
//! Pure: no files, no clock, no environment; randomness only from a seed. The rules are those of
//! `guide/sizing.md`, section 6. Everything is counted in whole tokens and whole microseconds.
//!
//! [`Traffic`] holds the requests, sorted, with the order of their events worked out once: without
//! retries it does not depend on the quota, so a pass over it can carry many quotas. There are three
//! implementations of the windows, and the tests hold all of them against a fourth: one quota at a
//! time (`meter`), many quotas of a bucket (`bucket`), many quotas of the two windows in which use
//! is a plain sum (`summed`).
//!
//! ```
//! use quotaplan::simulate::{Arrival, Traffic, Window, replay, safe_quota};
//! use quotaplan::threads::Workers;
//! use quotaplan::units::{QuotaAmount, Ratio};
//!
//! let tokens = |amount| QuotaAmount::new(amount).expect("below 10^18");
//! // A request every ten seconds that reserves 900 tokens, takes two seconds and settles at 300.
//! let arrivals = (0..60).map(|n| Arrival {
//!     time_microseconds: n * 10_000_000,
//!     latency_microseconds: 2_000_000,
//!     reservation: tokens(900),
//!     settled: tokens(300),
//!     workload: 0,
//! });
//! let traffic = Traffic::new(arrivals.collect()).expect("within bounds");
//! let found = safe_quota(&traffic, Window::Rolling, Ratio::ZERO, Workers::ONE).expect("below 10^18");
//! assert_eq!(found, Some(tokens(2_400)), "five settled requests and one reservation");
//! assert_eq!(replay(&traffic, Window::Rolling, tokens(2_390)).total.throttled, 10);
//! ```

mod alone;
mod bucket_lanes;
mod cap;
mod envelope;
mod grid;
mod lanes;
mod meter;
mod random;
mod result;
mod retries;
mod search;
mod single;
mod summed_lanes;
mod traffic;
mod whole;
mod window;

pub use cap::largest_safe_max_tokens;
pub use grid::{grid_at_most, grid_at_or_above};
pub use random::random_bits;
pub use result::{Counts, ReplayResult};
pub use retries::{BACKOFF_DOUBLINGS, Retries, replay_with_retries};
pub use search::{PeakTooLarge, WorstPhase, curve, first_passing, peak_unthrottled, safe_quota, worst_phase};
pub use single::replay;
pub use traffic::{
    Arrival, LATENCY_MAXIMUM, REQUESTS_MAXIMUM, TIME_MAXIMUM, Traffic, TrafficFault, WORKLOADS_MAXIMUM,
};
pub use window::{PHASES, Phase, WINDOW_MICROSECONDS, Window};
