//! What was counted on reading a trace, and what is left out of it, as JSON.

use serde::Serialize;

use crate::trace::{Counts, FilesRead, LeftOut};

/// What was counted on reading the file, over all models.
#[derive(Serialize)]
pub(super) struct CountsReport {
    records: u64,
    out_of_order: u64,
    without_offset: u64,
    without_max_tokens: u64,
    max_tokens_unset: u64,
    max_tokens_unknown: u64,
    without_latency: u64,
    without_output: u64,
    without_blocks: u64,
    failed: u64,
    unmetered: u64,
    other_region: u64,
    cached_in_input: u64,
    cached_in_input_unknown: u64,
    left_out: Vec<LeftOutReport>,
    /// Where several paths were named, or a folder.
    #[serde(flatten)]
    files: Option<FilesReport>,
}

/// The files that were read, and those that were skipped: the first 200 of them by name.
#[derive(Serialize)]
struct FilesReport {
    files: usize,
    files_skipped: u64,
    skipped: Vec<SkippedReport>,
}

#[derive(Serialize)]
struct SkippedReport {
    name: String,
    reason: &'static str,
}

/// Records that are left out for one reason; the name is null where they do not say it.
#[derive(Serialize)]
struct LeftOutReport {
    reason: &'static str,
    name: Option<String>,
    records: u64,
}

pub(super) fn counts_report(
    counts: &Counts,
    left_out: &[LeftOut],
    files: Option<&FilesRead>,
) -> CountsReport {
    let files = files.map(|files| FilesReport {
        files: files.count,
        files_skipped: files.skipped.count(),
        skipped: files
            .skipped
            .names()
            .iter()
            .map(|(name, reason)| SkippedReport { name: name.clone(), reason: reason.word })
            .collect(),
    });
    let left_out_report = |left_out: &LeftOut| LeftOutReport {
        reason: left_out.reason.as_str(),
        name: Some(left_out.name.clone()).filter(|name| !name.is_empty()),
        records: left_out.records,
    };
    CountsReport {
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
