//! A small server in front of the real gateway that does to requests what networks and busy servers do.
//!
//! It keeps what came, and answers by script: each request with events takes the next fault of the list, and goes through
//! to the gateway when there is none. Streams do not go through here: see [`super::Relay`].

use std::{
    collections::VecDeque,
    io::{BufReader, Read},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

use serde_json::{Value, json};

use super::{
    WAIT_MAX,
    raw::{self, Message},
};

/// One request with events.
#[derive(Clone)]
pub struct Arrived {
    pub events: Vec<Value>,
    /// As it was before compression.
    pub body_bytes: usize,
    pub encoding: Option<String>,
    pub at: std::time::Instant,
}

/// One request, and the way to the gateway.
pub struct Exchange<'a> {
    pub arrived: &'a Arrived,
    request: &'a Message,
    gateway_port: u16,
}

impl Exchange<'_> {
    /// Lets it through, and tells the gateway's answer.
    pub fn forward(&self) -> Message {
        forward(self.gateway_port, self.request)
    }
}

/// Answers in the gateway's place; `None` cuts the connection.
pub type Fault = Arc<dyn Fn(&Exchange<'_>) -> Option<Message> + Send + Sync>;

/// A problem, as the gateway words it.
pub fn refuse(status: u16, code: &str, headers: &[(&str, &str)]) -> Fault {
    let answer = problem(status, code, headers);
    Arc::new(move |_| Some(answer.clone()))
}

fn problem(status: u16, code: &str, headers: &[(&str, &str)]) -> Message {
    let body = json!({"status": status, "code": code, "title": code, "request_id": "r-1"});
    let headers = [("content-type", "application/problem+json")].iter().chain(headers);
    Message {
        first: format!("HTTP/1.1 {status} Told"),
        headers: headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.to_string().into_bytes(),
    }
}

/// Nothing arrives.
pub fn cut() -> Fault {
    Arc::new(|_| None)
}

/// The gateway keeps it, and its answer is lost.
pub fn answer_lost() -> Fault {
    Arc::new(|exchange| {
        assert_eq!(exchange.forward().status(), 202);
        None
    })
}

/// What holds requests until it is opened.
#[derive(Default)]
pub struct Gate {
    is_open: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    pub fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.changed.notify_all();
    }

    pub fn wait(&self) {
        let closed = |is_open: &mut bool| !*is_open;
        let (_guard, waited) = self.changed.wait_timeout_while(self.is_open.lock().unwrap(), WAIT_MAX, closed).unwrap();
        assert!(!waited.timed_out(), "nobody opened the gate");
    }
}

/// Goes through, later.
pub fn held_until(gate: &Arc<Gate>) -> Fault {
    let gate = Arc::clone(gate);
    Arc::new(move |exchange| {
        gate.wait();
        Some(exchange.forward())
    })
}

/// Goes through, and of the results `change` makes others: what it says is answered.
pub fn results_changed(change: impl Fn(usize, &Value) -> Value + Send + Sync + 'static) -> Fault {
    Arc::new(move |exchange| {
        let mut answer = exchange.forward();
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
        let results: Vec<Value> =
            body["results"].as_array().unwrap().iter().enumerate().map(|(at, result)| change(at, result)).collect();
        body["rejected"] = results.iter().filter(|result| result["status"] == "rejected").count().into();
        body["results"] = results.into();
        answer.first = "HTTP/1.1 207 Multi-Status".to_owned();
        answer.body = body.to_string().into_bytes();
        Some(answer)
    })
}

#[derive(Default)]
struct Script {
    faults: VecDeque<Fault>,
    always: Option<Fault>,
    date: Option<Box<dyn Fn() -> String + Send>>,
    arrived: Vec<Arrived>,
}

/// The server.
pub struct FaultyGateway {
    pub url: String,
    port: u16,
    script: Arc<Mutex<Script>>,
    is_over: Arc<std::sync::atomic::AtomicBool>,
}

impl FaultyGateway {
    pub fn new(gateway_port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::<Mutex<Script>>::default();
        let is_over = Arc::<std::sync::atomic::AtomicBool>::default();
        let (shared, ended) = (Arc::clone(&script), Arc::clone(&is_over));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if ended.load(std::sync::atomic::Ordering::SeqCst) {
                    return;
                }
                let script = Arc::clone(&shared);
                thread::spawn(move || {
                    let _ = serve(&client, gateway_port, &script);
                    let _ = client.shutdown(Shutdown::Both);
                });
            }
        });
        Self { url: format!("http://127.0.0.1:{port}"), port, script, is_over }
    }

    /// What the next requests get, one each.
    pub fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.script.lock().unwrap().faults = faults.into_iter().collect();
    }

    /// What requests get when there is no fault left for them; `None`: they go through.
    pub fn always(&self, fault: Option<Fault>) {
        self.script.lock().unwrap().always = fault;
    }

    /// What answers say the time is.
    pub fn date(&self, date: impl Fn() -> String + Send + 'static) {
        self.script.lock().unwrap().date = Some(Box::new(date));
    }

    /// The faults that no request has taken yet.
    pub fn faults_left(&self) -> usize {
        self.script.lock().unwrap().faults.len()
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.script.lock().unwrap().arrived.clone()
    }

    /// All that came, again and again included.
    pub fn events(&self) -> Vec<Value> {
        self.arrived().into_iter().flat_map(|arrived| arrived.events).collect()
    }
}

impl Drop for FaultyGateway {
    fn drop(&mut self) {
        self.is_over.store(true, std::sync::atomic::Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port)); // wakes it
    }
}

fn serve(client: &TcpStream, gateway_port: u16, script: &Mutex<Script>) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut writer = client.try_clone()?;
    while let Some(request) = Message::read(&mut reader)? {
        let answer = if request.first.starts_with("POST /aibbar/events ") {
            let arrived = arrived(&request);
            let fault = {
                let mut script = script.lock().unwrap();
                script.arrived.push(arrived.clone());
                script.faults.pop_front().or_else(|| script.always.clone())
            };
            let exchange = Exchange { arrived: &arrived, request: &request, gateway_port };
            fault.map_or_else(|| Some(exchange.forward()), |fault| fault(&exchange))
        } else {
            Some(forward(gateway_port, &request))
        };
        let Some(mut answer) = answer else { return Ok(()) };
        let dated = |name: &str| name.eq_ignore_ascii_case("date");
        if let Some(date) = &script.lock().unwrap().date {
            answer.headers.retain(|(name, _)| !dated(name));
            answer.headers.push(("date".to_owned(), date()));
        } else if !answer.headers.iter().any(|(name, _)| dated(name)) {
            let now = httpdate::fmt_http_date(std::time::SystemTime::now());
            answer.headers.push(("date".to_owned(), now));
        }
        answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("connection"));
        answer.write(&mut writer)?;
    }
    Ok(())
}

/// A gateway that is away is a bad gateway, as proxies say it.
fn forward(gateway_port: u16, request: &Message) -> Message {
    raw::exchange(gateway_port, request.clone()).unwrap_or_else(|_| problem(502, "bad_gateway", &[]))
}

fn arrived(request: &Message) -> Arrived {
    let encoding = request.header("content-encoding").map(str::to_owned);
    let mut text = request.body.clone();
    if encoding.as_deref() == Some("gzip") {
        text.clear();
        flate2::read::GzDecoder::new(&request.body[..]).read_to_end(&mut text).unwrap();
    } else if encoding.as_deref() == Some("zstd") {
        text = zstd::stream::decode_all(&request.body[..]).unwrap();
    }
    // Many as lines, or as an array; one as an object.
    let values: Vec<Value> = serde_json::Deserializer::from_slice(&text).into_iter().map(Result::unwrap).collect();
    let events = values.into_iter().flat_map(|value| match value {
        Value::Array(events) => events,
        event => vec![event],
    });
    Arrived { events: events.collect(), body_bytes: text.len(), encoding, at: std::time::Instant::now() }
}
