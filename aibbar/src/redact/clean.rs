//! Whether there is anything to hide at all, asked before anything is built: most events hold nothing.
//!
//! What is looked at is the event in pieces, each name before its value. A name that means something may make a secret of what stands beside or
//! below it, so it is answered at once that there may be something; the walk through the whole tells whether there is.

use super::name::meaning;
use super::walk::{SIBLING_NAMES, may_be_card};
use super::{RuleSet, text};

/// A part of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// A member's name, its escapes undone.
    Key(&'t str),
    /// A string, its escapes undone.
    Text(&'t str),
    /// A number, as it is written.
    Number(&'t str),
}

/// See [`RuleSet::finds_nothing_in`].
pub(super) fn finds_nothing_in<'t>(rules: &RuleSet, mut pieces: impl Iterator<Item = Piece<'t>>) -> bool {
    let mut names_its_sibling = false;
    // An own rule may point at a place, and pieces have none.
    !rules.points_at_places()
        && pieces.all(|piece| match piece {
            Piece::Key(key) => {
                names_its_sibling = SIBLING_NAMES.contains(&key);
                meaning(key).is_none() && !makes_secrets_of_siblings(key) && !text::finds_in(rules, key)
            }
            Piece::Text(text) => {
                let names_a_secret = names_its_sibling && meaning(text).is_some();
                !names_a_secret && !text::finds_in(rules, text)
            }
            Piece::Number(digits) => !may_be_card(digits),
        })
}

/// Names that say of the whole object what it is: a JSON Web Key.
fn makes_secrets_of_siblings(key: &str) -> bool {
    key == "kty"
}
