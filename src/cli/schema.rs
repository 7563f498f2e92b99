//! `quotaplan schema`: the JSON Schema of a document, the list of documents, or all schemas in a folder.

use std::path::Path;

use super::args::SchemaArgs;
use super::staged::StagedFiles;
use super::{CliError, Session, output};
use crate::contract::schema::DOCUMENTS;
use crate::text::plain::{message, one_line};

pub(super) fn run(args: &SchemaArgs, session: &Session<'_>) -> Result<(), CliError> {
    match (args.name, &args.out) {
        (Some(document), _) => output::stdout(session, document.text().as_bytes()),
        (None, Some(folder)) => write_all(folder, session),
        (None, None) => output::stdout(session, list().as_bytes()),
    }
}

/// Every document with what writes it, and how to go on.
fn list() -> String {
    let width = DOCUMENTS.iter().map(|document| document.name().len()).max().unwrap_or_default();
    let lines =
        DOCUMENTS.iter().map(|document| format!("  {:width$}  {}\n", document.name(), document.written_by()));
    format!(
        "JSON documents, and the commands that write them:\n\n{}\n`quotaplan schema NAME` prints the JSON Schema (2020-12) of a document.\n",
        lines.collect::<String>()
    )
}

/// Writes the schema of every document, each by its own name: all of them, or none.
fn write_all(folder: &Path, session: &Session<'_>) -> Result<(), CliError> {
    output::make_folder(session, folder)?;
    let sources = session.sources();
    let mut staged = StagedFiles::new();
    for document in DOCUMENTS {
        staged.add(
            &folder.join(format!("{}.json", document.name())),
            document.text().as_bytes(),
            &sources,
        )?;
    }
    staged.commit()?;
    let said = format!("wrote {} schemas to {}\n", DOCUMENTS.len(), one_line(&folder.display().to_string()));
    output::stdout(session, message(&said).as_bytes())
}
