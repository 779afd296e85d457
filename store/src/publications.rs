//! Requests that publish under an idempotency key: the same one again has the same results, and nothing comes twice.
//!
//! A key and a body are kept as digests: neither can be read here.

use aibbar::Timestamp;
use async_trait::async_trait;

use crate::{OrgId, StoreError};

/// SHA-256 of something.
pub type Digest = [u8; 32];

/// One request, as it is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Whose it is: two organisations may use the same key.
    pub org_id: OrgId,
    /// Of the idempotency key.
    pub key: Digest,
    /// Of everything that was sent.
    pub body: Digest,
}

/// What is known of a request that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is the caller's to do until then, but for what was settled before. The moment is the caller's alone: whoever
    /// begins it again has another, and from then on the caller changes nothing of it.
    Yours {
        /// As it was given to [`PublicationStore::end_publication`].
        settled: Option<String>,
        /// What the caller shows to hold on to it, and to end it.
        held_until: Timestamp,
    },
    /// The same is being worked on.
    UnderWay,
    /// The key was used for something else.
    OtherBody,
}

/// For how long a request is remembered, and how long whoever began one may work on it.
#[derive(Clone, Copy, Debug)]
pub struct PublicationBounds {
    /// In milliseconds, from its first beginning.
    pub remembered_ms: i64,
    /// In milliseconds; later it is taken for broken off, and whoever asks next begins it again.
    pub held_ms: i64,
}

/// The idempotency keys of all organisations.
#[async_trait]
pub trait PublicationStore: Send + Sync + 'static {
    /// Begins a request, or tells why not.
    async fn begin_publication(
        &self,
        publication: &Publication,
        now: Timestamp,
        bounds: PublicationBounds,
    ) -> Result<Begun, StoreError>;
    /// Holds on to what the caller has until `held_until`, from now on until `until`; `false`: it is the caller's no more.
    async fn hold_publication(
        &self,
        publication: &Publication,
        held_until: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Ends what the caller has until `held_until`: with what is settled of it now, or, with `None`, as if it had never
    /// been. `false`: it is the caller's no more, and stays as it is.
    async fn end_publication(
        &self,
        publication: &Publication,
        held_until: Timestamp,
        settled: Option<&str>,
    ) -> Result<bool, StoreError>;
    /// Forgets what was begun before; how many there were.
    async fn sweep_publications(&self, before: Timestamp) -> Result<u64, StoreError>;
}
