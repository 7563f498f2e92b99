//! Rows of a table or of records: held, or made anew each time they are asked for.

use std::borrow::Cow;

/// What makes rows one after another: long results are written without being held.
pub trait MakeRows<C = String> {
    /// The rows, the same each time.
    fn rows(&self) -> Box<dyn Iterator<Item = Vec<C>> + '_>;
}

/// Rows of cells.
pub enum Rows<'a, C = String> {
    /// All of them.
    Held(Vec<Vec<C>>),
    /// As they are asked for.
    Made(Box<dyn MakeRows<C> + 'a>),
}

impl<C: Clone> Rows<'_, C> {
    /// One after another.
    #[must_use]
    pub fn iter(&self) -> Box<dyn Iterator<Item = Cow<'_, [C]>> + '_> {
        match self {
            Self::Held(rows) => Box::new(rows.iter().map(|row| Cow::Borrowed(row.as_slice()))),
            Self::Made(make) => Box::new(make.rows().map(Cow::Owned)),
        }
    }
}

impl<'a, C: Clone> IntoIterator for &'a Rows<'_, C> {
    type Item = Cow<'a, [C]>;
    type IntoIter = Box<dyn Iterator<Item = Cow<'a, [C]>> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<C> Default for Rows<'_, C> {
    fn default() -> Self {
        Self::Held(Vec::new())
    }
}

impl<C> From<Vec<Vec<C>>> for Rows<'_, C> {
    fn from(rows: Vec<Vec<C>>) -> Self {
        Self::Held(rows)
    }
}

impl<T: Into<C>, C> FromIterator<Vec<T>> for Rows<'_, C> {
    fn from_iter<I: IntoIterator<Item = Vec<T>>>(rows: I) -> Self {
        Self::Held(rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect())
    }
}

impl<C: Clone + std::fmt::Debug> std::fmt::Debug for Rows<'_, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
