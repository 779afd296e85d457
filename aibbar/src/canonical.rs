//! The canonical form of RFC 8785 (JCS): the bytes that a signature covers.
//!
//! Members in the order of their UTF-16 code units, numbers as ECMAScript writes them, strings with the fewest
//! escapes, no white space. Every number is a double here, as RFC 8785 has it: an integer beyond 2^53 (which
//! [`crate::json::parse`] never lets in) is written as the double nearest to it.

mod fraction;
mod order;
mod rewrite;

use std::{fmt::Write as _, io::Write as _};

use serde_json::{Map, Number, Value};

pub use order::utf16_order;
pub use rewrite::{of_tape, of_tape_without};

pub(crate) use fraction::is_canonical_fraction;
pub(crate) use rewrite::as_recorded;

use crate::json::{self, INTEGER_MAX};

/// The canonical form of a value.
pub fn to_vec(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write_value(&mut out, value);
    out
}

/// The canonical form of an object, as if it had no such member. Only the object's own members are left out,
/// not those of objects inside it.
pub fn to_vec_without(object: &Map<String, Value>, member: &str) -> Vec<u8> {
    // Most events fit; a large one grows it a few times.
    let mut out = Vec::with_capacity(2048);
    write_object(&mut out, object, Some(member));
    out
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(out, number),
        Value::String(string) => write_string(out, string),
        Value::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(out, element);
            }
            out.push(b']');
        }
        Value::Object(object) => write_object(out, object, None),
    }
}

fn write_object(out: &mut Vec<u8>, object: &Map<String, Value>, omitted: Option<&str>) {
    // The map keeps its members in the order of their UTF-8 bytes, which is nearly always this one too.
    if object.keys().is_sorted_by(|a, b| utf16_order(a, b).is_lt()) {
        write_members(out, object.iter(), omitted);
    } else {
        let mut members: Vec<_> = object.iter().collect();
        members.sort_unstable_by(|(a, _), (b, _)| utf16_order(a, b));
        write_members(out, members, omitted);
    }
}

fn write_members<'a>(
    out: &mut Vec<u8>,
    members: impl IntoIterator<Item = (&'a String, &'a Value)>,
    omitted: Option<&str>,
) {
    out.push(b'{');
    let mut is_first = true;
    for (name, value) in members {
        if omitted == Some(name.as_str()) {
            continue;
        }
        if !is_first {
            out.push(b',');
        }
        is_first = false;
        write_string(out, name);
        out.push(b':');
        write_value(out, value);
    }
    out.push(b'}');
}

/// Adds the canonical form of a string, for whoever writes the form without making a [`Value`] first.
pub fn write_string(out: &mut Vec<u8>, string: &str) {
    out.push(b'"');
    let mut rest = string.as_bytes();
    loop {
        let (plain, others) = rest.split_at(json::plain_run(rest));
        out.extend_from_slice(plain);
        let Some((escaped, others)) = others.split_first() else { break };
        write_escape(out, *escaped);
        rest = others;
    }
    out.push(b'"');
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        control => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(control >> 4)]);
            out.push(HEX[usize::from(control & 0xf)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

fn write_number(out: &mut Vec<u8>, number: &Number) {
    match number.as_i64() {
        Some(integer) if integer.unsigned_abs() <= INTEGER_MAX.unsigned_abs() => {
            out.extend_from_slice(integer.to_string().as_bytes());
        }
        // JSON has no infinities: what serde_json holds as a number always is one as a double.
        _ => write_double(out, number.as_f64().unwrap_or_default()),
    }
}

/// Adds the canonical form of a finite double.
pub fn write_double(out: &mut Vec<u8>, double: f64) {
    /// Two decimals of so few digits are never the same double, so none lies halfway between two of them.
    const UNAMBIGUOUS_DIGITS: usize = 15;
    if double == 0.0 {
        out.push(b'0'); // of −0 too
        return;
    }
    // Here ECMAScript writes no exponent, and Rust never does.
    if (1e-6..1e21).contains(&double.abs()) {
        let begin = out.len();
        // Writing into a Vec cannot fail.
        let _ = write!(out, "{double}");
        if out[begin..].iter().filter(|byte| byte.is_ascii_digit()).count() <= UNAMBIGUOUS_DIGITS {
            return;
        }
        out.truncate(begin);
    }
    out.extend_from_slice(double_text(double).as_bytes());
}

/// The text of a finite double as ECMAScript's `Number::toString` gives it.
fn double_text(double: f64) -> String {
    if double == 0.0 {
        return "0".to_owned(); // of −0 too
    }
    let (digits, exponent) = shortest_digits(double.abs());

    let mut text = String::with_capacity(26);
    if double < 0.0 {
        text.push('-');
    }
    let digit_count = digits.len();
    match exponent {
        // 123, 123000, 12.3
        0..=20 => {
            let before_point = exponent.unsigned_abs() as usize + 1;
            if digit_count <= before_point {
                text.push_str(&digits);
                text.extend(std::iter::repeat_n('0', before_point - digit_count));
            } else {
                let (whole, fraction) = digits.split_at(before_point);
                text.extend([whole, ".", fraction]);
            }
        }
        // 0.00000123
        -6..=-1 => {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', exponent.unsigned_abs() as usize - 1));
            text.push_str(&digits);
        }
        // 1.23e+45, 1e-7
        _ => {
            let (first, others) = digits.split_at(1);
            text.push_str(first);
            if !others.is_empty() {
                text.extend([".", others]);
            }
            // Writing into a String cannot fail.
            let _ = write!(text, "e{exponent:+}");
        }
    }
    text
}

/// The fewest digits that read back as this double, and the power of ten of the first of them.
/// When several are equally few it is the nearest, and of two equally near the even one.
fn shortest_digits(double: f64) -> (String, i32) {
    let (digits, exponent) = scientific(&format!("{double:e}"));
    // Rust picks the same digits but for that last rule. A double with n bits after the point has exactly n
    // decimals, the last of them a 5: so it lies halfway between two decimals of the shortest length when it
    // has one decimal more than those. (Scaled by that power of two it is an odd integer.)
    let decimals = digits.len() as i32 - 1 - exponent;
    let is_halfway = decimals >= 0 && double * 2_f64.powi(decimals + 1) % 2.0 == 1.0;
    if is_halfway {
        // With a precision, Rust rounds the exact value, half to even. Next to a power of two, where the doubles
        // below lie closer, what it finds may be another double.
        let nearest = format!("{double:.0$e}", digits.len() - 1);
        if nearest.parse() == Ok(double) {
            return scientific(&nearest);
        }
    }
    (digits, exponent)
}

/// The digits and the exponent of Rust's scientific form.
fn scientific(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').expect("the scientific form has an exponent");
    let exponent = exponent.parse().expect("the exponent is a small integer");
    (mantissa.chars().filter(|digit| *digit != '.').collect(), exponent)
}
