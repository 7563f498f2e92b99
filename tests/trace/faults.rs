//! What is wrong with a file: each fault at its line and column, and a bounded number of them.

use std::fmt::Write;
use std::io::Read;

use proptest::prelude::*;
use quotaplan::text::{Code, Diagnostics, Place, Sources};
use quotaplan::trace::{self, ReadOptions};

use super::formats::{AZURE, BURST_GPT, MOONCAKE, OWN};
use super::{given, outcome, said, table, whole, zipped};
use crate::properties::cases;
use crate::support::damaged;

const HEADER: &str = "timestamp,model,scope,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,max_tokens,latency_seconds\n";

#[test]
fn every_cell_is_judged() {
    for (row, column, what) in [
        (",haiku-4.5,us,1,1,1,1,1,1", 1, "missing-value]: `timestamp` is empty"),
        ("1,haiku-4.5,us,,1,1,1,1,1", 16, "missing-value]: `input_tokens` is empty"),
        ("1,haiku-4.5,us,1,,1,1,1,1", 18, "missing-value]: `output_tokens` is empty"),
        ("1,haiku-4.5,us,-1,1,1,1,1,1", 16, "bad-number]: `input_tokens` is negative: `-1`"),
        ("1,haiku-4.5,us,1.5,1,1,1,1,1", 16, "bad-number]: `input_tokens` is not a whole number: `1.5`"),
        (
            "1,haiku-4.5,us,1e3,1,1,1,1,1",
            16,
            "bad-number]: `input_tokens` is written with an exponent: `1e3`",
        ),
        (
            "1,haiku-4.5,us,\"1,000\",1,1,1,1,1",
            17,
            "bad-number]: `input_tokens` has a thousands separator: `1,000`",
        ),
        (
            "1,haiku-4.5,us,1,1000000000001,1,1,1,1",
            18,
            "bad-number]: `output_tokens` is above 1,000,000,000,000: `1000000000001`",
        ),
        ("1,haiku-4.5,us,1,1,x,1,1,1", 20, "bad-number]: `cache_read_tokens` is not a number: `x`"),
        (
            "1,haiku-4.5,us,1,1,1, NaN,1,1",
            23,
            "bad-number]: `cache_write_tokens` is not a finite number: `NaN`",
        ),
        ("1,haiku-4.5,us,1,1,1,1,0.1,1", 24, "bad-number]: `max_tokens` is not a whole number: `0.1`"),
        ("1,haiku-4.5,us,1,1,1,1,1,-1", 26, "bad-number]: `latency_seconds` is negative: `-1`"),
        ("1,haiku-4.5,us,1,1,1,1,1,4,1", 28, "row-length]: the row has 10 cells, but the header has 9"),
        ("1,haiku-4.5,us,1,1,1,1,1", 24, "row-length]: the row has 8 cells, but the header has 9"),
        ("1,haiku-4.5,usa,1,1,1,1,1,1", 13, "unknown-scope]: `usa` is not a scope"),
        (
            "1,haiku-4.5,us,1,1,1,1,1,\"1\" 2",
            30,
            "stray-quote]: there is text after the closing quote, or a quote inside an unquoted field",
        ),
        ("1,haiku-4.5,us,1,1,1,1,1,\"1", 26, "unclosed-quote]: this quote never closes"),
        ("1,haiku-4.5/mars,us,1,1,1,1,1,1", 3, "unknown-scope]: `mars` is not a scope"),
    ] {
        let text = format!("{HEADER}0,haiku-4.5,us,1,1,1,1,1,1\n{row}\n");
        let expected = [format!("t:3:{column}: error[{what}")];
        assert_eq!(said(&text, &ReadOptions::default()), expected, "{row}");
        let crlf = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(said(crlf, &ReadOptions::default()), expected, "{row} with CRLF");
    }
    // What is at the limit is fine.
    let limit = "1,haiku-4.5,us,1000000000000,0,1_000,12.0,1000000000000,1000000000";
    let trace = whole(format!("{HEADER}{limit}\n"), &ReadOptions::default());
    let request = trace.get(0).expect("one");
    assert_eq!((request.input_tokens, request.cache_write_tokens), (1_000_000_000_000, 12));
    assert_eq!(request.latency_microseconds, Some(1_000_000_000_000_000));
}

#[test]
fn all_faults_of_a_row_are_told_at_once() {
    let text = format!("{HEADER}x,nobody,mars,-1,,1.5,y,z,w\n");
    let columns: Vec<String> = said(&text, &ReadOptions::default())
        .iter()
        .map(|line| line.split(": ").next().expect("a place").to_owned())
        .collect();
    assert_eq!(columns, ["t:2:1", "t:2:10", "t:2:15", "t:2:18", "t:2:19", "t:2:23", "t:2:25", "t:2:27"]);
}

#[test]
fn lines_are_counted_over_quoted_newlines_comments_and_blank_lines() {
    let text = "# a comment\n\ntimestamp,model,input_tokens,output_tokens\n1,\"a\nb\nc\",1,1\n# \"\n\n2,é😀,1,x\n3,\"\n\",y,1\n";
    let expected = [
        "t:9:8: error[bad-number]: `output_tokens` is not a number: `x`",
        "t:11:3: error[bad-number]: `input_tokens` is not a number: `y`",
    ];
    assert_eq!(said(text, &given()), expected);
    assert_eq!(said(text.replace('\n', "\r\n"), &given()), expected);
    let shown = outcome(text.as_bytes(), &given()).shown;
    assert!(shown.contains("  9 | 2,é😀,1,x\n    |         ^\n"), "{shown}");
    assert!(shown.contains("  11 | \",y,1\n     |   ^\n"), "{shown}");
}

#[test]
fn headers_are_judged() {
    for (text, expected) in [
        ("", "t: error[empty-file]: the file has no header"),
        ("\u{feff}\r\n \r\n# only a comment\r\n", "t: error[empty-file]: the file has no header"),
        (HEADER, "t: error[no-rows]: the file has a header and no rows"),
        ("TIMESTAMP,ContextTokens,GeneratedTokens", "t: error[no-rows]: the file has a header and no rows"),
        (
            "time,in,out\n1,2,3\n",
            "t:1:1: error[missing-column]: this is not the header of a known trace format",
        ),
        ("hello\n", "t:1:1: error[missing-column]: this is not the header of a known trace format"),
        (
            "timestamp,input_tokens,output_token\n1,2,3\n",
            "t:1:24: error[missing-column]: the required column `output_tokens` is missing (quotaplan trace)",
        ),
        (
            "# c\nTIMESTAMP,ContextTokens\n1,2\n",
            "t:2:1: error[missing-column]: the required column `GeneratedTokens` is missing (Azure LLM inference trace)",
        ),
        (
            "timestamp,input_tokens,output_tokens,Input_Tokens\n1,2,3,4\n",
            "t:1:38: error[duplicate-column]: the column `input_tokens` appears twice, here as `Input_Tokens`",
        ),
        ("[{\"timestamp\": 0}]\n", "t:1:1: error[bad-value]: this JSON is not a known trace format"),
        ("{\"a\": 1}\n", "t:1:1: error[bad-value]: this JSON is not a known trace format"),
        ("{\n  \"modelId\": 1\n}\n", "t: error[no-rows]: no record of the file can be replayed"),
    ] {
        assert_eq!(said(text, &given()).first().map(String::as_str), Some(expected), "{text:?}");
    }
    let missing = said("timestamp,input_tokens,output_tokens\n1,2,3\n", &ReadOptions::default());
    assert_eq!(
        missing,
        ["t:1:1: error[missing-column]: the required column `model` is missing (quotaplan trace)"]
    );
}

/// Says how many bytes were read from it.
struct CountingReader<R> {
    inner: R,
    bytes: usize,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read;
        Ok(read)
    }
}

/// Nothing of a file is read behind a header that is refused, however long the file is: reading is pulled, and no
/// thread goes on with it.
#[test]
fn a_refused_header_ends_the_reading() {
    for head in ["hello\n", "sep=|\n", "sep=,\ntimestamp;input_tokens;output_tokens\n", "{\"a\": 1}\n"] {
        let rows = "2026-10-05T14:00:01Z,1,2\n".repeat(4 << 20 >> 4);
        let mut reader = CountingReader { inner: head.as_bytes().chain(rows.as_bytes()), bytes: 0 };
        let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
        let read = trace::read("t", &mut reader, table(), &given(), &mut sources, &mut diagnostics);
        assert!(read.is_none() && diagnostics.has_errors(), "{head:?}");
        assert!(rows.len() > (6 << 20) && reader.bytes < (3 << 20), "{head:?}: {} bytes", reader.bytes);
    }
}

/// The lines of a damaged log may hold anybody's text, also where they look like a header with faulty quotes.
#[test]
fn a_header_that_is_none_is_not_judged_further() {
    for damaged in [
        "x\"modelId\": \"m\", {\"inputBodyJson\": \"a secret\"}\n1,2,3\n",
        "x{\"a\": 1}, a secret, input tokens, output tokens\n1,2,3\n",
        "x{\"a\": 1}, a secret\ntimestamp,input_tokens,output_tokens\n1,2,3\n",
    ] {
        let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
        trace::read("t", damaged.as_bytes(), table(), &given(), &mut sources, &mut diagnostics);
        let [fault] = diagnostics.into_sorted().try_into().expect("one fault");
        assert_eq!(fault.message, "this is not the header of a known trace format", "{damaged}");
        let Place::Span(place) = fault.place else { panic!("it has a place") };
        let shown = sources.file(place.file).and_then(|file| file.shown_at(place.start));
        assert_eq!(shown, None, "{damaged}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, code, what) in [
        (folder.path().to_owned(), Code::EmptyFolder, "the folder is empty"),
        (folder.path().join("none"), Code::UnreadableFile, "there is no such file"),
    ] {
        let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
        assert!(trace::load(&path, table(), &given(), &mut sources, &mut diagnostics).is_none());
        let found: Vec<_> = diagnostics.iter().map(|d| (d.code, d.message.as_str())).collect();
        assert_eq!(found, [(code, what)]);
    }
    let latin = b"timestamp,model,input_tokens,output_tokens\n1,caf\xe9,1,1\n2,b,1,1\n3,\xff\xfe,x,1\n";
    assert_eq!(
        said(latin, &given()),
        [
            "t:2:6: error[invalid-utf8]: a byte that is not UTF-8",
            "t:4:3: error[invalid-utf8]: a byte that is not UTF-8",
            "t:4:4: error[invalid-utf8]: a byte that is not UTF-8",
            "t:4:6: error[bad-number]: `input_tokens` is not a number: `x`",
        ]
    );
}

/// However a text is encoded or packed, its requests and its places are the same.
#[test]
fn encodings_and_gzip_change_neither_requests_nor_places() {
    let expected = whole(AZURE, &given());
    let faulty = AZURE.replacen('\n', "\n\u{1f600}é,x,1\n", 1);
    let places = said(&faulty, &given());
    assert!(places.iter().any(|place| place.starts_with("t:2:4: ")), "{places:?}");
    for (big, mark, crlf) in
        [(false, true, false), (true, true, true), (false, false, true), (true, false, false)]
    {
        let utf16 = |text: &str| -> Vec<u8> {
            let text = if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
        };
        assert_eq!(whole(utf16(AZURE), &given()), expected);
        assert_eq!(said(utf16(&faulty), &given()), places);
        let bytes = utf16(AZURE);
        // Three members, one of them without a byte and one that ends within a unit.
        let members = [&bytes[..7], &[], &bytes[7..]].map(zipped).concat();
        assert_eq!(whole(&members, &given()), expected);
        // Half a unit at the end.
        let odd = said([bytes.as_slice(), b"1"].concat(), &given());
        assert!(
            odd.iter().any(|said| said.ends_with("an incomplete character: the file is UTF-16 and is damaged here")),
            "{odd:?}"
        );
    }
    assert_eq!(whole(["\u{feff}", AZURE].concat(), &given()), expected);
}

/// Far more than one block, with a fault in its last row and quotes all over.
#[test]
fn positions_hold_in_files_of_many_blocks() {
    let mut text = String::from("timestamp,model,input_tokens,output_tokens\n");
    let mut lines = 1;
    while text.len() < 5 << 20 {
        writeln!(text, "{lines},\"a \"\"model\"\", with a\nline \"\"end\"\"\",{lines},{}", lines % 7)
            .expect("a String");
        lines += 2;
    }
    let rows = (lines - 1) / 2;
    assert_eq!(whole(&text, &given()).len(), rows);
    text.push_str("1,b,1,-3\n");
    let expected = [format!("t:{}:7: error[bad-number]: `output_tokens` is negative: `-3`", lines + 1)];
    assert_eq!(said(&text, &given()), expected);
    assert_eq!(said(text.replace('\n', "\r\n"), &given()), expected);
    assert_eq!(said(text.replace('\n', "\r"), &given()), expected);
    // A quote in the middle of a field opens none: what follows is read on.
    let stray = format!("{}1,5\" disk,1,1\n{}", &text[..43], "1,b,1,1\n".repeat(700_000));
    assert_eq!(said(&stray, &given()).len(), 1);
}

#[test]
fn a_file_of_faults_alone_is_counted_not_listed() {
    let text = format!(
        "timestamp,input_tokens,output_tokens\n{}",
        "1,-1,a long cell that nobody needs\n".repeat(300_000)
    );
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let options = ReadOptions { listed_faults: 50, ..given() };
    assert!(trace::read("t", text.as_bytes(), table(), &options, &mut sources, &mut diagnostics).is_none());
    assert_eq!(diagnostics.len(), 51);
    let last = diagnostics.into_sorted().pop().expect("many");
    assert_eq!(last.message, "`input_tokens` is negative: `-1`; and 599949 more faults from here on");
    // A line of a megabyte is kept in part, and the column is that of the whole.
    let long = format!("timestamp,model,input_tokens,output_tokens\n1,{},x,1\n", "é".repeat(1 << 20));
    let Outcome { shown, .. } = outcome(long.as_bytes(), &given());
    assert!(
        shown.starts_with("t:2:1048580: error[bad-number]: `input_tokens` is not a number: `x`\n"),
        "{shown}"
    );
    assert!(shown.len() < 1_000 && shown.contains("ééé,x,1\n"), "{shown}");
    let caret = shown.lines().find(|line| line.trim_start().starts_with("| ")).expect("a caret");
    let line = shown.lines().find(|line| line.contains("é,x")).expect("the line");
    assert_eq!(caret.chars().position(|c| c == '^'), line.chars().position(|c| c == 'x'));
}

use super::Outcome;

#[test]
fn a_quote_that_never_closes_does_not_fill_the_memory() {
    let text =
        format!("timestamp,input_tokens,output_tokens\n1,1,1\n2,1,\"1\n{}", "3,1,1\n".repeat(13 << 20));
    let said = said(text, &given());
    assert_eq!(said, ["t: error[unreadable-file]: the record that starts on line 3 is longer than 16 MiB"]);
}

proptest! {
    #![proptest_config(cases(192))]

    /// Bytes changed at random are read or refused, and shown without a control character.
    #[test]
    fn hostile_files_are_refused_in_words(
        file in prop::sample::select(vec![OWN, AZURE, BURST_GPT, MOONCAKE]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        pieces in prop::collection::vec(
            (any::<prop::sample::Index>(), prop::sample::select(vec!["\"", "\n", "\r", "{", "}", ",", "-", "\u{0}", "1e999", "\u{1b}[2J", "::error::"])),
            0..4,
        ),
    ) {
        let bytes = damaged(file.as_bytes().to_vec(), &changes, &pieces);
        let Outcome { trace, shown } = outcome(&bytes, &given());
        prop_assert!(trace.is_some() || !shown.is_empty());
        prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", shown);
    }
}
