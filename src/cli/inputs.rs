//! Loading: files from disk to valid inputs, with every fault of every file reported in one run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::{InputArgs, TableArgs, default_config};
use super::errors::NamingError;
use super::{CliError, Session, output};
use crate::catalog::{self, Catalog, ModelIndex, Scope};
use crate::config::{self, Config, Granted};
use crate::engine::{Assumptions, PlanInput, TooLarge};
use crate::stream::{Once, is_pipe, load_file_of};
use crate::text::{Code, Diagnostic, Diagnostics, FactDate, FileId, InputKind, Place, Sources};
use crate::units::Ratio;
use crate::workload::{self, ReadOptions, WorkloadSet};

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
            None => Place::File(self.workloads.first_file()),
        };
        let mut diagnostics = Diagnostics::new();
        let help = "check the units: rates are requests per minute, tokens are per request";
        diagnostics.add(Code::FigureTooLarge, place, "the figures of this row exceed 10^18", help);
        diagnostics
    }
}

/// Reads a file and refuses it where it is not UTF-8: replacement characters would lead to errors that are
/// not in the file.
pub(super) fn load_text(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    load_text_of(InputKind::Document, path, sources, diagnostics)
}

/// The same of a file with a row for each workload or minute, which may be larger.
pub(super) fn load_rows(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<FileId> {
    load_text_of(InputKind::Rows, path, sources, diagnostics)
}

fn load_text_of(
    kind: InputKind,
    path: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let before = diagnostics.len();
    load_file_of(kind, path, sources, diagnostics).filter(|_| diagnostics.len() == before)
}

/// Reads files of one kind, each once: those that can be judged. What is wrong with others is an error.
pub(super) fn load_each(
    kind: InputKind,
    paths: &[PathBuf],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<FileId> {
    let mut files = Vec::with_capacity(paths.len());
    let mut once = Once::default();
    for path in paths {
        if once.admit(path, sources, diagnostics) {
            files.extend(load_text_of(kind, path, sources, diagnostics));
        }
    }
    files
}

/// Reads files of applied quotas, none of which states what another states.
pub(super) fn load_granted(
    paths: &[PathBuf],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Granted> {
    let files = load_each(InputKind::Document, paths, sources, diagnostics);
    let mut all_read = files.len() == paths.len();
    let mut granted = Granted::default();
    for file in files {
        match config::parse_granted(sources, file, diagnostics) {
            Some(more) => granted.join(more, sources, diagnostics),
            None => all_read = false,
        }
    }
    all_read.then_some(granted)
}

/// Reads the model table, with an overlay where one is named.
pub(super) fn load_catalog(
    table: &TableArgs,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Catalog> {
    let overlay = match &table.models {
        None => None,
        Some(path) => Some(load_text(path, sources, diagnostics)?),
    };
    let unreadable = diagnostics.has_errors();
    catalog::load(sources, overlay, diagnostics).filter(|_| !unreadable)
}

/// Reads the named configuration, or the one in the working directory where there is one.
pub(super) fn load_config(
    named: Option<&Path>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Config> {
    match named.or_else(|| default_config(sources.folder())) {
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
/// A [`NamingError`] where the name leads to no model, or there is no scope or another one.
pub(super) fn named_model(
    name: &str,
    scope: Option<Scope>,
    catalog: &Catalog,
    config: &Config,
) -> Result<(ModelIndex, Scope), NamingError> {
    let target = config.aliases.get(name).map_or(name, |alias| alias.value.as_str());
    let named = catalog.find(target).map_err(|fault| NamingError::no_model(name, &fault, catalog))?;
    match (named.scope, scope) {
        (Some(own), Some(typed)) if own != typed => {
            Err(NamingError::OtherScope { name: name.to_owned(), typed, own })
        }
        (Some(scope), _) | (None, Some(scope)) => Ok((named.model, scope)),
        (None, None) => Err(NamingError::NoScope { name: name.to_owned() }),
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
    output::diagnostics(session, diagnostics, sources, args.diagnostics.max_errors);
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

/// What a command line states over the configuration, in every command that plans or replays.
pub(super) struct Overrides {
    /// Applied quotas; `None` where one of their files cannot be used.
    pub(super) granted: Option<Granted>,
    pub(super) headroom: Option<Ratio>,
    pub(super) confidence: Option<Ratio>,
    pub(super) reserve_cache_reads: bool,
    pub(super) rates_as_of: Option<FactDate>,
}

impl Overrides {
    /// Lays them over a configuration, and gives the assumptions that both make.
    pub(super) fn lay_over(
        self,
        config: &mut Config,
        catalog: &Catalog,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) -> Assumptions {
        if let Some(granted) = self.granted {
            let account = config.account.as_deref();
            config.granted.check(account, sources, diagnostics);
            granted.check(account, sources, diagnostics);
            config.granted.overlay(granted, account);
        }
        config.headroom = self.headroom.unwrap_or(config.headroom);
        config.confidence = self.confidence.unwrap_or(config.confidence);
        config.reserve_cache_reads |= self.reserve_cache_reads;
        let mut assumptions = Assumptions::new(config, catalog, diagnostics);
        assumptions.rates_as_of = self.rates_as_of;
        assumptions.workers = sources.workers();
        assumptions
    }
}

type Loaded = (Catalog, Config, Assumptions, WorkloadSet);

fn load_all(args: &InputArgs, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Loaded> {
    let workloads = load_each(InputKind::Rows, &args.workloads, sources, diagnostics);
    let config = match args.config(sources.folder()) {
        Some(path) => load_config_of(path, sources, diagnostics),
        None => Some(Config::default()),
    };
    let granted = load_granted(&args.granted, sources, diagnostics);
    // Faults of the other files must not keep the table from being read.
    let mut of_table = Diagnostics::new();
    let catalog = load_catalog(&args.table, sources, &mut of_table);
    diagnostics.append(of_table);
    let table_is_valid = catalog.is_some();
    // With a faulty overlay the other files are still judged, as far as the table does not matter.
    let catalog = catalog.or_else(|| catalog::load(sources, None, diagnostics))?;
    let mut rest = Diagnostics::new();
    let loaded = load_rest(args, sources, &catalog, &workloads, (config, granted), &mut rest);
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
    workloads: &[FileId],
    (config, granted): (Option<Config>, Option<Granted>),
    diagnostics: &mut Diagnostics,
) -> Option<(Config, Assumptions, WorkloadSet)> {
    let mut config = config.unwrap_or_default();
    let typed = Overrides {
        granted,
        headroom: args.headroom,
        confidence: args.confidence,
        reserve_cache_reads: args.cache_reads.reserve_cache_reads,
        rates_as_of: args.rates_as_of,
    };
    let mut assumptions = typed.lay_over(&mut config, catalog, sources, diagnostics);
    assumptions.today = args.today.unwrap_or(assumptions.today);
    assumptions.months = args.months;
    let options = ReadOptions {
        delimiter: args.delimiter.map(super::args::Delimiter::byte),
        decimal: args.decimal,
        strict: args.strict,
        ..read_options(&config)
    };
    let workloads = workload::parse_all(sources, workloads, catalog, &options, diagnostics)?;
    Some((config, assumptions, workloads))
}
