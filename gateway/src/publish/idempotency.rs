//! `Idempotency-Key`: a request that is sent again publishes nothing twice.
//!
//! The store knows each key for a day, with a digest of what was sent under it and what of it was accepted, so every gateway
//! knows it. What was accepted is answered again as it was; what was refused is tried again. A gateway that dies between the
//! log and the store leaves a key that is free after a minute and tells of nothing accepted: the messages are then published
//! again, under the same ids, which are derived from the key.
//!
//! Whoever works on a request holds its key for as long as that may take, and sees to it before the messages are handed to
//! the log: a holder that was overtaken appends nothing, and neither settles nor forgets what is another's by now.

use std::time::{Duration, Instant};

use actix_web::{HttpRequest, http::header::HeaderName};
use aibbar::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{
    OrgId, PublicationStore,
    publications::{Begun, Digest, Publication, PublicationBounds},
};
use uuid::{Builder, Uuid};

use super::{Published, incoming::Mode};
use crate::{
    clock,
    door::Form,
    problem::{Kind, Problem},
};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Characters of a key.
const KEY_CHARS_MAX: usize = 255;

/// How long a key is known: a day.
pub(crate) const REMEMBERED_MS: i64 = 24 * 3_600 * 1_000;

/// How much longer than the log may be waited for a request is held: for its checks, the store, and clocks of gateways that
/// differ.
const SPARE: Duration = Duration::from_secs(25);

/// What of it is still to be left when its messages are handed to the log; otherwise it is held anew.
const SPARE_TO_END: Duration = Duration::from_secs(10);

/// A request that is done once.
pub(super) struct Once {
    publication: Publication,
    settled: Vec<Option<Settled>>,
    hold: Hold,
}

/// The right to work on the request, as long as it lasts.
struct Hold {
    /// By the clock that gateways share more or less, as the store has it.
    until: Timestamp,
    /// When it was taken; own time passes as it passes.
    since: Instant,
    lasts: Duration,
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
        Mode::Messages(form) => add(["messages ", word(*form)].concat().as_bytes()),
        Mode::Structured(form) => add(["events ", word(*form)].concat().as_bytes()),
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

/// Every gateway, of whichever version, has the same word for it.
fn word(form: Form) -> &'static str {
    match form {
        Form::Json => "Json",
        Form::One => "One",
        Form::Array => "Array",
        Form::Lines => "Lines",
    }
}

impl Hold {
    /// From now on, until then.
    fn lasting(lasts: Duration) -> (Timestamp, Self) {
        let now = clock::now();
        let ms = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
        (now, Self { until: now.plus_ms(ms), since: Instant::now(), lasts })
    }

    /// Whether it lasts so much longer.
    fn covers(&self, wait: Duration) -> bool {
        self.since.elapsed() + wait <= self.lasts
    }
}

impl Once {
    /// Begins a request, unless it is under way or its key was used for another. It is held for as long as the log may be
    /// waited for, and a while.
    pub(super) async fn begin(
        store: &dyn PublicationStore,
        org_id: OrgId,
        key: &str,
        body: Digest,
        log_max_wait: Duration,
    ) -> Result<Once, Problem> {
        let publication = Publication { org_id, key: Sha256::digest(key.as_bytes()).into(), body };
        let (now, hold) = Hold::lasting(log_max_wait + SPARE);
        let held_ms = i64::try_from(hold.lasts.as_millis()).unwrap_or(i64::MAX);
        let bounds = PublicationBounds { remembered_ms: REMEMBERED_MS, held_ms };
        match store.begin_publication(&publication, now, bounds).await? {
            Begun::Yours { settled, held_until } => {
                let settled = settled.and_then(|settled| serde_json::from_str(&settled).ok()).unwrap_or_default();
                Ok(Once { publication, settled, hold: Hold { until: held_until, ..hold } })
            }
            Begun::UnderWay => Err(under_way()),
            Begun::OtherBody => Err(Problem::new(
                Kind::IdempotencyKeyReused,
                "This `Idempotency-Key` was used for another request within 24 hours; use a new one.",
            )),
        }
    }

    /// Sees to it that the request is still this gateway's to work on, and is for as long as the log may be waited for from
    /// here on: asked before anything is handed to the log.
    pub(super) async fn hold_on(
        &mut self,
        store: &dyn PublicationStore,
        log_max_wait: Duration,
    ) -> Result<(), Problem> {
        if self.hold.covers(log_max_wait + SPARE_TO_END) {
            return Ok(());
        }
        let (_, longer) = Hold::lasting(log_max_wait + SPARE);
        if !store.hold_publication(&self.publication, self.hold.until, longer.until).await? {
            return Err(under_way());
        }
        self.hold = longer;
        Ok(())
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
    pub(super) async fn end(self, store: &dyn PublicationStore, outcomes: &[Result<Published, Problem>]) {
        let settled: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().ok().map(Settled::of)).collect();
        let may_be_kept = |outcome: &Result<Published, Problem>| match outcome {
            Ok(_) => true,
            Err(problem) => problem.kind() == Kind::OutcomeUnknown,
        };
        let text = outcomes.iter().any(may_be_kept).then(|| serde_json::to_string(&settled).unwrap_or_default());
        match store.end_publication(&self.publication, self.hold.until, text.as_deref()).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!("a request took longer than its idempotency key was held, and is another's by now")
            }
            Err(error) => tracing::warn!(%error, "what was published under an idempotency key can't be remembered"),
        }
    }
}

fn under_way() -> Problem {
    Problem::new(
        Kind::IdempotencyKeyInUse,
        "A request with this `Idempotency-Key` is under way; send it again shortly to learn what became of it.",
    )
}

impl Settled {
    fn of(published: &Published) -> Self {
        Settled(published.topic.to_string(), published.partition.zip(published.offset))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use actix_web::test::TestRequest;
    use store::{
        identity::IdentityStore as _,
        sqlite::{SqliteSettings, SqliteStore},
        vault::{MasterKey, Vault},
    };

    use super::*;

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

    #[tokio::test]
    async fn who_was_overtaken_appends_nothing_and_ends_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::new(MasterKey::generate()));
        let path = dir.path().join("store.db");
        let store = SqliteStore::open(&path, SqliteSettings::default(), vault).await.unwrap();
        let org_id = store.ensure_organisation("acme").await.unwrap().id;
        let begin = async || Once::begin(&store, org_id, "key", [7; 32], Duration::ZERO).await;
        let published = |offset| {
            let (topic, partition, offset) = ("orders".into(), Some(0), Some(offset));
            [Ok(Published { topic, partition, offset, message_id: Uuid::nil() })]
        };
        let mut slow = begin().await.unwrap();
        assert_eq!(begin().await.err().unwrap().kind(), Kind::IdempotencyKeyInUse);
        // Much of its time is gone: it holds on, and is the one that holds.
        slow.hold.since -= SPARE;
        let before = slow.hold.until;
        slow.hold_on(&store, Duration::ZERO).await.unwrap();
        assert!(slow.hold.until > before && slow.hold.covers(SPARE_TO_END));
        // All of its time is gone, and another begins.
        let ended = clock::now().plus_ms(-1);
        assert!(store.hold_publication(&slow.publication, slow.hold.until, ended).await.unwrap());
        (slow.hold.until, slow.hold.since) = (ended, slow.hold.since - SPARE);
        let other = begin().await.unwrap();
        assert_eq!(slow.hold_on(&store, Duration::ZERO).await.err().unwrap().kind(), Kind::IdempotencyKeyInUse);
        slow.end(&store, &published(1)).await;
        assert_eq!(begin().await.err().unwrap().kind(), Kind::IdempotencyKeyInUse, "the other is at work");
        other.end(&store, &published(2)).await;
        assert_eq!(begin().await.unwrap().settled(1)[0].as_ref().unwrap().offset, Some(2));
    }

    #[test]
    fn a_hold_covers_no_more_than_is_left_of_it() {
        let hold = Hold { since: Instant::now() - Duration::from_secs(3), ..Hold::lasting(Duration::from_secs(10)).1 };
        assert!(hold.covers(Duration::from_secs(6)) && !hold.covers(Duration::from_secs(7)));
    }

    #[test]
    fn ids_are_the_same_again_and_differ_within_a_request() {
        let once = |body| Once {
            publication: Publication { org_id: Uuid::nil(), key: [1; 32], body: [body; 32] },
            settled: vec![None, Some(Settled("t".into(), Some((3, 7)))), Some(Settled("t".into(), None))],
            hold: Hold::lasting(SPARE).1,
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
