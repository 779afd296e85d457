//! API keys.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use store::{
    ApiKey, FoundKey, Limit, Limits, Plan, Scope, StoreError,
    identity::{API_KEYS_MAX, ApiKeyChanges, PreviousKey},
    limits::DEFAULT_PLAN,
    organisations::OrganisationChanges,
    vault::KeyHash,
};
use uuid::Uuid;

use crate::{
    identity::{api_key_of, entry, keep_api_key, moment, organisation},
    people::{entry_of, told},
    place::{Place, Store},
};

const OTHER_HASH: KeyHash = KeyHash { pepper_version: 1, bytes: [8; 32] };
const THIRD_HASH: KeyHash = KeyHash { pepper_version: 1, bytes: [7; 32] };

async fn by_prefix(store: &dyn Store, prefix: &str) -> Option<ApiKey> {
    store.api_key_by_prefix(prefix).await.unwrap().map(|found| found.key)
}

/// A key with everything that a key can have.
fn full_api_key(org_id: Uuid) -> ApiKey {
    ApiKey {
        scopes: vec![Scope::EventsRead, Scope::EventsWrite],
        limits: Limits { requests_per_minute: Limit::AtMost(10), events_per_day: Limit::Off },
        limits_are_granted: true,
        allowed_ips: vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::1/128".parse().unwrap()],
        made_by: "ünï@example.org".to_owned(),
        last_used_at: Some(moment(7)),
        expires_at: Some(moment(123_456_789)),
        previous: Some(PreviousKey { prefix: "sk_previous".to_owned(), hash: OTHER_HASH, until: moment(55) }),
        ..api_key_of(org_id, "ci")
    }
}

pub(crate) async fn an_api_key_comes_back_as_it_was(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let plain = ApiKey { scopes: Vec::new(), ..api_key_of(org_id, "nothing") };
    for key in [full_api_key(org_id), plain] {
        keep_api_key(&*store, &key).await.unwrap();
        assert_eq!(by_prefix(&*store, &key.prefix).await.as_ref(), Some(&key));
        let found = FoundKey { key: key.clone(), plan: Limits::default(), registered_systems_only: false };
        assert_eq!(store.api_key(org_id, key.id).await.unwrap(), Some(found));
        assert_eq!(by_prefix(&*store, &key.prefix[..10]).await, None);
    }
    assert_eq!(store.api_key(org_id, Uuid::now_v7()).await.unwrap(), None);
    assert_eq!(told(&*store, org_id, "api_key.create").await, 2);
}

pub(crate) async fn a_key_is_found_with_the_limits_of_its_organisations_plan(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let key = api_key_of(org_id, "ci");
    keep_api_key(&*store, &key).await.unwrap();
    let limits = Limits { requests_per_minute: Limit::AtMost(77), events_per_day: Limit::Off };
    store.set_plan(&Plan { name: "large".to_owned(), limits }, &entry(org_id)).await.unwrap();
    let changes = OrganisationChanges { plan: Some("large".to_owned()), ..OrganisationChanges::default() };
    store.update_organisation(org_id, &changes, &entry(org_id)).await.unwrap();
    assert_eq!(store.api_key_by_prefix(&key.prefix).await.unwrap().unwrap().plan, limits);
    assert_eq!(store.api_key(org_id, key.id).await.unwrap().unwrap().plan, limits);
}

pub(crate) async fn taken_prefixes_and_names_are_told(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let first = api_key_of(org_id, "ci");
    keep_api_key(&*store, &first).await.unwrap();

    let same_prefix = ApiKey { prefix: first.prefix.clone(), ..api_key_of(other, "new") };
    assert!(matches!(keep_api_key(&*store, &same_prefix).await, Err(StoreError::Exists(_))));
    let same_name = keep_api_key(&*store, &api_key_of(org_id, "ci")).await;
    assert!(matches!(same_name, Err(StoreError::Exists(_))));
    keep_api_key(&*store, &api_key_of(other, "ci")).await.unwrap();

    let second = api_key_of(org_id, "second");
    keep_api_key(&*store, &second).await.unwrap();
    let rotated = store.rotate_api_key(org_id, second.id, &first.prefix, &OTHER_HASH, None, &entry(org_id)).await;
    assert!(matches!(rotated, Err(StoreError::Exists(_))));
    let renamed = ApiKeyChanges { name: Some("ci".to_owned()), ..ApiKeyChanges::default() };
    let renamed = store.update_api_key(org_id, second.id, &renamed, &entry(org_id)).await;
    assert!(matches!(renamed, Err(StoreError::Exists(_))));
    // A former prefix is taken too: whoever presents it is to find one key.
    store.rotate_api_key(org_id, first.id, "sk_newnewne", &OTHER_HASH, Some(moment(9)), &entry(org_id)).await.unwrap();
    assert!(matches!(keep_api_key(&*store, &same_prefix).await, Err(StoreError::Exists(_))));

    store.revoke_api_key(org_id, first.id, moment(5), &entry(org_id)).await.unwrap();
    keep_api_key(&*store, &api_key_of(org_id, "ci")).await.unwrap();
}

pub(crate) async fn api_keys_are_listed_newest_first_in_pages(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    for (name, id) in [("second", 2), ("first", 1), ("third", 3)] {
        let key = ApiKey { id: Uuid::from_u128(id), ..api_key_of(org_id, name) };
        keep_api_key(&*store, &key).await.unwrap();
    }
    let page = async |before, limit| {
        let keys = store.api_keys(org_id, before, limit).await.unwrap();
        keys.into_iter().map(|key| key.name).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 10).await, ["third", "second", "first"]);
    assert_eq!(page(None, 2).await, ["third", "second"]);
    assert_eq!(page(Some(Uuid::from_u128(2)), 2).await, ["first"]);
    assert!(page(Some(Uuid::from_u128(1)), 2).await.is_empty());
}

pub(crate) async fn a_change_of_a_key_changes_what_it_names_and_nothing_else(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let key = full_api_key(org_id);
    keep_api_key(&*store, &key).await.unwrap();
    let update = async |changes: ApiKeyChanges| {
        let changed = store.update_api_key(org_id, key.id, &changes, &entry_of(Some(org_id), "api_key.update")).await;
        let changed = changed.unwrap().unwrap();
        assert_eq!(by_prefix(&*store, &key.prefix).await.unwrap(), changed, "what is answered is what is kept");
        changed
    };
    assert_eq!(update(ApiKeyChanges::default()).await, key);
    let renamed = update(ApiKeyChanges { name: Some("new".to_owned()), ..Default::default() }).await;
    assert_eq!(renamed, ApiKey { name: "new".to_owned(), ..key.clone() });
    let all = ApiKeyChanges {
        name: Some("all".to_owned()),
        scopes: Some(vec![Scope::MetricsRead]),
        limits: Some(Limits::default()),
        allowed_ips: Some(Vec::new()),
        expires_at: Some(None),
    };
    let expected = ApiKey {
        name: "all".to_owned(),
        scopes: vec![Scope::MetricsRead],
        limits: Limits::default(),
        limits_are_granted: false,
        allowed_ips: Vec::new(),
        expires_at: None,
        ..key.clone()
    };
    assert_eq!(update(all.clone()).await, expected);
    assert_eq!(update(all).await, expected);
    assert_eq!(told(&*store, org_id, "api_key.update").await, 2);
    let nameless = ApiKeyChanges { name: Some(String::new()), ..ApiKeyChanges::default() };
    let refused = store.update_api_key(org_id, key.id, &nameless, &entry(org_id)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
}

pub(crate) async fn a_plan_that_is_lowered_binds_the_keys_that_nobody_granted_more(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let limits = |most| Limits { requests_per_minute: Limit::AtMost(most), events_per_day: Limit::Inherited };
    let own = ApiKey { limits: limits(100), ..api_key_of(org_id, "own") };
    let granted = ApiKey { limits: limits(100), limits_are_granted: true, ..api_key_of(org_id, "granted") };
    for key in [&own, &granted] {
        keep_api_key(&*store, key).await.unwrap();
    }
    let effective = async |key: &ApiKey| {
        let FoundKey { key, plan, .. } = store.api_key_by_prefix(&key.prefix).await.unwrap().unwrap();
        key.effective_limits(plan).requests_per_minute
    };
    let plan = Plan { name: DEFAULT_PLAN.to_owned(), limits: limits(30) };
    assert_eq!(effective(&own).await, Limit::AtMost(100));
    store.set_plan(&plan, &entry_of(Some(org_id), "plan.set")).await.unwrap();
    assert_eq!(effective(&own).await, Limit::AtMost(30));
    assert_eq!(effective(&granted).await, Limit::AtMost(100));

    // Its own name and the same limits once more take nothing from it; other limits are granted by nobody.
    let update = async |changes: ApiKeyChanges| {
        let audit = entry_of(Some(org_id), "api_key.update");
        store.update_api_key(org_id, granted.id, &changes, &audit).await.unwrap().unwrap().limits_are_granted
    };
    let name = Some("renamed".to_owned());
    assert!(update(ApiKeyChanges { name, limits: Some(limits(100)), ..Default::default() }).await);
    assert!(!update(ApiKeyChanges { limits: Some(limits(90)), ..Default::default() }).await);
    assert_eq!(effective(&granted).await, Limit::AtMost(30));
}

pub(crate) async fn an_api_key_has_a_bounded_number_of_ranges(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let ranges = |count: u32| (0..count).map(|n| IpAddr::from(Ipv4Addr::from(n)).into()).collect::<Vec<IpNet>>();
    let full = ApiKey { allowed_ips: ranges(64), ..api_key_of(org_id, "full") };
    keep_api_key(&*store, &full).await.unwrap();
    assert_eq!(by_prefix(&*store, &full.prefix).await.unwrap().allowed_ips, full.allowed_ips);
    let more = ApiKey { allowed_ips: ranges(65), ..api_key_of(org_id, "more") };
    assert!(matches!(keep_api_key(&*store, &more).await, Err(StoreError::Refused(_))));
}

pub(crate) async fn a_rotated_key_is_found_by_both_prefixes_until_the_next_rotation(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let key = api_key_of(org_id, "ci");
    keep_api_key(&*store, &key).await.unwrap();
    let rotate = async |prefix: &str, hash: &KeyHash, until| {
        let audit = entry_of(Some(org_id), "api_key.rotate");
        store.rotate_api_key(org_id, key.id, prefix, hash, until, &audit).await.unwrap().unwrap()
    };
    let rotated = rotate("sk_second00", &OTHER_HASH, Some(moment(100))).await;
    let previous = Some(PreviousKey { prefix: key.prefix.clone(), hash: key.hash, until: moment(100) });
    let expected = ApiKey { prefix: "sk_second00".to_owned(), hash: OTHER_HASH, previous, ..key.clone() };
    assert_eq!(rotated, expected);
    for prefix in ["sk_second00", &key.prefix] {
        assert_eq!(by_prefix(&*store, prefix).await.as_ref(), Some(&expected), "{prefix}");
    }

    let again = rotate("sk_third000", &THIRD_HASH, Some(moment(200))).await;
    assert_eq!(again.previous.unwrap().hash, OTHER_HASH);
    assert_eq!(by_prefix(&*store, &key.prefix).await, None, "what was before the old one is gone at once");
    assert!(by_prefix(&*store, "sk_second00").await.is_some());

    assert_eq!(rotate("sk_fourth00", &OTHER_HASH, None).await.previous, None);
    assert_eq!(by_prefix(&*store, "sk_third000").await, None, "without an overlap the old one ends");
    assert_eq!(by_prefix(&*store, "sk_fourth00").await.unwrap().id, key.id);
    assert_eq!(told(&*store, org_id, "api_key.rotate").await, 3);
}

pub(crate) async fn a_revoked_api_key_stays_revoked(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let key = api_key_of(org_id, "ci");
    keep_api_key(&*store, &key).await.unwrap();
    let revoke = async |id, ns| {
        store.revoke_api_key(org_id, id, moment(ns), &entry_of(Some(org_id), "api_key.revoke")).await.unwrap()
    };
    assert!(!revoke(Uuid::now_v7(), 5).await);
    assert!(revoke(key.id, 5).await);
    assert!(revoke(key.id, 6).await);
    assert_eq!(told(&*store, org_id, "api_key.revoke").await, 1);
    let revoked = ApiKey { revoked_at: Some(moment(5)), ..key.clone() };
    assert_eq!(by_prefix(&*store, &key.prefix).await.as_ref(), Some(&revoked));

    let changes = ApiKeyChanges { name: Some("new".to_owned()), ..ApiKeyChanges::default() };
    assert_eq!(store.update_api_key(org_id, key.id, &changes, &entry(org_id)).await.unwrap(), None);
    let rotated = store.rotate_api_key(org_id, key.id, "sk_newnewne", &OTHER_HASH, None, &entry(org_id)).await;
    assert_eq!(rotated.unwrap(), None);
    assert_eq!(by_prefix(&*store, &key.prefix).await, Some(revoked));
}

pub(crate) async fn the_last_use_of_a_key_only_moves_on(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let (first, second) = (api_key_of(org_id, "first"), api_key_of(org_id, "second"));
    keep_api_key(&*store, &first).await.unwrap();
    keep_api_key(&*store, &second).await.unwrap();
    let used = async |key: &ApiKey| by_prefix(&*store, &key.prefix).await.unwrap().last_used_at;
    store.touch_api_keys(&[(second.id, moment(20)), (first.id, moment(10))]).await.unwrap();
    assert_eq!((used(&first).await, used(&second).await), (Some(moment(10)), Some(moment(20))));
    store.touch_api_keys(&[(first.id, moment(15)), (second.id, moment(15))]).await.unwrap();
    assert_eq!((used(&first).await, used(&second).await), (Some(moment(15)), Some(moment(20))));

    let unknown = |count| vec![(Uuid::now_v7(), moment(1)); count];
    store.touch_api_keys(&unknown(250)).await.unwrap();
    assert!(matches!(store.touch_api_keys(&unknown(10_001)).await, Err(StoreError::Refused(_))));
    store.touch_api_keys(&[]).await.unwrap();
}

pub(crate) async fn an_organisation_has_a_bounded_number_of_api_keys(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let first = api_key_of(org_id, "first");
    keep_api_key(&*store, &first).await.unwrap();
    for n in 1..API_KEYS_MAX {
        keep_api_key(&*store, &api_key_of(org_id, &format!("key {n}"))).await.unwrap();
    }
    let more = api_key_of(org_id, "more");
    assert!(matches!(keep_api_key(&*store, &more).await, Err(StoreError::Refused(_))));
    keep_api_key(&*store, &api_key_of(other, "theirs")).await.unwrap();
    store.revoke_api_key(org_id, first.id, moment(5), &entry(org_id)).await.unwrap();
    keep_api_key(&*store, &more).await.unwrap();
}
