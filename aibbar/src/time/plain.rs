//! RFC 3339 as nearly everyone writes it, read digit by digit.
//!
//! The library reads every moment there is, in three times the time; an event's timestamp is read for the schema and for the
//! event. What is written in any other way, is out of the range of nanoseconds, or is a leap second, is the library's.

/// Nanoseconds in a second.
const NS: i64 = 1_000_000_000;

/// Within these years every nanosecond fits into an `i64`.
const YEARS: std::ops::RangeInclusive<i64> = 1678..=2261;

/// Nanoseconds since the Unix epoch of `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`, with at most nine digits of a fraction.
/// Says nothing where it does not know.
pub(super) fn unix_ns(text: &str) -> Option<i64> {
    let (head, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let number = |at: usize, digits: usize| number(&head[at..at + digits]);
    if (head[4], head[7], head[10], head[13], head[16]) != (b'-', b'-', b'T', b':', b':') {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    let is_real = YEARS.contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 59;
    if !is_real {
        return None;
    }
    let (fraction_ns, offset) = fraction(rest)?;
    let seconds = ((days_since_epoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some((seconds - offset_seconds(offset)?) * NS + fraction_ns)
}

/// Nanoseconds, and what follows.
fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let Some((b'.', rest)) = rest.split_first() else { return Some((0, rest)) };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let power = 9_u32.checked_sub(u32::try_from(digits).ok()?)?;
    Some((number(rest.get(..digits).filter(|digits| !digits.is_empty())?)? * 10_i64.pow(power), &rest[digits..]))
}

fn offset_seconds(offset: &[u8]) -> Option<i64> {
    let (sign, offset) = match offset {
        [b'Z'] => return Some(0),
        [b'+', offset @ ..] => (1, offset),
        [b'-', offset @ ..] => (-1, offset),
        _ => return None,
    };
    let [h, hh, b':', m, mm] = offset else { return None };
    let (hours, minutes) = (number(&[*h, *hh])?, number(&[*m, *mm])?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 60 + minutes) * 60)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0')))
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Of the Gregorian calendar. The year is counted from March, so that the day of a leap year is its last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    /// From the first of March of the year 0 to 1970.
    const TO_EPOCH: i64 = 719_468;
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    // A month has 30.6 days, as far as five of them in a row go.
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - TO_EPOCH
}
