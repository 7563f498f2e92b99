//! What a run has besides its arguments: a working folder, standard input, both outputs, and whether they are
//! terminals. Whoever runs a command hands them in; nothing below reads those of the process.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;

use crate::text::{FactDate, FileIdentity, InputLimits, Sources, StandardInput};
use crate::threads::Workers;

/// Which of a run's streams are terminals, and how text for people looks. By default none of them is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminals {
    /// Whether standard input is a terminal, at which somebody can be asked.
    pub input: bool,
    /// Whether standard output is a terminal.
    pub output: bool,
    /// Whether standard error is a terminal.
    pub errors: bool,
    /// Whether text on a terminal may be coloured.
    pub colour: bool,
    /// Columns of text for people, where they are known; 100 otherwise.
    pub width: Option<usize>,
    /// Columns of the help text; without a number, those of the process's terminal.
    pub help_width: Option<usize>,
}

impl Default for Terminals {
    fn default() -> Self {
        Self { input: false, output: false, errors: false, colour: false, width: None, help_width: Some(100) }
    }
}

/// The surroundings of one run, see [`main_from`](super::main_from).
pub struct Session<'a> {
    folder: PathBuf,
    input: StandardInput,
    output: Mutex<&'a mut (dyn Write + Send)>,
    errors: Mutex<&'a mut (dyn Write + Send)>,
    terminals: Terminals,
    workers: Workers,
    limits: InputLimits,
    /// The day of the run; that of the clock where it is not stated.
    day: Option<FactDate>,
    /// Whether the process ends with the run, and its streams are those of the process.
    is_process: bool,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl<'a> Session<'a> {
    /// A run in `folder`, which relative paths start from; an empty path is the folder of the process.
    pub fn new(
        folder: impl Into<PathBuf>,
        input: impl Read + Send + 'static,
        output: &'a mut (dyn Write + Send),
        errors: &'a mut (dyn Write + Send),
    ) -> Self {
        Self {
            folder: folder.into(),
            input: StandardInput::new(input),
            output: Mutex::new(output),
            errors: Mutex::new(errors),
            terminals: Terminals::default(),
            workers: Workers::of_this_machine(),
            limits: InputLimits::default(),
            day: None,
            is_process: false,
        }
    }

    /// The same with other terminals.
    #[must_use]
    pub fn with_terminals(mut self, terminals: Terminals) -> Self {
        self.terminals = terminals;
        self
    }

    /// The same on other threads.
    #[must_use]
    pub const fn with_workers(mut self, workers: Workers) -> Self {
        self.workers = workers;
        self
    }

    /// The same with other limits on the size of an input that is held whole.
    #[must_use]
    pub const fn with_limits(mut self, limits: InputLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The same on a stated day instead of the clock's.
    #[must_use]
    pub const fn with_day(mut self, day: FactDate) -> Self {
        self.day = Some(day);
        self
    }

    /// The day of the run, in UTC; `None` where the clock shows no date. Only results that state the day on which
    /// they were made read it: live look-ups, and request packs.
    pub(super) fn day(&self) -> Option<FactDate> {
        let clock = || FactDate::parse(&jiff::Timestamp::now().to_zoned(TimeZone::UTC).date().to_string());
        self.day.or_else(clock)
    }

    /// The same where the process ends with the run.
    pub(super) fn of_the_process(mut self) -> Self {
        self.is_process = true;
        // A result must not take the place of what standard input is redirected from.
        self.input = self.input.of_file(FileIdentity::of_path(Path::new("/dev/stdin")));
        self
    }

    /// Whether the process ends with the run, and its streams are those of the process.
    pub(super) const fn is_process(&self) -> bool {
        self.is_process
    }

    pub(super) const fn workers(&self) -> Workers {
        self.workers
    }

    pub(super) const fn terminals(&self) -> Terminals {
        self.terminals
    }

    /// Where a path as it was typed leads.
    pub(super) fn at(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// No files yet; those that are read are found from the working folder.
    pub(super) fn sources(&self) -> Sources {
        Sources::of_run(self.folder.clone(), self.input.clone()).read_on(self.workers).within(self.limits)
    }

    /// A line from standard input.
    pub(super) fn read_line(&self) -> io::Result<String> {
        self.input.read_line()
    }

    pub(super) fn output(&self) -> MutexGuard<'_, &'a mut (dyn Write + Send)> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn errors(&self) -> MutexGuard<'_, &'a mut (dyn Write + Send)> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
