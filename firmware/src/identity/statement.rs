//! What the card signs (`firmware/sede-api.yaml`, identification).
//!
//! The words say what it is, so that no signature under it can be taken for another thing; the sede's challenge
//! makes a recorded one worthless; the kiosk's nonce keeps the sede from having chosen all of it.
use sha2::{Digest, Sha256};

/// The words that the statement begins with.
const PURPOSE: &[u8] = b"ciberkiosco identification 1";

/// The bytes whose SHA-256 the card signs.
#[must_use]
pub fn bytes(session: &str, challenge: &[u8; 32], kiosk_nonce: &[u8; 32]) -> Vec<u8> {
    [PURPOSE, &[0], session.as_bytes(), &[0], challenge, kiosk_nonce].concat()
}

/// The hash, for a card that wants nothing else.
#[must_use]
pub fn hash(session: &str, challenge: &[u8; 32], kiosk_nonce: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(bytes(session, challenge, kiosk_nonce)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_contract() {
        let said = bytes("S-5f1c0b7a94de42c3", &[1; 32], &[2; 32]);
        let mut expected = b"ciberkiosco identification 1\0S-5f1c0b7a94de42c3\0".to_vec();
        expected.extend([1; 32]);
        expected.extend([2; 32]);
        assert_eq!(said, expected);
        assert_eq!(
            hash("S-5f1c0b7a94de42c3", &[1; 32], &[2; 32]).as_slice(),
            Sha256::digest(expected).as_slice()
        );
    }

    #[test]
    fn each_part_changes_the_hash() {
        let one = hash("S-5f1c0b7a94de42c3", &[1; 32], &[2; 32]);
        assert_ne!(one, hash("S-5f1c0b7a94de42c4", &[1; 32], &[2; 32]));
        assert_ne!(one, hash("S-5f1c0b7a94de42c3", &[3; 32], &[2; 32]));
        assert_ne!(one, hash("S-5f1c0b7a94de42c3", &[1; 32], &[3; 32]));
    }
}
