//! Signatures of authorities (RFC 4055, RFC 5758): RSASSA-PKCS1-v1_5 with SHA-2 from 2048 bits on, ECDSA with SHA-2.
//!
//! SHA-1 is refused: an authority that still signs with it vouches for nobody. Keys of citizens are another matter
//! (`chain`): cards hold RSA keys of less than 2048 bits.
use der::Encode;
use der::asn1::ObjectIdentifier;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SHA384_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const SHA512_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const SHA256_ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const SHA384_ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// Why a signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unverified {
    /// The algorithm, or its pair with the key, is none of ours.
    Unsupported,
    /// It is not this key's signature of these bytes.
    Wrong,
}

/// Whether `signature` is that of `key` over `message`.
pub(super) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Unverified> {
    let verification = verification(key, algorithm).ok_or(Unverified::Unsupported)?;
    let bytes = key.subject_public_key.as_bytes().ok_or(Unverified::Unsupported)?;
    UnparsedPublicKey::new(verification, bytes).verify(message, signature).map_err(|_| Unverified::Wrong)
}

fn verification(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
) -> Option<&'static dyn VerificationAlgorithm> {
    if key.algorithm.oid == RSA {
        return match algorithm.oid {
            SHA256_RSA => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
            SHA384_RSA => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
            SHA512_RSA => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
            _ => None,
        };
    }
    if key.algorithm.oid != EC {
        return None;
    }
    let curve = key.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok()?;
    match (curve, algorithm.oid) {
        (P256, SHA256_ECDSA) => Some(&signature::ECDSA_P256_SHA256_ASN1),
        (P256, SHA384_ECDSA) => Some(&signature::ECDSA_P256_SHA384_ASN1),
        (P384, SHA256_ECDSA) => Some(&signature::ECDSA_P384_SHA256_ASN1),
        (P384, SHA384_ECDSA) => Some(&signature::ECDSA_P384_SHA384_ASN1),
        _ => None,
    }
}

/// SHA-1 of bytes, which only names keys and issuers in OCSP (RFC 5019) and protects nothing.
pub(super) fn sha1(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

/// DER of a value that was read from DER.
pub(super) fn encoded(value: &impl Encode) -> Vec<u8> {
    value.to_der().unwrap_or_default()
}
