//! The way to the sede: TCP and mutual TLS (RFC 8446, RFC 5246), or whatever a scenario puts in its place.
//!
//! Only the town hall's own certificate authority is trusted: no public one can speak for its sede. Each call
//! of [`Connect::connect`] makes a new connection; an unplugged line is an error, and the next call tries again.
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use hyper::Uri;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// A connection to the sede, ready for HTTP.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// What [`Connect::connect`] returns.
pub type ConnectFuture<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send + 'a>>;

/// Makes connections to the sede. The caller keeps the deadline.
pub trait Connect: Send + Sync {
    /// A new connection. A failure of TLS is an error that holds the `rustls::Error`.
    fn connect(&self) -> ConnectFuture<'_>;
}

/// The settings do not allow a connection; for the technician.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The address cannot be used.
    #[error("the sede's address {url:?} cannot be used: {reason}; it looks like https://sede.example:443")]
    Address {
        /// As set.
        url: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A certificate or key cannot be used.
    #[error("the {what} cannot be used: {reason}")]
    Pem {
        /// Which of the three.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Where the sede is, as in the settings: `https://host` or `https://host:port`, without a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SedeAddress {
    /// The address.
    pub url: String,
}

impl SedeAddress {
    /// Host and port; 443 when none is given.
    pub fn host_and_port(&self) -> Result<(String, u16), SetupError> {
        let wrong = |reason| SetupError::Address { url: self.url.clone(), reason };
        let uri: Uri = self.url.parse().map_err(|_| wrong("it is no address"))?;
        if uri.scheme_str() != Some("https") {
            return Err(wrong("it does not begin with https://"));
        }
        if uri.path() != "/" && !uri.path().is_empty() || uri.query().is_some() {
            return Err(wrong("the contract sets the path, so it must have none"));
        }
        let authority = uri.authority().ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("the kiosk's certificate identifies it, so it must have no user"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let after_host = authority.as_str().rsplit(']').next().unwrap_or_default();
        if host.is_empty() || after_host.contains(':') && authority.port_u16().is_none() {
            return Err(wrong("its host or port is none"));
        }
        Ok((host.to_owned(), authority.port_u16().unwrap_or(443)))
    }
}

/// Mutual TLS over TCP, version 1.2 or 1.3.
#[derive(Clone)]
pub struct TcpTls {
    host: String,
    port: u16,
    name: ServerName<'static>,
    tls: Arc<ClientConfig>,
}

impl TcpTls {
    /// From the settings, all certificates and the key as PEM. `ca` may hold several certificates, so that an
    /// authority can be replaced by its successor in the field.
    pub fn new(
        address: &SedeAddress,
        ca: &[u8],
        certificate: &[u8],
        key: &[u8],
    ) -> Result<TcpTls, SetupError> {
        let (host, port) = address.host_and_port()?;
        let name = ServerName::try_from(host.clone()).map_err(|_| SetupError::Address {
            url: address.url.clone(),
            reason: "its host is neither a name nor an IP address",
        })?;
        let mut roots = RootCertStore::empty();
        for one in certificates("sede's CA certificate", ca)? {
            roots.add(one).map_err(|e| pem_error("sede's CA certificate", e))?;
        }
        let chain = certificates("kiosk's certificate", certificate)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| pem_error("kiosk's key", e))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(|e| pem_error("TLS of this build", e))?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .map_err(|e| pem_error("kiosk's certificate or key", e))?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TcpTls { host, port, name, tls: Arc::new(tls) })
    }

    /// What the `Host` header says: the host, and the port unless it is 443.
    pub fn host(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == 443 { host } else { format!("{host}:{}", self.port) }
    }
}

impl Connect for TcpTls {
    fn connect(&self) -> ConnectFuture<'_> {
        Box::pin(async move {
            let tcp = TcpStream::connect((self.host.as_str(), self.port)).await?;
            // Requests are small and answered at once: waiting to fill a segment only delays the citizen.
            tcp.set_nodelay(true)?;
            let tls =
                tokio_rustls::TlsConnector::from(self.tls.clone()).connect(self.name.clone(), tcp).await?;
            Ok(Box::new(tls) as Box<dyn Stream>)
        })
    }
}

fn certificates(what: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let all =
        CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|e| pem_error(what, e))?;
    if all.is_empty() {
        return Err(pem_error(what, "there is no certificate in it"));
    }
    Ok(all)
}

fn pem_error(what: &'static str, reason: impl ToString) -> SetupError {
    SetupError::Pem { what, reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Result<(String, u16), SetupError> {
        SedeAddress { url: url.into() }.host_and_port()
    }

    #[test]
    fn an_address_is_a_host_and_perhaps_a_port() {
        assert_eq!(parts("https://sede.example"), Ok(("sede.example".into(), 443)));
        assert_eq!(parts("https://sede.example/"), Ok(("sede.example".into(), 443)));
        assert_eq!(parts("https://10.0.2.2:8443"), Ok(("10.0.2.2".into(), 8443)));
        assert_eq!(parts("https://[fd00::1]:8443"), Ok(("fd00::1".into(), 8443)));
        assert_eq!(parts("https://[fd00::1]"), Ok(("fd00::1".into(), 443)));
    }

    #[test]
    fn an_address_that_would_be_misread_is_refused() {
        for url in [
            "",
            "sede.example",
            "http://sede.example",
            "https://",
            "https://sede.example/path",
            "https://sede.example?x",
            "https://user@sede.example",
            "https://sede.example:99999",
            "https://sede.example:",
        ] {
            assert!(matches!(parts(url), Err(SetupError::Address { .. })), "{url}");
        }
    }

    #[test]
    fn a_file_without_a_certificate_is_named() {
        let address = SedeAddress { url: "https://sede.example".into() };
        let error = TcpTls::new(&address, b"nothing", b"", b"").map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("sede's CA certificate"), "{error}");
    }
}
