//! The event log: Kafka when brokers are named, a file in the data directory otherwise.

use std::{path::PathBuf, time::Duration};

use bus::kafka::{self, KafkaSettings, Password, Sasl, Security};
use clap::{Args, ValueEnum};

use crate::exit::Failure;

use super::values::{Secret, brokers, days, milliseconds, secret, whole};

/// The event log.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Event log")]
pub(crate) struct EventLogSettings {
    /// Kafka or Redpanda, as host:port,host:port. Absent: a file in the data directory
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,…", value_parser = brokers)]
    pub(crate) kafka_brokers: Option<String>,

    /// How brokers are spoken to
    #[arg(
        long,
        env = "KAFKA_SECURITY_PROTOCOL",
        value_name = "PROTOCOL",
        default_value = "plaintext",
        ignore_case = true
    )]
    pub(crate) kafka_security_protocol: SecurityProtocol,

    /// How the user proves who it is, when the protocol is sasl_plaintext or sasl_ssl
    #[arg(
        long,
        env = "KAFKA_SASL_MECHANISM",
        value_name = "MECHANISM",
        default_value = "scram-sha-512",
        ignore_case = true
    )]
    pub(crate) kafka_sasl_mechanism: SaslMechanism,

    /// User, when the protocol is sasl_plaintext or sasl_ssl
    #[arg(long, env = "KAFKA_SASL_USERNAME", value_name = "NAME")]
    pub(crate) kafka_sasl_username: Option<String>,

    /// The user's password
    #[arg(long, env = "KAFKA_SASL_PASSWORD", hide_env_values = true, hide = true, value_name = "PASSWORD", value_parser = secret)]
    pub(crate) kafka_sasl_password: Option<Secret>,

    /// PEM file of the authorities that sign the brokers' certificates. Absent: the system's
    #[arg(long, env = "KAFKA_SSL_CA_LOCATION", value_name = "FILE")]
    pub(crate) kafka_ssl_ca_location: Option<PathBuf>,

    /// Replicas of the topics that GAPIN makes in Kafka. Absent: as many as the brokers make by default
    #[arg(long, env = "KAFKA_REPLICATION_FACTOR", value_name = "N", value_parser = whole::<1, 99>)]
    pub(crate) kafka_replication_factor: Option<u64>,

    /// How long Kafka may take to acknowledge an append, in milliseconds; then what it did not
    /// acknowledge goes to the spool. At least 3,000 shorter than GAPIN_APPEND_WAIT_MAX_MS
    #[arg(
        long,
        env = "KAFKA_MESSAGE_TIMEOUT_MS",
        value_name = "MS",
        default_value = "4000",
        value_parser = milliseconds::<100, 600_000>
    )]
    pub(crate) kafka_message_timeout_ms: Duration,

    /// Partitions of the topics that GAPIN makes; one that is there stays as it is
    #[arg(long, env = "GAPIN_LOG_PARTITIONS", value_name = "N", default_value = "10", value_parser = whole::<1, 1_000>)]
    pub(crate) log_partitions: u64,

    /// How long the log keeps records, in days; the store keeps them longer
    #[arg(
        long,
        env = "GAPIN_LOG_RETENTION_DAYS",
        value_name = "DAYS",
        default_value = "7",
        value_parser = days::<1, 3_650>
    )]
    pub(crate) log_retention_days: Duration,
}

impl EventLogSettings {
    /// As the log on Kafka takes them; `None` when no brokers are named. One sentence when something
    /// is missing that another setting asks for.
    pub(crate) fn kafka(&self) -> Result<Option<KafkaSettings>, Failure> {
        let Some(brokers) = &self.kafka_brokers else { return Ok(None) };
        let security = match self.kafka_security_protocol {
            SecurityProtocol::Plaintext | SecurityProtocol::SaslPlaintext => Security::Plain,
            SecurityProtocol::Ssl | SecurityProtocol::SaslSsl => {
                Security::Tls { ca_location: self.kafka_ssl_ca_location.clone() }
            }
        };
        Ok(Some(KafkaSettings {
            security,
            sasl: self.sasl()?,
            replication_factor: self.kafka_replication_factor.and_then(|factor| u16::try_from(factor).ok()),
            message_timeout: self.kafka_message_timeout_ms,
            ..KafkaSettings::new(brokers)
        }))
    }

    fn sasl(&self) -> Result<Option<Sasl>, Failure> {
        let protocol = match self.kafka_security_protocol {
            SecurityProtocol::Plaintext | SecurityProtocol::Ssl => return Ok(None),
            SecurityProtocol::SaslPlaintext => "sasl_plaintext",
            SecurityProtocol::SaslSsl => "sasl_ssl",
        };
        let absent = |variable: &str| {
            Failure::usage(format!("{variable} is not set, and KAFKA_SECURITY_PROTOCOL {protocol} needs it"))
        };
        Ok(Some(Sasl {
            mechanism: match self.kafka_sasl_mechanism {
                SaslMechanism::Plain => kafka::SaslMechanism::Plain,
                SaslMechanism::ScramSha256 => kafka::SaslMechanism::ScramSha256,
                SaslMechanism::ScramSha512 => kafka::SaslMechanism::ScramSha512,
            },
            username: self.kafka_sasl_username.clone().ok_or_else(|| absent("KAFKA_SASL_USERNAME"))?,
            password: match &self.kafka_sasl_password {
                Some(password) => Password(password.expose().to_owned()),
                None => return Err(absent("KAFKA_SASL_PASSWORD")),
            },
        }))
    }
}

/// Kafka's `security.protocol`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum SecurityProtocol {
    Plaintext,
    Ssl,
    SaslPlaintext,
    SaslSsl,
}

/// Kafka's `sasl.mechanism`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SaslMechanism {
    #[value(name = "plain")]
    Plain,
    #[value(name = "scram-sha-256")]
    ScramSha256,
    #[value(name = "scram-sha-512")]
    ScramSha512,
}
