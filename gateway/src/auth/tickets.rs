//! Tickets for streams: what a browser's `WebSocket` and `EventSource`, which set no headers, show in the query.
//!
//! A query is written into many a log, so a ticket is good for one connection and for half a minute. It says who made
//! it, under a key of the vault, so every gateway reads it without asking anyone; that it is used once is known to the
//! gateway that took it, and to all of them through Redis where they share one. Without Redis, or while it is away, each
//! gateway knows of its own alone.

use std::{collections::HashMap, time::Duration};

use aibbar::Timestamp;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use parking_lot::Mutex;
use redis::{Client, RedisError};
use sha2::Sha256;
use store::{OrgId, vault::Vault};
use tokio::{sync::Mutex as AsyncMutex, time::timeout};
use uuid::Uuid;

use super::{
    caller::{Caller, Who},
    tokens::unix_s,
};
use crate::{
    limits::Connection,
    problem::{Kind, Problem},
};

/// The parameter that a ticket is shown in.
pub(crate) const TICKET_PARAMETER: &str = "token";

/// The paths that take one.
pub(crate) const TICKET_PATHS: [&str; 2] = ["/ws/events", "/sse/events"];

/// How long a ticket is good.
const GOOD_FOR_MS: i64 = 30_000;

/// How far two gateways' clocks may lie apart.
const LEEWAY_MS: i64 = 5_000;

/// Tickets that were used and could still be shown again; past it none is taken for a moment.
const USED_MAX: usize = 100_000;

/// The longest that is looked at, in bytes.
const TICKET_BYTES_MAX: usize = 512;

/// How long Redis may take to say whether a ticket was used.
const ANSWER_MAX_WAIT: Duration = Duration::from_millis(500);

/// What every ticket begins with.
const MARK: &str = "st_";

/// Keeps this use of the key apart from every other.
const LABEL: &[u8] = b"gapin/stream-ticket/1";

const KEY: u8 = 1;
const SESSION: u8 = 2;

type Nonce = [u8; 16];

/// Whose ticket it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// Of a key, by the secret of this prefix.
    Key(Uuid, Box<str>),
    Session(Uuid),
}

/// A ticket that is ours and not too old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) holder: Holder,
    pub(super) org_id: OrgId,
    nonce: Nonce,
    expires_ms: i64,
}

/// What its maker is told.
pub(crate) struct Made {
    pub(crate) ticket: String,
    pub(crate) expires_at: Timestamp,
}

/// Which tickets were used.
pub(crate) struct Tickets {
    used: Mutex<HashMap<Nonce, i64>>,
    shared: Option<Shared>,
}

struct Shared {
    client: Client,
    connection: AsyncMutex<Option<Connection>>,
}

impl Tickets {
    /// Connects to nothing yet.
    pub(crate) fn new(redis: Option<Client>) -> Tickets {
        let shared = redis.map(|client| Shared { client, connection: AsyncMutex::default() });
        Tickets { used: Mutex::default(), shared }
    }

    /// One for whoever calls.
    pub(crate) fn make(&self, vault: &Vault, caller: &Caller, now: Timestamp) -> Result<Made, Problem> {
        let holder = match caller.who() {
            Who::Key(found, prefix) => Holder::Key(found.key.id, prefix.clone()),
            Who::Person(state, _) => Holder::Session(state.session.id),
        };
        let mut nonce = Nonce::default();
        getrandom::fill(&mut nonce).map_err(Problem::internal)?;
        let expires_at = now.plus_ms(GOOD_FOR_MS);
        let ticket = Ticket { holder, org_id: caller.org_id(), nonce, expires_ms: expires_at.unix_ms() };
        let text = ticket.sealed(vault, now).ok_or_else(|| Problem::internal("the vault's own key is unknown"))?;
        Ok(Made { ticket: text, expires_at })
    }

    /// The ticket, when it is ours, good, and was not used before; from here on it was.
    pub(super) async fn take(&self, vault: &Vault, text: &str, now: Timestamp) -> Result<Ticket, Problem> {
        let invalid = || {
            Problem::new(
                Kind::InvalidTicket,
                "This ticket is not valid: it is good once, for 30 seconds. Make another with POST /api/v1/stream-tickets.",
            )
        };
        let ticket = Ticket::opened(vault, text, now).ok_or_else(invalid)?;
        if !self.note(&ticket, now.unix_ms())? {
            return Err(invalid());
        }
        match &self.shared {
            Some(shared) if !shared.note(&ticket.nonce).await => Err(invalid()),
            _ => Ok(ticket),
        }
    }

    /// Whether it is the first time on this gateway.
    fn note(&self, ticket: &Ticket, now_ms: i64) -> Result<bool, Problem> {
        let mut used = self.used.lock();
        if used.len() >= USED_MAX {
            used.retain(|_, expires_ms| *expires_ms + LEEWAY_MS >= now_ms);
        }
        if used.len() >= USED_MAX {
            return Err(Problem::overloaded());
        }
        Ok(used.insert(ticket.nonce, ticket.expires_ms).is_none())
    }
}

impl Shared {
    /// Whether it is the first time on any gateway, as far as Redis can be asked.
    async fn note(&self, nonce: &Nonce) -> bool {
        match timeout(ANSWER_MAX_WAIT, self.ask(nonce)).await {
            Ok(Ok(is_first)) => is_first,
            Ok(Err(error)) => {
                tracing::warn!(%error, "Redis can't be asked whether a ticket was used; this gateway knows of its own alone");
                true
            }
            Err(_) => {
                tracing::warn!(
                    "Redis did not say in time whether a ticket was used; this gateway knows of its own alone"
                );
                true
            }
        }
    }

    async fn ask(&self, nonce: &Nonce) -> Result<bool, RedisError> {
        let mut kept = self.connection.lock().await;
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => Connection::open(&self.client, ANSWER_MAX_WAIT).await?,
        };
        let key = format!("gapin:stream-ticket:{}", hex::encode(nonce));
        let mut set = redis::cmd("SET");
        set.arg(key).arg("").arg("NX").arg("PX").arg(GOOD_FOR_MS + LEEWAY_MS);
        let answer: Option<String> = connection.query(&set).await?;
        *kept = Some(connection);
        Ok(answer.is_some())
    }
}

impl Ticket {
    /// `st_<what it says>.<the key's name>.<mac>`
    fn sealed(&self, vault: &Vault, now: Timestamp) -> Option<String> {
        let said = self.said();
        let kid = vault.current_access_token_kid(unix_s(now));
        let mac = mac(vault, &kid, &said, now)?.finalize().into_bytes();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        Some(format!("{MARK}{}.{kid}.{}", encode(&said), encode(&mac)))
    }

    fn opened(vault: &Vault, text: &str, now: Timestamp) -> Option<Ticket> {
        if text.len() > TICKET_BYTES_MAX {
            return None;
        }
        let (rest, sent) = text.strip_prefix(MARK)?.rsplit_once('.')?;
        let (said, kid) = rest.split_once('.')?;
        let (said, sent) = (URL_SAFE_NO_PAD.decode(said).ok()?, URL_SAFE_NO_PAD.decode(sent).ok()?);
        mac(vault, kid, &said, now)?.verify_slice(&sent).ok()?;
        let ticket = Self::read(&said)?;
        (now.unix_ms() <= ticket.expires_ms).then_some(ticket)
    }

    fn said(&self) -> Vec<u8> {
        let (kind, id, prefix) = match &self.holder {
            Holder::Key(id, prefix) => (KEY, id, &**prefix),
            Holder::Session(id) => (SESSION, id, ""),
        };
        let expires = self.expires_ms.to_be_bytes();
        [&[kind][..], id.as_bytes(), self.org_id.as_bytes(), &self.nonce, &expires, prefix.as_bytes()].concat()
    }

    fn read(said: &[u8]) -> Option<Ticket> {
        let (&kind, rest) = said.split_first()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (org_id, rest) = rest.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (expires, prefix) = rest.split_first_chunk()?;
        let id = Uuid::from_bytes(*id);
        let holder = match kind {
            KEY => Holder::Key(id, str::from_utf8(prefix).ok()?.into()),
            SESSION => Holder::Session(id),
            _ => return None,
        };
        let (org_id, expires_ms) = (Uuid::from_bytes(*org_id), i64::from_be_bytes(*expires));
        Some(Ticket { holder, org_id, nonce: *nonce, expires_ms })
    }
}

fn mac(vault: &Vault, kid: &str, said: &[u8], now: Timestamp) -> Option<Hmac<Sha256>> {
    let key = vault.access_token_key(kid, unix_s(now))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).ok()?;
    mac.update(LABEL);
    mac.update(said);
    Some(mac)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use store::vault::MasterKey;

    use super::*;
    use crate::clock;

    fn vault(byte: u8) -> Vault {
        Vault::new(MasterKey::from_bytes([byte; 32]))
    }

    fn ticket(holder: Holder, now: Timestamp) -> Ticket {
        let expires_ms = now.plus_ms(GOOD_FOR_MS).unix_ms();
        Ticket { holder, org_id: Uuid::now_v7(), nonce: [7; 16], expires_ms }
    }

    #[tokio::test]
    async fn a_ticket_is_taken_once_by_the_vault_that_made_it() {
        let (vault_1, now) = (vault(1), clock::now());
        for holder in [Holder::Key(Uuid::now_v7(), "sk_abc".into()), Holder::Session(Uuid::now_v7())] {
            let (tickets, made) = (Tickets::new(None), ticket(holder, now));
            let text = made.sealed(&vault_1, now).unwrap();
            assert!(tickets.take(&vault(2), &text, now).await.is_err());
            assert_eq!(tickets.take(&vault_1, &text, now).await.unwrap(), made);
            assert_eq!(tickets.take(&vault_1, &text, now).await.unwrap_err().kind(), Kind::InvalidTicket);
        }
    }

    #[tokio::test]
    async fn a_ticket_that_is_old_or_changed_is_not_taken() {
        let (vault, now) = (vault(1), clock::now());
        let text = ticket(Holder::Session(Uuid::now_v7()), now).sealed(&vault, now).unwrap();
        let tickets = Tickets::new(None);
        let late = now.plus_ms(GOOD_FOR_MS + 1);
        assert!(tickets.take(&vault, &text, late).await.is_err());
        let (said, rest) = text.split_once('.').unwrap();
        let other = if said.ends_with('A') { "B" } else { "A" };
        let changed = format!("{}{other}.{rest}", &said[..said.len() - 1]);
        for wrong in ["", "st_", "st_..", &text[3..], &text[..text.len() - 1], &changed, &"st_a".repeat(1_000)] {
            assert!(tickets.take(&vault, wrong, now).await.is_err(), "{wrong}");
        }
        tickets.take(&vault, &text, now).await.unwrap();
    }
}
