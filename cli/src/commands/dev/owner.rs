//! The first owner: somebody has to be able to sign in.
//!
//! Made when the organisation of the newcomer has no member yet, so a password that was lost in a crash, before anyone
//! read it, is not made anew by itself: `gapin users reset-password` does that.

use gateway::provision::{Provisioned, provide_person};
use store::{Actor, Role};
use zeroize::Zeroizing;

use super::newcomer::DEV;
use crate::{exit::Failure, wiring::Store};

const NAME: &str = "Owner";

/// An owner who was just made. The password is in no file and no log.
pub(super) struct NewOwner {
    pub(super) email: String,
    pub(super) password: Zeroizing<String>,
}

/// Makes the first owner; `None` when there is somebody already.
pub(super) async fn provide(store: &Store, email: &str) -> Result<Option<NewOwner>, Failure> {
    let organisation = store.stores.identity.ensure_organisation(DEV).await?;
    if !store.stores.organisations.members(organisation.id, None, 1).await?.is_empty() {
        return Ok(None);
    }
    let provided = provide_person(&store.stores, email, NAME, organisation.id, Role::Owner, &Actor::system()).await?;
    Ok(match provided {
        Provisioned::New(user, password) => Some(NewOwner { email: user.email, password }),
        Provisioned::Joined(_) | Provisioned::Member(_) => None,
    })
}
