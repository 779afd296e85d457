//! What the routes of API keys take.

use std::net::IpAddr;

use aibbar::{Fault, Timestamp};
use ipnet::IpNet;
use serde::Deserialize;
use store::{AuditEntry, Limit, Limits, Scope};
use utoipa::ToSchema;

use crate::{
    body::Checked,
    words::{ScopeWord, nullable},
};

/// The most that a limit can be set to; far beyond what one key can send.
const LIMIT_MAX: u64 = 1_000_000_000_000;

/// An API key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// What people call it; unique among the organisation's keys that are not revoked.
    #[schema(schema_with = crate::words::name_schema)]
    pub(super) name: String,
    /// What it may do: nothing that its maker may not.
    #[schema(min_items = 1, max_items = 32)]
    pub(super) scopes: Vec<ScopeWord>,
    /// From then on it is refused; absent: never.
    #[schema(format = DateTime)]
    pub(super) expires_at: Option<String>,
    /// From where alone it may be used, as addresses or ranges (CIDR); empty or absent: from everywhere.
    #[serde(default)]
    #[schema(max_items = 64)]
    pub(super) allowed_ips: Vec<String>,
    /// Requests in any 60 seconds, at most what the plan allows; absent: what the plan allows.
    #[schema(minimum = 1, maximum = 1_000_000_000_000u64)]
    pub(super) requests_per_minute: Option<u64>,
    /// Events in one day (UTC), at most what the plan allows; absent: what the plan allows.
    #[schema(minimum = 1, maximum = 1_000_000_000_000u64)]
    pub(super) events_per_day: Option<u64>,
}

/// What changes of an API key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedKey {
    /// What people call it.
    #[schema(schema_with = crate::words::name_schema)]
    pub(super) name: Option<String>,
    /// What it may do: nothing that its changer may not.
    #[schema(min_items = 1, max_items = 32, nullable = false)]
    pub(super) scopes: Option<Vec<ScopeWord>>,
    /// From then on it is refused; `null`: never.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) expires_at: Option<Option<String>>,
    /// From where alone it may be used, as addresses or ranges (CIDR); empty: from everywhere.
    #[schema(max_items = 64, nullable = false)]
    pub(super) allowed_ips: Option<Vec<String>>,
    /// Requests in any 60 seconds, at most what the plan allows; `null`: what the plan allows.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 1_000_000_000_000u64)]
    pub(super) requests_per_minute: Option<Option<u64>>,
    /// Events in one day (UTC), at most what the plan allows; `null`: what the plan allows.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 1_000_000_000_000u64)]
    pub(super) events_per_day: Option<Option<u64>>,
}

/// How an API key is rotated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    /// How long the old secret stays good beside the new one; at most 7 days. Absent: it ends at once.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 604_800)]
    pub(super) overlap_seconds: u32,
}

impl NewKey {
    pub(super) fn limits(&self) -> Limits {
        Limits { requests_per_minute: limit(self.requests_per_minute), events_per_day: limit(self.events_per_day) }
    }
}

impl ChangedKey {
    /// The limits that it gives; what it does not give is inherited, and so above nothing.
    pub(super) fn limits_given(&self) -> Limits {
        Limits {
            requests_per_minute: limit(self.requests_per_minute.flatten()),
            events_per_day: limit(self.events_per_day.flatten()),
        }
    }

    /// The key's limits after it, when it names any.
    pub(super) fn limits(&self, before: Limits) -> Option<Limits> {
        if self.requests_per_minute.is_none() && self.events_per_day.is_none() {
            return None;
        }
        Some(Limits {
            requests_per_minute: self.requests_per_minute.map_or(before.requests_per_minute, limit),
            events_per_day: self.events_per_day.map_or(before.events_per_day, limit),
        })
    }

    /// Puts what it names into the trail.
    pub(super) fn told(&self, mut entry: AuditEntry) -> AuditEntry {
        if let Some(name) = &self.name {
            entry = entry.with("name", name.clone());
        }
        if let Some(scopes) = &self.scopes {
            entry = entry.with("scopes", super::words(&scopes_of(scopes)));
        }
        if let Some(at) = &self.expires_at {
            entry = entry.with("expires_at", at.clone());
        }
        if let Some(given) = &self.allowed_ips {
            entry = entry.with("allowed_ips", ranges(given).iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        if let Some(limit) = self.requests_per_minute {
            entry = entry.with("requests_per_minute", limit);
        }
        if let Some(limit) = self.events_per_day {
            entry = entry.with("events_per_day", limit);
        }
        entry
    }
}

impl Checked for NewKey {
    fn faults(&self) -> Vec<Fault> {
        time_fault(self.expires_at.as_deref()).into_iter().chain(range_faults(&self.allowed_ips)).collect()
    }
}

impl Checked for ChangedKey {
    fn faults(&self) -> Vec<Fault> {
        let time = time_fault(self.expires_at.as_ref().and_then(Option::as_deref));
        time.into_iter().chain(range_faults(self.allowed_ips.as_deref().unwrap_or_default())).collect()
    }
}

impl Checked for Rotation {}

fn limit(given: Option<u64>) -> Limit {
    given.map_or(Limit::Inherited, |most| Limit::AtMost(most.clamp(1, LIMIT_MAX)))
}

/// The scopes named, each once, in the order in which they are listed.
pub(super) fn scopes_of(words: &[ScopeWord]) -> Vec<Scope> {
    Scope::ALL.into_iter().filter(|scope| words.contains(&ScopeWord(*scope))).collect()
}

/// The ranges named, each once; what is none was refused before.
pub(super) fn ranges(given: &[String]) -> Vec<IpNet> {
    let mut ranges: Vec<IpNet> = given.iter().filter_map(|text| range(text)).collect();
    ranges.sort_unstable();
    ranges.dedup();
    ranges
}

/// A range, or one address. Bits beyond the prefix are cut off: people write `10.0.0.1/8` and mean the network.
fn range(text: &str) -> Option<IpNet> {
    let range = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()?;
    Some(match range {
        // Callers are known by their IPv4 address where they have one.
        IpNet::V6(v6) if v6.prefix_len() >= 96 => match v6.addr().to_ipv4_mapped() {
            Some(v4) => IpNet::new(v4.into(), v6.prefix_len() - 96).ok()?.trunc(),
            None => range.trunc(),
        },
        _ => range.trunc(),
    })
}

fn range_faults(given: &[String]) -> impl Iterator<Item = Fault> + '_ {
    let wrong = given.iter().enumerate().filter(|(_, text)| range(text).is_none());
    wrong.map(|(at, _)| Fault {
        pointer: format!("/allowed_ips/{at}"),
        code: "format",
        detail: "must be an IP address or a range such as 203.0.113.0/24".into(),
    })
}

fn time_fault(given: Option<&str>) -> Option<Fault> {
    given.filter(|text| Timestamp::parse(text).is_none()).map(|_| Fault {
        pointer: "/expires_at".into(),
        code: "format",
        detail: "must be RFC 3339 with an offset and at most 9 fraction digits".into(),
    })
}

/// A key is not made to be refused.
pub(super) fn past(expires_at: Option<Timestamp>, now: Timestamp) -> Option<Fault> {
    expires_at.filter(|at| *at <= now).map(|_| Fault {
        pointer: "/expires_at".into(),
        code: "in_past",
        detail: "must lie in the future".into(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_range(text: &str, expected: Option<&str>) {
        assert_eq!(range(text).map(|range| range.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn an_address_is_a_range_of_one() {
        check_range("203.0.113.9", Some("203.0.113.9/32"));
        check_range("2001:db8::1", Some("2001:db8::1/128"));
        check_range("10.1.2.3/8", Some("10.0.0.0/8"));
        check_range("::ffff:10.1.2.3/104", Some("10.0.0.0/8"));
        check_range("::ffff:10.1.2.3", Some("10.1.2.3/32"));
        for wrong in ["", "10.0.0.0/33", "10.0.0", "localhost", " 10.0.0.1"] {
            check_range(wrong, None);
        }
    }

    #[test]
    fn scopes_and_ranges_are_kept_once() {
        let words = [Scope::AuditRead, Scope::EventsRead, Scope::AuditRead].map(ScopeWord);
        assert_eq!(scopes_of(&words), [Scope::EventsRead, Scope::AuditRead]);
        assert_eq!(ranges(&["10.0.0.1/8".into(), "10.0.0.0/8".into()]).len(), 1);
    }

    #[test]
    fn a_change_touches_the_limits_that_it_names() {
        let before = Limits { requests_per_minute: Limit::AtMost(5), events_per_day: Limit::Off };
        let after = |body| serde_json::from_value::<ChangedKey>(body).unwrap().limits(before);
        assert_eq!(after(json!({ "name": "b" })), None);
        assert_eq!(
            after(json!({ "requests_per_minute": 7 })),
            Some(Limits { requests_per_minute: Limit::AtMost(7), ..before })
        );
        assert_eq!(after(json!({ "events_per_day": null })).unwrap().events_per_day, Limit::Inherited);
    }

    #[test]
    fn every_wrong_range_and_the_wrong_time_are_told_by_their_place() {
        let body = json!({
            "name": "a", "scopes": ["events:read"], "expires_at": "soon", "allowed_ips": ["10.0.0.1", "x", "y"],
        });
        let faults = serde_json::from_value::<NewKey>(body).unwrap().faults();
        let places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(places, ["/expires_at", "/allowed_ips/1", "/allowed_ips/2"]);
    }

    #[test]
    fn the_end_lies_in_the_future() {
        let now = Timestamp::from_unix_ms(1_000);
        assert!(past(Some(now), now).is_some());
        assert!(past(Some(now.plus_ms(1)), now).is_none());
        assert!(past(None, now).is_none());
    }
}
