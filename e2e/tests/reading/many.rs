//! Many messages through a group that loses a reader: each at least once, in order per key, and nobody waits for what was
//! lost.

use std::{
    collections::{BTreeMap, HashMap},
    time::Instant,
};

use e2e::{Client, Shape, System, eventually};
use serde_json::{Value, json};

use crate::{items, number, publish, text, with_topic};

const MESSAGES: u32 = 100_000;
const PARTITIONS: u32 = 10;
const KEYS: u32 = 500;
const BATCH: u32 = 5_000;

/// One of the group's readers, over HTTP.
struct Reader {
    client: Client,
    name: &'static str,
}

/// What was given out, in the order in which it came.
#[derive(Default)]
struct Journal {
    /// How often each message came.
    times: HashMap<u32, u32>,
    /// The newest number of each key.
    newest: HashMap<String, u32>,
}

impl Reader {
    /// A page; its cursor, when there is something to commit.
    async fn page(&self, journal: &mut Journal) -> Option<String> {
        let path = format!(
            "/events/read?topic=many&group=g&reader={}&limit=10000&bytes_max=8388608&lease_ms=3000&wait_ms=500",
            self.name
        );
        let page = self.client.get(&path).await.expect(200).body;
        for item in items(&page) {
            journal.note(item);
        }
        page["next_cursor"].as_str().map(str::to_owned)
    }

    /// Commits, unless the partitions have moved on.
    async fn commit(&self, cursor: &str) {
        let body = json!({ "topic": "many", "group": "g", "reader": self.name, "cursor": cursor });
        let answer = self.client.post_json("/events/commit", body).await;
        assert!(answer.status == 200 || answer.code() == "lease_lost", "{}", answer.body);
    }
}

impl Journal {
    /// Within a key a message comes again, or it is the next: none is left out.
    fn note(&mut self, item: &Value) {
        let n = number(item);
        *self.times.entry(n).or_default() += 1;
        let next = self.newest.get(text(item, "key")).map_or(n % KEYS, |newest| newest + KEYS);
        assert!(n <= next, "{n} came before {next}: {item}");
        if n == next {
            self.newest.insert(text(item, "key").to_owned(), n);
        }
    }
}

/// The group as it is shown: of each partition what is committed, its end and the lag.
async fn shown(client: &Client) -> BTreeMap<u64, [u64; 3]> {
    let groups = client.all("/api/v1/topics/many/consumers").await;
    let group = groups.iter().find(|group| group["group"] == "g").unwrap();
    let told = |partition: &Value| {
        let number = |member: &str| partition[member].as_u64().unwrap_or(0);
        (number("partition"), [number("committed"), number("end"), number("lag")])
    };
    group["partitions"].as_array().unwrap().iter().map(told).collect()
}

/// The same as Kafka's own tool prints it.
fn printed(system: &System, group: &str) -> BTreeMap<u64, [u64; 3]> {
    let class = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    let table = system.services().kafka.tool(class, &["--describe", "--group", group]);
    let rows = table.lines().filter(|line| line.trim_start().starts_with(group));
    // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG …
    rows.map(|row| {
        let columns: Vec<_> = row.split_whitespace().collect();
        let number = |at: usize| columns[at].parse().ok();
        let end = number(4).unwrap_or_default();
        // Of a partition of which nothing is committed it prints `-`.
        (number(2).unwrap(), [number(3).unwrap_or_default(), end, number(5).unwrap_or(end)])
    })
    .collect()
}

async fn assert_kafkas_own_tool_prints_the_same(system: &System, client: &Client) {
    if system.shape == Shape::AtScale {
        let groups = client.all("/api/v1/topics/many/consumers").await;
        let group = text(groups.iter().find(|group| group["group"] == "g").unwrap(), "name_in_log").to_owned();
        let (shown, mut printed) = (shown(client).await, printed(system, &group));
        assert_eq!(shown.len(), PARTITIONS as usize);
        // It leaves out partitions of which nothing is committed.
        for (partition, [committed, end, lag]) in &shown {
            if *committed == 0 {
                printed.entry(*partition).or_insert([0, *end, *lag]);
            }
        }
        assert_eq!(printed, shown);
    }
}

pub(crate) async fn a_hundred_thousand_messages_through_a_group_that_loses_a_reader(system: &System) {
    let client = with_topic(system, "many", PARTITIONS).await;
    let started = Instant::now();
    for from in (0..MESSAGES).step_by(BATCH as usize) {
        publish(&client, "many", from..from + BATCH, KEYS).await;
    }
    let published = started.elapsed();

    let [one, other] = ["one", "other"].map(|name| Reader { client: client.clone(), name });
    let mut journal = Journal::default();
    // Both read and commit, until some of it is done and something is out with the one.
    let mut lost = None;
    eventually("both have read some of it", async || {
        for reader in [&one, &other] {
            if let Some(cursor) = reader.page(&mut journal).await {
                if reader.name == "one" && journal.times.len() > 30_000 {
                    lost = Some(cursor);
                } else {
                    reader.commit(&cursor).await;
                }
            }
        }
        lost.is_some().then_some(())
    })
    .await;
    let lag: u64 = shown(&client).await.values().map(|[_, _, lag]| lag).sum();
    assert!(lag > 0 && lag < MESSAGES.into(), "{lag}");
    assert_kafkas_own_tool_prints_the_same(system, &client).await;

    // The one is never heard of again. What it was given and did not commit comes to the other.
    eventually("the other reads all the rest", async || {
        if let Some(cursor) = other.page(&mut journal).await {
            other.commit(&cursor).await;
        }
        let all_is_read = journal.times.len() == MESSAGES as usize;
        (all_is_read && shown(&client).await.values().all(|[_, _, lag]| *lag == 0)).then_some(())
    })
    .await;
    assert!((0..MESSAGES).all(|n| journal.times.contains_key(&n)), "a message never came");
    let shown = shown(&client).await;
    assert!(shown.values().all(|[committed, end, _]| committed == end), "{shown:?}");
    assert_eq!(shown.values().map(|[committed, ..]| committed).sum::<u64>(), u64::from(MESSAGES));
    assert_kafkas_own_tool_prints_the_same(system, &client).await;
    let again: u32 = journal.times.values().map(|times| times - 1).sum();
    println!(
        "{MESSAGES} messages published in {published:?}, read in {:?}; {again} came again",
        started.elapsed() - published
    );
}
