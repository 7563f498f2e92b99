//! What a language says to AWS Support, and what it is given for it.

use jiff::Timestamp;
use jiff::civil::Date;
use num_rational::BigRational;

use crate::catalog::Scope;
use crate::engine::AskStage;
use crate::text::FactDate;
use crate::units::{BurndownRate, Limit, QuotaAmount, QuotaKind, RequestsPerMinute, Tokens, Utilisation};
use crate::workload::Hours;

/// The ten questions that AWS Support asks about an increase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwsQuestion {
    /// What the traffic does.
    UseCase,
    /// The model ID.
    Model,
    /// The Region.
    Region,
    /// The type of limit.
    Limit,
    /// Tokens per minute.
    Tokens,
    /// Requests per minute.
    Requests,
    /// Average input tokens.
    Input,
    /// Average output tokens.
    Output,
    /// The share of long inputs.
    LongInput,
    /// Whether cross-Region inference is an option.
    CrossRegion,
}

impl AwsQuestion {
    /// Its number.
    #[must_use]
    pub const fn number(self) -> usize {
        self as usize + 1
    }
}

/// What may be said besides, where a person gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseTopic {
    /// How clients try again.
    Retries,
    /// What watches the quota.
    Alarms,
    /// How the traffic grows.
    Growth,
    /// What was used so far.
    History,
    /// Why the applied value is not AWS's default.
    AppliedValue,
    /// The account manager.
    AccountManager,
    /// What the account spends.
    Billing,
    /// Where the traffic runs today.
    PreviousProvider,
}

/// The value that a quota has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaNow {
    /// The applied value, and when it was read.
    Applied(Limit, Option<FactDate>),
    /// AWS's default, since the applied value is not given.
    Default(Limit),
    /// Neither is known.
    Unknown,
}

/// A quota that AWS Support is asked to raise.
#[derive(Debug, Clone, Copy)]
pub struct Raise<'a> {
    /// Its code.
    pub code: &'a str,
    /// AWS's name of it; `None` where the table has none.
    pub name: Option<&'a str>,
    /// What it is now.
    pub now: QuotaNow,
    /// AWS's default, where the applied value is below it.
    pub default: Option<Limit>,
    /// What it should be.
    pub to: QuotaAmount,
    /// The twelve digits of the account.
    pub account_id: Option<&'a str>,
    /// The day by which it is needed.
    pub needed_by: Option<FactDate>,
}

/// Rows of one name that run in the same hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseWorkload<'a> {
    /// The name.
    pub name: &'a str,
    /// The season.
    pub period: Option<&'a str>,
    /// The hours; `None`: all day.
    pub hours: Option<Hours>,
}

/// What becomes of requests per minute beside tokens per minute.
#[derive(Debug, Clone, Copy)]
pub enum RequestsBeside<'a> {
    /// AWS lists no such quota.
    NotListed,
    /// It is asked for on its own, here or elsewhere in the case.
    AskedFor,
    /// What there is suffices.
    Suffices(&'a str, QuotaNow),
    /// A separate case asks to restore it.
    Restored(&'a str),
    /// AWS is asked to raise it along.
    RaiseAlong {
        /// Its code.
        code: &'a str,
        /// What it is now.
        now: QuotaNow,
        /// What it should be; `None` where that is not known.
        to: Option<QuotaAmount>,
    },
}

/// How requests and tokens come to what is asked for.
#[derive(Debug, Clone, Copy)]
pub struct CaseArithmetic<'a> {
    /// What the quota counts.
    pub kind: QuotaKind,
    /// Requests in the busiest minute.
    pub requests: &'a BigRational,
    /// Average input that counts, and average output; `None` where there are no requests.
    pub per_request: Option<(&'a BigRational, &'a BigRational)>,
    /// The burndown rate.
    pub rate: BurndownRate,
    /// What the busiest minute takes.
    pub peak: &'a BigRational,
    /// Headroom in millionths.
    pub headroom: u64,
    /// What is required.
    pub required: Option<QuotaAmount>,
    /// Whether that is the peak with headroom, and not a level that bursts rarely exceed.
    pub is_peak_with_headroom: bool,
    /// Whether requests hold more in reservation than they settle.
    pub has_reservations: bool,
    /// The share of time for which the level may be exceeded, in millionths.
    pub exceeded: u64,
    /// What is asked for.
    pub asked: QuotaAmount,
}

/// How max_tokens is set.
#[derive(Debug, Clone, Copy)]
pub enum MaxTokensUse<'a> {
    /// It will be lowered.
    Lowered(Tokens),
    /// It is set on every call, from the smallest to the largest.
    Set(Tokens, Tokens),
    /// Some calls do not set it.
    SetOnSome,
    /// No call sets it.
    Unset,
    /// It stays as it is, for a reason.
    Stays(&'a str),
    /// It stays unset for a reason; with the model's maximum, where that is known.
    StaysUnset(&'a str, Option<Tokens>),
}

/// Measured use of a quota.
#[derive(Debug, Clone, Copy)]
pub struct CaseUse {
    /// The first and the last minute with traffic.
    pub span: (Timestamp, Timestamp),
    /// Whether sums are known to be of one minute.
    pub is_period_known: bool,
    /// Tokens: p50, p90 and the busiest minute; `None` where the quota counts requests.
    pub tokens: Option<[QuotaAmount; 3]>,
    /// Requests, likewise.
    pub requests: [QuotaAmount; 3],
    /// The busiest minute as a share of the applied value.
    pub share: Option<Utilisation>,
    /// Requests that were throttled, and in how many minutes.
    pub throttled: Option<(u64, usize)>,
    /// Minutes with traffic.
    pub minutes: usize,
}

/// A quota that AWS Support is asked to restore to AWS's default.
#[derive(Debug, Clone, Copy)]
pub struct RestoreText<'a> {
    /// Its code.
    pub code: &'a str,
    /// AWS's name of it.
    pub name: Option<&'a str>,
    /// The applied value.
    pub applied: Limit,
    /// When it was read.
    pub read: Option<FactDate>,
    /// AWS's default.
    pub default: Limit,
    /// What is needed, in this unit.
    pub required: (QuotaAmount, &'static str),
    /// Whether that is an estimate.
    pub is_estimate: bool,
    /// The cap on max_tokens that it rests on.
    pub max_tokens: Option<Tokens>,
    /// The day by which it is needed.
    pub needed_by: Option<FactDate>,
}

/// What the traffic needs of a quota that AWS Support alone can raise.
#[derive(Debug, Clone, Copy)]
pub struct AloneText {
    /// What the quota counts.
    pub kind: QuotaKind,
    /// What is needed before headroom.
    pub without_headroom: Option<QuotaAmount>,
    /// Headroom in millionths.
    pub headroom: u64,
    /// What is needed.
    pub required: Option<QuotaAmount>,
}

/// What the texts of Support cases say.
pub trait SupportCaseWords {
    /// What stands where an answer is missing.
    fn missing_answer(&self) -> &'static str;

    /// The label of a question, without its number.
    fn question(&self, question: AwsQuestion) -> &'static str;

    /// The label of what is said besides.
    fn topic(&self, topic: CaseTopic) -> &'static str;

    /// What is to be raised, from what to what, in lines.
    fn raise(&self, of: &Raise<'_>) -> Vec<String>;

    /// Which workloads run when, how many more there are, and the busiest hour and period.
    fn workloads(
        &self,
        shown: &[CaseWorkload<'_>],
        more: usize,
        zone: &str,
        busiest: (Option<u32>, Option<&str>),
    ) -> String;

    /// The model, and the profile through which it is called.
    fn model(&self, id: &str, profile: Option<&str>) -> String;

    /// What is asked for: tokens per minute, requests per minute, or both.
    fn limit_type(&self, tokens: bool, requests: bool) -> &'static str;

    /// Tokens per minute, at the mean and in the busiest minute.
    fn tokens(&self, mean: &BigRational, peak: &BigRational) -> String;

    /// That tokens per minute are not limited.
    fn no_tokens(&self) -> &'static str;

    /// That the tokens of requests do not matter.
    fn not_counted(&self) -> &'static str;

    /// Requests per minute, and what becomes of their quota.
    fn requests(&self, mean: &BigRational, peak: &BigRational, beside: &RequestsBeside<'_>) -> String;

    /// Average input that counts, with what of it is written to the prompt cache, and what is read from it besides.
    fn input(
        &self,
        input: Option<&BigRational>,
        written: Option<&BigRational>,
        read: Option<&BigRational>,
    ) -> String;

    /// Average output.
    fn output(&self, output: Option<&BigRational>) -> String;

    /// A share of requests.
    fn long_input(&self, share: &BigRational) -> String;

    /// What was given about a topic, as a sentence on one line.
    fn topic_line(&self, topic: CaseTopic, text: &str) -> String;

    /// That calls are cross-Region, and whether they are made already.
    fn cross_region(
        &self,
        scope: Scope,
        regions: Option<&[String]>,
        own: Option<&str>,
        is_in_use: bool,
    ) -> String;

    /// How the figures come to what is asked for.
    fn arithmetic(&self, of: &CaseArithmetic<'_>) -> String;

    /// How max_tokens is set.
    fn max_tokens(&self, of: &MaxTokensUse<'_>) -> String;

    /// What was measured.
    fn measured(&self, of: &CaseUse) -> String;

    /// Measured percentiles of requests, with what they take in tokens.
    fn measured_rates(&self, p50: RequestsPerMinute, p90: RequestsPerMinute) -> String;

    /// How the rows grow.
    fn growth(&self, own: Option<&str>, rows: &[(&str, BigRational)], months: u32) -> String;

    /// The stages to grant where not all can be granted at once; only the first is requested.
    fn fallback(&self, stages: &[AskStage], lead_days: u32, today: Date) -> String;

    /// What is assumed: reservations, a burndown rate that AWS does not state. `None` where nothing is.
    fn assumed(&self, reservations: bool, rate: Option<BurndownRate>) -> Option<String>;

    /// That the answers of another quota hold here too.
    fn answers_of(&self, code: &str) -> String;

    /// That Service Quotas has requests for these quotas too, with or without cases of their own.
    fn sent_too(&self, codes: &[&str], support_case: bool) -> String;

    /// That Service Quotas cannot raise a quota, and what the traffic needs.
    fn support_alone(&self, of: &AloneText) -> String;

    /// The same of tokens per day over all models: an estimate, from billed or settled tokens.
    fn support_alone_estimate(&self, low: QuotaAmount, high: QuotaAmount) -> String;

    /// What a case about applied values below AWS's defaults asks for.
    fn restore_request(&self, account_id: Option<&str>) -> String;

    /// One quota of it, in lines.
    fn restore(&self, of: &RestoreText<'_>) -> Vec<String>;
}
