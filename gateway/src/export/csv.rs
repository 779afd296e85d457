//! Rows as RFC 4180 has them, with cells that no spreadsheet takes for formulas. Pure.

use super::row::{COLUMNS, Row};

/// The head line.
pub(super) fn head(out: &mut Vec<u8>) {
    line(out, COLUMNS.into_iter());
}

/// One row.
pub(super) fn row(out: &mut Vec<u8>, row: &Row<'_>) {
    let sequence = row.sequence.map(|sequence| sequence.to_string());
    let (timestamp, received_at) = (row.timestamp.to_string(), row.received_at.to_string());
    let redactions = row.redactions.to_string();
    let cells = [
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
        row.event,
        row.record,
    ];
    const { assert!(COLUMNS.len() == 15, "a cell for each column") };
    line(out, cells.into_iter());
}

fn line<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (number, text) in cells.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        cell(out, text);
    }
    out.extend_from_slice(b"\r\n");
}

fn cell(out: &mut Vec<u8>, text: &str) {
    let is_formula = begins_a_formula(text);
    if !is_formula && !text.contains(['"', ',', '\r', '\n']) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    if is_formula {
        out.push(b'\'');
    }
    for (number, part) in text.split('"').enumerate() {
        if number > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// What a spreadsheet may calculate, also in the wide forms that some take for the plain ones, and behind white space
/// that some cut off.
fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::export::row::tests::record;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        cell(&mut out, text);
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
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u{ff1d}1"] {
            check(text, &format!("\"'{text}\""));
        }
        check("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"");
        check("a=1", "a=1");
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
