//! The rows of quotas on a screen: the most urgent first, and what is far from its limit counted.

use std::cmp::Reverse;

use super::words::{LeftOut, language};
use super::{Block, Cell, Column, Detail, Flag, Rows};
use crate::text::Severity;
use crate::units::{Limit, QuotaAmount, Utilisation};

/// Rows of a screen that exceed their limit, are near it or are not judged; more are counted.
const ROWS: usize = 12;

/// Rows of a screen where none of them does.
const QUIET_ROWS: usize = 3;

/// The share of a limit, in ten-thousandths, from which a quota is near it.
const NEAR: u128 = 8_000;

/// The order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It exceeds its limit.
    Exceeds,
    /// It is not judged.
    NotJudged,
    /// It is near its limit.
    Near,
    /// It is far from its limit.
    Quiet,
}

impl From<Flag> for Rank {
    fn from(flag: Flag) -> Self {
        match flag {
            Flag::Bad => Self::Exceeds,
            Flag::Unknown => Self::NotJudged,
            Flag::Near => Self::Near,
            Flag::Fine => Self::Quiet,
        }
    }
}

/// A row before it is laid out.
pub(super) struct EvidenceRow {
    flag: Flag,
    /// The first step about it, then how much of its limit is needed.
    within_rank: (u32, Reverse<u128>),
    share: Option<Utilisation>,
    is_unlimited: bool,
    cells: Vec<Cell>,
}

impl EvidenceRow {
    /// A row with its flag, the steps about it, and what is needed of which limit; `cells` follow the flag.
    pub(super) fn new(
        flag: Flag,
        steps: &[u32],
        required: Option<QuotaAmount>,
        limit: Option<Limit>,
        cells: Vec<Cell>,
    ) -> Self {
        let share = required.zip(limit).and_then(|(required, limit)| Utilisation::of_limit(required, limit));
        Self {
            flag,
            within_rank: (steps.iter().copied().min().unwrap_or(u32::MAX), Reverse(excess(required, limit))),
            share,
            is_unlimited: limit == Some(Limit::Unlimited),
            cells,
        }
    }

    /// How a quota stands, as far as what it needs and its limit are known.
    pub(super) fn flag(required: Option<QuotaAmount>, limit: Option<Limit>) -> Flag {
        let (Some(required), Some(limit)) = (required, limit) else {
            return Flag::Unknown;
        };
        let share = Utilisation::of_limit(required, limit);
        match share {
            _ if !limit.holds(required) => Flag::Bad,
            Some(share) if share.ten_thousandths() >= NEAR => Flag::Near,
            _ => Flag::Fine,
        }
    }
}

/// How much of a limit is needed, for the order of rows: the most where the limit is 0.
fn excess(required: Option<QuotaAmount>, limit: Option<Limit>) -> u128 {
    match required.zip(limit) {
        Some((required, Limit::Amount(limit))) if limit.get() == 0 && required.get() > 0 => u128::MAX,
        Some((required, limit)) => {
            Utilisation::of_limit(required, limit).unwrap_or(Utilisation::ZERO).ten_thousandths()
        }
        None => 0,
    }
}

/// The table of the rows that a screen shows, or of all of them; `columns` follow the column of flags.
pub(super) fn evidence(columns: Vec<Column>, mut rows: Vec<EvidenceRow>, detail: Detail) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    rows.sort_by_key(|row| (Rank::from(row.flag), row.within_rank));
    let left = if detail.has_all_rows() { LeftOut::default() } else { leave_out(&mut rows) };
    let with_flag =
        |row: EvidenceRow| -> Vec<Cell> { std::iter::once(Cell::Flag(row.flag)).chain(row.cells).collect() };
    let rows: Rows<'static, Cell> = rows.into_iter().map(with_flag).collect();
    let columns = std::iter::once(Column::flags()).chain(columns).collect();
    let mut blocks = vec![Block::Table { columns, rows }];
    blocks.extend(language().left_out_rows(left).map(Block::Rest));
    blocks
}

/// Keeps the rows that a screen shows, and counts the others.
fn leave_out(rows: &mut Vec<EvidenceRow>) -> LeftOut {
    let is_quiet = |row: &EvidenceRow| row.flag == Flag::Fine;
    let pressing = rows.iter().filter(|row| !is_quiet(row)).count();
    let shown = if pressing == 0 { QUIET_ROWS } else { pressing.min(ROWS) };
    let left = rows.split_off(shown.min(rows.len()));
    let quiet: Vec<&EvidenceRow> = left.iter().filter(|row| is_quiet(row)).collect();
    LeftOut {
        pressing: left.len() - quiet.len(),
        quiet: quiet.len(),
        most: quiet.iter().filter_map(|row| row.share).max(),
        has_unlimited: quiet.iter().any(|row| row.is_unlimited),
    }
}

/// The findings that are not said one by one, counted.
pub(super) fn left_out_findings<'f>(findings: impl Iterator<Item = (Severity, &'f str)>) -> Option<String> {
    let (mut errors, mut warnings, mut notes) = (Vec::new(), Vec::new(), 0);
    for (severity, code) in findings {
        match severity {
            Severity::Error => errors.push(code),
            Severity::Warning => warnings.push(code),
            Severity::Note => notes += 1,
        }
    }
    language().left_out_findings(&errors, &warnings, notes)
}
