//! What can be typed.

mod check;
mod compare;
mod examples;
mod iam;
mod migrate;
mod quotas;
mod request;
mod request_status;
mod sample;
mod shared;
mod simulate;
mod whatif;
mod words;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::contract::schema::{self, DOCUMENTS, DocumentSchema};
use crate::guide::{self, Topic};
use crate::text::FactDate;
use crate::units::QuotaKind;
pub(super) use check::{CheckArgs, CheckFormat, CheckTarget};
pub(super) use compare::CompareArgs;
pub(super) use examples::with_examples;
pub(super) use iam::{Document, IamArgs, IamCommand, LintArgs, WriteArgs};
pub(super) use migrate::{MigrateArgs, STAGES};
pub(super) use quotas::{QuotasArgs, QuotasFormat};
pub(super) use request::{
    EvidenceArg, MakeArgs, RequestArgs, RequestCommand, VerifyArgs, stage_factor, stage_use,
};
pub(super) use request_status::RequestStatusArgs;
pub(super) use sample::SampleArgs;
use shared::{AliasesArgs, account_id, date, lead_days, minutes, quota_code, ratio};
pub(super) use shared::{
    CacheReadsArgs, ConfigArgs, Delimiter, DetailArgs, DiagnosticsArgs, FormatArg, InputArgs,
    LEAD_DAYS_MAXIMUM, OutputArgs, TableArgs, confidence, default_config, headroom, months,
};
pub(super) use simulate::SimulateArgs;
pub(super) use whatif::WhatifArgs;

/// Capacity planning for Amazon Bedrock quotas: from projected traffic to the tokens per minute to
/// ask for, quota by quota, for calls from ca-central-1.
#[derive(Debug, Parser)]
#[command(name = "quotaplan", version, max_term_width = 100, subcommand_required = true)]
#[command(
    after_help = "Exit status: 0 success; 1 findings (only from check, iam lint and request verify); 2 an error in \
                  the usage, the inputs or the environment.\n\n\
    Start with:\n  quotaplan init my-plan\n  quotaplan plan my-plan/workloads.csv --config my-plan/quotaplan.toml\n\n\
    Learn more:\n  quotaplan guide start"
)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a commented starter workloads.csv and quotaplan.toml
    Init(InitArgs),
    /// Show what to do about every quota that your workloads use
    Plan(PlanArgs),
    /// Check granted quotas, budgets and policies in a pipeline; exits with status 1 if one fails
    Check(CheckArgs),
    /// Plan with changes and compare with the current plan, or find out how much still fits
    Whatif(WhatifArgs),
    /// Compare a model's scopes by quota, price, destinations and residency, and find the best assignment
    Compare(CompareArgs),
    /// Plan a move to another model in stages: the quotas of both models at each stage, and when to ask
    Migrate(MigrateArgs),
    /// Replay a trace to find the smallest safe quota and what a quota would throttle
    Simulate(Box<SimulateArgs>),
    /// Write a request for increases to a folder: values, answers to AWS's questions, evidence and commands
    Request(Box<RequestArgs>),
    /// Show how a quota is calculated, line by line, back to cells, table rows and AWS sources
    Explain(ExplainArgs),
    /// Look up applied quotas, from AWS or from saved AWS CLI output, and write them as granted.toml
    Quotas(QuotasArgs),
    /// Write IAM policies and SCPs that allow the calls; `iam lint` checks an existing policy
    Iam(IamArgs),
    /// Measure real token counts, from Bedrock or from saved answers and logs, and optionally write them into
    /// workloads.csv
    Sample(Box<SampleArgs>),
    /// Show, check and update the model table
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Print a topic of the user's guide, or list the topics
    Guide(GuideArgs),
    /// Print the JSON Schema of a command's output, or list the schemas
    Schema(SchemaArgs),
    /// Print a man page of the program or of a command, or write them all to a folder
    Man(ManArgs),
    /// Write a shell completion script to standard output
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct GuideArgs {
    /// The topic to print, as Markdown [default: the list of topics]
    #[arg(value_parser = topic())]
    pub(super) topic: Option<&'static Topic>,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command, such as `plan` or `iam lint` [default: the program]
    #[arg(value_name = "COMMAND")]
    pub(super) command: Vec<String>,
    /// Write the pages of the program and of every command into this folder, such as ~/.local/share/man/man1
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// The document, such as `plan` [default: the list of documents]
    #[arg(value_parser = document())]
    pub(super) name: Option<&'static DocumentSchema>,
    /// Write the schemas of all documents into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Folder to write to; created if it does not exist. Existing files are never overwritten
    #[arg(default_value = ".")]
    pub(super) dir: PathBuf,
    /// Write only rows of this kind, with the reason for each value
    #[arg(long, value_enum, value_name = "KIND")]
    pub(super) example: Option<Example>,
}

/// Kinds of workload that `init` has rows for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Example {
    /// People who chat with an assistant
    Chat,
    /// Agents that make many calls per task
    Agents,
    /// Long inputs, short answers
    Documents,
    /// A job that runs at a steady rate
    Batch,
    /// Search over documents: indexing and queries
    Embeddings,
}

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Replay random requests for each tokens-per-minute quota and show the safe quota next to the required one
    #[arg(long)]
    pub(super) simulate: bool,
    /// Minutes of traffic to draw, at the rate of the rows' busiest minute
    #[arg(long, value_name = "N", default_value_t = 60, requires = "simulate", allow_negative_numbers = true, value_parser = minutes())]
    pub(super) minutes: u32,
    /// Seed of the random draws
    #[arg(long, value_name = "N", default_value_t = 0, requires = "simulate", allow_negative_numbers = true)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("which").args(["quota", "model"]).required(true)))]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// The quota's code, such as L-27C57EE8
    #[arg(long, value_name = "CODE", value_parser = quota_code, conflicts_with_all = ["model", "scope", "kind"])]
    pub(super) quota: Option<String>,
    /// The model, by any of its names
    #[arg(long, value_name = "MODEL")]
    pub(super) model: Option<String>,
    /// The scope: us, global, ca or in-region; not needed if the model is named by a profile
    #[arg(long, value_name = "SCOPE", requires = "model")]
    pub(super) scope: Option<String>,
    /// What the quota counts
    #[arg(long, value_enum, requires = "model")]
    pub(super) kind: Option<QuotaKind>,
    /// Show only the quotas of this account
    #[arg(long, value_name = "ACCOUNT")]
    pub(super) account: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// List all models
    List(ListArgs),
    /// Show everything known about one model, with sources and dates
    Show(ShowArgs),
    /// List every fact by age, oldest first, and where to check it
    Check(CheckFactsArgs),
    /// Write an overlay of the values that differ between saved AWS output and the table
    Update(UpdateArgs),
    /// Check a model table or an overlay
    Validate(ValidateArgs),
}

#[derive(Debug, Args)]
pub(super) struct UpdateArgs {
    /// Saved AWS output: default quotas, inference profiles, foundation models and price lists, in any order
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "print_command")]
    pub(super) from: Vec<PathBuf>,
    /// The date on which the output was saved (YYYY-MM-DD), which the output does not state
    #[arg(long, value_name = "DATE", value_parser = date, required_unless_present = "print_command")]
    pub(super) as_of: Option<FactDate>,
    /// Print the commands that save the output, and the one that reads it
    #[arg(long, conflicts_with_all = ["from", "as_of", "models", "output"])]
    pub(super) print_command: bool,
    #[command(flatten)]
    pub(super) table: TableArgs,
    /// Format of the differences
    #[arg(long, short, value_enum, default_value_t = FormatArg::Table)]
    pub(super) format: FormatArg,
    /// Write the overlay to a file, and the differences to standard output [default: the overlay goes to standard
    /// output, the differences to standard error]
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CheckFactsArgs {
    /// The date to count ages from [default: the date of the model table's newest fact]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) today: Option<FactDate>,
    /// Show only facts older than this many days
    #[arg(long, value_name = "DAYS")]
    pub(super) older_than: Option<u32>,
    #[command(flatten)]
    pub(super) table: TableArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    pub(super) table: TableArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The model, by id, profile id, ARN, name or alias
    #[arg(value_name = "MODEL")]
    pub(super) model: String,
    #[command(flatten)]
    pub(super) table: TableArgs,
    #[command(flatten)]
    pub(super) aliases: AliasesArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    /// The table or overlay; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Diagnostics shown per file; 0 shows all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) max_errors: usize,
}

/// Topics of the guide.
fn topic() -> impl TypedValueParser<Value = &'static Topic> {
    let names = guide::TOPICS.iter().map(|topic| PossibleValue::new(topic.name()).help(topic.title()));
    PossibleValuesParser::new(names).try_map(|name| guide::topic(&name).ok_or("there is no such topic"))
}

/// Documents that have a schema.
fn document() -> impl TypedValueParser<Value = &'static DocumentSchema> {
    let names =
        DOCUMENTS.iter().map(|document| PossibleValue::new(document.name()).help(document.written_by()));
    PossibleValuesParser::new(names)
        .try_map(|name| schema::document(&name).ok_or("there is no such document"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
