#![allow(clippy::unwrap_used)]
use std::time::SystemTime;

use futures_util::future::join_all;
use store::{
    Actor, AuditEntry, Limits, Plan, RedactionStore as _, Scope,
    api_key::NewApiKey,
    organisations::OrganisationStore as _,
    sqlite::{SqliteSettings, SqliteStore},
    vault::MasterKey,
};

use super::*;

struct Door {
    identities: Identities,
    store: Arc<SqliteStore>,
    vault: Arc<Vault>,
    _dir: tempfile::TempDir,
}

fn now() -> Timestamp {
    SystemTime::now().into()
}

fn entry(org_id: OrgId) -> AuditEntry {
    AuditEntry::new(Some(org_id), Actor::system(), "test.change", "test", "test")
}

impl Door {
    async fn open() -> Door {
        let dir = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::new(MasterKey::generate()));
        let path = dir.path().join("store.db");
        let store = Arc::new(SqliteStore::open(&path, SqliteSettings::default(), vault.clone()).await.unwrap());
        Door {
            identities: Identities::new(
                store.clone(),
                store.clone(),
                store.clone(),
                store.clone(),
                vault.clone(),
                None,
            ),
            store,
            vault,
            _dir: dir,
        }
    }

    /// A key of an organisation of this name.
    async fn key(&self, organisation: &str) -> (ApiKey, NewApiKey) {
        let org_id = self.store.ensure_organisation(organisation).await.unwrap().id;
        let new = api_key::generate();
        let key = ApiKey {
            id: Uuid::now_v7(),
            org_id,
            name: new.prefix.clone(),
            prefix: new.prefix.clone(),
            hash: self.vault.hash_api_key(&new.key).unwrap(),
            previous: None,
            scopes: vec![Scope::EventsWrite],
            limits: Limits::default(),
            limits_are_granted: false,
            allowed_ips: Vec::new(),
            made_by: "test".into(),
            created_at: now(),
            last_used_at: None,
            expires_at: None,
            revoked_at: None,
        };
        self.store.insert_api_key(&key, &entry(org_id)).await.unwrap();
        (key, new)
    }

    async fn lets_in(&self, new: &NewApiKey) -> bool {
        self.identities.api_key(&new.key, now()).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn what_one_organisation_changes_makes_nobody_ask_for_the_keys_of_others() {
    let door = Door::open().await;
    let (_, ours) = door.key("ours").await;
    door.identities.look().await.unwrap();
    assert!(door.lets_in(&ours).await);
    for _ in 0..3 {
        let (theirs, secret) = door.key("theirs").await;
        door.identities.look().await.unwrap();
        assert!(door.identities.knows(&ours.key).await);
        assert!(door.lets_in(&secret).await);
        door.store.revoke_api_key(theirs.org_id, theirs.id, now(), &entry(theirs.org_id)).await.unwrap();
        door.identities.look().await.unwrap();
        assert!(door.identities.knows(&ours.key).await);
        assert!(!door.lets_in(&secret).await);
    }
    // A plan may be anybody's.
    let plan = Plan { name: "default".into(), limits: Limits::OFF };
    door.store.set_plan(&plan, &entry(Uuid::nil())).await.unwrap();
    door.identities.look().await.unwrap();
    assert!(!door.identities.knows(&ours.key).await);
    let found = door.identities.api_key(&ours.key, now()).await.unwrap().unwrap();
    assert_eq!(found.plan, Limits::OFF);
}

#[tokio::test]
async fn a_key_that_was_unknown_is_found_once_it_was_made() {
    let door = Door::open().await;
    let (mut key, _) = door.key("ours").await;
    let new = api_key::generate();
    assert!(!door.lets_in(&new).await);
    key.id = Uuid::now_v7();
    key.name = "made later".into();
    key.prefix = new.prefix.clone();
    key.hash = door.vault.hash_api_key(&new.key).unwrap();
    door.store.insert_api_key(&key, &entry(key.org_id)).await.unwrap();
    door.identities.look().await.unwrap();
    assert!(door.lets_in(&new).await);
}

#[tokio::test]
async fn a_load_that_began_before_a_revocation_was_learned_lets_nobody_in_after_it() {
    let door = Door::open().await;
    let (key, new) = door.key("ours").await;
    door.identities.look().await.unwrap();
    let stamp = door.identities.freshness.read().now();
    let found = door.store.api_key_by_prefix(&key.prefix).await.unwrap().map(Arc::new);
    door.store.revoke_api_key(key.org_id, key.id, now(), &entry(key.org_id)).await.unwrap();
    door.identities.look().await.unwrap();
    // The load ends only now, with what it read before.
    let found = found.map(|found| KnownKey { found, noted: last_used::never() });
    door.identities.api_keys.insert(key.prefix.as_str().into(), Stamped { stamp, found }).await;
    assert!(!door.lets_in(&new).await);
}

#[tokio::test]
async fn many_who_ask_for_one_cold_key_share_one_load() {
    let door = Door::open().await;
    let (_, new) = door.key("ours").await;
    for _ in 0..2 {
        let asked = join_all((0..50).map(|_| door.identities.api_key(&new.key, now()))).await;
        let found: Vec<_> = asked.into_iter().map(|found| found.unwrap().unwrap()).collect();
        assert!(found.iter().all(|one| Arc::ptr_eq(one, &found[0])));
        // Again, where something old is in the way.
        door.key("ours").await;
        door.identities.look().await.unwrap();
    }
}

#[tokio::test]
async fn what_an_organisation_hides_is_known_once_its_change_is() {
    let door = Door::open().await;
    let (org_id, other) = (door.key("acme").await.0.org_id, door.key("other").await.0.org_id);
    let by_default = door.identities.redaction_rules(org_id).await.unwrap();
    assert_eq!(by_default.version(), RuleSet::VERSION);
    assert!(Arc::ptr_eq(&by_default, &door.identities.redaction_rules(other).await.unwrap()), "one for all of them");

    let settings = serde_json::from_str(r#"{"rules":[{"name":"employee","pattern":"EMP-[0-9]+"}]}"#).unwrap();
    door.store.set_redaction(org_id, &settings, now(), &entry(org_id)).await.unwrap();
    assert!(Arc::ptr_eq(&by_default, &door.identities.redaction_rules(org_id).await.unwrap()), "nobody has looked yet");
    door.identities.look().await.unwrap();
    let rules = door.identities.redaction_rules(org_id).await.unwrap();
    assert_eq!((rules.version(), rules.own_rules()), (format!("{}+org.1", RuleSet::VERSION).as_str(), 1));
    assert!(Arc::ptr_eq(&rules, &door.identities.redaction_rules(org_id).await.unwrap()), "compiled once");
    assert!(Arc::ptr_eq(&by_default, &door.identities.redaction_rules(other).await.unwrap()), "theirs alone changed");
}
