//! The store's words as they stand in JSON bodies and in the API's document.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use store::{Role, Scope};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, SchemaType, Type},
    },
};

/// What a key may do, by the API's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ScopeWord(pub(crate) Scope);

/// What a person is in an organisation, by the API's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RoleWord(pub(crate) Role);

/// Takes a member whose absence leaves a thing as it is, and whose `null` empties it.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A name that people give: 1–64 characters, no control characters, no space around it.
pub(crate) fn name_schema() -> RefOr<Schema> {
    text_schema(64, r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$")
}

/// Text of 1 to so many characters that fits this pattern.
pub(crate) fn text_schema(chars_max: usize, pattern: &str) -> RefOr<Schema> {
    text(Type::String.into(), chars_max, pattern)
}

/// The same, or `null`.
pub(crate) fn optional_text_schema(chars_max: usize, pattern: &str) -> RefOr<Schema> {
    text(SchemaType::from_iter([Type::String, Type::Null]), chars_max, pattern)
}

fn text(kind: SchemaType, chars_max: usize, pattern: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(kind).min_length(Some(1)).max_length(Some(chars_max));
    text.pattern(Some(pattern)).into()
}

fn read<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: fmt::Display,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

fn one_of(words: impl IntoIterator<Item = &'static str>, description: &str) -> RefOr<Schema> {
    let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    words.description(Some(description)).into()
}

impl Serialize for ScopeWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ScopeWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer).map(Self)
    }
}

impl PartialSchema for ScopeWord {
    fn schema() -> RefOr<Schema> {
        one_of(Scope::ALL.map(Scope::as_str), "What a key may do.")
    }
}

impl ToSchema for ScopeWord {
    fn name() -> Cow<'static, str> {
        "Scope".into()
    }
}

impl Serialize for RoleWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RoleWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer).map(Self)
    }
}

impl PartialSchema for RoleWord {
    fn schema() -> RefOr<Schema> {
        one_of(Role::ALL.map(Role::as_str), "What a person is in an organisation.")
    }
}

impl ToSchema for RoleWord {
    fn name() -> Cow<'static, str> {
        "Role".into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_word_is_the_apis_and_reads_back() {
        assert_eq!(serde_json::to_value(ScopeWord(Scope::KeysManage)).unwrap(), json!("keys:manage"));
        assert_eq!(serde_json::from_value::<ScopeWord>(json!("audit:read")).unwrap(), ScopeWord(Scope::AuditRead));
        assert_eq!(serde_json::from_value::<RoleWord>(json!("owner")).unwrap(), RoleWord(Role::Owner));
        assert!(serde_json::from_value::<RoleWord>(json!("root")).is_err());
    }

    #[test]
    fn null_and_absence_are_two_things() {
        #[derive(Deserialize)]
        struct Change {
            #[serde(default, deserialize_with = "nullable")]
            owner: Option<Option<String>>,
        }
        let read = |body| serde_json::from_value::<Change>(body).unwrap().owner;
        assert_eq!(read(json!({})), None);
        assert_eq!(read(json!({ "owner": null })), Some(None));
        assert_eq!(read(json!({ "owner": "ada" })), Some(Some("ada".into())));
    }
}
