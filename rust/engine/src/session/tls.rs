// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
//! Which servers are trusted: by the system's authorities, by a file of authorities, or by one pinned certificate.

use std::path::PathBuf;
use std::sync::Arc;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::error::SessionError;

/// The protocol name that direct TLS announces (XEP-0368 section 3).
const ALPN: &[u8] = b"xmpp-client";

/// Who vouches for the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that the system trusts.
    System,
    /// The authorities in this PEM file, and no others.
    File(PathBuf),
    /// The certificate with this SHA-256 (of its DER form), whatever it says of itself.
    Pinned([u8; 32]),
}

/// Makes the TLS configuration. Reads files: call it where blocking is allowed.
///
/// # Errors
/// [`SessionError::Settings`]: a file cannot be read or has no certificate in it.
pub(crate) fn client_config(trust: &Trust, direct: bool) -> Result<Arc<ClientConfig>, SessionError> {
    let provider = Arc::new(ring::default_provider());
    let settings = |detail: String| SessionError::Settings { detail };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| settings(error.to_string()))?;
    let mut config = match trust {
        Trust::System => builder
            .with_root_certificates(system_roots()?)
            .with_no_client_auth(),
        Trust::File(path) => {
            let unreadable =
                |detail: String| settings(format!("the certificate file {} {detail}", path.display()));
            let mut roots = RootCertStore::empty();
            let certificates = CertificateDer::pem_file_iter(path)
                .map_err(|error| unreadable(format!("cannot be read: {error}")))?;
            for certificate in certificates {
                let certificate =
                    certificate.map_err(|error| unreadable(format!("cannot be read: {error}")))?;
                roots.add(certificate).map_err(|error| {
                    unreadable(format!("has a certificate that is no authority: {error}"))
                })?;
            }
            if roots.is_empty() {
                return Err(unreadable("has no certificate in it".to_owned()));
            }
            builder.with_root_certificates(roots).with_no_client_auth()
        }
        Trust::Pinned(fingerprint) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Pinned {
                fingerprint: *fingerprint,
                provider,
            }))
            .with_no_client_auth(),
    };
    if direct {
        config.alpn_protocols = vec![ALPN.to_vec()];
    }
    Ok(Arc::new(config))
}

/// Sorts a failed handshake: a refused certificate is final, the rest may pass.
pub(crate) fn handshake_error(error: std::io::Error) -> SessionError {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match tls {
        Some(Error::InvalidCertificate(cause)) => SessionError::Certificate {
            detail: certificate_detail(cause),
        },
        Some(Error::NoCertificatesPresented) => SessionError::Certificate {
            detail: "it has none".to_owned(),
        },
        Some(other) => SessionError::Tls {
            detail: other.to_string(),
        },
        None => SessionError::Tls {
            detail: error.to_string(),
        },
    }
}

fn certificate_detail(cause: &CertificateError) -> String {
    match cause {
        CertificateError::UnknownIssuer => "nobody known vouches for it".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another address".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        CertificateError::ApplicationVerificationFailure => "it is not the pinned one".to_owned(),
        other => format!("{other:?}"),
    }
}

fn system_roots() -> Result<RootCertStore, SessionError> {
    let mut roots = RootCertStore::empty();
    let loaded = rustls_native_certs::load_native_certs();
    for certificate in loaded.certs {
        // One authority that rustls cannot read must not hide the others.
        let _ignored = roots.add(certificate);
    }
    if roots.is_empty() {
        let detail =
            "the system has no certificate authorities (install the package ca-certificates)".to_owned();
        return Err(SessionError::Settings { detail });
    }
    Ok(roots)
}

/// Accepts one certificate, and only from whoever holds its key.
#[derive(Debug)]
struct Pinned {
    fingerprint: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // The fingerprint is public, so the comparison need not take constant time.
        if Sha256::digest(end_entity.as_ref()).as_slice() == self.fingerprint.as_slice() {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            ))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
