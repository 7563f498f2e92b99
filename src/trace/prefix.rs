//! Which blocks of a prompt are in the cache: a tree of prefixes, each with the time it was last used.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A prefix of blocks; the first is the empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Prefix(u32);

/// The prefix without a block.
pub(super) const EMPTY: Prefix = Prefix(0);

/// All prefixes that were seen.
///
/// A prefix is told by all of its blocks, so that a trace whose ids do not stand for what came before
/// them, as Mooncake's do, is read rightly too.
#[derive(Debug, Default)]
pub(super) struct Prefixes {
    /// The prefix without its last block, of each but the empty one.
    shorter: Vec<Prefix>,
    longer: HashMap<(Prefix, u64), Prefix, FixedState>,
}

impl Prefixes {
    /// A prefix with one block more; `None` above 2^32 of them.
    pub(super) fn with(&mut self, prefix: Prefix, block: u64) -> Option<Prefix> {
        let next = u32::try_from(self.shorter.len() + 1).ok()?;
        Some(*self.longer.entry((prefix, block)).or_insert_with(|| {
            self.shorter.push(prefix);
            Prefix(next)
        }))
    }

    /// Forgets how prefixes grow: from here on they are only looked at.
    pub(super) fn close(&mut self) {
        self.longer = HashMap::default();
    }

    fn shorter(&self, prefix: Prefix) -> Option<Prefix> {
        self.shorter.get((prefix.0 as usize).checked_sub(1)?).copied()
    }
}

/// The cache, as time passes.
pub(super) struct Cache<'p> {
    prefixes: &'p Prefixes,
    life_microseconds: i64,
    /// When each prefix was last read or written.
    used: Vec<Option<i64>>,
}

impl<'p> Cache<'p> {
    pub(super) fn new(prefixes: &'p Prefixes, life_microseconds: i64) -> Self {
        Self { prefixes, life_microseconds, used: vec![None; prefixes.shorter.len()] }
    }

    /// The blocks of a prompt that are read from the cache and that are written to it.
    ///
    /// A block lives until its life has passed since it was last read or written: a hit renews it. Time
    /// must not go back.
    pub(super) fn request(&mut self, at: i64, prompt: Prefix) -> (u64, u64) {
        let (mut read, mut written) = (0, 0);
        let mut prefix = prompt;
        // Whoever uses a prefix uses all shorter ones, so once one is alive the rest is.
        while let Some(shorter) = self.prefixes.shorter(prefix) {
            let Some(used) = self.used.get_mut(prefix.0 as usize - 1) else { break };
            let is_alive = used.is_some_and(|used| at.saturating_sub(used) < self.life_microseconds);
            if is_alive {
                read += 1;
            } else {
                written += 1;
            }
            *used = Some(at);
            prefix = shorter;
        }
        (read, written)
    }
}
