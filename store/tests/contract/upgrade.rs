//! A database that the first version of GAPIN left, opened by this one.

use std::sync::Arc;

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use refinery::Target;
use sha2::Sha256;
use store::{
    Limits, api_key,
    vault::{MasterKey, MasterKeys, Vault},
};
use uuid::Uuid;

use crate::{
    identity::{api_key_of, keep_api_key, moment},
    place::Place,
};

mod sqlite {
    refinery::embed_migrations!("../migrations/sqlite");
}
mod postgres {
    refinery::embed_migrations!("../migrations/postgres");
}

/// The last version of the schema that the first version of GAPIN knew.
const SCHEMA: Target = Target::Version(2);

const MASTER: [u8; 32] = [7; 32];
const ORG: Uuid = Uuid::from_u128(0xA0);
const KEY_ID: Uuid = Uuid::from_u128(0xA1);

fn derived(label: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, &MASTER).expand(label, &mut key).unwrap();
    key
}

/// As the first version sealed.
fn sealed(plain: &[u8], owner: &[u8]) -> Vec<u8> {
    let (header, nonce) = ([1, 1], [3; 24]);
    let cipher = XChaCha20Poly1305::new((&derived(b"gapin/v1/signing-secret-sealing")).into());
    let aad = [&header, owner].concat();
    let ciphertext = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad }).unwrap();
    [&header, nonce.as_slice(), &ciphertext].concat()
}

/// As the first version hashed.
fn hashed(key: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&derived(b"gapin/v1/api-key-pepper")).unwrap();
    mac.update(key.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The rows that it kept; a byte string is written differently in the two databases.
fn rows(key: &str, bytes: impl Fn(&[u8]) -> String, is_true: &str) -> String {
    let uuid = |id: Uuid| bytes(id.as_bytes());
    let prefix = api_key::parse(key).unwrap();
    let signing_secret = sealed(b"the secret", &[ORG.as_bytes().as_slice(), b"k1"].concat());
    format!(
        "INSERT INTO organisations VALUES ({org}, 'acme', 1);
         INSERT INTO api_keys VALUES ({id}, {org}, 'ci', '{prefix}', {hash}, 'events:write', 1, NULL, NULL);
         INSERT INTO signing_keys VALUES ({org}, 'k1', {signing_secret}, {is_true}, 1, NULL, NULL);
         INSERT INTO vault_check VALUES (1, {check});",
        org = uuid(ORG),
        id = uuid(KEY_ID),
        hash = bytes(&hashed(key)),
        signing_secret = bytes(&signing_secret),
        check = bytes(&sealed(b"gapin vault check 1", b"vault_check")),
    )
}

/// Brings the schema to a version that there was.
async fn migrate(place: &Place, schema: Target) {
    match place {
        Place::Sqlite { folder } => {
            let data = folder.path().join("data");
            std::fs::create_dir_all(&data).unwrap();
            let mut connection = rusqlite::Connection::open(data.join("store.db")).unwrap();
            sqlite::migrations::runner().set_target(schema).run(&mut connection).unwrap();
        }
        Place::Postgres { url } => {
            let (mut client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            postgres::migrations::runner().set_target(schema).run_async(&mut client).await.unwrap();
        }
    }
}

async fn leave_database(place: &Place, key: &str) {
    migrate(place, SCHEMA).await;
    let literal = |bytes: &[u8]| match (place, <[u8; 16]>::try_from(bytes)) {
        (Place::Sqlite { .. }, _) => format!("x'{}'", hex::encode(bytes)),
        (Place::Postgres { .. }, Ok(id)) => format!("'{}'", Uuid::from_bytes(id)),
        (Place::Postgres { .. }, Err(_)) => format!("'\\x{}'", hex::encode(bytes)),
    };
    place.execute(&rows(key, literal, if place.is_postgres() { "true" } else { "1" })).await.unwrap();
}

pub(crate) async fn a_database_without_redaction_settings_gets_them(place: &Place) {
    let old = api_key::generate();
    leave_database(place, &old.key).await;
    migrate(place, Target::Version(3)).await;
    let vault = Arc::new(Vault::new(MasterKey::from_bytes(MASTER)));
    let store = place.open_vault(vault.clone()).await.unwrap();
    assert!(store.redaction(ORG).await.unwrap().is_none(), "what was hidden by default is hidden on");
    let settings = serde_json::from_str(r#"{"modes":{"phone":"pseudonym"}}"#).unwrap();
    let set = store.set_redaction(ORG, &settings, moment(2), &crate::identity::entry(ORG)).await.unwrap();
    assert_eq!((set.version, set.key_version, set.settings), (1, 1, settings));
    let found = store.api_key_by_prefix(&old.prefix).await.unwrap().unwrap();
    assert!(vault.verifies(&found.key.hash, &old.key));
}

pub(crate) async fn the_keys_of_a_database_of_the_first_version_go_on_working(place: &Place) {
    let old = api_key::generate();
    leave_database(place, &old.key).await;
    let vault = Arc::new(Vault::new(MasterKey::from_bytes(MASTER)));
    let store = place.open_vault(vault.clone()).await.unwrap();

    let found = store.api_key_by_prefix(&old.prefix).await.unwrap().unwrap();
    assert!(vault.verifies(&found.key.hash, &old.key));
    assert_eq!((found.key.id, found.key.org_id, found.plan), (KEY_ID, ORG, Limits::default()));
    assert_eq!((found.key.limits, found.key.previous, found.key.last_used_at), (Limits::default(), None, None));
    let signing_keys = store.signing_key(ORG, None).await.unwrap();
    assert_eq!((signing_keys.len(), signing_keys[0].version, signing_keys[0].secret.expose()), (1, 1, "the secret"));
    assert_eq!(store.first_organisation().await.unwrap().unwrap().plan, "default");

    // New keys beside the old ones, and all of them under another master key.
    let new = api_key::generate();
    let hash = vault.hash_api_key(&new.key).unwrap();
    let key = store::ApiKey { prefix: new.prefix.clone(), hash, ..api_key_of(ORG, "new") };
    keep_api_key(&*store, &key).await.unwrap();
    let secret = aibbar::SigningSecret::new("second");
    let audit = crate::identity::entry(ORG);
    store.rotate_signing_key(ORG, "k1", &secret, moment(5), moment(9), &audit).await.unwrap().unwrap();
    let next = MasterKey::from_bytes([9; 32]);
    let both = MasterKeys::led_by(next.clone(), &MasterKey::from_bytes(MASTER).into());
    let rotating = place.open_vault(Arc::new(Vault::new(both))).await.unwrap();
    assert_eq!(rotating.reseal().await.unwrap(), 3, "two secrets and a pepper");

    let vault = Arc::new(Vault::new(&next));
    let store = place.open_vault(vault.clone()).await.unwrap();
    for key in [&old, &new] {
        let found = store.api_key_by_prefix(&key.prefix).await.unwrap().unwrap();
        assert!(vault.verifies(&found.key.hash, &key.key));
    }
    let signing_keys = store.signing_key(ORG, Some("k1")).await.unwrap();
    let secrets: Vec<_> = signing_keys.iter().map(|key| key.secret.expose()).collect();
    assert_eq!(secrets, ["second", "the secret"]);
}
