//! Sign-in with Google and GitHub, on a real OpenID provider: who gets in, who does not, and as whom.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::atomic::{AtomicU64, Ordering};

use e2e::{Answer, Browser, Client, Shape, System, eventually, location, on_both_shapes};
use serde_json::{Value, json};
use testbed::{OpenIdProvider, ProviderAccount, Smtp};

const GOOGLE: &str = "google";
const GITHUB: &str = "github";
const PASSWORD: &str = "a quiet harbour at dusk";

on_both_shapes!(on Rig:
    google_signs_a_new_person_in_and_back_in,
    github_signs_a_program_in_with_tokens,
    what_was_not_begun_in_this_browser_is_refused,
    who_comes_back_from_nowhere_again_and_again_is_not_heard,
    a_code_is_good_once,
    an_answer_to_another_question_is_refused,
    who_declines_is_not_signed_in,
    an_address_that_the_provider_has_not_verified_is_refused,
    both_providers_lead_to_the_person_with_the_verified_address,
    an_account_that_nobody_verified_is_no_way_in_for_who_registered_it,
    a_person_has_one_account_at_a_provider,
    nobody_is_sent_to_another_site,
    every_sign_in_stands_in_the_trail,
);

/// A system whose Google and GitHub are one provider of the test's.
struct Rig {
    provider: OpenIdProvider,
    mail: Smtp,
    system: System,
}

impl Rig {
    fn start(shape: Shape) -> Rig {
        Self::start_with(shape, "open")
    }

    fn start_with(shape: Shape, registration: &str) -> Rig {
        let (provider, mail) = (OpenIdProvider::start(), Smtp::start());
        let settings = [
            ("GAPIN_GOOGLE_CLIENT_ID", OpenIdProvider::GOOGLE.id.to_owned()),
            ("GAPIN_GOOGLE_CLIENT_SECRET", OpenIdProvider::GOOGLE.secret.to_owned()),
            ("GAPIN_GOOGLE_ISSUER_URL", provider.url()),
            ("GAPIN_GITHUB_CLIENT_ID", OpenIdProvider::GITHUB.id.to_owned()),
            ("GAPIN_GITHUB_CLIENT_SECRET", OpenIdProvider::GITHUB.secret.to_owned()),
            ("GAPIN_GITHUB_URL", provider.url()),
            ("GAPIN_GITHUB_API_URL", provider.url()),
            ("GAPIN_SMTP_URL", mail.url()),
            ("GAPIN_EMAIL_FROM", "GAPIN <gapin@example.com>".to_owned()),
            ("GAPIN_REGISTRATION", registration.to_owned()),
            // Each browser has an address of its own.
            ("GAPIN_TRUSTED_PROXIES", "127.0.0.0/8".to_owned()),
        ];
        let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
        let system = System::start_with(shape, &settings);
        Rig { provider, mail, system }
    }

    /// A person of whom the provider knows that the address is theirs.
    fn person(&self) -> ProviderAccount {
        static PEOPLE: AtomicU64 = AtomicU64::new(1);
        let subject = PEOPLE.fetch_add(1, Ordering::Relaxed);
        let email = format!("person-{subject}@example.com");
        let account = ProviderAccount { subject, email, is_verified: true, name: format!("Person {subject}") };
        self.provider.knows(account.clone());
        account
    }

    /// The same with this browser, or program, which the provider takes for theirs.
    fn signed_in_there(&self, mut browser: Browser, account: &ProviderAccount) -> Browser {
        browser.set_cookie(&self.provider.url(), "account", &account.subject.to_string());
        browser
    }

    fn browser_of(&self, account: &ProviderAccount) -> Browser {
        self.signed_in_there(Browser::new(), account)
    }

    fn start_url(&self, provider: &str) -> String {
        format!("{}/auth/oauth/{provider}/start", self.system.url)
    }

    fn callback_url(&self, provider: &str) -> String {
        format!("{}/auth/oauth/{provider}/callback", self.system.url)
    }

    /// From the start to where the provider sends the browser back to, which it does not yet go to.
    async fn until_callback(&self, browser: &mut Browser, provider: &str) -> String {
        browser.go_until(&self.start_url(provider), &self.callback_url(provider)).await
    }

    /// The same, with the question to the provider changed on the way.
    async fn until_callback_asking(
        &self,
        browser: &mut Browser,
        provider: &str,
        change: impl Fn(&str) -> String,
    ) -> String {
        let begun = browser.go(&self.start_url(provider)).await.expect(302);
        let asked = location(&begun).unwrap();
        let changed = change(&asked);
        assert_ne!(asked, changed);
        browser.go_until(&changed, &self.callback_url(provider)).await
    }

    /// All of it.
    async fn sign_in(&self, browser: &mut Browser, provider: &str) -> Answer {
        let callback = self.until_callback(browser, provider).await;
        browser.go(&callback).await
    }

    /// What the system says of whoever is signed in in this browser.
    async fn me(&self, browser: &mut Browser) -> Value {
        browser.go(&format!("{}/me", self.system.url)).await.expect(200).body
    }

    async fn is_signed_in(&self, browser: &mut Browser) -> bool {
        browser.go(&format!("{}/me", self.system.url)).await.status == 200
    }

    /// Signs in as a program would, and speaks for this person.
    async fn client_of(&self, account: &ProviderAccount, provider: &str) -> Client {
        let mut program = self.signed_in_there(Browser::program(), account);
        let answer = self.sign_in(&mut program, provider).await.expect(200);
        Client::new(&self.system.url, answer.body["access_token"].as_str().unwrap())
    }

    async fn login(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        Client::anonymous(&self.system.url).request("POST", "/auth/login", body).await
    }
}

/// Puts this in the place of a parameter's value.
fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (before, query) = url.split_once('?').unwrap();
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((found, _)) if found == name => format!("{name}={value}"),
        _ => pair.to_owned(),
    });
    format!("{before}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn parameter<'u>(url: &'u str, name: &str) -> Option<&'u str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// What a browser is refused it reads on the dashboard's page to sign in at.
#[track_caller]
fn browser_refused(answer: &Answer, code: &str) {
    let there = location(answer).unwrap_or_else(|| panic!("{answer:?}"));
    assert_eq!((answer.status, parameter(&there, "refused")), (302, Some(code)), "{there}");
    assert!(there.starts_with("/login?"), "{there}");
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[track_caller]
fn refused(answer: &Answer) {
    browser_refused(answer, "provider_sign_in_failed");
    assert!(answer.headers.get("set-cookie").is_none(), "{:?}", answer.headers);
}

async fn google_signs_a_new_person_in_and_back_in(rig: &Rig) {
    let account = rig.person();
    let mut browser = rig.browser_of(&account);

    let begun = browser.go(&format!("{}?return_to=/events%3Fq%3Da", rig.start_url(GOOGLE))).await.expect(302);
    let asked = location(&begun).unwrap();
    assert!(asked.starts_with(&rig.provider.url()), "{asked}");
    assert_eq!(parameter(&asked, "code_challenge_method"), Some("S256"));
    assert!(["state", "nonce", "code_challenge"].iter().all(|name| parameter(&asked, name).unwrap().len() >= 43));
    let cookie = begun.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-gapin_flow_google=") && cookie.contains("; HttpOnly"), "{cookie}");
    for name in ["state", "nonce"] {
        assert!(!cookie.contains(parameter(&asked, name).unwrap()), "the cookie shows the {name}");
    }

    let callback = browser.go_until(&asked, &rig.callback_url(GOOGLE)).await;
    let finished = browser.go(&callback).await.expect(302);
    assert_eq!(location(&finished).as_deref(), Some("/events?q=a"));
    assert_eq!(finished.headers["cache-control"], "no-store");
    assert_eq!(finished.headers["referrer-policy"], "no-referrer");
    assert!(browser.cookie(&rig.system.url, "__Host-gapin_flow_google").is_none());

    let me = rig.me(&mut browser).await;
    assert_eq!(me["user"]["email"], account.email.as_str());
    assert_eq!(me["user"]["name"], account.name.as_str());
    assert_eq!(me["user"]["email_verified"], true);
    assert_eq!(me["user"]["has_password"], false);
    assert_eq!(me["organisation"]["role"], "owner");

    let mut elsewhere = rig.browser_of(&account);
    let finished = rig.sign_in(&mut elsewhere, GOOGLE).await.expect(302);
    assert_eq!(location(&finished).as_deref(), Some("/"));
    assert_eq!(rig.me(&mut elsewhere).await["user"]["id"], me["user"]["id"]);
}

async fn github_signs_a_program_in_with_tokens(rig: &Rig) {
    let account = rig.person();
    let mut program = rig.signed_in_there(Browser::program(), &account);
    let answer = rig.sign_in(&mut program, GITHUB).await.expect(200);
    assert_eq!(answer.body["user"]["email"], account.email.as_str());

    let client = Client::new(&rig.system.url, answer.body["access_token"].as_str().unwrap());
    let me = client.get("/me").await.expect(200).body;
    assert_eq!(me["user"]["name"], account.name.as_str());
    assert_eq!(me["user"]["email_verified"], true);
}

async fn what_was_not_begun_in_this_browser_is_refused(rig: &Rig) {
    let account = rig.person();
    let mut browser = rig.browser_of(&account);
    let callback = rig.until_callback(&mut browser, GOOGLE).await;

    // Somebody else's link, in a browser that began nothing, and in one that began something else.
    refused(&Browser::new().go(&callback).await);
    let mut other = rig.browser_of(&account);
    rig.until_callback(&mut other, GOOGLE).await;
    refused(&other.go(&callback).await);

    refused(&browser.clone().go(&with_parameter(&callback, "state", "guessed")).await);
    refused(&browser.clone().go(&with_parameter(&callback, "state", "")).await);
    let state = parameter(&callback, "state").unwrap();
    refused(&browser.clone().go(&format!("{callback}&state={state}")).await);
    // What was begun with one provider does not end with the other.
    let at_github = callback.replacen(&rig.callback_url(GOOGLE), &rig.callback_url(GITHUB), 1);
    refused(&browser.clone().go(&at_github).await);
    let cookie = browser.cookie(&rig.system.url, "__Host-gapin_flow_google").unwrap().to_owned();
    let mut renamed = browser.clone();
    renamed.set_cookie(&rig.system.url, "__Host-gapin_flow_github", &cookie);
    refused(&renamed.go(&at_github).await);

    browser.go(&callback).await.expect(302);
}

async fn who_comes_back_from_nowhere_again_and_again_is_not_heard(rig: &Rig) {
    let mut browser = Browser::new();
    let nowhere = format!("{}?code=guessed&state=guessed", rig.callback_url(GOOGLE));
    let answer = eventually("too many attempts", async || {
        let answer = browser.go(&nowhere).await;
        let is_heard = location(&answer).is_some_and(|there| there.contains("refused=provider_sign_in_failed"));
        (!is_heard).then_some(answer)
    })
    .await;
    browser_refused(&answer, "too_many_attempts");
    let answer = Client::anonymous(&rig.system.url).get("/auth/oauth/google/callback?code=guessed&state=guessed").await;
    assert_eq!((answer.status, answer.code()), (400, "provider_sign_in_failed"), "{}", answer.body);
    // Elsewhere nobody notices.
    let account = rig.person();
    rig.sign_in(&mut rig.browser_of(&account), GOOGLE).await.expect(302);
}

async fn a_code_is_good_once(rig: &Rig) {
    for provider in [GOOGLE, GITHUB] {
        let account = rig.person();
        let mut browser = rig.browser_of(&account);
        let callback = rig.until_callback(&mut browser, provider).await;
        let mut copy = browser.clone();
        browser.go(&callback).await.expect(302);
        refused(&copy.go(&callback).await);
        refused(&browser.go(&callback).await);
        assert!(rig.is_signed_in(&mut browser).await);
    }
}

async fn an_answer_to_another_question_is_refused(rig: &Rig) {
    let account = rig.person();
    // The ID token of another sign-in.
    let mut browser = rig.browser_of(&account);
    let other_nonce = |asked: &str| with_parameter(asked, "nonce", "another");
    let callback = rig.until_callback_asking(&mut browser, GOOGLE, other_nonce).await;
    refused(&browser.go(&callback).await);

    // The code of somebody who could not know the verifier.
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    for provider in [GOOGLE, GITHUB] {
        let mut browser = rig.browser_of(&account);
        let other_challenge = |asked: &str| with_parameter(asked, "code_challenge", challenge);
        let callback = rig.until_callback_asking(&mut browser, provider, other_challenge).await;
        refused(&browser.go(&callback).await);
        refused(&browser.go(&with_parameter(&callback, "code", "guessed")).await);
    }
    let mut browser = rig.browser_of(&account);
    rig.sign_in(&mut browser, GOOGLE).await.expect(302);
}

async fn who_declines_is_not_signed_in(rig: &Rig) {
    for provider in [GOOGLE, GITHUB] {
        let mut browser = Browser::new();
        let callback = rig.until_callback(&mut browser, provider).await;
        assert_eq!(parameter(&callback, "error"), Some("access_denied"));
        refused(&browser.go(&callback).await);

        let mut program = Browser::program();
        let callback = rig.until_callback(&mut program, provider).await;
        let answer = program.go(&callback).await;
        assert_eq!((answer.status, answer.code()), (400, "provider_sign_in_failed"), "{}", answer.body);
    }
}

async fn an_address_that_the_provider_has_not_verified_is_refused(rig: &Rig) {
    let owner = rig.person();
    rig.sign_in(&mut rig.browser_of(&owner), GOOGLE).await.expect(302);

    for provider in [GOOGLE, GITHUB] {
        // Says to be the owner of an account here, and then somebody new.
        let liar = ProviderAccount { email: owner.email.clone(), is_verified: false, ..rig.person() };
        rig.provider.knows(liar.clone());
        refused(&rig.sign_in(&mut rig.browser_of(&liar), provider).await);

        let newcomer = ProviderAccount { is_verified: false, ..rig.person() };
        rig.provider.knows(newcomer.clone());
        refused(&rig.sign_in(&mut rig.browser_of(&newcomer), provider).await);

        rig.provider.knows(ProviderAccount { is_verified: true, ..newcomer.clone() });
        rig.sign_in(&mut rig.browser_of(&newcomer), provider).await.expect(302);
    }
}

async fn both_providers_lead_to_the_person_with_the_verified_address(rig: &Rig) {
    let at_google = rig.person();
    let mut browser = rig.browser_of(&at_google);
    rig.sign_in(&mut browser, GOOGLE).await.expect(302);
    let me = rig.me(&mut browser).await;

    // Written otherwise, it is the same address.
    let at_github = ProviderAccount { email: at_google.email.to_uppercase(), ..rig.person() };
    rig.provider.knows(at_github.clone());
    let mut browser = rig.browser_of(&at_github);
    rig.sign_in(&mut browser, GITHUB).await.expect(302);
    assert_eq!(rig.me(&mut browser).await["user"], me["user"]);

    // The tie outlives the address.
    rig.provider.knows(ProviderAccount {
        email: "moved@example.com".to_owned(),
        is_verified: false,
        ..at_github.clone()
    });
    let mut browser = rig.browser_of(&at_github);
    rig.sign_in(&mut browser, GITHUB).await.expect(302);
    assert_eq!(rig.me(&mut browser).await["user"], me["user"]);
}

async fn an_account_that_nobody_verified_is_no_way_in_for_who_registered_it(rig: &Rig) {
    let owner = rig.person();
    let registration = json!({ "email": owner.email, "password": PASSWORD, "name": "Somebody else" });
    Client::anonymous(&rig.system.url).request("POST", "/auth/register", registration).await.expect(202);
    eventually("the letter, which is sent once the account is there", async || {
        rig.mail.letters().iter().any(|letter| letter.contains(&owner.email)).then_some(())
    })
    .await;
    rig.login(&owner.email, PASSWORD).await.expect(401);

    let mut browser = rig.browser_of(&owner);
    rig.sign_in(&mut browser, GOOGLE).await.expect(302);
    let me = rig.me(&mut browser).await;
    assert_eq!((&me["user"]["email"], &me["user"]["email_verified"]), (&json!(owner.email), &json!(true)));
    assert_eq!((&me["user"]["name"], &me["organisation"]["role"]), (&json!(owner.name), &json!("owner")));

    // The address counts as verified now, and the password of whoever registered with it is worth nothing.
    rig.login(&owner.email, PASSWORD).await.expect(401);
}

async fn a_person_has_one_account_at_a_provider(rig: &Rig) {
    let first = rig.person();
    let client = rig.client_of(&first, GOOGLE).await;
    let second = ProviderAccount { email: first.email.clone(), ..rig.person() };
    rig.provider.knows(second.clone());
    refused(&rig.sign_in(&mut rig.browser_of(&second), GOOGLE).await);
    // Whom it was tried for, can read of it.
    let trail = client.all("/api/v1/audit").await;
    let failed = trail.iter().find(|entry| entry["action"] == "session.login_failed").unwrap();
    assert_eq!((&failed["detail"]["how"], &failed["result"]), (&json!(GOOGLE), &json!("failure")), "{failed}");
}

async fn nobody_is_sent_to_another_site(rig: &Rig) {
    let client = Client::anonymous(&rig.system.url);
    for there in ["https://evil.example", "//evil.example", "/%5Cevil.example", "/%09/evil.example", "events"] {
        let answer = client.get(&format!("/auth/oauth/google/start?return_to={there}")).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid_parameter"), "{there}");
    }
    let answer = client.get("/auth/oauth/google/start?next=/events").await;
    assert_eq!((answer.status, answer.code()), (400, "invalid_parameter"));
    let answer = client.get("/auth/oauth/facebook/start").await;
    assert_eq!((answer.status, answer.code()), (404, "not_found"));
    let providers = client.get("/auth/providers").await.expect(200).body;
    let words: Vec<_> = providers["items"].as_array().unwrap().iter().map(|item| item["provider"].clone()).collect();
    assert_eq!(words, [json!(GOOGLE), json!(GITHUB)]);
}

async fn every_sign_in_stands_in_the_trail(rig: &Rig) {
    let account = rig.person();
    rig.client_of(&account, GOOGLE).await;
    let client = rig.client_of(&account, GITHUB).await;
    let told = |entry: &Value| {
        let provider = entry["detail"]["how"].as_str().or(entry["detail"]["provider"].as_str());
        format!("{} {}", entry["action"].as_str().unwrap(), provider.unwrap_or_default())
    };
    let mut trail: Vec<String> = client.all("/api/v1/audit").await.iter().map(told).collect();
    trail.reverse();
    assert_eq!(
        trail,
        [
            "organisation.create ",
            "account.link_provider google",
            "session.login google",
            "account.link_provider github",
            "session.login github",
        ]
    );
}

mod away {
    use super::*;

    const UNAVAILABLE: &str = "provider_unavailable";

    #[tokio::test(flavor = "multi_thread")]
    async fn embedded() {
        a_provider_that_is_away_is_no_fault_of_ours(Shape::Embedded).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn at_scale() {
        a_provider_that_is_away_is_no_fault_of_ours(Shape::AtScale).await;
    }

    async fn a_provider_that_is_away_is_no_fault_of_ours(shape: Shape) {
        let rig = Rig::start(shape);
        let account = rig.person();

        rig.provider.kill();
        browser_refused(&Browser::new().go(&rig.start_url(GOOGLE)).await, UNAVAILABLE);
        unavailable(&Browser::program().go(&rig.start_url(GOOGLE)).await);

        // It comes back, twice, with another key each time.
        for _ in 0..2 {
            rig.provider.restart();
            rig.sign_in(&mut rig.browser_of(&account), GOOGLE).await.expect(302);
        }

        for provider in [GOOGLE, GITHUB] {
            rig.provider.restart();
            let mut browser = rig.browser_of(&account);
            let callback = rig.until_callback(&mut browser, provider).await;
            rig.provider.kill();
            browser_refused(&browser.go(&callback).await, UNAVAILABLE);
        }

        let said = rig.system.gateway.said();
        assert!(said.contains("a sign-in provider can't be used"), "{said}");
        for secret in [OpenIdProvider::GOOGLE.secret, OpenIdProvider::GITHUB.secret] {
            assert!(!said.contains(secret), "a client secret is in the log");
        }
    }

    #[track_caller]
    fn unavailable(answer: &Answer) {
        assert_eq!((answer.status, answer.code()), (503, UNAVAILABLE), "{}", answer.body);
        assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_strangers_make_no_accounts_a_provider_makes_none() {
    let rig = Rig::start_with(Shape::Embedded, "closed");
    let stranger = rig.person();
    let answer = rig.sign_in(&mut rig.browser_of(&stranger), GOOGLE).await;
    browser_refused(&answer, "registration_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_in_with_a_provider_that_is_not_configured() {
    let system = System::start(Shape::Embedded);
    let client = Client::anonymous(&system.url);
    assert_eq!(client.get("/auth/providers").await.expect(200).body["items"], json!([]));
    for path in ["/auth/oauth/google/start", "/auth/oauth/github/callback?code=a&state=b"] {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
    }
}
