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
    /// They are new, or nobody had yet shown the account to be theirs; the password is shown once, and is to be replaced.
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
        if user.email_verified_at.is_none() {
            let (user, password) = take_from_whoever_registered(stores, user, name, &entry).await?;
            let joins = entry("member.add", &user).with("role", role.as_str());
            stores.organisations.add_member(org_id, user.id, role, &joins).await?;
            return Ok(Provisioned::New(user, password));
        }
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

/// Anyone can register with another's address and a password of their own, and wait until the owner of the address
/// confirms it. So nothing of an account that nobody has confirmed is worth anything: the password becomes a new one,
/// whatever was open ends, the name is the operator's. Only then does the address count as confirmed: cut short before,
/// it leaves an account that the unknown registrant can't enter, and the next try begins anew.
async fn take_from_whoever_registered(
    stores: &Stores,
    user: User,
    name: &str,
    entry: &(dyn Fn(&str, &User) -> AuditEntry + Sync),
) -> Result<(User, Zeroizing<String>), ProvisionError> {
    let (password, hash) = password_and_hash()?;
    let now = clock::now();
    stores.accounts.set_password(user.id, &hash, true, None, now, &entry("user.reset_password", &user)).await?;
    stores.accounts.rename_user(user.id, name, &entry("user.rename", &user)).await?;
    stores.accounts.verify_email(user.id, now, &entry("user.verify_email", &user)).await?;
    super::attempts::forgive_at(&*stores.accounts, &user.email).await?;
    let user = User {
        name: name.to_owned(),
        password: Some(hash),
        password_is_temporary: true,
        email_verified_at: Some(now),
        ..user
    };
    Ok((user, password))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use store::{
        sqlite::{SqliteSettings, SqliteStore},
        vault::{MasterKey, Vault},
    };

    use super::*;
    use crate::accounts::person::{NewPerson, new_person_alone};

    async fn stores(folder: &tempfile::TempDir) -> Stores {
        let vault = Arc::new(Vault::new(MasterKey::from_bytes([7; 32])));
        let file = folder.path().join("store.db");
        let store = Arc::new(SqliteStore::open(&file, SqliteSettings::default(), vault).await.unwrap());
        Stores {
            identity: store.clone(),
            accounts: store.clone(),
            organisations: store.clone(),
            ai_systems: store.clone(),
            redaction: store.clone(),
            retention: store.clone(),
            legal_holds: store.clone(),
            saved_views: store.clone(),
            topics: store.clone(),
            publications: store.clone(),
            statistics: store.clone(),
            audit: store,
        }
    }

    #[tokio::test]
    async fn an_account_that_a_stranger_registered_joins_with_nothing_of_the_strangers() {
        let folder = tempfile::tempdir().unwrap();
        let stores = stores(&folder).await;
        let org_id = stores.identity.ensure_organisation("acme").await.unwrap().id;
        let strangers = hash(&Zeroizing::new("the stranger's own".to_owned())).unwrap();
        let new = NewPerson {
            email: "ada@example.com",
            name: "Mallory",
            password: Some(strangers.clone()),
            password_is_temporary: false,
            is_verified: false,
        };
        let registered = new_person_alone(&stores, new, &|entry| entry).await.unwrap();

        let by = Actor::operator();
        let provided = provide_person(&stores, "Ada@example.com", "Ada", org_id, Role::Admin, &by).await.unwrap();
        let Provisioned::New(user, _password) = provided else { panic!("it was joined with the stranger's password") };
        let kept = stores.accounts.user(registered.id).await.unwrap().unwrap();
        assert_eq!((kept.id, kept.name.as_str()), (registered.id, "Ada"));
        assert_ne!(kept.password, Some(strangers));
        assert_eq!(kept.password, user.password);
        assert!(kept.password_is_temporary && kept.email_verified_at.is_some());
        let memberships = stores.organisations.memberships(user.id).await.unwrap();
        assert_eq!((memberships.len(), memberships[0].role), (1, Role::Admin));

        let again = provide_person(&stores, "ada@example.com", "Eve", org_id, Role::Owner, &by).await.unwrap();
        assert!(matches!(again, Provisioned::Member(_)), "whoever has confirmed their address keeps what they have");
        assert_eq!(stores.accounts.user(user.id).await.unwrap().unwrap().password, kept.password);
    }
}
