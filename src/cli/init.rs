//! `quotaplan init`: starter files, never over existing ones.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::args::{Example, InitArgs};
use super::errors::InitError;
use super::{CliError, Session, output};
use crate::text::plain::{message, one_line, shell_word};

/// The configuration, the same for every example.
const CONFIGURATION: &str = include_str!("../../data/starter/quotaplan.toml");

/// The rows of an example; without one, of several kinds of workload.
const fn workloads(example: Option<Example>) -> &'static str {
    match example {
        None => include_str!("../../data/starter/workloads.csv"),
        Some(Example::Chat) => include_str!("../../data/starter/examples/chat.csv"),
        Some(Example::Agents) => include_str!("../../data/starter/examples/agents.csv"),
        Some(Example::Documents) => include_str!("../../data/starter/examples/documents.csv"),
        Some(Example::Batch) => include_str!("../../data/starter/examples/batch.csv"),
        Some(Example::Embeddings) => include_str!("../../data/starter/examples/embeddings.csv"),
    }
}

pub(super) fn run(args: &InitArgs, session: &Session<'_>) -> Result<(), CliError> {
    let files = [("workloads.csv", workloads(args.example)), ("quotaplan.toml", CONFIGURATION)];
    let present: Vec<String> = files
        .iter()
        .map(|(name, _)| args.dir.join(name))
        .filter(|path| session.at(path).symlink_metadata().is_ok())
        .map(|path| path.display().to_string())
        .collect();
    if !present.is_empty() {
        return Err(InitError::Exists { files: present }.into());
    }
    let wrong = |path: &Path| {
        let target = path.display().to_string();
        move |source| CliError::Write { target, source }
    };
    output::make_folder(session, &args.dir)?;
    let mut written = Vec::new();
    for (name, text) in files {
        let path = args.dir.join(name);
        let result =
            OpenOptions::new().write(true).create_new(true).open(session.at(&path)).and_then(|mut file| {
                written.push(session.at(&path));
                file.write_all(text.as_bytes())
            });
        if let Err(source) = result {
            // Half a start is worse than none; what cannot be removed is named in the error anyway.
            for path in &written {
                let _ = fs::remove_file(path);
            }
            return Err(wrong(&path)(source));
        }
    }
    let [workloads, config] = files.map(|(name, _)| args.dir.join(name).display().to_string());
    let next = format!("quotaplan plan {} --config {}", shell_word(&workloads), shell_word(&config));
    let (workloads, config) = (one_line(&workloads), one_line(&config));
    let written = format!("Wrote {workloads} and {config}: replace the rows with your own.\nNext:  {next}\n");
    output::stdout(session, message(&written).as_bytes())
}
