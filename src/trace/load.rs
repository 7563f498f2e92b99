//! From the paths that a user names to one trace: of a file, of several, or of folders.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::faults::Faults;
use super::joined::Joined;
use super::open::{FileRead, read_file};
use super::{ReadOptions, Trace};
use crate::catalog::Catalog;
use crate::logs::OtherObject;
use crate::stream::{InputPath, Inputs, SkipReason, Skipped};
use crate::text::{Diagnostics, Sources};

/// A trace, and the files it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedTrace {
    /// The requests of all files.
    pub trace: Trace,
    /// Where several paths were named, or a folder: what was read.
    pub files: Option<FilesRead>,
}

/// The files of a trace of several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesRead {
    /// How many were read.
    pub count: usize,
    /// What was found in folders and skipped.
    pub skipped: Skipped,
}

/// Reads a trace from a file, see [`read`]; a file that cannot be read is reported.
pub fn load(
    path: &Path,
    catalog: &Catalog,
    options: &ReadOptions,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Trace> {
    let loaded = load_all(&[path.to_owned()], catalog, options, sources, diagnostics, &|_| {});
    loaded.map(|loaded| loaded.trace)
}

/// Reads one trace from all files that paths lead to, folders included; what is wrong with any of them is reported
/// in one run.
///
/// All files have one format. Where it has dates, their order does not matter: files that overlap in time keep the
/// order in which they are named, which is that of requests at one instant; all others are put in the order of
/// time. `progress` hears the share of all bytes that is read, in percent, where their number is known.
pub fn load_all(
    paths: &[PathBuf],
    catalog: &Catalog,
    options: &ReadOptions,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
    progress: &dyn Fn(u64),
) -> Option<LoadedTrace> {
    // What is wrong here alone decides on the trace.
    let mut found = Diagnostics::new();
    let mut inputs = Inputs::of(paths, skipped_in_folders, sources, &mut found);
    let mut joined = Joined::new(catalog, options, inputs.list().len());
    let mut reading = Reading { sources, diagnostics: &mut found, listed: 0, is_whole: true };
    let whole_size = inputs.size().filter(|size| *size > 0);
    let (mut trace, mut count, mut size) = (None, 0, 0);
    for index in 0..inputs.list().len() {
        let Some(input) = inputs.list().get(index).cloned() else { break };
        let passed = |bytes: u64| {
            let share = |whole| (100 * u128::from(size + bytes) / u128::from(whole)).min(100);
            progress(whole_size.map_or(0, |whole| u64::try_from(share(whole)).unwrap_or(100)));
        };
        match reading.file(&input, &mut joined, passed) {
            Some((FileRead::Empty, _)) => inputs.skip(index, SkipReason::EMPTY),
            Some((FileRead::Whole, read)) => {
                trace = read;
                count += 1;
            }
            None => count += 1,
        }
        size += input.size().unwrap_or(0);
    }
    joined.report_clocks(reading.diagnostics);
    if inputs.list().len() > 1 && reading.is_whole && !reading.diagnostics.has_errors() {
        trace = reading.joined(&inputs, &mut joined);
    }
    inputs.report_folders(&mut found);
    let is_usable = !found.has_errors();
    diagnostics.append(found);
    let files = || FilesRead { count, skipped: inputs.skipped() };
    let files = inputs.are_several().then(files);
    trace.filter(|_| is_usable).map(|trace| LoadedTrace { trace, files })
}

/// Reads a trace, reporting every fault in one run; `None` where there is an error.
///
/// Memory is what the trace takes and a few MiB, whatever the length of the file. Of a faulty line the
/// text is kept in `sources`, except of an invocation log.
pub fn read(
    name: &str,
    reader: impl Read,
    catalog: &Catalog,
    options: &ReadOptions,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Trace> {
    let mut joined = Joined::new(catalog, options, 1);
    let mut faults = Faults::new(options.listed_faults);
    let read = read_file((name, false), reader, &mut joined, &mut faults, diagnostics);
    let trace = read.and_then(|_| joined.finish(&mut faults));
    let is_usable = faults.report(name, sources, diagnostics);
    trace.filter(|_| is_usable)
}

/// What in a folder of logs holds no records, by its path: what Bedrock saves beside them.
#[must_use]
pub fn skipped_in_folders(path: &Path) -> Option<SkipReason> {
    let (word, description) = match OtherObject::of_path(path)? {
        OtherObject::PermissionCheck => ("permission-check", "Bedrock's permission check"),
        OtherObject::Body => ("body", "body that Bedrock saves beside its logs"),
    };
    Some(SkipReason { word, description })
}

/// Reads the files of a run, one after the other.
struct Reading<'r> {
    sources: &'r mut Sources,
    diagnostics: &'r mut Diagnostics,
    /// Faults that are listed so far.
    listed: usize,
    /// Whether every file was read to its end.
    is_whole: bool,
}

impl Reading<'_> {
    /// Reads a file; the only one of a run gives its trace.
    fn file(
        &mut self,
        input: &InputPath,
        joined: &mut Joined<'_>,
        passed: impl FnMut(u64),
    ) -> Option<(FileRead, Option<Trace>)> {
        let Some(opened) = input.open(self.sources, self.diagnostics) else {
            self.is_whole = false;
            return None;
        };
        let name = input.name();
        let mut faults = Faults::new(joined.options.listed_faults.saturating_sub(self.listed));
        faults.is_by_link = input.is_by_link();
        let named = (name.as_str(), input.is_found());
        let read = read_file(named, opened.counted(passed), joined, &mut faults, self.diagnostics);
        self.is_whole &= read.is_some();
        let trace = read.and_then(|_| joined.finish_if_alone(&mut faults));
        self.listed += faults.listed();
        let is_usable = faults.report(&name, self.sources, self.diagnostics);
        Some((read?, trace.filter(|_| is_usable)))
    }

    /// The trace of several files.
    fn joined(&mut self, inputs: &Inputs, joined: &mut Joined<'_>) -> Option<Trace> {
        let mut faults = Faults::new(1);
        let trace = joined.finish(&mut faults);
        let name = inputs.list().first().map(InputPath::name).unwrap_or_default();
        let is_usable = faults.report(&name, self.sources, self.diagnostics);
        trace.filter(|_| is_usable)
    }
}
