//! Which kinds, and which own rules, a string held: a set of a few bytes.

use super::Kind;
use super::why::Why;

/// Each kind once, and each own rule once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    kinds: u16,
    own: u32,
}

impl Found {
    pub(super) fn of(kind: Kind, why: Why) -> Self {
        let mut found = Self::default();
        found.add(kind, why);
        found
    }

    pub(super) fn add(&mut self, kind: Kind, why: Why) {
        match why.rule() {
            Some(rule) => self.own |= 1 << rule,
            None => self.kinds |= 1 << kind as u16,
        }
    }

    /// With one more, as [`Found::iter`] answers it.
    pub(super) fn with(mut self, kind: Kind, rule: Option<u8>) -> Self {
        self.add(kind, rule.map_or(Why::OfKind(kind), Why::Pattern));
        self
    }

    /// In the order of `Kind::ALL`, then own rules by their number.
    pub(super) fn iter(self) -> impl Iterator<Item = (Kind, Option<u8>)> {
        let kinds = Kind::ALL.into_iter().filter(move |kind| self.kinds & 1 << *kind as u16 != 0);
        let own = (0..u32::BITS as u8).filter(move |rule| self.own & 1 << rule != 0);
        kinds.map(|kind| (kind, None)).chain(own.map(|rule| (Kind::Custom, Some(rule))))
    }
}
