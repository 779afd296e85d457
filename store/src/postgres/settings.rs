//! How to reach the server, and how long to wait for it.

use std::{fmt, fs, path::PathBuf, time::Duration};

use native_tls::{Certificate, TlsConnector};
use postgres_native_tls::MakeTlsConnector;
use tokio_postgres::config::SslMode;

use crate::StoreError;

/// How a [`PostgresStore`](super::PostgresStore) reaches its server. `Debug` does not show the URL: it can hold a password.
#[derive(Clone)]
pub struct PostgresSettings {
    /// `postgres://user:password@host:port/database?sslmode=…`, or the `key=value` form.
    /// `sslmode`: `disable`; `prefer` (the default: encrypted when the server can, its certificate not checked,
    /// since whoever sits in between could as well say that the server can't); `require` (encrypted, certificate
    /// and host name checked).
    pub url: String,
    /// A PEM file with the certificate authority to trust besides the system's; with it, `prefer` checks too.
    pub ca_file: Option<PathBuf>,
    /// How many connections at most.
    pub pool_size_max: usize,
    /// How long one statement may take.
    pub statement_timeout_ms: u32,
    /// How long making a connection may take.
    pub connect_timeout_ms: u32,
    /// How long a call waits for a free connection.
    pub wait_timeout_ms: u32,
}

impl PostgresSettings {
    /// The defaults, with this URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ca_file: None,
            pool_size_max: 16,
            statement_timeout_ms: 10_000,
            connect_timeout_ms: 3_000,
            wait_timeout_ms: 3_000,
        }
    }

    pub(super) fn wait_timeout(&self) -> Duration {
        Duration::from_millis(self.wait_timeout_ms.into())
    }

    pub(super) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms.into())
    }

    pub(super) fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms.into())
    }

    pub(super) fn client_config(&self) -> Result<tokio_postgres::Config, StoreError> {
        // The parser's own words can quote the URL.
        let mut config: tokio_postgres::Config = self.url.parse().map_err(|_| {
            StoreError::Refused(
                "the database URL is not one (postgres://user:password@host:port/database); \
                 sslmode is one of disable, prefer, require"
                    .to_owned(),
            )
        })?;
        if config.get_application_name().is_none() {
            config.application_name("gapin");
        }
        let options = config.get_options().map(|options| format!("{options} ")).unwrap_or_default();
        config.options(format!("{options}-c statement_timeout={}", self.statement_timeout_ms));
        config.connect_timeout(self.connect_timeout());
        // A server that vanished without a word is noticed about as soon as one that is too slow.
        config.tcp_user_timeout(self.statement_timeout() + self.connect_timeout());
        config.keepalives_idle(Duration::from_secs(30));
        Ok(config)
    }

    pub(super) fn tls(&self, mode: SslMode) -> Result<MakeTlsConnector, StoreError> {
        let refused = |sentence: &str| StoreError::Refused(sentence.to_owned());
        let mut builder = TlsConnector::builder();
        match &self.ca_file {
            Some(file) => {
                let pem = fs::read(file).map_err(|_| refused("the database's CA file can't be read"))?;
                let certificate = Certificate::from_pem(&pem);
                builder.add_root_certificate(certificate.map_err(|_| refused("the database's CA file is not PEM"))?);
            }
            None => {
                builder.danger_accept_invalid_certs(mode == SslMode::Prefer);
                builder.danger_accept_invalid_hostnames(mode == SslMode::Prefer);
            }
        }
        let connector = builder.build().map_err(|_| refused("TLS can't be set up on this machine"))?;
        Ok(MakeTlsConnector::new(connector))
    }
}

impl fmt::Debug for PostgresSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresSettings")
            .field("ca_file", &self.ca_file)
            .field("pool_size_max", &self.pool_size_max)
            .field("statement_timeout_ms", &self.statement_timeout_ms)
            .field("connect_timeout_ms", &self.connect_timeout_ms)
            .field("wait_timeout_ms", &self.wait_timeout_ms)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn check_refused(url: &str) {
        let error = PostgresSettings::new(url).client_config().unwrap_err().to_string();
        assert!(error.contains("database URL"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_bad_url_is_refused_without_being_quoted() {
        check_refused("postgres://u:hunter2@h:notaport/d");
        check_refused("postgres://u:hunter2@h/d?sslmode=perhaps");
        check_refused("mysql://u:hunter2@h/d");
    }

    #[test]
    fn debug_does_not_show_the_url() {
        let settings = PostgresSettings::new("postgres://u:hunter2@h/d");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn options_of_the_url_stay() {
        let settings = PostgresSettings::new("host=h user=u options='-c work_mem=8MB'");
        let config = settings.client_config().unwrap();
        assert_eq!(config.get_options(), Some("-c work_mem=8MB -c statement_timeout=10000"));
    }

    #[test]
    fn a_ca_file_that_is_none_is_refused() {
        let mut settings = PostgresSettings::new("postgres://h/d");
        settings.ca_file = Some("/nonexistent".into());
        assert!(matches!(settings.tls(SslMode::Require), Err(StoreError::Refused(_))));
    }
}
