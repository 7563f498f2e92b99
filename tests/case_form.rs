//! The form in which cases are written: read, written again, and refused where it is not kept.

use std::collections::BTreeMap;

use crate::support::case::{Case, Output, Pin, arguments, shown};

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
    let pin = |output, at: Option<&str>, bytes: &[u8]| Pin {
        output,
        at: at.map(str::to_owned),
        bytes: bytes.to_vec(),
    };
    let pins = [
        pin(Output::Stdout, None, b"# out\n"),
        pin(file.clone(), Some("/findings"), b"[]\n"),
        pin(file, Some("/a~1b/0"), b"1\n"),
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
