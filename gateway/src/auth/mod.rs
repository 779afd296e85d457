//! Who calls, and what they may do.

pub(crate) mod caller;
pub(crate) mod credentials;
pub(crate) mod csrf;
mod freshness;
pub(crate) mod identities;
mod last_used;
pub(crate) mod sessions;
pub(crate) mod tickets;
pub(crate) mod tokens;

pub(crate) use self::{
    caller::{Caller, Member, Person},
    freshness::Stamp,
};
