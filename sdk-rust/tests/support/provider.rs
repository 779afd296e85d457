//! A local server that speaks the APIs of OpenAI and Anthropic. What it does beside that, the model's name asks for:
//!
//! - `broken`: it refuses;
//! - `flaky`: it says 503 the first time;
//! - `held`: of a stream it sends three parts, and the rest when [`Provider::go_on`] is called;
//! - `cut`: of a stream it sends three parts, and breaks the connection;
//! - `failing`: of a stream it sends three parts, and says in it that it has failed;
//! - `silent`: it never answers.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
};

use super::provider_answers::{chat, chat_chunks, message, message_events, refusal, response, response_events};

/// Parts of a stream that come before it is held, cut or fails.
const PARTS_BEFORE: usize = 3;

/// The server.
pub struct Provider {
    pub url: String,
    state: Arc<State>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    requests: Mutex<Vec<Received>>,
    was_flaky: AtomicBool,
    go_on: Notify,
}

/// What came: the body to the byte.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub path: String,
    pub headers: Vec<String>,
    pub body: Vec<u8>,
}

impl Provider {
    pub fn start() -> Self {
        let state = Arc::new(State::default());
        let (told, port) = std::sync::mpsc::channel();
        let (end, ended) = oneshot::channel();
        let serving = Arc::clone(&state);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                told.send(listener.local_addr().unwrap().port()).unwrap();
                tokio::select! {
                    () = accept(listener, serving) => {}
                    _ = ended => {}
                }
            });
        });
        let url = format!("http://127.0.0.1:{}", port.recv().unwrap());
        Self { url, state, end: Some(end), thread: Some(thread) }
    }

    pub fn requests(&self) -> Vec<Received> {
        self.state.received().clone()
    }

    /// Lets one stream of the model `held` go on.
    pub fn go_on(&self) {
        self.state.go_on.notify_one();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl State {
    fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        tokio::spawn(serve(stream, Arc::clone(&state)));
    }
}

/// A caller that leaves in the middle is no fault of the server.
async fn serve(mut stream: TcpStream, state: Arc<State>) -> Option<()> {
    let mut input = Vec::new();
    loop {
        let received = read_request(&mut stream, &mut input).await?;
        state.received().push(received.clone());
        answer(&mut stream, &received, &state).await?;
    }
}

async fn read_request(stream: &mut TcpStream, input: &mut Vec<u8>) -> Option<Received> {
    let head_length = loop {
        match input.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => read_more(stream, input).await?,
        }
    };
    let head = String::from_utf8(input.drain(..head_length).collect()).ok()?;
    let mut lines = head.trim_end().split("\r\n").map(str::to_owned);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: Vec<String> = lines.collect();
    let length = headers.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.unwrap_or(0);
    while input.len() < length {
        read_more(stream, input).await?;
    }
    Some(Received { path, headers, body: input.drain(..length).collect() })
}

async fn read_more(stream: &mut TcpStream, input: &mut Vec<u8>) -> Option<()> {
    (stream.read_buf(input).await.ok()? > 0).then_some(())
}

async fn answer(stream: &mut TcpStream, received: &Received, state: &State) -> Option<()> {
    let body: Value = serde_json::from_slice(&received.body).ok()?;
    let path = received.path.split('?').next()?;
    let is_anthropic = path.ends_with("/messages");
    let model = body["model"].as_str()?;
    match model {
        "broken" => {
            let (status, body) = refusal(is_anthropic);
            return write_json(stream, status, &body).await;
        }
        "flaky" if !state.was_flaky.swap(true, Ordering::SeqCst) => {
            return write_json(stream, 503, &json!({"error": {"message": "Later.", "type": "server_error"}})).await;
        }
        "silent" => return std::future::pending().await,
        _ => {}
    }
    let is_streamed = body["stream"] == true;
    let (whole, parts) = match path {
        "/v1/chat/completions" if is_streamed => (Value::Null, chat_chunks(&body)),
        "/v1/chat/completions" => (chat(&body), Vec::new()),
        "/v1/responses" if is_streamed => (Value::Null, response_events(&body)),
        "/v1/responses" => (response(&body), Vec::new()),
        "/v1/messages" if is_streamed => (Value::Null, message_events(&body)),
        "/v1/messages" => (message(&body), Vec::new()),
        _ => return write_json(stream, 404, &json!({"error": {"message": path, "type": "not_found"}})).await,
    };
    if !is_streamed {
        return write_json(stream, 200, &whole).await;
    }
    write_stream(stream, model, parts, path.ends_with("/chat/completions"), state).await
}

async fn write_json(stream: &mut TcpStream, status: u16, body: &Value) -> Option<()> {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\nx-request-id: req_1\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.ok()
}

async fn write_stream(
    stream: &mut TcpStream,
    model: &str,
    parts: Vec<Value>,
    ends_with_done: bool,
    state: &State,
) -> Option<()> {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.ok()?;
    for (number, part) in parts.iter().enumerate() {
        if number == PARTS_BEFORE {
            match model {
                "held" => state.go_on.notified().await,
                "cut" => return None,
                "failing" => {
                    let error =
                        json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
                    write_chunk(stream, &format!("event: error\ndata: {error}\n\n")).await?;
                    return write_chunk(stream, "").await;
                }
                _ => {}
            }
        }
        let kind = part["type"].as_str().map(|kind| format!("event: {kind}\n")).unwrap_or_default();
        write_chunk(stream, &format!("{kind}data: {part}\n\n")).await?;
    }
    if ends_with_done {
        write_chunk(stream, "data: [DONE]\n\n").await?;
    }
    write_chunk(stream, "").await
}

/// The empty one is the last.
async fn write_chunk(stream: &mut TcpStream, text: &str) -> Option<()> {
    stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await.ok()
}
