//! A town hall's certificate authority for tests: a CA, the sede's certificates and the kiosks' (RFC 5280).
//!
//! Keys are new in each run and protect nothing. A kiosk's name is the subject's common name and, in lower case,
//! its only alternative name.
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::client::verify_server_name;
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;

/// Why a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// By the generator.
    #[error("a certificate cannot be made: {0}")]
    Generate(#[from] rcgen::Error),
    /// By TLS.
    #[error("a certificate cannot be used: {0}")]
    Use(#[from] rustls::Error),
    /// By the reader of PEM.
    #[error("a PEM text cannot be read: {0}")]
    Pem(#[from] rustls_pki_types::pem::Error),
    /// By the verifier of clients.
    #[error("clients cannot be verified: {0}")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
}

/// A certificate and its key, as PEM.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// The key, PKCS #8.
    pub key: String,
}

/// The sede's side of TLS: with its valid certificate, an expired one, and one of next month.
#[derive(Clone)]
pub struct ServerPki {
    pub(crate) valid: Arc<ServerConfig>,
    pub(crate) expired: Arc<ServerConfig>,
    pub(crate) future: Arc<ServerConfig>,
}

/// The authority.
pub struct Pki {
    issuer: Issuer<'static, KeyPair>,
    today: Date,
    names: Vec<String>,
    /// The CA's certificate, as PEM.
    pub ca: String,
}

impl Pki {
    /// An authority whose sede is known by `names` (host names or IP addresses); validity is set around `now`.
    pub fn new(names: &[&str], now: Timestamp) -> Result<Pki, PkiError> {
        let today = now.to_zoned_datetime(TimeZone::UTC).date();
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.distinguished_name.push(DnType::CommonName, "Autoridad de Prueba");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        valid(&mut params, today.saturating_sub(2.years()), today.saturating_add(10.years()));
        let key = KeyPair::generate()?;
        let ca = params.self_signed(&key)?.pem();
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Ok(Pki { issuer: Issuer::new(params, key), today, names, ca })
    }

    /// A certificate for a kiosk, valid from yesterday for a year.
    pub fn kiosk(&self, kiosk: &str) -> Result<Identity, PkiError> {
        self.kiosk_between(kiosk, self.today.saturating_sub(1.day()), self.today.saturating_add(1.year()))
    }

    /// A certificate for a kiosk, valid between two days.
    pub fn kiosk_between(&self, kiosk: &str, from: Date, until: Date) -> Result<Identity, PkiError> {
        let names = vec![kiosk.to_ascii_lowercase()];
        self.issue(kiosk, names, ExtendedKeyUsagePurpose::ClientAuth, from, until)
    }

    /// The sede's certificate, valid from yesterday for a year.
    pub fn sede(&self) -> Result<Identity, PkiError> {
        self.sede_between(self.today.saturating_sub(1.day()), self.today.saturating_add(1.year()))
    }

    /// The sede's certificate, valid between two days.
    pub fn sede_between(&self, from: Date, until: Date) -> Result<Identity, PkiError> {
        self.issue("sede", self.names.clone(), ExtendedKeyUsagePurpose::ServerAuth, from, until)
    }

    /// The sede's side of TLS.
    pub fn server(&self) -> Result<ServerPki, PkiError> {
        let today = self.today;
        let expired = self.sede_between(today.saturating_sub(40.days()), today.saturating_sub(1.day()))?;
        let future = self.sede_between(today.saturating_add(30.days()), today.saturating_add(60.days()))?;
        Ok(ServerPki {
            valid: self.server_config(&self.sede()?)?,
            expired: self.server_config(&expired)?,
            future: self.server_config(&future)?,
        })
    }

    /// Writes `ca.pem`, and for each identity `<name>.pem` and `<name>.key`.
    pub fn write(&self, folder: &Path, identities: &[(&str, &Identity)]) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("ca.pem"), &self.ca)?;
        for (name, identity) in identities {
            std::fs::write(folder.join(format!("{name}.pem")), &identity.certificate)?;
            std::fs::write(folder.join(format!("{name}.key")), &identity.key)?;
        }
        Ok(())
    }

    fn issue(
        &self,
        subject: &str,
        names: Vec<String>,
        usage: ExtendedKeyUsagePurpose,
        from: Date,
        until: Date,
    ) -> Result<Identity, PkiError> {
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, subject);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        valid(&mut params, from, until);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Identity { certificate, key: key.serialize_pem() })
    }

    fn server_config(&self, sede: &Identity) -> Result<Arc<ServerConfig>, PkiError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.ca.as_bytes())?)?;
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_client_cert_verifier(clients)
            .with_single_cert(
                vec![CertificateDer::from_pem_slice(sede.certificate.as_bytes())?],
                PrivateKeyDer::from_pem_slice(sede.key.as_bytes())?,
            )?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// Whether a client's certificate is this kiosk's.
pub(crate) fn is_kiosk(certificate: &CertificateDer<'_>, kiosk: &str) -> bool {
    let Ok(name) = ServerName::try_from(kiosk.to_ascii_lowercase()) else { return false };
    ParsedCertificate::try_from(certificate).is_ok_and(|parsed| verify_server_name(&parsed, &name).is_ok())
}

/// The kiosk that a client's certificate names: its subject's common name.
pub(crate) fn name(certificate: &CertificateDer<'_>) -> Option<String> {
    const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
    let certificate = Certificate::from_der(certificate).ok()?;
    let mut attributes = certificate.tbs_certificate.subject.0.iter().flat_map(|it| it.0.iter());
    let name = attributes.find(|it| it.oid == COMMON_NAME)?;
    std::str::from_utf8(name.value.value()).ok().map(str::to_owned)
}

fn valid(params: &mut CertificateParams, from: Date, until: Date) {
    let instant = |day: Date| {
        rcgen::date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
    };
    params.not_before = instant(from);
    params.not_after = instant(until);
}
