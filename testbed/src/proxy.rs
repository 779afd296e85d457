//! A TCP proxy that can be told to misbehave.
//!
//! Two threads per connection, one per direction. Each asks how to conduct itself before it hands on what it has read;
//! while it is to be silent, it waits with that in its hand, so nothing is lost when it is told to go on.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use crate::port::free_port;

const CHUNK_BYTES: usize = 16 * 1024;

/// How a proxy treats what passes through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// Hands everything on.
    Forward,
    /// Hands everything on, each piece after this long.
    Delay(Duration),
    /// Keeps its connections and takes new ones, and hands nothing on, until it is told otherwise.
    Silence,
    /// Hands requests on, and drops what comes back; such a connection is of no use any more, so it ends when this does.
    LoseAnswers,
    /// Closes what is open, and each new connection at once.
    Refuse,
}

/// One proxy on loopback. Aimed at nothing at first.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    target: AtomicU16,
    ended: AtomicBool,
    conduct: Mutex<Conduct>,
    changed: Condvar,
    answers_lost: AtomicU64,
    /// Both ends of every connection that was made; those that have ended are let go of when the next one comes.
    open: Mutex<Vec<Arc<Connection>>>,
}

struct Connection {
    client: TcpStream,
    server: TcpStream,
    has_ended: AtomicBool,
    has_lost_answers: AtomicBool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    ToServer,
    ToClient,
}

impl Proxy {
    /// Starts one that hands on to this port on 127.0.0.1.
    pub fn to(port: u16) -> Proxy {
        let proxy = Self::start();
        proxy.aim_at(port);
        proxy
    }

    /// Starts one that refuses everyone until it is aimed at something.
    pub fn start() -> Proxy {
        let (port, listener) = loop {
            let port = free_port();
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                break (port, listener);
            }
        };
        let shared = Arc::new(Shared {
            target: AtomicU16::new(0),
            ended: AtomicBool::new(false),
            conduct: Mutex::new(Conduct::Forward),
            changed: Condvar::new(),
            answers_lost: AtomicU64::new(0),
            open: Mutex::default(),
        });
        let of_listener = shared.clone();
        thread::spawn(move || of_listener.listen(&listener));
        Proxy { port, shared }
    }

    /// Where it listens, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Hands new connections on to this port on 127.0.0.1.
    pub fn aim_at(&self, port: u16) {
        self.shared.target.store(port, Ordering::Relaxed);
    }

    /// From now on it does so.
    pub fn conduct(&self, conduct: Conduct) {
        let before = std::mem::replace(&mut *self.shared.conduct(), conduct);
        if conduct == Conduct::Refuse {
            self.cut();
        }
        if before == Conduct::LoseAnswers {
            let open = self.shared.open();
            open.iter().filter(|one| one.has_lost_answers.load(Ordering::Relaxed)).for_each(|one| one.end());
        }
        self.shared.changed.notify_all();
    }

    /// How many pieces of answers it has dropped so far.
    pub fn answers_lost(&self) -> u64 {
        self.shared.answers_lost.load(Ordering::Relaxed)
    }

    /// Ends every connection, in whatever it is; new ones are taken as before.
    pub fn cut(&self) {
        self.shared.open().drain(..).for_each(|connection| connection.end());
        // Whoever looked before the end was told waits by now, and hears of it.
        drop(self.shared.conduct());
        self.shared.changed.notify_all();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        self.cut();
        // Wakes the listener, which then sees that it is over.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl Shared {
    fn listen(self: &Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming() {
            if self.ended.load(Ordering::Relaxed) {
                return;
            }
            let Ok(client) = client else { continue };
            if *self.conduct() == Conduct::Refuse {
                continue;
            }
            let target = self.target.load(Ordering::Relaxed);
            let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)) else { continue };
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let has_ended = AtomicBool::new(false);
            let has_lost_answers = AtomicBool::new(false);
            let connection = Arc::new(Connection { client, server, has_ended, has_lost_answers });
            {
                let mut open = self.open();
                open.retain(|one| !one.has_ended.load(Ordering::Relaxed));
                open.push(connection.clone());
            }
            for direction in [Direction::ToServer, Direction::ToClient] {
                let (shared, connection) = (self.clone(), connection.clone());
                thread::spawn(move || shared.carry(&connection, direction));
            }
        }
    }

    /// Hands on in one direction until either side has ended.
    fn carry(&self, connection: &Connection, direction: Direction) {
        let (mut from, mut to) = match direction {
            Direction::ToServer => (&connection.client, &connection.server),
            Direction::ToClient => (&connection.server, &connection.client),
        };
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let length = match from.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return connection.end(),
            };
            match self.permission(connection) {
                Conduct::LoseAnswers if direction == Direction::ToClient => {
                    connection.has_lost_answers.store(true, Ordering::Relaxed);
                    self.answers_lost.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                // That it takes its time is the fault itself.
                Conduct::Delay(by) => thread::sleep(by),
                _ => {}
            }
            if to.write_all(&chunk[..length]).is_err() {
                return connection.end();
            }
        }
        // The one who wrote has said all that it has to say; the other may still answer.
        if direction == Direction::ToClient || to.shutdown(Shutdown::Write).is_err() {
            connection.end();
        }
    }

    /// Waits while nothing may pass, and answers how to go on.
    fn permission(&self, connection: &Connection) -> Conduct {
        let silent =
            |conduct: &mut Conduct| *conduct == Conduct::Silence && !connection.has_ended.load(Ordering::Relaxed);
        *self.changed.wait_while(self.conduct(), silent).unwrap_or_else(PoisonError::into_inner)
    }

    fn conduct(&self) -> MutexGuard<'_, Conduct> {
        self.conduct.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    fn end(&self) {
        self.has_ended.store(true, Ordering::Relaxed);
        let _ = (self.client.shutdown(Shutdown::Both), self.server.shutdown(Shutdown::Both));
    }
}
