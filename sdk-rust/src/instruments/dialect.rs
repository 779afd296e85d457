//! How each of the APIs words things.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    answer::{Answer, Assembly, text_of},
    chat, completions, messages, responses,
};

/// The APIs that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Chat,
    Responses,
    Completions,
    Messages,
}

impl Dialect {
    /// The one that a request to this path is in; none where it is none of a model.
    pub(super) fn of(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let known = [
            ("/chat/completions", Self::Chat),
            ("/responses", Self::Responses),
            ("/completions", Self::Completions),
            ("/v1/messages", Self::Messages),
        ];
        known.into_iter().find(|(end, _)| path.ends_with(end)).map(|(_, dialect)| dialect)
    }

    /// Whether the body is one of it. Paths of other APIs end like these, too, and what is sent there is nobody's
    /// business: but for chat completions, whose path says enough, it names a model.
    pub(super) fn is_in(self, body: Option<&[u8]>) -> bool {
        /// The rest is passed over, and not kept.
        #[derive(Deserialize)]
        struct Asked<'a> {
            #[serde(borrow)]
            model: Cow<'a, str>,
        }
        let names_model =
            |body: &[u8]| serde_json::from_slice::<Asked<'_>>(body).is_ok_and(|asked| !asked.model.is_empty());
        self == Self::Chat || body.is_some_and(names_model)
    }

    /// Whose API it is.
    pub(super) fn provider(self) -> &'static str {
        match self {
            Self::Chat | Self::Responses | Self::Completions => "openai",
            Self::Messages => "anthropic",
        }
    }

    /// The event's query.
    pub(super) fn query(self, body: Map<String, Value>) -> Map<String, Value> {
        match self {
            Self::Chat => chat::query(body),
            Self::Responses => responses::query(body),
            Self::Completions => completions::query(body),
            Self::Messages => messages::query(body),
        }
    }

    /// A whole answer.
    pub(super) fn answer(self, result: Map<String, Value>) -> Answer {
        match self {
            Self::Chat => chat::answer(result),
            Self::Responses => responses::answer(result),
            Self::Completions => completions::answer(result),
            Self::Messages => messages::answer(result),
        }
    }

    /// For a streamed one.
    pub(super) fn assembly(self) -> Box<dyn Assembly> {
        match self {
            Self::Chat => Box::new(chat::ChatAssembly::new()),
            Self::Responses => Box::new(responses::ResponsesAssembly::new()),
            Self::Completions => Box::new(completions::CompletionsAssembly::new()),
            Self::Messages => Box::new(messages::MessagesAssembly::new()),
        }
    }
}

/// A query of what was asked, with the rest of the body as its parameters.
pub(super) fn query_of(name: &str, asked: Value, mut rest: Map<String, Value>) -> Map<String, Value> {
    let model = text_of(&rest, "model");
    rest.remove("model");
    strip(&mut rest);
    let mut query = Map::new();
    query.insert(name.to_owned(), asked);
    if let Some(model) = model {
        query.insert("model".to_owned(), Value::String(model));
    }
    query.insert("parameters".to_owned(), Value::Object(rest));
    query
}

/// Takes out what opens the servers that a model may call.
fn strip(parameters: &mut Map<String, Value>) {
    const SECRETS: [(&str, &[&str]); 2] =
        [("tools", &["authorization", "headers"]), ("mcp_servers", &["authorization_token"])];
    for (list, secrets) in SECRETS {
        let items = parameters.get_mut(list).and_then(Value::as_array_mut);
        for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
            item.retain(|name, _| !secrets.contains(&name.as_str()));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_is_known_by_the_end_of_its_path() {
        for (path, wanted) in [
            ("/v1/chat/completions", Some(Dialect::Chat)),
            ("/openai/deployments/d/chat/completions/", Some(Dialect::Chat)),
            ("/v1/completions", Some(Dialect::Completions)),
            ("/v1/responses", Some(Dialect::Responses)),
            ("/anthropic/v1/messages", Some(Dialect::Messages)),
            ("/v1/messages/count_tokens", None),
            ("/v1/threads/t/messages", None),
            ("/v1/responses/r/cancel", None),
            ("/v1/embeddings", None),
            ("/", None),
        ] {
            assert_eq!(Dialect::of(path), wanted, "{path}");
        }
    }

    #[test]
    fn what_opens_a_tool_is_not_recorded() {
        let mcp = json!({"type": "mcp", "server_url": "u", "authorization": "sekret", "headers": {"x-key": "sekret"}});
        let function = json!({"type": "function", "name": "f", "parameters": {"properties": {"headers": {}}}});
        let servers = json!([{"type": "url", "name": "n", "authorization_token": "sekret"}, 7]);
        let body = json!({"model": "m", "tools": [mcp, function], "mcp_servers": servers});
        for dialect in [Dialect::Chat, Dialect::Responses, Dialect::Completions, Dialect::Messages] {
            let query = Value::Object(dialect.query(body.as_object().cloned().unwrap_or_default()));
            assert!(!query.to_string().contains("sekret"), "{query}");
            assert_eq!(query["parameters"]["tools"], json!([{"type": "mcp", "server_url": "u"}, function]));
            assert_eq!(query["parameters"]["mcp_servers"], json!([{"type": "url", "name": "n"}, 7]));
        }
        assert!(Dialect::Chat.query(Map::from_iter([("tools".to_owned(), json!("none"))])).contains_key("parameters"));
    }

    #[test]
    fn a_request_to_a_path_that_others_have_names_a_model() {
        for body in [
            None,
            Some(r#"{"messaging_product": "whatsapp", "to": "49151", "text": {"body": "hello", "model": "m"}}"#),
            Some(r#"{"model": ""}"#),
            Some(r#"{"model": 7}"#),
            Some("answer=42&model=m"),
            Some(""),
        ] {
            let body = body.map(str::as_bytes);
            for dialect in [Dialect::Responses, Dialect::Completions, Dialect::Messages] {
                assert!(!dialect.is_in(body), "{dialect:?} {body:?}");
            }
            assert!(Dialect::Chat.is_in(body));
        }
        assert!(
            Dialect::Messages.is_in(Some(br#"{"messages": [{"content": [1, {"a": 2}]}], "model": "cla\u0075de"}"#))
        );
    }
}
