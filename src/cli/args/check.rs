//! What can be typed behind `check`.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::cli::args::{DetailArgs, FormatArg, InputArgs};
use crate::render::GateFormat;
use crate::text::Severity;

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// Judge quotas without an applied value by AWS's default, and mark them
    #[arg(long)]
    pub(in crate::cli) assume_defaults: bool,
    /// The JSON of an earlier plan or check; shows what has changed since then
    #[arg(long, value_name = "plan.json")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Fail only on what is new or worse than in the baseline; the rest becomes notes
    #[arg(long, requires = "baseline")]
    pub(in crate::cli) only_worsened: bool,
    /// The lowest severity that fails the check
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = SeverityArg::Error)]
    pub(in crate::cli) fail_on: SeverityArg,
    /// Report errors as warnings and never fail
    #[arg(long, conflicts_with = "fail_on")]
    pub(in crate::cli) warn_only: bool,
    /// Output format, optionally with a file to write it to; may be given several times [default: table]
    #[arg(long = "format", short, value_name = "FORMAT[=FILE]", value_parser = check_target, long_help = long_help())]
    pub(in crate::cli) formats: Vec<CheckTarget>,
    /// The same as --format json
    #[arg(long, conflicts_with = "formats")]
    pub(in crate::cli) json: bool,
    /// Write the format that names no file to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) detail: DetailArgs,
}

/// The long help of `check --format`.
fn long_help() -> String {
    let head = "Output format, optionally with a file to write it to; may be given several times, for example \
                --format table --format sarif=out.sarif [default: table]\n\n";
    let values: Vec<PossibleValue> =
        CheckFormat::value_variants().iter().filter_map(CheckFormat::to_possible_value).collect();
    let widest = values.iter().map(|value| value.get_name().len()).max().unwrap_or_default();
    let line = |value: &PossibleValue| {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        format!("{:widest$}  {help}", value.get_name())
    };
    head.to_owned() + &values.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Forms of a check: those of every report, and those that other programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum CheckFormat {
    Report(FormatArg),
    Gate(GateFormatArg),
}

/// Forms that other programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum GateFormatArg {
    /// Workflow annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0 for code scanning
    Sarif,
    /// JUnit XML for test reports
    Junit,
    /// A GitLab code quality report
    Gitlab,
}

impl GateFormatArg {
    pub(in crate::cli) fn meant(self) -> GateFormat {
        match self {
            Self::Github => GateFormat::Github,
            Self::Sarif => GateFormat::Sarif,
            Self::Junit => GateFormat::Junit,
            Self::Gitlab => GateFormat::Gitlab,
        }
    }
}

impl ValueEnum for CheckFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<CheckFormat>> = LazyLock::new(|| {
            let reports = FormatArg::value_variants().iter().copied().map(CheckFormat::Report);
            reports.chain(GateFormatArg::value_variants().iter().copied().map(CheckFormat::Gate)).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Report(FormatArg::Markdown) => Some(
                PossibleValue::new("markdown")
                    .help("A comment on a pull request, with a marker to update it in place"),
            ),
            Self::Report(format) => format.to_possible_value(),
            Self::Gate(format) => format.to_possible_value(),
        }
    }
}

/// A form, and the file it goes to.
#[derive(Debug, Clone)]
pub(in crate::cli) struct CheckTarget {
    pub(in crate::cli) format: CheckFormat,
    pub(in crate::cli) file: Option<PathBuf>,
}

fn check_target(text: &str) -> Result<CheckTarget, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("name a file after the `=`".to_owned()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = CheckFormat::from_str(name, false).map_err(|_| {
        let all = CheckFormat::value_variants().iter().filter_map(CheckFormat::to_possible_value);
        let all: Vec<String> = all.map(|value| value.get_name().to_owned()).collect();
        format!("`{name}` is not a format: use one of {}", all.join(", "))
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
