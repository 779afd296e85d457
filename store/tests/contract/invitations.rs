//! Invitations.

use store::{
    OrgId, Role, StoreError, TokenHash,
    organisations::{Invitation, Invited, MemberChange, OPEN_INVITATIONS_MAX},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    people::{entry, entry_of, joined, kept_person, owned, second, told, trail},
    place::{Place, Store},
};

/// Good for an hour.
fn invitation_to(org_id: OrgId, email: &str, role: Role, token: &str) -> Invitation {
    Invitation {
        id: Uuid::now_v7(),
        org_id,
        email: email.to_owned(),
        role,
        token: TokenHash::of(token),
        invited_by: "owner@acme.example".to_owned(),
        created_at: second(0),
        expires_at: second(3_600),
        ended_at: None,
    }
}

async fn invite(store: &dyn Store, org_id: OrgId, email: &str, role: Role, token: &str) -> Invitation {
    let invitation = invitation_to(org_id, email, role, token);
    store.invite(&invitation, &Role::ALL, &entry_of(Some(org_id), "invitation.create")).await.unwrap();
    invitation
}

/// The role that it gave, if it was open.
async fn accept(store: &dyn Store, token: &str, user_id: Uuid, at: i64) -> Option<Role> {
    // Who accepts need not know in whose trail it is told.
    let entry = entry("invitation.accept");
    let accepted = store.accept_invitation(&TokenHash::of(token), user_id, second(at), &entry).await.unwrap();
    accepted.map(|membership| membership.role)
}

pub(crate) async fn an_invitation_comes_back_while_it_is_open(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let (theirs, _) = owned(&*store, "globex").await;
    let ada = invite(&*store, org_id, "ada@example.org", Role::Admin, "ada").await;
    let bob = invite(&*store, org_id, "bob@example.org", Role::Viewer, "bob").await;
    assert_eq!(store.invitations(org_id, second(1)).await.unwrap(), [bob, ada.clone()]);
    assert_eq!(store.invitation(&TokenHash::of("ada"), second(3_599)).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.invitation(&TokenHash::of("ada"), second(3_600)).await.unwrap(), None);
    assert_eq!(store.invitation(&TokenHash::of("eve"), second(1)).await.unwrap(), None);
    assert!(store.invitations(org_id, second(3_600)).await.unwrap().is_empty());
    assert!(store.invitations(theirs, second(1)).await.unwrap().is_empty());
    assert_eq!(told(&*store, org_id, "invitation.create").await, 2);
}

pub(crate) async fn a_member_and_a_strange_address_are_not_invited(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    joined(&*store, org_id, "ada@example.org", Role::Viewer).await;
    let invite = async |org_id: OrgId, email: &str| {
        let invitation = invitation_to(org_id, email, Role::Admin, email);
        store.invite(&invitation, &Role::ALL, &entry_of(Some(org_id), "invitation.create")).await.unwrap_err()
    };
    assert!(matches!(invite(org_id, "ada@example.org").await, StoreError::Exists(_)));
    assert!(matches!(invite(org_id, "a\0@example.org").await, StoreError::Refused(_)));
    assert!(matches!(invite(Uuid::now_v7(), "bob@example.org").await, StoreError::Refused(_)));
    assert_eq!(told(&*store, org_id, "invitation.create").await, 0);
}

pub(crate) async fn an_accepted_invitation_makes_a_member_once(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let ada = kept_person(&*store, "ada@example.org").await;
    invite(&*store, org_id, "ada@example.org", Role::Admin, "token").await;
    let entry = entry("invitation.accept");
    let accepted = store.accept_invitation(&TokenHash::of("token"), ada, second(5), &entry).await.unwrap().unwrap();
    assert_eq!((accepted.organisation.id, accepted.role), (org_id, Role::Admin));
    let member = store.member(org_id, ada).await.unwrap().unwrap();
    assert_eq!((member.role, member.joined_at), (Role::Admin, second(5)));
    assert_eq!(accept(&*store, "token", ada, 6).await, None);
    assert!(store.invitations(org_id, second(6)).await.unwrap().is_empty());
    assert_eq!(told(&*store, org_id, "invitation.accept").await, 1);
}

pub(crate) async fn an_invitation_is_used_once_by_many_at_once(place: &Place) {
    let stores = [place.open().await, place.open().await];
    let (org_id, _) = owned(&*stores[0], "acme").await;
    invite(&*stores[0], org_id, "ada@example.org", Role::Member, "token").await;
    let mut many = JoinSet::new();
    for number in 0..12 {
        let user_id = kept_person(&*stores[0], &format!("{number}@example.org")).await;
        let store = stores[number % 2].clone();
        many.spawn(async move { accept(&*store, "token", user_id, 5).await });
    }
    let accepted: Vec<_> = many.join_all().await.into_iter().flatten().collect();
    assert_eq!(accepted, [Role::Member]);
    assert_eq!(stores[0].members(org_id, None, 100).await.unwrap().len(), 2, "the owner, and one of them");
}

pub(crate) async fn an_invitation_that_ended_is_worth_nothing(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let (theirs, _) = owned(&*store, "globex").await;
    let ada = kept_person(&*store, "ada@example.org").await;
    let withdrawn = invite(&*store, org_id, "1@example.org", Role::Member, "withdrawn").await;
    invite(&*store, org_id, "2@example.org", Role::Member, "replaced").await;
    let newer = invite(&*store, org_id, "2@example.org", Role::Viewer, "newer").await;
    invite(&*store, theirs, "2@example.org", Role::Viewer, "elsewhere").await;

    let withdraw = async |org_id: OrgId, id: Uuid, at: i64| {
        let entry = entry_of(Some(org_id), "invitation.withdraw");
        store.withdraw_invitation(org_id, id, second(at), &entry).await.unwrap()
    };
    assert!(!withdraw(theirs, withdrawn.id, 1).await, "not theirs");
    assert!(withdraw(org_id, withdrawn.id, 1).await);
    assert!(!withdraw(org_id, withdrawn.id, 2).await, "withdrawn already");
    assert!(!withdraw(org_id, newer.id, 3_600).await, "expired already");
    assert_eq!(told(&*store, org_id, "invitation.withdraw").await, 1);
    assert_eq!(told(&*store, theirs, "invitation.withdraw").await, 0);

    assert_eq!(accept(&*store, "withdrawn", ada, 5).await, None);
    assert_eq!(accept(&*store, "replaced", ada, 5).await, None);
    assert_eq!(accept(&*store, "newer", ada, 3_600).await, None);
    assert_eq!(store.member(org_id, ada).await.unwrap(), None);
    assert_eq!(accept(&*store, "newer", ada, 3_599).await, Some(Role::Viewer));
    assert_eq!(accept(&*store, "elsewhere", ada, 5).await, Some(Role::Viewer));
    assert_eq!(told(&*store, org_id, "invitation.accept").await, 1);
}

pub(crate) async fn of_invitations_at_once_to_one_address_one_stays_open(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let mut many = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        many.spawn(async move {
            invite(&*store, org_id, "ada@example.org", Role::Member, &number.to_string()).await;
        });
    }
    many.join_all().await;
    assert_eq!(store.invitations(org_id, second(1)).await.unwrap().len(), 1);
}

pub(crate) async fn a_member_who_accepts_keeps_the_higher_role(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Member).await;
    // Invited under other addresses of theirs.
    invite(&*store, org_id, "1@example.org", Role::Viewer, "lower").await;
    invite(&*store, org_id, "2@example.org", Role::Admin, "higher").await;
    invite(&*store, org_id, "3@example.org", Role::Viewer, "owner's").await;
    assert_eq!(accept(&*store, "lower", ada, 5).await, Some(Role::Member));
    assert_eq!(accept(&*store, "higher", ada, 5).await, Some(Role::Admin));
    assert_eq!(accept(&*store, "owner's", owner, 5).await, Some(Role::Owner));
    assert_eq!(store.member(org_id, ada).await.unwrap().unwrap().role, Role::Admin);
    assert_eq!(store.member(org_id, owner).await.unwrap().unwrap().role, Role::Owner);
    assert_eq!(told(&*store, org_id, "invitation.accept").await, 3);
}

pub(crate) async fn an_invitation_that_nobody_known_accepts_stays_open(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    invite(&*store, org_id, "ada@example.org", Role::Member, "token").await;
    let token = TokenHash::of("token");
    let unknown = store.accept_invitation(&token, Uuid::now_v7(), second(5), &entry("invitation.accept")).await;
    assert!(matches!(unknown, Err(StoreError::Refused(_))), "{unknown:?}");
    assert!(store.invitation(&token, second(6)).await.unwrap().is_some());
}

pub(crate) async fn an_organisation_has_a_bounded_number_of_open_invitations(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let (theirs, _) = owned(&*store, "globex").await;
    for number in 0..OPEN_INVITATIONS_MAX {
        invite(&*store, org_id, &format!("{number}@example.org"), Role::Viewer, &number.to_string()).await;
    }
    let one_more = Invitation { created_at: second(1), ..invitation_to(org_id, "ada@example.org", Role::Viewer, "a") };
    let entry = entry_of(Some(org_id), "invitation.create");
    let refused = store.invite(&one_more, &Role::ALL, &entry).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    assert_eq!(store.invitations(org_id, second(1)).await.unwrap().len(), OPEN_INVITATIONS_MAX as usize);
    invite(&*store, theirs, "ada@example.org", Role::Viewer, "theirs").await;

    let again = invite(&*store, org_id, "7@example.org", Role::Viewer, "sent again").await;
    assert_eq!(store.open_invitation(org_id, again.id, second(1)).await.unwrap(), Some(again.clone()));
    assert_eq!(store.open_invitation(theirs, again.id, second(1)).await.unwrap(), None);
    assert_eq!(store.open_invitation(org_id, again.id, second(3_600)).await.unwrap(), None);
    let withdraw = entry_of(Some(org_id), "invitation.withdraw");
    assert!(store.withdraw_invitation(org_id, again.id, second(1), &withdraw).await.unwrap());
    assert_eq!(store.open_invitation(org_id, again.id, second(1)).await.unwrap(), None);
    store.invite(&one_more, &Role::ALL, &entry).await.unwrap();
    // Those that nobody accepted in time are open no more.
    let later = Invitation { created_at: second(3_600), ..invitation_to(org_id, "b@example.org", Role::Viewer, "b") };
    store.invite(&later, &Role::ALL, &entry_of(Some(org_id), "invitation.create")).await.unwrap();
}

pub(crate) async fn invitations_end_when_their_inviter_goes_or_may_less(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let (theirs, _) = owned(&*store, "globex").await;
    let admin = joined(&*store, org_id, "admin@example.org", Role::Admin).await;
    store.add_member(theirs, admin, Role::Admin, &entry_of(Some(theirs), "member.add")).await.unwrap();
    let second_owner = joined(&*store, org_id, "second@example.org", Role::Owner).await;
    let sent = async |by: &str, org_id: OrgId, token: &str| {
        let invitation = Invitation {
            invited_by: by.to_owned(),
            ..invitation_to(org_id, &format!("{token}@example.org"), Role::Viewer, token)
        };
        store.invite(&invitation, &Role::ALL, &entry_of(Some(org_id), "invitation.create")).await.unwrap();
    };
    let open = async |token: &str| store.invitation(&TokenHash::of(token), second(1)).await.unwrap().is_some();
    let change = async |user_id: Uuid, role: Role| {
        let entry = entry_of(Some(org_id), "member.role_change");
        assert_eq!(store.change_role(org_id, user_id, None, role, &entry).await.unwrap(), MemberChange::Done);
    };
    sent("owner@acme.example", org_id, "owner's").await;
    sent("second@example.org", org_id, "second's").await;
    sent("admin@example.org", org_id, "admin's").await;
    sent("admin@example.org", theirs, "elsewhere").await;

    change(admin, Role::Owner).await;
    assert!(open("admin's").await, "who may more may this still");
    change(admin, Role::Member).await;
    assert!(!open("admin's").await);
    let stranger = kept_person(&*store, "stranger@example.org").await;
    assert_eq!(accept(&*store, "admin's", stranger, 2).await, None);

    sent("admin@example.org", org_id, "admin's own").await;
    let entry = entry_of(Some(org_id), "member.remove");
    assert_eq!(store.remove_member(org_id, admin, None, &entry).await.unwrap(), MemberChange::Done);
    assert!(!open("admin's own").await);
    let told = trail(&*store, org_id).await.into_iter().find(|told| told.id == entry.id).unwrap();
    assert_eq!(told.detail["invitations_ended"], 1);

    let entry = entry_of(Some(org_id), "organisation.transfer");
    store.transfer_ownership(org_id, owner, second_owner, &entry).await.unwrap();
    assert!(!open("owner's").await, "an admin would have an owner's invitations");
    assert!(open("second's").await);
    assert!(open("elsewhere").await);
}

pub(crate) async fn an_invitation_is_replaced_by_those_alone_who_may_take_it_back(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let again = async |token: &str, may_replace: &[Role]| {
        let invitation = invitation_to(org_id, "ada@example.org", Role::Viewer, token);
        store.invite(&invitation, may_replace, &entry_of(Some(org_id), "invitation.create")).await.unwrap()
    };
    invite(&*store, org_id, "ada@example.org", Role::Owner, "owner").await;
    let below = [Role::Viewer, Role::Member, Role::Admin];
    assert_eq!(again("lower", &below).await, Invited::MayNotReplace(Role::Owner));
    assert_eq!(store.invitation(&TokenHash::of("lower"), second(1)).await.unwrap(), None);
    assert!(store.invitation(&TokenHash::of("owner"), second(1)).await.unwrap().is_some());
    assert_eq!(told(&*store, org_id, "invitation.create").await, 1);
    assert_eq!(again("by an owner", &Role::ALL).await, Invited::Done);
    assert_eq!(store.invitation(&TokenHash::of("owner"), second(1)).await.unwrap(), None);
    assert_eq!(again("by an admin", &below).await, Invited::Done);
}
