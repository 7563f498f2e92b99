//! `quotaplan request verify`: makes a pack again from its own inputs and compares it with what is there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::cli::args::{
    CacheReadsArgs, ConfigArgs, Delimiter, DetailArgs, DiagnosticsArgs, EvidenceArg, FormatArg, InputArgs,
    LEAD_DAYS_MAXIMUM, MakeArgs, TableArgs, VerifyArgs, confidence, headroom, stage_factor, stage_use,
};
use crate::cli::request::error::{ArgumentsFault, RequestError};
use crate::cli::request::folder;
use crate::cli::request::loaded::{Typed, load};
use crate::cli::{CliError, Exit, Session, output};
use crate::config::MONTHS_MAXIMUM;
use crate::iam::Account;
use crate::pack::{self, Arguments, Comparison, Found};
use crate::render::{Colour, RenderError, diagnostic};
use crate::report::words::language;
use crate::report::{self, PolicyReport, send_command};
use crate::text::plain;
use crate::text::{Code, Diagnostics, FactDate, Place, Severity, SourceFile, Sources};
use crate::units::{DecimalMark, Ratio};

/// The folder of a pack's inputs, as it is found where it is no folder.
const INPUTS: &str = "inputs";

pub(super) fn run(args: &VerifyArgs, session: &Session<'_>) -> Result<Exit, CliError> {
    output::refuse_inside(session, args.output.output.as_deref(), &args.dir)?;
    let judged = judge(session, &args.dir, &folder::read(session, &args.dir)?)?;
    said(session, args, judged)
}

/// A pack that is what its inputs give.
pub(super) struct Verified {
    pub(super) found: Vec<Found>,
    /// How many answers that AWS asks for are missing in it.
    pub(super) missing_answers: usize,
}

/// What was found about a pack.
struct Judged {
    sources: Sources,
    differences: Diagnostics,
    /// How many answers that AWS asks for are missing; 0 where no pack could be made to compare with.
    missing_answers: usize,
    /// Whether it asks Service Quotas for anything.
    asks: bool,
}

/// A pack that is what its inputs give; otherwise it ends with every difference said.
pub(super) fn as_made(session: &Session<'_>, dir: &Path) -> Result<Verified, CliError> {
    let found = folder::read(session, dir)?;
    let Judged { sources, differences, missing_answers, asks: _ } = judge(session, dir, &found)?;
    if differences.is_empty() {
        return Ok(Verified { found, missing_answers });
    }
    output::diagnostics(session, differences, &sources, 0);
    Err(RequestError::Differs { dir: dir.to_owned() }.into())
}

/// Every difference between the files of a pack and what its inputs give. The files were opened before: none is
/// opened here, so what is hashed is what is planned from and compared.
fn judge(session: &Session<'_>, dir: &Path, found: &[Found]) -> Result<Judged, CliError> {
    let (mut diagnostics, mut missing_answers) = (Diagnostics::new(), 0);
    let asks = found.iter().any(|file| file.path == pack::SCRIPT);
    let is_there = |path: &str| found.iter().any(|file| file.path == path);
    if !(is_there(pack::inputs::ARGUMENTS) || is_there(INPUTS) || is_there(pack::MANIFEST)) {
        return Err(RequestError::NotAPack { dir: dir.to_owned() }.into());
    }
    // Without these no file can be made again; which workloads there are the arguments say.
    for path in [pack::inputs::ARGUMENTS, pack::inputs::WORKLOADS] {
        let may_be_several = path == pack::inputs::WORKLOADS && is_there(pack::inputs::ARGUMENTS);
        if !is_there(path) && !may_be_several {
            missing(dir, path, &mut diagnostics);
        }
    }
    let is_unread = |file: &Found| pack::inputs::is_input(&file.path) && file.content.is_err();
    let kept = found.iter().find(|file| file.path == pack::inputs::ARGUMENTS);
    let (Some(kept), true) = (kept, diagnostics.is_empty() && !found.iter().any(is_unread)) else {
        pack::verify_kinds(found, &mut diagnostics);
        not_compared(dir, &mut diagnostics);
        return Ok(Judged { sources: session.sources(), differences: diagnostics, missing_answers, asks });
    };
    let held = |file: &Found| Some((dir.join(&file.path), file.held()?.to_vec()));
    let inputs = found.iter().filter(|file| pack::inputs::is_input(&file.path));
    let mut sources = session.sources().holding(inputs.filter_map(held).collect::<BTreeMap<_, _>>());
    pack::verify_inputs(found, &mut sources, &mut diagnostics).map_err(RequestError::Reread)?;
    if let Some(typed) = typed(dir, kept, found, &mut sources, &mut diagnostics) {
        // Of their own: what is already known to differ must not keep the inputs from being read.
        let mut of_inputs = Diagnostics::new();
        match load(&typed, sources, &mut of_inputs) {
            Ok(mut loaded) => {
                loaded.name_as_in_pack();
                let mut comparison = Comparison::with(found);
                missing_answers = loaded.with(report::missing_answers);
                loaded
                    .with(|requesting| pack::make(requesting, &loaded.arguments, &mut comparison))
                    .map_err(|error| match error {
                        // What the pack is held against could not be read.
                        RenderError::Write(error) => RequestError::Reread(error).into(),
                        error => CliError::from(error),
                    })?;
                sources = loaded.inputs.sources;
                comparison.report(&mut sources, &mut diagnostics).map_err(RequestError::Reread)?;
            }
            Err(fault) => {
                let (read, error) = *fault;
                sources = read;
                not_compared(dir, &mut diagnostics);
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
    Ok(Judged { sources, differences: diagnostics, missing_answers, asks })
}

/// Says what is not known, where the inputs give no pack to compare with.
fn not_compared(dir: &Path, diagnostics: &mut Diagnostics) {
    let place = Place::Path(dir.display().to_string());
    let message = "the other files could not be checked, because no pack can be made from these inputs";
    diagnostics.add(Code::PackDiffers, place, message, "make the pack again from the right inputs");
}

/// Says what differs, in the form asked for.
fn said(session: &Session<'_>, args: &VerifyArgs, judged: Judged) -> Result<Exit, CliError> {
    let Judged { ref sources, differences, missing_answers, asks } = judged;
    let dir = args.dir.display().to_string();
    let differences = differences.into_sorted();
    if args.output.format() == FormatArg::Table {
        let on_stdout = args.output.output.is_none();
        let colour = if on_stdout { output::stdout_view(session).colour } else { Colour::Off };
        // The verdict stands first, and whether the pack can be sent last.
        let line = |text: &str| plain::message(&(plain::one_line(text).into_owned() + "\n"));
        let text = if differences.is_empty() {
            let is_ready = missing_answers == 0 && asks;
            let send = if is_ready && args.output.detail.meant().has_evidence() {
                next(&send_command(&dir))
            } else {
                String::new()
            };
            line(&language().pack_matches(&dir)) + &send + &line(&language().readiness(missing_answers, 0))
        } else {
            let verdict = line(&language().pack_differs(&dir, differences.len()));
            let details = args.output.detail.meant().has_evidence();
            verdict
                + &if details { diagnostic::render(&differences, sources, 0, colour) } else { String::new() }
        };
        output::write_text(session, &text, args.output.output.as_deref(), sources)?;
    } else {
        output::write(
            session,
            &PolicyReport { sources, file: &dir, diagnostics: &differences, result: None },
            &args.output,
            sources,
        )?;
    }
    Ok(if differences.is_empty() { Exit::Success } else { Exit::Findings })
}

/// A command that comes next, as a screen shows it.
fn next(command: &str) -> String {
    plain::message(&format!("{}  {}\n", language().next_label(), plain::one_line(command)))
}

/// What was typed when the pack was made, for its own copies.
fn typed(
    dir: &Path,
    kept: &Found,
    found: &[Found],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Typed> {
    let text = String::from_utf8_lossy(kept.held().unwrap_or_default());
    let file = sources.add(SourceFile::new(&*kept.name, text.as_ref()));
    let arguments = match Arguments::parse(&text) {
        Ok(arguments) => arguments,
        Err(error) => {
            let span = sources.file(file)?.span_at(file, error.line(), error.column());
            diagnostics.at(
                Code::PackDiffers,
                span,
                format!("not the arguments.json of a pack: {error}"),
                "make the pack again",
            );
            return None;
        }
    };
    let before = diagnostics.len();
    let workloads = workloads_of(&arguments);
    let named = workloads.iter().chain(&arguments.granted).map(String::as_str);
    let named: BTreeSet<&str> =
        named.chain(arguments.evidence.iter().map(|kept| kept.file.as_str())).collect();
    let there: BTreeSet<&str> = found.iter().map(|file| file.path.as_str()).collect();
    // Whoever made the arguments may have named any number.
    for path in named.difference(&there).take(MISSING) {
        missing(dir, path, diagnostics);
    }
    if diagnostics.len() > before {
        not_compared(dir, diagnostics);
        return None;
    }
    match typed_as(dir, &arguments, found) {
        Ok(args) => Some(args),
        Err(wrong) => {
            let message = format!("not the arguments.json of a pack: {wrong}");
            diagnostics.add(Code::PackDiffers, Place::File(file), message, "make the pack again");
            None
        }
    }
}

/// Missing inputs that are named one by one.
const MISSING: usize = 20;

/// The workloads of a pack by their paths in it.
fn workloads_of(arguments: &Arguments) -> Cow<'_, [String]> {
    match arguments.workloads.as_slice() {
        [] => Cow::Owned(vec![pack::inputs::WORKLOADS.to_owned()]),
        several => Cow::Borrowed(several),
    }
}

fn missing(dir: &Path, path: &str, diagnostics: &mut Diagnostics) {
    let place = Place::Path(dir.join(path).display().to_string());
    diagnostics.add(Code::PackFileMissing, place, "the file is missing", "make the pack again");
}

/// A number, read as the command line reads it.
fn as_typed(
    text: Option<&String>,
    read: fn(&str) -> Result<Ratio, String>,
) -> Result<Option<Ratio>, ArgumentsFault> {
    let number =
        |text: &String| read(text).map_err(|reason| ArgumentsFault::Number { written: text.clone(), reason });
    text.map(number).transpose()
}

fn typed_as(dir: &Path, kept: &Arguments, found: &[Found]) -> Result<Typed, ArgumentsFault> {
    let present = |name: &str| -> Option<PathBuf> {
        found.iter().any(|f| f.path == name && f.content.is_ok()).then(|| dir.join(name))
    };
    let delimiter = |written: char| Delimiter::of(written).ok_or(ArgumentsFault::Delimiter { written });
    let decimal = |written: &str| {
        written.parse::<DecimalMark>().map_err(|_| ArgumentsFault::Decimal { written: written.to_owned() })
    };
    let date =
        |text: &str| FactDate::parse(text).ok_or_else(|| ArgumentsFault::Date { written: text.to_owned() });
    let optional_date = |text: &Option<String>| text.as_deref().map(date).transpose();
    let stages = kept.stages.as_ref();
    if kept.accept_max_tokens && kept.with_reservations.is_some() {
        return Err(ArgumentsFault::MaxTokens);
    }
    if stages.is_some_and(|stages| stages.lead_days > LEAD_DAYS_MAXIMUM) {
        return Err(ArgumentsFault::LeadDays);
    }
    if kept.months > MONTHS_MAXIMUM {
        return Err(ArgumentsFault::Months { months: kept.months });
    }
    let held =
        |(name, of): (&str, &Option<String>)| present(name).map(|path| EvidenceArg { of: of.clone(), path });
    let evidence = match kept.evidence.as_slice() {
        [] => held((pack::inputs::MINUTES, &None)).into_iter().collect(),
        files => files.iter().filter_map(|kept| held((&kept.file, &kept.model))).collect(),
    };
    let account_id = kept.account_id.as_deref().map(|id| Account::parse(id).ok_or(ArgumentsFault::AccountId));
    let granted = match kept.granted.as_slice() {
        [] => present(pack::inputs::GRANTED).into_iter().collect(),
        several => several.iter().filter_map(|path| present(path)).collect(),
    };
    let input = InputArgs {
        workloads: workloads_of(kept).iter().map(|path| dir.join(path)).collect(),
        config: ConfigArgs { config: present(pack::inputs::CONFIG) },
        table: TableArgs { models: present(pack::inputs::MODELS) },
        granted,
        headroom: as_typed(kept.headroom.as_ref(), headroom)?,
        confidence: as_typed(kept.confidence.as_ref(), confidence)?,
        cache_reads: CacheReadsArgs { reserve_cache_reads: kept.reserve_cache_reads },
        rates_as_of: optional_date(&kept.rates_as_of)?,
        today: Some(date(&kept.today)?),
        months: kept.months,
        delimiter: kept.delimiter.map(delimiter).transpose()?,
        decimal: kept.decimal.as_deref().map_or(Ok(DecimalMark::Point), decimal)?,
        strict: kept.strict,
        diagnostics: DiagnosticsArgs { max_errors: 0 },
        named_files_alone: true,
    };
    let make = MakeArgs {
        out: dir.to_owned(),
        account: kept.account.clone(),
        account_id: account_id.transpose()?,
        submit: false,
        yes: false,
        again: false,
        with_gaps: false,
        detail: DetailArgs::default(),
        accept_max_tokens: kept.accept_max_tokens,
        with_reservations: kept.with_reservations.clone(),
        accept_unknown: kept.accept_unknown,
        accept_residency: kept.accept_residency,
        also_rpm: kept.also_rpm,
        no_support_case: !kept.support_case,
        evidence,
        stages: stages.is_some(),
        stage_factor: as_typed(stages.map(|stages| &stages.factor), stage_factor)?,
        stage_use: as_typed(stages.map(|stages| &stages.used), stage_use)?,
        lead_days: stages.map(|stages| stages.lead_days),
        needed_by: optional_date(stages.map_or(&kept.needed_by, |stages| &stages.needed_by))?,
    };
    Ok(Typed { input, make })
}
