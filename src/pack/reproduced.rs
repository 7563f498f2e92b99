//! Whether a pack on the disk is the one its inputs give: every file compared byte by byte as it is made.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use super::verify::{Found, Line, Lines, NotRead, REMEDY};
use super::{Destination, MANIFEST};
use crate::text::{Code, Diagnostics, Place, Sources, Span};

/// Most bytes of the rest of a line that are kept for a message.
const SHOWN: usize = 4 << 10;

/// Most bytes of the start of the manifest that are kept: the version and the model table stand there.
const HEAD: usize = 4 << 10;

/// Holds what is written to it, which is a pack as it is made, against what was found.
pub struct Comparison<'f> {
    found: BTreeMap<&'f str, &'f Found>,
    /// What became of each file that was made, by path.
    made: BTreeMap<String, Outcome>,
    /// The start of the manifest that was made.
    head: Vec<u8>,
    path: String,
    comparing: Option<Comparing<'f>>,
}

/// What became of a file.
enum Outcome {
    Same,
    Missing,
    NotRead(NotRead),
    Differs(Difference),
}

impl<'f> Comparison<'f> {
    /// A comparison with what was found.
    #[must_use]
    pub fn with(found: &'f [Found]) -> Self {
        Self {
            found: found.iter().map(|file| (file.path.as_str(), file)).collect(),
            made: BTreeMap::new(),
            head: Vec::new(),
            path: String::new(),
            comparing: None,
        }
    }

    /// Reports each difference at its place.
    ///
    /// # Errors
    /// Where a file cannot be read; the error names it.
    pub fn report(self, sources: &mut Sources, diagnostics: &mut Diagnostics) -> io::Result<()> {
        let Self { found, made, head, .. } = self;
        let folder = found.values().find_map(|file| file.name.strip_suffix(&file.path)).unwrap_or_default();
        if let Some(manifest) = found.get(MANIFEST).copied().filter(|_| made.contains_key(MANIFEST)) {
            stale(&String::from_utf8_lossy(&head), manifest, sources, diagnostics)?;
        }
        for (path, outcome) in &made {
            let name =
                found.get(path.as_str()).map_or_else(|| format!("{folder}{path}"), |file| file.name.clone());
            match outcome {
                Outcome::Same => {}
                Outcome::Missing => {
                    diagnostics.add(Code::PackFileMissing, Place::Path(name), "the file is missing", REMEDY);
                }
                Outcome::NotRead(reason) => {
                    diagnostics.add(Code::PackDiffers, Place::Path(name), reason.words(), REMEDY);
                }
                Outcome::Differs(difference) => difference.report(&name, sources, diagnostics),
            }
        }
        for (_, file) in found.iter().filter(|(path, _)| !made.contains_key(**path)) {
            let place = Place::Path(file.name.clone());
            let help = "move it elsewhere: a pack contains only what is made from its inputs";
            diagnostics.add(Code::PackFileUnknown, place, "the file does not belong to the pack", help);
        }
        Ok(())
    }
}

impl Destination for Comparison<'_> {
    fn begin(&mut self, path: &str, _: bool) -> io::Result<()> {
        path.clone_into(&mut self.path);
        let outcome = match self.found.get(path) {
            None => Outcome::Missing,
            Some(Found { content: Err(reason), .. }) => Outcome::NotRead(*reason),
            Some(file) => {
                self.comparing = Some(Comparing::of(file)?);
                Outcome::Same
            }
        };
        self.made.insert(path.to_owned(), outcome);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let difference = self.comparing.take().map(Comparing::end).transpose()?.flatten();
        if let Some(difference) = difference {
            self.made.insert(std::mem::take(&mut self.path), Outcome::Differs(difference));
        }
        Ok(())
    }
}

impl Write for Comparison<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.path == MANIFEST {
            let room = HEAD - self.head.len();
            self.head.extend(bytes.iter().take(room));
        }
        if let Some(comparing) = &mut self.comparing {
            comparing.next(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One file on its way through a comparison.
struct Comparing<'f> {
    file: &'f Found,
    reader: Box<dyn BufRead + 'f>,
    /// The number of the line that is compared.
    number: usize,
    /// That line, as far as it is the same.
    line: Vec<u8>,
    difference: Option<Difference>,
}

/// The first place where a file is not what it should be.
struct Difference {
    number: usize,
    /// The line as far as it is the same.
    same: Vec<u8>,
    /// What its inputs give from there on, to the end of the line or of the file.
    wanted: Vec<u8>,
    /// Whether more of that line may come.
    is_open: bool,
    /// What was found from there on, likewise.
    found: Vec<u8>,
}

impl<'f> Comparing<'f> {
    fn of(file: &'f Found) -> io::Result<Self> {
        Ok(Self { file, reader: file.reader()?, number: 1, line: Vec::new(), difference: None })
    }

    /// Compares what the inputs give next.
    fn next(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while self.difference.is_none() && !bytes.is_empty() {
            let found = self.reader.fill_buf().map_err(|error| self.file.unreadable(&error))?;
            let length = found.len().min(bytes.len());
            let same = if found[..length] == bytes[..length] {
                length
            } else {
                found.iter().zip(bytes).take_while(|(found, wanted)| found == wanted).count()
            };
            let (passed, rest) = bytes.split_at(same);
            self.number += memchr::memchr_iter(b'\n', passed).count();
            if let Some(end) = memchr::memrchr(b'\n', passed) {
                self.line.clear();
                self.line.extend_from_slice(&passed[end + 1..]);
            } else {
                self.line.extend_from_slice(passed);
            }
            self.reader.consume(same);
            // Where all that was read is the same, there may be more to read.
            if length == 0 || same < length {
                self.differs()?;
            }
            bytes = rest;
        }
        if let Some(difference) = self.difference.as_mut().filter(|difference| difference.is_open) {
            difference.is_open = take_line(&mut difference.wanted, bytes, b"\n");
        }
        Ok(())
    }

    /// Keeps this place as that of the difference, with what was found here.
    fn differs(&mut self) -> io::Result<()> {
        let mut found = Vec::new();
        loop {
            let bytes = self.reader.fill_buf().map_err(|error| self.file.unreadable(&error))?;
            let length = bytes.len();
            if length == 0 || !take_line(&mut found, bytes, b"\r\n") {
                break;
            }
            self.reader.consume(length);
        }
        let same = std::mem::take(&mut self.line);
        self.difference =
            Some(Difference { number: self.number, same, wanted: Vec::new(), is_open: true, found });
        Ok(())
    }

    /// The difference, where there is one when all that the inputs give has been compared.
    fn end(mut self) -> io::Result<Option<Difference>> {
        if self.difference.is_none() {
            let rest = self.reader.fill_buf().map_err(|error| self.file.unreadable(&error))?;
            if !rest.is_empty() {
                self.differs()?;
            }
        }
        Ok(self.difference)
    }
}

/// Takes bytes up to the end of their line, as many as are shown; whether more of the line may come.
fn take_line(line: &mut Vec<u8>, bytes: &[u8], ends: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| ends.contains(byte));
    let part = &bytes[..end.unwrap_or(bytes.len())];
    let room = SHOWN.saturating_sub(line.len());
    line.extend(part.iter().take(room));
    end.is_none() && part.len() < room
}

impl Difference {
    fn report(&self, name: &str, sources: &mut Sources, diagnostics: &mut Diagnostics) {
        // Before a character of which the first bytes alone are the same.
        let at = match std::str::from_utf8(&self.same) {
            Ok(same) => same.len(),
            Err(error) => error.valid_up_to(),
        };
        let line = |rest: &[u8]| String::from_utf8_lossy(&[&self.same, rest].concat()).into_owned();
        let wanted = line(&self.wanted);
        let wanted = if self.is_open && wanted.is_empty() { "the end of the file" } else { wanted.trim() };
        let message = format!("the file does not match its inputs; expected here: {wanted}");
        let line = Line { number: self.number, text: line(&self.found) };
        let file = sources.add(line.into_source(name));
        diagnostics.at(Code::PackDiffers, Span { file, start: at, end: at }, message, REMEDY);
    }
}

/// A pack of another version or model table differs for that reason alone: it is said first.
fn stale(made: &str, found: &Found, sources: &mut Sources, diagnostics: &mut Diagnostics) -> io::Result<()> {
    const KEYS: [(&str, &str); 3] = [
        ("\"quotaplan\": ", "version of quotaplan"),
        ("\"newest_fact\": ", "date of the model table"),
        ("\"sha256\": ", "model table"),
    ];
    // Each key stands first where it is about the program: the hashes of files come last.
    let mut theirs = KEYS.map(|_| None);
    let mut lines = Lines::of(found)?;
    while theirs.iter().any(Option::is_none)
        && let Some(line) = lines.next()?
    {
        for (theirs, (key, _)) in theirs.iter_mut().zip(KEYS) {
            if theirs.is_none() && line.text.contains(key) {
                *theirs = Some(line.clone());
            }
        }
    }
    for ((key, what), theirs) in KEYS.into_iter().zip(theirs) {
        let ours = made.lines().find(|line| line.contains(key));
        if let (Some(ours), Some(theirs)) = (ours, theirs)
            && ours != theirs.text
        {
            let value =
                |line: &str| line.trim_start().trim_start_matches(key).trim_end_matches(',').to_owned();
            let (ours, end) = (value(ours), theirs.text.len());
            let message =
                format!("the pack was made with another {what}: {}, now {ours}", value(&theirs.text));
            let file = sources.add(theirs.into_source(&found.name));
            let help = "make the pack again: rates, defaults and rules may have changed";
            diagnostics.at(Code::PackStale, Span { file, start: 0, end }, message, help);
            break;
        }
    }
    Ok(())
}
