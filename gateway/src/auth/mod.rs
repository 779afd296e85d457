//! Who calls, and what they may do.

pub(crate) mod caller;
pub(crate) mod credentials;
pub(crate) mod identities;
pub(crate) mod sessions;

pub(crate) use caller::{Caller, Person};
