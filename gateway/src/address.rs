//! Where a request came from.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{HttpRequest, http::header::HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the peer's, or, where the peer is a proxy that is trusted, the last one in
/// `X-Forwarded-For` that is no such proxy. What stands before it anyone can have written.
pub(crate) fn of(request: &HttpRequest, trusted: &[IpNet]) -> IpAddr {
    // A test's request may have no peer.
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.ip().to_canonical());
    if trusted.is_empty() || !is_in(peer, trusted) {
        return peer;
    }
    let lines: Vec<&str> = request.headers().get_all(&FORWARDED_FOR).filter_map(|line| line.to_str().ok()).collect();
    behind(peer, &lines, trusted)
}

fn behind(peer: IpAddr, lines: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut nearest = peer;
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        nearest = hop.to_canonical();
        if !is_in(nearest, trusted) {
            break;
        }
    }
    nearest
}

/// Whether the address lies in one of these ranges.
pub(crate) fn is_in(address: IpAddr, ranges: &[IpNet]) -> bool {
    ranges.iter().any(|range| range.contains(&address))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], expected: &str) {
        let trusted: Vec<IpNet> = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()].to_vec();
        assert_eq!(behind("10.0.0.1".parse().unwrap(), lines, &trusted), expected.parse::<IpAddr>().unwrap());
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_is_the_client() {
        check(&[], "10.0.0.1");
        check(&["203.0.113.9"], "203.0.113.9");
        check(&["1.1.1.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9");
        check(&["1.1.1.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9");
        check(&["10.9.9.9"], "10.9.9.9");
        check(&["203.0.113.9, nonsense, 10.0.0.2"], "10.0.0.2");
        check(&["::ffff:203.0.113.9"], "203.0.113.9");
    }
}
