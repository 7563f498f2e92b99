//! Points in time: what a file writes is the nearest microsecond, half up.

use proptest::prelude::*;

use super::{given, said, whole};
use crate::properties::cases;

fn arrival(written: &str) -> i64 {
    whole(format!("timestamp,input_tokens,output_tokens\n{written},1,1\n"), &given()).arrivals_microseconds()
        [0]
}

#[test]
fn every_way_of_writing_a_time() {
    for (written, microseconds) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01 00:00:00", 0),
        ("1970-01-01T00:00", 0),
        ("1970-01-01", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T19:00:00-0500", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1969-12-31T23:59:59.9Z", -100_000),
        ("2026-11-22T14:05:00.123456789Z", 1_795_356_300_123_457),
        ("2023-11-16 18:17:03.9799605", 1_700_158_623_979_961),
        ("1970-01-01T00:00:00.0000004Z", 0),
        ("1970-01-01T00:00:00.0000005Z", 1),
        // Half up is towards zero before it.
        ("1969-12-31T23:59:59.9999995Z", 0),
        ("1969-12-31T23:59:59.9999994Z", -1),
        ("0", 0),
        ("-0.5", -500_000),
        ("-0.0000005", 0),
        ("-0.00000051", -1),
        ("0.0000005", 1),
        ("1700000000.123456789", 1_700_000_000_123_457),
        ("253402300799", 253_402_300_799_000_000),
        // Too long for seconds: milliseconds, microseconds and nanoseconds since 1970.
        ("1700000000123", 1_700_000_000_123_000),
        ("1700000000123.5", 1_700_000_000_123_500),
        ("1700000000123456", 1_700_000_000_123_456),
        ("1700000000123456789", 1_700_000_000_123_457),
    ] {
        assert_eq!(arrival(written), microseconds, "{written}");
    }
}

#[test]
fn what_is_no_time_is_said_so() {
    for written in [
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-02-30",
        "2026-11-22T25:00:00Z",
        "2026-11-22T14:05:00.1234567891Z",
        "2026-11-22T14:05:00[America/Toronto]",
        "11/22/2026",
        "T14:05",
    ] {
        let said = said(format!("timestamp,input_tokens,output_tokens\n{written},1,1\n"), &given());
        assert_eq!(said, [format!("t:2:1: error[bad-value]: `timestamp` is not a time: `{written}`")]);
    }
    for (written, reason) in [
        ("99999999999999999999999", "is longer than 8,000 years"),
        ("1.2.3", "is not a number"),
        (".", "is not a number"),
        ("-", "is not a number"),
        ("1.", "is not a number"),
    ] {
        let said = said(format!("timestamp,input_tokens,output_tokens\n{written},1,1\n"), &given());
        assert_eq!(said, [format!("t:2:1: error[bad-number]: `timestamp` {reason}: `{written}`")]);
    }
}

/// Days since 1970 by counting them one by one: years, then months.
fn days(year: i64, month: usize, day: i64) -> i64 {
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let of_year = |year| if is_leap(year) { 366 } else { 365 };
    let years: i64 =
        if year >= 1970 { (1970..year).map(of_year).sum() } else { -(year..1970).map(of_year).sum::<i64>() };
    let february = if is_leap(year) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    years + months[..month - 1].iter().sum::<i64>() + day - 1
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn times_are_those_of_a_calendar_counted_by_days(
        (year, month, day) in (1900_i64..2100, 1_usize..=12, 1_i64..=28),
        (hour, minute, second) in (0_i64..24, 0_i64..60, 0_i64..60),
        decimals in prop::option::of("[0-9]{1,9}"),
        offset in prop::option::of(-14_i64..=14),
        t in prop::sample::select(vec!['T', ' ']),
    ) {
        let fraction = decimals.clone().map(|decimals| format!(".{decimals}")).unwrap_or_default();
        let zone = offset.map(|hours| format!("{}{:02}:00", if hours < 0 { '-' } else { '+' }, hours.abs()));
        let zone = zone.unwrap_or_default();
        let written =
            format!("{year:04}-{month:02}-{day:02}{t}{hour:02}:{minute:02}:{second:02}{fraction}{zone}");
        let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        let seconds = seconds - offset.unwrap_or(0) * 3_600;
        let nanoseconds: i128 = format!("{:0<9}", decimals.unwrap_or_default()).parse().expect("digits");
        let all = i128::from(seconds) * 1_000_000_000 + nanoseconds;
        // The nearest whole microsecond; of two as near, the later.
        let expected = (2 * all + 1_000).div_euclid(2_000);
        prop_assert_eq!(i128::from(arrival(&written)), expected, "{}", written);
    }
}
