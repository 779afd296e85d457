//! A tenant, with the keys that it needs to send and to read.

use aibbar::SigningSecret;
use uuid::Uuid;

use crate::Client;

/// Somebody in an organisation of a [`System`](crate::System), signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their id.
    pub id: String,
    /// The organisation that they were made in.
    pub org_id: String,
    /// Speaks for them.
    pub client: Client,
}

/// One organisation of a [`System`](crate::System).
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its API key's id.
    pub api_key_id: String,
    /// Its API key, good for everything.
    pub api_key: String,
    /// Its signing key's name; when it is empty, events name none.
    pub key_id: String,
    /// Its signing secret.
    pub secret: SigningSecret,
    /// An AI system of its own.
    pub ai_id: Uuid,
}
