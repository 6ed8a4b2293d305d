//! The authority's revocation service (RFC 6960), which the sede asks and relays, and the sede's own reading of it.
//!
//! It answers as it is told, certificate by certificate. A forged answer is what somebody on the line would make: in
//! order in every detail, with the forger's own certificate beside it.
use std::collections::BTreeMap;
use std::sync::Arc;

use der::asn1::{BitString, GeneralizedTime, ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use jiff::{SignedDuration, Timestamp};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SigningKey as _};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse,
    OcspResponseStatus, Request, ResponderId, ResponseBytes, ResponseData, RevokedInfo, SingleResponse,
    TbsRequest, Version,
};

use crate::trust::UnusableCertificate;

const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA256_ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// How long an answer is good.
const HOLDS: SignedDuration = SignedDuration::from_hours(12);

/// Signs bytes: RSASSA-PKCS1-v1_5 with SHA-256.
pub type Sign = Arc<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// The revocation service of one authority.
#[derive(Clone)]
pub struct Responder {
    /// The authority whose certificates it answers for, DER.
    pub issuer: Vec<u8>,
    /// The certificate of its signer, DER: issued by the authority for the signing of OCSP answers.
    pub certificate: Vec<u8>,
    /// The signer's key.
    pub sign: Sign,
}

/// What the service says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "revocation", rename_all = "kebab-case")]
pub enum Revocation {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since when.
        since: Timestamp,
    },
    /// Never heard of.
    Unknown,
    /// Good, says an answer whose time is over.
    Stale,
    /// Good, and late.
    Delayed {
        /// How late.
        millis: u64,
    },
    /// Good, says somebody else.
    Forged,
    /// The service says that it cannot answer now.
    TryLater,
    /// The service cannot be reached.
    Unavailable,
}

/// All services, and what they say.
#[derive(Default)]
pub(crate) struct Services {
    known: Vec<Service>,
    /// By serial number; what is not here is good.
    pub said: BTreeMap<String, Revocation>,
    /// Of every certificate that has no word of its own.
    pub otherwise: Option<Revocation>,
}

struct Service {
    issuer: Certificate,
    signer: Certificate,
    sign: Sign,
    forger: (Certificate, KeyPair),
}

/// No service answers the request.
pub(crate) struct NoAnswer;

/// Hexadecimal digits of a serial number.
pub(crate) fn serial_text(serial: &[u8]) -> String {
    let start = serial.iter().position(|b| *b != 0).unwrap_or(serial.len());
    serial[start..].iter().map(|b| format!("{b:02x}")).collect()
}

impl Services {
    pub fn add(&mut self, responder: &Responder) -> Result<(), UnusableCertificate> {
        let read = |der: &[u8], what| Certificate::from_der(der).map_err(|_| UnusableCertificate(what));
        let issuer = read(&responder.issuer, "the authority of a revocation service")?;
        let signer = read(&responder.certificate, "the signer of a revocation service")?;
        let forger = forger().ok_or(UnusableCertificate("a forger's certificate"))?;
        self.known.push(Service { issuer, signer, sign: responder.sign.clone(), forger });
        Ok(())
    }

    /// The same services, told nothing.
    pub fn forgetful(self) -> Services {
        Services { known: self.known, ..Services::default() }
    }

    fn said_of(&self, serial: &[u8]) -> Revocation {
        self.said.get(&serial_text(serial)).copied().or(self.otherwise).unwrap_or(Revocation::Good)
    }

    /// How late the answer to a request comes.
    pub fn delay(&self, request: &[u8]) -> u64 {
        OcspRequest::from_der(request).map_or(0, |request| {
            let late = |it: &Request| match self.said_of(it.req_cert.serial_number.as_bytes()) {
                Revocation::Delayed { millis } => millis,
                _ => 0,
            };
            request.tbs_request.request_list.iter().map(late).max().unwrap_or(0)
        })
    }

    /// OCSPResponse to an OCSPRequest; `None` when it is no request.
    pub fn respond(&self, request: &[u8], now: Timestamp) -> Option<Result<Vec<u8>, NoAnswer>> {
        let request = OcspRequest::from_der(request).ok()?;
        let asked = &request.tbs_request.request_list;
        let first = asked.first()?;
        let Some(service) = self.known.iter().find(|it| is_issuer(&it.issuer, &first.req_cert)) else {
            return Some(Err(NoAnswer));
        };
        let nonce = request.tbs_request.request_extensions.iter().flatten().find(|it| it.extn_id == NONCE);
        let said: Vec<Revocation> =
            asked.iter().map(|it| self.said_of(it.req_cert.serial_number.as_bytes())).collect();
        if said.contains(&Revocation::Unavailable) {
            return Some(Err(NoAnswer));
        }
        if said.contains(&Revocation::TryLater) {
            let later = OcspResponse { response_status: OcspResponseStatus::TryLater, response_bytes: None };
            return Some(later.to_der().map_err(|_| NoAnswer));
        }
        let pairs: Vec<(&CertId, Revocation)> = asked.iter().map(|it| &it.req_cert).zip(said).collect();
        Some(service.response(&pairs, nonce, now).ok_or(NoAnswer))
    }

    /// A request about a certificate, as the sede itself asks.
    pub fn ask(&self, certificate: &Certificate) -> Option<Vec<u8>> {
        let service = self.service_of(certificate)?;
        let request = OcspRequest {
            tbs_request: TbsRequest {
                version: Version::V1,
                requestor_name: None,
                request_list: vec![Request {
                    req_cert: service.id(certificate)?,
                    single_request_extensions: None,
                }],
                request_extensions: None,
            },
            optional_signature: None,
        };
        request.to_der().ok()
    }

    /// What an answer says of a certificate, when it is an answer that counts: signed by the signer on the list, about
    /// this certificate, and of now.
    pub fn judge(&self, certificate: &Certificate, response: &[u8], now: Timestamp) -> Option<CertStatus> {
        let service = self.service_of(certificate)?;
        let bytes =
            OcspResponse::from_der(response).ok()?.response_bytes.filter(|it| it.response_type == BASIC)?;
        let basic = BasicOcspResponse::from_der(bytes.response.as_bytes()).ok()?;
        let key = service.signer.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
        let content = basic.tbs_response_data.to_der().ok()?;
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
            .verify(&content, basic.signature.as_bytes()?)
            .ok()?;
        let id = service.id(certificate)?;
        let ours = basic.tbs_response_data.responses.iter().find(|it| same(&it.cert_id, &id))?;
        let second = |time: &OcspGeneralizedTime| i64::try_from(time.0.to_unix_duration().as_secs()).ok();
        let at = now.as_second();
        let fresh = second(&ours.this_update)? <= at + 300 && at <= second(ours.next_update.as_ref()?)? + 300;
        fresh.then_some(ours.cert_status)
    }

    fn service_of(&self, certificate: &Certificate) -> Option<&Service> {
        let issuer = &certificate.tbs_certificate.issuer;
        self.known.iter().find(|it| it.issuer.tbs_certificate.subject == *issuer)
    }
}

impl Service {
    fn id(&self, certificate: &Certificate) -> Option<CertId> {
        let issuer = &self.issuer.tbs_certificate;
        let key = issuer.subject_public_key_info.subject_public_key.raw_bytes();
        Some(CertId {
            hash_algorithm: AlgorithmIdentifierOwned { oid: SHA1, parameters: Some(der::asn1::Null.into()) },
            issuer_name_hash: OctetString::new(sha1(&issuer.subject.to_der().ok()?)).ok()?,
            issuer_key_hash: OctetString::new(sha1(key)).ok()?,
            serial_number: certificate.tbs_certificate.serial_number.clone(),
        })
    }

    fn response(
        &self,
        said: &[(&CertId, Revocation)],
        nonce: Option<&Extension>,
        now: Timestamp,
    ) -> Option<Vec<u8>> {
        let forged = said.iter().any(|(_, said)| *said == Revocation::Forged);
        let signer = if forged { &self.forger.0 } else { &self.signer };
        let stale = said.iter().any(|(_, said)| *said == Revocation::Stale);
        let produced = if stale { now - HOLDS * 2 } else { now };
        let responses: Option<Vec<SingleResponse>> = said
            .iter()
            .map(|(id, said)| {
                Some(SingleResponse {
                    cert_id: (*id).clone(),
                    cert_status: match said {
                        Revocation::Revoked { since } => CertStatus::revoked(RevokedInfo {
                            revocation_time: time(*since)?,
                            revocation_reason: None,
                        }),
                        Revocation::Unknown => CertStatus::unknown(),
                        _ => CertStatus::good(),
                    },
                    this_update: time(produced)?,
                    next_update: Some(time(produced + HOLDS)?),
                    single_extensions: None,
                })
            })
            .collect();
        let content = ResponseData {
            version: Version::V1,
            responder_id: ResponderId::ByName(signer.tbs_certificate.subject.clone()),
            produced_at: time(produced)?,
            responses: responses?,
            // An answer of yesterday cannot know the nonce of today.
            response_extensions: nonce.filter(|_| !stale).map(|it| vec![it.clone()]),
        };
        let bytes = content.to_der().ok()?;
        let (algorithm, signature) = if forged {
            let algorithm = AlgorithmIdentifierOwned { oid: SHA256_ECDSA, parameters: None };
            (algorithm, self.forger.1.sign(&bytes).ok()?)
        } else {
            let null = Some(der::asn1::Null.into());
            (AlgorithmIdentifierOwned { oid: SHA256_RSA, parameters: null }, (self.sign)(&bytes))
        };
        let basic = BasicOcspResponse {
            tbs_response_data: content,
            signature_algorithm: algorithm,
            signature: BitString::from_bytes(&signature).ok()?,
            certs: Some(vec![signer.clone()]),
        };
        let response = OcspResponse {
            response_status: OcspResponseStatus::Successful,
            response_bytes: Some(ResponseBytes {
                response_type: BASIC,
                response: OctetString::new(basic.to_der().ok()?).ok()?,
            }),
        };
        response.to_der().ok()
    }
}

/// A certificate for the signing of OCSP answers that nobody but its holder has signed.
fn forger() -> Option<(Certificate, KeyPair)> {
    let key = KeyPair::generate().ok()?;
    let mut params = CertificateParams::new(Vec::<String>::new()).ok()?;
    params.distinguished_name.push(DnType::CommonName, "AV de otro");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
    let certificate = params.self_signed(&key).ok()?;
    Some((Certificate::from_der(certificate.der()).ok()?, key))
}

fn is_issuer(issuer: &Certificate, id: &CertId) -> bool {
    let key = issuer.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes();
    id.hash_algorithm.oid == SHA1 && id.issuer_key_hash.as_bytes() == sha1(key)
}

fn same(one: &CertId, other: &CertId) -> bool {
    one.hash_algorithm.oid == other.hash_algorithm.oid
        && one.issuer_name_hash == other.issuer_name_hash
        && one.issuer_key_hash == other.issuer_key_hash
        && one.serial_number == other.serial_number
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

fn time(at: Timestamp) -> Option<OcspGeneralizedTime> {
    let seconds = u64::try_from(at.as_second()).ok()?;
    let time = GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(seconds)).ok()?;
    Some(OcspGeneralizedTime(time))
}
