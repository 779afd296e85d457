//! Live streams over WebSockets and as server-sent events: what comes, what a client may say, how it goes on after a cut
//! and how it ends.
#![allow(clippy::unwrap_used, reason = "a test")]

mod browser;
mod contract;
mod ends;
mod frames;
mod streams;
mod tickets;

use e2e::{Client, Organisation, Shape, System, on_both_shapes};
use serde_json::{Value, json};

use browser::a_browser_goes_on_after_a_cut_without_loss;
use ends::{
    an_organisation_has_so_many_streams_and_no_more, whoever_watches_a_deleted_topic_is_told,
    with_a_revoked_key_a_stream_ends_and_says_so,
};
use frames::every_frame_is_as_the_contract_says;
use streams::{
    a_client_pauses_and_changes_its_filter, a_cursor_is_of_its_topics_alone, a_filter_is_of_members_and_topics,
    gapin_tail_follows_a_topic, server_sent_events_go_on_behind_the_last_id,
};
use tickets::a_ticket_is_good_once_and_for_its_makers_stream;

/// Streams of one organisation at most.
const STREAMS_MAX: usize = 20;

/// Partitions of topics here.
const PARTITIONS: u32 = 2;

/// Records that wait for one client.
const QUEUE_RECORDS: &str = "64";

/// A system that fills up soon.
pub(crate) struct Rig {
    system: System,
    /// A second gateway, in the shape that has some.
    other_url: Option<String>,
}

impl Rig {
    fn start(shape: Shape) -> Rig {
        let streams_max = STREAMS_MAX.to_string();
        let settings =
            [("GAPIN_LIVE_QUEUE_RECORDS_MAX", QUEUE_RECORDS), ("GAPIN_LIVE_ORGANISATION_CLIENTS_MAX", &streams_max)];
        let mut system = System::start_with(shape, &settings);
        let other_url = (shape == Shape::AtScale).then(|| system.add_gateway());
        Rig { system, other_url }
    }
}

impl std::ops::Deref for Rig {
    type Target = System;

    fn deref(&self) -> &System {
        &self.system
    }
}

/// An organisation with a topic of its own.
async fn with_topic(system: &System, name: &str) -> (Organisation, Client) {
    let organisation = system.organisation();
    let client = system.client(&organisation);
    make_topic(&client, name).await;
    (organisation, client)
}

async fn make_topic(client: &Client, name: &str) {
    client.post_json("/api/v1/topics", json!({ "name": name, "partitions": PARTITIONS })).await.expect(201);
}

async fn publish(client: &Client, topic: &str, key: &str, message: Value) {
    let sent = json!({ "topic": topic, "key": key, "message": message });
    client.post_json("/events/publish", sent).await.expect(202);
}

on_both_shapes!(on Rig:
    every_frame_is_as_the_contract_says,
    a_filter_is_of_members_and_topics,
    a_client_pauses_and_changes_its_filter,
    a_cursor_is_of_its_topics_alone,
    server_sent_events_go_on_behind_the_last_id,
    gapin_tail_follows_a_topic,
    a_ticket_is_good_once_and_for_its_makers_stream,
    an_organisation_has_so_many_streams_and_no_more,
    whoever_watches_a_deleted_topic_is_told,
    with_a_revoked_key_a_stream_ends_and_says_so,
    a_browser_goes_on_after_a_cut_without_loss,
);
