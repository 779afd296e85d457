//! Topics, read back: by page, as lines, by groups; what is given out, what comes again, and how far everyone is.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

mod groups;
mod lines;
mod many;
mod pages;

use e2e::{Client, System, on_both_shapes};
use serde_json::{Value, json};

use crate::{groups::*, lines::*, many::*, pages::*};

on_both_shapes!(
    a_topic_is_read_whole_from_cursor_to_cursor,
    a_read_begins_at_either_end_or_at_a_time,
    a_cursor_survives_new_partitions,
    a_cursor_of_something_else_is_refused,
    a_topic_is_its_organisations_alone,
    a_read_waits_for_messages_and_for_no_one_who_hung_up,
    lines_come_until_there_are_no_more_and_say_so,
    deleting_a_topic_under_its_readers_ends_them_with_a_reason,
    what_was_not_committed_comes_again,
    a_reader_that_dies_gives_its_partitions_back,
    a_group_is_shown_and_reset,
    a_group_reads_its_own_events_alone,
    a_hundred_thousand_messages_through_a_group_that_loses_a_reader,
);

/// Somebody with a topic of so many partitions.
pub(crate) async fn with_topic(system: &System, name: &str, partitions: u32) -> Client {
    let client = system.client(&system.organisation());
    make_topic(&client, name, partitions).await;
    client
}

pub(crate) async fn make_topic(client: &Client, name: &str, partitions: u32) {
    client.post_json("/api/v1/topics", json!({ "name": name, "partitions": partitions })).await.expect(201);
}

/// Publishes these numbers as messages `{"n": …}`, under as many keys as `keys`.
pub(crate) async fn publish(client: &Client, topic: &str, numbers: std::ops::Range<u32>, keys: u32) {
    let messages: Vec<_> = numbers
        .map(|n| json!({ "topic": topic, "key": format!("key-{}", n % keys), "message": { "n": n } }).to_string())
        .collect();
    let lines = messages.join("\n").into_bytes();
    client.send("POST", "/events/publish", "application/x-ndjson", lines).await.expect(202);
}

pub(crate) fn items(page: &Value) -> &[Value] {
    page["items"].as_array().unwrap()
}

/// The numbers of the messages.
pub(crate) fn numbers(items: &[Value]) -> Vec<u32> {
    items.iter().map(number).collect()
}

pub(crate) fn number(item: &Value) -> u32 {
    u32::try_from(item["message"]["n"].as_u64().unwrap_or_else(|| panic!("{item}"))).unwrap()
}

pub(crate) fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_else(|| panic!("no text `{member}` in {value}"))
}

/// Stops the test unless the messages of each key are in the order in which they were published.
pub(crate) fn assert_in_order_per_key(items: &[Value]) {
    let mut last: std::collections::HashMap<&str, u32> = Default::default();
    for item in items {
        let (key, n) = (text(item, "key"), number(item));
        let before = last.insert(key, n);
        assert!(before.is_none_or(|before| before < n), "{key}: {n} after {before:?}");
    }
}
