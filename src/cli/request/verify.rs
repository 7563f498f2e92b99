//! `quotaplan request verify`: makes a pack again from its own inputs and compares it with what is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::args::{
    DecimalArg, Delimiter, FormatArg, InputArgs, LEAD_DAYS_MAXIMUM, MakeArgs, VerifyArgs, confidence,
    headroom, stage_factor, stage_use,
};
use crate::cli::request::{Typed, load};
use crate::cli::{CliError, Exit, output};
use crate::config::MONTHS_MAXIMUM;
use crate::iam::Account;
use crate::pack::{self, Arguments, Found};
use crate::render::{Colour, diagnostic};
use crate::report;
use crate::text::{Code, Diagnostics, FactDate, Place, Severity, SourceFile, Sources};
use crate::units::Ratio;

pub(super) fn run(args: &VerifyArgs) -> Result<Exit, CliError> {
    output::refuse_inside(args.output.output.as_deref(), &args.dir)?;
    let (sources, diagnostics) = differences(&args.dir)?;
    said(args, &sources, diagnostics)
}

/// Ends where a pack is not what its inputs give, with every difference said.
pub(super) fn as_made(dir: &Path) -> Result<(), CliError> {
    let (sources, differences) = differences(dir)?;
    if differences.is_empty() {
        return Ok(());
    }
    output::diagnostics(differences, &sources, 0);
    let dir = dir.display();
    Err(CliError::Message(format!(
        "{dir} is not what its inputs give: make the pack again; nothing was sent"
    )))
}

/// Every difference between a pack and what its inputs give.
fn differences(dir: &Path) -> Result<(Sources, Diagnostics), CliError> {
    let found = found(dir)?;
    let is = |file: &&Found, path: &str| file.path == path && file.bytes.is_some();
    let Some(kept) = found.iter().find(|file| is(file, pack::inputs::ARGUMENTS)) else {
        if !found.iter().any(|file| is(&file, pack::MANIFEST)) {
            let message =
                format!("{} is no request pack: it has no {}", dir.display(), pack::inputs::ARGUMENTS);
            return Err(CliError::Message(message));
        }
        let mut diagnostics = Diagnostics::new();
        let place = Place::Path(dir.join(pack::inputs::ARGUMENTS).display().to_string());
        let help = "without it nothing can be made again: make the pack anew";
        diagnostics.add(Code::PackFileMissing, place, "the file is missing", help);
        return Ok((Sources::new(), diagnostics));
    };
    let mut sources = Sources::keeping_originals();
    let mut diagnostics = Diagnostics::new();
    pack::verify_inputs(&found, &mut sources, &mut diagnostics);
    if let Some(typed) = typed(dir, kept, &found, &mut sources, &mut diagnostics) {
        // Of their own: what is already known to differ must not keep the inputs from being read.
        let mut of_inputs = Diagnostics::new();
        match load(&typed, sources, &mut of_inputs) {
            Ok(loaded) => {
                let made = loaded.with(|requesting| pack::make(requesting, &loaded.from))?;
                sources = loaded.inputs.sources;
                pack::verify(&made, &found, &mut sources, &mut diagnostics);
            }
            Err((read, error)) => {
                sources = read;
                if let Some(error) = error {
                    let place = Place::Path(kept.name.clone());
                    of_inputs.add(Code::PackDiffers, place, error.to_string(), "make the pack again");
                }
            }
        }
        diagnostics.append(of_inputs);
        // What is merely worth knowing of the inputs was said when the pack was made.
        diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    }
    Ok((sources, diagnostics))
}

/// Says what differs, in the form asked for.
fn said(args: &VerifyArgs, sources: &Sources, diagnostics: Diagnostics) -> Result<Exit, CliError> {
    let dir = args.dir.display().to_string();
    let differences = diagnostics.into_sorted();
    if args.output.format == FormatArg::Table {
        let on_stdout = args.output.output.is_none();
        let colour = if on_stdout { output::stdout_colour() } else { Colour::Off };
        let summary = if differences.is_empty() {
            format!("{dir}: every file is what its inputs give")
        } else {
            report::policy_summary(&dir, &differences)
        };
        let text = diagnostic::render(&differences, sources, 0, colour) + &summary + "\n";
        match &args.output.output {
            None => output::stdout(text.as_bytes())?,
            Some(path) => output::to_file(path, &text)?,
        }
    } else {
        output::write(&report::policy(sources, &dir, &differences), &args.output)?;
    }
    Ok(if differences.is_empty() { Exit::Success } else { Exit::Findings })
}

/// What was typed when the pack was made, for its own copies.
fn typed(
    dir: &Path,
    kept: &Found,
    found: &[Found],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Typed> {
    let text = String::from_utf8_lossy(kept.bytes.as_deref().unwrap_or_default());
    let file = sources.add(SourceFile::new(&*kept.name, text.as_ref()));
    let arguments = match Arguments::parse(&text) {
        Ok(arguments) => arguments,
        Err(error) => {
            let span = sources.file(file)?.span_at(file, error.line(), error.column());
            diagnostics.at(
                Code::PackDiffers,
                span,
                format!("not the arguments of a pack: {error}"),
                "make the pack again",
            );
            return None;
        }
    };
    match typed_as(dir, &arguments, found) {
        Ok(args) => Some(args),
        Err(wrong) => {
            let message = format!("not the arguments of a pack: {wrong}");
            diagnostics.add(Code::PackDiffers, Place::File(file), message, "make the pack again");
            None
        }
    }
}

/// A number, read as the command line reads it.
fn as_typed(text: Option<&String>, read: fn(&str) -> Result<Ratio, String>) -> Result<Option<Ratio>, String> {
    text.map(|text| read(text).map_err(|wrong| format!("`{text}`: {wrong}"))).transpose()
}

fn typed_as(dir: &Path, kept: &Arguments, found: &[Found]) -> Result<Typed, String> {
    let present = |name: &str| -> Option<PathBuf> {
        found.iter().any(|f| f.path == name && f.bytes.is_some()).then(|| dir.join(name))
    };
    let date = |text: &str| FactDate::parse(text).ok_or_else(|| format!("`{text}` is not a date"));
    let optional_date = |text: &Option<String>| text.as_deref().map(date).transpose();
    let stages = kept.stages.as_ref();
    if kept.accept_max_tokens && kept.with_reservations.is_some() {
        return Err("it both lowers max_tokens and keeps it".to_owned());
    }
    if stages.is_some_and(|stages| stages.lead_days > LEAD_DAYS_MAXIMUM) {
        return Err(format!("lead_days is above {LEAD_DAYS_MAXIMUM}"));
    }
    if kept.months > MONTHS_MAXIMUM {
        return Err(format!("{} months are more than {MONTHS_MAXIMUM}", kept.months));
    }
    let account_id = kept.account_id.as_deref().map(|id| Account::parse(id).ok_or("not an account id"));
    let input = InputArgs {
        workloads: dir.join(pack::inputs::WORKLOADS),
        config: present(pack::inputs::CONFIG),
        models: present(pack::inputs::MODELS),
        granted: present(pack::inputs::GRANTED),
        headroom: as_typed(kept.headroom.as_ref(), headroom)?,
        confidence: as_typed(kept.confidence.as_ref(), confidence)?,
        reserve_cache_reads: kept.reserve_cache_reads,
        rates_as_of: optional_date(&kept.rates_as_of)?,
        today: Some(date(&kept.today)?),
        months: kept.months,
        delimiter: kept.delimiter.map(Delimiter::of).transpose()?,
        decimal: kept.decimal.as_deref().map_or(Ok(DecimalArg::Point), DecimalArg::of)?,
        strict: kept.strict,
        max_errors: 0,
        named_files_alone: true,
    };
    let make = MakeArgs {
        out: dir.to_owned(),
        account: kept.account.clone(),
        account_id: account_id.transpose()?,
        submit: false,
        yes: false,
        again: false,
        accept_max_tokens: kept.accept_max_tokens,
        with_reservations: kept.with_reservations.clone(),
        accept_unknown: kept.accept_unknown,
        also_rpm: kept.also_rpm,
        no_support_case: !kept.support_case,
        evidence: present(pack::inputs::MINUTES),
        stages: stages.is_some(),
        stage_factor: as_typed(stages.map(|stages| &stages.factor), stage_factor)?,
        stage_use: as_typed(stages.map(|stages| &stages.used), stage_use)?,
        lead_days: stages.map(|stages| stages.lead_days),
        needed_by: stages.map_or(Ok(None), |stages| optional_date(&stages.needed_by))?,
    };
    Ok(Typed { input, make })
}

/// Everything below a pack's folder: ordinary files with their bytes; links, pipes and empty folders, which
/// no pack has, without.
fn found(dir: &Path) -> Result<Vec<Found>, CliError> {
    let mut found = Vec::new();
    let mut folders = vec![(dir.to_owned(), String::new())];
    let wrong =
        |path: &Path, error: &std::io::Error| CliError::Message(format!("{}: {error}", path.display()));
    while let Some((folder, inner)) = folders.pop() {
        let mut entries = 0;
        for entry in fs::read_dir(&folder).map_err(|error| wrong(&folder, &error))? {
            entries += 1;
            let entry = entry.map_err(|error| wrong(&folder, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if inner.is_empty() { name } else { format!("{inner}/{name}") };
            let whole = entry.path();
            // A link is none of these, wherever it leads.
            let kind = entry.file_type().map_err(|error| wrong(&whole, &error))?;
            if kind.is_dir() {
                folders.push((whole, path));
                continue;
            }
            let bytes = if kind.is_file() {
                Some(fs::read(&whole).map_err(|error| wrong(&whole, &error))?)
            } else {
                None
            };
            found.push(Found { name: whole.display().to_string(), path, bytes });
        }
        if entries == 0 && !inner.is_empty() {
            found.push(Found { name: folder.display().to_string(), path: inner, bytes: None });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
