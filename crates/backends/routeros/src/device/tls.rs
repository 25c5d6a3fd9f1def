//! Who is talked to.

use crate::{Fingerprint, Trust};
use rackberry_core::{Error, ErrorKind, Result};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore,
    SignatureScheme,
};
use sha2::{Digest, Sha256};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use tokio_rustls::TlsConnector;

/// How to begin TLS with it; none where it is to be talked to without.
pub(super) fn connector(trust: &Trust) -> Result<Option<TlsConnector>> {
    let config = match trust {
        Trust::PlainHttp => return Ok(None),
        Trust::Fingerprint(it) => pinned(*it),
        Trust::Authority(pem) => signed(pem),
    };
    let config = config.map_err(|why| {
        Error::new(ErrorKind::Invalid, "read the certificate that is to be trusted").because(why)
    })?;
    Ok(Some(TlsConnector::from(Arc::new(config))))
}

type Made = Result<ClientConfig, Box<dyn StdError + Send + Sync>>;

fn pinned(fingerprint: Fingerprint) -> Made {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Pinned { fingerprint, provider: provider.clone() });
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    // What follows replaces the usual way to trust: this one is stricter than any authority.
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn signed(pem: &str) -> Made {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate?)?;
    }
    if roots.is_empty() {
        return Err("there is no certificate in it".into());
    }
    let provider = Arc::new(ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Trusts one certificate. That who shows it has its key is proved as always.
#[derive(Debug)]
struct Pinned {
    fingerprint: Fingerprint,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let found = Fingerprint::new(Sha256::digest(certificate).into());
        if found == self.fingerprint {
            return Ok(ServerCertVerified::assertion());
        }
        let other = OtherError(Arc::new(Stranger { found, expected: self.fingerprint }));
        Err(CertificateError::Other(other).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// It shows another certificate.
#[derive(Debug)]
struct Stranger {
    found: Fingerprint,
    expected: Fingerprint,
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its certificate is {}, and {} is configured", self.found, self.expected)
    }
}

impl StdError for Stranger {}

/// Whether a connection failed because of who was found at its other end.
pub(super) fn is_stranger(why: &(dyn StdError + Send + Sync + 'static)) -> bool {
    let inner = why.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let rustls = inner.and_then(|it| it.downcast_ref::<rustls::Error>());
    matches!(rustls, Some(rustls::Error::InvalidCertificate(_)))
}
