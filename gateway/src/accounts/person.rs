//! A new person, with an organisation of their own.

use aibbar::Timestamp;
use store::{Actor, ActorKind, AuditEntry, OrgId, Organisation, StoreError, User, accounts::PasswordHash};
use uuid::Uuid;

use crate::{app::Stores, clock};

/// What a person is called, at most.
pub(crate) const PERSON_NAME_CHARS_MAX: usize = 128;

/// The longest part of a person's name that their organisation's name takes.
const NAME_CHARS_MAX: usize = 48;

/// Who a new person is.
pub(crate) struct NewPerson<'p> {
    /// In its canonical form.
    pub(crate) email: &'p str,
    pub(crate) name: &'p str,
    /// `None`: they sign in with a provider alone.
    pub(crate) password: Option<PasswordHash>,
    pub(crate) password_is_temporary: bool,
    /// Whether the address was shown to be theirs.
    pub(crate) is_verified: bool,
}

impl NewPerson<'_> {
    fn user(self, at: Timestamp) -> User {
        User {
            id: Uuid::now_v7(),
            email: self.email.to_owned(),
            name: self.name.to_owned(),
            password: self.password,
            password_is_temporary: self.password_is_temporary,
            email_verified_at: self.is_verified.then_some(at),
            created_at: at,
        }
    }
}

/// Makes a person without an organisation; `Exists` when the address is taken. `tell` completes the entry of the trail.
pub(crate) async fn new_person_alone(
    stores: &Stores,
    new: NewPerson<'_>,
    tell: &(dyn Fn(AuditEntry) -> AuditEntry + Sync),
) -> Result<User, StoreError> {
    let user = new.user(clock::now());
    let entry = AuditEntry::new(None, actor(&user), "user.register", "user", user.id);
    stores.accounts.insert_user(&user, &tell(entry)).await?;
    Ok(user)
}

/// Makes a person with an organisation of their own, which they own; `Exists` when the address is taken.
pub(crate) async fn new_person(
    stores: &Stores,
    new: NewPerson<'_>,
    tell: &(dyn Fn(AuditEntry) -> AuditEntry + Sync),
) -> Result<User, StoreError> {
    let user = new_person_alone(stores, new, tell).await?;
    ensure_organisation(stores, &user, tell).await?;
    Ok(user)
}

/// The organisation that the person is in the longest; one of their own is made when they are in none.
pub(crate) async fn ensure_organisation(
    stores: &Stores,
    user: &User,
    tell: &(dyn Fn(AuditEntry) -> AuditEntry + Sync),
) -> Result<OrgId, StoreError> {
    if let Some(first) = stores.organisations.memberships(user.id).await?.first() {
        return Ok(first.organisation.id);
    }
    let organisation = personal_organisation(user);
    let (id, name) = (organisation.id, organisation.name.as_str());
    let entry = AuditEntry::new(Some(id), actor(user), "organisation.create", "organisation", id).with("name", name);
    stores.organisations.create_organisation(&organisation, user.id, &tell(entry)).await?;
    Ok(id)
}

/// A person, as the trail names them.
pub(crate) fn actor(user: &User) -> Actor {
    Actor { kind: ActorKind::User, id: user.id.to_string(), name: user.email.clone() }
}

/// What a person is called of whom the address alone is known: what stands before the `@`.
pub(crate) fn name_of_address(email: &str) -> String {
    email.split('@').next().unwrap_or(email).chars().take(PERSON_NAME_CHARS_MAX).collect()
}

/// Gives another name to an account that nobody had confirmed, before its address counts as confirmed: the name was
/// chosen by whoever registered, who need not be the owner of the address. `org_id`: in whose trail it stands.
pub(crate) async fn rename_unconfirmed(
    stores: &Stores,
    user: User,
    name: String,
    org_id: Option<OrgId>,
    tell: &(dyn Fn(AuditEntry) -> AuditEntry + Sync),
) -> Result<User, StoreError> {
    let entry = AuditEntry::new(org_id, actor(&user), "user.rename", "user", user.id);
    stores.accounts.rename_user(user.id, &name, &tell(entry)).await?;
    Ok(User { name, ..user })
}

/// Names of organisations are unique in the installation, people's are not: a piece of the random end of the person's
/// id makes the difference.
fn personal_organisation(user: &User) -> Organisation {
    let id = user.id.simple().to_string();
    let name: String = user.name.chars().take(NAME_CHARS_MAX).collect();
    Organisation {
        id: Uuid::now_v7(),
        name: format!("{} {}", name.trim(), &id[id.len() - 8..]),
        plan: "default".to_owned(),
        registered_systems_only: false,
        created_at: clock::now(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_of_a_person_of_any_name_has_a_name_that_fits() {
        for name in ["Ada", &"ü".repeat(128), " "] {
            let new = NewPerson {
                email: "ada@example.com",
                name,
                password: None,
                password_is_temporary: false,
                is_verified: true,
            };
            let (one, other) = {
                let user = new.user(clock::now());
                (personal_organisation(&user), personal_organisation(&User { id: Uuid::now_v7(), ..user }))
            };
            assert!((1..=64).contains(&one.name.chars().count()), "{}", one.name);
            assert_ne!(one.name, other.name);
        }
    }
}
