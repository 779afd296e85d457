//! Who may make whom what. Pure.

use store::{Role, Scope};

use crate::{
    auth::Caller,
    problem::{Kind, Problem},
};

/// Nobody makes or unmakes somebody who may more than they may themselves.
pub(super) fn may_manage(caller: &Caller, role: Role) -> Result<(), Problem> {
    if holds(caller.scopes(), role) { Ok(()) } else { Err(too_low(role)) }
}

/// What who may not is told.
pub(super) fn too_low(role: Role) -> Problem {
    Problem::new(
        Kind::RoleTooLow,
        format!("You can't make, change or remove an {role}: that role may more than you may."),
    )
}

/// The roles whose members the caller may make and unmake, and whose invitations they may take back.
pub(super) fn manageable(caller: &Caller) -> Vec<Role> {
    Role::ALL.into_iter().filter(|role| holds(caller.scopes(), *role)).collect()
}

fn holds(scopes: &[Scope], role: Role) -> bool {
    role.scopes().iter().all(|scope| scopes.contains(scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_manages_itself_and_what_is_below_it() {
        for caller in Role::ALL {
            for other in Role::ALL {
                assert_eq!(holds(caller.scopes(), other), other <= caller, "{caller} {other}");
            }
        }
    }

    #[test]
    fn a_key_manages_the_roles_whose_every_scope_it_has() {
        let key = [Scope::MembersManage, Scope::MembersRead, Scope::EventsRead, Scope::MetricsRead];
        assert!(holds(&key, Role::Viewer));
        assert!(!holds(&key, Role::Member));
        assert!(holds(&Scope::ALL, Role::Owner));
        assert!(!holds(&[Scope::MembersManage], Role::Viewer));
    }
}
