//! The folder that a run works in, on a RAM disk where there is one.

use std::fs;
use std::path::{Path, PathBuf};

use super::seeds::{ARGUMENTS, INPUT, Run};

/// A folder of this process that goes with it, unless the process dies: what it then holds is the run that it died
/// of, with its arguments beside it.
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let disk = Path::new("/dev/shm");
        let disk = if disk.is_dir() { disk.to_owned() } else { std::env::temp_dir() };
        let root = disk.join(format!("quotaplan-fuzz-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).expect("a temporary folder");
        Self { root }
    }

    /// Fills the folder anew and gives the place of the run's files.
    pub(crate) fn fill(&self, run: &Run) -> PathBuf {
        let files = self.root.join("files");
        if files.exists() {
            fs::remove_dir_all(&files).expect("the folder of the last run goes");
        }
        fs::create_dir(&files).expect("a folder");
        for (name, bytes) in &run.files {
            let path = files.join(name);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        about(run, &self.root);
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// Saves a run beside its files: arguments and standard input.
fn about(run: &Run, folder: &Path) {
    let arguments: Vec<u8> = run.arguments.iter().flat_map(|one| [one.as_slice(), b"\0"].concat()).collect();
    fs::write(folder.join(ARGUMENTS), arguments).expect("a file");
    fs::write(folder.join(INPUT), &run.input).expect("a file");
}

/// Saves a run, so that it can be replayed, and what it did beside it.
pub(crate) fn save(run: &Run, to: &Path, what: &str) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).expect("a folder");
    for (name, bytes) in &run.files {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    about(run, to);
    fs::write(to.with_extension("txt"), format!("{what}\n{}\n", shown(run))).expect("a file");
}

/// The arguments as text.
pub(crate) fn shown(run: &Run) -> String {
    let words = run.arguments.iter().map(|argument| {
        let word = String::from_utf8_lossy(argument).into_owned();
        let is_long = word.len() > 200;
        let word: String = word.chars().take(200).collect();
        format!("{word:?}{}", if is_long { "…" } else { "" })
    });
    words.collect::<Vec<_>>().join(" ")
}
