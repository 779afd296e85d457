//! Every way out: what lies on the disk, what was logged, answered, sent and counted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use e2e::{Client, Organisation, System};

/// Where secrets of the system lie by design, readable by its user alone.
const KEPT_FOR_THE_USER: [&str; 2] = ["dev.env", "master.key"];

/// One way out, and what came out of it.
pub(crate) struct Exit {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// What must be in it, or it was not read at all.
    pub(crate) control: &'static [u8],
}

impl Exit {
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>, control: &'static [u8]) -> Exit {
        Exit { name: name.into(), bytes: bytes.into(), control }
    }
}

/// A record, or anything else with something hidden.
pub(crate) const HIDDEN: &[u8] = b"[REDACTED:";
const NOTHING: &[u8] = b"";

/// What every process has written to its folder and said.
pub(crate) fn of_processes(system: &System) -> Vec<Exit> {
    let mut exits = Vec::new();
    for process in system.processes() {
        let log = process.log_path();
        // Ours at trace, so that this test sees them all.
        exits.push(Exit::new(format!("what {} logged", log.display()), fs::read(&log).unwrap(), b"DEBUG"));
        for file in files_under(log.parent().unwrap()).into_iter().filter(|file| *file != log) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if !KEPT_FOR_THE_USER.contains(&name.as_str()) {
                exits.push(Exit::new(file.display().to_string(), fs::read(&file).unwrap_or_default(), NOTHING));
            }
        }
    }
    exits
}

/// The embedded log and store hold what was sent, hidden.
pub(crate) fn of_files(system: &System) -> Vec<Exit> {
    let both = ["log.", "store."].map(|name| {
        let data = system.data_dir();
        let files =
            files_under(&data).into_iter().filter(|file| file.file_name().unwrap().to_string_lossy().starts_with(name));
        let bytes: Vec<u8> = files.flat_map(|file| fs::read(file).unwrap_or_default()).collect();
        Exit::new(format!("{name}* with its write-ahead log"), bytes, HIDDEN)
    });
    both.into()
}

/// What the services keep: the log's topics, the store's tables, and every file of theirs.
pub(crate) fn of_services(system: &System) -> Vec<Exit> {
    let services = system.services();
    let mut exits = vec![
        Exit::new("the topic of records", services.kafka.records_at_rest("aibbar.events"), HIDDEN),
        Exit::new("the topic of dead letters", services.kafka.records_at_rest("aibbar.events.dlq"), HIDDEN),
        Exit::new("the tables of the store", services.postgres.dump(services.database_name()), HIDDEN),
    ];
    for (name, folder) in [
        ("Kafka", services.kafka.data_dir()),
        ("PostgreSQL", services.postgres.folder()),
        ("Redis", services.redis.folder()),
    ] {
        // Kafka makes its indexes of offsets and times many MiB long in advance: numbers alone, and mostly zeros.
        let is_index = |file: &PathBuf| file.extension().is_some_and(|end| end == "index" || end == "timeindex");
        let files: Vec<_> = files_under(&folder).into_iter().filter(|file| !is_index(file)).collect();
        assert!(!files.is_empty(), "{name} keeps nothing in {}", folder.display());
        exits.extend(files.into_iter().map(|file| {
            let bytes = fs::read(&file).unwrap_or_default();
            Exit::new(format!("{name}'s {}", file.display()), bytes, NOTHING)
        }));
    }
    exits
}

/// Metrics of every process.
pub(crate) async fn of_metrics(system: &System, client: &Client) -> Vec<Exit> {
    let mut exits = Vec::new();
    for url in system.metrics_urls() {
        exits.push(Exit::new(format!("metrics at {url}"), client.text_at(&url).await, b"# HELP gapin_"));
    }
    exits
}

/// What commands print.
pub(crate) fn of_commands(system: &System, organisation: &Organisation, records: usize) -> Vec<Exit> {
    let mut exits = Vec::new();
    let limit = records.to_string();
    let tail = ["tail", "--cursor", "earliest", "--limit", &limit];
    for (name, args) in [("gapin tail", tail.to_vec()), ("gapin tail --json", [&tail[..], &["--json"]].concat())] {
        let ran = system.run_as(organisation, &args, b"").succeeded();
        exits.push(Exit::new(name, ran.stdout, HIDDEN));
        exits.push(Exit::new(format!("what {name} says beside"), ran.stderr, NOTHING));
    }
    for format in ["ndjson", "csv"] {
        let ran = system.run_as(organisation, &["export", "--format", format, "--output", "-"], b"").succeeded();
        exits.push(Exit::new(format!("gapin export --format {format}"), ran.stdout, HIDDEN));
        exits.push(Exit::new(format!("what gapin export --format {format} says beside"), ran.stderr, NOTHING));
    }
    for args in [
        vec!["doctor"],
        vec!["doctor", "--json"],
        vec!["keys", "list", "--org", &organisation.name],
        vec!["signing-keys", "list", "--org", &organisation.name],
        vec!["orgs", "list"],
        vec!["keys", "list", "--org", "nobody"],
        vec!["gateway", "--help"],
        vec!["dev", "--help"],
    ] {
        let ran = system.run(&args);
        exits.push(Exit::new(format!("gapin {}", args.join(" ")), [ran.stdout, ran.stderr].concat(), NOTHING));
    }
    exits
}

/// The arguments of every process of GAPIN's, which everyone on the machine may read.
pub(crate) fn of_arguments() -> Vec<Exit> {
    let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let lines: Vec<u8> = processes
        .filter_map(|process| fs::read(process.join("cmdline")).ok())
        .filter(|line| line.split(|byte| *byte == 0).next().is_some_and(|program| program.ends_with(b"/gapin")))
        .flatten()
        .collect();
    vec![Exit::new("the arguments of processes", lines, b"/gapin")]
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}
