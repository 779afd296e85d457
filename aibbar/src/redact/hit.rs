//! What a recogniser found, and what remains when several found something in the same place.

use super::Kind;
use super::why::Why;

/// A range of bytes, on character boundaries, that holds something of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    pub(super) why: Why,
}

impl Hit {
    pub(super) fn new(kind: Kind, start: usize, end: usize) -> Self {
        Self { start, end, kind, why: Why::OfKind(kind) }
    }

    /// Found by the pattern of the own rule of this number.
    pub(super) fn own(rule: u8, start: usize, end: usize) -> Self {
        Self { start, end, kind: Kind::Custom, why: Why::Pattern(rule) }
    }

    fn overlaps(&self, other: &Hit) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The specific before the general: what has a checksum or a prefix of its own beats what only has a shape or a name.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Secret => 0,
        Kind::CreditCard => 1,
        Kind::Iban => 2,
        Kind::Email => 3,
        Kind::Ssn => 4,
        Kind::IpAddress => 5,
        Kind::Phone => 6,
        Kind::Password => 7,
        // Whoever made a rule for it knows what it is.
        Kind::Custom => 0,
    }
}

/// Sorted and disjoint. Hits that overlap become one that covers them all, so that no part of any is left readable,
/// named after the longest of them; of equals, after the most specific.
///
/// One exception: the password of a URL followed by `@host.tld` looks like an e-mail address, and the host is worth reading.
pub(super) fn resolve(mut hits: Vec<Hit>) -> Vec<Hit> {
    if hits.len() < 2 {
        return hits;
    }
    hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), rank(hit.kind)));
    drop_addresses_made_of_secrets(&mut hits);

    let mut merged: Vec<(Hit, usize)> = Vec::with_capacity(hits.len());
    for hit in hits {
        let length = hit.end - hit.start;
        match merged.last_mut() {
            Some((last, named_by)) if last.overlaps(&hit) => {
                last.end = last.end.max(hit.end);
                if length > *named_by || (length == *named_by && rank(hit.kind) < rank(last.kind)) {
                    (last.kind, last.why) = (hit.kind, hit.why);
                    *named_by = length;
                }
            }
            _ => merged.push((hit, length)),
        }
    }
    merged.into_iter().map(|(hit, _)| hit).collect()
}

fn drop_addresses_made_of_secrets(hits: &mut Vec<Hit>) {
    let secrets: Vec<Hit> = hits.iter().filter(|hit| hit.kind == Kind::Secret).copied().collect();
    if secrets.is_empty() {
        return;
    }
    hits.retain(|hit| {
        let at = secrets.partition_point(|secret| secret.end <= hit.start);
        hit.kind != Kind::Email || !secrets.get(at).is_some_and(|secret| secret.overlaps(hit))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_hits_become_one_that_covers_them_all() {
        let hits = vec![Hit::new(Kind::Password, 5, 30), Hit::new(Kind::Secret, 8, 20), Hit::new(Kind::Phone, 40, 50)];
        assert_eq!(resolve(hits), [Hit::new(Kind::Password, 5, 30), Hit::new(Kind::Phone, 40, 50)]);
    }

    #[test]
    fn of_two_hits_on_the_same_place_the_specific_one_names_it() {
        let hits = vec![Hit::new(Kind::Password, 5, 30), Hit::new(Kind::Secret, 5, 30)];
        assert_eq!(resolve(hits), [Hit::new(Kind::Secret, 5, 30)]);
    }

    #[test]
    fn the_host_behind_a_url_password_stays() {
        let hits = vec![Hit::new(Kind::Secret, 5, 10), Hit::new(Kind::Email, 5, 22)];
        assert_eq!(resolve(hits), [Hit::new(Kind::Secret, 5, 10)]);
    }
}
