//! The chain of the card's own key: `3F00/601F` signed by `3F00/6020`, signed by the root of the parameters.
//!
//! These certificates are RSA with SHA-1, which no verifier of today takes; they vouch for a piece of plastic and for
//! nobody's identity. This is the one place that believes SHA-1, and it must be used for nothing else. (Sets that are
//! signed with SHA-256 are taken too.) The padding is built and compared whole, never parsed.
use sha1::{Digest, Sha1};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::cwa14890::{CwaError, PublicKey};
use crate::rsa::power_bytes;
use crate::tlv::TlvError;
use crate::x509::{Certificate, RsaKey};

/// Longest component certificate.
const LONGEST: usize = 4096;
/// 1.2.840.113549.1.1.5
const SHA1_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05];
/// 1.2.840.113549.1.1.11
const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B];
/// DigestInfo of SHA-1 (RFC 8017 section 9.2, note 1).
const SHA1_PREFIX: &[u8] =
    &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14];
/// DigestInfo of SHA-256.
pub(crate) const SHA256_PREFIX: &[u8] = &[
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// Why the card's certificates prove nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComponentChainError {
    /// A certificate that cannot be read.
    #[error("the component certificate in {file} cannot be read: {why}")]
    Malformed {
        /// `6020` or `601F`.
        file: &'static str,
        /// What is wrong with it.
        why: TlvError,
    },
    /// Longer than any.
    #[error("the component certificate in {0} is longer than 4096 bytes")]
    TooLong(&'static str),
    /// A signature of a kind that component certificates do not have.
    #[error("the component certificate in {0} is signed by an unknown algorithm")]
    Algorithm(&'static str),
    /// The key is no RSA key of the right size.
    #[error("the component certificate in {file} holds no usable key: {why}")]
    Key {
        /// `6020` or `601F`.
        file: &'static str,
        /// Why not.
        why: CwaError,
    },
    /// The card's certificate names another issuer.
    #[error("the component certificate in 601F was not issued by the one in 6020")]
    Issuer,
    /// The signature is false.
    #[error("the signature of the component certificate in {0} is false")]
    False(&'static str),
}

/// The organizational units of the issuer of `6020`: by them the terminal parameters are chosen.
///
/// # Errors
/// [`ComponentChainError::Malformed`], [`ComponentChainError::TooLong`].
pub fn issuer_units(intermediate: &[u8]) -> Result<Vec<String>, ComponentChainError> {
    let certificate = parse(intermediate, "6020")?;
    certificate.issuer_units().map_err(|why| ComponentChainError::Malformed { file: "6020", why })
}

/// Verifies both certificates, and gives the card's public key.
///
/// # Errors
/// See [`ComponentChainError`].
pub fn verify(
    root_modulus: &[u8],
    root_exponent: &[u8],
    intermediate: &[u8],
    card: &[u8],
) -> Result<PublicKey, ComponentChainError> {
    let intermediate = parse(intermediate, "6020")?;
    let card = parse(card, "601F")?;
    check_signature(&intermediate, "6020", root_modulus, root_exponent)?;
    if card.issuer() != intermediate.subject() {
        return Err(ComponentChainError::Issuer);
    }
    let (modulus, exponent) = rsa_key(&intermediate, "6020")?;
    check_signature(&card, "601F", modulus, exponent)?;
    let (modulus, exponent) = rsa_key(&card, "601F")?;
    PublicKey::new(modulus, exponent).map_err(|why| ComponentChainError::Key { file: "601F", why })
}

fn parse<'a>(der: &'a [u8], file: &'static str) -> Result<Certificate<'a>, ComponentChainError> {
    if der.len() > LONGEST {
        return Err(ComponentChainError::TooLong(file));
    }
    Certificate::parse(der).map_err(|why| ComponentChainError::Malformed { file, why })
}

fn rsa_key<'a>(certificate: &Certificate<'a>, file: &'static str) -> Result<RsaKey<'a>, ComponentChainError> {
    certificate
        .rsa_key()
        .map_err(|why| ComponentChainError::Malformed { file, why })?
        .ok_or(ComponentChainError::Key { file, why: CwaError::BadKey })
}

fn check_signature(
    certificate: &Certificate<'_>,
    file: &'static str,
    modulus: &[u8],
    exponent: &[u8],
) -> Result<(), ComponentChainError> {
    let digest_info = match certificate.algorithm {
        Some(SHA1_WITH_RSA) => [SHA1_PREFIX, &Sha1::digest(certificate.signed)].concat(),
        Some(SHA256_WITH_RSA) => [SHA256_PREFIX, &Sha256::digest(certificate.signed)].concat(),
        _ => return Err(ComponentChainError::Algorithm(file)),
    };
    // EMSA-PKCS1-v1_5: 00 01 FF … FF 00 and at least eight FF.
    let filling = modulus.len().checked_sub(digest_info.len() + 3).filter(|&filling| filling >= 8);
    let filling = filling.ok_or(ComponentChainError::False(file))?;
    let wanted = [&[0, 1], &vec![0xFF; filling][..], &[0], &digest_info].concat();
    let opened = (certificate.signature.len() == modulus.len())
        .then(|| power_bytes(certificate.signature, exponent, modulus))
        .flatten()
        .ok_or(ComponentChainError::False(file))?;
    if bool::from(opened.ct_eq(&wanted)) { Ok(()) } else { Err(ComponentChainError::False(file)) }
}
