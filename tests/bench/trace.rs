//! Reading a trace, plain and gzipped, against what the csv crate alone takes for the same bytes.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use quotaplan::catalog;
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::trace::{self, ReadOptions};

use super::{RUNS, median, peak_memory, random, time};

const REQUESTS: usize = 4_000_000;

/// Generates a trace with every column and prints times, ratios and memory.
pub(crate) fn bench(folder: &Path, own: &Path) {
    let plain = folder.join("trace.csv");
    generate(&plain);
    let gzipped = folder.join("trace.csv.gz");
    gzip(&plain, &gzipped);
    let with = |word: &str, path: &Path| {
        let mut command = Command::new(own);
        command.arg(word).arg(path);
        command
    };
    let mut times: [Vec<f64>; 4] = Default::default();
    let mut ratios: [Vec<f64>; 3] = Default::default();
    // The first run warms the file cache and is not counted.
    for run in 0..=RUNS {
        let [bare, inflated, read, read_gzipped] = [
            with("bare-csv-pass", &plain),
            with("inflate", &gzipped),
            with("read-trace", &plain),
            with("read-trace", &gzipped),
        ]
        .map(|command| time(command).as_secs_f64());
        if run > 0 {
            let taken = [bare, inflated, read, read_gzipped];
            times.iter_mut().zip(taken).for_each(|(times, time)| times.push(time));
            let found = [read / bare, read_gzipped / read, read_gzipped / (read + inflated)];
            ratios.iter_mut().zip(found).for_each(|(ratios, ratio)| ratios.push(ratio));
        }
    }
    let size = |path: &Path| std::fs::metadata(path).expect("a generated file").len() >> 20;
    println!(
        "trace of {REQUESTS} requests, 9 columns, {} MiB, {} MiB gzipped; median of {RUNS} runs",
        size(&plain),
        size(&gzipped)
    );
    let [bare, inflated, read, read_gzipped] = times.map(median);
    println!("bare csv byte pass {bare:.3} s, inflating alone {inflated:.3} s");
    println!("read {read:.3} s, gzipped {read_gzipped:.3} s");
    let [of_bare, of_plain, of_both] = ratios.map(median);
    println!("trace / bare csv byte pass: {of_bare:.2}");
    println!("gzipped / plain: {of_plain:.2}, gzipped / (plain + inflating alone): {of_both:.2}");
    for (what, path) in [("plain", &plain), ("gzipped", &gzipped)] {
        match peak_memory(with("read-trace", path)) {
            Some(mebibytes) => println!(
                "peak memory, {what}: {mebibytes} MiB, {} bytes a request (wanted: at most 64 and 64 MiB more)",
                (mebibytes << 20).div_ceil(REQUESTS as u64)
            ),
            None => println!("peak memory, {what}: not measured, this system has no /proc"),
        }
    }
    for path in [plain, gzipped] {
        std::fs::remove_file(path).expect("a generated file goes");
    }
}

/// Reads a trace and prints how many requests it has, and how many bytes they take.
pub(crate) fn read(path: &Path) {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let catalog = catalog::load(&mut sources, None, &mut diagnostics).expect("the embedded table is valid");
    let options = ReadOptions::default();
    let trace = trace::load(path, &catalog, &options, &mut sources, &mut diagnostics).expect("a valid trace");
    println!("{} {}", trace.len(), trace.heap_bytes());
}

/// Inflates a gzipped file and prints how many bytes it had.
pub(crate) fn inflate(path: &Path) {
    let file = std::fs::File::open(path).expect("the generated file");
    let mut inflating = flate2::read::MultiGzDecoder::new(std::io::BufReader::new(file));
    let (mut room, mut bytes) = (vec![0; 1 << 16], 0);
    loop {
        match inflating.read(&mut room).expect("a gzipped file") {
            0 => break,
            count => bytes += count,
        }
    }
    println!("{bytes}");
}

fn gzip(from: &Path, to: &Path) {
    let mut plain = std::fs::File::open(from).expect("the generated file");
    let file = std::fs::File::create(to).expect("a file in the temporary folder");
    let mut out = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    std::io::copy(&mut plain, &mut out).expect("writing");
    out.finish().expect("writing");
}

fn generate(path: &Path) {
    const MODELS: [&str; 3] =
        ["haiku-4.5", "anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic.claude-sonnet-5"];
    let mut out =
        std::io::BufWriter::new(std::fs::File::create(path).expect("a file in the temporary folder"));
    let header = "timestamp,model,scope,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,max_tokens,latency_seconds";
    writeln!(out, "{header}").expect("writing");
    let mut random = random();
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
