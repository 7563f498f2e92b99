//! What can be typed behind `iam`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::catalog::{REGION, Scope};
use crate::cli::args::{AliasesArgs, OutputArgs, TableArgs, account_id};
use crate::iam::{Account, PolicyKind};
use crate::units::DecimalMark;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(in crate::cli) struct IamArgs {
    #[command(subcommand)]
    pub(in crate::cli) lint: Option<IamCommand>,
    #[command(flatten)]
    pub(in crate::cli) write: WriteArgs,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum IamCommand {
    /// Check a policy; exits with status 1 if anything is wrong with it
    Lint(LintArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct WriteArgs {
    /// A model, by any of its names, or an ARN from [aliases]; may be given several times or separated by commas
    #[arg(long = "model", value_name = "MODEL", value_delimiter = ',')]
    pub(in crate::cli) models_asked: Vec<String>,
    /// Scope of the models that are not given as profiles: us, global, ca or in-region
    #[arg(long, value_name = "SCOPE", value_parser = scope, conflicts_with = "workloads")]
    pub(in crate::cli) scope: Option<Scope>,
    /// Cover every model and scope of these workloads; may be given several times
    #[arg(long, value_name = "WORKLOADS.csv", conflicts_with = "models_asked")]
    pub(in crate::cli) workloads: Vec<PathBuf>,
    /// Decimal mark of the workloads; `comma` reads 1,5
    #[arg(long, value_enum, value_name = "MARK", default_value_t = DecimalMark::Point, requires = "workloads")]
    pub(in crate::cli) decimal: DecimalMark,
    /// The document to write
    #[arg(long, value_enum, default_value_t = Document::Identity)]
    pub(in crate::cli) document: Document,
    /// The twelve-digit account ID [default: 111122223333, the ID in AWS's examples; in an SCP, every account]
    #[arg(long, value_name = "ID", value_parser = account_id)]
    pub(in crate::cli) account: Option<Account>,
    /// Do not allow streaming (InvokeModelWithResponseStream)
    #[arg(long)]
    pub(in crate::cli) no_streaming: bool,
    /// Allow CountTokens, in this Region [default: ca-central-1]
    #[arg(long, value_name = "REGION", num_args = 0..=1, require_equals = true, default_missing_value = REGION, value_parser = region)]
    pub(in crate::cli) count_tokens: Option<String>,
    /// Allow GetInferenceProfile, which one AWS page calls required and the others leave out
    #[arg(long)]
    pub(in crate::cli) get_inference_profile: bool,
    #[command(flatten)]
    pub(in crate::cli) aliases: AliasesArgs,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    /// Write the document to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Document {
    /// What a role needs to call the models, and nothing more
    Identity,
    /// An SCP that denies all other model invocations
    ScpAllow,
    /// AWS's SCP of approved Regions, with every Region that the models need
    ScpRegions,
    /// An SCP that denies global profiles; takes no model
    ScpDenyGlobal,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LintArgs {
    /// The policy, as JSON; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// A model that must be callable, by any of its names, such as sonnet-4.5/us; may be given several times or
    /// separated by commas
    #[arg(long = "model", value_name = "MODEL", value_delimiter = ',')]
    pub(in crate::cli) models_asked: Vec<String>,
    /// A scope that must be callable, for all its models or for those of --model; may be given several times
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    pub(in crate::cli) scope: Vec<Scope>,
    /// The type of the document [default: identity policy if it allows a Bedrock call, else SCP]
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub(in crate::cli) kind: Option<PolicyKind>,
    /// Do not check InvokeModelWithResponseStream, because answers are not streamed
    #[arg(long, conflicts_with = "only_streaming")]
    pub(in crate::cli) no_streaming: bool,
    /// Do not check InvokeModel, because every answer is streamed
    #[arg(long)]
    pub(in crate::cli) only_streaming: bool,
    /// Check CountTokens too, in this Region [default: ca-central-1]
    #[arg(long, value_name = "REGION", num_args = 0..=1, require_equals = true, default_missing_value = REGION, value_parser = region)]
    pub(in crate::cli) count_tokens: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    /// Show at most this many findings in the table; 0 shows all. The other formats always show all
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(in crate::cli) max_errors: usize,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

pub(super) fn scope(text: &str) -> Result<Scope, String> {
    text.to_ascii_lowercase()
        .parse::<Scope>()
        .ok()
        .ok_or_else(|| "write us, global, ca or in-region".to_owned())
}

pub(super) fn region(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    let is_region = match parts.as_slice() {
        [inner @ .., number] => {
            inner.len() >= 2
                && inner.iter().all(letters)
                && !number.is_empty()
                && number.chars().all(|c| c.is_ascii_digit())
        }
        [] => false,
    };
    if is_region { Ok(text.to_owned()) } else { Err("write a Region such as us-east-1".to_owned()) }
}
