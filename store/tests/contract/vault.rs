//! Secrets at rest, and the master keys they hang on.

use std::sync::Arc;

use aibbar::SigningSecret;
use store::{
    ApiKey, OrgId, SigningKey, StoreError, api_key,
    vault::{MasterKey, MasterKeys, Vault},
};

use crate::{
    identity::{api_key_of, entry, keep_api_key, keep_signing_key, moment, organisation, signing_key_of},
    place::{Place, Store},
};

const OLD: [u8; 32] = [1; 32];
const NEW: [u8; 32] = [2; 32];

fn old_vault() -> Arc<Vault> {
    Arc::new(Vault::new(MasterKey::from_bytes(OLD)))
}

fn both() -> MasterKeys {
    MasterKeys::led_by(MasterKey::from_bytes(NEW), &MasterKey::from_bytes(OLD).into())
}

/// A new API key, kept; its text.
async fn kept_api_key(store: &dyn Store, vault: &Vault, org_id: OrgId, name: &str) -> String {
    let new = api_key::generate();
    let hash = vault.hash_api_key(&new.key).unwrap();
    keep_api_key(store, &ApiKey { prefix: new.prefix, hash, ..api_key_of(org_id, name) }).await.unwrap();
    new.key.to_string()
}

/// Whether a gateway with this store and vault would take the key.
async fn is_good(store: &dyn Store, vault: &Vault, key: &str) -> bool {
    let found = store.api_key_by_prefix(api_key::parse(key).unwrap()).await.unwrap();
    found.is_some_and(|found| vault.verifies(&found.key.hash, key))
}

async fn secrets(store: &dyn Store, org_id: OrgId) -> Vec<String> {
    let keys = store.signing_keys(org_id).await.unwrap();
    let mut secrets: Vec<_> = keys.iter().map(|key| key.secret.expose().to_owned()).collect();
    secrets.sort();
    secrets
}

pub(crate) async fn another_master_key_is_noticed(place: &Place) {
    place.open_with([1; 32]).await.unwrap();
    let Err(error) = place.open_with([2; 32]).await else { panic!("it was not noticed") };
    assert!(matches!(error, StoreError::Unreadable(_)));
    assert!(error.to_string().contains("check the master key"), "{error}");
    place.open_with([1; 32]).await.unwrap();
}

pub(crate) async fn secrets_are_nowhere_in_the_clear(place: &Place) {
    let vault = old_vault();
    let store = place.open_vault(vault.clone()).await.unwrap();
    let org_id = organisation(&*store, "acme").await;
    let key = kept_api_key(&*store, &vault, org_id, "ci").await;
    let signing_key =
        SigningKey { secret: SigningSecret::new("whs_very-secret-indeed"), ..signing_key_of(org_id, "k1") };
    keep_signing_key(&*store, &signing_key).await.unwrap();
    let secret = SigningSecret::new("whs_very-secret-too");
    store.rotate_signing_key(org_id, "k1", &secret, moment(5), moment(6), &entry(org_id)).await.unwrap();

    let bytes = place.bytes_at_rest();
    let contains = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(contains(&key[..api_key::PREFIX_CHARS]), "the look reaches what is kept");
    assert!(!contains(&key[api_key::PREFIX_CHARS..]));
    assert!(!contains("very-secret"));
    assert!(!format!("{signing_key:?}").contains("very-secret"));
    assert!(is_good(&*store, &vault, &key).await);
}

pub(crate) async fn many_may_start_at_once_on_a_new_database(place: &Place) {
    let (a, b, c, d) = tokio::join!(place.open(), place.open(), place.open(), place.open());
    for store in [a, b, c, d] {
        store.check().await.unwrap();
        assert_eq!(store.version().await.unwrap(), 0);
    }
}

pub(crate) async fn everything_is_sealed_under_a_new_master_key_while_others_go_on(place: &Place) {
    let vault = old_vault();
    let store = place.open_vault(vault.clone()).await.unwrap();
    let org_id = organisation(&*store, "acme").await;
    let key = kept_api_key(&*store, &vault, org_id, "before").await;
    // More than are sealed anew at once.
    for n in 0..130 {
        keep_signing_key(&*store, &signing_key_of(org_id, &format!("k{n}"))).await.unwrap();
    }
    let second = SigningSecret::new("second");
    store.rotate_signing_key(org_id, "k0", &second, moment(5), moment(6), &entry(org_id)).await.unwrap();
    let expected = secrets(&*store, org_id).await;
    assert_eq!(expected.len(), 131);

    // A process that learns of the new key from its source, as `gapin dev` does from its file.
    let learner = Arc::new(Vault::with_source(MasterKey::from_bytes(OLD), || Some(both())));
    let running = place.open_vault(learner.clone()).await.unwrap();
    let rotating_vault = Arc::new(Vault::new(both()));
    let rotating = place.open_vault(rotating_vault.clone()).await.unwrap();
    let version = store.version().await.unwrap();
    assert_eq!(rotating.reseal().await.unwrap(), 132, "the signing secrets and a pepper");
    assert!(store.version().await.unwrap() > version);
    let version = store.version().await.unwrap();
    assert_eq!(rotating.reseal().await.unwrap(), 0, "there is nothing left to do");
    assert_eq!(store.version().await.unwrap(), version);

    let new_vault = Arc::new(Vault::new(MasterKey::from_bytes(NEW)));
    let new = place.open_vault(new_vault.clone()).await.unwrap();
    for (store, vault) in [(&running, &learner), (&rotating, &rotating_vault), (&new, &new_vault)] {
        assert_eq!(secrets(&**store, org_id).await, expected);
        assert!(is_good(&**store, vault, &key).await, "keys from before go on working");
    }
    // New keys are hashed under a new pepper, and each of them reads what another wrote.
    let after = kept_api_key(&*rotating, &rotating_vault, org_id, "after").await;
    let hash = rotating.api_key_by_prefix(api_key::parse(&after).unwrap()).await.unwrap().unwrap().key.hash;
    assert_eq!(hash.pepper_version, 2);
    assert!(is_good(&*running, &learner, &after).await, "a pepper that was not known is looked for");
    assert!(is_good(&*new, &new_vault, &after).await);
    // What is sealed by a process that had the old key alone is sealed under the new one all the same.
    keep_signing_key(&*running, &signing_key_of(org_id, "late")).await.unwrap();
    assert!(secrets(&*new, org_id).await.contains(&"secret of late".to_owned()));

    let Err(error) = place.open_vault(old_vault()).await else { panic!("the old key alone is not enough") };
    assert!(error.to_string().contains("check the master key"), "{error}");
    assert!(store.signing_keys(org_id).await.is_err());
}

pub(crate) async fn a_rotation_that_was_broken_off_is_gone_on_with(place: &Place) {
    let vault = old_vault();
    let store = place.open_vault(vault.clone()).await.unwrap();
    let org_id = organisation(&*store, "acme").await;
    keep_signing_key(&*store, &signing_key_of(org_id, "k1")).await.unwrap();
    // As if it had come so far: one secret is sealed anew, the check is not.
    let between = place.open_vault(Arc::new(Vault::new(both()))).await.unwrap();
    keep_signing_key(&*between, &signing_key_of(org_id, "k2")).await.unwrap();
    assert!(place.open_with(NEW).await.is_err(), "the new key alone does not open it yet");
    assert_eq!(between.reseal().await.unwrap(), 2);
    let new = place.open_with(NEW).await.unwrap();
    assert_eq!(secrets(&*new, org_id).await, ["secret of k1", "secret of k2"]);
    // And back again.
    let back = MasterKeys::led_by(MasterKey::from_bytes(OLD), &MasterKey::from_bytes(NEW).into());
    let back = place.open_vault(Arc::new(Vault::new(back))).await.unwrap();
    assert_eq!(back.reseal().await.unwrap(), 4, "two secrets and two peppers");
    assert_eq!(secrets(&*place.open_with(OLD).await.unwrap(), org_id).await.len(), 2);
}
