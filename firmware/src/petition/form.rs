//! What a citizen fills in, field by field, and what of it is good.
use private::PrivateText;
use ui::{WriteField, WriteProblem};

use crate::nif::{Nif, NifError};
use crate::sede::{PetitionLimits, PostalAddress};
use crate::writing::Rules;

/// A field that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Number of the person for whom the citizen acts.
    RepresentedNumber,
    /// Name of that person, or of that organisation.
    RepresentedName,
    /// Surnames of that person.
    RepresentedSurnames,
    /// Facts and reasons.
    Facts,
    /// What is asked for.
    Request,
    /// Where to, on paper.
    PostalAddress,
    /// For the alert.
    Telephone,
    /// For the alert.
    Email,
    /// Name of the document that is being read.
    AttachmentName,
}

/// How the town hall notifies, and where it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// On paper; else at the sede.
    pub postal: bool,
    /// Where to; empty: where the sede knows.
    pub address: PrivateText,
    /// Empty: as the sede knows.
    pub telephone: PrivateText,
    /// Empty: as the sede knows.
    pub email: PrivateText,
}

/// For whom the citizen acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Represented {
    /// DNI, NIE or the number of an organisation.
    pub number: PrivateText,
    /// Name.
    pub name: PrivateText,
    /// Empty for an organisation.
    pub surnames: PrivateText,
}

impl Represented {
    /// A person has surnames, an organisation has one name.
    pub fn is_person(&self) -> bool {
        Nif::certified(self.number.as_str()).is_ok()
    }
}

/// Everything but the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// To whom: its place among the sede's bodies.
    pub body: usize,
    /// For whom the citizen acts, if not for himself.
    pub represented: Option<Represented>,
    /// Facts and reasons.
    pub facts: PrivateText,
    /// What is asked for.
    pub request: PrivateText,
    /// Notifications.
    pub contact: Contact,
}

impl Field {
    /// What may be written into it.
    pub fn rules(self, limits: &PetitionLimits) -> Rules {
        let (longest, lines) = match self {
            Field::RepresentedNumber => (24, false),
            Field::RepresentedName | Field::RepresentedSurnames => (120, false),
            Field::Facts => (limits.facts, true),
            Field::Request => (limits.asks, true),
            Field::PostalAddress => (160, true),
            Field::Telephone => (20, false),
            Field::Email => (120, false),
            Field::AttachmentName => (60, false),
        };
        Rules { longest, lines }
    }

    /// It may be left empty.
    pub fn is_optional(self) -> bool {
        match self {
            Field::Telephone | Field::Email => true,
            Field::RepresentedNumber
            | Field::RepresentedName
            | Field::RepresentedSurnames
            | Field::Facts
            | Field::Request
            | Field::PostalAddress
            | Field::AttachmentName => false,
        }
    }

    /// As the pages call it.
    pub fn shown(self) -> WriteField {
        match self {
            Field::RepresentedNumber => WriteField::RepresentedNumber,
            Field::RepresentedName => WriteField::RepresentedName,
            Field::RepresentedSurnames => WriteField::RepresentedSurnames,
            Field::Facts => WriteField::Facts,
            Field::Request => WriteField::Request,
            Field::PostalAddress => WriteField::PostalAddress,
            Field::Telephone => WriteField::Telephone,
            Field::Email => WriteField::Email,
            Field::AttachmentName => WriteField::AttachmentName,
        }
    }

    /// What is written, without what a hand leaves around it.
    ///
    /// # Errors
    /// What is wrong with it, for the page.
    pub fn checked(self, text: &str) -> Result<PrivateText, WriteProblem> {
        let text = text.trim();
        if text.is_empty() {
            return if self.is_optional() { Ok(PrivateText::default()) } else { Err(WriteProblem::TooShort) };
        }
        let good = |text: &str| Ok(PrivateText::from(text.to_owned()));
        match self {
            Field::RepresentedNumber => number(text),
            Field::Telephone => telephone(text).ok_or(WriteProblem::NotATelephone),
            Field::Email if !is_email(text) => Err(WriteProblem::NotAnEmail),
            Field::PostalAddress if postal_address(text).is_none() => Err(WriteProblem::NotAnAddress),
            Field::RepresentedName
            | Field::RepresentedSurnames
            | Field::Facts
            | Field::Request
            | Field::PostalAddress
            | Field::Email
            | Field::AttachmentName => good(text),
        }
    }
}

/// A person's number, or a company's: for either one may act.
fn number(text: &str) -> Result<PrivateText, WriteProblem> {
    match Nif::typed(text) {
        Ok(typed) => Ok(typed.nif.as_str().to_owned().into()),
        Err(NifError::Company) => {
            let plain = text.chars().filter(|character| character.is_ascii_alphanumeric());
            Ok(plain.map(|character| character.to_ascii_uppercase()).collect::<String>().into())
        }
        Err(NifError::WrongLetter) => Err(WriteProblem::NumberLetter),
        Err(NifError::Empty | NifError::Form | NifError::LetterMissing | NifError::NotNie) => {
            Err(WriteProblem::NumberForm)
        }
    }
}

/// Nine to fifteen digits, perhaps after a plus sign (ITU-T E.164); separators are left out.
pub fn telephone(text: &str) -> Option<PrivateText> {
    let plain: String =
        text.chars().filter(|character| !matches!(character, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    let good = (9..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| plain.into())
}

/// Street, postal code and town, as they stand on an envelope; `None` where one of them is not found.
pub fn postal_address(text: &str) -> Option<PostalAddress> {
    let is_code = |word: &&str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    let words = text.split(|character: char| character.is_whitespace() || ",;".contains(character));
    // A house number may have five digits, too: the code is the last one.
    let code = words.rev().find(is_code)?;
    let (street, town) = text.rsplit_once(code)?;
    let plain = |part: &str| {
        let joined = part.split_whitespace().collect::<Vec<_>>().join(" ");
        PrivateText::from(joined.trim_matches(|character: char| ",;- ".contains(character)).to_owned())
    };
    let (street, town) = (plain(street), plain(town));
    let whole = !street.as_str().is_empty() && !town.as_str().is_empty();
    whole.then(|| PostalAddress { street, postal_code: code.to_owned().into(), town })
}

/// One part, an at sign, and a name with a dot in it: what the sede finds out is more.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str, extra: &str| {
        !part.is_empty()
            && part.chars().all(|character| character.is_ascii_alphanumeric() || extra.contains(character))
    };
    let labels = domain.split('.').filter(|label| plain(label, "-")).count();
    plain(local, ".!#$%&'*+/=?^_`{|}~-") && labels >= 2 && labels == domain.split('.').count()
}
