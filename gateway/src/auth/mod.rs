//! Who calls, and what they may do.

pub(crate) mod caller;
pub(crate) mod identities;

pub(crate) use caller::Caller;
