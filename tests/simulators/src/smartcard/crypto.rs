//! Symmetric cryptography of the CWA-14890 channel: two-key 3DES, retail MAC, key derivation (reference 1.3, 1.4).

use des::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit as _};
use des::{Des, TdesEde2};
use sha1::{Digest as _, Sha1};

pub(super) type Key = [u8; 16];
type Eight = [u8; 8];

fn encrypt(cipher: &impl BlockCipherEncrypt<BlockSize = des::cipher::consts::U8>, block: Eight) -> Eight {
    let mut block = Block::<Des>::from(block);
    cipher.encrypt_block(&mut block);
    block.into()
}

fn decrypt(cipher: &impl BlockCipherDecrypt<BlockSize = des::cipher::consts::U8>, block: Eight) -> Eight {
    let mut block = Block::<Des>::from(block);
    cipher.decrypt_block(&mut block);
    block.into()
}

fn xor(a: Eight, b: Eight) -> Eight {
    std::array::from_fn(|at| a[at] ^ b[at])
}

/// 80 and zeros up to a multiple of 8; always at least one byte.
pub(super) fn pad(data: &[u8]) -> Vec<u8> {
    let mut out = [data, &[0x80]].concat();
    out.resize(out.len().next_multiple_of(8), 0);
    out
}

/// What [`pad`] was given; `None` when the padding is none.
pub(super) fn unpad(data: &[u8]) -> Option<&[u8]> {
    let end = data.iter().rposition(|byte| *byte != 0)?;
    (data[end] == 0x80 && data.len() - end <= 8).then(|| &data[..end])
}

/// 3DES-CBC with IV 0 over whole blocks.
pub(super) fn cbc_encrypt(key: &Key, data: &[u8]) -> Vec<u8> {
    let cipher = TdesEde2::new(&(*key).into());
    let mut last = [0; 8];
    let blocks = data.as_chunks::<8>().0.iter().flat_map(|block| {
        last = encrypt(&cipher, xor(*block, last));
        last
    });
    blocks.collect()
}

/// The reverse of [`cbc_encrypt`].
pub(super) fn cbc_decrypt(key: &Key, data: &[u8]) -> Vec<u8> {
    let cipher = TdesEde2::new(&(*key).into());
    let mut last = [0; 8];
    let blocks = data.as_chunks::<8>().0.iter().flat_map(|block| {
        let plain = xor(decrypt(&cipher, *block), last);
        last = *block;
        plain
    });
    blocks.collect()
}

/// ISO 9797-1 algorithm 3 over whole blocks (padded by the caller).
pub(super) fn retail_mac(key: &Key, data: &[u8]) -> Eight {
    let half = |start: usize| Des::new(&<Eight>::try_from(&key[start..start + 8]).unwrap_or_default().into());
    let (first, second) = (half(0), half(8));
    let chained =
        data.as_chunks::<8>().0.iter().fold([0; 8], |state, block| encrypt(&first, xor(state, *block)));
    encrypt(&first, decrypt(&second, chained))
}

pub(super) fn sha1(parts: &[&[u8]]) -> [u8; 20] {
    Sha1::digest(parts.concat()).into()
}

/// K.ENC (counter 1) and K.MAC (counter 2) of a shared secret.
pub(super) fn derive(secret: &[u8; 32]) -> (Key, Key) {
    let key = |counter: u8| {
        let digest = sha1(&[secret, &[0, 0, 0, counter]]);
        std::array::from_fn(|at| digest[at])
    };
    (key(1), key(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ICAO 9303-11 appendix D.4 has the same MAC: E.IFD under K.MAC.
    #[test]
    fn retail_mac_of_the_passport_example() {
        let key: Key = hex("7962D9ECE03D1ACD4C76089DCE131543").try_into().unwrap();
        let data = hex("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2");
        assert_eq!(retail_mac(&key, &pad(&data)).to_vec(), hex("5F1448EEA8AD90A7"));
        let enc: Key = hex("AB94FDECF2674FDFB9B391F85D7F76F2").try_into().unwrap();
        let plain = hex("781723860C06C2264608F919887022120B795240CB7049B01C19B33E32804F0B");
        assert_eq!(cbc_encrypt(&enc, &plain), data);
        assert_eq!(cbc_decrypt(&enc, &data), plain);
    }

    #[test]
    fn padding_comes_off_as_it_went_on() {
        for length in 0..17 {
            let data = vec![0x80; length];
            assert_eq!(unpad(&pad(&data)), Some(data.as_slice()));
        }
        assert_eq!(unpad(&[0; 8]), None);
        assert_eq!(unpad(&[1; 8]), None);
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }
}
