//! What a result consists of for people: headings, text, tables, charts and notes, whose cells keep their types.

use super::Rows;
use crate::text::Severity;
use crate::units::{Limit, QuotaAmount, Utilisation};

/// A part of a result for people.
pub type Block = BlockOf<'static>;

/// A part of a result for people, which may be made of borrowed data.
#[derive(Debug)]
pub enum BlockOf<'a> {
    /// The verdict, which a reader must know first: sentences, each on a line of its own.
    Verdict {
        /// How it went.
        tone: Tone,
        /// The sentences.
        sentences: Vec<String>,
    },
    /// What to do, the most urgent first.
    Steps(Vec<Step>),
    /// A heading.
    Heading(String),
    /// Running text.
    Paragraph(String),
    /// Sentences, each on a line of its own.
    Lines(Vec<String>),
    /// What is left out of the table above.
    Rest(String),
    /// Commands to run next, never broken.
    Commands(Vec<String>),
    /// A table.
    Table {
        /// What its columns are.
        columns: Vec<Column>,
        /// Rows of cells, one for each column.
        rows: Rows<'a, Cell>,
    },
    /// A chart.
    Chart(Chart),
    /// Labelled values with notes under them.
    Entries(Vec<Entry>),
    /// Text whose lines stay as they are: a command, a file.
    Verbatim(String),
    /// Findings.
    Notes(Vec<Note>),
}

/// How something went, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Something is wrong.
    Bad,
    /// A person must look.
    Unsure,
    /// Neither.
    Plain,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Its number.
    pub number: u32,
    /// What to do, in a word or two.
    pub verb: String,
    /// What it is about, and its figure.
    pub what: String,
    /// The command that does it, never broken; empty where there is none.
    pub command: String,
    /// The quota's code; empty where it is about none.
    pub code: String,
    /// Why, in clauses.
    pub why: Vec<String>,
}

/// The cells of a row, from words and figures alike.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$($crate::report::Cell::from($cell)),*] };
}
pub(super) use cells;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its title, which may hold line breaks.
    pub title: &'static str,
    /// What its cells hold.
    pub holds: Holds,
    /// When it is left out of a table that is too wide for the screen: the column with the largest number first, and
    /// never where this is `None`.
    pub drop_order: Option<u8>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Words, which may be wrapped.
    Words,
    /// Numbers: they stand at the right and are never broken.
    Numbers,
    /// Codes and other words that are never broken.
    Codes,
    /// A [`Flag`] each.
    Flags,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub const fn words(title: &'static str) -> Self {
        Self { title, holds: Holds::Words, drop_order: None }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn numbers(title: &'static str) -> Self {
        Self { title, holds: Holds::Numbers, drop_order: None }
    }

    /// A column of codes or other words that are never broken.
    #[must_use]
    pub const fn codes(title: &'static str) -> Self {
        Self { title, holds: Holds::Codes, drop_order: None }
    }

    /// The column of flags, before all others.
    #[must_use]
    pub const fn flags() -> Self {
        Self { title: "", holds: Holds::Flags, drop_order: None }
    }

    /// Whether it holds numbers.
    #[must_use]
    pub fn holds_numbers(self) -> bool {
        self.holds == Holds::Numbers
    }

    /// The same column, left out of a table that is too wide: the largest `order` goes first.
    #[must_use]
    pub const fn dropped(mut self, order: u8) -> Self {
        self.drop_order = Some(order);
        self
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words, which may hold line breaks.
    Text(String),
    /// An amount of a quota with all of its digits.
    Exact(QuotaAmount),
    /// What is required or used, in a few digits, rounded up.
    Demand(QuotaAmount),
    /// What there is, in a few digits, rounded down.
    Capacity(QuotaAmount),
    /// The share of a limit that is used, rounded up.
    Use(Utilisation),
    /// A sign that stands for a word.
    Mark(Mark),
    /// A sign before a row that says how it stands.
    Flag(Flag),
    /// Cells under each other.
    Lines(Vec<Cell>),
}

/// How a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// All is well.
    Fine,
    /// It exceeds its limit, or fails.
    Bad,
    /// It could not be judged.
    Unknown,
    /// It is near its limit, or a person must choose.
    Near,
}

impl Flag {
    /// The sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Fine => "",
            Self::Bad => "!",
            Self::Unknown => "?",
            Self::Near => "·",
        }
    }
}

/// A sign that stands for a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// There is no such figure.
    NotApplicable,
    /// There is such a figure, and it is not known.
    Unknown,
    /// There is no limit.
    Unlimited,
}

impl Cell {
    /// What is required or used, in a few digits, or that it is not known.
    #[must_use]
    pub fn demand_or_unknown(amount: Option<QuotaAmount>) -> Self {
        amount.map_or(Self::Mark(Mark::Unknown), Self::Demand)
    }

    /// What there is, in a few digits.
    #[must_use]
    pub fn limit(limit: Limit) -> Self {
        match limit {
            Limit::Amount(amount) => Self::Capacity(amount),
            Limit::Unlimited => Self::Mark(Mark::Unlimited),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Rows of words as rows of a table.
impl From<Vec<Vec<String>>> for Rows<'_, Cell> {
    fn from(rows: Vec<Vec<String>>) -> Self {
        rows.into_iter().collect()
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Flag> for Cell {
    fn from(flag: Flag) -> Self {
        Self::Flag(flag)
    }
}

impl From<Mark> for Cell {
    fn from(mark: Mark) -> Self {
        Self::Mark(mark)
    }
}

/// Values in order, drawn on one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The unit of its values, such as `tokens per minute`.
    pub unit: &'static str,
    /// What is drawn.
    pub series: Vec<Series>,
    /// What the values are held against, such as a quota.
    pub limit: Option<QuotaAmount>,
}

impl Chart {
    /// The top of the scale, which begins at 0: the largest value, or the limit where it is larger. `None` where there
    /// is nothing to draw.
    #[must_use]
    pub fn top(&self) -> Option<QuotaAmount> {
        let values = self.series.iter().flat_map(|series| series.values.iter().flatten().copied());
        values.chain(self.limit).max()
    }

    /// The height of a value in whole steps, rounded down: 0 at the foot of the scale, `steps` at its top.
    #[must_use]
    pub fn height(&self, value: QuotaAmount, steps: usize) -> usize {
        let top = self.top().map_or(1, |top| top.get().max(1));
        let height = u128::from(value.get()) * steps as u128 / u128::from(top);
        usize::try_from(height).unwrap_or(steps).min(steps)
    }
}

/// A line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// Its values at equal distances; `None` where there is none.
    pub values: Vec<Option<QuotaAmount>>,
}

impl Series {
    /// The smallest and the largest value, where there is one.
    #[must_use]
    pub fn range(&self) -> Option<(QuotaAmount, QuotaAmount)> {
        let values = || self.values.iter().flatten().copied();
        values().min().zip(values().max())
    }
}

/// A labelled value.
#[derive(Debug, Default)]
pub struct Entry {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub notes: Vec<String>,
}

/// A finding in words.
#[derive(Debug)]
pub struct Note {
    /// How much it matters.
    pub severity: Severity,
    /// Its code.
    pub code: &'static str,
    /// `file:line:column`, empty where it is about no cell.
    pub place: String,
    /// What it is.
    pub text: String,
    /// What to do, may be empty.
    pub help: String,
}
