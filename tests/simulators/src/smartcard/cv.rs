//! Card-verifiable certificates of terminals, not self-descriptive (CWA 14890-1, 2004, section 14).
//!
//! 7F21 { 5F37 signature with message recovery (ISO 9796-2, scheme 1), 5F38 what the signature has no room for,
//! 42 authority }. The content is profile, authority (8 bytes), holder (12), authorisation (7), algorithm, modulus
//! and exponent; an authority's is 167 bytes long, a terminal's 166.

use num_bigint::BigUint;

use super::crypto::sha1;
use super::der::{self, Objects};
use super::rsa::{PrivateKey, PublicKey};

/// What the authorisation of a certificate allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// To certify terminals.
    Authority,
    /// To read and to sign.
    User,
    /// To ask for the PIN.
    Pin,
}

impl Role {
    fn number(self) -> u8 {
        match self {
            Role::Authority => 0,
            Role::User => 1,
            Role::Pin => 2,
        }
    }
}

/// Application of the authorisation: the first six bytes of the eSign application's name.
const APPLICATION: [u8; 6] = [0xA0, 0, 0, 1, 0x67, 0x45];
const PROFILE: u8 = 3;
/// sigS_ISO9796-2 with RSA and SHA-1, for authorities; authS_ISO9796-2 likewise, for terminals.
const SIGN: [u8; 7] = [0x2B, 0x24, 3, 4, 2, 2, 1];
const AUTHENTICATE: [u8; 6] = [0x2B, 0x24, 3, 5, 2, 2];
/// Bytes of the content inside a 1024-bit signature.
const RECOVERED: usize = 128 - 22;

pub(super) fn issue(
    issuer: &PrivateKey,
    authority: [u8; 8],
    holder: [u8; 12],
    role: Role,
    key: &PublicKey,
) -> Vec<u8> {
    let algorithm = if role == Role::Authority { SIGN.as_slice() } else { AUTHENTICATE.as_slice() };
    let mut exponent = [0; 4];
    exponent[1..].copy_from_slice(&key.exponent());
    let content = [
        &[PROFILE],
        authority.as_slice(),
        &holder,
        &APPLICATION,
        &[role.number()],
        algorithm,
        &key.modulus(),
        &exponent,
    ]
    .concat();
    let (inside, outside) = content.split_at(RECOVERED);
    let block = [&[0x6A], inside, &sha1(&[&content]), &[0xBC]].concat();
    let public = issuer.public();
    let signature =
        issuer.raw(&BigUint::from_bytes_be(&block)).expect("6A.. is below a modulus of 1024 bits");
    let smaller = (public.n() - &signature).min(signature);
    der::nest(
        0x7F21,
        &[der::tlv(0x5F37, &public.padded(&smaller)), der::tlv(0x5F38, outside), der::tlv(0x42, &authority)],
    )
}

/// A certificate whose signature was good.
#[derive(Clone, Debug)]
pub(super) struct Verified {
    pub holder: [u8; 12],
    pub role: Role,
    pub key: PublicKey,
}

/// Checks the certificate with the authority's key; `None` when anything about it is wrong.
pub(super) fn verify(objects: &[u8], authority: &PublicKey) -> Option<Verified> {
    let parts = Objects(objects).all()?;
    let [(0x5F37, signature), (0x5F38, outside), (0x42, named)] = parts.as_slice() else { return None };
    let recovered = authority.raw(&BigUint::from_bytes_be(signature))?;
    let block = [authority.n() - &recovered, recovered]
        .iter()
        .map(|number| authority.padded(number))
        .find(|block| block.first() == Some(&0x6A) && block.last() == Some(&0xBC))?;
    let inside = block.get(1..block.len().checked_sub(21)?)?;
    let hash = block.get(block.len() - 21..block.len() - 1)?;
    let content = [inside, outside].concat();
    if sha1(&[&content]) != hash {
        return None;
    }
    let (profile, rest) = content.split_first()?;
    let (issuer, rest) = rest.split_first_chunk::<8>()?;
    let (holder, rest) = rest.split_first_chunk::<12>()?;
    let (application, rest) = rest.split_first_chunk::<6>()?;
    let (role, rest) = rest.split_first()?;
    let (role, algorithm) = match role {
        0 => (Role::Authority, SIGN.as_slice()),
        1 => (Role::User, AUTHENTICATE.as_slice()),
        2 => (Role::Pin, AUTHENTICATE.as_slice()),
        _ => return None,
    };
    let (modulus, exponent) = rest.strip_prefix(algorithm)?.split_first_chunk::<128>()?;
    let fits =
        *profile == PROFILE && *issuer == **named && *application == APPLICATION && exponent.len() == 4;
    fits.then(|| Verified { holder: *holder, role, key: PublicKey::new(modulus, exponent) })
}

#[cfg(test)]
mod tests {
    use super::super::keys;
    use super::*;

    #[test]
    fn certificates_have_the_lengths_of_the_real_ones_and_stand_no_change() {
        let (issuer, key) = (keys::component_1_root(), keys::component_1_ca());
        for (role, length) in [(Role::Authority, 210), (Role::User, 209), (Role::Pin, 209)] {
            let certificate = issue(&issuer, [1; 8], [2; 12], role, key.public());
            assert_eq!(certificate.len(), length);
            let (_, objects) = Objects(&certificate).take().unwrap();
            let verified = verify(objects, issuer.public()).unwrap();
            assert_eq!((verified.role, verified.holder, &verified.key), (role, [2; 12], key.public()));
            for at in (0..objects.len()).step_by(7) {
                let mut changed = objects.to_vec();
                changed[at] ^= 1;
                assert!(verify(&changed, issuer.public()).is_none(), "byte {at}");
            }
            assert!(verify(objects, key.public()).is_none());
        }
    }
}
