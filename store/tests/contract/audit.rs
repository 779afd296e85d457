//! The audit trail.

use store::{
    Actor, AuditEntry, OrgId,
    audit::{AuditFilter, AuditResult},
};
use uuid::Uuid;

use crate::{
    people::{entry_of, kept_person, owned, second, told, trail},
    place::{Place, Store},
};

const ORG: OrgId = Uuid::from_u128(0x0A);
const OTHER_ORG: OrgId = Uuid::from_u128(0x0B);

async fn append(store: &dyn Store, entry: AuditEntry) -> AuditEntry {
    store.append_audit(&entry).await.unwrap();
    entry
}

/// The actions of the entries that a filter finds, newest first.
async fn found(store: &dyn Store, filter: AuditFilter) -> Vec<String> {
    let page = store.audit(ORG, &filter, None, 100).await.unwrap();
    page.entries.into_iter().map(|entry| entry.action).collect()
}

pub(crate) async fn an_entry_comes_back_as_it_was(place: &Place) {
    let store = place.open().await;
    let detail = serde_json::json!({"scopes": ["events:read"], "was": null, "ünï": "\u{0}😀"});
    let full = AuditEntry {
        actor: Actor::anonymous("Mallory <m@example.org>"),
        address: Some("2001:db8::1".parse().unwrap()),
        request_id: Some("req-1".to_owned()),
        detail: detail.as_object().unwrap().clone(),
        ..entry_of(Some(ORG), "session.login").failed()
    };
    let full = append(&*store, full).await;
    let plain = append(&*store, entry_of(Some(ORG), "organisation.update")).await;
    assert_eq!(trail(&*store, ORG).await, [plain, full.clone()]);
    assert_eq!(full.result, AuditResult::Failure);
}

pub(crate) async fn each_audit_filter_finds_what_it_names(place: &Place) {
    let store = place.open().await;
    let of = |action: &str, name: &str, target: &str, at: i64| AuditEntry {
        actor: Actor { id: format!("id of {name}"), name: name.to_owned(), ..Actor::system() },
        target_id: target.to_owned(),
        at: second(at),
        ..entry_of(Some(ORG), action)
    };
    for entry in [
        of("api_key.create", "ada@example.org", "k1", 1),
        of("api_key.revoke", "bob@example.org", "k1", 2),
        of("api_keys.odd", "bob@example.org", "k2", 3),
        of("member.remove", "ada@example.org", "u1", 4),
    ] {
        // As in life, an id of about its time.
        let millis = (entry.at.unix_ms() as u128) << 80;
        append(&*store, AuditEntry { id: Uuid::from_u128(millis | Uuid::now_v7().as_u128() >> 48), ..entry }).await;
    }
    let check = async |filter: AuditFilter, expected: &[&str]| {
        let what = format!("{filter:?}");
        assert_eq!(found(&*store, filter).await, expected, "{what}");
    };
    let any = AuditFilter::default;
    let text = |text: &str| Some(text.to_owned());
    check(any(), &["member.remove", "api_keys.odd", "api_key.revoke", "api_key.create"]).await;
    check(AuditFilter { action: text("api_key"), ..any() }, &["api_key.revoke", "api_key.create"]).await;
    check(AuditFilter { action: text("api_key.create"), ..any() }, &["api_key.create"]).await;
    check(AuditFilter { actor: text("ada@example.org"), ..any() }, &["member.remove", "api_key.create"]).await;
    check(AuditFilter { actor: text("id of bob@example.org"), ..any() }, &["api_keys.odd", "api_key.revoke"]).await;
    check(AuditFilter { target: text("k1"), ..any() }, &["api_key.revoke", "api_key.create"]).await;
    check(AuditFilter { from: Some(second(2)), to: Some(second(4)), ..any() }, &["api_keys.odd", "api_key.revoke"])
        .await;
    let both = AuditFilter { actor: text("bob@example.org"), target: text("k1"), ..any() };
    check(both, &["api_key.revoke"]).await;
    for nothing in ["", "api", "api_key.", "%", "api_ke_", "\0", "' OR 1=1 --"] {
        check(AuditFilter { action: text(nothing), ..any() }, &[]).await;
        check(AuditFilter { actor: text(nothing), ..any() }, &[]).await;
    }
}

pub(crate) async fn audit_pages_are_complete_while_entries_arrive(place: &Place) {
    let store = place.open().await;
    let mut expected = Vec::new();
    for _ in 0..7 {
        expected.insert(0, append(&*store, entry_of(Some(ORG), "api_key.create")).await.id);
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = store.audit(ORG, &AuditFilter::default(), before, 3).await.unwrap();
        seen.extend(page.entries.iter().map(|entry| entry.id));
        append(&*store, entry_of(Some(ORG), "late.arrival")).await;
        before = page.next_before;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
    assert!(store.audit(ORG, &AuditFilter::default(), None, 0).await.unwrap().entries.is_empty());
}

pub(crate) async fn organisations_see_only_their_own_trail(place: &Place) {
    let store = place.open().await;
    append(&*store, entry_of(Some(ORG), "ours.create")).await;
    append(&*store, entry_of(Some(OTHER_ORG), "theirs.create")).await;
    append(&*store, entry_of(None, "nobodys.login")).await;
    assert_eq!(found(&*store, AuditFilter::default()).await, ["ours.create"]);
}

pub(crate) async fn the_databases_refuse_to_change_or_delete_an_entry(place: &Place) {
    let store = place.open().await;
    let kept = append(&*store, entry_of(Some(ORG), "api_key.create")).await;
    for sql in ["UPDATE audit_entries SET action = 'harmless'", "DELETE FROM audit_entries"] {
        let refusal = place.execute(sql).await.unwrap_err();
        assert!(refusal.contains("an audit entry is never"), "{refusal}");
    }
    if place.is_postgres() {
        let refusal = place.execute("TRUNCATE audit_entries").await.unwrap_err();
        assert!(refusal.contains("an audit entry is never"), "{refusal}");
    }
    assert!(store.append_audit(&AuditEntry { action: "harmless".into(), ..kept.clone() }).await.is_err());
    assert_eq!(trail(&*store, ORG).await, [kept]);
}

pub(crate) async fn an_entry_is_kept_with_its_change_and_not_without_it(place: &Place) {
    let store = place.open().await;
    let (org_id, owner) = owned(&*store, "acme").await;
    let member = kept_person(&*store, "ada@example.org").await;
    let add = async |at: i64| {
        let entry = AuditEntry { at: second(at), ..entry_of(Some(org_id), "member.add") };
        store.add_member(org_id, member, store::Role::Viewer, &entry).await
    };
    add(1).await.unwrap();
    assert_eq!(told(&*store, org_id, "member.add").await, 1);
    add(2).await.unwrap_err();
    assert_eq!(told(&*store, org_id, "member.add").await, 1, "nothing was added the second time");

    // The entry can't be kept (its id is taken): the change does not happen either.
    let taken = trail(&*store, org_id).await[0].clone();
    store.remove_member(org_id, member, None, &taken).await.unwrap_err();
    assert!(store.member(org_id, member).await.unwrap().is_some());
    assert!(store.member(org_id, owner).await.unwrap().is_some());
}
