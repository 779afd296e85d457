//! Secrets at rest, and the master key they hang on.

use aibbar::{SigningSecret, Timestamp};
use store::{ApiKey, Scope, SigningKey, StoreError, api_key, vault};
use uuid::Uuid;

use crate::place::Place;

pub(crate) async fn another_master_key_is_noticed(place: &Place) {
    place.open_with([1; 32]).await.unwrap();
    let Err(error) = place.open_with([2; 32]).await else { panic!("it was not noticed") };
    assert!(matches!(error, StoreError::Unreadable(_)));
    assert!(error.to_string().contains("check the master key"), "{error}");
    place.open_with([1; 32]).await.unwrap();
}

pub(crate) async fn secrets_are_nowhere_in_the_clear(place: &Place) {
    let store = place.open().await;
    let org_id = store.ensure_organisation("acme").await.unwrap().id;
    let new = api_key::generate();
    let vault = vault::Vault::new(&vault::MasterKey::from_bytes([7; 32]));
    let now = Timestamp::from_unix_ns(1);
    let key = ApiKey {
        id: Uuid::now_v7(),
        org_id,
        name: "ci".into(),
        prefix: new.prefix.clone(),
        hash: vault.hash_api_key(&new.key),
        scopes: vec![Scope::EventsWrite],
        created_at: now,
        expires_at: None,
        revoked_at: None,
    };
    store.insert_api_key(&key).await.unwrap();
    let signing_key = SigningKey {
        org_id,
        key_id: "k1".into(),
        secret: SigningSecret::new("whs_very-secret-indeed"),
        is_default: true,
        created_at: now,
        verify_until: None,
        revoked_at: None,
    };
    store.insert_signing_key(&signing_key).await.unwrap();

    let bytes = place.bytes_at_rest();
    let contains = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(contains(&new.prefix), "the look reaches what is kept");
    assert!(!contains(&new.key[api_key::PREFIX_CHARS..]));
    assert!(!contains("very-secret-indeed"));
    assert!(!format!("{key:?} {signing_key:?}").contains("very-secret"));
    let found = store.api_key_by_prefix(api_key::parse(&new.key).unwrap()).await.unwrap().unwrap();
    assert!(found.hash.verify(&vault.hash_api_key(&new.key)));
}

pub(crate) async fn many_may_start_at_once_on_a_new_database(place: &Place) {
    let (a, b, c, d) = tokio::join!(place.open(), place.open(), place.open(), place.open());
    for store in [a, b, c, d] {
        store.check().await.unwrap();
        assert_eq!(store.version().await.unwrap(), 0);
    }
}
