//! Blocks of prompts as cache reads and writes, by hand and against a cache that is told block by block.

use std::time::Duration;

use proptest::prelude::*;
use quotaplan::trace::ReadOptions;

use super::{figures, given, said, whole};
use crate::properties::cases;

fn line(milliseconds: i64, input: u64, ids: &[u64]) -> String {
    format!(
        "{{\"timestamp\": {milliseconds}, \"input_length\": {input}, \"output_length\": 7, \"hash_ids\": {ids:?}}}\n"
    )
}

fn lasting(seconds: u64) -> ReadOptions {
    ReadOptions { cache_life: Duration::from_secs(seconds), ..given() }
}

#[test]
fn a_worked_example() {
    let text = [
        // Three full blocks are written; 64 tokens are left.
        line(0, 1_600, &[0, 1, 2, 3]),
        // At the same instant, after it: two blocks are read, the third is another.
        line(0, 1_536, &[0, 1, 9]),
        // Four minutes later the prefix is still there, and its life begins anew.
        line(240_000, 1_024, &[0, 1]),
        // Nine minutes after it was written, five minutes less a microsecond after the hit.
        "{\"timestamp\": 539999.999, \"input_length\": 1025, \"output_length\": 7, \"hash_ids\": [0, 1, 5]}\n".to_owned(),
        // Block 2 was last used at 0: expired. Blocks 0 and 1 are alive.
        line(540_000, 1_600, &[0, 1, 2, 3]),
        // The same block behind another prefix is none of these.
        line(540_000, 1_024, &[1, 2]),
        // Exactly a life after the last use it has passed.
        line(840_000, 1_024, &[0, 1]),
        // Fewer blocks than the prompt is long: what has no block is not cached.
        line(840_000, 5_000, &[0]),
        // No block is full.
        line(840_000, 511, &[0]),
        line(840_000, 0, &[]),
    ]
    .concat();
    assert_eq!(
        figures(&whole(text, &given())),
        [
            (0, 64, 7, 0, 1_536),
            (0, 0, 7, 1_024, 512),
            (240_000_000, 0, 7, 1_024, 0),
            (539_999_999, 1, 7, 1_024, 0),
            (540_000_000, 64, 7, 1_024, 512),
            (540_000_000, 0, 7, 0, 1_024),
            (840_000_000, 0, 7, 0, 1_024),
            (840_000_000, 4_488, 7, 512, 0),
            (840_000_000, 511, 7, 0, 0),
            (840_000_000, 0, 7, 0, 0),
        ]
    );
}

#[test]
fn the_life_is_an_option() {
    let text = line(0, 512, &[4]) + &line(60_000, 512, &[4]);
    let reads = |life| figures(&whole(&text, &lasting(life)))[1].3;
    assert_eq!([reads(0), reads(60), reads(61), reads(u64::MAX)], [0, 0, 512, 512]);
}

#[test]
fn lines_may_lack_blocks_and_stand_in_any_order() {
    let text = line(60_000, 512, &[4])
        + "{\"timestamp\": 1, \"input_length\": 600, \"output_length\": 0}\n"
        + &line(-60_000, 512, &[4]);
    let trace = whole(text, &given());
    assert_eq!(
        figures(&trace),
        [(-60_000_000, 0, 7, 0, 512), (1_000, 600, 0, 0, 0), (60_000_000, 0, 7, 512, 0)]
    );
    assert_eq!((trace.counts().without_blocks, trace.counts().out_of_order), (1, 2));
}

#[test]
fn malformed_lines_are_told() {
    let good = line(0, 512, &[4]);
    for (bad, column, what) in [
        ("{\"timestamp\": 1, \"input_length\": 1}", 1, "missing-value]: `output_length` is missing"),
        ("{\"input_length\": 1, \"output_length\": 1}", 1, "missing-value]: `timestamp` is missing"),
        (
            "{\"timestamp\": \"1\", \"input_length\": 1, \"output_length\": 1}",
            15,
            "bad-number]: `timestamp` is not a number: `\"1\"`",
        ),
        (
            "{\"timestamp\": 1, \"input_length\": -1, \"output_length\": 1}",
            34,
            "bad-number]: `input_length` is negative: `-1`",
        ),
        (
            "{\"timestamp\": 1, \"input_length\": 1, \"output_length\": 1.5}",
            54,
            "bad-number]: `output_length` is not a whole number: `1.5`",
        ),
        (
            "{\"timestamp\": 1, \"input_length\": 1, \"output_length\": 1, \"hash_ids\": [0, 1]}",
            69,
            "bad-value]: 2 `hash_ids` for 1 tokens, which are 1 blocks of 512",
        ),
        (
            "{\"timestamp\": 1, \"input_length\": 1, \"output_length\": 1, \"hash_ids\": [\"a\"]}",
            69,
            "bad-value]: `hash_ids` is not a list of whole numbers",
        ),
        (
            "{\"timestamp\": 1, \"timestamp\": 1, \"input_length\": 1, \"output_length\": 1}",
            28,
            "bad-value]: a key appears twice in one object",
        ),
        ("{\"timestamp\": 1, ", 16, "bad-value]: not JSON: EOF while parsing a value"),
        ("hello", 1, "bad-value]: the line is not a JSON object"),
    ] {
        for ending in ["\n", "\r\n"] {
            let text = format!("{good}\n{bad}\n{good}").replace('\n', ending);
            let said = said(&text, &given());
            assert_eq!(said, [format!("t:3:{column}: error[{what}")], "{bad}");
        }
    }
}

/// The cache told one block at a time: a list of every use of every chain of blocks.
fn slowly(requests: &[(i64, u64, Vec<u64>)], life: i64) -> Vec<(u64, u64, u64)> {
    let mut uses: Vec<(Vec<u64>, i64)> = Vec::new();
    let mut found = Vec::new();
    for (at, input, ids) in requests {
        let full: Vec<u64> = ids.iter().copied().take((input / 512) as usize).collect();
        let is_cached =
            |length: usize| uses.iter().any(|(chain, used)| chain == &full[..length] && at - used < life);
        let mut hits = 0;
        while hits < full.len() && is_cached(hits + 1) {
            hits += 1;
        }
        let (read, write) = (512 * hits as u64, 512 * (full.len() - hits) as u64);
        found.push((input - read - write, read, write));
        uses.extend((1..=full.len()).map(|length| (full[..length].to_vec(), *at)));
    }
    found
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn the_cache_is_that_of_every_use_of_every_chain(
        requests in prop::collection::vec((0_i64..40, prop::collection::vec(0_u64..3, 0..5), 0_u64..700), 0..25),
        life in 0_i64..15,
        shuffle in any::<u64>(),
    ) {
        let mut requests: Vec<(i64, u64, Vec<u64>)> = requests
            .into_iter()
            .map(|(seconds, ids, more)| {
                let least = (ids.len() as u64).saturating_sub(1) * 512 + u64::from(!ids.is_empty());
                (seconds * 1_000, least + more, ids)
            })
            .collect();
        requests.sort_by_key(|(at, ..)| *at);
        let expected = slowly(&requests, life * 1_000);
        let options = lasting(life.unsigned_abs());
        let text = |requests: &[(i64, u64, Vec<u64>)]| -> String {
            // A file needs a line: one far before all others, of no blocks.
            let lines = requests.iter().map(|(at, input, ids)| line(*at, *input, ids));
            line(-10_000_000, 1, &[]) + &lines.collect::<String>()
        };
        let found = |requests: &[(i64, u64, Vec<u64>)]| -> Vec<(u64, u64, u64)> {
            figures(&whole(text(requests), &options)).into_iter().skip(1).map(|(_, i, _, r, w)| (i, r, w)).collect()
        };
        prop_assert_eq!(&found(&requests), &expected);
        // In another order of the file, those of one instant among themselves as they were.
        let mut shuffled = requests.clone();
        shuffled.sort_by_key(|(at, ..)| (at.unsigned_abs() + 1).wrapping_mul(shuffle | 1));
        prop_assert_eq!(&found(&shuffled), &expected);
    }
}
