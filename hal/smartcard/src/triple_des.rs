//! Two-key triple DES as the channel uses it: CBC with IV zero, and the retail MAC (ISO/IEC 9797-1 algorithm 3).
//!
//! DES is what these cards speak; nothing else in the product may use this module.
use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use zeroize::Zeroizing;

/// Bytes of a block.
pub(crate) const BLOCK: usize = 8;
/// A key of two halves.
pub(crate) type Key = Zeroizing<[u8; 16]>;

/// Appends `80`, then `00` to the end of the block; always at least one byte (ISO/IEC 9797-1 method 2).
pub(crate) fn pad(bytes: &mut Vec<u8>) {
    bytes.push(0x80);
    while !bytes.len().is_multiple_of(BLOCK) {
        bytes.push(0);
    }
}

/// Removes what [`pad`] appended; `None` when that is not what is there.
pub(crate) fn unpad(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().rposition(|&byte| byte != 0)?;
    let (data, padding) = bytes.split_at_checked(end)?;
    (padding.first() == Some(&0x80) && padding.len() <= BLOCK).then_some(data)
}

/// Encrypts whole blocks in place.
pub(crate) fn encrypt(key: &Key, bytes: &mut [u8]) {
    let cipher = TdesEde2::new(&(**key).into());
    let mut previous = [0; BLOCK];
    for chunk in bytes.as_chunks_mut::<BLOCK>().0 {
        let mut block = xor(*chunk, previous).into();
        cipher.encrypt_block(&mut block);
        previous = block.into();
        *chunk = previous;
    }
}

/// Decrypts whole blocks in place.
pub(crate) fn decrypt(key: &Key, bytes: &mut [u8]) {
    let cipher = TdesEde2::new(&(**key).into());
    let mut previous = [0; BLOCK];
    for chunk in bytes.as_chunks_mut::<BLOCK>().0 {
        let mut block = (*chunk).into();
        cipher.decrypt_block(&mut block);
        (previous, *chunk) = (*chunk, xor(block.into(), previous));
    }
}

/// The MAC over whole blocks: DES with the first half through all of them, triple DES on the last.
pub(crate) fn retail_mac(key: &Key, bytes: &[u8]) -> [u8; BLOCK] {
    let (first, _) = split(key);
    let single = Des::new(&first.into());
    let triple = TdesEde2::new(&(**key).into());
    let mut sum = [0; BLOCK];
    let blocks = bytes.as_chunks::<BLOCK>().0;
    for (place, block) in blocks.iter().enumerate() {
        let mut mixed = xor(*block, sum).into();
        if place + 1 == blocks.len() {
            triple.encrypt_block(&mut mixed);
        } else {
            single.encrypt_block(&mut mixed);
        }
        sum = mixed.into();
    }
    sum
}

fn split(key: &Key) -> ([u8; 8], [u8; 8]) {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = **key;
    ([a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p])
}

fn xor(mut left: [u8; BLOCK], right: [u8; BLOCK]) -> [u8; BLOCK] {
    for (left, right) in left.iter_mut().zip(right) {
        *left ^= right;
    }
    left
}
