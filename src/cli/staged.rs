//! Results that come whole or not at all: written into a temporary folder beside their place, and moved from there.
//!
//! The temporary folder, `.quotaplan-` and twelve letters or digits, holds a file `owner` that stays locked as long
//! as the run goes on. What a killed run leaves is removed by the next run that writes into the same folder; the
//! folder of a run that still goes on, or one that is not surely of this program, is left alone.
//!
//! One window remains: several files are replaced one after the other, so a run that is killed between two of them
//! leaves some new and some old, each of them whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::CliError;
use super::args::default_config;
use super::errors::OutputPathError;
use crate::text::{FileIdentity, Sources};

/// How the names of temporary folders begin.
const PREFIX: &str = ".quotaplan-";

/// The locked file in a temporary folder.
const OWNER: &str = "owner";

/// The results in a temporary folder, under the names they will have.
const NEW: &str = "new";

/// What stood in their places, while several files are replaced.
const OLD: &str = "old";

/// The content of `owner`, written once it is locked.
const MARK: &str = "A temporary folder of quotaplan. The next run that writes to this folder removes it, unless the \
                    run that created it is still running.\n";

/// Letters and digits of a name behind [`PREFIX`].
const RANDOM: usize = 12;

/// Folders that are begun: one of which the owner is not locked yet may be taken for a leftover.
const ATTEMPTS: usize = 20;

/// A temporary folder of this run.
struct Temporary {
    /// Unlocked before the folder is removed: an open file keeps some systems from removing it.
    _owner: File,
    folder: TempDir,
    /// The folder it stands in.
    parent: PathBuf,
}

impl Temporary {
    /// Makes one, after removing what killed runs left beside it.
    fn new(parent: &Path) -> io::Result<Self> {
        remove_leftovers(parent);
        let mut made = Self::begin(parent);
        for _ in 1..ATTEMPTS {
            match made {
                Err(error) if error.kind() == io::ErrorKind::NotFound => made = Self::begin(parent),
                done => return done,
            }
        }
        made
    }

    fn begin(parent: &Path) -> io::Result<Self> {
        // The name of the temporary folder means nothing to the user.
        let kind = |error: io::Error| io::Error::from(error.kind());
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).rand_bytes(RANDOM);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o700));
        }
        let folder = builder.tempdir_in(parent).map_err(kind)?;
        let mut owner = File::create_new(folder.path().join(OWNER)).map_err(kind)?;
        // Where files cannot be locked, nobody could tell that this run still goes on: without its mark the folder
        // is never removed by another.
        if owner.lock().is_ok() {
            owner.write_all(MARK.as_bytes()).map_err(kind)?;
        }
        // Fails where another run has removed the folder before it was locked.
        fs::create_dir(folder.path().join(NEW)).map_err(kind)?;
        Ok(Self { _owner: owner, folder, parent: parent.to_owned() })
    }

    fn place(&self, kind: &str, name: &std::ffi::OsStr) -> PathBuf {
        self.folder.path().join(kind).join(name)
    }
}

/// Removes the temporary folders of runs that no longer go on. What cannot be removed stays.
fn remove_leftovers(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(random) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        // A link is no folder, wherever it leads.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let is_exact = random.len() == RANDOM && random.chars().all(|c| c.is_ascii_alphanumeric());
            let _ = remove_leftover(&entry.path(), is_exact);
        }
    }
}

/// Removes a folder that is surely a temporary one of this program, and of a run that has ended: it holds nothing
/// but what such a folder holds, its owner can be locked, and the mark stands in it. A run that was killed before
/// it wrote the mark left nothing that could be lost, so there the name is enough.
fn remove_leftover(folder: &Path, is_exact: bool) -> io::Result<()> {
    let names: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>()?;
    if names.is_empty() && is_exact {
        return fs::remove_dir(folder);
    }
    if !names.iter().all(|name| [OWNER, NEW, OLD].iter().any(|ours| name == *ours)) {
        return Ok(());
    }
    let owner = folder.join(OWNER);
    // Whatever is no ordinary file is not opened: a pipe would be waited for.
    if !owner.symlink_metadata()?.is_file() {
        return Ok(());
    }
    let file = File::open(&owner)?;
    if file.try_lock().is_err() {
        return Ok(());
    }
    let mut mark = Vec::new();
    (&file).take(MARK.len() as u64 + 1).read_to_end(&mut mark)?;
    // The lock is held until all is gone: a run that is about to lock it then finds no folder, and makes another.
    match mark.as_slice() {
        mark if mark == MARK.as_bytes() => fs::remove_dir_all(folder),
        [] if is_exact && names.len() == 1 => {
            fs::remove_file(&owner)?;
            fs::remove_dir(folder)
        }
        _ => Ok(()),
    }
}

/// The folder that a path lies in.
fn parent_of(path: &Path) -> io::Result<&Path> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() { Ok(folder) } else { Err(io::Error::other("its folder does not exist")) }
}

/// A folder that is filled under another name and then gets its own.
pub(super) struct StagedFolder {
    temporary: Temporary,
    target: PathBuf,
    content: PathBuf,
}

impl StagedFolder {
    /// Begins a folder; `target` must not exist. On Unix `mode` says who may do what with it.
    pub(super) fn new(target: &Path, mode: u32) -> io::Result<Self> {
        if target.symlink_metadata().is_ok() {
            return Err(io::Error::other("it already exists"));
        }
        let parent = parent_of(target)?;
        let name = target.file_name().ok_or_else(|| io::Error::other("it is not the name of a folder"))?;
        let temporary = Temporary::new(parent)?;
        let content = temporary.place(NEW, name);
        fs::create_dir(&content)?;
        permit(&content, mode)?;
        Ok(Self { temporary, target: target.to_owned(), content })
    }

    /// Writes a file, whose path has its parts divided by `/`.
    pub(super) fn write(&self, path: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
        self.create(path, mode)?.write_all(bytes)
    }

    /// Creates a file, whose path has its parts divided by `/`, to be written.
    pub(super) fn create(&self, path: &str, mode: u32) -> io::Result<File> {
        let path = self.content.join(path);
        if let Some(inner) = path.parent() {
            fs::create_dir_all(inner)?;
        }
        let file = File::create(&path)?;
        permit(&path, mode)?;
        Ok(file)
    }

    /// Puts the folder in its place.
    pub(super) fn commit(self) -> io::Result<()> {
        let Self { temporary, target, content } = self;
        let moved = fs::rename(content, target);
        drop(temporary);
        moved
    }
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn permit(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// What writes a result.
type Content<'a> = dyn FnMut(&mut dyn Write) -> io::Result<()> + 'a;

/// Results on their way to files: all of them are replaced, or none.
#[derive(Default)]
pub(super) struct StagedFiles {
    files: Vec<StagedFile>,
    /// Devices and pipes, which have no place for a file beside them and must not be replaced.
    devices: Vec<(PathBuf, Vec<u8>)>,
    temporaries: Vec<Temporary>,
}

struct StagedFile {
    /// As the user named it.
    named: PathBuf,
    /// What is replaced: where the name is that of a link, what it leads to.
    target: PathBuf,
    identity: Option<FileIdentity>,
    staged: PathBuf,
    backup: PathBuf,
}

impl StagedFiles {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Writes a result beside its place, so that all that can fail has failed before anything is replaced.
    ///
    /// # Errors
    /// Where it cannot be written there, or would take the place of a file that the run reads or of another result.
    pub(super) fn add(&mut self, path: &Path, bytes: &[u8], sources: &Sources) -> Result<(), CliError> {
        self.add_written(path, &mut |out| out.write_all(bytes), sources)
    }

    /// The same for a result that is written part by part.
    ///
    /// # Errors
    /// As for [`Self::add`].
    pub(super) fn add_written(
        &mut self,
        path: &Path,
        write: &mut Content<'_>,
        sources: &Sources,
    ) -> Result<(), CliError> {
        refuse_overwriting(path, sources)?;
        self.add_any(path, write, sources)
    }

    /// The same for a file that the run reads in order to change it.
    ///
    /// # Errors
    /// As for [`Self::add`], and where the run reads it as another input as well.
    pub(super) fn rewrite(&mut self, path: &Path, bytes: &[u8], sources: &Sources) -> Result<(), CliError> {
        refuse_other_input(path, sources)?;
        self.add_any(path, &mut |out| out.write_all(bytes), sources)
    }

    fn add_any(&mut self, path: &Path, write: &mut Content<'_>, sources: &Sources) -> Result<(), CliError> {
        let place = sources.at(path);
        let identity = FileIdentity::of_path(&place);
        if let Some(identity) = &identity {
            let others = self.files.iter().filter_map(|other| other.identity.as_ref());
            if others.into_iter().any(|other| other.is_same(identity)) {
                return Err(OutputPathError::Twice { path: path.to_owned() }.into());
            }
        }
        let wrong = |source| CliError::Write { target: path.display().to_string(), source };
        self.stage((path, &place), identity, write).map_err(wrong)
    }

    /// Stages a file, as it was named and where that leads.
    fn stage(
        &mut self,
        (named, path): (&Path, &Path),
        identity: Option<FileIdentity>,
        write: &mut Content<'_>,
    ) -> io::Result<()> {
        let other = io::Error::other;
        let metadata = path.metadata().ok();
        let is_special = metadata.as_ref().is_some_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        // An open file of a process by its number, such as /dev/stderr that leads to a file: written to as it is.
        let is_open = ["/dev/fd", "/dev/stderr", "/proc"].iter().any(|begin| path.starts_with(begin));
        if is_special || is_open {
            let mut bytes = Vec::new();
            write(&mut bytes)?;
            self.devices.push((path.to_owned(), bytes));
            return Ok(());
        }
        // A link stays a link: what it leads to is replaced.
        let target = match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => {
                path.canonicalize().map_err(|_| other("it is a broken symbolic link"))?
            }
            _ => path.to_owned(),
        };
        if metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(other("it is a directory"));
        }
        if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(other("it is not the name of a file"));
        }
        let parent = parent_of(&target)?;
        let name = target.file_name().ok_or_else(|| other("it is not the name of a file"))?;
        if metadata.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
            return Err(other("the file is read-only"));
        }
        let known = self.temporaries.iter().position(|temporary| temporary.parent == parent);
        let index = match known {
            Some(index) => index,
            None => {
                self.temporaries.push(Temporary::new(parent)?);
                self.temporaries.len() - 1
            }
        };
        let Some(temporary) = self.temporaries.get(index) else { return Ok(()) };
        let (staged, backup) = (temporary.place(NEW, name), temporary.place(OLD, name));
        // Two names that differ in case alone are one file on some systems: the second is not new there.
        let mut file = OpenOptions::new().write(true).create_new(true).open(&staged)?;
        // What is replaced keeps who may read it.
        if let Some(metadata) = metadata {
            file.set_permissions(metadata.permissions())?;
        }
        let mut buffer = BufWriter::new(&mut file);
        write(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        file.sync_all()?;
        self.files.push(StagedFile { named: named.to_owned(), target, identity, staged, backup });
        Ok(())
    }

    /// Puts every result in its place. Where one cannot be, the ones before it are put back as they were.
    ///
    /// # Errors
    /// What cannot be written, and what could not be put back.
    pub(super) fn commit(self) -> Result<(), CliError> {
        // First what cannot be taken back: where it fails, no file is replaced.
        for (target, bytes) in &self.devices {
            let written =
                OpenOptions::new().append(true).open(target).and_then(|mut device| device.write_all(bytes));
            written.map_err(|source| CliError::Write { target: target.display().to_string(), source })?;
        }
        for (index, file) in self.files.iter().enumerate() {
            // Behind the last nothing can fail.
            let is_last = index + 1 == self.files.len();
            let kept = if is_last { Ok(()) } else { file.keep() };
            if let Err(source) = kept.and_then(|()| fs::rename(&file.staged, &file.target)) {
                return Err(undone(file, source, &self.files[..index]));
            }
        }
        Ok(())
    }
}

impl StagedFile {
    /// Keeps what stands at the target under another name: by a hard link, or as a copy where there are none.
    fn keep(&self) -> io::Result<()> {
        if self.target.symlink_metadata().is_err() {
            return Ok(());
        }
        if let Some(folder) = self.backup.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::hard_link(&self.target, &self.backup)
            .or_else(|_| fs::copy(&self.target, &self.backup).map(|_| ()))
    }

    /// Puts back what stood at the target.
    fn put_back(&self) -> io::Result<()> {
        if self.backup.symlink_metadata().is_ok() {
            fs::rename(&self.backup, &self.target)
        } else {
            fs::remove_file(&self.target)
        }
    }
}

/// Puts back the files that were replaced before one that could not be.
fn undone(file: &StagedFile, source: io::Error, replaced: &[StagedFile]) -> CliError {
    if replaced.is_empty() {
        return CliError::Write { target: file.named.display().to_string(), source };
    }
    let not_put_back = replaced.iter().filter_map(|file| Some((file.named.clone(), file.put_back().err()?)));
    let not_put_back = not_put_back.collect();
    OutputPathError::Undone { target: file.named.clone(), error: source, not_put_back }.into()
}

/// Refuses an output that would take the place of a file that the run reads, or of the configuration in the working
/// directory, whether the run reads it or not.
pub(super) fn refuse_overwriting(output: &Path, sources: &Sources) -> Result<(), OutputPathError> {
    let Some(identity) = FileIdentity::of_path(&sources.at(output)) else { return Ok(()) };
    let is_output =
        |path: &&Path| FileIdentity::of_path(&sources.at(path)).is_some_and(|file| file.is_same(&identity));
    let (name, output) = (output.display().to_string(), output.to_owned());
    match (sources.names_of(&identity).next(), default_config(sources.folder()).filter(is_output)) {
        (Some(input), _) if input == name => Err(OutputPathError::IsInput { output }),
        (Some(input), _) => Err(OutputPathError::IsInputNamed { output, input: input.to_owned() }),
        (None, Some(config)) => Err(OutputPathError::IsConfiguration { output, config: config.to_owned() }),
        (None, None) => Ok(()),
    }
}

/// Refuses to change a file that the run reads in order to change it, where it is another input as well.
pub(super) fn refuse_other_input(path: &Path, sources: &Sources) -> Result<(), OutputPathError> {
    let identity = FileIdentity::of_path(&sources.at(path));
    if identity.is_some_and(|identity| sources.names_of(&identity).count() > 1) {
        return Err(OutputPathError::IsInput { output: path.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use std::fs;
    use std::path::{Path, PathBuf};

    use super::StagedFiles;
    use crate::text::Sources;

    /// Everything in a folder, with what it holds.
    fn content(folder: &Path) -> Vec<(PathBuf, String)> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut found: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| (path.clone(), fs::read_to_string(path).unwrap_or_default()))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn where_a_later_file_cannot_be_replaced_the_earlier_ones_are_put_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "old a").expect("writing");
        let sources = Sources::new();
        let mut staged = StagedFiles::new();
        for name in ["a", "b", "c", "d"] {
            staged.add(&at(name), b"new", &sources).expect("it can be written");
        }
        // What was possible when it was staged is not any more.
        fs::create_dir(at("c")).expect("a folder");
        let before: Vec<_> = content(folder.path())
            .into_iter()
            .filter(|(path, _)| path.is_file() || *path == at("c"))
            .collect();
        let error = staged.commit().expect_err("a folder stands in the way").to_string();
        assert!(error.starts_with(&format!("cannot write {}: ", at("c").display())), "{error}");
        assert!(error.ends_with("; the other files are unchanged"), "{error}");
        assert_eq!(content(folder.path()), before);
    }

    #[test]
    fn where_nothing_stands_in_the_way_every_file_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a"), "old a").expect("writing");
        let sources = Sources::new();
        let mut staged = StagedFiles::new();
        staged.add(&at("a"), b"new a", &sources).expect("it can be written");
        staged.add(&at("b"), b"new b", &sources).expect("it can be written");
        assert!(staged.add(&at("b"), b"twice", &sources).is_err());
        staged.commit().expect("it can be replaced");
        assert_eq!(content(folder.path()), [(at("a"), "new a".to_owned()), (at("b"), "new b".to_owned())]);
    }
}
