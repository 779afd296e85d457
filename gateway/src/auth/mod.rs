//! Who calls, and what they may do.

pub(crate) mod caller;
pub(crate) mod credentials;
pub(crate) mod csrf;
pub(crate) mod identities;
pub(crate) mod sessions;
pub(crate) mod tokens;

pub(crate) use caller::{Caller, Person};
