//! A real browser's `WebSocket` and `EventSource`, over a line that is cut.

use e2e::{Chromium, Page, event};
use serde_json::{Value, json};
use testbed::Proxy;

use crate::Rig;

/// Watches by tickets: each connection with a new one, behind the last cursor.
const BY_WEBSOCKET: &str = r#"
window.seen = []; window.opened = 0; window.cursor = null;
async function watch() {
  try {
    const made = await fetch('/api/v1/stream-tickets', { method: 'POST', headers: { Authorization: 'Bearer ' + KEY } });
    const { ticket } = await made.json();
    const at = cursor ? '&cursor=' + cursor : '';
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws/events?token=' + ticket + at);
    socket.onmessage = (message) => {
      const frame = JSON.parse(message.data);
      if (frame.type === 'hello') opened++;
      if (frame.type === 'event') seen.push(frame.event.response.output);
      if (frame.type !== 'event' && frame.type !== 'hello') seen.push(message.data);
      cursor = frame.cursor;
    };
    socket.onclose = () => setTimeout(watch, 50);
  } catch (error) { setTimeout(watch, 50); }
}
watch();
true
"#;

/// Watches by the session's cookie: the browser connects again by itself.
const BY_EVENT_SOURCE: &str = r#"
window.seen = []; window.opened = 0;
window.source = new EventSource('/sse/events');
source.addEventListener('hello', () => { opened++; });
source.addEventListener('event', (event) => { seen.push(JSON.parse(event.data).event.response.output); });
for (const other of ['gap', 'expired', 'bye']) source.addEventListener(other, (event) => { seen.push(event.data); });
true
"#;

pub(crate) async fn a_browser_goes_on_after_a_cut_without_loss(rig: &Rig) {
    const CUTS: usize = 3;
    const EVENTS: usize = 10;
    let organisation = rig.organisation();
    let client = rig.client(&organisation);
    let proxy = Proxy::to(rig.url.rsplit(':').next().unwrap().parse().unwrap());
    let browser = tokio::task::spawn_blocking(Chromium::start).await.unwrap();
    let address = format!("http://127.0.0.1:{}/health", proxy.port());
    let mut page = Page::open(&browser, &address).await;
    page.run(&format!("window.KEY = {}; {BY_WEBSOCKET}", json!(organisation.api_key))).await;
    let mut other_page = Page::open(&browser, &address).await;
    sign_in(rig, &organisation.name, &mut other_page).await;
    other_page.run(BY_EVENT_SOURCE).await;
    for page in [&mut page, &mut other_page] {
        page.until("opened === 1").await;
    }

    let mut sent = Vec::new();
    for cut in 0..=CUTS {
        for number in 0..EVENTS {
            let text = format!("{cut}: {number}");
            client.publish(&event().saying(text.as_str()).signed_by(&organisation)).await.expect(202);
            sent.push(text);
            // In the middle of what comes, so that some of it is under way.
            if number == EVENTS / 2 && cut < CUTS {
                proxy.cut();
            }
        }
        for page in [&mut page, &mut other_page] {
            page.until(&format!("new Set(seen).size >= {}", sent.len())).await;
        }
    }
    for page in [&mut page, &mut other_page] {
        let opened = page.run("opened").await;
        assert!(opened.as_u64().unwrap() > CUTS as u64, "it was cut off and came back: {opened} connections");
        let mut seen: Vec<Value> = page.run("seen").await.as_array().unwrap().clone();
        // Behind its cursor a client may see again what it saw; never less, and in order.
        seen.dedup();
        assert_eq!(seen, sent);
    }
}

/// With a password, on our own page: the answer sets the cookies.
async fn sign_in(rig: &Rig, organisation: &str, page: &mut Page) {
    let email = format!("browser-{organisation}@example.com");
    let create = ["users", "create", "--email", &email, "--org", organisation, "--role", "viewer", "--json"];
    let made = rig.run(&create).succeeded().json();
    let credentials = json!({ "email": email, "password": made["one_time_password"] }).to_string();
    let script = format!(
        "fetch('/auth/login', {{ method: 'POST', headers: {{ 'Content-Type': 'application/json' }}, \
         body: {} }}).then((answer) => answer.status)",
        json!(credentials)
    );
    assert_eq!(page.run(&script).await, 200);
}
