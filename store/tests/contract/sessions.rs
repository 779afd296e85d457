//! Sessions and their refresh tokens.

use store::{OrgId, Role, Session, TokenHash, accounts::Refreshed};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    people::{entry, entry_of, joined, kept_person, owned, second, session_of, signed_in, told, trail},
    place::{Place, Store},
};

const GRACE_MS: i64 = 10_000;

async fn refresh(store: &dyn Store, token: &str, next: &str, at: i64) -> Refreshed {
    let (token, next) = (TokenHash::of(token), TokenHash::of(next));
    let address = Some([198, 51, 100, 7].into());
    store.refresh_session(&token, &next, address, second(at), GRACE_MS, &entry("session.reuse")).await.unwrap()
}

async fn is_rotated(store: &dyn Store, token: &str, next: &str, at: i64) -> bool {
    matches!(refresh(store, token, next, at).await, Refreshed::Rotated(_))
}

pub(crate) async fn a_session_comes_back_as_it_was(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let session = signed_in(&*store, owner, Some(org_id), "token").await;
    let bare = Session { user_agent: None, address: None, org_id: None, ..session_of(owner, None) };
    let bare = Session { last_seen_at: second(-5), ..bare };
    store.insert_session(&bare, &TokenHash::of("bare"), &entry("session.login")).await.unwrap();
    assert_eq!(store.sessions(owner, second(1)).await.unwrap(), [session, bare], "last seen first");
    assert!(store.sessions(owner, second(3_600)).await.unwrap().is_empty());

    let boastful = Session { user_agent: Some("ä\0".repeat(300)), ..session_of(owner, None) };
    store.insert_session(&boastful, &TokenHash::of("boastful"), &entry("session.login")).await.unwrap();
    let state = store.session_state(boastful.id, None, second(1)).await.unwrap().unwrap();
    assert_eq!(state.session.user_agent, Some("ä\u{FFFD}".repeat(128)));
}

pub(crate) async fn a_refresh_token_gives_way_to_the_next(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let session = signed_in(&*store, ada, None, "first").await;
    let Refreshed::Rotated(seen) = refresh(&*store, "first", "second", 10).await else { panic!("it was good") };
    let address = Some([198, 51, 100, 7].into());
    // It lives on for as long as it was to live at first.
    let expected = Session { last_seen_at: second(10), expires_at: second(3_610), address, ..session };
    assert_eq!(seen, expected);
    assert_eq!(store.sessions(ada, second(11)).await.unwrap(), [expected]);
    assert!(is_rotated(&*store, "second", "third", 100).await);
    assert!(is_rotated(&*store, "third", "fourth", 1_000).await);
    assert!(is_rotated(&*store, "fourth", "fifth", 4_599).await);
    assert_eq!(refresh(&*store, "fifth", "sixth", 8_199).await, Refreshed::Unknown, "an hour after it was last seen");
    assert_eq!(refresh(&*store, "never made", "next", 1_001).await, Refreshed::Unknown);
}

pub(crate) async fn two_tabs_may_use_one_token_within_the_grace(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    signed_in(&*store, ada, None, "first").await;
    assert!(is_rotated(&*store, "first", "one tab", 100).await);
    assert!(is_rotated(&*store, "first", "other tab", 110).await, "at the end of the grace");
    assert!(is_rotated(&*store, "one tab", "one tab, later", 200).await);
    assert!(is_rotated(&*store, "other tab", "other tab, later", 300).await);
}

pub(crate) async fn a_token_that_comes_back_ends_its_session(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let session = signed_in(&*store, owner, Some(org_id), "first").await;
    let bystander = signed_in(&*store, owner, Some(org_id), "bystander").await;
    assert!(is_rotated(&*store, "first", "second", 100).await);

    let Refreshed::Reused(ended) = refresh(&*store, "first", "stolen", 111).await else { panic!("it was taken") };
    assert_eq!((ended.id, ended.revoked_at), (session.id, Some(second(111))));
    for token in ["first", "second", "stolen"] {
        assert_eq!(refresh(&*store, token, "more", 112).await, Refreshed::Unknown, "{token}");
    }
    assert_eq!(store.session_state(session.id, None, second(112)).await.unwrap(), None);
    assert_eq!(store.sessions(owner, second(112)).await.unwrap(), [bystander]);

    assert_eq!(told(&*store, org_id, "session.reuse").await, 1);
    let entry = &trail(&*store, org_id).await[0];
    assert_eq!((entry.action.as_str(), &entry.target_id), ("session.reuse", &session.id.to_string()));
}

pub(crate) async fn an_ended_session_is_not_refreshed(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    signed_in(&*store, ada, None, "expires").await;
    let revoked = signed_in(&*store, ada, None, "revoked").await;
    assert!(store.revoke_session(ada, revoked.id, second(5), &entry("session.logout")).await.unwrap());
    assert_eq!(refresh(&*store, "revoked", "next", 6).await, Refreshed::Unknown);
    assert_eq!(refresh(&*store, "expires", "next", 3_600).await, Refreshed::Unknown);
    assert!(is_rotated(&*store, "expires", "next", 3_599).await);
}

pub(crate) async fn many_uses_of_one_token_at_once_give_a_few_tokens_that_are_all_good(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let ada = kept_person(&*stores[0], "ada@example.org").await;
    let session = signed_in(&*stores[0], ada, None, "first").await;
    let mut many = JoinSet::new();
    for number in 0..16 {
        let store = stores[number % 2].clone();
        many.spawn(async move {
            let next = format!("next {number}");
            (refresh(&*store, "first", &next, 10).await, next)
        });
    }
    let (mut rotated, mut unknown) = (Vec::new(), 0);
    for (refreshed, next) in many.join_all().await {
        match refreshed {
            Refreshed::Rotated(_) => rotated.push(next),
            Refreshed::Unknown => unknown += 1,
            Refreshed::Reused(_) => panic!("it was within the grace"),
        }
    }
    assert_eq!((rotated.len(), unknown), (8, 8));
    for next in rotated {
        assert!(is_rotated(&*stores[0], &next, &format!("{next}, later"), 1_000).await, "{next} was lost");
    }
    assert_eq!(stores[1].sessions(ada, second(1_001)).await.unwrap()[0].id, session.id);
}

pub(crate) async fn the_uses_of_a_session_within_the_grace_do_not_multiply_its_tokens(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let session = signed_in(&*store, ada, None, "first").await;
    let mut tokens = vec!["first".to_owned()];
    for round in 0..4 {
        for token in std::mem::take(&mut tokens) {
            for tab in 0..3 {
                let next = format!("{round} {token} {tab}");
                if is_rotated(&*store, &token, &next, 10).await {
                    tokens.push(next);
                }
            }
        }
        assert!((1..=16).contains(&tokens.len()), "{}", tokens.len());
    }
    // Whoever is refused for the number of others, has not ended the session.
    assert_eq!(store.sessions(ada, second(11)).await.unwrap()[0].id, session.id);
    assert_eq!(place.count("refresh_tokens WHERE used_at_ns IS NULL").await, 8);
}

pub(crate) async fn a_person_has_a_hundred_sessions_and_the_one_seen_longest_ago_makes_room(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let bob = kept_person(&*store, "bob@example.org").await;
    let bystander = signed_in(&*store, bob, None, "of bob").await;
    let mut begun = Vec::new();
    for number in 0..100 {
        begun.push(signed_in(&*store, ada, None, &format!("token {number}")).await);
    }
    assert!(is_rotated(&*store, "token 0", "token 0, later", 1).await, "the first is in use");
    assert_eq!(store.sessions(ada, second(2)).await.unwrap().len(), 100);

    signed_in(&*store, ada, None, "one more").await;
    assert_eq!(store.sessions(ada, second(2)).await.unwrap().len(), 100);
    assert_eq!(store.session_state(begun[1].id, None, second(2)).await.unwrap(), None);
    assert_eq!(refresh(&*store, "token 1", "next", 2).await, Refreshed::Unknown);
    assert!(is_rotated(&*store, "token 0, later", "token 0, last", 100).await);
    assert!(is_rotated(&*store, "token 2", "token 2, later", 100).await);
    assert_eq!(store.sessions(bob, second(2)).await.unwrap(), [bystander]);
}

pub(crate) async fn a_session_is_found_by_each_of_its_tokens_until_it_ends(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let session = signed_in(&*store, ada, None, "first").await;
    let found = async |token: &str, at: i64| {
        store.session_of_token(&TokenHash::of(token), second(at)).await.unwrap().map(|session| session.id)
    };
    assert!(is_rotated(&*store, "first", "second", 1).await);
    assert_eq!((found("first", 100).await, found("second", 100).await), (Some(session.id), Some(session.id)));
    assert_eq!(found("made up", 100).await, None);
    assert_eq!(found("second", 3_601).await, None, "its time is over");
    assert!(store.revoke_session(ada, session.id, second(101), &entry("session.logout")).await.unwrap());
    assert_eq!(found("second", 102).await, None);
}

pub(crate) async fn of_a_late_reuse_and_a_refresh_at_once_the_session_ends(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let ada = kept_person(&*stores[0], "ada@example.org").await;
    for round in 0..8 {
        let token = |name: &str| format!("{name} {round}");
        let session = signed_in(&*stores[0], ada, None, &token("first")).await;
        assert!(is_rotated(&*stores[0], &token("first"), &token("second"), 1).await);
        let ((first, next), (second_token, third)) = ((token("first"), token("x")), (token("second"), token("third")));
        let (stolen, _) =
            tokio::join!(refresh(&*stores[0], &first, &next, 100), refresh(&*stores[1], &second_token, &third, 100));
        assert!(matches!(stolen, Refreshed::Reused(_)), "{stolen:?}");
        assert_eq!(stores[1].session_state(session.id, None, second(101)).await.unwrap(), None);
        assert_eq!(refresh(&*stores[0], &third, &token("fourth"), 102).await, Refreshed::Unknown);
    }
}

pub(crate) async fn a_sessions_state_tells_the_role_where_it_was_asked_for(place: &Place) {
    let store = place.open().await;
    let (acme, owner) = owned(&*store, "acme").await;
    let (globex, _) = owned(&*store, "globex").await;
    let (elsewhere, _) = owned(&*store, "elsewhere").await;
    store.add_member(globex, owner, Role::Viewer, &entry("member.add")).await.unwrap();
    let session = signed_in(&*store, owner, Some(acme), "token").await;
    let nowhere = signed_in(&*store, owner, None, "nowhere").await;
    let role = async |session_id: Uuid, org_id: Option<OrgId>| {
        store.session_state(session_id, org_id, second(1)).await.unwrap().unwrap().role
    };
    assert_eq!(role(session.id, None).await, Some(Role::Owner));
    assert_eq!(role(session.id, Some(acme)).await, Some(Role::Owner));
    assert_eq!(role(session.id, Some(globex)).await, Some(Role::Viewer));
    assert_eq!(role(session.id, Some(elsewhere)).await, None);
    assert_eq!(role(session.id, Some(Uuid::now_v7())).await, None);
    assert_eq!(role(nowhere.id, None).await, None);
    assert_eq!(role(nowhere.id, Some(globex)).await, Some(Role::Viewer));

    let state = store.session_state(session.id, None, second(1)).await.unwrap().unwrap();
    assert_eq!((state.session, state.user.id), (session.clone(), owner));
    assert_eq!(store.session_state(session.id, None, second(3_600)).await.unwrap(), None);
    assert_eq!(store.session_state(Uuid::now_v7(), None, second(1)).await.unwrap(), None);
    store.revoke_session(owner, session.id, second(2), &entry("session.logout")).await.unwrap();
    assert_eq!(store.session_state(session.id, None, second(3)).await.unwrap(), None);
}

pub(crate) async fn a_session_uses_only_an_organisation_of_its_person(place: &Place) {
    let store = place.open().await;
    let (acme, owner) = owned(&*store, "acme").await;
    let (globex, other) = owned(&*store, "globex").await;
    let session = signed_in(&*store, owner, Some(acme), "token").await;
    assert!(!store.use_organisation(owner, session.id, globex).await.unwrap());
    store.add_member(globex, owner, Role::Member, &entry("member.add")).await.unwrap();
    assert!(!store.use_organisation(other, session.id, globex).await.unwrap(), "not their session");
    assert!(!store.use_organisation(owner, Uuid::now_v7(), globex).await.unwrap());
    assert!(store.use_organisation(owner, session.id, globex).await.unwrap());
    let state = store.session_state(session.id, None, second(1)).await.unwrap().unwrap();
    assert_eq!((state.session.org_id, state.role), (Some(globex), Some(Role::Member)));
}

pub(crate) async fn sessions_end_one_by_one_and_all_at_once(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let other = joined(&*store, org_id, "other@example.org", Role::Member).await;
    let first = signed_in(&*store, owner, None, "1").await;
    signed_in(&*store, owner, None, "2").await;
    signed_in(&*store, owner, None, "3").await;
    signed_in(&*store, other, None, "4").await;
    let logout = entry_of(Some(org_id), "session.logout");
    let revoke = async |user_id: Uuid, at: i64| {
        let entry = store::AuditEntry { id: Uuid::now_v7(), ..logout.clone() };
        store.revoke_session(user_id, first.id, second(at), &entry).await.unwrap()
    };
    assert!(!revoke(other, 1).await, "not their session");
    assert!(revoke(owner, 2).await);
    assert!(!revoke(owner, 3).await, "ended already");
    assert_eq!(told(&*store, org_id, "session.logout").await, 1);

    let all = async || {
        let entry = entry_of(Some(org_id), "session.logout_all");
        store.revoke_sessions(owner, second(4), &entry).await.unwrap()
    };
    assert_eq!(all().await, 2);
    assert_eq!(all().await, 0);
    assert_eq!(told(&*store, org_id, "session.logout_all").await, 1);
    assert!(store.sessions(owner, second(5)).await.unwrap().is_empty());
    assert_eq!(store.sessions(other, second(5)).await.unwrap().len(), 1);
}
