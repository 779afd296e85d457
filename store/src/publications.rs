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
    /// It is the caller's to do, but for what was settled before.
    Yours(Option<String>),
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
    /// In milliseconds; later it is taken for broken off.
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
    /// Ends what was begun: with what is settled of it now, or, with `None`, as if it had never been.
    async fn end_publication(&self, publication: &Publication, settled: Option<&str>) -> Result<(), StoreError>;
    /// Forgets what was begun before; how many there were.
    async fn sweep_publications(&self, before: Timestamp) -> Result<u64, StoreError>;
}
