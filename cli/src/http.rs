//! How the client commands speak HTTP to a gateway.

use std::time::Duration;

use url::{Host, Url};

const CONNECT_MAX: Duration = Duration::from_secs(5);

/// A client for this gateway. A proxy of the surroundings is not asked for what is on this machine.
pub(crate) fn client(gateway: &Url, request_max: Duration) -> reqwest::Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_MAX)
        .timeout(request_max)
        .user_agent(concat!("gapin/", env!("CARGO_PKG_VERSION")));
    if is_on_this_machine(gateway) { client.no_proxy() } else { client }.build()
}

/// A path below the gateway's URL, which may have a path of its own.
pub(crate) fn endpoint(gateway: &Url, path: &str) -> Url {
    let mut url = gateway.clone();
    url.set_path(&format!("{}/{path}", gateway.path().trim_end_matches('/')));
    url
}

fn is_on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_gateway_may_live_below_a_path() {
        for (gateway, expected) in [
            ("http://h:1", "http://h:1/health/ready"),
            ("http://h:1/", "http://h:1/health/ready"),
            ("https://h/gapin/", "https://h/gapin/health/ready"),
        ] {
            assert_eq!(endpoint(&Url::parse(gateway).unwrap(), "health/ready").as_str(), expected);
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (url, expected) in [
            ("http://127.0.0.1:8080", true),
            ("http://[::1]:8080", true),
            ("http://localhost", true),
            ("http://10.0.0.1", false),
            ("https://gapin.example.org", false),
        ] {
            assert_eq!(is_on_this_machine(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
