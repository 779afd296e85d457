//! For tests alone: real services as child processes on loopback, which end with the test.
//!
//! [`kafka`], [`postgres`] and [`redis`] are started once per test process and shared by its tests;
//! `Kafka::start()` and its like give a test a service of its own, to kill and to restart. All take
//! free ports and temporary folders, so any number of test processes can run at once. A service
//! that is not installed is a failure that names the command that installs it, never a skip.
//!
//! Blocking on purpose: a test may call it from any runtime or from none.

use std::sync::LazyLock;

mod chromium;
mod clock;
mod collector;
mod disk;
mod installed;
mod kafka;
mod openid;
mod port;
mod postgres;
mod process;
mod proxy;
mod redis;
mod smtp;
mod wait;
mod watchdog;

pub use chromium::Chromium;
pub use clock::Clock;
pub use collector::Collector;
pub use disk::SmallDisk;
pub use installed::python_tool;
pub use kafka::Kafka;
pub use openid::{OpenIdProvider, ProviderAccount, ProviderClient};
pub use port::free_port;
pub use postgres::Postgres;
pub use process::{Kind, NotStarted, ServiceProcess};
pub use proxy::{Conduct, Proxy};
pub use redis::Redis;
pub use smtp::Smtp;
pub use wait::wait_until;

/// The Kafka that the tests of this process share.
pub fn kafka() -> &'static Kafka {
    static KAFKA: LazyLock<Kafka> = LazyLock::new(Kafka::start);
    &KAFKA
}

/// The PostgreSQL that the tests of this process share.
pub fn postgres() -> &'static Postgres {
    static POSTGRES: LazyLock<Postgres> = LazyLock::new(Postgres::start);
    &POSTGRES
}

/// The Redis that the tests of this process share.
pub fn redis() -> &'static Redis {
    static REDIS: LazyLock<Redis> = LazyLock::new(Redis::start);
    &REDIS
}
