//! Which cached identities are still good. Pure.
//!
//! Learning of changes counts up; what is loaded is stamped with the count at which its loading began. What belongs to
//! an organisation is good until a change of that organisation is learned, or of all. So what one tenant changes all day
//! makes nobody look again for the keys of others.

use std::collections::HashMap;

use store::{OrgId, identity::Changes};

/// Organisations whose last change is remembered one by one; before there are more, all are forgotten at once.
const REMEMBERED_MAX: usize = 10_000;

/// How many times a change was learned of, on this gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stamp(u64);

/// What this gateway has learned of changes.
#[derive(Debug, Default)]
pub(super) struct Freshness {
    /// The store's version that all of this is about.
    version: u64,
    now: Stamp,
    /// What was stamped before is good no more, whosever it is.
    floor: Stamp,
    changed: HashMap<OrgId, Stamp>,
}

impl Freshness {
    /// The version to ask for changes since.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// For what is about to be loaded.
    pub(super) fn now(&self) -> Stamp {
        self.now
    }

    /// Notes what changed since [`Freshness::version`].
    pub(super) fn learn(&mut self, changes: &Changes) {
        let is_news = changes.all || !changes.organisations.is_empty() || changes.version != self.version;
        self.version = changes.version;
        if !is_news {
            return;
        }
        self.now.0 += 1;
        if changes.all || self.changed.len() + changes.organisations.len() > REMEMBERED_MAX {
            self.floor = self.now;
            self.changed.clear();
            return;
        }
        self.changed.extend(changes.organisations.iter().map(|&org_id| (org_id, self.now)));
    }

    /// Whether what was stamped so is still good; `None`: nothing was found, so any change may have brought it.
    pub(super) fn is_good(&self, stamp: Stamp, of: Option<OrgId>) -> bool {
        match of {
            None => stamp == self.now,
            Some(org_id) => stamp >= self.floor && self.changed.get(&org_id).is_none_or(|&changed| stamp >= changed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn org(id: u128) -> OrgId {
        OrgId::from_u128(id)
    }

    fn changes(version: u64, organisations: &[OrgId]) -> Changes {
        Changes { version, all: false, organisations: organisations.to_vec() }
    }

    #[test]
    fn what_one_organisation_changes_leaves_the_keys_of_others_good() {
        let mut freshness = Freshness::default();
        let stamp = freshness.now();
        for version in 1..1_000 {
            freshness.learn(&changes(version, &[org(1)]));
            assert!(!freshness.is_good(stamp, Some(org(1))));
            assert!(freshness.is_good(stamp, Some(org(2))));
            assert!(freshness.is_good(freshness.now(), Some(org(1))));
        }
        assert_eq!(freshness.version(), 999);
    }

    #[test]
    fn what_was_not_found_is_asked_for_again_after_any_change() {
        let mut freshness = Freshness::default();
        let stamp = freshness.now();
        freshness.learn(&changes(0, &[]));
        assert!(freshness.is_good(stamp, None), "nothing changed");
        freshness.learn(&changes(1, &[org(1)]));
        assert!(!freshness.is_good(stamp, None));
        // Of nobody that is remembered: still it may be what was asked for.
        let stamp = freshness.now();
        freshness.learn(&changes(2, &[]));
        assert!(!freshness.is_good(stamp, None));
    }

    #[test]
    fn a_load_that_began_before_a_change_was_learned_does_not_outlive_it() {
        let mut freshness = Freshness::default();
        freshness.learn(&changes(1, &[org(1)]));
        let began = freshness.now();
        freshness.learn(&changes(2, &[org(1)]));
        freshness.learn(&changes(3, &[org(2)]));
        assert!(!freshness.is_good(began, Some(org(1))), "however late it ends");
    }

    #[test]
    fn a_change_of_all_ends_everything_and_so_does_a_version_of_another_time() {
        let mut freshness = Freshness::default();
        freshness.learn(&changes(7, &[org(1)]));
        for version in [8, 3] {
            let stamp = freshness.now();
            freshness.learn(&Changes { version, all: true, organisations: Vec::new() });
            assert!(!freshness.is_good(stamp, Some(org(1))) && !freshness.is_good(stamp, Some(org(2))));
            assert!(freshness.is_good(freshness.now(), Some(org(2))));
            assert_eq!(freshness.version(), version);
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_and_nothing_is_forgotten() {
        let mut freshness = Freshness::default();
        let stamp = freshness.now();
        for id in 0..2 * REMEMBERED_MAX as u64 + 5 {
            freshness.learn(&changes(id + 1, &[org(id.into())]));
            assert!(freshness.changed.len() <= REMEMBERED_MAX);
        }
        for id in 0..2 * REMEMBERED_MAX as u128 + 5 {
            assert!(!freshness.is_good(stamp, Some(org(id))));
        }
    }
}
