//! The three models of how a quota a minute may be enforced, AWS publishing neither window nor refill.

/// Length of the window, a minute, in microseconds.
pub const WINDOW_MICROSECONDS: i64 = 60_000_000;

/// Number of phases, one a second, that the calendar minutes are tried at.
pub const PHASES: u8 = 60;

/// By how many whole seconds after the first event the calendar minutes turn over: 0 to 59.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Phase(u8);

impl Phase {
    /// Minutes begin with the first event.
    pub const FIRST_EVENT: Self = Self(0);

    /// A phase; `None` from 60 seconds up.
    #[must_use]
    pub const fn new(seconds: u8) -> Option<Self> {
        if seconds < PHASES { Some(Self(seconds)) } else { None }
    }

    /// The whole seconds.
    #[must_use]
    pub const fn seconds(self) -> u8 {
        self.0
    }

    /// The start of the minute that holds a time, both in microseconds.
    pub(super) fn minute_of(self, first_event: i64, time: i64) -> i64 {
        let into = (time - first_event - i64::from(self.0) * 1_000_000).rem_euclid(WINDOW_MICROSECONDS);
        time - into
    }
}

/// How use is measured against the quota (guide/sizing.md, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// The charges posted in the last 60 seconds, `(t - 60 s, t]`. At completion the start's charge
    /// becomes `min(reservation, settled)` if it is still in the window; a debt is posted anew.
    Rolling,
    /// The charges of this calendar minute. A refund counts only within the starting minute; a debt
    /// goes to the minute of completion.
    Minute(Phase),
    /// A level that starts at the quota, refills by a sixtieth of it a second up to the quota, and
    /// must cover the reservation. A refund is returned to it, a debt may take it below zero.
    Bucket,
}
