//! The standard input of a run: handed in by whoever runs it, and read by one reader at most.

use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::identity::FileIdentity;
use super::plain::shell_word;

/// Bytes of an answer at most.
const LINE_MAXIMUM: usize = 1 << 16;

/// How standard input is named in messages.
pub const STDIN: &str = "<stdin>";

/// Whether a path, as the user typed it, means standard input.
#[must_use]
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The name of an input in messages: its path as the user typed it, or `<stdin>`.
#[must_use]
pub fn input_name(path: &Path) -> String {
    if is_stdin(path) { STDIN.to_owned() } else { path.display().to_string() }
}

/// A name as messages show it, as a word of a command that somebody pastes.
#[must_use]
pub fn shell_input(name: &str) -> String {
    if name == STDIN { "-".to_owned() } else { shell_word(name) }
}

/// Standard input, until somebody takes it.
#[derive(Clone, Default)]
pub struct StandardInput(Arc<Held>);

#[derive(Default)]
struct Held {
    reader: Mutex<Option<Box<dyn Read + Send>>>,
    file: Option<FileIdentity>,
}

impl std::fmt::Debug for StandardInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StandardInput")
    }
}

impl StandardInput {
    /// Standard input that is read from `reader`.
    pub fn new(reader: impl Read + Send + 'static) -> Self {
        Self(Arc::new(Held { reader: Mutex::new(Some(Box::new(reader))), file: None }))
    }

    /// The same, known to be read from a file, where it is.
    #[must_use]
    pub fn of_file(self, file: Option<FileIdentity>) -> Self {
        Self(Arc::new(Held { reader: Mutex::new(self.take()), file }))
    }

    /// The file that it is read from, where that is known.
    #[must_use]
    pub fn file(&self) -> Option<&FileIdentity> {
        self.0.file.as_ref()
    }

    /// The reader; `None` where it has been taken before.
    #[must_use]
    pub fn take(&self) -> Option<Box<dyn Read + Send>> {
        self.0.reader.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Reads up to the end of a line and not beyond it; empty where nothing is left, or where the reader has been
    /// taken.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read_line(&self) -> io::Result<String> {
        let mut input = self.0.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line = Vec::new();
        if let Some(input) = input.as_mut() {
            // Byte by byte, since what follows the line is left to whoever reads next.
            let mut byte = [0];
            while line.len() < LINE_MAXIMUM && !line.ends_with(b"\n") && input.read(&mut byte)? > 0 {
                line.extend_from_slice(&byte);
            }
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }
}
