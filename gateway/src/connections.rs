//! What every connection is given when it comes, before a byte of it is read.
//!
//! The kernel watches over it: a peer that is gone without a word is found out by probes, and one that neither reads nor
//! acknowledges what was sent to it is cut off, so that nobody's silence holds memory for ever. And no address takes all
//! connections: one more than its share is closed at once.

use std::{any::Any, collections::HashMap, net::IpAddr, sync::Arc, time::Duration};

use actix_web::{dev::Extensions, rt::net::TcpStream};
use ipnet::IpNet;
use parking_lot::Mutex;
use prometheus::{IntCounter, IntGauge};
use socket2::{SockRef, TcpKeepalive};

use crate::{address::is_in, door::Told, limits::addresses::counted_as, settings::HttpSettings};

/// How long a connection may be silent before the peer is asked whether it is there.
const PROBE_AFTER: Duration = Duration::from_secs(30);
/// Between two such questions.
const PROBE_EVERY: Duration = Duration::from_secs(10);

/// Bytes that the kernel takes of an answer beyond what is on its way: what a peer that does not read costs it.
const UNSENT_BYTES_MAX: u32 = 128 * 1024;

/// The connections that are open, by address; of IPv6 a /64 is one.
#[derive(Clone)]
pub(crate) struct Connections {
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
    per_address_max: usize,
    /// All of their clients come from one address.
    trusted_proxies: Arc<[IpNet]>,
    unread_max: Duration,
    gauge: IntGauge,
    refused: IntCounter,
}

/// One connection's place; given back when the connection goes.
struct Place {
    block: IpAddr,
    connections: Connections,
}

impl Connections {
    pub(crate) fn new(http: &HttpSettings, gauge: IntGauge, refused: IntCounter) -> Self {
        Self {
            open: Arc::default(),
            per_address_max: http.connections_per_address_max,
            trusted_proxies: http.trusted_proxies.clone().into(),
            unread_max: http.unread_max,
            gauge,
            refused,
        }
    }

    /// A connection has come.
    pub(crate) fn came(&self, stream: &dyn Any, extensions: &mut Extensions) {
        let Some(stream) = stream.downcast_ref::<TcpStream>() else { return };
        self.watch(stream);
        extensions.insert(Told::default());
        // One that is gone already has no address, and ends by itself.
        let Ok(peer) = stream.peer_addr() else { return };
        match self.take(peer.ip().to_canonical()) {
            Some(place) => {
                extensions.insert(place);
            }
            None => {
                self.refused.inc();
                // Its end is read as the client's own: nothing else of it is looked at.
                let _ = SockRef::from(stream).shutdown(std::net::Shutdown::Both);
            }
        }
    }

    /// A socket that does not take an option works without it.
    fn watch(&self, stream: &TcpStream) {
        let socket = SockRef::from(stream);
        let keepalive = TcpKeepalive::new().with_time(PROBE_AFTER).with_interval(PROBE_EVERY);
        let watched = socket
            .set_tcp_keepalive(&keepalive)
            .and_then(|()| socket.set_tcp_user_timeout(Some(self.unread_max)))
            .and_then(|()| socket.set_tcp_notsent_lowat(UNSENT_BYTES_MAX));
        if let Err(error) = watched {
            tracing::debug!(%error, "a connection can't be watched over by the kernel");
        }
    }

    fn take(&self, address: IpAddr) -> Option<Place> {
        let block = counted_as(address);
        let mut open = self.open.lock();
        let mine = open.entry(block).or_default();
        if *mine >= self.per_address_max && !is_in(address, &self.trusted_proxies) {
            return None;
        }
        *mine += 1;
        self.gauge.inc();
        Some(Place { block, connections: self.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock();
        if let Some(mine) = open.get_mut(&self.block) {
            *mine -= 1;
            if *mine == 0 {
                open.remove(&self.block);
            }
        }
        self.connections.gauge.dec();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_address_but_a_trusted_proxy_takes_more_than_its_share_and_places_come_back() {
        let http = HttpSettings {
            connections_per_address_max: 2,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            ..HttpSettings::default()
        };
        let gauge = IntGauge::new("open", "open").unwrap();
        let connections = Connections::new(&http, gauge.clone(), IntCounter::new("refused", "refused").unwrap());
        let take = |address: &str| connections.take(address.parse().unwrap());
        let (one, other) = (take("192.0.2.1").unwrap(), take("192.0.2.1").unwrap());
        assert!(take("192.0.2.1").is_none());
        let elsewhere = take("192.0.2.2").unwrap();
        let proxied: Vec<_> = (0..5).map(|_| take("10.1.2.3").unwrap()).collect();
        assert_eq!(gauge.get(), 8);
        drop(one);
        assert!(take("192.0.2.1").is_some());
        drop((other, elsewhere, proxied));
        assert_eq!(gauge.get(), 0);
        assert!(connections.open.lock().is_empty());
    }
}
