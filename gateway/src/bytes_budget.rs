//! The bytes of bodies held at once, over all requests.

use std::sync::Arc;

use prometheus::IntGauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// One permit stands for this many bytes, so that a semaphore's count is enough.
const BYTES_PER_PERMIT: usize = 4 * 1024;

/// What all requests share.
pub(super) struct BytesBudget {
    permits: Arc<Semaphore>,
    held: IntGauge,
}

/// What one request holds of it; given back when it goes.
pub(super) struct Reservation {
    all: Arc<Semaphore>,
    mine: Option<OwnedSemaphorePermit>,
    held: IntGauge,
}

/// All requests together hold as much as they may.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BudgetSpent;

impl BytesBudget {
    pub(super) fn new(bytes_max: usize, held: IntGauge) -> Self {
        Self { permits: Arc::new(Semaphore::new(bytes_max / BYTES_PER_PERMIT)), held }
    }

    /// A reservation of nothing yet.
    pub(super) fn reserve(&self) -> Reservation {
        Reservation { all: self.permits.clone(), mine: None, held: self.held.clone() }
    }
}

impl Reservation {
    /// Holds so many bytes in all, or says at once that there is no room for them.
    pub(super) fn grow_to(&mut self, bytes: usize) -> Result<(), BudgetSpent> {
        let have = self.permits();
        let more = bytes.div_ceil(BYTES_PER_PERMIT).saturating_sub(have);
        if more == 0 {
            return Ok(());
        }
        let more_permits = u32::try_from(more).map_err(|_| BudgetSpent)?;
        let permit = self.all.clone().try_acquire_many_owned(more_permits).map_err(|_| BudgetSpent)?;
        match &mut self.mine {
            Some(mine) => mine.merge(permit),
            None => self.mine = Some(permit),
        }
        self.held.add((more * BYTES_PER_PERMIT) as i64);
        Ok(())
    }

    fn permits(&self) -> usize {
        self.mine.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.held.sub((self.permits() * BYTES_PER_PERMIT) as i64);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_one_holds_another_can_not_and_all_comes_back() {
        let held = IntGauge::new("held", "held").unwrap();
        let budget = BytesBudget::new(10 * BYTES_PER_PERMIT, held.clone());
        let mut one = budget.reserve();
        let mut other = budget.reserve();
        one.grow_to(1).unwrap();
        one.grow_to(8 * BYTES_PER_PERMIT).unwrap();
        assert_eq!(other.grow_to(3 * BYTES_PER_PERMIT), Err(BudgetSpent));
        other.grow_to(2 * BYTES_PER_PERMIT).unwrap();
        assert_eq!(held.get(), 10 * BYTES_PER_PERMIT as i64);
        drop(one);
        other.grow_to(10 * BYTES_PER_PERMIT).unwrap();
        drop(other);
        assert_eq!(held.get(), 0);
    }
}
