//! Random workload rows as data, and their text as `workloads.csv`.

use std::fmt;

use proptest::prelude::*;

use super::facts::{Facts, Kind};

/// Millionths in one.
pub(crate) const ONE: u64 = 1_000_000;

/// A number as inputs have it: six decimals, in millionths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Decimal(pub u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / ONE)?;
        match self.0 % ONE {
            0 => Ok(()),
            rest => write!(f, ".{rest:06}"),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a rate is stated in, of so many users where it is that of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Minute,
    Second,
    Hour,
    Day,
    UserHour(u64),
    UserDay(u64),
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) model: Facts,
    /// The rate, in its unit.
    pub(crate) rate: Decimal,
    pub(crate) unit: Unit,
    pub(crate) calls: Option<Decimal>,
    pub(crate) peak: Option<Decimal>,
    /// Only without a peak.
    pub(crate) factor: Option<Decimal>,
    pub(crate) input: Decimal,
    pub(crate) cache_read: Decimal,
    pub(crate) cache_write: Decimal,
    pub(crate) output: Decimal,
    pub(crate) max_tokens: Option<u64>,
    pub(crate) latency: Option<Decimal>,
    pub input_p95: Option<Decimal>,
    pub output_p95: Option<Decimal>,
    pub output_p99: Option<Decimal>,
    pub(crate) dispersion: Option<Decimal>,
    pub(crate) period: Option<&'static str>,
    pub(crate) hours: Option<&'static str>,
    pub(crate) growth: Option<Decimal>,
    pub(crate) account: Option<&'static str>,
}

/// The columns of [`Row::cells`], in order.
pub(crate) const COLUMNS: [&str; 27] = [
    "workload",
    "model",
    "scope",
    "requests_per_minute",
    "requests_per_second",
    "requests_per_hour",
    "requests_per_day",
    "users",
    "requests_per_user_per_hour",
    "requests_per_user_per_day",
    "calls_per_request",
    "peak_requests_per_minute",
    "peak_factor",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "max_tokens",
    "latency_seconds",
    "input_tokens_p95",
    "output_tokens_p95",
    "output_tokens_p99",
    "dispersion",
    "period",
    "active_hours",
    "growth_per_month",
    "account",
];

impl Row {
    /// The cells, unquoted; an absent value is an empty cell.
    pub(crate) fn cells(&self) -> [String; 27] {
        let stated = |is: bool| if is { self.rate.to_string() } else { String::new() };
        let number = |value: Option<Decimal>| value.map(|v| v.to_string()).unwrap_or_default();
        [
            self.name.clone(),
            self.model.id.to_owned(),
            self.model.scope.to_owned(),
            stated(matches!(self.unit, Unit::Minute)),
            stated(matches!(self.unit, Unit::Second)),
            stated(matches!(self.unit, Unit::Hour)),
            stated(matches!(self.unit, Unit::Day)),
            match self.unit {
                Unit::UserHour(users) | Unit::UserDay(users) => users.to_string(),
                _ => String::new(),
            },
            stated(matches!(self.unit, Unit::UserHour(_))),
            stated(matches!(self.unit, Unit::UserDay(_))),
            number(self.calls),
            number(self.peak),
            number(self.factor),
            self.input.to_string(),
            self.cache_read.to_string(),
            self.cache_write.to_string(),
            self.output.to_string(),
            self.max_tokens.map(|m| m.to_string()).unwrap_or_default(),
            number(self.latency),
            number(self.input_p95),
            number(self.output_p95),
            number(self.output_p99),
            number(self.dispersion),
            self.period.unwrap_or_default().to_owned(),
            self.hours.unwrap_or_default().to_owned(),
            number(self.growth),
            self.account.unwrap_or_default().to_owned(),
        ]
    }
}

/// The file of some rows; cells with a comma are quoted.
pub(crate) fn csv(rows: &[Row]) -> String {
    let quoted = |cell: &String| match cell.contains(',') {
        true => format!("\"{cell}\""),
        false => cell.clone(),
    };
    let mut text = COLUMNS.join(",") + "\n";
    for row in rows {
        let cells: Vec<String> = row.cells().iter().map(quoted).collect();
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

/// A number from 0 to `maximum`: small or large, whole or with decimals.
pub(crate) fn number(maximum: u64) -> impl Strategy<Value = Decimal> {
    prop_oneof![
        2 => (0..=maximum.min(20)).prop_map(|whole| Decimal(whole * ONE)),
        4 => (0..=maximum).prop_map(|whole| Decimal(whole * ONE)),
        1 => (0..=maximum * ONE).prop_map(Decimal),
        1 => (0..=3 * ONE).prop_map(Decimal),
    ]
}

/// Hundredths of a mean, to a millionth.
pub(crate) fn percent(mean: Decimal, percent: u64) -> Decimal {
    Decimal(mean.0 / 100 * percent + mean.0 % 100 * percent / 100)
}

/// Millionths of requests per minute, at least those of the rate.
fn a_minute(rate: Decimal, unit: Unit, hours: Option<&str>) -> u64 {
    let minutes = match hours {
        None | Some("00-24") => 24 * 60,
        Some("08-18") => 10 * 60,
        Some("22-04") => 6 * 60,
        Some("08-12,22-02") => 8 * 60,
        // An hour is the least a row is active.
        Some(_) => 60,
    };
    match unit {
        Unit::Minute => rate.0,
        Unit::Second => rate.0 * 60,
        Unit::Hour => rate.0.div_ceil(60),
        Unit::Day => rate.0.div_ceil(minutes),
        Unit::UserHour(users) => (rate.0 * users).div_ceil(60),
        Unit::UserDay(users) => (rate.0 * users).div_ceil(minutes),
    }
}

/// A row of one of the models; all columns may be absent that can be.
pub(crate) fn row(models: &'static [Facts]) -> impl Strategy<Value = Row> {
    row_in_any_unit(models).prop_map(|mut row| {
        let extra = row.peak.map(|peak| peak.0 - a_minute(row.rate, row.unit, row.hours));
        (row.unit, row.calls, row.factor) = (Unit::Minute, None, None);
        row.peak = extra.map(|extra| Decimal(row.rate.0 + extra));
        // Where counts vary less than by chance, a longer latency may even the load out.
        row.dispersion = row.dispersion.map(|d| d.max(Decimal(ONE)));
        row
    })
}

/// A row whose rate may be stated in any way there is.
fn row_in_any_unit(models: &'static [Facts]) -> impl Strategy<Value = Row> {
    let users = prop_oneof![Just(0_u64), Just(1), 2..5_000_u64];
    let unit = prop_oneof![
        6 => Just(Unit::Minute),
        1 => Just(Unit::Second),
        1 => Just(Unit::Hour),
        1 => Just(Unit::Day),
        1 => users.clone().prop_map(Unit::UserHour),
        1 => users.prop_map(Unit::UserDay),
    ];
    // To a hundredth: a product of more than 15 digits is rounded up, which the second implementation is not.
    let calls =
        prop::option::weighted(0.2, (1..=900_u64).prop_map(|hundredths| Decimal(hundredths * ONE / 100)));
    let factor = prop::option::weighted(0.3, (ONE..=5 * ONE).prop_map(Decimal));
    let rates = (number(500), prop::option::of(number(300)), unit, calls, factor);
    let tokens = (number(20_000), number(20_000), number(5_000), number(3_000));
    let long = prop_oneof![9 => Just(0_u64), 1 => 170_000_u64..220_000];
    let maximum = prop::option::of(0_u64..=1_000);
    let latency = prop::option::of(number(120));
    let p95s = (prop::option::of(50_u64..=800), prop::option::of(50_u64..=800));
    let p99 = prop::option::weighted(0.3, 50_u64..=1_500);
    let dispersion = prop::option::of((0..=9 * ONE).prop_map(Decimal));
    let when = (
        prop::option::of(prop::sample::select(vec!["april", "november", "été"])),
        prop::option::of(prop::sample::select(vec!["08-18", "22-04", "08-12,22-02", "00-24", "7-8"])),
    );
    let growth = prop::option::of(prop::sample::select(vec![0, 1, 50_000, 120_000]));
    let account = prop::option::weighted(0.3, prop::sample::select(vec!["production", "sandbox"]));
    let first = (prop::sample::select(models), rates, tokens, long, maximum);
    let second = (latency, (p95s, p99), dispersion, when, growth, account);
    (first, second).prop_map(
        |(
            (
                model,
                (rate, extra, unit, calls, factor),
                (input, cache_read, cache_write, output),
                long,
                maximum,
            ),
            (latency, ((input_p95, output_p95), output_p99), dispersion, (period, hours), growth, account),
        )| {
            let generates = model.kind == Kind::Text;
            let output = match generates {
                true => output,
                false => Decimal(0),
            };
            let largest = model.maximum.unwrap_or(200_000);
            let least = output.0.div_ceil(ONE).max(1);
            let input = match model.long {
                Some(_) => Decimal(input.0 + long * ONE),
                None => input,
            };
            Row {
                name: String::new(),
                model,
                rate,
                unit,
                calls,
                peak: extra.map(|extra| Decimal(a_minute(rate, unit, hours) + extra.0)),
                factor: factor.filter(|_| extra.is_none()),
                input,
                cache_read,
                cache_write,
                output,
                // Small ones are more common, as they are in life.
                max_tokens: maximum
                    .filter(|_| generates)
                    .map(|part| least + (largest - least) * part * part / 1_000_000),
                latency,
                input_p95: input_p95.map(|share| percent(input, share)),
                output_p95: output_p95.map(|share| percent(output, share)),
                output_p99: output_p99.map(|share| percent(output, share)),
                dispersion,
                period,
                hours,
                growth: growth.map(Decimal),
                account,
            }
        },
    )
}

/// Rows with a name each, which state requests per minute.
pub(crate) fn rows(
    models: &'static [Facts],
    count: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Vec<Row>> {
    named(row(models), count)
}

/// Rows with a name each, which state their rates in any way there is.
pub(crate) fn rows_in_any_unit(
    models: &'static [Facts],
    count: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Vec<Row>> {
    named(row_in_any_unit(models), count)
}

fn named(
    row: impl Strategy<Value = Row>,
    count: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row, count).prop_map(|mut rows| {
        for (index, row) in rows.iter_mut().enumerate() {
            row.name = format!("w{index}");
        }
        rows
    })
}
