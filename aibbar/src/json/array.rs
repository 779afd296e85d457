//! Where the elements of an array lie, found by quotes, brackets and commas only.
//!
//! A batch is one array, and an event that is broken inside must spoil only itself. So the array is cut
//! before its elements are read; each piece then goes through [`super::parse`] by itself.

use std::ops::Range;

use super::{JsonFault, JsonFaultKind, is_white_space};

/// Why an array could not be cut into elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitFault {
    /// It is no array, or one whose structure is broken.
    #[error(transparent)]
    Json(#[from] JsonFault),
    /// It has more elements than the caller takes.
    #[error("the array has more than {elements_max} elements")]
    TooManyElements {
        /// How many the caller takes.
        elements_max: usize,
    },
}

/// Finds the elements of a top-level array, without the white space around them. Their insides are not looked
/// at: strings that do not end and brackets that do not match are faults of the whole, everything else is left
/// to the reader of each element. Linear in time; needs one byte of memory for each bracket that is open.
pub fn split_array(json: &[u8], elements_max: usize) -> Result<Vec<Range<usize>>, SplitFault> {
    let mut splitter = Splitter { json, at: 0, open: Vec::new() };
    splitter.white_space();
    if splitter.peek() != Some(b'[') {
        return Err(splitter.unexpected(JsonFaultKind::ValueExpected).into());
    }
    splitter.at += 1;
    splitter.white_space();

    let mut elements = Vec::new();
    if splitter.peek() == Some(b']') {
        splitter.at += 1;
    } else {
        loop {
            splitter.white_space();
            let element = splitter.element()?;
            if elements.len() == elements_max {
                return Err(SplitFault::TooManyElements { elements_max });
            }
            elements.push(element);
            let end = splitter.peek();
            splitter.at += 1;
            if end == Some(b']') {
                break;
            }
        }
    }
    splitter.white_space();
    match splitter.peek() {
        None => Ok(elements),
        Some(_) => Err(splitter.fault(JsonFaultKind::TrailingBytes).into()),
    }
}

struct Splitter<'a> {
    json: &'a [u8],
    at: usize,
    /// The brackets that will close what is open inside the element.
    open: Vec<u8>,
}

impl Splitter<'_> {
    /// Takes one element, up to the comma or bracket that ends it.
    fn element(&mut self) -> Result<Range<usize>, JsonFault> {
        let start = self.at;
        let mut end = start;
        loop {
            let Some(byte) = self.peek() else {
                return Err(self.fault(JsonFaultKind::UnexpectedEnd));
            };
            match byte {
                b',' | b']' if self.open.is_empty() => {
                    return if end > start { Ok(start..end) } else { Err(self.fault(JsonFaultKind::ValueExpected)) };
                }
                b'"' => self.skip_string()?,
                b'{' => self.open.push(b'}'),
                b'[' => self.open.push(b']'),
                b'}' | b']' if self.open.pop() != Some(byte) => {
                    return Err(self.fault(JsonFaultKind::BracketMismatch));
                }
                _ => {}
            }
            self.at += 1;
            if !is_white_space(byte) {
                end = self.at;
            }
        }
    }

    /// Goes to the quote that ends the string beginning here.
    fn skip_string(&mut self) -> Result<(), JsonFault> {
        loop {
            self.at += 1;
            match self.peek() {
                Some(b'"') => return Ok(()),
                Some(b'\\') => self.at += 1,
                Some(_) => {}
                None => return Err(self.fault(JsonFaultKind::UnexpectedEnd)),
            }
        }
    }

    fn white_space(&mut self) {
        while self.peek().is_some_and(is_white_space) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn fault(&self, kind: JsonFaultKind) -> JsonFault {
        JsonFault { kind, offset: self.at.min(self.json.len()) }
    }

    fn unexpected(&self, kind: JsonFaultKind) -> JsonFault {
        self.fault(if self.peek().is_none() { JsonFaultKind::UnexpectedEnd } else { kind })
    }
}
