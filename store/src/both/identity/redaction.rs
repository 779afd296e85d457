//! [`RedactionStore`]: one row for each organisation that has said anything.

use aibbar::{
    Timestamp,
    redact::{PseudonymKey, Settings},
};
use async_trait::async_trait;
use zeroize::Zeroizing;

use super::{Vaulted, ask, begin, signing_keys::version};
use crate::{
    AuditEntry, OrgId, StoreError,
    both::{Row, Touches, Transaction, end_identities, value::unreadable, values},
    redaction::{NewPseudonymKey, OrganisationRedaction, RedactionStore},
    vault::{Vault, fill_random, pseudonym_key_owner},
};

const SELECT: &str = "SELECT org_id, version, settings, updated_by, updated_at_ns, key_version, sealed_key, \
                      key_made_at_ns FROM redaction WHERE org_id = $1";

const FIRST_KEY: u32 = 1;

#[async_trait]
impl<D: Vaulted> RedactionStore for D {
    async fn redaction(&self, org_id: OrgId) -> Result<Option<OrganisationRedaction>, StoreError> {
        let rows = ask(self, SELECT, values![org_id]).await?;
        rows.first().map(|row| read(row, self.vault())).transpose()
    }

    async fn set_redaction(
        &self,
        org_id: OrgId,
        settings: &Settings,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<OrganisationRedaction, StoreError> {
        const INSERT: &str = "INSERT INTO redaction (org_id, version, settings, updated_by, updated_at_ns, key_version, \
                              sealed_key, key_made_at_ns) VALUES ($1, 1, $2, $3, $4, $5, $6, $4)";
        const UPDATE: &str = "UPDATE redaction SET version = version + 1, settings = $2, updated_by = $3, \
                              updated_at_ns = $4 WHERE org_id = $1";
        let mut transaction = begin(self).await?;
        let was = locked(&mut transaction, org_id).await?;
        let json = serde_json::to_string(settings).map_err(|_| unreadable())?;
        let by = audit.actor.name.as_str();
        // What another version wrote and this one can't read is no reason to refuse what is to take its place: that is the
        // only way out of it.
        let changes = was.as_ref().is_none_or(|was| was.settings.as_ref() != Some(settings));
        match was {
            Some(_) if !changes => {}
            Some(_) => {
                transaction.execute(UPDATE, values![org_id, &json, by, at]).await?;
            }
            None => {
                let (_, sealed) = new_key(self.vault(), org_id, FIRST_KEY);
                let values = values![org_id, &json, by, at, i64::from(FIRST_KEY), sealed];
                transaction.execute(INSERT, values).await?;
            }
        }
        let is = whole(&mut transaction, org_id, self.vault()).await?.ok_or_else(unreadable)?;
        end_identities(transaction, changes, Touches::One(org_id), audit).await?;
        Ok(is)
    }

    async fn erase_pseudonym_key(
        &self,
        org_id: OrgId,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<NewPseudonymKey>, StoreError> {
        const UPDATE: &str =
            "UPDATE redaction SET key_version = $2, sealed_key = $3, key_made_at_ns = $4 WHERE org_id = $1";
        let mut transaction = begin(self).await?;
        // The old key is not opened: that one which doesn't open any more can be left behind.
        let Some(was) = locked(&mut transaction, org_id).await? else {
            transaction.roll_back().await?;
            return Ok(None);
        };
        let version = was.key_version.checked_add(1).ok_or_else(unreadable)?;
        let (key, sealed) = new_key(self.vault(), org_id, version);
        transaction.execute(UPDATE, values![org_id, i64::from(version), sealed, at]).await?;
        end_identities(transaction, true, Touches::One(org_id), audit).await?;
        Ok(Some(NewPseudonymKey { key, version, made_at: at }))
    }
}

/// What a change has to know of the row that it changes.
struct Held {
    /// `None`: another version of GAPIN wrote them, and this one can't read them.
    settings: Option<Settings>,
    key_version: u32,
}

/// Holds the row for the change, whatever stands in it.
async fn locked<T: Transaction>(transaction: &mut T, org_id: OrgId) -> Result<Option<Held>, StoreError> {
    let held =
        |row: &Row| Ok(Held { settings: serde_json::from_str(&row.text(2)?).ok(), key_version: version(row, 5)? });
    let sql = format!("{SELECT}{}", T::LOCKING);
    transaction.query(&sql, values![org_id]).await?.first().map(held).transpose()
}

/// What holds within the change.
async fn whole<T: Transaction>(
    transaction: &mut T,
    org_id: OrgId,
    vault: &Vault,
) -> Result<Option<OrganisationRedaction>, StoreError> {
    transaction.query(SELECT, values![org_id]).await?.first().map(|row| read(row, vault)).transpose()
}

/// Made and sealed within the transaction that keeps it.
fn new_key(vault: &Vault, org_id: OrgId, version: u32) -> (PseudonymKey, Vec<u8>) {
    let mut key = Zeroizing::new([0; PseudonymKey::BYTES]);
    fill_random(key.as_mut_slice());
    let sealed = vault.seal(key.as_slice(), &pseudonym_key_owner(org_id, version));
    (PseudonymKey::new(*key), sealed)
}

/// From the order of [`SELECT`].
fn read(row: &Row, vault: &Vault) -> Result<OrganisationRedaction, StoreError> {
    let (org_id, key_version) = (row.uuid(0)?, version(row, 5)?);
    let opened = vault.open(&row.bytes(6)?, &pseudonym_key_owner(org_id, key_version))?;
    let key: [u8; PseudonymKey::BYTES] = opened.as_slice().try_into().map_err(|_| unreadable())?;
    let settings = serde_json::from_str(&row.text(2)?).map_err(|_| {
        StoreError::Unreadable("redaction settings were written by another version of GAPIN".to_owned())
    })?;
    Ok(OrganisationRedaction {
        org_id,
        version: row.number(1)?.unsigned_abs(),
        settings,
        updated_by: row.text(3)?,
        updated_at: row.moment(4)?,
        key: PseudonymKey::new(key),
        key_version,
        key_made_at: row.moment(7)?,
    })
}
