//! `Idempotency-Key`: a request that is sent again publishes nothing twice.
//!
//! The store knows each key for a day, with a digest of what was sent under it and what of it was accepted, so every gateway
//! knows it. What was accepted is answered again as it was; what was refused is tried again. A gateway that dies between the
//! log and the store leaves a key that is free after a minute and tells of nothing accepted: the messages are then published
//! again, under the same ids, which are derived from the key.

use std::sync::Arc;

use actix_web::{HttpRequest, http::header::HeaderName};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::publications::{Begun, Digest, Publication, PublicationBounds};
use uuid::{Builder, Uuid};

use super::{Published, incoming::Mode};
use crate::{
    app::App,
    auth::Caller,
    clock,
    problem::{Kind, Problem},
};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Characters of a key.
const KEY_CHARS_MAX: usize = 255;

/// How long a key is known: a day.
pub(crate) const REMEMBERED_MS: i64 = 24 * 3_600 * 1_000;

/// How long a request may be worked on; longer than the log is waited for.
const HELD_MS: i64 = 60_000;

/// A request that is done once.
pub(super) struct Once {
    publication: Publication,
    settled: Vec<Option<Settled>>,
}

/// What is remembered of a message that was accepted: its topic, and its place in the log, if it had one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Settled(String, Option<(u32, u64)>);

/// The key that the request has.
pub(super) fn key_of(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get(&HEADER) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    if (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Some(key.to_owned()));
    }
    let detail = format!("`Idempotency-Key` is 1 to {KEY_CHARS_MAX} visible ASCII characters.");
    Err(Problem::new(Kind::InvalidParameter, detail))
}

/// Of everything that says what is published.
pub(super) fn digest_of(mode: &Mode, topic: Option<&str>, body: &[u8]) -> Digest {
    let mut digest = Sha256::new();
    // Lengths between the parts, so that no two requests are alike in all of them together.
    let mut add = |part: &[u8]| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    };
    add(topic.unwrap_or_default().as_bytes());
    match mode {
        Mode::Messages(form) => add(format!("messages {form:?}").as_bytes()),
        Mode::Structured(form) => add(format!("events {form:?}").as_bytes()),
        Mode::Binary(attributes) => {
            for (name, value) in attributes {
                add(name.as_bytes());
                add(value.as_bytes());
            }
        }
    }
    add(body);
    digest.finalize().into()
}

impl Once {
    /// Begins a request, unless it is under way or its key was used for another.
    pub(super) async fn begin(app: &App, caller: &Caller, key: &str, body: Digest) -> Result<Once, Problem> {
        let publication = Publication { org_id: caller.org_id(), key: Sha256::digest(key.as_bytes()).into(), body };
        let bounds = PublicationBounds { remembered_ms: REMEMBERED_MS, held_ms: HELD_MS };
        match app.stores.publications.begin_publication(&publication, clock::now(), bounds).await? {
            Begun::Yours(settled) => {
                let settled = settled.and_then(|settled| serde_json::from_str(&settled).ok()).unwrap_or_default();
                Ok(Once { publication, settled })
            }
            Begun::UnderWay => Err(Problem::new(
                Kind::IdempotencyKeyInUse,
                "A request with this `Idempotency-Key` is under way; send it again shortly to learn what became of it.",
            )),
            Begun::OtherBody => Err(Problem::new(
                Kind::IdempotencyKeyReused,
                "This `Idempotency-Key` was used for another request within 24 hours; use a new one.",
            )),
        }
    }

    /// The id of the message at this place of the request: the same whenever it is sent.
    pub(super) fn message_id(&self, index: usize) -> Uuid {
        let mut digest = Sha256::new();
        digest.update(self.publication.org_id.as_bytes());
        digest.update(self.publication.key);
        digest.update(self.publication.body);
        digest.update((index as u64).to_be_bytes());
        let digest: Digest = digest.finalize().into();
        let (bytes, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Builder::from_custom_bytes(*bytes).into_uuid()
    }

    /// What was accepted before, by its place.
    pub(super) fn settled(&self, count: usize) -> Vec<Option<Published>> {
        let shown = |(index, settled): (usize, &Option<Settled>)| {
            let Settled(topic, place) = settled.as_ref()?;
            Some(Published {
                topic: topic.as_str().into(),
                partition: place.map(|(partition, _)| partition),
                offset: place.map(|(_, offset)| offset),
                message_id: self.message_id(index),
            })
        };
        self.settled.iter().take(count).enumerate().map(shown).collect()
    }

    /// Remembers what was accepted; a request of which nothing may be in the log was none.
    pub(super) async fn end(self, app: &Arc<App>, outcomes: &[Result<Published, Problem>]) {
        let settled: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().ok().map(Settled::of)).collect();
        let may_be_kept = |outcome: &Result<Published, Problem>| match outcome {
            Ok(_) => true,
            Err(problem) => problem.kind() == Kind::OutcomeUnknown,
        };
        let text = outcomes.iter().any(may_be_kept).then(|| serde_json::to_string(&settled).unwrap_or_default());
        if let Err(error) = app.stores.publications.end_publication(&self.publication, text.as_deref()).await {
            tracing::warn!(%error, "what was published under an idempotency key can't be remembered");
        }
    }
}

impl Settled {
    fn of(published: &Published) -> Self {
        Settled(published.topic.to_string(), published.partition.zip(published.offset))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;

    use super::*;
    use crate::door::Form;

    #[test]
    fn a_key_is_visible_text() {
        let of = |key: &str| key_of(&TestRequest::post().insert_header(("Idempotency-Key", key)).to_http_request());
        assert_eq!(of("8e03978e-40d5").unwrap().as_deref(), Some("8e03978e-40d5"));
        for wrong in ["", "a b", "ä", &"x".repeat(256)] {
            assert_eq!(of(wrong).err().unwrap().kind(), Kind::InvalidParameter, "{wrong}");
        }
        assert_eq!(key_of(&TestRequest::post().to_http_request()).unwrap(), None);
    }

    #[test]
    fn a_digest_is_of_everything_that_says_what_is_published() {
        let json = Mode::Messages(Form::Json);
        let of = |mode: &Mode, topic, body: &str| digest_of(mode, topic, body.as_bytes());
        let one = of(&json, Some("a"), "b");
        assert_eq!(one, of(&json, Some("a"), "b"));
        for other in [
            of(&json, Some("a"), "c"),
            of(&json, Some("ab"), ""),
            of(&json, None, "ab"),
            of(&Mode::Messages(Form::Lines), Some("a"), "b"),
            of(&Mode::Binary([("id".to_owned(), "1".to_owned())].into()), Some("a"), "b"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn ids_are_the_same_again_and_differ_within_a_request() {
        let once = |body| Once {
            publication: Publication { org_id: Uuid::nil(), key: [1; 32], body: [body; 32] },
            settled: vec![None, Some(Settled("t".into(), Some((3, 7)))), Some(Settled("t".into(), None))],
        };
        assert_eq!(once(1).message_id(0), once(1).message_id(0));
        assert_ne!(once(1).message_id(0), once(1).message_id(1));
        assert_ne!(once(1).message_id(0), once(2).message_id(0));
        let settled = once(1).settled(3);
        let known = settled[1].clone().unwrap();
        assert_eq!((known.partition, known.offset, known.message_id), (Some(3), Some(7), once(1).message_id(1)));
        assert_eq!((settled[0].clone(), settled[2].clone().unwrap().partition), (None, None));
    }
}
