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
    after_help = "Exit status: 0 all well, 1 findings (from check, iam lint and request verify alone), 2 usage, input or environment error.\n\n\
    Start with:\n  quotaplan init my-plan\n  quotaplan plan my-plan/workloads.csv --config my-plan/quotaplan.toml\n\n\
    Read on with:\n  quotaplan guide start"
)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a commented starter workloads.csv and quotaplan.toml
    Init(InitArgs),
    /// What to do about every quota the workloads count against
    Plan(PlanArgs),
    /// A gate for pull requests: granted quotas, budgets and policies; exit status 1 where one fails
    Check(CheckArgs),
    /// Plans with something changed, beside the plan as it is; and what still fits
    Whatif(WhatifArgs),
    /// The same traffic in each scope: quota, price, destinations, residency; and the best assignment
    Compare(CompareArgs),
    /// One model's traffic moved to another in stages: both models' quotas at each, and when to ask
    Migrate(MigrateArgs),
    /// A trace replayed: the smallest safe quota, and what a quota would throttle
    Simulate(Box<SimulateArgs>),
    /// The request for increases as a folder: values, AWS's questions answered, evidence, commands
    Request(Box<RequestArgs>),
    /// The calculation of one quota, line by line, back to cells, table rows and AWS sources
    Explain(ExplainArgs),
    /// Applied quotas, from AWS or from what the AWS CLI saved, as granted.toml
    Quotas(QuotasArgs),
    /// IAM and SCP text that lets the calls through, and `iam lint` for what is wrong with a policy
    Iam(IamArgs),
    /// Real token counts, from Bedrock or from saved answers and logs, written into workloads.csv if asked
    Sample(Box<SampleArgs>),
    /// What the model table knows
    #[command(subcommand)]
    Models(ModelsCommand),
    /// A topic of the user's guide, or the list of topics
    Guide(GuideArgs),
    /// The JSON Schema of what a command writes, or the list of schemas
    Schema(SchemaArgs),
    /// A man page of the program or of a command, or all of them in a folder
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
    /// Folder to write into; made if it does not exist, never overwritten
    #[arg(default_value = ".")]
    pub(super) dir: PathBuf,
    /// Write rows of this kind alone, with the reasons for each value
    #[arg(long, value_enum, value_name = "KIND")]
    pub(super) example: Option<Example>,
}

/// Kinds of workload that `init` has rows for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Example {
    /// People who chat with an assistant
    Chat,
    /// Agents that make many calls a task
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
    /// Draw requests for each quota of tokens a minute and replay them: the safe quota beside the required
    #[arg(long)]
    pub(super) simulate: bool,
    /// Minutes to draw for, at the rows' busiest minute
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
    /// The scope: us, global, ca or in-region; not needed where the model is named by a profile
    #[arg(long, value_name = "SCOPE", requires = "model")]
    pub(super) scope: Option<String>,
    /// What the quota counts
    #[arg(long, value_enum, requires = "model")]
    pub(super) kind: Option<QuotaKind>,
    /// Only the quotas of this account
    #[arg(long, value_name = "ACCOUNT")]
    pub(super) account: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum ModelsCommand {
    /// All models
    List(ListArgs),
    /// Everything known of one model, with source and date
    Show(ShowArgs),
    /// The age of every fact, oldest first, and where to read it again
    Check(CheckFactsArgs),
    /// Write an overlay of the values in which AWS's saved answers differ from the table
    Update(UpdateArgs),
    /// Check a model table or an overlay
    Validate(ValidateArgs),
}

#[derive(Debug, Args)]
pub(super) struct UpdateArgs {
    /// Saved answers: default quotas, inference profiles, foundation models, price lists; any mix and order of pages
    #[arg(long, value_name = "FILE", num_args = 1.., required_unless_present = "print_command")]
    pub(super) from: Vec<PathBuf>,
    /// The date of the answers, which carry none (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = date, required_unless_present = "print_command")]
    pub(super) as_of: Option<FactDate>,
    /// Print the commands that save the answers, and the one that reads them
    #[arg(long, conflicts_with_all = ["from", "as_of", "models", "output"])]
    pub(super) print_command: bool,
    #[command(flatten)]
    pub(super) table: TableArgs,
    /// Form of the differences
    #[arg(long, short, value_enum, default_value_t = FormatArg::Table)]
    pub(super) format: FormatArg,
    /// Write the overlay to a file; the differences go to standard output then, else to standard error
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CheckFactsArgs {
    /// The date from which ages are counted [default: the model table's newest fact]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) today: Option<FactDate>,
    /// Only the facts older than this many days
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
