//! The least of HTTP/1.1, by hand, so that no test depends on what it tests.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

const ANSWER_WAIT_MAX: Duration = Duration::from_secs(60);

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Its first line, without the line's end.
    pub first: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Of an answer.
    pub fn status(&self) -> u16 {
        self.first.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut head = format!("{}\r\n", self.first);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        to.write_all(head.as_bytes())?;
        to.write_all(&self.body)?;
        to.flush()
    }

    /// The next one of a connection; `None` where it ends.
    pub fn read(from: &mut impl BufRead) -> io::Result<Option<Message>> {
        let mut message = Message { first: line(from)?, ..Message::default() };
        if message.first.is_empty() {
            return Ok(None);
        }
        loop {
            let line = line(from)?;
            match line.split_once(':') {
                Some((name, value)) => message.headers.push((name.to_owned(), value.trim().to_owned())),
                None => break,
            }
        }
        if message.header("transfer-encoding").is_some_and(|encoding| encoding.contains("chunked")) {
            loop {
                let bytes = usize::from_str_radix(line(from)?.trim(), 16).map_err(io::Error::other)?;
                let at = message.body.len();
                message.body.resize(at + bytes, 0);
                from.read_exact(&mut message.body[at..])?;
                line(from)?;
                if bytes == 0 {
                    break;
                }
            }
        } else if let Some(bytes) = message.header("content-length") {
            message.body = vec![0; bytes.parse().map_err(io::Error::other)?];
            from.read_exact(&mut message.body)?;
        }
        message.headers.retain(|(name, _)| {
            !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("transfer-encoding")
        });
        Ok(Some(message))
    }
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    from.take(64 * 1024).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// One request on a connection of its own.
pub fn exchange(port: u16, mut request: Message) -> io::Result<Message> {
    let mut connection = TcpStream::connect(("127.0.0.1", port))?;
    connection.set_read_timeout(Some(ANSWER_WAIT_MAX))?;
    request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host") && !name.eq_ignore_ascii_case("connection"));
    request.headers.push(("host".to_owned(), format!("127.0.0.1:{port}")));
    request.headers.push(("connection".to_owned(), "close".to_owned()));
    request.write(&mut connection)?;
    Message::read(&mut BufReader::new(connection))?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// A GET with a key.
pub fn get(port: u16, path: &str, api_key: &str) -> io::Result<Message> {
    let headers = vec![("authorization".to_owned(), format!("Bearer {api_key}"))];
    exchange(port, Message { first: format!("GET {path} HTTP/1.1"), headers, body: Vec::new() })
}

/// A server that says the same to every request, and is no gateway: its address, good until the tests end.
pub fn always(answer: Message) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || -> io::Result<()> {
                let mut reader = BufReader::new(client.try_clone()?);
                while Message::read(&mut reader)?.is_some() {
                    answer.write(&mut &client)?;
                }
                Ok(())
            });
        }
    });
    url
}
