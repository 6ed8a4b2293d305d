//! Device authentication with key agreement (CWA 14890-1 section 8.4) as the DNIe does it: the numbers only.
//!
//! Both sides prove that they hold the private key of a certificate, and each gives half of a shared secret. A
//! signature travels as the smaller of itself and its negative (SIGMIN), so that it fits under the other's modulus.
//! Every number is 128 bytes, padded with zeros on the left. All of it is wiped when it goes.
use crypto_bigint::U1024;
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::rsa::{COMPONENT_BYTES, Exponent, power_1024};
use crate::secure_messaging::SessionKeys;

/// Bytes of the random padding in a token.
pub const PADDING_BYTES: usize = 74;
/// Bytes of each half of the secret.
pub const SECRET_BYTES: usize = 32;
const FIRST_BYTE: u8 = 0x6A;
const LAST_BYTE: u8 = 0xBC;

/// Half of the secret.
pub type Secret = Zeroizing<[u8; SECRET_BYTES]>;
/// A number as it travels.
pub type Block = [u8; COMPONENT_BYTES];

/// Why the devices do not come to terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CwaError {
    /// A modulus that is even or too small for a token.
    #[error("a component key that cannot be one: even, or under 1009 bits")]
    BadKey,
    /// The card's token is no number under the terminal's modulus.
    #[error("the card's token is out of range")]
    OutOfRange,
    /// The card's token has not the form of one, or was made for other numbers: the keys do not belong together.
    #[error("the card's token does not prove the key of its certificate")]
    NotProven,
    /// This signature does not fit under the card's modulus: try with other random bytes.
    #[error("the terminal's signature does not fit under the card's key")]
    DoesNotFit,
}

/// A public key of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    modulus: U1024,
    exponent: U1024,
}

impl PublicKey {
    /// Of a modulus and an exponent, big endian.
    ///
    /// # Errors
    /// [`CwaError::BadKey`].
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, CwaError> {
        let modulus = number(modulus).ok_or(CwaError::BadKey)?;
        let exponent = number(exponent).ok_or(CwaError::BadKey)?;
        // A token's first byte is 6A: a modulus of fewer bits holds none.
        let odd = bool::from(modulus.is_odd());
        if !odd || modulus.bit_width() <= 1008 || !bool::from(exponent.is_odd()) {
            return Err(CwaError::BadKey);
        }
        Ok(PublicKey { modulus, exponent })
    }
}

/// The terminal's key.
pub struct PrivateKey {
    modulus: U1024,
    exponent: U1024,
}

impl PrivateKey {
    /// Of a modulus and a private exponent.
    ///
    /// # Errors
    /// [`CwaError::BadKey`].
    pub fn new(modulus: &Block, exponent: &Block) -> Result<PrivateKey, CwaError> {
        let PublicKey { modulus, exponent } = PublicKey::new(modulus, exponent)?;
        Ok(PrivateKey { modulus, exponent })
    }
}

impl Drop for PrivateKey {
    fn drop(&mut self) {
        self.exponent.zeroize();
    }
}

/// What the terminal sends to INTERNAL AUTHENTICATE.
pub fn internal_authenticate_data(random_ifd: &[u8; 8], serial_ifd: &[u8; 8]) -> [u8; 16] {
    let mut data = [0; 16];
    for (place, byte) in data.iter_mut().zip(random_ifd.iter().chain(serial_ifd)) {
        *place = *byte;
    }
    data
}

/// Checks the card's token and takes its half of the secret out of it.
///
/// # Errors
/// [`CwaError::OutOfRange`], [`CwaError::NotProven`].
pub fn verify_internal(
    token: &[u8],
    terminal: &PrivateKey,
    card: &PublicKey,
    random_ifd: &[u8; 8],
    serial_ifd: &[u8; 8],
) -> Result<Secret, CwaError> {
    let token = number(token).filter(|_| token.len() == COMPONENT_BYTES).ok_or(CwaError::OutOfRange)?;
    let power = |base, exponent, modulus, whose| {
        power_1024(base, exponent, modulus, whose).map(Zeroizing::new).ok_or(CwaError::OutOfRange)
    };
    let smallest = power(&token, &terminal.exponent, &terminal.modulus, Exponent::Private)?;
    let message = power(&smallest, &card.exponent, &card.modulus, Exponent::Public)?;
    let other = Zeroizing::new(card.modulus.wrapping_sub(&message));
    let secret =
        secret_of(&message, random_ifd, serial_ifd).or_else(|| secret_of(&other, random_ifd, serial_ifd));
    secret.ok_or(CwaError::NotProven)
}

/// Makes the terminal's token for EXTERNAL AUTHENTICATE.
///
/// # Errors
/// [`CwaError::DoesNotFit`]: call again with other random bytes.
pub fn external_authenticate_data(
    padding: &[u8; PADDING_BYTES],
    secret: &Secret,
    random_icc: &[u8; 8],
    serial_icc: &[u8; 8],
    terminal: &PrivateKey,
    card: &PublicKey,
) -> Result<Block, CwaError> {
    let mut message = Zeroizing::new(Vec::with_capacity(COMPONENT_BYTES));
    message.push(FIRST_BYTE);
    message.extend_from_slice(padding);
    message.extend_from_slice(&**secret);
    message.extend_from_slice(&digest(padding, secret, random_icc, serial_icc));
    message.push(LAST_BYTE);
    let message = Zeroizing::new(number(&message).ok_or(CwaError::DoesNotFit)?);
    let signature = power_1024(&message, &terminal.exponent, &terminal.modulus, Exponent::Private)
        .ok_or(CwaError::DoesNotFit)?;
    let smallest = signature.min(terminal.modulus.wrapping_sub(&signature));
    let token =
        power_1024(&smallest, &card.exponent, &card.modulus, Exponent::Public).ok_or(CwaError::DoesNotFit)?;
    Ok(block(&token))
}

/// The keys of the channel: both halves mixed, and the counter from both challenges.
pub fn session_keys(
    secret_icc: &Secret,
    secret_ifd: &Secret,
    random_icc: &[u8; 8],
    random_ifd: &[u8; 8],
) -> SessionKeys {
    let mut mixed: Secret = Zeroizing::new(**secret_icc);
    for (byte, other) in mixed.iter_mut().zip(secret_ifd.iter()) {
        *byte ^= other;
    }
    let derive = |number: u32| {
        let hash = Zeroizing::new(<[u8; 20]>::from(
            Sha1::new().chain_update(*mixed).chain_update(number.to_be_bytes()).finalize(),
        ));
        let mut key = [0; 16];
        for (place, byte) in key.iter_mut().zip(hash.iter()) {
            *place = *byte;
        }
        key
    };
    let &[_, _, _, _, a, b, c, d] = random_icc;
    let &[_, _, _, _, e, f, g, h] = random_ifd;
    SessionKeys::new(derive(1), derive(2), [a, b, c, d, e, f, g, h])
}

fn digest(padding: &[u8], secret: &[u8; SECRET_BYTES], random: &[u8; 8], serial: &[u8; 8]) -> [u8; 20] {
    let hash =
        Sha1::new().chain_update(padding).chain_update(secret).chain_update(random).chain_update(serial);
    hash.finalize().into()
}

fn secret_of(message: &U1024, random: &[u8; 8], serial: &[u8; 8]) -> Option<Secret> {
    let message = Zeroizing::new(block(message));
    let (&first, rest) = message.split_first()?;
    let (padding, rest) = rest.split_first_chunk::<PADDING_BYTES>()?;
    let (secret, rest) = rest.split_first_chunk::<SECRET_BYTES>()?;
    let (hash, rest) = rest.split_first_chunk::<20>()?;
    let wanted = digest(padding, secret, random, serial);
    let fits = first == FIRST_BYTE && rest == [LAST_BYTE] && bool::from(hash.ct_eq(&wanted));
    fits.then(|| Zeroizing::new(*secret))
}

fn number(bytes: &[u8]) -> Option<U1024> {
    let mut padded = Zeroizing::new([0; COMPONENT_BYTES]);
    let start = COMPONENT_BYTES.checked_sub(bytes.len())?;
    padded.get_mut(start..)?.copy_from_slice(bytes);
    Some(U1024::from_be_slice(&*padded))
}

fn block(number: &U1024) -> Block {
    let encoded = number.to_be_bytes();
    let mut block = [0; COMPONENT_BYTES];
    for (place, byte) in block.iter_mut().zip(encoded.as_ref()) {
        *place = *byte;
    }
    block
}
