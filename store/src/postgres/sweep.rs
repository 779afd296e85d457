//! Dropping what is past its retention: months as partitions wherever that can be, the rest as rows.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    PostgresStore,
    drop_month::{Outcome, Plan, organisations_in},
    failure::{explain, unavailable},
    month::{Month, OUTSIDE},
    partitions::months_there,
};
use crate::{OrgId, StoreError, both::drop_rows, retention::Sweep};

/// The advisory lock of whoever sweeps: one process at a time is enough. Nothing goes wrong with two.
const TURN: i64 = 0x6741_5049_4E00_0003;

impl PostgresStore {
    pub(super) async fn sweep(&self, sweep: &Sweep<'_>) -> Result<(), StoreError> {
        let turn = self.connections.dedicated().await?;
        let is_ours: bool = turn.query_one("SELECT pg_try_advisory_lock($1)", &[&TURN]).await.map_err(explain)?.get(0);
        if !is_ours {
            return Ok(());
        }
        let swept = self.sweep_all(sweep).await;
        // Of a process that ends before, it goes with the connection; which takes a moment.
        let _ = turn.execute("SELECT pg_advisory_unlock($1)", &[&TURN]).await;
        swept
    }

    async fn sweep_all(&self, sweep: &Sweep<'_>) -> Result<(), StoreError> {
        let own = self.own_retentions().await?;
        let mut in_use = false;
        for month in self.months().await? {
            if (sweep.is_stopped)() {
                return Ok(());
            }
            in_use |= self.sweep_month(month, &own, sweep).await?;
        }
        // What lies before all months is in a partition that stays.
        let loan = self.connections.borrow().await?;
        let organisations = organisations_in(&loan, OUTSIDE[0]).await.map_err(explain)?;
        loan.end();
        for org_id in organisations {
            if (sweep.is_stopped)() {
                return Ok(());
            }
            drop_rows(self, org_id, Uuid::nil()..Month::earliest().first_id(), sweep).await?;
        }
        if in_use { Err(unavailable("what is to be dropped is in use")) } else { Ok(()) }
    }

    /// Answers whether something has to wait, since it was in use.
    async fn sweep_month(
        &self,
        month: Month,
        own: &BTreeMap<OrgId, u32>,
        sweep: &Sweep<'_>,
    ) -> Result<bool, StoreError> {
        let has_begun_to_end = |days| month.start_unix_ms() < sweep.oldest_kept(days).unix_ms();
        let is_past = sweep.is_past(None, month.end_unix_ms());
        if !is_past && !own.values().any(|days| has_begun_to_end(Some(*days))) {
            return Ok(false);
        }
        let loan = self.connections.borrow().await?;
        let plan = Plan::of(&loan, month, sweep).await.map_err(explain)?;
        loan.end();
        if plan.anything_goes {
            match self.drop_month(month, &plan, sweep).await? {
                Outcome::Done => return Ok(false),
                Outcome::InUse => return Ok(true),
                Outcome::RowByRow => {}
            }
        }
        for (org_id, keeping) in &plan.keeping {
            if (sweep.is_stopped)() {
                break;
            }
            // Who says nothing of retention has whole months.
            if is_past || keeping.own_days.is_some() {
                drop_rows(self, *org_id, month.first_id()..month.end_id(), sweep).await?;
            }
        }
        Ok(false)
    }

    /// The months that have a partition, oldest first.
    async fn months(&self) -> Result<Vec<Month>, StoreError> {
        let loan = self.connections.borrow().await?;
        let mut months = months_there(&loan).await.map_err(explain)?;
        loan.end();
        months.sort_unstable();
        Ok(months)
    }

    /// What organisations say themselves.
    async fn own_retentions(&self) -> Result<BTreeMap<OrgId, u32>, StoreError> {
        let rows = self.read_rows("SELECT org_id, events_days FROM retention", &[]).await?;
        Ok(rows.iter().map(|row| (row.get(0), days(row.get(1)))).collect())
    }
}

/// A number of days as it is kept; what is none keeps longest.
pub(super) fn days(kept: i64) -> u32 {
    u32::try_from(kept).unwrap_or(u32::MAX)
}
