//! What a browser holds of a session, who may use it, and how it is given back.

use e2e::{Answer, Client, System};
use serde_json::json;

use crate::{PASSWORD, anonymous, as_somebody, login, somebody, token};

/// A browser on a page of this origin, with what it holds of cookies.
struct Browser {
    client: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn of(answer: &Answer, origin: &str, url: &str) -> Browser {
        let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let cookies = set.map(|text| {
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        });
        Browser { cookies: cookies.collect(), client: Client::anonymous(url).with_header("Origin", origin) }
    }

    fn cookie(&self, name: &str) -> &str {
        &self.cookies.iter().find(|(known, _)| known == name).unwrap().1
    }

    /// Sends its cookies, as browsers do whoever asks them to.
    fn client(&self) -> Client {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.client.with_header("Cookie", &cookies.join("; "))
    }

    fn with_token(&self, token: &str) -> Client {
        self.client().with_header("X-CSRF-Token", token)
    }
}

pub(crate) async fn a_browser_gets_cookies_and_only_our_own_pages_may_use_them(system: &System) {
    let email = "browser@example.com";
    somebody(system, email).await;
    let page = anonymous(system).with_header("Origin", &system.url);
    let foreign = anonymous(system).with_header("Origin", "https://evil.example");
    assert_eq!(login(&foreign, email, PASSWORD).await.expect(403).code(), "csrf_refused");

    let signed_in = login(&page, email, PASSWORD).await.expect(200);
    assert!(signed_in.body.get("access_token").is_none() && signed_in.body.get("refresh_token").is_none());
    let set: Vec<&str> = signed_in.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    for (name, attributes) in [
        ("__Host-gapin_access=", ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"].as_slice()),
        ("__Secure-gapin_refresh=", &["HttpOnly", "Secure", "SameSite=Lax", "Path=/auth"]),
        ("__Host-gapin_csrf=", &["Secure", "SameSite=Lax", "Path=/"]),
    ] {
        let cookie = set.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        let parts: Vec<&str> = cookie.split("; ").collect();
        assert!(attributes.iter().all(|attribute| parts.contains(attribute)), "{cookie}");
        assert_eq!(parts.contains(&"HttpOnly"), attributes.contains(&"HttpOnly"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }

    let ours = Browser::of(&signed_in, &system.url, &system.url);
    let theirs = Browser::of(&signed_in, "https://evil.example", &system.url);
    let csrf = ours.cookie("__Host-gapin_csrf").to_owned();
    assert_eq!(signed_in.body["csrf_token"], csrf.as_str());
    let name = json!({ "name": "Ada King" });

    ours.client().get("/me").await.expect(200);
    let of_another = login(&page, email, PASSWORD).await.expect(200).body["csrf_token"].as_str().unwrap().to_owned();
    for refused in [ours.client(), ours.with_token("x"), ours.with_token(&of_another), theirs.with_token(&csrf)] {
        assert_eq!(refused.request("PATCH", "/me", name.clone()).await.expect(403).code(), "csrf_refused");
    }
    ours.with_token(&csrf).request("PATCH", "/me", name).await.expect(200);

    // A WebSocket sends no token, but its origin.
    let socket = |client: Client| {
        client
            .with_header("Connection", "Upgrade")
            .with_header("Upgrade", "websocket")
            .with_header("Sec-WebSocket-Version", "13")
            .with_header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
    };
    assert_eq!(socket(theirs.client()).get("/ws/events").await.expect(403).code(), "csrf_refused");
    socket(ours.client()).get("/ws/events").await.expect(101);

    for refused in [ours.client(), ours.with_token(&of_another), theirs.with_token(&csrf)] {
        assert_eq!(refused.request("POST", "/auth/refresh", None).await.expect(403).code(), "csrf_refused");
    }
    let refreshed = ours.with_token(&csrf).request("POST", "/auth/refresh", None).await.expect(200);
    assert!(refreshed.body.get("refresh_token").is_none(), "{}", refreshed.body);
    let ours = Browser::of(&refreshed, &system.url, &system.url);
    ours.client().get("/me").await.expect(200);

    let csrf = ours.cookie("__Host-gapin_csrf").to_owned();
    assert_eq!(ours.client().request("POST", "/auth/logout", None).await.expect(403).code(), "csrf_refused");
    let signed_out = ours.with_token(&csrf).request("POST", "/auth/logout", None).await.expect(204);
    let gone = signed_out.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    assert_eq!(gone.filter(|cookie| cookie.contains("Max-Age=0")).count(), 3);
    ours.client().get("/me").await.expect(401);
}

pub(crate) async fn a_refresh_token_is_enough_to_sign_out(system: &System) {
    let (client, email) = (anonymous(system), "logout-late@example.com");
    let program = somebody(system, email).await;
    let gone = json!({ "refresh_token": token(&program, "refresh_token") });
    client.post_json("/auth/logout", gone.clone()).await.expect(204);
    assert_eq!(as_somebody(system, &program).get("/me").await.expect(401).code(), "invalid_access_token");
    client.post_json("/auth/refresh", gone.clone()).await.expect(401);
    assert_eq!(client.post_json("/auth/logout", gone).await.expect(401).code(), "invalid_refresh_token");
    assert_eq!(client.request("POST", "/auth/logout", None).await.expect(401).code(), "missing_api_key");

    // A browser drops the cookie of the access token after ten minutes.
    let page = anonymous(system).with_header("Origin", &system.url);
    let signed_in = login(&page, email, PASSWORD).await.expect(200);
    let mut browser = Browser::of(&signed_in, &system.url, &system.url);
    browser.cookies.retain(|(name, _)| name != "__Host-gapin_access");
    let csrf = browser.cookie("__Host-gapin_csrf").to_owned();
    assert_eq!(browser.client().request("POST", "/auth/logout", None).await.expect(403).code(), "csrf_refused");
    let signed_out = browser.with_token(&csrf).request("POST", "/auth/logout", None).await.expect(204);
    let dropped = signed_out.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    assert_eq!(dropped.filter(|cookie| cookie.contains("Max-Age=0")).count(), 3);
    browser.with_token(&csrf).request("POST", "/auth/refresh", None).await.expect(401);
}
