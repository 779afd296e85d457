//! A Redis of the test's own.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    installed::{in_path, missing},
    port::free_port,
    process::{Kind, ServiceProcess},
};

/// One Redis server on loopback.
pub struct Redis {
    port: u16,
    process: Mutex<ServiceProcess>,
}

impl Redis {
    /// Starts one and waits until it answers.
    pub fn start() -> Redis {
        let mut process = ServiceProcess::new(Kind { name: "redis", stop_signal: "TERM", discard_signal: "KILL" });
        loop {
            let port = free_port();
            match process.start(&mut server(&process, port), |_| answers_ping(port)) {
                Ok(()) => return Redis { port, process: Mutex::new(process) },
                Err(error) if error.is_clash() => continue,
                Err(_) => process.fail("ended at once", "see its log"),
            }
        }
    }

    /// Where it listens, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address as settings take it.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
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
        let mut server = server(&process, self.port);
        if process.start(&mut server, |_| answers_ping(self.port)).is_err() {
            process.fail("did not come back", "see its log");
        }
    }

    fn process(&self) -> MutexGuard<'_, ServiceProcess> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn server(process: &ServiceProcess, port: u16) -> Command {
    let mut command = Command::new(in_path("redis-server").unwrap_or_else(|| missing("Redis")));
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--daemonize", "no"])
        .args(["--save", "", "--appendonly", "yes"])
        .arg("--dir")
        .arg(process.folder());
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
