//! Errors of `sample` and of its `--update`. What is wrong in prompts, answers or workloads is a diagnostic and not
//! here.

use crate::catalog::{REGION, Scope};
use crate::cli::errors::suggestion;
use crate::sampling::{COUNT_TOKENS_AS_OF, COUNT_TOKENS_REGIONS, MeasurementFault, TargetFault};
use crate::trace::{LeftOut, left_out_words};
use crate::units::{Tokens, Usd};
use crate::workload::Column;

/// Why nothing is sampled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SampleError {
    /// Neither prompts nor answers.
    #[error("nothing to sample: name a file of prompts, or saved answers with --from")]
    Nothing,
    /// The model cannot be sampled in the scope.
    #[error("{}", fault.words(model, *scope))]
    Target { model: String, scope: Scope, fault: TargetFault },
    /// A flag about answers for a model that generates none.
    #[error("{model} generates nothing: leave {flag} out")]
    GeneratesNothing { model: String, flag: &'static str },
    /// A max_tokens above what the model can write.
    #[error("--max-tokens {max_tokens} is above the {maximum} that {model} can generate")]
    MaxTokens { model: String, max_tokens: u32, maximum: Tokens },
    /// A measurement through an application inference profile.
    #[error(
        "--measure-rate needs the model's own profile, because it is not known under which name CloudWatch counts an \
         application inference profile"
    )]
    ApplicationProfile,
    /// CountTokens does not take the model.
    #[error(
        "bedrock-runtime does not count the tokens of {model}: AWS counts models that are only offered through \
         profiles on bedrock-mantle, which no Canadian Region has. A call states its tokens too: leave out \
         --count-only"
    )]
    NotCounted { model: String },
    /// No Region to count in.
    #[error(
        "{REGION} is not in AWS's last published list of Regions with CountTokens ({COUNT_TOKENS_AS_OF}), so the \
         prompts would go to another Region: name it with --count-region ({})",
        COUNT_TOKENS_REGIONS.join(", ")
    )]
    NoCountRegion,
    /// The AWS CLI does not save what the model states about its tokens.
    #[error(
        "{model} states its tokens in a header of the answer, which the AWS CLI does not save: sample it live, or read \
         CloudWatch's InputTokenCount"
    )]
    NotSaved { model: String },
    /// More calls than allowed.
    #[error(
        "{calls} {} more than --max-requests {most} allows: nothing was sent",
        if *calls == 1 { "call is" } else { "calls are" }
    )]
    TooManyCalls { calls: usize, most: usize },
    /// Calls that may cost more than allowed.
    #[error("the calls may cost USD {}, more than --max-usd {}: nothing was sent", usd.plain(), most.plain())]
    TooExpensive { usd: Usd, most: Usd },
    /// Calls whose cost is not known, where there is a limit.
    #[error("the maximum cost of the calls is not known, so --max-usd {} may be exceeded: nothing was sent", most.plain())]
    CostUnknown { most: Usd },
    /// Answers of CountTokens where those of calls are asked for.
    #[error("the answers are from count-tokens, which states only the input: add --count-only")]
    AreCounts,
    /// Answers of calls where those of CountTokens are asked for.
    #[error("the answers are from calls to the model, not from count-tokens: remove --count-only")]
    AreCalls,
    /// Answers of both.
    #[error("answers from calls to the model and from count-tokens are mixed: read each kind in its own run")]
    AreMixed,
    /// Logs without a call of the model; `logs` is their number.
    #[error(
        "the {} no call to {target} that can be sampled; calls left out: {}",
        if *logs == 1 { "log has" } else { "logs have" },
        left_out_words(left_out).join("; ")
    )]
    NotInLogs { logs: usize, target: String, left_out: Vec<LeftOut> },
    /// No answer to any call.
    #[error("no call was answered, so there is nothing to report")]
    NoAnswer,
    /// A figure above what is counted.
    #[error("an answer states a figure above 10^12")]
    FigureTooLarge,
    /// Several calls for a measurement.
    #[error("--measure-rate makes one call to {called}: name a file with one prompt")]
    SeveralCalls { called: String },
    /// No answer to the call of a measurement.
    #[error("the call was not answered")]
    NotAnswered,
    /// Saved answers that are none, or several, of a measurement.
    #[error("--measure-rate needs exactly one saved answer of one call; this input has {replies}")]
    SeveralAnswers { replies: usize },
    /// An answer that does not tell the rate.
    #[error("{}", match .0 {
        MeasurementFault::NoOutput => "the answer has no output tokens, so the rate cannot be computed",
        MeasurementFault::TooLarge => "the answer states a figure above 10^12",
    })]
    Measurement(MeasurementFault),
    /// The metric has no minutes around the call.
    #[error("the time of the call is out of range")]
    Time(#[source] jiff::Error),
}

/// Why no row of a workloads file is updated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpdateError {
    /// Standard input as the file to change.
    #[error("--update changes a file, and `-` is not one: name the file")]
    StandardInput,
    /// A file that is compressed or in another encoding.
    #[error("{path} is {encoding}, and cells are only written into plain UTF-8: save it as UTF-8 first")]
    Encoding { path: String, encoding: &'static str },
    /// The row is of another model.
    #[error(
        "{path}:{line}: the row is for {model}, but the tokens were counted for {counted}: models count tokens differently"
    )]
    OtherModel { path: String, line: usize, model: String, counted: String },
    /// No row has the workload; `meant` is the nearest name there is.
    #[error("{path}: no row has the workload `{name}` in the column `workload`{}", suggestion(meant.as_deref()))]
    NoWorkload { path: String, name: String, meant: Option<String> },
    /// No row of the workload has the period.
    #[error("{path}: the workload `{name}` has no period `{period}`; its periods: {}", listed(periods))]
    NoPeriod { path: String, name: String, period: String, periods: Vec<String> },
    /// Several rows of the workload, and no period was named.
    #[error("{path}: the workload `{name}` has several periods: add --period, one of {}", listed(periods))]
    SeveralPeriods { path: String, name: String, periods: Vec<String> },
    /// Cached tokens of the row would count twice; `place` is the row's file and line.
    #[error(
        "{place}: the row counts cached tokens, and these answers do not separate them from other input, so they would \
         count twice: nothing was written; set the row's cache cells to 0, or sample prompts that use the cache"
    )]
    CountedTwice { place: String },
    /// The file has no column for tokens that would be lost.
    #[error(
        "{path} has no column {}, and the answers used the cache: nothing was written; write the header {header} and a \
         cell, which may be empty, in each row",
        names(columns)
    )]
    NoColumn { path: String, columns: Vec<Column>, header: String },
    /// With the figures the file would not be valid.
    #[error("{path} was not changed, because it would not be valid with these figures")]
    NotValid { path: String },
    /// The file is not UTF-8.
    #[error("{path} is not UTF-8")]
    NotUtf8 { path: String },
    /// Somebody wrote the file while calls were made.
    #[error("{path} was changed while the command ran, so nothing was written: run the command again")]
    Changed { path: String },
}

/// The names of columns.
pub(super) fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name()).collect::<Vec<_>>().join(", ")
}

fn listed(periods: &[String]) -> String {
    if periods.is_empty() { "none".to_owned() } else { periods.join(", ") }
}
