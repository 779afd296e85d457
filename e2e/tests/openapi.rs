//! The API's document tells the truth: its examples are sent to the real binary, and answers are as it says.

use e2e::{Client, Document, Operation, RequestExample, Shape, System, Tenant, WithMail, on_both_shapes};
use serde_json::Value;

/// Examples that can't come true for everyone: an account, a link, a token of somebody else's.
const REFUSED: [(&str, u16); 10] = [
    ("POST /auth/login", 401),
    ("POST /auth/refresh", 401),
    ("POST /auth/verify-email", 400),
    ("POST /auth/password/reset", 400),
    ("POST /auth/invitations/accept", 400),
    ("POST /me/organisation", 404),
    ("POST /me/password", 401),
    ("POST /api/v1/organisation/transfer", 403),
    // A cursor that was given to another.
    ("POST /events/commit", 409),
    // Who erases names their own organisation.
    ("POST /api/v1/redaction/pseudonym-key/erase", 400),
];

/// Every request example is taken, and answered as the document says.
async fn every_request_example_comes_true(system: &WithMail) {
    let tenant = Tenant::make(system).await;
    let nobody = Client::anonymous(&system.url);
    let document = Document::of(&nobody).await;
    let mut sent = 0;
    let mut wrong = Vec::new();
    for operation in document.operations() {
        let client = match operation.ways_in().first() {
            None => &nobody,
            Some(&"api_key") => &tenant.by_key,
            Some(_) => &tenant.by_session,
        };
        for example in operation.request_examples() {
            let path = tenant.path_of(&operation).expect("a tenant has one of everything");
            let answer =
                client.send(operation.method, &path, example.content_type, body(&tenant, &operation, &example)).await;
            sent += 1;
            wrong.extend(operation.fault_of(&answer));
            let refused = REFUSED.iter().find(|(name, _)| *name == operation.name()).map(|(_, status)| *status);
            let as_expected = refused.map_or(answer.status < 300, |status| answer.status == status);
            if !as_expected {
                wrong.push(format!("{} example {}: {} {}", operation.name(), example.name, answer.status, answer.body));
            }
        }
    }
    assert!(sent >= 20, "the document has request examples: {sent}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Events are signed by whoever sends them; what else stands in an example is sent as it is.
fn body(tenant: &Tenant, operation: &Operation<'_>, example: &RequestExample<'_>) -> Vec<u8> {
    if operation.path != "/aibbar/events" {
        // Lines are an example of text, and no JSON string.
        let text = example.value.as_str().map_or_else(|| example.value.to_string(), str::to_owned);
        return text.into_bytes();
    }
    let signed = match example.value {
        Value::String(lines) => {
            let events = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is an event"));
            events.map(|event| format!("{}\n", tenant.signed(&event))).collect()
        }
        Value::Array(events) => {
            let events: Vec<_> = events.iter().map(|event| tenant.signed(event)).collect();
            Value::from(events).to_string()
        }
        event => tenant.signed(event).to_string(),
    };
    signed.into_bytes()
}

/// Whatever can be read is as the document says, and so is what nobody may read.
async fn every_answer_to_a_reader_is_as_documented(system: &WithMail) {
    let tenant = Tenant::make(system).await;
    let nobody = Client::anonymous(&system.url);
    let document = Document::of(&nobody).await;
    let mut wrong = Vec::new();
    for operation in document.operations().into_iter().filter(|operation| operation.method == "GET") {
        let Some(mut path) = tenant.path_of(&operation) else { continue };
        if operation.path == "/sse/events" {
            // It would not end by itself.
            path.push_str("?cursor=none");
        }
        for (client, may) in [
            (&tenant.by_key, operation.ways_in().contains(&"api_key")),
            (&tenant.by_session, operation.ways_in().contains(&"session")),
            (&nobody, operation.ways_in().is_empty()),
        ] {
            let answer = client.get(&path).await;
            wrong.extend(operation.fault_of(&answer));
            // A plain request is no WebSocket's handshake.
            let expected = if matches!(operation.path, "/ws/events" | "/sse/events") { 400 } else { 200 };
            let is_right = if may { answer.status == expected } else { matches!(answer.status, 200 | 401) };
            // Where metrics have a port of their own, they are there alone.
            let is_elsewhere = operation.path == "/metrics" && answer.status == 404;
            if !is_right && !is_elsewhere {
                wrong.push(format!("{}: {} {}", operation.name(), answer.status, answer.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

on_both_shapes!(on WithMail: every_request_example_comes_true, every_answer_to_a_reader_is_as_documented);

#[tokio::test(flavor = "multi_thread")]
async fn every_example_is_what_its_schema_says() {
    let system = System::start(Shape::Embedded);
    let document = Document::of(&Client::anonymous(&system.url)).await;
    let operations = document.operations();
    assert!(operations.len() >= 50, "the document has operations: {}", operations.len());
    let wrong: Vec<String> = operations.iter().flat_map(Operation::faults_of_examples).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
