//! When a conversation began whose recording does not tell: the same for the same conversation, however often it is imported.

use aibbar::{SigningSecret, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const SPREAD_DAYS: u64 = 30;
/// The spread and a day for the conversation itself: what is made up never lies in the future.
const MARGIN_MS: i64 = (SPREAD_DAYS as i64 + 2) * DAY_MS;

/// How the times of an import were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beginnings {
    /// `--started-at`.
    started_at: Option<Timestamp>,
    /// 1 January, from which beginnings are spread.
    year: Timestamp,
}

impl Beginnings {
    pub(super) fn new(started_at: Option<Timestamp>, now: Timestamp) -> Self {
        Self { started_at, year: first_of_january(now.plus_ms(-MARGIN_MS)) }
    }

    /// When this conversation began. Spread by a keyed digest, so that nobody reads the id out of the time.
    pub(super) fn of(&self, session_id: &str, secret: &SigningSecret) -> Timestamp {
        if let Some(started_at) = self.started_at {
            return started_at;
        }
        let digest = keyed_digest(secret, session_id.as_bytes());
        let spread_ms = u64::from_be_bytes(digest) % (SPREAD_DAYS * DAY_MS as u64);
        self.year.plus_ms(spread_ms as i64)
    }
}

/// The first eight bytes of the HMAC of these bytes.
pub(super) fn keyed_digest(secret: &SigningSecret, bytes: &[u8]) -> [u8; 8] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(bytes);
    let digest: [u8; 32] = mac.finalize().into_bytes().into();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    first
}

fn first_of_january(at: Timestamp) -> Timestamp {
    let year = time::OffsetDateTime::from_unix_timestamp_nanos(at.unix_ns().into()).map_or(1970, |at| at.year());
    let first = time::Date::from_ordinal_date(year, 1)
        .map_or(time::OffsetDateTime::UNIX_EPOCH, |day| day.midnight().assume_utc());
    Timestamp::from_unix_ms(first.unix_timestamp() * 1_000)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_made_up_beginning_is_the_same_all_year_and_never_in_the_future() {
        let secret = SigningSecret::new("secret");
        for (now, year) in [
            ("2026-11-21T04:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-02-03T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-02T00:00:00Z", "2025-01-01T00:00:00Z"),
        ] {
            let (now, year) = (Timestamp::parse(now).unwrap(), Timestamp::parse(year).unwrap());
            let beginnings = Beginnings::new(None, now);
            for id in ["a", "b", "airline-0-0"] {
                let at = beginnings.of(id, &secret);
                assert!(at >= year && at < year.plus_ms(30 * DAY_MS) && at < now, "{id}: {at}");
                assert_eq!(at, beginnings.of(id, &secret));
            }
        }
    }

    #[test]
    fn a_given_beginning_is_taken() {
        let at = Timestamp::from_unix_ms(1_700_000_000_000);
        assert_eq!(Beginnings::new(Some(at), at).of("a", &SigningSecret::new("s")), at);
    }
}
