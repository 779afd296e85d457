//! What `gapin export` makes of gateways, readers and signals that leave it half-way. The gateways are a few bytes of HTTP.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use e2e::eventually;

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";

/// Answers each connection in turn with one of these, as soon as it has asked; its address.
fn gateway(answers: Vec<fn(TcpStream)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let (mut client, _) = listener.accept().unwrap();
            let _ = client.read(&mut [0; 4096]).unwrap();
            answer(client);
        }
    });
    url
}

/// Three bytes of an export, and then no end.
fn breaks_off(mut client: TcpStream) {
    client.write_all(format!("{HEAD}3\r\n{{}}\n\r\n").as_bytes()).unwrap();
}

/// Three bytes of an export, and then nothing until the client goes.
fn stalls(mut client: TcpStream) {
    client.write_all(format!("{HEAD}3\r\n{{}}\n\r\n").as_bytes()).unwrap();
    let _ = client.read_to_end(&mut Vec::new());
}

/// As much of an export as the client takes.
fn goes_on(mut client: TcpStream) {
    client.write_all(HEAD.as_bytes()).unwrap();
    while client.write_all(b"3\r\n{}\n\r\n").is_ok() {}
}

fn refuses(mut client: TcpStream) {
    let body = r#"{"code":"unauthorized","detail":"The API key was revoked."}"#;
    let length = body.len();
    client
        .write_all(format!("HTTP/1.1 401 Unauthorized\r\ncontent-length: {length}\r\n\r\n{body}").as_bytes())
        .unwrap();
}

fn export(url: &str, data_dir: &Path, output: &str) -> Command {
    let mut command = Command::new(e2e::gapin_path());
    command
        .args(["export", "--data-dir", &data_dir.display().to_string(), "-o", output])
        .env("GAPIN_URL", url)
        .env("GAPIN_API_KEY", "sk_of_nobody")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn ended_with(code: i32, ended: Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(code), "{said}");
    assert!(words.iter().all(|words| said.contains(words)), "{words:?} in {said}");
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn a_broken_export_leaves_the_file_that_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.ndjson");
    fs::write(&path, "before").unwrap();
    let output = path.display().to_string();

    let broken = export(&gateway(vec![breaks_off]), folder.path(), &output).output().unwrap();
    ended_with(4, broken, &["not whole"]);
    // The connection does not tell why; the next question does.
    let revoked = export(&gateway(vec![breaks_off, refuses]), folder.path(), &output).output().unwrap();
    ended_with(1, revoked, &["not whole", "401", "The API key was revoked."]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half is left");
}

#[tokio::test]
async fn an_export_that_is_stopped_leaves_nothing_and_one_that_is_killed_is_no_hindrance() {
    let folder = tempfile::tempdir().unwrap();
    let (output, unfinished) = (folder.path().join("events.ndjson"), folder.path().join(".events.ndjson.part"));
    let output = output.display().to_string();
    let begun = async || (fs::read(&unfinished).is_ok_and(|bytes| bytes == b"{}\n")).then_some(());

    let mut killed = export(&gateway(vec![stalls]), folder.path(), &output).spawn().unwrap();
    eventually("something is written", begun).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(unfinished.exists(), "nobody could take it away");
    fs::write(&unfinished, "left behind").unwrap();

    for name in ["TERM", "INT", "HUP"] {
        let stopped = export(&gateway(vec![stalls]), folder.path(), &output).spawn().unwrap();
        eventually("something is written", begun).await;
        // As long as it is at work, another one to the same file is refused.
        let other = export(&gateway(vec![stalls]), folder.path(), &output).output().unwrap();
        ended_with(1, other, &["at work"]);
        signal(&stopped, name);
        ended_with(1, stopped.wait_with_output().unwrap(), &["interrupted"]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something is left after {name}");
    }
}

#[tokio::test]
async fn a_reader_that_stops_reading_makes_it_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = export(&gateway(vec![goes_on]), folder.path(), "-").spawn().unwrap();
    let mut first = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    assert_eq!(first, "{}\n");
    drop(reader);
    ended_with(1, child.wait_with_output().unwrap(), &["closed before the export was whole"]);
}
