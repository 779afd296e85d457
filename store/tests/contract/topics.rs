//! The topics of organisations.

use aibbar::topic::TopicName;
use store::{
    OrgId, StoreError, Topic,
    topics::{PARTITIONS_PER_TOPIC_MAX, TOPICS_PER_ORGANISATION_MAX, TopicChanges},
};
use uuid::Uuid;

use crate::{
    identity::{entry, moment, organisation},
    people::{entry_of, told},
    place::{Place, Store},
};

fn name(text: &str) -> TopicName {
    TopicName::parse(text).unwrap()
}

fn topic_of(org_id: OrgId, text: &str) -> Topic {
    Topic {
        id: Uuid::now_v7(),
        org_id,
        name: name(text),
        partitions: 10,
        retention_hours: None,
        compacted: false,
        schema: None,
        is_made: false,
        created_by: "ci".to_owned(),
        created_at: moment(7),
        updated_at: moment(7),
    }
}

async fn version(store: &dyn Store) -> u64 {
    store.changes_since(0, 100).await.unwrap().version
}

async fn kept(store: &dyn Store, topic: Topic) -> Topic {
    store.insert_topic(&topic, &entry_of(Some(topic.org_id), "topic.create")).await.unwrap();
    topic
}

pub(crate) async fn a_topic_comes_back_as_it_was(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let full = Topic {
        retention_hours: Some(336),
        compacted: true,
        schema: Some(r#"{"type":"object"}"#.to_owned()),
        ..topic_of(org_id, "Orders_2.new-1")
    };
    for topic in [full.clone(), topic_of(org_id, "plain"), topic_of(other, "plain")] {
        let topic = kept(&*store, topic).await;
        assert_eq!(store.topic(topic.org_id, &topic.name).await.unwrap(), Some(topic));
    }
    assert_eq!(store.topic(other, &full.name).await.unwrap(), None);
    assert_eq!(store.all_topics(None, 10).await.unwrap().len(), 3);
    assert_eq!(store.all_topics(Some(full.id), 10).await.unwrap().len(), 2);
    let before = version(&*store).await;
    store.topic_is_made(&full).await.unwrap();
    store.topic_is_made(&full).await.unwrap();
    assert_eq!(version(&*store).await, before + 1);
    let made = store.topic(org_id, &full.name).await.unwrap().unwrap();
    assert!(made.is_made);
    let changes = TopicChanges { schema: Some(None), ..TopicChanges::default() };
    let changed = store.update_topic(org_id, &full.name, &changes, moment(8), &entry(org_id)).await.unwrap().unwrap();
    assert!(changed.is_made, "the log knows nothing of schemas");
    let changes = TopicChanges { partitions: Some(11), ..TopicChanges::default() };
    let changed = store.update_topic(org_id, &full.name, &changes, moment(9), &entry(org_id)).await.unwrap().unwrap();
    assert!(!changed.is_made);
    store.topic_is_made(&made).await.unwrap();
    assert!(!store.topic(org_id, &full.name).await.unwrap().unwrap().is_made, "it was another that was made");
    assert_eq!(told(&*store, org_id, "topic.create").await, 2);
    let unknown = store.insert_topic(&topic_of(Uuid::now_v7(), "x"), &entry(org_id)).await;
    assert!(matches!(unknown, Err(StoreError::Refused(_))), "{unknown:?}");
}

pub(crate) async fn a_name_is_given_once_also_when_folded(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    kept(&*store, topic_of(org_id, "a.b_c")).await;
    for taken in ["a.b_c", "a_b_c", "a.b.c"] {
        let refused = store.insert_topic(&topic_of(org_id, taken), &entry(org_id)).await;
        assert!(matches!(refused, Err(StoreError::Exists(_))), "{taken}: {refused:?}");
    }
    kept(&*store, topic_of(org_id, "A.b_c")).await;
    kept(&*store, topic_of(org_id, "a-b-c")).await;
    let events = store.insert_topic(&topic_of(org_id, "aibbar.events"), &entry(org_id)).await;
    assert!(matches!(events, Err(StoreError::Refused(_))), "{events:?}");
}

pub(crate) async fn topics_are_listed_by_name_in_pages(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    for text in ["b", "a", "B", "a-1", "_", "a.1"] {
        kept(&*store, topic_of(org_id, text)).await;
    }
    let page = async |after: Option<&str>, limit| {
        let after = after.map(name);
        let topics = store.topics(org_id, after.as_ref(), limit).await.unwrap();
        topics.iter().map(|topic| topic.name.to_string()).collect::<Vec<_>>()
    };
    // By their bytes, on both databases.
    assert_eq!(page(None, 10).await, ["B", "_", "a", "a-1", "a.1", "b"]);
    assert_eq!(page(Some("a"), 2).await, ["a-1", "a.1"]);
    assert_eq!(page(Some("b"), 2).await, [""; 0]);
}

pub(crate) async fn a_topic_changes_as_told_and_its_organisation_is_told_of_it(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let topic = kept(&*store, topic_of(org_id, "orders")).await;
    let update = async |changes: TopicChanges, ns| {
        store.update_topic(org_id, &topic.name, &changes, moment(ns), &entry_of(Some(org_id), "topic.update")).await
    };
    let before = version(&*store).await;
    let changes = TopicChanges {
        partitions: Some(12),
        retention_hours: Some(Some(24)),
        compacted: Some(true),
        schema: Some(Some("{}".to_owned())),
    };
    let expected = Topic {
        partitions: 12,
        retention_hours: Some(24),
        compacted: true,
        schema: Some("{}".to_owned()),
        updated_at: moment(50),
        ..topic.clone()
    };
    assert_eq!(update(changes.clone(), 50).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(update(changes, 60).await.unwrap().as_ref(), Some(&expected), "nothing changed, not even the time");
    assert_eq!(version(&*store).await, before + 1);
    assert_eq!(told(&*store, org_id, "topic.update").await, 1);
    for partitions in [11, 0, PARTITIONS_PER_TOPIC_MAX + 1] {
        let refused = update(TopicChanges { partitions: Some(partitions), ..TopicChanges::default() }, 70).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{partitions}: {refused:?}");
    }
    let emptied = TopicChanges { retention_hours: Some(None), schema: Some(None), ..TopicChanges::default() };
    let emptied = update(emptied, 80).await.unwrap().unwrap();
    assert_eq!((emptied.retention_hours, emptied.schema), (None, None));
    let other = organisation(&*store, "other").await;
    let anothers = store.update_topic(other, &topic.name, &TopicChanges::default(), moment(90), &entry(other)).await;
    assert_eq!(anothers.unwrap(), None);
}

pub(crate) async fn a_deleted_topic_is_found_no_more_and_holds_its_name_until_it_is_forgotten(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let topic = kept(&*store, topic_of(org_id, "orders")).await;
    let other = organisation(&*store, "other").await;
    let delete = async |of| store.delete_topic(of, topic.id, &entry_of(Some(of), "topic.delete")).await.unwrap();
    assert!(!delete(other).await, "another's");
    store.forget_topic(org_id, topic.id).await.unwrap();
    assert!(store.topic(org_id, &topic.name).await.unwrap().is_some(), "what is in use is not forgotten");
    assert!(delete(org_id).await);
    assert!(!delete(org_id).await);
    assert_eq!(told(&*store, org_id, "topic.delete").await, 1);
    assert_eq!(store.topic(org_id, &topic.name).await.unwrap(), None);
    assert_eq!(store.topics(org_id, None, 10).await.unwrap(), []);
    assert_eq!(store.all_topics(None, 10).await.unwrap(), []);
    let changed = store.update_topic(org_id, &topic.name, &TopicChanges::default(), moment(9), &entry(org_id)).await;
    assert_eq!(changed.unwrap(), None);
    let again = topic_of(org_id, "orders");
    assert!(matches!(store.insert_topic(&again, &entry(org_id)).await, Err(StoreError::Exists(_))));
    assert_eq!(store.deleted_topics(None, 10).await.unwrap(), std::slice::from_ref(&topic));
    assert_eq!(store.deleted_topics(Some(other), 10).await.unwrap(), []);
    store.forget_topic(org_id, topic.id).await.unwrap();
    assert_eq!(store.deleted_topics(Some(org_id), 10).await.unwrap(), []);
    kept(&*store, again).await;
}

pub(crate) async fn an_organisation_has_a_bounded_number_of_topics_and_partitions(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    for number in 0..10 {
        let wide = Topic { partitions: PARTITIONS_PER_TOPIC_MAX, ..topic_of(org_id, &format!("wide-{number}")) };
        kept(&*store, wide).await;
    }
    let refused = store.insert_topic(&topic_of(org_id, "more"), &entry(org_id)).await;
    assert!(matches!(&refused, Err(StoreError::Refused(why)) if why.contains("partitions")), "{refused:?}");
    place.execute("UPDATE topics SET partitions = 1").await.unwrap();
    let rows = TOPICS_PER_ORGANISATION_MAX - 10;
    let id = if place.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let text = if place.is_postgres() { "'x' || n::text" } else { "'x' || n" };
    let fill = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}) \
         INSERT INTO topics (id, org_id, name, folded, partitions, compacted, is_made, created_by, created_at_ns, \
         updated_at_ns) SELECT {id}, (SELECT id FROM organisations WHERE name = 'acme'), {text}, {text}, 1, \
         (SELECT compacted FROM topics LIMIT 1), (SELECT is_made FROM topics LIMIT 1), 'ci', 1, 1 FROM numbers"
    );
    place.execute(&fill).await.unwrap();
    let refused = store.insert_topic(&topic_of(org_id, "more"), &entry(org_id)).await;
    assert!(matches!(&refused, Err(StoreError::Refused(why)) if why.contains("topics")), "{refused:?}");
}
