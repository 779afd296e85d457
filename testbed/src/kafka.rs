//! Kafka brokers of the test's own: KRaft nodes, each broker and controller in one; one alone, or a cluster.

use std::{
    fs,
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    installed::{in_path, kafka_jars, missing},
    port::free_port,
    process::{Kind, ServiceProcess},
};

/// What Kafka logs when it serves.
const STARTED: &str = "Kafka Server started";

/// Small and quick to start: throughput is not what tests look at.
const JVM_FLAGS: [&str; 6] =
    ["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"];

/// For load tests: the heap and the compilers that a broker has in life, as far as a machine that it shares allows.
const JVM_FLAGS_FOR_LOAD: [&str; 4] = ["-Xms512m", "-Xmx1g", "-XX:+UseG1GC", "-XX:-UsePerfData"];

/// One Kafka broker on loopback.
pub struct Kafka {
    port: u16,
    jvm_flags: &'static [&'static str],
    process: Mutex<ServiceProcess>,
}

impl Kafka {
    /// Formats a data folder, starts a broker and waits until it serves.
    pub fn start() -> Kafka {
        Self::start_with(&[])
    }

    /// The same, with further lines in `server.properties`.
    pub fn start_with(settings: &[(&str, &str)]) -> Kafka {
        Self::start_alone(None, settings, &JVM_FLAGS)
    }

    /// The same as [`Kafka::start`], as fast as brokers are in life.
    pub fn start_for_load() -> Kafka {
        Self::start_alone(None, &[], &JVM_FLAGS_FOR_LOAD)
    }

    /// The same, where clients are sent to this port on 127.0.0.1, as to a [`Proxy`](crate::Proxy)'s.
    pub fn start_advertised_at(port: u16) -> Kafka {
        Self::start_alone(Some(port), &[], &JVM_FLAGS)
    }

    fn start_alone(
        advertised_port: Option<u16>,
        settings: &[(&str, &str)],
        jvm_flags: &'static [&'static str],
    ) -> Kafka {
        let mut process = new_process();
        loop {
            let (port, controller_port) = (free_port(), free_port());
            let node = Node {
                id: 1,
                port,
                controller_port,
                advertised_port: advertised_port.unwrap_or(port),
                quorum: format!("controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}"),
                replicas: 1,
                replicas_in_sync_min: 1,
            };
            write_settings(&process, &node, settings);
            format(&process, &["--standalone"]);
            match process.start(&mut server(&process, jvm_flags), |log| serves(log, port)) {
                Ok(()) => return Kafka { port, jvm_flags, process: Mutex::new(process) },
                // The data folder names the ports: it is made anew.
                Err(error) if error.is_clash() => {
                    fs::remove_dir_all(process.folder().join("data")).expect("the data folder can be removed");
                }
                Err(_) => process.fail("ended at once", "see its log"),
            }
        }
    }

    /// So many brokers that are a cluster together: each topic on all of them, and a write needs all of them but one.
    pub fn start_cluster(nodes: u16) -> Vec<Kafka> {
        loop {
            let ports: Vec<(u16, u16)> = (0..nodes).map(|_| (free_port(), free_port())).collect();
            let voters: Vec<String> =
                (1..).zip(&ports).map(|(id, (_, port))| format!("{id}@127.0.0.1:{port}")).collect();
            let quorum = format!("controller.quorum.voters={}", voters.join(","));
            let started = std::thread::scope(|scope| {
                let starting: Vec<_> = (1..)
                    .zip(&ports)
                    .map(|(id, &(port, controller_port))| {
                        let quorum = quorum.clone();
                        let (replicas, replicas_in_sync_min) = (nodes, nodes.saturating_sub(1).max(1));
                        let advertised_port = port;
                        let node =
                            Node { id, port, controller_port, advertised_port, quorum, replicas, replicas_in_sync_min };
                        scope.spawn(move || Self::start_node(&node))
                    })
                    .collect();
                let ended = starting.into_iter().map(|one| one.join().unwrap_or_else(|p| std::panic::resume_unwind(p)));
                ended.collect::<Option<Vec<Kafka>>>()
            });
            // One found its port taken: the others know that port, so all are made anew.
            if let Some(cluster) = started {
                return cluster;
            }
        }
    }

    /// One node of a cluster; `None` when its ports are taken.
    fn start_node(node: &Node) -> Option<Kafka> {
        let mut process = new_process();
        write_settings(&process, node, &[]);
        format(&process, &[]);
        match process.start(&mut server(&process, &JVM_FLAGS), |log| serves(log, node.port)) {
            Ok(()) => Some(Kafka { port: node.port, jvm_flags: &JVM_FLAGS, process: Mutex::new(process) }),
            Err(error) if error.is_clash() => None,
            Err(_) => process.fail("ended at once", "see its log"),
        }
    }

    /// Where it listens, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The id of its process; `None` when it does not run.
    pub fn process_id(&self) -> Option<u32> {
        self.process().id()
    }

    /// Its address as settings take it.
    pub fn brokers(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The folder with its topics: one folder per partition, with the segment files that hold the records' bytes.
    pub fn data_dir(&self) -> PathBuf {
        self.process().folder().join("data")
    }

    /// Runs one of Kafka's own command-line programs, such as `org.apache.kafka.tools.TopicCommand`, against this broker; answers what it printed.
    pub fn tool(&self, class: &str, args: &[&str]) -> String {
        self.run(class, &[&["--bootstrap-server", &self.brokers()], args].concat())
    }

    /// What the topic's segment files hold, decompressed: the payloads as they lie on the disk, and what Kafka says of them.
    pub fn records_at_rest(&self, topic: &str) -> String {
        let is_of_topic = |partition: &Path| {
            let name = partition.file_name().and_then(|name| name.to_str()).and_then(|name| name.rsplit_once('-'));
            name.is_some_and(|(of, number)| of == topic && number.parse::<u32>().is_ok())
        };
        let partitions = files_in(&self.data_dir()).into_iter().filter(|path| is_of_topic(path));
        let segments: Vec<String> = partitions
            .flat_map(|partition| files_in(&partition))
            .filter(|file| file.extension().is_some_and(|extension| extension == "log"))
            .map(|file| file.display().to_string())
            .collect();
        assert!(!segments.is_empty(), "no topic {topic}");
        self.run("org.apache.kafka.tools.DumpLogSegments", &["--print-data-log", "--files", &segments.join(",")])
    }

    fn run(&self, class: &str, args: &[&str]) -> String {
        let output = java(&self.process(), &JVM_FLAGS).arg(class).args(args).output().expect("java can be run");
        assert!(output.status.success(), "{class}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.process().kill();
    }

    /// SIGSTOP: it keeps its connections and answers nothing, until it is thawed.
    pub fn freeze(&self) {
        self.process().signal("STOP");
    }

    /// SIGCONT.
    pub fn thaw(&self) {
        self.process().signal("CONT");
    }

    /// SIGTERM, and waits for the end.
    pub fn stop(&self) {
        self.process().stop();
    }

    /// Starts it again on the same port with the same data; ends it first when it runs.
    pub fn restart(&self) {
        let mut process = self.process();
        process.stop();
        let mut server = server(&process, self.jvm_flags);
        if process.start(&mut server, |log| serves(log, self.port)).is_err() {
            process.fail("did not come back", "see its log");
        }
    }

    fn process(&self) -> MutexGuard<'_, ServiceProcess> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    entries.map(|entry| entry.expect("the folder can be read").path()).collect()
}

fn serves(log: &str, port: u16) -> bool {
    log.contains(STARTED) && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn server(process: &ServiceProcess, jvm_flags: &[&str]) -> Command {
    let mut command = java(process, jvm_flags);
    command.arg("kafka.Kafka").arg(process.folder().join("server.properties"));
    command
}

/// Who a node is, and what it is told of the others.
struct Node {
    id: u16,
    port: u16,
    controller_port: u16,
    /// Where clients are sent.
    advertised_port: u16,
    /// The setting that names the controllers.
    quorum: String,
    /// Of every topic.
    replicas: u16,
    /// How many must have a write before it is acknowledged.
    replicas_in_sync_min: u16,
}

fn new_process() -> ServiceProcess {
    ServiceProcess::new(Kind { name: "kafka", stop_signal: "TERM", discard_signal: "KILL" })
}

/// The identity of a cluster may be the same for all: none of ours ever hears of another.
fn format(process: &ServiceProcess, more: &[&str]) {
    let output = java(process, &JVM_FLAGS)
        .args(["kafka.tools.StorageTool", "format", "-t", "Z2FwaW4tdGVzdGJlZC0wMQ", "-c"])
        .arg(process.folder().join("server.properties"))
        .args(more)
        .output()
        .expect("java can be run");
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        process.fail("could not format its data folder", String::from_utf8_lossy(&said));
    }
}

fn java(process: &ServiceProcess, jvm_flags: &[&str]) -> Command {
    let file = process.folder().join("log4j2.properties");
    fs::write(
        &file,
        "rootLogger = INFO, out\n\
         appender.out.type = Console\n\
         appender.out.name = out\n\
         appender.out.layout.type = PatternLayout\n\
         appender.out.layout.pattern = %d %p %m (%c)%n\n",
    )
    .expect("the folder is writable");
    let mut command = Command::new(in_path("java").unwrap_or_else(|| missing("Java")));
    command
        .args(jvm_flags)
        .arg(format!("-Dlog4j2.configurationFile={}", file.display()))
        .arg("-cp")
        .arg(kafka_jars().join("*"));
    command
}

fn write_settings(process: &ServiceProcess, node: &Node, more: &[(&str, &str)]) {
    let Node { id, port, controller_port, advertised_port, quorum, replicas, replicas_in_sync_min } = node;
    let data = process.folder().join("data");
    let own = format!(
        "process.roles=broker,controller\n\
         node.id={id}\n\
         {quorum}\n\
         listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:{advertised_port},CONTROLLER://127.0.0.1:{controller_port}\n\
         controller.listener.names=CONTROLLER\n\
         log.dirs={}\n\
         auto.create.topics.enable=false\n\
         default.replication.factor={replicas}\n\
         min.insync.replicas={replicas_in_sync_min}\n\
         offsets.topic.replication.factor={replicas}\n\
         offsets.topic.num.partitions=4\n\
         transaction.state.log.replication.factor={replicas}\n\
         transaction.state.log.min.isr={replicas_in_sync_min}\n\
         transaction.state.log.num.partitions=4\n\
         share.coordinator.state.topic.replication.factor={replicas}\n\
         share.coordinator.state.topic.min.isr={replicas_in_sync_min}\n\
         group.initial.rebalance.delay.ms=0\n\
         group.min.session.timeout.ms=1000\n\
         broker.session.timeout.ms=3000\n\
         log.cleaner.dedupe.buffer.size=8388608\n\
         log.cleaner.backoff.ms=500\n\
         num.network.threads=2\n\
         num.io.threads=4\n\
         num.recovery.threads.per.data.dir=2\n",
        data.display()
    );
    let more: String = more.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    fs::write(process.folder().join("server.properties"), own + &more).expect("the folder is writable");
}
