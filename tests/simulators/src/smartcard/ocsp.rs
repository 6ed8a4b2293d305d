//! The validation authority's answers (RFC 6960): what an OCSP responder of the test authorities says.
//!
//! Serial numbers of the drawer's revoked certificates are revoked, other ones of the intermediate authority are good,
//! those of another authority unknown. The nonce comes back. Serving it over HTTP is somebody else's.

use super::der::{self, Objects};
use super::drawer::REVOKED;
use super::keys;
use super::pki::CitizenPki;
use super::rsa::Hash;
use super::x509;

/// How an answer departs from the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspFault {
    /// responseStatus tryLater, nothing else.
    TryLater,
    /// Good, whatever the certificate: but signed with a key of nobody's.
    ForeignSignature,
    /// Its time is over: nextUpdate was an hour ago.
    Stale,
    /// Another nonce comes back than was sent.
    WrongNonce,
    /// The status of another serial number.
    OtherCertificate,
}

const HOUR: u64 = 3600;
const BASIC: [u32; 10] = [1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
const NONCE: [u32; 10] = [1, 3, 6, 1, 5, 5, 7, 48, 1, 2];

impl CitizenPki {
    /// The OCSPResponse (DER) to an OCSPRequest at a moment (seconds since 1970). What is no request gets
    /// malformedRequest.
    #[must_use]
    pub fn ocsp_answer(&self, request: &[u8], now: u64, fault: Option<OcspFault>) -> Vec<u8> {
        if fault == Some(OcspFault::TryLater) {
            return der::sequence(&[der::tlv(0x0A, &[3])]);
        }
        let Some(Question { identifiers, nonce }) = read(request) else {
            return der::sequence(&[der::tlv(0x0A, &[1])]);
        };
        let ended = if fault == Some(OcspFault::Stale) { 25 * HOUR } else { 0 };
        let this_update = now.saturating_sub(ended);
        let singles: Vec<Vec<u8>> = identifiers
            .iter()
            .map(|identifier| {
                let mut identifier = identifier.to_vec();
                let truth = self.status(&identifier, this_update);
                let status =
                    if fault == Some(OcspFault::ForeignSignature) { der::tlv(0x80, &[]) } else { truth };
                if let (Some(OcspFault::OtherCertificate), Some(last)) = (fault, identifier.last_mut()) {
                    *last ^= 1;
                }
                let next = der::nest(0xA0, &[x509::generalized_time(this_update + 24 * HOUR)]);
                der::sequence(&[
                    der::tlv(0x30, &identifier),
                    status,
                    x509::generalized_time(this_update),
                    next,
                ])
            })
            .collect();
        let extensions = nonce.map(|mut nonce| {
            if let (Some(OcspFault::WrongNonce), Some(last)) = (fault, nonce.last_mut()) {
                *last ^= 1;
            }
            let extension = der::sequence(&[der::oid(&NONCE), der::octets(&nonce)]);
            der::nest(0xA1, &[der::sequence(&[extension])])
        });
        let data = der::sequence(&[
            der::nest(0xA1, &[Self::ocsp_name()]),
            x509::generalized_time(now),
            der::sequence(&singles),
            extensions.unwrap_or_default(),
        ]);
        let key =
            if fault == Some(OcspFault::ForeignSignature) { self.stranger_key() } else { self.ocsp_key() };
        let signature = der::bits(&key.sign(Hash::Sha256, &data));
        let certificates = der::nest(0xA0, &[der::sequence(&[self.ocsp_certificate()])]);
        let basic = der::sequence(&[data, Hash::Sha256.algorithm(), signature, certificates]);
        let bytes = der::sequence(&[der::oid(&BASIC), der::octets(&basic)]);
        der::sequence(&[der::tlv(0x0A, &[0]), der::nest(0xA0, &[bytes])])
    }

    /// CertStatus of a CertID (its content).
    fn status(&self, identifier: &[u8], now: u64) -> Vec<u8> {
        let fields = Objects(identifier).all().unwrap_or_default();
        let own_key = keys::pki_intermediate();
        let [.., (4, key_hash), (2, serial)] = fields.as_slice() else { return der::tlv(0x82, &[]) };
        let algorithm = fields.first().map(|(_, algorithm)| *algorithm).unwrap_or_default();
        if *key_hash != hash_as(algorithm, &own_key.public().pkcs1()) {
            return der::tlv(0x82, &[]);
        }
        let serial = serial.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        if REVOKED.contains(&serial) {
            // keyCompromise, thirty days ago.
            let reason = der::nest(0xA0, &[der::tlv(0x0A, &[1])]);
            der::nest(0xA1, &[x509::generalized_time(now.saturating_sub(30 * 24 * HOUR)), reason])
        } else {
            der::tlv(0x80, &[])
        }
    }
}

/// SHA-256 where the identifier says so, SHA-1 otherwise.
fn hash_as(algorithm: &[u8], bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    if algorithm.starts_with(&der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1])) {
        sha2::Sha256::digest(bytes).to_vec()
    } else {
        super::crypto::sha1(&[bytes]).to_vec()
    }
}

/// The CertIDs (contents) and the nonce (content of its extension) of a request.
struct Question<'a> {
    identifiers: Vec<&'a [u8]>,
    nonce: Option<Vec<u8>>,
}

fn read(request: &[u8]) -> Option<Question<'_>> {
    let (0x30, whole) = Objects(request).take()? else { return None };
    let (0x30, body) = Objects(whole).take()? else { return None };
    let (mut identifiers, mut nonce) = (Vec::new(), None);
    for (tag, content) in Objects(body).all()? {
        match tag {
            0x30 => {
                for (_, single) in Objects(content).all()? {
                    let (0x30, identifier) = Objects(single).take()? else { return None };
                    identifiers.push(identifier);
                }
            }
            0xA2 => {
                let (0x30, extensions) = Objects(content).take()? else { return None };
                for (_, extension) in Objects(extensions).all()? {
                    let value = extension.strip_prefix(der::oid(&NONCE).as_slice());
                    if let Some((4, value)) = value.and_then(|value| Objects(value).take()) {
                        nonce = Some(value.to_vec());
                    }
                }
            }
            _ => {}
        }
    }
    (!identifiers.is_empty()).then_some(Question { identifiers, nonce })
}
