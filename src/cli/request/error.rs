//! Errors of `request` and its subcommands. What differs in a pack is a diagnostic and not here.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::LEAD_DAYS_MAXIMUM;
use crate::config::MONTHS_MAXIMUM;
use crate::engine::Refusal;
use crate::pack::{self, SIZE_MAXIMUM};
use crate::report::words::language;
use crate::text::FactDate;

/// Why no pack is made, judged or sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    /// The day of the pack is not known.
    #[error("the system's clock has no date: add --today")]
    NoClock,
    /// The increase would be needed on a day that has passed.
    #[error("--needed-by {needed_by} is before the day of the pack, {today}: name a later day")]
    NeededInThePast { needed_by: FactDate, today: FactDate },
    /// Answers are missing in a pack that is to be sent.
    #[error(
        "{} that AWS asks for {}: fill in what request.md lists and make the pack again, or send it anyway with \
         --with-gaps; nothing was sent",
        if *missing == 1 { "an answer".to_owned() } else { format!("{missing} answers") },
        if *missing == 1 { "is missing" } else { "are missing" }
    )]
    Incomplete { missing: usize },
    /// Nothing to make a pack from.
    #[error("no workloads are given: run quotaplan request WORKLOADS.csv --out DIR")]
    NoWorkloads,
    /// The folder is there already.
    #[error("{} exists and is not overwritten: name a new folder, or delete this one{}", out.display(), sending(out, *submit))]
    Exists { out: PathBuf, submit: bool },
    /// No row has the account; `unnamed` says whether some rows have none.
    #[error(
        "no row has the account `{name}`; the accounts are {}{}",
        if accounts.is_empty() { "none".to_owned() } else { accounts.join(", ") },
        where_unnamed(*unnamed)
    )]
    NoAccount { name: String, accounts: Vec<String>, unnamed: bool },
    /// The rows have several accounts, and none was named.
    #[error(
        "a pack is for one account: add --account NAME; the accounts are {}{}",
        accounts.join(", "),
        where_unnamed(*unnamed)
    )]
    SeveralAccounts { accounts: Vec<String>, unnamed: bool },
    /// Every quota that could be asked for needs a decision first.
    #[error("every quota to ask for still needs a decision, so no pack was written")]
    NothingDecided,
    /// No quota is to be asked for.
    #[error("there is nothing to ask for, so no pack was written")]
    NothingToAskFor,
    /// Why one quota is not asked for.
    #[error("{quota}: {}; {}", language().refusal(refusal).message, language().refusal(refusal).help)]
    Refused { quota: String, refusal: Box<Refusal> },
    /// The pack is larger than what can be verified.
    #[error(
        "the pack would be larger than {} MiB, the limit of `request verify`: split the workloads, or give the \
         minutes of fewer models with --evidence",
        SIZE_MAXIMUM >> 20
    )]
    TooLarge,
    /// There is no folder of a pack.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Something in the folder of the pack cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    /// A folder with too many files for a pack.
    #[error(
        "{} is not a request pack, because it has more than {most} files: name the folder that `quotaplan request \
         WORKLOADS.csv --out DIR` wrote",
        dir.display()
    )]
    TooManyFiles { dir: PathBuf, most: usize },
    /// A folder without the arguments of a pack.
    #[error("{} is not a request pack: it has no {}", dir.display(), pack::inputs::ARGUMENTS)]
    NotAPack { dir: PathBuf },
    /// A file of the pack cannot be read again; the error names it.
    #[error(transparent)]
    Reread(io::Error),
    /// The pack is not what its inputs give.
    #[error("{} does not match its inputs: make the pack again; nothing was sent", dir.display())]
    Differs { dir: PathBuf },
    /// The increases of the pack cannot be read.
    #[error("{}: {fault}; nothing was sent", path.display())]
    Increases { path: PathBuf, fault: IncreasesFault },
}

/// How an existing pack is sent, where sending was asked for.
fn sending(out: &Path, submit: bool) -> String {
    if submit { format!(", or `quotaplan request submit {}`", out.display()) } else { String::new() }
}

/// Where rows without an account get one from.
fn where_unnamed(unnamed: bool) -> &'static str {
    if unnamed { "; rows without one get it from `account` in quotaplan.toml" } else { "" }
}

/// Why there is no folder of a pack at a path.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// A symbolic link to nothing.
    #[error("{}: the link is broken", dir.display())]
    LeadsToNothing { dir: PathBuf },
    /// Nothing is there.
    #[error("{}: there is no such folder", dir.display())]
    Missing { dir: PathBuf },
    /// A file is there.
    #[error("{} is a file, not the folder of a pack", dir.display())]
    IsFile { dir: PathBuf },
    /// Something else is there.
    #[error("{} is not the folder of a pack", dir.display())]
    IsOther { dir: PathBuf },
    /// It may not be read.
    #[error("{}: there is no permission to read the folder", dir.display())]
    Forbidden { dir: PathBuf },
}

/// What is wrong with the increases of a pack.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IncreasesFault {
    /// Their file is not in the pack.
    #[error("there is no such file")]
    Missing,
    /// Their file is not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// Their file is not the JSON of a pack.
    #[error("{0}")]
    Json(serde_json::Error),
    /// An increase for another service.
    #[error("{code} belongs to the service `{service}`, not to `bedrock`")]
    OtherService { code: String, service: String },
    /// A value that is too large.
    #[error("{code}: {value} is above 10^18")]
    TooLarge { code: String, value: u64 },
}

/// What in the arguments of a pack could not have been typed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArgumentsFault {
    /// Two decisions about max_tokens.
    #[error("it both lowers max_tokens and keeps it")]
    MaxTokens,
    /// More lead days than the command line takes.
    #[error("lead_days is above {LEAD_DAYS_MAXIMUM}")]
    LeadDays,
    /// More months than the command line takes.
    #[error("{months} months are more than {MONTHS_MAXIMUM}")]
    Months { months: u32 },
    /// Not a date.
    #[error("`{written}` is not a date")]
    Date { written: String },
    /// Not the twelve digits of an account.
    #[error("not an account id")]
    AccountId,
    /// Not a delimiter.
    #[error("`{written}` is not a delimiter")]
    Delimiter { written: char },
    /// Not a decimal mark.
    #[error("`{written}` is not a decimal mark")]
    Decimal { written: String },
    /// A number that the command line does not take, for the reason that the command line gives.
    #[error("`{written}`: {reason}")]
    Number { written: String, reason: String },
}
