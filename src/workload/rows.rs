//! The rows of a file as they were read: in parts, one a thread, in file order.
//!
//! Joining the parts would copy a large file's rows for nothing.

use super::Workload;

/// Rows by index, in file order.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    parts: Vec<Vec<Workload>>,
    /// Index of each part's first row.
    starts: Vec<usize>,
    len: usize,
}

impl Rows {
    /// Adds the rows that follow those there are.
    pub(super) fn push(&mut self, part: Vec<Workload>) {
        if !part.is_empty() {
            self.starts.push(self.len);
            self.len += part.len();
            self.parts.push(part);
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The row of an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Workload> {
        let part = self.starts.partition_point(|&start| start <= index).checked_sub(1)?;
        self.parts.get(part)?.get(index - self.starts.get(part)?)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = &Workload> {
        self.parts.iter().flatten()
    }
}

impl std::ops::Index<usize> for Rows {
    type Output = Workload;

    /// # Panics
    /// Where there is no such row, as slices do.
    fn index(&self, index: usize) -> &Workload {
        let part = self.starts.partition_point(|&start| start <= index) - 1;
        &self.parts[part][index - self.starts[part]]
    }
}
