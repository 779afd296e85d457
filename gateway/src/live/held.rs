//! The bytes of records that are held for live clients, each record once however many wait for it.

use bytes::Bytes;
use prometheus::IntGauge;

/// Counts what is held.
#[derive(Clone)]
pub(super) struct HeldBytes(IntGauge);

impl HeldBytes {
    pub(super) fn new(gauge: IntGauge) -> Self {
        Self(gauge)
    }

    /// The record, counted until the last who holds any of it lets go: a queue, a frame, a piece on its way.
    pub(super) fn count(&self, record: Bytes) -> Bytes {
        self.0.add(record.len() as i64);
        Bytes::from_owner(Counted { record, gauge: self.0.clone() })
    }

    /// Bytes held now.
    pub(super) fn now(&self) -> usize {
        usize::try_from(self.0.get()).unwrap_or(0)
    }
}

struct Counted {
    record: Bytes,
    gauge: IntGauge,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.record
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.gauge.sub(self.record.len() as i64);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_record_counts_once_until_its_last_piece_is_gone() {
        let held = HeldBytes::new(IntGauge::new("held", "held").unwrap());
        let record = held.count(Bytes::from_static(b"0123456789"));
        let (copy, piece) = (record.clone(), record.slice(3..4));
        assert_eq!(held.now(), 10);
        drop((record, copy));
        assert_eq!(held.now(), 10);
        drop(piece);
        assert_eq!(held.now(), 0);
    }
}
