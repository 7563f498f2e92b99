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

use super::args::{DetailArgs, MakeArgs, RequestArgs, RequestCommand};
use super::submit::Submission;
use super::{CliError, Exit, Session, output};
use crate::engine::Refusal;
use crate::render;
use crate::report::{self, RequestReport, RequestScreen};
use crate::text::Diagnostics;
pub(super) use error::RequestError;
use loaded::{Typed, load};

pub(super) fn run(args: RequestArgs, session: &Session<'_>) -> Result<Exit, CliError> {
    match (args.command, args.input, args.make) {
        (Some(RequestCommand::Verify(args)), ..) => verify::run(&args, session),
        (Some(RequestCommand::Submit(args)), ..) => {
            let submission = Submission::open(session, args.yes, args.again)?;
            let verified = verify::as_made(session, &args.dir)?;
            refuse_gaps(verified.missing_answers, args.with_gaps)?;
            let bytes_of =
                |path: &str| verified.found.iter().find(|file| file.path == path)?.held().map(<[u8]>::to_vec);
            submit::of_pack(&submission, &args.dir, &bytes_of)
        }
        (Some(RequestCommand::Status(args)), ..) => status::run(&args, session).map(|()| Exit::Success),
        (None, Some(input), Some(make)) => make_pack(session, Typed { input, make }),
        (None, ..) => Err(RequestError::NoWorkloads.into()),
    }
}

/// Writes a pack and hands its increases over where that was asked for.
fn make_pack(session: &Session<'_>, mut args: Typed) -> Result<Exit, CliError> {
    let typed = args.input.as_typed() + &args.make.as_typed();
    // A pack is of the day on which it is made.
    args.input.today = Some(args.input.today.or_else(|| session.day()).ok_or(RequestError::NoClock)?);
    if let Some((needed_by, today)) = args.make.needed_by.zip(args.input.today)
        && needed_by.day() < today.day()
    {
        return Err(RequestError::NeededInThePast { needed_by, today }.into());
    }
    let MakeArgs { out, submit, yes, again, with_gaps, .. } = &args.make;
    // What keeps it from being sent is said before anything is written.
    let submission = submit.then(|| Submission::open(session, *yes, *again)).transpose()?;
    let written = write_pack(session, &args, &typed)?;
    let bytes_of = |path: &str| written.kept.get(path).cloned();
    submission.map_or(Ok(Exit::Success), |submission| {
        refuse_gaps(written.missing_answers, *with_gaps)?;
        submit::of_pack(&submission, out, &bytes_of)
    })
}

/// Refuses to send a pack in which answers are missing, unless a person accepts that.
fn refuse_gaps(missing: usize, with_gaps: bool) -> Result<(), RequestError> {
    if missing > 0 && !with_gaps { Err(RequestError::Incomplete { missing }) } else { Ok(()) }
}

/// A pack that was written.
struct Written {
    /// The bytes that an increase is sent from, by path.
    kept: BTreeMap<String, Vec<u8>>,
    missing_answers: usize,
}

/// Writes the pack and shows what it holds; `typed` are the words that make it again.
fn write_pack(session: &Session<'_>, args: &Typed, typed: &str) -> Result<Written, CliError> {
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
    loaded.with(|requesting| {
        refuse(requesting)?;
        let (files, kept) = staging::write(session, out, requesting, &loaded.arguments)?;
        let dir = out.display().to_string();
        show(session, requesting, &RequestScreen { dir: &dir, files, typed }, args.make.detail)?;
        Ok(Written { kept, missing_answers: report::missing_answers(requesting) })
    })
}

/// Shows what a pack that was written holds.
fn show(
    session: &Session<'_>,
    requesting: &RequestReport<'_>,
    screen: &RequestScreen<'_>,
    detail: DetailArgs,
) -> Result<(), CliError> {
    let view = output::stdout_view(session).with_detail(detail.meant());
    let mut text = Vec::new();
    let blocks = report::request_screen(requesting, screen, view.detail);
    render::write_text(&blocks, view, &mut text).map_err(render::RenderError::from)?;
    output::stdout(session, &text)
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
