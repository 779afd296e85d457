//! The clients of providers, as their users have them, against a server that speaks the providers' APIs; what is
//! recorded is read back from the gateway. OpenAI's is `async-openai`, Anthropic's is rig's, and rig is the framework.
#![allow(clippy::unwrap_used, unreachable_pub)]

#[path = "support/provider.rs"]
mod provider;
#[path = "support/provider_answers.rs"]
mod provider_answers;
mod support;

use std::{convert::Infallible, error::Error as StdError, time::Duration};

use async_openai::{
    Client as OpenAi,
    config::OpenAIConfig,
    types::{chat::CreateChatCompletionRequest, responses::CreateResponse},
};
use futures_util::StreamExt as _;
use gapin_sdk::{
    Recorder, context,
    instruments::{Exchange, async_openai::instrument, reqwest_middleware::Recording},
};
use provider::Provider;
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use rig_agent::{AgentBuilder, agent::Agent};
use rig_core::{
    completion::CompletionRequest,
    driver::Model,
    providers::{
        anthropic::wire::{AnthropicConfig, Messages},
        openai::wire::{OpenAIConfig as RigConfig, Route},
    },
    streaming::{Item, StreamEvent},
    tool::PortableTool,
};
use rig_reqwest::ReqwestMiddlewareClient;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use support::{WAIT_MAX, gateway, settings, stored};
use uuid::Uuid;

const QUESTION: &str = "How is the weather in Rome?";

/// A provider, and a recorder whose events are read back.
struct Scene {
    provider: Provider,
    recorder: Recorder,
    ai_id: Uuid,
}

impl Scene {
    fn new() -> Self {
        let ai_id = Uuid::new_v4();
        let recorder = Recorder::new(settings(gateway(), ai_id)).unwrap();
        Self { provider: Provider::start(), recorder, ai_id }
    }

    /// An OpenAI client that nobody watches.
    fn plain_openai(&self) -> OpenAi<OpenAIConfig> {
        let config = OpenAIConfig::new().with_api_key("sk-none").with_api_base(format!("{}/v1", self.provider.url));
        OpenAi::build(http(), config)
    }

    fn openai(&self) -> OpenAi<OpenAIConfig> {
        instrument(self.plain_openai(), http(), &self.recorder)
    }

    fn watched_http(&self) -> ClientWithMiddleware {
        ClientBuilder::new(http()).with(Recording::new(&self.recorder)).build()
    }

    fn anthropic(&self, model: &str) -> Model<Messages> {
        anthropic(&self.provider.url, self.watched_http(), model)
    }

    /// What was recorded, oldest first.
    async fn told(&self, count: usize) -> Vec<Value> {
        assert!(self.recorder.flush(WAIT_MAX).await);
        let events = stored(gateway(), self.ai_id, count);
        let stats = self.recorder.stats();
        assert_eq!((stats.faults, stats.refused), (0, 0));
        events
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().tls_backend_native().no_proxy().build().unwrap()
}

fn anthropic(url: &str, http: ClientWithMiddleware, model: &str) -> Model<Messages> {
    AnthropicConfig::new("sk-none").with_base_url(url).connect(ReqwestMiddlewareClient::from(http)).completion(model)
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn asked() -> Value {
    json!([{"role": "user", "content": QUESTION}])
}

/// A chat completion that is asked for, with what else is said.
fn chat(more: Value) -> CreateChatCompletionRequest {
    let mut body = json!({"model": "gpt-4o", "messages": asked()});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    read(body)
}

fn response(more: Value) -> CreateResponse {
    let mut body = json!({"model": "gpt-4o", "input": QUESTION});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    read(body)
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event_type"].as_str().unwrap()).collect()
}

fn usage() -> Value {
    json!({"input_tokens": 11, "output_tokens": 7})
}

/// An error, with all that it came of.
fn chain(error: &dyn StdError) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(|error| format!("{error:?}\n")).collect()
}

/// A tool of an agent.
struct Weather;

impl PortableTool for Weather {
    const NAME: &'static str = "weather";
    type Args = Value;
    type Output = Value;
    type Error = Infallible;

    fn description(&self) -> String {
        "The weather of a city".to_owned()
    }

    fn parameters(&self) -> Value {
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]})
    }

    async fn call(&self, arguments: Value) -> Result<Value, Infallible> {
        Ok(json!({"sky": format!("sunny in {}", arguments["city"])}))
    }
}

fn agent(scene: &Scene) -> Agent {
    let config = RigConfig::new("sk-none").with_base_url(format!("{}/v1", scene.provider.url));
    let client = config.with_route(Route::Chat).connect(ReqwestMiddlewareClient::from(scene.watched_http()));
    AgentBuilder::new(client.completion("gpt-4o")).preamble("Be short.").tool(Weather).default_max_turns(3).build()
}

// feature: instruments.openai
#[tokio::test(flavor = "multi_thread")]
async fn openai_chat_completions_are_recorded() {
    let scene = Scene::new();
    let answer = scene.openai().chat().create(chat(json!({"temperature": 0.5, "n": 1}))).await.unwrap();
    assert_eq!(answer.choices[0].message.content.as_deref(), Some("It is sunny."));
    let events = scene.told(2).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.response"]);
    let wanted = json!({"messages": asked(), "model": "gpt-4o", "parameters": {"temperature": 0.5, "n": 1}});
    assert_eq!(events[0]["query"], wanted);
    let response = &events[1]["response"];
    assert_eq!(response["output"], json!({"role": "assistant", "content": "It is sunny.", "refusal": null}));
    assert_eq!(response["usage"], usage());
    assert_eq!(response["finish_reason"], "stop");
    assert_eq!(response["model"], "gpt-4o-2024-08-06");
    assert!(response["latency_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(events[0]["metadata"]["labels"], events[1]["metadata"]["labels"]);
    assert_eq!(events[0]["metadata"]["labels"]["instrument"], "openai");
}

// feature: instruments.openai
#[tokio::test(flavor = "multi_thread")]
async fn openai_responses_are_recorded() {
    let scene = Scene::new();
    let answer = scene.openai().responses().create(response(json!({"instructions": "Be short."}))).await.unwrap();
    assert_eq!(answer.output_text().as_deref(), Some("It is sunny."));
    let events = scene.told(2).await;
    assert_eq!(events[0]["query"]["prompt"], QUESTION);
    assert_eq!(events[0]["query"]["parameters"], json!({"instructions": "Be short."}));
    assert_eq!(events[1]["response"]["output"][0]["content"][0]["text"], "It is sunny.");
    assert_eq!(events[1]["response"]["usage"], usage());
    assert_eq!(events[1]["response"]["finish_reason"], "completed");
}

// feature: instruments.openai
#[tokio::test(flavor = "multi_thread")]
async fn what_is_tried_again_is_one_query() {
    let scene = Scene::new();
    scene.openai().chat().create(chat(json!({"model": "flaky"}))).await.unwrap();
    assert_eq!(scene.provider.requests().len(), 2);
    assert_eq!(kinds(&scene.told(2).await), ["ai.query", "ai.response"]);
}

// feature: instruments.openai
#[tokio::test(flavor = "multi_thread")]
async fn any_other_client_is_recorded_by_an_exchange() {
    let scene = Scene::new();
    let path = "/openai/v1/completions";
    let begin =
        |method| Exchange::begin(&scene.recorder, &method, path, Some(b"{\"model\": \"m\", \"prompt\": \"p\"}"));
    assert!(begin(Method::GET).is_none());
    let others = br#"{"messaging_product": "whatsapp", "to": "49151", "text": {"body": "hello"}}"#;
    for body in [Some(&others[..]), None] {
        assert!(Exchange::begin(&scene.recorder, &Method::POST, "/v1/messages", body).is_none());
    }
    let mut exchange = context::new().session_id("s-2").scope(|| begin(Method::POST)).unwrap();
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"))]);
    exchange.answered(StatusCode::OK, &headers);
    for piece in ["It ", "is "] {
        exchange.chunk(format!("data: {}\n\n", json!({"choices": [{"text": piece}]})).as_bytes());
    }
    exchange.failed("broken_pipe", "It broke.", true);
    drop(exchange);
    let events = scene.told(3).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.error", "ai.response"]);
    assert_eq!(events[0]["query"], json!({"prompt": "p", "model": "m", "parameters": {}}));
    assert_eq!(events[1]["error"], json!({"code": "broken_pipe", "message": "It broke.", "recoverable": true}));
    assert_eq!(events[2]["response"]["output"], "It is ");
    assert!(events.iter().all(|event| event["metadata"]["session_id"] == "s-2"));
}

// feature: instruments.openai_streamed
#[tokio::test(flavor = "multi_thread")]
async fn openai_chat_completions_are_recorded_when_they_are_streamed() {
    let scene = Scene::new();
    let request = chat(json!({"stream_options": {"include_usage": true}}));
    let chunks: Vec<_> = scene.openai().chat().create_stream(request).await.unwrap().collect().await;
    assert_eq!(chunks.len(), 6);
    let texts = chunks.iter().filter_map(|chunk| chunk.as_ref().unwrap().choices.first()?.delta.content.as_deref());
    assert_eq!(texts.collect::<String>(), "It is sunny.");
    let events = scene.told(2).await;
    assert_eq!(events[1]["response"]["output"], json!({"role": "assistant", "content": "It is sunny."}));
    assert_eq!(events[1]["response"]["usage"], usage());
    assert_eq!(events[1]["response"]["finish_reason"], "stop");
}

// feature: instruments.openai_streamed
#[tokio::test(flavor = "multi_thread")]
async fn openai_responses_are_recorded_when_they_are_streamed() {
    let scene = Scene::new();
    let stream = scene.openai().responses().create_stream(response(json!({}))).await.unwrap();
    assert_eq!(stream.map(Result::unwrap).count().await, 5);
    let events = scene.told(2).await;
    assert_eq!(events[1]["response"]["output"][0]["content"][0]["text"], "It is sunny.");
    assert_eq!(events[1]["response"]["usage"], usage());
}

// feature: instruments.openai_streamed
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_left_is_recorded_as_far_as_it_came() {
    let scene = Scene::new();
    let mut stream = scene.openai().chat().create_stream(chat(json!({"model": "held"}))).await.unwrap();
    for piece in ["", "It ", "is "] {
        let chunk = stream.next().await.unwrap().unwrap();
        assert_eq!(chunk.choices[0].delta.content.as_deref(), Some(piece));
    }
    drop(stream);
    let events = scene.told(2).await;
    assert_eq!(events[1]["response"]["output"]["content"], "It is ");
    assert_eq!(events[1]["response"]["finish_reason"], "cut");
}

// feature: instruments.anthropic
#[tokio::test(flavor = "multi_thread")]
async fn anthropic_messages_are_recorded() {
    let scene = Scene::new();
    let request = CompletionRequest::new(QUESTION).preamble("Be short.").max_tokens(100);
    let answer = scene.anthropic("claude-x").call(request).await.unwrap();
    assert_eq!(answer.text(), "It is sunny.");
    let events = scene.told(2).await;
    let sent: Value = serde_json::from_slice(&scene.provider.requests()[0].body).unwrap();
    let query = &events[0]["query"];
    assert_eq!(query["messages"][0], json!({"role": "system", "content": sent["system"]}));
    assert!(query["messages"][0].to_string().contains("Be short."));
    assert_eq!(query["messages"].as_array().unwrap()[1..], *sent["messages"].as_array().unwrap());
    assert_eq!((&query["model"], &query["parameters"]["max_tokens"]), (&json!("claude-x"), &json!(100)));
    assert_eq!(events[1]["response"]["output"], json!([{"type": "text", "text": "It is sunny."}]));
    assert_eq!(events[1]["response"]["usage"], usage());
    assert_eq!(events[1]["response"]["finish_reason"], "end_turn");
    assert_eq!(events[1]["metadata"]["labels"]["instrument"], "anthropic");
}

// feature: instruments.anthropic_streamed
#[tokio::test(flavor = "multi_thread")]
async fn anthropic_messages_are_recorded_when_they_are_streamed() {
    let scene = Scene::new();
    let mut stream = scene.anthropic("claude-x").stream(CompletionRequest::new(QUESTION).max_tokens(100)).unwrap();
    let mut text = String::new();
    while let Some(item) = stream.next().await {
        if let Item::Event(StreamEvent::Text { text: piece, .. }) = item.unwrap() {
            text.push_str(&piece);
        }
    }
    assert_eq!(text, "It is sunny.");
    let events = scene.told(2).await;
    assert_eq!(events[1]["response"]["output"], json!([{"type": "text", "text": "It is sunny."}]));
    assert_eq!(events[1]["response"]["usage"], usage());
    assert_eq!(events[1]["response"]["finish_reason"], "end_turn");
}

// feature: instruments.tool_calls
#[tokio::test(flavor = "multi_thread")]
async fn tool_calls_are_actions() {
    let scene = Scene::new();
    let (openai, claude) = (scene.openai(), scene.anthropic("claude-x"));
    let of_chat = chat(json!({"tools": [{"type": "function", "function": {"name": "weather"}}]}));
    let of_responses = response(json!({"tools": [
        {"type": "function", "name": "weather", "parameters": {"type": "object"}, "strict": false}
    ]}));
    let of_claude = || {
        let tool = rig_core::tool::tool_definition(&Weather);
        CompletionRequest::new(QUESTION).max_tokens(9).tools(vec![tool])
    };
    openai.chat().create(of_chat.clone()).await.unwrap();
    openai.responses().create(of_responses.clone()).await.unwrap();
    assert_eq!(claude.call(of_claude()).await.unwrap().tool_calls().count(), 1);
    openai.chat().create_stream(of_chat).await.unwrap().map(Result::unwrap).count().await;
    openai.responses().create_stream(of_responses).await.unwrap().map(Result::unwrap).count().await;
    claude.stream(of_claude()).unwrap().map(Result::unwrap).count().await;
    let events = scene.told(18).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.response", "ai.action"].repeat(6));
    for (turn, call_id) in events.chunks(3).zip(["call_1", "call_1", "toolu_1"].repeat(2)) {
        assert_eq!(turn[2]["action"]["function"], "weather");
        assert_eq!(turn[2]["action"]["input"], json!({"city": "Rome"}));
        assert_eq!(turn[2]["action"]["model"], turn[1]["response"]["model"]);
        assert_eq!(turn[2]["metadata"]["labels"]["tool_call"], call_id);
        assert_eq!(turn[2]["metadata"]["labels"]["call"], turn[0]["metadata"]["labels"]["call"]);
    }
}

// feature: instruments.framework
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_and_its_tools_are_recorded() {
    let scene = Scene::new();
    let agent = agent(&scene);
    let answer = context::new().session_id("s-1").run(async { agent.prompt(QUESTION).await }).await.unwrap();
    assert_eq!(answer.output(), "It is sunny.");
    let events = scene.told(5).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.response", "ai.action", "ai.query", "ai.response"]);
    assert_eq!(events[0]["query"]["model"], "gpt-4o");
    assert_eq!(events[2]["action"]["function"], "weather");
    assert_eq!(events[2]["action"]["input"], json!({"city": "Rome"}));
    let messages = events[3]["query"]["messages"].as_array().unwrap();
    assert!(messages.last().unwrap().to_string().contains("sunny in"), "what the tool gave is in the next query");
    assert_eq!(events[4]["response"]["output"]["content"], "It is sunny.");
    assert!(events.iter().all(|event| event["metadata"]["session_id"] == "s-1"));
}

// feature: instruments.framework
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_streams_is_recorded() {
    let scene = Scene::new();
    let config = AnthropicConfig::new("sk-none").with_base_url(&scene.provider.url);
    let client = config.connect(ReqwestMiddlewareClient::from(scene.watched_http()));
    let agent = AgentBuilder::new(client.completion("claude-x")).max_tokens(100).tool(Weather).default_max_turns(3);
    let mut stream = agent.build().prompt(QUESTION).stream();
    while let Some(item) = stream.next().await {
        item.unwrap();
    }
    let events = scene.told(5).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.response", "ai.action", "ai.query", "ai.response"]);
    assert_eq!(events[2]["action"]["input"], json!({"city": "Rome"}));
    assert_eq!(events[4]["response"]["finish_reason"], "end_turn");
}

// feature: instruments.transparent
#[tokio::test(flavor = "multi_thread")]
async fn errors_reach_the_caller_and_are_recorded() {
    let scene = Scene::new();
    let broken = || chat(json!({"model": "broken"}));
    let wanted = scene.plain_openai().chat().create(broken()).await.unwrap_err();
    let got = scene.openai().chat().create(broken()).await.unwrap_err();
    assert_eq!(chain(&got), chain(&wanted));
    let request = || CompletionRequest::new(QUESTION).max_tokens(1);
    let plain = anthropic(&scene.provider.url, ClientBuilder::new(http()).build(), "broken");
    let wanted = plain.call(request()).await.unwrap_err();
    let got = scene.anthropic("broken").call(request()).await.unwrap_err();
    assert_eq!(got.to_string(), wanted.to_string());
    let events = scene.told(4).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.error"].repeat(2));
    assert_eq!(events[1]["error"], json!({"code": "bad_thing", "message": "No.", "recoverable": false}));
    assert_eq!(events[3]["error"], json!({"code": "overloaded_error", "message": "Overloaded", "recoverable": true}));
    assert!(events.iter().all(|event| event["query"]["model"] == "broken"));
}

// feature: instruments.transparent
#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_way_reach_the_caller_and_are_recorded() {
    let scene = Scene::new();
    let body = json!({"model": "cut", "stream": true, "messages": asked()}).to_string();
    let url = format!("{}/v1/chat/completions", scene.provider.url);
    let mut texts = Vec::new();
    for http in [ClientBuilder::new(http()).build(), scene.watched_http()] {
        let mut stream = http.post(&url).body(body.clone()).send().await.unwrap().bytes_stream();
        let mut came = Vec::new();
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(chunk) => came.extend_from_slice(&chunk),
                Err(error) => break error,
            }
        };
        assert!(error.is_decode() && !error.is_timeout());
        texts.push((came, error.to_string()));
        let nowhere =
            http.post("http://127.0.0.1:9/v1/messages?key=sk-none").body(r#"{"model": "m"}"#).send().await.unwrap_err();
        assert!(nowhere.is_connect());
    }
    assert_eq!(texts[0], texts[1]);
    let events = scene.told(5).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.error", "ai.response", "ai.query", "ai.error"]);
    assert_eq!(events[2]["response"]["output"]["content"], "It is ");
    assert_eq!(events[2]["response"]["finish_reason"], "cut");
    for error in [&events[1]["error"], &events[4]["error"]] {
        assert_eq!((&error["code"], &error["recoverable"]), (&json!("connection"), &json!(true)));
        assert!(!error["message"].as_str().unwrap().is_empty() && !error.to_string().contains("sk-none"));
    }
}

// feature: instruments.transparent
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_says_that_it_has_failed_reaches_the_caller_and_is_recorded() {
    let scene = Scene::new();
    let request = CompletionRequest::new(QUESTION).max_tokens(9);
    let items: Vec<_> = scene.anthropic("failing").stream(request).unwrap().collect().await;
    assert!(items.last().unwrap().is_err());
    let events = scene.told(3).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.error", "ai.response"]);
    assert_eq!(events[1]["error"], json!({"code": "overloaded_error", "message": "Overloaded", "recoverable": true}));
    assert_eq!(events[2]["response"]["finish_reason"], "cut");
}

// feature: instruments.transparent
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_before_the_answer_is_recorded() {
    let scene = Scene::new();
    let openai = scene.openai();
    let silent = async {
        openai.chat().create(chat(json!({"model": "silent"}))).await.unwrap();
    };
    let asked =
        support::eventually_async("it was asked", async || (scene.provider.requests().len() == 1).then_some(()));
    tokio::select! {
        () = silent => panic!("an answer of one that never answers"),
        () = asked => {}
    }
    let events = scene.told(2).await;
    assert_eq!(kinds(&events), ["ai.query", "ai.error"]);
    assert_eq!(events[1]["error"]["code"], "cancelled");
}

// feature: instruments.transparent
#[tokio::test(flavor = "multi_thread")]
async fn chunks_come_as_they_are_sent() {
    let scene = Scene::new();
    let mut stream = scene.openai().chat().create_stream(chat(json!({"model": "held"}))).await.unwrap();
    for _ in 0..3 {
        stream.next().await.unwrap().unwrap(); // the rest is not even sent
    }
    scene.provider.go_on();
    assert_eq!(stream.map(Result::unwrap).count().await, 2);
    let events = scene.told(2).await;
    assert_eq!(events[1]["response"]["output"]["content"], "It is sunny.");
}

// feature: instruments.transparent
#[tokio::test(flavor = "multi_thread")]
async fn a_response_is_what_it_was() {
    let scene = Scene::new();
    let chat = json!({"model": "gpt-4o", "messages": asked(), "stream": false});
    let streamed = json!({"model": "gpt-4o", "messages": asked(), "stream": true});
    for (path, body) in [("chat/completions", &chat), ("chat/completions", &streamed), ("embeddings", &chat)] {
        let mut seen = Vec::new();
        for http in [ClientBuilder::new(http()).build(), scene.watched_http()] {
            let url = format!("{}/v1/{path}?a=1", scene.provider.url);
            let response = http.post(&url).body(body.to_string()).send().await.unwrap();
            let head = (response.status(), response.version(), response.url().clone(), response.headers().clone());
            seen.push((head, response.content_length(), response.remote_addr(), response.bytes().await.unwrap()));
        }
        assert_eq!(seen[0], seen[1]);
    }
    let requests = scene.provider.requests();
    assert!(requests.chunks(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(kinds(&scene.told(4).await), ["ai.query", "ai.response"].repeat(2), "embeddings are none of a model");
}

// feature: instruments.transparent
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_recorder_is_not_noticed() {
    let scene = Scene::new();
    let wanted = scene.plain_openai().chat().create(chat(json!({}))).await.unwrap();
    let nowhere = settings(gateway(), scene.ai_id).url("http://127.0.0.1:9");
    let lost = Recorder::builder(nowhere).flush_timeout(Duration::from_millis(50)).build().unwrap();
    let closed = Recorder::new(settings(gateway(), scene.ai_id)).unwrap();
    assert!(closed.close().await);
    for recorder in [lost, closed] {
        let client = instrument(scene.plain_openai(), http(), &recorder);
        assert_eq!(client.chat().create(chat(json!({}))).await.unwrap(), wanted);
        let stream = client.chat().create_stream(chat(json!({}))).await.unwrap();
        assert_eq!(stream.map(Result::unwrap).count().await, 5);
        let watched = ClientBuilder::new(http()).with(Recording::new(&recorder)).build();
        let request = CompletionRequest::new(QUESTION).max_tokens(9);
        let answer = anthropic(&scene.provider.url, watched, "claude-x").call(request).await;
        assert_eq!(answer.unwrap().text(), "It is sunny.");
    }
    let bodies: Vec<_> = scene.provider.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies[0], bodies[1]);
    assert!(stored(gateway(), scene.ai_id, 0).is_empty());
}
