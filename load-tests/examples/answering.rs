//! A server that only answers: it reads what a recorder sends, and says that every event of it is kept, which none is.
//!
//! What an SDK brings to it a second is the SDK's own limit, and not the gateway's, which takes more of the processor than
//! any SDK does. It prints its address, and ends when its input does. Bodies are not compressed.
#![allow(clippy::print_stdout, reason = "its address is what it is asked for")]

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process, thread,
};

use memchr::memmem::Finder;

/// As much as the gateway takes.
const BODY_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Stands once in every event, where none of its texts says the same.
const ONCE_IN_EACH: &str = "\"signature\":\"";

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    loop {
        let (stream, _) = listener.accept()?;
        thread::spawn(move || answer_all(&stream));
    }
}

/// Until the sender hangs up.
fn answer_all(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::with_capacity(256 * 1024, stream), stream);
    let (finder, mut body, mut answer) = (Finder::new(ONCE_IN_EACH), Vec::new(), Vec::new());
    while let Some(length) = body_length(&mut reader)? {
        if length > BODY_BYTES_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        write_answer(&mut answer, finder.find_iter(&body).count());
        let head = "HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length";
        write!(writer, "{head}: {}\r\n\r\n", answer.len())?;
        writer.write_all(&answer)?;
    }
    Ok(())
}

/// Reads a head; `None` where the connection ended before one.
fn body_length(reader: &mut impl BufRead) -> io::Result<Option<usize>> {
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?;
            }
            Some((name, _)) if name.eq_ignore_ascii_case("content-encoding") => {
                return Err(io::Error::other("it does not expand what is compressed"));
            }
            None if line.trim_end().is_empty() => return Ok(Some(length)),
            _ => {}
        }
    }
}

fn write_answer(answer: &mut Vec<u8>, events: usize) {
    answer.clear();
    answer.extend_from_slice(format!("{{\"accepted\":{events},\"rejected\":0,\"results\":[").as_bytes());
    for index in 0..events {
        let comma = if index == 0 { "" } else { "," };
        let result = format!("{comma}{{\"index\":{index},\"event_id\":\"\",\"status\":\"accepted\"}}");
        answer.extend_from_slice(result.as_bytes());
    }
    answer.extend_from_slice(b"]}");
}
