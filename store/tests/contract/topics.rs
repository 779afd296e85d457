//! The topics of organisations.

use aibbar::topic::TopicName;
use store::{
    OrgId, StoreError, Topic,
    topics::{HeldTopic, Hold, PARTITIONS_PER_TOPIC_MAX, TOPICS_PER_ORGANISATION_MAX, TopicChanges},
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
        is_applied: false,
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

/// Asks for the topic from this nanosecond on until that.
async fn hold(store: &dyn Store, topic: &Topic, from: i64, until: i64) -> Hold {
    store.hold_topic(topic.org_id, topic.id, moment(from), moment(until)).await.unwrap()
}

async fn held(store: &dyn Store, topic: &Topic, from: i64, until: i64) -> HeldTopic {
    match hold(store, topic, from, until).await {
        Hold::Yours(held) => *held,
        other => panic!("{other:?}"),
    }
}

/// Deletes it for good.
async fn forgotten(store: &dyn Store, topic: &Topic) {
    let held = held(store, topic, 1_000, 2_000).await;
    assert!(store.forget_topic(&held).await.unwrap());
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
    let topic = kept(&*store, Topic { compacted: true, ..topic_of(org_id, "orders") }).await;
    let update = async |changes: TopicChanges, ns| {
        store.update_topic(org_id, &topic.name, &changes, moment(ns), &entry_of(Some(org_id), "topic.update")).await
    };
    let before = version(&*store).await;
    let changes = TopicChanges {
        partitions: Some(12),
        retention_hours: Some(Some(24)),
        compacted: Some(false),
        schema: Some(Some("{}".to_owned())),
    };
    let expected = Topic {
        partitions: 12,
        retention_hours: Some(24),
        compacted: false,
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
    let compacted = update(TopicChanges { compacted: Some(true), ..TopicChanges::default() }, 70).await;
    assert!(matches!(compacted, Err(StoreError::Refused(_))), "there may be messages without a key: {compacted:?}");
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
    let in_use = held(&*store, &topic, 1, 2).await;
    assert!(!store.forget_topic(&in_use).await.unwrap(), "what is in use is not forgotten");
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
    assert_eq!(store.unfinished_topics(None, 10).await.unwrap(), std::slice::from_ref(&topic));
    assert_eq!(store.deleted_topic(org_id, &topic.name).await.unwrap(), Some(topic.clone()));
    assert_eq!(store.deleted_topic(other, &topic.name).await.unwrap(), None);
    forgotten(&*store, &topic).await;
    assert_eq!(store.deleted_topic(org_id, &topic.name).await.unwrap(), None);
    kept(&*store, again).await;
}

pub(crate) async fn one_alone_works_on_a_topic_in_the_log(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let topic = kept(&*store, topic_of(org_id, "orders")).await;
    let first = held(&*store, &topic, 10, 20).await;
    assert_eq!(first, HeldTopic { topic: topic.clone(), is_deleted: false, until: moment(20) });
    assert_eq!(hold(&*store, &topic, 19, 29).await, Hold::Anothers);
    let nobodys = Topic { org_id: organisation(&*store, "other").await, ..topic.clone() };
    assert_eq!(hold(&*store, &nobodys, 30, 40).await, Hold::Gone);
    // Whoever was not done in time is not done at all.
    let second = held(&*store, &topic, 20, 30).await;
    store.let_topic_go(&first).await.unwrap();
    assert_eq!(hold(&*store, &topic, 25, 35).await, Hold::Anothers);
    store.delete_topic(org_id, topic.id, &entry(org_id)).await.unwrap();
    assert!(!store.forget_topic(&first).await.unwrap());
    // Another of the name can't be made while the row is there: what its holder deletes in the log is its own.
    assert!(store.insert_topic(&topic_of(org_id, "orders"), &entry(org_id)).await.is_err());
    assert!(!store.topic_is_made(&second).await.unwrap(), "it was deleted meanwhile");
    store.let_topic_go(&second).await.unwrap();
    let third = held(&*store, &topic, 25, 35).await;
    assert!(third.is_deleted);
    assert!(store.forget_topic(&third).await.unwrap());
    assert!(!store.forget_topic(&third).await.unwrap());
    assert_eq!(hold(&*store, &topic, 50, 60).await, Hold::Gone);
}

pub(crate) async fn what_the_log_was_told_of_a_topic_is_known(place: &Place) {
    let store = place.open().await;
    let org_id = organisation(&*store, "acme").await;
    let topic = kept(&*store, topic_of(org_id, "orders")).await;
    let now = async || store.topic(org_id, &topic.name).await.unwrap().unwrap();
    let change = async |changes: TopicChanges, ns| {
        store.update_topic(org_id, &topic.name, &changes, moment(ns), &entry(org_id)).await.unwrap().unwrap()
    };
    let wider = |partitions| TopicChanges { partitions: Some(partitions), ..TopicChanges::default() };
    let before = version(&*store).await;
    let first = held(&*store, &topic, 10, 20).await;
    assert!(store.topic_is_made(&first).await.unwrap());
    assert!(!store.topic_is_made(&first).await.unwrap(), "the hold has ended with it");
    assert_eq!(version(&*store).await, before + 1, "who publishes to it looks again");
    assert_eq!(now().await, Topic { is_made: true, is_applied: true, ..topic.clone() });
    assert_eq!(store.unfinished_topics(None, 10).await.unwrap(), []);

    let changed = change(TopicChanges { schema: Some(Some("{}".to_owned())), ..TopicChanges::default() }, 11).await;
    assert!(changed.is_applied, "the log knows nothing of schemas");
    let changed = change(wider(11), 12).await;
    assert!(changed.is_made && !changed.is_applied, "it is there, if not as it is to be");
    // Of two changes the later is told, though the earlier is told at the same time.
    let earlier = held(&*store, &topic, 20, 30).await;
    change(wider(12), 13).await;
    assert!(!store.topic_is_made(&earlier).await.unwrap());
    assert!(!now().await.is_applied);
    store.let_topic_go(&earlier).await.unwrap();
    let later = held(&*store, &topic, 21, 31).await;
    assert_eq!(later.topic.partitions, 12);
    assert!(store.topic_is_made(&later).await.unwrap());
    assert!(now().await.is_applied);
}

pub(crate) async fn unfinished_topics_are_listed_in_pages(place: &Place) {
    let store = place.open().await;
    let (org_id, other) = (organisation(&*store, "acme").await, organisation(&*store, "other").await);
    let mut topics = Vec::new();
    for (org_id, text) in [(org_id, "a"), (other, "b"), (org_id, "c"), (org_id, "d")] {
        topics.push(kept(&*store, topic_of(org_id, text)).await);
    }
    for done in [0, 3] {
        let held = held(&*store, &topics[done], 1, 2).await;
        assert!(store.topic_is_made(&held).await.unwrap());
    }
    store.delete_topic(org_id, topics[3].id, &entry(org_id)).await.unwrap();
    let names = async |after: Option<Uuid>, limit| {
        let unfinished = store.unfinished_topics(after, limit).await.unwrap();
        unfinished.iter().map(|topic| topic.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(None, 10).await, ["b", "c", "d"]);
    assert_eq!(names(None, 1).await, ["b"]);
    assert_eq!(names(Some(topics[1].id), 10).await, ["c", "d"]);
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
