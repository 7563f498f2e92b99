//! Independent pieces of work on several threads, with a result that does not depend on their number.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The first of the pieces, in their order, for which `work` gives something.
///
/// Pieces behind it may have been worked on too. `work` gets room of the thread's own.
pub(super) fn first_some<T: Send, R: Default>(
    pieces: usize,
    threads: NonZeroUsize,
    work: impl Fn(usize, &mut R) -> Option<T> + Sync,
) -> Option<T> {
    let (next, found) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
    let search = || {
        let mut room = R::default();
        let mut best = None;
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            // A piece in front of one with a result is always worked on: it was handed out before.
            if piece >= pieces || piece > found.load(Ordering::Relaxed) {
                return best;
            }
            if let Some(result) = work(piece, &mut room) {
                found.fetch_min(piece, Ordering::Relaxed);
                best = Some((piece, result));
                return best;
            }
        }
    };
    let results = on_each(threads.get().min(pieces), search);
    results.into_iter().flatten().min_by_key(|(piece, _)| *piece).map(|(_, result)| result)
}

/// What `work` gives for every piece, in their order.
pub(super) fn all<T: Send, R: Default>(
    pieces: usize,
    threads: NonZeroUsize,
    work: impl Fn(usize, &mut R) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut room = R::default();
        let mut results = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return results;
            }
            results.push((piece, work(piece, &mut room)));
        }
    };
    let mut results: Vec<(usize, T)> =
        on_each(threads.get().min(pieces), share).into_iter().flatten().collect();
    results.sort_unstable_by_key(|(piece, _)| *piece);
    results.into_iter().map(|(_, result)| result).collect()
}

/// What `work` gives for every piece, in their order; the result does not depend on the threads.
pub fn on_threads<T: Send>(pieces: usize, threads: NonZeroUsize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    all(pieces, threads, |piece, (): &mut ()| work(piece))
}

/// Runs the same on this thread and on as many others as are missing.
fn on_each<T: Send>(threads: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
        let mut results = vec![work()];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}
