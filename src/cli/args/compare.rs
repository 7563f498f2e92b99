//! What can be typed behind `compare`.

use clap::Args;

use crate::cli::args::{InputArgs, OutputArgs};

#[derive(Debug, Args)]
pub(in crate::cli) struct CompareArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// Use AWS's default if no applied value is given, and mark it
    #[arg(long)]
    pub(in crate::cli) assume_defaults: bool,
    /// Find the assignment of scopes that meets every residency, with the fewest increases and then the lowest cost
    #[arg(long, alias = "optimize")]
    pub(in crate::cli) optimise: bool,
    /// Compare only this workload; with --optimise, the others keep their scopes
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) workload: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}
