//! A PostgreSQL cluster of the test's own.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::{
    installed::{in_path, missing, postgres_programs, running_as_root},
    port::free_port,
    process::{Kind, ServiceProcess},
    wait::wait_until,
};

/// For a cluster that was killed: until its last children have let go of the shared memory.
const CHILDREN_GONE_WAIT_MAX: Duration = Duration::from_secs(60);

/// One PostgreSQL cluster on loopback.
pub struct Postgres {
    programs: PathBuf,
    data: PathBuf,
    port: u16,
    databases_made: AtomicU32,
    settings: Vec<String>,
    process: Mutex<ServiceProcess>,
}

impl Postgres {
    /// Makes a cluster, starts it and waits until it takes connections.
    pub fn start() -> Postgres {
        Self::start_with(&[])
    }

    /// The same, with further lines of its configuration (`fsync=on`), which win over those of the tests.
    pub fn start_with(settings: &[&str]) -> Postgres {
        let settings: Vec<String> = settings.iter().map(|&line| line.to_owned()).collect();
        let programs = postgres_programs();
        let mut process = ServiceProcess::new(Kind {
            name: "postgres",
            // Fast: ends the sessions. SIGTERM would wait until every client has left by itself.
            stop_signal: "INT",
            // Immediate: ends at once, and gives back its shared memory, which SIGKILL would leak.
            discard_signal: "QUIT",
        });
        let data = process.folder().join("data");
        make_cluster(&process, &programs, &data);
        loop {
            let port = free_port();
            match process.start(&mut server(&programs, &data, port, &settings), |_| takes_connections(&programs, port))
            {
                Ok(()) => {
                    return Postgres {
                        programs,
                        data,
                        port,
                        databases_made: AtomicU32::new(0),
                        settings,
                        process: Mutex::new(process),
                    };
                }
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

    /// Makes a fresh, empty database and answers its URL.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases_made.fetch_add(1, Ordering::Relaxed));
        self.query("postgres", &format!("CREATE DATABASE {name}"));
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Its data folder, with every file of the cluster, the write-ahead log among them, and what the server said.
    pub fn folder(&self) -> PathBuf {
        self.process().folder().to_owned()
    }

    /// Runs SQL in the database of this name through `psql`; answers its rows as `|`-separated lines.
    pub fn query(&self, database: &str, sql: &str) -> String {
        let psql = in_path("psql").unwrap_or_else(|| missing("PostgreSQL's client"));
        let output = Command::new(psql)
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres"])
            .args(["-p", &self.port.to_string(), "-d", database, "-c", sql])
            .output()
            .expect("psql can be run");
        assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("the cluster speaks UTF-8").trim_end().to_owned()
    }

    /// Everything in the database of this name as text, whatever its tables are.
    pub fn dump(&self, database: &str) -> String {
        let output = Command::new(self.programs.join("pg_dump"))
            .args(["-h", "127.0.0.1", "-U", "postgres", "-p", &self.port.to_string(), "-d", database])
            .output()
            .expect("pg_dump can be run");
        assert!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// SIGKILL to the server; its sessions end with it.
    pub fn kill(&self) {
        self.process().kill();
    }

    /// A fast shutdown: ends the sessions, writes everything, and waits for the end.
    pub fn stop(&self) {
        self.process().stop();
    }

    /// Starts it again on the same port with the same data; ends it first when it runs.
    pub fn restart(&self) {
        let mut process = self.process();
        process.stop();
        let came_back = wait_until(CHILDREN_GONE_WAIT_MAX, || {
            let mut command = server(&self.programs, &self.data, self.port, &self.settings);
            match process.start(&mut command, |_| takes_connections(&self.programs, self.port)) {
                Ok(()) => true,
                Err(error) if error.is_clash() => false,
                Err(_) => process.fail("did not come back", "see its log"),
            }
        });
        if !came_back {
            process.fail("did not come back", "its port or shared memory stays taken");
        }
    }

    fn process(&self) -> MutexGuard<'_, ServiceProcess> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server refuses to run as root: then everything of it runs as the user that its package made.
fn as_postgres(program: &Path) -> Command {
    if !running_as_root() {
        return Command::new(program);
    }
    // Not su or runuser: these stay between us and the server, and signals must reach the server.
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program).env("HOME", "/tmp");
    command
}

fn make_cluster(process: &ServiceProcess, programs: &Path, data: &Path) {
    if running_as_root() {
        let given = Command::new("chown").arg("postgres:").arg(process.folder()).status();
        assert!(given.is_ok_and(|status| status.success()), "the folder can be given to the user postgres");
    }
    let output = as_postgres(&programs.join("initdb"))
        .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"])
        .arg(data)
        .current_dir("/tmp")
        .output()
        .expect("initdb can be run");
    if !output.status.success() {
        process.fail("could not make its cluster", String::from_utf8_lossy(&output.stderr));
    }
}

fn server(programs: &Path, data: &Path, port: u16, settings: &[String]) -> Command {
    let mut command = as_postgres(&programs.join("postgres"));
    command.arg("-D").arg(data).args(["-p", &port.to_string()]).current_dir("/tmp");
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=200",
        "timezone=UTC",
        // Processes are killed here, never the machine: what the kernel took is safe.
        "fsync=off",
        "full_page_writes=off",
    ] {
        command.args(["-c", setting]);
    }
    for setting in settings {
        command.args(["-c", setting]);
    }
    command
}

fn takes_connections(programs: &Path, port: u16) -> bool {
    Command::new(programs.join("pg_isready"))
        .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
        .status()
        .is_ok_and(|status| status.success())
}
