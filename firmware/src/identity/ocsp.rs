//! Asking an authority whether a certificate was revoked (RFC 6960, with the profile of RFC 5019 for its hashes).
//!
//! The kiosk reaches no responder itself: the sede passes request and response on, so nothing of the line is
//! trusted. A response counts when the issuer has signed it, or a certificate that the issuer has made for this;
//! when it is about our certificate; and when it is fresh: by our nonce, or by its dates where a responder gives
//! none back, as those that sign in advance do. "Unknown" is an answer, and never "good".
use std::time::Duration;

use der::asn1::{GeneralizedTime, OctetString};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use jiff::{SignedDuration, Timestamp};
use x509_cert::ext::Extension;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::certificate::{DER_MAX, X509};
use super::chain::Verified;
use super::ocsp_asn1::{
    BASIC, CertId, CertStatus, NONCE, OcspRequest, OcspResponse, RequestContent, ResponderId,
    ResponseContent, ResponseStatus, SHA1, SingleRequest, SingleResponse,
};
use super::raw::{Signed, signed};
use super::signature::{self, Unverified, encoded, sha1};

/// How far the responder's clock and ours may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// How old an answer may be that has neither our nonce nor an end.
const UNDATED_MAX: SignedDuration = SignedDuration::from_hours(1);
/// Certificates beside a response that are looked at.
const SIGNERS_MAX: usize = 4;
/// Answers in one response that are looked at; we ask for one.
const ANSWERS_MAX: usize = 16;

/// A question about one certificate, to be kept for its answer.
#[derive(Clone)]
pub struct Question {
    id: CertId,
    nonce: [u8; 32],
    der: Vec<u8>,
}

/// What the authority says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since when.
        since: Timestamp,
    },
    /// The authority does not know it. This is not good.
    Unknown,
}

/// Why a response says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OcspError {
    /// The question cannot be put.
    #[error("no revocation request can be made for this certificate")]
    NoQuestion,
    /// No OCSP response, or larger than 8 KiB.
    #[error("the revocation response cannot be read")]
    Unreadable,
    /// The responder says that it cannot answer now.
    #[error("the revocation service cannot answer now")]
    TryLater,
    /// The responder refuses: it does not know the authority, or the request.
    #[error("the revocation service refuses the request")]
    Refused,
    /// Neither the issuer nor anybody whom it has named has signed it.
    #[error("the revocation response is not signed by the certificate's authority")]
    Untrusted,
    /// Signed in a way that is not accepted.
    #[error("the revocation response is signed with an algorithm that is not accepted")]
    Algorithm,
    /// The signer's certificate is outside its days.
    #[error("the certificate of the revocation service is outside its days")]
    SignerOutsideDays,
    /// It answers another question.
    #[error("the revocation response is about another certificate")]
    OtherCertificate,
    /// It is the answer to somebody else's question.
    #[error("the revocation response is an answer to another request")]
    OtherNonce,
    /// Its dates are over.
    #[error("the revocation response is too old")]
    Stale,
    /// Its dates have not begun, by this kiosk's clock.
    #[error("the revocation response is from the future; check the clock")]
    FromTheFuture,
}

impl Question {
    /// About a verified certificate; the nonce is new for every question.
    pub fn about(verified: &Verified, nonce: [u8; 32]) -> Result<Question, OcspError> {
        let (citizen, issuer) = (&verified.citizen, &verified.issuer);
        let make = || -> Result<Question, der::Error> {
            let id = CertId {
                hash_algorithm: AlgorithmIdentifierOwned {
                    oid: SHA1,
                    parameters: Some(der::asn1::Any::null()),
                },
                issuer_name: OctetString::new(sha1(&encoded(issuer.subject())))?,
                issuer_key: OctetString::new(sha1(issuer.key_bytes()))?,
                serial: SerialNumber::new(citizen.serial())?,
            };
            let value = OctetString::new(nonce.as_slice())?.to_der()?;
            let extension =
                Extension { extn_id: NONCE, critical: false, extn_value: OctetString::new(value)? };
            let list = vec![SingleRequest { certificate: id.clone() }];
            let request = OcspRequest { content: RequestContent { list, extensions: Some(vec![extension]) } };
            Ok(Question { id, nonce, der: request.to_der()? })
        };
        make().map_err(|_| OcspError::NoQuestion)
    }

    /// OCSPRequest.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// What a response says to this question at `now`.
    pub fn answer(
        &self,
        verified: &Verified,
        response: &[u8],
        now: Timestamp,
    ) -> Result<Standing, OcspError> {
        if response.len() > DER_MAX {
            return Err(OcspError::Unreadable);
        }
        let response = OcspResponse::from_der(response).map_err(|_| OcspError::Unreadable)?;
        match response.status {
            ResponseStatus::Successful => {}
            ResponseStatus::TryLater | ResponseStatus::InternalError => return Err(OcspError::TryLater),
            ResponseStatus::MalformedRequest
            | ResponseStatus::SignatureRequired
            | ResponseStatus::Unauthorized => return Err(OcspError::Refused),
        }
        let bytes = response.bytes.filter(|it| it.kind == BASIC).ok_or(OcspError::Unreadable)?;
        let parts = signed(bytes.response.as_bytes()).map_err(|_| OcspError::Unreadable)?;
        let content = ResponseContent::from_der(parts.content).map_err(|_| OcspError::Unreadable)?;
        verify_signer(&parts, &content.responder, &verified.issuer, now)?;
        self.judge(&content, now)
    }

    fn judge(&self, content: &ResponseContent, now: Timestamp) -> Result<Standing, OcspError> {
        let ours = content.responses.iter().take(ANSWERS_MAX).find(|it| self.is_about(&it.certificate));
        let ours = ours.ok_or(OcspError::OtherCertificate)?;
        let critical = |all: &Option<Vec<Extension>>| all.iter().flatten().any(|it| it.critical);
        if critical(&ours.extensions)
            || content.extensions.iter().flatten().any(|it| it.critical && it.extn_id != NONCE)
        {
            return Err(OcspError::Unreadable);
        }
        self.require_fresh(ours, self.has_nonce(content)?, now)?;
        match &ours.status {
            CertStatus::Good(_) => Ok(Standing::Good),
            CertStatus::Unknown(_) => Ok(Standing::Unknown),
            CertStatus::Revoked(it) => {
                Ok(Standing::Revoked { since: instant(&it.since).ok_or(OcspError::Unreadable)? })
            }
        }
    }

    /// The algorithm's parameters may be absent or NULL: both mean the same.
    fn is_about(&self, other: &CertId) -> bool {
        other.hash_algorithm.oid == self.id.hash_algorithm.oid
            && other.issuer_name == self.id.issuer_name
            && other.issuer_key == self.id.issuer_key
            && other.serial == self.id.serial
    }

    /// Whether our nonce came back; another one is somebody else's answer.
    fn has_nonce(&self, content: &ResponseContent) -> Result<bool, OcspError> {
        let mut nonces = content.extensions.iter().flatten().filter(|it| it.extn_id == NONCE);
        let Some(nonce) = nonces.next() else { return Ok(false) };
        let value = nonce.extn_value.as_bytes();
        // The value is an OCTET STRING by RFC 8954; some responders give back the bare bytes.
        let same = value == self.nonce
            || OctetString::from_der(value).is_ok_and(|inner| inner.as_bytes() == self.nonce);
        if same && nonces.next().is_none() { Ok(true) } else { Err(OcspError::OtherNonce) }
    }

    fn require_fresh(&self, ours: &SingleResponse, nonce: bool, now: Timestamp) -> Result<(), OcspError> {
        let from = instant(&ours.this_update).ok_or(OcspError::Unreadable)?;
        if from > later(now, SKEW) {
            return Err(OcspError::FromTheFuture);
        }
        let until = match &ours.next_update {
            Some(until) => instant(until).ok_or(OcspError::Unreadable)?,
            None if nonce => return Ok(()),
            None => later(from, UNDATED_MAX),
        };
        if now > later(until, SKEW) { Err(OcspError::Stale) } else { Ok(()) }
    }
}

/// The issuer has signed the response, or a certificate beside it that the issuer has signed for this purpose.
fn verify_signer(
    parts: &Signed<'_>,
    responder: &ResponderId,
    issuer: &X509,
    now: Timestamp,
) -> Result<(), OcspError> {
    let value = parts.signature.as_bytes().ok_or(OcspError::Unreadable)?;
    let verify = |signer: &X509| signature::verify(signer.key(), &parts.algorithm, parts.content, value);
    let mut why = OcspError::Untrusted;
    if is_named(responder, issuer) {
        match verify(issuer) {
            Ok(()) => return Ok(()),
            Err(Unverified::Unsupported) => why = OcspError::Algorithm,
            Err(Unverified::Wrong) => {}
        }
    }
    for signer in signers(parts.rest)? {
        if !is_named(responder, &signer)
            || !signer.may_sign_ocsp()
            || !signer.is_understood()
            || signer.is_signed_by(issuer).is_err()
        {
            continue;
        }
        match verify(&signer) {
            Ok(()) if signer.holds_at(now) => return Ok(()),
            Ok(()) => why = OcspError::SignerOutsideDays,
            Err(Unverified::Unsupported) => why = OcspError::Algorithm,
            Err(Unverified::Wrong) => {}
        }
    }
    Err(why)
}

fn is_named(responder: &ResponderId, signer: &X509) -> bool {
    match responder {
        ResponderId::Name(name) => name == signer.subject(),
        ResponderId::Key(hash) => hash.as_bytes() == sha1(signer.key_bytes()),
    }
}

/// The certificates beside the response: `[0] EXPLICIT SEQUENCE OF Certificate`, or nothing. One that cannot be
/// read spoils no other.
fn signers(rest: &[u8]) -> Result<Vec<X509>, OcspError> {
    if rest.is_empty() {
        return Ok(Vec::new());
    }
    let read = || -> Result<Vec<X509>, der::Error> {
        let outer = der::asn1::AnyRef::from_der(rest)?;
        outer.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
        let mut list = SliceReader::new(outer.value())?;
        let found = list.sequence(|inside| -> Result<Vec<X509>, der::Error> {
            let mut found = Vec::new();
            while !inside.is_finished() {
                let one = inside.tlv_bytes()?;
                if found.len() < SIGNERS_MAX {
                    found.extend(X509::read(one));
                }
            }
            Ok(found)
        })?;
        list.finish()?;
        Ok(found)
    };
    read().map_err(|_| OcspError::Unreadable)
}

fn instant(time: &GeneralizedTime) -> Option<Timestamp> {
    let since_1970: Duration = time.to_unix_duration();
    i64::try_from(since_1970.as_secs()).ok().and_then(|s| Timestamp::from_second(s).ok())
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
