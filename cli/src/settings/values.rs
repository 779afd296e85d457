//! What a value may be. An error is the end of the sentence "it must be …".

use std::{fmt, net::SocketAddr, time::Duration};

use aibbar::{EventType, Timestamp, topic::TopicName};
use ipnet::IpNet;
use store::{
    Limit,
    vault::{MasterKeys, NotAMasterKey},
};
use url::{Host, Url};

/// A value that `Debug` does not show.
#[derive(Clone)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A moment.
pub(crate) fn rfc3339(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text)
        .ok_or_else(|| "a date and time with an offset (RFC 3339), such as 2026-03-01T09:00:00Z".to_owned())
}

/// A type of event.
pub(crate) fn event_type(text: &str) -> Result<EventType, String> {
    EventType::parse(text).ok_or_else(|| format!("one of {}", EventType::ALL.map(EventType::as_str).join(", ")))
}

/// The name of a topic.
pub(crate) fn topic(text: &str) -> Result<TopicName, String> {
    TopicName::parse(text).map_err(|rule| rule.to_string())
}

pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

pub(crate) fn whole<const MIN: u64, const MAX: u64>(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(number) if (MIN..=MAX).contains(&number) => Ok(number),
        _ => Err(format!("a whole number from {MIN} to {MAX}")),
    }
}

pub(crate) fn milliseconds<const MIN: u64, const MAX: u64>(text: &str) -> Result<Duration, String> {
    whole::<MIN, MAX>(text)
        .map(Duration::from_millis)
        .map_err(|_| format!("a whole number of milliseconds from {MIN} to {MAX}"))
}

pub(crate) fn seconds<const MIN: u64, const MAX: u64>(text: &str) -> Result<Duration, String> {
    whole::<MIN, MAX>(text)
        .map(Duration::from_secs)
        .map_err(|_| format!("a whole number of seconds from {MIN} to {MAX}"))
}

pub(crate) fn days<const MIN: u64, const MAX: u64>(text: &str) -> Result<Duration, String> {
    const DAY_SECONDS: u64 = 24 * 60 * 60;
    whole::<MIN, MAX>(text)
        .map(|days| Duration::from_secs(days * DAY_SECONDS))
        .map_err(|_| format!("a whole number of days from {MIN} to {MAX}"))
}

pub(crate) fn bytes<const MIN: u64, const MAX: u64>(text: &str) -> Result<usize, String> {
    whole::<MIN, MAX>(text)
        .ok()
        .and_then(|bytes| usize::try_from(bytes).ok())
        .ok_or_else(|| format!("a whole number of bytes from {MIN} to {MAX}"))
}

pub(crate) fn count<const MIN: u64, const MAX: u64>(text: &str) -> Result<usize, String> {
    whole::<MIN, MAX>(text)
        .and_then(|count| usize::try_from(count).map_err(|_| format!("a whole number from {MIN} to {MAX}")))
}

pub(crate) fn name<const MAX: usize>(text: &str) -> Result<String, String> {
    let length = text.chars().count();
    if (1..=MAX).contains(&length) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(format!("1 to {MAX} characters, none of them a control character"))
    }
}

pub(crate) fn http_url(text: &str) -> Result<Url, String> {
    const ALLOWED: &str = "an http or https URL, such as http://127.0.0.1:8080";
    let url = Url::parse(text).map_err(|_| ALLOWED.to_owned())?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain {
        Ok(url)
    } else {
        Err(format!("{ALLOWED}, without a user and a query"))
    }
}

/// What secrets and sign-ins go to: over TLS, but on this very machine.
pub(crate) fn provider_url(text: &str) -> Result<Url, String> {
    const ALLOWED: &str = "an https URL (on loopback http, too)";
    let url = http_url(text).map_err(|_| ALLOWED.to_owned())?;
    if url.scheme() == "https" || is_loopback(&url) { Ok(url) } else { Err(ALLOWED.to_owned()) }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The same, kept to the letter: tokens name their issuer so.
pub(crate) fn issuer_url(text: &str) -> Result<String, String> {
    provider_url(text).map(|_| text.to_owned())
}

/// `host:port[,host:port]…`
pub(crate) fn brokers(text: &str) -> Result<String, String> {
    let is_broker = |broker: &str| {
        broker.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && !host.contains(char::is_whitespace) && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
    };
    let brokers: Vec<&str> = text.split(',').map(str::trim).collect();
    if brokers.iter().all(|broker| is_broker(broker)) {
        Ok(brokers.join(","))
    } else {
        Err("one or more host:port, separated by commas, such as kafka-1:9092,kafka-2:9092".to_owned())
    }
}

pub(crate) fn database_url(text: &str) -> Result<Secret, String> {
    if text.contains("host=") && !text.contains("://") {
        return Ok(Secret::from(text));
    }
    url_of(text, &["postgres", "postgresql"], "postgres://user:password@host:5432/database")
}

pub(crate) fn redis_url(text: &str) -> Result<Secret, String> {
    url_of(text, &["redis", "rediss", "redis+unix", "unix"], "redis://:password@host:6379/0, or rediss:// for TLS")
}

pub(crate) fn smtp_url(text: &str) -> Result<Secret, String> {
    url_of(text, &["smtp", "smtps"], "smtps://user:password@host:465, or smtp://user:password@host:587?tls=required")
}

/// In the form in which addresses are kept.
pub(crate) fn email_address(text: &str) -> Result<String, String> {
    gateway::canonical_email(text).ok_or_else(|| "an e-mail address, such as ada@example.com".to_owned())
}

/// Whoever e-mails are from.
pub(crate) fn email_sender(text: &str) -> Result<String, String> {
    if gateway::is_email_sender(text) {
        return Ok(text.to_owned());
    }
    Err("an e-mail address, alone or as `GAPIN <gapin@example.com>`".to_owned())
}

fn url_of(text: &str, schemes: &[&str], example: &str) -> Result<Secret, String> {
    match Url::parse(text) {
        Ok(url) if schemes.contains(&url.scheme()) => Ok(Secret::from(text)),
        _ => Err(format!("a URL such as {example}")),
    }
}

/// One master key, or several with commas or line breaks between.
pub(crate) fn master_keys(text: &str) -> Result<Secret, String> {
    match text.parse::<MasterKeys>() {
        Ok(_) => Ok(Secret::from(text)),
        Err(NotAMasterKey::Form) => {
            Err("32 bytes as 64 hexadecimal digits, as `openssl rand -hex 32` prints them, or as base64".to_owned())
        }
        Err(error @ NotAMasterKey::TooMany) => Err(format!("one key, or a few with commas between: {error}")),
    }
}

/// A limit of a key: a number, or none at all.
pub(crate) fn limit(text: &str) -> Result<Limit, String> {
    const MOST: u64 = 1_000_000_000_000;
    if text == "off" {
        return Ok(Limit::Off);
    }
    whole::<1, MOST>(text).map(Limit::AtMost).map_err(|allowed| format!("{allowed}, or off"))
}

/// A limit of a plan: a number, none at all, or the server's.
pub(crate) fn inheritable_limit(text: &str) -> Result<Limit, String> {
    if text == "inherit" {
        return Ok(Limit::Inherited);
    }
    limit(text).map_err(|allowed| format!("{allowed}, or inherit"))
}

/// A range of addresses, or one address.
pub(crate) fn address_range(text: &str) -> Result<IpNet, String> {
    let range = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
    range.map_err(|_| "a range of IP addresses, such as 10.0.0.0/8 or 2001:db8::/32, or one address".to_owned())
}

pub(crate) fn hours<const MIN: u64, const MAX: u64>(text: &str) -> Result<Duration, String> {
    const HOUR_SECONDS: u64 = 60 * 60;
    whole::<MIN, MAX>(text)
        .map(|hours| Duration::from_secs(hours * HOUR_SECONDS))
        .map_err(|_| format!("a whole number of hours from {MIN} to {MAX}"))
}

/// A password or a signing secret: any text on one line.
pub(crate) fn secret(text: &str) -> Result<Secret, String> {
    if text.chars().any(char::is_control) {
        return Err("text on one line, without control characters".to_owned());
    }
    Ok(Secret::from(text))
}

/// What stands in an HTTP header.
pub(crate) fn token(text: &str) -> Result<Secret, String> {
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("letters, digits and signs of ASCII, without spaces".to_owned());
    }
    Ok(Secret::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, is_taken: bool) {
        assert_eq!(provider_url(url).is_ok(), is_taken, "{url}");
        assert_eq!(issuer_url(url).is_ok(), is_taken, "{url}");
    }

    #[test]
    fn a_provider_is_asked_over_tls_but_on_this_machine() {
        check("https://accounts.google.com", true);
        check("http://127.0.0.1:8080", true);
        check("http://[::1]:8080/issuer", true);
        check("http://localhost:8080", true);
        check("http://accounts.google.com", false);
        check("http://localhost.example", false);
        check("http://10.0.0.1", false);
        check("https://user@accounts.google.com", false);
        check("accounts.google.com", false);
        assert_eq!(issuer_url("https://issuer.example/").as_deref(), Ok("https://issuer.example/"));
        assert_eq!(issuer_url("https://issuer.example").as_deref(), Ok("https://issuer.example"));
    }
}
