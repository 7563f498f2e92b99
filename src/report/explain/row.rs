//! The calculation of one row of a quota, figure by figure, back to its cells.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::engine::{Contribution, PlanInput, QuotaPlan};
use crate::report::Entry;
use crate::report::notes::cell;
use crate::text::Sources;
use crate::units::{ExactRate, Fact, MILLIONTHS, QuotaKind, Ratio, grouped};
use crate::workload::{Column, Hours, StatedRate, Workload};

/// An exact number as a decimal: all its digits up to six, `about` before it where there are more.
pub(in crate::report) fn decimal(value: &BigRational) -> String {
    let value = value.reduced();
    let scaled = &value * BigInt::from(MILLIONTHS);
    let exact = scaled.is_integer();
    let Some(millionths) = scaled.round().to_integer().to_u128() else {
        return value.to_string();
    };
    let unit = u128::from(MILLIONTHS);
    let (whole, fraction) = (grouped(millionths / unit), format!("{:06}", millionths % unit));
    let fraction = fraction.trim_end_matches('0');
    let digits = if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") };
    if exact { digits } else { format!("about {digits}") }
}

/// What AWS says a request has consumed once complete.
const SETTLED_SOURCE: &str = "AWS: InputTokenCount + CacheWriteInputTokenCount + OutputTokenCount x burndown rate; \
     cache reads do not count (Amazon Bedrock User Guide, token burndown page, 2026-10)";

/// What AWS says is deducted at the start.
const RESERVATION_SOURCE: &str = "AWS: total input tokens + max_tokens, without the burndown rate (Amazon Bedrock \
     User Guide, token burndown page, 2026-10)";

/// One row and what it is explained with.
pub(super) struct RowWords<'a> {
    pub(in crate::report) sources: &'a Sources,
    pub(in crate::report) input: &'a PlanInput<'a>,
    pub(in crate::report) quota: &'a QuotaPlan,
    pub(in crate::report) row: &'a Workload,
    pub(in crate::report) contribution: &'a Contribution,
}

impl RowWords<'_> {
    /// `column value at place`, or what stands for an absent cell.
    fn cell(&self, column: Column, value: &str) -> String {
        let place = cell(self.sources, self.input, self.contribution.row, column);
        let place = place.map(|place| place.to_string()).unwrap_or_default();
        format!("{} {value}, {place}", column.name())
    }

    /// The figures of the row.
    pub(in crate::report) fn entries(&self) -> Vec<Entry> {
        let mut entries = vec![self.mean_rate(), self.peak_rate()];
        match self.quota.id.kind {
            QuotaKind::Rpm => {}
            QuotaKind::Tpm => {
                entries.extend([self.settled(), self.reservation(), self.hold()]);
                entries.push(self.product("steady", &self.contribution.rate));
                entries.push(self.product("peak", &self.contribution.peak_rate));
                entries.extend(self.in_flight());
            }
            QuotaKind::Tpd => {
                entries.push(self.settled());
                entries.push(self.day());
            }
        }
        entries.push(Entry {
            label: "share of peak".to_owned(),
            value: format!(
                "{} %",
                decimal(&BigRational::new(self.contribution.share_ten_thousandths.into(), 100.into()))
            ),
            notes: vec!["in the binding period and hour; 0 if the row is not active then".to_owned()],
        });
        entries
    }

    fn growth(&self) -> String {
        match (self.row.growth_per_month(), self.input.assumptions.months) {
            (Some(growth), months) if months > 0 => format!(" x (1 + {growth})^{months}"),
            _ => String::new(),
        }
    }

    fn mean_rate(&self) -> Entry {
        let (stated, mut notes) = self.stated_mean();
        let growth = self.growth();
        let value = decimal(&self.contribution.rate);
        if !growth.is_empty() {
            notes.extend(
                self.row.growth_per_month().map(|g| self.cell(Column::GrowthPerMonth, &g.to_string())),
            );
        }
        let value = if growth.is_empty() && notes.len() == 1 && self.row.stated_rate().is_none() {
            value
        } else {
            format!("{value} = {stated}{growth}")
        };
        Entry { label: "requests per minute".to_owned(), value, notes }
    }

    fn peak_rate(&self) -> Entry {
        let value = decimal(&self.contribution.peak_rate);
        let growth = self.growth();
        let calls = self.row.calls_per_request();
        let (base, notes) = match (self.row.peak_rate(), self.row.peak_factor()) {
            (Some(_), Some(factor)) => {
                let (mean, _) = self.stated_mean();
                (
                    format!("{mean} x peak_factor {factor}"),
                    vec![self.cell(Column::PeakFactor, &factor.to_string())],
                )
            }
            (Some(peak), None) => {
                let stated = self.before_calls(peak);
                let mut notes = vec![self.cell(Column::PeakRequestsPerMinute, &stated)];
                notes.extend(calls.map(|calls| self.cell(Column::CallsPerRequest, &calls.to_string())));
                (format!("{stated}{}", self.calls()), notes)
            }
            (None, _) if self.input.assumptions.config.peak_factor.is_none() => {
                let note = "no busiest minute is stated, so the mean is used (assumed)";
                (self.stated_mean().0, vec![note.to_owned()])
            }
            (None, _) => {
                let factor = self.input.assumptions.peak_factor();
                let (mean, _) = self.stated_mean();
                let note =
                    "the row states no busiest minute, so it is the mean times the configured peak_factor";
                (format!("{mean} x peak_factor {factor}"), vec![note.to_owned()])
            }
        };
        let value =
            if growth.is_empty() && value == base { value } else { format!("{value} = {base}{growth}") };
        Entry { label: "busiest minute".to_owned(), value, notes }
    }

    /// A rate as its cell states it, before the calls of each request.
    fn before_calls(&self, rate: ExactRate) -> String {
        let calls = self.row.calls_per_request().map_or(MILLIONTHS, Ratio::millionths);
        decimal(&BigRational::new(rate.millionths().into(), BigInt::from(rate.divisor()) * calls))
    }

    /// ` x 3 calls`.
    fn calls(&self) -> String {
        self.row.calls_per_request().map(|calls| format!(" x {calls} calls")).unwrap_or_default()
    }

    /// The mean rate in the unit it is stated in, and the cells it comes from: `1,000 an hour / 60`.
    fn stated_mean(&self) -> (String, Vec<String>) {
        let (calls, row) = (self.calls(), self.row);
        let mut notes = Vec::new();
        let stated = match row.stated_rate() {
            None => {
                let stated = row.mean_rate().to_string();
                notes.push(self.cell(Column::RequestsPerMinute, &stated));
                stated
            }
            Some(StatedRate { column, amount, users }) => {
                let hours = row.hours().unwrap_or(Hours::ALL_DAY).count();
                let unit = match column {
                    Column::RequestsPerMinute => String::new(),
                    Column::RequestsPerSecond => " per second x 60".to_owned(),
                    Column::RequestsPerHour | Column::RequestsPerUserPerHour => " per hour / 60".to_owned(),
                    _ => format!(" per day / ({hours} active hours x 60)"),
                };
                notes.extend(users.map(|users| self.cell(Column::Users, &users.to_string())));
                notes.push(self.cell(column, &amount.to_string()));
                let users = users.map(|users| format!("{users} users x ")).unwrap_or_default();
                format!("{users}{amount}{unit}")
            }
        };
        notes.extend(
            row.calls_per_request().map(|calls| self.cell(Column::CallsPerRequest, &calls.to_string())),
        );
        (format!("{stated}{calls}"), notes)
    }

    /// `3,000 + 1,000 + 5 x 1,000`.
    fn settled_terms(&self) -> String {
        let rate = self.quota.rate.rate.quota_tokens_per_output_token();
        format!("{} + {} + {rate} x {}", self.row.input(), self.row.cache_write(), self.row.output())
    }

    fn cache_reads(&self) -> String {
        match self.row.cache_read().millionths() {
            0 => String::new(),
            _ => format!("; {} cache reads not counted", self.row.cache_read()),
        }
    }

    fn settled(&self) -> Entry {
        let settled = self.contribution.cost.settled();
        let mut notes = vec![
            self.cell(Column::InputTokens, &self.row.input().to_string()),
            self.cell(Column::OutputTokens, &self.row.output().to_string()),
        ];
        if self.row.cache_write().millionths() > 0 {
            notes.push(self.cell(Column::CacheWriteTokens, &self.row.cache_write().to_string()));
        }
        if self.row.cache_read().millionths() > 0 {
            notes.push(self.cell(Column::CacheReadTokens, &self.row.cache_read().to_string()));
        }
        notes.push(SETTLED_SOURCE.to_owned());
        Entry {
            label: "settled cost".to_owned(),
            value: format!("{settled} = {}{}", self.settled_terms(), self.cache_reads()),
            notes,
        }
    }

    fn reservation(&self) -> Entry {
        let label = "reservation".to_owned();
        let Some(reservation) = self.contribution.cost.reservation() else {
            let note = "max_tokens is not set and the model's maximum is not known".to_owned();
            return Entry { label, value: "unknown".to_owned(), notes: vec![note] };
        };
        let model = self.input.catalog.model(self.quota.id.model);
        let (max, note) = match (self.row.max_tokens(), model.max_output_tokens) {
            (Some(max), _) if model.kind.generates() => {
                (max.to_string(), self.cell(Column::MaxTokens, &max.to_string()))
            }
            (None, Fact::Known(max)) => {
                let source = model
                    .limits
                    .as_ref()
                    .map(|p| format!(" ({}, {})", p.source, p.as_of))
                    .unwrap_or_default();
                (
                    max.to_string(),
                    format!("max_tokens is not set, so this is the model's maximum output{source}"),
                )
            }
            _ => ("0".to_owned(), "the model generates no tokens".to_owned()),
        };
        let reads = if self.input.assumptions.config.reserve_cache_reads {
            format!(" + {}", self.row.cache_read())
        } else {
            String::new()
        };
        let value =
            format!("{reservation} = {} + {} + {max}{reads}", self.row.input(), self.row.cache_write());
        Entry { label, value, notes: vec![note, RESERVATION_SOURCE.to_owned()] }
    }

    fn hold(&self) -> Entry {
        let cost = &self.contribution.cost;
        let (Some(reservation), Some(hold), Some(debt)) = (cost.reservation(), cost.hold(), cost.debt())
        else {
            return Entry { label: "hold".to_owned(), value: "unknown".to_owned(), notes: Vec::new() };
        };
        let value = format!("{hold} = max(0, {reservation} - {})", cost.settled());
        let mut notes = Vec::new();
        if debt.millionths() > 0 {
            notes.push(format!("{debt} more than the reservation is charged at completion"));
        }
        Entry { label: "hold".to_owned(), value, notes }
    }

    fn product(&self, label: &str, rate: &BigRational) -> Entry {
        let amount = if label == "peak" { self.contribution.peak } else { self.contribution.steady };
        let value =
            format!("{amount} = {} x ({}){}", decimal(rate), self.settled_terms(), self.cache_reads());
        Entry { label: label.to_owned(), value, notes: Vec::new() }
    }

    fn in_flight(&self) -> Option<Entry> {
        let cost = &self.contribution.cost;
        let hold = cost.hold()?;
        let speed = self.input.assumptions.speed_of(self.quota.id.model);
        let in_flight = self.contribution.in_flight(self.row, speed)?;
        let note = match self.row.latency() {
            Some(latency) => self.cell(Column::LatencySeconds, &latency.to_string()),
            None => format!(
                "no latency_seconds is stated: {} + {} / {} seconds (assumed)",
                speed.seconds_to_first_token,
                self.row.output(),
                speed.output_tokens_per_second
            ),
        };
        let value = format!(
            "{} = {} x ({} + {} / 60 x {hold})",
            decimal(&in_flight.tokens),
            decimal(&self.contribution.peak_rate),
            cost.settled(),
            decimal(&in_flight.held_seconds)
        );
        Some(Entry { label: "in flight".to_owned(), value, notes: vec![note] })
    }

    fn day(&self) -> Entry {
        let hours = self.row.hours().unwrap_or(Hours::ALL_DAY);
        let value = format!(
            "{} = 60 x {} hours x {} x ({}){}",
            self.contribution.steady,
            hours.count(),
            decimal(&self.contribution.rate),
            self.settled_terms(),
            self.cache_reads()
        );
        Entry {
            label: "tokens per day".to_owned(),
            value,
            notes: vec![self.cell(Column::ActiveHours, &hours.to_string())],
        }
    }
}
