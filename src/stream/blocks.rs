//! A file in blocks that end where a record ends, each as UTF-8 text with the number of its first line.
//!
//! What comes in is decoded already; here a lone CR becomes LF, and what is not UTF-8 becomes `?` and is reported.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;

use super::refused::is_binary;

/// Bytes that are read at once.
const READ: usize = 1 << 20;

/// Longest record: a log's bodies are cut at 100 KB, so what is longer is a quote that never closes, or
/// no trace.
const LONGEST: usize = 16 << 20;

/// Why there is no further block.
#[derive(Debug)]
pub enum BlockFault {
    /// The file cannot be read.
    Io(io::Error),
    /// The file is no text.
    Binary,
    /// A record that starts on this line never seems to end.
    Endless(usize),
}

impl From<io::Error> for BlockFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Some records.
pub struct Block<'b> {
    /// The records.
    pub text: &'b str,
    /// Places in the text at which there were bytes that are not UTF-8.
    pub invalid: Vec<Range<usize>>,
    /// An offset, and the number of the line that it lies in.
    known: Cell<(usize, usize)>,
    /// Characters of the first line that stand in front of the block.
    pub before: usize,
    /// Whether nothing follows.
    pub is_last: bool,
}

impl Block<'_> {
    /// The 1-based line of an offset; quick for offsets that grow.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> usize {
        let (from, line) = self.known.get();
        let bytes = self.text.as_bytes();
        let ends =
            |range| memchr::memchr_iter(b'\n', bytes.get::<Range<usize>>(range).unwrap_or_default()).count();
        let line = if offset < from {
            line.saturating_sub(ends(offset..from))
        } else {
            line + ends(from..offset.min(bytes.len()))
        };
        self.known.set((offset.min(bytes.len()), line));
        line
    }
}

/// How a block may be cut: the offset behind the last record that is whole.
pub type Cut = fn(&[u8]) -> Option<usize>;

/// Reads a file in blocks.
pub struct Blocks<R> {
    input: R,
    cut: Cut,
    bytes: Vec<u8>,
    /// Bytes at the start that were given out.
    given: usize,
    /// Bytes at the start in which every lone CR is LF.
    plain: usize,
    wanted: usize,
    opened: bool,
    ended: bool,
    line: usize,
    /// Characters of the line in front of what comes next.
    column: usize,
    /// Where the last block started: its offset, line and column.
    last: (usize, usize, usize),
    /// Bytes that were given back, and come again with more behind them.
    kept: usize,
}

impl<R: Read> Blocks<R> {
    /// The blocks of decoded text, cut in one way until [`Blocks::cut_by`] names another.
    pub fn new(input: R, cut: Cut) -> Self {
        Self {
            input,
            cut,
            bytes: Vec::new(),
            given: 0,
            plain: 0,
            wanted: READ,
            opened: false,
            ended: false,
            line: 1,
            column: 0,
            last: (0, 1, 0),
            kept: 0,
        }
    }

    /// Cuts from here on, what was read already included, as another kind of file is cut.
    pub fn cut_by(&mut self, cut: Cut) {
        self.cut = cut;
    }

    /// The bytes that come next, some of them at least, without taking them.
    ///
    /// # Errors
    /// Where they cannot be read, or are no text.
    pub fn peek(&mut self) -> Result<&[u8], BlockFault> {
        self.fill()?;
        Ok(self.bytes.get(self.given..self.plain).unwrap_or_default())
    }

    /// The next block; `None` at the end.
    ///
    /// # Errors
    /// Where it cannot be read, is no text, or does not end.
    pub fn next_block(&mut self) -> Result<Option<Block<'_>>, BlockFault> {
        let end = loop {
            self.fill()?;
            let rest = self.bytes.get(self.given..self.plain).unwrap_or_default();
            if self.ended {
                if rest.is_empty() {
                    return Ok(None);
                }
                break self.plain;
            }
            let kept = self.kept;
            let cut = if kept > 0 { behind_the_last_ascii(rest) } else { (self.cut)(rest) };
            if let Some(length) = cut.filter(|length| *length > kept) {
                break self.given + length;
            }
            if rest.len() >= LONGEST {
                return Err(BlockFault::Endless(self.line));
            }
            // Twice as much each time, since all of it is looked at again.
            self.wanted = (rest.len() * 2 + READ).min(LONGEST);
        };
        self.wanted = READ;
        self.kept = 0;
        let start = std::mem::replace(&mut self.given, end);
        let bytes = self.bytes.get_mut(start..end).unwrap_or_default();
        let (line, before) = (self.line, self.column);
        self.last = (start, line, before);
        self.line += memchr::memchr_iter(b'\n', bytes).count();
        let invalid = replace_invalid(bytes);
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        self.column = column_behind(text, before);
        let is_last = self.ended && end == self.plain;
        Ok(Some(Block { text, invalid, known: Cell::new((0, line)), before, is_last }))
    }

    /// Gives back what stands behind an offset of the last block: it comes again with more behind it.
    ///
    /// # Errors
    /// Where it is longer than any record.
    pub fn keep_behind(&mut self, offset: usize) -> Result<(), BlockFault> {
        let (start, line, before) = self.last;
        let end = (start + offset).min(self.given);
        self.kept = self.given - end;
        if self.kept >= LONGEST {
            return Err(BlockFault::Endless(self.line));
        }
        let bytes = self.bytes.get(start..end).unwrap_or_default();
        self.line = line + memchr::memchr_iter(b'\n', bytes).count();
        self.column = column_behind(std::str::from_utf8(bytes).unwrap_or_default(), before);
        self.given = end;
        // Twice as much each time, since all of it is looked at again.
        self.wanted = (self.kept * 2 + READ).min(LONGEST);
        Ok(())
    }

    /// Reads until as much is there as is wanted.
    fn fill(&mut self) -> Result<(), BlockFault> {
        while !self.ended && self.plain - self.given < self.wanted {
            self.bytes.drain(..self.given);
            self.plain -= self.given;
            self.given = 0;
            let missing = self.wanted.saturating_sub(self.bytes.len()).max(READ);
            let count = self.input.by_ref().take(missing as u64).read_to_end(&mut self.bytes)?;
            self.ended = count < missing;
            if !std::mem::replace(&mut self.opened, true) && is_binary(&self.bytes, self.ended) {
                return Err(BlockFault::Binary);
            }
            self.end_lines();
        }
        Ok(())
    }

    /// Writes LF for every lone CR in what is new; a CR at its end may not be lone.
    fn end_lines(&mut self) {
        let kept = usize::from(!self.ended && self.bytes.last() == Some(&b'\r'));
        let until = self.bytes.len() - kept;
        let mut from = self.plain;
        while let Some(at) = memchr::memchr(b'\r', self.bytes.get(from..until).unwrap_or_default()) {
            let at = from + at;
            if self.bytes.get(at + 1) != Some(&b'\n')
                && let Some(byte) = self.bytes.get_mut(at)
            {
                *byte = b'\n';
            }
            from = at + 1;
        }
        self.plain = until;
    }
}

/// Writes `?` for what is not UTF-8, and tells where.
fn replace_invalid(bytes: &mut [u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(bytes.get(from..).unwrap_or_default()) {
        let start = from + error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |length| start + length);
        bytes.get_mut(start..end).unwrap_or_default().fill(b'?');
        found.push(start..end);
        from = end;
    }
    found
}

/// Characters of the last line of a text, in front of which so many stand.
fn column_behind(text: &str, before: usize) -> usize {
    match text.rsplit_once('\n') {
        Some((_, line)) => line.chars().count(),
        None => before + text.chars().count(),
    }
}

/// Behind the last character that is certainly whole.
fn behind_the_last_ascii(bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(u8::is_ascii).map(|at| at + 1)
}

/// Behind the last line end, or wherever a long line can be parted.
#[must_use]
pub fn anywhere(bytes: &[u8]) -> Option<usize> {
    behind_the_last_line(bytes).or_else(|| behind_the_last_ascii(bytes))
}

/// Behind the last line end.
#[must_use]
pub fn behind_the_last_line(bytes: &[u8]) -> Option<usize> {
    memchr::memrchr(b'\n', bytes).map(|at| at + 1)
}

/// Behind the last line end that is not within quotes.
///
/// As the CSV reader has it, a quote opens a field only at the field's start; whichever delimiter the
/// file has, those of all files are taken for one here.
#[must_use]
pub fn behind_the_last_row(bytes: &[u8]) -> Option<usize> {
    let mut safe = None;
    // Where the part without quotes starts.
    let mut from = 0;
    while let Some(open) = memchr::memchr(b'"', bytes.get(from..)?).map(|at| from + at) {
        safe = behind_the_last_line(bytes.get(from..open)?).map(|at| from + at).or(safe);
        let opens = open == 0 || matches!(bytes.get(open - 1), Some(b',' | b';' | b'\t' | b'\n' | b'\r'));
        from = open + 1;
        if !opens {
            continue;
        }
        loop {
            // Without a closing quote all that follows is inside.
            let Some(close) = memchr::memchr(b'"', bytes.get(from..)?) else { return safe };
            from += close + 1;
            if bytes.get(from) != Some(&b'"') {
                break;
            }
            from += 1;
        }
    }
    behind_the_last_line(bytes.get(from..)?).map(|at| from + at).or(safe)
}
