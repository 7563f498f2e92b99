//! Hostile names, and the rules that every output must keep whatever stands in a name. Nothing here is taken from
//! the code under test: the ranges are those of Unicode's own files.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// Names that mean something to a terminal, a runner of workflows, a spreadsheet, Markdown, XML, a shell, TOML, HCL
/// or CloudFormation, or that look like another name.
pub(crate) const NAMES: &[&str] = &[
    // terminals: C0, DEL, C1, line ends
    "esc\u{1b}[2J\u{1b}[31mred",
    "osc\u{1b}]0;title\u{7}x",
    "bell\u{7}back\u{8}del\u{7f}x",
    "nel\u{85}csi\u{9b}31mred",
    "line\nbreak",
    "cr\r::error::x",
    "crlf\r\n::warning::x",
    "tab\tx",
    "ls\u{2028}ps\u{2029}x",
    // what is not seen, or seen in another order
    "rlo\u{202e}txt.exe",
    "lri\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}b",
    "zero\u{200b}width\u{200c}\u{200d}\u{2060}\u{feff}x",
    "tag\u{e0001}\u{e0041}\u{e007f}x",
    "fill\u{3164}\u{ffa0}\u{115f}\u{180e}\u{ad}x",
    "vs\u{fe0f}\u{e0100}x",
    "non\u{fdd0}\u{fffe}\u{ffff}\u{1ffff}x",
    "👩\u{200d}👩\u{200d}👧 צוות",
    // runners
    "::error::x",
    "::set-output name=a::x",
    "##vso[task.setvariable variable=a]x",
    "###vso[task.complete]x",
    "##[error]x",
    "##teamcity[testFailed]",
    "x\n##vso[task.complete]",
    "section_start:1:x\r\u{1b}[0K",
    // spreadsheets
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\u{ff1d}1+1",
    "\u{ff0b}1",
    "\u{ff0d}1",
    "\u{ff20}a",
    "a;=1+1",
    "a,=1+1",
    "a;\"=1+1",
    "a; =cmd|'/C calc'!A0",
    "a;\u{ff1d}1",
    // Markdown, GitHub and GitLab
    "http://evil.example/a",
    "see https://evil.example",
    "www.evil.example",
    "WWW.evil.example",
    "ftp://evil.example/x",
    "mail a@evil.example",
    "@octocat",
    "fixes #123 !45 GH-7",
    "[a](http://evil.example)",
    "![a](x)",
    "<img src=x onerror=alert(1)>",
    "<!-- --> <script>",
    "&lt;b&gt; &amp;",
    "a|b `c` *d* _e_ ~f~ $g$ #h",
    "- item",
    "1. item",
    "# heading",
    "    code",
    "> quote",
    ":skull: x",
    // XML
    "</failure>]]><x a=\"'\">",
    // shells, TOML, HCL, CloudFormation
    "$(touch x)`touch y`; rm -rf '",
    "\"]\n[granted]\nx = 1 #",
    "${file(\"/etc/passwd\")} %{if true}",
    "{{resolve:ssm:/secret}}",
    "C:\\new\\table %0A%25",
];

/// First and last of the characters that may stand raw in no output: Cc, Zl, Zp, Cf without the prepended marks of
/// Arabic and Kaithi, Default_Ignorable_Code_Point, and noncharacters (Unicode 14's UnicodeData and
/// DerivedCoreProperties, read by Python's `unicodedata` and `regex`).
const UNSEEN: [(u32, u32); 37] = [
    (0x0, 0x1f),
    (0x7f, 0x9f),
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x3164, 0x3164),
    (0xfdd0, 0xfdef),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0xfffe, 0xffff),
    (0x13430, 0x13438),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0x1fffe, 0x1ffff),
    (0x2fffe, 0x2ffff),
    (0x3fffe, 0x3ffff),
    (0x4fffe, 0x4ffff),
    (0x5fffe, 0x5ffff),
    (0x6fffe, 0x6ffff),
    (0x7fffe, 0x7ffff),
    (0x8fffe, 0x8ffff),
    (0x9fffe, 0x9ffff),
    (0xafffe, 0xaffff),
    (0xbfffe, 0xbffff),
    (0xcfffe, 0xcffff),
    (0xdfffe, 0xe0fff),
    (0xefffe, 0xeffff),
    (0xffffe, 0xfffff),
    (0x10fffe, 0x10ffff),
];

/// Whether a character may stand raw in no output.
pub(crate) fn is_unseen(c: char) -> bool {
    UNSEEN.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
}

/// A name as a person must see it.
pub(crate) fn seen(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            c if is_unseen(c) => out += &format!("\\u{{{:x}}}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

/// What is wrong with a text on a terminal or in a log of a runner.
pub(crate) fn faults_in_log(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for line in text.split('\n') {
        if let Some(c) = line.chars().find(|c| is_unseen(*c)) {
            faults.push(format!("raw {c:?} in {line:?}"));
        }
        if line.trim_start().starts_with("::") {
            faults.push(format!("a command of GitHub: {line:?}"));
        }
        if has_bracket_command(line) {
            faults.push(format!("a command of Azure or TeamCity: {line:?}"));
        }
    }
    faults
}

/// `##`, letters, `[`.
fn has_bracket_command(line: &str) -> bool {
    line.match_indices("##").any(|(at, _)| {
        let rest = line[at..].trim_start_matches('#');
        rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).starts_with('[')
    })
}

/// The cells of a CSV that a spreadsheet takes for formulas, whichever delimiter it reads by.
pub(crate) fn faults_in_csv(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for delimiter in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.delimiter(delimiter).flexible(true).has_headers(false);
        for record in reader.from_reader(text.as_bytes()).records() {
            for cell in &record.expect("CSV is read") {
                let content = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
                let starts = content.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                // Behind a number stands what the other delimiter would have cut off.
                let number = content.trim_start_matches(['+', '-']).split(',').next().unwrap_or_default();
                if starts && content != "-" && number.parse::<f64>().is_err() {
                    faults.push(format!("a formula by {:?}: {cell:?}", char::from(delimiter)));
                }
            }
        }
    }
    faults
}

/// The page of a quota, the only link there may be.
const LINK: &str =
    "https://ca-central-1.console.aws.amazon.com/servicequotas/home/services/bedrock/quotas/L-";

/// What is wrong with a Markdown text, and the text that a reader sees.
pub(crate) fn read_markdown(text: &str) -> (String, Vec<String>) {
    let mut faults = Vec::new();
    let mut all = String::new();
    // What stands together after markup is gone, in which hosts look for links and references.
    let mut run = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(part) | Event::Code(part) => {
                run.push_str(&part);
                all.push_str(&part);
                continue;
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough) => {
                faults.push(format!("{event:?}"));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let tag = html.trim();
                let ours = tag == "<br>"
                    || tag.starts_with("<!-- quotaplan check ")
                    || tag == "<!-- -->"
                    || (tag.starts_with("<details><summary>")
                        && !tag[18..].trim_end_matches("</summary>").contains(['<', '>']))
                    || tag == "</details>"
                    || tag == "</summary>";
                if !ours {
                    faults.push(format!("HTML: {html:?}"));
                }
                // A summary's text stands in the same block of HTML.
                if !tag.starts_with("<!--") {
                    all.push('\n');
                }
            }
            _ => all.push('\n'),
        }
        faults.extend(references(&run));
        run.clear();
    }
    faults.extend(references(&run));
    (all, faults)
}

fn references(run: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lower = run.to_ascii_lowercase();
    for (at, _) in lower.match_indices("://") {
        let ours = run[..at].strip_suffix("https").is_some_and(|_| run[at - 5..].starts_with(LINK));
        if !ours {
            faults.push(format!("a link: {run:?}"));
        }
    }
    if lower.contains("www.") {
        faults.push(format!("a link: {run:?}"));
    }
    let next = |mark: char| {
        let behind = run.match_indices(mark).map(|(at, _)| run[at + mark.len_utf8()..].chars().next());
        behind.flatten().any(|c| c.is_alphanumeric() || c == '"')
    };
    for mark in ['@', '#', '!', '$', '~', '%'] {
        if next(mark) {
            faults.push(format!("a reference by {mark}: {run:?}"));
        }
    }
    let gh =
        lower.match_indices("gh-").any(|(at, _)| lower[at + 3..].starts_with(|c: char| c.is_ascii_digit()));
    if gh || lower.contains(":skull:") {
        faults.push(format!("a reference: {run:?}"));
    }
    faults
}
