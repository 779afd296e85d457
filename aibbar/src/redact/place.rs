//! Places in an event that an organisation hides whole: JSON Pointers, where a segment `*` stands for every member and element.
//!
//! The walk carries which pointers still lead where it is, so that a member costs a look at one segment of each, however
//! deep it lies.

use super::settings::Settings;

/// The deepest place of a rule.
const SEGMENTS_MAX: usize = 64;

/// Members of the event that the record is found, ordered and proven by.
const KEPT: [&str; 8] =
    ["event_id", "event_type", "ai_id", "timestamp", "sequence", "key_id", "signature", "signature_algorithm"];

/// Where the event's schema wants something else than a text: readers of records rely on it as senders do.
const TYPED: [&[&str]; 16] = [
    &["action"],
    &["action", "latency_ms"],
    &["action", "tokens_used"],
    &["decision"],
    &["decision", "confidence"],
    &["decision", "options"],
    &["error"],
    &["error", "recoverable"],
    &["metadata"],
    &["metadata", "labels"],
    &["query"],
    &["query", "messages"],
    &["response"],
    &["response", "latency_ms"],
    &["response", "usage"],
    &["response", "usage", "*"],
];

/// The places of all rules.
#[derive(Debug, Default)]
pub(super) struct Places {
    places: Vec<(u8, Vec<Segment>)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Named(String),
    Any,
}

/// Where the walk is, as far as places care.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Here {
    /// A bit for each place that this way may still lead to.
    open: u32,
    depth: usize,
}

impl Places {
    /// Whether no rule points anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The sentence says what is wrong with the pointer.
    pub(super) fn add(&mut self, rule: u8, pointer: &str) -> Result<(), String> {
        if pointer.len() > Settings::POINTER_BYTES_MAX {
            return Err(format!("has more than {} bytes", Settings::POINTER_BYTES_MAX));
        }
        let Some(segments) = pointer.strip_prefix('/') else {
            return Err("is no JSON Pointer to a part of the event: it begins with `/`".to_owned());
        };
        let segments = segments.split('/').map(segment).collect::<Option<Vec<_>>>();
        let segments = segments.ok_or_else(|| "is no JSON Pointer: `~` is followed by `0` or `1`".to_owned())?;
        if segments.len() > SEGMENTS_MAX {
            return Err(format!("leads deeper than the {SEGMENTS_MAX} levels that an event has"));
        }
        if let Some(kept) = KEPT.iter().find(|kept| segments[0].is(kept)) {
            return Err(format!("would hide `{kept}`, which the record is found, ordered or proven by"));
        }
        if let Some(typed) = TYPED.iter().find(|typed| fits(&segments, typed)) {
            let place = typed.join("/");
            return Err(format!(
                "would put a text in the place of `/{place}`, where the event's schema wants another type"
            ));
        }
        self.places.push((rule, segments));
        Ok(())
    }

    /// At the event itself.
    pub(super) fn root(&self) -> Here {
        let open = (0..self.places.len()).fold(0, |open, place| open | 1 << place);
        Here { open, depth: 0 }
    }

    /// At a member or element of where one was.
    pub(super) fn enter(&self, here: Here, key: &str) -> Here {
        let mut open = here.open;
        let mut left = here.open;
        while left != 0 {
            let place = left.trailing_zeros();
            left &= left - 1;
            let leads_here = match self.places[place as usize].1.get(here.depth) {
                Some(Segment::Named(name)) => name == key,
                Some(Segment::Any) => true,
                None => false,
            };
            if !leads_here {
                open &= !(1 << place);
            }
        }
        Here { open, depth: here.depth + 1 }
    }

    /// The rule that hides what is here; the first when there are several.
    pub(super) fn hides(&self, here: Here) -> Option<u8> {
        let mut left = here.open;
        while left != 0 {
            let (rule, segments) = &self.places[left.trailing_zeros() as usize];
            if segments.len() == here.depth {
                return Some(*rule);
            }
            left &= left - 1;
        }
        None
    }
}

impl Segment {
    fn is(&self, name: &str) -> bool {
        match self {
            // At the event itself a star leads on only: see `TYPED`.
            Segment::Named(of) => of == name,
            Segment::Any => false,
        }
    }
}

/// Whether the segments lead to this place.
fn fits(segments: &[Segment], place: &[&str]) -> bool {
    segments.len() == place.len()
        && segments.iter().zip(place).all(|(segment, name)| match segment {
            Segment::Named(of) => of == name || *name == "*",
            Segment::Any => true,
        })
}

impl Here {
    /// Whether no place lies here or below.
    pub(super) fn is_of_no_interest(self) -> bool {
        self.open == 0
    }
}

fn segment(text: &str) -> Option<Segment> {
    if text == "*" {
        return Some(Segment::Any);
    }
    let mut name = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        name.push(match character {
            '~' => match characters.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(Segment::Named(name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn hides(pointers: &[&str], path: &[&str]) -> Option<u8> {
        let mut places = Places::default();
        for (rule, pointer) in pointers.iter().enumerate() {
            places.add(rule as u8, pointer).unwrap();
        }
        places.hides(path.iter().fold(places.root(), |here, key| places.enter(here, key)))
    }

    #[test]
    fn a_pointer_leads_to_one_place_and_a_star_to_many() {
        assert_eq!(hides(&["/a/b"], &["a", "b"]), Some(0));
        assert_eq!(hides(&["/a/b"], &["a"]), None);
        assert_eq!(hides(&["/a/b"], &["a", "b", "c"]), None);
        assert_eq!(hides(&["/x", "/a/*/c"], &["a", "7", "c"]), Some(1));
        assert_eq!(hides(&["/a~1b/~0"], &["a/b", "~"]), Some(0));
        assert_eq!(hides(&[], &["a"]), None);
    }

    #[test]
    fn what_the_record_needs_cant_be_hidden() {
        let refused = |pointer: &str| Places::default().add(0, pointer).unwrap_err();
        for name in KEPT {
            assert!(refused(&format!("/{name}")).contains(name));
        }
        assert!(refused("/timestamp/x").contains("timestamp"));
        assert!(refused("/*").contains("another type"));
        assert!(refused("/action/*").contains("latency_ms"));
        assert!(refused("/*/latency_ms").contains("latency_ms"));
        assert!(refused("").contains("begins with"));
        assert!(refused("action").contains("begins with"));
        assert!(refused("/a~2").contains("`~`"));
        assert!(refused(&"/a".repeat(65)).contains("deeper"));
        assert!(refused(&format!("/{}", "a".repeat(512))).contains("512"));
        for good in ["/metadata/user_id", "/metadata/labels/*", "/action/input", "/query/messages/*", "/*/model"] {
            Places::default().add(0, good).unwrap();
        }
    }
}
