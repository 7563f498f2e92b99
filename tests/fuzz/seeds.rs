//! What is changed: the cases of `tests/cases` and other inputs of the tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::case::{self, Case};

/// A run: its arguments behind the program's name, its files by relative path, and its standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) arguments: Vec<Vec<u8>>,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) input: Vec<u8>,
}

/// Everything to start from.
pub(crate) struct Seeds {
    pub(crate) runs: Vec<Run>,
    /// How many of the first of them give a result: the rest are refused as they are.
    pub(crate) accepted: usize,
    /// The flags of all runs with a value that follows each.
    pub(crate) flags: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// Contents of files, also of those that no case has.
    pub(crate) contents: Vec<Vec<u8>>,
    /// Words of the files: names of columns and keys, models, values.
    pub(crate) words: Vec<Vec<u8>>,
}

/// A file of more bytes would only be slow.
const LARGEST: usize = 64 << 10;

/// The arguments of a saved run, each with a zero byte behind it: they may hold line ends.
pub(crate) const ARGUMENTS: &str = "args.zero";

/// The standard input of a saved run.
pub(crate) const INPUT: &str = "standard-input";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, by path in it, without `left_out` at the top.
pub(crate) fn files(folder: &Path, left_out: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(inner) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&inner)) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let name = if inner.is_empty() { name } else { format!("{inner}/{name}") };
            if left_out.contains(&name.as_str()) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(name),
                _ => {
                    found.insert(name, fs::read(entry.path()).unwrap_or_default());
                }
            }
        }
    }
    found
}

/// A saved run: its arguments, its standard input, and its files beside them.
pub(crate) fn read(folder: &Path) -> Option<Run> {
    let arguments = fs::read(folder.join(ARGUMENTS)).ok()?;
    let arguments = arguments.strip_suffix(&[0]).unwrap_or(&arguments);
    let arguments = arguments.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
    let mut files = files(folder, &[ARGUMENTS]);
    let input = files.remove(INPUT).unwrap_or_default();
    Some(Run { arguments, files, input })
}

impl Seeds {
    /// Reads them, in the order of their names.
    pub(crate) fn load() -> Self {
        let mut refused = Vec::new();
        let mut runs = Vec::new();
        for case in case::names().iter().map(|name| Case::read(name)) {
            for run in case.runs {
                let arguments = run.arguments.into_iter().map(String::into_bytes).collect();
                let seed = Run { arguments, files: case.inputs.clone(), input: Vec::new() };
                // Those that give a result first.
                if run.status == "2" { refused.push(seed) } else { runs.push(seed) }
            }
        }
        let accepted = runs.len();
        runs.append(&mut refused);
        let mut contents: Vec<Vec<u8>> = runs.iter().flat_map(|run| run.files.values().cloned()).collect();
        for folder in ["data", "tests/iam", "tests/simulate/data", "tests/data", "tests/worked_examples"] {
            contents.extend(files(&root().join(folder), &[]).into_values());
        }
        contents.retain(|bytes| bytes.len() <= LARGEST && !bytes.is_empty());
        contents.sort();
        contents.dedup();
        let mut flags = Vec::new();
        for run in &runs {
            for (index, argument) in run.arguments.iter().enumerate() {
                if argument.starts_with(b"--") {
                    let next = run.arguments.get(index + 1).filter(|next| !next.starts_with(b"--"));
                    flags.push((argument.clone(), next.cloned()));
                }
            }
        }
        flags.sort();
        flags.dedup();
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte);
        let mut words: Vec<Vec<u8>> = contents
            .iter()
            .flat_map(|bytes| bytes.split(|byte| !is_word(byte)))
            .filter(|word| (2..40).contains(&word.len()))
            .map(<[u8]>::to_vec)
            .collect();
        words.sort();
        words.dedup();
        Self { runs, accepted, flags, contents, words }
    }
}
