//! The form in which cases are written: read, written again, and refused where it is not kept.

use std::collections::BTreeMap;

use crate::support::case::{Case, Output, Pin, arguments, shown};
use crate::support::part::Part;

fn parse(text: &str) -> Result<Case, String> {
    Case::parse(text, &|file| Ok(format!("bytes of {file}").into_bytes()))
}

#[test]
fn a_command_is_split_as_a_shell_does_it() {
    let split = |command: &str| arguments(&format!("quotaplan {command}")).map(|words| words.join("|"));
    for (command, words) in [
        ("", ""),
        ("plan  w.csv ", "plan|w.csv"),
        ("'our w.csv' --out=\"my pack\"", "our w.csv|--out=my pack"),
        ("'' \"\" x", "||x"),
        ("'tax \"season\"' \"it's \\\"so\\\" \\n\"", "tax \"season\"|it's \"so\" \\n"),
        ("it\\'s a\\ b 'it'\\''s'", "it's|a b|it's"),
        ("plan \\\n  w.csv", "plan|w.csv"),
        ("'$x * #1' \"\\$x\" é", "$x * #1|$x|é"),
    ] {
        assert_eq!(split(command).as_deref(), Ok(words), "{command}");
    }
    for command in
        ["'a", "\"a", "a\\", "a*", "$a", "\"$a\"", "\"`a`\"", "a;b", "a>b", "a\nb", "~", "a #b", "a|b"]
    {
        assert!(split(command).is_err(), "{command}");
    }
    assert!(arguments("quota plan").is_err() && arguments("").is_err());
}

const TEXT: &str = "\
# Why.

$ quotaplan check 'w w.csv' \\
    --format json=c.json
==== input w w.csv
a,b

==== input e.csv
==== input n.csv (no final newline)
x
==== input s.csv from inputs/s.csv
==== limit 9
==== exit 1
==== stdout
# out
==== file c.json at /findings
[]
==== file c.json at /a~1b/0
1
==== file c.json at /findings[code=x]
[]
==== file c.txt at [x]
==== file c.txt above What stands out
out
==== file c.csv columns b,a
b,a
==== $ quotaplan plan \\
    s.csv
==== exit 0
==== stderr from outputs/x/stderr
";

#[test]
fn a_case_is_read_and_written_again() {
    let case = parse(TEXT).expect("it is of the form");
    let inputs: Vec<(&str, &[u8])> =
        case.inputs.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let expected: [(&str, &[u8]); 4] =
        [("e.csv", b""), ("n.csv", b"x"), ("s.csv", b"bytes of inputs/s.csv"), ("w w.csv", b"a,b\n\n")];
    assert_eq!(inputs, expected);
    assert_eq!(case.limit, Some(9));
    let [first, second] = case.runs.as_slice() else { panic!("two runs") };
    assert_eq!(first.arguments, ["check", "w w.csv", "--format", "json=c.json"]);
    assert_eq!((first.status.as_str(), second.status.as_str()), ("1", "0"));
    assert_eq!(second.arguments, ["plan", "s.csv"]);
    let file = Output::File("c.json".to_owned());
    let pin = |output, part: Option<Part>, bytes: &[u8]| Pin { output, part, bytes: bytes.to_vec() };
    let json = |pointer: &str| Some(Part::Json(pointer.to_owned()));
    let [pointer, key, text] = ["/findings", "code", "x"].map(str::to_owned);
    let items = Part::Items { pointer, key, text };
    let above = Part::Above("What stands out".to_owned());
    let (lines, columns) =
        (Part::Lines("[x]".to_owned()), Part::Columns(vec!["b".to_owned(), "a".to_owned()]));
    let pins = [
        pin(Output::Stdout, None, b"# out\n"),
        pin(file.clone(), json("/findings"), b"[]\n"),
        pin(file.clone(), json("/a~1b/0"), b"1\n"),
        pin(file, Some(items), b"[]\n"),
        pin(Output::File("c.txt".to_owned()), Some(lines), b""),
        pin(Output::File("c.txt".to_owned()), Some(above), b"out\n"),
        pin(Output::File("c.csv".to_owned()), Some(columns), b"b,a\n"),
    ];
    assert_eq!(first.pins, pins);
    assert_eq!(second.pins, [pin(Output::Stderr, None, b"bytes of outputs/x/stderr")]);

    let mut elsewhere = BTreeMap::new();
    let unseen = [pin(Output::Stderr, None, b"\xff")];
    let again = first.rewritten("x", "1", &pins, &mut elsewhere).expect("text")
        + &second.rewritten("x", "0", &unseen, &mut elsewhere).expect("elsewhere");
    assert_eq!(again, TEXT);
    assert_eq!(elsewhere, [("outputs/x/stderr".to_owned(), vec![0xff])].into());
    let other = [pin(Output::Stdout, None, b"1\n2")];
    let other = second.rewritten("x", "2", &other, &mut elsewhere).expect("text");
    let end = "    s.csv\n==== exit 2\n==== stdout (no final newline)\n1\n2\n";
    assert!(other.ends_with(end), "{other}");
}

#[test]
fn a_text_that_is_no_case_is_refused() {
    for (from, to) in [
        ("$ quotaplan check", "quotaplan check"),
        ("# Why.", "$ quotaplan plan"),
        ("input e.csv", "input w w.csv"),
        ("input e.csv", "inputs e.csv"),
        ("input e.csv", "stdout"),
        ("==== exit 1\n", ""),
        ("exit 1\n", "exit 1\nx\n"),
        ("==== exit 0\n", ""),
        ("limit 9", "limit many"),
        ("s.csv from inputs/s.csv\n", "s.csv from inputs/s.csv\nx\n"),
        ("==== stdout\n", "==== stdout\n==== stdout\n"),
        ("==== file c.json at /a~1b/0\n", "==== file c.json\n"),
        ("==== file c.json at /a~1b/0\n", "==== file c.json at /findings\n"),
        ("c.json at /a~1b/0\n", "c.json at /findings[code=x]\n"),
        ("c.txt at [x]\n", "c.csv columns b,a\n"),
        ("input e.csv", "input e.csv columns a"),
        ("==== stderr from outputs/x/stderr\n", "==== input x\n"),
        ("==== stderr from outputs/x/stderr\n", "==== stderr x\n"),
        ("==== stderr from outputs/x/stderr\n", "==== file"),
    ] {
        assert!(TEXT.contains(from), "{from}");
        assert!(parse(&TEXT.replacen(from, to, 1)).is_err(), "{from} -> {to}");
    }
}

#[test]
fn what_a_reader_would_not_see_is_no_text() {
    for bytes in
        [&b"a\r\n"[..], b"a\0", b"\xef\xbb\xbfa", b"\xff", b"\x1b[1m", "\u{202e}a".as_bytes(), b"==== x\n"]
    {
        assert_eq!(shown(bytes), None, "{bytes:?}");
    }
    for text in ["", "a", "a\tb \n", "════\n", "=====\n", "é🚀\n"] {
        assert_eq!(shown(text.as_bytes()), Some(text));
    }
}

/// A part of a text.
fn part(heading: &str, output: &str) -> Result<String, String> {
    let (_, part) = Part::of_heading(heading);
    let bytes = part.expect("the heading names a part").of(output.as_bytes())?;
    Ok(String::from_utf8(bytes).expect("text"))
}

#[test]
fn a_part_is_shown_as_the_document_writes_it() {
    let document = "{\n  \"b\": [\n    {\n      \"z\": 1.50,\n      \"a\": \"x\\n  y\"\n    },\n    []\n  ],\n  \"a/b\": null\n}\n";
    let shown = |pointer: &str| part(&format!("stdout at {pointer}"), document).ok();
    assert_eq!(shown("/b/0").as_deref(), Some("{\n  \"z\": 1.50,\n  \"a\": \"x\\n  y\"\n}\n"));
    assert_eq!(shown("/b/0/z").as_deref(), Some("1.50\n"));
    assert_eq!(shown("/a~1b").as_deref(), Some("null\n"));
    assert_eq!((shown("/c"), shown("/b/2"), shown("/b/x"), shown("/a~1b/x")), (None, None, None, None));
    assert!(part("stdout at /b", "no JSON").is_err());
}

#[test]
fn items_are_chosen_by_the_text_of_a_key() {
    let document = "{\n  \"all\": [\n    {\n      \"code\": \"a\",\n      \"n\": [\n        1.0\n      ]\n    },\n    {\n      \"code\": \"ab\"\n    },\n    7,\n    {\n      \"code\": \"a\"\n    }\n  ]\n}\n";
    let chosen = |at: &str| part(&format!("file x.json at {at}"), document);
    let both = "[\n  {\n    \"code\": \"a\",\n    \"n\": [\n      1.0\n    ]\n  },\n  {\n    \"code\": \"a\"\n  }\n]\n";
    assert_eq!(chosen("/all[code=a]").as_deref(), Ok(both));
    assert_eq!(chosen("/all[code=b]").as_deref(), Ok("[]\n"));
    assert_eq!(chosen("/all[n=a]").as_deref(), Ok("[]\n"));
    assert_eq!(part("stdout at [code=a]", "x\n").as_deref(), Ok(""), "of the text, not of the document");
    assert!(chosen("/none[code=a]").is_err() && chosen("/all/0[code=a]").is_err());
}

#[test]
fn lines_are_chosen_with_what_is_indented_below_them() {
    let text =
        "sum [a]\n\n  out\nerror[a] w:1\n  one\n    two [b]\nnote[b] w:2\n  x\n  y[a]\n    z\n  end\n[a]";
    let chosen = |words: &str| part(&format!("stderr at {words}"), text);
    assert_eq!(chosen("[a]").as_deref(), Ok("sum [a]\nerror[a] w:1\n  one\n    two [b]\n  y[a]\n    z\n[a]"));
    assert_eq!(chosen("[b]").as_deref(), Ok("    two [b]\nnote[b] w:2\n  x\n  y[a]\n    z\n  end\n"));
    assert_eq!(chosen("[c]").as_deref(), Ok(""));
}

#[test]
fn lines_are_chosen_above_a_heading() {
    let above = |end: &str| {
        part(&format!("stdout above {end}"), "table\n\n  What stands out\nWhat stands out (2)\nx\n")
    };
    assert_eq!(above("What stands out").as_deref(), Ok("table\n\n  What stands out\n"));
    assert_eq!((above("table").as_deref(), above("what").is_err()), (Ok(""), true));
}

#[test]
fn columns_are_chosen_by_name() {
    let chosen = |names: &str, text: &str| part(&format!("stdout columns {names}"), text);
    let text = "a,b,c\n1,\"x, y\",3\n,,4\n";
    assert_eq!(chosen("c,b", text).as_deref(), Ok("c,b\n3,\"x, y\"\n4,\n"));
    assert_eq!(chosen("b", "a;b\n1,5;\"2;\"\n").as_deref(), Ok("b\n\"2;\"\n"));
    assert_eq!(chosen("a", "ab,a\n1,2\n").as_deref(), Ok("a\n2\n"), "the whole name");
    for (names, text) in [("a,d", text), ("a ", text), ("a", ""), ("a", "a,b\n1\n")] {
        assert!(chosen(names, text).is_err(), "{names}: {text}");
    }
}
