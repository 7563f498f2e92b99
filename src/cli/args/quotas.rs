//! What can be typed behind `quotas`.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::cli::args::{DiagnosticsArgs, FormatArg, TableArgs, date};
use crate::saved::Listed;
use crate::text::FactDate;

#[derive(Debug, Args)]
#[command(
    after_help = "Without --from, this command calls AWS, which needs a build with the feature `aws`. It uses AWS's \
                  default credential chain. The caller needs the IAM actions servicequotas:ListServiceQuotas and \
                  servicequotas:ListAWSDefaultServiceQuotas, also for the commands of --print-command."
)]
pub(in crate::cli) struct QuotasArgs {
    /// Output saved by the AWS CLI, read instead of calling AWS; may be given several times. Write applied=FILE or
    /// defaults=FILE if the file does not show which list it is
    #[arg(long, value_name = "[LIST=]FILE", value_parser = saved)]
    pub(in crate::cli) from: Vec<SavedFile>,
    /// Print the AWS CLI commands whose output --from reads, without calling AWS
    #[arg(long, conflicts_with_all = ["from", "diff", "format", "all", "models"])]
    pub(in crate::cli) print_command: bool,
    /// Show what has changed compared with this file instead: with its [granted] table, or with the table of
    /// --account
    #[arg(long, value_name = "GRANTED.toml")]
    pub(in crate::cli) diff: Option<PathBuf>,
    /// Write the table of this account, [accounts.NAME.granted], instead of [granted]
    #[arg(long, value_name = "NAME", value_parser = account)]
    pub(in crate::cli) account: Option<String>,
    /// Include every quota that AWS lists, not only those of the model table
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// The date of the look-up (YYYY-MM-DD), written as as_of [default: none for saved output, otherwise today in
    /// UTC]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) today: Option<FactDate>,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    #[command(flatten)]
    pub(in crate::cli) diagnostics: DiagnosticsArgs,
    /// Output format [default: toml, or table with --diff]
    #[arg(long, short, value_enum)]
    pub(in crate::cli) format: Option<QuotasFormat>,
    /// The same as --format json
    #[arg(long, conflicts_with_all = ["format", "print_command"])]
    pub(in crate::cli) json: bool,
    /// Write the result to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

impl QuotasArgs {
    /// The form that was asked for, where one was.
    pub(in crate::cli) fn format(&self) -> Option<QuotasFormat> {
        if self.json { Some(QuotasFormat::Report(FormatArg::Json)) } else { self.format }
    }
}

/// A saved answer and which list it is said to be.
#[derive(Debug, Clone)]
pub(in crate::cli) struct SavedFile {
    pub(in crate::cli) named: Option<Listed>,
    pub(in crate::cli) path: PathBuf,
}

/// Forms of applied quotas: a file for plans, and those of every report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum QuotasFormat {
    Toml,
    Report(FormatArg),
}

impl QuotasFormat {
    /// The form of a report; `None` for TOML, which is none.
    pub(in crate::cli) fn of_a_report(self) -> Option<FormatArg> {
        match self {
            Self::Toml => None,
            Self::Report(format) => Some(format),
        }
    }
}

impl ValueEnum for QuotasFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<QuotasFormat>> = LazyLock::new(|| {
            let reports = FormatArg::value_variants().iter().copied().map(QuotasFormat::Report);
            std::iter::once(QuotasFormat::Toml).chain(reports).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Toml => {
                Some(PossibleValue::new("toml").help("A granted.toml file for the option --granted"))
            }
            Self::Report(format) => format.to_possible_value(),
        }
    }
}

fn saved(text: &str) -> Result<SavedFile, String> {
    let named = Listed::ALL
        .into_iter()
        .find_map(|list| text.strip_prefix(list.as_str())?.strip_prefix('=').map(|path| (Some(list), path)));
    let (named, path) = named.unwrap_or((None, text));
    if path.is_empty() {
        return Err("name a file".to_owned());
    }
    Ok(SavedFile { named, path: PathBuf::from(path) })
}

fn account(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("an account needs a name".to_owned()) } else { Ok(text.to_owned()) }
}
