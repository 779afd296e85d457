//! What the grammar tells, written on a tape.

use super::{
    grammar::{Digits, Literal, Sink, Text},
    names::Names,
    tape::{Kind, Token},
};
use crate::canonical;

/// Room is made ahead for so many tokens at most; whatever has more grows it.
const TOKENS_AHEAD_MAX: usize = 512;

/// An event has a token for some eight of its bytes.
const BYTES_PER_TOKEN: usize = 8;

pub(super) struct TapeSink<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// How many things so far are not written as GAPIN writes them: white space, numbers, strings.
    otherwise: u32,
    /// How many objects so far are not in the order of the canonical form.
    unordered: u32,
}

impl<'t> TapeSink<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let tokens = Vec::with_capacity((text.len() / BYTES_PER_TOKEN + 1).min(TOKENS_AHEAD_MAX));
        Self { text, tokens, otherwise: 0, unordered: 0 }
    }

    /// The tokens, and whether all is written as GAPIN writes it.
    pub(super) fn end(self) -> (Vec<Token>, bool) {
        (self.tokens, self.otherwise == 0)
    }

    /// What keeps a container from being canonical raises this.
    fn not_canonical(&self) -> u64 {
        u64::from(self.otherwise) + u64::from(self.unordered)
    }

    fn put(&mut self, token: Token) {
        self.otherwise += u32::from(!token.is_canonical);
        self.tokens.push(token);
    }

    fn next(&self) -> u32 {
        self.tokens.len() as u32 + 1
    }

    fn begin(&mut self, kind: Kind, start: usize) -> Open {
        let open = Open { token: self.tokens.len(), not_canonical_before: self.not_canonical() };
        self.tokens.push(Token { kind, is_canonical: true, is_name: false, start: start as u32, end: 0, next: 0 });
        open
    }

    fn close(&mut self, open: &Open, end: usize) {
        let next = self.tokens.len() as u32;
        let is_canonical = open.not_canonical_before == self.not_canonical();
        if let Some(token) = self.tokens.get_mut(open.token) {
            *token = Token { end: end as u32, next, is_canonical, ..*token };
        }
    }
}

/// A container whose end is not read yet.
pub(super) struct Open {
    token: usize,
    not_canonical_before: u64,
}

pub(super) struct OpenObject<'t> {
    open: Open,
    names: Names<'t>,
}

impl<'t> Sink for TapeSink<'t> {
    type Value = ();
    /// Its token.
    type Name = usize;
    type Object = OpenObject<'t>;
    type Array = Open;

    fn literal(&mut self, literal: Literal, start: usize, end: usize) {
        let kind = match literal {
            Literal::Null => Kind::Null,
            Literal::True => Kind::True,
            Literal::False => Kind::False,
        };
        let next = self.next();
        self.put(Token { kind, is_canonical: true, is_name: false, start: start as u32, end: end as u32, next });
    }

    fn number(&mut self, Digits { start, end, is_integer }: Digits) {
        let digits = &self.text[start..end];
        let (kind, is_canonical) = if is_integer {
            (Kind::Integer, digits != "-0")
        } else {
            (Kind::Double, canonical::is_canonical_fraction(digits))
        };
        let next = self.next();
        self.put(Token { kind, is_canonical, is_name: false, start: start as u32, end: end as u32, next });
    }

    fn string(&mut self, text: Text) {
        let next = self.next();
        self.put(Token::of_text(text, false, next));
    }

    fn begin_object(&mut self, start: usize) -> OpenObject<'t> {
        let open = self.begin(Kind::Ordered, start);
        OpenObject { names: Names::of(open.token), open }
    }

    fn name(&mut self, name: Text) -> usize {
        let next = self.next();
        self.put(Token::of_text(name, true, next));
        self.tokens.len() - 1
    }

    fn member(&mut self, object: &mut OpenObject<'t>, name: usize, (): ()) -> bool {
        object.names.add(self.text, &self.tokens, name)
    }

    fn end_object(&mut self, object: OpenObject<'t>, end: usize) {
        if !object.names.are_ordered() {
            self.unordered += 1;
            if let Some(token) = self.tokens.get_mut(object.open.token) {
                token.kind = Kind::Unordered;
            }
        }
        self.close(&object.open, end);
    }

    fn begin_array(&mut self, start: usize) -> Open {
        self.begin(Kind::Array, start)
    }

    fn element(&mut self, _: &mut Open, (): ()) {}

    fn end_array(&mut self, array: Open, end: usize) {
        self.close(&array, end);
    }

    fn white_space(&mut self) {
        self.otherwise += 1;
    }
}
