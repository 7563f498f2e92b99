//! What a language says of a request to whoever makes it: on the screen, in its document and of its status.

use jiff::Timestamp;
use jiff::civil::Date;
use num_rational::BigRational;

use super::support_case::{AwsQuestion, CaseTopic};
use crate::engine::{CutShare, Staging};
use crate::text::FactDate;
use crate::units::{BurndownRate, Limit, QuotaAmount, QuotaKind, Tokens, Utilisation};

/// What a pack holds, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestVerdict {
    /// Increases that are asked for.
    pub asked: usize,
    /// Quotas that AWS Support is asked to restore.
    pub restored: usize,
    /// Quotas that AWS Support alone can raise.
    pub for_support: usize,
    /// Quotas that a person has to decide on.
    pub undecided: usize,
}

/// What an increase rests on.
#[derive(Debug, Clone, Copy)]
pub enum RestsOn<'a> {
    /// max_tokens is lowered.
    Lowered(Tokens),
    /// max_tokens stays, for a reason.
    Kept(&'a str),
    /// max_tokens stays, since lowering it would change little.
    LowersLittle,
    /// max_tokens stays.
    Configured,
}

/// A section of the document.
#[derive(Debug, Clone, Copy)]
pub enum RequestSection<'a> {
    /// Answers that are missing, counted.
    Missing(usize),
    /// What is asked for.
    Asked,
    /// What a person has to decide on, counted.
    Undecided(usize),
    /// What is not asked of Service Quotas.
    NotAsked,
    /// What would help and is not given.
    Helpful,
    /// AWS's questions about a quota.
    Questions(&'a str),
    /// The arithmetic of a quota.
    Arithmetic(&'a str),
    /// Measured use of a quota.
    Measured(&'a str),
    /// The stages of a quota.
    Stages(&'a str),
    /// Margins and assumptions.
    Margins,
    /// Findings.
    Notes,
}

/// A table of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestTable {
    /// What is asked for.
    Asked,
    /// What a person has to decide on.
    Undecided,
    /// What is not asked of Service Quotas.
    NotAsked,
    /// Rows of a quota that counts tokens.
    TokenRows,
    /// Rows of a quota that counts requests.
    RequestRows,
    /// Stages.
    Stages,
    /// Requests of a pack, and what became of them.
    Status,
}

/// What may be given besides AWS's questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Helpful {
    /// The account's digits.
    AccountId,
    /// The day by which it is needed.
    NeededBy,
    /// Measured use.
    Evidence,
    /// The applied value of a quota.
    AppliedValue,
    /// An answer of the configuration.
    Topic(CaseTopic),
}

/// A figure of a quota in the document.
#[derive(Debug, Clone, Copy)]
pub enum RequestFigure {
    /// The mean.
    Steady,
    /// The busiest minute of a quota, of tokens or not.
    Peak(bool),
    /// With headroom in millionths.
    Headroom(u64),
    /// In flight.
    InFlight,
    /// The burst, exceeded for so many millionths of the time.
    Burst(u64),
    /// Required.
    Required,
    /// Required with a cap that cuts answers.
    Lean(Option<Tokens>, CutShare),
    /// Asked for.
    Asked,
}

/// What may have AWS deny an increase, or is odd about what it rests on.
#[derive(Debug, Clone, Copy)]
pub enum RequestWarning {
    /// Little of the applied value is used.
    LittleUse,
    /// The busiest measured minute is more than what is asked for, which is this.
    MeasuredAbove(QuotaAmount, QuotaAmount),
    /// The evidence has fewer minutes with traffic than an hour.
    ShortEvidence(usize),
    /// The day to ask for the first stage has passed.
    Late,
    /// There are many stages.
    ManyStages(usize),
    /// The evidence has nothing of the quota.
    NoMinutes,
    /// Minutes that were made with another rate, of all minutes.
    OtherRate(usize, usize, BurndownRate),
    /// The evidence ends on a day so many days before another.
    OldEvidence(Date, i64, Date),
    /// The evidence ends after the day of the pack.
    LaterEvidence(Date, Date),
}

/// The figures of measured use.
#[derive(Debug, Clone, Copy)]
pub struct MeasuredEntry<'a> {
    /// Its files.
    pub files: &'a str,
    /// The first and the last minute.
    pub span: (Timestamp, Timestamp),
    /// Days that were looked at.
    pub days: i64,
    /// Minutes with traffic.
    pub minutes: usize,
    /// What is counted.
    pub unit: &'static str,
    /// p50, p90 and the busiest minute.
    pub ranks: [QuotaAmount; 3],
    /// Requests that were throttled, and in how many minutes.
    pub throttled: Option<(u64, usize)>,
    /// The busiest minute as a share of the applied value.
    pub share: Option<Utilisation>,
    /// Whether sums are known to be of one minute.
    pub is_period_known: bool,
}

/// How the requests of a pack stand, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatusCounts {
    /// All of them.
    pub total: usize,
    /// Those that the history has.
    pub made: usize,
    /// Those that are open.
    pub open: usize,
    /// Those whose newest request is for another value.
    pub other_value: usize,
}

/// What a request says to whoever makes it.
pub trait RequestWords {
    /// What the pack holds.
    fn request_verdict(&self, verdict: &RequestVerdict, dir: &str, files: usize) -> Vec<String>;

    /// Whether the pack can be sent, by how many answers are missing.
    fn readiness(&self, missing: usize, not_in_it: usize) -> String;

    /// What is asked for, now and in the end.
    fn asked_value(&self, subject: &str, now: QuotaAmount, in_the_end: QuotaAmount) -> String;

    /// What the account's quota over all models is called, with what it counts.
    fn all_models(&self) -> String;

    /// What is restored, from what to what.
    fn restored_value(&self, subject: &str, from: Limit, to: Limit) -> String;

    /// How many quotas are not asked for, since AWS's default would be enough and the applied value is not given.
    fn look_up(&self, count: usize) -> String;

    /// Why a quota is restored, and how.
    fn restore_reason(&self, required: QuotaAmount, unit: &str, is_legacy: bool) -> Vec<String>;

    /// That a text for AWS Support has a quota, and the option that has Service Quotas asked too.
    fn case_reason(&self, also_rpm: bool) -> Vec<String>;

    /// What a quota needs.
    fn needs(&self, subject: &str, required: Option<QuotaAmount>) -> String;

    /// The same without its name, with the value that it has now.
    fn needs_of_now(&self, required: Option<QuotaAmount>, now: &str) -> String;

    /// The verb for an answer that is missing.
    fn answer_verb(&self) -> &'static str;

    /// How many quotas of the plan are not asked for.
    fn left_out_quotas(&self, count: usize) -> String;

    /// A warning in a line.
    fn warning_line(&self, title: &str, warning: &str) -> String;

    /// What is missing for a question: where to write it, and what it is. `rows` are those that do not say.
    fn gap(&self, question: AwsQuestion, rows: &[&str]) -> (&'static str, String);

    /// What may be given besides: where, and what for. `codes` are quotas that it is about.
    fn helpful(&self, of: Helpful, codes: &[&str]) -> (String, String);

    /// The title of the document.
    fn request_title(&self) -> String;

    /// How the document came about.
    fn request_made(&self, made_on: FactDate, newest_fact: FactDate, several_files: bool) -> String;

    /// Why answers are missing, and what to do.
    fn missing_note(&self) -> &'static str;

    /// Where answers and values go.
    fn asked_note(&self) -> &'static str;

    /// That nothing is asked of Service Quotas, and which files there are.
    fn nothing_asked(&self, support_case: bool, restore_case: bool) -> String;

    /// The heading of a section.
    fn section(&self, section: RequestSection<'_>) -> String;

    /// The heading of a quota.
    fn quota_section(&self, title: &str, now: QuotaAmount, kind: QuotaKind) -> String;

    /// Titles of the columns of a table.
    fn table_titles(&self, table: RequestTable) -> &'static [&'static str];

    /// The value that a quota has now.
    fn value_now(&self, applied: Option<Limit>, default: Option<Limit>) -> String;

    /// What an increase rests on.
    fn rests_on(&self, of: &RestsOn<'_>) -> String;

    /// Why a quota stands in the case and is not asked of Service Quotas.
    fn case_instead(&self) -> &'static str;

    /// That requests are asked for beside tokens.
    fn beside_tokens(&self) -> &'static str;

    /// How rows come to the figures: when they run, requests and tokens at the mean and in the busiest minute.
    fn rows_come_to(
        &self,
        slot: (Option<u32>, Option<&str>),
        zone: &str,
        requests: (&BigRational, &BigRational),
        tokens: Option<(&BigRational, &BigRational)>,
    ) -> String;

    /// How a request's settled cost comes about, and where the rate is from.
    fn settled_cost(&self, rate: BurndownRate, status: &str, source: Option<(&str, FactDate)>) -> String;

    /// That rows are left out of a table.
    fn smaller_rows(&self, count: usize) -> String;

    /// A value that may not be stated.
    fn unset(&self) -> &'static str;

    /// A figure: its label and how it comes about.
    fn request_figure(&self, figure: RequestFigure) -> (&'static str, String);

    /// That the value holds with a cap, and what would be required without.
    fn holds_with_cap(&self, cap: Tokens, required: Option<QuotaAmount>) -> String;

    /// Measured use: labels, values and notes.
    fn measured_entries(&self, of: &MeasuredEntry<'_>) -> Vec<(String, String, Vec<String>)>;

    /// That the evidence says nothing of a quota.
    fn nothing_measured(&self, files: &str, long_context: bool) -> String;

    /// A warning, a main clause.
    fn request_warning(&self, of: &RequestWarning) -> String;

    /// When a stage is asked for: first, or after a use, which may have been measured.
    fn stage_when(&self, after: Option<QuotaAmount>, kind: QuotaKind, is_measured: bool) -> String;

    /// How stages are made; `from_default` where the first counts from AWS's default instead of the applied value.
    fn stages_rule(&self, staging: &Staging, from_default: Option<(Limit, Limit)>) -> String;

    /// The margins of what is asked for.
    fn margins(&self, headroom: u64, confidence: u64, reserves_cache_reads: bool) -> String;

    /// What was accepted although it breaks a residency.
    fn accepted_residency(&self, accepted: &[String]) -> String;

    /// Where an answer comes from, for the trail.
    fn answer_source(&self, question: AwsQuestion, evidence: Option<&str>) -> String;

    /// Where an answer of the configuration comes from, for the trail.
    fn topic_source(&self, topic: CaseTopic) -> String;

    /// How the requests of a pack stand.
    fn status_verdict(&self, counts: &StatusCounts) -> Vec<String>;

    /// What the history of Service Quotas cannot tell.
    fn status_note(&self) -> &'static str;

    /// That a pack is what its inputs give.
    fn pack_matches(&self, dir: &str) -> String;

    /// That a pack differs, and in how many places.
    fn pack_differs(&self, dir: &str, differences: usize) -> String;
}
