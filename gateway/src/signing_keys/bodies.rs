//! What the routes of signing keys take.

use aibbar::Fault;
use serde::Deserialize;
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema},
};
use uuid::Uuid;

use crate::{body::Checked, words::text_schema};

/// The key id of records that were signed with the secret in the server's environment.
const RESERVED: &str = "env";

/// A day: long enough to hand the new secret round.
const VERIFY_FOR_SECONDS_DEFAULT: u32 = 86_400;

/// A signing key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSigningKey {
    /// Its name in events (`key_id`), for good unique in the organisation; not `env`.
    #[schema(schema_with = key_id)]
    pub(super) key_id: String,
    /// The one AI system whose events it may sign; absent: any.
    pub(super) ai_id: Option<Uuid>,
    /// Whether it is meant when an event names none; an organisation's first key is that anyway.
    #[serde(default)]
    pub(super) is_default: bool,
}

/// What changes of a signing key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefaultChange {
    /// `true`: it becomes the default, and the one that was it is it no longer.
    #[schema(schema_with = only_true)]
    #[expect(dead_code, reason = "there is one thing to say, and the schema has checked that it was said")]
    pub(super) is_default: bool,
}

/// How a signing key is rotated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SigningRotation {
    /// How long what the older versions sign is taken; at most 30 days. Absent: a day.
    #[serde(default = "verify_for_seconds_default")]
    #[schema(minimum = 0, maximum = 2_592_000, default = 86_400)]
    pub(super) verify_for_seconds: u32,
}

impl Checked for NewSigningKey {
    fn faults(&self) -> Vec<Fault> {
        let reserved = (self.key_id == RESERVED).then(|| Fault {
            pointer: "/key_id".into(),
            code: "reserved",
            detail: "names the secret in the server's environment; choose another".into(),
        });
        reserved.into_iter().collect()
    }
}

impl Checked for DefaultChange {}
impl Checked for SigningRotation {}

fn verify_for_seconds_default() -> u32 {
    VERIFY_FOR_SECONDS_DEFAULT
}

/// A name that needs no escape in a path.
fn key_id() -> RefOr<Schema> {
    text_schema(64, "^[A-Za-z0-9][A-Za-z0-9._:-]*$")
}

fn only_true() -> RefOr<Schema> {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])).into()
}
