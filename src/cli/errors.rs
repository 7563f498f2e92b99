//! Errors of the commands that are one file each, and of what several commands share. Each sentence stands here
//! once, as standard error shows it; errors about the content of a file are diagnostics and not here.

use std::io;
use std::path::PathBuf;

use crate::aws::CallFault;
use crate::catalog::{Catalog, NamingFault, Residency, Scope, naming_fault};
use crate::engine::ResidencyFault;
use crate::iam::GrantFault;
use crate::report::ListingFault;
use crate::report::words::{Sentence, language};
use crate::saved::commands;
use crate::submission::Refusal;

/// Why a name of the command line leads to no model and scope.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NamingError {
    /// No model has the name. Message and help are those of the diagnostic about such a name in a file.
    #[error("{message}; {help}")]
    NoModel { message: String, help: String },
    /// What is typed as a scope is none.
    #[error("`{written}` is not a scope: write us, global, ca or in-region")]
    NotAScope { written: String },
    /// The scope that is typed is not that of the profile.
    #[error("the scope `{typed}` contradicts `{name}`, which names `{own}`")]
    OtherScope { name: String, typed: Scope, own: Scope },
    /// Neither the name nor the command line states a scope.
    #[error("no scope for `{name}`: add --scope us, global, ca or in-region")]
    NoScope { name: String },
}

impl NamingError {
    /// A name that leads to no model; names that were probably meant are looked for in the catalog.
    pub(in crate::cli) fn no_model(name: &str, fault: &NamingFault, catalog: &Catalog) -> Self {
        let (_, message, help) = naming_fault(name, fault, Some(catalog));
        Self::NoModel { message, help }
    }
}

/// Why a result does not go where it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputPathError {
    /// It would take the place of a file that the run reads, under the same name.
    #[error("the output {} would overwrite an input: name another file", output.display())]
    IsInput { output: PathBuf },
    /// It would take the place of a file that the run reads under another name.
    #[error("the output {} would overwrite an input ({input}): name another file", output.display())]
    IsInputNamed { output: PathBuf, input: String },
    /// It would take the place of the configuration in the working directory.
    #[error("the output {} would overwrite the configuration {}: name another file", output.display(), config.display())]
    IsConfiguration { output: PathBuf, config: PathBuf },
    /// It lies inside a folder whose content is judged.
    #[error("the output {} would become part of the pack: choose another folder", output.display())]
    InsidePack { output: PathBuf },
    /// Another result of the run goes there.
    #[error("two results would be written to {}", path.display())]
    Twice { path: PathBuf },
    /// A file cannot be replaced after others were; those were put back, except the ones listed.
    #[error("cannot write {}: {error}; {}", target.display(), put_back(not_put_back))]
    Undone { target: PathBuf, error: io::Error, not_put_back: Vec<(PathBuf, io::Error)> },
}

/// What became of the files that were replaced before one that could not be.
fn put_back(not_put_back: &[(PathBuf, io::Error)]) -> String {
    if not_put_back.is_empty() {
        return "the other files are unchanged".to_owned();
    }
    let each = not_put_back.iter().map(|(path, error)| {
        format!("{} holds the new result and could not be put back: {error}", path.display())
    });
    each.collect::<Vec<_>>().join("; ")
}

/// Why AWS cannot be called, or what it answered instead of a result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LiveError {
    /// The connection cannot be prepared.
    #[cfg(feature = "aws")]
    #[error("`{command}` cannot call AWS: {error}")]
    NotStarted { command: &'static str, error: io::Error },
    /// The program was built without the feature `aws`.
    #[cfg(not(feature = "aws"))]
    #[error(
        "`{command}` calls AWS, but this build does not have the feature `aws`: install it with `cargo install \
         --path . --features aws`, or {otherwise}"
    )]
    LeftOut { command: &'static str, otherwise: &'static str },
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallFault),
}

/// Why something that cannot be taken back is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfirmError {
    /// There is nobody to ask.
    #[error("there is no terminal to ask at: add --yes to confirm")]
    NoTerminal,
    /// The answer is no.
    #[error("nothing was sent")]
    Declined,
}

/// Why increases are not handed to Service Quotas.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubmitError {
    /// There is nobody to ask.
    #[error("there is no terminal to ask at: add --yes to send without being asked; nothing was sent")]
    NoTerminal,
    /// The answer is not yes.
    #[error("not confirmed: nothing was sent")]
    NotConfirmed,
    /// The answer cannot be read.
    #[error("the answer cannot be read: {0}; nothing was sent")]
    Answer(io::Error),
    /// The increases cannot be asked for, or what stands in the account cannot be read.
    #[error("{0}; nothing was sent")]
    Refused(Refusal),
    /// The credentials lead to another account.
    #[error(
        "the credentials belong to account {other}, but the pack is for {account}: choose another profile \
         (AWS_PROFILE); nothing was sent"
    )]
    OtherAccount { account: String, other: String },
}

/// Why `check` does not write its results.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    /// Nothing is left for the file of `--output`.
    #[error("--output {} is not needed: every --format has its own file", output.display())]
    NothingForOutput { output: PathBuf },
    /// Two forms without a file.
    #[error(
        "two formats would go to the same place: give all but one a file, for example --format sarif=out.sarif"
    )]
    TwoWithoutFile,
    /// Two forms with the same file.
    #[error("two formats would be written to {}: give each --format its own file", file.display())]
    TwoForFile { file: PathBuf },
}

/// Why `compare` compares nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompareError {
    /// No row has the workload; `meant` is the nearest name there is.
    #[error("no row has the workload `{name}` in the column `workload`{}", suggestion(meant.as_deref()))]
    NoWorkload { name: String, meant: Option<String> },
}

/// What was probably meant, to stand behind a sentence.
pub(in crate::cli) fn suggestion(meant: Option<&str>) -> String {
    meant.map(|name| format!(": did you mean `{name}`?")).unwrap_or_default()
}

/// Why `explain` explains nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExplainError {
    /// No row counts against the quota; `codes` are those of the plan.
    #[error(
        "no row of the workloads counts against that quota; the quotas of this plan are {}",
        codes.join(", ")
    )]
    NoQuota { codes: Vec<String> },
}

/// Why `iam` writes no document, or judges none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IamError {
    /// A model for a document that takes none.
    #[error("scp-deny-global applies to every model: remove --model and --workloads")]
    NoModelTaken,
    /// No model for a document that needs one.
    #[error("no model: add --model MODEL --scope SCOPE, or --workloads FILE")]
    NoModel,
    /// The scope breaks the configured residency, or may break it.
    #[error(
        "{name} must stay in `{}` (`[policy] residency`), and {}; {}",
        rule.map_or("any", Residency::as_str),
        language().residency_fault(fault).message,
        language().residency_fault(fault).help
    )]
    Residency { name: String, rule: Option<Residency>, fault: ResidencyFault },
    /// Nothing can be allowed for the model in the scope.
    #[error("{}", {
        let Sentence { message, help } = language().grant_fault(fault, model, *scope);
        format!("{message}; {help}")
    })]
    Grant { model: String, scope: Scope, fault: GrantFault },
    /// The scope of the model's own name is none of those asked for.
    #[error("`{name}` names the scope `{own}`, which --scope leaves out")]
    ScopeLeftOut { name: String, own: Scope },
}

/// Why `init` writes nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InitError {
    /// Files that are there already.
    #[error(
        "{} {} not overwritten; name another folder",
        files.join(" and "),
        if files.len() == 1 { "exists and is" } else { "exist and are" }
    )]
    Exists { files: Vec<String> },
}

/// Why `quotas` looks nothing up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QuotasError {
    /// Differences have no form in TOML.
    #[error("--diff cannot be written as TOML: choose --format table, json, csv or markdown")]
    DiffAsToml,
    /// The answers hold no applied quota.
    #[error(
        "the files contain only AWS's defaults, which may be higher than your applied quotas: add the output of \
         `{}`, or show the defaults with --format table",
        commands::list_applied()
    )]
    DefaultsAlone,
    /// AWS's lists contradict themselves.
    #[error(transparent)]
    Listing(#[from] ListingFault),
    /// Today is not known.
    #[error("the system clock has no valid date: add --today")]
    NoClock,
}

/// Why `whatif` answers nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WhatifError {
    /// No row counts against the quota asked about; `codes` are those of the plan.
    #[error(
        "no row of the workloads counts against that quota; the quotas of this plan are {}",
        codes.join(", ")
    )]
    NoQuota { codes: Vec<String> },
    /// There is no limit to hold a question against; `code` is the quota asked about, where one was named.
    #[error(
        "no applied value is given for the quota{} in question: add it to [granted], or use AWS's defaults with \
         --assume-defaults",
        code.as_ref().map(|code| format!(" {code}")).unwrap_or_default()
    )]
    NoLimit { code: Option<String> },
    /// Nothing is asked.
    #[error(
        "there is nothing to plan: add --set, --scenario, --solve or --sensitivity, or write [[scenario]] tables \
         into quotaplan.toml"
    )]
    NothingAsked,
    /// A scenario of the configuration has a name that the result uses.
    #[error("a scenario cannot be named `{name}`, because the result uses this name: choose another one")]
    NameTaken { name: String },
    /// `runway` as a part of a scenario.
    #[error(
        "`runway` is about the current plan and cannot be joined with `+`: name it in a --scenario of its own"
    )]
    JoinedRunway,
    /// No scenario has the name; `meant` is the nearest of `known`.
    #[error(
        "no scenario is named `{name}`{}",
        meant.as_ref().map_or_else(
            || format!(": the scenarios are {}", known.join(", ")),
            |meant| suggestion(Some(meant))
        )
    )]
    NoScenario { name: String, meant: Option<String>, known: Vec<String> },
}

/// Why there is no man page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ManError {
    /// A word that names no command.
    #[error(
        "`{command}` has no command `{word}`{}",
        meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
    )]
    NoCommand { command: String, word: String, meant: Option<String> },
}
