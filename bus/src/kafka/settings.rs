//! How the brokers are reached, and how much may wait for them.

use std::{fmt, path::PathBuf, time::Duration};

use rdkafka::ClientConfig;

/// Everything that the log on Kafka can be told.
#[derive(Clone, Debug)]
pub struct KafkaSettings {
    /// `host:port`, comma-separated; any one of them leads to the rest.
    pub brokers: String,
    /// Whether the connection is encrypted.
    pub security: Security,
    /// Who we say we are; `None`: nobody in particular.
    pub sasl: Option<Sasl>,
    /// Replicas of a topic that is made here; `None` leaves it to the brokers.
    pub replication_factor: Option<u16>,
    /// How long the producer gathers records into one request, in milliseconds.
    pub linger_ms: u32,
    /// How batches are compressed.
    pub compression: Compression,
    /// How long an append may wait for its turn and its acknowledgements; then nothing of it is sent any more, and its
    /// outcome is unknown unless none of it was.
    pub message_timeout: Duration,
    /// Records that may wait for their turn and in the producer.
    pub queue_records_max: u32,
    /// KiB of records that may wait for their turn and in the producer.
    pub queue_kib_max: u32,
    /// Key, payload and headers of one record together.
    pub record_bytes_max: usize,
    /// How long a member of a group may be silent before its partitions go to others.
    pub session_timeout: Duration,
    /// How long it may take until a change of topics (partitions that were added, a topic that was deleted) is seen.
    pub topics_seen_within: Duration,
}

/// Whether the connection is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// It is not.
    Plain,
    /// TLS. The brokers' certificates are signed by the authorities of this PEM file, or by the system's.
    Tls {
        /// The PEM file.
        ca_location: Option<PathBuf>,
    },
}

/// Who we say we are.
#[derive(Clone, Debug)]
pub struct Sasl {
    /// How it is proven.
    pub mechanism: SaslMechanism,
    /// The user.
    pub username: String,
    /// The user's password.
    pub password: Password,
}

/// A password; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Kafka's `sasl.mechanism`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaslMechanism {
    /// The password itself; only over TLS.
    Plain,
    /// RFC 5802 with SHA-256.
    ScramSha256,
    /// RFC 5802 with SHA-512.
    ScramSha512,
}

/// How batches are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// They are not.
    None,
    /// Fast.
    Lz4,
    /// Small.
    Zstd,
}

impl KafkaSettings {
    /// The usual bounds, for these brokers, in the clear.
    pub fn new(brokers: impl Into<String>) -> Self {
        Self {
            brokers: brokers.into(),
            security: Security::Plain,
            sasl: None,
            replication_factor: None,
            linger_ms: 1,
            compression: Compression::Lz4,
            message_timeout: Duration::from_secs(4),
            queue_records_max: 100_000,
            queue_kib_max: 128 * 1024,
            record_bytes_max: 1024 * 1024,
            session_timeout: Duration::from_secs(10),
            topics_seen_within: Duration::from_secs(10),
        }
    }

    /// What every client of ours says to the brokers.
    pub(super) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers).set("client.id", "gapin").set(
            "security.protocol",
            match (&self.security, &self.sasl) {
                (Security::Plain, None) => "plaintext",
                (Security::Plain, Some(_)) => "sasl_plaintext",
                (Security::Tls { .. }, None) => "ssl",
                (Security::Tls { .. }, Some(_)) => "sasl_ssl",
            },
        );
        // Topics are made by `ensure_topic` alone: a misspelt one must be an error, also where brokers would make it.
        config.set("allow.auto.create.topics", "false");
        config.set("topic.metadata.refresh.interval.ms", self.topics_seen_within.as_millis().to_string());
        // A broker that comes back is found within a second rather than ten.
        config.set("reconnect.backoff.ms", "50").set("reconnect.backoff.max.ms", "1000");
        // A connection that answers nothing is given up, and another tried, before people notice: librdkafka's own
        // minute, and half a minute until a connection stands, are what a consumer would come back late by.
        config
            .set("socket.timeout.ms", "10000")
            .set("socket.connection.setup.timeout.ms", "5000")
            .set("socket.keepalive.enable", "true");
        if let Security::Tls { ca_location: Some(path) } = &self.security {
            config.set("ssl.ca.location", path.display().to_string());
        }
        if let Some(sasl) = &self.sasl {
            let mechanism = match sasl.mechanism {
                SaslMechanism::Plain => "PLAIN",
                SaslMechanism::ScramSha256 => "SCRAM-SHA-256",
                SaslMechanism::ScramSha512 => "SCRAM-SHA-512",
            };
            config
                .set("sasl.mechanism", mechanism)
                .set("sasl.username", &sasl.username)
                .set("sasl.password", &sasl.password.0);
        }
        config
    }

    /// What the producer says besides.
    pub(super) fn producer(&self) -> ClientConfig {
        /// Room for what the protocol adds around a record.
        const PROTOCOL_BYTES: usize = 16 * 1024;
        /// How much longer librdkafka keeps a record than an append waits for it (see append.rs): what it
        /// still has then was left by appends that nobody awaits any more.
        const LEFT_MAX: Duration = Duration::from_secs(300);
        let mut config = self.client();
        config
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("partitioner", "murmur2_random")
            .set("linger.ms", self.linger_ms.to_string())
            .set(
                "compression.type",
                match self.compression {
                    Compression::None => "none",
                    Compression::Lz4 => "lz4",
                    Compression::Zstd => "zstd",
                },
            )
            .set("message.timeout.ms", (self.message_timeout + LEFT_MAX).as_millis().to_string())
            // How long a topic may be unknown before that is an answer: shorter than an append may take.
            .set("topic.metadata.propagation.max.ms", (self.message_timeout / 2).as_millis().to_string())
            .set("message.max.bytes", (self.record_bytes_max + PROTOCOL_BYTES).to_string())
            .set("queue.buffering.max.messages", self.queue_records_max.to_string())
            .set("queue.buffering.max.kbytes", self.queue_kib_max.to_string());
        config
    }

    /// What a consumer says besides; it never commits by itself. Its name tells people who it is, and nothing hangs
    /// on it: several of one name are several members.
    pub(super) fn consumer(&self, group: &str, name: &str) -> ClientConfig {
        /// How long a topic that was there may be unknown until its readers are told that it is gone: longer than the
        /// brokers take to tell one another of a new one.
        const GONE_AFTER_MS: &str = "3000";
        /// What one consumer holds ahead of what was asked for: hundreds may be there at once.
        const AHEAD_KIB_MAX: &str = "4096";
        /// What a broker answers at once, whatever the number of partitions.
        const ANSWER_BYTES_MAX: &str = "4194304";
        /// How long a consumer that holds so much ahead waits before it looks again: a second, as librdkafka has it, would
        /// bound a fast reader to 4 MiB/s.
        const AHEAD_LOOK_MS: &str = "50";
        let mut config = self.client();
        config
            .set("client.id", name)
            .set("topic.metadata.propagation.max.ms", GONE_AFTER_MS)
            .set("group.id", group)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest")
            .set("session.timeout.ms", self.session_timeout.as_millis().to_string())
            .set("heartbeat.interval.ms", (self.session_timeout.as_millis() / 4).to_string())
            // Eager on purpose: every rebalance starts again at what is committed (see member.rs).
            .set("partition.assignment.strategy", "range")
            .set("fetch.wait.max.ms", "100")
            .set("fetch.error.backoff.ms", "100")
            .set("fetch.max.bytes", ANSWER_BYTES_MAX)
            .set("fetch.queue.backoff.ms", AHEAD_LOOK_MS)
            .set("queued.max.messages.kbytes", AHEAD_KIB_MAX);
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protocol(security: Security, sasl: bool) -> (Option<String>, Option<String>) {
        let sasl = sasl.then(|| Sasl {
            mechanism: SaslMechanism::ScramSha512,
            username: "user".into(),
            password: Password("not shown".into()),
        });
        let config = KafkaSettings { security, sasl, ..KafkaSettings::new("b:9092") }.client();
        (config.get("security.protocol").map(str::to_owned), config.get("sasl.mechanism").map(str::to_owned))
    }

    #[test]
    fn the_protocol_follows_from_encryption_and_user() {
        let tls = || Security::Tls { ca_location: None };
        let said = |p: &str, m: Option<&str>| (Some(p.to_owned()), m.map(str::to_owned));
        assert_eq!(protocol(Security::Plain, false), said("plaintext", None));
        assert_eq!(protocol(Security::Plain, true), said("sasl_plaintext", Some("SCRAM-SHA-512")));
        assert_eq!(protocol(tls(), false), said("ssl", None));
        assert_eq!(protocol(tls(), true), said("sasl_ssl", Some("SCRAM-SHA-512")));
    }

    #[test]
    fn the_password_is_not_in_debug() {
        let sasl = Sasl { mechanism: SaslMechanism::Plain, username: "u".into(), password: Password("hunter2".into()) };
        let settings = KafkaSettings { sasl: Some(sasl), ..KafkaSettings::new("b:9092") };
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn no_client_waits_for_a_dead_connection_longer_than_people_do() {
        let settings = KafkaSettings::new("b:9092");
        for config in [settings.client(), settings.producer(), settings.consumer("g", "a reader")] {
            for name in ["socket.timeout.ms", "socket.connection.setup.timeout.ms", "reconnect.backoff.max.ms"] {
                let ms: u64 = config.get(name).unwrap_or("60000").parse().unwrap_or(u64::MAX);
                assert!(ms <= 10_000, "{name}");
            }
        }
    }

    #[test]
    fn the_producer_never_acknowledges_early() {
        let config = KafkaSettings::new("b:9092").producer();
        assert_eq!(config.get("acks"), Some("all"));
        assert_eq!(config.get("enable.idempotence"), Some("true"));
    }
}
