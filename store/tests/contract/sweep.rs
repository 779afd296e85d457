//! What has ended leaves; what has not, and the trail, stay.

use store::{
    Role, Session, TokenHash,
    accounts::{AttemptBounds, Refreshed, TokenPurpose},
    organisations::Invitation,
};
use uuid::Uuid;

use crate::{
    people::{entry, entry_of, kept_person, owned, second, session_of, signed_in, trail},
    place::{Place, Store},
};

const BOUNDS: AttemptBounds =
    AttemptBounds { free: 0, delay_ms: 1_000, delay_ms_max: 1_000_000, forgotten_after_ms: 1_000_000 };

async fn invite(store: &dyn Store, org_id: Uuid, token: &str, expires_at: i64) -> Uuid {
    let invitation = Invitation {
        id: Uuid::now_v7(),
        org_id,
        email: format!("{token}@example.org"),
        role: Role::Member,
        token: TokenHash::of(token),
        invited_by: "owner".to_owned(),
        created_at: second(0),
        expires_at: second(expires_at),
        ended_at: None,
    };
    store.invite(&invitation, &Role::ALL, &entry_of(Some(org_id), "invitation.create")).await.unwrap();
    invitation.id
}

/// How many rows each table of what can end has.
async fn left(place: &Place) -> Vec<i64> {
    let mut left = Vec::new();
    for table in ["sessions", "refresh_tokens", "one_time_tokens", "invitations", "login_attempts"] {
        left.push(place.count(table).await);
    }
    left
}

pub(crate) async fn what_has_ended_is_swept_and_nothing_else(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let other = kept_person(&*store, "other@example.org").await;
    let good = signed_in(&*store, owner, Some(org_id), "good").await;
    let revoked = signed_in(&*store, owner, Some(org_id), "revoked").await;
    store.revoke_session(owner, revoked.id, second(10), &entry("session.logout")).await.unwrap();
    let revoked_later = signed_in(&*store, owner, Some(org_id), "revoked later").await;
    store.revoke_session(owner, revoked_later.id, second(100), &entry("session.logout")).await.unwrap();
    let expired = Session { expires_at: second(99), ..session_of(owner, None) };
    store.insert_session(&expired, &TokenHash::of("expired"), &entry("session.login")).await.unwrap();
    for (token, next, at) in
        [("good", "used long ago", 1), ("used long ago", "used just now", 99), ("used just now", "n", 100)]
    {
        let (token, next) = (TokenHash::of(token), TokenHash::of(next));
        let refreshed = store.refresh_session(&token, &next, None, second(at), 0, &entry("session.reuse")).await;
        assert!(matches!(refreshed, Ok(Refreshed::Rotated(_))), "{refreshed:?}");
    }
    for (user_id, token, expires_at) in [(owner, "a", 99), (other, "b", 100)] {
        let token = TokenHash::of(token);
        store.insert_one_time_token(TokenPurpose::VerifyEmail, user_id, &token, second(expires_at)).await.unwrap();
    }
    invite(&*store, org_id, "expires", 99).await;
    invite(&*store, org_id, "stays", 100).await;
    let withdrawn = invite(&*store, org_id, "withdrawn", 1_000).await;
    let entry = entry_of(Some(org_id), "invitation.withdraw");
    store.withdraw_invitation(org_id, withdrawn, second(99), &entry).await.unwrap();
    for (subject, at) in [("long ago", 1), ("just now", 100)] {
        store.begin_attempt(subject, second(at), BOUNDS).await.unwrap();
    }
    let long_delay = AttemptBounds { delay_ms: 1_000_000, ..BOUNDS };
    store.begin_attempt("still waits", second(1), long_delay).await.unwrap();
    let told = trail(&*store, org_id).await;
    assert_eq!(left(place).await, [4, 7, 2, 3, 3]);

    assert_eq!(store.sweep_accounts(second(100)).await.unwrap(), 8);
    assert_eq!(left(place).await, [2, 3, 1, 1, 2]);
    assert_eq!(store.sweep_accounts(second(100)).await.unwrap(), 0);
    assert_eq!(store.sessions(owner, second(101)).await.unwrap()[0].id, good.id);
    assert!(store.invitation(&TokenHash::of("stays"), second(50)).await.unwrap().is_some());
    assert_eq!(trail(&*store, org_id).await, told);
}

pub(crate) async fn more_than_leave_at_once_leave_all_the_same(place: &Place) {
    let store = place.open().await;
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2100) \
                INSERT INTO login_attempts SELECT 'subject ' || i, 1, 0, 0 FROM n";
    place.execute(many).await.unwrap();
    assert_eq!(store.sweep_accounts(second(1_000)).await.unwrap(), 2_100);
}
