//! People, what they sign in with, their one-time tokens, their attempts.

use std::sync::Arc;

use aibbar::Timestamp;
use store::{
    StoreError, TokenHash, User,
    accounts::{Attempt, AttemptBounds, PasswordHash, TokenPurpose},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    people::{entry, entry_of, kept_person, owned, person, second, signed_in, told},
    place::{Place, Store},
};

const RESET: TokenPurpose = TokenPurpose::ResetPassword;
const VERIFY: TokenPurpose = TokenPurpose::VerifyEmail;

const BOUNDS: AttemptBounds =
    AttemptBounds { free: 3, delay_ms: 1_000, delay_ms_max: 4_000, forgotten_after_ms: 60_000 };

fn millisecond(ms: i64) -> Timestamp {
    Timestamp::from_unix_ns(second(0).unix_ns() + ms * 1_000_000)
}

pub(crate) async fn a_person_comes_back_as_they_were(place: &Place) {
    let store = place.open().await;
    let ada = person("ada@example.org");
    let bob = User {
        name: "Bób 😀 O'Neill".to_owned(),
        password: None,
        password_is_temporary: true,
        email_verified_at: Some(second(5)),
        ..person("bob@example.org")
    };
    for user in [&ada, &bob] {
        store.insert_user(user, &entry("user.create")).await.unwrap();
        assert_eq!(store.user(user.id).await.unwrap().as_ref(), Some(user));
        assert_eq!(store.user_by_email(&user.email).await.unwrap().as_ref(), Some(user));
    }
    assert_eq!(store.user(Uuid::now_v7()).await.unwrap(), None);
}

pub(crate) async fn an_address_is_taken_once(place: &Place) {
    let store = place.open().await;
    kept_person(&*store, "ada@example.org").await;
    let again = store.insert_user(&person("ada@example.org"), &entry("user.create")).await;
    assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");

    let mut many = JoinSet::new();
    for _ in 0..12 {
        let store = store.clone();
        many.spawn(async move { store.insert_user(&person("bob@example.org"), &entry("user.create")).await.is_ok() });
    }
    assert_eq!(many.join_all().await.into_iter().filter(|made| *made).count(), 1);
}

pub(crate) async fn strange_people_are_refused_and_not_found(place: &Place) {
    let store = place.open().await;
    for name in ["", "a\0b", "a\nb", &"x".repeat(129)] {
        let user = User { name: name.to_owned(), ..person("ada@example.org") };
        let refused = store.insert_user(&user, &entry("user.create")).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{name:?}: {refused:?}");
    }
    kept_person(&*store, "a\u{FFFD}@example.org").await;
    for text in ["", "\0", "a\0@example.org", "' OR 1=1 --", "%", &"x".repeat(100_000)] {
        assert_eq!(store.user_by_email(text).await.unwrap(), None);
        assert_eq!(store.user_by_provider(text, text).await.unwrap(), None);
    }
}

pub(crate) async fn a_person_is_renamed_and_told_only_when_it_changed(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let rename = async |user_id: Uuid, name: &str| {
        store.rename_user(user_id, name, &entry_of(Some(org_id), "user.update")).await
    };
    assert!(rename(owner, "Grace").await.unwrap());
    assert!(rename(owner, "Grace").await.unwrap());
    assert!(!rename(Uuid::now_v7(), "Grace").await.unwrap());
    assert!(matches!(rename(owner, "").await, Err(StoreError::Refused(_))));
    assert_eq!(store.user(owner).await.unwrap().unwrap().name, "Grace");
    assert_eq!(told(&*store, org_id, "user.update").await, 1);
}

pub(crate) async fn a_verified_address_keeps_its_first_time(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let verify = async |user_id: Uuid, at: i64| {
        store.verify_email(user_id, second(at), &entry_of(Some(org_id), "user.verify_email")).await.unwrap()
    };
    assert!(verify(owner, 1).await);
    assert!(verify(owner, 2).await);
    assert!(!verify(Uuid::now_v7(), 3).await);
    assert_eq!(store.user(owner).await.unwrap().unwrap().email_verified_at, Some(second(1)));
    assert_eq!(told(&*store, org_id, "user.verify_email").await, 1);
}

pub(crate) async fn a_new_password_ends_other_sessions_and_reset_links(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let bob = kept_person(&*store, "bob@example.org").await;
    let kept = signed_in(&*store, ada, None, "kept").await;
    signed_in(&*store, ada, None, "other").await;
    let bobs = signed_in(&*store, bob, None, "bobs").await;
    for (purpose, user_id, token) in [(RESET, ada, "r"), (VERIFY, ada, "v"), (RESET, bob, "b")] {
        store.insert_one_time_token(purpose, user_id, &TokenHash::of(token), second(60)).await.unwrap();
    }
    let password = PasswordHash("$argon2id$another".to_owned());
    let set = async |user_id: Uuid, kept: Option<Uuid>, at: i64| {
        store.set_password(user_id, &password, true, kept, second(at), &entry("user.password")).await.unwrap()
    };
    assert!(set(ada, Some(kept.id), 1).await);

    let user = store.user(ada).await.unwrap().unwrap();
    assert_eq!((user.password, user.password_is_temporary), (Some(password.clone()), true));
    assert_eq!(store.sessions(ada, second(2)).await.unwrap(), [kept]);
    assert_eq!(store.sessions(bob, second(2)).await.unwrap(), [bobs]);
    let take =
        async |purpose, token| store.take_one_time_token(purpose, &TokenHash::of(token), second(2)).await.unwrap();
    assert_eq!(take(RESET, "r").await, None);
    assert_eq!(take(VERIFY, "v").await, Some(ada));
    assert_eq!(take(RESET, "b").await, Some(bob));

    assert!(set(ada, None, 3).await);
    assert!(store.sessions(ada, second(4)).await.unwrap().is_empty());
    assert!(!set(Uuid::now_v7(), None, 5).await);
}

pub(crate) async fn a_password_is_hashed_anew_only_while_it_is_the_same(place: &Place) {
    let store = place.open().await;
    let ada = person("ada@example.org");
    store.insert_user(&ada, &entry("user.create")).await.unwrap();
    let session = signed_in(&*store, ada.id, None, "token").await;
    let was = ada.password.clone().unwrap();
    let stronger = PasswordHash("$argon2id$stronger".to_owned());
    assert!(store.rehash_password(ada.id, &was, &stronger).await.unwrap());
    assert!(!store.rehash_password(ada.id, &was, &PasswordHash("$argon2id$late".to_owned())).await.unwrap());
    assert!(!store.rehash_password(Uuid::now_v7(), &was, &stronger).await.unwrap());
    let expected = User { password: Some(stronger), ..ada.clone() };
    assert_eq!(store.user(ada.id).await.unwrap(), Some(expected));
    assert_eq!(store.sessions(ada.id, second(1)).await.unwrap(), [session]);
}

pub(crate) async fn a_provider_knows_a_person_by_one_subject(place: &Place) {
    let store = place.open().await;
    let (org_id, ada) = owned(&*store, "acme").await;
    let bob = kept_person(&*store, "bob@example.org").await;
    let link = async |user_id: Uuid, provider: &str, subject: &str| {
        store.link_provider(user_id, provider, subject, second(1), &entry_of(Some(org_id), "user.link")).await
    };
    link(ada, "google", "1").await.unwrap();
    link(ada, "google", "1").await.unwrap();
    assert_eq!(told(&*store, org_id, "user.link").await, 1);
    link(ada, "github", "1").await.unwrap();
    assert!(matches!(link(bob, "google", "1").await, Err(StoreError::Exists(_))));
    assert!(matches!(link(ada, "google", "2").await, Err(StoreError::Exists(_))));
    assert!(matches!(link(Uuid::now_v7(), "google", "3").await, Err(StoreError::Refused(_))));
    let known = async |provider: &str, subject: &str| {
        store.user_by_provider(provider, subject).await.unwrap().map(|user| user.id)
    };
    assert_eq!(known("google", "1").await, Some(ada));
    assert_eq!(known("github", "1").await, Some(ada));
    assert_eq!(known("google", "2").await, None);
}

pub(crate) async fn a_one_time_token_is_used_once_by_many_at_once(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let token = TokenHash::of("token");
    store.insert_one_time_token(VERIFY, ada, &token, second(60)).await.unwrap();
    assert_eq!(store.take_one_time_token(RESET, &token, second(1)).await.unwrap(), None, "of another purpose");

    let mut many = JoinSet::new();
    for _ in 0..16 {
        let store = store.clone();
        many.spawn(async move { store.take_one_time_token(VERIFY, &token, second(1)).await.unwrap() });
    }
    let taken: Vec<_> = many.join_all().await.into_iter().flatten().collect();
    assert_eq!(taken, [ada]);
}

pub(crate) async fn asking_whose_a_one_time_token_is_does_not_use_it_up(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let token = TokenHash::of("token");
    store.insert_one_time_token(RESET, ada, &token, second(60)).await.unwrap();
    let owner =
        async |purpose, token: &TokenHash, at| store.one_time_token_owner(purpose, token, second(at)).await.unwrap();
    assert_eq!(owner(RESET, &token, 1).await, Some(ada));
    assert_eq!(owner(RESET, &token, 59).await, Some(ada));
    assert_eq!(owner(RESET, &token, 60).await, None, "too old");
    assert_eq!(owner(VERIFY, &token, 1).await, None, "of another purpose");
    assert_eq!(owner(RESET, &TokenHash::of("made up"), 1).await, None);
    assert_eq!(store.take_one_time_token(RESET, &token, second(1)).await.unwrap(), Some(ada));
    assert_eq!(owner(RESET, &token, 1).await, None, "used up");
}

pub(crate) async fn a_one_time_token_expires_and_gives_way_to_a_newer_one(place: &Place) {
    let store = place.open().await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let insert = async |token: &str| {
        store.insert_one_time_token(RESET, ada, &TokenHash::of(token), second(60)).await.unwrap();
    };
    let take =
        async |token: &str, at: i64| store.take_one_time_token(RESET, &TokenHash::of(token), second(at)).await.unwrap();
    insert("old").await;
    insert("new").await;
    assert_eq!(take("old", 1).await, None);
    assert_eq!(take("new", 1).await, Some(ada));
    insert("late").await;
    assert_eq!(take("late", 60).await, None);
    let nobody = store.insert_one_time_token(RESET, Uuid::now_v7(), &TokenHash::of("n"), second(60)).await;
    assert!(matches!(nobody, Err(StoreError::Refused(_))), "{nobody:?}");

    let mut many = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        let token = TokenHash::of(&format!("token {number}"));
        many.spawn(async move { store.insert_one_time_token(RESET, ada, &token, second(60)).await.unwrap() });
    }
    many.join_all().await;
    let mut left = 0;
    for number in 0..8 {
        left += usize::from(take(&format!("token {number}"), 1).await.is_some());
    }
    assert_eq!(left, 1, "however many are asked for at once");
}

pub(crate) async fn delays_between_attempts_double_up_to_the_longest(place: &Place) {
    let store = place.open().await;
    let begin = async |ms: i64| store.begin_attempt("ada", millisecond(ms), BOUNDS).await.unwrap();
    for ms in [0, 1, 2, 3] {
        assert_eq!(begin(ms).await, Attempt::Allowed);
    }
    // The fourth was one too many; a refused one does not count.
    for ms in [4, 500, 1_002] {
        assert_eq!(begin(ms).await, Attempt::NotBefore(millisecond(1_003)));
    }
    assert_eq!(begin(1_003).await, Attempt::Allowed);
    assert_eq!(begin(1_004).await, Attempt::NotBefore(millisecond(3_003)));
    assert_eq!(begin(3_003).await, Attempt::Allowed);
    assert_eq!(begin(3_004).await, Attempt::NotBefore(millisecond(7_003)));
    assert_eq!(begin(7_003).await, Attempt::Allowed);
    assert_eq!(begin(7_004).await, Attempt::NotBefore(millisecond(11_003)), "the longest");
    assert_eq!(store.begin_attempt("bob", millisecond(7_004), BOUNDS).await.unwrap(), Attempt::Allowed);
}

pub(crate) async fn attempts_are_forgotten_after_a_success_and_after_a_while(place: &Place) {
    let store = place.open().await;
    let begin = async |ms: i64| store.begin_attempt("ada", millisecond(ms), BOUNDS).await.unwrap();
    let refused_at = async |ms: i64| matches!(begin(ms).await, Attempt::NotBefore(_));
    for _ in 0..4 {
        begin(0).await;
    }
    assert!(refused_at(1).await);
    store.forget_attempts("ada").await.unwrap();
    for _ in 0..4 {
        assert_eq!(begin(2).await, Attempt::Allowed);
    }
    assert!(refused_at(3).await);
    for _ in 0..4 {
        assert_eq!(begin(60_002).await, Attempt::Allowed, "a minute later");
    }
    assert!(refused_at(60_003).await);
    store.forget_attempts("nobody").await.unwrap();
}

pub(crate) async fn a_success_takes_back_one_attempt_and_not_those_before_it(place: &Place) {
    let store = place.open().await;
    let begin = async |ms: i64| store.begin_attempt("office", millisecond(ms), BOUNDS).await.unwrap();
    for ms in 0..3 {
        assert_eq!(begin(ms).await, Attempt::Allowed);
        store.uncount_attempt("office").await.unwrap();
    }
    let mut failed = 0;
    while begin(10 + failed).await == Attempt::Allowed {
        failed += 1;
        assert!(failed < 10, "failures are counted");
    }
    store.uncount_attempt("office").await.unwrap();
    assert!(matches!(begin(11 + failed).await, Attempt::NotBefore(_)), "one's own success forgives nothing else");
    store.uncount_attempt("nobody").await.unwrap();
}

pub(crate) async fn many_attempts_at_once_are_many(place: &Place) {
    let stores: [Arc<dyn Store>; 2] = [place.open().await, place.open().await];
    let mut many = JoinSet::new();
    for number in 0..40 {
        let store = stores[number % 2].clone();
        many.spawn(async move { store.begin_attempt("ada\0", second(0), BOUNDS).await.unwrap() });
    }
    let allowed = many.join_all().await.into_iter().filter(|attempt| *attempt == Attempt::Allowed).count();
    assert_eq!(allowed, BOUNDS.free as usize + 1, "the first that has to wait is the one after the next");
}
