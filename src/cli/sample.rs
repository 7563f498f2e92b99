//! `quotaplan sample`: what prompts use, from live calls or from saved answers.

mod command;
mod logged;
mod send;
mod update;

use std::path::Path;

use jiff::{Timestamp, Unit};

use super::args::SampleArgs;
use super::inputs::{load_catalog, load_config, named_model};
use super::staged::StagedFiles;
use super::{CliError, Session, output};
use crate::answers::CallUsage;
use crate::catalog::{Catalog, REGION, Scope};
use crate::config::Config;
use crate::iam::application_profile;
use crate::report::{MetricWindow, Rating, Sampled};
use crate::sampling::{
    self, COUNT_TOKENS_AS_OF, COUNT_TOKENS_REGIONS, Call, Measurement, MeasurementFault, Outcome, Prompt,
    Reply, Statistics, Target,
};
use crate::saved::{self, Saved};
use crate::stream::{InputPath, Inputs, load_file, load_file_of, record};
use crate::text::stdin::is_stdin;
use crate::text::tree::Fact;
use crate::text::{Diagnostics, FileId, InputKind, Sources};
use crate::trace;
use crate::workload::Column;

pub(super) fn run(args: &SampleArgs, session: &Session<'_>) -> Result<(), CliError> {
    if args.prompts.is_none() && args.from.is_empty() && !args.measure_rate {
        return Err(CliError::Message(
            "nothing to sample: name a file of prompts, or saved answers with --from".to_owned(),
        ));
    }
    if args.update.as_deref().is_some_and(is_stdin) {
        let message = "--update changes a file, which `-` is not: name the file";
        return Err(CliError::Message(message.to_owned()));
    }
    let mut sources = session.sources();
    let mut diagnostics = Diagnostics::new();
    // Known before `--update` is read, which may be none of them.
    let inputs = Inputs::of(&args.from, trace::skipped_in_folders, &sources, &mut diagnostics);
    inputs.report_folders(&mut diagnostics);
    let paths = inputs.list().iter().map(InputPath::path);
    paths.chain(args.prompts.as_deref()).for_each(|path| record(path, &mut sources));
    let loaded = load(args, &mut sources, &mut diagnostics);
    let Some((catalog, config)) = loaded.filter(|_| !diagnostics.has_errors()) else {
        return Err(refused(diagnostics, &sources, args, session));
    };
    let (index, scope) =
        named_model(&args.model, args.scope, &catalog, &config).map_err(CliError::Message)?;
    let target = target(args, &catalog, index, scope)?;
    if args.from.is_empty() {
        send::can_count(args, &target, session)?;
    }
    let row = match &args.update {
        Some(path) => update::open(
            path,
            args,
            (&catalog, index, scope),
            &config,
            &mut sources,
            &mut diagnostics,
            session,
        )?,
        None => None,
    };
    let mut logs = logged::Logs::new(&config, (index, scope), application_profile(&args.model));
    let mut answers = Vec::new();
    for input in inputs.list() {
        answers.extend(saved(input.path(), &catalog, &mut logs, &mut sources, &mut diagnostics));
    }
    let prompts = match &args.prompts {
        Some(path) => prompts(path, &target, &mut sources, &mut diagnostics),
        None if args.from.is_empty() => vec![Prompt::Spoken(sampling::long_answer())],
        None => Vec::new(),
    };
    if diagnostics.has_errors() || (args.update.is_some() && row.is_none()) {
        return Err(refused(diagnostics, &sources, args, session));
    }
    output::diagnostics(session, diagnostics, &sources, args.max_errors);
    let calls = sampling::calls(&target, &prompts, args.max_tokens, args.count_only);
    if args.measure_rate {
        measurable(&target, &calls, args)?;
    }
    if args.print_command {
        return command::print(args, &target, &calls, &sources, session);
    }
    if let Some(folder) = &args.write_inputs {
        return command::write_inputs(folder, &calls, session);
    }
    probe(args, row.as_ref(), &sources)?;
    let asked = match application_profile(&args.model) {
        Some(profile) => format!("{} {scope} through {profile}", target.model.name),
        None => format!("{} {scope}", target.model.name),
    };
    let (outcome, ran) = if args.from.is_empty() {
        let region = region(args)?;
        send::send(args, &target, &calls, region, session)?
    } else {
        (logs.judge(&answers, &asked).and_then(|()| read(answers, args))?, None)
    };
    if args.measure_rate {
        return measured(args, &target, (&outcome, ran), &sources, session);
    }
    let statistics = statistics(&outcome)?;
    let sampled = Sampled {
        target: &target,
        statistics: &statistics,
        throttled: outcome.throttled,
        failed: outcome.failed + outcome.unsent,
        logs: logs.found(),
    };
    if statistics.cut() > 0 {
        say(
            session,
            &format!(
                "warning: {} of {} answers were cut at max_tokens: the mean output is too low",
                statistics.cut(),
                statistics.answers
            ),
        );
    }
    let mut cells = statistics.cells();
    if statistics.cut() > 0 && row.is_some() {
        cells.retain(|(column, _)| !matches!(column, Column::OutputTokens | Column::OutputTokensP95));
        say(session, "note: output_tokens and its p95 are not written, since answers were cut");
    }
    if let Some(row) = row
        && let Err(fault) = row.write(&cells, &catalog, &mut sources, args.max_errors, session)
    {
        // What was paid for is told all the same.
        if ran.is_some() {
            output::write(session, &sampled, &args.output, &sources)?;
        }
        return Err(fault);
    }
    output::write(session, &sampled, &args.output, &sources)
}

/// Whether what is to be written can be, before anything is paid for.
fn probe(args: &SampleArgs, row: Option<&update::Row>, sources: &Sources) -> Result<(), CliError> {
    if let Some(path) = &args.output.output
        && !output::is_stdout(path)
    {
        StagedFiles::new().add(path, b"", sources)?;
    }
    row.map_or(Ok(()), |row| row.probe(sources))
}

/// Says something on standard error, on one line.
fn say(session: &Session<'_>, text: &str) {
    output::remark(session, text);
}

fn refused(
    diagnostics: Diagnostics,
    sources: &Sources,
    args: &SampleArgs,
    session: &Session<'_>,
) -> CliError {
    output::diagnostics(session, diagnostics, sources, args.max_errors);
    CliError::Inputs
}

fn load(
    args: &SampleArgs,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<(Catalog, Config)> {
    let config = load_config(args.config.as_ref(), sources, diagnostics);
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(args.models.as_ref(), sources, &mut of_table);
    diagnostics.append(of_table);
    catalog.zip(config)
}

/// What is called, where the flags fit it.
fn target<'c>(
    args: &'c SampleArgs,
    catalog: &'c Catalog,
    index: crate::catalog::ModelIndex,
    scope: Scope,
) -> Result<Target<'c>, CliError> {
    let model = catalog.model(index);
    let target = Target::new(model, scope, application_profile(&args.model))
        .map_err(|fault| CliError::Message(fault.words(model, scope)))?;
    let mut wrong = Vec::new();
    if !model.kind.generates() {
        for (given, flag) in [
            (args.max_tokens.is_some(), "--max-tokens"),
            (args.count_only, "--count-only"),
            (args.measure_rate, "--measure-rate"),
        ] {
            if given {
                wrong.push(format!("{} generates nothing: leave {flag} out", model.name));
            }
        }
    }
    if let (Some(max_tokens), Fact::Known(maximum)) = (args.max_tokens, model.max_output_tokens)
        && u64::from(max_tokens) * crate::units::MILLIONTHS > maximum.millionths()
    {
        wrong.push(format!("--max-tokens {max_tokens} is above the {maximum} that {} can write", model.name));
    }
    if args.measure_rate && application_profile(&args.model).is_some() {
        wrong.push(
            "--measure-rate needs the model's own profile: under which name CloudWatch counts an application \
             inference profile is not known"
                .to_owned(),
        );
    }
    if wrong.is_empty() { Ok(target) } else { Err(CliError::Messages(wrong)) }
}

/// A file whose text no diagnostic shows.
fn concealed(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    let file = load_file_of(InputKind::Rows, path, sources, diagnostics)?;
    sources.conceal(file);
    Some(file)
}

fn prompts(
    path: &Path,
    target: &Target<'_>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Prompt> {
    let Some(file) = concealed(path, sources, diagnostics) else { return Vec::new() };
    sampling::parse(sources, file, target.model, diagnostics)
}

fn saved(
    path: &Path,
    catalog: &Catalog,
    logs: &mut logged::Logs,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Saved> {
    let Some(file) = load_file(path, sources, diagnostics) else { return Vec::new() };
    sources.conceal(file);
    if let Some(usages) = logs.read(file, catalog, sources, diagnostics) {
        return usages.into_iter().map(Saved::Usage).collect();
    }
    saved::usages(sources, file, diagnostics)
}

/// Saved answers as replies, where they are of the operation asked for.
fn read(saved: Vec<Saved>, args: &SampleArgs) -> Result<Outcome, CliError> {
    let counts = saved.iter().filter(|answer| matches!(answer, Saved::Count(_))).count();
    let message = match (args.count_only, counts) {
        (false, 0) => None,
        (true, counts) if counts == saved.len() => None,
        (false, counts) if counts == saved.len() => {
            Some("the answers are of count-tokens, which tells input alone: add --count-only")
        }
        (true, 0) => Some("the answers are of calls, not of count-tokens: leave --count-only out"),
        _ => Some("answers of calls and of count-tokens are mixed: read each kind by itself"),
    };
    if let Some(message) = message {
        return Err(CliError::Message(message.to_owned()));
    }
    let reply = |answer| match answer {
        Saved::Usage(usage) => Reply::Usage(usage),
        Saved::Count(count) => Reply::Count(count),
    };
    Ok(Outcome { replies: saved.into_iter().map(reply).collect(), ..Outcome::default() })
}

/// The Region that is called: that of the plan, or the one named to count tokens in.
fn region(args: &SampleArgs) -> Result<&str, CliError> {
    match (&args.count_region, args.count_only) {
        (Some(region), _) => Ok(region),
        (None, true) => Err(CliError::Message(format!(
            "{REGION} is not in AWS's last published list of Regions with CountTokens ({COUNT_TOKENS_AS_OF}), so the \
             prompts would go to another Region: name it with --count-region ({})",
            COUNT_TOKENS_REGIONS.join(", ")
        ))),
        (None, false) => Ok(REGION),
    }
}

fn statistics(outcome: &Outcome) -> Result<Statistics, CliError> {
    if outcome.replies.is_empty() {
        return Err(CliError::Message("no call was answered, so there is nothing to tell".to_owned()));
    }
    Statistics::of(&outcome.replies)
        .ok_or_else(|| CliError::Message("an answer states a figure above 10^12".to_owned()))
}

/// Whether the calls are what a measurement needs: one, of the model's own.
fn measurable(target: &Target<'_>, calls: &[Call], args: &SampleArgs) -> Result<(), CliError> {
    if args.from.is_empty() && calls.len() != 1 {
        let message = format!("--measure-rate is one call to {}: name a file of one prompt", target.called);
        return Err(CliError::Message(message));
    }
    Ok(())
}

/// How to read the rate off the metric.
fn measured(
    args: &SampleArgs,
    target: &Target<'_>,
    (outcome, ran): (&Outcome, Option<(Timestamp, Timestamp)>),
    sources: &Sources,
    session: &Session<'_>,
) -> Result<(), CliError> {
    let usage: &CallUsage = match outcome.replies.as_slice() {
        [Reply::Usage(usage)] => usage,
        [] => return Err(CliError::Message("the call was not answered".to_owned())),
        replies => {
            return Err(CliError::Message(format!(
                "--measure-rate needs exactly one saved answer of one call; this input has {}",
                replies.len()
            )));
        }
    };
    let measurement = Measurement::of(usage).map_err(|fault| {
        CliError::Message(match fault {
            MeasurementFault::NoOutput => {
                "the answer has no output token, so no rate follows from it".to_owned()
            }
            MeasurementFault::TooLarge => "the answer states a figure above 10^12".to_owned(),
        })
    })?;
    let window = match ran.or(args.at.map(|at| (at, at))) {
        Some((from, to)) => Some(window(from, to)?),
        None => None,
    };
    let rating = Rating { target, measurement, window: window.as_ref() };
    output::write(session, &rating, &args.output, sources)
}

/// Whole minutes around a call: one before it, two after its end.
fn window(from: Timestamp, to: Timestamp) -> Result<MetricWindow, CliError> {
    let minute = |time: Timestamp, seconds: i64| {
        let floor = jiff::TimestampRound::new().smallest(Unit::Minute).mode(jiff::RoundMode::Floor);
        let shifted = time.round(floor)?.checked_add(jiff::SignedDuration::from_secs(seconds))?;
        Ok::<String, jiff::Error>(shifted.to_string())
    };
    let wrong =
        |error: jiff::Error| CliError::Message(format!("the time of the call is out of range: {error}"));
    let start = minute(from, -60).map_err(wrong)?;
    let end = minute(to, 180).map_err(wrong)?;
    let day = minute(from, 0).map_err(wrong)?;
    let day = day.split('T').next().unwrap_or_default().to_owned();
    Ok(MetricWindow { start, end, day })
}
