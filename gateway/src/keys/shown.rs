//! An API key as the API shows it: never its hash, and the key itself once.

use aibbar::Timestamp;
use serde::Serialize;
use store::{ApiKey, Limits};
use utoipa::ToSchema;
use uuid::Uuid;

use super::limits::{LimitsShown, number};
use crate::words::ScopeWord;

/// An API key.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct KeyShown {
    /// Its id; stays the same when it is rotated.
    id: Uuid,
    /// What people call it.
    name: String,
    /// What the key begins with; not secret.
    #[schema(example = "sk_01234567")]
    prefix: String,
    /// What it may do.
    scopes: Vec<ScopeWord>,
    /// Whether it is good now.
    status: KeyStatus,
    /// Its own limit of requests in any 60 seconds; `null`: none of its own, see `effective_limits`.
    requests_per_minute: Option<u64>,
    /// Its own limit of events in one day (UTC); `null`: none of its own, see `effective_limits`.
    events_per_day: Option<u64>,
    /// The limits that hold for it: its own, at most the plan's; without any the plan's, else the server's.
    effective_limits: LimitsShown,
    /// From where alone it may be used; empty: from everywhere.
    allowed_ips: Vec<String>,
    /// Who made it: a person's e-mail address, or the name of a key.
    made_by: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last used, give or take a minute.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// From then on it is refused.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Since then it is refused.
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
    /// Until then the secret that it had before its rotation is good too.
    #[schema(format = DateTime)]
    previous_valid_until: Option<String>,
}

/// An API key, with the key itself: shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKeyWithSecret)]
pub(crate) struct KeyWithSecret {
    #[serde(flatten)]
    pub(super) shown: KeyShown,
    /// The key, to be kept somewhere safe: it is shown this once.
    #[schema(example = "sk_0123456789ABCDEFGHIJKLMN2YbPlI")]
    pub(super) key: String,
}

/// Whether a key is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyStatus {
    Active,
    Expired,
    Revoked,
}

impl KeyStatus {
    /// Of a key that ends, or has ended, at these times.
    pub(crate) fn of(ends_at: Option<Timestamp>, revoked_at: Option<Timestamp>, now: Timestamp) -> Self {
        if revoked_at.is_some() {
            KeyStatus::Revoked
        } else if ends_at.is_some_and(|at| at <= now) {
            KeyStatus::Expired
        } else {
            KeyStatus::Active
        }
    }
}

impl KeyShown {
    pub(super) fn of(key: ApiKey, plan: Limits, server: Limits, now: Timestamp) -> Self {
        let time = |at: Timestamp| at.to_string();
        let effective_limits = LimitsShown::of(key.effective_limits(plan.or(server)));
        let previous = key.previous.filter(|previous| key.revoked_at.is_none() && now < previous.until);
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes.into_iter().map(ScopeWord).collect(),
            status: KeyStatus::of(key.expires_at, key.revoked_at, now),
            requests_per_minute: number(key.limits.requests_per_minute),
            events_per_day: number(key.limits.events_per_day),
            effective_limits,
            allowed_ips: key.allowed_ips.iter().map(ToString::to_string).collect(),
            made_by: key.made_by,
            created_at: time(key.created_at),
            last_used_at: key.last_used_at.map(time),
            expires_at: key.expires_at.map(time),
            revoked_at: key.revoked_at.map(time),
            previous_valid_until: previous.map(|previous| time(previous.until)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_at_the_very_moment_it_says() {
        let now = Timestamp::from_unix_ms(1_000);
        assert_eq!(KeyStatus::of(None, None, now), KeyStatus::Active);
        assert_eq!(KeyStatus::of(Some(now.plus_ms(1)), None, now), KeyStatus::Active);
        assert_eq!(KeyStatus::of(Some(now), None, now), KeyStatus::Expired);
        assert_eq!(KeyStatus::of(Some(now), Some(now), now), KeyStatus::Revoked);
    }
}
