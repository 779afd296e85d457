//! One organisation never sees, changes or learns of another's: every operation of the API's document is tried.
//!
//! A route that this table does not know fails by name: whoever adds one says here what it is about.

use std::collections::BTreeSet;

use e2e::{Answer, Client, Document, Operation, Tenant, WithMail, event, on_both_shapes, text_of};
use serde_json::{Value, json};

/// What an operation is about, as far as another organisation's things go.
enum About {
    /// What its path names belongs to an organisation: 404 for another.
    Named,
    /// What its body names belongs to an organisation: 404 for another. The body is made of the other's tenant.
    NamedInBody(fn(&Tenant) -> Value),
    /// It lists or tells what the caller's organisation or person has: nothing of another's stands in it.
    Told,
    /// It makes or changes something of the caller's own, and names nothing.
    Own,
    /// The same for everyone.
    Public,
}

fn about(operation: &str) -> Option<About> {
    use About::{Named, NamedInBody, Own, Public, Told};
    let about = match operation {
        "POST /aibbar/events" => Own,
        "GET /aibbar/events" | "GET /aibbar/events/export" => Told,
        "GET /aibbar/events/{event_id}" => Named,
        "POST /api/v1/topics" => Own,
        "GET /api/v1/topics" => Told,
        "GET /api/v1/topics/{name}" | "PATCH /api/v1/topics/{name}" | "DELETE /api/v1/topics/{name}" => Named,
        "POST /events/publish" => NamedInBody(|tenant| json!({ "topic": tenant.topic, "message": "ours" })),
        "GET /events/read" => Told,
        "POST /events/commit" => NamedInBody(
            |tenant| json!({ "topic": tenant.topic, "group": "archive", "reader": "worker-1", "cursor": "AA" }),
        ),
        "POST /events/leave" => {
            NamedInBody(|tenant| json!({ "topic": tenant.topic, "group": "archive", "reader": "worker-1" }))
        }
        "GET /api/v1/topics/{name}/consumers" | "POST /api/v1/topics/{name}/consumers/{group}/reset" => Named,
        // What it streams is in `a_live_stream_shows_ones_own_events_alone`.
        "GET /ws/events" | "GET /sse/events" | "POST /api/v1/stream-tickets" => Own,
        "POST /auth/register" | "POST /auth/verify-email" | "POST /auth/login" | "POST /auth/refresh" => Public,
        "POST /auth/password/forgot" | "POST /auth/password/reset" => Public,
        "GET /auth/providers" => Public,
        "GET /auth/oauth/{provider}/start" | "GET /auth/oauth/{provider}/callback" => Public,
        // These end the sessions of whoever calls them.
        "POST /auth/logout" | "POST /auth/logout-all" => Own,
        // An invitation is for one address, whatever organisation its holder is in.
        "POST /auth/invitations/accept" => Own,
        "GET /me" | "GET /me/sessions" => Told,
        "PATCH /me" | "POST /me/password" => Own,
        "POST /me/organisation" => NamedInBody(|tenant| json!({ "org_id": tenant.org_id })),
        "DELETE /me/sessions/{id}" => Named,
        "POST /api/v1/keys" => Own,
        "GET /api/v1/keys" => Told,
        "GET /api/v1/keys/{id}/usage" => Named,
        "GET /api/v1/keys/{id}" | "PATCH /api/v1/keys/{id}" | "DELETE /api/v1/keys/{id}" => Named,
        "POST /api/v1/keys/{id}/rotate" => Named,
        "POST /api/v1/signing-keys" => Own,
        "GET /api/v1/signing-keys" => Told,
        "GET /api/v1/signing-keys/{key_id}" | "PATCH /api/v1/signing-keys/{key_id}" => Named,
        "DELETE /api/v1/signing-keys/{key_id}" | "POST /api/v1/signing-keys/{key_id}/rotate" => Named,
        "POST /api/v1/ai-systems" => Own,
        "GET /api/v1/ai-systems" => Told,
        "GET /api/v1/ai-systems/{ai_id}" | "PATCH /api/v1/ai-systems/{ai_id}" => Named,
        "DELETE /api/v1/ai-systems/{ai_id}" => Named,
        "GET /api/v1/organisation" | "GET /api/v1/organisations" => Told,
        "PATCH /api/v1/organisation" | "POST /api/v1/organisation/leave" | "POST /api/v1/organisations" => Own,
        "POST /api/v1/organisation/transfer" => NamedInBody(|tenant| json!({ "user_id": tenant.member_id })),
        "GET /api/v1/metrics/topics/{name}" => Named,
        // Sums, that name nothing: whose they are is shown in `metrics_api`.
        "GET /api/v1/metrics/throughput" | "GET /api/v1/metrics/errors" | "GET /api/v1/metrics/latency" => Own,
        "GET /api/v1/metrics/lag" | "GET /api/v1/metrics/redactions" => Own,
        "GET /api/v1/metrics/top-topics" | "GET /api/v1/metrics/top-ai-systems" => Own,
        "GET /api/v1/metrics/top-error-types" => Own,
        "GET /api/v1/redaction" => Told,
        "PUT /api/v1/redaction" | "POST /api/v1/redaction/pseudonym-key/erase" | "POST /api/v1/redaction/preview" => {
            Own
        }
        // Numbers alone.
        "GET /api/v1/retention" | "PUT /api/v1/retention" => Own,
        "POST /api/v1/legal-holds" => Own,
        "GET /api/v1/legal-holds" => Told,
        "GET /api/v1/legal-holds/{id}" | "POST /api/v1/legal-holds/{id}/release" => Named,
        "POST /users" => Own,
        "GET /users" | "GET /api/v1/invitations" | "GET /api/v1/audit" => Told,
        "GET /api/v1/dead-letters" => Told,
        // Of ids that are another's it tells that there are none: see `only_its_owner_learns_of_a_letter`.
        "POST /api/v1/dead-letters/redrive" => Own,
        "GET /api/v1/dead-letters/{id}" | "POST /api/v1/dead-letters/{id}/redrive" => Named,
        "GET /users/{id}" | "PATCH /users/{id}" | "DELETE /users/{id}" => Named,
        "DELETE /api/v1/invitations/{id}" => Named,
        "POST /api/v1/views" => Own,
        "GET /api/v1/views" => Told,
        "PATCH /api/v1/views/{id}" | "DELETE /api/v1/views/{id}" => Named,
        "GET /api/schemas/aibbar-event.json" | "GET /api/openapi.json" => Public,
        "GET /api/docs" | "GET /api/docs/{file}" => Public,
        "GET /health" | "GET /health/live" | "GET /health/ready" | "GET /metrics" => Public,
        _ => return None,
    };
    Some(about)
}

async fn no_route_shows_or_changes_what_is_anothers(system: &WithMail) {
    let document = Document::of(&Client::anonymous(&system.url)).await;
    let unknown: BTreeSet<_> =
        document.operations().iter().map(Operation::name).filter(|name| about(name).is_none()).collect();
    assert!(unknown.is_empty(), "say in the table of this test what these routes are about: {unknown:#?}");

    let (theirs, ours) = (Tenant::make(system).await, Tenant::make(system).await);
    let mut wrong = Vec::new();
    let mut tried = 0;
    for operation in document.operations() {
        for (way, client, theirs_by) in
            [("api_key", &ours.by_key, &theirs.by_key), ("session", &ours.by_session, &theirs.by_session)]
        {
            if !operation.ways_in().is_empty() && !operation.ways_in().contains(&way) {
                continue;
            }
            let attempt = Attempt { operation, way, client, theirs_by, theirs: &theirs, ours: &ours };
            wrong.extend(attempt.faults().await);
            tried += 1;
        }
    }
    // All that was tried to change or end is as it was.
    for operation in document.operations().into_iter().filter(|operation| operation.method == "GET") {
        if matches!(about(&operation.name()), Some(About::Named)) {
            let path = theirs.path_of(&operation).expect("a tenant has one of everything");
            let answer = theirs.by_key.get(&path).await;
            if answer.status != 200 {
                wrong.push(format!("after all, {path} is {} for its own organisation", answer.status));
            }
        }
    }
    let sessions = theirs.by_session.get("/me/sessions").await.expect(200).body.to_string();
    assert!(sessions.contains(&theirs.session_id), "a session of theirs was ended");
    assert!(tried > document.operations().len(), "most operations are tried by key and by session: {tried}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One operation, tried by one organisation on another.
struct Attempt<'a> {
    operation: Operation<'a>,
    way: &'a str,
    client: &'a Client,
    theirs_by: &'a Client,
    theirs: &'a Tenant,
    ours: &'a Tenant,
}

impl Attempt<'_> {
    async fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let about = about(&self.operation.name()).expect("looked at before");
        match &about {
            About::Named => {
                faults.extend(self.refused(&self.send(self.client, self.theirs, self.body()).await, "named"))
            }
            About::NamedInBody(body) => {
                let answer = self.send(self.client, self.ours, Some(body(self.theirs))).await;
                // An API key transfers nothing at all.
                if !(answer.status == 403 && self.way == "api_key") {
                    faults.extend(self.refused(&answer, "named in its body"));
                }
            }
            About::Told => {
                faults.extend(self.shows_nothing(&self.send(self.client, self.ours, None).await));
                // So that nothing is found because there is nothing to find.
                let their_own = self.send(self.theirs_by, self.theirs, None).await.body.to_string();
                if !self.theirs.marks().iter().any(|mark| their_own.contains(mark)) {
                    faults.push(format!("{} tells its own organisation nothing: {their_own}", self.operation.name()));
                }
            }
            About::Public if self.operation.method == "GET" => {
                if let Some(path) = self.ours.path_of(&self.operation) {
                    faults.extend(self.shows_nothing(&self.client.get(&path).await));
                }
            }
            About::Public | About::Own => {}
        }
        // Whatever it is about: nobody acts in an organisation that they do not belong to.
        if self.operation.names_an_organisation() {
            let there = self.client.with_header("X-Org-Id", &self.theirs.org_id);
            let answer = self.send(&there, self.theirs, self.body()).await;
            faults.extend(self.refused(&answer, "asked of in `X-Org-Id`"));
        }
        faults
    }

    /// The first example of its body.
    fn body(&self) -> Option<Value> {
        if !self.operation.takes_a_body() {
            return None;
        }
        let examples = self.operation.request_examples();
        let json = examples.iter().find(|example| example.content_type == "application/json");
        Some(json.map_or(json!({ "user_id": self.theirs.member_id }), |example| example.value.clone()))
    }

    async fn send(&self, client: &Client, on: &Tenant, body: Option<Value>) -> Answer {
        let path = on.path_of(&self.operation).unwrap_or_else(|| panic!("what is in {}?", self.operation.path));
        client.request(self.operation.method, &path, body).await
    }

    fn refused(&self, answer: &Answer, how: &str) -> Vec<String> {
        let mut faults = self.shows_nothing(answer);
        if answer.status != 404 {
            let (name, way, body) = (self.operation.name(), self.way, &answer.body);
            faults.push(format!("{name} by {way}, {how}: {} instead of 404: {body}", answer.status));
        }
        faults
    }

    fn shows_nothing(&self, answer: &Answer) -> Vec<String> {
        let said = format!("{} {:?}", answer.body, answer.headers);
        let shown = self.theirs.marks().into_iter().filter(|mark| said.contains(mark));
        shown.map(|mark| format!("{} by {} shows {mark}", self.operation.name(), self.way)).collect()
    }
}

async fn a_live_stream_shows_ones_own_events_alone(system: &WithMail) {
    let (theirs, ours) = (system.organisation(), system.organisation());
    let (their_client, our_client) = (system.client(&theirs), system.client(&ours));
    let mut live = our_client.live("").await;
    their_client.publish(&event().saying("theirs").signed_by(&theirs)).await.expect(202);
    our_client.publish(&event().saying("ours").signed_by(&ours)).await.expect(202);
    let first = live.records(1).await;
    assert_eq!(text_of(&first[0]), Some("ours"), "{first:?}");
}

on_both_shapes!(on WithMail: no_route_shows_or_changes_what_is_anothers, a_live_stream_shows_ones_own_events_alone);
