//! What can be typed behind `request`.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Subcommand};

use crate::catalog::Scope;
use crate::cli::args::{
    DetailArgs, InputArgs, OutputArgs, RequestStatusArgs, account_id, date, lead_days, ratio,
};
use crate::iam::Account;
use crate::text::FactDate;
use crate::text::plain::shell_word;
use crate::text::stdin::input_name;
use crate::units::{MILLIONTHS, Ratio};

/// A pack states the day on which it was made; other plans do not depend on the clock.
const TODAY: &str =
    "The date of the pack, for retirements, ages and stages; the pack records it [default: today in UTC]";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(mut_arg("today", |today| today.help(TODAY)))]
pub(in crate::cli) struct RequestArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: Option<RequestCommand>,
    #[command(flatten)]
    pub(in crate::cli) input: Option<InputArgs>,
    #[command(flatten)]
    pub(in crate::cli) make: Option<MakeArgs>,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RequestCommand {
    /// Rebuild every file of a pack from its inputs and compare; exits with status 1 if any differs
    Verify(VerifyArgs),
    /// Send the requests of a pack to AWS, or resume an interrupted run
    Submit(SubmitArgs),
    /// Show the status and the Support case of each request of a pack; AWS's decision is not included
    Status(RequestStatusArgs),
}

// The group names the one argument that is always there, since another struct is flattened into this one.
#[derive(Debug, Args)]
#[group(args = ["out"])]
pub(in crate::cli) struct MakeArgs {
    /// New folder to write the pack to; it is written completely or not at all
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    /// The account to ask for, by its name in the rows; needed if the rows have several
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) account: Option<String>,
    /// The twelve-digit account ID, for the Support case and the IAM documents; nothing is sent to any other
    /// account
    #[arg(long, value_name = "ID", value_parser = account_id)]
    pub(in crate::cli) account_id: Option<Account>,
    /// If reservations inflate the requirement, ask for what is enough with a lower max_tokens
    #[arg(long, conflicts_with = "with_reservations")]
    pub(in crate::cli) accept_max_tokens: bool,
    /// If reservations inflate the requirement, ask for all of it, for this reason
    #[arg(long, value_name = "REASON", value_parser = reason)]
    pub(in crate::cli) with_reservations: Option<String>,
    /// Also ask for models whose burndown rate is not known, at the worst case
    #[arg(long)]
    pub(in crate::cli) accept_unknown: bool,
    /// Also ask for quotas whose scope breaks the rows' residency, or may break it
    #[arg(long)]
    pub(in crate::cli) accept_residency: bool,
    /// Ask Service Quotas for requests per minute too, not only in the Support case
    #[arg(long)]
    pub(in crate::cli) also_rpm: bool,
    /// Tell AWS not to open a Support case; what it does not grant automatically is then not approved
    #[arg(long)]
    pub(in crate::cli) no_support_case: bool,
    /// Measured usage, of which the last 14 days count: per-minute tables, or the output of get-metric-data. For
    /// get-metric-statistics, name the model: haiku-4.5/us=FILE. Put the workloads before this option
    #[arg(long, value_name = "FILE", num_args = 1.., value_parser = PathBufValueParser::new().map(EvidenceArg::new))]
    pub(in crate::cli) evidence: Vec<EvidenceArg>,
    /// Also offer AWS each increase in stages, each at most twice the value before it; dates count from --today
    #[arg(long)]
    pub(in crate::cli) stages: bool,
    /// Largest stage, as a multiple of the value before it, 1.1 to 2 [default: 2]
    #[arg(long, value_name = "FACTOR", requires = "stages", value_parser = stage_factor)]
    pub(in crate::cli) stage_factor: Option<Ratio>,
    /// Share of a stage that must be in use before the next one is asked for [default: 0.5]
    #[arg(long, value_name = "RATIO", requires = "stages", value_parser = stage_use)]
    pub(in crate::cli) stage_use: Option<Ratio>,
    /// Days from asking for an increase to having it [default: 14]
    #[arg(long, value_name = "DAYS", requires = "stages", value_parser = lead_days())]
    pub(in crate::cli) lead_days: Option<u32>,
    /// The date by which you need the increases; with --stages, the last of them
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(in crate::cli) needed_by: Option<FactDate>,
    /// Send the requests to AWS as well; shows them and asks for confirmation first
    #[arg(long)]
    pub(in crate::cli) submit: bool,
    /// With --submit: send without asking for confirmation
    #[arg(long, requires = "submit")]
    pub(in crate::cli) yes: bool,
    /// With --submit: ask AWS again for what it refused or closed before
    #[arg(long, requires = "submit")]
    pub(in crate::cli) again: bool,
    /// With --submit: send even if answers that AWS asks for are missing
    #[arg(long, requires = "submit")]
    pub(in crate::cli) with_gaps: bool,
    #[command(flatten)]
    pub(in crate::cli) detail: DetailArgs,
}

impl MakeArgs {
    /// The options that decide what a pack holds, as words of another command; the folder and what is sent are not
    /// among them.
    pub(in crate::cli) fn as_typed(&self) -> String {
        // Every field stands here, so that a new option cannot be forgotten.
        let Self {
            out: _,
            account,
            account_id,
            accept_max_tokens,
            with_reservations,
            accept_unknown,
            accept_residency,
            also_rpm,
            no_support_case,
            evidence,
            stages,
            stage_factor,
            stage_use,
            lead_days,
            needed_by,
            submit: _,
            yes: _,
            again: _,
            with_gaps: _,
            detail: _,
        } = self;
        let mut words = Vec::new();
        let mut option = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!(" --{name} {value}")));
        };
        option("account", account.as_deref().map(shell_word));
        option("account-id", account_id.as_ref().map(|id| id.as_str().to_owned()));
        option("with-reservations", with_reservations.as_deref().map(shell_word));
        option("stage-factor", stage_factor.map(Ratio::written));
        option("stage-use", stage_use.map(Ratio::written));
        option("lead-days", lead_days.map(|days| days.to_string()));
        option("needed-by", needed_by.map(|date| date.to_string()));
        let evidence: Vec<String> = evidence.iter().map(EvidenceArg::as_typed).collect();
        option("evidence", (!evidence.is_empty()).then(|| evidence.join(" ")));
        let flags = [
            ("accept-max-tokens", *accept_max_tokens),
            ("accept-unknown", *accept_unknown),
            ("accept-residency", *accept_residency),
            ("also-rpm", *also_rpm),
            ("no-support-case", *no_support_case),
            ("stages", *stages),
        ];
        words.extend(flags.into_iter().filter(|(_, typed)| *typed).map(|(name, _)| format!(" --{name}")));
        words.concat()
    }
}

/// A file of measured use, with what it is of where that stands before it.
#[derive(Debug, Clone)]
pub(in crate::cli) struct EvidenceArg {
    /// A model and scope, such as `haiku-4.5/us`.
    pub(in crate::cli) of: Option<String>,
    pub(in crate::cli) path: PathBuf,
}

impl EvidenceArg {
    fn new(typed: PathBuf) -> Self {
        let split = typed.to_str().and_then(|text| text.split_once('='));
        match split {
            Some((of, path)) if !path.is_empty() && names_scope(of) => {
                Self { of: Some(of.to_owned()), path: path.into() }
            }
            _ => Self { of: None, path: typed },
        }
    }

    /// The file as a word of a command.
    fn as_typed(&self) -> String {
        let path = input_name(&self.path);
        match &self.of {
            Some(of) => shell_word(&format!("{of}={path}")),
            None => shell_word(&path),
        }
    }
}

/// Whether what stands before `=` is a model with its scope, and not a part of a path such as `day=2026-11-22`.
fn names_scope(text: &str) -> bool {
    let is_scope = |word: &str| word.to_ascii_lowercase().parse::<Scope>().is_ok();
    let is_profile = !text.contains('/')
        && text.split_once('.').is_some_and(|(scope, id)| is_scope(scope) && id.contains('.'));
    is_profile || text.starts_with("arn:") || text.rsplit_once('/').is_some_and(|(_, scope)| is_scope(scope))
}

#[derive(Debug, Args)]
#[command(after_help = "IAM actions: servicequotas:GetServiceQuota, GetAWSDefaultServiceQuota, \
                        ListRequestedServiceQuotaChangeHistoryByQuota and RequestServiceQuotaIncrease; the first \
                        time, also iam:CreateServiceLinkedRole")]
pub(in crate::cli) struct SubmitArgs {
    /// The pack's folder
    #[arg(value_name = "DIR")]
    pub(in crate::cli) dir: PathBuf,
    /// Send without asking for confirmation
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    /// Ask AWS again for what it refused or closed before
    #[arg(long)]
    pub(in crate::cli) again: bool,
    /// Send even if answers that AWS asks for are missing
    #[arg(long)]
    pub(in crate::cli) with_gaps: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct VerifyArgs {
    /// The pack's folder
    #[arg(value_name = "DIR")]
    pub(in crate::cli) dir: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) output: OutputArgs,
}

fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("say why max_tokens stays as it is".to_owned())
    } else {
        Ok(text.trim().to_owned())
    }
}

pub(in crate::cli) fn stage_factor(text: &str) -> Result<Ratio, String> {
    let factor = ratio(text)?;
    // Below a tenth more a stage is no stage, and there would be hundreds.
    if (MILLIONTHS + MILLIONTHS / 10..=2 * MILLIONTHS).contains(&factor.millionths()) {
        Ok(factor)
    } else {
        Err("it must be at least 1.1 and at most 2".to_owned())
    }
}

pub(in crate::cli) fn stage_use(text: &str) -> Result<Ratio, String> {
    let used = ratio(text)?;
    if (1..=MILLIONTHS).contains(&used.millionths()) {
        Ok(used)
    } else {
        Err("it must be above 0 and at most 1".to_owned())
    }
}
