//! The trace of an event: from the client's span through gateway, log and consumer, into a collector.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use e2e::{Client, Organisation, Shape, Surroundings, System, Traced, event, eventually, spans_in};
use serde_json::json;
use testbed::Collector;

/// Nothing like it may ever come out of a process in a trace.
const SAID: &str = "tell-nobody-of-the-heron@example.org";

/// What the collector knows its senders by.
const TOKEN: &str = "token-of-the-collector-3f9a";

#[tokio::test(flavor = "multi_thread")]
async fn embedded() {
    of(Shape::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_scale() {
    of(Shape::AtScale).await;
}

/// All on one system: to start one takes longer than all that is asked of it.
async fn of(shape: Shape) {
    let mut rig = Rig::start(shape);
    if shape == Shape::AtScale {
        a_batch_of_several_requests_follows_from_each(&mut rig).await;
    }
    an_event_is_traced_from_its_client_to_the_store(&rig).await;
    messages_are_traced_into_the_log_and_keep_their_headers(&rig).await;
    what_nobody_keeps_is_not_told_of(&rig).await;
    lines_of_a_request_tell_its_trace(&rig).await;
    nothing_that_was_said_and_no_secret_came_to_the_collector(&rig);
    a_collector_that_is_away_costs_no_event(&mut rig).await;
}

/// A system whose traces go to a collector.
struct Rig {
    collector: Collector,
    system: System,
    organisation: Organisation,
    client: Client,
}

/// A span of the client's, which a request follows from.
struct ClientSpan {
    trace_id: String,
    span_id: &'static str,
}

/// One request with events, step by step.
struct Whole {
    request: Traced,
    check: Traced,
    append: Traced,
    batch: Traced,
    store: Traced,
}

impl Rig {
    /// With no consumer at scale.
    fn start(shape: Shape) -> Rig {
        let collector = Collector::start();
        let compression = match shape {
            Shape::Embedded => "none",
            Shape::AtScale => "gzip",
        };
        let settings = [
            ("OTEL_EXPORTER_OTLP_COMPRESSION", compression.to_owned()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
            ("OTEL_EXPORTER_OTLP_HEADERS", format!("authorization=Bearer%20{TOKEN}")),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "5000".to_owned()),
            ("GAPIN_LOG", "info,gateway=debug".to_owned()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let system = System::start_in(shape, Surroundings { settings, ..Surroundings::default() });
        let organisation = system.organisation();
        let client = system.client(&organisation);
        Rig { collector, system, organisation, client }
    }

    /// Sends one event in this trace.
    async fn publish(&self, span: &ClientSpan, flags: &str) {
        span.sends(&self.client, flags).publish(&event().signed_by(&self.organisation)).await.expect(202);
    }

    /// What the processes are called in traces: the one that answers, and the one that stores.
    fn services(&self) -> (&'static str, &'static str) {
        match self.system.shape {
            Shape::Embedded => ("gapin-dev", "gapin-dev"),
            Shape::AtScale => ("gapin-gateway", "gapin-consumer"),
        }
    }

    fn spans(&self) -> Vec<Traced> {
        spans_in(&self.collector.took())
    }

    fn spans_of(&self, trace_id: &str) -> Vec<Traced> {
        self.spans().into_iter().filter(|span| span.trace_id == trace_id).collect()
    }

    /// The spans of a trace, once it is stored and told of.
    async fn whole(&self, client: &ClientSpan) -> Whole {
        eventually("the trace is whole", async || {
            let spans = self.spans();
            let named = |name: &'static str| spans.iter().filter(move |span| span.name == name);
            let in_trace = |name| named(name).find(|span| span.trace_id == client.trace_id).cloned();
            let append = in_trace("send aibbar.events")?;
            let batch = named("process aibbar.events").find(|batch| batch.follows(&append))?.clone();
            Some(Whole {
                request: in_trace("POST /aibbar/events")?,
                check: in_trace("check")?,
                store: named("store").find(|span| span.parent_id == batch.span_id)?.clone(),
                append,
                batch,
            })
        })
        .await
    }

    /// How many spans the answering process counts so, once they are at least so many.
    async fn counted(&self, outcome: &str, at_least: u64) -> u64 {
        let url = self.system.metrics_urls().next().unwrap();
        let name = format!("gapin_trace_spans_total{{outcome=\"{outcome}\"}} ");
        eventually("spans are counted", async || {
            let metrics = self.client.text_at(&url).await;
            let count = metrics.lines().find_map(|line| line.strip_prefix(&name)).unwrap();
            count.parse().ok().filter(|count| *count >= at_least)
        })
        .await
    }
}

impl ClientSpan {
    fn of(number: u8) -> ClientSpan {
        ClientSpan { trace_id: format!("4bf92f3577b34da6a3ce929d0e0e47{number:02x}"), span_id: "00f067aa0ba902b7" }
    }

    fn sends(&self, client: &Client, flags: &str) -> Client {
        client.with_header("traceparent", &format!("00-{}-{}-{flags}", self.trace_id, self.span_id))
    }
}

/// They lie in the log before anybody reads them, and come in one batch or in several.
async fn a_batch_of_several_requests_follows_from_each(rig: &mut Rig) {
    let client_spans: Vec<_> = (1..=3).map(ClientSpan::of).collect();
    for span in &client_spans {
        rig.publish(span, "01").await;
    }
    rig.system.add_consumer();
    eventually("batches follow from all of them", async || {
        let spans = rig.spans();
        let named = |name: &'static str| spans.iter().filter(move |span| span.name == name);
        let appends: BTreeSet<_> = named("send aibbar.events").map(|span| &span.span_id).collect();
        let mut followed = BTreeSet::new();
        for batch in named("process aibbar.events") {
            // Of one request it is a child; of several it has a link to each, and no parent.
            assert_eq!(batch.parent_id.is_empty(), batch.links.len() > 1, "{batch:?}");
            followed.extend(if batch.links.is_empty() { std::slice::from_ref(&batch.parent_id) } else { &batch.links });
        }
        (followed == appends && appends.len() == client_spans.len()).then_some(())
    })
    .await;
}

async fn an_event_is_traced_from_its_client_to_the_store(rig: &Rig) {
    let span = ClientSpan::of(10);
    let sender = span.sends(&rig.client, "01").with_header("tracestate", "vendor=a");
    let good = event().saying(SAID).signed_by(&rig.organisation);
    let bad = event().with("colour", SAID).signed_by(&rig.organisation);
    let other = event().saying(SAID).signed_by(&rig.organisation);
    sender.publish(&json!([good, bad, other])).await.expect(207);

    let Whole { request, check, append, batch, store } = rig.whole(&span).await;
    let (answering, storing) = rig.services();
    for (child, service, parent) in [
        (&request, answering, span.span_id),
        (&check, answering, &request.span_id),
        (&append, answering, &request.span_id),
        (&batch, storing, &append.span_id),
        (&store, storing, &batch.span_id),
    ] {
        assert_eq!((child.parent_id.as_str(), child.service.as_str()), (parent, service), "{child:?}");
        assert!(!child.is_error, "{child:?}");
    }
    assert_eq!(request.state, "vendor=a");
    let told = ["http.route", "http.response.status_code", "gapin.accepted", "gapin.refused"];
    assert_eq!(told.map(|key| request.tells(key)), ["/aibbar/events", "207", "2", "1"]);
    assert_eq!(request.tells("gapin.organisation.id").len(), 36, "{request:?}");
    assert_eq!(append.tells("messaging.batch.message_count"), "2");

    // What is refused before any handler is told of, too.
    let refused = ClientSpan::of(11);
    let nobody = refused.sends(&rig.client.with_key("gapin_nonsense"), "01");
    nobody.publish(&event().signed_by(&rig.organisation)).await.expect(401);
    let refused = eventually("it is told of", async || rig.spans_of(&refused.trace_id).pop()).await;
    let told = (refused.name.as_str(), refused.tells("http.response.status_code"));
    assert_eq!(told, ("POST /aibbar/events", "401"));
}

/// A message's headers are its sender's: a trace adds none.
async fn messages_are_traced_into_the_log_and_keep_their_headers(rig: &Rig) {
    let topic = json!({ "name": "orders", "partitions": 1 });
    rig.client.post_json("/api/v1/topics", topic).await.expect(201);
    let span = ClientSpan::of(15);
    let sender = span.sends(&rig.client, "01");
    sender.post_json("/events/publish", json!({ "topic": "orders", "message": { "said": SAID } })).await.expect(202);
    let (request, check, append) = eventually("its trace is told of", async || {
        let spans = rig.spans_of(&span.trace_id);
        let named = |name: &str| spans.iter().find(|span| span.name == name).cloned();
        Some((named("POST /events/publish")?, named("check")?, named("send messages")?))
    })
    .await;
    assert_eq!(
        [&request.parent_id, &check.parent_id, &append.parent_id],
        [span.span_id, &request.span_id, &request.span_id]
    );
    assert_eq!((request.tells("gapin.accepted"), request.tells("gapin.refused")), ("1", "0"));
    let page = rig.client.get("/events/read?topic=orders&limit=10").await.expect(200).body;
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1), "{page}");
    assert!(!page.to_string().contains("traceparent"), "{page}");
}

async fn what_nobody_keeps_is_not_told_of(rig: &Rig) {
    let (not_kept, broken, last) = (ClientSpan::of(20), ClientSpan::of(21), ClientSpan::of(22));
    rig.publish(&not_kept, "00").await;
    // No flags are two digits long with one: it begins anew, in a trace of its own.
    rig.publish(&broken, "1").await;
    rig.publish(&last, "01").await;
    rig.whole(&last).await;
    for absent in [&not_kept, &broken] {
        assert_eq!(rig.spans_of(&absent.trace_id), []);
    }
}

async fn lines_of_a_request_tell_its_trace(rig: &Rig) {
    let span = ClientSpan::of(30);
    rig.publish(&span, "01").await;
    let said = rig.system.gateway.said();
    let id = format!("\"trace_id\":\"{}\"", span.trace_id);
    let answered = said.lines().find(|line| line.contains("\"answered\"") && line.contains(&id));
    assert!(answered.is_some(), "no line with {id} in:\n{said}");
    assert!(!said.contains(traces_target()), "spans for the collector are in no line:\n{said}");
}

/// The target of spans for the collector.
fn traces_target() -> &'static str {
    "gapin_trace"
}

fn nothing_that_was_said_and_no_secret_came_to_the_collector(rig: &Rig) {
    let (took, said) = (rig.collector.took(), rig.system.gateway.said());
    let Organisation { name, api_key, secret, ai_id, .. } = &rig.organisation;
    let ai_id = ai_id.to_string();
    for hidden in [SAID, "heron", TOKEN, api_key, secret.expose(), &ai_id] {
        assert!(!took.contains(hidden), "{hidden} came to the collector");
        assert!(!said.contains(hidden), "{hidden} is in the log");
    }
    assert!(!took.contains(name.as_str()), "organisations are told of by their ids");
}

/// It waits for nobody: neither for a collector that lets in and says nothing, nor for one that is gone.
async fn a_collector_that_is_away_costs_no_event(rig: &mut Rig) {
    rig.collector.freeze();
    rig.publish(&ClientSpan::of(40), "01").await;
    let failed = rig.counted("failed", 1).await;
    rig.collector.kill();
    rig.publish(&ClientSpan::of(41), "01").await;
    rig.counted("failed", failed + 1).await;
    rig.counted("sent", 1).await;
    assert!(rig.system.gateway.said().contains("spans did not come to the collector"), "it is told");
    // The last spans can't be sent: that is no reason not to end well.
    rig.publish(&ClientSpan::of(42), "01").await;
    assert!(rig.system.gateway.stop().success());
}
