//! Rows of a table or of records: held, or made anew each time they are asked for.

use std::borrow::Cow;

/// What makes rows one after another: long results are written without being held.
pub trait MakeRows {
    /// The rows, the same each time.
    fn rows(&self) -> Box<dyn Iterator<Item = Vec<String>> + '_>;
}

/// Rows of cells.
pub enum Rows<'a> {
    /// All of them.
    Held(Vec<Vec<String>>),
    /// As they are asked for.
    Made(Box<dyn MakeRows + 'a>),
}

impl Rows<'_> {
    /// One after another.
    #[must_use]
    pub fn iter(&self) -> Box<dyn Iterator<Item = Cow<'_, [String]>> + '_> {
        match self {
            Self::Held(rows) => Box::new(rows.iter().map(|row| Cow::Borrowed(row.as_slice()))),
            Self::Made(make) => Box::new(make.rows().map(Cow::Owned)),
        }
    }
}

impl<'a> IntoIterator for &'a Rows<'_> {
    type Item = Cow<'a, [String]>;
    type IntoIter = Box<dyn Iterator<Item = Cow<'a, [String]>> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Default for Rows<'_> {
    fn default() -> Self {
        Self::Held(Vec::new())
    }
}

impl From<Vec<Vec<String>>> for Rows<'_> {
    fn from(rows: Vec<Vec<String>>) -> Self {
        Self::Held(rows)
    }
}

impl FromIterator<Vec<String>> for Rows<'_> {
    fn from_iter<I: IntoIterator<Item = Vec<String>>>(rows: I) -> Self {
        Self::Held(rows.into_iter().collect())
    }
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
