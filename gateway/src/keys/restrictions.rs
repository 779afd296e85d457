//! What an API key may make of others, and of itself: nothing that is bound less than it is. Pure.
//!
//! Whoever binds a key to an address, a day or a number of requests must be able to rely on it, also when the key manages
//! keys: else it would lift its own bounds, or make itself a sibling without any.

use aibbar::Timestamp;
use ipnet::IpNet;
use store::{ApiKey, Limit, Limits};

use super::bodies::ChangedKey;

/// In which of its bounds `key` is bound less than `by`, the key that makes, changes or rotates it; `None`: in none.
/// `behind` is what holds where a key has no limit of its own.
pub(super) fn less_bound(key: &ApiKey, by: &ApiKey, behind: Limits) -> Option<&'static str> {
    let effective = key.effective_limits(behind);
    if !is_within(&key.allowed_ips, &by.allowed_ips) {
        Some("addresses")
    } else if !ends_in_time(key.expires_at, by.expires_at) {
        Some("end")
    } else if !is_at_most(effective.requests_per_minute, by.limits.requests_per_minute)
        || !is_at_most(effective.events_per_day, by.limits.events_per_day)
    {
        Some("limits")
    } else {
        None
    }
}

/// Whether a change names no more than a key may change of itself.
pub(super) fn is_name_alone(change: &ChangedKey) -> bool {
    let ChangedKey { name: _, scopes, expires_at, allowed_ips, requests_per_minute, events_per_day } = change;
    scopes.is_none()
        && expires_at.is_none()
        && allowed_ips.is_none()
        && requests_per_minute.is_none()
        && events_per_day.is_none()
}

/// No ranges are all addresses.
fn is_within(ranges: &[IpNet], of: &[IpNet]) -> bool {
    let inside = |range: &IpNet| of.iter().any(|outer| outer.contains(range));
    of.is_empty() || (!ranges.is_empty() && ranges.iter().all(inside))
}

fn ends_in_time(expires_at: Option<Timestamp>, by: Option<Timestamp>) -> bool {
    by.is_none_or(|by| expires_at.is_some_and(|at| at <= by))
}

/// A key without a limit of its own is bound by the plan, as every other is.
fn is_at_most(effective: Limit, own: Limit) -> bool {
    match (effective, own) {
        (_, Limit::Inherited | Limit::Off) => true,
        (Limit::AtMost(effective), Limit::AtMost(own)) => effective <= own,
        (Limit::Inherited | Limit::Off, Limit::AtMost(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;
    use store::vault::KeyHash;
    use uuid::Uuid;

    use super::*;

    const BEHIND: Limits = Limits { requests_per_minute: Limit::AtMost(1_000), events_per_day: Limit::Off };

    fn key(ranges: &[&str], expires_at: Option<i64>, requests: Limit, events: Limit) -> ApiKey {
        ApiKey {
            id: Uuid::nil(),
            org_id: Uuid::nil(),
            name: "agent".into(),
            prefix: "sk_01234567".into(),
            hash: KeyHash { pepper_version: 1, bytes: [0; 32] },
            previous: None,
            scopes: Vec::new(),
            limits: Limits { requests_per_minute: requests, events_per_day: events },
            limits_are_granted: false,
            allowed_ips: ranges.iter().map(|range| range.parse().unwrap()).collect(),
            made_by: "ada@example.com".into(),
            created_at: Timestamp::from_unix_ms(0),
            last_used_at: None,
            expires_at: expires_at.map(Timestamp::from_unix_ms),
            revoked_at: None,
        }
    }

    #[track_caller]
    fn check(key: &ApiKey, by: &ApiKey, expected: Option<&str>) {
        assert_eq!(less_bound(key, by, BEHIND), expected);
    }

    #[test]
    fn a_key_makes_no_key_that_is_good_from_elsewhere() {
        let from = |ranges: &[&str]| key(ranges, None, Limit::Inherited, Limit::Inherited);
        let by = from(&["203.0.113.0/24", "2001:db8::/32"]);
        check(&by, &by, None);
        check(&from(&["203.0.113.9/32"]), &by, None);
        check(&from(&["2001:db8:1::/48", "203.0.113.128/25"]), &by, None);
        for wider in [&[][..], &["203.0.112.0/23"], &["203.0.113.9/32", "192.0.2.1/32"], &["::/0"]] {
            check(&from(wider), &by, Some("addresses"));
        }
        check(&from(&[]), &from(&[]), None);
        check(&from(&["0.0.0.0/0"]), &from(&[]), None);
    }

    #[test]
    fn a_key_makes_no_key_that_outlives_it() {
        let until = |ms| key(&[], ms, Limit::Inherited, Limit::Inherited);
        check(&until(Some(5)), &until(Some(5)), None);
        check(&until(Some(6)), &until(Some(5)), Some("end"));
        check(&until(None), &until(Some(5)), Some("end"));
        check(&until(None), &until(None), None);
    }

    #[test]
    fn a_key_makes_no_key_that_may_more_often() {
        use Limit::{AtMost, Inherited, Off};
        let limited = |requests, events| key(&[], None, requests, events);
        let by = limited(AtMost(10), Inherited);
        check(&limited(AtMost(10), Off), &by, None);
        for more in [AtMost(11), Inherited, Off] {
            check(&limited(more, AtMost(1)), &by, Some("limits"));
        }
        // What the plan allows is less than what the key itself was given.
        check(&limited(Inherited, Inherited), &limited(AtMost(1_000), Inherited), None);
        check(&limited(AtMost(1), Inherited), &limited(AtMost(1), AtMost(5)), Some("limits"));
        check(&limited(AtMost(1), AtMost(5)), &limited(AtMost(1), AtMost(5)), None);
        check(&limited(Off, Off), &limited(Inherited, Off), None);
    }

    #[test]
    fn of_itself_a_key_changes_the_name_alone() {
        let alone = |body| is_name_alone(&serde_json::from_value::<ChangedKey>(body).unwrap());
        assert!(alone(json!({ "name": "b" })));
        for more in [
            json!({ "scopes": ["events:read"] }),
            json!({ "expires_at": null }),
            json!({ "allowed_ips": [] }),
            json!({ "name": "b", "requests_per_minute": null }),
            json!({ "events_per_day": 7 }),
        ] {
            assert!(!alone(more.clone()), "{more}");
        }
    }
}
