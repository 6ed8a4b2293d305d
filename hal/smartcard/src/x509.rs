//! What this crate reads of an X.509 certificate (RFC 5280 section 4.1): names of units, the key, the signature, the
//! key usage. Nothing is verified in here, and nothing of a citizen is taken out.
use crate::tlv::{Reader, Tlv, TlvError};

const INTEGER: u32 = 0x02;
const BIT_STRING: u32 = 0x03;
const OCTET_STRING: u32 = 0x04;
const OID: u32 = 0x06;
const SEQUENCE: u32 = 0x30;
const SET: u32 = 0x31;
const VERSION: u32 = 0xA0;
const EXTENSIONS: u32 = 0xA3;
/// 2.5.4.11
const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 0x04, 0x0B];
/// 2.5.29.15
const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
/// 1.2.840.113549.1.1.1
const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];

/// A certificate, taken apart.
pub(crate) struct Certificate<'a> {
    /// What is signed, tag and length included.
    pub(crate) signed: &'a [u8],
    /// OID of the signature's algorithm, where what is signed says the same as what is not (section 4.1.1.2).
    pub(crate) algorithm: Option<&'a [u8]>,
    /// Empty when it is no whole bytes.
    pub(crate) signature: &'a [u8],
    issuer: Tlv<'a>,
    subject: Tlv<'a>,
    key: Tlv<'a>,
    extensions: Option<Tlv<'a>>,
}

/// Modulus and exponent.
pub(crate) type RsaKey<'a> = (&'a [u8], &'a [u8]);

/// The bits of keyUsage that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyUsage {
    pub(crate) digital_signature: bool,
    pub(crate) non_repudiation: bool,
}

impl<'a> Certificate<'a> {
    pub(crate) fn parse(der: &'a [u8]) -> Result<Certificate<'a>, TlvError> {
        let mut outer = Reader::new(der).expect(SEQUENCE)?.inside()?;
        let to_be_signed = outer.expect(SEQUENCE)?;
        let algorithm_outside = outer.expect(SEQUENCE)?;
        let signature = match outer.expect(BIT_STRING)?.value {
            [0, signature @ ..] => signature,
            _ => &[],
        };
        outer.end()?;
        let mut inner = to_be_signed.inside()?;
        inner.optional(VERSION)?;
        inner.expect(INTEGER)?;
        let algorithm_inside = inner.expect(SEQUENCE)?;
        let algorithm = match algorithm_inside.whole == algorithm_outside.whole {
            true => Some(algorithm_inside.inside()?.expect(OID)?.value),
            false => None,
        };
        let issuer = inner.expect(SEQUENCE)?;
        inner.expect(SEQUENCE)?;
        let subject = inner.expect(SEQUENCE)?;
        let key = inner.expect(SEQUENCE)?;
        let extensions = inner.find(EXTENSIONS).ok();
        Ok(Certificate { signed: to_be_signed.whole, algorithm, signature, issuer, subject, key, extensions })
    }

    /// The issuer, as bytes.
    pub(crate) fn issuer(&self) -> &'a [u8] {
        self.issuer.whole
    }

    /// The subject, as bytes.
    pub(crate) fn subject(&self) -> &'a [u8] {
        self.subject.whole
    }

    /// The organizational units of the issuer, as text whatever their encoding.
    pub(crate) fn issuer_units(&self) -> Result<Vec<String>, TlvError> {
        let (mut units, mut names) = (Vec::new(), self.issuer.inside()?);
        while let Some(name) = names.next_object()? {
            if name.tag != SET {
                return Err(TlvError::Unexpected { wanted: SET, found: name.tag });
            }
            let mut attributes = name.inside()?;
            while let Some(attribute) = attributes.next_object()? {
                let mut parts = attribute.inside()?;
                if parts.expect(OID)?.value == ORGANIZATIONAL_UNIT
                    && let Some(value) = parts.next_object()?
                {
                    units.push(text(value));
                }
            }
        }
        Ok(units)
    }

    /// Modulus and exponent of an RSA key, without leading zeros; `None` for another kind of key.
    pub(crate) fn rsa_key(&self) -> Result<Option<RsaKey<'a>>, TlvError> {
        let mut parts = self.key.inside()?;
        if parts.expect(SEQUENCE)?.inside()?.expect(OID)?.value != RSA_ENCRYPTION {
            return Ok(None);
        }
        let mut numbers = Reader::new(bits(parts.expect(BIT_STRING)?)?).expect(SEQUENCE)?.inside()?;
        Ok(Some((unsigned(numbers.expect(INTEGER)?.value), unsigned(numbers.expect(INTEGER)?.value))))
    }

    /// The key usage, where the certificate says one.
    pub(crate) fn key_usage(&self) -> Result<Option<KeyUsage>, TlvError> {
        let Some(extensions) = self.extensions else { return Ok(None) };
        let mut list = extensions.inside()?.expect(SEQUENCE)?.inside()?;
        while let Some(extension) = list.next_object()? {
            let parts = extension.inside()?;
            if parts.find(OID)?.value == KEY_USAGE {
                let usage = bits(Reader::new(parts.find(OCTET_STRING)?.value).expect(BIT_STRING)?)?;
                let first = usage.first().copied().unwrap_or_default();
                return Ok(Some(KeyUsage {
                    digital_signature: first & 0x80 != 0,
                    non_repudiation: first & 0x40 != 0,
                }));
            }
        }
        Ok(None)
    }
}

/// The bytes of a bit string.
fn bits(object: Tlv<'_>) -> Result<&[u8], TlvError> {
    object.value.split_first().map(|(_, bits)| bits).ok_or(TlvError::Truncated)
}

fn unsigned(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|&&byte| byte == 0).count();
    integer.get(zeros..).unwrap_or_default()
}

/// A directory string: UTF-8, ASCII and its kin, or BMP. What is no character becomes one that no name holds.
fn text(value: Tlv<'_>) -> String {
    const BMP: u32 = 0x1E;
    if value.tag == BMP {
        let units = value.value.as_chunks::<2>().0.iter().map(|&unit| u16::from_be_bytes(unit));
        return char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    String::from_utf8_lossy(value.value).into_owned()
}
