//! `quotaplan check`.

use std::io::ErrorKind;
use std::path::Path;

use super::args::{CheckArgs, CheckFormat, CheckTarget, Delimiter, FormatArg};
use super::errors::CheckError;
use super::staged::StagedFiles;
use super::{CliError, Exit, Session, inputs, output};
use crate::baseline::{self, Baseline};
use crate::engine::{self, Strictness};
use crate::render::{View, comment, render, render_gate};
use crate::report::{self, CheckReport, CheckResult, Detail, GateStatus, Report};
use crate::stream::load_file;
use crate::text::stdin::input_name;
use crate::text::{Diagnostics, FileIdentity, Sources};

/// The form for people.
const TABLE: CheckFormat = CheckFormat::Report(FormatArg::Table);

pub(super) fn run(args: &CheckArgs, session: &Session<'_>) -> Result<Exit, CliError> {
    let targets = targets(args, session)?;
    let mut diagnostics = Diagnostics::new();
    let mut sources = session.sources();
    let baseline = args.baseline.as_deref().map(|path| read_baseline(path, &mut sources, &mut diagnostics));
    let loaded = inputs::read(&args.input, sources, &mut diagnostics);
    let inputs = match loaded {
        Ok(inputs) => inputs,
        Err(sources) => return faulty(args, session, &targets, &sources, diagnostics),
    };
    let input = inputs.plan_input();
    let plan = match engine::plan(&input) {
        Ok(plan) => plan,
        Err(error) => {
            diagnostics.append(inputs.fault(error));
            return faulty(args, session, &targets, &inputs.sources, diagnostics);
        }
    };
    let strictness = Strictness {
        assume_defaults: args.assume_defaults,
        fail_on: args.fail_on.meant(),
        warn_only: args.warn_only,
        only_worsened: args.only_worsened,
    };
    let remarks = diagnostics.into_sorted();
    let subjects =
        report::input_subjects(&inputs.sources, &remarks, args.input.delimiter.map(Delimiter::byte));
    let remarks = remarks.iter().zip(subjects);
    let remarks =
        remarks.filter_map(|(diagnostic, subject)| engine::remark(&input, diagnostic, subject)).collect();
    let check = engine::check(&input, &plan, strictness, baseline.flatten().as_ref(), remarks);
    let checked =
        CheckResult { sources: &inputs.sources, input: &input, plan: &plan, check: &check, strictness };
    let mut report = report::check(&checked);
    report.typed = Some(args.input.as_typed());
    write(session, &report, &targets, args.detail.meant(), &inputs.sources)?;
    Ok(if report.gate.status == GateStatus::Fail { Exit::Findings } else { Exit::Success })
}

fn read_baseline(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Baseline> {
    let file = load_file(path, sources, diagnostics)?;
    baseline::parse(sources, file, diagnostics)
}

/// The forms asked for, each with its file; at most one for standard output.
fn targets(args: &CheckArgs, session: &Session<'_>) -> Result<Vec<CheckTarget>, CheckError> {
    let table = CheckTarget { format: TABLE, file: None };
    let json = CheckTarget { format: CheckFormat::Report(FormatArg::Json), file: None };
    let mut targets = match args.formats.as_slice() {
        _ if args.json => vec![json],
        [] => vec![table],
        typed => typed.to_vec(),
    };
    for target in &mut targets {
        target.file = target.file.take().filter(|path| !output::is_stdout(path));
    }
    let mut without_file = targets.iter_mut().filter(|target| target.file.is_none());
    match (without_file.next(), &args.output) {
        (Some(_), Some(file)) if output::is_stdout(file) => {}
        (Some(target), Some(file)) => target.file = Some(file.clone()),
        (None, Some(file)) => {
            return Err(CheckError::NothingForOutput { output: file.clone() });
        }
        (_, None) => {}
    }
    if without_file.next().is_some() {
        return Err(CheckError::TwoWithoutFile);
    }
    let mut identities: Vec<FileIdentity> = Vec::new();
    for file in targets.iter().filter_map(|target| target.file.as_ref()) {
        let Some(identity) = FileIdentity::of_path(&session.at(file)) else { continue };
        let twice = identities.iter().any(|other| other.is_same(&identity));
        identities.push(identity);
        if twice {
            return Err(CheckError::TwoForFile { file: file.clone() });
        }
    }
    Ok(targets)
}

fn rendered(report: &CheckReport<'_>, format: CheckFormat, view: View) -> Result<String, CliError> {
    let gate = &report.gate;
    Ok(match format {
        CheckFormat::Report(FormatArg::Markdown) => comment::render(gate, &report.blocks(Detail::Everything)),
        CheckFormat::Report(format) => render(report, format.meant(), view)?,
        CheckFormat::Gate(format) => render_gate(gate, format.meant())?,
    })
}

/// Renders everything, and writes every file under another name, before anything is replaced, so
/// that a fault leaves all as it was.
fn write(
    session: &Session<'_>,
    report: &CheckReport<'_>,
    targets: &[CheckTarget],
    detail: Detail,
    sources: &Sources,
) -> Result<(), CliError> {
    let mut files = StagedFiles::new();
    let mut stdout = None;
    for target in targets {
        let on_stdout = target.file.is_none() && target.format == TABLE;
        let view = if on_stdout { output::stdout_view(session) } else { View::default() };
        let text = rendered(report, target.format, view.with_detail(detail))?;
        match &target.file {
            Some(path) => files.add(path, text.as_bytes(), sources)?,
            None => stdout = Some(text),
        }
    }
    match stdout {
        Some(text) => match output::stdout(session, text.as_bytes()) {
            // The verdict counts, whoever still listens.
            Err(CliError::Write { source, .. }) if source.kind() == ErrorKind::BrokenPipe => {}
            written => written?,
        },
        None => output::remark(session, &report.gate.summary),
    }
    files.commit()
}

/// Inputs that cannot be planned: said on standard error as everywhere, and in every form that a
/// machine reads, so that the faults stand at their lines.
fn faulty(
    args: &CheckArgs,
    session: &Session<'_>,
    targets: &[CheckTarget],
    sources: &Sources,
    diagnostics: Diagnostics,
) -> Result<Exit, CliError> {
    let delimiter = args.input.delimiter.map(Delimiter::byte);
    let report = report::faulty_inputs(
        sources,
        &diagnostics.sorted(),
        &input_name(&args.input.workloads[0]),
        delimiter,
    );
    output::diagnostics(session, diagnostics, sources, args.input.diagnostics.max_errors);
    // On standard output the table would say what standard error says.
    let for_machines = targets.iter().filter(|target| target.format != TABLE || target.file.is_some());
    let for_machines: Vec<CheckTarget> = for_machines.cloned().collect();
    if !for_machines.is_empty() {
        write(session, &report, &for_machines, args.detail.meant(), sources)?;
    }
    Err(CliError::Inputs)
}
