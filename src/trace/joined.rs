//! What the files of one trace have in common: their format, their models and their requests.

use super::clock;
use super::faults::Faults;
use super::targets::{Scopes, Targets};
use super::{Builder, Format, LeftOutReason, ReadOptions, Trace, left_out_words};
use crate::catalog::{Catalog, REGION};
use crate::text::{Code, Diagnostics, Place};
use crate::units::grouped;

/// Takes in one file after the other.
pub(super) struct Joined<'a> {
    catalog: &'a Catalog,
    pub(super) options: &'a ReadOptions,
    /// Files that are to be taken in.
    files: usize,
    /// The format, and the first file that has it.
    first: Option<(Format, String)>,
    rows: Option<(Builder, Targets<'a>)>,
    /// The trace of a format whose requests depend on each other.
    whole: Option<Trace>,
    /// What is said of a file without a request.
    without_requests: &'static str,
    /// Files with requests whose times count from their own start.
    from_start: Vec<String>,
    /// Files with requests.
    with_requests: usize,
    lacks_model: bool,
}

impl<'a> Joined<'a> {
    pub(super) fn new(catalog: &'a Catalog, options: &'a ReadOptions, files: usize) -> Self {
        Self {
            catalog,
            options,
            files,
            first: None,
            rows: None,
            whole: None,
            without_requests: "the file has no requests",
            from_start: Vec::new(),
            with_requests: 0,
            lacks_model: false,
        }
    }

    /// Whether a file of a format can be taken in beside those before it; if not, that is reported.
    pub(super) fn admits(&mut self, format: Format, name: &str, faults: &mut Faults) -> bool {
        let (first, of) = self.first.get_or_insert_with(|| (format, name.to_owned()));
        if *first == format {
            return true;
        }
        let (format, first) = (format.as_str(), first.as_str());
        let message = format!("its format is {format}, but that of `{of}` is {first}");
        faults.whole(Code::MixedFormats, message, "simulate the files of each format in a run of their own");
        false
    }

    /// Says of a format without models that nobody names one; once.
    pub(super) fn wants_model(&mut self, format: Format, faults: &mut Faults) {
        if self.options.model_given || std::mem::replace(&mut self.lacks_model, true) {
            return;
        }
        let message = format!("a trace of this kind ({}) names no model", format.as_str());
        faults.whole(Code::MissingValue, message, "set the model and scope with --model and --scope");
    }

    /// What a reader of rows goes on with, for a file whose models are given, or not.
    pub(super) fn lend(
        &mut self,
        format: Format,
        scopes: Scopes,
        model_given: bool,
    ) -> (Builder, Targets<'a>) {
        let (mut builder, mut targets) = self.rows.take().unwrap_or_else(|| {
            let targets = Targets::new(self.catalog, &self.options.aliases, model_given, scopes);
            (Builder::new(format), targets)
        });
        builder.next_file();
        targets.set_model_given(model_given);
        (builder, targets)
    }

    /// Takes back what was lent, with the requests of the file.
    pub(super) fn take_back(
        &mut self,
        (builder, targets): (Builder, Targets<'a>),
        name: &str,
        counts_from_start: bool,
        without_requests: &'static str,
    ) {
        self.count(name, builder.requests_of_file(), counts_from_start, without_requests);
        self.rows = Some((builder, targets));
    }

    /// Takes in a trace whose requests depend on each other.
    pub(super) fn take_whole(&mut self, trace: Trace, name: &str) {
        let counts_from_start = !trace.format().has_dates();
        self.count(name, trace.len(), counts_from_start, "the file has no request");
        if self.whole.as_ref().is_none_or(Trace::is_empty) {
            self.whole = Some(trace);
        }
    }

    fn count(&mut self, name: &str, requests: usize, from_start: bool, without_requests: &'static str) {
        self.without_requests = without_requests;
        if requests > 0 {
            self.with_requests += 1;
            self.from_start.extend(from_start.then(|| name.to_owned()));
        }
    }

    /// Reports files whose times have no place among those of the others.
    pub(super) fn report_clocks(&self, diagnostics: &mut Diagnostics) {
        let [first, others @ ..] = self.from_start.as_slice() else { return };
        let mut report = |name: &str, message: String| {
            let help = "join the files into one with times on one clock, or write dates such as 2026-11-22T14:05:00Z";
            diagnostics.add(Code::SeparateClocks, Place::Path(name.to_owned()), message, help);
        };
        for other in others {
            report(
                other,
                format!(
                    "its times count from the start of the file, as those of `{first}` do, so the two cannot be put in order"
                ),
            );
        }
        if others.is_empty() && self.with_requests > 1 {
            let message = "its times count from the start of the file, and those of the other files do not";
            report(first, message.to_owned());
        }
    }

    /// The trace where there is one file alone, see [`Joined::finish`].
    pub(super) fn finish_if_alone(&mut self, faults: &mut Faults) -> Option<Trace> {
        if self.files == 1 { self.finish(faults) } else { None }
    }

    /// The trace of all files; what is wrong with it as a whole is added to `faults`.
    pub(super) fn finish(&mut self, faults: &mut Faults) -> Option<Trace> {
        let trace = match (self.rows.take(), self.whole.take()) {
            (Some((builder, _)), _) => {
                let trace = builder.finish();
                if !self.from_start.is_empty() {
                    clock::judge_seconds(trace.arrivals_microseconds(), faults);
                }
                trace
            }
            (None, whole) => whole?,
        };
        // Another run may hold the calls that are looked for.
        let may_be_empty = self.options.only.is_some() && !trace.left_out().is_empty();
        if trace.is_empty() && !may_be_empty && !faults.has_errors() {
            let is_one = self.files == 1;
            no_requests(
                &trace,
                if is_one { self.without_requests } else { "the files have no requests" },
                is_one,
                faults,
            );
        }
        Some(trace)
    }
}

fn no_requests(trace: &Trace, otherwise: &str, is_one_file: bool, faults: &mut Faults) {
    let counts = trace.counts();
    let left_out = trace.left_out();
    let only_elsewhere = left_out.iter().all(|left_out| left_out.reason == LeftOutReason::OtherRegion);
    if left_out.is_empty() {
        faults.whole(Code::NoRows, otherwise, "a trace has one row for each request");
    } else if only_elsewhere {
        let message = format!("every call was made from another Region than {REGION}");
        let help = "such calls use the quotas of their own Region; --model and --scope replay them as calls from \
                    this one";
        faults.whole(Code::OtherRegion, message, help);
    } else {
        let help = format!(
            "all of its records ({}) were left out: {}",
            grouped(counts.records.into()),
            left_out_words(left_out).join("; ")
        );
        let message = if is_one_file {
            "no record of the file can be replayed"
        } else {
            "no record of the files can be replayed"
        };
        faults.whole(Code::NoRows, message, help);
    }
}
