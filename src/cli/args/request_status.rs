//! What can be typed behind `request status`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{DiagnosticsArgs, OutputArgs, TableArgs};

#[derive(Debug, Args)]
#[command(
    after_help = "Without --from it calls AWS, in a build with the feature `aws`, with the credentials of AWS's own \
    chain. The caller needs the IAM action servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota; so do the \
    commands of --print-command."
)]
pub(in crate::cli) struct RequestStatusArgs {
    /// The pack: the folder with requests.json
    #[arg(value_name = "DIR")]
    pub(in crate::cli) dir: PathBuf,
    /// The history of requests that the AWS CLI saved, instead of a call; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) from: Vec<PathBuf>,
    /// Print the AWS CLI commands whose output --from reads; makes no call
    #[arg(long, conflicts_with_all = ["from", "format", "output", "models"])]
    pub(in crate::cli) print_command: bool,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    #[command(flatten)]
    pub(in crate::cli) diagnostics: DiagnosticsArgs,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}
