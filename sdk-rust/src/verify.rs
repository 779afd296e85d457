//! Events signed, checked and verified. Pure: no clock but the one that is given, nothing sent.

use std::time::SystemTime;

use aibbar::{Code, Refusal, Signature, SigningSecret, Timestamp, event::TimeWindow, signature};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    errors::InvalidEventError,
    strict::{invalid_json, object_of, value_of},
};

/// What a gateway takes unless it is set otherwise: five minutes ahead of its clock, and 400 days behind it.
const TIME_WINDOW: TimeWindow = TimeWindow { ahead_ms_max: 5 * 60 * 1000, age_ms_max: 400 * 24 * 60 * 60 * 1000 };

mod sealed {
    use super::{InvalidEventError, Map, Value};

    pub trait Read {
        fn read(&self) -> Result<Map<String, Value>, InvalidEventError>;
    }
}

/// An event as it is at hand: its JSON text (`str`, `String`, `[u8]`, `Vec<u8>`), or its [`Value`].
pub trait AsEvent: sealed::Read {}

impl<T: sealed::Read + ?Sized> AsEvent for T {}

impl sealed::Read for [u8] {
    /// Strictly: what two libraries would read differently is no event.
    fn read(&self) -> Result<Map<String, Value>, InvalidEventError> {
        match aibbar::json::parse(self).map_err(|fault| invalid_json(fault.to_string()))? {
            Value::Object(event) => Ok(event),
            _ => Err(Refusal::new(Code::SchemaViolation, "an event is an object").into()),
        }
    }
}

macro_rules! texts {
    ($($type:ty),*) => {
        $(impl sealed::Read for $type {
            fn read(&self) -> Result<Map<String, Value>, InvalidEventError> {
                let bytes: &[u8] = self.as_ref();
                bytes.read()
            }
        })*
    };
}

texts!(str, String, Vec<u8>);

impl sealed::Read for Value {
    fn read(&self) -> Result<Map<String, Value>, InvalidEventError> {
        object_of(self)
    }
}

impl sealed::Read for Map<String, Value> {
    fn read(&self) -> Result<Map<String, Value>, InvalidEventError> {
        object_of(self)
    }
}

/// The RFC 8785 form of a value: the bytes that a signature covers.
///
/// # Errors
/// `invalid_json`: it holds what JSON lacks, or what two libraries would read differently.
pub fn canonicalize(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>, InvalidEventError> {
    Ok(aibbar::canonical::to_vec(&value_of(value)?))
}

/// The event with `signature_algorithm` and `signature`, checked against the schema.
///
/// # Errors
/// With every fault.
pub fn sign(event: &(impl Serialize + ?Sized), secret: &str) -> Result<Value, InvalidEventError> {
    let signed = sign_object(object_of(event)?, &SigningSecret::new(secret));
    check(&to_json(&signed)).map(|_| Value::Object(signed))
}

/// Whether the event's signature is that of the secret, compared in constant time.
///
/// Texts are read strictly. What can't be read, or has no signature, does not verify.
pub fn verify<E: AsEvent + ?Sized>(event: &E, secret: &str) -> bool {
    let Ok(event) = event.read() else { return false };
    let given = event.get("signature").and_then(Value::as_str).and_then(Signature::parse);
    given.is_some_and(|signature| signature.is_of(&event, &SigningSecret::new(secret)))
}

/// Reads one event strictly and by the schema, as the gateway does.
///
/// # Errors
/// With every fault.
pub fn check(event: &(impl AsRef<[u8]> + ?Sized)) -> Result<aibbar::Event, InvalidEventError> {
    Ok(aibbar::Event::parse(event.as_ref())?)
}

/// Whether a gateway would take the event's time, with its usual settings and this clock.
///
/// # Errors
/// `timestamp_in_future`, `timestamp_too_old` or `event_id_time_mismatch`.
pub fn check_time(event: &aibbar::Event, now: SystemTime) -> Result<(), InvalidEventError> {
    Ok(event.check_time(Timestamp::from(now), &TIME_WINDOW)?)
}

/// What a gateway finds of an event's time and id whatever its own clock says.
///
/// # Errors
/// `timestamp_too_old` or `event_id_time_mismatch`.
pub(crate) fn check_own_time(event: &aibbar::Event) -> Result<(), InvalidEventError> {
    Ok(event.check_time(event.timestamp(), &TIME_WINDOW)?)
}

/// The id that a gateway keeps a signed event under: its own, or the one that follows from its signature.
pub fn event_id_of(event: &aibbar::Event) -> Uuid {
    event.event_id()
}

fn sign_object(mut event: Map<String, Value>, secret: &SigningSecret) -> Map<String, Value> {
    event.insert("signature_algorithm".to_owned(), signature::ALGORITHM.into());
    let signature = Signature::of(&event, secret);
    event.insert("signature".to_owned(), signature.to_string().into());
    event
}

/// A JSON text, as every strict reader reads it back.
pub(crate) fn to_json(event: &Map<String, Value>) -> String {
    // A map of JSON values is JSON.
    serde_json::to_string(event).unwrap_or_default()
}
