//! What the log on Kafka promises when its broker dies and comes back, and across clients.
#![allow(clippy::unwrap_used)]

#[path = "contract/rig.rs"]
#[allow(dead_code, reason = "shared with the contract suite, which uses all of it")]
mod rig;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bus::{
    AppendError, EventLog, LogError, LogReader, LogRecord, Position, TopicConfig, TopicSpec,
    kafka::{KafkaLog, KafkaSettings},
};
use rdkafka::{
    ClientConfig,
    producer::{BaseProducer, BaseRecord, Producer},
};
use rig::{Rig, STEP, WAIT_MAX, after, payloads, read_as, record, up_to};
use testbed::Kafka;

const TOPIC: &str = "events";
const WRITERS: usize = 6;
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(3);
/// How much later than its time-out an append may answer: librdkafka looks once a second.
const ANSWER_SLACK: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_dies_costs_nothing_acknowledged_and_the_same_client_goes_on() {
    let kafka = Kafka::start();
    let settings = KafkaSettings { message_timeout: MESSAGE_TIMEOUT, ..KafkaSettings::new(kafka.brokers()) };
    let log: Arc<dyn EventLog> = Arc::new(KafkaLog::new(settings).unwrap());
    log.ensure_topic(&TopicSpec { name: TOPIC.to_owned(), partitions: 3, retention: None, compacted: false })
        .await
        .unwrap();
    let mut reader = log.reader(TOPIC, (0..3).map(|partition| (partition, 0)).collect()).await.unwrap();

    let writers = Writers::start(&log);
    writers.until("each was acknowledged", |told| told.acknowledged >= 20).await;
    kafka.kill();
    writers.until("each was told of a failure", |told| told.failed >= 1).await;
    assert!(matches!(log.check().await, Err(LogError::Unavailable(_))));
    kafka.restart();
    let before: Vec<_> = writers.told();
    writers.until_each("each was acknowledged again", |n, told| told.acknowledged >= before[n].acknowledged + 20).await;
    assert_eq!(log.check().await, Ok(()));

    let acknowledged = writers.stop().await;
    let records = read_until_all(&mut *reader, &acknowledged).await;
    let kept: BTreeMap<_, _> = records.iter().map(|r| r.position).zip(payloads(&records)).collect();
    assert_eq!(kept.len(), records.len());
    for (position, name) in &acknowledged {
        assert_eq!(kept.get(position), Some(name));
    }
    each_key_is_there_once_and_in_order(&records);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_client_committed_another_sees() {
    let (one, other) = (Rig::kafka(), Rig::kafka());
    let (topic, group) = (one.topic(1).await, one.name("group"));
    let names: Vec<_> = (0..10).map(|i| i.to_string()).collect();
    one.append(&topic, &names.iter().map(|name| ("k", name.as_str())).collect::<Vec<_>>()).await;
    let mut member = one.join(&topic, &group).await;
    let records = read_as(&mut *member, 10).await;
    member.commit(&after(&records[..4])).await.unwrap();
    let lag = other.log.lag(&topic, &group).await.unwrap().remove(0);
    assert_eq!((lag.committed, lag.records()), (Some(4), 6));
    member.leave().await;
    let mut member = other.join(&topic, &group).await;
    assert_eq!(payloads(&read_as(&mut *member, 6).await), names[4..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_another_client_made_again_takes_records_at_once() {
    let (one, other) = (Rig::kafka(), Rig::kafka());
    let topic = one.topic(2).await;
    other.append(&topic, &[("k", "before")]).await;
    one.log.delete_topic(&topic).await.unwrap();
    let began = Instant::now();
    loop {
        let outcome = other.log.append(&topic, vec![record("k", "between")]).await.remove(0);
        if outcome == Err(AppendError::NoSuchTopic(topic.clone())) {
            break;
        }
        assert!(outcome.is_err() && began.elapsed() < WAIT_MAX, "{outcome:?}");
    }
    one.log
        .create_topic(&TopicSpec { name: topic.clone(), partitions: 2, retention: None, compacted: false })
        .await
        .unwrap();
    other.append(&topic, &[("k", "after")]).await;
    assert_eq!(payloads(&rig::read(&mut *one.reader_of_all(&topic).await, 1).await), ["after"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_passes_the_marks_of_another_clients_transactions() {
    let rig = Rig::kafka();
    let topic = rig.topic(1).await;
    let (into, brokers) = (topic.clone(), testbed::kafka().brokers());
    let transacted = tokio::task::spawn_blocking(move || {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", brokers).set("transactional.id", &into);
        let producer: BaseProducer = config.create().unwrap();
        producer.init_transactions(WAIT_MAX).unwrap();
        producer.begin_transaction().unwrap();
        for payload in ["a", "b"] {
            producer.send(BaseRecord::to(&into).key("k").payload(payload)).map_err(|(error, _)| error).unwrap();
        }
        producer.commit_transaction(WAIT_MAX).unwrap();
    });
    transacted.await.unwrap();
    // Two records and a mark, which brokers write behind the answer.
    let (end, began) = (3, Instant::now());
    while rig.log.bounds(&topic).await.unwrap()[&0].end != end {
        assert!(began.elapsed() < WAIT_MAX, "the transaction never ends");
        tokio::time::sleep(STEP).await;
    }
    let mut reader = rig.reader_of_all(&topic).await;
    assert_eq!(payloads(&rig::read(&mut *reader, 2).await), ["a", "b"]);
    let began = Instant::now();
    while reader.passed() != [(0, end)].into() {
        assert!(began.elapsed() < WAIT_MAX, "{:?}", reader.passed());
        assert_eq!(reader.next(up_to(STEP)).await.unwrap(), []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_a_group_does_not_wait_for_a_broker_that_stands_still() {
    let kafka = Kafka::start();
    let log = KafkaLog::new(KafkaSettings::new(kafka.brokers())).unwrap();
    log.ensure_topic(&TopicSpec { name: TOPIC.to_owned(), partitions: 1, retention: None, compacted: false })
        .await
        .unwrap();
    let mut member = log.join(TOPIC, "group", "the reader").await.unwrap();
    assert!(log.append(TOPIC, vec![record("k", "v")]).await[0].is_ok());
    assert_eq!(payloads(&read_as(&mut *member, 1).await), ["v"]);
    kafka.freeze();
    let began = Instant::now();
    member.leave().await;
    assert!(began.elapsed() < ANSWER_SLACK, "{:?}", began.elapsed());
    kafka.thaw();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kafkas_own_tools_say_the_same_and_what_they_set_stays() {
    let rig = Rig::kafka();
    let (topic, group) = (rig.topic(2).await, rig.name("org/group"));
    let args = |args: &[&str]| args.iter().map(ToString::to_string).collect::<Vec<_>>();
    let tool = |class: &'static str, args: Vec<String>| async move {
        let run = move || testbed::kafka().tool(class, &args.iter().map(String::as_str).collect::<Vec<_>>());
        tokio::task::spawn_blocking(run).await.unwrap()
    };
    const CONFIG: &str = "kafka.admin.ConfigCommand";
    const GROUPS: &str = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";

    // Brokers are told the whole of a topic's settings at once: what is not ours must be told again.
    let of_topic = args(&["--entity-type", "topics", "--entity-name", &topic]);
    let set = [args(&["--alter", "--add-config", "segment.ms=3600000"]), of_topic.clone()].concat();
    tool(CONFIG, set).await;
    let config = TopicConfig { retention: Some(Duration::from_secs(7 * 86_400)), compacted: true };
    rig.log.configure_topic(&topic, config).await.unwrap();
    let said = tool(CONFIG, [args(&["--describe"]), of_topic].concat()).await;
    for setting in ["segment.ms=3600000", "retention.ms=604800000", "cleanup.policy=compact,delete", "LogAppendTime"] {
        assert!(said.contains(setting), "{setting}: {said}");
    }

    let keys: Vec<_> = (0..40).map(|i| format!("key-{i}")).collect();
    rig.append(&topic, &keys.iter().map(|key| (key.as_str(), "x")).collect::<Vec<_>>()).await;
    let mut member = rig.join_as(&topic, &group, "the reader").await;
    let records = read_as(&mut *member, 40).await;
    member.commit(&after(&records[..25])).await.unwrap();
    let lag = rig.log.lag(&topic, &group).await.unwrap();
    // The member has to be heard of while the tool, which takes its time to start, asks for it.
    let told = tokio::spawn(tool(GROUPS, args(&["--describe", "--group", &group])));
    let mut told = std::pin::pin!(told);
    let told = loop {
        tokio::select! {
            told = &mut told => break told.unwrap(),
            read = member.next(up_to(STEP)) => assert!(read.is_ok(), "{read:?}"),
        }
    };
    for lag in lag {
        let numbers = [lag.partition.into(), lag.committed.unwrap_or(0), lag.bounds.end, lag.records()];
        let row = numbers.map(|number| number.to_string());
        let is_row = |line: &str| {
            let columns: Vec<_> = line.split_whitespace().collect();
            // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG
            columns.get(1) == Some(&topic.as_str()) && columns[2..6] == row && line.contains("the reader")
        };
        assert!(told.lines().any(is_row), "{row:?}: {told}");
    }
}

/// Each appends one record after the other under its own key, whatever the answer.
struct Writers {
    tasks: Vec<tokio::task::JoinHandle<BTreeMap<Position, String>>>,
    counts: Vec<Arc<Counts>>,
    has_to_stop: Arc<AtomicBool>,
}

#[derive(Default)]
struct Counts {
    acknowledged: AtomicUsize,
    failed: AtomicUsize,
}

/// What a writer was told so far.
#[derive(Clone, Copy, Debug)]
struct Told {
    acknowledged: usize,
    failed: usize,
}

impl Writers {
    fn start(log: &Arc<dyn EventLog>) -> Self {
        let has_to_stop = Arc::new(AtomicBool::new(false));
        let counts: Vec<_> = (0..WRITERS).map(|_| Arc::new(Counts::default())).collect();
        let tasks = counts.iter().enumerate().map(|(writer, counts)| {
            let (log, counts, has_to_stop) = (log.clone(), counts.clone(), has_to_stop.clone());
            tokio::spawn(async move { write(&*log, writer, &counts, &has_to_stop).await })
        });
        Self { tasks: tasks.collect(), counts, has_to_stop }
    }

    fn told(&self) -> Vec<Told> {
        let told = |counts: &Arc<Counts>| Told {
            acknowledged: counts.acknowledged.load(Ordering::Acquire),
            failed: counts.failed.load(Ordering::Acquire),
        };
        self.counts.iter().map(told).collect()
    }

    async fn until(&self, what: &str, condition: impl Fn(Told) -> bool) {
        self.until_each(what, |_, told| condition(told)).await;
    }

    async fn until_each(&self, what: &str, condition: impl Fn(usize, Told) -> bool) {
        let started = Instant::now();
        while !self.told().into_iter().enumerate().all(|(n, told)| condition(n, told)) {
            let ended = self.tasks.iter().any(tokio::task::JoinHandle::is_finished);
            assert!(!ended && started.elapsed() < WAIT_MAX, "not {what}: {:?}", self.told());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Every record that was acknowledged.
    async fn stop(self) -> BTreeMap<Position, String> {
        self.has_to_stop.store(true, Ordering::Release);
        let mut acknowledged = BTreeMap::new();
        for task in self.tasks {
            acknowledged.extend(task.await.unwrap());
        }
        acknowledged
    }
}

async fn write(
    log: &dyn EventLog,
    writer: usize,
    counts: &Counts,
    has_to_stop: &AtomicBool,
) -> BTreeMap<Position, String> {
    let mut acknowledged = BTreeMap::new();
    for n in 0.. {
        if has_to_stop.load(Ordering::Acquire) {
            break;
        }
        let name = n.to_string();
        let append = log.append(TOPIC, vec![record(&format!("writer-{writer}"), &name)]);
        let answer = tokio::time::timeout(MESSAGE_TIMEOUT + ANSWER_SLACK, append).await;
        match answer.expect("an append answers within its time-out").remove(0) {
            Ok(position) => {
                assert_eq!(acknowledged.insert(position, name), None, "{position:?} was given twice");
                counts.acknowledged.fetch_add(1, Ordering::AcqRel);
            }
            Err(AppendError::OutcomeUnknown(_) | AppendError::Unavailable(_)) => {
                counts.failed.fetch_add(1, Ordering::AcqRel);
            }
            Err(error) => panic!("{error}"),
        }
    }
    acknowledged
}

/// Reads on until everything that was acknowledged came.
async fn read_until_all(reader: &mut dyn LogReader, acknowledged: &BTreeMap<Position, String>) -> Vec<LogRecord> {
    let started = Instant::now();
    let mut missing: BTreeSet<_> = acknowledged.keys().copied().collect();
    let mut records = Vec::new();
    while !missing.is_empty() {
        assert!(started.elapsed() < WAIT_MAX, "never read: {missing:?}");
        match reader.next(up_to(STEP)).await {
            Ok(next) => {
                for record in &next {
                    missing.remove(&record.position);
                }
                records.extend(next);
            }
            // The reader was made before the broker died, and tells of its death.
            Err(LogError::Unavailable(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    records
}

/// A record whose outcome was unknown may be there or not; none is there twice, and none out of turn.
fn each_key_is_there_once_and_in_order(records: &[LogRecord]) {
    let mut last: BTreeMap<&[u8], usize> = BTreeMap::new();
    for record in records {
        let n: usize = std::str::from_utf8(&record.payload).unwrap().parse().unwrap();
        let before = last.insert(&record.key, n);
        assert!(before.is_none_or(|before| before < n), "{n} after {before:?}");
    }
    assert_eq!(last.len(), WRITERS);
}
