//! Rows as RFC 4180 has them, with cells that no spreadsheet takes for formulas. Pure.
//!
//! A spreadsheet that guesses another separator than the comma, as those of many countries do, heeds no quotes that stand
//! in the middle of what it takes for a cell: it splits inside of our cells too. So a formula is looked for behind every
//! separator that is guessed, not at the beginning of a cell alone.

use std::fmt::Write as _;

use super::row::{COLUMNS, Row};

/// The head line.
pub(super) fn head(out: &mut Vec<u8>) {
    line(out, COLUMNS.into_iter().map(|name| (name, Guard::Apostrophe)));
}

/// One row.
pub(super) fn row(out: &mut Vec<u8>, row: &Row<'_>) {
    let sequence = row.sequence.map(|sequence| sequence.to_string());
    let (timestamp, received_at) = (row.timestamp.to_string(), row.received_at.to_string());
    let redactions = row.redactions.to_string();
    let texts = [
        row.event_id.as_str(),
        &timestamp,
        row.event_type,
        &row.ai_id,
        &row.ai_version,
        row.session_id.as_deref().unwrap_or_default(),
        row.request_id.as_deref().unwrap_or_default(),
        sequence.as_deref().unwrap_or_default(),
        &received_at,
        &row.api_key_id,
        &row.key_id,
        &row.gateway,
        &redactions,
    ];
    const { assert!(COLUMNS.len() == 13 + 2, "a cell for each column") };
    let texts = texts.into_iter().map(|text| (text, Guard::Apostrophe));
    let documents = [row.event, row.record].into_iter().map(|json| (json, Guard::JsonEscape));
    line(out, texts.chain(documents));
}

/// How a character that would begin a formula is kept from it.
#[derive(Clone, Copy)]
enum Guard {
    /// With a `'` before it.
    Apostrophe,
    /// In JSON: as its escape, so that it says what it said. It can only stand inside a string there: outside of strings
    /// is nothing that separates.
    JsonEscape,
}

fn line<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = (&'a str, Guard)>) {
    for (number, (text, guard)) in cells.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        cell(out, text, guard);
    }
    out.extend_from_slice(b"\r\n");
}

fn cell(out: &mut Vec<u8>, text: &str, guard: Guard) {
    let guarded = guarded(text, guard);
    if guarded.is_none() && !text.contains(['"', ',', '\r', '\n']) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for (number, part) in guarded.as_deref().unwrap_or(text).split('"').enumerate() {
        if number > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// The text with no formula at its beginning or behind anything that may be taken for a separator; `None` where there is
/// none in it as it is.
fn guarded(text: &str, guard: Guard) -> Option<String> {
    let mut safe = String::new();
    let mut copied = 0;
    // Some programs calculate what follows these.
    if text.starts_with(['\t', '\r', '\n']) {
        safe.push('\'');
    }
    let mut begins_cell = true;
    for (at, char) in text.char_indices() {
        if separates(char) {
            begins_cell = true;
        } else if begins_cell && !is_cut_off(char) {
            begins_cell = false;
            if begins_formula(char) {
                safe.push_str(&text[copied..at]);
                match guard {
                    Guard::Apostrophe => {
                        safe.push('\'');
                        copied = at;
                    }
                    Guard::JsonEscape => {
                        // Writing to a string can't fail.
                        let _ = write!(safe, "\\u{:04x}", u32::from(char));
                        copied = at + char.len_utf8();
                    }
                }
            }
        }
    }
    if safe.is_empty() {
        return None;
    }
    safe.push_str(&text[copied..]);
    Some(safe)
}

/// What a spreadsheet may calculate, also in the wide forms that some take for the plain ones.
fn begins_formula(char: char) -> bool {
    matches!(char, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}

/// Separators of cells and lines that are guessed. The comma is the one that they are right about: they heed its quotes.
fn separates(char: char) -> bool {
    matches!(char, ';' | '|' | '\u{2028}' | '\u{2029}') || char.is_control()
}

/// What some programs cut off the beginning of a cell: white space, also of no width, and quotes.
fn is_cut_off(char: char) -> bool {
    char.is_whitespace() || matches!(char, '"' | '\u{200b}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::export::row::tests::record;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        cell(&mut out, text, Guard::Apostrophe);
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{text:?}");
    }

    #[test]
    fn a_cell_is_quoted_where_it_must_be() {
        check("", "");
        check("plain text", "plain text");
        check("a,b", "\"a,b\"");
        check("a\r\nb", "\"a\r\nb\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\u{ff1d}1"] {
            check(text, &format!("\"'{text}\""));
        }
        check("  =1", "\"  '=1\"");
        check("\"=1\"", "\"\"\"'=1\"\"\"");
        check("\u{feff}=1", "\"\u{feff}'=1\"");
        for text in ["\t1", "\r1", "\n1"] {
            check(text, &format!("\"'{text}\""));
        }
        check("\t=1", "\"'\t'=1\"");
        check("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"");
        check("a=1", "a=1");
        check("2026-01-31", "2026-01-31");
    }

    #[test]
    fn no_part_of_a_cell_is_a_formula_for_who_guesses_another_separator() {
        check("a;=1", "\"a;'=1\"");
        check("a; \"=1", "\"a; \"\"'=1\"");
        check("a|@x|-1", "\"a|'@x|'-1\"");
        check("a\t+1", "\"a\t'+1\"");
        check("a\r\n=1\n=2", "\"a\r\n'=1\n'=2\"");
        check("a;\u{ff20}x", "\"a;'\u{ff20}x\"");
        check("a;b|c=d", "a;b|c=d");
    }

    /// What a program that splits lines at this separator takes for cells, with quotes heeded at the beginning of a cell
    /// alone.
    fn cells_of(csv: &str, separator: char) -> Vec<String> {
        let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
        let mut chars = csv.chars().peekable();
        while let Some(char) = chars.next() {
            match char {
                '"' if is_quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
                '"' if is_quoted => is_quoted = false,
                '"' if cell.is_empty() => is_quoted = true,
                _ if !is_quoted && (char == separator || matches!(char, '\r' | '\n')) => {
                    cells.push(std::mem::take(&mut cell));
                }
                _ => cell.push(char),
            }
        }
        cells.push(cell);
        cells
    }

    proptest::proptest! {
        #[test]
        fn whatever_it_says_and_however_it_is_split_nothing_is_a_formula(text in "[a;|, \t\r\n\"'=+@\u{ff1d}\u{a0}-]{0,12}") {
            let record = record(1, &text, Some(&text));
            let row = Row::of(&record).unwrap();
            let mut csv = Vec::new();
            super::row(&mut csv, &row);
            let csv = String::from_utf8(csv).unwrap();
            for separator in [',', ';', '|', '\t'] {
                for cell in cells_of(&csv, separator) {
                    let begin = cell.trim_start_matches(is_cut_off);
                    proptest::prop_assert!(!begin.starts_with(begins_formula), "{separator:?} makes {cell:?} of {csv:?}");
                }
            }
            // To who splits it rightly, the JSON says what it said.
            let cells = cells_of(&csv, ',');
            let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            proptest::prop_assert_eq!(json(&cells[13]), json(row.event));
            proptest::prop_assert_eq!(json(&cells[14]), json(row.record));
        }
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let mut out = Vec::new();
        head(&mut out);
        let text = record(1, "x", Some("=cmd"));
        row(&mut out, &Row::of(&text).unwrap());
        let csv = String::from_utf8(out).unwrap();
        let (head, row) = csv.split_once("\r\n").unwrap();
        assert_eq!(head, COLUMNS.join(","));
        assert!(row.contains(",\"'=v1\",\"'=cmd\",,7,2026-03-01T08:30:01Z,"), "{row}");
        assert!(row.ends_with("\"\r\n"), "{row}");
    }
}
