//! Reading decimals as inputs write them, with the most helpful name for what is wrong.

use super::{INPUT_MAXIMUM, MILLIONTHS, words};

/// Why a text is not a number that an input may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Nothing is written.
    Empty,
    /// A minus sign: no input of this product can be negative.
    Negative,
    /// An exponent such as `1e6`.
    Exponent,
    /// A comma, space or apostrophe between groups of three digits.
    ThousandsSeparator,
    /// A comma where the decimal point belongs.
    DecimalComma,
    /// A point where the decimal comma belongs.
    DecimalPoint,
    /// A point before three digits where the decimal mark is a comma: thousands, or a decimal point.
    PointOfThousands,
    /// A percent sign.
    Percent,
    /// `NaN` or an infinity.
    NotFinite,
    /// More than six digits after the point.
    TooManyDecimals,
    /// Above 10^12.
    TooLarge,
    /// A fraction where only a whole number makes sense.
    NotWhole,
    /// Anything else.
    Text,
}

impl NumberFault {
    /// What is wrong, as a predicate of the written text.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::Negative => "is negative",
            Self::Exponent => "is written with an exponent",
            Self::ThousandsSeparator => "has a thousands separator",
            Self::DecimalComma => "has a decimal comma",
            Self::DecimalPoint => "has a decimal point, but the file is read with a decimal comma",
            Self::PointOfThousands => "has a point, which may separate thousands or decimals",
            Self::Percent => "is written in percent",
            Self::NotFinite => "is not a finite number",
            Self::TooManyDecimals => "has more than 6 decimals",
            Self::TooLarge => "is above 1,000,000,000,000",
            Self::NotWhole => "is not a whole number",
            Self::Text => "is not a number",
        }
    }

    /// What to write instead.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Empty => "write a number such as 1200 or 0.5",
            Self::Negative => "write a number of at least 0",
            Self::Exponent => "write all digits, for example 1000000 or 1_000_000",
            Self::ThousandsSeparator => "remove the separator, or write it as `_`: 1_000",
            Self::DecimalComma => "use a decimal point: 1.5",
            Self::DecimalPoint => "use a decimal comma: 1,5",
            Self::PointOfThousands => "write 1000 for a thousand, or 1,000 for one with three decimals",
            Self::Percent => "write a ratio: 5 % is 0.05",
            Self::NotFinite => "write a finite number, or leave it out if it is not known",
            Self::TooManyDecimals => "round it to 6 decimals",
            Self::TooLarge => "write a number of at most 1_000_000_000_000; check the unit",
            Self::NotWhole => "write a whole number",
            Self::Text => "write digits with an optional decimal point, for example 1200 or 0.5",
        }
    }
}

/// Reads a decimal as millionths: digits, `_` between digits, at most one point and six decimals.
///
/// # Errors
/// The first fault of the text, as a [`NumberFault`].
///
/// ```
/// # use quotaplan::units::{parse_millionths, NumberFault};
/// assert_eq!(parse_millionths("1_200.5"), Ok(1_200_500_000));
/// assert_eq!(parse_millionths("1,5"), Err(NumberFault::DecimalComma));
/// ```
pub fn parse_millionths(text: &str) -> Result<u64, NumberFault> {
    plain_millionths(text.as_bytes()).map_err(|fault| match fault {
        NumberFault::TooLarge => fault,
        fault => fault_of(text, fault),
    })
}

words! {
    /// The character that separates decimals.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum DecimalMark {
        /// `1.5`
        #[default]
        Point = "point",
        /// `1,5`
        Comma = "comma",
    }
}

impl DecimalMark {
    /// A number written with a decimal point, in this form.
    #[must_use]
    pub fn written(self, number: &str) -> String {
        match self {
            Self::Point => number.to_owned(),
            Self::Comma => number.replace('.', ","),
        }
    }
}

/// Reads a cell of a spreadsheet as millionths: as [`parse_millionths`], with more than six
/// decimals rounded up at the sixth, since spreadsheets write a division with all its digits.
///
/// # Errors
/// The first fault of the text, as a [`NumberFault`].
///
/// ```
/// # use quotaplan::units::{parse_millionths_up, DecimalMark, NumberFault};
/// assert_eq!(parse_millionths_up("333.333333333333", DecimalMark::Point), Ok(333_333_334));
/// assert_eq!(parse_millionths_up("1,5", DecimalMark::Comma), Ok(1_500_000));
/// assert_eq!(parse_millionths_up("1.000", DecimalMark::Comma), Err(NumberFault::PointOfThousands));
/// ```
pub fn parse_millionths_up(text: &str, mark: DecimalMark) -> Result<u64, NumberFault> {
    let with_point: String = match mark {
        DecimalMark::Point => text.to_owned(),
        // What is wrong with a number is the same with both marks exchanged.
        DecimalMark::Comma => text
            .chars()
            .map(|c| match c {
                ',' => '.',
                '.' => ',',
                other => other,
            })
            .collect(),
    };
    scan::<true>(with_point.as_bytes()).map_err(|fault| match (fault, mark) {
        (NumberFault::TooLarge, _) => fault,
        (fault, DecimalMark::Point) => fault_of(text, fault),
        (fault, DecimalMark::Comma) => match fault_of(&with_point, fault) {
            NumberFault::DecimalComma => NumberFault::DecimalPoint,
            NumberFault::ThousandsSeparator if text.matches('.').count() == 1 && !text.contains(',') => {
                // No number of thousands begins with 0.
                let of_thousands = !text.trim_start_matches(['+', '-', ' ']).starts_with('0');
                if of_thousands { NumberFault::PointOfThousands } else { NumberFault::DecimalPoint }
            }
            fault => fault,
        },
    })
}

/// The same as [`parse_millionths`] for bytes that need not be UTF-8, without the search for a
/// helpful name.
pub(crate) fn plain_millionths(text: &[u8]) -> Result<u64, NumberFault> {
    scan::<false>(text)
}

/// Reads a plain decimal; what is beyond the sixth decimal is rounded up, or a fault.
fn scan<const ROUNDED_UP: bool>(text: &[u8]) -> Result<u64, NumberFault> {
    let mut whole: u64 = 0;
    let mut fraction: u64 = 0;
    let mut decimals: usize = 0;
    let mut more = 0;
    let mut after_point = false;
    let mut previous_is_digit = false;
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                if !after_point {
                    whole = whole * 10 + digit;
                    if whole > INPUT_MAXIMUM {
                        return Err(NumberFault::TooLarge);
                    }
                } else if decimals < 6 {
                    fraction = fraction * 10 + digit;
                    decimals += 1;
                } else if digit != 0 {
                    // A trailing zero would lose nothing.
                    if !ROUNDED_UP {
                        return Err(NumberFault::TooManyDecimals);
                    }
                    more = 1;
                }
                previous_is_digit = true;
            }
            b'.' if !after_point && previous_is_digit => {
                after_point = true;
                previous_is_digit = false;
            }
            b'_' if previous_is_digit => previous_is_digit = false,
            _ => return Err(NumberFault::Text),
        }
    }
    if !previous_is_digit {
        return Err(NumberFault::Text);
    }
    const SCALE: [u64; 7] = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let value = whole * MILLIONTHS + fraction * SCALE[decimals] + more;
    if value > INPUT_MAXIMUM * MILLIONTHS { Err(NumberFault::TooLarge) } else { Ok(value) }
}

/// The most helpful name for what is wrong with `text`; `otherwise` where its form is plain.
fn fault_of(text: &str, otherwise: NumberFault) -> NumberFault {
    let text = text.trim();
    if text.is_empty() {
        return NumberFault::Empty;
    }
    let unsigned = text.trim_start_matches(['+', '-', '\u{2212}']);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), "nan" | "inf" | "infinity" | "∞" | "#n/a" | "#value!" | "#div/0!") {
        return NumberFault::NotFinite;
    }
    if let Some(number) = unsigned.strip_suffix('%')
        && number.trim_end().starts_with(|c: char| c.is_ascii_digit())
    {
        return NumberFault::Percent;
    }
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some((mantissa, exponent)) = lower.split_once('e') {
        let exponent = exponent.trim_start_matches(['+', '-']);
        if is_digits(&mantissa.replacen('.', "", 1)) && is_digits(exponent) {
            return NumberFault::Exponent;
        }
    }
    if text.starts_with(['-', '\u{2212}']) && unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return NumberFault::Negative;
    }
    for separator in [',', ' ', '\'', '\u{a0}', '\u{202f}', '\u{2019}'] {
        let mut groups = unsigned.split('.').next().unwrap_or_default().split(separator);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        if !rest.is_empty() && is_digits(first) && rest.iter().all(|g| g.len() == 3 && is_digits(g)) {
            return NumberFault::ThousandsSeparator;
        }
    }
    if let Some((whole, fraction)) = unsigned.split_once(',')
        && is_digits(whole)
        && is_digits(fraction)
    {
        return NumberFault::DecimalComma;
    }
    // `1.234,5`: points between thousands and a decimal comma.
    if let Some((whole, fraction)) = unsigned.split_once(',')
        && is_digits(fraction)
        && let mut groups = whole.split('.')
        && groups.next().is_some_and(is_digits)
        && groups.all(|group| group.len() == 3 && is_digits(group))
    {
        return NumberFault::ThousandsSeparator;
    }
    if unsigned.matches('.').count() > 1 && unsigned.split('.').skip(1).all(|g| g.len() == 3 && is_digits(g))
    {
        return NumberFault::ThousandsSeparator;
    }
    otherwise
}

/// A whole number of at most 10^12.
pub(crate) fn parse_whole(text: &[u8]) -> Result<u64, NumberFault> {
    // Twelve digits are below the maximum whatever they are.
    if (1..=12).contains(&text.len()) && text.iter().all(u8::is_ascii_digit) {
        return Ok(text.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')));
    }
    let text = std::str::from_utf8(text).map_err(|_| NumberFault::Text)?;
    match parse_millionths(text)? {
        value if value % MILLIONTHS == 0 => Ok((value / MILLIONTHS).min(INPUT_MAXIMUM)),
        _ => Err(NumberFault::NotWhole),
    }
}
