//! Hours and spans of time, as the texts for AWS say them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::workload::Hours;

/// Hours with minutes, the last one included: `08:00-17:59`.
pub(super) fn clock(hours: Hours) -> String {
    if hours == Hours::ALL_DAY {
        return "all day".to_owned();
    }
    // An hour begins a range where the one before it, at midnight the last of the day, is none of them.
    let starts = (0..24).filter(|hour| hours.contains(*hour) && !hours.contains((hour + 23) % 24));
    let range = |start: u32| {
        let after = (start..start + 24).find(|hour| !hours.contains(hour % 24)).unwrap_or(start + 24);
        format!("{start:02}:00-{:02}:59", (after + 23) % 24)
    };
    starts.map(range).collect::<Vec<_>>().join(" and ")
}

/// From one minute to another: the days, and the hours where there are few days.
pub(super) fn utc_span((first, last): (Timestamp, Timestamp)) -> String {
    let [first, last] = [first, last].map(|at| at.to_zoned(TimeZone::UTC).datetime());
    let days = first.date().until(last.date()).map_or(0, |span| span.get_days());
    let of_day = |at: DateTime| format!("{:02}:{:02}", at.hour(), at.minute());
    match days {
        0 if first == last => format!("{} {} UTC", first.date(), of_day(first)),
        0 => format!("{} {} to {} UTC", first.date(), of_day(first), of_day(last)),
        1..3 => format!("{} {} to {} {} UTC", first.date(), of_day(first), last.date(), of_day(last)),
        _ => format!("{} to {} UTC", first.date(), last.date()),
    }
}

#[cfg(test)]
mod tests {
    use super::clock;
    use crate::workload::Hours;

    #[test]
    fn hours_end_with_their_last_minute() {
        let words = |text: &str| Hours::parse(text).map(clock);
        assert_eq!(words("07-23").as_deref(), Ok("07:00-22:59"));
        assert_eq!(words("22-04").as_deref(), Ok("22:00-03:59"));
        assert_eq!(words("08-12,22-24").as_deref(), Ok("08:00-11:59 and 22:00-23:59"));
        assert_eq!(words("00-24").as_deref(), Ok("all day"));
    }
}
