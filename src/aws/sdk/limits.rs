//! How long a call may take and how often it is tried.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

/// Time-outs and tries of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// One attempt, from its credentials to the end of the answer; `None` where the call's time-out is
    /// the only one.
    pub attempt: Option<Duration>,
    /// A call with all its attempts.
    pub call: Duration,
    /// Attempts in all, for what may be repeated.
    pub attempts: u32,
    /// The longest the first pause between two attempts may be; each further one may be twice as long,
    /// 20 seconds at most.
    pub first_pause: Duration,
}

impl Limits {
    /// For Service Quotas: small answers.
    pub const QUOTAS: Self = Self {
        connect: Duration::from_secs(10),
        attempt: Some(Duration::from_secs(30)),
        call: Duration::from_secs(120),
        attempts: 4,
        first_pause: Duration::from_secs(1),
    };

    /// For calls to models: an answer of 64,000 tokens takes many minutes, and an attempt that was
    /// given up would be paid for all the same.
    pub const MODELS: Self = Self {
        connect: Duration::from_secs(10),
        attempt: None,
        call: Duration::from_secs(1_200),
        attempts: 6,
        first_pause: Duration::from_secs(1),
    };

    pub(super) fn timeouts(&self) -> TimeoutConfig {
        let mut timeouts =
            TimeoutConfig::builder().connect_timeout(self.connect).operation_timeout(self.call);
        timeouts.set_operation_attempt_timeout(self.attempt);
        timeouts.build()
    }

    pub(super) fn retries(&self) -> RetryConfig {
        RetryConfig::standard().with_max_attempts(self.attempts).with_initial_backoff(self.first_pause)
    }
}
