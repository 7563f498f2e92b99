//! What can be typed.

mod migrate;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{HEADROOM_MAXIMUM, MONTHS_MAXIMUM};
use crate::engine::Question;
use crate::render::Format;
use crate::text::{FactDate, Severity};
use crate::units::{MILLIONTHS, Ratio, is_quota_code};
pub(super) use migrate::MigrateArgs;

/// Capacity planning for Amazon Bedrock quotas: from projected traffic to the tokens per minute to
/// ask for, quota by quota, for calls from ca-central-1.
#[derive(Debug, Parser)]
#[command(
    name = "quotaplan",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit status: 0 all well, 1 findings (from check and iam lint alone), 2 usage, input or environment error.\n\n\
    Start with:  quotaplan init my-plan && quotaplan plan my-plan/workloads.csv --config my-plan/quotaplan.toml"
)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a commented starter workloads.csv and quotaplan.toml
    Init(InitArgs),
    /// What to do about every quota the workloads count against
    Plan(PlanArgs),
    /// A gate for pull requests: granted quotas, budgets and policies; exit status 1 where one fails
    /// The same traffic in each scope: quota, price, destinations, residency; and the best assignment
    Compare(CompareArgs),
    Check(CheckArgs),
    /// Plans with something changed, beside the plan as it is; and what still fits
    Whatif(WhatifArgs),
    /// One model's traffic moved to another in stages: both models' quotas at each, and when to ask
    Migrate(MigrateArgs),
    /// The calculation of one quota, line by line, back to cells, table rows and AWS sources
    Explain(ExplainArgs),
    /// IAM and SCP text that lets the calls through, and `iam lint` for what is wrong with a policy
    Iam(super::iam::IamArgs),
    /// What the model table knows
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Write a shell completion script to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Folder to write into; made if it does not exist, never overwritten
    #[arg(default_value = ".")]
    pub(super) dir: PathBuf,
}

/// Inputs of everything that plans.
#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// The workloads, one row each
    #[arg(value_name = "WORKLOADS.csv")]
    pub(super) workloads: PathBuf,
    /// Configuration [default: quotaplan.toml in the working directory, where there is one]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Model table laid over the built-in one
    #[arg(long, value_name = "FILE")]
    pub(super) models: Option<PathBuf>,
    /// Applied quotas ([granted] and [accounts.NAME.granted] tables), over those of the configuration
    #[arg(long, value_name = "FILE")]
    pub(super) granted: Option<PathBuf>,
    /// Headroom on the peak: 0.20 asks for a fifth more [default: 0.20]
    #[arg(long, value_name = "RATIO", value_parser = headroom, allow_negative_numbers = true)]
    pub(super) headroom: Option<Ratio>,
    /// Share of time the burst level should hold, at least 0.5 and below 1 [default: 0.999]
    #[arg(long, value_name = "RATIO", value_parser = confidence, allow_negative_numbers = true)]
    pub(super) confidence: Option<Ratio>,
    /// Count cache reads in the reservation: AWS's sources differ on it
    #[arg(long)]
    pub(super) reserve_cache_reads: bool,
    /// Plan with the burndown rates stated at or before this date (YYYY-MM-DD or YYYY-MM)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) rates_as_of: Option<FactDate>,
    /// The date of the plan, for retirements and ages [default: the model table's newest fact]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) today: Option<FactDate>,
    /// Months of growth (growth_per_month) to add to every rate
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=i64::from(MONTHS_MAXIMUM)))]
    pub(super) months: u32,
    /// Delimiter of the workloads [default: taken from the header]
    #[arg(long, value_enum, value_name = "DELIMITER")]
    pub(super) delimiter: Option<Delimiter>,
    /// Unknown columns are errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Diagnostics shown per file; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    pub(super) max_errors: usize,
}

/// The configuration that is read where none is named, where there is one: a link that leads
/// nowhere is one too, and is reported.
pub(super) fn default_config<'a>() -> Option<&'a Path> {
    let path = Path::new("quotaplan.toml");
    path.symlink_metadata().is_ok().then_some(path)
}

impl InputArgs {
    /// The files that are read.
    pub(super) fn files(&self) -> [Option<&Path>; 4] {
        [
            Some(self.workloads.as_path()),
            self.config.as_deref().or_else(default_config),
            self.models.as_deref(),
            self.granted.as_deref(),
        ]
    }
}

/// Where a result goes and in which form.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Form of the result
    #[arg(long, value_enum, default_value_t = FormatArg::Table)]
    pub(super) format: FormatArg,
    /// Write the result to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Judge quotas without an applied value by AWS's default, and mark them
    #[arg(long)]
    pub(super) assume_defaults: bool,
    /// An earlier plan or check as JSON: show what changed since
    #[arg(long, value_name = "plan.json")]
    pub(super) baseline: Option<PathBuf>,
    /// Fail only on what is new or worse than in the baseline; the rest becomes notes
    #[arg(long, requires = "baseline")]
    pub(super) only_worsened: bool,
    /// The least severity that fails
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = SeverityArg::Error)]
    pub(super) fail_on: SeverityArg,
    /// Report errors as warnings and never fail
    #[arg(long, conflicts_with = "fail_on")]
    pub(super) warn_only: bool,
    /// Form of the result, with a file to write it to where it is not for standard output; may be
    /// given several times [default: table]
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = check_target, long_help = CHECK_FORMATS)]
    pub(super) formats: Vec<CheckTarget>,
    /// Write the result that has no file of its own to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct WhatifArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// A scenario of the configuration, or `tight`, `failover FROM TO`, `runway`; several joined by `+`
    /// are one [default: all of the configuration]
    #[arg(long = "scenario", value_name = "NAME")]
    pub(super) scenarios: Vec<String>,
    /// Change a value of all rows: rate, peak, input_tokens, output_tokens, cache_read_share, max_tokens
    /// (a number or `tight`), latency_seconds, model, scope; of the plan: months, headroom, confidence.
    /// A number, or `*1.5` of what is there
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(super) set: Vec<(String, String)>,
    /// Limit --set to rows: workload, team, model, scope, period or account
    #[arg(long = "where", value_name = "KEY=VALUE", value_parser = pair, requires = "set")]
    pub(super) wheres: Vec<(String, String)>,
    /// The most of something that still fits the applied quotas
    #[arg(long, value_enum, value_name = "QUESTION")]
    pub(super) solve: Vec<QuestionArg>,
    /// Only the quota of this code counts for --solve and `runway`
    #[arg(long, value_name = "CODE", value_parser = quota_code)]
    pub(super) quota: Option<String>,
    /// Take AWS's default where no applied value is given, for --solve and `runway`
    #[arg(long)]
    pub(super) assume_defaults: bool,
    /// What a tenth more of each input does to every quota, the largest effect first
    #[arg(long)]
    pub(super) sensitivity: bool,
    /// Days before growth passes a quota in which to ask for more
    #[arg(long, value_name = "N", default_value_t = 14)]
    pub(super) lead_days: u32,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Take AWS's default where no applied value is given, and mark it
    #[arg(long)]
    pub(super) assume_defaults: bool,
    /// Find the assignment of scopes that keeps to residency, needs the fewest increases and then the
    /// least money
    #[arg(long)]
    pub(super) optimise: bool,
    /// Compare this workload alone; with --optimise the others stay where they are
    #[arg(long, value_name = "NAME")]
    pub(super) workload: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// Questions as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum QuestionArg {
    /// The largest factor on all request rates
    Requests,
    /// The largest max_tokens
    MaxTokens,
    /// The lowest share of input read from the cache
    CacheShare,
}

impl QuestionArg {
    pub(super) fn meant(self) -> Question {
        match self {
            Self::Requests => Question::Requests,
            Self::MaxTokens => Question::MaxTokens,
            Self::CacheShare => Question::CacheShare,
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "write KEY=VALUE, such as rate=*1.5".to_owned())?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if key.is_empty() || !key.chars().all(plain) {
        return Err(format!("`{key}` is not a key"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// The long help of `check --format`.
const CHECK_FORMATS: &str = "Form of the result, with a file to write it to where it is not for standard output; may be \
given several times, for example --format table --format sarif=out.sarif [default: table]\n\n\
    table     for people, at most 100 columns\n\
json      for scripts\n\
csv       findings for spreadsheets\n\
markdown  a comment on a pull request, with a marker to update it in place\n\
github    workflow annotations of GitHub Actions\n\
sarif     SARIF 2.1.0 for code scanning\n\
junit     JUnit XML for test reports\n\
gitlab    a GitLab code quality report";

/// Forms of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    Table,
    Json,
    Csv,
    Markdown,
    Github,
    Sarif,
    Junit,
    Gitlab,
}

/// A form, and the file it goes to.
#[derive(Debug, Clone)]
pub(super) struct CheckTarget {
    pub(super) format: CheckFormat,
    pub(super) file: Option<PathBuf>,
}

fn check_target(text: &str) -> Result<CheckTarget, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("name a file behind the `=`".to_owned()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = CheckFormat::from_str(name, false).map_err(|_| {
        let all = CheckFormat::value_variants().iter().filter_map(CheckFormat::to_possible_value);
        let all: Vec<String> = all.map(|value| value.get_name().to_owned()).collect();
        format!("`{name}` is none of {}", all.join(", "))
    })?;
    Ok(CheckTarget { format, file })
}

/// Severities as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SeverityArg {
    Error,
    Warning,
    Note,
}

impl SeverityArg {
    pub(super) fn meant(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("which").args(["quota", "model"]).required(true)))]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// The quota's code, such as L-27C57EE8
    #[arg(long, value_name = "CODE", value_parser = quota_code, conflicts_with_all = ["model", "scope", "kind"])]
    pub(super) quota: Option<String>,
    /// The model, by any of its names
    #[arg(long, value_name = "MODEL")]
    pub(super) model: Option<String>,
    /// The scope: us, global, ca or in-region; not needed where the model is named by a profile
    #[arg(long, value_name = "SCOPE", requires = "model")]
    pub(super) scope: Option<String>,
    /// What the quota counts
    #[arg(long, value_enum, requires = "model")]
    pub(super) kind: Option<KindArg>,
    /// Only the quotas of this account
    #[arg(long, value_name = "ACCOUNT")]
    pub(super) account: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// All models
    List(ListArgs),
    /// Everything known of one model, with source and date
    Show(ShowArgs),
    /// Check a model table or an overlay
    Validate(ValidateArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Model table laid over the built-in one
    #[arg(long, value_name = "FILE")]
    pub(super) models: Option<PathBuf>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The model, by id, profile id, ARN, name or alias
    #[arg(value_name = "MODEL")]
    pub(super) model: String,
    /// Model table laid over the built-in one
    #[arg(long, value_name = "FILE")]
    pub(super) models: Option<PathBuf>,
    /// Configuration whose [aliases] count [default: quotaplan.toml in the working directory, where there is one]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    /// The table or overlay
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Diagnostics shown per file; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) max_errors: usize,
}

/// Output formats as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// For people, at most 100 columns
    Table,
    /// For scripts
    Json,
    /// For spreadsheets
    Csv,
    /// For documents and comments
    Markdown,
}

impl FormatArg {
    pub(super) fn meant(self) -> Format {
        match self {
            Self::Table => Format::Table,
            Self::Json => Format::Json,
            Self::Csv => Format::Csv,
            Self::Markdown => Format::Markdown,
        }
    }
}

/// Delimiters as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Delimiter {
    /// `,`
    #[value(alias = ",")]
    Comma,
    /// `;`
    #[value(alias = ";")]
    Semicolon,
    /// A tab
    #[value(alias = "\t")]
    Tab,
}

impl Delimiter {
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Kinds of quota as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum KindArg {
    /// Tokens a minute
    Tpm,
    /// Requests a minute
    Rpm,
    /// Tokens a day
    Tpd,
}

fn ratio(text: &str) -> Result<Ratio, String> {
    Ratio::parse(text).map_err(|fault| format!("it {}: {}", fault.reason(), fault.remedy()))
}

fn headroom(text: &str) -> Result<Ratio, String> {
    let ratio = ratio(text)?;
    if ratio.millionths() <= HEADROOM_MAXIMUM * MILLIONTHS {
        Ok(ratio)
    } else {
        Err(format!("it must be at most {HEADROOM_MAXIMUM}; 0.20 is 20 %"))
    }
}

fn confidence(text: &str) -> Result<Ratio, String> {
    let ratio = ratio(text)?;
    if (MILLIONTHS / 2..MILLIONTHS).contains(&ratio.millionths()) {
        Ok(ratio)
    } else {
        Err("it must be at least 0.5 and below 1".to_owned())
    }
}

fn date(text: &str) -> Result<FactDate, String> {
    FactDate::parse(text).ok_or_else(|| "write YYYY-MM-DD, or YYYY-MM for its first day".to_owned())
}

fn quota_code(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    if is_quota_code(&code) {
        Ok(code)
    } else {
        Err("a quota code is `L-` and eight hexadecimal digits, such as L-27C57EE8".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
