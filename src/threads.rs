//! Work on several threads: the only place that starts one.
//!
//! A thread that the system does not start is no error: those that run, the calling one at least, do its work.
//! No result depends on how many there are. Knows nothing of what the work is.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, JoinHandle, Scope, ScopedJoinHandle};

/// How many threads work may use, the calling one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workers {
    count: NonZeroUsize,
    /// Threads that can be started at once; the system may start fewer.
    startable: usize,
}

impl Default for Workers {
    /// The calling thread alone.
    fn default() -> Self {
        Self::ONE
    }
}

impl Workers {
    /// Most threads.
    pub const MAXIMUM: usize = 256;

    /// The calling thread alone.
    pub const ONE: Self = Self::new(NonZeroUsize::MIN);

    /// As many threads as the machine runs at once; one where that is not known, as in WebAssembly.
    #[must_use]
    pub fn of_this_machine() -> Self {
        Self::new(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// So many threads, [`MAXIMUM`](Self::MAXIMUM) at most.
    #[must_use]
    pub const fn new(count: NonZeroUsize) -> Self {
        Self { count: NonZeroUsize::MIN, startable: usize::MAX }.with_count(count)
    }

    /// The same with another number of threads, [`MAXIMUM`](Self::MAXIMUM) at most.
    #[must_use]
    pub const fn with_count(self, count: NonZeroUsize) -> Self {
        // The smaller of the two, which `min` cannot give in a constant.
        let surplus = count.get().saturating_sub(Self::MAXIMUM);
        let count = NonZeroUsize::MIN.saturating_add(count.get() - surplus - 1);
        Self { count, ..self }
    }

    /// The same on a system that starts so many threads at most beside the calling one.
    #[must_use]
    pub const fn with_startable(self, startable: usize) -> Self {
        Self { startable, ..self }
    }

    /// How many threads, from 1 to [`MAXIMUM`](Self::MAXIMUM).
    #[must_use]
    pub const fn count(self) -> usize {
        self.count.get()
    }

    /// What `work` gives for every piece, in their order. `work` gets room of the thread's own.
    pub fn map_with<T: Send, R: Default>(
        self,
        pieces: usize,
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
        let mut results: Vec<(usize, T)> = self.on_each(pieces, share).into_iter().flatten().collect();
        results.sort_unstable_by_key(|(piece, _)| *piece);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// What `work` gives for every piece, in their order.
    pub fn map<T: Send>(self, pieces: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        self.map_with(pieces, |piece, (): &mut ()| work(piece))
    }

    /// The first of the pieces, in their order, for which `work` gives something.
    ///
    /// Pieces behind it may have been worked on too. `work` gets room of the thread's own.
    pub fn first_some<T: Send, R: Default>(
        self,
        pieces: usize,
        work: impl Fn(usize, &mut R) -> Option<T> + Sync,
    ) -> Option<T> {
        let (next, found) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
        let search = || {
            let mut room = R::default();
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                // A piece in front of one with a result is always worked on: it was handed out before.
                if piece >= pieces || piece > found.load(Ordering::Relaxed) {
                    return None;
                }
                if let Some(result) = work(piece, &mut room) {
                    found.fetch_min(piece, Ordering::Relaxed);
                    return Some((piece, result));
                }
            }
        };
        let results = self.on_each(pieces, search);
        results.into_iter().flatten().min_by_key(|(piece, _)| *piece).map(|(_, result)| result)
    }

    /// Does something for which nobody waits; `None` where no thread can be started, so that it is not done.
    pub fn in_background(self, work: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
        if self.startable == 0 { None } else { Builder::new().spawn(work).ok() }
    }

    /// Runs the same on this thread and on as many others as are to be had; more than there are `pieces` have
    /// nothing to do.
    pub fn on_each<T: Send>(self, pieces: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
        let others = self.count().min(pieces).saturating_sub(1);
        thread::scope(|scope| {
            let others: Vec<_> = (0..others).map_while(|started| self.start(started, scope, &work)).collect();
            let own = work();
            std::iter::once(own).chain(others.into_iter().map(joined)).collect()
        })
    }

    /// Starts a thread beside those that were started; `None` where the system does not.
    fn start<'scope, T: Send + 'scope>(
        self,
        started: usize,
        scope: &'scope Scope<'scope, '_>,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> Option<ScopedJoinHandle<'scope, T>> {
        if started >= self.startable { None } else { Builder::new().spawn_scoped(scope, work).ok() }
    }
}

/// The result of a thread; a panic in it is a panic of the run, as it would be without threads.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
