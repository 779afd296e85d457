//! Where a record or a letter lies, and what a record that was appended again says of itself.

use std::fmt;

use crate::Timestamp;

/// A place in a topic. Its text, `partition-offset`, is the id of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The partition.
    pub partition: u32,
    /// How many records were appended to it before.
    pub offset: u64,
}

impl Place {
    /// Reads `partition-offset`, as [`fmt::Display`] writes it and no other way.
    pub fn parse(text: &str) -> Option<Place> {
        let (partition, offset) = text.split_once('-')?;
        let place = Place { partition: partition.parse().ok()?, offset: offset.parse().ok()? };
        (place.to_string() == text).then_some(place)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.partition, self.offset)
    }
}

/// Which record a letter is about. Two letters of one source are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The record's topic.
    pub topic: String,
    /// Where it lies there.
    pub place: Place,
    /// When the log took it, to the millisecond: tells a record from that of a topic that was made anew. Letters of the
    /// first form do not say it.
    pub carried_at: Option<Timestamp>,
}

/// What the header of a record says that was appended again from a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// The letter, by its place in the topic of dead letters.
    pub letter: Place,
    /// How often the record was appended again by now; from 1.
    pub count: u32,
}

impl Redrive {
    /// Reads `letter/count`.
    pub fn parse(text: &str) -> Option<Redrive> {
        let (letter, count) = text.split_once('/')?;
        Some(Redrive { letter: Place::parse(letter)?, count: count.parse().ok()? })
    }
}

impl fmt::Display for Redrive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.letter, self.count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_place_has_one_text() {
        let place = Place { partition: 3, offset: u64::MAX };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for wrong in ["", "-", "3", "3-", "-3", "03-1", "3-+1", "3-1-2", "3- 1", "99999999999-1"] {
            assert_eq!(Place::parse(wrong), None, "{wrong}");
        }
        let redrive = Redrive { letter: place, count: 2 };
        assert_eq!(Redrive::parse(&redrive.to_string()), Some(redrive));
        assert_eq!(Redrive::parse("3-1"), None);
    }
}
