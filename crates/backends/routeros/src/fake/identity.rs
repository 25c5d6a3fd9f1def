//! The certificate of the fake, and the authority that has signed it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::fmt::Write;
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// Who the fake is.
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    pub(super) fingerprint: String,
    pub(super) authority: String,
}

impl Identity {
    /// A new one, made here.
    pub(super) fn new() -> io::Result<Self> {
        Self::made().map_err(io::Error::other)
    }

    fn made() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut params = named(Vec::new(), "fake authority")?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate()?;
        let authority = params.self_signed(&key)?;
        let issuer = Issuer::new(params, key);
        let hosts = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        let key = KeyPair::generate()?;
        let own = named(hosts, "fake switch")?.signed_by(&key, &issuer)?;
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
        let config = builder.with_single_cert(vec![own.der().clone()], secret)?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            fingerprint: hex(&Sha256::digest(own.der())),
            authority: pem(authority.der()),
        })
    }
}

fn named(hosts: Vec<String>, name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn pem(certificate: &CertificateDer<'_>) -> String {
    let label = "CERTIFICATE";
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        BASE64_STANDARD.encode(certificate)
    )
}
