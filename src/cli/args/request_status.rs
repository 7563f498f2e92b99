//! What can be typed behind `request status`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{DiagnosticsArgs, OutputArgs, TableArgs};

#[derive(Debug, Args)]
#[command(
    after_help = "Without --from, this command calls AWS, which needs a build with the feature `aws`. It uses AWS's \
                  default credential chain. The caller needs the IAM action \
                  servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota, also for the commands of \
                  --print-command."
)]
pub(in crate::cli) struct RequestStatusArgs {
    /// The pack's folder
    #[arg(value_name = "DIR")]
    pub(in crate::cli) dir: PathBuf,
    /// Request history saved by the AWS CLI, read instead of calling AWS; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) from: Vec<PathBuf>,
    /// Print the AWS CLI commands whose output --from reads, without calling AWS
    #[arg(long, conflicts_with_all = ["from", "format", "output", "models"])]
    pub(in crate::cli) print_command: bool,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    #[command(flatten)]
    pub(in crate::cli) diagnostics: DiagnosticsArgs,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}
