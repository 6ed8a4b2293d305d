//! Number and name from a certificate's subject (reference page 1.7; ETSI EN 319 412-1).
//!
//! The number stands in `serialNumber`, bare or after `IDCES-`. The name stands in `commonName`, on a DNIe as
//! `SURNAMES, NAME (AUTENTICACIÓN)`, on other cards as `SURNAMES NAME - NUMBER`, and in pieces in `surname` (on a
//! DNIe the first one only) and `givenName`. It is for a greeting: the sede's own name is what documents carry.
use std::borrow::Cow;

use der::asn1::{Any, BmpString, ObjectIdentifier};
use der::{Tag, Tagged};
use private::PrivateText;
use x509_cert::name::Name;
use zeroize::Zeroizing;

use crate::nif::Nif;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
/// As in the contract; RFC 5280 allows 64 to a common name.
const NAME_MAX: usize = 120;

/// The holder of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// DNI or NIE.
    pub number: Nif,
    /// Given name and surnames.
    pub name: PrivateText,
}

/// What a subject lacks. None of these holds anything of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// No `serialNumber`, more than one, or no number of a person in it.
    #[error("the card's certificate holds no DNI or NIE")]
    Number,
    /// No name that can be shown.
    #[error("the card's certificate holds no name that can be shown")]
    Name,
}

impl Person {
    pub(super) fn of(subject: &Name) -> Result<Person, PersonError> {
        let number = one(subject, SERIAL_NUMBER).ok_or(PersonError::Number)?;
        let number = Nif::certified(number.trim()).map_err(|_| PersonError::Number)?;
        let common = one(subject, COMMON_NAME).map(|text| from_common_name(&text));
        let name = match common {
            Some(name) if is_showable(&name) => name,
            _ => {
                let surname = one(subject, SURNAME).ok_or(PersonError::Name)?;
                let given = one(subject, GIVEN_NAME).ok_or(PersonError::Name)?;
                Zeroizing::new(format!("{} {}", given.trim(), surname.trim()))
            }
        };
        if !is_showable(&name) {
            return Err(PersonError::Name);
        }
        let spaced = name.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Person { number, name: PrivateText::from(spaced) })
    }
}

/// An attribute that stands once: of two, nobody knows which is meant.
fn one(subject: &Name, kind: ObjectIdentifier) -> Option<Zeroizing<String>> {
    let mut all = subject.iter().filter(|it| it.oid == kind);
    let text = text(&all.next()?.value)?;
    all.next().is_none().then(|| Zeroizing::new(text))
}

fn text(value: &Any) -> Option<String> {
    let bytes = value.value();
    let text: Cow<'_, str> = match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => std::str::from_utf8(bytes).ok()?.into(),
        // T.61 in the letter of the standard, Latin-1 in every certificate that has it.
        Tag::TeletexString => bytes.iter().map(|b| char::from(*b)).collect::<String>().into(),
        Tag::BmpString => value.decode_as::<BmpString>().ok()?.to_string().into(),
        _ => return None,
    };
    Some(text.into_owned())
}

fn from_common_name(common: &str) -> Zeroizing<String> {
    // The purpose of the certificate, or the number once more.
    let name =
        common.trim().rsplit_once(" (").filter(|(_, end)| end.ends_with(')')).map_or(common, |it| it.0);
    let name =
        name.rsplit_once(" - ").filter(|(_, end)| Nif::certified(end.trim()).is_ok()).map_or(name, |it| it.0);
    Zeroizing::new(match name.split_once(',') {
        Some((surnames, given)) => format!("{} {}", given.trim(), surnames.trim()),
        None => name.trim().to_owned(),
    })
}

fn is_showable(name: &str) -> bool {
    let plain = |c: char| !c.is_control() && !matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    (1..=NAME_MAX).contains(&name.chars().count()) && name.chars().all(plain) && !name.trim().is_empty()
}
