//! What breaks things does break them, and heals them.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::mpsc,
    thread,
    time::{Duration, SystemTime},
};

use testbed::{Clock, Conduct, Proxy, SmallDisk};

/// A server that answers every piece with itself; where it listens, and what it has read.
fn echo() -> (u16, mpsc::Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, read) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, told) = (stream.unwrap(), told.clone());
            thread::spawn(move || {
                let mut piece = [0; 64];
                while let Ok(length @ 1..) = stream.read(&mut piece) {
                    let _ = told.send(piece[..length].to_vec());
                    let _ = stream.write_all(&piece[..length]);
                }
            });
        }
    });
    (port, read)
}

fn connect(proxy: &Proxy) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// What comes back for this; empty when the connection ends.
fn ask(mut stream: &TcpStream, what: &[u8]) -> Vec<u8> {
    let mut answer = vec![0; what.len()];
    match stream.write_all(what).and_then(|()| stream.read_exact(&mut answer)) {
        Ok(()) => answer,
        Err(_) => Vec::new(),
    }
}

#[test]
fn a_proxy_hands_on_slows_down_and_cuts() {
    let (port, _read) = echo();
    let proxy = Proxy::to(port);
    let stream = connect(&proxy);
    assert_eq!(ask(&stream, b"one"), b"one");
    proxy.conduct(Conduct::Delay(Duration::from_millis(1)));
    assert_eq!(ask(&stream, b"two"), b"two");
    proxy.cut();
    assert_eq!(ask(&stream, b"three"), b"");
    let again = connect(&proxy);
    assert_eq!(ask(&again, b"four"), b"four");
    proxy.conduct(Conduct::Refuse);
    assert_eq!(ask(&again, b"five"), b"");
    assert_eq!(ask(&connect(&proxy), b"six"), b"");
    proxy.conduct(Conduct::Forward);
    assert_eq!(ask(&connect(&proxy), b"seven"), b"seven");
}

#[test]
fn what_a_silent_proxy_was_given_arrives_when_it_may_speak() {
    let (port, read) = echo();
    let proxy = Proxy::to(port);
    proxy.conduct(Conduct::Silence);
    let stream = connect(&proxy);
    (&stream).write_all(b"held").unwrap();
    assert!(read.try_recv().is_err());
    proxy.conduct(Conduct::Forward);
    let mut answer = [0; 4];
    (&stream).read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"held");
}

#[test]
fn a_request_whose_answer_is_lost_has_arrived() {
    let (port, read) = echo();
    let proxy = Proxy::to(port);
    proxy.conduct(Conduct::LoseAnswers);
    let stream = connect(&proxy);
    (&stream).write_all(b"request").unwrap();
    assert_eq!(read.recv().unwrap(), b"request");
    assert!(testbed::wait_until(Duration::from_secs(60), || proxy.answers_lost() == 1));
    proxy.conduct(Conduct::Forward);
    assert_eq!(ask(&stream, b"more"), b"", "such a connection is of no use any more");
}

#[test]
fn a_small_disk_is_full_and_has_room_again_and_only_its_programs_see_it() {
    let disk = SmallDisk::mount(1024 * 1024);
    let write = || fs::write(disk.from_outside().join("file"), [1]);
    disk.fill();
    assert_eq!(write().unwrap_err().kind(), ErrorKind::StorageFull);
    disk.make_room();
    write().unwrap();

    let prefix = disk.prefix();
    let seen = Command::new(&prefix[0]).args(&prefix[1..]).arg("ls").arg(disk.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&seen.stdout), "file\n");
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
}

#[test]
fn a_clock_is_set_back_and_right_again() {
    const BACK: Duration = Duration::from_secs(3600);
    let clock = Clock::start();
    let prefix = clock.prefix();
    let is_behind = || {
        let date = Command::new(&prefix[0]).args(&prefix[1..]).args(["date", "+%s"]).output().unwrap();
        let shown: u64 = String::from_utf8_lossy(&date.stdout).trim().parse().unwrap();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        now - shown >= BACK.as_secs()
    };
    assert!(!is_behind());
    clock.set_back(BACK);
    assert!(is_behind());
    clock.set_right();
    assert!(!is_behind());
}
