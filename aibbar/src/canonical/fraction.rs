//! Whether a fraction is written as ECMAScript writes it, and `serde_json` too, told by looking at its digits.
//!
//! Two decimals of at most fifteen digits are never the same double, so the fewest digits that say the double are those
//! that stand there, as long as none of them is a zero too many. Neither reading the number nor writing it is needed
//! then; for all others this says no, and they are read and written.

/// Two decimals of so few digits are never the same double.
const UNAMBIGUOUS_DIGITS: usize = 15;

/// With more zeros than this after its point, `serde_json` writes a number below 1 with an exponent; ECMAScript with one more.
const ZEROS_MAX: usize = 4;

/// Whether a number that JSON writes with a point stands there in its canonical form, which is that of `serde_json` as well.
/// Says no where it does not know.
pub(crate) fn is_canonical_fraction(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number).as_bytes();
    let Some(point) = digits.iter().position(|byte| *byte == b'.') else { return false };
    let (whole, fraction) = (&digits[..point], &digits[point + 1..]);
    digits.len() <= UNAMBIGUOUS_DIGITS + 1
        && fraction.iter().all(u8::is_ascii_digit)
        && fraction.last() != Some(&b'0')
        && (whole != b"0" || fraction.iter().take_while(|digit| **digit == b'0').count() <= ZEROS_MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::canonical::write_double;

    fn canonical(number: &str) -> String {
        let mut out = Vec::new();
        write_double(&mut out, number.parse().unwrap());
        String::from_utf8(out).unwrap()
    }

    fn recorded(number: &str) -> String {
        serde_json::Number::from_f64(number.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn knows_what_is_mostly_sent() {
        for number in ["0.5", "-0.5", "121.5", "0.00001", "182.25", "99999999999999.9", "1.00000000000001"] {
            assert!(is_canonical_fraction(number), "{number}");
            assert_eq!(canonical(number), number);
            assert_eq!(recorded(number), number);
        }
        for number in
            ["0.0", "-0.0", "1.0", "1.50", "0.000001", "1e2", "1.5e2", "0.1234567890123456", "9007199254740993.5"]
        {
            assert!(!is_canonical_fraction(number), "{number}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn what_it_takes_is_what_would_be_written(
            number in "-?(0|[1-9][0-9]{0,16})\\.(0{0,7}[0-9]{1,17})([eE][+-]?[0-9]{1,2})?"
        ) {
            if is_canonical_fraction(&number) {
                prop_assert_eq!(&canonical(&number), &number);
                prop_assert_eq!(recorded(&number), number);
            }
        }

        #[test]
        fn short_ones_are_taken_exactly_when_they_are_canonical(
            number in "-?(0|[1-9][0-9]{0,6})\\.[0-9]{1,7}"
        ) {
            prop_assert_eq!(is_canonical_fraction(&number), canonical(&number) == number && recorded(&number) == number);
        }
    }
}
