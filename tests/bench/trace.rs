//! Reading a trace, against what the csv crate alone takes for the same bytes.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use quotaplan::catalog;
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::trace::{self, ReadOptions};

use super::{RUNS, median, peak_memory, time};

const REQUESTS: usize = 4_000_000;

/// Generates a trace with every column and prints time, ratio and memory.
pub(crate) fn bench(folder: &Path, own: &Path) {
    let path = folder.join("trace.csv");
    generate(&path);
    let with = |word: &str| {
        let mut command = Command::new(own);
        command.arg(word).arg(&path);
        command
    };
    let (mut reads, mut ratios) = (Vec::new(), Vec::new());
    // The first run warms the file cache and is not counted.
    for run in 0..=RUNS {
        let read = time(with("read-trace")).as_secs_f64();
        let bare = time(with("bare-csv-pass")).as_secs_f64();
        if run > 0 {
            reads.push(read);
            ratios.push(read / bare);
        }
    }
    println!("trace of {REQUESTS} requests, 9 columns: {:.3} s", median(reads));
    println!("trace / bare csv byte pass: {:.2}", median(ratios));
    if let Some(mebibytes) = peak_memory(with("read-trace")) {
        let bytes = (mebibytes << 20) / REQUESTS as u64;
        println!("peak memory {mebibytes} MiB, {bytes} bytes a request (wanted: below 64 and 64 MiB)");
    }
}

/// Reads a trace and prints how many requests it has.
pub(crate) fn read(path: &Path) {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let catalog = catalog::load(&mut sources, None, &mut diagnostics).expect("the embedded table is valid");
    let options = ReadOptions::default();
    let trace = trace::load(path, &catalog, &options, &mut sources, &mut diagnostics).expect("a valid trace");
    println!("{} {}", trace.len(), trace.heap_bytes());
}

fn generate(path: &Path) {
    const MODELS: [&str; 3] =
        ["haiku-4.5", "anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-5"];
    let mut out =
        std::io::BufWriter::new(std::fs::File::create(path).expect("a file in the temporary folder"));
    let header = "timestamp,model,scope,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,max_tokens,latency_seconds";
    writeln!(out, "{header}").expect("writing");
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: u64| {
        // xorshift64: the file is the same on every run
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut microseconds = 1_790_000_000_000_000_i64;
    for row in 0..REQUESTS {
        microseconds += i64::try_from(random(40_000)).expect("small");
        let at = jiff::Timestamp::from_microsecond(microseconds).expect("a date");
        let model = MODELS[row % MODELS.len()];
        let (input, output, read, written) = (random(8_000), random(900), random(4_000), random(400));
        let (seconds, thousandths) = (random(40), random(1_000));
        writeln!(out, "{at:.6},{model},us,{input},{output},{read},{written},4096,{seconds}.{thousandths:03}")
            .expect("writing");
    }
    out.flush().expect("writing");
}
