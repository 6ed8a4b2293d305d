//! Certificate files of the DNIe and its sisters: plain DER, or a header and zlib.
//!
//! The header is two little-endian words, the length before and after compression; the second is the file's length
//! less 8. The first is checked before anything is inflated: a small file that grows without end is not inflated.
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use zeroize::Zeroizing;

/// Longest certificate, compressed or not.
pub const LONGEST: usize = 32767;
/// A compressed file may be padded to the size it was made with.
const SEQUENCE: u8 = 0x30;

/// What is no certificate file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFileError {
    /// Nothing in it.
    #[error("an empty file")]
    Empty,
    /// Longer than any certificate.
    #[error("a certificate of {0} bytes; at most 32767")]
    TooLong(usize),
    /// The header says that the certificate grew when it was compressed.
    #[error("{before} bytes that were compressed to {after}")]
    Grown {
        /// Before.
        before: usize,
        /// After.
        after: usize,
    },
    /// What follows the header is not zlib, or not of the length it says.
    #[error("the compressed data is damaged")]
    Damaged,
    /// Neither a certificate nor a compressed one.
    #[error("neither DER nor compressed DER")]
    Unknown,
}

/// The DER in a certificate file.
///
/// # Errors
/// See [`CertificateFileError`].
pub fn decode(file: &[u8]) -> Result<Zeroizing<Vec<u8>>, CertificateFileError> {
    let (header, compressed) = match file.split_first_chunk::<8>() {
        None if file.is_empty() => return Err(CertificateFileError::Empty),
        None => return Err(CertificateFileError::Unknown),
        Some(parts) => parts,
    };
    let &[a, b, c, d, e, f, g, h] = header;
    let [before, after] = [[a, b, c, d], [e, f, g, h]]
        .map(|word| usize::try_from(u32::from_le_bytes(word)).unwrap_or(usize::MAX));
    if after != compressed.len() {
        return plain(file);
    }
    if before > LONGEST {
        return Err(CertificateFileError::TooLong(before));
    }
    if before < after {
        return Err(CertificateFileError::Grown { before, after });
    }
    let der = decompress_to_vec_zlib_with_limit(compressed, before)
        .map(Zeroizing::new)
        .map_err(|_| CertificateFileError::Damaged)?;
    if der.len() != before {
        return Err(CertificateFileError::Damaged);
    }
    plain(&der)
}

/// DER, without what pads the file behind it.
fn plain(file: &[u8]) -> Result<Zeroizing<Vec<u8>>, CertificateFileError> {
    if file.len() > LONGEST {
        return Err(CertificateFileError::TooLong(file.len()));
    }
    let certificate = crate::tlv::Reader::new(file)
        .next_object()
        .ok()
        .flatten()
        .filter(|object| object.tag == u32::from(SEQUENCE))
        .ok_or(CertificateFileError::Unknown)?;
    Ok(Zeroizing::new(certificate.whole.to_vec()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn der(length: usize) -> Vec<u8> {
        let mut der = Vec::new();
        crate::tlv::write(&mut der, SEQUENCE, &vec![7; length]);
        der
    }

    fn compressed(der: &[u8], said: u32) -> Vec<u8> {
        let zlib = miniz_oxide::deflate::compress_to_vec_zlib(der, 6);
        let mut file = said.to_le_bytes().to_vec();
        file.extend_from_slice(&u32::try_from(zlib.len()).unwrap().to_le_bytes());
        file.extend_from_slice(&zlib);
        file
    }

    #[test]
    fn both_forms_give_the_certificate() {
        let der = der(900);
        assert_eq!(*decode(&der).unwrap(), der);
        assert_eq!(*decode(&compressed(&der, 904)).unwrap(), der);
        let padded = [&der[..], &[0xFF; 20]].concat();
        assert_eq!(*decode(&padded).unwrap(), der);
    }

    #[test]
    fn a_small_file_that_would_grow_without_end_is_not_inflated() {
        let bomb = compressed(&vec![0; 10_000_000], 10_000_000);
        assert_eq!(decode(&bomb), Err(CertificateFileError::TooLong(10_000_000)));
        assert_eq!(decode(&compressed(&vec![0; 10_000_000], 30_000)), Err(CertificateFileError::Damaged));
    }

    #[test]
    fn a_header_that_lies_is_refused() {
        let der = der(900);
        assert_eq!(decode(&compressed(&der, 903)), Err(CertificateFileError::Damaged));
        assert_eq!(decode(&compressed(&der, 905)), Err(CertificateFileError::Damaged));
        assert!(matches!(decode(&compressed(&der, 3)), Err(CertificateFileError::Grown { before: 3, .. })));
        assert_eq!(decode(&[]), Err(CertificateFileError::Empty));
        assert_eq!(decode(&[0; 7]), Err(CertificateFileError::Unknown));
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
