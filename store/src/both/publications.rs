//! [`PublicationStore`].

use aibbar::Timestamp;
use async_trait::async_trait;

use super::{Database, Transaction, values};
use crate::{
    OrgId, StoreError,
    publications::{Begun, Publication, PublicationBounds, PublicationStore},
};

#[async_trait]
impl<D: Database> PublicationStore for D {
    async fn begin_publication(
        &self,
        publication: &Publication,
        now: Timestamp,
        bounds: PublicationBounds,
    ) -> Result<Begun, StoreError> {
        // Changes nothing of a row that is there, and holds it: the same at the same time come one after the other.
        const LOCK: &str = "INSERT INTO publications (org_id, key_hash, body_hash, settled, begun_at_ns, held_until_ns) \
                            VALUES ($1, $2, $3, NULL, $4, 0) \
                            ON CONFLICT (org_id, key_hash) DO UPDATE SET key_hash = excluded.key_hash \
                            RETURNING body_hash, settled, begun_at_ns, held_until_ns";
        const HOLD: &str = "UPDATE publications SET body_hash = $3, settled = $4, begun_at_ns = $5, held_until_ns = $6 \
                            WHERE org_id = $1 AND key_hash = $2";
        let (org_id, key, body) = parts(publication);
        let mut transaction = self.begin().await?;
        let rows = transaction.query(LOCK, values![org_id, key.clone(), body.clone(), now]).await?;
        let row = rows.first().ok_or_else(super::value::unreadable)?;
        let (known_body, settled) = (row.bytes(0)?, row.maybe(1, super::Row::text)?);
        let (begun_at, held_until) = (row.moment(2)?, row.moment(3)?);
        let is_forgotten = begun_at <= now.plus_ms(bounds.remembered_ms.saturating_neg());
        let is_held = held_until > now;
        let (settled, begun_at) = match is_forgotten {
            _ if is_held && known_body == body => return answer(transaction, Begun::UnderWay).await,
            true if !is_held => (None, now),
            _ if known_body != body => return answer(transaction, Begun::OtherBody).await,
            _ => (settled, begun_at),
        };
        let held_until = now.plus_ms(bounds.held_ms);
        transaction.execute(HOLD, values![org_id, key, body, settled.as_deref(), begun_at, held_until]).await?;
        transaction.commit().await?;
        Ok(Begun::Yours { settled, held_until })
    }

    async fn hold_publication(
        &self,
        publication: &Publication,
        held_until: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        const HOLD: &str = "UPDATE publications SET held_until_ns = $5 \
                            WHERE org_id = $1 AND key_hash = $2 AND body_hash = $3 AND held_until_ns = $4";
        let mut transaction = self.begin().await?;
        let (org_id, key, body) = parts(publication);
        let held = transaction.execute(HOLD, values![org_id, key, body, held_until, until]).await? > 0;
        transaction.commit().await?;
        Ok(held)
    }

    async fn end_publication(
        &self,
        publication: &Publication,
        held_until: Timestamp,
        settled: Option<&str>,
    ) -> Result<bool, StoreError> {
        const SETTLE: &str = "UPDATE publications SET settled = $5, held_until_ns = 0 \
                              WHERE org_id = $1 AND key_hash = $2 AND body_hash = $3 AND held_until_ns = $4";
        const FORGET: &str = "DELETE FROM publications \
                              WHERE org_id = $1 AND key_hash = $2 AND body_hash = $3 AND held_until_ns = $4";
        let mut transaction = self.begin().await?;
        let (org_id, key, body) = parts(publication);
        let ended = match settled {
            Some(settled) => transaction.execute(SETTLE, values![org_id, key, body, held_until, settled]).await?,
            None => transaction.execute(FORGET, values![org_id, key, body, held_until]).await?,
        };
        transaction.commit().await?;
        Ok(ended > 0)
    }

    async fn sweep_publications(&self, before: Timestamp) -> Result<u64, StoreError> {
        /// Rows deleted in one transaction: others are not held up for long.
        const AT_ONCE: i64 = 5_000;
        const SWEEP: &str = "DELETE FROM publications WHERE (org_id, key_hash) IN \
                             (SELECT org_id, key_hash FROM publications WHERE begun_at_ns < $1 LIMIT $2)";
        let mut swept = 0;
        loop {
            let mut transaction = self.begin().await?;
            let rows = transaction.execute(SWEEP, values![before, AT_ONCE]).await?;
            transaction.commit().await?;
            swept += rows;
            if rows < AT_ONCE.unsigned_abs() {
                return Ok(swept);
            }
        }
    }
}

/// As both databases keep them.
fn parts(publication: &Publication) -> (OrgId, Vec<u8>, Vec<u8>) {
    (publication.org_id, publication.key.to_vec(), publication.body.to_vec())
}

async fn answer<T: Transaction>(transaction: T, begun: Begun) -> Result<Begun, StoreError> {
    transaction.roll_back().await?;
    Ok(begun)
}
