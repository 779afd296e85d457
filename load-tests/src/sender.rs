//! Who sends.

use aibbar::SigningSecret;
use serde::Deserialize;
use uuid::Uuid;

/// One AI system with its keys. `Debug` shows neither the key nor the secret.
#[derive(Clone)]
pub struct Sender {
    /// Senders of the same number belong to the same organisation.
    pub organisation: usize,
    /// What it is let in by.
    pub api_key: String,
    /// What its events name; `None`: the organisation's default key.
    pub key_id: Option<String>,
    /// What it signs with.
    pub secret: SigningSecret,
    /// Who it is.
    pub ai_id: Uuid,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sender")
            .field("organisation", &self.organisation)
            .field("ai_id", &self.ai_id)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(default)]
    organisation: usize,
    api_key: String,
    key_id: Option<String>,
    secret: String,
}

impl Sender {
    /// Reads senders from lines of JSON: `{"organisation": 0, "api_key": …, "key_id": …, "secret": …}`. The error tells
    /// the line, and nothing of what is in it.
    pub fn read_lines(text: &str) -> Result<Vec<Sender>, String> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let senders = lines.map(|(number, line)| {
            let Line { organisation, api_key, key_id, secret } = serde_json::from_str(line).map_err(|_| {
                format!(
                    "line {} is no {{\"organisation\": 0, \"api_key\": …, \"key_id\": …, \"secret\": …}}",
                    number + 1
                )
            })?;
            Ok(Sender { organisation, api_key, key_id, secret: SigningSecret::new(secret), ai_id: Uuid::new_v4() })
        });
        senders.collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn senders_are_read_and_a_fault_tells_no_secret() {
        let good = r#"{"api_key":"a","key_id":"k","secret":"s"}"#;
        let read = Sender::read_lines(&format!("{good}\n\n{good}")).unwrap();
        assert_eq!(read.len(), 2);
        assert_ne!(read[0].ai_id, read[1].ai_id);
        assert!(!format!("{read:?}").contains("\"s\""));
        let fault = Sender::read_lines(&format!("{good}\n{{\"api_key\":\"hidden\"}}")).unwrap_err();
        assert!(fault.contains("line 2") && !fault.contains("hidden"));
    }
}
