//! What the sede verifies of a citizen's certificate: path, days, usage, signature (contract, identification and
//! petitions).
//!
//! By `rustls-webpki` and `x509-cert`, which the kiosk uses otherwise or not at all.
use jiff::Timestamp;
use ring::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, Error, KeyUsage as Purpose};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::KeyUsage;

/// `emailProtection`, which authorities put into certificates for signatures if they put anything.
const EMAIL_PROTECTION: &[u8] = &[43, 6, 1, 5, 5, 7, 3, 4];

const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");

/// A certificate that the sede cannot use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot be used: it is no certificate in DER, or of a kind that is not known")]
pub struct UnusableCertificate(pub(crate) &'static str);

/// The roots that are trusted.
#[derive(Clone, Default)]
pub(crate) struct Trust(Vec<Root>);

#[derive(Clone)]
struct Root {
    anchor: TrustAnchor<'static>,
    certificate: Certificate,
}

/// What a citizen sends to enter, or to sign a petition.
pub(crate) struct Signed<'a> {
    pub certificate: &'a [u8],
    pub chain: &'a [Vec<u8>],
    pub statement: &'a [u8],
    pub signature: &'a [u8],
}

/// A citizen's certificate that is in order but for its revocation.
pub(crate) struct Known {
    pub certificate: Certificate,
    /// DNI or NIE.
    pub number: String,
}

impl Trust {
    pub fn add(&mut self, root: &[u8]) -> Result<(), UnusableCertificate> {
        let unusable = UnusableCertificate("the root");
        let der = CertificateDer::from(root);
        let anchor = webpki::anchor_from_trusted_cert(&der).map_err(|_| unusable)?.to_owned();
        let certificate = Certificate::from_der(root).map_err(|_| unusable)?;
        self.0.push(Root { anchor, certificate });
        Ok(())
    }

    /// Who has signed with a certificate for identification; or the contract's code of the refusal.
    pub fn identify(&self, signed: &Signed<'_>, now: Timestamp) -> Result<Known, &'static str> {
        self.verify(signed, Purpose::client_auth(), KeyUsage::digital_signature, now)
    }

    /// Who has signed with a certificate for signatures; or the contract's code of the refusal.
    pub fn signer(&self, signed: &Signed<'_>, now: Timestamp) -> Result<Known, &'static str> {
        let purpose = Purpose::required_if_present(EMAIL_PROTECTION);
        self.verify(signed, purpose, KeyUsage::non_repudiation, now)
    }

    fn verify(
        &self,
        signed: &Signed<'_>,
        purpose: Purpose,
        has: fn(&KeyUsage) -> bool,
        now: Timestamp,
    ) -> Result<Known, &'static str> {
        let der = CertificateDer::from(signed.certificate);
        let end = EndEntityCert::try_from(&der).map_err(code)?;
        let anchors: Vec<TrustAnchor<'static>> =
            self.0.iter().filter(|it| holds(&it.certificate, now)).map(|it| it.anchor.clone()).collect();
        let authorities: Vec<CertificateDer<'_>> =
            signed.chain.iter().map(|it| CertificateDer::from(it.as_slice())).collect();
        let at = u64::try_from(now.as_second()).unwrap_or_default();
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(at));
        end.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &authorities, at, purpose, None, None)
            .map_err(code)?;
        let certificate = Certificate::from_der(signed.certificate).map_err(|_| "untrusted")?;
        let usage = certificate.tbs_certificate.get::<KeyUsage>().map_err(|_| "wrong-usage")?;
        if !usage.is_some_and(|(_, usage)| has(&usage)) {
            return Err("wrong-usage");
        }
        let key = certificate.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
        // Old cards have keys of less than 2048 bits, and some of 1920.
        UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, key)
            .verify(signed.statement, signed.signature)
            .map_err(|_| "signature")?;
        let number = number(&certificate).ok_or("not-registered")?;
        Ok(Known { certificate, number })
    }
}

/// The bytes that a card signs.
pub(crate) fn statement(session: &str, challenge: &[u8], kiosk_nonce: &[u8]) -> Vec<u8> {
    let mut bytes = b"ciberkiosco identification 1\0".to_vec();
    bytes.extend_from_slice(session.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(challenge);
    bytes.extend_from_slice(kiosk_nonce);
    bytes
}

pub(crate) fn holds(certificate: &Certificate, now: Timestamp) -> bool {
    let validity = &certificate.tbs_certificate.validity;
    let at = u64::try_from(now.as_second()).unwrap_or_default();
    let second = |time: &x509_cert::time::Time| time.to_unix_duration().as_secs();
    (second(&validity.not_before)..=second(&validity.not_after)).contains(&at)
}

fn code(error: Error) -> &'static str {
    match error {
        Error::CertExpired { .. } => "expired",
        Error::CertNotValidYet { .. } => "not-yet-valid",
        Error::RequiredEkuNotFoundContext(_) | Error::CaUsedAsEndEntity => "wrong-usage",
        _ => "untrusted",
    }
}

fn number(certificate: &Certificate) -> Option<String> {
    let subject = &certificate.tbs_certificate.subject;
    let attribute = subject.0.iter().flat_map(|it| it.0.iter()).find(|it| it.oid == SERIAL_NUMBER)?;
    let text = std::str::from_utf8(attribute.value.value()).ok()?;
    Some(text.strip_prefix("IDCES-").unwrap_or(text).to_owned())
}
