//! Traces: every format read as it is, whatever its file is called, and every fault at its line.

mod ambiguous;
mod clock;
mod faults;
mod files;
mod formats;
mod forms;
mod gzip;
mod incomplete;
mod laws;
mod limits;
mod logs;
mod mooncake;
mod size;
mod times;

use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use quotaplan::catalog::{self, Catalog};
use quotaplan::render::{Colour, diagnostic};
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::trace::{self, ReadOptions, Request, Target, Trace};

/// A trace, or nothing, and what a person sees of the faults.
struct Outcome {
    trace: Option<Trace>,
    shown: String,
}

fn table() -> &'static Catalog {
    static TABLE: LazyLock<Catalog> = LazyLock::new(|| {
        let loaded = catalog::load(&mut Sources::new(), None, &mut Diagnostics::new());
        loaded.expect("the embedded table is valid")
    });
    &TABLE
}

fn outcome(bytes: &[u8], options: &ReadOptions) -> Outcome {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let trace = trace::read("t", bytes, table(), options, &mut sources, &mut diagnostics);
    assert_eq!(trace.is_none(), diagnostics.has_errors());
    let shown = diagnostic::render(&diagnostics.into_sorted(), &sources, 0, Colour::Off);
    Outcome { trace, shown }
}

/// As `simulate --model` reads it.
fn given() -> ReadOptions {
    ReadOptions { model_given: true, ..ReadOptions::default() }
}

/// A trace in which nothing is wrong.
fn whole(text: impl AsRef<[u8]>, options: &ReadOptions) -> Trace {
    let Outcome { trace, shown } = outcome(text.as_ref(), options);
    assert_eq!(shown, "");
    trace.expect("nothing is wrong")
}

/// The first line of what is said of a file that is refused, and of the others.
fn said(text: impl AsRef<[u8]>, options: &ReadOptions) -> Vec<String> {
    let Outcome { trace, shown } = outcome(text.as_ref(), options);
    assert!(trace.is_none(), "{shown}");
    shown.lines().filter(|line| line.starts_with("t:")).map(str::to_owned).collect()
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

/// Requests with what they call, since the numbers of targets are of their trace.
fn all(trace: &Trace) -> Vec<(Request, Target)> {
    let target = |request: &Request| trace.target(request.target).expect("it has one").clone();
    trace.requests().map(|request| (request, target(&request))).collect()
}

/// Arrival, input, output, cache reads and cache writes.
fn figures(trace: &Trace) -> Vec<(i64, u64, u64, u64, u64)> {
    let figures = |r: Request| {
        (r.arrival_microseconds, r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_tokens)
    };
    trace.requests().map(figures).collect()
}
