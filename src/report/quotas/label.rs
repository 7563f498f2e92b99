//! What a row of a look-up is called.

use super::listing::TableQuota;
use crate::report::words::language;

/// Model, scope and kind, where the table knows them, and the code.
pub(in crate::report) fn label(code: &str, known: Option<&TableQuota>) -> String {
    match known {
        Some(known) => format!("{}\n{} {code}", language().table_quota_name(known), known.kind),
        None => code.to_owned(),
    }
}
