//! Organisations and plans.

use std::task::Poll;

use store::{
    Limit, Limits, OrgId, Organisation, Plan, Role, StoreError, limits::DEFAULT_PLAN,
    organisations::OrganisationChanges,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    people::{entry, entry_of, joined, kept_person, organisation, owned, told},
    place::{Place, Store},
};

async fn update(
    store: &dyn Store,
    org_id: OrgId,
    changes: OrganisationChanges,
) -> Result<Option<Organisation>, StoreError> {
    store.update_organisation(org_id, &changes, &entry_of(Some(org_id), "organisation.update")).await
}

fn plan(name: &str, requests_per_minute: Limit) -> Plan {
    Plan { name: name.to_owned(), limits: Limits { requests_per_minute, events_per_day: Limit::Inherited } }
}

pub(crate) async fn an_organisation_comes_back_with_its_owner(place: &Place) {
    let store = place.open().await;
    let owner = kept_person(&*store, "ada@example.org").await;
    let new = Organisation { registered_systems_only: true, ..organisation("Ünïversal Exports 😀") };
    store.create_organisation(&new, owner, &entry_of(Some(new.id), "organisation.create")).await.unwrap();
    assert_eq!(store.organisation_by_id(new.id).await.unwrap().as_ref(), Some(&new));
    assert_eq!(store.organisation(&new.name).await.unwrap().as_ref(), Some(&new));
    assert_eq!(store.organisation_by_id(Uuid::now_v7()).await.unwrap(), None);
    let memberships = store.memberships(owner).await.unwrap();
    assert_eq!(memberships.len(), 1);
    assert_eq!((&memberships[0].organisation, memberships[0].role), (&new, Role::Owner));
    assert_eq!(told(&*store, new.id, "organisation.create").await, 1);
}

pub(crate) async fn an_organisation_that_can_not_be_is_refused_whole(place: &Place) {
    let store = place.open().await;
    let (_, owner) = owned(&*store, "acme").await;
    let create = async |new: Organisation, owner: Uuid| {
        let made = store.create_organisation(&new, owner, &entry_of(Some(new.id), "organisation.create")).await;
        assert_eq!(store.organisation_by_id(new.id).await.unwrap(), None);
        assert_eq!(told(&*store, new.id, "organisation.create").await, 0);
        made.unwrap_err()
    };
    assert!(matches!(create(organisation("acme"), owner).await, StoreError::Exists(_)));
    assert!(matches!(create(organisation("globex"), Uuid::now_v7()).await, StoreError::Refused(_)));
    let unknown_plan = Organisation { plan: "none of this name".to_owned(), ..organisation("globex") };
    assert!(matches!(create(unknown_plan, owner).await, StoreError::Refused(_)));
    for name in ["", "a\0b", "a\nb", &"x".repeat(65)] {
        assert!(matches!(create(organisation(name), owner).await, StoreError::Refused(_)), "{name:?}");
    }
    assert_eq!(store.memberships(owner).await.unwrap().len(), 1);
}

pub(crate) async fn a_name_is_given_once_to_many_at_once(place: &Place) {
    let store = place.open().await;
    let owner = kept_person(&*store, "ada@example.org").await;
    let mut many = JoinSet::new();
    for _ in 0..12 {
        let store = store.clone();
        many.spawn(async move {
            store.create_organisation(&organisation("acme"), owner, &entry("organisation.create")).await.is_ok()
        });
    }
    assert_eq!(many.join_all().await.into_iter().filter(|made| *made).count(), 1);
    assert_eq!(store.memberships(owner).await.unwrap().len(), 1);
}

pub(crate) async fn organisations_are_listed_by_age(place: &Place) {
    let store = place.open().await;
    let owner = kept_person(&*store, "ada@example.org").await;
    let mut made = Vec::new();
    for name in ["c", "a", "b"] {
        let new = organisation(name);
        store.create_organisation(&new, owner, &entry("organisation.create")).await.unwrap();
        made.push(new);
    }
    assert_eq!(store.organisations(None, 2).await.unwrap(), made[..2]);
    assert_eq!(store.organisations(Some(made[1].id), 2).await.unwrap(), made[2..]);
    assert!(store.organisations(Some(made[2].id), 2).await.unwrap().is_empty());
}

pub(crate) async fn a_change_of_an_organisation_grows_the_version_once(place: &Place) {
    let store = place.open().await;
    let (acme, _) = owned(&*store, "acme").await;
    owned(&*store, "globex").await;
    let version = store.version().await.unwrap();
    let name = |name: &str| OrganisationChanges { name: Some(name.to_owned()), ..OrganisationChanges::default() };

    let renamed = update(&*store, acme, name("acme & sons")).await.unwrap().unwrap();
    assert_eq!(renamed.name, "acme & sons");
    assert_eq!(store.organisation_by_id(acme).await.unwrap(), Some(renamed.clone()));
    assert_eq!(store.version().await.unwrap(), version + 1);

    assert_eq!(update(&*store, acme, name("acme & sons")).await.unwrap(), Some(renamed.clone()));
    assert_eq!(update(&*store, acme, OrganisationChanges::default()).await.unwrap(), Some(renamed.clone()));
    assert!(matches!(update(&*store, acme, name("globex")).await, Err(StoreError::Exists(_))));
    assert!(matches!(update(&*store, acme, name("")).await, Err(StoreError::Refused(_))));
    assert_eq!(update(&*store, Uuid::now_v7(), name("x")).await.unwrap(), None);
    assert_eq!(store.version().await.unwrap(), version + 1);
    assert_eq!(told(&*store, acme, "organisation.update").await, 1);

    let only = OrganisationChanges { registered_systems_only: Some(true), ..OrganisationChanges::default() };
    let expected = Organisation { registered_systems_only: true, ..renamed };
    assert_eq!(update(&*store, acme, only).await.unwrap(), Some(expected));
    assert_eq!(store.version().await.unwrap(), version + 2);
}

pub(crate) async fn an_organisation_is_on_a_plan_that_there_is(place: &Place) {
    let store = place.open().await;
    let (org_id, _) = owned(&*store, "acme").await;
    let default = plan(DEFAULT_PLAN, Limit::Inherited);
    assert_eq!(store.plans().await.unwrap().as_slice(), std::slice::from_ref(&default));
    let on = |name: &str| OrganisationChanges { plan: Some(name.to_owned()), ..OrganisationChanges::default() };
    let unknown = update(&*store, org_id, on("gold")).await;
    assert!(matches!(unknown, Err(StoreError::Refused(_))), "{unknown:?}");

    let version = store.version().await.unwrap();
    let set = async |plan: &Plan| {
        store.set_plan(plan, &entry_of(Some(org_id), "plan.set")).await.unwrap();
        store.version().await.unwrap() - version
    };
    assert_eq!(set(&plan("gold", Limit::AtMost(10))).await, 1);
    assert_eq!(set(&plan("gold", Limit::AtMost(10))).await, 1, "nothing changed");
    assert_eq!(set(&plan("gold", Limit::Off)).await, 2);
    assert_eq!(set(&plan("Free", Limit::AtMost(1))).await, 3);
    assert_eq!(told(&*store, org_id, "plan.set").await, 3);
    let expected = [plan("Free", Limit::AtMost(1)), default, plan("gold", Limit::Off)];
    assert_eq!(store.plans().await.unwrap(), expected);
    assert_eq!(update(&*store, org_id, on("gold")).await.unwrap().unwrap().plan, "gold");
    let nameless = store.set_plan(&plan("", Limit::Off), &entry("plan.set")).await;
    assert!(matches!(nameless, Err(StoreError::Refused(_))), "{nameless:?}");
}

pub(crate) async fn a_person_sees_their_organisations_and_no_others(place: &Place) {
    let store = place.open().await;
    let (acme, ada) = owned(&*store, "acme").await;
    let (globex, bob) = owned(&*store, "globex").await;
    joined(&*store, acme, "eve@example.org", Role::Viewer).await;
    store.add_member(acme, bob, Role::Admin, &entry_of(Some(acme), "member.add")).await.unwrap();
    let of = async |user_id: Uuid| {
        let memberships = store.memberships(user_id).await.unwrap();
        memberships.into_iter().map(|found| (found.organisation.id, found.role)).collect::<Vec<_>>()
    };
    assert_eq!(of(ada).await, [(acme, Role::Owner)]);
    let mut bobs = [(acme, Role::Admin), (globex, Role::Owner)];
    bobs.sort();
    assert_eq!(of(bob).await, bobs, "joined at the same moment: by age of the organisation");
    assert!(of(Uuid::now_v7()).await.is_empty());
}

pub(crate) async fn a_caller_that_goes_away_leaves_all_of_a_change_or_nothing(place: &Place) {
    let store = place.open().await;
    let owner = kept_person(&*store, "ada@example.org").await;
    for polls in 1..40 {
        let new = organisation(&format!("acme {polls}"));
        let entry = entry_of(Some(new.id), "organisation.create");
        let mut create = store.create_organisation(&new, owner, &entry);
        let mut left = polls;
        std::future::poll_fn(|context| {
            left -= 1;
            let polled = create.as_mut().poll(context);
            if left == 0 || polled.is_ready() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    // One look at all of it: what was given up may still be ending.
    let halves = place.count(
        "organisations WHERE NOT EXISTS (SELECT 1 FROM members WHERE org_id = organisations.id) \
         OR NOT EXISTS (SELECT 1 FROM audit_entries WHERE org_id = organisations.id)",
    );
    assert_eq!(halves.await, 0);
    let entries = "audit_entries WHERE org_id IS NOT NULL AND org_id NOT IN (SELECT id FROM organisations)";
    assert_eq!(place.count(entries).await, 0);
    assert!(place.count("organisations").await < 39, "the first ones were given up at once");
    // The writer is free again.
    owned(&*store, "globex").await;
}
