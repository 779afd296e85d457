//! Traces, by the variables that OpenTelemetry has for them.

use std::{fmt, time::Duration};

use clap::{Args, ValueEnum};
use traces::Sampling;
use url::Url;

use super::values::{http_url, milliseconds, name};

/// Where a collector takes traces, below its address.
const TRACES_PATH: &str = "/v1/traces";

/// The attribute of a process that its own variable names first.
const SERVICE_NAME: &str = "service.name";

/// Traces, off unless a collector is named.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Traces")]
pub(crate) struct TraceSettings {
    /// OpenTelemetry collector that traces are sent to, by OTLP over HTTP; `/v1/traces` is added. Absent: none are made,
    /// unless OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is set
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL", value_parser = http_url)]
    pub(crate) otel_exporter_otlp_endpoint: Option<Url>,

    /// The same for traces alone, as it is; wins over OTEL_EXPORTER_OTLP_ENDPOINT
    #[arg(long, env = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", value_name = "URL", value_parser = http_url)]
    pub(crate) otel_exporter_otlp_traces_endpoint: Option<Url>,

    /// What is sent to the collector in headers, as name=value,name=value with percent signs for what can't stand in a
    /// value: mostly what it knows its senders by
    #[arg(long, env = "OTEL_EXPORTER_OTLP_HEADERS", hide_env_values = true, hide = true, value_name = "NAME=VALUE,…", value_parser = headers)]
    pub(crate) otel_exporter_otlp_headers: Option<Pairs>,

    /// How the collector is spoken to: `http/protobuf`, and no other way
    #[arg(long, env = "OTEL_EXPORTER_OTLP_PROTOCOL", value_name = "PROTOCOL", default_value = PROTOCOL, value_parser = protocol)]
    pub(crate) otel_exporter_otlp_protocol: String,

    /// How what is sent to the collector is compressed
    #[arg(long, env = "OTEL_EXPORTER_OTLP_COMPRESSION", value_name = "COMPRESSION", default_value = "none")]
    pub(crate) otel_exporter_otlp_compression: Compression,

    /// How long the collector may take for a batch of spans, repetitions included, in milliseconds; then they are lost
    #[arg(
        long,
        env = "OTEL_EXPORTER_OTLP_TIMEOUT",
        value_name = "MS",
        default_value = "10000",
        value_parser = milliseconds::<100, 600_000>
    )]
    pub(crate) otel_exporter_otlp_timeout: Duration,

    /// What the process is called in traces. Absent: `gapin-dev`, `gapin-gateway` or `gapin-consumer`
    #[arg(long, env = "OTEL_SERVICE_NAME", value_name = "NAME", value_parser = name::<255>)]
    pub(crate) otel_service_name: Option<String>,

    /// What else is told of the process, as key=value,key=value, such as `deployment.environment.name=production`
    #[arg(long, env = "OTEL_RESOURCE_ATTRIBUTES", value_name = "KEY=VALUE,…", value_parser = attributes)]
    pub(crate) otel_resource_attributes: Option<Pairs>,

    /// Which traces are kept; `parentbased_…` heeds what the client's `traceparent` says
    #[arg(long, env = "OTEL_TRACES_SAMPLER", value_name = "SAMPLER", default_value = "parentbased_always_on")]
    pub(crate) otel_traces_sampler: Sampler,

    /// The share of traces that the samplers `traceidratio` and `parentbased_traceidratio` keep, from 0 to 1
    #[arg(long, env = "OTEL_TRACES_SAMPLER_ARG", value_name = "SHARE", default_value = "1.0", value_parser = share)]
    pub(crate) otel_traces_sampler_arg: f64,
}

/// How what is sent is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compression {
    None,
    Gzip,
}

/// OpenTelemetry's samplers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Sampler {
    AlwaysOn,
    AlwaysOff,
    #[value(name = "traceidratio")]
    Share,
    #[value(name = "parentbased_always_on")]
    ParentElseOn,
    #[value(name = "parentbased_always_off")]
    ParentElseOff,
    #[value(name = "parentbased_traceidratio")]
    ParentElseShare,
}

/// Names with values, which `Debug` does not show: some are secrets.
#[derive(Clone)]
pub(crate) struct Pairs(Vec<(String, String)>);

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl TraceSettings {
    /// As traces take them; `None` when there are to be none.
    pub(crate) fn build(&self, command: &str) -> Option<traces::Settings> {
        let share = self.otel_traces_sampler_arg;
        let sampling = match self.otel_traces_sampler {
            Sampler::AlwaysOff => return None,
            Sampler::AlwaysOn => Sampling::All,
            Sampler::Share => Sampling::Share(share),
            Sampler::ParentElseOn => Sampling::ParentElseAll,
            Sampler::ParentElseOff => Sampling::ParentElseNone,
            Sampler::ParentElseShare => Sampling::ParentElseShare(share),
        };
        let resource = self.otel_resource_attributes.clone().map(|Pairs(pairs)| pairs).unwrap_or_default();
        let named = resource.iter().find(|(key, _)| key == SERVICE_NAME).map(|(_, value)| value);
        let service_name = self.otel_service_name.as_ref().or(named).cloned();
        Some(traces::Settings {
            endpoint: self.endpoint()?,
            headers: self.otel_exporter_otlp_headers.clone().map(|Pairs(pairs)| pairs).into_iter().flatten().collect(),
            is_compressed: self.otel_exporter_otlp_compression == Compression::Gzip,
            timeout: self.otel_exporter_otlp_timeout,
            service_name: service_name.unwrap_or_else(|| format!("gapin-{command}")),
            service_version: env!("CARGO_PKG_VERSION"),
            resource,
            sampling,
        })
    }

    fn endpoint(&self) -> Option<String> {
        if let Some(traces) = &self.otel_exporter_otlp_traces_endpoint {
            return Some(traces.to_string());
        }
        let base = self.otel_exporter_otlp_endpoint.as_ref()?;
        Some(format!("{}{TRACES_PATH}", base.as_str().trim_end_matches('/')))
    }
}

const PROTOCOL: &str = "http/protobuf";

fn protocol(text: &str) -> Result<String, String> {
    if text == PROTOCOL {
        return Ok(text.to_owned());
    }
    Err(format!("{PROTOCOL}: the collector's port for OTLP over HTTP, mostly 4318"))
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a number from 0 to 1".to_owned())
}

fn headers(text: &str) -> Result<Pairs, String> {
    const ALLOWED: &str = "name=value, with commas between several, such as authorization=Bearer%20…: names of headers, \
                           and values of ASCII";
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let is_value = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    pairs(text)
        .filter(|pairs| pairs.iter().all(|(name, value)| name.bytes().all(is_sign) && value.bytes().all(is_value)))
        .map(Pairs)
        .ok_or_else(|| ALLOWED.to_owned())
}

fn attributes(text: &str) -> Result<Pairs, String> {
    const ALLOWED: &str = "key=value, with commas between several, such as deployment.environment.name=production";
    let is_plain = |text: &str| !text.chars().any(char::is_control);
    let pairs = pairs(text).filter(|pairs| pairs.iter().all(|(key, value)| is_plain(key) && is_plain(value)));
    pairs.map(Pairs).ok_or_else(|| ALLOWED.to_owned())
}

/// `name=value,name=value`, with percent signs for what can't stand in a value, as W3C baggage has it.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, value) = part.split_once('=')?;
        let name = name.trim_end();
        (!name.is_empty()).then_some(())?;
        Some((name.to_owned(), decoded(value.trim_start())?))
    };
    parts.map(pair).collect()
}

fn decoded(value: &str) -> Option<String> {
    let mut parts = value.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.extend(hex::decode(digits).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        traces: TraceSettings,
    }

    fn built(arguments: &[&str]) -> Option<traces::Settings> {
        let arguments = ["gapin"].iter().chain(arguments);
        Command::try_parse_from(arguments).unwrap().traces.build("gateway")
    }

    const ENDPOINT: &str = "--otel-exporter-otlp-endpoint=http://collector:4318";

    #[test]
    fn traces_are_off_until_a_collector_is_named() {
        assert!(built(&["--otel-service-name=mine", "--otel-traces-sampler=always_on"]).is_none());
        assert!(built(&[ENDPOINT, "--otel-traces-sampler=always_off"]).is_none());
        let settings = built(&[ENDPOINT]).unwrap();
        assert_eq!(
            (settings.endpoint.as_str(), settings.service_name.as_str()),
            ("http://collector:4318/v1/traces", "gapin-gateway")
        );
        assert_eq!(settings.sampling, Sampling::ParentElseAll);
    }

    #[test]
    fn the_address_for_traces_is_taken_as_it_is_and_the_other_gets_its_path() {
        let own = "--otel-exporter-otlp-traces-endpoint=https://traces.example/take";
        assert_eq!(built(&[ENDPOINT, own]).unwrap().endpoint, "https://traces.example/take");
        let below = built(&["--otel-exporter-otlp-endpoint=https://example/otlp/"]).unwrap();
        assert_eq!(below.endpoint, "https://example/otlp/v1/traces");
    }

    #[test]
    fn the_service_is_named_by_its_variable_then_by_its_attributes() {
        let attributes = "--otel-resource-attributes=service.name=a,zone=x%2Cy";
        let settings = built(&[ENDPOINT, attributes]).unwrap();
        assert_eq!(settings.service_name, "a");
        assert_eq!(settings.resource[1], ("zone".to_owned(), "x,y".to_owned()));
        assert_eq!(built(&[ENDPOINT, attributes, "--otel-service-name=b"]).unwrap().service_name, "b");
    }

    #[test]
    fn headers_are_read_and_never_shown() {
        let Pairs(read) = headers("authorization=Bearer%20secret, x-tenant = a=b,").unwrap();
        let expected = [("authorization", "Bearer secret"), ("x-tenant", "a=b")];
        assert_eq!(read.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), expected);
        assert!(!format!("{:?}", headers("authorization=secret").unwrap()).contains("secret"));
        for wrong in ["authorization", "=x", "a b=c", "a=%", "a=%zz", "a=%0a", "a=%ff"] {
            assert!(headers(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn compression_is_gzip_where_it_is_asked_for() {
        assert!(!built(&[ENDPOINT]).unwrap().is_compressed);
        assert!(built(&[ENDPOINT, "--otel-exporter-otlp-compression=gzip"]).unwrap().is_compressed);
        assert!(Command::try_parse_from(["gapin", "--otel-exporter-otlp-compression=zstd"]).is_err());
    }

    #[test]
    fn a_share_is_a_number_from_0_to_1() {
        for (text, is_share) in [("0", true), ("0.25", true), ("1", true), ("1.1", false), ("NaN", false), ("x", false)]
        {
            assert_eq!(share(text).is_ok(), is_share, "{text}");
        }
    }
}
