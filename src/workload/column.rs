//! The columns of `workloads.csv` by their own names.

macro_rules! columns {
    ($($variant:ident = $name:literal, $meaning:literal;)*) => {
        /// A column of `workloads.csv`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Column {
            $(#[doc = $meaning] $variant,)*
        }

        impl Column {
            /// Every column, in the order of the guide's table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The names of [`Self::ALL`].
            pub(super) const NAMES: &'static [&'static str] = &[$($name),*];

            /// The name in the header.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What the cells mean, with unit and default.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }
        }
    };
}

columns! {
    Workload = "workload", "name of the workload; required";
    Model = "model", "model id, profile id, ARN or alias; required";
    Scope = "scope", "us, global, ca or in-region; required unless the model cell names a profile";
    RequestsPerMinute = "requests_per_minute", "mean requests per minute over the active hours; required unless another column states the rate";
    RequestsPerSecond = "requests_per_second", "mean requests per second, instead of per minute";
    RequestsPerHour = "requests_per_hour", "mean requests per hour, instead of per minute";
    RequestsPerDay = "requests_per_day", "requests per day, which spread over the row's active hours, instead";
    Users = "users", "number of users, with requests_per_user_per_hour or requests_per_user_per_day; replaces the other rate columns";
    RequestsPerUserPerHour = "requests_per_user_per_hour", "mean requests per user per hour, used with users";
    RequestsPerUserPerDay = "requests_per_user_per_day", "requests per user per day, spread over the active hours, used with users";
    CallsPerRequest = "calls_per_request", "model calls per request, as an agent makes; multiplies the mean and the busiest minute; default 1";
    PeakRequestsPerMinute = "peak_requests_per_minute", "requests in the busiest minute; default mean x peak_factor";
    PeakFactor = "peak_factor", "busiest minute / mean, at least 1, instead of peak_requests_per_minute; default: the configured value, else 1 with a warning";
    P50RequestsPerMinute = "p50_requests_per_minute", "measured median requests per minute, for AWS's questionnaire alone";
    P90RequestsPerMinute = "p90_requests_per_minute", "measured 90th percentile of requests per minute, for AWS's questionnaire alone";
    InputTokens = "input_tokens", "mean input tokens per request that are neither read from nor written to the cache; required, but may be empty for a reranker";
    OutputTokens = "output_tokens", "mean output tokens per request, including reasoning; required, but may be empty for a reranker";
    CacheReadTokens = "cache_read_tokens", "mean cache-read tokens per request; default 0";
    CacheWriteTokens = "cache_write_tokens", "mean cache-write tokens per request; default 0";
    CacheTtl = "cache_ttl", "lifetime of cache writes, 5m, 30m or 1h, for the price; default: the shortest that the model offers, usually 5m";
    MaxTokens = "max_tokens", "max_tokens of each request, a whole number; default the model's maximum";
    LatencySeconds = "latency_seconds", "mean seconds from start to completion; default from the configuration's speed";
    InputTokensP95 = "input_tokens_p95", "95th percentile of input_tokens, for the burst estimate";
    OutputTokensP95 = "output_tokens_p95", "95th percentile of output_tokens, for the burst estimate";
    OutputTokensP99 = "output_tokens_p99", "measured 99th percentile of output_tokens, for the advice on max_tokens";
    Dispersion = "dispersion", "variance / mean of the number of arrivals at a constant rate, at least 0; default 1; use 0 if the busiest minute is a measured maximum";
    ShareOver25k = "share_over_25k", "share of requests with more than 25,000 input tokens, 0 to 1";
    Period = "period", "season; different periods never fall on the same day; default every period";
    ActiveHours = "active_hours", "hours of the day such as 08-18 or 08-12,22-02; default all day";
    DaysPerMonth = "days_per_month", "days per month with this traffic; default 365/12";
    GrowthPerMonth = "growth_per_month", "growth of both rates per month, 0.05 = 5 %; default 0";
    Residency = "residency", "any, canada (ca-* Regions) or us (us-* and ca-* Regions): where requests may be processed";
    Account = "account", "AWS account, since quotas are per account; default the configured one";
    Team = "team", "the team that the traffic belongs to";
}

impl Column {
    /// Columns without which nothing is known of a row, but for the rate.
    pub(super) const REQUIRED: [Self; 4] =
        [Self::Workload, Self::Model, Self::InputTokens, Self::OutputTokens];

    /// Columns of which a row fills exactly one, `users` counting with its rate.
    pub(super) const RATES: [Self; 5] = [
        Self::RequestsPerMinute,
        Self::RequestsPerSecond,
        Self::RequestsPerHour,
        Self::RequestsPerDay,
        Self::Users,
    ];

    /// Whether it states a rate, alone or with another column.
    pub(super) fn states_a_rate(self) -> bool {
        Self::RATES.contains(&self)
            || matches!(self, Self::RequestsPerUserPerHour | Self::RequestsPerUserPerDay)
    }

    /// How a rate may be stated, in words.
    pub(super) const RATE_WAYS: &'static str = "requests_per_minute, _per_second, _per_hour or _per_day, or \
        users with requests_per_user_per_hour or _per_day";
}
