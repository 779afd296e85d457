//! A browser, as far as a sign-in needs one: it keeps cookies, says that it is one, and goes where it is sent.

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use reqwest::{
    Url,
    header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};

use crate::client::{Answer, answer};

const ANSWER_WAIT_MAX: Duration = Duration::from_secs(60);

/// Longer than any chain of a sign-in.
const REDIRECTS_MAX: usize = 10;

/// One person's browser. A copy is the same browser at this moment, cookies and all.
#[derive(Clone, Debug)]
pub struct Browser {
    http: reqwest::Client,
    /// By host and port: the servers of a test share one host.
    cookies: HashMap<String, BTreeMap<String, String>>,
    /// Whether it tells what it does for whom, as browsers do.
    is_program: bool,
    /// Where it is, as far as servers trust the proxy that it claims to be behind.
    address: String,
}

impl Browser {
    /// A browser without a cookie.
    pub fn new() -> Browser {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).timeout(ANSWER_WAIT_MAX).build();
        let http = http.expect("the client can be built");
        Browser { http, cookies: HashMap::new(), is_program: false, address: address() }
    }

    /// A program that keeps cookies.
    pub fn program() -> Browser {
        Browser { is_program: true, ..Self::new() }
    }

    /// Gives it a cookie for the server at this address.
    #[track_caller]
    pub fn set_cookie(&mut self, url: &str, name: &str, value: &str) {
        self.cookies.entry(server(&parse(url))).or_default().insert(name.to_owned(), value.to_owned());
    }

    /// The cookie of this name for the server at this address.
    #[track_caller]
    pub fn cookie(&self, url: &str, name: &str) -> Option<&str> {
        self.cookies.get(&server(&parse(url)))?.get(name).map(String::as_str)
    }

    /// Goes to a page, and no further.
    pub async fn go(&mut self, url: &str) -> Answer {
        let url = parse(url);
        let mut request = self.http.get(url.clone()).header("X-Forwarded-For", &self.address);
        if !self.is_program {
            request = request
                .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Site", "cross-site");
        }
        let cookies = self.cookies.entry(server(&url)).or_default();
        if !cookies.is_empty() {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        let answer = answer(request).await.expect("the server answers");
        keep(cookies, &answer.headers);
        answer
    }

    /// Goes where it is sent, until it is sent to an address that begins like this, which it answers without going.
    pub async fn go_until(&mut self, url: &str, begins: &str) -> String {
        let mut here = url.to_owned();
        for _ in 0..REDIRECTS_MAX {
            let answer = self.go(&here).await;
            let there = location(&answer).unwrap_or_else(|| panic!("{here} leads nowhere: {answer:?}"));
            here = parse(&here).join(&there).expect("a redirect names an address").to_string();
            if here.starts_with(begins) {
                return here;
            }
        }
        panic!("more than {REDIRECTS_MAX} redirects from {url}");
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

/// One of its own for each: attempts that fail are counted by address.
fn address() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let [_, _, high, low] = LAST.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    format!("198.19.{high}.{low}")
}

/// Where an answer sends its browser, as it says it.
pub fn location(answer: &Answer) -> Option<String> {
    Some(answer.headers.get(LOCATION)?.to_str().ok()?.to_owned())
}

fn keep(cookies: &mut BTreeMap<String, String>, headers: &HeaderMap) {
    for set in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
        let (pair, attributes) = set.split_once(';').unwrap_or((set, ""));
        let Some((name, value)) = pair.split_once('=') else { continue };
        let ends = attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("max-age=0"));
        if ends || value.is_empty() {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

#[track_caller]
fn parse(url: &str) -> Url {
    Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn server(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}
