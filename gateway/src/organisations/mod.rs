//! Organisations, who belongs to them, and who is invited: `/api/v1/organisation…`, `/users`, `/api/v1/invitations`,
//! `/auth/invitations/accept`.

pub(crate) mod invitations;
pub(crate) mod members;
pub(crate) mod membership;
mod rules;
pub(crate) mod settings;
