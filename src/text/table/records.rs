//! The records of a table, one after the other: blank rows and comments are passed over, and a record whose quotes
//! or number of cells are wrong goes to the room as a fault.
//!
//! Must not allocate for a record: files have millions.

use std::ops::Range;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{Quoting, fields, record_start, trimmed_range};
use crate::text::Code;

/// How a table is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) delimiter: u8,
    /// Cells of a record; `None` where the room counts them itself.
    pub(crate) width: Option<usize>,
    /// Whether a person writes it, who may write comments and forget a quote.
    pub(crate) is_by_hand: bool,
}

/// Walks the records of a text.
pub(crate) struct Records<'t> {
    text: &'t str,
    /// The offset in the text at which the records start.
    from: usize,
    bytes: &'t [u8],
    shape: Shape,
    quoted: bool,
    reader: Reader<&'t [u8]>,
    cells: ByteRecord,
    is_any: bool,
}

/// One record.
#[derive(Clone, Copy)]
pub(crate) struct Record<'r> {
    /// Its cells, without quotes.
    pub(crate) cells: &'r ByteRecord,
    bytes: &'r [u8],
    from: usize,
    before: usize,
    is_by_hand: bool,
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordFault {
    /// A quote never closes.
    UnclosedQuote,
    /// Text follows a closing quote, or a quote stands in an unquoted field.
    StrayQuote,
    /// It has more or fewer cells than the header.
    Length {
        found: usize,
        wanted: usize,
        /// Whether all cells behind those of the header are empty.
        surplus_is_empty: bool,
        delimiter: u8,
    },
}

impl<'t> Records<'t> {
    /// The records in a range of a text; `quoted` tells whether there may be a quote in it.
    pub(crate) fn new(text: &'t str, range: Range<usize>, shape: Shape, quoted: bool) -> Self {
        let from = range.start;
        let bytes = text.as_bytes().get(range).unwrap_or_default();
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(shape.delimiter)
            .comment(shape.is_by_hand.then_some(b'#'))
            .buffer_capacity(64 << 10)
            .from_reader(bytes);
        Self { text, from, bytes, shape, quoted, reader, cells: ByteRecord::new(), is_any: false }
    }

    /// Whether there was a record, right or wrong, so far.
    pub(crate) fn is_any(&self) -> bool {
        self.is_any
    }

    /// The next record in which nothing is wrong; what is wrong with those before it goes to `report`.
    #[inline]
    pub(crate) fn next(&mut self, mut report: impl FnMut(Range<usize>, RecordFault)) -> Option<Record<'_>> {
        let Shape { delimiter, width, is_by_hand } = self.shape;
        loop {
            let before = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            // Bytes in memory: reading them cannot fail.
            if !self.reader.read_byte_record(&mut self.cells).unwrap_or(false) {
                return None;
            }
            let is_empty = |field: &[u8]| field.trim_ascii().is_empty();
            if self.cells.iter().all(is_empty) || (is_by_hand && is_quoted_comment(&self.cells)) {
                continue;
            }
            self.is_any = true;
            let (bytes, from) = (self.bytes, self.from);
            // Where it starts is looked for only where something is to be pointed at.
            let start = || start(bytes, (from, before), is_by_hand);
            if self.quoted && is_by_hand && !quotes_are_fine(self.text, start(), delimiter, &mut report) {
                continue;
            }
            if let Some(wanted) = width.filter(|width| *width != self.cells.len()) {
                row_length(self.text, start(), &self.cells, (wanted, delimiter), &mut report);
                continue;
            }
            return Some(Record { cells: &self.cells, bytes, from, before, is_by_hand });
        }
    }
}

impl Record<'_> {
    /// The offset of its first cell in the text.
    pub(crate) fn start(&self) -> usize {
        start(self.bytes, (self.from, self.before), self.is_by_hand)
    }
}

/// The start of the record behind an offset at which the one before it ended.
fn start(bytes: &[u8], (from, before): (usize, usize), has_comments: bool) -> usize {
    let before = before.min(bytes.len());
    if has_comments {
        return from + record_start(bytes, before);
    }
    let is_end = |byte: &&u8| matches!(byte, b'\n' | b'\r');
    from + before + bytes.get(before..).unwrap_or_default().iter().take_while(is_end).count()
}

/// A comment that a spreadsheet has quoted on saving: `"# text"` with nothing but empty cells behind it.
fn is_quoted_comment(cells: &ByteRecord) -> bool {
    let mut cells = cells.iter();
    cells.next().is_some_and(|first| first.starts_with(b"#"))
        && cells.all(|cell| cell.trim_ascii().is_empty())
}

fn quotes_are_fine(
    text: &str,
    start: usize,
    delimiter: u8,
    report: &mut impl FnMut(Range<usize>, RecordFault),
) -> bool {
    let mut fine = true;
    for field in fields(text, start, delimiter) {
        let fault = match field.quoting {
            Quoting::Fine => continue,
            Quoting::Unclosed => RecordFault::UnclosedQuote,
            Quoting::Stray => RecordFault::StrayQuote,
        };
        let width = text[field.fault..].chars().next().map_or(0, char::len_utf8);
        report(field.fault..field.fault + width, fault);
        fine = false;
    }
    fine
}

fn row_length(
    text: &str,
    start: usize,
    cells: &ByteRecord,
    (wanted, delimiter): (usize, u8),
    report: &mut impl FnMut(Range<usize>, RecordFault),
) {
    let fields = fields(text, start, delimiter);
    let surplus = fields.get(wanted).or(fields.last());
    let at = surplus.map_or(start..start, |field| trimmed_range(text, *field));
    let surplus_is_empty = cells.iter().skip(wanted).all(|cell| cell.trim_ascii().is_empty());
    report(at, RecordFault::Length { found: cells.len(), wanted, surplus_is_empty, delimiter });
}

impl RecordFault {
    /// The code of its diagnostic.
    pub(crate) const fn code(self) -> Code {
        match self {
            Self::UnclosedQuote => Code::UnclosedQuote,
            Self::StrayQuote => Code::StrayQuote,
            Self::Length { .. } => Code::RowLength,
        }
    }

    /// What is wrong, and what to do.
    pub(crate) fn words(self) -> (String, String) {
        let (message, help) = match self {
            Self::UnclosedQuote => {
                ("this quote never closes".to_owned(), "close it; inside quotes write a quote twice")
            }
            Self::StrayQuote => (
                "there is text after the closing quote, or a quote inside an unquoted field".to_owned(),
                "quote the whole field, and write a quote inside it twice",
            ),
            Self::Length { found, wanted, surplus_is_empty, delimiter } => {
                let cells = if found == 1 { "1 cell".to_owned() } else { format!("{found} cells") };
                let help = if found > wanted && surplus_is_empty {
                    "remove the delimiters at the end of the row"
                } else if found < wanted {
                    "add the missing cells; an empty one still needs its delimiter"
                } else if delimiter == b',' {
                    "a number with a thousands separator or a decimal comma fills two cells: write 1000 or 1.5; \
                     quote names that contain commas"
                } else {
                    "remove the extra cells; quote names that contain the delimiter"
                };
                (format!("the row has {cells}, but the header has {wanted}"), help)
            }
        };
        (message, help.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{RecordFault, Records, Shape};

    /// Cells of a record, and the offset at which it starts.
    type Read = (Vec<String>, usize);

    /// The records of a text behind its first line, and the faults with the text they point at.
    fn read(text: &str, shape: Shape) -> (Vec<Read>, Vec<(&str, RecordFault)>) {
        let body = text.find(['\r', '\n']).unwrap_or(text.len());
        let mut records = Records::new(text, body..text.len(), shape, text.contains('"'));
        let (mut read, mut faults) = (Vec::new(), Vec::new());
        while let Some(record) = records.next(|at, fault| faults.push((&text[at], fault))) {
            let cells = record.cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned());
            read.push((cells.collect(), record.start()));
        }
        (read, faults)
    }

    /// Offsets counted by hand: the CSV reader's own lines are wrong in all of these.
    #[test]
    fn records_start_where_they_stand() {
        let by_hand = Shape { delimiter: b',', width: Some(2), is_by_hand: true };
        for (text, starts) in [
            ("a,b\r\n1,2\r\n3,4", vec![5, 10]),
            ("a,b\n\n\n1,2\n,\n3,4\n", vec![6, 12]),
            ("a,b\n\"1\n\n\",2\n3,4\n", vec![4, 12]),
            ("a,b\n# c\n1,2\n\"# c\",\n3,4\n", vec![8, 19]),
            ("a,b\r1,2\r3,4\r", vec![4, 8]),
        ] {
            let (read, faults) = read(text, by_hand);
            assert_eq!(faults, [], "{text:?}");
            assert_eq!(read.iter().map(|(_, start)| *start).collect::<Vec<_>>(), starts, "{text:?}");
        }
    }

    #[test]
    fn what_a_program_wrote_has_no_comments_and_any_number_of_cells() {
        let shape = Shape { delimiter: b',', width: None, is_by_hand: false };
        let (read, faults) = read("a,b\n#1,2,3\r\n\r\n\"x\"y\n", shape);
        assert_eq!(faults, []);
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(read, [(cells(&["#1", "2", "3"]), 4), (cells(&["xy"]), 14)]);
    }

    #[test]
    fn faults_point_at_the_quote_or_the_cell() {
        let shape = Shape { delimiter: b';', width: Some(2), is_by_hand: true };
        let (read, faults) = read("a;b\n1;2;3\n\"x\" y;2\n1\n5;6\n7;\"8\n9;9\n", shape);
        assert_eq!(read.len(), 1);
        let length = |found, surplus_is_empty| RecordFault::Length {
            found,
            wanted: 2,
            surplus_is_empty,
            delimiter: b';',
        };
        let expected = [
            ("3", length(3, false)),
            ("y", RecordFault::StrayQuote),
            ("1", length(1, true)),
            ("\"", RecordFault::UnclosedQuote),
        ];
        assert_eq!(faults, expected);
    }
}
