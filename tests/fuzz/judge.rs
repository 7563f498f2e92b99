//! What holds of every run, whatever it is given.

use std::collections::BTreeMap;

use quotaplan::cli::Exit;

use super::seeds::Run;

/// What a run did.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) exit: Exit,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    /// Every file that its folder holds afterwards.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// The command of a run: its words before the first flag or file.
pub(crate) fn command(run: &Run) -> String {
    let word = |index: usize| run.arguments.get(index).map(|word| String::from_utf8_lossy(word).into_owned());
    let first = word(0).unwrap_or_default();
    let inner: &[&str] = match first.as_str() {
        "iam" => &["lint"],
        "request" => &["verify", "status", "submit"],
        "models" => &["list", "show", "validate", "update", "check"],
        "plan" | "check" | "explain" | "whatif" | "compare" | "migrate" | "simulate" | "quotas"
        | "sample" | "init" | "completions" | "help" => &[],
        _ => return "(other)".to_owned(),
    };
    match word(1).filter(|second| inner.contains(&second.as_str())) {
        Some(second) => format!("{first} {second}"),
        None => first,
    }
}

/// Whether a run draws or replays requests, of which there may be millions.
pub(crate) fn draws(run: &Run) -> bool {
    run.arguments.iter().any(|argument| argument == b"simulate" || argument.starts_with(b"--simul"))
}

/// The rules that a run breaks, each in words that are the same for the same fault.
pub(crate) fn broken(run: &Run, outcome: &Outcome) -> Vec<String> {
    let Outcome { exit, stdout, stderr, files } = outcome;
    let command = command(run);
    let mut wrong = Vec::new();
    let mut rule = |holds: bool, words: &str| {
        if !holds {
            wrong.push(format!("{command}: {words}"));
        }
    };
    let is_check = command == "check";
    let judges = is_check || ["iam lint", "request verify"].contains(&command.as_str());
    rule(*exit != Exit::Findings || judges, "ends with 1 and judges nothing");
    if *exit == Exit::Failure {
        rule(!stderr.is_empty(), "fails and says nothing");
        // A check says faults of its inputs in its own forms too. A pack stands before it is sent, and stays where
        // nobody can be called.
        let may_write = is_check || run.arguments.iter().any(|argument| argument == b"--submit");
        rule(stdout.is_empty() || may_write, "fails and gives a result");
        rule(*files == run.files || may_write, "fails and changes files");
    }
    rule(!files.keys().any(|name| name.contains(".quotaplan-")), "leaves a temporary folder");
    for (stream, bytes) in [("standard output", stdout), ("standard error", stderr)] {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                if let Some(c) = text.chars().find(|&c| is_harmful(c)) {
                    rule(false, &format!("U+{:04X} on {stream}", u32::from(c)));
                }
                let acts = |line: &str| {
                    ["##vso[", "##[", "::error", "::warning"].iter().any(|word| line.starts_with(word))
                };
                let speaks = is_check && run.arguments.iter().any(|argument| argument.ends_with(b"github"));
                rule(speaks || !text.lines().any(acts), &format!("a line on {stream} acts on a runner"));
            }
            Err(_) => rule(false, &format!("{stream} is not UTF-8")),
        }
    }
    let is_other = |argument: &Vec<u8>| {
        let is_help = argument.starts_with(b"-h") || argument == b"--help";
        is_help || argument == b"--print-command"
    };
    // It writes an overlay, and the form is that of the differences beside it.
    let is_overlay = command == "models update";
    let is_json =
        !is_overlay && format(run) == Some(b"json") && !is_check && !run.arguments.iter().any(is_other);
    if *exit != Exit::Failure && !stdout.is_empty() && is_json {
        rule(serde_json::from_slice::<serde_json::Value>(stdout).is_ok(), "the JSON is none");
    }
    wrong
}

/// What acts on a terminal or changes the order in which text is read.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The form that was asked for.
fn format(run: &Run) -> Option<&[u8]> {
    let at = run.arguments.iter().rposition(|argument| argument == b"--format")?;
    run.arguments.get(at + 1).map(Vec::as_slice)
}
