//! The dashboard over HTTP: where its page is found, what browsers may keep of it, and that the API does not notice.

#![allow(clippy::unwrap_used)]

mod rig;

use std::{fs, path::Path};

use gateway::Dashboard;
use reqwest::{
    Method, RequestBuilder, Response,
    header::{ACCEPT, HeaderMap},
};
use rig::{Rig, body, problem};
use store::limits::Limit;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// As browsers send it when somebody goes somewhere.
const NAVIGATION: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const PAGE: &str = "<!doctype html><title>GAPIN</title>";

/// More than one piece of an answer.
fn script() -> String {
    "let it = 1;\n".repeat(10_000)
}

fn build(dist: &Path) {
    fs::create_dir_all(dist.join("assets")).unwrap();
    for (name, text) in [
        ("index.html", PAGE),
        ("theme.js", "theme()"),
        ("assets/index-B3f1.js", &script()),
        ("assets/index-B3f1.js.br", "compressed"),
        ("../secret.txt", "a secret"),
    ] {
        fs::write(dist.join(name), text).unwrap();
    }
}

/// A gateway with a dashboard that was built.
async fn with_dashboard() -> (tempfile::TempDir, Rig) {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    build(&dist);
    let rig = Rig::start(|settings| settings.dashboard = Some(Dashboard::in_folder(dist))).await;
    (folder, rig)
}

fn ask(rig: &Rig, method: Method, path: &str) -> RequestBuilder {
    rig.http.request(method, format!("{}{path}", rig.url))
}

fn go(rig: &Rig, path: &str) -> RequestBuilder {
    ask(rig, Method::GET, path).header(ACCEPT, NAVIGATION)
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).unwrap_or_else(|| panic!("no {name} in {headers:?}")).to_str().unwrap()
}

async fn sent(request: RequestBuilder) -> (u16, HeaderMap, String) {
    let answer: Response = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, answer.text().await.unwrap())
}

#[track_caller]
fn assert_guarded(headers: &HeaderMap) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(header(headers, name), value, "{name}");
    }
    let policy = header(headers, "content-security-policy");
    for directive in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(directive), "{policy}");
    }
    assert!(header(headers, "permissions-policy").contains("camera=()"));
}

#[tokio::test]
async fn a_browser_is_given_the_page_wherever_it_goes() {
    let (_folder, rig) = with_dashboard().await;
    for path in ["/", "/live?q=refund", "/topics/orders.v1", "/event/01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60", "/a/b/c"] {
        let (status, headers, text) = sent(go(&rig, path)).await;
        assert_eq!((status, text.as_str()), (200, PAGE), "{path}");
        assert_eq!(header(&headers, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&headers, "cache-control"), "no-cache");
        assert_eq!(header(&headers, "vary"), "Accept, Accept-Encoding");
        assert!(!headers.contains_key("ratelimit") && headers.contains_key("x-request-id"), "{headers:?}");
        assert_guarded(&headers);

        let tag = header(&headers, "etag").to_owned();
        let (status, headers, text) = sent(go(&rig, path).header("if-none-match", &tag)).await;
        assert_eq!((status, text.as_str()), (304, ""), "{path}");
        assert_eq!((header(&headers, "etag"), header(&headers, "cache-control")), (tag.as_str(), "no-cache"));
        assert_guarded(&headers);
    }
    let (status, headers, text) = sent(ask(&rig, Method::HEAD, "/live").header(ACCEPT, NAVIGATION)).await;
    assert_eq!((status, text.as_str()), (200, ""));
    assert_eq!(header(&headers, "content-length"), PAGE.len().to_string());
    // Whoever looks what is at the address itself is shown.
    let (status, _, text) = sent(ask(&rig, Method::GET, "/")).await;
    assert_eq!((status, text.as_str()), (200, PAGE));
    assert!(rig.metric(r#"gapin_http_requests_total{method="GET",route="dashboard",status="200"}"#).await >= 6.0);
}

#[tokio::test]
async fn a_file_is_kept_for_as_long_as_its_name_is_good_for() {
    let (_folder, rig) = with_dashboard().await;
    let path = "/assets/index-B3f1.js";
    let (status, headers, text) = sent(ask(&rig, Method::GET, path)).await;
    assert_eq!((status, text), (200, script()));
    assert_eq!(header(&headers, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&headers, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&headers, "vary"), "Accept-Encoding");
    assert!(!headers.contains_key("content-encoding"));
    assert_guarded(&headers);

    let compressed = ask(&rig, Method::GET, path).header("accept-encoding", "gzip, deflate, br");
    let (status, of_brotli, text) = sent(compressed).await;
    assert_eq!((status, text.as_str()), (200, "compressed"));
    assert_eq!(header(&of_brotli, "content-encoding"), "br");
    assert_eq!(header(&of_brotli, "content-type"), "text/javascript; charset=utf-8");
    assert_ne!(header(&of_brotli, "etag"), header(&headers, "etag"), "they are not the same bytes");
    assert_eq!(sent(ask(&rig, Method::GET, &format!("{path}.br"))).await.0, 404);

    let (status, headers, text) = sent(ask(&rig, Method::GET, "/theme.js").header("accept-encoding", "br")).await;
    assert_eq!((status, text.as_str()), (200, "theme()"));
    assert_eq!(header(&headers, "cache-control"), "public, max-age=300");
    let tag = header(&headers, "etag");
    assert_eq!(sent(ask(&rig, Method::GET, "/theme.js").header("if-none-match", tag)).await.0, 304);

    let (status, headers, text) = sent(ask(&rig, Method::HEAD, path)).await;
    assert_eq!((status, text.as_str()), (200, ""));
    assert_eq!(header(&headers, "content-length"), script().len().to_string());
}

#[tokio::test]
async fn the_api_answers_as_if_there_were_no_dashboard() {
    let (_folder, rig) = with_dashboard().await;
    let org = rig.org().await;
    for (request, expected) in [
        (ask(&rig, Method::GET, "/live"), (404, "not_found")),
        (ask(&rig, Method::GET, "/nothing.js"), (404, "not_found")),
        (go(&rig, "/assets/missing.js"), (404, "not_found")),
        (go(&rig, "/api/v1/nothing"), (404, "not_found")),
        (go(&rig, "/me/nothing"), (404, "not_found")),
        (go(&rig, "/health/nothing"), (404, "not_found")),
        (go(&rig, "/aibbar/events"), (401, "missing_api_key")),
        (go(&rig, "/users"), (401, "missing_api_key")),
        (ask(&rig, Method::POST, "/live").header(ACCEPT, NAVIGATION), (404, "not_found")),
        (ask(&rig, Method::POST, "/"), (405, "method_not_allowed")),
        (ask(&rig, Method::DELETE, "/theme.js"), (405, "method_not_allowed")),
        (ask(&rig, Method::PUT, "/api/v1/keys"), (405, "method_not_allowed")),
    ] {
        problem(request, expected).await;
    }
    let refused = ask(&rig, Method::POST, "/").send().await.unwrap();
    assert_eq!(header(refused.headers(), "allow"), "GET, HEAD");
    let users = rig.get(&org, "/users").header(ACCEPT, NAVIGATION).send().await.unwrap();
    assert_eq!(users.status(), 200);
    assert!(body(users).await["items"].is_array());
    let health = go(&rig, "/health").send().await.unwrap();
    assert_eq!((health.status().as_u16(), header(health.headers(), "content-type")), (200, "application/json"));
}

/// A client of ours would mend these paths before it sends them.
#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let (_folder, rig) = with_dashboard().await;
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "/assets//../../secret.txt",
        "//secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/.%2e/secret.txt",
        "/assets/\\..\\..\\secret.txt",
    ] {
        for accept in [NAVIGATION, "*/*"] {
            let mut socket = TcpStream::connect(rig.url.trim_start_matches("http://")).await.unwrap();
            let head = format!("GET {path} HTTP/1.1\r\nHost: gapin\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");
            socket.write_all(head.as_bytes()).await.unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).await.unwrap();
            let is_page = answer.starts_with("HTTP/1.1 200") && answer.ends_with(PAGE);
            let is_refused = answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400");
            assert!(is_refused || (is_page && accept == NAVIGATION), "{path}: {answer}");
            assert!(!answer.contains("a secret"), "{path}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_dashboard_that_is_switched_off_is_not_there() {
    let rig = Rig::start(|settings| settings.dashboard = None).await;
    for path in ["/", "/live", "/assets/index-B3f1.js", "/theme.js"] {
        problem(go(&rig, path), (404, "not_found")).await;
    }
}

#[tokio::test]
async fn a_build_without_a_dashboard_says_so_and_the_api_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    let rig = Rig::start(|settings| settings.dashboard = Some(Dashboard::in_folder(&dist))).await;
    for path in ["/", "/topics/orders"] {
        let (status, headers, text) = sent(go(&rig, path)).await;
        assert_eq!(status, 404, "{path}");
        assert!(text.contains("make dashboard"), "{text}");
        assert_eq!(header(&headers, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&headers, "cache-control"), "no-store");
        assert_guarded(&headers);
    }
    problem(ask(&rig, Method::GET, "/"), (404, "not_found")).await;
    problem(go(&rig, "/assets/index-B3f1.js"), (404, "not_found")).await;
    let org = rig.org().await;
    assert_eq!(rig.get(&org, "/aibbar/events").send().await.unwrap().status(), 200);
    // One that is built while the gateway runs is found, where it is read from its folder.
    build(&dist);
    assert_eq!(sent(go(&rig, "/")).await.2, PAGE);
}

#[tokio::test]
async fn the_page_counts_against_no_limit_and_is_no_way_around_one() {
    const LIMIT: u64 = 5;
    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    build(&dist);
    let rig = Rig::start(|settings| {
        settings.dashboard = Some(Dashboard::in_folder(dist));
        settings.limits.anonymous_requests_per_minute = Limit::AtMost(LIMIT);
    })
    .await;
    for _ in 0..3 * LIMIT {
        for path in ["/", "/live", "/theme.js", "/assets/index-B3f1.js"] {
            let with_a_cookie = go(&rig, path).header("cookie", "__Host-gapin_access=none");
            assert_eq!(sent(with_a_cookie).await.0, 200, "{path}");
        }
    }
    // The router reads `%61` as `a`: it is a path of the API, and counts as one.
    let guess = || go(&rig, "/%61pi/v1/keys").bearer_auth("sk_none");
    for _ in 0..LIMIT {
        assert_eq!(sent(guess()).await.0, 401);
    }
    problem(guess(), (429, "rate_limited")).await;
    problem(ask(&rig, Method::GET, "/nothing"), (429, "rate_limited")).await;
    assert_eq!(sent(go(&rig, "/")).await.0, 200);
}
