//! People.

pub(crate) mod email_address;
