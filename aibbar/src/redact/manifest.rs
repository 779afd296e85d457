//! The data of a Kubernetes Secret, in YAML and JSON: its values are secrets whatever they are called, `username` too.
//!
//! A manifest ends at `---`. Only data at the depth of the `kind: Secret` above or below it counts: what merely refers to a Secret
//! (a volume, an owner) has data of its own.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::hit::Hit;
use super::stand_in::is_stand_in;

/// A shorter value is none that anybody has to keep, in bytes.
const VALUE_BYTES_MIN: usize = 4;

/// What begins the next manifest of the same text.
const NEXT: &str = "\n---";

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    static KIND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?-u:\bkind\\?["']?[ \t]{0,4}:[ \t\n]{0,4}\\?["']?Secret(?:["'\\,}]|[ \t]{0,16}(?:[#\r\n]|$)))"#)
            .expect("a fixed pattern")
    });
    let mut from = 0;
    while let Some(kind) = KIND.find_at(text, from) {
        let start = text[from..kind.start()].rfind(NEXT).map_or(from, |at| from + at + 1);
        let end = text[kind.start()..].find(NEXT).map_or(text.len(), |length| kind.start() + length + 1);
        lines(text, start, end, depth(text, kind.start()), hits);
        braces(text, start, end, hits);
        from = end;
    }
}

/// How far in the line's own key stands, `- ` counted.
fn depth(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at];
    before.iter().rev().take_while(|byte| !matches!(byte, b'\n' | b'{' | b',')).count()
}

/// `data:` and, further in, a line for each value; a value may be a block of lines.
fn lines(text: &str, start: usize, end: usize, depth: usize, hits: &mut Vec<Hit>) {
    let mut at = start;
    let mut is_data = false;
    // How far in the name of the block stands whose lines these are.
    let mut block: Option<usize> = None;
    for line in text[start..end].split_inclusive('\n') {
        let (line_start, content) = (at, line.trim());
        at += line.len();
        let inner = line.trim_start_matches([' ', '-', '\t']);
        let indent = line.len() - inner.len();
        if content.is_empty() || content.starts_with('#') && block.is_none() {
            continue;
        }
        if block.is_some_and(|of| indent > of) {
            if is_data {
                push(text, line_start + indent, content.trim_start_matches('-').trim_start(), hits);
            }
            continue;
        }
        block = None;
        let Some((name, value)) = inner.split_once(':') else { continue };
        let value_at = line_start + indent + name.len() + 1 + (value.len() - value.trim_start().len());
        let value = value.trim();
        if indent <= depth {
            is_data = indent == depth && matches!(name.trim().trim_matches(['"', '\'']), "data" | "stringData");
        }
        if is_block(value) {
            block = Some(indent);
        } else if is_data && indent > depth {
            let inner = value.trim_end_matches(',').trim_matches(['"', '\'']);
            // In quotes a value ends with them, without, before what is said about it.
            let inner = if value.starts_with(['"', '\'']) {
                inner
            } else {
                inner.split(" #").next().unwrap_or(inner).trim_end()
            };
            let quote = usize::from(value.starts_with(['"', '\'']));
            push(text, value_at + quote, inner, hits);
        }
    }
}

/// `|`, `>-`, `|+2`: the value is on the lines below.
fn is_block(value: &str) -> bool {
    value.starts_with(['|', '>']) && value.len() <= 3
}

/// `"data": {"name": "value"}`, `data: {name: value}`
fn braces(text: &str, start: usize, end: usize, hits: &mut Vec<Hit>) {
    static DATA: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?-u:\b(?:data|stringData)\\?["']?[ \t]{0,4}:\s{0,16}\{)"#).expect("a fixed pattern")
    });
    let mut at = start;
    while let Some(data) = DATA.find_at(&text[..end], at) {
        let close = text[data.end()..end].find('}').map_or(end, |length| data.end() + length);
        at = data.end();
        for pair in text[data.end()..close].split(',') {
            if let Some((_, value)) = pair.split_once(':') {
                let from = at + pair.len() - value.len();
                let blank = [' ', '\t', '\n', '\r', '"', '\'', '\\'];
                let inner = value.trim_start_matches(blank);
                push(text, from + value.len() - inner.len(), inner.trim_end_matches(blank), hits);
            }
            at += pair.len() + 1;
        }
        at = close;
    }
}

fn push(text: &str, start: usize, value: &str, hits: &mut Vec<Hit>) {
    let is_template = value.contains("{{") || value.contains("${") || value.contains("$(");
    if value.len() >= VALUE_BYTES_MIN && !is_template && !is_stand_in(value) {
        debug_assert_eq!(&text[start..start + value.len()], value);
        hits.push(Hit::new(Kind::Password, start, start + value.len()));
    }
}
