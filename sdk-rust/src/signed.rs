//! Makes the text of one event that was recorded by `client.record`.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    compose,
    errors::Error,
    settings::Resolved,
    strict::object_of,
    verify::{check, check_own_time, to_json},
};

/// The event filled in, signed and checked, and the id that a gateway keeps it under. One that is signed already stays as
/// it is.
///
/// # Errors
/// [`Error::InvalidEvent`] where it can't be signed, or is not what its schema says, and [`Error::Configuration`] where
/// there is no signing secret.
pub(crate) fn signed(event: &(impl Serialize + ?Sized), settings: &Resolved) -> Result<(String, Uuid), Error> {
    let mut event = object_of(event)?;
    if event.contains_key("signature") {
        let text = to_json(&event);
        let event = check(&text)?;
        check_own_time(&event)?;
        return Ok((text, event.event_id()));
    }
    compose::fill(&mut event, settings);
    let named = event.get("key_id").and_then(serde_json::Value::as_str);
    if settings.signing_key_id.is_some() && settings.signing_key_id.as_deref() != named {
        let why = "it names another signing key than the one whose secret is at hand";
        return Err(aibbar::Refusal::new(aibbar::Code::InvalidSignature, why).into());
    }
    let secret = settings.secret()?;
    let mut signed = aibbar::Event::sign(event.clone(), secret)?;
    check_own_time(&signed)?;
    // An event that is refused takes no number.
    if !event.contains_key("sequence")
        && let Some(number) = compose::SEQUENCES.next(signed.ai_id())
    {
        event.insert("sequence".to_owned(), number.into());
        signed = aibbar::Event::sign(event, secret)?;
    }
    Ok((signed.to_json(), signed.event_id()))
}
