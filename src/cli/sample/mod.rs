//! `quotaplan sample`: what prompts use, from live calls or from saved answers.

mod command;
mod error;
mod logged;
mod note;
mod send;
mod update;

use std::path::Path;

use jiff::{Timestamp, Unit};

use super::args::{FormatArg, SampleArgs};
use super::inputs::{load_catalog, load_config, named_model};
use super::staged::StagedFiles;
use super::{CliError, Session, output};
use crate::answers::CallUsage;
use crate::catalog::{Catalog, Scope};
use crate::config::Config;
use crate::iam::application_profile;
use crate::report::words::{SampleRemark, language};
use crate::report::{MetricWindow, RateReport, SampleReport};
use crate::sampling::{self, Call, Measurement, Prompt, Reply, SamplingResult, Statistics, Target};
use crate::saved::{self, Saved};
use crate::stream::{InputPath, Inputs, load_file, load_file_of, record};
use crate::text::stdin::is_stdin;
use crate::text::{Diagnostics, FileId, InputKind, Sources};
use crate::trace;
use crate::units::Fact;
use crate::workload::Column;
pub(super) use error::{SampleError, UpdateError};

pub(super) fn run(args: &SampleArgs, session: &Session<'_>) -> Result<(), CliError> {
    if args.prompts.is_none() && args.from.is_empty() && !args.measure_rate {
        return Err(SampleError::Nothing.into());
    }
    if args.update.as_deref().is_some_and(is_stdin) {
        return Err(UpdateError::StandardInput.into());
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
    let (index, scope) = named_model(&args.model, args.scope, &catalog, &config)?;
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
        None if args.from.is_empty() => vec![Prompt::Chat(sampling::long_answer())],
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
        let region = command::region(args)?;
        send::send(args, &target, &calls, region, session)?
    } else {
        (logs.judge(&answers, &asked).and_then(|()| read(answers, args))?, None)
    };
    if args.measure_rate {
        return measured(args, &target, (&outcome, ran), &sources, session);
    }
    let statistics = statistics(&outcome)?;
    let sampled = SampleReport {
        target: &target,
        statistics: &statistics,
        throttled: outcome.throttled,
        failed: outcome.failed + outcome.unsent,
        logs: logs.found(),
    };
    let is_cut = statistics.cut() > 0;
    // Tables say so themselves; what goes to a file or a program may not be read.
    let is_read = args.output.output.is_none()
        && matches!(args.output.format(), FormatArg::Table | FormatArg::Markdown);
    if is_cut && !is_read {
        let cut = language().answers_cut(statistics.cut(), statistics.answers, logs.found().is_some());
        output::remark(session, &format!("warning: {cut}"));
    }
    let mut cells = statistics.cells();
    if is_cut && row.is_some() {
        cells.retain(|(column, _)| !matches!(column, Column::OutputTokens | Column::OutputTokensP95));
        note::note(session, SampleRemark::OutputNotWritten);
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
    let config = load_config(args.aliases.config.as_deref(), sources, diagnostics);
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(&args.table, sources, &mut of_table);
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
        .map_err(|fault| SampleError::Target { model: model.name.clone(), scope, fault })?;
    let mut wrong = Vec::new();
    if !model.kind.generates() {
        for (given, flag) in [
            (args.max_tokens.is_some(), "--max-tokens"),
            (args.count_only, "--count-only"),
            (args.measure_rate, "--measure-rate"),
        ] {
            if given {
                wrong.push(SampleError::GeneratesNothing { model: model.name.clone(), flag });
            }
        }
    }
    if let (Some(max_tokens), Fact::Known(maximum)) = (args.max_tokens, model.max_output_tokens)
        && u64::from(max_tokens) * crate::units::MILLIONTHS > maximum.millionths()
    {
        wrong.push(SampleError::MaxTokens { model: model.name.clone(), max_tokens, maximum });
    }
    if args.measure_rate && application_profile(&args.model).is_some() {
        wrong.push(SampleError::ApplicationProfile);
    }
    if wrong.is_empty() { Ok(target) } else { Err(CliError::several(wrong)) }
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
fn read(saved: Vec<Saved>, args: &SampleArgs) -> Result<SamplingResult, SampleError> {
    let counts = saved.iter().filter(|answer| matches!(answer, Saved::Count(_))).count();
    match (args.count_only, counts) {
        (false, 0) => {}
        (true, counts) if counts == saved.len() => {}
        (false, counts) if counts == saved.len() => return Err(SampleError::AreCounts),
        (true, 0) => return Err(SampleError::AreCalls),
        _ => return Err(SampleError::AreMixed),
    }
    let reply = |answer| match answer {
        Saved::Usage(usage) => Reply::Usage(usage),
        Saved::Count(count) => Reply::Count(count),
    };
    Ok(SamplingResult { replies: saved.into_iter().map(reply).collect(), ..SamplingResult::default() })
}

fn statistics(outcome: &SamplingResult) -> Result<Statistics, SampleError> {
    if outcome.replies.is_empty() {
        return Err(SampleError::NoAnswer);
    }
    Statistics::from_replies(&outcome.replies).ok_or(SampleError::FigureTooLarge)
}

/// Whether the calls are what a measurement needs: one, of the model's own.
fn measurable(target: &Target<'_>, calls: &[Call], args: &SampleArgs) -> Result<(), SampleError> {
    if args.from.is_empty() && calls.len() != 1 {
        return Err(SampleError::SeveralCalls { called: target.called.to_owned() });
    }
    Ok(())
}

/// How to read the rate off the metric.
fn measured(
    args: &SampleArgs,
    target: &Target<'_>,
    (outcome, ran): (&SamplingResult, Option<(Timestamp, Timestamp)>),
    sources: &Sources,
    session: &Session<'_>,
) -> Result<(), CliError> {
    let usage: &CallUsage = match outcome.replies.as_slice() {
        [Reply::Usage(usage)] => usage,
        [] => return Err(SampleError::NotAnswered.into()),
        replies => return Err(SampleError::SeveralAnswers { replies: replies.len() }.into()),
    };
    let measurement = Measurement::from_usage(usage).map_err(SampleError::Measurement)?;
    let window = match ran.or(args.at.map(|at| (at, at))) {
        Some((from, to)) => Some(window(from, to).map_err(SampleError::Time)?),
        None => None,
    };
    let rating = RateReport { target, measurement, window: window.as_ref() };
    output::write(session, &rating, &args.output, sources)
}

/// Whole minutes around a call: one before it, two after its end.
fn window(from: Timestamp, to: Timestamp) -> Result<MetricWindow, jiff::Error> {
    let minute = |time: Timestamp, seconds: i64| {
        let floor = jiff::TimestampRound::new().smallest(Unit::Minute).mode(jiff::RoundMode::Floor);
        let shifted = time.round(floor)?.checked_add(jiff::SignedDuration::from_secs(seconds))?;
        Ok::<String, jiff::Error>(shifted.to_string())
    };
    let start = minute(from, -60)?;
    let end = minute(to, 180)?;
    let day = minute(from, 0)?;
    let day = day.split('T').next().unwrap_or_default().to_owned();
    Ok(MetricWindow { start, end, day })
}
