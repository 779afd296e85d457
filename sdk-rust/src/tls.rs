//! TLS by rustls, with the certificates of the system.

use std::sync::Arc;

use rustls::{
    ClientConfig, Error,
    crypto::{CryptoProvider, ring},
};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// By the provider that the program has chosen, or else by ring. Chooses none for the program: that is its own affair.
///
/// # Errors
/// Where the certificates of the system can't be read, or its provider knows no version of TLS.
pub(crate) fn config() -> Result<ClientConfig, Error> {
    let provider = CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()));
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = versions.with_platform_verifier()?.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
