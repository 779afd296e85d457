//! A whole tenant: an organisation with a person and one of everything that it can own.

use std::time::SystemTime;

use aibbar::{Signature, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Client, Operation, Organisation, Shape, System, event, eventually};

/// A system that can send the e-mails that tenants need.
pub struct WithMail(System);

impl WithMail {
    /// Starts it in this shape.
    pub fn start(shape: Shape) -> WithMail {
        WithMail(System::start_with_mail(shape, &[("GAPIN_ANONYMOUS_REQUESTS_PER_MINUTE", "100000")]))
    }
}

impl std::ops::Deref for WithMail {
    type Target = System;

    fn deref(&self) -> &System {
        &self.0
    }
}

/// An organisation, its owner, and one of everything.
pub struct Tenant {
    /// The organisation and its keys.
    pub organisation: Organisation,
    /// Speaks by its API key.
    pub by_key: Client,
    /// Speaks by its owner's session.
    pub by_session: Client,
    /// The organisation's id.
    pub org_id: String,
    /// A member who is not the owner.
    pub member_id: String,
    /// An API key besides the one that speaks.
    pub key_id: String,
    /// A signing key besides the one that signs.
    pub signing_key_id: String,
    /// A registered AI system.
    pub ai_id: String,
    /// A stored event.
    pub event_id: String,
    /// A dead letter: another event with the id of the stored one.
    pub dead_letter_id: String,
    /// An invitation that nobody took yet.
    pub invitation_id: String,
    /// A legal hold.
    pub hold_id: String,
    /// A saved view, shared with every member.
    pub view_id: String,
    /// A topic.
    pub topic: String,
    /// The owner's session.
    pub session_id: String,
    /// The owner's e-mail address.
    pub email: String,
}

impl Tenant {
    /// Makes all of it, over HTTP where that can make it. The system has a mail server.
    pub async fn make(system: &System) -> Tenant {
        let organisation = system.organisation();
        let mark = Uuid::new_v4().simple().to_string();
        let by_key = system.client(&organisation);
        let email = format!("owner-{mark}@example.com");
        let owner = system.person(&organisation, &email, "owner").await;
        let member = system.person(&organisation, &format!("member-{mark}@example.com"), "member").await;
        let by_session = owner.client;
        let session_id = text(&by_session.get("/me").await.expect(200).body["session_id"]);

        let made = async |path: &str, body: Value, id: &str| -> String {
            text(&by_key.request("POST", path, body).await.expect(201).body[id])
        };
        let key = json!({ "name": format!("key-{mark}"), "scopes": ["events:read"] });
        let key_id = made("/api/v1/keys", key, "id").await;
        let signing_key_id = made("/api/v1/signing-keys", json!({ "key_id": format!("k-{mark}") }), "key_id").await;
        let ai_id = made("/api/v1/ai-systems", json!({ "name": format!("system-{mark}") }), "ai_id").await;
        let invited = json!({ "email": format!("invited-{mark}@example.com"), "role": "viewer" });
        let invitation_id = made("/users", invited, "id").await;
        let topic = made("/api/v1/topics", json!({ "name": format!("topic-{mark}"), "partitions": 2 }), "name").await;
        let hold_id = made("/api/v1/legal-holds", json!({ "reason": format!("case-{mark}") }), "id").await;
        let view = json!({ "name": format!("view-{mark}"), "page": "live", "query": "", "shared": true });
        let view_id = text(&by_session.request("POST", "/api/v1/views", view).await.expect(201).body["id"]);
        let redaction = json!({ "modes": { "phone": "mask" } });
        by_session.request("PUT", "/api/v1/redaction", redaction).await.expect(200);
        let sent = by_key.publish(&event().saying(mark).signed_by(&organisation)).await.expect(202);
        let event_id = text(&sent.body["event_id"]);
        by_key.stored_once_there("", 1).await;
        let conflicting = event().with("event_id", event_id.clone()).saying("another").signed_by(&organisation);
        by_key.publish(&conflicting).await.expect(202);
        let dead_letter_id = eventually("a conflict is a dead letter", async || {
            Some(text(&by_key.all("/api/v1/dead-letters").await.first()?["id"]))
        })
        .await;
        Tenant {
            org_id: owner.org_id,
            member_id: member.id,
            organisation,
            by_key,
            by_session,
            key_id,
            signing_key_id,
            ai_id,
            event_id,
            dead_letter_id,
            invitation_id,
            hold_id,
            view_id,
            topic,
            session_id,
            email,
        }
    }

    /// The path of an operation, on what this tenant has; `None` when nothing of it belongs there.
    pub fn path_of(&self, operation: &Operation<'_>) -> Option<String> {
        let mut path = operation.path.to_owned();
        if path == "/events/publish" {
            // CloudEvents name no topic themselves.
            path = format!("{path}?topic={}", self.topic);
        }
        if path == "/events/read" {
            path = format!("{path}?topic=aibbar.events");
        }
        for parameter in operation.path_parameters() {
            let id: &str = match (operation.path, parameter) {
                (_, "event_id") => &self.event_id,
                (_, "key_id") => &self.signing_key_id,
                (_, "ai_id") => &self.ai_id,
                (_, "name") => &self.topic,
                (_, "group") => "archive",
                (path, "id") if path.starts_with("/api/v1/keys") => &self.key_id,
                (path, "id") if path.starts_with("/api/v1/invitations") => &self.invitation_id,
                (path, "id") if path.starts_with("/api/v1/legal-holds") => &self.hold_id,
                (path, "id") if path.starts_with("/api/v1/views") => &self.view_id,
                (path, "id") if path.starts_with("/api/v1/dead-letters") => &self.dead_letter_id,
                (path, "id") if path.starts_with("/users") => &self.member_id,
                (path, "id") if path.starts_with("/me/sessions") => &self.session_id,
                _ => return None,
            };
            path = path.replace(&format!("{{{parameter}}}"), id);
        }
        Some(path)
    }

    /// What nobody outside of it may read.
    pub fn marks(&self) -> [&str; 12] {
        [
            &self.org_id,
            &self.member_id,
            &self.key_id,
            &self.signing_key_id,
            &self.ai_id,
            &self.event_id,
            &self.invitation_id,
            &self.hold_id,
            &self.view_id,
            &self.topic,
            &self.session_id,
            &self.email,
        ]
    }

    /// This event, of now, from this organisation's AI system, signed with its key.
    pub fn signed(&self, event: &Value) -> Value {
        let mut members = event.as_object().expect("an event is an object").clone();
        members.remove("signature");
        members.insert("ai_id".into(), json!(self.organisation.ai_id));
        members.insert("key_id".into(), json!(self.organisation.key_id));
        members.insert("timestamp".into(), json!(Timestamp::from(SystemTime::now()).to_string()));
        let signature = Signature::of(&members, &self.organisation.secret).to_string();
        members.insert("signature".into(), json!(signature));
        members.into()
    }
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}
