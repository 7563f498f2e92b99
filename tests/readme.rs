//! What the documents show and say is true: the README, every topic of the guide, and CONTRIBUTING.
//!
//! - A block ```` ```console ```` is a run: the command behind `$`, and what it prints. It runs in a
//!   folder with the files that the document shows, if it names one of them; otherwise in the repository.
//! - A block ```` ```csv ```` or ```` ```toml ```` is a valid input. Its first line may be a comment with the name
//!   of the file, as in `# chat.csv`.
//! - A line `quotaplan ...` of a block ```` ```sh ```` is a command that the program understands.
//!
//! `UPDATE_CASES=1 cargo test --test all readme` writes the output of each run into its document: read what changed
//! before committing it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};
use quotaplan::cli::Cli;
use quotaplan::guide::{self, TOPICS};
use quotaplan::text::Code;
use quotaplan::workload::Column;

use crate::support::{quotaplan, root};

/// A workload that every configuration can plan.
const ROW: &str = "workload,team,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens\n\
                   chat,claims,haiku-4.5,us,10,1000,200,400\n";

struct Document {
    /// From the root of the repository.
    path: String,
    text: String,
}

struct Block {
    language: String,
    text: String,
}

impl Document {
    fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { path: path.to_owned(), text }
    }

    fn topic(name: &str) -> Self {
        Self::read(&format!("src/guide/{name}.md"))
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut inside = false;
        for line in self.text.lines() {
            match line.strip_prefix("```") {
                Some("") if inside => inside = false,
                Some(language) => {
                    assert!(!inside && !language.is_empty(), "{}: a block without a language", self.path);
                    inside = true;
                    blocks.push(Block { language: language.to_owned(), text: String::new() });
                }
                None if inside => {
                    let block = blocks.last_mut().expect("a block is open");
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                None => {}
            }
        }
        assert!(!inside, "{}: a block that never ends", self.path);
        blocks
    }

    fn blocks_of(&self, language: &str) -> impl Iterator<Item = Block> {
        self.blocks().into_iter().filter(move |block| block.language == language)
    }

    /// Writes the files that it shows, as far as they are named.
    fn write_files(&self, folder: &Path) {
        for block in self.blocks() {
            let name = block.text.lines().next().and_then(|line| line.strip_prefix("# "));
            let name = name.and_then(|line| line.split([':', ' ']).next()).unwrap_or_default();
            if ["csv", "toml"]
                .iter()
                .any(|kind| block.language == *kind && name.ends_with(&format!(".{kind}")))
            {
                fs::write(folder.join(name), &block.text).expect("a file of the document");
            }
        }
    }
}

/// The README and the guide.
fn documents() -> Vec<Document> {
    let topics = TOPICS.iter().map(|topic| Document::topic(topic.name()));
    std::iter::once(Document::read("README.md")).chain(topics).collect()
}

#[test]
fn the_output_shown_is_the_output() {
    let update = std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1");
    let mut with_runs = BTreeSet::new();
    for document in documents() {
        let mut text = document.text.clone();
        for block in document.blocks_of("console") {
            let (command, shown) = block.text.split_once('\n').expect("a command");
            let command = command.strip_prefix("$ ").expect("a command behind a dollar sign");
            let folder = tempfile::tempdir().expect("a folder");
            document.write_files(folder.path());
            let words = command.strip_prefix("quotaplan ").expect("this program");
            // What names a file of the repository, or none at all, runs there.
            let is_shown = |word: &str| folder.path().join(word).exists();
            let place = if words.split(' ').any(is_shown) { folder.path().to_owned() } else { root() };
            let run = quotaplan(&place, &words.split(' ').collect::<Vec<_>>());
            assert_eq!(run.status.code(), Some(0), "{}: {command}", document.path);
            let output = String::from_utf8(run.stdout).expect("UTF-8");
            if update {
                let old = format!("```console\n{}```", block.text);
                text = text.replace(&old, &format!("```console\n$ {command}\n{output}```"));
            } else {
                assert!(output == shown, "{}: {command} does not print that but:\n{output}", document.path);
            }
            with_runs.insert(document.path.clone());
        }
        if text != document.text {
            fs::write(root().join(&document.path), text).expect("the document can be written");
        }
    }
    let expected = [
        "README.md",
        "src/guide/iam.md",
        "src/guide/plan.md",
        "src/guide/sample.md",
        "src/guide/simulate.md",
    ];
    assert_eq!(with_runs.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

/// A line of a shell as words: quotes are taken off, and what is redirected is left out.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(character),
        }
    }
    let end = words.iter().position(|word| word == ">" || word == "<").unwrap_or(words.len());
    words.truncate(end);
    words
}

#[test]
fn the_commands_shown_are_understood() {
    let mut seen = 0;
    for document in documents() {
        for block in document.blocks_of("sh") {
            for line in block.text.lines().filter(|line| line.starts_with("quotaplan ")) {
                let line = line.replace("$(date +%F)", "2026-11-26");
                if let Err(error) = Cli::try_parse_from(shell_words(&line)) {
                    panic!("{}: {line}\n{error}", document.path);
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen} commands");
}

#[test]
fn the_commands_to_build_and_test_are_there() {
    let readme = Document::read("README.md").text;
    assert!(
        readme.contains("\ncargo run --release -- plan data/workloads.csv\n"),
        "the command that builds and runs"
    );
    assert!(readme.contains("\ncargo test\n"), "the test command");
    assert!(readme.lines().count() < 250, "the README is one screen, a run and the map");
    let ci = fs::read_to_string(root().join(".ci/run")).expect(".ci/run");
    assert!(ci.contains("step cargo test\n"), ".ci/run calls the README's test command");
}

/// Every command below `command` with the words that call it.
fn commands(command: &clap::Command, words: &[&str]) -> Vec<(String, clap::Command)> {
    let mut found = Vec::new();
    for inner in command.get_subcommands() {
        let words: Vec<&str> = words.iter().copied().chain([inner.get_name()]).collect();
        found.push((words.join(" "), inner.clone()));
        found.extend(commands(inner, &words));
    }
    found
}

#[test]
fn the_map_has_every_command_and_the_guide_every_option() {
    let readme = Document::read("README.md").text;
    let all: String = documents().into_iter().map(|document| document.text).collect();
    for (words, command) in commands(&Cli::command(), &[]) {
        let name = words.split(' ').next().expect("a word");
        assert!(readme.contains(&format!("| `{name}")), "{name} is not in the README's map");
        let mut arguments: Vec<&str> = words.split(' ').collect();
        arguments.push("--help");
        assert_eq!(quotaplan(&root(), &arguments).status.code(), Some(0), "{words}");
        for option in command.get_arguments().filter_map(clap::Arg::get_long) {
            let option = format!("--{option}");
            let found = all.match_indices(&option).any(|(at, _)| {
                !all[at + option.len()..]
                    .starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-')
            });
            assert!(found, "{option} of {words} is neither in the README nor in the guide");
        }
    }
}

/// AWS's own examples as commands: each gets as far as the first call, and is kept from it.
#[test]
fn the_examples_of_sampling_are_ready_to_send() {
    let text = Document::topic("sample").text;
    let runs = text.lines().filter_map(|line| line.strip_prefix("quotaplan sample data/prompts/"));
    let said: Vec<String> = runs
        .map(|words| {
            let words = format!("sample data/prompts/{words} --max-requests 0");
            let run = quotaplan(&root(), &words.split(' ').collect::<Vec<_>>());
            assert_eq!(run.status.code(), Some(2), "{words}");
            let said = String::from_utf8(run.stderr).expect("UTF-8");
            assert!(said.ends_with("more than --max-requests 0 allows: nothing was sent\n"), "{said}");
            said.split(" (").next().unwrap_or_default().to_owned()
        })
        .collect();
    let expected = [
        "3 calls of Converse in ca-central-1 to global.anthropic.claude-haiku-4-5-20251001-v1:0",
        "3 calls of Converse in ca-central-1 to global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "3 calls of InvokeModel in ca-central-1 to global.cohere.embed-v4:0",
        "1 call of Converse in ca-central-1 to us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ];
    assert_eq!(said, expected);
}

/// Rows of the table under a heading line: its cells.
fn table(document: &Document, header: &str) -> Vec<Vec<String>> {
    let (_, rest) = document
        .text
        .split_once(&format!("{header}\n"))
        .unwrap_or_else(|| panic!("{}: no table {header}", document.path));
    let rows = rest.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let inner = line.trim().trim_matches('|');
        inner.split(" | ").map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

#[test]
fn the_table_of_codes_is_the_registry() {
    let expected: Vec<Vec<String>> = Code::ALL
        .iter()
        .map(|code| {
            vec![
                format!("`{}`", code.as_str()),
                code.severity().as_str().to_owned(),
                code.meaning().to_owned(),
            ]
        })
        .collect();
    assert_eq!(table(&Document::topic("codes"), "| code | severity | when |"), expected);
}

#[test]
fn the_table_of_columns_is_the_loaders() {
    let expected: Vec<Vec<String>> = Column::ALL
        .iter()
        .map(|column| vec![format!("`{}`", column.name()), column.meaning().to_owned()])
        .collect();
    assert_eq!(table(&Document::topic("workloads"), "| column | meaning, unit, default |"), expected);
}

#[test]
fn the_files_shown_are_valid() {
    let mut kinds = BTreeSet::new();
    for document in documents() {
        for block in
            document.blocks().into_iter().filter(|block| block.language == "toml" || block.language == "csv")
        {
            let folder = tempfile::tempdir().expect("a folder");
            let rows = if block.language == "csv" { block.text.as_str() } else { ROW };
            fs::write(folder.path().join("workloads.csv"), rows).expect("writing");
            fs::write(folder.path().join("shown.toml"), &block.text).expect("writing");
            let tables = block.text.lines().filter(|line| line.starts_with('['));
            let tables: Vec<&str> = tables.filter_map(|line| line.split(']').next()).collect();
            let (kind, arguments) = if block.language == "csv" {
                ("workloads", &["plan", "workloads.csv"][..])
            } else if block.text.contains("[[model]]") {
                ("overlay", &["models", "validate", "shown.toml"][..])
            } else if tables.iter().all(|table| *table == "[granted" || table.starts_with("[accounts.")) {
                ("granted", &["plan", "workloads.csv", "--granted", "shown.toml"][..])
            } else {
                ("configuration", &["plan", "workloads.csv", "--config", "shown.toml"][..])
            };
            let run = quotaplan(folder.path(), arguments);
            let errors = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(0), "{}, {kind}: {errors}", document.path);
            kinds.insert(kind);
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["configuration", "granted", "overlay", "workloads"]);
}

#[test]
fn a_topic_is_printed_as_it_is_written() {
    let written = fs::read_dir(root().join("src/guide")).expect("the guide");
    let written = written.map(|entry| entry.expect("an entry").path());
    let written: BTreeSet<PathBuf> =
        written.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    assert_eq!(written.len(), TOPICS.len(), "each file is a topic");
    for path in written {
        let name = path.file_stem().and_then(|stem| stem.to_str()).expect("UTF-8");
        let run = quotaplan(&root(), &["guide", name]);
        assert_eq!(run.status.code(), Some(0), "{name}");
        assert!(run.stdout == fs::read(&path).expect("the topic"), "{name}");
    }
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path
            .extension()
            .is_some_and(|kind| ["rs", "md", "toml", "csv"].iter().any(|own| kind == *own))
        {
            found.push(path);
        }
    }
}

/// Help texts, messages, starter files and documents send the reader to topics, and comments to sections, that exist.
#[test]
fn topics_and_sections_that_are_named_exist() {
    let mut paths = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    files_below(&root().join("src"), &mut paths);
    files_below(&root().join("data"), &mut paths);
    let sections: BTreeSet<&str> = TOPICS
        .iter()
        .filter(|topic| topic.name() == "sizing")
        .flat_map(|topic| topic.text().lines())
        .filter_map(|line| line.strip_prefix("## ")?.split_once(". "))
        .map(|(number, _)| number)
        .collect();
    assert!(sections.len() >= 5, "{sections:?}");
    for path in paths {
        // A command or a citation may stand on two lines of a comment or a paragraph.
        let text = fs::read_to_string(&path).expect("UTF-8");
        let words = text.split_whitespace().filter(|word| !["//", "///", "//!", "#"].contains(word));
        let text = words.collect::<Vec<_>>().join(" ");
        let word = |rest: &str| -> String {
            rest.chars().take_while(|next| next.is_ascii_alphanumeric() || *next == '-').collect()
        };
        for (at, shown) in text.match_indices("quotaplan guide ") {
            let name = word(&text[at + shown.len()..]);
            let is_named = name.is_empty() || name == "TOPIC" || guide::topic(&name).is_some();
            assert!(is_named, "{}: there is no topic {name}", path.display());
        }
        for citation in
            ["guide/sizing.md, section ", "guide/sizing.md`, section ", "`quotaplan guide sizing`, section "]
        {
            for (at, shown) in text.match_indices(citation) {
                let section = word(&text[at + shown.len()..]);
                let is_there = sections.contains(section.as_str());
                assert!(is_there, "{}: there is no section {section}", path.display());
            }
        }
    }
}

/// Links of the README, and the files that CONTRIBUTING names, are there.
#[test]
fn the_files_named_are_there() {
    let (readme, contributing) = (Document::read("README.md"), Document::read("CONTRIBUTING.md"));
    let mut named = BTreeSet::new();
    for document in [&readme, &contributing] {
        let links = document.text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        named.extend(links.filter(|link| !link.is_empty() && !link.starts_with("http")).map(str::to_owned));
    }
    for (at, word) in contributing.text.split('`').enumerate() {
        let path = word.strip_suffix('/').unwrap_or(word);
        let ours = ["src/", "tests/", "data/", ".ci/"].iter().any(|folder| path.starts_with(folder));
        // Between backticks; `NAME` stands for what is added.
        if at % 2 == 1 && ours && !path.contains("NAME") && !path.contains(' ') {
            named.insert(path.to_owned());
        }
    }
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        assert!(root().join(&name).exists(), "{name} is named and not there");
    }
}
