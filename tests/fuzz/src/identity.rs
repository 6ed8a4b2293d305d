//! Identity: certificates of cards and authorities, and what an authority says of them.
use std::sync::LazyLock;

use ciberkiosco::identity::chain::{ChainError, Roots, Verified, verify};
use ciberkiosco::identity::ocsp::{OcspError, Question, Standing};
use hal_smartcard::tlv::{Reader, write};

use super::identity_world::{SEQUENCE, WORLD, at};
use super::input::Input;

/// Certificates that a card may bring.
const MOST_PARTS: usize = 6;
/// Hours around the moment of the certificates.
const HOURS: [i64; 8] = [0, 1, -48, 12, 100_000, -100_000, -400_000, 2_000_000];
const NONCE: [u8; 32] = [9; 32];

/// The first byte: the certificate gets a good signature (bit 0), so do the authorities (bit 1), when it is asked (bits
/// 2 to 4), one of the simulated citizens comes first (bit 5), the last part is a file of roots (bit 6). Then parts:
/// their length in two bytes, and their bytes.
pub fn x509_chain(data: &[u8]) {
    let mut input = Input::new(data);
    let first = input.byte();
    let mut parts = Vec::new();
    if first & 0x20 != 0 {
        parts.push(WORLD.citizens[usize::from(input.byte()) % WORLD.citizens.len()].clone());
    }
    while !input.is_empty() && parts.len() < MOST_PARTS {
        let length = usize::from(input.pair());
        parts.push(input.take(length).to_vec());
    }
    let own_roots = (first & 0x40 != 0).then(|| parts.pop()).flatten();
    let roots = match own_roots.as_deref().map(Roots::from_pem) {
        None => WORLD.roots.clone(),
        Some(Ok(roots)) => roots,
        Some(Err(error)) => return assert!(!error.to_string().is_empty()),
    };
    let mut parts = parts.into_iter();
    let Some(mut certificate) = parts.next() else { return };
    if first & 1 != 0 {
        certificate = WORLD.signed_again(&certificate);
    }
    let authorities: Vec<Vec<u8>> =
        parts.map(|part| if first & 2 == 0 { part } else { WORLD.signed_again(&part) }).collect();
    let now = at(HOURS[usize::from(first >> 2 & 7)]);
    match verify(&certificate, &authorities, &roots, now) {
        Ok(verified) => {
            let genuine = WORLD.citizens.contains(&certificate);
            assert!(genuine || first & 1 != 0 || own_roots.is_some(), "nobody has signed this");
            person(&verified);
        }
        Err(ChainError::Expired { since }) => assert!(since < now),
        Err(ChainError::NotYetValid { from }) => assert!(now < from),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn person(verified: &Verified) {
    if let Ok(person) = verified.person() {
        let name = person.name.as_str();
        assert_eq!(person.number.as_str().len(), 9);
        assert!((1..=241).contains(&name.chars().count()) && !name.chars().any(char::is_control), "{name:?}");
    }
    assert!(!verified.has_signed(b"nothing", &[0x55; 256]));
    if let Ok(question) = Question::about(verified, NONCE) {
        assert!(question.der().len() < 8192);
    }
}

/// The first byte: what follows is signed well, by the authority itself (bit 0) or came as it is; when it is read (bits
/// 1 to 3); whether the certificate asked about is the revoked one (bit 4).
pub fn ocsp_response(data: &[u8]) {
    let mut input = Input::new(data);
    let first = input.byte();
    let now = at(HOURS[usize::from(first >> 1 & 7)]);
    let rest = input.rest();
    if first & 1 != 0 {
        let (question, verified) = &*OURS;
        let said = question.answer(verified, &well_signed(rest), now);
        if said.is_ok() {
            assert!(holds(rest, names(question)), "it is about another certificate");
        }
        return described(said);
    }
    let (question, verified, truth) = &QUESTIONS[usize::from(first >> 4 & 1)];
    let said = question.answer(verified, rest, now);
    if said.is_ok() {
        let revoked = first & 0x10 != 0;
        assert!(holds(rest, truth), "nobody has signed this");
        assert_eq!(matches!(said, Ok(Standing::Revoked { .. })), revoked);
        assert_eq!(said == Ok(Standing::Good), !revoked);
    }
    described(said);
}

fn described(said: Result<Standing, OcspError>) {
    assert!(said.err().is_none_or(|error| !error.to_string().is_empty()));
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Question, certificate, and what the responder signs for it.
type Asked = (Question, Verified, Vec<u8>);

/// About the good and the revoked citizen.
static QUESTIONS: LazyLock<[Asked; 2]> = LazyLock::new(|| {
    [0, 1].map(|citizen| {
        let verified = WORLD.verified(citizen);
        let question = Question::about(&verified, NONCE).expect("a question");
        let answer = WORLD.pki.ocsp_answer(question.der(), at(0).as_second().unsigned_abs(), None);
        let truth = content(&answer).expect("an answer").to_vec();
        (question, verified, truth)
    })
});

/// ResponseData of an OCSPResponse.
pub(crate) fn content(response: &[u8]) -> Option<&[u8]> {
    let outer = Reader::new(response).expect(SEQUENCE.into()).ok()?;
    let bytes = outer.inside().ok()?.find(0xA0).ok()?.inside().ok()?.expect(SEQUENCE.into()).ok()?;
    let basic = bytes.inside().ok()?.find(0x04).ok()?;
    let basic = Reader::new(basic.value).expect(SEQUENCE.into()).ok()?;
    Some(basic.inside().ok()?.expect(SEQUENCE.into()).ok()?.whole)
}

/// A certificate of these targets' own authority, which answers for it itself.
static OURS: LazyLock<(Question, Verified)> = LazyLock::new(|| {
    let none: [&[u8]; 0] = [];
    let verified = verify(&WORLD.citizen(), &none, &WORLD.roots, at(0)).expect("a good citizen");
    (Question::about(&verified, NONCE).expect("a question"), verified)
});

/// The hashes of the issuer and the serial number: the end of CertID in a request.
fn names(question: &Question) -> &[u8] {
    let der = question.der();
    // OCSPRequest, TBSRequest, requestList, Request, CertID, hashAlgorithm.
    let mut reader = Reader::new(der);
    for _ in 0..5 {
        reader = reader.expect(SEQUENCE.into()).and_then(|object| object.inside()).expect("a request");
    }
    reader.expect(SEQUENCE.into()).expect("an algorithm");
    reader.rest()
}

/// An OCSPResponse with this content.
fn well_signed(content: &[u8]) -> Vec<u8> {
    const ECDSA_WITH_SHA256: &[u8] = b"\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02";
    const BASIC: &[u8] = b"\x06\x09\x2B\x06\x01\x05\x05\x07\x30\x01\x01";
    let nest = |tag, content: &[&[u8]]| {
        let mut out = Vec::new();
        write(&mut out, tag, &content.concat());
        out
    };
    let content = content.get(..content.len().min(16_000)).unwrap_or_default();
    let basic = nest(0x04, &[&WORLD.signed(content, ECDSA_WITH_SHA256)]);
    let bytes = nest(SEQUENCE, &[BASIC, &basic]);
    nest(SEQUENCE, &[&[0x0A, 0x01, 0x00], &nest(0xA0, &[&bytes])])
}
