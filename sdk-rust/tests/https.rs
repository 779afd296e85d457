//! A gateway behind TLS. By the system's own with `--all-features`, and by rustls with the default ones.
#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use gapin_sdk::{Client, Error, EventFilter, Recorder, Settings};
use serde_json::{Value, json};
use support::{
    FLUSH, eventually_async, gateway,
    programs::{program, said},
    prompts, quick, settings, stored,
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};
use uuid::Uuid;

/// TLS in front of the shared gateway.
struct Front {
    url: String,
    /// The certificate that it shows, as PEM.
    certificate: String,
}

impl Front {
    /// With a certificate of its own, for this host.
    async fn of(host: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut client) = acceptor.accept(client).await else { return };
                    let mut gateway = TcpStream::connect(("127.0.0.1", gateway().port)).await.unwrap();
                    let _ = copy_bidirectional(&mut client, &mut gateway).await; // it ends as one of them ends
                });
            }
        });
        Self { url, certificate: made.cert.pem() }
    }

    fn settings(&self, ai_id: Uuid) -> Settings {
        settings(gateway(), ai_id).url(&self.url)
    }
}

fn query(prompt: &str) -> Value {
    json!({"event_type": "ai.query", "query": {"prompt": prompt}})
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_over_https() {
    let (front, ai_id) = (Front::of("127.0.0.1").await, Uuid::new_v4());
    let settings = front.settings(ai_id).root_certificates(front.certificate.as_bytes());
    let client = Client::new(settings.clone()).unwrap();
    let id = client.record(query("of a client")).await.unwrap().event_id;
    let recorder = Recorder::new(settings).unwrap();
    recorder.query().prompt("of a recorder").record();
    assert!(recorder.flush(FLUSH).await);
    assert_eq!(prompts(&stored(gateway(), ai_id, 2)), ["of a client", "of a recorder"]);
    let record = eventually_async("it can be read", async || client.events().get(id).await.ok()).await;
    assert_eq!(record.event["query"]["prompt"], "of a client");
    let mut stream = client.stream(EventFilter::new().ai_id(ai_id)).from_cursor("earliest");
    assert_eq!(stream.next().await.unwrap().unwrap().event["query"]["prompt"], "of a client");
    assert!(recorder.close().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_knows_is_refused() {
    let ai_id = Uuid::new_v4();
    let (front, another) = (Front::of("127.0.0.1").await, Front::of("127.0.0.1").await);
    let of_another_host = Front::of("gateway.example").await;
    let cases = [
        front.settings(ai_id),
        front.settings(ai_id).root_certificates(another.certificate),
        of_another_host.settings(ai_id).root_certificates(of_another_host.certificate.as_bytes()),
    ];
    for settings in cases {
        let client = Client::new(settings.clone()).unwrap();
        let error = client.record(query("?")).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)), "{error}");
        let recorder = quick(Recorder::builder(settings)).build().unwrap();
        recorder.query().prompt("?").record();
        eventually_async("it is tried again", async || (recorder.stats().retries > 1).then_some(())).await;
        assert_eq!(recorder.stats().accepted, 0);
        assert!(!recorder.close().await);
    }
    assert_eq!(gateway().records(ai_id).len(), 0);
}

#[test]
fn what_is_no_certificate_is_said() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "no certificate", broken] {
        let settings = settings(gateway(), Uuid::new_v4()).url("https://127.0.0.1:1").root_certificates(pem);
        let told = Client::new(settings).unwrap_err().to_string();
        assert!(told.contains("root_certificates"), "{pem}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_behind_tls_is_trusted_as_a_gateway_is() {
    let proxy = Front::of("127.0.0.1").await;
    let asks = |arguments: &[&str]| {
        let mut command = program(gateway(), "settings");
        for name in ["ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
            command.env_remove(name);
        }
        // Nobody but this proxy knows where that is.
        command.env("GAPIN_URL", "http://gateway.example").env("HTTP_PROXY", &proxy.url);
        said(&command.args(arguments).output().unwrap())
    };
    assert_eq!(asks(&["root_certificates", &proxy.certificate]), "accepted\n");
    let told = asks(&[]);
    assert!(told.starts_with("transport"), "{told}");
}

#[test]
fn a_machine_without_certificates_reaches_a_gateway_without_tls() {
    let mut command = program(gateway(), "settings");
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        command.env(name, "/nowhere");
    }
    assert_eq!(said(&command.output().unwrap()), "accepted\n");
}
