//! Which file a path leads to, so that no result takes the place of a file that the run reads.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// Which file a path leads to, or would lead to if there were one.
///
/// Two paths lead to the same file where both are the same after links are followed, or where device and inode
/// are the same (hard links; names that differ in case, where the file system takes them for one). Where the
/// system has no inodes, the paths alone are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileIdentity {
    path: PathBuf,
    node: Option<(u64, u64)>,
}

impl FileIdentity {
    /// The file that a path leads to now. `None` for a device, a pipe, a socket or a folder, which no result
    /// replaces.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        Self::new(path, path.metadata().ok().as_ref())
    }

    /// The same, where what the path leads to is known.
    pub(crate) fn new(path: &Path, metadata: Option<&Metadata>) -> Option<Self> {
        if metadata.is_some_and(|metadata| !metadata.is_file()) {
            return None;
        }
        Some(Self { path: resolved(path), node: metadata.and_then(node) })
    }

    /// Whether both are one file.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.path == other.path || (self.node.is_some() && self.node == other.node)
    }
}

/// Numbered files, among which the same one is found again without a look at each.
#[derive(Debug, Default)]
pub struct FileIdentities {
    paths: BTreeMap<PathBuf, usize>,
    nodes: BTreeMap<(u64, u64), usize>,
}

impl FileIdentities {
    /// The number of the same file, where it was added before; else it is added under `number`.
    pub fn find_or_add(&mut self, file: FileIdentity, number: usize) -> Option<usize> {
        let by_node = || file.node.and_then(|node| self.nodes.get(&node));
        if let Some(same) = self.paths.get(&file.path).or_else(by_node) {
            return Some(*same);
        }
        self.nodes.extend(file.node.map(|node| (node, number)));
        self.paths.insert(file.path, number);
        None
    }
}

#[cfg(unix)]
fn node(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn node(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// The path that a path leads to, whether something is there or not.
#[must_use]
pub fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().map_or_else(|| path.to_owned(), |name| folder.join(name))
}
