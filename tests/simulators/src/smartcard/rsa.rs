//! RSA of cards and issuers (RFC 8017), raw and with PKCS#1 v1.5 padding.
//!
//! For simulators only: nothing here hides the time it takes.

use num_bigint::BigUint;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::der::{self, Objects};

/// The hash of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// Only in the chain of components.
    Sha1,
    Sha256,
}

impl Hash {
    /// DigestInfo of this message.
    #[must_use]
    pub fn digest_info(self, message: &[u8]) -> Vec<u8> {
        let (arcs, digest): (&[u32], Vec<u8>) = match self {
            Hash::Sha1 => (&[1, 3, 14, 3, 2, 26], Sha1::digest(message).to_vec()),
            Hash::Sha256 => (&[2, 16, 840, 1, 101, 3, 4, 2, 1], Sha256::digest(message).to_vec()),
        };
        der::sequence(&[der::sequence(&[der::oid(arcs), der::tlv(5, &[])]), der::octets(&digest)])
    }

    /// AlgorithmIdentifier of RSA signatures with this hash.
    pub(super) fn algorithm(self) -> Vec<u8> {
        let last = match self {
            Hash::Sha1 => 5,
            Hash::Sha256 => 11,
        };
        der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, last]), der::tlv(5, &[])])
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    modulus: BigUint,
    exponent: BigUint,
}

impl PublicKey {
    pub(super) fn new(modulus: &[u8], exponent: &[u8]) -> Self {
        Self { modulus: BigUint::from_bytes_be(modulus), exponent: BigUint::from_bytes_be(exponent) }
    }

    /// Bytes of the modulus.
    #[must_use]
    pub fn length(&self) -> usize {
        self.modulus.bits().div_ceil(8) as usize
    }

    /// Big endian, without a sign.
    #[must_use]
    pub fn modulus(&self) -> Vec<u8> {
        self.modulus.to_bytes_be()
    }

    /// Big endian, without a sign.
    #[must_use]
    pub fn exponent(&self) -> Vec<u8> {
        self.exponent.to_bytes_be()
    }

    /// value^e mod n; `None` when the value is not below n.
    pub(super) fn raw(&self, value: &BigUint) -> Option<BigUint> {
        (value < &self.modulus).then(|| value.modpow(&self.exponent, &self.modulus))
    }

    /// The number on as many bytes as the modulus has.
    pub(super) fn padded(&self, value: &BigUint) -> Vec<u8> {
        padded(value, self.length())
    }

    pub(super) fn n(&self) -> &BigUint {
        &self.modulus
    }

    /// Whether this is the PKCS#1 v1.5 signature of the DigestInfo.
    #[must_use]
    pub fn verifies(&self, digest_info: &[u8], signature: &[u8]) -> bool {
        let expected = pkcs1_block(digest_info, self.length());
        signature.len() == self.length()
            && expected.is_some()
            && self.raw(&BigUint::from_bytes_be(signature)).map(|block| self.padded(&block)) == expected
    }

    /// RSAPublicKey.
    pub(super) fn pkcs1(&self) -> Vec<u8> {
        der::sequence(&[der::unsigned(&self.modulus()), der::unsigned(&self.exponent())])
    }

    /// SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        let algorithm = der::sequence(&[der::oid(&[1, 2, 840, 113_549, 1, 1, 1]), der::tlv(5, &[])]);
        der::sequence(&[algorithm, der::bits(&self.pkcs1())])
    }
}

/// A private key.
#[derive(Clone, Debug)]
pub struct PrivateKey {
    public: PublicKey,
    exponent: BigUint,
    primes: [BigUint; 2],
    reduced: [BigUint; 2],
    coefficient: BigUint,
}

impl PrivateKey {
    /// Reads RSAPrivateKey (PKCS#1, DER); `None` when it is something else.
    #[must_use]
    pub fn from_pkcs1(bytes: &[u8]) -> Option<Self> {
        let (0x30, content) = Objects(bytes).take()? else { return None };
        let fields = Objects(content).all()?;
        let numbers: Vec<BigUint> = fields
            .iter()
            .filter(|(tag, _)| *tag == 2)
            .map(|(_, digits)| BigUint::from_bytes_be(digits))
            .collect();
        let [_, modulus, exponent, d, p, q, dp, dq, coefficient] = <[BigUint; 9]>::try_from(numbers).ok()?;
        let public = PublicKey { modulus, exponent };
        Some(Self { public, exponent: d, primes: [p, q], reduced: [dp, dq], coefficient })
    }

    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// d, on as many bytes as the modulus has.
    #[must_use]
    pub fn private_exponent(&self) -> Vec<u8> {
        self.public.padded(&self.exponent)
    }

    /// value^d mod n; `None` when the value is not below n.
    pub(super) fn raw(&self, value: &BigUint) -> Option<BigUint> {
        if value >= &self.public.modulus {
            return None;
        }
        let ([p, q], [dp, dq]) = (&self.primes, &self.reduced);
        let (by_p, by_q) = (value.modpow(dp, p), value.modpow(dq, q));
        let difference = (&by_p + p - &by_q % p) % p;
        Some(&by_q + (&self.coefficient * difference % p) * q)
    }

    /// PKCS#1 v1.5 over a ready DigestInfo; `None` when it is too long for the key.
    #[must_use]
    pub fn sign_digest_info(&self, digest_info: &[u8]) -> Option<Vec<u8>> {
        let block = pkcs1_block(digest_info, self.public.length())?;
        Some(self.public.padded(&self.raw(&BigUint::from_bytes_be(&block))?))
    }

    /// PKCS#1 v1.5 over a message.
    ///
    /// # Panics
    /// When the key has less than 512 bits.
    #[must_use]
    pub fn sign(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        self.sign_digest_info(&hash.digest_info(message)).expect("a key of 512 bits or more")
    }
}

fn padded(value: &BigUint, length: usize) -> Vec<u8> {
    let digits = value.to_bytes_be();
    [vec![0; length.saturating_sub(digits.len())], digits].concat()
}

fn pkcs1_block(digest_info: &[u8], length: usize) -> Option<Vec<u8>> {
    let filling = length.checked_sub(digest_info.len() + 3).filter(|filling| *filling >= 8)?;
    Some([&[0, 1], vec![0xFF; filling].as_slice(), &[0], digest_info].concat())
}
