//! What an organisation's events and messages come to: `/api/v1/metrics/*`.
//!
//! Nothing is scanned: consumers count what they store, gateways what only they know ([`counting`], handed to the store by
//! [`writer`]), and the routes read sums. What is answered is of all gateways and consumers together.

pub(crate) mod behind;
pub(crate) mod counting;
pub(crate) mod errors;
pub(crate) mod lag;
pub(crate) mod latency;
pub(crate) mod redactions;
pub(crate) mod throughput;
pub(crate) mod top;
pub(crate) mod topic;
mod window;
pub(crate) mod writer;
