//! Whether a member's name stood in its object before, and whether the names are in canonical order.
//!
//! While each name comes after the one before it, in the order of the canonical form, none can have been there: one
//! comparison says both. Where they are not in that order, a name is looked for among the earlier ones: a word of 64
//! bits says for most that it cannot be there, few are compared with, and many are kept in a set whose hashes nobody
//! outside can foresee. So no object costs more than a few times its length, whoever made it.

use std::{borrow::Cow, collections::HashSet};

use super::tape::{Kind, Token};
use crate::canonical::utf16_order;

/// So many names are compared with one by one; beyond that they are kept in a set.
const COMPARED_MAX: usize = 16;

/// The names of one object so far.
pub(super) struct Names<'t> {
    /// The object's token; its members follow.
    object: usize,
    /// The token of the name before.
    last: Option<usize>,
    count: usize,
    are_ordered: bool,
    /// A bit for each name that was there, by [`mark`].
    marks: u64,
    many: Option<HashSet<Cow<'t, str>>>,
}

impl<'t> Names<'t> {
    pub(super) fn of(object: usize) -> Self {
        Self { object, last: None, count: 0, are_ordered: true, marks: 0, many: None }
    }

    pub(super) fn are_ordered(&self) -> bool {
        self.are_ordered
    }

    /// Adds the name at that token, and tells whether it is new. The values of all names before it are on the tape.
    pub(super) fn add(&mut self, text: &'t str, tokens: &[Token], name: usize) -> bool {
        let token = &tokens[name];
        if let Some(last) = self.last
            && self.are_ordered
        {
            self.are_ordered = utf16_order(&tokens[last].string(text), &token.string(text)).is_lt();
        }
        let mark = mark(text, token);
        let is_new = self.are_ordered || self.is_new(text, tokens, name, mark);
        self.marks |= mark;
        self.last = Some(name);
        self.count += 1;
        is_new
    }

    fn is_new(&mut self, text: &'t str, tokens: &[Token], name: usize, mark: u64) -> bool {
        let string = tokens[name].string(text);
        if self.count > COMPARED_MAX {
            let object = self.object;
            let many =
                self.many.get_or_insert_with(|| before(object, tokens, name).map(|at| at.string(text)).collect());
            return many.insert(string);
        }
        self.marks & mark == 0 || before(self.object, tokens, name).all(|earlier| earlier.string(text) != string)
    }
}

/// The names of an object before that one.
fn before(object: usize, tokens: &[Token], name: usize) -> impl Iterator<Item = &Token> {
    let mut at = object + 1;
    std::iter::from_fn(move || {
        let token = tokens.get(at).filter(|_| at < name)?;
        at = tokens.get(at + 1)?.next as usize;
        Some(token)
    })
}

/// One bit, by the length and the ends of the name; all bits, where escapes hide them.
fn mark(text: &str, token: &Token) -> u64 {
    let written = &text.as_bytes()[token.start as usize..token.end as usize];
    match (token.kind, written) {
        (Kind::Plain, [first, .., last]) => {
            1 << ((written.len() * 7 + usize::from(*first) * 3 + usize::from(*last)) % 64)
        }
        (Kind::Plain, _) => 1 << (written.len() % 2),
        _ => u64::MAX,
    }
}
