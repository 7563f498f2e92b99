//! The formats a trace comes in.

/// Where a trace comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// The product's own CSV.
    Own,
    /// Azure's public LLM inference traces (2023 and 2024), CSV.
    AzureLlmInference,
    /// BurstGPT's public traces, CSV.
    BurstGpt,
    /// Mooncake's public traces, JSON lines with blocks of tokens.
    Mooncake,
    /// Qwen-Bailian's public traces: as Mooncake's, with times in seconds, blocks of 16 tokens and a `chat_id`.
    QwenBailian,
    /// Model-invocation logs of Amazon Bedrock, JSON lines.
    InvocationLog,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Own,
        Self::AzureLlmInference,
        Self::BurstGpt,
        Self::Mooncake,
        Self::QwenBailian,
        Self::InvocationLog,
    ];

    /// Its name in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "quotaplan trace",
            Self::AzureLlmInference => "Azure LLM inference trace",
            Self::BurstGpt => "BurstGPT trace",
            Self::Mooncake => "Mooncake trace",
            Self::QwenBailian => "Qwen-Bailian trace (seconds, blocks of 16 tokens)",
            Self::InvocationLog => "Bedrock model-invocation log",
        }
    }

    /// Whether its times are dates; else they count from the trace's own start.
    #[must_use]
    pub const fn has_dates(self) -> bool {
        matches!(self, Self::Own | Self::AzureLlmInference | Self::InvocationLog)
    }

    /// Whether it can state what limit a request sets for its output.
    #[must_use]
    pub const fn states_max_tokens(self) -> bool {
        matches!(self, Self::Own | Self::InvocationLog)
    }

    /// Whether it has prompts as blocks of tokens, so that what is cached depends on the cache's life.
    #[must_use]
    pub const fn has_blocks(self) -> bool {
        matches!(self, Self::Mooncake | Self::QwenBailian)
    }

    /// Whether it can name a model.
    #[must_use]
    pub const fn names_models(self) -> bool {
        matches!(self, Self::Own | Self::BurstGpt | Self::InvocationLog)
    }
}
