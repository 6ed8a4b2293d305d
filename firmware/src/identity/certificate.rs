//! One X.509 certificate (RFC 5280) as it came, and the questions that chain and revocation ask of it.
use std::fmt;

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode, Reader, SliceReader};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Time;

use super::raw::signed;
use super::signature::{self, Unverified};

/// The contract's limit of one structure.
pub(super) const DER_MAX: usize = 8 * 1024;
pub(super) const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const EMAIL_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
pub(super) const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// Critical extensions that are understood: key usage, alternative name, basic constraints, policies, extended
/// key usage. A critical one that is not understood makes the certificate useless (RFC 5280, section 4.2).
const UNDERSTOOD: [ObjectIdentifier; 5] = [
    ObjectIdentifier::new_unwrap("2.5.29.15"),
    ObjectIdentifier::new_unwrap("2.5.29.17"),
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.32"),
    ObjectIdentifier::new_unwrap("2.5.29.37"),
];

/// A certificate that could be read. `Debug` shows nothing of it: its subject is a person.
#[derive(Clone)]
pub struct X509 {
    bytes: Vec<u8>,
    read: Certificate,
}

impl X509 {
    /// Reads one; `None` when it is none, or larger than 8 KiB.
    pub(super) fn read(bytes: &[u8]) -> Option<X509> {
        if bytes.len() > DER_MAX {
            return None;
        }
        let read = Certificate::from_der(bytes).ok()?;
        // RFC 5280, section 4.1.1.2: said twice, and the same both times.
        let same = read.signature_algorithm() == read.tbs_certificate().signature();
        (same && signed(bytes).is_ok_and(|parts| parts.rest.is_empty()))
            .then(|| X509 { bytes: bytes.to_vec(), read })
    }

    pub(super) fn subject(&self) -> &Name {
        self.read.tbs_certificate().subject()
    }

    pub(super) fn issuer(&self) -> &Name {
        self.read.tbs_certificate().issuer()
    }

    pub(super) fn serial(&self) -> &[u8] {
        self.read.tbs_certificate().serial_number().as_bytes()
    }

    pub(super) fn key(&self) -> &SubjectPublicKeyInfoOwned {
        self.read.tbs_certificate().subject_public_key_info()
    }

    /// The bytes of the public key itself, which OCSP names by their hash.
    pub(super) fn key_bytes(&self) -> &[u8] {
        self.key().subject_public_key.raw_bytes()
    }

    /// Modulus of an RSA key, without leading zeros; `None` for another kind of key.
    pub(super) fn rsa_modulus(&self) -> Option<&[u8]> {
        if self.key().algorithm.oid != signature::RSA {
            return None;
        }
        let mut reader = SliceReader::new(self.key_bytes()).ok()?;
        let modulus = reader.sequence(|inside| -> Result<UintRef<'_>, der::Error> {
            let modulus = UintRef::decode(inside)?;
            UintRef::decode(inside)?;
            Ok(modulus)
        });
        modulus.ok().map(|it| it.as_bytes())
    }

    /// First and last instant.
    pub(super) fn days(&self) -> Option<(Timestamp, Timestamp)> {
        let validity = self.read.tbs_certificate().validity();
        Some((instant(&validity.not_before)?, instant(&validity.not_after)?))
    }

    pub(super) fn holds_at(&self, now: Timestamp) -> bool {
        self.days().is_some_and(|(from, until)| from <= now && now <= until)
    }

    /// Whether `authority` bears the issuer's name and has signed this one.
    pub(super) fn is_signed_by(&self, authority: &X509) -> Result<(), Unverified> {
        if self.issuer() != authority.subject() {
            return Err(Unverified::Wrong);
        }
        let parts = signed(&self.bytes).map_err(|_| Unverified::Wrong)?;
        let value = parts.signature.as_bytes().ok_or(Unverified::Wrong)?;
        signature::verify(authority.key(), &parts.algorithm, parts.content, value)
    }

    /// An extension that decides must be there once and be readable; `None` when it is absent.
    fn extension<'a, T>(&'a self) -> Result<Option<T>, ()>
    where
        T: Decode<'a> + der::oid::AssociatedOid,
    {
        self.read.tbs_certificate().get_extension::<T>().map(|it| it.map(|(_, value)| value)).map_err(|_| ())
    }

    /// No critical extension is beyond us.
    pub(super) fn is_understood(&self) -> bool {
        let extensions = self.read.tbs_certificate().extensions().into_iter().flatten();
        extensions.filter(|it| it.critical).all(|it| UNDERSTOOD.contains(&it.extn_id))
    }

    /// May issue certificates, with `below` authorities between it and the citizen.
    pub(super) fn is_authority(&self, below: usize) -> bool {
        let constraints = self.extension::<BasicConstraints>();
        let Ok(Some(BasicConstraints { ca: true, path_len_constraint })) = constraints else { return false };
        let short = path_len_constraint.is_none_or(|most| below <= usize::from(most));
        let signs = self.extension::<KeyUsage>().is_ok_and(|it| it.is_none_or(|usage| usage.key_cert_sign()));
        short && signs
    }

    pub(super) fn claims_authority(&self) -> bool {
        self.extension::<BasicConstraints>().map_or(true, |it| it.is_some_and(|it| it.ca))
    }

    /// `digitalSignature` is in the key usage, which must be there.
    pub(super) fn may_sign(&self) -> bool {
        self.extension::<KeyUsage>().is_ok_and(|it| it.is_some_and(|usage| usage.digital_signature()))
    }

    /// The extended key usage is for clients, or there is none.
    pub(super) fn may_authenticate(&self) -> bool {
        self.is_for(CLIENT_AUTH)
    }

    /// `contentCommitment` is in the key usage, which must be there; the extended one does not say otherwise.
    pub(super) fn may_bind(&self) -> bool {
        let commits = |usage: KeyUsage| usage.non_repudiation();
        self.extension::<KeyUsage>().is_ok_and(|it| it.is_some_and(commits)) && self.is_for(EMAIL_PROTECTION)
    }

    /// The extended key usage says this one, or there is none.
    fn is_for(&self, usage: ObjectIdentifier) -> bool {
        let fits = |all: ExtendedKeyUsage| all.0.iter().any(|it| *it == usage || *it == ANY_USAGE);
        self.extension::<ExtendedKeyUsage>().is_ok_and(|it| it.is_none_or(fits))
    }

    /// The extended key usage names the signing of OCSP responses.
    pub(super) fn may_sign_ocsp(&self) -> bool {
        self.extension::<ExtendedKeyUsage>()
            .is_ok_and(|it| it.is_some_and(|usage| usage.0.contains(&OCSP_SIGNING)))
    }
}

impl fmt::Debug for X509 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("X509(…)")
    }
}

fn instant(time: &Time) -> Option<Timestamp> {
    i64::try_from(time.to_unix_duration().as_secs()).ok().and_then(|s| Timestamp::from_second(s).ok())
}
