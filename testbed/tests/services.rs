//! Each service starts, serves, dies by SIGKILL, and comes back with its data.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::Duration,
};

use testbed::{Kafka, OpenIdProvider, Postgres, Redis, Smtp};

#[test]
fn postgres_keeps_its_data_over_a_kill_and_a_stop() {
    let postgres = Postgres::start();
    let url = postgres.database();
    let name = url.rsplit('/').next().unwrap();
    postgres.query(name, "CREATE TABLE kept (n int)");
    postgres.query(name, "INSERT INTO kept VALUES (1)");

    postgres.kill();
    assert!(TcpStream::connect(("127.0.0.1", postgres.port())).is_err());
    postgres.restart();
    postgres.query(name, "INSERT INTO kept VALUES (2)");
    postgres.stop();
    postgres.restart();

    assert_eq!(postgres.query(name, "SELECT n FROM kept ORDER BY n"), "1\n2");
}

#[test]
fn every_database_is_fresh() {
    let postgres = testbed::postgres();
    assert_ne!(postgres.database(), postgres.database());
}

#[test]
fn the_openid_provider_comes_back_at_its_address_with_another_key() {
    let provider = OpenIdProvider::start();
    let before = get(&provider.url(), "/jwks");
    assert!(before.contains(r#""alg":"RS256""#), "{before}");

    provider.kill();
    assert!(TcpStream::connect(provider.url().trim_start_matches("http://")).is_err());
    provider.restart();

    assert_ne!(get(&provider.url(), "/jwks"), before);
}

/// The body of an answer to a plain GET.
fn get(url: &str, path: &str) -> String {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn redis_keeps_its_data_over_a_stop_and_answers_after_a_kill() {
    let redis = Redis::start();
    assert_eq!(ask_redis(&redis, "SET kept 1"), "+OK\r\n");
    redis.stop();
    redis.restart();
    assert_eq!(ask_redis(&redis, "GET kept"), "$1\r\n1\r\n");
    redis.kill();
    assert!(TcpStream::connect(("127.0.0.1", redis.port())).is_err());
    redis.restart();
    assert_eq!(ask_redis(&redis, "PING"), "+PONG\r\n");
}

#[test]
fn kafka_keeps_its_topics_over_a_kill_and_a_stop() {
    const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
    let kafka = Kafka::start();
    kafka.tool(TOPICS, &["--create", "--topic", "kept", "--partitions", "2"]);

    kafka.kill();
    assert!(TcpStream::connect(("127.0.0.1", kafka.port())).is_err());
    kafka.restart();
    assert!(kafka.tool(TOPICS, &["--list"]).lines().any(|topic| topic == "kept"));
    assert!(kafka.data_dir().join("kept-0").is_dir());

    kafka.stop();
    kafka.restart();
    assert!(kafka.tool(TOPICS, &["--list"]).lines().any(|topic| topic == "kept"));
}

fn ask_redis(redis: &Redis, command: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", redis.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.strip_suffix("+OK\r\n").unwrap_or(&answer).to_owned()
}

#[test]
fn services_end_with_a_killed_test_process() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_testbed"))
        .args(["postgres", "redis"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let ports: Vec<u16> = lines.take(2).map(|line| port_in(&line)).collect();
    let up = |port: &u16| TcpStream::connect(("127.0.0.1", *port)).is_ok();
    assert_eq!(ports.iter().filter(|port| up(port)).count(), 2);

    process.kill().unwrap();
    process.wait().unwrap();

    assert!(testbed::wait_until(Duration::from_secs(60), || !ports.iter().any(up)), "{ports:?} still answer");
}

/// Of `NAME=scheme://user@host:port/path`.
fn port_in(line: &str) -> u16 {
    let after_host = line.rsplit(':').next().unwrap();
    after_host.split('/').next().unwrap().parse().unwrap()
}

#[test]
fn the_mail_server_keeps_what_it_is_sent_and_refuses_what_it_is_to_refuse() {
    let smtp = Smtp::start();
    let mut stream = TcpStream::connect(("127.0.0.1", smtp.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap()).lines().map(|line| line.unwrap());
    assert!(answers.next().unwrap().starts_with("220 "));
    let mut say = |line: &str, expected: &str| {
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        let answer = answers.next().unwrap();
        assert!(answer.starts_with(expected), "{line}: {answer}");
    };
    say("HELO test", "250");
    say("MAIL FROM:<from@example.com>", "250");
    say("RCPT TO:<refused@example.com>", "550");
    say("RCPT TO:<later@example.com>", "451");
    say("RCPT TO:<later@example.com>", "250");
    say("DATA", "354");
    say("Subject: Hello\r\n\r\nIt is kept.\r\n.", "250");
    let letters = smtp.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    for part in ["later@example.com", "\"subject\": \"Hello\"", "It is kept."] {
        assert!(letters[0].contains(part), "{part}: {}", letters[0]);
    }

    let guarded = Smtp::start_for("gapin", "letters");
    let stream = TcpStream::connect(("127.0.0.1", guarded.port())).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let mut answers = BufReader::new(stream).lines().map(|line| line.unwrap());
    assert!(answers.next().unwrap().starts_with("220 "));
    for (line, expected) in [("HELO test", "250"), ("MAIL FROM:<from@example.com>", "530")] {
        writer.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        let answer = answers.next().unwrap();
        assert!(answer.starts_with(expected), "{line}: {answer}");
    }
}
