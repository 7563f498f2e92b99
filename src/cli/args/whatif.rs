//! What can be typed behind `whatif`.

use clap::Args;

use crate::cli::args::{InputArgs, OutputArgs, lead_days, quota_code};
use crate::engine::Question;

#[derive(Debug, Args)]
pub(in crate::cli) struct WhatifArgs {
    #[command(flatten)]
    pub(in crate::cli) input: InputArgs,
    /// A scenario of the configuration, or `tight`, `failover FROM TO` or `runway`; join several with `+` to plan
    /// them as one [default: all scenarios of the configuration]
    #[arg(long = "scenario", value_name = "NAME")]
    pub(in crate::cli) scenarios: Vec<String>,
    /// Change a value of all rows (rate, peak, input_tokens, output_tokens, cache_read_share, max_tokens (a number
    /// or `tight`), latency_seconds, model, scope, residency) or of the plan (months, headroom, confidence). VALUE
    /// is a number, or a factor such as `*1.5`
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(in crate::cli) set: Vec<(String, String)>,
    /// Limit --set to some rows, by workload, team, model, scope, period or account
    #[arg(long = "where", value_name = "KEY=VALUE", value_parser = pair, requires = "set")]
    pub(in crate::cli) wheres: Vec<(String, String)>,
    /// Find the limit up to which the applied quotas are enough
    #[arg(long, value_enum, value_name = "QUESTION")]
    pub(in crate::cli) solve: Vec<Question>,
    /// Consider only the quota with this code, for --solve and `runway`
    #[arg(long, value_name = "CODE", value_parser = quota_code)]
    pub(in crate::cli) quota: Option<String>,
    /// Use AWS's default if no applied value is given, for --solve and `runway`
    #[arg(long)]
    pub(in crate::cli) assume_defaults: bool,
    /// Show what 10 % more of each input does to every quota, the largest effect first
    #[arg(long)]
    pub(in crate::cli) sensitivity: bool,
    /// How many days before growth exceeds a quota to ask for more
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = lead_days())]
    pub(in crate::cli) lead_days: u32,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "write KEY=VALUE, such as rate=*1.5".to_owned())?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if key.is_empty() || !key.chars().all(plain) {
        return Err(format!("`{key}` is not a key"));
    }
    Ok((key.to_owned(), value.to_owned()))
}
