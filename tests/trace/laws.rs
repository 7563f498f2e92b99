//! Laws of reading: what is written reads back, however it is packed, ordered and delivered.

use std::io::Read;

use proptest::prelude::*;
use quotaplan::catalog::{ModelIndex, Scope};
use quotaplan::text::{Diagnostics, Sources};
use quotaplan::trace::{self, Builder, Format, LimitCounts, OutputLimit, Request, Target, Trace};

use super::{all, given, table, whole, zipped};
use crate::properties::cases;

/// A request and the number of its target.
type Row = (i64, [u64; 4], OutputLimit, Option<u64>, usize);

/// Models as files name them: some known, some not, some that a cell of CSV must quote.
fn targets() -> Vec<Target> {
    let catalog = table();
    let known = |name: &str, scope: Scope| Target {
        name: Some(name.to_owned()),
        scope: Some(scope),
        model: catalog.find(name).ok().map(|named| named.model),
    };
    let unknown = |name: Option<&str>, scope| Target {
        name: name.map(str::to_owned),
        scope,
        model: None::<ModelIndex>,
    };
    vec![
        known("haiku-4.5", Scope::Us),
        known("us.anthropic.claude-haiku-4-5-20251001-v1:0", Scope::Us),
        known("global.anthropic.claude-sonnet-5", Scope::Global),
        unknown(Some("a \"quoted\", name\nof two lines"), None),
        unknown(Some("ChatGPT"), Some(Scope::Ca)),
        unknown(None, None),
        unknown(None, Some(Scope::InRegion)),
    ]
}

fn build(rows: &[Row]) -> Trace {
    let mut builder = Builder::new(Format::Own);
    let targets: Vec<_> = targets().into_iter().map(|target| builder.target(target)).collect();
    for (at, [input, output, read, written], max_tokens, latency, target) in rows {
        builder.push(Request {
            arrival_microseconds: *at,
            input_tokens: *input,
            output_tokens: *output,
            cache_read_tokens: *read,
            cache_write_tokens: *written,
            max_tokens: *max_tokens,
            latency_microseconds: *latency,
            target: targets[*target],
        });
    }
    builder.finish()
}

fn tokens() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => 0..20_000_u64,
        1 => Just(0),
        1 => (1_u64 << 32) - 2..(1 << 32) + 2,
        1 => 0..=1_000_000_000_000_u64,
    ]
}

fn limits() -> impl Strategy<Value = OutputLimit> {
    prop_oneof![
        2 => tokens().prop_map(OutputLimit::Stated),
        1 => Just(OutputLimit::Unset),
        1 => Just(OutputLimit::Unknown),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Few instants, so that some are equal; some before 1970, some far from it.
    let at = prop_oneof![
        -3_i64..3,
        1_790_000_000_000_000_i64..1_790_000_000_000_010,
        -62_000_000_000_000_000_i64..0
    ];
    let one = (
        at,
        [tokens(), tokens(), tokens(), tokens()],
        limits(),
        prop::option::of(prop_oneof![0..100_000_000_u64, 0..1_000_000_000_000_u64]),
        0..7_usize,
    );
    prop::collection::vec(one, 1..40)
}

fn written(trace: &Trace) -> Vec<u8> {
    let mut bytes = Vec::new();
    trace::write(trace, &mut bytes).expect("a Vec takes all");
    bytes
}

/// Gives a few bytes at a time.
struct Slowly<'b>(&'b [u8], usize);

impl Read for Slowly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(buffer.len()).min(self.1);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn what_is_written_reads_back_the_same(rows in rows()) {
        let trace = build(&rows);
        let bytes = written(&trace);
        let back = whole(&bytes, &given());
        prop_assert_eq!(all(&back), all(&trace), "{}", String::from_utf8_lossy(&bytes));
        prop_assert_eq!(written(&back), bytes);
    }

    #[test]
    fn packing_and_delivery_change_nothing(rows in rows(), at_once in 1_usize..9) {
        let bytes = written(&build(&rows));
        let plain = whole(&bytes, &given());
        let packed = zipped(&bytes);
        prop_assert_eq!(&whole(&packed, &given()), &plain);
        let crlf: Vec<u8> = String::from_utf8(bytes.clone()).expect("text").replace('\n', "\r\n").into_bytes();
        for bytes in [&bytes, &packed, &crlf] {
            let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
            let slow = trace::read("t", Slowly(bytes, at_once), table(), &given(), &mut sources, &mut diagnostics);
            prop_assert_eq!(slow.as_ref().map(Trace::len), Some(plain.len()));
            if bytes != &crlf {
                prop_assert_eq!(slow.as_ref(), Some(&plain));
            }
        }
    }

    /// A trace is its rows sorted by arrival, those of one instant as they stood.
    #[test]
    fn rows_are_sorted_stably(rows in rows()) {
        let trace = build(&rows);
        let mut sorted = rows.clone();
        sorted.sort_by_key(|(at, ..)| *at);
        let targets = targets();
        let expected: Vec<_> = sorted
            .iter()
            .map(|(at, tokens, max, latency, target)| (*at, *tokens, *max, *latency, targets[*target].clone()))
            .collect();
        let found: Vec<_> = all(&trace)
            .into_iter()
            .map(|(r, target)| {
                let tokens = [r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_tokens];
                (r.arrival_microseconds, tokens, r.max_tokens, r.latency_microseconds, target)
            })
            .collect();
        prop_assert_eq!(found, expected);
        let late = rows.iter().enumerate().filter(|(n, (at, ..))| rows[..*n].iter().any(|(other, ..)| other > at));
        prop_assert_eq!(trace.counts().out_of_order, late.count() as u64);
        let count = |is: fn(&OutputLimit) -> bool| rows.iter().filter(|(_, _, limit, ..)| is(limit)).count() as u64;
        let limits = LimitCounts {
            stated: count(|limit| matches!(limit, OutputLimit::Stated(_))),
            unset: count(|limit| *limit == OutputLimit::Unset),
            unknown: count(|limit| *limit == OutputLimit::Unknown),
        };
        prop_assert_eq!(trace.limits(), limits);
        prop_assert_eq!(trace.counts().without_max_tokens(), limits.unset + limits.unknown);
    }

    /// In whatever order a file has its rows: the numbers of targets too are the same.
    #[test]
    fn an_order_of_the_file_changes_nothing(rows in rows(), order in any::<u64>()) {
        let mut rows = rows;
        rows.sort_by_key(|(at, ..)| *at);
        rows.dedup_by_key(|(at, ..)| *at);
        let mut others = rows.clone();
        others.sort_by_key(|(at, ..)| at.unsigned_abs().wrapping_add(7).wrapping_mul(order | 1));
        let (one, other) = (build(&rows), build(&others));
        prop_assert_eq!(one.requests().collect::<Vec<_>>(), other.requests().collect::<Vec<_>>());
        prop_assert_eq!(one.targets(), other.targets());
    }
}
