//! How often one may try: per address and per account, with delays that grow, the same whether or not there is such
//! an account.

use std::net::{IpAddr, Ipv6Addr};

use aibbar::Timestamp;
use sha2::{Digest as _, Sha256};
use store::{
    AccountStore, OrgId, StoreError,
    accounts::{Attempt, AttemptBounds},
};

use crate::{
    app::App,
    clock,
    problem::{Kind, Problem},
};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Invitations that one organisation sends: a department at once, then ever more slowly. Everybody who registers is the
/// owner of an organisation, and an invitation goes to whatever address its inviter names.
const BY_ORGANISATION: AttemptBounds =
    AttemptBounds { free: 50, delay_ms: MINUTE_MS, delay_ms_max: HOUR_MS, forgotten_after_ms: 24 * HOUR_MS };

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// A password.
    SignIn,
    /// To have a mail sent to somebody.
    Mail,
    /// A link's or an invitation's token.
    Token,
}

impl Tried {
    const fn word(self) -> &'static str {
        match self {
            Tried::SignIn => "sign_in",
            Tried::Mail => "mail",
            Tried::Token => "token",
        }
    }

    /// By one address, behind which there may be an office.
    const fn by_address(self) -> AttemptBounds {
        match self {
            Tried::SignIn | Tried::Token => AttemptBounds {
                free: 30,
                delay_ms: SECOND_MS,
                delay_ms_max: 15 * MINUTE_MS,
                forgotten_after_ms: HOUR_MS,
            },
            Tried::Mail => AttemptBounds {
                free: 30,
                delay_ms: 10 * SECOND_MS,
                delay_ms_max: 15 * MINUTE_MS,
                forgotten_after_ms: HOUR_MS,
            },
        }
    }

    /// For one account.
    const fn for_account(self) -> AttemptBounds {
        match self {
            Tried::SignIn | Tried::Token => AttemptBounds {
                free: 5,
                delay_ms: SECOND_MS,
                delay_ms_max: 15 * MINUTE_MS,
                forgotten_after_ms: 24 * HOUR_MS,
            },
            Tried::Mail => {
                AttemptBounds { free: 3, delay_ms: MINUTE_MS, delay_ms_max: HOUR_MS, forgotten_after_ms: 24 * HOUR_MS }
            }
        }
    }
}

/// An attempt that was begun: it counts as failed until it is forgotten.
pub(crate) struct Begun {
    address: String,
    account: Option<String>,
}

/// Begins an attempt from this address, for this account where one is named.
pub(crate) async fn begin(app: &App, tried: Tried, address: IpAddr, account: Option<&str>) -> Result<Begun, Problem> {
    let begun = Begun { address: by_address(tried, address), account: account.map(|email| for_account(tried, email)) };
    let subjects = [(Some(&begun.address), tried.by_address()), (begun.account.as_ref(), tried.for_account())];
    for (subject, bounds) in subjects {
        let Some(subject) = subject else { continue };
        let detail = "Too many attempts, from here or for this account: wait as long as `Retry-After` says.";
        count(&*app.stores.accounts, subject, bounds, clock::now(), detail).await?;
    }
    Ok(begun)
}

/// Counts an invitation that this organisation is about to send to this address, or says when it may.
pub(crate) async fn invite(
    store: &dyn AccountStore,
    org_id: OrgId,
    email: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    // The organisation first: one that may send nothing more must not use up what its victims may still be sent.
    let organisation = format!("{}:organisation:{org_id}", Tried::Mail.word());
    let detail = "Too many invitations by this organisation: wait as long as `Retry-After` says.";
    count(store, &organisation, BY_ORGANISATION, now, detail).await?;
    let detail = "Too many e-mails to this address: wait as long as `Retry-After` says.";
    count(store, &for_account(Tried::Mail, email), Tried::Mail.for_account(), now, detail).await
}

/// Counts an attempt of this subject's, or says when there may be one.
async fn count(
    store: &dyn AccountStore,
    subject: &str,
    bounds: AttemptBounds,
    now: Timestamp,
    detail: &str,
) -> Result<(), Problem> {
    match store.begin_attempt(subject, now, bounds).await? {
        Attempt::Allowed => Ok(()),
        Attempt::NotBefore(at) => {
            let seconds = (at.unix_ms() - now.unix_ms()).max(0).div_euclid(SECOND_MS) + 1;
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            Err(Problem::retry_after(Kind::TooManyAttempts, seconds, detail))
        }
    }
}

/// Whether one more mail may be sent to this address now; counts it.
pub(crate) async fn may_mail(app: &App, email: &str) -> Result<bool, Problem> {
    let subject = for_account(Tried::Mail, email);
    let attempt = app.stores.accounts.begin_attempt(&subject, clock::now(), Tried::Mail.for_account()).await?;
    Ok(attempt == Attempt::Allowed)
}

/// The account has a new password: what failed with the old one counts no more.
pub(crate) async fn forgive(app: &App, email: &str) -> Result<(), Problem> {
    Ok(forgive_at(&*app.stores.accounts, email).await?)
}

/// The same, where there is no gateway.
pub(super) async fn forgive_at(store: &dyn AccountStore, email: &str) -> Result<(), StoreError> {
    store.forget_attempts(&for_account(Tried::SignIn, email)).await
}

impl Begun {
    /// It succeeded: the account's failures are forgotten. Of the address only this attempt is, else whoever guesses at
    /// others' accounts would sign in to their own in between.
    pub(crate) async fn forget(self, app: &App) -> Result<(), Problem> {
        app.stores.accounts.uncount_attempt(&self.address).await?;
        if let Some(account) = &self.account {
            app.stores.accounts.forget_attempts(account).await?;
        }
        Ok(())
    }
}

/// Whoever has an IPv6 network has all of its addresses.
fn by_address(tried: Tried, address: IpAddr) -> String {
    let network = match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    };
    format!("{}:address:{network}", tried.word())
}

/// The table of attempts holds no e-mail addresses: it would hold those of people who have no account.
fn for_account(tried: Tried, email: &str) -> String {
    format!("{}:account:{}", tried.word(), hex::encode(Sha256::digest(email.as_bytes())))
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

    #[test]
    fn one_ipv6_network_is_one_subject() {
        let subject = |address: &str| by_address(Tried::SignIn, address.parse().unwrap());
        assert_eq!(subject("2001:db8:1:2:3:4:5:6"), subject("2001:db8:1:2:ffff::1"));
        assert_ne!(subject("2001:db8:1:2::1"), subject("2001:db8:1:3::1"));
        assert_eq!(subject("203.0.113.9"), "sign_in:address:203.0.113.9");
    }

    #[test]
    fn an_account_is_told_by_no_address() {
        let subject = for_account(Tried::Mail, "ada@example.com");
        assert!(!subject.contains("ada"), "{subject}");
        assert_ne!(subject, for_account(Tried::SignIn, "ada@example.com"));
        assert_ne!(subject, for_account(Tried::Mail, "eve@example.com"));
    }

    async fn store_in(folder: &tempfile::TempDir) -> SqliteStore {
        let vault = Arc::new(Vault::new(MasterKey::from_bytes([7; 32])));
        SqliteStore::open(&folder.path().join("store.db"), SqliteSettings::default(), vault).await.unwrap()
    }

    #[tokio::test]
    async fn an_organisation_can_not_make_a_mail_cannon_of_its_invitations() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_in(&folder).await;
        let (ours, theirs) = (OrgId::from_u128(1), OrgId::from_u128(2));
        let now = Timestamp::from_unix_ms(1_700_000_000_000);
        let free = BY_ORGANISATION.free;
        // The first that is not free is let through; what comes after it waits.
        for number in 0..=free {
            invite(&store, ours, &format!("{number}@example.com"), now).await.unwrap();
        }
        let refused = invite(&store, ours, "ada@example.com", now).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::TooManyAttempts);
        let told = refused.own_head().finish();
        assert_eq!(told.headers().get("Retry-After").unwrap(), "61");
        for _ in 0..10 {
            invite(&store, ours, "ada@example.com", now).await.unwrap_err();
        }
        // What was refused cost neither the address nor other organisations anything.
        for _ in 0..=Tried::Mail.for_account().free {
            invite(&store, theirs, "ada@example.com", now).await.unwrap();
        }
        invite(&store, ours, "eve@example.com", now.plus_ms(MINUTE_MS)).await.unwrap();
        let slower = invite(&store, ours, "bob@example.com", now.plus_ms(2 * MINUTE_MS)).await.unwrap_err();
        assert_eq!(slower.kind(), Kind::TooManyAttempts, "the delays grow");
    }

    #[tokio::test]
    async fn an_address_is_sent_few_invitations_however_many_organisations_send_them() {
        let folder = tempfile::tempdir().unwrap();
        let store = store_in(&folder).await;
        let now = Timestamp::from_unix_ms(1_700_000_000_000);
        let free = u128::from(Tried::Mail.for_account().free);
        for number in 0..=free {
            invite(&store, OrgId::from_u128(number), "ada@example.com", now).await.unwrap();
        }
        let refused = invite(&store, OrgId::from_u128(99), "ada@example.com", now).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::TooManyAttempts);
        invite(&store, OrgId::from_u128(99), "eve@example.com", now).await.unwrap();
    }
}
