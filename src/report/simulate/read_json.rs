//! What was counted on reading a trace, and what is left out of it, as JSON.

use crate::contract::parts;
use crate::contract::trace as json;
use crate::trace::{Counts, FilesRead, LeftOut};

pub(super) fn counts_report(
    counts: &Counts,
    left_out: &[LeftOut],
    files: Option<&FilesRead>,
) -> json::Counts {
    let files = files.map(|files| json::Files {
        files: files.count,
        files_skipped: files.skipped.count(),
        skipped: files
            .skipped
            .names()
            .iter()
            .map(|(name, reason)| json::SkippedFile { name: name.clone(), reason: reason.word.into() })
            .collect(),
    });
    let left_out_report = |left_out: &LeftOut| parts::LeftOut {
        reason: left_out.reason.as_str().into(),
        name: Some(left_out.name.clone()).filter(|name| !name.is_empty()),
        records: left_out.records,
    };
    json::Counts {
        records: counts.records,
        out_of_order: counts.out_of_order,
        without_offset: counts.without_offset,
        without_max_tokens: counts.without_max_tokens(),
        max_tokens_unset: counts.max_tokens_unset,
        max_tokens_unknown: counts.max_tokens_unknown,
        without_latency: counts.without_latency,
        without_output: counts.without_output,
        without_blocks: counts.without_blocks,
        failed: counts.failed,
        unmetered: counts.unmetered,
        other_region: counts.other_region,
        cached_in_input: counts.cache_included,
        cached_in_input_unknown: counts.cache_open,
        left_out: left_out.iter().map(left_out_report).collect(),
        files,
    }
}
