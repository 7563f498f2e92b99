//! What can be typed behind `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::InputArgs;
use crate::text::Severity;

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// Judge quotas without an applied value by AWS's default, and mark them
    #[arg(long)]
    pub(in crate::cli) assume_defaults: bool,
    /// An earlier plan or check as JSON: show what changed since
    #[arg(long, value_name = "plan.json")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Fail only on what is new or worse than in the baseline; the rest becomes notes
    #[arg(long, requires = "baseline")]
    pub(in crate::cli) only_worsened: bool,
    /// The least severity that fails
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = SeverityArg::Error)]
    pub(in crate::cli) fail_on: SeverityArg,
    /// Report errors as warnings and never fail
    #[arg(long, conflicts_with = "fail_on")]
    pub(in crate::cli) warn_only: bool,
    /// Form of the result, with a file to write it to where it is not for standard output; may be
    /// given several times [default: table]
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = check_target, long_help = CHECK_FORMATS)]
    pub(in crate::cli) formats: Vec<CheckTarget>,
    /// Write the result that has no file of its own to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
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
pub(in crate::cli) enum CheckFormat {
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
pub(in crate::cli) struct CheckTarget {
    pub(in crate::cli) format: CheckFormat,
    pub(in crate::cli) file: Option<PathBuf>,
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
pub(in crate::cli) enum SeverityArg {
    Error,
    Warning,
    Note,
}

impl SeverityArg {
    pub(in crate::cli) fn meant(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}
