//! What `sample` says.

use crate::catalog::Scope;
use crate::report::{MetricWindow, RateReport, SampleReport};
use crate::sampling::{Bound, Measurement, Target};
use crate::text::FactDate;

/// Titles of the tables of a sample.
#[derive(Debug, Clone, Copy)]
pub struct SampleTitles {
    /// What is measured of each call.
    pub figure: &'static str,
    /// Its mean.
    pub mean: &'static str,
    /// Its median.
    pub p50: &'static str,
    /// Its 95th percentile.
    pub p95: &'static str,
    /// Its maximum.
    pub largest: &'static str,
    /// A column of a workloads file.
    pub column: &'static str,
    /// What to write into it.
    pub cell: &'static str,
}

/// Titles of the table of a burndown rate, and headings of what stands below it.
#[derive(Debug, Clone, Copy)]
pub struct RateTitles {
    /// The rate.
    pub rate: &'static str,
    /// What the metric shows at that rate.
    pub metric: &'static str,
    /// The heading of the command that reads the metric.
    pub read: &'static str,
    /// The heading of the overlay.
    pub overlay: &'static str,
}

/// What calls cost at most.
#[derive(Debug, Clone, Copy)]
pub struct CallsCost<'a> {
    /// The tokens and dollars at most.
    pub bound: &'a Bound,
    /// In which Region the price was read, and when; `None` where it is not known.
    pub priced: Option<(&'a str, FactDate)>,
    /// How many calls state no max_tokens.
    pub unset: usize,
}

/// What is said before, between and after live calls, and of a row that is written.
#[derive(Debug, Clone, Copy)]
pub enum SampleRemark<'a> {
    /// It is not known whether the endpoint counts the tokens of the model of this name.
    MayNotCount(&'a str),
    /// Calls that count tokens.
    Counting {
        /// How many.
        calls: usize,
        /// The operation.
        operation: &'a str,
        /// The Region that they are sent to.
        region: &'a str,
        /// The model's id.
        model: &'a str,
    },
    /// AWS's list of Regions with CountTokens does not have this one.
    NoCounting(&'a str),
    /// Calls of a model.
    Calling {
        /// How many.
        calls: usize,
        /// The operation.
        operation: &'a str,
        /// The Region that they are sent to.
        region: &'a str,
        /// What is called.
        target: &'a Target<'a>,
    },
    /// How many calls failed for a reason that stands behind it.
    Failed(usize),
    /// How many calls were not sent after one that failed.
    Unsent(usize),
    /// How many attempts AWS throttled.
    Throttled(u64),
    /// Answers were cut, so their output is not written.
    OutputNotWritten,
    /// The scope of the row is not that of the answers.
    OtherScope {
        /// The row's.
        row: Scope,
        /// The answers'.
        answers: Scope,
    },
    /// Cells that were written, by their columns.
    Written(&'a [(&'static str, &'a str)]),
    /// Columns that the file does not have.
    NoColumns {
        /// The file.
        file: &'a str,
        /// The columns.
        columns: &'a [&'static str],
        /// The header with them.
        header: &'a str,
    },
    /// Columns whose cells stay, since no answer states them.
    Kept(&'a [&'static str]),
    /// How many inputs were written, each with its prompt.
    Inputs(usize),
}

/// The comments of a script that makes the calls by the AWS CLI.
#[derive(Debug, Clone)]
pub struct ScriptComments {
    /// What is called, and the permissions that it needs.
    pub title: String,
    /// The step that writes the inputs.
    pub inputs: &'static str,
    /// The step that makes the calls.
    pub calls: &'static str,
    /// The step that reads the answers.
    pub answers: &'static str,
}

/// The sentences of `sample`, a method each.
pub trait SampleWords {
    /// What was sampled, and how many answers there are.
    fn sample_heading(&self, target: &Target<'_>, answers: usize) -> String;

    /// Titles of the tables.
    fn sample_titles(&self) -> SampleTitles;

    /// Names of the figures: input, output, cache reads, cache writes, latency.
    fn sample_figures(&self) -> [&'static str; 5];

    /// The heading of the cells.
    fn cells_heading(&self) -> &'static str;

    /// What there is to know beside the figures, in sentences.
    fn sample_notes(&self, report: &SampleReport<'_>) -> Vec<String>;

    /// That answers were cut, and what to do: without a full stop.
    fn answers_cut(&self, cut: usize, answers: usize, of_logs: bool) -> String;

    /// What is said before, between and after calls: without a full stop.
    fn sample_remark(&self, remark: SampleRemark<'_>) -> String;

    /// What calls cost at most: without a full stop.
    fn calls_cost(&self, cost: &CallsCost<'_>) -> String;

    /// The question before calls are sent.
    fn send_question(&self) -> &'static str;

    /// How many calls of all are done.
    fn calls_done(&self, done: usize, all: usize) -> String;

    /// The comments of a script of calls of an operation in a Region; counting tokens needs more permissions.
    fn script_comments(&self, calls: usize, operation: &str, region: &str, counts: bool) -> ScriptComments;

    /// The heading of a burndown rate.
    fn rate_heading(&self, target: &Target<'_>) -> String;

    /// How the burndown rate follows from the metric, in sentences.
    fn rate_method(&self, report: &RateReport<'_>) -> Vec<String>;

    /// Titles and headings.
    fn rate_titles(&self) -> RateTitles;

    /// How to read the metric, in sentences.
    fn metric_advice(&self, window: Option<&MetricWindow>) -> Vec<String>;

    /// What to do with the overlay.
    fn overlay_advice(&self, window: Option<&MetricWindow>) -> &'static str;

    /// What a measured rate rests on, as an overlay names its source.
    fn measured_source(&self, measurement: Measurement) -> String;
}
