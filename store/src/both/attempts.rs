//! Attempts to sign in: counted before the password is looked at, with delays that double.

use aibbar::Timestamp;

use super::{Database, Transaction, values};
use crate::{
    StoreError,
    accounts::{Attempt, AttemptBounds},
};

const NS_PER_MS: i64 = 1_000_000;

/// What is kept of a subject's attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Attempts {
    failures: i64,
    last_at_ns: i64,
    not_before_ns: i64,
}

impl Attempts {
    /// Counts one more, or says from when on it may be tried.
    fn with_another(self, now_ns: i64, bounds: AttemptBounds) -> Result<Attempts, Timestamp> {
        let is_forgotten =
            now_ns.saturating_sub(self.last_at_ns) >= bounds.forgotten_after_ms.saturating_mul(NS_PER_MS);
        let before = if is_forgotten { 0 } else { self.failures };
        if !is_forgotten && now_ns < self.not_before_ns {
            return Err(Timestamp::from_unix_ns(self.not_before_ns));
        }
        let failures = before.saturating_add(1);
        let delay_ns = delay_ms(failures, bounds).saturating_mul(NS_PER_MS);
        // Without a delay there is no time to wait for: of two at the same moment the earlier may come second.
        let not_before_ns = if delay_ns == 0 { 0 } else { now_ns.saturating_add(delay_ns) };
        Ok(Attempts { failures, last_at_ns: now_ns.max(self.last_at_ns), not_before_ns })
    }
}

/// How long the next attempt has to wait after so many failures.
fn delay_ms(failures: i64, bounds: AttemptBounds) -> i64 {
    let doublings = failures - i64::from(bounds.free) - 1;
    if doublings < 0 {
        return 0;
    }
    let factor = u32::try_from(doublings).ok().and_then(|doublings| 1_i64.checked_shl(doublings));
    let factor = factor.filter(|factor| *factor > 0).unwrap_or(i64::MAX);
    bounds.delay_ms.saturating_mul(factor).min(bounds.delay_ms_max)
}

pub(super) async fn begin<D: Database>(
    database: &D,
    subject: &str,
    now: Timestamp,
    bounds: AttemptBounds,
) -> Result<Attempt, StoreError> {
    // Changes nothing of a row that is there, and holds it: attempts by one subject come one after the other.
    const LOCK: &str = "INSERT INTO login_attempts (subject, failures, last_at_ns, not_before_ns) \
                        VALUES ($1, 0, $2, 0) ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject \
                        RETURNING failures, last_at_ns, not_before_ns";
    const KEEP: &str =
        "UPDATE login_attempts SET failures = $2, last_at_ns = $3, not_before_ns = $4 WHERE subject = $1";
    let mut transaction = database.begin().await?;
    let rows = transaction.query(LOCK, values![subject, now]).await?;
    let row = rows.first().ok_or_else(|| StoreError::Unavailable("an attempt just kept is not there".to_owned()))?;
    let there = Attempts { failures: row.number(0)?, last_at_ns: row.number(1)?, not_before_ns: row.number(2)? };
    match there.with_another(now.unix_ns(), bounds) {
        Ok(Attempts { failures, last_at_ns, not_before_ns }) => {
            transaction.execute(KEEP, values![subject, failures, last_at_ns, not_before_ns]).await?;
            transaction.commit().await?;
            Ok(Attempt::Allowed)
        }
        Err(not_before) => {
            transaction.roll_back().await?;
            Ok(Attempt::NotBefore(not_before))
        }
    }
}

pub(super) async fn forget<D: Database>(database: &D, subject: &str) -> Result<(), StoreError> {
    let mut transaction = database.begin().await?;
    transaction.execute("DELETE FROM login_attempts WHERE subject = $1", values![subject]).await?;
    transaction.commit().await
}

pub(super) async fn uncount<D: Database>(database: &D, subject: &str) -> Result<(), StoreError> {
    const UNCOUNT: &str = "UPDATE login_attempts SET failures = failures - 1 WHERE subject = $1 AND failures > 0";
    let mut transaction = database.begin().await?;
    transaction.execute(UNCOUNT, values![subject]).await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    const BOUNDS: AttemptBounds =
        AttemptBounds { free: 2, delay_ms: 1_000, delay_ms_max: 5_000, forgotten_after_ms: 60_000 };

    #[test]
    fn delays_begin_after_the_free_ones_and_double_up_to_the_longest() {
        let delays: Vec<i64> = (0..8).map(|failures| delay_ms(failures, BOUNDS)).collect();
        assert_eq!(delays, [0, 0, 0, 1_000, 2_000, 4_000, 5_000, 5_000]);
        assert_eq!(delay_ms(i64::MAX, BOUNDS), 5_000);
    }

    #[test]
    fn of_two_at_the_same_moment_the_earlier_may_come_second() {
        let first = Attempts { failures: 0, last_at_ns: 10, not_before_ns: 0 }.with_another(10, BOUNDS).unwrap();
        let second = first.with_another(9, BOUNDS).unwrap();
        assert_eq!(second, Attempts { failures: 2, last_at_ns: 10, not_before_ns: 0 });
    }

    proptest! {
        #[test]
        fn no_numbers_overflow_and_an_attempt_counts_once_or_is_refused(
            failures in 0..i64::MAX, last_at_ns: i64, not_before_ns: i64, now_ns: i64,
        ) {
            let there = Attempts { failures, last_at_ns, not_before_ns };
            match there.with_another(now_ns, BOUNDS) {
                Ok(next) => prop_assert!(next.failures == failures + 1 || next.failures == 1),
                Err(not_before) => prop_assert!(not_before.unix_ns() > now_ns),
            }
        }
    }
}
