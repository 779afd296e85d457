//! A Redis of the test's own.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::PathBuf,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    installed::{in_path, missing},
    port::free_port,
    process::{Kind, ServiceProcess},
    wait::wait_until,
};

/// How long a node may take to serve its slots.
const CLUSTER_WAIT_MAX: Duration = Duration::from_secs(60);

/// One Redis server on loopback.
pub struct Redis {
    port: u16,
    options: &'static [&'static str],
    process: Mutex<ServiceProcess>,
}

impl Redis {
    /// Starts one and waits until it answers.
    pub fn start() -> Redis {
        Self::start_with(&[])
    }

    /// Starts so many that are a Redis Cluster together, each with an equal part of the slots.
    pub fn start_cluster(nodes: u16) -> Vec<Redis> {
        const SLOTS: u16 = 16_384;
        let cluster: Vec<Redis> = (0..nodes).map(|_| Self::start_with(&["--cluster-enabled", "yes"])).collect();
        for (node, redis) in (0..nodes).zip(&cluster) {
            let (from, to) = (SLOTS / nodes * node, SLOTS / nodes * (node + 1) - 1);
            let to = if node + 1 == nodes { SLOTS - 1 } else { to };
            assert!(redis.says(&format!("CLUSTER ADDSLOTSRANGE {from} {to}\r\n"), "+OK"), "a node takes its slots");
            let meet = format!("CLUSTER MEET 127.0.0.1 {} {}\r\n", cluster[0].port, bus_port(cluster[0].port));
            assert!(node == 0 || redis.says(&meet, "+OK"), "a node meets the first");
        }
        let whole = format!("cluster_known_nodes:{nodes}");
        for redis in &cluster {
            let is_whole =
                || redis.says("CLUSTER INFO\r\n", "cluster_state:ok") && redis.says("CLUSTER INFO\r\n", &whole);
            assert!(wait_until(CLUSTER_WAIT_MAX, is_whole), "every node knows all slots");
        }
        cluster
    }

    fn start_with(options: &'static [&'static str]) -> Redis {
        let mut process = ServiceProcess::new(Kind { name: "redis", stop_signal: "TERM", discard_signal: "KILL" });
        loop {
            let port = free_port();
            match process.start(&mut server(&process, port, options), |_| answers_ping(port)) {
                Ok(()) => return Redis { port, options, process: Mutex::new(process) },
                Err(error) if error.is_clash() => continue,
                Err(_) => process.fail("ended at once", "see its log"),
            }
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
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its folder: its append-only file, and what the server said.
    pub fn folder(&self) -> PathBuf {
        self.process().folder().to_owned()
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.process().kill();
    }

    /// SIGTERM, and waits for the end.
    pub fn stop(&self) {
        self.process().stop();
    }

    /// Starts it again on the same port with the same data; ends it first when it runs.
    pub fn restart(&self) {
        let mut process = self.process();
        process.stop();
        let mut server = server(&process, self.port, self.options);
        if process.start(&mut server, |_| answers_ping(self.port)).is_err() {
            process.fail("did not come back", "see its log");
        }
    }

    /// Whether the answer to this line has these words within.
    fn says(&self, line: &str, words: &str) -> bool {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(line.as_bytes())?;
            let mut answer = [0; 512];
            let length = stream.read(&mut answer)?;
            Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
        };
        ask().is_ok_and(|answer| answer.contains(words))
    }

    fn process(&self) -> MutexGuard<'_, ServiceProcess> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where nodes of a cluster talk to each other.
fn bus_port(port: u16) -> u16 {
    port + 10_000
}

fn server(process: &ServiceProcess, port: u16, options: &[&str]) -> Command {
    let mut command = Command::new(in_path("redis-server").unwrap_or_else(|| missing("Redis")));
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--daemonize", "no"])
        .args(["--save", "", "--appendonly", "yes"])
        .arg("--dir")
        .arg(process.folder())
        .args(options);
    command
}

fn answers_ping(port: u16) -> bool {
    let ping = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 7];
        stream.read_exact(&mut answer)?;
        Ok(&answer == b"+PONG\r\n")
    };
    ping().unwrap_or(false)
}
