//! Lengths of time for people.

use super::{MILLIONTHS, grouped};

/// A length of time, given in microseconds, in its two largest units; what is smaller is cut off.
#[must_use]
pub fn duration(microseconds: u64) -> String {
    let seconds = microseconds / MILLIONTHS;
    match (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0, _) => {
            let tenths = microseconds / (MILLIONTHS / 10);
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (0, hours, minutes, _) => format!("{hours} h {minutes} min"),
        (days, hours, ..) => format!("{} d {hours} h", grouped(days.into())),
    }
}
