//! What can be typed behind `migrate`.

use clap::Args;

use crate::cli::args::{InputArgs, OutputArgs, date, lead_days, ratio};
use crate::engine::StageInterval;
use crate::text::FactDate;
use crate::units::Ratio;

/// The stages where none are named, in percent of the traffic.
pub(in crate::cli) const STAGES: &str = "10,25,50,100";

#[derive(Debug, Args)]
pub(in crate::cli) struct MigrateArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// The model to move traffic from, by any of its names; with a scope after a slash, only the rows in that scope
    /// move
    #[arg(long, value_name = "MODEL")]
    pub(in crate::cli) from: String,
    /// The model to move to; with a scope after a slash, in that scope, otherwise in each row's own scope
    #[arg(long, value_name = "MODEL")]
    pub(in crate::cli) to: String,
    /// Percentage of the traffic on the new model at each stage
    #[arg(long, value_name = "PERCENTS", default_value = STAGES)]
    pub(in crate::cli) stages: String,
    /// The date of the first stage (YYYY-MM-DD); gives every stage, and every request for an increase, a date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) start: Option<FactDate>,
    /// Time between stages: days, weeks or months, such as 10d, 2w or 1m [default: 2w]
    #[arg(long, value_name = "TIME", value_parser = every, requires = "start")]
    pub(in crate::cli) every: Option<StageInterval>,
    /// How many days before a stage to ask for the quota that it needs
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = lead_days())]
    pub(in crate::cli) lead_days: u32,
    /// Tokens on the new model for each token on the old one, for input and output alike
    #[arg(long, value_name = "RATIO", default_value = "1", value_parser = token_ratio, allow_negative_numbers = true)]
    pub(in crate::cli) token_ratio: Ratio,
    /// Use AWS's default if no applied value is given
    #[arg(long)]
    pub(in crate::cli) assume_defaults: bool,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

fn every(text: &str) -> Result<StageInterval, String> {
    StageInterval::parse(text)
        .ok_or_else(|| "write a number of days, weeks or months: 10d, 2w or 1m".to_owned())
}

fn token_ratio(text: &str) -> Result<Ratio, String> {
    match ratio(text)? {
        Ratio::ZERO => Err("it must be above 0; 1.3 is 30 % more tokens".to_owned()),
        ratio => Ok(ratio),
    }
}
