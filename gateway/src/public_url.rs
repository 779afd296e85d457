//! Where people reach the gateway: what links in e-mails begin with, and whose pages may speak for them.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, OnceLock},
};

use url::Url;

/// As it was set, or, as soon as that is known, the address that the gateway listens on.
#[derive(Clone)]
pub(crate) struct PublicUrl {
    listens_on: SocketAddr,
    url: Arc<OnceLock<Url>>,
}

impl PublicUrl {
    pub(crate) fn new(set: Option<Url>, listens_on: SocketAddr) -> Self {
        Self { listens_on, url: Arc::new(set.map(OnceLock::from).unwrap_or_default()) }
    }

    /// The address that was bound: the port may have been any.
    pub(crate) fn bound(&self, address: SocketAddr) {
        self.url.get_or_init(|| url_of(address));
    }

    pub(crate) fn get(&self) -> Url {
        self.url.get().cloned().unwrap_or_else(|| url_of(self.listens_on))
    }
}

/// Where a browser on this machine reaches the address.
fn url_of(address: SocketAddr) -> Url {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    Url::parse(&format!("http://{}", SocketAddr::new(ip, address.port()))).expect("an address makes a URL")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_set_counts_before_what_was_bound() {
        let any: SocketAddr = "0.0.0.0:0".parse().unwrap();
        let url = PublicUrl::new(None, any);
        url.bound("0.0.0.0:8080".parse().unwrap());
        assert_eq!(url.get().as_str(), "http://127.0.0.1:8080/");
        let url = PublicUrl::new(Some(Url::parse("https://gapin.example").unwrap()), any);
        url.bound("0.0.0.0:8080".parse().unwrap());
        assert_eq!(url.get().as_str(), "https://gapin.example/");
        assert_eq!(url_of("[::]:80".parse().unwrap()).as_str(), "http://[::1]/");
    }
}
