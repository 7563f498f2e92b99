//! The folder of a request pack, which somebody else may have written: what lies in it, and the bytes of its
//! ordinary files.
//!
//! A symbolic link in it is not followed, and nothing but an ordinary file is opened. Each file is opened once,
//! and up to a bound. What a pack is planned from or sent from is read at once, and what is judged later are
//! those bytes; of other large files the open file is kept, to be compared. On Unix the way to a file is opened folder by
//! folder, so that one which becomes a link meanwhile is not followed either.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::cli::request::error::{FolderError, RequestError};
use crate::cli::{CliError, Session};
use crate::pack::{self, Content, Found, NotRead, Reread, SIZE_MAXIMUM};
use crate::stream::leads_to_nothing;
use crate::text::Sources;

/// Most files and folders: a pack has some thirty.
const ENTRIES_MAXIMUM: usize = 1_000;

/// Folders within folders that are looked into: a pack has one level.
const DEPTH_MAXIMUM: usize = 3;

/// Most bytes of a file that is held whole, where it is none of which the bytes are needed.
const HELD_MAXIMUM: u64 = 1 << 20;

/// Everything below a pack's folder, by path: ordinary files with their content, and the rest without.
///
/// # Errors
/// Where the folder or a file cannot be read, every one of them, and where there is more than in any pack.
pub(super) fn read(session: &Session<'_>, dir: &Path) -> Result<Vec<Found>, CliError> {
    let mut walk = Walk { dir, left: SIZE_MAXIMUM, entries: 0, found: Vec::new(), wrong: Vec::new() };
    match Folder::open(&session.at(dir)) {
        Ok(folder) => walk.folder(&folder, "", 0)?,
        Err(error) => walk.wrong.push(no_folder(dir, &session.at(dir), error)),
    }
    let Walk { mut found, wrong, .. } = walk;
    if !wrong.is_empty() {
        return Err(CliError::several(wrong));
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The bytes of one file of a pack's folder, by its path in it.
///
/// # Errors
/// Where it cannot be read, among them that it is not there.
pub(super) fn read_file(sources: &Sources, dir: &Path, path: &str) -> io::Result<Result<Vec<u8>, NotRead>> {
    let mut folder = Folder::open(&sources.at(dir))?;
    let (inner, name) = path.rsplit_once('/').unwrap_or(("", path));
    for part in inner.split('/').filter(|part| !part.is_empty()) {
        folder = folder.inner(OsStr::new(part))?;
    }
    match entry(&folder, OsStr::new(name), SIZE_MAXIMUM)? {
        Entry::File(file) => file.read(SIZE_MAXIMUM),
        Entry::Folder => Ok(Err(NotRead::Folder)),
        Entry::Other(reason) => Ok(Err(reason)),
    }
}

/// Why there is no folder of a pack at a path, which lies `at` on the disk.
fn no_folder(dir: &Path, at: &Path, error: io::Error) -> RequestError {
    let named = dir.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound if leads_to_nothing(at) => FolderError::LeadsToNothing { dir: named }.into(),
        io::ErrorKind::NotFound => FolderError::Missing { dir: named }.into(),
        io::ErrorKind::NotADirectory if at.is_file() => FolderError::IsFile { dir: named }.into(),
        io::ErrorKind::NotADirectory if at.exists() => FolderError::IsOther { dir: named }.into(),
        io::ErrorKind::PermissionDenied => FolderError::Forbidden { dir: named }.into(),
        _ => RequestError::Unreadable { path: named, error },
    }
}

/// A walk through a pack's folder.
struct Walk<'a> {
    dir: &'a Path,
    /// The bytes that may still be read.
    left: u64,
    entries: usize,
    found: Vec<Found>,
    /// What cannot be read.
    wrong: Vec<RequestError>,
}

impl Walk<'_> {
    /// Takes in what lies in a folder, whose path in the pack is `inner`.
    fn folder(&mut self, folder: &Folder, inner: &str, depth: usize) -> Result<(), RequestError> {
        let mut names = match folder.names(ENTRIES_MAXIMUM + 1) {
            Ok(names) => names,
            Err(error) => {
                self.unreadable(inner, error);
                return Ok(());
            }
        };
        self.entries += names.len();
        if self.entries > ENTRIES_MAXIMUM {
            return Err(RequestError::TooManyFiles { dir: self.dir.to_owned(), most: ENTRIES_MAXIMUM });
        }
        // In one order on every machine, so that the same files are beyond the bound.
        names.sort();
        let is_empty = names.is_empty();
        for name in names {
            let shown = name.to_string_lossy();
            let path = if inner.is_empty() { shown.into_owned() } else { format!("{inner}/{shown}") };
            match entry(folder, &name, self.left) {
                Ok(Entry::File(file)) => match self.content(&path, file) {
                    Ok(content) => self.add(path, content),
                    Err(error) => self.unreadable(&path, error),
                },
                Ok(Entry::Folder) if depth < DEPTH_MAXIMUM => match folder.inner(&name) {
                    Ok(below) => self.folder(&below, &path, depth + 1)?,
                    Err(error) => self.unreadable(&path, error),
                },
                Ok(Entry::Folder) => self.add(path, Err(NotRead::Folder)),
                Ok(Entry::Other(reason)) => self.add(path, Err(reason)),
                Err(error) => self.unreadable(&path, error),
            }
        }
        if is_empty && !inner.is_empty() {
            self.add(inner.to_owned(), Err(NotRead::Folder));
        }
        Ok(())
    }

    /// The content of an ordinary file: what a pack is planned from or sent from is read, and so is what is small.
    fn content(&mut self, path: &str, file: Open) -> io::Result<Result<Content, NotRead>> {
        let is_held = file.length <= HELD_MAXIMUM || pack::inputs::is_input(path) || path == pack::REQUESTS;
        if !is_held {
            self.left -= file.length.min(self.left);
            return Ok(Ok(Content::Large(Box::new(file))));
        }
        let read = file.read(self.left)?;
        self.left -= read.as_ref().map_or(0, |bytes| bytes.len() as u64).min(self.left);
        Ok(read.map(Content::Held))
    }

    fn unreadable(&mut self, path: &str, error: io::Error) {
        self.wrong.push(RequestError::Unreadable { path: self.dir.join(path), error });
    }

    fn add(&mut self, path: String, content: Result<Content, NotRead>) {
        let name = self.dir.join(&path).display().to_string();
        self.found.push(Found { path, name, content });
    }
}

/// What a name in a folder is.
enum Entry {
    File(Open),
    Folder,
    Other(NotRead),
}

/// Opens an ordinary file of at most `most` bytes; of anything else only what it is.
fn entry(folder: &Folder, name: &OsStr, most: u64) -> io::Result<Entry> {
    match folder.kind(name)? {
        Kind::File => {}
        Kind::Folder => return Ok(Entry::Folder),
        Kind::Other(reason) => return Ok(Entry::Other(reason)),
    }
    let file = folder.file(name)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Entry::Other(NotRead::Special("file that changed meanwhile")));
    }
    let length = metadata.len();
    Ok(if length > most { Entry::Other(NotRead::TooLarge) } else { Entry::File(Open { file, length }) })
}

/// A file that is open, and its length when it was opened.
#[derive(Debug)]
struct Open {
    file: File,
    length: u64,
}

impl Open {
    /// Its bytes, of which there are at most `most`.
    fn read(self, most: u64) -> io::Result<Result<Vec<u8>, NotRead>> {
        let mut bytes = Vec::new();
        // One byte more tells a file that grows, or one whose length is not what it says.
        self.file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(if bytes.len() as u64 > most { Err(NotRead::TooLarge) } else { Ok(bytes) })
    }
}

impl Reread for Open {
    fn reread(&self) -> io::Result<Box<dyn Read + '_>> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        // One byte more tells a file that has grown.
        Ok(Box::new(file.take(self.length.saturating_add(1))))
    }
}

/// What a name stands for, itself and not what it leads to.
enum Kind {
    File,
    Folder,
    Other(NotRead),
}

/// An open folder.
#[cfg(unix)]
struct Folder(std::os::fd::OwnedFd);

#[cfg(unix)]
impl Folder {
    /// Opens the folder that the user named, by way of links where there are any.
    fn open(path: &Path) -> io::Result<Self> {
        use rustix::fs::{CWD, Mode, OFlags, openat};
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(openat(CWD, path, flags, Mode::empty())?))
    }

    /// Opens a folder in it, which is no link.
    fn inner(&self, name: &OsStr) -> io::Result<Self> {
        use rustix::fs::{Mode, OFlags, openat};
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self(openat(&self.0, name, flags, Mode::empty())?))
    }

    /// The names in it, as many as asked for.
    fn names(&self, most: usize) -> io::Result<Vec<OsString>> {
        use std::os::unix::ffi::OsStrExt;
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(OsStr::from_bytes(name).to_owned());
            }
            if names.len() == most {
                break;
            }
        }
        Ok(names)
    }

    fn kind(&self, name: &OsStr) -> io::Result<Kind> {
        use rustix::fs::{AtFlags, FileType, statat};
        let found = statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Other(NotRead::Link),
            FileType::Fifo => Kind::Other(NotRead::Special("named pipe")),
            FileType::Socket => Kind::Other(NotRead::Special("socket")),
            _ => Kind::Other(NotRead::Special("device")),
        })
    }

    /// Opens a file in it, without waiting and without following a link.
    fn file(&self, name: &OsStr) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, openat};
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.0, name, flags, Mode::empty())?))
    }
}

/// The path of a folder: where there is no way to open files within an open folder, a link is told before a
/// file is opened.
#[cfg(not(unix))]
struct Folder(std::path::PathBuf);

#[cfg(not(unix))]
impl Folder {
    fn open(path: &Path) -> io::Result<Self> {
        std::fs::read_dir(path)?;
        Ok(Self(path.to_owned()))
    }

    fn inner(&self, name: &OsStr) -> io::Result<Self> {
        match self.kind(name)? {
            Kind::Folder => Ok(Self(self.0.join(name))),
            Kind::File | Kind::Other(_) => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn names(&self, most: usize) -> io::Result<Vec<OsString>> {
        std::fs::read_dir(&self.0)?.take(most).map(|entry| Ok(entry?.file_name())).collect()
    }

    fn kind(&self, name: &OsStr) -> io::Result<Kind> {
        let kind = self.0.join(name).symlink_metadata()?.file_type();
        Ok(match () {
            () if kind.is_symlink() => Kind::Other(NotRead::Link),
            () if kind.is_file() => Kind::File,
            () if kind.is_dir() => Kind::Folder,
            () => Kind::Other(NotRead::Special("device")),
        })
    }

    fn file(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.0.join(name))
    }
}
