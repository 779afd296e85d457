//! From whatever can be serialized to JSON that can be signed; refuses what JSON lacks, and what two libraries would read
//! differently.

mod serializer;

use aibbar::Code;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::errors::InvalidEventError;

/// # Errors
/// `invalid_json`.
pub(crate) fn value_of(value: &(impl Serialize + ?Sized)) -> Result<Value, InvalidEventError> {
    value.serialize(serializer::Strict { depth: 0 }).map_err(|refused| invalid_json(refused.0))
}

/// [`value_of`] an event.
///
/// # Errors
/// `invalid_json`, and `schema_violation` where it is no object.
pub(crate) fn object_of(event: &(impl Serialize + ?Sized)) -> Result<Map<String, Value>, InvalidEventError> {
    match value_of(event)? {
        Value::Object(object) => Ok(object),
        _ => Err(aibbar::Refusal::new(Code::SchemaViolation, "an event is an object").into()),
    }
}

pub(crate) fn invalid_json(why: impl Into<String>) -> InvalidEventError {
    aibbar::Refusal::new(Code::InvalidJson, why).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use serde::{Serializer, ser::SerializeMap};
    use serde_json::json;

    use super::*;

    fn refused(value: &(impl Serialize + ?Sized)) -> String {
        let error = value_of(value).unwrap_err();
        assert_eq!(error.code, "invalid_json");
        error.detail
    }

    struct Bytes;

    impl Serialize for Bytes {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(b"x")
        }
    }

    struct Twice;

    impl Serialize for Twice {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("a", &1)?;
            map.serialize_entry("a", &2)?;
            map.end()
        }
    }

    #[test]
    fn what_json_lacks_is_refused() {
        assert!(refused(&f64::NAN).contains("NaN"));
        assert!(refused(&[f32::INFINITY]).contains("NaN"));
        assert!(refused(&(1_u64 << 53)).contains("2^53"));
        assert!(refused(&-(1_i64 << 53)).contains("2^53"));
        assert!(refused(&u128::MAX).contains("2^53"));
        assert!(refused(&Bytes).contains("bytes"));
        assert!(refused(&Twice).contains("two members"));
        assert!(refused(&BTreeMap::from([(1, 2)])).contains("name"));
        assert!(refused(&*serde_json::value::to_raw_value(&1).unwrap()).contains("raw"));
    }

    #[test]
    fn a_short_float_stays_what_it_says() {
        assert_eq!(value_of(&[0.1_f32, 3.0]).unwrap(), json!([0.1, 3.0]));
    }

    #[test]
    fn sixty_four_levels_and_no_more() {
        let nested = |levels: usize| (1..levels).fold(json!([]), |inner, _| json!([inner]));
        assert_eq!(value_of(&nested(64)).unwrap(), nested(64));
        assert!(refused(&nested(65)).contains("64 levels"));
    }

    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Unit,
        Newtype(i8),
        Tuple(f64, char),
        Struct { a: Option<u8>, b: () },
    }

    #[test]
    fn what_json_has_is_what_serde_json_makes_of_it() {
        let all = (
            [Kind::Unit, Kind::Newtype(-7), Kind::Tuple(-0.0, 'é'), Kind::Struct { a: Some(1), b: () }],
            BTreeMap::from([('k', (1_i64 << 53) - 1)]),
            json!({"a": [null, true, "x", 1e21, {"b": []}]}),
        );
        assert_eq!(value_of(&all).unwrap(), serde_json::to_value(&all).unwrap());
    }
}
