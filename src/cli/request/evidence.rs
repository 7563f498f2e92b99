//! Files of measured use, and what they are called in a pack.

use std::path::Path;

use crate::cli::args::EvidenceArg;
use crate::cli::inputs::{Inputs, aliases, load_rows};
use crate::minutes::{self, Minutes};
use crate::pack::{self, EvidenceArgument};
use crate::stream::Once;
use crate::text::stdin::input_name;
use crate::text::{Code, Diagnostics, FileId, Place, Sources};

/// Most files of measured use: a pack of more files is none.
const EVIDENCE_MAXIMUM: usize = 500;

/// Measured use, and its files by their names in the pack.
#[derive(Default)]
pub(super) struct Evidence {
    pub(super) minutes: Option<Minutes>,
    pub(super) files: Vec<EvidenceArgument>,
    /// The same files, in the same order.
    pub(super) ids: Vec<FileId>,
}

/// Reads measured use and says what its files are called in the pack; `None`, reported, where one of them
/// cannot be read.
pub(super) fn load(
    given: &[EvidenceArg],
    inputs: &mut Inputs,
    diagnostics: &mut Diagnostics,
) -> Option<Evidence> {
    if let Some(beyond) = given.get(EVIDENCE_MAXIMUM) {
        let message = format!("more than {EVIDENCE_MAXIMUM} files of measured use");
        let help = "join some of them, for example all pages of one output";
        diagnostics.add(Code::BadValue, Place::Path(input_name(&beyond.path)), message, help);
        return None;
    }
    let mut files: Vec<minutes::Evidence<'_>> = Vec::new();
    let (mut once, mut all_read) = (Once::default(), true);
    for EvidenceArg { of, path } in given {
        let is_prefixed = of.is_none() && path.to_str().is_some_and(|path| path.contains('='));
        if is_prefixed && !inputs.sources.at(path).exists() {
            let (code, message, help) = not_a_file(path, &inputs.sources);
            diagnostics.add(code, Place::Path(input_name(path)), message, help);
            all_read = false;
            continue;
        }
        if !once.admit(path, &inputs.sources, diagnostics) {
            continue;
        }
        match load_rows(path, &mut inputs.sources, diagnostics) {
            Some(file) => files.push(minutes::Evidence { file, of: of.as_deref() }),
            None => all_read = false,
        }
    }
    let aliases = aliases(&inputs.config);
    // What only all files together tell is not said where one could not be read.
    if !all_read {
        minutes::judge(&inputs.sources, &files, &inputs.catalog, &aliases, diagnostics);
        return None;
    }
    if files.is_empty() {
        return Some(Evidence::default());
    }
    let minutes = minutes::parse(&inputs.sources, &files, &inputs.catalog, &aliases, diagnostics)?;
    let (mut named, mut ids) = (Vec::new(), Vec::new());
    for (number, minutes::Evidence { file, of }) in (1..).zip(&files) {
        let is_answer = inputs.sources.file(*file).is_some_and(|file| minutes::is_answer(file.text()));
        let name = pack::inputs::minutes(number, files.len(), is_answer);
        ids.push(*file);
        named.push(EvidenceArgument { file: name, model: of.map(str::to_owned) });
    }
    Some(Evidence { minutes: Some(minutes), files: named, ids })
}

/// Why `MODEL/SCOPE=FILE` leads to no file.
fn not_a_file(typed: &Path, sources: &Sources) -> (Code, String, &'static str) {
    let parts = typed.to_str().and_then(|typed| typed.split_once('='));
    let scope = parts.and_then(|(of, file)| Some((of.rsplit_once('/')?.1, file)));
    match scope {
        Some((scope, file)) if sources.at(Path::new(file)).exists() => {
            let help = "write us, global, ca or in-region after the slash";
            (Code::UnknownScope, format!("`{scope}` is not a scope"), help)
        }
        _ => {
            let help = "check the path; to name the model of a file, write MODEL/SCOPE=FILE, for example \
                        haiku-4.5/us=FILE";
            (Code::UnreadableFile, "there is no such file".to_owned(), help)
        }
    }
}

/// The files of measured use in a sentence.
pub(super) fn words(files: &[EvidenceArgument]) -> String {
    match files {
        [] => pack::inputs::MINUTES.to_owned(),
        [only] => only.file.clone(),
        _ => "inputs/minutes-*".to_owned(),
    }
}
