//! What can be typed behind `sample`.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use crate::catalog::Scope;
use crate::cli::args::iam::{region, scope};
use crate::cli::args::{AliasesArgs, OutputArgs, TableArgs};
use crate::units::{DecimalMark, Usd};

#[derive(Debug, Args)]
#[command(
    after_help = "Prompts are JSON lines: {\"prompt\": \"text\"}, with \"system\" and \"max_tokens\" if needed, or a \
                  whole Converse input. For an embedding model, write {\"prompt\": \"text\"}.\n\n\
    IAM actions: bedrock:InvokeModel (for Converse and InvokeModel), with --count-only also bedrock:CountTokens, and \
    cloudwatch:GetMetricStatistics to read the metric after --measure-rate. `quotaplan iam` writes the policy."
)]
pub(in crate::cli) struct SampleArgs {
    /// File of prompts, one JSON object per line
    #[arg(value_name = "PROMPTS.jsonl", conflicts_with = "from")]
    pub(in crate::cli) prompts: Option<PathBuf>,
    /// The model, by any of its names, or an ARN from [aliases]
    #[arg(long, value_name = "MODEL")]
    pub(in crate::cli) model: String,
    /// The scope: us, global, ca or in-region; not needed if the model is named by a profile
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    pub(in crate::cli) scope: Option<Scope>,
    /// max_tokens for prompts that do not state it [default: not sent, so the model's maximum applies]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) max_tokens: Option<u32>,
    /// Count input tokens with CountTokens, free of charge; nothing is generated
    #[arg(long, conflicts_with = "measure_rate")]
    pub(in crate::cli) count_only: bool,
    /// The Region to count in; the prompts are sent there
    #[arg(long, value_name = "REGION", requires = "count_only", value_parser = region)]
    pub(in crate::cli) count_region: Option<String>,
    /// Read answers saved by the AWS CLI, or model-invocation logs, instead of calling Bedrock; takes files and
    /// folders; may be given several times
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(in crate::cli) from: Vec<PathBuf>,
    /// Write the figures into a row of this file
    #[arg(long, value_name = "WORKLOADS.csv", requires = "workload", conflicts_with_all = ["print_command", "write_inputs", "measure_rate"])]
    pub(in crate::cli) update: Option<PathBuf>,
    /// The row's workload
    #[arg(long, value_name = "NAME", requires = "update")]
    pub(in crate::cli) workload: Option<String>,
    /// The row's period, if the workload has several
    #[arg(long, value_name = "PERIOD", requires = "update")]
    pub(in crate::cli) period: Option<String>,
    /// Decimal mark of that file; `comma` reads and writes 1,5
    #[arg(long, value_enum, value_name = "MARK", default_value_t = DecimalMark::Point, requires = "update")]
    pub(in crate::cli) decimal: DecimalMark,
    /// Maximum number of calls; if there are more prompts, nothing is sent. 0 only shows the cost
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(in crate::cli) max_requests: usize,
    /// Maximum cost in US dollars; if it might be exceeded, or the cost is unknown, nothing is sent
    #[arg(long, value_name = "USD", value_parser = usd)]
    pub(in crate::cli) max_usd: Option<Usd>,
    /// Number of calls to run at a time
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub(in crate::cli) concurrency: u8,
    /// Send without asking for confirmation
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    /// Print the AWS CLI commands that save answers for --from, without calling Bedrock
    #[arg(long, conflicts_with = "from")]
    pub(in crate::cli) print_command: bool,
    /// Write one AWS CLI input file per prompt into this new folder, without calling Bedrock
    #[arg(long, value_name = "DIR", conflicts_with_all = ["from", "print_command"])]
    pub(in crate::cli) write_inputs: Option<PathBuf>,
    /// Make one call with a known number of tokens, then show how to read the burndown rate from CloudWatch;
    /// without a file of prompts, a built-in prompt is used
    #[arg(long)]
    pub(in crate::cli) measure_rate: bool,
    /// The time of the call whose answer was saved, such as 2026-11-25T14:05:00Z
    #[arg(long, value_name = "TIME", requires_all = ["measure_rate", "from"])]
    pub(in crate::cli) at: Option<Timestamp>,
    #[command(flatten)]
    pub(in crate::cli) aliases: AliasesArgs,
    #[command(flatten)]
    pub(in crate::cli) table: TableArgs,
    /// Diagnostics shown per file; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(in crate::cli) max_errors: usize,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

fn usd(text: &str) -> Result<Usd, String> {
    Usd::parse(text).map_err(|fault| format!("it {}: {}", fault.reason(), fault.remedy()))
}
