//! `--update`: the figures into the cells of one row, every other byte of the file as it was.

use std::path::{Path, PathBuf};

use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::cli::args::SampleArgs;
use crate::cli::inputs::read_options;
use crate::cli::sample::error::UpdateError;
use crate::cli::sample::note::note;
use crate::cli::staged::{StagedFiles, refuse_other_input};
use crate::cli::{CliError, Session, output};
use crate::config::Config;
use crate::report::words::{SampleRemark, language};
use crate::stream::{is_by_link, is_gzip, load_bytes};
use crate::text::suggest::nearest;
use crate::text::{Diagnostics, Encoding, InputKind, Sources, decode};
use crate::units::Tokens;
use crate::workload::{self, Column, ReadOptions, Workload, WorkloadSet};

/// A file whose row is to be written.
pub(super) struct Row {
    path: PathBuf,
    bytes: Vec<u8>,
    options: ReadOptions,
    set: WorkloadSet,
    index: usize,
}

/// Opens the file and finds the row; `None` where the file is faulty, which is reported.
///
/// # Errors
/// Where there is no such row, several, or one of another model.
pub(super) fn open(
    path: &Path,
    args: &SampleArgs,
    (catalog, model, scope): (&Catalog, ModelIndex, Scope),
    config: &Config,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
    session: &Session<'_>,
) -> Result<Option<Row>, CliError> {
    // The bytes as they stand on the disk are what is written again.
    let Some(bytes) = load_bytes(path, InputKind::Rows, sources, diagnostics) else { return Ok(None) };
    refuse_other_input(path, sources)?;
    let name = path.display().to_string();
    if is_gzip(&bytes) || Encoding::of(&bytes) != Encoding::Utf8 {
        let encoding = if is_gzip(&bytes) { "gzip" } else { "UTF-16" };
        return Err(UpdateError::Encoding { path: name, encoding }.into());
    }
    let options = ReadOptions { decimal: args.decimal, ..read_options(config) };
    let before = diagnostics.len();
    let file = decode(sources, &name, bytes.clone(), diagnostics);
    if let Some(file) = file.filter(|_| is_by_link(path, sources)) {
        sources.conceal(file);
        diagnostics.conceal(file);
    }
    let file = file.filter(|_| diagnostics.len() == before);
    let set = file.and_then(|file| workload::parse(sources, file, catalog, &options, diagnostics));
    let Some(set) = set.filter(|_| !diagnostics.has_errors()) else { return Ok(None) };
    let index = find(&set, args, &name)?;
    let row = &set.rows()[index];
    if row.model() != model {
        let line = set.line(sources, row);
        let [model, counted] = [row.model(), model].map(|model| catalog.model(model).name.clone());
        return Err(UpdateError::OtherModel { path: name, line, model, counted }.into());
    }
    if row.scope() != scope {
        let (own, line) = (row.scope(), set.line(sources, row));
        let words = language().sample_remark(SampleRemark::OtherScope { row: own, answers: scope });
        output::remark(session, &format!("note: {name}:{line}: {words}"));
    }
    Ok(Some(Row { path: path.to_owned(), bytes, options, set, index }))
}

fn find(set: &WorkloadSet, args: &SampleArgs, path: &str) -> Result<usize, UpdateError> {
    let wanted = args.workload.as_deref().unwrap_or_default();
    let period_of = |index: usize| set.rows()[index].period().map(|period| set.text(period));
    let named: Vec<usize> = set
        .rows()
        .iter()
        .enumerate()
        .filter(|(_, row)| row.name() == wanted)
        .map(|(index, _)| index)
        .collect();
    if named.is_empty() {
        let meant = nearest(wanted, set.rows().iter().map(|row| row.name()));
        let meant = meant.map(str::to_owned);
        return Err(UpdateError::NoWorkload { path: path.to_owned(), name: wanted.to_owned(), meant });
    }
    let fits = |index: &&usize| args.period.is_none() || period_of(**index) == args.period.as_deref();
    let fitting: Vec<usize> = named.iter().filter(fits).copied().collect();
    match fitting.as_slice() {
        [index] => Ok(*index),
        _ => {
            let periods = named.iter().filter_map(|index| period_of(*index)).map(str::to_owned).collect();
            let (path, name) = (path.to_owned(), wanted.to_owned());
            Err(match args.period.clone() {
                Some(period) => UpdateError::NoPeriod { path, name, period, periods },
                None => UpdateError::SeveralPeriods { path, name, periods },
            })
        }
    }
}

impl Row {
    /// Whether the file can be replaced, before anything is paid for.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn probe(&self, sources: &Sources) -> Result<(), CliError> {
        StagedFiles::new().rewrite(&self.path, b"", sources)
    }

    /// Writes the cells that the file has columns for; the file is replaced whole or not at all.
    ///
    /// # Errors
    /// Where a figure that changes the plan has no column, or the file would not be valid.
    pub(super) fn write(
        self,
        cells: &[(Column, String)],
        catalog: &Catalog,
        sources: &mut Sources,
        max_errors: usize,
        session: &Session<'_>,
    ) -> Result<(), CliError> {
        let row = &self.set.rows()[self.index];
        let rewrite = self.set.rewrite(sources, row, cells);
        let name = self.path.display().to_string();
        let place = format!("{name}:{}", self.set.line(sources, row));
        let header = self.set.header_with(sources, row, &rewrite.missing);
        refuse_loss(&name, cells, &rewrite.missing, &header)?;
        refuse_twice(&place, row, cells)?;
        let bytes = rewrite.apply(&self.bytes);
        let mut diagnostics = Diagnostics::new();
        let read = decode(sources, &name, bytes.clone(), &mut diagnostics)
            .and_then(|file| workload::parse(sources, file, catalog, &self.options, &mut diagnostics));
        if read.is_none() || diagnostics.has_errors() {
            output::diagnostics(session, diagnostics, sources, max_errors);
            return Err(UpdateError::NotValid { path: name }.into());
        }
        let text = String::from_utf8(bytes).map_err(|_| UpdateError::NotUtf8 { path: name.clone() })?;
        // The calls may have taken minutes: what somebody wrote meanwhile is not lost.
        if std::fs::read(session.at(&self.path)).ok().as_deref() != Some(self.bytes.as_slice()) {
            return Err(UpdateError::Changed { path: name }.into());
        }
        let mut staged = StagedFiles::new();
        staged.rewrite(&self.path, text.as_bytes(), sources)?;
        staged.commit()?;
        let written = cells.iter().filter(|(column, _)| !rewrite.missing.contains(column));
        let written: Vec<(&str, &str)> =
            written.map(|(column, cell)| (column.name(), cell.as_str())).collect();
        let words = language().sample_remark(SampleRemark::Written(&written));
        output::remark(session, &format!("{place}: {words}"));
        if !rewrite.missing.is_empty() {
            let columns: Vec<&str> = rewrite.missing.iter().map(|column| column.name()).collect();
            note(session, SampleRemark::NoColumns { file: &name, columns: &columns, header: &header });
        }
        let kept: Vec<&str> = [
            (Column::OutputTokens, row.output()),
            (Column::CacheReadTokens, row.cache_read()),
            (Column::CacheWriteTokens, row.cache_write()),
        ]
        .into_iter()
        .filter(|(column, old)| old.millionths() > 0 && !cells.iter().any(|(written, _)| written == column))
        .map(|(column, _)| column.name())
        .collect();
        if !kept.is_empty() {
            note(session, SampleRemark::Kept(&kept));
        }
        Ok(())
    }
}

/// Input that these answers count whole, and of which the row counts a part as cached, would count twice.
fn refuse_twice(place: &str, row: &Workload, cells: &[(Column, String)]) -> Result<(), UpdateError> {
    let written = |column| cells.iter().any(|(written, _)| *written == column);
    let kept = |column, tokens: Tokens| tokens.millionths() > 0 && !written(column);
    let cached =
        kept(Column::CacheReadTokens, row.cache_read()) || kept(Column::CacheWriteTokens, row.cache_write());
    if cached && written(Column::InputTokens) {
        return Err(UpdateError::CountedTwice { place: place.to_owned() });
    }
    Ok(())
}

/// Cached tokens are no input any more, so without a column for them the row would lose them.
fn refuse_loss(
    name: &str,
    cells: &[(Column, String)],
    missing: &[Column],
    header: &str,
) -> Result<(), UpdateError> {
    let lost: Vec<Column> = cells
        .iter()
        .filter(|(column, cell)| {
            matches!(column, Column::CacheReadTokens | Column::CacheWriteTokens)
                && cell != "0"
                && missing.contains(column)
        })
        .map(|(column, _)| *column)
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    Err(UpdateError::NoColumn { path: name.to_owned(), columns: lost, header: header.to_owned() })
}
