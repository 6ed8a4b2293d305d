//! Raw pieces of DER (X.690): what a signature covers are the bytes as they came, never the same encoded again.
use der::{Decode, Reader, SliceReader, asn1::BitString};
use x509_cert::spki::AlgorithmIdentifierOwned;

/// A signed structure (certificate, OCSP response) taken apart.
pub(super) struct Signed<'a> {
    /// What is signed, with its header.
    pub content: &'a [u8],
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: BitString,
    /// What follows inside the structure.
    pub rest: &'a [u8],
}

/// Takes a SEQUENCE of content, algorithm, signature and perhaps more apart; nothing may follow it.
pub(super) fn signed(bytes: &[u8]) -> Result<Signed<'_>, der::Error> {
    let mut reader = SliceReader::new(bytes)?;
    let parts = reader.sequence(|inside| -> Result<Signed<'_>, der::Error> {
        let content = inside.tlv_bytes()?;
        let algorithm = AlgorithmIdentifierOwned::decode(inside)?;
        let signature = BitString::decode(inside)?;
        let rest = inside.read_slice(inside.remaining_len())?;
        Ok(Signed { content, algorithm, signature, rest })
    })?;
    reader.finish()?;
    Ok(parts)
}
