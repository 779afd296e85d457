//! Views that people save, for themselves or for their organisation.

use store::{
    OrgId, Role, SavedView, StoreError,
    saved_views::{SHARED_VIEWS_MAX, SavedViewChanges, VIEWS_PER_PERSON_MAX, ViewChange, Viewer},
};
use uuid::Uuid;

use crate::{
    people::{entry_of, joined, owned, second, told, trail},
    place::{Place, Store},
};

fn view_of(org_id: OrgId, owner_id: Uuid, name: &str) -> SavedView {
    SavedView {
        id: Uuid::now_v7(),
        org_id,
        owner_id,
        owner_name: "Ada Lovelace".to_owned(),
        name: name.to_owned(),
        page: "live".to_owned(),
        query: "type=ai.error&q=refund".to_owned(),
        is_shared: false,
        created_at: second(1),
        updated_at: second(1),
    }
}

fn shared(view: SavedView) -> SavedView {
    SavedView { is_shared: true, ..view }
}

async fn keep(store: &dyn Store, view: &SavedView) -> Result<(), StoreError> {
    store.insert_view(view, &entry_of(Some(view.org_id), "view.create")).await
}

async fn kept(store: &dyn Store, view: SavedView) -> SavedView {
    keep(store, &view).await.unwrap();
    view
}

/// A member, who may change what others share or not.
fn viewer(org_id: OrgId, user_id: Uuid, tends_shared: bool) -> Viewer {
    Viewer { org_id, user_id, tends_shared }
}

async fn seen(store: &dyn Store, viewer: Viewer) -> Vec<SavedView> {
    store.views(viewer, Some("live"), None, 1_000).await.unwrap()
}

async fn change(store: &dyn Store, viewer: Viewer, id: Uuid, changes: SavedViewChanges) -> ViewChange {
    let audit = entry_of(Some(viewer.org_id), "view.update");
    store.update_view(viewer, id, &changes, second(5), &audit).await.unwrap()
}

async fn rename(store: &dyn Store, viewer: Viewer, id: Uuid) -> ViewChange {
    change(store, viewer, id, SavedViewChanges { name: Some("renamed".to_owned()), ..Default::default() }).await
}

async fn delete(store: &dyn Store, viewer: Viewer, id: Uuid) -> ViewChange {
    store.delete_view(viewer, id, &entry_of(Some(viewer.org_id), "view.delete")).await.unwrap()
}

pub(crate) async fn a_view_comes_back_as_it_was_and_its_owner_changes_it(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let me = viewer(org_id, owner, false);
    let view = SavedView { query: String::new(), name: "Rückgaben 😀".to_owned(), ..view_of(org_id, owner, "") };
    let view = kept(&*store, view).await;
    assert_eq!(seen(&*store, me).await, std::slice::from_ref(&view));
    assert_eq!(store.views(me, None, None, 10).await.unwrap(), std::slice::from_ref(&view));
    assert_eq!(store.views(me, Some("audit"), None, 10).await.unwrap(), []);

    let changes =
        SavedViewChanges { name: Some("errors".to_owned()), query: Some("a=b".to_owned()), is_shared: Some(true) };
    let expected = SavedView {
        name: "errors".to_owned(),
        query: "a=b".to_owned(),
        is_shared: true,
        updated_at: second(5),
        ..view.clone()
    };
    assert_eq!(change(&*store, me, view.id, changes.clone()).await, ViewChange::Done(expected.clone()));
    assert_eq!(change(&*store, me, view.id, changes).await, ViewChange::Done(expected.clone()), "the same again");
    assert_eq!(seen(&*store, me).await, std::slice::from_ref(&expected));
    assert_eq!(delete(&*store, me, view.id).await, ViewChange::Done(expected));
    assert_eq!(delete(&*store, me, view.id).await, ViewChange::NoSuchView);
    assert_eq!(rename(&*store, me, view.id).await, ViewChange::NoSuchView);
    assert_eq!(seen(&*store, me).await, []);
}

pub(crate) async fn what_is_shared_is_seen_by_all_and_changed_by_few(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Member).await;
    let (theirs, mine) = (viewer(org_id, owner, true), viewer(org_id, ada, false));
    let private = kept(&*store, view_of(org_id, ada, "mine alone")).await;
    let of_ada = kept(&*store, shared(view_of(org_id, ada, "for all"))).await;
    let of_owner = kept(&*store, shared(view_of(org_id, owner, "the owner's"))).await;
    let of_owner_alone = kept(&*store, view_of(org_id, owner, "the owner's own")).await;
    assert_eq!(seen(&*store, mine).await, [private.clone(), of_ada.clone(), of_owner.clone()]);
    assert_eq!(seen(&*store, theirs).await, [of_ada.clone(), of_owner.clone(), of_owner_alone.clone()]);

    assert_eq!(rename(&*store, mine, of_owner.id).await, ViewChange::Anothers);
    assert_eq!(delete(&*store, mine, of_owner.id).await, ViewChange::Anothers);
    for (who, id) in [(mine, of_owner_alone.id), (theirs, private.id)] {
        assert_eq!(rename(&*store, who, id).await, ViewChange::NoSuchView, "not even an owner sees it");
        assert_eq!(delete(&*store, who, id).await, ViewChange::NoSuchView);
    }
    assert_eq!(seen(&*store, theirs).await[1], of_owner, "nothing was changed");

    // Who tends the organisation tends what it shares; it stays its maker's.
    let ViewChange::Done(renamed) = rename(&*store, theirs, of_ada.id).await else { panic!("it is shared") };
    assert_eq!((renamed.owner_id, renamed.name.as_str()), (ada, "renamed"));
    let unshare = SavedViewChanges { is_shared: Some(false), ..Default::default() };
    assert!(matches!(change(&*store, theirs, of_ada.id, unshare).await, ViewChange::Done(_)));
    assert_eq!(rename(&*store, theirs, of_ada.id).await, ViewChange::NoSuchView);
    assert_eq!(seen(&*store, mine).await.len(), 3);
    assert!(matches!(delete(&*store, mine, of_ada.id).await, ViewChange::Done(_)));
}

pub(crate) async fn organisations_see_only_their_own_views(place: &Place) {
    let store = place.open().await;
    let (acme, owner) = owned(&*store, "acme").await;
    let (globex, stranger) = owned(&*store, "globex").await;
    let view = kept(&*store, shared(view_of(acme, owner, "ours"))).await;
    // Also of one person, each organisation has its own.
    store.add_member(globex, owner, Role::Owner, &entry_of(Some(globex), "member.add")).await.unwrap();
    for user_id in [stranger, owner] {
        let there = viewer(globex, user_id, true);
        assert_eq!(seen(&*store, there).await, []);
        assert_eq!(rename(&*store, there, view.id).await, ViewChange::NoSuchView);
        assert_eq!(delete(&*store, there, view.id).await, ViewChange::NoSuchView);
    }
    assert_eq!(seen(&*store, viewer(acme, owner, false)).await, [view]);
}

pub(crate) async fn the_name_of_a_view_is_its_owners_on_its_page(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Viewer).await;
    let (me, errors) = (viewer(org_id, owner, true), view_of(org_id, owner, "errors"));
    kept(&*store, errors.clone()).await;
    let again = SavedView { id: Uuid::now_v7(), ..errors.clone() };
    assert!(matches!(keep(&*store, &again).await, Err(StoreError::Exists(_))));
    kept(&*store, SavedView { page: "audit".to_owned(), ..again.clone() }).await;
    kept(&*store, view_of(org_id, ada, "errors")).await;
    let other = kept(&*store, view_of(org_id, owner, "other")).await;
    let taken = SavedViewChanges { name: Some("errors".to_owned()), ..Default::default() };
    let refused = store.update_view(me, other.id, &taken, second(5), &entry_of(Some(org_id), "view.update")).await;
    assert!(matches!(refused, Err(StoreError::Exists(_))), "{refused:?}");
    assert_eq!(seen(&*store, me).await, [errors, other]);
}

pub(crate) async fn views_are_listed_oldest_first_in_pages(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    for id in [3, 1, 2_u128] {
        kept(&*store, SavedView { id: Uuid::from_u128(id), ..view_of(org_id, owner, &format!("view {id}")) }).await;
    }
    let page = async |after: Option<u128>, limit| {
        let views = store.views(viewer(org_id, owner, false), None, after.map(Uuid::from_u128), limit).await.unwrap();
        views.iter().map(|view| view.id.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2).await, [1, 2]);
    assert_eq!(page(Some(2), 2).await, [3]);
    assert_eq!(page(Some(3), 2).await, [0_u128; 0]);
}

pub(crate) async fn strange_views_are_refused(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let (_, stranger) = owned(&*store, "globex").await;
    let view = |name: &str| view_of(org_id, owner, name);
    for strange in [
        view(""),
        view(&"x".repeat(101)),
        view("a\nb"),
        SavedView { page: String::new(), ..view("page") },
        SavedView { query: "x".repeat(2_049), ..view("query") },
        view_of(org_id, stranger, "no member"),
        view_of(Uuid::now_v7(), owner, "no organisation"),
    ] {
        let refused = keep(&*store, &strange).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    let longest = SavedView { query: "x".repeat(2_048), ..view(&"ä".repeat(100)) };
    let longest = kept(&*store, longest).await;
    let me = viewer(org_id, owner, false);
    let too_long = SavedViewChanges { query: Some("x".repeat(2_049)), ..Default::default() };
    let refused = store.update_view(me, longest.id, &too_long, second(5), &entry_of(Some(org_id), "view.update")).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    assert_eq!(seen(&*store, me).await, [longest]);
}

pub(crate) async fn a_person_and_an_organisation_have_a_bounded_number_of_views(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Member).await;
    let eve = joined(&*store, org_id, "eve@example.org", Role::Member).await;
    for person in [owner, ada] {
        for number in 0..VIEWS_PER_PERSON_MAX {
            kept(&*store, shared(view_of(org_id, person, &number.to_string()))).await;
        }
        let refused = keep(&*store, &view_of(org_id, person, "one more")).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    assert_eq!(2 * VIEWS_PER_PERSON_MAX, SHARED_VIEWS_MAX, "so many are shared now");
    let refused = keep(&*store, &shared(view_of(org_id, eve, "one more"))).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let own = kept(&*store, view_of(org_id, eve, "own")).await;
    let (me, share) = (viewer(org_id, eve, false), SavedViewChanges { is_shared: Some(true), ..Default::default() });
    let audit = entry_of(Some(org_id), "view.update");
    let refused = store.update_view(me, own.id, &share, second(5), &audit).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let first = seen(&*store, me).await[0].id;
    assert!(matches!(delete(&*store, viewer(org_id, owner, true), first).await, ViewChange::Done(_)));
    assert!(matches!(change(&*store, me, own.id, share).await, ViewChange::Done(_)));
}

pub(crate) async fn views_leave_with_their_member(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let (globex, _) = owned(&*store, "globex").await;
    let ada = joined(&*store, org_id, "ada@example.org", Role::Member).await;
    store.add_member(globex, ada, Role::Viewer, &entry_of(Some(globex), "member.add")).await.unwrap();
    kept(&*store, view_of(org_id, ada, "own")).await;
    kept(&*store, shared(view_of(org_id, ada, "shared"))).await;
    let of_owner = kept(&*store, shared(view_of(org_id, owner, "the owner's"))).await;
    let elsewhere = kept(&*store, view_of(globex, ada, "elsewhere")).await;

    store.remove_member(org_id, ada, None, &entry_of(Some(org_id), "member.remove")).await.unwrap();
    assert_eq!(seen(&*store, viewer(org_id, owner, true)).await, std::slice::from_ref(&of_owner));
    assert_eq!(seen(&*store, viewer(globex, ada, false)).await, [elsewhere]);
    let entry = trail(&*store, org_id).await.into_iter().find(|entry| entry.action == "member.remove").unwrap();
    assert_eq!(entry.detail["shared_views_ended"], 1);
    // Back again, they begin with none.
    store.add_member(org_id, ada, Role::Viewer, &entry_of(Some(org_id), "member.add")).await.unwrap();
    assert_eq!(seen(&*store, viewer(org_id, ada, false)).await, [of_owner]);
}

pub(crate) async fn the_trail_tells_of_what_is_shared_alone(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let me = viewer(org_id, owner, false);
    let counted = async || {
        let mut counts = Vec::new();
        for action in ["view.create", "view.update", "view.delete"] {
            counts.push(told(&*store, org_id, action).await);
        }
        counts
    };
    let own = kept(&*store, view_of(org_id, owner, "own")).await;
    rename(&*store, me, own.id).await;
    delete(&*store, me, own.id).await;
    assert_eq!(counted().await, [0, 0, 0]);

    let view = kept(&*store, shared(view_of(org_id, owner, "for all"))).await;
    rename(&*store, me, view.id).await;
    rename(&*store, me, view.id).await;
    assert_eq!(counted().await, [1, 1, 0], "the same again is no change");
    let share = |is_shared| SavedViewChanges { is_shared: Some(is_shared), ..Default::default() };
    change(&*store, me, view.id, share(false)).await;
    assert_eq!(counted().await, [1, 2, 0], "it was shared until now");
    change(&*store, me, view.id, share(true)).await;
    delete(&*store, me, view.id).await;
    assert_eq!(counted().await, [1, 3, 1]);
}
