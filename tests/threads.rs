//! Work on threads: the same whatever their number, and whatever number of them the system starts.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use quotaplan::cli::{Exit, Session, main_from};
use quotaplan::threads::Workers;

use crate::support::root;

fn workers(count: usize, startable: usize) -> Workers {
    Workers::new(NonZeroUsize::new(count).expect("at least one")).with_startable(startable)
}

proptest! {
    #[test]
    fn every_piece_is_worked_on_once(count in 1..9_usize, startable in 0..9_usize, pieces in 0..200_usize) {
        let calls = AtomicUsize::new(0);
        let results = workers(count, startable).map(pieces, |piece| {
            calls.fetch_add(1, Ordering::Relaxed);
            piece * piece
        });
        prop_assert_eq!(results, (0..pieces).map(|piece| piece * piece).collect::<Vec<_>>());
        prop_assert_eq!(calls.into_inner(), pieces);
    }

    #[test]
    fn the_first_result_is_that_of_the_first_piece(
        (count, startable) in (1..9_usize, 0..9_usize),
        gives in prop::collection::vec(any::<bool>(), 0..200),
    ) {
        let found = workers(count, startable)
            .first_some(gives.len(), |piece, (): &mut ()| gives[piece].then_some(piece));
        prop_assert_eq!(found, gives.iter().position(|gives| *gives));
    }

    #[test]
    fn no_more_threads_run_than_there_may_and_can(count in 1..9_usize, startable in 0..9_usize, pieces in 0..9_usize) {
        let ran = workers(count, startable).on_each(pieces, || std::thread::current().id());
        let expected = count.min(pieces.max(1)).min(startable + 1);
        prop_assert_eq!(ran.len(), expected);
        prop_assert!(ran.contains(&std::thread::current().id()), "the calling thread works too");
    }
}

#[test]
fn there_are_from_1_to_256_threads() {
    let count = |count| workers(count, 0).count();
    assert_eq!([1, 2, 255, 256, 257, 1 << 59, usize::MAX].map(count), [1, 2, 255, 256, 256, 256, 256]);
}

/// What a run in a folder wrote and how it ended.
fn run(folder: &std::path::Path, arguments: &[&str], workers: Workers) -> (Exit, Vec<u8>, Vec<u8>) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let session = Session::new(folder, std::io::empty(), &mut stdout, &mut stderr).with_workers(workers);
    let exit = main_from(std::iter::once("quotaplan").chain(arguments.iter().copied()), &session);
    drop(session);
    (exit, stdout, stderr)
}

/// Rows enough for threads in the reader, in the search for names and in the plan, in more than two of the parts
/// that a file is cut into, and more than is read in one piece.
fn many_rows() -> String {
    let mut rows =
        String::from("workload,model,scope,requests_per_minute,input_tokens,output_tokens,max_tokens,team\n");
    for row in 0..51_000 {
        let (model, scope) = [("haiku-4.5", "us"), ("sonnet-4.5", "global"), ("nova-lite", "ca")][row % 3];
        let padding = "x".repeat(300);
        rows.push_str(&format!(
            "w{row}-{padding},{model},{scope},{},{},100,{},t{}\n",
            row % 7 + 1,
            row % 900,
            200 + row % 50,
            row % 11
        ));
    }
    rows
}

#[test]
fn without_further_threads_every_answer_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = many_rows();
    assert!(rows.len() > 16 << 20, "{}", rows.len());
    std::fs::write(folder.path().join("rows.csv"), &rows).expect("written");
    let faulty = rows.replace("w7-", "w5-").replace("w50004-", "w50001-");
    std::fs::write(folder.path().join("faulty.csv"), faulty).expect("written");
    let trace = root().join("tests/simulate/data/azure-llm-2023-code-excerpt.csv");
    let trace = trace.to_str().expect("UTF-8");
    let requests = ["--model", "haiku-4.5", "--scope", "us", "--quota", "300000"];
    let simulate = [&["simulate", trace][..], &requests].concat();
    let solve = [&simulate[..], &["--solve", "max-tokens", "--threads", "256"]].concat();
    let commands: [(&[&str], Exit, &[Workers]); 4] = [
        (&["plan", "rows.csv", "--format", "csv"], Exit::Success, &[workers(3, 0), workers(3, 9)]),
        (&["plan", "faulty.csv"], Exit::Failure, &[workers(3, 0)]),
        (&simulate, Exit::Success, &[workers(8, 9), workers(8, 0), workers(8, 1)]),
        (&solve, Exit::Success, &[workers(8, 0)]),
    ];
    for (arguments, exit, workers) in commands {
        let alone = run(folder.path(), arguments, Workers::ONE);
        assert_eq!(alone.0, exit, "{arguments:?}: {}", String::from_utf8_lossy(&alone.2));
        for workers in workers {
            assert!(run(folder.path(), arguments, *workers) == alone, "{arguments:?}, {workers:?}");
        }
    }
}
