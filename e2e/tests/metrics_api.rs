//! What an organisation is told of its events and messages is exactly what was sent.
#![allow(clippy::unwrap_used, reason = "a test")]

use aibbar::EventType;
use e2e::{Client, Organisation, Shape, System, event, eventually, on_both_shapes};
use serde_json::{Value, json};
use uuid::Uuid;

on_both_shapes!(own: the_counts_are_exactly_those_of_what_was_sent);

/// Events of each half of the load.
const HALF: usize = 300;

/// Every period, and its steps.
const PERIODS: [(&str, usize); 4] = [("1h", 60), ("6h", 72), ("24h", 96), ("7d", 84)];

const ROUTES: [&str; 8] =
    ["throughput", "errors", "latency", "lag", "top-topics", "top-ai-systems", "top-error-types", "redactions"];

/// What one organisation sends.
struct Load<'a> {
    organisation: &'a Organisation,
    systems: [Uuid; 3],
}

impl Load<'_> {
    /// Half of them of the first AI system, a third of the second, the rest of the third. Every tenth names an e-mail
    /// address and every thirtieth a second one and a telephone number. Of four one is an error and one a query.
    fn half(&self) -> Vec<Value> {
        let event = |n: usize| {
            let ai_id = match n % 6 {
                0..=2 => self.systems[0],
                3..=4 => self.systems[1],
                _ => self.systems[2],
            };
            let said = match n % 30 {
                0 => "ask ada@example.com or bob@example.com, or call +49 30 901820",
                10 | 20 => "ask ada@example.com",
                _ => "nothing to hide",
            };
            let event = match n % 4 {
                1 => {
                    let code = if n.is_multiple_of(3) { "timeout" } else { "full" };
                    let error = json!({ "code": code, "message": "no answer", "recoverable": true });
                    event().of_type(EventType::Error).with("error", error).without("response")
                }
                3 => event().of_type(EventType::Query).without("response"),
                _ => event().saying(said),
            };
            event.with("ai_id", ai_id.to_string()).signed_by(self.organisation)
        };
        (0..HALF).map(event).collect()
    }
}

async fn metrics(client: &Client, route: &str, period: &str) -> Value {
    client.get(&format!("/api/v1/metrics/{route}?period={period}")).await.expect(200).body
}

/// The sum of a number over the steps.
fn sum(body: &Value, member: &str) -> u64 {
    body["series"].as_array().unwrap().iter().map(|step| step[member].as_u64().unwrap()).sum()
}

/// Of a list of `{<name>: text, <number>: n}` the pairs, in its order.
fn pairs(list: &Value, name: &str, number: &str) -> Vec<(String, u64)> {
    let pair = |item: &Value| (item[name].as_str().unwrap().to_owned(), item[number].as_u64().unwrap());
    list.as_array().unwrap().iter().map(pair).collect()
}

fn are<const N: usize>(pairs: [(&str, u64); N]) -> Vec<(String, u64)> {
    pairs.map(|(name, number)| (name.to_owned(), number)).to_vec()
}

/// How many of a half's numbers are so.
fn of_half(is: impl Fn(usize) -> bool) -> u64 {
    (0..HALF).filter(|n| is(*n)).count() as u64
}

async fn the_counts_are_exactly_those_of_what_was_sent(mut system: System) {
    let (ours, theirs) = (system.organisation(), system.organisation());
    let load = Load { organisation: &ours, systems: std::array::from_fn(|_| Uuid::new_v4()) };
    let client = system.client(&ours);
    let second = match system.shape {
        Shape::Embedded => client.clone(),
        Shape::AtScale => Client::new(&system.add_gateway(), &ours.api_key),
    };

    // One half; whoever stores is killed while it does.
    let first_half = load.half();
    for batch in first_half.chunks(50) {
        second.publish(&Value::Array(batch.to_vec())).await.expect(202);
    }
    match system.shape {
        Shape::Embedded => {
            system.gateway.kill();
            system.gateway.start_again();
        }
        Shape::AtScale => {
            system.consumers[0].kill();
            client.publish(&first_half[0]).await.expect(202);
            eventually("the lag is told", async || {
                metrics(&client, "lag", "1h").await["behind_ms"].as_u64().filter(|ms| *ms > 0)
            })
            .await;
            system.consumers[0].start_again();
        }
    }
    // The other half, and the first again: that counts once.
    let second_half = load.half();
    for (batch, again) in second_half.chunks(50).zip(first_half.chunks(50)) {
        client.publish(&Value::Array(batch.to_vec())).await.expect(202);
        second.publish(&Value::Array(again.to_vec())).await.expect(202);
    }
    let events = 2 * HALF as u64;

    // What is refused one by one, alone and beside good ones ...
    let colourful = event().with("colour", "red").signed_by(&ours);
    let mut forged = event().signed_by(&ours);
    forged["signature"] = "0".repeat(64).into();
    for sender in [&client, &second] {
        sender.publish(&colourful).await.expect(400);
        sender.publish(&json!([forged, first_half[0], colourful])).await.expect(207);
        sender.publish(&json!([forged, forged])).await.expect(401);
    }
    // ... and as a whole.
    client.publish(&json!([])).await.expect(400);
    second.publish(&json!([])).await.expect(400);
    client.get("/aibbar/events?colour=red").await.expect(400);
    client.get(&format!("/aibbar/events/{}", Uuid::new_v4())).await.expect(404);
    client.with_key("sk_nobody").get("/aibbar/events").await.expect(401);

    // Messages: of each gateway 10, two of them with something to hide and one refused by the schema.
    let schema = json!({ "type": "object", "required": ["n"] });
    let topic = json!({ "name": "orders", "partitions": 2, "schema": schema });
    client.request("POST", "/api/v1/topics", topic).await.expect(201);
    let message = |n: usize| json!({ "topic": "orders", "message": { "n": n, "for": if n < 2 { "ada@example.com" } else { "" } } });
    for sender in [&client, &second] {
        let mut messages: Vec<Value> = (0..10).map(message).collect();
        messages.push(json!({ "topic": "orders", "message": {} }));
        let answer = sender.request("POST", "/events/publish", Value::Array(messages)).await.expect(207);
        assert_eq!(answer.body["accepted"], 10, "{}", answer.body);
    }

    let refused = json!({ "items": 2 * (1 + 2 + 2 + 1), "requests": 4 });
    eventually("everything is counted", async || {
        let throughput = metrics(&client, "throughput", "1h").await;
        let errors = metrics(&client, "errors", "1h").await;
        let all = throughput["total"]["events"] == events && throughput["total"]["messages"] == 20;
        (all && errors["total"] == refused).then_some(())
    })
    .await;

    for (period, steps) in PERIODS {
        let throughput = metrics(&client, "throughput", period).await;
        assert_eq!((sum(&throughput, "events"), sum(&throughput, "messages")), (events, 20), "{throughput}");
        assert_eq!(sum(&throughput, "event_bytes"), throughput["total"]["event_bytes"].as_u64().unwrap());
        assert!(sum(&throughput, "event_bytes") > events * 300 && sum(&throughput, "message_bytes") > 20 * 10);
        let (errors, queries) = (2 * of_half(|n| n % 4 == 1), 2 * of_half(|n| n % 4 == 3));
        assert_eq!(
            pairs(&throughput["by_type"], "event_type", "events"),
            are([("ai.error", errors), ("ai.query", queries), ("ai.response", events - errors - queries)])
        );

        let errors = metrics(&client, "errors", period).await;
        assert_eq!(errors["total"], refused, "{errors}");
        assert_eq!((sum(&errors, "items"), sum(&errors, "requests")), (12, 4));
        let mut items = pairs(&errors["codes"], "code", "items");
        items.sort();
        let zero = |code| (code, 0);
        let expected = [
            zero("empty_batch"),
            zero("invalid_parameter"),
            ("invalid_signature", 6),
            zero("not_found"),
            ("schema_violation", 6),
        ];
        assert_eq!(items, are(expected));
        let mut requests = pairs(&errors["codes"], "code", "requests");
        requests.retain(|(_, requests)| *requests > 0);
        requests.sort();
        assert_eq!(requests, are([("empty_batch", 2), ("invalid_parameter", 1), ("not_found", 1)]));

        let systems = metrics(&client, "top-ai-systems", period).await;
        let [a, b, c] = load.systems.map(|ai_id| ai_id.to_string());
        assert_eq!(
            pairs(&systems["items"], "ai_id", "events"),
            are([(&*a, events / 2), (&*b, events / 3), (&*c, events / 6)])
        );
        assert_eq!(systems["other"]["events"], 0);
        let error_types = metrics(&client, "top-error-types", period).await;
        let timeouts = 2 * of_half(|n| n % 4 == 1 && n % 3 == 0);
        let expected = are([("full", 2 * of_half(|n| n % 4 == 1) - timeouts), ("timeout", timeouts)]);
        assert_eq!(pairs(&error_types["items"], "code", "events"), expected);
        assert_eq!(error_types["other"]["events"], 0);
        let topics = metrics(&client, "top-topics", period).await;
        assert_eq!(pairs(&topics["items"], "topic", "messages"), are([("aibbar.events", events), ("orders", 20)]));

        for (topic, messages, refused) in [("orders", 20, 2), ("aibbar.events", events, 10)] {
            let of_topic = metrics(&client, &format!("topics/{topic}"), period).await;
            assert_eq!(of_topic["series"].as_array().map(Vec::len), Some(steps), "{of_topic}");
            for (member, number) in [("messages", messages), ("refused", refused)] {
                assert_eq!(
                    (sum(&of_topic, member), &of_topic["total"][member]),
                    (number, &json!(number)),
                    "{of_topic}"
                );
            }
            assert_eq!(sum(&of_topic, "bytes"), of_topic["total"]["bytes"].as_u64().unwrap());
        }

        let redactions = metrics(&client, "redactions", period).await;
        // A query has nothing to hide.
        let in_events = |which: &[usize]| 2 * of_half(|n| n % 4 != 3 && which.contains(&(n % 30)));
        // Two addresses in one place are told as one by the record, and count as one.
        let emails = in_events(&[0, 10, 20]) + 4;
        let phones = in_events(&[0]);
        assert_eq!(pairs(&redactions["kinds"], "kind", "count"), are([("email", emails), ("phone", phones)]));
        assert_eq!(
            (redactions["total"].as_u64().unwrap(), sum(&redactions, "count")),
            (emails + phones, emails + phones)
        );

        let lag = metrics(&client, "lag", period).await;
        assert_eq!((lag["total"]["count"].as_u64().unwrap(), sum(&lag, "count")), (events, events), "{lag}");
        let latency = metrics(&client, "latency", period).await;
        // Of a gateway that was killed what it had not written yet is missing; batches, mixed batches and messages are not.
        let (batches, since) = (2 * HALF as u64 / 50, 2 + 2);
        let requests = sum(&latency, "count");
        let before = HALF as u64 / 50;
        match system.shape {
            Shape::Embedded => assert!((batches + since..=batches + since + before).contains(&requests), "{latency}"),
            Shape::AtScale => assert_eq!(requests, batches + since + before + 1, "{latency}"),
        }
        let ms = |member: &str| latency["total"][member].as_f64().unwrap();
        assert!(ms("p50_ms") > 0.0 && ms("p50_ms") <= ms("p95_ms") && ms("p95_ms") <= ms("max_ms"), "{latency}");

        for route in ROUTES.iter().filter(|route| !route.starts_with("top-")) {
            let body = metrics(&client, route, period).await;
            assert_eq!(body["series"].as_array().unwrap().len(), steps, "{route} of {period}");
            assert_eq!(body["period"], period);
            assert_eq!(body["series"][0]["at"], body["from"]);
        }
    }
    eventually("nothing waits", async || (metrics(&client, "lag", "1h").await["behind_ms"] == 0).then_some(())).await;

    let orders = client.get("/api/v1/topics/orders").await.expect(200).body;
    let counted = &orders["statistics"];
    assert_eq!((&counted["messages_30_days"], &counted["error_rate"]), (&json!(20), &json!(2.0 / 22.0)), "{orders}");
    let of_events = client.get("/api/v1/topics/aibbar.events").await.expect(200).body;
    assert_eq!(of_events["statistics"]["messages_30_days"], events, "{of_events}");

    nothing_is_told_of_anothers(&system.client(&theirs)).await;
    what_is_not_asked_rightly_is_refused(&client).await;

    // What a gateway counted last is there when it is back.
    let errors = metrics(&client, "errors", "24h").await["total"]["items"].as_u64().unwrap();
    client.publish(&colourful).await.expect(400);
    assert!(system.gateway.stop().success());
    system.gateway.start_again();
    let client = system.client(&ours);
    let after = metrics(&client, "errors", "24h").await["total"]["items"].as_u64().unwrap();
    assert_eq!(after, errors + 1);
    assert_eq!(metrics(&client, "throughput", "24h").await["total"]["events"], events);
}

async fn nothing_is_told_of_anothers(client: &Client) {
    client.get("/api/v1/metrics/topics/orders").await.expect(404);
    for (route, (period, _)) in ROUTES.iter().flat_map(|route| PERIODS.map(|period| (route, period))) {
        let body = metrics(client, route, period).await;
        let steps = body["series"].as_array().into_iter().flatten();
        let numbers = steps.chain([&body["total"]]).flat_map(|step| match step {
            Value::Object(members) => members.values().filter_map(Value::as_f64).collect(),
            other => other.as_f64().into_iter().collect::<Vec<_>>(),
        });
        assert_eq!(numbers.sum::<f64>(), 0.0, "{route} of {period}: {body}");
        for list in ["items", "codes", "kinds", "by_type"] {
            assert!(body[list].as_array().is_none_or(Vec::is_empty), "{route} of {period}: {body}");
        }
    }
}

async fn what_is_not_asked_rightly_is_refused(client: &Client) {
    for route in ROUTES {
        for query in ["period=2h", "period=", "period=1H", "period=1h&period=6h", "colour=red", "from=now"] {
            let answer = client.get(&format!("/api/v1/metrics/{route}?{query}")).await.expect(400);
            assert_eq!(answer.code(), "invalid_parameter", "{route}?{query}");
        }
    }
    client.get("/api/v1/metrics/topics/orders?period=2h").await.expect(400);
    for limit in ["0", "101", "-1", "ten"] {
        let answer = client.get(&format!("/api/v1/metrics/top-topics?limit={limit}")).await.expect(400);
        assert_eq!(answer.code(), "invalid_parameter");
    }
    let one = client.get("/api/v1/metrics/top-ai-systems?limit=1").await.expect(200);
    assert_eq!(one.body["items"].as_array().unwrap().len(), 1);
    client.with_key("").get("/api/v1/metrics/errors").await.expect(401);
}
