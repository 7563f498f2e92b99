//! How the columns of CSV records are declared: one line a column, beside the function that fills in the type.
//!
//! A record is read off a contract type, so that CSV and JSON cannot differ; nothing is computed here. A column is
//! called like the JSON key that it shows, unless its line names it otherwise.

use super::Records;
use crate::contract::Word;
use crate::contract::parts::{Limit, Share};

/// A column of the records about `T`.
pub(super) struct Column<T> {
    pub(super) name: &'static str,
    /// The path of the JSON key in `T`.
    pub(super) key: &'static str,
    pub(super) cell: fn(&T) -> String,
}

/// The columns of the records about `T`.
pub(super) type Columns<T> = &'static [Column<T>];

/// A column of records that are read off several parts: its name, and the path of the JSON key behind its part.
pub(super) type PartColumn = (&'static str, &'static str);

/// A value as a cell; what is null in JSON is empty.
pub(super) trait Cell {
    fn cell(&self) -> String;
}

macro_rules! shown_as_text {
    ($($of:ty),*) => {
        $(impl Cell for $of {
            fn cell(&self) -> String {
                self.to_string()
            }
        })*
    };
}

shown_as_text!(bool, i32, u32, u64, usize, &str, Box<str>, String, Word, Limit, Share);

impl<T: Cell> Cell for Option<T> {
    fn cell(&self) -> String {
        self.as_ref().map(Cell::cell).unwrap_or_default()
    }
}

/// A value, or that it is not known.
pub(super) fn or_unknown<T: Cell>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(|| "unknown".to_owned(), Cell::cell)
}

/// The key at the end of a path.
pub(super) const fn last_key(path: &'static str) -> &'static str {
    let mut at = path.len();
    while at > 0 && path.as_bytes()[at - 1] != b'.' {
        at -= 1;
    }
    path.split_at(at).1
}

macro_rules! cell {
    ($value:expr) => {
        $crate::report::columns::Cell::cell(&$value)
    };
    ($value:expr, $shown:path) => {
        $shown(&$value)
    };
}
pub(in crate::report) use cell;

/// The name of a column: the one that is given, or that of its key.
macro_rules! name {
    ($path:expr) => {
        $crate::report::columns::last_key($path)
    };
    ($path:expr, $name:literal) => {
        $name
    };
}
pub(in crate::report) use name;

/// Columns by the paths of their JSON keys in the type, each with its name where that is another, and how it is shown
/// where not as its type is.
macro_rules! columns {
    ($of:ty { $($($key:ident).+ $(=> $name:literal)? $(, $shown:path)?;)* }) => {
        &[$($crate::report::columns::Column {
            name: $crate::report::columns::name!(stringify!($($key).+) $(, $name)?),
            key: stringify!($($key).+),
            cell: |of: &$of| $crate::report::columns::cell!(of.$($key).+ $(, $shown)?),
        },)*]
    };
}
pub(in crate::report) use columns;

/// The columns of records that are read off several parts, and the function that makes one: each by the path of the
/// JSON key, which begins with its part. The cell of a part that is not there is empty.
macro_rules! columns_of_parts {
    (
        $(#[$meta:meta])* $columns:ident, $record:ident($($part:ident: $of:ty),*)
        { $($value:expr $(=> $name:literal)? $(, $shown:path)?;)* }
    ) => {
        $(#[$meta])*
        pub(in crate::report) const $columns: &[$crate::report::columns::PartColumn] =
            &[$(($crate::report::columns::name!(stringify!($value) $(, $name)?), stringify!($value))),*];

        #[allow(clippy::redundant_closure_call)]
        pub(super) fn $record($($part: $of),*) -> Vec<String> {
            vec![$((|| Some($crate::report::columns::cell!($value $(, $shown)?)))().unwrap_or_default()),*]
        }
    };
}
pub(in crate::report) use columns_of_parts;

/// The names of columns.
pub(super) fn names<T>(columns: Columns<T>) -> impl Iterator<Item = &'static str> {
    columns.iter().map(|column| column.name)
}

/// A record under the columns.
pub(super) fn cells<T>(columns: Columns<T>, of: &T) -> impl Iterator<Item = String> {
    columns.iter().map(|column| (column.cell)(of))
}

/// Each under the columns.
pub(super) fn records_of<T>(columns: Columns<T>, each: impl Iterator<Item = T>) -> Records {
    Records {
        columns: names(columns).collect(),
        rows: each.map(|of| cells(columns, &of).collect()).collect(),
    }
}
