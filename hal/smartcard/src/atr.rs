//! The answer to reset (ISO/IEC 7816-3 section 8) and what Spanish identity cards say in it.
//!
//! A card that is upside down gives none; that is the reader's to report.

/// The longest answer to reset.
pub const LONGEST: usize = 33;
/// Index of the life cycle in the ATR of the DNIe and its sisters.
pub const LIFE_CYCLE_INDEX: usize = 17;
/// Index of the major version of the operating system there.
pub const OS_MAJOR_INDEX: usize = 15;

/// What is no ATR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AtrError {
    /// Empty, or longer than 33 bytes.
    #[error("an ATR of {0} bytes; 2 to 33")]
    Length(usize),
    /// TS is neither 3B nor 3F.
    #[error("an ATR that begins with {0:02X}, not with 3B or 3F")]
    Convention(u8),
    /// It ends before what its own bytes announce.
    #[error("an ATR that ends inside its {0}")]
    Truncated(&'static str),
    /// The check byte does not fit.
    #[error("the check byte of the ATR is wrong")]
    CheckByte,
    /// Bytes behind the end.
    #[error("{0} bytes behind the end of the ATR")]
    Rest(usize),
}

/// An answer to reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atr {
    bytes: Vec<u8>,
    protocols: Vec<u8>,
    historical: std::ops::Range<usize>,
}

/// Where a card of the DNIe family is in its life (index 17).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifeCycle {
    /// Not yet made out to anybody.
    PrePersonalised,
    /// Being made out.
    Personalisation,
    /// In use.
    User,
    /// Dead for good: only a police station helps.
    Final,
    /// A value that no document names.
    Unknown(u8),
}

impl From<u8> for LifeCycle {
    fn from(byte: u8) -> LifeCycle {
        match byte {
            0x00 => LifeCycle::PrePersonalised,
            0x01 => LifeCycle::Personalisation,
            0x03 => LifeCycle::User,
            0x0F => LifeCycle::Final,
            other => LifeCycle::Unknown(other),
        }
    }
}

impl Atr {
    /// Reads an ATR, its check byte included.
    ///
    /// # Errors
    /// See [`AtrError`].
    pub fn parse(bytes: &[u8]) -> Result<Atr, AtrError> {
        let [convention, format, rest @ ..] = bytes else { return Err(AtrError::Length(bytes.len())) };
        if bytes.len() > LONGEST {
            return Err(AtrError::Length(bytes.len()));
        }
        if !matches!(convention, 0x3B | 0x3F) {
            return Err(AtrError::Convention(*convention));
        }
        let (mut indicator, mut rest, mut protocols) = (format >> 4, rest, Vec::new());
        loop {
            let before_next = (indicator & 0b0111).count_ones() as usize;
            rest = rest.get(before_next..).ok_or(AtrError::Truncated("interface bytes"))?;
            if indicator & 0b1000 == 0 {
                break;
            }
            let (&next, behind) = rest.split_first().ok_or(AtrError::Truncated("interface bytes"))?;
            protocols.push(next & 0x0F);
            (indicator, rest) = (next >> 4, behind);
        }
        let length = usize::from(format & 0x0F);
        let start = bytes.len() - rest.len();
        let behind = rest.get(length..).ok_or(AtrError::Truncated("historical bytes"))?;
        // With T=0 alone there is no check byte.
        let checked = protocols.iter().any(|&protocol| protocol != 0);
        match (checked, behind) {
            (false, []) => {}
            (true, [_]) => {
                if bytes.iter().skip(1).fold(0, |sum, byte| sum ^ byte) != 0 {
                    return Err(AtrError::CheckByte);
                }
            }
            (true, []) => return Err(AtrError::Truncated("check byte")),
            (_, more) => return Err(AtrError::Rest(more.len() - usize::from(checked))),
        }
        if protocols.is_empty() {
            protocols.push(0);
        }
        Ok(Atr { bytes: bytes.to_vec(), protocols, historical: start..start + length })
    }

    /// All bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The protocols it offers, first the one it prefers; 15 stands for global interface bytes.
    pub fn protocols(&self) -> &[u8] {
        &self.protocols
    }

    /// The historical bytes.
    pub fn historical(&self) -> &[u8] {
        self.bytes.get(self.historical.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DNIE: [u8; 20] = [
        0x3B, 0x7F, 0x38, 0x00, 0x00, 0x00, 0x6A, 0x44, 0x4E, 0x49, 0x65, 0x20, 0x02, 0x4C, 0x34, 0x01, 0x13,
        0x03, 0x90, 0x00,
    ];

    #[test]
    fn the_dnie_speaks_t0_and_names_itself() {
        let atr = Atr::parse(&DNIE).unwrap();
        assert_eq!(atr.protocols(), [0]);
        assert_eq!(atr.historical().len(), 15);
        assert_eq!(&atr.historical()[1..6], b"jDNIe".map(|c| c).as_slice());
        assert_eq!(LifeCycle::from(atr.bytes()[LIFE_CYCLE_INDEX]), LifeCycle::User);
    }

    #[test]
    fn a_check_byte_is_checked() {
        assert_eq!(Atr::parse(&[0x3B, 0x80, 0x80, 0x01, 0x01]).unwrap().protocols(), [0, 1]);
        assert_eq!(Atr::parse(&[0x3B, 0x80, 0x80, 0x01, 0x02]), Err(AtrError::CheckByte));
        assert_eq!(Atr::parse(&[0x3B, 0x80, 0x80, 0x01]), Err(AtrError::Truncated("check byte")));
        assert_eq!(Atr::parse(&[0x3B, 0x80, 0x80, 0x01, 0x01, 0x00]), Err(AtrError::Rest(1)));
    }

    #[test]
    fn what_is_no_atr_is_refused() {
        assert_eq!(Atr::parse(&[]), Err(AtrError::Length(0)));
        assert_eq!(Atr::parse(&[0x3B; 34]), Err(AtrError::Length(34)));
        assert_eq!(Atr::parse(&[0x00, 0x00]), Err(AtrError::Convention(0)));
        assert_eq!(Atr::parse(&DNIE[..19]), Err(AtrError::Truncated("historical bytes")));
        assert_eq!(Atr::parse(&[0x3B, 0xF0, 0x01]), Err(AtrError::Truncated("interface bytes")));
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Atr::parse(&bytes);
        }
    }
}
