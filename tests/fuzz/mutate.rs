//! Changes of a run: of its arguments, of its files, and of which file stands where.

use super::random::Random;
use super::seeds::{Run, Seeds};

/// What people, spreadsheets and attackers write where something else is expected.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "-1",
    "1",
    "00",
    "0x10",
    "1e3",
    "1e308",
    "1e999",
    "-1e999",
    "1e-400",
    "NaN",
    "inf",
    "-inf",
    "+1",
    ".5",
    "5.",
    "0.0000001",
    "0.000001",
    "1.0000000000000001",
    "0.1",
    "99999999",
    "4294967295",
    "4294967296",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "1000000000000000000",
    "1000000000000000001",
    "999999999999999999",
    "1,000",
    "1.000,5",
    "1 000",
    "1\u{a0}000",
    "1'000",
    "1_000",
    "12%",
    "12 %",
    "$5",
    "1k",
    "5M",
    "1/3",
    "\u{ff11}\u{ff12}",
    "\u{663}",
    "\u{202e}abc",
    "\u{200b}",
    "\u{2066}x\u{2069}",
    "\u{85}",
    "\u{9b}31m",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{feff}",
    "\u{e0041}\u{e0042}",
    "\u{ad}",
    "e\u{301}",
    "\u{1f468}\u{200d}\u{1f469}",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{fdd0}",
    "\u{0}",
    "\u{8}",
    "\u{7f}",
    "\r",
    "\r\n",
    "\n",
    "\n\n",
    "\t",
    "\u{b}",
    "\u{c}",
    "\u{2028}",
    "\u{2029}",
    "##vso[task.complete result=Failed;]",
    "##[error]x",
    "::error::x",
    "\n::warning::x",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    ";=1",
    "\u{ff1d}1",
    "|",
    "||",
    "`",
    "```",
    "<script>",
    "</details>",
    "&lt;",
    "&#x202e;",
    "[x](http://e.example)",
    "https://e.example/x",
    "![x](y)",
    "*",
    "_",
    "\\",
    "\\u0000",
    "\\ud800",
    "%00",
    "%s",
    "$(id)",
    "'",
    "\"",
    "\"\"",
    "'''",
    "\"\"\"",
    ",",
    ";",
    ":",
    "#",
    "{",
    "}",
    "[",
    "]",
    "{}",
    "[]",
    "[[",
    "]]",
    "null",
    "true",
    "false",
    "unknown",
    "none",
    "unlimited",
    "absent",
    "n/a",
    "-",
    "--",
    "---",
    "=",
    "==",
    "2026-02-30",
    "2026-11-25",
    "9999-12-31",
    "0000-00-00",
    "0001-01-01",
    "-9999-01-01",
    "10000-01-01",
    "2026-13",
    "2026-00-10",
    "1969-12-31T23:59:59Z",
    "2026-11-25T24:00:00Z",
    "2026-11-25T12:00:60Z",
    "2026-11-25T12:00:00+26:00",
    "1700000000",
    "1700000000000",
    "-1700000000",
    "253402300800",
    "us",
    "global",
    "ca",
    "in-region",
    "US",
    "haiku-4.5",
    "sonnet-4.5",
    "nova-lite",
    "chat",
    "L-58BE175A",
    "L-00000000",
    "l-58be175a",
    "arn:aws:bedrock:*:*:*",
    "arn:aws:bedrock:ca-central-1:123456789012:inference-profile/us.x",
    "bedrock:*",
    "*:*",
    "Allow",
    "Deny",
    "${AWS::Region}",
];

/// How a whole file is written otherwise.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The run of a number: a seed with some changes; most have few, so that most of it stays valid.
pub(crate) fn mutated(seeds: &Seeds, random: &mut Random, is_wanted: &dyn Fn(&Run) -> bool) -> Run {
    // Three of four are of those that give a result.
    let among = if random.one_in(4) { seeds.runs.len() } else { seeds.accepted };
    let mut run = &seeds.runs[random.below(among)];
    for _ in 0..200 {
        if is_wanted(run) {
            break;
        }
        run = &seeds.runs[random.below(among)];
    }
    let mut run = run.clone();
    let most = if random.one_in(5) { 12 } else { 3 };
    let changes = 1 + random.below(most);
    // Half of the runs are changed only where they likely stay valid.
    let is_gentle = random.one_in(2);
    for _ in 0..changes {
        if is_gentle {
            gently(&mut run, seeds, random);
        } else if run.files.is_empty() || random.one_in(3) {
            of_arguments(&mut run, seeds, random);
        } else {
            of_a_file(&mut run, seeds, random);
        }
    }
    run.arguments.iter_mut().for_each(harmless);
    run
}

/// A path that leads out of the folder of the run, or to a device, is replaced: nothing outside may be read or
/// written.
fn harmless(argument: &mut Vec<u8>) {
    let absolute = |at: usize| argument[at] == b'/' && (at == 0 || b"=:,".contains(&argument[at - 1]));
    let leaves = argument.windows(2).any(|two| two == b"..");
    let short = argument.len() > 2 && argument[0] == b'-' && argument[1] != b'-' && argument[2] == b'/';
    if leaves || short || (0..argument.len()).any(absolute) {
        *argument = b"x".to_vec();
    }
    // An argument ends at a zero byte, and is as long as the system takes.
    argument.retain(|&byte| byte != 0);
    argument.truncate(20_000);
}

fn token(seeds: &Seeds, random: &mut Random) -> Vec<u8> {
    match random.below(5) {
        0 => seeds.words[random.below(seeds.words.len())].clone(),
        1 => {
            let length = 1 + random.below(24);
            (0..length).map(|_| b"0123456789.,eE-+_"[random.below(17)]).collect()
        }
        _ => random.pick(HOSTILE).as_bytes().to_vec(),
    }
}

/// Another number for a number of a file, seldom another word of the file for a word, or a flag of another case: most
/// of it is still taken.
fn gently(run: &mut Run, seeds: &Seeds, random: &mut Random) {
    let names: Vec<String> = run.files.keys().cloned().collect();
    if names.is_empty() || random.one_in(12) {
        let (flag, value) = seeds.flags[random.below(seeds.flags.len())].clone();
        run.arguments.extend(std::iter::once(flag).chain(value));
        return;
    }
    let Some(bytes) = run.files.get_mut(&names[random.below(names.len())]) else { return };
    let is_number = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let mut from = word(bytes, random);
    for _ in 0..20 {
        if is_number(&bytes[from.clone()]) {
            break;
        }
        from = word(bytes, random);
    }
    let new = if is_number(&bytes[from.clone()]) && !random.one_in(20) {
        // As long, or a digit longer or shorter.
        let length = (from.len() + random.below(3)).max(2) - 1;
        let digits = (0..length).map(|index| b"0123456789"[random.below(10).max(usize::from(index == 0))]);
        digits.collect()
    } else {
        bytes[word(bytes, random)].to_vec()
    };
    bytes.splice(from, new);
}

fn of_arguments(run: &mut Run, seeds: &Seeds, random: &mut Random) {
    let arguments = &mut run.arguments;
    let at = random.below(arguments.len().max(1));
    match random.below(10) {
        0 if !arguments.is_empty() => arguments[at] = token(seeds, random),
        1 if !arguments.is_empty() => {
            arguments.remove(at);
        }
        2 if !arguments.is_empty() => {
            let again = arguments[at].clone();
            arguments.insert(at, again);
        }
        3 if arguments.len() > 1 => {
            let other = random.below(arguments.len());
            arguments.swap(at, other);
        }
        4 if !arguments.is_empty() => of_bytes(&mut arguments[at], seeds, random),
        // A dash for a file, whose content comes by standard input.
        5 => {
            let named = arguments.iter().position(|argument| {
                std::str::from_utf8(argument).is_ok_and(|name| run.files.contains_key(name))
            });
            if let Some(index) = named {
                let name = String::from_utf8_lossy(&arguments[index]).into_owned();
                run.input = run.files.get(&name).cloned().unwrap_or_default();
                arguments[index] = b"-".to_vec();
            }
        }
        6 => {
            let format: &[&str] =
                &["table", "json", "csv", "markdown", "sarif", "junit", "gitlab", "github", "toml"];
            arguments.push(b"--format".to_vec());
            arguments.push(random.pick(format).as_bytes().to_vec());
        }
        // The value behind a flag.
        7 if arguments.iter().any(|argument| argument.starts_with(b"--")) => {
            let flags: Vec<usize> =
                (0..arguments.len()).filter(|&index| arguments[index].starts_with(b"--")).collect();
            let flag = flags[random.below(flags.len())];
            if let Some(value) = arguments.get_mut(flag + 1) {
                *value = token(seeds, random);
            }
        }
        _ => {
            let (flag, value) = seeds.flags[random.below(seeds.flags.len())].clone();
            let at = random.below(arguments.len() + 1).max(1).min(arguments.len());
            if let Some(value) = value {
                let value = if random.one_in(3) { token(seeds, random) } else { value };
                arguments.insert(at, value);
            }
            arguments.insert(at, flag);
        }
    }
}

fn of_a_file(run: &mut Run, seeds: &Seeds, random: &mut Random) {
    let names: Vec<String> = run.files.keys().cloned().collect();
    let name = names[random.below(names.len())].clone();
    match random.below(24) {
        0 => {
            run.files.remove(&name);
        }
        1 => {
            let content = seeds.contents[random.below(seeds.contents.len())].clone();
            run.files.insert(name, content);
        }
        2 => {
            let other = names[random.below(names.len())].clone();
            let content = run.files.get(&other).cloned().unwrap_or_default();
            run.files.insert(name, content);
        }
        _ => {
            if let Some(bytes) = run.files.get_mut(&name) {
                of_bytes(bytes, seeds, random);
            }
        }
    }
}

/// The range of a line, with its end.
fn line(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    if bytes.is_empty() {
        return 0..0;
    }
    let at = random.below(bytes.len());
    let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| at + end + 1);
    start..end
}

/// The range of a word or number around a place.
fn word(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    if bytes.is_empty() {
        return 0..0;
    }
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let at = random.below(bytes.len());
    let start = bytes[..at].iter().rposition(|byte| !is_word(byte)).map_or(0, |end| end + 1);
    let end = bytes[at..].iter().position(|byte| !is_word(byte)).map_or(bytes.len(), |end| at + end);
    start..end
}

fn of_bytes(bytes: &mut Vec<u8>, seeds: &Seeds, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    match random.below(20) {
        0 => bytes.truncate(at),
        1 | 2 if !bytes.is_empty() => {
            let at = at.min(bytes.len() - 1);
            bytes[at] ^= 1 << random.below(8);
        }
        3 if !bytes.is_empty() => {
            let at = at.min(bytes.len() - 1);
            bytes[at] = u8::try_from(random.below(256)).expect("a byte");
        }
        4..=6 => {
            let token = token(seeds, random);
            bytes.splice(at..at, token);
        }
        7..=11 => {
            let word = word(bytes, random);
            let token = token(seeds, random);
            bytes.splice(word, token);
        }
        12 => {
            let line = line(bytes, random);
            bytes.drain(line);
        }
        13 => {
            let line = line(bytes, random);
            let copy = bytes[line.clone()].to_vec();
            let times = if random.one_in(20) { 200 } else { 1 + random.below(3) };
            if copy.len() * times < 100_000 {
                bytes.splice(line.start..line.start, copy.repeat(times));
            }
        }
        14 => {
            let (from, to) = (line(bytes, random), line(bytes, random));
            let moved = bytes[from].to_vec();
            bytes.splice(to.start..to.start, moved);
        }
        15 => {
            let open: &[&str] = &["[", "{", "{\"a\":", "(", "\"", "<", "[[", "a.", "-", "[a.", "\\"];
            let open = random.pick(open).as_bytes();
            let times = if random.one_in(4) { 20_000 } else { 200 };
            bytes.splice(at..at, open.repeat(times));
        }
        16 => {
            let ends: &[&str] = &["\r\n", "\r", "\n\n", "\n\r"];
            let end = random.pick(ends).as_bytes();
            *bytes = bytes.split(|&byte| byte == b'\n').collect::<Vec<_>>().join(end);
        }
        17 => {
            let marked = [MARK, bytes.as_slice()].concat();
            *bytes = marked;
        }
        18 => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let little = random.one_in(2);
            let marks = if random.one_in(3) { "" } else { "\u{feff}" };
            let units = marks.encode_utf16().chain(text.encode_utf16());
            *bytes =
                units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
        }
        _ => {
            let other = &seeds.contents[random.below(seeds.contents.len())];
            let (start, length) = (random.below(other.len()), random.below(200));
            let piece = &other[start..(start + length).min(other.len())];
            bytes.splice(at..at, piece.iter().copied());
        }
    }
}
