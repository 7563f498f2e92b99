//! Loading: files from disk to valid inputs, with every fault of every file reported in one run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::args::{InputArgs, default_config};
use super::{CliError, Session, output};
use crate::catalog::{self, Catalog, ModelIndex, Scope};
use crate::config::{self, Config, Granted};
use crate::engine::{Assumptions, PlanInput, TooLarge};
use crate::text::opened::{is_by_link, is_pipe, open, report_unreadable};
use crate::text::stdin::{input_name, is_stdin};
use crate::text::{Code, Diagnostic, Diagnostics, FileId, Place, Sources, decode, is_utf16, utf8_of_utf16};
use crate::threads::Workers;
use crate::workload::{self, ReadOptions, WorkloadSet, naming_fault};

/// Everything a plan is made from.
pub(super) struct Inputs {
    pub(super) sources: Sources,
    pub(super) catalog: Catalog,
    pub(super) config: Config,
    pub(super) assumptions: Assumptions,
    pub(super) workloads: WorkloadSet,
}

impl Inputs {
    pub(super) fn plan_input(&self) -> PlanInput<'_> {
        PlanInput { catalog: &self.catalog, workloads: &self.workloads, assumptions: &self.assumptions }
    }

    /// Reports a figure above 10^18 at the row it comes from.
    pub(super) fn too_large(&self, session: &Session<'_>, error: TooLarge, maximum: usize) -> CliError {
        output::diagnostics(session, self.fault(error), &self.sources, maximum);
        CliError::Inputs
    }

    /// A figure above 10^18, at the row it comes from.
    pub(super) fn fault(&self, error: TooLarge) -> Diagnostics {
        let row = error.row.and_then(|row| self.workloads.rows().get(row));
        let place = match row {
            Some(row) => {
                let cell = self.workloads.cell(&self.sources, row, row.rate_column());
                Place::Span(cell.unwrap_or_else(|| self.workloads.start(row)))
            }
            None => Place::File(self.workloads.file()),
        };
        let mut diagnostics = Diagnostics::new();
        let help = "check the units: rates are requests a minute, tokens are of one request";
        diagnostics.add(Code::FigureTooLarge, place, "the figures of this row exceed 10^18", help);
        diagnostics
    }
}

/// Reads a file into the sources; a file that cannot be read is reported.
pub(super) fn load_file(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    let bytes = load_bytes(path, sources, diagnostics)?;
    take_in(path, bytes, sources, diagnostics)
}

/// The same of what a program saved: UTF-16, which PowerShell's `>` writes, is read too.
pub(super) fn load_saved(
    path: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let bytes = load_bytes(path, sources, diagnostics)?;
    match utf8_of_utf16(&bytes).filter(|_| is_utf16(&bytes)) {
        Some(text) => take_in_decoded(path, text, &bytes, sources, diagnostics),
        None => take_in(path, bytes, sources, diagnostics),
    }
}

/// Takes in the text of a file whose bytes are other ones: places are those of the text.
fn take_in_decoded(
    path: &Path,
    text: Vec<u8>,
    bytes: &[u8],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let file = decode(sources, &input_name(path), text, diagnostics)?;
    if sources.keeps_originals() {
        sources.keep_original(file, bytes.to_vec());
    }
    if is_by_link(path, sources) {
        sources.conceal(file);
    }
    Some(file)
}

fn take_in(
    path: &Path,
    bytes: Vec<u8>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let original = if sources.keeps_originals() { bytes.clone() } else { Vec::new() };
    take_in_decoded(path, bytes, &original, sources, diagnostics)
}

/// The same of a file that is judged only where all of it is UTF-8: what stands in place of other bytes
/// would lead to errors that are none of the file's.
pub(super) fn load_text(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    let before = diagnostics.len();
    load_file(path, sources, diagnostics).filter(|_| diagnostics.len() == before)
}

/// The bytes of a file, which is recorded as one that the run reads, or of standard input, which is `-`; what cannot
/// be read is reported.
pub(super) fn load_bytes(
    path: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<u8>> {
    let read = match sources.take_held(path) {
        Some(held) => held.ok_or_else(|| io::ErrorKind::NotFound.into()),
        None if is_stdin(path) => match sources.take_standard_input() {
            Some(input) => read_bounded(input),
            None => {
                let help = "`-` names one input of a run: give the others as files";
                let place = Place::Path(input_name(path));
                diagnostics.add(Code::UnreadableFile, place, "standard input is read only once", help);
                return None;
            }
        },
        None => open(path, sources).and_then(|file| read_whole(&file, sources.workers())),
    };
    read.map_err(|error| report_unreadable(path, &error, diagnostics)).ok()
}

/// Bytes from which a second thread pays for reading.
const LARGE: u64 = 16 << 20;

/// Most bytes of a file that is held whole.
const LARGEST: u64 = 1 << 30;

/// Reads a file whole; a large one in two halves at once.
fn read_whole(file: &File, workers: Workers) -> io::Result<Vec<u8>> {
    let metadata = file.metadata()?;
    if metadata.is_file() && metadata.len() > LARGEST {
        return Err(too_large());
    }
    #[cfg(unix)]
    if metadata.is_file() && metadata.len() >= LARGE {
        use std::os::unix::fs::FileExt;
        let mut bytes = vec![0; usize::try_from(metadata.len()).map_err(io::Error::other)?];
        let middle = bytes.len() / 2;
        let (first, second) = bytes.split_at_mut(middle);
        let halves = [(first, 0), (second, middle as u64)].map(Mutex::new);
        let read = workers.map(halves.len(), |half| match halves.get(half) {
            Some(half) => {
                let mut half = half.lock().unwrap_or_else(PoisonError::into_inner);
                let (bytes, offset) = &mut *half;
                file.read_exact_at(bytes, *offset)
            }
            None => Ok(()),
        });
        read.into_iter().collect::<io::Result<()>>()?;
        return Ok(bytes);
    }
    read_bounded(file)
}

/// Reads what may have no end, such as a device, up to the bound.
fn read_bounded(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> io::Error {
    io::Error::other(format!("it has more than {} GiB: is it the right file?", LARGEST >> 30))
}

/// Reads the model table, with an overlay where one is named.
pub(super) fn load_catalog(
    overlay: Option<&PathBuf>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Catalog> {
    let overlay = match overlay {
        None => None,
        Some(path) => Some(load_text(path, sources, diagnostics)?),
    };
    let unreadable = diagnostics.has_errors();
    catalog::load(sources, overlay, diagnostics).filter(|_| !unreadable)
}

/// Reads the named configuration, or the one in the working directory where there is one.
pub(super) fn load_config(
    named: Option<&PathBuf>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Config> {
    match named.map(PathBuf::as_path).or_else(|| default_config(sources.folder())) {
        Some(path) => load_config_of(path, sources, diagnostics),
        None => Some(Config::default()),
    }
}

fn load_config_of(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Config> {
    // A pipe that the user names is waited for; this one the user may not know of.
    if Some(path) == default_config(sources.folder()) && is_pipe(&sources.at(path)) {
        let place = Place::Path(path.display().to_string());
        let help = "remove it, or name another configuration with --config";
        diagnostics.add(Code::UnreadableFile, place, "it is a named pipe", help);
        return None;
    }
    let file = load_text(path, sources, diagnostics)?;
    config::parse(sources, file, diagnostics)
}

/// Own names of models, as the workload reader takes them.
pub(super) fn aliases(config: &Config) -> BTreeMap<String, String> {
    config.aliases.iter().map(|(name, target)| (name.clone(), target.value.clone())).collect()
}

/// How the rows of a workloads file are read under a configuration.
pub(super) fn read_options(config: &Config) -> ReadOptions {
    ReadOptions { aliases: aliases(config), residency: config.policy.residency, ..ReadOptions::default() }
}

/// The model and scope that a command line names, by way of the configuration's own names.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn named_model(
    name: &str,
    scope: Option<Scope>,
    catalog: &Catalog,
    config: &Config,
) -> Result<(ModelIndex, Scope), String> {
    let target = config.aliases.get(name).map_or(name, |alias| alias.value.as_str());
    let named = catalog.find(target).map_err(|fault| {
        let (_, message, help) = naming_fault(name, &fault, Some(catalog));
        format!("{message}; {help}")
    })?;
    match (named.scope, scope) {
        (Some(own), Some(typed)) if own != typed => {
            Err(format!("the scope `{typed}` contradicts `{name}`, which names `{own}`"))
        }
        (Some(scope), _) | (None, Some(scope)) => Ok((named.model, scope)),
        (None, None) => Err(format!("no scope for `{name}`: add --scope us, global, ca or in-region")),
    }
}

/// Loads everything, applies the flags, and reports all faults of all files.
pub(super) fn load(args: &InputArgs, session: &Session<'_>) -> Result<Inputs, CliError> {
    load_with_remarks(args, session).map(|(inputs, _)| inputs)
}

/// The same, with what there was to say about inputs that are used all the same.
pub(super) fn load_with_remarks(
    args: &InputArgs,
    session: &Session<'_>,
) -> Result<(Inputs, Vec<Diagnostic>), CliError> {
    let mut diagnostics = Diagnostics::new();
    let loaded = read(args, session.sources(), &mut diagnostics);
    let (Ok(Inputs { sources, .. }) | Err(sources)) = &loaded;
    let remarks = if loaded.is_ok() { diagnostics.sorted() } else { Vec::new() };
    output::diagnostics(session, diagnostics, sources, args.max_errors);
    loaded.map(|inputs| (inputs, remarks)).map_err(|_| CliError::Inputs)
}

/// Loads everything and applies the flags; what there is to say is added to `diagnostics`, and where
/// an error is among it only the files come back.
pub(super) fn read(
    args: &InputArgs,
    mut sources: Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Inputs, Sources> {
    let loaded = load_all(args, &mut sources, diagnostics);
    match loaded {
        Some((catalog, config, assumptions, workloads)) if !diagnostics.has_errors() => {
            Ok(Inputs { sources, catalog, config, assumptions, workloads })
        }
        _ => Err(sources),
    }
}

type Loaded = (Catalog, Config, Assumptions, WorkloadSet);

fn load_all(args: &InputArgs, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Loaded> {
    let workloads = load_text(&args.workloads, sources, diagnostics);
    let config = match args.config(sources.folder()) {
        Some(path) => load_config_of(path, sources, diagnostics),
        None => Some(Config::default()),
    };
    let granted = args.granted.as_ref().map(|path| {
        let file = load_text(path, sources, diagnostics)?;
        config::parse_granted(sources, file, diagnostics)
    });
    // Faults of the other files must not keep the table from being read.
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(args.models.as_ref(), sources, &mut of_table);
    diagnostics.append(of_table);
    let table_is_valid = catalog.is_some();
    // With a faulty overlay the other files are still judged, as far as the table does not matter.
    let catalog = catalog.or_else(|| catalog::load(sources, None, diagnostics))?;
    let mut rest = Diagnostics::new();
    let loaded = load_rest(args, sources, &catalog, workloads, (config, granted), &mut rest);
    if !table_is_valid {
        rest.retain(|diagnostic| !diagnostic.code.rests_on_the_table());
    }
    diagnostics.append(rest);
    let (config, assumptions, workloads) = loaded?;
    Some((catalog, config, assumptions, workloads))
}

fn load_rest(
    args: &InputArgs,
    sources: &Sources,
    catalog: &Catalog,
    workloads: Option<FileId>,
    (config, granted): (Option<Config>, Option<Option<Granted>>),
    diagnostics: &mut Diagnostics,
) -> Option<(Config, Assumptions, WorkloadSet)> {
    let mut config = config.unwrap_or_default();
    if let Some(Some(granted)) = granted {
        config.granted.overlay(granted);
    }
    if let Some(headroom) = args.headroom {
        config.headroom = headroom;
    }
    if let Some(confidence) = args.confidence {
        config.confidence = confidence;
    }
    config.reserve_cache_reads |= args.reserve_cache_reads;
    let mut assumptions = Assumptions::new(&config, catalog, diagnostics);
    assumptions.rates_as_of = args.rates_as_of;
    assumptions.today = args.today.unwrap_or(assumptions.today);
    assumptions.months = args.months;
    assumptions.workers = sources.workers();
    let options = ReadOptions {
        delimiter: args.delimiter.map(super::args::Delimiter::byte),
        decimal: args.decimal.meant(),
        strict: args.strict,
        ..read_options(&config)
    };
    let workloads = workload::parse(sources, workloads?, catalog, &options, diagnostics)?;
    Some((config, assumptions, workloads))
}
