//! Whose profile it is: a person who is tied to it already, the one who has its address, or a new one.

use store::{AuditEntry, OrgId, StoreError, User};
use zeroize::Zeroizing;

use super::{Profile, refused};
use crate::{
    accounts::{
        email_address,
        person::{NewPerson, PERSON_NAME_CHARS_MAX, actor, ensure_organisation, name_of_address, new_person},
    },
    app::App,
    auth::{caller::From, tokens},
    clock,
    problem::Problem,
};

/// The person of this profile, tied to it. Only an address that the provider has verified makes the tie: whoever may
/// write any address into a profile would else be whoever they like.
pub(super) async fn person_of(app: &App, from: &From, profile: &Profile) -> Result<User, Problem> {
    let accounts = &app.stores.accounts;
    if let Some(user) = accounts.user_by_provider(profile.provider.word(), &profile.subject).await? {
        return Ok(user);
    }
    let Some(email) = profile.verified_email.as_deref().and_then(email_address::canonical) else {
        let detail = format!(
            "{0} does not know your e-mail address to be yours: verify your primary address there, then begin again.",
            profile.provider
        );
        return Err(refused(detail));
    };
    let user = match accounts.user_by_email(&email).await? {
        Some(user) => user,
        None => match newcomer(app, from, profile, &email).await? {
            Some(user) => user,
            // Somebody was faster, perhaps this very person in another tab.
            None => accounts.user_by_email(&email).await?.ok_or_else(|| Problem::internal("a person came and went"))?,
        },
    };
    let user = match user.email_verified_at {
        Some(_) => user,
        None => take_from_whoever_registered(app, from, profile, user).await?,
    };
    tie(app, from, profile, &user).await?;
    Ok(user)
}

/// The person whom this profile names, whether or not it may be theirs.
pub(super) async fn known(app: &App, profile: Option<&Profile>) -> Result<Option<User>, StoreError> {
    let Some(profile) = profile else { return Ok(None) };
    let accounts = &app.stores.accounts;
    if let Some(user) = accounts.user_by_provider(profile.provider.word(), &profile.subject).await? {
        return Ok(Some(user));
    }
    match profile.verified_email.as_deref().and_then(email_address::canonical) {
        Some(email) => accounts.user_by_email(&email).await,
        None => Ok(None),
    }
}

/// Makes a new person with an organisation of their own; `None` when the address is taken after all.
async fn newcomer(app: &App, from: &From, profile: &Profile, email: &str) -> Result<Option<User>, Problem> {
    app.accounts.require_open_registration()?;
    let name = name(profile, email);
    let new = NewPerson { email, name: &name, password: None, password_is_temporary: false, is_verified: true };
    match new_person(&app.stores, new, &|entry| from.tell(entry)).await {
        Ok(user) => Ok(Some(user)),
        Err(StoreError::Exists(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// An account whose address nobody has verified may be a trap: anyone can register with another's address and a
/// password of their own, wait until its owner comes by way of a provider, and then share the account. So what the
/// unknown registrant chose is worth nothing from now on: the name becomes what the provider says, the password one
/// that nobody knows, whatever was open ends, and only then the address counts as verified. Cut short before that last
/// step, it leaves an account that nobody can enter, and the next sign-in begins anew. The owner can set a password by
/// "forgot password".
async fn take_from_whoever_registered(app: &App, from: &From, profile: &Profile, user: User) -> Result<User, Problem> {
    let (accounts, now) = (&app.stores.accounts, clock::now());
    let user = User { name: name(profile, &user.email), ..user };
    let entry = |org_id, action: &str| told_of(from, profile, &user, org_id, action);
    accounts.rename_user(user.id, &user.name, &entry(None, "user.rename")).await?;
    let org_id = organisation_of(app, from, &user).await?;
    let unknown = Zeroizing::new(tokens::random("")?);
    let password = app.accounts.passwords.hash(&unknown).await?;
    accounts.set_password(user.id, &password, false, None, now, &entry(org_id, "user.password_drop")).await?;
    accounts.verify_email(user.id, now, &entry(org_id, "user.verify_email")).await?;
    Ok(User { email_verified_at: Some(now), password: Some(password), ..user })
}

async fn tie(app: &App, from: &From, profile: &Profile, user: &User) -> Result<(), Problem> {
    let accounts = &app.stores.accounts;
    let (provider, subject) = (profile.provider.word(), &profile.subject);
    let org_id = organisation_of(app, from, user).await?;
    let entry = told_of(from, profile, user, org_id, "account.link_provider");
    match accounts.link_provider(user.id, provider, subject, clock::now(), &entry).await {
        Ok(()) => Ok(()),
        Err(StoreError::Exists(_)) => match accounts.user_by_provider(provider, subject).await? {
            // By the same person, at the same moment.
            Some(tied) if tied.id == user.id => Ok(()),
            _ => Err(refused(format!(
                "Your account is tied to another account at {0}: sign in with that one, or with your password.",
                profile.provider
            ))),
        },
        Err(error) => Err(error.into()),
    }
}

fn told_of(from: &From, profile: &Profile, user: &User, org_id: Option<OrgId>, action: &str) -> AuditEntry {
    let entry = AuditEntry::new(org_id, actor(user), action, "user", user.id);
    from.tell(entry.with("provider", profile.provider.word()))
}

/// In whose trail it stands: the organisation that the person has been in for longest, or one of their own, which
/// whoever registered and went no further does not have yet.
async fn organisation_of(app: &App, from: &From, user: &User) -> Result<Option<OrgId>, StoreError> {
    ensure_organisation(&app.stores, user, &|entry| from.tell(entry)).await.map(Some)
}

/// What the provider calls them, within our bounds; else what stands before the `@`.
fn name(profile: &Profile, email: &str) -> String {
    let told = profile.name.as_deref().unwrap_or_default();
    let told: String = told.chars().filter(|sign| !sign.is_control()).take(PERSON_NAME_CHARS_MAX).collect();
    match told.trim() {
        "" => name_of_address(email),
        told => told.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::providers::Provider;

    #[track_caller]
    fn check(told: Option<&str>, expected: &str) {
        let profile = Profile {
            provider: Provider::Google,
            subject: "1".into(),
            verified_email: None,
            name: told.map(str::to_owned),
        };
        assert_eq!(name(&profile, "ada@example.com"), expected);
    }

    #[test]
    fn a_person_is_called_what_the_provider_says_within_bounds() {
        check(Some(" Ada Lovelace "), "Ada Lovelace");
        check(Some("Ada\r\n\u{7}"), "Ada");
        check(Some(&"ü".repeat(200)), &"ü".repeat(128));
        check(Some(" \t"), "ada");
        check(None, "ada");
    }
}
