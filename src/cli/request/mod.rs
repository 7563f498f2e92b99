//! `quotaplan request`: loads what a pack is made from, and writes it whole or not at all.

mod error;
mod evidence;
mod folder;
mod loaded;
mod staging;
mod status;
mod submit;
mod verify;

use std::collections::BTreeMap;

use super::args::{MakeArgs, RequestArgs, RequestCommand};
use super::submit::Submission;
use super::{CliError, Exit, Session, output};
use crate::engine::Refusal;
use crate::report::{self, RequestReport};
use crate::text::{Diagnostics, plain};
pub(super) use error::RequestError;
use loaded::{Typed, load};

pub(super) fn run(args: RequestArgs, session: &Session<'_>) -> Result<Exit, CliError> {
    match (args.command, args.input, args.make) {
        (Some(RequestCommand::Verify(args)), ..) => verify::run(&args, session),
        (Some(RequestCommand::Submit(args)), ..) => {
            let submission = Submission::open(session, args.yes, args.again)?;
            let found = verify::as_made(session, &args.dir)?;
            let bytes_of =
                |path: &str| found.iter().find(|file| file.path == path)?.held().map(<[u8]>::to_vec);
            submit::of_pack(&submission, &args.dir, &bytes_of)
        }
        (Some(RequestCommand::Status(args)), ..) => status::run(&args, session).map(|()| Exit::Success),
        (None, Some(input), Some(make)) => make_pack(session, &Typed { input, make }),
        (None, ..) => Err(RequestError::NoWorkloads.into()),
    }
}

/// Writes a pack and hands its increases over where that was asked for.
fn make_pack(session: &Session<'_>, args: &Typed) -> Result<Exit, CliError> {
    let MakeArgs { out, submit, yes, again, .. } = &args.make;
    // What keeps it from being sent is said before anything is written.
    let submission = submit.then(|| Submission::open(session, *yes, *again)).transpose()?;
    let kept = write_pack(session, args)?;
    let bytes_of = |path: &str| kept.get(path).cloned();
    submission.map_or(Ok(Exit::Success), |submission| submit::of_pack(&submission, out, &bytes_of))
}

/// Writes the pack and gives what an increase is sent from.
fn write_pack(session: &Session<'_>, args: &Typed) -> Result<BTreeMap<String, Vec<u8>>, CliError> {
    let out = &args.make.out;
    if session.at(out).symlink_metadata().is_ok() {
        return Err(RequestError::Exists { out: out.clone(), submit: args.make.submit }.into());
    }
    let maximum = args.input.diagnostics.max_errors;
    let mut diagnostics = Diagnostics::new();
    let mut loaded = match load(args, session.sources().keeping_originals(), &mut diagnostics) {
        Ok(loaded) => loaded,
        Err(fault) => {
            let (sources, error) = *fault;
            output::diagnostics(session, diagnostics, &sources, maximum);
            return Err(error.map_or(CliError::Inputs, CliError::from));
        }
    };
    output::diagnostics(session, diagnostics, &loaded.inputs.sources, maximum);
    loaded.name_as_in_pack();
    let (files, kept, summary, open) = loaded.with(|requesting| {
        refuse(requesting)?;
        let (files, kept) = staging::write(session, out, requesting, &loaded.arguments)?;
        let summary = report::request_summary(requesting);
        Ok::<_, CliError>((files, kept, summary, report::undecided_count(requesting)))
    })?;
    let place = out.display().to_string();
    let open = match open {
        0 => String::new(),
        1 => "; 1 quota is undecided and not in it".to_owned(),
        open => format!("; {open} quotas are undecided and not in it"),
    };
    let text = format!("{summary}\nwrote {} ({files} files){open}\n", plain::one_line(&place));
    output::stdout(session, plain::message(&text).as_bytes())?;
    Ok(kept)
}

/// Ends where there is nothing to ask Service Quotas or Support for, as far as that is decided.
fn refuse(requesting: &RequestReport<'_>) -> Result<(), CliError> {
    let catalog = requesting.input.catalog;
    let refusals = || requesting.asks.iter().filter_map(|ask| Some((ask.quota, ask.outcome.as_ref().err()?)));
    // The estimate over all models rests on the same traffic, so it alone is no reason to send a pack while
    // nobody has chosen what to do about its reservations.
    let undecided = refusals().any(|(_, refusal)| matches!(refusal, Refusal::Undecided { .. }));
    if report::asks_aws_for_anything(requesting)
        || (!undecided && report::has_matters_for_support_alone(requesting))
    {
        return Ok(());
    }
    let first = if refusals().any(|(_, refusal)| refusal.is_undecided()) {
        RequestError::NothingDecided
    } else {
        RequestError::NothingToAskFor
    };
    let others = refusals().filter_map(|(quota, refusal)| {
        let quota = requesting.plan.quotas.get(quota)?.title(catalog);
        Some(RequestError::Refused { quota, refusal: Box::new(refusal.clone()) })
    });
    Err(CliError::several(std::iter::once(first).chain(others)))
}
