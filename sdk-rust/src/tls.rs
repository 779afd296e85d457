//! TLS by rustls, with the certificates of the system, and those that were passed.

use std::sync::Arc;

use rustls::{
    ClientConfig, Error, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;

/// By the provider that the program has chosen, or else by ring. Chooses none for the program: that is its own affair.
///
/// # Errors
/// Where the certificates of the system can't be read, or its provider knows no version of TLS.
pub(crate) fn config(roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, Error> {
    let provider = provider();
    let verifier = Arc::new(verifier(roots, Arc::clone(&provider))?);
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = versions.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// For a gateway without TLS, where there are no certificates: no connection with TLS is made.
///
/// # Errors
/// Where the provider knows no version of TLS.
pub(crate) fn trusting_nobody() -> Result<ClientConfig, Error> {
    let versions = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(versions.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

/// Certificates as PEM. `None` where there is none, or one that is damaged.
pub(crate) fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = read.ok().filter(|read| !read.is_empty())?;
    let mut store = RootCertStore::empty();
    certificates.iter().all(|one| store.add(one.clone()).is_ok()).then_some(certificates)
}

fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(ring::default_provider()))
}

#[cfg(not(target_os = "android"))]
fn verifier(roots: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
    Verifier::new_with_extra_roots(roots, provider)
}

/// Android has a store for them.
#[cfg(target_os = "android")]
fn verifier(roots: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
    if roots.is_empty() { Verifier::new(provider) } else { Err(Error::General("roots of one's own".to_owned())) }
}
