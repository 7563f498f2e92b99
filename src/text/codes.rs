//! The registry of everything the product can say about a user's files or plan.
//!
//! Each code is stable, has a severity it starts with and one line of meaning; the guide
//! lists them all and `tests/cases` has one case each.

use crate::units::words;

words! {
    /// How much a diagnostic or finding matters.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Severity {
        /// Worth knowing.
        Note = "note",
        /// Something a person should look at.
        Warning = "warning",
        /// The input cannot be used.
        Error = "error",
    }
}

macro_rules! codes {
    (@all $($variant:ident = $text:literal, $severity:ident, $meaning:literal;)*) => {
        words! {
            /// A stable code of a diagnostic (about an input) or a finding (about a plan, an IAM policy or a request
            /// pack), as written in outputs and in `[policy.severity]`; in the order of the guide's table.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub enum Code {
                $(#[doc = $meaning] $variant = $text),*
            }
        }

        impl Code {
            /// The severity without configuration.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }

            /// One line: when it is said.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }
        }
    };
    (
        inputs { $($inputs:tt)* }
        plans { $($plan:ident = $text:literal, $severity:ident, $meaning:literal;)* }
        policies { $($policy:ident = $policy_text:literal, $policy_severity:ident, $policy_meaning:literal;)* }
        packs { $($pack:ident = $pack_text:literal, $pack_severity:ident, $pack_meaning:literal;)* }
        answers { $($answer:ident = $answer_text:literal, $answer_severity:ident, $answer_meaning:literal;)* }
        samples { $($sample:ident = $sample_text:literal, $sample_severity:ident, $sample_meaning:literal;)* }
        simulations { $($replay:ident = $replay_text:literal, $replay_severity:ident, $replay_meaning:literal;)* }
    ) => {
        codes! {
            @all $($inputs)* $($plan = $text, $severity, $meaning;)*
            $($policy = $policy_text, $policy_severity, $policy_meaning;)*
            $($pack = $pack_text, $pack_severity, $pack_meaning;)*
            $($answer = $answer_text, $answer_severity, $answer_meaning;)*
            $($sample = $sample_text, $sample_severity, $sample_meaning;)*
            $($replay = $replay_text, $replay_severity, $replay_meaning;)*
        }

        impl Code {
            /// Whether it is said of a plan; else, unless of a policy or a pack, of an input, which it refuses as an error.
            #[must_use]
            pub const fn is_about_the_plan(self) -> bool {
                matches!(self, $(Self::$plan)|*)
            }

            /// Whether it is said of an IAM policy alone, by `iam lint`.
            #[must_use]
            pub const fn is_about_a_policy(self) -> bool {
                matches!(self, $(Self::$policy)|*)
            }

            /// Whether it is said of a request pack alone, by `request verify`.
            #[must_use]
            pub const fn is_about_a_pack(self) -> bool {
                matches!(self, $(Self::$pack)|*)
            }

            /// Whether it is said of what the AWS CLI saved alone, which no plan reads.
            #[must_use]
            pub const fn is_about_an_answer(self) -> bool {
                matches!(self, $(Self::$answer)|*)
            }

            /// Whether it is said of prompts or saved answers alone, by `sample`.
            #[must_use]
            pub const fn is_about_a_sample(self) -> bool {
                matches!(self, $(Self::$sample)|*)
            }

            /// Whether it is said of a replayed trace alone, by `simulate`.
            #[must_use]
            pub const fn is_about_a_simulation(self) -> bool {
                matches!(self, $(Self::$replay)|*)
            }
        }
    };
}

codes! {
    inputs {
        UnreadableFile = "unreadable-file", Error, "a file is missing, is a directory or cannot be read";
        InputTooLarge = "input-too-large", Error, "a file, or standard input, is larger than the limit for its kind";
        DuplicateFile = "duplicate-file", Error, "a file is named twice, directly, through a link or in a folder";
        InvalidUtf8 = "invalid-utf8", Error, "a byte that is not UTF-8";
        EmptyFile = "empty-file", Error, "a file without a header, or a file of applied quotas without a quota";
        NoRows = "no-rows", Error, "a header without rows";
        UnclosedQuote = "unclosed-quote", Error, "a quoted field that never ends";
        StrayQuote = "stray-quote", Error, "text after a closing quote, or a quote inside an unquoted field";
        RowLength = "row-length", Error, "a row with more or fewer cells than the header";
        MissingColumn = "missing-column", Error, "a required column is absent";
        DuplicateColumn = "duplicate-column", Error, "a column named twice";
        UnknownColumn = "unknown-column", Warning, "a column the tool does not know (an error with --strict)";
        ColumnSpelling = "column-spelling", Note, "column names that differ from the expected ones only in capitals, spaces, hyphens or underscores";
        MissingValue = "missing-value", Error, "an empty cell or absent key where a value is required, or a row without a rate";
        StatedTwice = "stated-twice", Error, "a row that gives its rate, or its busiest minute, in two columns";
        BadNumber = "bad-number", Error, "a value that is not a valid number";
        AmbiguousNumber = "ambiguous-number", Warning, "a number such as 1.200 in a file with `;`: the point may be a thousands separator (an error with --decimal comma)";
        BadChoice = "bad-choice", Error, "a value that is not one of the allowed words";
        LooserResidency = "looser-residency", Error, "a residency that is looser than `[policy] residency`";
        BadHours = "bad-hours", Error, "active hours that are not of the form 08-18 or 08-12,22-02";
        HoursPastMidnight = "hours-past-midnight", Warning, "active hours that pass midnight and are longer than 12 hours, such as 9-5 for a working day";
        UnknownModel = "unknown-model", Error, "a model the table does not have";
        UnknownScope = "unknown-scope", Error, "a scope other than us, global, ca and in-region";
        MissingScope = "missing-scope", Error, "no scope, and the model is not named by a profile";
        ScopeConflict = "scope-conflict", Error, "a scope that contradicts the profile in the model cell";
        ScopeNotOffered = "scope-not-offered", Error, "the model is not offered in that scope from ca-central-1";
        OtherRegion = "other-region", Error, "a source Region other than ca-central-1";
        PeakBelowMean = "peak-below-mean", Error, "a busiest minute below the mean rate";
        OutputAboveMaxTokens = "output-above-max-tokens", Error, "a mean output above max_tokens";
        P95BelowMean = "p95-below-mean", Warning, "a 95th percentile below its mean: the two may be swapped, or in different units";
        P95AboveMaxTokens = "p95-above-max-tokens", Warning, "a 95th or 99th percentile of the output above max_tokens, or above the model's maximum if max_tokens is unset";
        P99BelowP95 = "p99-below-p95", Warning, "a 99th percentile of the output below its 95th, or below its mean";
        DoubtfulUnit = "doubtful-unit", Warning, "a latency above an hour, or fewer than 10 input tokens per request: a unit may be wrong";
        MaxTokensAboveModel = "max-tokens-above-model", Error, "max_tokens above the model's maximum output";
        ContextExceeded = "context-exceeded", Error, "mean input above the model's context window";
        DuplicateWorkload = "duplicate-workload", Error, "the same workload twice in one period, or with and without a period";
        FigureTooLarge = "figure-too-large", Error, "a figure above 10^18";
        TomlSyntax = "toml-syntax", Error, "a file that is not TOML";
        UnknownKey = "unknown-key", Error, "a TOML key the tool does not know";
        WrongType = "wrong-type", Error, "a TOML value of the wrong type for its key";
        BadValue = "bad-value", Error, "a value that the key cannot take";
        DuplicateName = "duplicate-name", Error, "an id, alias, profile, quota code or scenario used twice";
        MissingProvenance = "missing-provenance", Error, "a fact that can become outdated has no as_of or no source";
        BadBaseline = "bad-baseline", Error, "a baseline that is not the JSON of a plan";
        UnknownQuotaCode = "unknown-quota-code", Warning, "a granted value for a quota the table does not list";
    }
    plans {
        SpreadCapped = "spread-capped", Warning, "a p95 too far above its mean for a log-normal distribution: the widest possible spread is used";
        AssumedPeak = "assumed-peak", Warning, "no busiest minute is stated, so the mean is used instead";
        NoDemand = "no-demand", Warning, "a row whose request rate is 0, which requires nothing";
        FarAboveDefault = "far-above-default", Warning, "more than ten times AWS's default is required: a unit may be wrong";
        MaxTokensUnset = "max-tokens-unset", Warning, "max_tokens is not set, so each request reserves the model's maximum";
        MaxTokensWide = "max-tokens-wide", Warning, "lowering max_tokens would lower the required quota by more than a fifth";
        UnknownRate = "unknown-rate", Warning, "no burndown rate is stated for the model, so the worst case is used";
        DisputedRate = "disputed-rate", Warning, "AWS pages of the same date disagree on the burndown rate";
        DisputedLimit = "disputed-limit", Warning, "max_tokens or input lies between the two limits that sources give for the model";
        SupersededRate = "superseded-rate", Note, "an AWS page with another burndown rate is still in circulation";
        DefaultedRate = "defaulted-rate", Note, "the burndown rate comes from AWS's clause for all other models";
        AppliedNotGiven = "applied-not-given", Note, "no applied quota is given, only the default is known";
        HoursNotStated = "hours-not-stated", Note, "no active hours are stated, so the row counts as active all day";
        Residency = "residency", Error, "the scope may process requests outside the residency of the row or the policy";
        ResidencyUnknown = "residency-unknown", Warning, "it is not known whether the scope meets the residency, because its destination Regions are not known";
        ContextTier = "context-tier", Warning, "the input crosses a length at which another price or quota applies";
        Legacy = "legacy", Warning, "the model is Legacy or retired: AWS grants no increases for it";
        NearRetirement = "near-retirement", Warning, "the model becomes Legacy or retires soon: AWS grants no increases for Legacy models";
        AccessCondition = "access-condition", Warning, "AWS sets a condition before the first call of the model";
        PromotionalPrice = "promotional-price", Warning, "a promotional price is planned after the last day AWS promised it for";
        NotOffered = "not-offered", Warning, "the model is not callable from ca-central-1, so it has no quota";
        QuotaUnknown = "quota-unknown", Warning, "the table has no code or default for the quota";
        NotAdjustable = "not-adjustable", Warning, "the quota is exceeded and cannot be raised through Service Quotas";
        Restore = "restore", Warning, "the applied quota is below AWS's default, which would be enough: ask AWS Support to restore it";
        NotProvisioned = "not-provisioned", Warning, "the applied quota is 0, so every call is throttled";
        AccountDaily = "account-daily", Warning, "the account's daily quota over all models would be exceeded";
        CacheReadsReserved = "cache-reads-reserved", Note, "whether reservations count cache reads changes the required quota by more than a tenth";
        AssumedLatency = "assumed-latency", Note, "the latency is assumed and the figures depend on it";
        RetirementOpen = "retirement-open", Note, "AWS's earliest end-of-life date for the model has passed or is near";
        DailyWording = "daily-wording", Note, "a daily quota named as doubled for cross-Region calls is planned as listed";
        UnknownPrice = "unknown-price", Note, "a price is not known, so the monthly cost is not known either";
        ExceedsGranted = "exceeds-granted", Error, "the required quota is above the applied one";
        ExceedsDefault = "exceeds-default", Error, "with --assume-defaults, the required quota is above AWS's default";
        OverUtilisation = "over-utilisation", Error, "more of a quota is required than the policy's max_utilisation allows";
        QuotaUndetermined = "quota-undetermined", Warning, "a quota cannot be judged: no applied value is given, or the requirement is not known";
        AssumedDefault = "assumed-default", Note, "with --assume-defaults, quotas are judged by AWS's default";
        OverBudget = "over-budget", Error, "the monthly cost is above the budget";
        BudgetUndetermined = "budget-undetermined", Warning, "a budget cannot be judged: a price is not known";
        UnusedBudget = "unused-budget", Warning, "a budget for a team or model that no row has";
        StaleTable = "stale-table", Warning, "facts of the model table are older than the policy's table_age_days";
        StaleGranted = "stale-granted", Warning, "an applied quota was looked up longer ago than table_age_days";
        BaselineDiffers = "baseline-differs", Note, "the baseline was planned with other assumptions";
    }
    policies {
        NotAPolicy = "not-a-policy", Error, "a file that is not the JSON of an IAM policy";
        ProfileAccount = "profile-account", Error, "the ARN of an inference profile without an account id, which matches none";
        ModelAccount = "model-account", Error, "the ARN of a foundation model with an account, which matches none";
        MissingProfile = "missing-profile", Error, "a model is allowed, but not the profile through which it is called";
        MissingDestination = "missing-destination", Error, "a Region that a profile needs is denied or not allowed";
        MissingUnspecified = "missing-unspecified", Error, "the requested Region `unspecified`, which a global profile needs, is denied or not allowed";
        MissingAction = "missing-action", Error, "only one of InvokeModel and InvokeModelWithResponseStream is allowed for a model";
        DestinationsUnknown = "destinations-unknown", Warning, "the table does not know the destination Regions of the profile";
        NoSuchAction = "no-such-action", Error, "an action that IAM does not have, such as bedrock:Converse";
        NothingAllowed = "nothing-allowed", Error, "a policy that allows no Bedrock call";
        NoSuchOperator = "no-such-operator", Error, "a condition operator that IAM does not have";
        DependsOnKey = "depends-on-key", Warning, "calls are allowed or denied by a key or variable whose value the policy does not contain";
        TakenForGranted = "taken-for-granted", Note, "an assumption made to check the policy, or a remark that does not fail it";
        LiteralWildcard = "literal-wildcard", Error, "a wildcard with an operator that treats it as an ordinary character";
        UnconditionalModel = "unconditional-model", Warning, "a model may be called in a destination Region without its profile";
        WideWildcard = "wide-wildcard", Warning, "a wildcard that allows more than the calls need";
    }
    packs {
        PackDiffers = "pack-differs", Error, "a file of a request pack that does not match its inputs";
        PackFileMissing = "pack-file-missing", Error, "a file of a request pack is missing";
        PackFileUnknown = "pack-file-unknown", Error, "a file in the folder of a request pack does not belong to it";
        PackStale = "pack-stale", Error, "a request pack was made by another version or with another model table";
    }
    answers {
        NotAnAnswer = "not-an-answer", Error, "a file that is not the JSON that the AWS CLI writes or reads";
        UnnamedAnswer = "unnamed-answer", Error, "a list of quotas that does not show which AWS CLI command wrote it";
        IncompleteAnswer = "incomplete-answer", Error, "AWS CLI output whose next page is missing";
        ConflictingAnswers = "conflicting-answers", Error, "AWS CLI output that contradicts other output, or comes from another account";
        OtherService = "other-service", Error, "AWS CLI output about a service other than Amazon Bedrock";
    }
    samples {
        BadPrompt = "bad-prompt", Error, "a prompt that cannot be sent as it is";
        BadUsage = "bad-usage", Error, "a saved answer that does not say what the call used";
    }
    simulations {
        MixedFormats = "mixed-formats", Error, "traces of different formats in one run";
        SeparateClocks = "separate-clocks", Error, "several traces, at least one of which counts its times from its own start";
        EmptyFolder = "empty-folder", Error, "a folder without a file to read";
        SkippedFiles = "skipped-files", Note, "what was not read in a folder: hidden or empty files, links to folders, and what Bedrock saves beside its logs";
        IncompleteLog = "incomplete-log", Warning, "log output that does not contain all records: it has a next page, its query has not ended, or it has more matches than rows";
        AmbiguousTime = "ambiguous-time", Warning, "the times of a trace fit another unit better than the one of its format; the message states both durations";
        MaxTokensUnknown = "max-tokens-unknown", Warning, "max_tokens is not known for requests of a trace: they are replayed with the output and with the model's maximum";
        StatedAboveMaximum = "stated-above-maximum", Warning, "requests of a trace state a max_tokens above the model's maximum output";
        ShortTrace = "short-trace", Warning, "a trace shorter than 15 minutes, or of fewer than 1,000 requests, which is too short to base a quota request on";
    }
}

impl Code {
    /// Whether it says that an input and the model table disagree, so that a faulty table may be
    /// to blame.
    #[must_use]
    pub const fn rests_on_the_table(self) -> bool {
        matches!(
            self,
            Self::UnknownModel
                | Self::ScopeNotOffered
                | Self::OutputAboveMaxTokens
                | Self::MaxTokensAboveModel
                | Self::P95AboveMaxTokens
                | Self::ContextExceeded
                | Self::UnknownQuotaCode
        )
    }
}

words! {
    /// A state of the severities that a configuration can pin (`[policy] edition`).
    ///
    /// A new edition may make a code stricter, or bring codes of its own; under a pinned one, later
    /// codes and severities never make a check fail that passed, unless it fails on notes.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Edition {
        /// Before broken residency became an error.
        Of2026M10 = "2026-10",
        /// The newest.
        Of2026M11 = "2026-11",
    }
}

impl Edition {
    /// The one that holds where none is pinned.
    pub const NEWEST: Self = Self::Of2026M11;
}

/// What edition 2026-10 has above a note, of the codes whose severity a configuration may change.
///
/// Every other such code is a note there: those that were notes, and those that came later. A code that
/// came later and was split off one that is listed is listed with its severity.
const ABOVE_A_NOTE_IN_2026_10: &[(Code, Severity)] = &[
    (Code::UnknownColumn, Severity::Warning),
    (Code::AmbiguousNumber, Severity::Warning),
    (Code::UnknownQuotaCode, Severity::Warning),
    (Code::SpreadCapped, Severity::Warning),
    (Code::MaxTokensUnset, Severity::Warning),
    (Code::MaxTokensWide, Severity::Warning),
    (Code::UnknownRate, Severity::Warning),
    (Code::DisputedRate, Severity::Warning),
    // Residency that is broken and residency that cannot be told were one code.
    (Code::Residency, Severity::Warning),
    (Code::ResidencyUnknown, Severity::Warning),
    (Code::ContextTier, Severity::Warning),
    // A Legacy model was near its retirement.
    (Code::Legacy, Severity::Warning),
    (Code::NearRetirement, Severity::Warning),
    (Code::NotOffered, Severity::Warning),
    (Code::QuotaUnknown, Severity::Warning),
    (Code::NotAdjustable, Severity::Warning),
    (Code::AccountDaily, Severity::Warning),
    (Code::ExceedsGranted, Severity::Error),
    (Code::ExceedsDefault, Severity::Error),
    (Code::OverUtilisation, Severity::Error),
    (Code::QuotaUndetermined, Severity::Warning),
    (Code::OverBudget, Severity::Error),
    (Code::BudgetUndetermined, Severity::Warning),
    (Code::UnusedBudget, Severity::Warning),
    (Code::StaleTable, Severity::Warning),
    (Code::StaleGranted, Severity::Warning),
    (Code::DestinationsUnknown, Severity::Warning),
    (Code::UnconditionalModel, Severity::Warning),
    (Code::WideWildcard, Severity::Warning),
];

impl Code {
    /// Whether a configuration may change its severity: all but faults of an input, which stay errors.
    #[must_use]
    pub const fn is_configurable(self) -> bool {
        self.is_about_the_plan() || !matches!(self.severity(), Severity::Error)
    }

    /// The severity in an edition, without configuration.
    #[must_use]
    pub fn severity_in(self, edition: Edition) -> Severity {
        if edition == Edition::NEWEST || !self.is_configurable() {
            return self.severity();
        }
        let listed = ABOVE_A_NOTE_IN_2026_10.iter().find(|(code, _)| *code == self);
        listed.map_or(Severity::Note, |(_, severity)| *severity)
    }

    /// The code it was split off: a severity stated for that one holds for it too, unless it has one of
    /// its own, so that no gate becomes looser by the split.
    #[must_use]
    pub const fn split_off(self) -> Option<Self> {
        match self {
            Self::ResidencyUnknown => Some(Self::Residency),
            Self::Legacy => Some(Self::NearRetirement),
            _ => None,
        }
    }
}
