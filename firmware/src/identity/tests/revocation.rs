//! OCSP: which responses count, and what they say.
use rcgen::SigningKey;
use x509_cert_peer::Certificate;
use x509_cert_peer::der::asn1::{BitString, GeneralizedTime, Null, ObjectIdentifier, OctetString};
use x509_cert_peer::der::{Decode, Encode};
use x509_cert_peer::ext::Extension;
use x509_cert_peer::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{
    BasicOcspResponse, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, OcspResponseStatus,
    ResponderId, ResponseBytes, ResponseData, RevokedInfo, SingleResponse, Version,
};

use super::*;
use crate::identity::ocsp::{OcspError, Question, Standing};

const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
const SHA256_ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

pub(super) fn question(verified: &Verified) -> Question {
    Question::about(verified, [9; 32]).unwrap()
}

/// What a responder answers, and how that differs from the good.
pub(super) struct Reply {
    signer: Vec<u8>,
    key: KeyPair,
    status: CertStatus,
    from: &'static str,
    until: Option<&'static str>,
    nonce: Option<Vec<u8>>,
    with_nonce: bool,
    by_key: bool,
    beside: bool,
}

fn signer_params(years: [i32; 2], purposes: Vec<ExtendedKeyUsagePurpose>) -> CertificateParams {
    let mut params = params("AV DE PRUEBA", years);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = purposes;
    params
}

impl Reply {
    pub fn new(world: &World) -> Reply {
        Reply::by(&world.authority, [2025, 2028], vec![ExtendedKeyUsagePurpose::OcspSigning])
    }

    fn by(issuer: &Authority, years: [i32; 2], purposes: Vec<ExtendedKeyUsagePurpose>) -> Reply {
        let key = KeyPair::generate().unwrap();
        let signer = signer_params(years, purposes).signed_by(&key, &issuer.issuer).unwrap().der().to_vec();
        Reply {
            signer,
            key,
            status: CertStatus::good(),
            from: "2026-11-25T10:14:00Z",
            until: Some("2026-11-25T22:14:00Z"),
            nonce: None,
            with_nonce: true,
            by_key: false,
            beside: true,
        }
    }

    pub fn revoked(self, since: Timestamp) -> Reply {
        let revocation_time = time(&since.to_string());
        Reply {
            status: CertStatus::revoked(RevokedInfo { revocation_time, revocation_reason: None }),
            ..self
        }
    }

    pub fn to(&self, question: &Question) -> Vec<u8> {
        let request = OcspRequest::from_der(question.der()).unwrap();
        let asked = &request.tbs_request;
        let signer = Certificate::from_der(&self.signer).unwrap();
        let tbs = &signer.tbs_certificate;
        let key_hash = ring::digest::digest(
            &ring::digest::SHA1_FOR_LEGACY_USE_ONLY,
            tbs.subject_public_key_info.subject_public_key.raw_bytes(),
        );
        let own = self.nonce.as_ref().map(|it| Extension {
            extn_id: NONCE,
            critical: false,
            extn_value: OctetString::new(it.clone()).unwrap(),
        });
        let given = asked.request_extensions.iter().flatten().find(|it| it.extn_id == NONCE).cloned();
        let content = ResponseData {
            version: Version::V1,
            responder_id: if self.by_key {
                ResponderId::ByKey(OctetString::new(key_hash.as_ref()).unwrap())
            } else {
                ResponderId::ByName(tbs.subject.clone())
            },
            produced_at: time(self.from),
            responses: vec![SingleResponse {
                cert_id: asked.request_list[0].req_cert.clone(),
                cert_status: self.status,
                this_update: time(self.from),
                next_update: self.until.map(time),
                single_extensions: None,
            }],
            response_extensions: own.or(given.filter(|_| self.with_nonce)).map(|it| vec![it]),
        };
        let basic = BasicOcspResponse {
            signature: BitString::from_bytes(&self.key.sign(&content.to_der().unwrap()).unwrap()).unwrap(),
            tbs_response_data: content,
            signature_algorithm: AlgorithmIdentifierOwned { oid: SHA256_ECDSA, parameters: None },
            certs: self.beside.then(|| vec![signer]),
        };
        OcspResponse {
            response_status: OcspResponseStatus::Successful,
            response_bytes: Some(ResponseBytes {
                response_type: BASIC,
                response: OctetString::new(basic.to_der().unwrap()).unwrap(),
            }),
        }
        .to_der()
        .unwrap()
    }
}

fn time(text: &str) -> OcspGeneralizedTime {
    let at: Timestamp = text.parse().unwrap();
    let seconds = std::time::Duration::from_secs(at.as_second().try_into().unwrap());
    OcspGeneralizedTime(GeneralizedTime::from_unix_duration(seconds).unwrap())
}

fn answered(change: impl FnOnce(Reply) -> Reply) -> Result<Standing, OcspError> {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let question = question(&verified);
    question.answer(&verified, &change(Reply::new(&world)).to(&question), now())
}

#[test]
fn the_request_is_what_another_implementation_reads() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let request = OcspRequest::from_der(question(&verified).der()).unwrap();
    let [one] = request.tbs_request.request_list.as_slice() else { panic!("one question") };
    assert_eq!(one.req_cert.serial_number.as_bytes(), [0x00, 0xF1, 0x23, 0xAB].as_slice());
    let issuer = Certificate::from_der(&world.authority.certificate).unwrap().tbs_certificate;
    let sha1 = |bytes: &[u8]| ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    assert_eq!(one.req_cert.issuer_name_hash.as_bytes(), sha1(&issuer.subject.to_der().unwrap()).as_ref());
    let key = issuer.subject_public_key_info.subject_public_key.raw_bytes().to_vec();
    assert_eq!(one.req_cert.issuer_key_hash.as_bytes(), sha1(&key).as_ref());
    assert_eq!(request.nonce().unwrap().0.as_bytes(), [9; 32]);
    assert_eq!(one.req_cert.hash_algorithm.parameters.as_ref().unwrap().is_null(), Null.to_der().is_ok());
}

#[test]
fn good_revoked_and_unknown_are_told_apart() {
    assert_eq!(answered(|it| it), Ok(Standing::Good));
    let since = "2026-10-01T00:00:00Z".parse().unwrap();
    assert_eq!(answered(|it| it.revoked(since)), Ok(Standing::Revoked { since }));
    assert_eq!(answered(|it| Reply { status: CertStatus::unknown(), ..it }), Ok(Standing::Unknown));
}

#[test]
fn the_signer_is_found_by_name_and_by_key() {
    assert_eq!(answered(|it| Reply { by_key: true, ..it }), Ok(Standing::Good));
    assert_eq!(answered(|it| Reply { beside: false, ..it }), Err(OcspError::Untrusted));
}

#[test]
fn the_authority_itself_may_sign() {
    let world = World::new();
    let key = KeyPair::generate().unwrap();
    let copy = KeyPair::from_pem(&key.serialize_pem()).unwrap();
    let authority = world.root.below_with("AC QUE RESPONDE", Rank::default(), key);
    let certificate = Wish::default().issued_by(&authority);
    let verified = verify(&certificate, &[&authority.certificate], &world.roots(), now()).unwrap();
    let question = question(&verified);
    for beside in [true, false] {
        let reply = Reply {
            signer: authority.certificate.clone(),
            key: KeyPair::from_pem(&copy.serialize_pem()).unwrap(),
            beside,
            ..Reply::new(&world)
        };
        assert_eq!(question.answer(&verified, &reply.to(&question), now()), Ok(Standing::Good));
    }
}

#[test]
fn nobody_else_may_sign() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let question = question(&verified);
    let stranger = Authority::root("AC CIUDADANOS DE PRUEBA", Rank::default());
    let ocsp = || vec![ExtendedKeyUsagePurpose::OcspSigning];
    for (reply, expected) in [
        (Reply::by(&stranger, [2025, 2028], ocsp()), OcspError::Untrusted),
        (Reply::by(&world.root, [2025, 2028], ocsp()), OcspError::Untrusted),
        (Reply::by(&world.authority, [2025, 2028], vec![]), OcspError::Untrusted),
        (
            Reply::by(&world.authority, [2025, 2028], vec![ExtendedKeyUsagePurpose::ClientAuth]),
            OcspError::Untrusted,
        ),
        (Reply::by(&world.authority, [2020, 2024], ocsp()), OcspError::SignerOutsideDays),
        (Reply::by(&world.authority, [2027, 2028], ocsp()), OcspError::SignerOutsideDays),
        (Reply { key: KeyPair::generate().unwrap(), ..Reply::new(&world) }, OcspError::Untrusted),
    ] {
        assert_eq!(question.answer(&verified, &reply.to(&question), now()), Err(expected));
    }
}

#[test]
fn an_answer_to_another_question_does_not_count() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let other_world = World::new();
    let other = question(&other_world.verify(Wish::default()).unwrap());
    let ours = question(&verified);
    let response = Reply { with_nonce: false, ..Reply::new(&world) }.to(&other);
    assert_eq!(ours.answer(&verified, &response, now()), Err(OcspError::OtherCertificate));
    // The same certificate, asked by somebody else.
    let theirs = Question::about(&verified, [8; 32]).unwrap();
    let response = Reply::new(&world).to(&theirs);
    assert_eq!(ours.answer(&verified, &response, now()), Err(OcspError::OtherNonce));
    // Some responders give back the bare bytes.
    let bare = Reply { nonce: Some(vec![9; 32]), ..Reply::new(&world) }.to(&ours);
    assert_eq!(ours.answer(&verified, &bare, now()), Ok(Standing::Good));
}

#[test]
fn an_answer_is_fresh_by_its_dates_or_by_our_nonce() {
    for (from, until, with_nonce, expected) in [
        // Signed in advance, as many responders do: without a nonce, within its dates.
        ("2026-11-25T00:00:00Z", Some("2026-11-26T00:00:00Z"), false, Ok(Standing::Good)),
        ("2026-11-24T00:00:00Z", Some("2026-11-25T10:09:00Z"), false, Err(OcspError::Stale)),
        ("2026-11-24T00:00:00Z", Some("2026-11-25T10:09:00Z"), true, Err(OcspError::Stale)),
        ("2026-11-24T00:00:00Z", Some("2026-11-25T10:11:00Z"), false, Ok(Standing::Good)),
        ("2026-11-25T10:21:00Z", Some("2026-11-26T00:00:00Z"), true, Err(OcspError::FromTheFuture)),
        ("2026-11-25T10:19:00Z", Some("2026-11-26T00:00:00Z"), true, Ok(Standing::Good)),
        // No end: good by our nonce, or when it is young.
        ("2026-11-24T00:00:00Z", None, true, Ok(Standing::Good)),
        ("2026-11-25T09:30:00Z", None, false, Ok(Standing::Good)),
        ("2026-11-25T09:00:00Z", None, false, Err(OcspError::Stale)),
    ] {
        assert_eq!(
            answered(|it| Reply { from, until, with_nonce, ..it }),
            expected,
            "{from} {until:?} {with_nonce}"
        );
    }
}

#[test]
fn a_responder_that_does_not_answer_says_why() {
    let world = World::new();
    let verified = world.verify(Wish::default()).unwrap();
    let question = question(&verified);
    for (status, expected) in [
        (1, OcspError::Refused),
        (2, OcspError::TryLater),
        (3, OcspError::TryLater),
        (4, OcspError::Unreadable),
        (5, OcspError::Refused),
        (6, OcspError::Refused),
        (0, OcspError::Unreadable),
    ] {
        let response = [0x30, 0x03, 0x0A, 0x01, status];
        assert_eq!(question.answer(&verified, &response, now()), Err(expected), "{status}");
    }
}
