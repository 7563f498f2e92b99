//! Files of measured use, and what they are called in a pack.

use crate::cli::args::EvidenceArg;
use crate::cli::inputs::{Inputs, aliases, load_rows};
use crate::minutes::{self, Minutes};
use crate::pack::{self, EvidenceArgument};
use crate::text::stdin::input_name;
use crate::text::{Code, Diagnostics, Place};

/// Most files of measured use: a pack of more files is none.
const EVIDENCE_MAXIMUM: usize = 500;

/// Measured use, and its files by their names in the pack.
#[derive(Default)]
pub(super) struct Evidence {
    pub(super) minutes: Option<Minutes>,
    pub(super) files: Vec<EvidenceArgument>,
}

/// Reads measured use and renames its files to what they are called in the pack; `None`, reported, where one of them
/// cannot be read.
pub(super) fn load(
    given: &[EvidenceArg],
    inputs: &mut Inputs,
    diagnostics: &mut Diagnostics,
) -> Option<Evidence> {
    if let Some(beyond) = given.get(EVIDENCE_MAXIMUM) {
        let message = format!("more than {EVIDENCE_MAXIMUM} files of measured use");
        let help = "join them, for example with one file of all pages of an answer";
        diagnostics.add(Code::BadValue, Place::Path(input_name(&beyond.path)), message, help);
        return None;
    }
    let mut files: Vec<minutes::Evidence<'_>> = Vec::new();
    for EvidenceArg { of, path } in given {
        let is_prefixed = of.is_none() && path.to_str().is_some_and(|path| path.contains('='));
        if is_prefixed && !inputs.sources.at(path).exists() {
            let help =
                "check the path; what stands before `=` has its scope behind a slash: haiku-4.5/us=FILE";
            let place = Place::Path(input_name(path));
            diagnostics.add(Code::UnreadableFile, place, "there is no such file", help);
            continue;
        }
        let file = load_rows(path, &mut inputs.sources, diagnostics);
        files.extend(file.map(|file| minutes::Evidence { file, of: of.as_deref() }));
    }
    let aliases = aliases(&inputs.config);
    if files.len() < given.len() {
        minutes::judge(&inputs.sources, &files, &inputs.catalog, &aliases, diagnostics);
        return None;
    }
    if files.is_empty() {
        return Some(Evidence::default());
    }
    let minutes = minutes::parse(&inputs.sources, &files, &inputs.catalog, &aliases, diagnostics)?;
    let mut named = Vec::new();
    for (number, minutes::Evidence { file, of }) in (1..).zip(&files) {
        let is_answer = inputs.sources.file(*file).is_some_and(|file| minutes::is_answer(file.text()));
        let name = pack::inputs::minutes(number, files.len(), is_answer);
        inputs.sources.rename_file(*file, &name);
        named.push(EvidenceArgument { file: name, model: of.map(str::to_owned) });
    }
    Some(Evidence { minutes: Some(minutes), files: named })
}

/// The files of measured use in a sentence.
pub(super) fn words(files: &[EvidenceArgument]) -> String {
    match files {
        [] => pack::inputs::MINUTES.to_owned(),
        [only] => only.file.clone(),
        _ => "inputs/minutes-*".to_owned(),
    }
}
