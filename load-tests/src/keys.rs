//! Signing keys for many AI systems, made over the API and taken away again.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use uuid::Uuid;

use crate::{
    connection::{Connection, NoAnswer, Target, bearer},
    sender::Sender,
};

/// Makes senders of one: each with a signing key and an AI system of its own, behind the same API key. None is left when one of
/// them can't be made.
pub async fn make(target: &Target, first: &Sender, count: usize) -> Result<Arc<[Sender]>, NoAnswer> {
    let mut senders = Vec::with_capacity(count);
    if let Err(error) = make_all(target, first, count, &mut senders).await {
        // The first error is the one to tell.
        let _ = revoke(target, &senders).await;
        return Err(error);
    }
    Ok(senders.into())
}

async fn make_all(target: &Target, first: &Sender, count: usize, senders: &mut Vec<Sender>) -> Result<(), NoAnswer> {
    let mut connection = Connection::open(target).await?;
    let bearer = bearer(&first.api_key);
    let mark = Uuid::new_v4().simple().to_string();
    for number in 0..count {
        let ai_id = Uuid::new_v4();
        let key_id = format!("bench-{}-{number}", &mark[..8]);
        let body = Bytes::from(json!({ "key_id": key_id, "ai_id": ai_id }).to_string());
        let made = connection.json("POST", "/api/v1/signing-keys", &bearer, body).await?;
        let secret = made["secret"].as_str().unwrap_or_default();
        senders.push(Sender {
            key_id: Some(key_id),
            secret: aibbar::SigningSecret::new(secret),
            ai_id,
            ..first.clone()
        });
    }
    Ok(())
}

/// Revokes what [`make`] has made. The last error is told, and the others are tried all the same.
pub async fn revoke(target: &Target, senders: &[Sender]) -> Result<(), NoAnswer> {
    let mut connection = Connection::open(target).await?;
    let mut ended = Ok(());
    for sender in senders {
        let path = format!("/api/v1/signing-keys/{}", sender.key_id.as_deref().unwrap_or_default());
        match connection.answer("DELETE", &path, &bearer(&sender.api_key), Bytes::new()).await {
            Ok(answer) if answer.status < 300 => {}
            Ok(answer) => ended = Err(crate::connection::refused(format!("DELETE {path}"), &answer)),
            Err(error) => {
                ended = Err(error);
                connection = Connection::open(target).await?;
            }
        }
    }
    ended
}
