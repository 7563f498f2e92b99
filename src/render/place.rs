//! How formats for code hosts name a place: the path without what hosts do not take, and the text
//! of a finding as they show it.

use std::borrow::Cow;

use crate::report::{GateFinding, Region};

/// A path as hosts list it: no leading `./`, and `/` between its parts.
pub(super) fn path(file: &str) -> Cow<'_, str> {
    // Elsewhere a backslash is part of a name.
    let mut path = if cfg!(windows) { Cow::Owned(file.replace('\\', "/")) } else { Cow::Borrowed(file) };
    if matches!(path.as_ref(), "./" | ".") {
        return Cow::Borrowed(".");
    }
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/').to_owned().into();
    }
    path
}

/// `file:line:column`, as far as it is known.
pub(super) fn words(region: &Region) -> String {
    match region.start {
        Some((line, column)) => format!("{}:{line}:{column}", region.file),
        None => region.file.clone(),
    }
}

/// What a finding is, and on a second line what to do.
pub(super) fn text(finding: &GateFinding) -> String {
    if finding.help.is_empty() {
        finding.message.clone()
    } else {
        format!("{}\n{}", finding.message, finding.help)
    }
}
