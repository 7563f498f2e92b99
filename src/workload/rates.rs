//! The rates of a row, in whichever columns they are stated: a minute, a second, an hour or a day, of
//! all users or of each.

use super::header::PER_USER;
use super::row::{Cells, RowReader};
use super::stated::{Rates, Stated};
use super::{Column, Hours, StatedRate};
use crate::text::Code;
use crate::units::{ExactRate, MILLIONTHS, NumberFault, Ratio, RequestsPerMinute};

impl StatedRate {
    /// Model calls a minute, times a factor; both factors in millionths. `None` above what an input
    /// may hold.
    pub(super) fn calls_a_minute(self, hours: Hours, calls: u64, factor: u64) -> Option<ExactRate> {
        let Self { column, amount, users } = self;
        let (each, minutes) = match column {
            Column::RequestsPerSecond => (60 * MILLIONTHS, 1),
            Column::RequestsPerHour | Column::RequestsPerUserPerHour => (MILLIONTHS, 60),
            Column::RequestsPerDay | Column::RequestsPerUserPerDay => (MILLIONTHS, 60 * hours.count()),
            _ => (MILLIONTHS, 1),
        };
        let users = users.map_or(MILLIONTHS, Ratio::millionths);
        ExactRate::product(&[amount.millionths(), users, calls, each, factor], minutes)
    }
}

impl RowReader<'_> {
    /// The mean rate and the busiest minute, whichever way they are stated; `hours` are those over
    /// which a day's requests spread, `None` where they are faulty.
    #[allow(clippy::option_option)]
    pub(super) fn rates(&mut self, cells: &Cells<'_>, hours: Option<Option<Hours>>) -> Rates {
        if !self.header.has_other_rates() {
            let rate = |millionths| RequestsPerMinute::from_millionths(millionths).map(ExactRate::from);
            return Rates {
                mean: self.required(cells, Column::RequestsPerMinute).and_then(rate),
                peak: self.number(cells, Column::PeakRequestsPerMinute).map(|peak| peak.and_then(rate)),
                stated: Stated::default(),
            };
        }
        let none = Rates { mean: None, peak: None, stated: Stated::default() };
        let rate = self.stated_rate(cells);
        let peak = self.number(cells, Column::PeakRequestsPerMinute);
        let factor = self.bounded(cells, Column::PeakFactor, (MILLIONTHS, u64::MAX), "at least 1");
        let calls = self.bounded(cells, Column::CallsPerRequest, (1, u64::MAX), "above 0");
        if matches!((peak, factor), (Some(Some(_)), Some(Some(_)))) {
            self.stated_twice(cells, Column::PeakRequestsPerMinute, Column::PeakFactor, "busiest minute");
            return none;
        }
        let (Some(rate), Some(peak), Some(factor), Some(calls), Some(hours)) =
            (rate, peak, factor, calls, hours)
        else {
            return none;
        };
        let column = rate.column;
        let calls_made = calls.unwrap_or(MILLIONTHS);
        let hours = hours.unwrap_or(Hours::ALL_DAY);
        let mean = rate.calls_a_minute(hours, calls_made, MILLIONTHS);
        let busiest = match (peak, factor) {
            (Some(peak), _) => Some(ExactRate::product(&[peak, calls_made], 1)),
            (None, Some(factor)) => Some(rate.calls_a_minute(hours, calls_made, factor)),
            (None, None) => None,
        };
        let (Some(mean), None | Some(Some(_))) = (mean, busiest) else {
            let message = "this row has more than 1,000,000,000,000 requests per minute".to_owned();
            self.fault(cells, column, Code::BadNumber, message, NumberFault::TooLarge.remedy());
            return none;
        };
        Rates {
            mean: Some(mean),
            peak: Some(busiest.flatten()),
            stated: Stated {
                rate: Some(rate).filter(|rate| rate.column != Column::RequestsPerMinute || calls.is_some()),
                peak_factor: factor.and_then(Ratio::from_millionths),
                calls_per_request: calls.and_then(Ratio::from_millionths),
            },
        }
    }

    /// The one cell, or `users` and the one cell, that states the rate.
    fn stated_rate(&mut self, cells: &Cells<'_>) -> Option<StatedRate> {
        let filled = |reader: &Self, columns: &[Column]| -> Vec<Column> {
            columns.iter().copied().filter(|column| reader.bytes(cells, *column).is_some()).collect()
        };
        let ways = filled(self, &Column::RATES);
        let mut each = filled(self, &PER_USER);
        let others: Vec<Column> = ways.iter().copied().filter(|column| *column != Column::Users).collect();
        let first = others.first().or(each.first()).copied();
        let second = match (others.as_slice(), each.as_slice(), ways.len() > others.len()) {
            ([_, again, ..], ..) => Some(*again),
            ([_], [again, ..], _) => Some(*again),
            ([_], [], true) => Some(Column::Users),
            ([], [_, again, ..], _) => Some(*again),
            _ => None,
        };
        if let (Some(first), Some(second)) = (first, second) {
            self.stated_twice(cells, first, second, "rate");
            return None;
        }
        let help = || format!("write one of {}", Column::RATE_WAYS);
        let Some(column) = first else {
            if self.header.rate_is_reported() {
                return None;
            }
            let message = match ways.first() {
                Some(_) => "`users` is given without a rate for each user".to_owned(),
                None => "no request rate is stated".to_owned(),
            };
            let help = match ways.first() {
                Some(_) => "write requests_per_user_per_hour or requests_per_user_per_day".to_owned(),
                None => help(),
            };
            let all = Column::RATES.iter().chain(&PER_USER);
            let at =
                ways.first().or(all.copied().find(|c| self.header.index(*c).is_some()).as_ref()).copied();
            self.fault(cells, at.unwrap_or(Column::Workload), Code::MissingValue, message, help);
            return None;
        };
        let amount = self.number(cells, column);
        let users = match each.pop() {
            None => Some(None),
            Some(_) if ways.is_empty() && self.header.rate_is_reported() => None,
            Some(_) if ways.is_empty() => {
                let message = format!("`{}` is given without `users`", column.name());
                self.fault(
                    cells,
                    column,
                    Code::MissingValue,
                    message,
                    "write how many people there are in `users`",
                );
                None
            }
            Some(_) => self.number(cells, Column::Users).map(|users| users.and_then(Ratio::from_millionths)),
        };
        Some(StatedRate { column, amount: RequestsPerMinute::from_millionths(amount??)?, users: users? })
    }

    /// Two cells of a row that state the same thing.
    fn stated_twice(&mut self, cells: &Cells<'_>, first: Column, second: Column, what: &str) {
        let message = format!("the {what} is stated twice: in `{}` and in `{}`", first.name(), second.name());
        self.fault(cells, second, Code::StatedTwice, message, "leave one of the two cells empty");
    }
}
