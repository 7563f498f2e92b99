//! Numbers in cells: read as a person means them, or refused with what to write instead.

use super::Column;
use super::row::{Cells, RowReader};
use crate::catalog::ModelKind;
use crate::text::table::{grouped_words, looks_grouped};
use crate::text::{Code, Diagnostic, Place, Severity};
use crate::units::{DecimalMark, MILLIONTHS, NumberFault, parse_millionths_up, plain_millionths};

impl RowReader<'_> {
    fn bad_number<T>(&mut self, cells: &Cells<'_>, column: Column, fault: NumberFault) -> Option<T> {
        let written = self.get(cells, column).unwrap_or_default();
        let message = format!("`{}` {}: `{written}`", column.name(), fault.reason());
        let help = match fault {
            NumberFault::DecimalComma => {
                let point = written.replace(',', ".");
                format!("use a decimal point: {point}; or read the whole file with --decimal comma")
            }
            NumberFault::DecimalPoint => format!("use a decimal comma: {}", written.replace('.', ",")),
            NumberFault::PointOfThousands => format!(
                "write {} for thousands, or {} for decimals",
                written.replace('.', ""),
                written.replace('.', ",")
            ),
            NumberFault::ThousandsSeparator if self.may_be_decimals(written) => format!(
                "write {}; if {} is meant, read the whole file with --decimal comma",
                written.replace(',', ""),
                written.replace(',', ".")
            ),
            fault => fault.remedy().to_owned(),
        };
        if fault == NumberFault::PointOfThousands {
            // The warning of a file with decimal points: here neither reading is more likely.
            let (severity, place) = (Severity::Error, Place::Span(self.span(cells, column)));
            self.diagnostics.push(Diagnostic { code: Code::AmbiguousNumber, severity, message, help, place });
        } else {
            self.fault(cells, column, Code::BadNumber, message, help);
        }
        None
    }

    /// Whether the comma of a number such as `1,500` may be a decimal one.
    fn may_be_decimals(&self, written: &str) -> bool {
        self.options.decimal == DecimalMark::Point
            && written.matches(',').count() == 1
            && !written.contains('.')
    }

    /// An optional number: `None` where it is wrong, `Some(None)` where it is absent.
    #[allow(clippy::option_option)]
    pub(super) fn number(&mut self, cells: &Cells<'_>, column: Column) -> Option<Option<u64>> {
        let Some(bytes) = self.bytes(cells, column) else {
            return Some(None);
        };
        if self.options.decimal == DecimalMark::Point
            && let Ok(value) = plain_millionths(bytes)
        {
            if self.delimiter == b';' && looks_grouped(bytes) {
                self.grouped(cells, column);
            }
            return Some(Some(value));
        }
        match self.get(cells, column).map(|text| parse_millionths_up(text, self.options.decimal)) {
            None => Some(None),
            Some(Ok(value)) => Some(Some(value)),
            Some(Err(fault)) => self.bad_number(cells, column, fault),
        }
    }

    /// Warns of a point that may be a thousands separator.
    fn grouped(&mut self, cells: &Cells<'_>, column: Column) {
        let (message, help) = grouped_words(column.name(), self.get(cells, column).unwrap_or_default());
        self.fault(cells, column, Code::AmbiguousNumber, message, help);
    }

    pub(super) fn required(&mut self, cells: &Cells<'_>, column: Column) -> Option<u64> {
        match self.number(cells, column)? {
            Some(value) => Some(value),
            None => self.missing(cells, column),
        }
    }

    /// Tokens that a row must state; those of a reranker, which counts none, may be left empty.
    pub(super) fn tokens(
        &mut self,
        cells: &Cells<'_>,
        column: Column,
        kind: Option<ModelKind>,
    ) -> Option<u64> {
        match self.number(cells, column)? {
            None if kind == Some(ModelKind::Rerank) => Some(0),
            None => self.missing(cells, column),
            stated => stated,
        }
    }

    #[allow(clippy::option_option)]
    pub(super) fn whole(&mut self, cells: &Cells<'_>, column: Column) -> Option<Option<u64>> {
        let value = self.number(cells, column)?;
        if value.is_some_and(|value| value % MILLIONTHS != 0) {
            return self.bad_number(cells, column, NumberFault::NotWhole);
        }
        Some(value)
    }

    /// An optional number within bounds, in millionths.
    #[allow(clippy::option_option)]
    pub(super) fn bounded(
        &mut self,
        cells: &Cells<'_>,
        column: Column,
        bounds: (u64, u64),
        rule: &str,
    ) -> Option<Option<u64>> {
        let value = self.number(cells, column)?;
        if value.is_some_and(|value| value < bounds.0 || value > bounds.1) {
            let written = self.get(cells, column).unwrap_or_default();
            let message = format!("`{}` must be {rule}, found `{written}`", column.name());
            self.fault(cells, column, Code::BadNumber, message, column.meaning());
            return None;
        }
        Some(value)
    }
}
