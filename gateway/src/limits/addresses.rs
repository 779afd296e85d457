//! Requests without credentials, or with wrong ones, by address: one number each, nothing shared, nothing asked.
//!
//! Each address may do a minute's worth at once, and gets it back evenly over a minute. Of IPv6 a /64 is one address: a
//! single client has as many as it likes of the others.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use parking_lot::Mutex;
use store::limits::Limit;

use super::{Clock, metrics::LimitMetrics, seconds_up};

const SHARDS: usize = 16;

/// Addresses that are remembered; past it the one that did the least is forgotten.
const ADDRESSES_PER_SHARD_MAX: usize = 8_192;

const MINUTE_US: u64 = 60_000_000;

/// What each address did.
pub(crate) struct Addresses {
    /// Microseconds that one request costs, and may be owed in all; `None`: no limit.
    cost_us: Option<u64>,
    /// By address: when everything it did is forgotten.
    until_us: [Mutex<HashMap<IpAddr, u64>>; SHARDS],
    clock: Clock,
    metrics: Arc<LimitMetrics>,
}

/// The address did too much: after so many seconds it may do one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    pub(crate) retry_after_s: u32,
}

impl Addresses {
    pub(super) fn new(per_minute: Limit, clock: Clock, metrics: Arc<LimitMetrics>) -> Self {
        let cost_us = match per_minute {
            Limit::AtMost(most) => Some((MINUTE_US / most.max(1)).max(1)),
            Limit::Off | Limit::Inherited => None,
        };
        Self { cost_us, until_us: Default::default(), clock, metrics }
    }

    /// Takes one request from this address.
    pub(crate) fn take(&self, address: IpAddr) -> Result<(), Spent> {
        let Some(cost_us) = self.cost_us else { return Ok(()) };
        let now_us = self.clock.now().monotonic_ms * 1_000;
        let address = counted_as(address);
        let taken = take(&mut self.until_us[shard(address)].lock(), address, now_us, cost_us);
        taken.inspect_err(|_| self.metrics.refused.with_label_values(&["address"]).inc())
    }

    /// Whether one more would be refused; takes nothing.
    pub(crate) fn is_spent(&self, address: IpAddr) -> Result<(), Spent> {
        let Some(cost_us) = self.cost_us else { return Ok(()) };
        let now_us = self.clock.now().monotonic_ms * 1_000;
        let address = counted_as(address);
        let until_us = self.until_us[shard(address)].lock().get(&address).copied().unwrap_or(0);
        fits(until_us, now_us, cost_us).map(|_| ())
    }
}

fn take(until: &mut HashMap<IpAddr, u64>, address: IpAddr, now_us: u64, cost_us: u64) -> Result<(), Spent> {
    if let Some(until_us) = until.get_mut(&address) {
        *until_us = fits(*until_us, now_us, cost_us)?;
        return Ok(());
    }
    if until.len() >= ADDRESSES_PER_SHARD_MAX {
        until.retain(|_, until_us| *until_us > now_us);
    }
    if until.len() >= ADDRESSES_PER_SHARD_MAX
        && let Some(least) = until.iter().min_by_key(|(_, until_us)| **until_us).map(|(address, _)| *address)
    {
        until.remove(&least);
    }
    until.insert(address, now_us + cost_us);
    Ok(())
}

/// When everything is forgotten with one more; refused when that is more than a minute away.
fn fits(until_us: u64, now_us: u64, cost_us: u64) -> Result<u64, Spent> {
    let with_one_more = until_us.max(now_us) + cost_us;
    match with_one_more.checked_sub(now_us + MINUTE_US) {
        None | Some(0) => Ok(with_one_more),
        Some(over_us) => Err(Spent { retry_after_s: seconds_up(over_us.div_ceil(1_000)) }),
    }
}

/// An IPv4 address by itself, of an IPv6 one its /64.
pub(crate) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

fn shard(address: IpAddr) -> usize {
    let bits = match address {
        IpAddr::V4(address) => u64::from(address.to_bits()),
        IpAddr::V6(address) => (address.to_bits() >> 64) as u64,
    };
    // Fibonacci hashing: the upper bits of the product depend on all of them.
    (bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60) as usize % SHARDS
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_minutes_worth_at_once_and_then_evenly() {
        let mut until = HashMap::new();
        let (who, cost_us) = (address("203.0.113.9"), MINUTE_US / 10);
        let now_us = 5 * MINUTE_US;
        for _ in 0..10 {
            take(&mut until, who, now_us, cost_us).unwrap();
        }
        assert_eq!(take(&mut until, who, now_us, cost_us), Err(Spent { retry_after_s: 6 }));
        take(&mut until, address("203.0.113.10"), now_us, cost_us).unwrap();
        take(&mut until, who, now_us + cost_us, cost_us).unwrap();
        assert!(take(&mut until, who, now_us + cost_us, cost_us).is_err());
    }

    #[test]
    fn a_64_of_ipv6_is_one_address() {
        assert_eq!(counted_as(address("2001:db8::1")), counted_as(address("2001:db8::ffff:1")));
        assert_ne!(counted_as(address("2001:db8::1")), counted_as(address("2001:db8:0:1::1")));
        assert_eq!(counted_as(address("::ffff:203.0.113.9")), address("203.0.113.9"));
    }

    #[test]
    fn a_flood_of_addresses_forgets_those_that_did_least() {
        let mut until = HashMap::new();
        let (busy, cost_us, now_us) = (address("203.0.113.9"), MINUTE_US / 10, 5 * MINUTE_US);
        for _ in 0..10 {
            take(&mut until, busy, now_us, cost_us).unwrap();
        }
        for number in 0..2 * ADDRESSES_PER_SHARD_MAX as u32 {
            take(&mut until, IpAddr::V4(number.into()), now_us, cost_us).unwrap();
        }
        assert_eq!(until.len(), ADDRESSES_PER_SHARD_MAX);
        assert!(take(&mut until, busy, now_us, cost_us).is_err(), "a flood does not wash off what one did");
    }
}
