//! Places of those who do something at once: so many in all, and of one organisation.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use store::OrgId;

/// So many at once.
#[derive(Clone)]
pub(crate) struct Places {
    taken: Arc<Mutex<Taken>>,
    max: usize,
    per_organisation_max: usize,
}

#[derive(Default)]
struct Taken {
    all: usize,
    of: HashMap<OrgId, usize>,
}

/// One place; given back when it goes.
pub(crate) struct Place {
    places: Places,
    org_id: OrgId,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// As many as this gateway has.
    Gateway,
    /// As many as one organisation may have.
    Organisation,
}

impl Places {
    pub(crate) fn new(max: usize, per_organisation_max: usize) -> Self {
        Self { taken: Arc::default(), max, per_organisation_max }
    }

    /// A place, if there is one.
    pub(crate) fn take(&self, org_id: OrgId) -> Result<Place, NoPlace> {
        let mut taken = self.taken.lock();
        if taken.of.get(&org_id).is_some_and(|mine| *mine >= self.per_organisation_max) {
            return Err(NoPlace::Organisation);
        }
        if taken.all >= self.max {
            return Err(NoPlace::Gateway);
        }
        taken.all += 1;
        *taken.of.entry(org_id).or_default() += 1;
        Ok(Place { places: self.clone(), org_id })
    }

    /// How many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.taken.lock().all
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock();
        taken.all -= 1;
        if let Some(mine) = taken.of.get_mut(&self.org_id) {
            *mine -= 1;
            if *mine == 0 {
                taken.of.remove(&self.org_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_organisation_takes_all_places_and_each_comes_back() {
        let places = Places::new(3, 2);
        let [one, other] = [OrgId::from_u128(1), OrgId::from_u128(2)];
        let first = places.take(one).ok().unwrap();
        let second = places.take(one).ok().unwrap();
        assert_eq!(places.take(one).err(), Some(NoPlace::Organisation));
        let third = places.take(other).ok().unwrap();
        assert_eq!(places.take(other).err(), Some(NoPlace::Gateway));
        drop(first);
        assert_eq!(places.taken(), 2);
        assert!(places.take(one).is_ok());
        drop((second, third));
        assert!(places.taken.lock().of.is_empty(), "who has none is not remembered");
    }
}
