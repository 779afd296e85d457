//! A JSON text with a list of what stands where in it: a value that nearly always costs two allocations, however many members
//! it has.
//!
//! The gateway reads an event to look at it, to take its canonical form and to hand it on; it nearly never changes it.
//! Building a map, a string for each name and one for each value is then most of the work, and is thrown away. So the
//! text is kept as it was sent, and the tape says of each value what it is and from where to where it reaches. A
//! container is followed by what it holds: names and values in turn, or elements; its `next` leads past all of them.
//!
//! What is known while it is read is kept, since it is nearly free there: whether a value is written as its canonical
//! form writes it already. Most of an event then is copied in one piece, by whoever needs that form.
//!
//! [`super::parse`] reads the same grammar into a [`Value`], and is what tests hold the tape against.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    JsonFault,
    escape::unescape,
    grammar::{self, Escapes},
    tape_sink::TapeSink,
    value,
};
use crate::canonical;

/// One value, or the name of a member.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether it is written as the canonical form writes it. Of an object or array: everything in it, too.
    pub(super) is_canonical: bool,
    /// Whether it is the name of a member.
    #[cfg_attr(not(feature = "redact"), expect(dead_code, reason = "rules alone tell names from other texts"))]
    pub(super) is_name: bool,
    /// From where; of a string after its quote.
    pub(super) start: u32,
    /// To where; of a string before its quote.
    pub(super) end: u32,
    /// The token after this one and all that it holds.
    pub(super) next: u32,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    True,
    False,
    /// A number with neither fraction nor exponent.
    Integer,
    /// Any other number.
    Double,
    /// A string that stands for itself.
    Plain,
    /// A string with escapes.
    Escaped,
    /// An object whose members are in the order of the canonical form.
    Ordered,
    /// Any other object.
    Unordered,
    Array,
}

/// A text of strict JSON, and what stands where in it.
#[derive(Clone)]
pub struct Tape {
    text: Box<str>,
    tokens: Vec<Token>,
    is_as_written: bool,
}

impl Tape {
    /// Reads one JSON value; takes and refuses exactly what [`super::parse`] does.
    ///
    /// # Panics
    ///
    /// On a text of 4 GiB or more. An event has [`crate::event::EVENT_BYTES_MAX`].
    pub fn parse(json: &[u8]) -> Result<Tape, JsonFault> {
        assert!(u32::try_from(json.len()).is_ok(), "a tape counts bytes in 32 bits");
        let text = grammar::text_of(json)?;
        let mut sink = TapeSink::new(text);
        grammar::read(text, &mut sink)?;
        let (tokens, is_as_written) = sink.end();
        Ok(Tape { text: text.into(), tokens, is_as_written })
    }

    /// The same as a value that can be changed.
    pub fn to_value(&self) -> Value {
        self.root().to_value()
    }

    /// The same on one line: without white space outside of strings, the members in their order, numbers and strings as
    /// `serde_json` writes them. So every reader of it reads the numbers that a signature covers, and a word is found in it
    /// whatever escapes its sender likes. Nothing is copied of a text that is written so.
    pub fn to_line(&self) -> Cow<'_, str> {
        canonical::as_recorded(self)
    }

    /// The text as it was read.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing in the text is written otherwise than GAPIN writes it, but for the order of members: there is no
    /// white space, and numbers and strings have their canonical form.
    pub(crate) fn is_as_written(&self) -> bool {
        self.is_as_written
    }

    /// The whole value.
    pub(crate) fn root(&self) -> Node<'_> {
        Node { tape: self, at: 0 }
    }
}

/// A value on the tape, or the name of a member.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    tape: &'t Tape,
    at: usize,
}

impl<'t> Node<'t> {
    fn token(&self) -> Token {
        self.tape.tokens[self.at]
    }

    pub(crate) fn kind(&self) -> Kind {
        self.token().kind
    }

    /// Whether it is written, with all that it holds, as the canonical form writes it.
    pub(crate) fn is_canonical(&self) -> bool {
        self.token().is_canonical
    }

    /// Whether it is the name of a member.
    #[cfg(feature = "redact")]
    pub(crate) fn is_name(&self) -> bool {
        self.token().is_name
    }

    /// From where to where it reaches in the text, a string with its quotes.
    pub(crate) fn span(&self) -> (usize, usize) {
        let Token { kind, start, end, .. } = self.token();
        let quote = usize::from(matches!(kind, Kind::Plain | Kind::Escaped));
        (start as usize - quote, end as usize + quote)
    }

    /// What is written there; of a string what stands between its quotes.
    pub(crate) fn written(&self) -> &'t str {
        let Token { start, end, .. } = self.token();
        &self.tape.text[start as usize..end as usize]
    }

    /// What a string says, if it stands there without escapes.
    pub(crate) fn plain(&self) -> Option<&'t str> {
        (self.kind() == Kind::Plain).then(|| self.written())
    }

    /// What a string says.
    pub(crate) fn string(&self) -> Option<Cow<'t, str>> {
        match self.kind() {
            Kind::Plain => Some(Cow::Borrowed(self.written())),
            Kind::Escaped => Some(unescape(self.written())),
            _ => None,
        }
    }

    /// The members of an object, in the order of the text; none of anything else.
    pub(crate) fn members(&self) -> Members<'t> {
        Members(match self.kind() {
            Kind::Ordered | Kind::Unordered => self.inside(),
            _ => self.nothing(),
        })
    }

    /// The elements of an array; none of anything else.
    pub(crate) fn elements(&self) -> Elements<'t> {
        if self.kind() == Kind::Array { self.inside() } else { self.nothing() }
    }

    /// Everything on the tape, in its order: this one, and names and values of all depths.
    #[cfg(feature = "redact")]
    pub(crate) fn everything(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let tape = self.tape;
        (self.at..self.token().next as usize).map(move |at| Node { tape, at })
    }

    fn inside(&self) -> Elements<'t> {
        Elements { tape: self.tape, at: self.at + 1, end: self.token().next as usize }
    }

    fn nothing(&self) -> Elements<'t> {
        Elements { tape: self.tape, at: 0, end: 0 }
    }

    fn to_value(self) -> Value {
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            kind @ (Kind::Integer | Kind::Double) => {
                Value::Number(value::number(self.written(), kind == Kind::Integer))
            }
            Kind::Plain | Kind::Escaped => Value::String(self.owned()),
            Kind::Ordered | Kind::Unordered => {
                let members = self.members().map(|(name, value)| (name.owned(), value.to_value()));
                Value::Object(Map::from_iter(members))
            }
            Kind::Array => Value::Array(self.elements().map(Node::to_value).collect()),
        }
    }

    fn owned(self) -> String {
        self.string().unwrap_or_default().into_owned()
    }
}

/// What stands in a container side by side.
pub(crate) struct Elements<'t> {
    tape: &'t Tape,
    at: usize,
    end: usize,
}

impl<'t> Iterator for Elements<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node { tape: self.tape, at: self.at };
        self.at = node.token().next as usize;
        Some(node)
    }
}

/// The names of an object, each with its value.
pub(crate) struct Members<'t>(Elements<'t>);

impl<'t> Iterator for Members<'t> {
    type Item = (Node<'t>, Node<'t>);

    fn next(&mut self) -> Option<(Node<'t>, Node<'t>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}

impl Token {
    /// What a string says.
    pub(super) fn string<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let written = &text[self.start as usize..self.end as usize];
        if self.kind == Kind::Plain { Cow::Borrowed(written) } else { unescape(written) }
    }

    /// Of a name or a string.
    pub(super) fn of_text(text: grammar::Text, is_name: bool, next: u32) -> Self {
        Token {
            kind: if text.escapes == Escapes::None { Kind::Plain } else { Kind::Escaped },
            is_canonical: text.escapes != Escapes::Other,
            is_name,
            start: text.start as u32,
            end: text.end as u32,
            next,
        }
    }
}
