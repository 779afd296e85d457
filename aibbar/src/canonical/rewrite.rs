//! A text on a tape, written anew: in its canonical form, or as it goes into the record.
//!
//! Most of an event is written already as it has to be, so it is copied in runs as long as can be: a run grows while what
//! is to be written next is what stands next in the text, and is copied when it does not. An event that its sender wrote
//! canonically becomes two runs, before its signature and after it. Where the text is written otherwise, numbers and
//! strings go through the same functions as those of a [`serde_json::Value`], whose form is what tests hold this against.

use std::borrow::Cow;

use serde_json::Number;

use super::{utf16_order, write_double, write_string};
use crate::json::{Kind, Node, Tape};

/// As [`super::to_vec`], of a text on a tape.
pub fn of_tape(tape: &Tape) -> Vec<u8> {
    let mut rewrite = Rewrite::new(tape, Form::Canonical);
    rewrite.value(tape.root());
    rewrite.end()
}

/// As [`super::to_vec_without`], of an object on a tape.
pub fn of_tape_without(tape: &Tape, member: &str) -> Vec<u8> {
    let mut rewrite = Rewrite::new(tape, Form::Canonical);
    match tape.root() {
        root if matches!(root.kind(), Kind::Ordered | Kind::Unordered) => rewrite.object(root, Some(member)),
        root => rewrite.value(root),
    }
    rewrite.end()
}

/// The text without white space outside of strings, its members in the order in which they were sent, numbers and strings
/// as `serde_json` writes them: so every reader reads the number that was signed, and a text can be searched for a word
/// whatever escapes its sender likes.
pub(crate) fn as_recorded(tape: &Tape) -> Cow<'_, str> {
    if tape.is_as_written() {
        return Cow::Borrowed(tape.text());
    }
    let mut rewrite = Rewrite::new(tape, Form::Recorded);
    rewrite.value(tape.root());
    Cow::Owned(String::from_utf8(rewrite.end()).expect("pieces of a text, cut at quotes and digits, are a text"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Canonical,
    Recorded,
}

struct Rewrite<'t> {
    text: &'t [u8],
    form: Form,
    out: Vec<u8>,
    /// What is to be copied of the text next.
    run_start: usize,
    run_end: usize,
    /// The members of the objects at hand whose order is another, those of the innermost last.
    members: Vec<(Cow<'t, str>, Node<'t>, Node<'t>)>,
}

impl<'t> Rewrite<'t> {
    fn new(tape: &'t Tape, form: Form) -> Self {
        let text = tape.text().as_bytes();
        // Nearly always the canonical form is no longer than the text.
        let out = Vec::with_capacity(text.len());
        Self { text, form, out, run_start: 0, run_end: 0, members: Vec::new() }
    }

    fn end(mut self) -> Vec<u8> {
        self.copy_run();
        self.out
    }

    fn value(&mut self, node: Node<'t>) {
        if node.is_canonical() {
            return self.as_it_stands(node);
        }
        match node.kind() {
            Kind::Null | Kind::True | Kind::False => self.as_it_stands(node),
            kind @ (Kind::Integer | Kind::Double) => {
                self.copy_run_and_leave_out(node);
                self.number(node.written(), kind);
            }
            Kind::Plain | Kind::Escaped => {
                self.copy_run_and_leave_out(node);
                write_string(&mut self.out, &node.string().unwrap_or_default());
            }
            Kind::Ordered | Kind::Unordered => self.object(node, None),
            Kind::Array => {
                self.byte(b'[');
                for (index, element) in node.elements().enumerate() {
                    if index > 0 {
                        self.byte(b',');
                    }
                    self.value(element);
                }
                self.byte(b']');
            }
        }
    }

    fn object(&mut self, node: Node<'t>, omitted: Option<&str>) {
        self.byte(b'{');
        if node.kind() == Kind::Unordered && self.form == Form::Canonical {
            let begin = self.members.len();
            // Escapes are undone once a name, not once a comparison.
            let named = |(name, value): (Node<'t>, Node<'t>)| (name.string().unwrap_or_default(), name, value);
            self.members.extend(node.members().map(named));
            self.members[begin..].sort_unstable_by(|(a, ..), (b, ..)| utf16_order(a, b));
            let mut is_first = true;
            for at in begin..self.members.len() {
                let (_, name, value) = self.members[at];
                is_first &= !self.member(name, value, is_first, omitted);
            }
            self.members.truncate(begin);
        } else {
            let mut is_first = true;
            for (name, value) in node.members() {
                is_first &= !self.member(name, value, is_first, omitted);
            }
        }
        self.byte(b'}');
    }

    /// Tells whether it was written.
    fn member(&mut self, name: Node<'t>, value: Node<'t>, is_first: bool, omitted: Option<&str>) -> bool {
        if let Some(omitted) = omitted
            && name.string().is_some_and(|name| name == omitted)
        {
            return false;
        }
        if !is_first {
            self.byte(b',');
        }
        self.value(name);
        self.byte(b':');
        self.value(value);
        true
    }

    fn number(&mut self, written: &str, kind: Kind) {
        match (kind, self.form) {
            // Of all integers, only this one is written otherwise.
            (Kind::Integer, _) => self.out.push(b'0'),
            (_, Form::Canonical) => write_double(&mut self.out, written.parse().unwrap_or_default()),
            (_, Form::Recorded) => {
                let number = Number::from_f64(written.parse().unwrap_or_default());
                self.out.extend(number.iter().flat_map(|number| number.to_string().into_bytes()));
            }
        }
    }

    fn as_it_stands(&mut self, node: Node<'t>) {
        let (start, end) = node.span();
        if start != self.run_end {
            self.copy_run();
            self.run_start = start;
        }
        self.run_end = end;
    }

    fn byte(&mut self, byte: u8) {
        if self.text.get(self.run_end) != Some(&byte) {
            self.copy_run();
            self.out.push(byte);
            return;
        }
        self.run_end += 1;
    }

    /// What comes next is written otherwise.
    fn copy_run_and_leave_out(&mut self, node: Node<'t>) {
        self.copy_run();
        let (_, end) = node.span();
        (self.run_start, self.run_end) = (end, end);
    }

    fn copy_run(&mut self) {
        self.out.extend_from_slice(&self.text[self.run_start..self.run_end]);
        self.run_start = self.run_end;
    }
}
