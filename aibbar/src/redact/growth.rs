//! How much longer a text may be when what it held is hidden: two bytes can be an address, and what stands there has thirty.
//!
//! A text stays within three times its length and 256 bytes, and one event grows by 256 KiB at most: so an event that was accepted
//! is never too large for the log. Where stand-ins would take more, those that are near each other become one, and then all.

use super::Kind;
use super::hit::Hit;

/// No stand-in is longer, in bytes: `[CUSTOM:<32 characters>:<20 characters>]`.
const STAND_IN_BYTES_MAX: usize = 62;

/// What stands where there is no room for more.
pub(super) const NO_ROOM: &str = "*";

/// So long may a text become, in bytes.
pub(super) fn text_bytes_max(text: &str) -> usize {
    3 * text.len() + 256
}

/// The hits, or fewer that cover more, so that the text is no longer than `bytes_max` when they are replaced. They are sorted and
/// disjoint, and remain so.
pub(super) fn bounded(text: &str, hits: Vec<Hit>, bytes_max: usize) -> Vec<Hit> {
    if bytes_after(text, &hits) <= bytes_max {
        return hits;
    }
    let mut merged: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match merged.last_mut() {
            Some(last) if hit.start - last.end < STAND_IN_BYTES_MAX => last.end = hit.end,
            _ => merged.push(hit),
        }
    }
    if bytes_after(text, &merged) > bytes_max {
        merged.truncate(1);
        (merged[0].start, merged[0].end) = (0, text.len());
    }
    merged
}

fn bytes_after(text: &str, hits: &[Hit]) -> usize {
    let hidden: usize = hits.iter().map(|hit| hit.end - hit.start).sum();
    text.len() - hidden + hits.iter().map(|hit| stand_in_bytes(hit.kind)).sum::<usize>()
}

/// The longer of `[REDACTED:<kind>]` and a pseudonym.
fn stand_in_bytes(kind: Kind) -> usize {
    if kind == Kind::Custom { STAND_IN_BYTES_MAX } else { kind.as_str().len() + 23 }
}

/// What the values and keys of one event may still grow by.
pub(super) struct Room {
    bytes: usize,
}

impl Room {
    /// In all, in bytes.
    const BYTES: usize = 256 * 1024;

    pub(super) fn new() -> Self {
        Self { bytes: Self::BYTES }
    }

    /// What stands in the place of so many bytes: what was meant to, or a star where there is no room for it.
    pub(super) fn fit(&mut self, bytes_before: usize, hidden: String) -> String {
        match self.bytes.checked_sub(hidden.len().saturating_sub(bytes_before)) {
            Some(left) => {
                self.bytes = left;
                hidden
            }
            None => NO_ROOM.to_owned(),
        }
    }
}
