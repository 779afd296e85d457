//! Members, their roles, and the last owner.

use store::{
    OrgId, Role, StoreError,
    organisations::{Member, MemberChange},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    people::{entry_of, joined, kept_person, owned, second, signed_in, told},
    place::{Place, Store},
};

async fn role(store: &dyn Store, org_id: OrgId, user_id: Uuid) -> Option<Role> {
    store.member(org_id, user_id).await.unwrap().map(|member| member.role)
}

async fn change(store: &dyn Store, org_id: OrgId, user_id: Uuid, role: Role) -> MemberChange {
    store.change_role(org_id, user_id, None, role, &entry_of(Some(org_id), "member.role_change")).await.unwrap()
}

async fn remove(store: &dyn Store, org_id: OrgId, user_id: Uuid) -> MemberChange {
    store.remove_member(org_id, user_id, None, &entry_of(Some(org_id), "member.remove")).await.unwrap()
}

async fn owners(store: &dyn Store, org_id: OrgId) -> usize {
    let members = store.members(org_id, None, 1_000).await.unwrap();
    members.iter().filter(|member| member.role == Role::Owner).count()
}

pub(crate) async fn members_are_listed_in_pages(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    owned(&*store, "globex").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Admin).await;
    let bob = joined(&*store, org_id, "bob@example.org", Role::Viewer).await;
    let ids = async |after: Option<Uuid>, limit: u32| {
        let members = store.members(org_id, after, limit).await.unwrap();
        members.into_iter().map(|member| member.user_id).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, 10).await, [owner, ada, bob]);
    assert_eq!(ids(None, 2).await, [owner, ada]);
    assert_eq!(ids(Some(ada), 2).await, [bob]);
    let expected = Member {
        user_id: ada,
        email: "ada@example.org".to_owned(),
        name: "Ada Lovelace".to_owned(),
        role: Role::Admin,
        joined_at: second(0),
    };
    assert_eq!(store.member(org_id, ada).await.unwrap(), Some(expected));
}

pub(crate) async fn organisations_see_only_their_own_members(place: &Place) {
    let store = place.open().await;
    let (ours, owner) = owned(&*store, "acme").await;
    let (theirs, their_owner) = owned(&*store, "globex").await;
    assert_eq!(store.member(ours, their_owner).await.unwrap(), None);
    assert_eq!(change(&*store, ours, their_owner, Role::Viewer).await, MemberChange::NoSuchMember);
    assert_eq!(remove(&*store, ours, their_owner).await, MemberChange::NoSuchMember);
    let entry = entry_of(Some(ours), "organisation.transfer");
    let transfer = store.transfer_ownership(ours, owner, their_owner, &entry).await.unwrap();
    assert_eq!(transfer, MemberChange::NoSuchMember);
    assert_eq!(role(&*store, theirs, their_owner).await, Some(Role::Owner));
    for action in ["member.role_change", "member.remove", "organisation.transfer"] {
        assert_eq!(told(&*store, ours, action).await, 0, "{action}");
    }
}

pub(crate) async fn a_person_is_added_once_and_only_when_known(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Member).await;
    let add = async |org_id: OrgId, user_id: Uuid| {
        store.add_member(org_id, user_id, Role::Owner, &entry_of(Some(org_id), "member.add")).await
    };
    assert!(matches!(add(org_id, ada).await, Err(StoreError::Exists(_))));
    assert_eq!(role(&*store, org_id, ada).await, Some(Role::Member));
    assert!(matches!(add(org_id, Uuid::now_v7()).await, Err(StoreError::Refused(_))));
    assert!(matches!(add(Uuid::now_v7(), ada).await, Err(StoreError::Refused(_))));
}

pub(crate) async fn a_role_changes_and_is_told_once(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Viewer).await;
    assert_eq!(change(&*store, org_id, ada, Role::Admin).await, MemberChange::Done);
    assert_eq!(change(&*store, org_id, ada, Role::Admin).await, MemberChange::Done);
    assert_eq!(role(&*store, org_id, ada).await, Some(Role::Admin));
    assert_eq!(told(&*store, org_id, "member.role_change").await, 1);
}

pub(crate) async fn the_last_owner_stays(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    joined(&*store, org_id, "admin@example.org", Role::Admin).await;
    assert_eq!(change(&*store, org_id, owner, Role::Admin).await, MemberChange::LastOwner);
    assert_eq!(remove(&*store, org_id, owner).await, MemberChange::LastOwner);
    assert_eq!(change(&*store, org_id, owner, Role::Owner).await, MemberChange::Done);
    assert_eq!(role(&*store, org_id, owner).await, Some(Role::Owner));

    let second_owner = joined(&*store, org_id, "second@example.org", Role::Owner).await;
    assert_eq!(remove(&*store, org_id, owner).await, MemberChange::Done);
    assert_eq!(change(&*store, org_id, second_owner, Role::Viewer).await, MemberChange::LastOwner);
    assert_eq!(told(&*store, org_id, "member.role_change").await, 0);
    assert_eq!(told(&*store, org_id, "member.remove").await, 1);
}

pub(crate) async fn owners_that_all_go_at_the_same_moment_leave_one_behind(place: &Place) {
    let stores = [place.open().await, place.open().await];
    for round in 0..6 {
        let (org_id, first) = owned(&*stores[0], &format!("acme{round}")).await;
        let mut all = vec![first];
        for number in 0..3 {
            let email = format!("owner{number}@{round}.example");
            all.push(joined(&*stores[0], org_id, &email, Role::Owner).await);
        }
        let mut many = JoinSet::new();
        for (number, user_id) in all.into_iter().enumerate() {
            let store = stores[number % 2].clone();
            many.spawn(async move {
                match number {
                    0 | 1 => remove(&*store, org_id, user_id).await,
                    _ => change(&*store, org_id, user_id, Role::Viewer).await,
                }
            });
        }
        let mut ended = many.join_all().await;
        ended.sort_by_key(|change| *change == MemberChange::LastOwner);
        use MemberChange::{Done, LastOwner};
        assert_eq!(ended, [Done, Done, Done, LastOwner]);
        assert_eq!(owners(&*stores[0], org_id).await, 1);
    }
}

pub(crate) async fn ownership_is_transferred_in_one_step(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Viewer).await;
    let stranger = kept_person(&*store, "stranger@example.org").await;
    let transfer = async |from: Uuid, to: Uuid| {
        store.transfer_ownership(org_id, from, to, &entry_of(Some(org_id), "organisation.transfer")).await.unwrap()
    };
    assert_eq!(transfer(owner, stranger).await, MemberChange::NoSuchMember);
    assert_eq!(transfer(ada, owner).await, MemberChange::NoSuchMember, "not theirs to give");
    assert_eq!(transfer(owner, owner).await, MemberChange::Done, "nothing to do");
    assert_eq!(told(&*store, org_id, "organisation.transfer").await, 0);
    assert_eq!(transfer(owner, ada).await, MemberChange::Done);
    assert_eq!(role(&*store, org_id, owner).await, Some(Role::Admin));
    assert_eq!(role(&*store, org_id, ada).await, Some(Role::Owner));
    assert_eq!(transfer(owner, ada).await, MemberChange::NoSuchMember, "given away already");
    assert_eq!(told(&*store, org_id, "organisation.transfer").await, 1);
}

pub(crate) async fn sessions_leave_an_organisation_with_their_person(place: &Place) {
    let store = place.open().await;
    let (acme, _) = owned(&*store, "acme").await;
    let (globex, _) = owned(&*store, "globex").await;
    let ada = joined(&*store, acme, "ada@example.org", Role::Member).await;
    let other = joined(&*store, acme, "other@example.org", Role::Member).await;
    store.add_member(globex, ada, Role::Viewer, &entry_of(Some(globex), "member.add")).await.unwrap();
    let session = signed_in(&*store, ada, Some(acme), "ada's").await;
    let others = signed_in(&*store, other, Some(acme), "other's").await;
    let in_use = async |session_id: Uuid| {
        let state = store.session_state(session_id, None, second(1)).await.unwrap().unwrap();
        (state.session.org_id, state.role)
    };
    assert_eq!(remove(&*store, acme, ada).await, MemberChange::Done);
    assert_eq!(store.session_state(session.id, Some(acme), second(1)).await.unwrap().unwrap().role, None);
    assert_eq!(in_use(session.id).await, (Some(globex), Some(Role::Viewer)));
    assert_eq!(in_use(others.id).await, (Some(acme), Some(Role::Member)));
    assert_eq!(remove(&*store, globex, ada).await, MemberChange::Done);
    assert_eq!(in_use(session.id).await, (None, None));
}

pub(crate) async fn a_member_who_became_something_else_meanwhile_is_left_alone(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Member).await;
    // Seen as a member, promoted in between.
    assert_eq!(change(&*store, org_id, ada, Role::Owner).await, MemberChange::Done);
    let seen = Some(Role::Member);
    let demoted = store.change_role(org_id, ada, seen, Role::Viewer, &entry_of(Some(org_id), "member.demote")).await;
    assert_eq!(demoted.unwrap(), MemberChange::RoleChanged);
    let removed = store.remove_member(org_id, ada, seen, &entry_of(Some(org_id), "member.remove")).await;
    assert_eq!(removed.unwrap(), MemberChange::RoleChanged);
    assert_eq!(role(&*store, org_id, ada).await, Some(Role::Owner));
    assert_eq!(told(&*store, org_id, "member.demote").await + told(&*store, org_id, "member.remove").await, 0);

    let seen = Some(Role::Owner);
    let demoted = store.change_role(org_id, ada, seen, Role::Viewer, &entry_of(Some(org_id), "member.demote")).await;
    assert_eq!(demoted.unwrap(), MemberChange::Done);
    let seen = Some(Role::Viewer);
    let removed = store.remove_member(org_id, ada, seen, &entry_of(Some(org_id), "member.remove")).await;
    assert_eq!(removed.unwrap(), MemberChange::Done);
    assert_eq!(role(&*store, org_id, ada).await, None);
}
