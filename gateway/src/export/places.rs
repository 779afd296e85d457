//! How many exports are at work at once: in this gateway, and of one organisation.

use prometheus::{IntCounterVec, IntGauge};
use store::OrgId;

use crate::{
    metrics::Metrics,
    problem::{Kind, Problem},
    streams::places::{self, NoPlace, Places},
};

/// Exports at work in one gateway. Each holds a page (16 MiB at most) and, where it is Parquet, a row group besides.
const EXPORTS_MAX: usize = 4;
/// Exports of one organisation at work in one gateway.
const EXPORTS_PER_ORGANISATION_MAX: usize = 2;
const _: () = assert!(EXPORTS_PER_ORGANISATION_MAX < EXPORTS_MAX, "no organisation holds them all");

/// After so many seconds another try is right.
const RETRY_AFTER_S: u32 = 10;

/// The exports at work.
#[derive(Clone)]
pub(crate) struct Exports {
    places: Places,
    running: IntGauge,
    ended: IntCounterVec,
}

/// The place of one export; given back when it goes.
pub(super) struct Place {
    exports: Exports,
    is_whole: bool,
    _place: places::Place,
}

impl Exports {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let places = Places::new(EXPORTS_MAX, EXPORTS_PER_ORGANISATION_MAX);
        Self { places, running: metrics.exports.clone(), ended: metrics.exports_ended.clone() }
    }

    /// A place for an export of this organisation, or the problem that there is none.
    pub(super) fn take(&self, org_id: OrgId) -> Result<Place, Problem> {
        let place = self.places.take(org_id).map_err(|none| match none {
            NoPlace::Organisation => {
                let detail = format!(
                    "The organisation has {EXPORTS_PER_ORGANISATION_MAX} exports at work, as many as it may; wait for one to end."
                );
                Problem::retry_after(Kind::TooManyExports, RETRY_AFTER_S, detail)
            }
            NoPlace::Gateway => {
                let detail = "As many exports as this gateway takes are at work; try again shortly.";
                Problem::retry_after(Kind::Overloaded, RETRY_AFTER_S, detail)
            }
        })?;
        self.running.inc();
        Ok(Place { exports: self.clone(), is_whole: false, _place: place })
    }

    /// Exports at work now.
    pub(crate) fn running(&self) -> i64 {
        self.running.get()
    }
}

impl Place {
    /// The export came to its end.
    pub(super) fn whole(&mut self) {
        self.is_whole = true;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.exports.running.dec();
        let outcome = if self.is_whole { "whole" } else { "broken_off" };
        self.exports.ended.with_label_values(&[outcome]).inc();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_organisation_takes_every_place_and_each_comes_back() {
        let exports = Exports::new(&Metrics::register(&prometheus::Registry::new()).unwrap());
        let refused = |org| exports.take(Uuid::from_u128(org)).err().map(|problem| problem.kind());
        let mut held: Vec<Place> = Vec::new();
        for org in [1, 1, 2] {
            held.push(exports.take(Uuid::from_u128(org)).unwrap());
        }
        assert_eq!(refused(1), Some(Kind::TooManyExports));
        held.push(exports.take(Uuid::from_u128(3)).unwrap());
        assert_eq!(refused(4), Some(Kind::Overloaded));
        assert_eq!(exports.running(), 4);
        held.swap_remove(0).whole();
        held.clear();
        assert_eq!(exports.running(), 0);
        assert_eq!(refused(1), None);
        let ended = |outcome| exports.ended.with_label_values(&[outcome]).get();
        assert_eq!((ended("whole"), ended("broken_off")), (1, 4));
    }
}
