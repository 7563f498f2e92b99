//! From the paths that a user names to the inputs of a run: files, standard input, and the files in folders.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::input::Input;
use super::open::{is_by_link, report_unreadable};
use super::skipped::{SkipReason, Skipped};
use crate::text::identity::FileIdentities;
use crate::text::stdin::{input_name, is_stdin};
use crate::text::{Code, Diagnostics, FileIdentity, Place, Sources};

/// The inputs of a run, none of them opened yet.
#[derive(Debug, Default)]
pub struct Inputs {
    list: Vec<InputPath>,
    folders: Vec<Folder>,
    /// Paths that the user named.
    named: usize,
}

/// One input: a path that the user named, or one that was found in a folder.
#[derive(Debug, Clone)]
pub struct InputPath {
    path: PathBuf,
    size: Option<u64>,
    folder: Option<usize>,
    is_by_link: bool,
}

#[derive(Debug)]
struct Folder {
    name: String,
    /// Files that are read, or were to be.
    files: usize,
    skipped: Skipped,
    is_listed: bool,
}

impl InputPath {
    /// Opens it, see [`Input::open`].
    pub fn open(&self, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Option<Input> {
        Input::open(&self.path, sources, diagnostics)
    }

    /// The path, from the working folder as that of what the user named.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How messages name it.
    #[must_use]
    pub fn name(&self) -> String {
        input_name(&self.path)
    }

    /// Its bytes, packed as they are; `None` where that is not known before it is read.
    #[must_use]
    pub const fn size(&self) -> Option<u64> {
        self.size
    }

    /// Whether it was found in a folder.
    #[must_use]
    pub const fn is_found(&self) -> bool {
        self.folder.is_some()
    }

    /// Whether a symbolic link leads to it, see [`is_by_link`], or to the folder it was found in.
    #[must_use]
    pub const fn is_by_link(&self) -> bool {
        self.is_by_link
    }
}

impl Inputs {
    /// The inputs that paths lead to, in the order in which they are named; those of a folder in the byte order of
    /// their names, folder by folder.
    ///
    /// In a folder hidden and empty files are skipped, links to folders, and what `skips` says of its path. What is
    /// named twice, or cannot be listed, is reported.
    pub fn of(
        paths: &[PathBuf],
        skips: impl Fn(&Path) -> Option<SkipReason>,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut inputs = Self { named: paths.len(), ..Self::default() };
        let mut once = Once::default();
        for path in paths {
            let place = sources.at(path);
            let metadata = if is_stdin(path) { None } else { place.metadata().ok() };
            let from = inputs.list.len();
            if metadata.as_ref().is_some_and(Metadata::is_dir) {
                inputs.walk(path, &skips, sources, diagnostics);
            } else {
                let size = metadata.as_ref().filter(|metadata| metadata.is_file()).map(Metadata::len);
                let is_by_link = is_by_link(path, sources);
                inputs.list.push(InputPath { path: path.clone(), size, folder: None, is_by_link });
            }
            inputs.drop_duplicates(from, &mut once, sources, diagnostics);
        }
        inputs
    }

    /// All inputs, in the order in which they are read.
    #[must_use]
    pub fn list(&self) -> &[InputPath] {
        &self.list
    }

    /// Whether the user named more than one path, or a folder.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.named > 1 || !self.folders.is_empty()
    }

    /// All of their bytes, packed as they are; `None` where those of one are not known.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.list.iter().map(InputPath::size).try_fold(0_u64, |sum, size| sum.checked_add(size?))
    }

    /// What was skipped in all folders.
    #[must_use]
    pub fn skipped(&self) -> Skipped {
        let mut all = Skipped::default();
        self.folders.iter().for_each(|folder| all.append(&folder.skipped));
        all
    }

    /// Counts an input, by its place in the list, among those that are skipped: its content shows a reason.
    pub fn skip(&mut self, index: usize, reason: SkipReason) {
        let Some(input) = self.list.get(index) else { return };
        if let Some(folder) = input.folder.and_then(|folder| self.folders.get_mut(folder)) {
            folder.files = folder.files.saturating_sub(1);
            folder.skipped.add(input.name(), reason);
        }
    }

    /// Reports what was skipped, and folders without a file to read; once all that are to be skipped are known.
    pub fn report_folders(&self, diagnostics: &mut Diagnostics) {
        for folder in &self.folders {
            let place = Place::Path(folder.name.clone());
            let skipped = &folder.skipped;
            let count = skipped.count();
            if folder.files == 0 && folder.is_listed {
                let message = match count {
                    0 => "the folder is empty".to_owned(),
                    _ => {
                        format!(
                            "the folder has no file to read: everything in it was skipped ({})",
                            skipped.reasons()
                        )
                    }
                };
                let help = "name the folder that contains the files, or the files themselves";
                diagnostics.add(Code::EmptyFolder, place, message, help);
            } else if count > 0 {
                let entries = if count == 1 { "1 entry is" } else { &format!("{count} entries are") };
                let message = format!("{entries} skipped in this folder ({})", skipped.reasons());
                let help = format!(
                    "to read a skipped file, name it on the command line; skipped: {}",
                    skipped.first_names()
                );
                diagnostics.add(Code::SkippedFiles, place, message, help);
            }
        }
    }

    /// Adds the files of a folder. Links in it to other folders are not followed, since they may lead back.
    fn walk(
        &mut self,
        named: &Path,
        skips: &impl Fn(&Path) -> Option<SkipReason>,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        // Without a slash at its end, which would hide that the folder itself is a link.
        let named: PathBuf = named.components().collect();
        let root = sources.at(&named);
        let root_is_link = is_by_link(&named, sources);
        let number = self.folders.len();
        let mut folder =
            Folder { name: input_name(&named), files: 0, skipped: Skipped::default(), is_listed: true };
        let as_named = |path: &Path| named.join(path.strip_prefix(&root).unwrap_or(path));
        let mut hidden = Vec::new();
        // A hidden folder is not even listed.
        let is_seen = |entry: &DirEntry| {
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            hidden.extend(is_hidden.then(|| as_named(entry.path())));
            !is_hidden
        };
        let walk = WalkDir::new(&root).min_depth(1).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(is_seen) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().map_or_else(|| named.clone(), as_named);
                    report_unreadable(&path, &error.into(), sources, diagnostics);
                    folder.is_listed = false;
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            let path = as_named(entry.path());
            // Of a link, what it leads to; where that is missing the file is opened in vain, and reported.
            let metadata = entry.path().metadata().ok();
            let reason = match &metadata {
                Some(metadata) if metadata.is_dir() => Some(SkipReason::LINK),
                Some(metadata) if !metadata.is_file() => Some(SkipReason::NO_FILE),
                Some(metadata) if metadata.len() == 0 => skips(&path).or(Some(SkipReason::EMPTY)),
                _ => skips(&path),
            };
            if let Some(reason) = reason {
                folder.skipped.add(input_name(&path), reason);
                continue;
            }
            folder.files += 1;
            self.list.push(InputPath {
                path,
                size: metadata.map(|metadata| metadata.len()),
                folder: Some(number),
                is_by_link: root_is_link || entry.path_is_symlink(),
            });
        }
        hidden.iter().for_each(|path| folder.skipped.add(input_name(path), SkipReason::HIDDEN));
        self.folders.push(folder);
    }

    /// Reports the inputs from a place in the list on that are the same file as one before them, and drops them.
    fn drop_duplicates(
        &mut self,
        from: usize,
        once: &mut Once,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let found = self.list.split_off(from);
        self.list.extend(found.into_iter().filter(|input| once.admit(&input.path, sources, diagnostics)));
    }
}

/// Sees to it that each file is read once.
#[derive(Debug, Default)]
pub struct Once {
    identities: FileIdentities,
    names: Vec<String>,
}

impl Once {
    /// Whether a file is not one of those that were admitted before; else that is reported.
    pub fn admit(&mut self, path: &Path, sources: &Sources, diagnostics: &mut Diagnostics) -> bool {
        // Standard input is taken once, which its reader sees to.
        if is_stdin(path) {
            return true;
        }
        let place = sources.at(path);
        let identity = FileIdentity::of_path(&place).or_else(|| FileIdentity::new(&place, None));
        let same = identity.and_then(|identity| self.identities.find_or_add(identity, self.names.len()));
        let Some(first) = same.and_then(|same| self.names.get(same)) else {
            self.names.push(input_name(path));
            return true;
        };
        let name = input_name(path);
        let message = if *first == name {
            "the file is named twice".to_owned()
        } else {
            format!("it is the same file as `{first}`")
        };
        let help = "name each file only once; otherwise its content counts twice";
        diagnostics.add(Code::DuplicateFile, Place::Path(name), message, help);
        false
    }
}
