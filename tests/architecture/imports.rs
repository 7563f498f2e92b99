//! Which file of `src` uses what of which other file: every path is followed through re-exports to the file that
//! defines its last name. Passing a name on with `pub use` is no use of it.
//!
//! Reads the text of the files, not the compiler's tree: enough for the imports and paths that this code has.

use std::collections::{BTreeMap, BTreeSet};

/// A module: the file that holds it and the names it has from elsewhere.
#[derive(Debug, Default)]
struct Module {
    /// Its file; empty for an inline module, which this code has for tests alone.
    file: String,
    /// Names that `use` brings into it, with the path of each.
    names: BTreeMap<String, Vec<String>>,
    /// Those of them that are only passed on with `pub use`: its own code does not need them.
    passed_on: BTreeSet<String>,
    /// Paths that its code goes through, as they are written.
    paths: Vec<Vec<String>>,
}

/// The modules of the library by their paths, `["engine", "plan"]`.
#[derive(Debug, Default)]
pub(super) struct Modules(BTreeMap<Vec<String>, Module>);

/// One file's use of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    /// The file that uses.
    pub(super) from: String,
    /// The file that defines what is used.
    pub(super) to: String,
    /// The path as it is written.
    pub(super) path: String,
}

/// The path of a file's module: `engine/plan.rs` and `engine/plan/mod.rs` are both `engine::plan`.
fn module_of(file: &str) -> Vec<String> {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    if stem == "lib" { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

impl Modules {
    /// Reads files, each with its name below `src`; `main.rs` is another crate and left out.
    pub(super) fn read(files: &[(String, String)]) -> Self {
        let mut modules = BTreeMap::new();
        for (file, text) in files.iter().filter(|(file, _)| file != "main.rs") {
            let code = bare(text);
            let mut module = Module { file: file.clone(), ..Module::default() };
            let rest = take_uses(&code, &mut module);
            module.paths.extend(paths_in(&rest));
            let words = own_words(&rest);
            module.passed_on.retain(|name| !words.contains(name.as_str()));
            modules.insert(module_of(file), module);
        }
        Self(modules)
    }

    /// Every use of another file, once for each path.
    pub(super) fn imports(&self) -> Vec<Import> {
        let mut found = BTreeSet::new();
        for (at, module) in &self.0 {
            let needed = module.names.iter().filter(|(name, _)| !module.passed_on.contains(*name));
            for path in needed.map(|(_, path)| path).chain(&module.paths) {
                if let Some(to) = self.defining_file(at, path, 0)
                    && to != module.file
                {
                    let from = module.file.clone();
                    found.insert(Import { from, to: to.to_owned(), path: path.join("::") });
                }
            }
        }
        found.into_iter().collect()
    }

    /// The file that defines what a path in a module leads to; `None` for what is not of this crate, and for
    /// a module as such.
    fn defining_file(&self, at: &[String], path: &[String], depth: usize) -> Option<&str> {
        // A name that leads to itself is defined where it stands.
        if depth > 20 {
            return None;
        }
        let mut at = at.to_vec();
        let mut is_begun = false;
        let mut segments = path.iter().peekable();
        while let Some(segment) = segments.next() {
            match segment.as_str() {
                "crate" | "quotaplan" => at.clear(),
                "self" => {}
                "super" => {
                    at.pop();
                }
                name => {
                    let mut child = at.clone();
                    child.push(name.to_owned());
                    if self.0.contains_key(&child) {
                        at = child;
                    } else {
                        let module = self.0.get(&at)?;
                        let rest = segments.cloned();
                        return match module.names.get(name) {
                            Some(to) if to.as_slice() != [name] => {
                                let path: Vec<String> = to.iter().cloned().chain(rest).collect();
                                self.defining_file(&at, &path, depth + 1)
                            }
                            // The first name of a path is another crate's unless the module has it.
                            _ if !is_begun => None,
                            _ => Some(&module.file),
                        };
                    }
                }
            }
            is_begun = true;
        }
        None
    }
}

/// Code without comments, texts and the tests at its end.
fn bare(text: &str) -> String {
    let text = &text[..tests_at(text)];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            raw.find("\"#").map_or(rest.len(), |end| end + 5)
        } else if c == '"' {
            end_of_text(rest)
        } else if let Some(character) = ["'\"'", "'\\\"'"].iter().find(|text| rest.starts_with(**text)) {
            character.len()
        } else {
            0
        };
        if skipped == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            rest = &rest[skipped.min(rest.len())..];
        }
    }
    out
}

/// Where the tests at the end of a file begin.
fn tests_at(text: &str) -> usize {
    let is_module = |rest: &str| {
        let mut lines = rest.lines().skip(1).skip_while(|line| line.starts_with("#["));
        lines.next().is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
    };
    text.match_indices("#[cfg(test)]")
        .map(|(at, _)| at)
        .find(|at| is_module(&text[*at..]))
        .unwrap_or(text.len())
}

/// Where a text that begins with its quote ends.
fn end_of_text(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The words of code that may be names of its module: none that follow `::` or a dot, or that are declared.
fn own_words(code: &str) -> BTreeSet<&str> {
    let mut words = BTreeSet::new();
    let (mut before, mut last) = (' ', "");
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if end == 0 {
            before = if c.is_whitespace() { before } else { c };
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let is_path = code[..code.len() - rest.len()].ends_with("::");
        if !is_path && before != '.' && !["fn", "mod"].contains(&last) {
            words.insert(&rest[..end]);
        }
        (before, last) = (' ', &rest[..end]);
        rest = &rest[end..];
    }
    words
}

/// Takes the `use` statements out of code into a module's names; what is left.
fn take_uses(code: &str, module: &mut Module) -> String {
    let mut rest = String::with_capacity(code.len());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let line_start = line.trim_start();
        let start =
            line_start.strip_prefix("pub").map_or(line_start, |public| match public.strip_prefix('(') {
                Some(inside) => inside.split_once(')').map_or("", |(_, rest)| rest).trim_start(),
                None => public.trim_start(),
            });
        let Some(tree) = start.strip_prefix("use ") else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let mut tree = tree.to_owned();
        while !tree.contains(';') {
            let Some(line) = lines.next() else { break };
            tree.push_str(line.trim());
        }
        let tree: String = tree.split(';').next().unwrap_or_default().to_owned();
        let known: BTreeSet<String> = module.names.keys().cloned().collect();
        add_tree(&tree, &[], module);
        if line_start.starts_with("pub") {
            let new = module.names.keys().filter(|name| !known.contains(*name));
            module.passed_on.extend(new.cloned());
        }
    }
    rest
}

/// Adds the names of a `use` tree behind a path.
fn add_tree(tree: &str, before: &[String], module: &mut Module) {
    let tree = tree.trim().trim_start_matches("::");
    if let Some(list) = tree.strip_prefix('{') {
        let list = list.trim_end().trim_end_matches('}');
        split_list(list).into_iter().for_each(|part| add_tree(part, before, module));
        return;
    }
    if let Some((first, rest)) = tree.split_once("::") {
        let mut path = before.to_vec();
        path.push(first.trim().to_owned());
        add_tree(rest, &path, module);
        return;
    }
    let (name, alias) = tree.split_once(" as ").map_or((tree, None), |(name, alias)| (name, Some(alias)));
    let name = name.trim();
    if name.is_empty() {
        return;
    }
    let mut path = before.to_vec();
    // `caps::{self}` brings in the module under its own name.
    if name != "self" || path.is_empty() {
        path.push(name.to_owned());
    }
    let own = path.last().cloned().unwrap_or_default();
    let known = match alias.map(str::trim) {
        Some("_") => format!("{} (no name)", path.join("::")),
        Some(alias) => alias.to_owned(),
        None => own,
    };
    module.names.insert(known, path);
}

/// The parts of a list in braces, whose parts may have lists of their own.
fn split_list(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

/// Paths of at least two names in code.
fn paths_in(code: &str) -> Vec<Vec<String>> {
    let mut found = BTreeSet::new();
    let mut rest = code;
    let mut is_inside = false;
    while let Some(c) = rest.chars().next() {
        if !is_word(c) {
            is_inside = rest.starts_with("::") || c == '.';
            rest = &rest[c.len_utf8()..];
            // The second colon is of the same path.
            rest = rest.strip_prefix(':').unwrap_or(rest);
            continue;
        }
        let mut path = Vec::new();
        loop {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            path.push(rest[..end].to_owned());
            rest = &rest[end..];
            match rest.strip_prefix("::") {
                Some(next) if next.starts_with(is_word) => rest = next,
                _ => break,
            }
        }
        if path.len() > 1 && !is_inside {
            found.insert(path);
        }
        is_inside = false;
    }
    found.into_iter().collect()
}

/// The circles of a graph: groups of nodes of which each leads to each other.
pub(super) fn circles(edges: &BTreeSet<(String, String)>) -> Vec<Vec<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
        next.entry(to).or_default();
    }
    let reach = |start: &str| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = next.get(start).into_iter().flatten().copied().collect();
        while let Some(node) = open.pop() {
            if seen.insert(node) {
                open.extend(next.get(node).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = next.keys().map(|node| (*node, reach(node))).collect();
    let mut groups: BTreeSet<Vec<String>> = BTreeSet::new();
    for (node, seen) in &reached {
        if seen.contains(node) {
            let both =
                seen.iter().filter(|other| reached.get(*other).is_some_and(|back| back.contains(node)));
            groups.insert(both.map(|other| (*other).to_owned()).collect());
        }
    }
    groups.into_iter().collect()
}

#[test]
fn paths_are_followed_to_the_file_that_defines_them() {
    let files = [
        ("lib.rs", "pub mod a;\npub mod b;\n"),
        ("a/mod.rs", "mod inner;\npub use inner::{Thing, other as another};\npub fn own() {}\n"),
        ("a/inner.rs", "use super::own; // use crate::b::no;\npub struct Thing;\n"),
        (
            "b.rs",
            "use std::fmt;\nuse crate::{\n    a::{self, Thing},\n};\nfn f() { a::another(\"crate::a::no\"); crate::a::own(); }\n",
        ),
    ];
    let files: Vec<(String, String)> = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let found = Modules::read(&files).imports();
    let found: Vec<String> = found.iter().map(|i| format!("{} {} {}", i.from, i.to, i.path)).collect();
    let wanted = [
        "a/inner.rs a/mod.rs super::own",
        "b.rs a/inner.rs a::another",
        "b.rs a/inner.rs crate::a::Thing",
        "b.rs a/mod.rs crate::a::own",
    ];
    assert_eq!(found, wanted);
    let edges = [("x", "y"), ("y", "z"), ("z", "x"), ("z", "w")];
    let edges = edges.map(|(from, to)| (from.to_owned(), to.to_owned())).into();
    assert_eq!(circles(&edges), [["x", "y", "z"]]);
}
