//! Dead letters over the API, of the key's organisation.

use std::time::{Duration, SystemTime};

use aibbar::{Timestamp, dead_letter::Place};
use gateway::dead_letters::Filter;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use url::Url;

use super::Rest;
use crate::{
    exit::{Exit, Failure},
    http,
    settings::values::Secret,
    terminal::printable,
};

/// Letters of one page, and of one redrive: what the API takes at most of the latter.
const PAGE: u64 = 100;

/// Longer than a redrive of a full page may take.
const REQUEST_MAX: Duration = Duration::from_secs(120);

const PATH: &str = "api/v1/dead-letters";

pub(super) struct Api {
    client: reqwest::Client,
    gateway: Url,
    api_key: Secret,
}

impl Api {
    pub(super) fn new(gateway: &Url, api_key: Secret) -> Result<Api, Failure> {
        let client = http::client(gateway, REQUEST_MAX);
        let client = client.map_err(|error| Failure::failed(format!("no HTTP client: {error}")))?;
        Ok(Api { client, gateway: gateway.clone(), api_key })
    }

    /// Hands over at most `limit` letters, page by page.
    pub(super) async fn list(
        &self,
        filter: &Filter,
        limit: u64,
        mut print: impl FnMut(Value) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut cursor: Option<String> = None;
        let mut left = limit;
        while left > 0 {
            let mut url = http::endpoint(&self.gateway, PATH);
            url.query_pairs_mut()
                .extend_pairs(words(filter).iter().map(|(name, value)| (*name, value.as_str())))
                .extend_pairs(filter.state.map(|state| ("state", state.as_str())))
                .append_pair("limit", &left.min(PAGE).to_string())
                .extend_pairs(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page = self.ask(Method::GET, url, None).await?;
            for letter in page["items"].as_array().into_iter().flatten() {
                print(letter.clone())?;
                left = left.saturating_sub(1);
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        Ok(())
    }

    pub(super) async fn show(&self, id: Place) -> Result<Value, Failure> {
        self.ask(Method::GET, http::endpoint(&self.gateway, &format!("{PATH}/{id}")), None).await
    }

    /// Redrives these.
    pub(super) async fn redrive(
        &self,
        ids: &[Place],
        dry_run: bool,
        print: &mut impl FnMut(Value) -> Result<(), Failure>,
    ) -> Result<Rest, Failure> {
        for some in ids.chunks(PAGE as usize) {
            let ids: Vec<String> = some.iter().map(Place::to_string).collect();
            let told = self.order(json!({ "ids": ids, "dry_run": dry_run })).await?;
            results(&told).try_for_each(&mut *print)?;
        }
        Ok(Rest::default())
    }

    /// Redrives what matches, page by page; answers what is left. What fails again meanwhile is not tried again.
    pub(super) async fn redrive_all(
        &self,
        filter: Filter,
        limit: u64,
        dry_run: bool,
        print: &mut impl FnMut(Value) -> Result<(), Failure>,
    ) -> Result<Rest, Failure> {
        let filter = Filter { to: filter.to.or(Some(Timestamp::from(SystemTime::now()))), ..filter };
        let words: Map<String, Value> =
            words(&filter).into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let mut left = limit;
        loop {
            let order = json!({ "filter": words, "limit": left.min(PAGE), "dry_run": dry_run });
            let told = self.order(order).await?;
            let count = results(&told).count() as u64;
            results(&told).try_for_each(&mut *print)?;
            left = left.saturating_sub(count);
            let more = told["more"] == true;
            if !more || left == 0 || dry_run || told["redriven"].as_u64().unwrap_or(0) == 0 {
                return Ok(Rest { more, left_out: left_out(&told) });
            }
        }
    }

    async fn order(&self, order: Value) -> Result<Value, Failure> {
        self.ask(Method::POST, http::endpoint(&self.gateway, &format!("{PATH}/redrive")), Some(order)).await
    }

    async fn ask(&self, method: Method, url: Url, body: Option<Value>) -> Result<Value, Failure> {
        let mut request = self.client.request(method, url).bearer_auth(self.api_key.expose());
        if let Some(body) = body {
            request = request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let unreachable = |error: reqwest::Error| {
            Failure::unreachable(format!("{} can't be reached: {}", self.gateway, error.without_url()))
        };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(unreachable)?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(body);
        }
        let word = |name: &str| printable(body[name].as_str().unwrap_or_default(), 400);
        let sentence = format!("the gateway refuses: {} {} {}", status.as_u16(), word("code"), word("detail"));
        let exit = match status {
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => Exit::Unreachable,
            _ => Exit::Failed,
        };
        Err(Failure::new(exit, sentence.trim_end()))
    }
}

/// What was left out, as sentences. Each page tells all of it.
fn left_out(told: &Value) -> Vec<String> {
    let all = told["left_out"].as_array().into_iter().flatten();
    all.map(|left| {
        let detail = printable(left["detail"].as_str().unwrap_or_default(), 200);
        super::left_out(left["count"].as_u64().unwrap_or_default(), &detail)
    })
    .collect()
}

fn results(told: &Value) -> impl Iterator<Item = Value> {
    told["results"].as_array().into_iter().flatten().cloned()
}

fn words(filter: &Filter) -> Vec<(&'static str, String)> {
    let time = |name: &'static str, at: Option<Timestamp>| at.map(|at| (name, at.to_string()));
    let reason = filter.reason.map(|reason| ("reason", reason.as_str().to_owned()));
    [reason, time("from", filter.from), time("to", filter.to)].into_iter().flatten().collect()
}
