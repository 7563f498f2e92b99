//! A column of whole numbers in as few bytes as its values need.

use super::OutputLimit;

/// Whole numbers by index.
#[derive(Debug, Clone)]
pub(super) enum Column {
    /// So many zeros.
    Zeros(usize),
    /// All fit into four bytes.
    Narrow(Vec<u32>),
    /// At least one does not.
    Wide(Vec<u64>),
}

impl Default for Column {
    fn default() -> Self {
        Self::Zeros(0)
    }
}

/// Equal numbers are equal however they are held.
impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && (0..self.len()).all(|index| self.get(index) == other.get(index))
    }
}

impl Eq for Column {}

impl Column {
    pub(super) fn push(&mut self, value: u64) {
        match self {
            Self::Zeros(count) if value == 0 => *count += 1,
            Self::Zeros(count) => {
                *self = Self::Narrow(vec![0; *count]);
                self.push(value);
            }
            Self::Narrow(values) => match u32::try_from(value) {
                Ok(value) => values.push(value),
                Err(_) => {
                    let mut wide: Vec<u64> = values.iter().map(|value| u64::from(*value)).collect();
                    wide.push(value);
                    *self = Self::Wide(wide);
                }
            },
            Self::Wide(values) => values.push(value),
        }
    }

    /// Takes the last value away.
    pub(super) fn pop(&mut self) {
        match self {
            Self::Zeros(count) => *count = count.saturating_sub(1),
            Self::Narrow(values) => drop(values.pop()),
            Self::Wide(values) => drop(values.pop()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Zeros(count) => *count,
            Self::Narrow(values) => values.len(),
            Self::Wide(values) => values.len(),
        }
    }

    /// The value of an index, 0 where there is none.
    pub(super) fn get(&self, index: usize) -> u64 {
        match self {
            Self::Zeros(_) => 0,
            Self::Narrow(values) => values.get(index).copied().map_or(0, u64::from),
            Self::Wide(values) => values.get(index).copied().unwrap_or(0),
        }
    }

    /// The same values in the order of `indexes`, each of which there is.
    pub(super) fn reorder(&mut self, indexes: &[usize]) {
        match self {
            Self::Zeros(_) => {}
            Self::Narrow(values) => reorder(values, indexes),
            Self::Wide(values) => reorder(values, indexes),
        }
    }

    /// Other numbers for these, each by its own.
    pub(super) fn replace(&mut self, mut with: impl FnMut(u64) -> u64) {
        let mut replaced = Self::default();
        (0..self.len()).for_each(|index| replaced.push(with(self.get(index))));
        *self = replaced;
    }

    pub(super) fn shrink(&mut self) {
        match self {
            Self::Zeros(_) => {}
            Self::Narrow(values) => values.shrink_to_fit(),
            Self::Wide(values) => values.shrink_to_fit(),
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        match self {
            Self::Zeros(_) => 0,
            Self::Narrow(values) => values.capacity() * size_of::<u32>(),
            Self::Wide(values) => values.capacity() * size_of::<u64>(),
        }
    }
}

/// The same values in another order.
pub(super) fn reorder<T: Copy>(values: &mut Vec<T>, indexes: &[usize]) {
    *values = indexes.iter().filter_map(|index| values.get(*index).copied()).collect();
}

/// Whole numbers below 2^64 - 1 that may be absent: a zero stands for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Optional(Column);

impl Optional {
    pub(super) fn push(&mut self, value: Option<u64>) {
        self.0.push(value.map_or(0, |value| value.saturating_add(1)));
    }

    pub(super) fn get(&self, index: usize) -> Option<u64> {
        self.0.get(index).checked_sub(1)
    }

    pub(super) fn reorder(&mut self, indexes: &[usize]) {
        self.0.reorder(indexes);
    }

    pub(super) fn shrink(&mut self) {
        self.0.shrink();
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

/// Limits below 2^64 - 2: a zero stands for an unknown one, a one for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Limits(Column);

impl Limits {
    pub(super) fn push(&mut self, limit: OutputLimit) {
        self.0.push(match limit {
            OutputLimit::Unknown => 0,
            OutputLimit::Unset => 1,
            OutputLimit::Stated(tokens) => tokens.saturating_add(2),
        });
    }

    pub(super) fn get(&self, index: usize) -> OutputLimit {
        match self.0.get(index) {
            0 => OutputLimit::Unknown,
            1 => OutputLimit::Unset,
            above => OutputLimit::Stated(above - 2),
        }
    }

    pub(super) fn reorder(&mut self, indexes: &[usize]) {
        self.0.reorder(indexes);
    }

    pub(super) fn shrink(&mut self) {
        self.0.shrink();
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}
