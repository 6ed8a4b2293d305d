//! File control information (ISO/IEC 7816-4 section 7.4.3), with the proprietary tag 85 of the DNIe's system.
//!
//! Sizes are a card's word: they bound nothing here, reading ends where the card says that the file ends.
use crate::tlv::{Reader, TlvError};

/// What a file of the DNIe is (byte 0 of tag 85).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// 01: a file of bytes.
    Transparent,
    /// 15: a key.
    Key,
    /// 24: a certificate that is compressed.
    CompressedCertificate,
    /// 38: a directory.
    Directory,
    /// Another number.
    Other(u8),
}

/// What a SELECT told about a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fci {
    /// What it is, where the card says so.
    pub kind: Option<FileKind>,
    /// Its identifier.
    pub identifier: Option<u16>,
    /// Its size in bytes.
    pub size: Option<u16>,
}

impl Fci {
    /// Reads the answer to SELECT. An empty answer is an empty template: not every card gives one.
    ///
    /// # Errors
    /// Bytes that are no template.
    pub fn parse(bytes: &[u8]) -> Result<Fci, TlvError> {
        let mut fci = Fci::default();
        let mut outer = Reader::new(bytes);
        let Some(template) = outer.next_object()? else { return Ok(fci) };
        if !matches!(template.tag, 0x6F | 0x62) {
            return Err(TlvError::Unexpected { wanted: 0x6F, found: template.tag });
        }
        let mut inside = template.inside()?;
        while let Some(object) = inside.next_object()? {
            match (object.tag, object.value) {
                // Size of the data, and size with structure: two bytes each.
                (0x80 | 0x81, &[high, low]) => fci.size = fci.size.or(Some(u16::from_be_bytes([high, low]))),
                (0x83, &[high, low]) => fci.identifier = Some(u16::from_be_bytes([high, low])),
                (0x85, &[kind, id_high, id_low, size_high, size_low, _, _, _, _, _, ..]) => {
                    fci.kind = Some(match kind {
                        0x01 => FileKind::Transparent,
                        0x15 => FileKind::Key,
                        0x24 => FileKind::CompressedCertificate,
                        0x38 => FileKind::Directory,
                        other => FileKind::Other(other),
                    });
                    fci.identifier = Some(u16::from_be_bytes([id_high, id_low]));
                    fci.size = Some(u16::from_be_bytes([size_high, size_low]));
                }
                _ => {}
            }
        }
        Ok(fci)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_dnie_s_own_tag_is_read() {
        let bytes = [0x6F, 0x0C, 0x85, 0x0A, 0x24, 0x70, 0x04, 0x03, 0xE8, 0x00, 0xFF, 0x10, 0xFF, 0xFF];
        assert_eq!(
            Fci::parse(&bytes).unwrap(),
            Fci { kind: Some(FileKind::CompressedCertificate), identifier: Some(0x7004), size: Some(1000) }
        );
    }

    #[test]
    fn iso_tags_are_read_and_silence_is_allowed() {
        let bytes = [0x62, 0x08, 0x80, 0x02, 0x01, 0x00, 0x83, 0x02, 0x50, 0x31];
        assert_eq!(Fci::parse(&bytes).unwrap().size, Some(256));
        assert_eq!(Fci::parse(&[]).unwrap(), Fci::default());
        assert!(Fci::parse(&[0x30, 0x00]).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = Fci::parse(&bytes);
        }
    }
}
