//! Fingerprints of findings: by them code hosts recognise a finding when its line has moved.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::report::GateFinding;

/// One fingerprint a finding, in their order, no two alike.
pub(super) fn fingerprints(findings: &[GateFinding]) -> Vec<String> {
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let earlier = seen.entry((finding.code, &finding.identity)).or_default();
            *earlier += 1;
            // Hosts drop all but the first of equal ones, so a repeated identity is numbered.
            fingerprint(finding.code, &finding.identity, *earlier - 1)
        })
        .collect()
}

fn fingerprint(code: &str, identity: &str, earlier: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(code);
    // The separator stands in no code, so no two pairs run together into one text.
    hash.update([0]);
    hash.update(identity);
    if earlier > 0 {
        hash.update([0]);
        hash.update(earlier.to_string());
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
