//! What can be typed behind `quotaplan request submit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PackCommand {
    /// Request the increases of a pack
    Submit(SubmitArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SubmitArgs {
    /// Folder of the pack
    #[arg(value_name = "DIR")]
    pub(in crate::cli) dir: PathBuf,
    /// Send without being asked
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    /// Ask once more for what was asked for before and came to its end
    #[arg(long)]
    pub(in crate::cli) again: bool,
    /// Let AWS open no Support case
    #[arg(long)]
    pub(in crate::cli) no_support_case: bool,
}
