//! A signing key as the API shows it: its versions, and a secret once.

use std::collections::BTreeMap;

use aibbar::Timestamp;
use serde::Serialize;
use store::SigningKey;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::keys::KeyStatus;

/// A signing key.
#[derive(Serialize, ToSchema)]
#[schema(as = SigningKey)]
pub(crate) struct SigningKeyShown {
    /// Its name in events.
    key_id: String,
    /// Whether it is meant when an event names none.
    is_default: bool,
    /// The one AI system whose events it may sign; `null`: any.
    ai_id: Option<Uuid>,
    /// What its secrets sign with.
    #[schema(example = "HMAC-SHA256")]
    algorithm: &'static str,
    /// Whether any version verifies now.
    status: KeyStatus,
    /// When its first version was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// Its versions, newest first: the newest is the one to sign with.
    versions: Vec<SigningKeyVersion>,
}

/// One version of a signing key.
#[derive(Serialize, ToSchema)]
pub(crate) struct SigningKeyVersion {
    /// Counts from 1.
    version: u32,
    /// Whether it verifies now.
    status: KeyStatus,
    /// Who made it: a person's e-mail address, or the name of a key.
    made_by: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last verified an event, give or take a minute; `null`: never, as far as is known.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// From then on it verifies nothing, since it was rotated.
    #[schema(format = DateTime)]
    verify_until: Option<String>,
    /// Since then it verifies nothing.
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
}

/// A signing key, with the secret of its newest version: shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SigningKeyWithSecret {
    #[serde(flatten)]
    pub(super) shown: SigningKeyShown,
    /// What to sign with, to be kept somewhere safe: it is shown this once.
    #[schema(example = "ss_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    pub(super) secret: String,
}

impl SigningKeyShown {
    /// Of all versions of one key, newest first.
    pub(super) fn of(key_id: String, versions: &[SigningKey], now: Timestamp) -> Self {
        let shown: Vec<SigningKeyVersion> = versions.iter().map(|key| SigningKeyVersion::of(key, now)).collect();
        let newest = versions.first();
        Self {
            key_id,
            is_default: versions.iter().any(|key| key.is_default),
            ai_id: newest.and_then(|key| key.ai_id),
            algorithm: "HMAC-SHA256",
            status: newest.map_or(KeyStatus::Revoked, |key| status(key, now)),
            created_at: versions.last().map(|key| key.created_at.to_string()).unwrap_or_default(),
            versions: shown,
        }
    }
}

impl SigningKeyVersion {
    fn of(key: &SigningKey, now: Timestamp) -> Self {
        Self {
            version: key.version,
            status: status(key, now),
            made_by: key.made_by.clone(),
            created_at: key.created_at.to_string(),
            last_used_at: key.last_used_at.map(|at| at.to_string()),
            verify_until: key.verify_until.map(|at| at.to_string()),
            revoked_at: key.revoked_at.map(|at| at.to_string()),
        }
    }
}

fn status(key: &SigningKey, now: Timestamp) -> KeyStatus {
    KeyStatus::of(key.verify_until, key.revoked_at, now)
}

/// The versions of each key, newest first, by the keys' names.
pub(super) fn by_name(versions: Vec<SigningKey>) -> BTreeMap<String, Vec<SigningKey>> {
    let mut keys = BTreeMap::<String, Vec<SigningKey>>::new();
    for version in versions {
        keys.entry(version.key_id.clone()).or_default().push(version);
    }
    for versions in keys.values_mut() {
        versions.sort_by_key(|key| std::cmp::Reverse(key.version));
    }
    keys
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::SigningSecret;

    use super::*;

    fn version(key_id: &str, version: u32, verify_until: Option<Timestamp>) -> SigningKey {
        SigningKey {
            org_id: Uuid::nil(),
            key_id: key_id.into(),
            version,
            secret: SigningSecret::new("ss_hush".to_owned()),
            is_default: key_id == "main" && version == 2,
            ai_id: None,
            made_by: "ada@example.com".into(),
            created_at: Timestamp::from_unix_ms(1_000),
            last_used_at: None,
            verify_until,
            revoked_at: None,
        }
    }

    #[test]
    fn a_key_is_shown_by_its_versions_newest_first_and_without_a_secret() {
        let now = Timestamp::from_unix_ms(5_000);
        let kept = [version("main", 1, Some(now)), version("other", 1, None), version("main", 2, None)];
        let mut keys = by_name(kept.to_vec()).into_iter().map(|(name, all)| SigningKeyShown::of(name, &all, now));
        let main = serde_json::to_value(keys.next().unwrap()).unwrap();
        assert_eq!((main["key_id"].as_str(), main["is_default"].as_bool()), (Some("main"), Some(true)));
        assert_eq!((main["status"].as_str(), main["versions"][0]["version"].as_u64()), (Some("active"), Some(2)));
        assert_eq!(main["versions"][1]["status"], "expired");
        assert!(!main.to_string().contains("hush"), "{main}");
        assert_eq!(keys.next().unwrap().key_id, "other");
    }
}
