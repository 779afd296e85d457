//! Topics of organisations, and what is published to them.
#![allow(clippy::unwrap_used, reason = "a test")]

mod broken_off;
mod cloud_events;
mod guide;
mod manage;
mod once;
mod publish;

use cloud_events::cloud_events_of_the_real_sdk_come_in_all_three_modes;
use e2e::{Client, System, on_both_shapes};
use guide::the_guides_commands_work_as_printed;
use manage::*;
use once::*;
use publish::*;
use serde_json::{Value, json};

on_both_shapes!(
    a_topic_is_made_described_changed_and_deleted,
    two_organisations_have_topics_of_one_name,
    what_no_log_takes_is_refused_with_the_rule,
    the_topic_of_events_is_everybodys_and_nobodys_to_change,
    whoever_may_not_manage_topics_reads_them,
    messages_are_acknowledged_with_their_place_and_read_back,
    each_message_of_a_batch_stands_for_itself,
    a_message_meets_the_schema_of_its_topic,
    a_tombstone_is_for_compacted_topics,
    nothing_unredacted_is_published,
    the_same_request_again_publishes_nothing_twice,
    what_was_refused_under_a_key_is_tried_again,
    cloud_events_of_the_real_sdk_come_in_all_three_modes,
    the_guides_commands_work_as_printed,
);

const TOPICS: &str = "/api/v1/topics";

/// Somebody of a new organisation.
fn client(system: &System) -> Client {
    system.client(&system.organisation())
}

async fn made(client: &Client, topic: Value) -> Value {
    client.request("POST", TOPICS, topic).await.expect(201).body
}

async fn published(client: &Client, body: Value) -> e2e::Answer {
    client.request("POST", "/events/publish", body).await
}

/// Every message of a topic, in the order of their partitions.
async fn messages(client: &Client, topic: &str) -> Vec<Value> {
    let page = client.get(&format!("/events/read?topic={topic}&limit=10000")).await.expect(200).body;
    assert_eq!(page["caught_up"], true, "{page}");
    let mut items = page["items"].as_array().unwrap().clone();
    items.sort_by_key(|item| (item["partition"].as_u64(), item["offset"].as_u64()));
    items
}

fn named(name: &str) -> Value {
    json!({ "name": name, "partitions": 2 })
}
