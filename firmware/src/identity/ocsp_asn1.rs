//! The structures of OCSP (RFC 6960, appendix B.1) as far as a client needs them.
use der::asn1::{GeneralizedTime, Null, ObjectIdentifier, OctetString};
use der::{Choice, Enumerated, Sequence};
use x509_cert::ext::{Extension, Extensions};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

pub(super) const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
pub(super) const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
pub(super) const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");

#[derive(Clone, Sequence)]
pub(super) struct OcspRequest {
    pub content: RequestContent,
}

#[derive(Clone, Sequence)]
pub(super) struct RequestContent {
    pub list: Vec<SingleRequest>,
    #[asn1(context_specific = "2", optional = "true", tag_mode = "EXPLICIT")]
    pub extensions: Option<Vec<Extension>>,
}

#[derive(Clone, Sequence)]
pub(super) struct SingleRequest {
    pub certificate: CertId,
}

#[derive(Clone, PartialEq, Eq, Sequence)]
pub(super) struct CertId {
    pub hash_algorithm: AlgorithmIdentifierOwned,
    pub issuer_name: OctetString,
    pub issuer_key: OctetString,
    pub serial: SerialNumber,
}

#[derive(Clone, Sequence)]
pub(super) struct OcspResponse {
    pub status: ResponseStatus,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub bytes: Option<ResponseBytes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumerated)]
#[repr(u8)]
pub(super) enum ResponseStatus {
    Successful = 0,
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SignatureRequired = 5,
    Unauthorized = 6,
}

#[derive(Clone, Sequence)]
pub(super) struct ResponseBytes {
    pub kind: ObjectIdentifier,
    pub response: OctetString,
}

#[derive(Clone, Sequence)]
pub(super) struct ResponseContent {
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub version: Option<u8>,
    pub responder: ResponderId,
    pub produced_at: GeneralizedTime,
    pub responses: Vec<SingleResponse>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "EXPLICIT")]
    pub extensions: Option<Extensions>,
}

#[derive(Clone, Choice)]
pub(super) enum ResponderId {
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", constructed = "true")]
    Name(Name),
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", constructed = "true")]
    Key(OctetString),
}

#[derive(Clone, Sequence)]
pub(super) struct SingleResponse {
    pub certificate: CertId,
    pub status: CertStatus,
    pub this_update: GeneralizedTime,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub next_update: Option<GeneralizedTime>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "EXPLICIT")]
    pub extensions: Option<Extensions>,
}

#[derive(Clone, Choice)]
pub(super) enum CertStatus {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Good(Null),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Revoked(Revoked),
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT")]
    Unknown(Null),
}

#[derive(Clone, Sequence)]
pub(super) struct Revoked {
    pub since: GeneralizedTime,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub reason: Option<x509_cert::ext::pkix::CrlReason>,
}
