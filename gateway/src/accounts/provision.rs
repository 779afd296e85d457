//! People whom an operator makes: the first owner of an installation, and everyone where no e-mail can be sent.

use store::{Actor, AuditEntry, OrgId, Role, StoreError, User, accounts::PasswordHash};
use zeroize::Zeroizing;

use super::{
    email_address,
    passwords::{hash, one_time_password},
};
use crate::{app::Stores, clock};

/// Why nobody was made.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// That is no e-mail address.
    #[error("that is not an e-mail address")]
    NotAnAddress,
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness, or no memory for a hash.
    #[error("no password can be made")]
    NoPassword,
}

/// What became of a wish for a person in an organisation.
pub enum Provisioned {
    /// They are new; the password is shown once, and is to be replaced.
    New(User, Zeroizing<String>),
    /// They have an account, and are a member now.
    Joined(User),
    /// They are a member already, in whatever role.
    Member(User),
}

/// Makes a person, whose address the operator vouches for, or takes one who is there, into an organisation.
pub async fn provide_person(
    stores: &Stores,
    email: &str,
    name: &str,
    org_id: OrgId,
    role: Role,
    by: &Actor,
) -> Result<Provisioned, ProvisionError> {
    let email = email_address::canonical(email).ok_or(ProvisionError::NotAnAddress)?;
    let entry = |action: &str, user: &User| {
        AuditEntry::new(Some(org_id), by.clone(), action, "user", user.id).with("email", user.email.as_str())
    };
    if let Some(user) = stores.accounts.user_by_email(&email).await? {
        let joins = entry("member.add", &user).with("role", role.as_str());
        return match stores.organisations.add_member(org_id, user.id, role, &joins).await {
            Ok(()) => Ok(Provisioned::Joined(user)),
            Err(StoreError::Exists(_)) => Ok(Provisioned::Member(user)),
            Err(error) => Err(error.into()),
        };
    }
    let (password, hash) = password_and_hash()?;
    let now = clock::now();
    let user = User {
        id: uuid::Uuid::now_v7(),
        email,
        name: name.to_owned(),
        password: Some(hash),
        password_is_temporary: true,
        email_verified_at: Some(now),
        created_at: now,
    };
    stores.accounts.insert_user(&user, &entry("user.create", &user)).await?;
    let joins = entry("member.add", &user).with("role", role.as_str());
    stores.organisations.add_member(org_id, user.id, role, &joins).await?;
    Ok(Provisioned::New(user, password))
}

/// Gives a person a new one-time password, and ends their sessions; `None` when there is no such person.
pub async fn reset_password(
    stores: &Stores,
    email: &str,
    by: &Actor,
) -> Result<Option<Zeroizing<String>>, ProvisionError> {
    let email = email_address::canonical(email).ok_or(ProvisionError::NotAnAddress)?;
    let Some(user) = stores.accounts.user_by_email(&email).await? else { return Ok(None) };
    let (password, hash) = password_and_hash()?;
    let org_id = stores.organisations.memberships(user.id).await?.first().map(|first| first.organisation.id);
    let entry = |action: &str| AuditEntry::new(org_id, by.clone(), action, "user", user.id);
    let now = clock::now();
    stores.accounts.set_password(user.id, &hash, true, None, now, &entry("user.reset_password")).await?;
    if user.email_verified_at.is_none() {
        stores.accounts.verify_email(user.id, now, &entry("user.verify_email")).await?;
    }
    super::attempts::forgive_at(&*stores.accounts, &user.email).await?;
    Ok(Some(password))
}

fn password_and_hash() -> Result<(Zeroizing<String>, PasswordHash), ProvisionError> {
    let password = one_time_password().map_err(|_| ProvisionError::NoPassword)?;
    let hash = hash(&password).map_err(|_| ProvisionError::NoPassword)?;
    Ok((password, hash))
}
