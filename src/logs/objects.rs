//! What lies in a bucket beside Bedrock's logs, told by its name.

use std::path::Path;

/// The empty object by which Bedrock tries whether it may write (layout of the bucket as of 2026-11).
const PERMISSION_CHECK: &str = "amazon-bedrock-logs-permission-check";

/// The folder of requests and responses above 100 kB, which the records name.
const BODIES: &str = "data";

/// An object without records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherObject {
    PermissionCheck,
    /// What a model was asked, or answered.
    Body,
}

impl OtherObject {
    /// What a path leads to, where that is no log.
    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        if name == PERMISSION_CHECK {
            return Some(Self::PermissionCheck);
        }
        let stem = name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".json")?;
        let is_body = stem.ends_with("_input") || stem.ends_with("_output");
        (is_body && path.parent()?.file_name()? == BODIES).then_some(Self::Body)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::OtherObject;

    #[test]
    fn objects_without_records_are_known_by_name_and_folder() {
        let of = |path: &str| OtherObject::of_path(Path::new(path));
        assert_eq!(of("a/amazon-bedrock-logs-permission-check"), Some(OtherObject::PermissionCheck));
        for body in ["14/data/7f_input.json.gz", "data/7f_output.json.gz", "data/7f_output.json"] {
            assert_eq!(of(body), Some(OtherObject::Body), "{body}");
        }
        for log in [
            "14/20261005T140000000Z_0123456789abcdef.json.gz",
            "data/20261005T140000000Z_0123456789abcdef.json.gz",
            "14/7f_input.json.gz",
            "data/more/7f_input.json.gz",
            "data/7f_input.csv",
        ] {
            assert_eq!(of(log), None, "{log}");
        }
    }
}
