//! What the calls of a model used, from invocation logs beside saved answers.

use crate::answers::CallUsage;
use crate::catalog::{Catalog, ModelIndex, Scope};
use crate::cli::inputs::aliases;
use crate::cli::sample::error::SampleError;
use crate::config::Config;
use crate::report::SampleLogs;
use crate::saved::Saved;
use crate::text::{Diagnostics, FileId, Sources};
use crate::trace::{self, Calls, OutputLimit, ReadOptions};

/// The logs that were read, and of what calls.
pub(super) struct Logs {
    options: ReadOptions,
    /// Files that are logs.
    files: usize,
    found: Option<SampleLogs>,
}

impl Logs {
    /// Of the calls of a model in a scope; of those under one name alone where it is an application profile's.
    pub(super) fn new(config: &Config, (model, scope): (ModelIndex, Scope), profile: Option<&str>) -> Self {
        let only = Some(Calls { model, scope, name: profile.map(str::to_owned) });
        Self {
            options: ReadOptions { aliases: aliases(config), only, ..ReadOptions::default() },
            files: 0,
            found: None,
        }
    }

    /// What the calls in a file used; `None` where it is no log.
    pub(super) fn read(
        &mut self,
        file: FileId,
        catalog: &Catalog,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<CallUsage>> {
        let (name, text) = sources.file(file).map(|file| (file.name(), file.text()))?;
        if !trace::is_log(text) {
            return None;
        }
        let (name, text) = (name.to_owned(), text.to_owned());
        self.files += 1;
        let read = trace::read(&name, text.as_bytes(), catalog, &self.options, sources, diagnostics);
        // Reported, where there is none.
        let Some(trace) = read else { return Some(Vec::new()) };
        let mut usages = Vec::new();
        let mut cut_unknown = 0;
        for request in trace.requests() {
            let is_cut = match request.max_tokens {
                OutputLimit::Stated(limit) => request.output_tokens >= limit,
                OutputLimit::Unset => false,
                OutputLimit::Unknown => {
                    cut_unknown += 1;
                    false
                }
            };
            usages.push(CallUsage {
                input_tokens: request.input_tokens,
                output_tokens: request.output_tokens,
                cache_read_tokens: Some(request.cache_read_tokens),
                cache_write_tokens: Some(request.cache_write_tokens),
                stop_reason: is_cut.then(|| "max_tokens".to_owned()),
                latency_milliseconds: request.latency_microseconds.map(|latency| latency.div_ceil(1_000)),
            });
        }
        self.found.get_or_insert_default().add(&SampleLogs {
            records: usages.len() as u64,
            left_out: trace.left_out().to_vec(),
            cache_open: trace.counts().cache_open,
            cut_unknown,
        });
        Some(usages)
    }

    /// Ends where logs were read and neither they nor other files hold a call to sample.
    pub(super) fn judge(&self, saved: &[Saved], asked: &str) -> Result<(), SampleError> {
        let Some(logs) = self.found.as_ref().filter(|_| saved.is_empty()) else { return Ok(()) };
        let (target, left_out) = (asked.to_owned(), logs.left_out.clone());
        Err(SampleError::NotInLogs { logs: self.files, target, left_out })
    }

    /// What the logs say besides figures, where any was read.
    pub(super) fn found(&self) -> Option<&SampleLogs> {
        self.found.as_ref()
    }
}
