//! People, organisations and entries of a test: it says what matters, the rest is made up.

use aibbar::Timestamp;
use store::{
    Actor, AuditEntry, OrgId, Organisation, Role, Session, TokenHash, User,
    accounts::PasswordHash,
    audit::{AuditFilter, AuditPage},
    limits::DEFAULT_PLAN,
};
use uuid::Uuid;

use crate::place::Store;

/// So many seconds after the moment at which every test begins.
pub(crate) fn second(seconds: i64) -> Timestamp {
    Timestamp::from_unix_ns(1_700_000_000_000_000_000 + seconds * 1_000_000_000)
}

/// An entry of a successful change in no organisation, at the beginning.
pub(crate) fn entry(action: &str) -> AuditEntry {
    entry_of(None, action)
}

pub(crate) fn entry_of(org_id: Option<OrgId>, action: &str) -> AuditEntry {
    AuditEntry { at: second(0), ..AuditEntry::new(org_id, Actor::operator(), action, "test", "target") }
}

pub(crate) fn person(email: &str) -> User {
    User {
        id: Uuid::now_v7(),
        email: email.to_owned(),
        name: "Ada Lovelace".to_owned(),
        password: Some(PasswordHash("$argon2id$v=19$made-up".to_owned())),
        password_is_temporary: false,
        email_verified_at: None,
        created_at: second(0),
    }
}

/// A person who is kept.
pub(crate) async fn kept_person(store: &dyn Store, email: &str) -> Uuid {
    let user = person(email);
    store.insert_user(&user, &entry("user.create")).await.unwrap();
    user.id
}

pub(crate) fn organisation(name: &str) -> Organisation {
    Organisation {
        id: Uuid::now_v7(),
        name: name.to_owned(),
        plan: DEFAULT_PLAN.to_owned(),
        registered_systems_only: false,
        created_at: second(0),
    }
}

/// An organisation with its first owner.
pub(crate) async fn owned(store: &dyn Store, name: &str) -> (OrgId, Uuid) {
    let owner = kept_person(store, &format!("owner@{name}.example")).await;
    let new = organisation(name);
    store.create_organisation(&new, owner, &entry_of(Some(new.id), "organisation.create")).await.unwrap();
    (new.id, owner)
}

/// A new person in an organisation.
pub(crate) async fn joined(store: &dyn Store, org_id: OrgId, email: &str, role: Role) -> Uuid {
    let user_id = kept_person(store, email).await;
    store.add_member(org_id, user_id, role, &entry_of(Some(org_id), "member.add")).await.unwrap();
    user_id
}

/// A session from the beginning on, good for an hour.
pub(crate) fn session_of(user_id: Uuid, org_id: Option<OrgId>) -> Session {
    Session {
        id: Uuid::now_v7(),
        user_id,
        org_id,
        user_agent: Some("Mozilla/5.0".to_owned()),
        address: Some([192, 0, 2, 1].into()),
        created_at: second(0),
        last_seen_at: second(0),
        expires_at: second(3_600),
        revoked_at: None,
    }
}

/// A session that is kept, with a refresh token of this name.
pub(crate) async fn signed_in(store: &dyn Store, user_id: Uuid, org_id: Option<OrgId>, token: &str) -> Session {
    let session = session_of(user_id, org_id);
    store.insert_session(&session, &TokenHash::of(token), &entry("session.login")).await.unwrap();
    session
}

/// The organisation's whole trail, newest first.
pub(crate) async fn trail(store: &dyn Store, org_id: OrgId) -> Vec<AuditEntry> {
    let AuditPage { entries, next_before } = store.audit(org_id, &AuditFilter::default(), None, 10_000).await.unwrap();
    assert_eq!(next_before, None);
    entries
}

/// How many entries of an action the organisation's trail has.
pub(crate) async fn told(store: &dyn Store, org_id: OrgId, action: &str) -> usize {
    trail(store, org_id).await.iter().filter(|entry| entry.action == action).count()
}
