//! Free ports on loopback.

use std::{
    hash::{BuildHasher, RandomState},
    net::{Ipv4Addr, TcpListener},
};

/// Below the range that Linux takes for outgoing connections (from 32768): nothing takes the port
/// while its service is down between a kill and a restart.
const FIRST: u64 = 12_000;
const PAST_LAST: u64 = 32_000;
const TRIES_MAX: u32 = 1_000;

/// A port that was free just now. Another process can still be faster, so who starts a service tries again.
pub fn free_port() -> u16 {
    for _ in 0..TRIES_MAX {
        let random = RandomState::new().hash_one(std::process::id());
        let port = u16::try_from(FIRST + random % (PAST_LAST - FIRST)).expect("the range lies within u16");
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
    panic!("no free port between {FIRST} and {PAST_LAST}");
}
