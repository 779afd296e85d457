//! How each of the APIs words things.

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
    let mut query = Map::new();
    query.insert(name.to_owned(), asked);
    if let Some(model) = model {
        query.insert("model".to_owned(), Value::String(model));
    }
    query.insert("parameters".to_owned(), Value::Object(rest));
    query
}

#[cfg(test)]
mod tests {
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
}
