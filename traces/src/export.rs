//! The way of spans to the collector: a bounded queue, a thread that empties it in batches, and HTTP by the process's own
//! client and runtime.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use opentelemetry::Context;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Compression, ExporterBuildError, Protocol, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor},
};
use tokio::runtime::Handle;

use crate::{
    settings::Settings,
    tally::{SPANS_WAITING_MAX, Tally},
};

/// Spans that are sent at once.
const BATCH_SPANS_MAX: usize = 512;

/// How long a span waits for others to be sent with.
const BATCH_AGE_MAX: Duration = Duration::from_secs(1);

/// The longest answer of a collector that is read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Why no spans can be sent.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The client can't be made: the system's certificates, mostly.
    #[error("no HTTP client can be made: {0}")]
    Client(#[from] reqwest::Error),
    /// What was told to the exporter is refused by it.
    #[error(transparent)]
    Exporter(#[from] ExporterBuildError),
    /// The metrics can't be made.
    #[error(transparent)]
    Metrics(#[from] prometheus::Error),
}

/// What takes spans that ended.
pub(crate) fn processor(settings: &Settings, tally: Arc<Tally>) -> Result<impl SpanProcessor + use<>, StartError> {
    let http = client(settings.timeout)?;
    let mut exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(Sender { http, runtime: Handle::current() })
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(settings.endpoint.clone())
        .with_timeout(settings.timeout)
        .with_headers(settings.headers.clone());
    if settings.is_compressed {
        exporter = exporter.with_compression(Compression::Gzip);
    }
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(SPANS_WAITING_MAX)
        .with_max_export_batch_size(BATCH_SPANS_MAX)
        .with_scheduled_delay(BATCH_AGE_MAX)
        .build();
    let exporter = Counted { exporter: exporter.build()?, tally: tally.clone() };
    let batches = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
    Ok(Bounded { batches, tally })
}

fn client(timeout: Duration) -> reqwest::Result<reqwest::Client> {
    let client = reqwest::Client::builder().timeout(timeout).redirect(reqwest::redirect::Policy::none());
    client.user_agent(concat!("gapin/", env!("CARGO_PKG_VERSION"))).build()
}

/// Lets in what there is room for. The queue behind it has as much room, so nothing is dropped there uncounted.
#[derive(Debug)]
struct Bounded {
    batches: BatchSpanProcessor,
    tally: Arc<Tally>,
}

impl SpanProcessor for Bounded {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.batches.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if self.tally.enter() {
            self.batches.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.batches.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.batches.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.batches.set_resource(resource);
    }
}

/// Counts what was sent, and what was not.
#[derive(Debug)]
struct Counted {
    exporter: opentelemetry_otlp::SpanExporter,
    tally: Arc<Tally>,
}

impl SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let exported = self.exporter.export(batch).await;
        self.tally.left(spans, exported.as_ref().err().map(|error| error as &dyn fmt::Display));
        exported
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Sends on the process's runtime, whichever thread asks for it.
#[derive(Debug)]
struct Sender {
    http: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let http = self.http.clone();
        self.runtime.spawn(send(http, request)).await?
    }
}

async fn send(http: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let mut answer = http.execute(request.try_into()?).await?;
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err("the answer is too long".into());
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::new(body.freeze());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    /// What is made of a collector that answers so, and then so on and on.
    async fn answered(head: &'static str, more: &'static [u8]) -> Result<Response<Bytes>, HttpError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let collector = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(head.as_bytes()).await;
            while !more.is_empty() && stream.write_all(more).await.is_ok() {}
        });
        let http = client(Duration::from_secs(60)).unwrap();
        let request = Request::post(format!("http://{address}/v1/traces")).body(Bytes::from_static(b"spans")).unwrap();
        let answer = Sender { http, runtime: Handle::current() }.send_bytes(request).await;
        collector.await.unwrap();
        answer
    }

    #[tokio::test]
    async fn no_answer_is_read_past_its_bound() {
        let answer = answered("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", &[b'x'; 4096]).await;
        assert_eq!(answer.unwrap_err().to_string(), "the answer is too long");
    }

    #[tokio::test]
    async fn spans_go_nowhere_but_where_they_were_told_to() {
        let head = "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(answered(head, b"").await.unwrap().status(), 307);
    }
}
