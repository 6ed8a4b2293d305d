//! PKCS#15 v1.1 / ISO/IEC 7816-15: the directories that say what a card holds, and where.
//!
//! Read are the ODF, TokenInfo and, of RSA alone, certificates (CDF), private keys (PrKDF) and PINs (AODF). A file may
//! be longer than what is in it: a tag of `00` or `FF` ends it. Lengths inside paths are ignored; a file is read to its
//! end. What this crate does not know is skipped; what it should know and cannot read is an error.
use crate::tlv::{Reader, Tlv, TlvError};

/// Most objects of a directory.
pub const MOST_OBJECTS: usize = 32;
/// Longest path: eight identifiers.
const LONGEST_PATH: usize = 16;
const BOOLEAN: u32 = 0x01;
const INTEGER: u32 = 0x02;
const BIT_STRING: u32 = 0x03;
const OCTET_STRING: u32 = 0x04;
const ENUMERATED: u32 = 0x0A;
const UTF8_STRING: u32 = 0x0C;
const SEQUENCE: u32 = 0x30;
const TYPE_ATTRIBUTES: u32 = 0xA1;
const MASTER_FILE: [u8; 2] = [0x3F, 0x00];

/// What is wrong with a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Pkcs15Error {
    /// An object that cannot be read.
    #[error("object {place}: {why}")]
    Object {
        /// From 1.
        place: usize,
        /// What is wrong.
        why: TlvError,
    },
    /// A path that is none.
    #[error("object {place}: a path of {length} bytes")]
    Path {
        /// From 1.
        place: usize,
        /// In bytes.
        length: usize,
    },
    /// Too many objects.
    #[error("more than {MOST_OBJECTS} objects")]
    TooMany,
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(Vec<u8>);

impl Path {
    /// Of identifiers of two bytes each; `None` for what is no path.
    pub fn new(bytes: &[u8]) -> Option<Path> {
        let fits = !bytes.is_empty() && bytes.len() <= LONGEST_PATH && bytes.len().is_multiple_of(2);
        fits.then(|| Path(bytes.to_vec()))
    }

    /// Of one file, below the application.
    pub fn file(identifier: [u8; 2]) -> Path {
        Path(identifier.to_vec())
    }

    /// True when it begins at the master file.
    pub fn is_absolute(&self) -> bool {
        self.0.starts_with(&MASTER_FILE)
    }

    /// The identifiers below the master file or the application.
    pub fn identifiers(&self) -> Vec<[u8; 2]> {
        let below = self.0.strip_prefix(&MASTER_FILE[..]).unwrap_or(&self.0);
        below.as_chunks::<2>().0.to_vec()
    }

    /// The file itself.
    pub fn last(&self) -> [u8; 2] {
        self.0.last_chunk::<2>().copied().unwrap_or(MASTER_FILE)
    }
}

/// The object directory file: where the other directories are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectDirectory {
    /// PrKDF.
    pub private_keys: Vec<Path>,
    /// CDF: the holder's certificates first, then trusted and useful ones.
    pub certificates: Vec<Path>,
    /// AODF.
    pub authentication: Vec<Path>,
}

/// Who made the card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenInfo {
    /// `DGP-FNMT` on a DNIe.
    pub manufacturer: String,
    /// The card's label.
    pub label: String,
}

/// A certificate in a CDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateObject {
    /// Its label.
    pub label: String,
    /// Shared with its private key.
    pub id: Vec<u8>,
    /// True for one of an authority.
    pub authority: bool,
    /// Where it is.
    pub path: Path,
}

/// A private RSA key in a PrKDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyObject {
    /// Its label.
    pub label: String,
    /// Shared with its certificate.
    pub id: Vec<u8>,
    /// It signs.
    pub signs: bool,
    /// It makes qualified signatures.
    pub non_repudiation: bool,
    /// How commands name it, where the card says.
    pub reference: Option<u8>,
    /// Where it is.
    pub path: Path,
}

/// A PIN in an AODF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinObject {
    /// Its label.
    pub label: String,
    /// How VERIFY names it.
    pub reference: u8,
    /// Least characters.
    pub minimum: u8,
    /// Most characters.
    pub maximum: u8,
    /// It is padded with this byte to `stored` bytes.
    pub padding: Option<u8>,
    /// The length it is stored in.
    pub stored: u8,
    /// It unblocks others or belongs to the issuer; no citizen's PIN.
    pub unblocks: bool,
}

/// Reads an ODF.
///
/// # Errors
/// See [`Pkcs15Error`].
pub fn object_directory(file: &[u8]) -> Result<ObjectDirectory, Pkcs15Error> {
    let mut directory = ObjectDirectory::default();
    let mut useful = Vec::new();
    each(file, |place, object| {
        let list = match object.tag {
            0xA0 => &mut directory.private_keys,
            0xA4 => &mut directory.certificates,
            0xA5 | 0xA6 => &mut useful,
            0xA8 => &mut directory.authentication,
            _ => return Ok(()),
        };
        // A path; objects written right here are an option that no card was seen to take.
        if let Some(path) =
            object.inside().and_then(|mut inside| inside.optional(SEQUENCE)).map_err(at(place))?
        {
            list.push(path_in(place, path)?);
        }
        Ok(())
    })?;
    directory.certificates.append(&mut useful);
    Ok(directory)
}

/// Reads TokenInfo.
///
/// # Errors
/// See [`Pkcs15Error`].
pub fn token_info(file: &[u8]) -> Result<TokenInfo, Pkcs15Error> {
    let read = || -> Result<TokenInfo, TlvError> {
        let mut inside = Reader::new(file).expect(SEQUENCE)?.inside()?;
        inside.expect(INTEGER)?;
        inside.optional(OCTET_STRING)?;
        let manufacturer = inside.optional(UTF8_STRING)?.map(text).unwrap_or_default();
        let label = inside.optional(0x80)?.map(text).unwrap_or_default();
        Ok(TokenInfo { manufacturer, label })
    };
    read().map_err(at(1))
}

/// Reads a CDF.
///
/// # Errors
/// See [`Pkcs15Error`].
pub fn certificates(file: &[u8]) -> Result<Vec<CertificateObject>, Pkcs15Error> {
    let mut list = Vec::new();
    each_sequence(file, |place, object| {
        let read = || -> Result<_, TlvError> {
            let mut parts = object.inside()?;
            let label = label(parts.expect(SEQUENCE)?)?;
            let mut class = parts.expect(SEQUENCE)?.inside()?;
            let id = class.expect(OCTET_STRING)?.value.to_vec();
            let authority = class.optional(BOOLEAN)?.is_some_and(|value| value.value != [0]);
            let value = type_attributes(&mut parts)?.optional(SEQUENCE)?;
            Ok((label, id, authority, value))
        };
        let (label, id, authority, value) = read().map_err(at(place))?;
        if let Some(path) = value {
            list.push(CertificateObject { label, id, authority, path: path_in(place, path)? });
        }
        Ok(())
    })?;
    Ok(list)
}

/// Reads a PrKDF.
///
/// # Errors
/// See [`Pkcs15Error`].
pub fn private_keys(file: &[u8]) -> Result<Vec<KeyObject>, Pkcs15Error> {
    let mut list = Vec::new();
    each_sequence(file, |place, object| {
        let read = || -> Result<_, TlvError> {
            let mut parts = object.inside()?;
            let label = label(parts.expect(SEQUENCE)?)?;
            let mut class = parts.expect(SEQUENCE)?.inside()?;
            let id = class.expect(OCTET_STRING)?.value.to_vec();
            let usage = bit_string(class.expect(BIT_STRING)?)?;
            class.optional(BOOLEAN)?;
            class.optional(BIT_STRING)?;
            let reference = class.optional(INTEGER)?.and_then(|value| value.value.last().copied());
            let path = type_attributes(&mut parts)?.expect(SEQUENCE)?;
            Ok((label, id, usage, reference, path))
        };
        let (label, id, usage, reference, path) = read().map_err(at(place))?;
        list.push(KeyObject {
            label,
            id,
            signs: usage & 1 << 13 != 0,
            non_repudiation: usage & 1 << 6 != 0,
            reference,
            path: path_in(place, path)?,
        });
        Ok(())
    })?;
    Ok(list)
}

/// Reads an AODF; only PINs are taken.
///
/// # Errors
/// See [`Pkcs15Error`].
pub fn pins(file: &[u8]) -> Result<Vec<PinObject>, Pkcs15Error> {
    const NEEDS_PADDING: u16 = 1 << 10;
    const UNBLOCKING_OR_ISSUER: u16 = 1 << 9 | 1 << 8;
    let mut list = Vec::new();
    each_sequence(file, |place, object| {
        let read = || -> Result<PinObject, TlvError> {
            let mut parts = object.inside()?;
            let label = label(parts.expect(SEQUENCE)?)?;
            let mut pin = type_attributes(&mut parts)?;
            let flags = bit_string(pin.expect(BIT_STRING)?)?;
            pin.expect(ENUMERATED)?;
            let minimum = small(pin.expect(INTEGER)?);
            let stored = small(pin.expect(INTEGER)?);
            let maximum = pin.optional(INTEGER)?.map_or(stored, small);
            let reference = pin.optional(0x80)?.map_or(0, small);
            let padding = pin.optional(OCTET_STRING)?.and_then(|value| value.value.first().copied());
            let padding = (flags & NEEDS_PADDING != 0).then_some(padding.unwrap_or(0xFF));
            let unblocks = flags & UNBLOCKING_OR_ISSUER != 0;
            Ok(PinObject { label, reference, minimum, maximum, padding, stored, unblocks })
        };
        list.push(read().map_err(at(place))?);
        Ok(())
    })?;
    Ok(list)
}

fn each<'a>(
    file: &'a [u8],
    mut take: impl FnMut(usize, Tlv<'a>) -> Result<(), Pkcs15Error>,
) -> Result<(), Pkcs15Error> {
    let mut reader = Reader::new(file);
    for place in 1.. {
        if matches!(reader.rest().first(), None | Some(0x00 | 0xFF)) {
            break;
        }
        if place > MOST_OBJECTS {
            return Err(Pkcs15Error::TooMany);
        }
        if let Some(object) = reader.next_object().map_err(at(place))? {
            take(place, object)?;
        }
    }
    Ok(())
}

/// The same, less the objects of kinds that are not read here.
fn each_sequence<'a>(
    file: &'a [u8],
    mut take: impl FnMut(usize, Tlv<'a>) -> Result<(), Pkcs15Error>,
) -> Result<(), Pkcs15Error> {
    each(file, |place, object| if object.tag == SEQUENCE { take(place, object) } else { Ok(()) })
}

/// What is said of this type of object.
fn type_attributes<'a>(parts: &mut Reader<'a>) -> Result<Reader<'a>, TlvError> {
    parts.find(TYPE_ATTRIBUTES)?.inside()?.expect(SEQUENCE)?.inside()
}

fn at(place: usize) -> impl Fn(TlvError) -> Pkcs15Error {
    move |why| Pkcs15Error::Object { place, why }
}

/// A Path: an octet string, and what else is ignored.
fn path_in(place: usize, path: Tlv<'_>) -> Result<Path, Pkcs15Error> {
    let bytes = path.inside().and_then(|mut inside| inside.expect(OCTET_STRING)).map_err(at(place))?.value;
    Path::new(bytes).ok_or(Pkcs15Error::Path { place, length: bytes.len() })
}

/// The label in CommonObjectAttributes.
fn label(attributes: Tlv<'_>) -> Result<String, TlvError> {
    Ok(attributes.inside()?.optional(UTF8_STRING)?.map(text).unwrap_or_default())
}

fn text(object: Tlv<'_>) -> String {
    String::from_utf8_lossy(object.value).into_owned()
}

/// The first sixteen bits, bit 0 of the document in the highest place.
fn bit_string(object: Tlv<'_>) -> Result<u16, TlvError> {
    match *object.value {
        [] => Err(TlvError::Truncated),
        [_] => Ok(0),
        [_, first] => Ok(u16::from_be_bytes([first, 0])),
        [_, first, second, ..] => Ok(u16::from_be_bytes([first, second])),
    }
}

/// Lengths and references: cards write 81 as `81` and as `0081`; more than a byte is taken as the most.
fn small(object: Tlv<'_>) -> u8 {
    match *object.value {
        [value] | [0, value] => value,
        [] => 0,
        _ => u8::MAX,
    }
}

#[cfg(test)]
#[path = "pkcs15_tests.rs"]
mod tests;
