//! An input that is read as it passes by: its bytes counted, unpacked and decoded.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use super::gzip::Unpacked;
use super::open::{open, report_unreadable};
use crate::text::stdin::{input_name, is_stdin};
use crate::text::{Code, Decoder, Diagnostics, Encoding, Place, Sources};

/// An input by name, opened and not yet read.
pub struct Input {
    name: String,
    size: Option<u64>,
    reader: Box<dyn Read + Send>,
}

impl Input {
    /// Opens what a user named: a file, which is recorded as one that the run reads, or standard input, which is `-`.
    /// What cannot be opened is reported.
    pub fn open(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Self> {
        let name = input_name(path);
        match sources.take_held(path) {
            Some(Some(bytes)) => {
                let size = Some(bytes.len() as u64);
                return Some(Self { name, size, reader: Box::new(Cursor::new(bytes)) });
            }
            Some(None) => {
                report_unreadable(path, &io::ErrorKind::NotFound.into(), sources, diagnostics);
                return None;
            }
            None => {}
        }
        if is_stdin(path) {
            let reader = sources.take_standard_input();
            if reader.is_none() {
                report_taken(diagnostics);
            }
            return reader.map(|reader| Self { name, size: None, reader });
        }
        let opened = open(path, sources).map(|file| (size_of(&file), file));
        opened
            .map(|(size, file)| Self { name, size, reader: Box::new(file) })
            .map_err(|error| report_unreadable(path, &error, sources, diagnostics))
            .ok()
    }

    /// How messages name it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its bytes, packed as they are; `None` where that is not known before it is read.
    #[must_use]
    pub const fn size(&self) -> Option<u64> {
        self.size
    }

    /// Its bytes as they are. After every read `passed` hears how many have passed by.
    pub fn counted(self, passed: impl FnMut(u64)) -> impl Read {
        Counted { reader: self.reader, count: 0, passed }
    }
}

/// Says that standard input was named a second time.
pub(super) fn report_taken(diagnostics: &mut Diagnostics) {
    let help = "only one input of a run can be `-`: give the others as files";
    let place = Place::Path(input_name(Path::new("-")));
    diagnostics.add(Code::UnreadableFile, place, "standard input is read only once", help);
}

fn size_of(file: &File) -> Option<u64> {
    file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
}

struct Counted<R, F> {
    reader: R,
    count: u64,
    passed: F,
}

impl<R: Read, F: FnMut(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count += read as u64;
        (self.passed)(self.count);
        Ok(read)
    }
}

/// Why the rest of an input cannot be read.
#[derive(Debug)]
pub struct ReadFault {
    error: io::Error,
    is_gzip: bool,
}

impl ReadFault {
    /// A fault of an input that is gzip or not.
    #[must_use]
    pub const fn new(error: io::Error, is_gzip: bool) -> Self {
        Self { error, is_gzip }
    }

    /// Reports it.
    pub fn report(&self, name: &str, diagnostics: &mut Diagnostics) {
        let (message, help) = match &self.error {
            error if !self.is_gzip => ("the file cannot be read".to_owned(), error.to_string()),
            error if error.kind() == io::ErrorKind::UnexpectedEof => (
                "the gzip data end before they are complete".to_owned(),
                "the file was cut short: copy or save it again".to_owned(),
            ),
            error => {
                (format!("the gzip data are damaged: {error}"), "copy or save the file again".to_owned())
            }
        };
        diagnostics.add(Code::UnreadableFile, Place::Path(name.to_owned()), message, help);
    }
}

/// The text of an input: unpacked where it is gzip, and decoded.
pub struct Text<R> {
    /// UTF-8, but for what the input has that is no text.
    pub reader: Decoder<Unpacked<R>>,
    /// Whether it is gzip.
    pub is_gzip: bool,
}

impl<R: Read> Text<R> {
    /// Looks at the first bytes.
    ///
    /// # Errors
    /// Where they cannot be read or unpacked.
    pub fn new(reader: R) -> Result<Self, ReadFault> {
        let unpacked = Unpacked::new(reader).map_err(|error| ReadFault::new(error, false))?;
        let is_gzip = unpacked.is_gzip();
        let reader = Decoder::new(unpacked).map_err(|error| ReadFault::new(error, is_gzip))?;
        Ok(Self { reader, is_gzip })
    }

    /// The encoding that was detected.
    pub const fn encoding(&self) -> Encoding {
        self.reader.encoding()
    }
}
