//! What can be typed behind `compare`.

use clap::Args;

use crate::cli::args::{InputArgs, OutputArgs};

#[derive(Debug, Args)]
pub(in crate::cli) struct CompareArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// Take AWS's default where no applied value is given, and mark it
    #[arg(long)]
    pub(in crate::cli) assume_defaults: bool,
    /// Find the assignment of scopes that keeps to residency, needs the fewest increases and then the
    /// least money
    #[arg(long, alias = "optimize")]
    pub(in crate::cli) optimise: bool,
    /// Compare this workload alone; with --optimise the others stay where they are
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) workload: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}
