//! The bodies of the contract (`firmware/sede-api.yaml`) on petitions, and the limits of what a kiosk sends.
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::citizen_wire::{Language, Refusal, Translated, decoded, is_der, is_session};
use crate::wire::{Limited, first, is_id, is_operation, is_plain};

/// Attachments of a petition.
pub(crate) const ATTACHMENTS_MAX: usize = 20;

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum PetitionOptions {
    Offered { bodies: Vec<PublicBody>, known: Known, consent: Consent },
    Refused(Refusal),
}

/// `PublicBody` of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicBody {
    /// Its code in the common directory.
    pub dir3: String,
    /// Its name.
    pub name: Translated,
}

#[derive(Debug, Serialize)]
pub(crate) struct Known {
    pub electronic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Consent {
    pub version: &'static str,
    pub text: Translated,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Petition {
    pub session: String,
    pub request: String,
    pub language: Language,
    pub body: String,
    #[serde(default)]
    pub represented: Option<Represented>,
    pub notifications: Notifications,
    pub alert: Alert,
    pub facts: String,
    pub asks: String,
    pub attachments: Vec<Attachment>,
    pub clock_sure: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Represented {
    pub document: PersonDocument,
    pub name: String,
    #[serde(default)]
    pub surnames: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PersonDocument {
    pub kind: String,
    pub number: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "channel", rename_all = "kebab-case")]
pub(crate) enum Notifications {
    Electronic,
    Postal {
        #[serde(default)]
        address: Option<PostalAddress>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PostalAddress {
    pub street: String,
    pub postal_code: String,
    pub town: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Alert {
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attachment {
    pub name: String,
    pub media_type: String,
    pub pages: u32,
    pub bytes: usize,
    pub sha256: String,
    pub captured_at: Timestamp,
    pub origin: String,
    pub state: String,
    pub document_type: String,
}

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum DraftAnswer {
    Accepted { draft: String, part_bytes: usize },
    Refused(Refusal),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Discard {
    pub session: String,
    pub draft: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Registration {
    pub session: String,
    pub request: String,
    pub draft: String,
    pub will: Will,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "means", rename_all = "kebab-case")]
pub(crate) enum Will {
    Consent {
        version: String,
        language: Language,
    },
    Signature {
        certificate: String,
        chain: Vec<String>,
        signature: String,
        #[serde(default)]
        revocation: Option<String>,
    },
}

#[derive(Debug, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum RegistrationAnswer {
    Registered {
        number: String,
        registered_at: Timestamp,
        effective_on: Date,
        body: PublicBody,
        heading: String,
        csv: String,
        verification_url: String,
        text_sha256: String,
        attachments: Vec<RegisteredAttachment>,
    },
    Refused(Refusal),
}

#[derive(Debug, Serialize)]
pub(crate) struct RegisteredAttachment {
    pub name: String,
    pub pages: u32,
    pub bytes: usize,
    pub sha256: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct PetitionEntry<'a> {
    pub number: &'a str,
    pub registered_at: Timestamp,
}

impl Limited for Petition {
    fn outside(&self) -> Option<&'static str> {
        let total: usize = self.attachments.iter().map(|it| it.bytes).fold(0, usize::saturating_add);
        let names: BTreeSet<&str> = self.attachments.iter().map(|it| it.name.as_str()).collect();
        first(&[
            ("session", is_session(&self.session)),
            ("request", is_operation(&self.request)),
            ("body", is_dir3(&self.body)),
            ("represented", self.represented.as_ref().is_none_or(Represented::fits)),
            ("notifications", self.notifications.fits()),
            ("alert", self.alert.fits()),
            ("facts", is_prose(&self.facts)),
            ("asks", is_prose(&self.asks)),
            ("attachments", self.attachments.len() <= ATTACHMENTS_MAX && total <= 50_000_000),
            ("name", names.len() == self.attachments.len()),
        ])
        .or_else(|| self.attachments.iter().find_map(Attachment::outside))
    }
}

impl Represented {
    fn fits(&self) -> bool {
        let number = self.document.number.as_str();
        let good = match self.document.kind.as_str() {
            "nif" => has_letter(number) && !number.starts_with(['X', 'Y', 'Z']),
            "nie" => has_letter(number) && number.starts_with(['X', 'Y', 'Z']),
            "cif" => has_control(number),
            "passport" => (5..=20).contains(&number.len()),
            "other" => (3..=20).contains(&number.len()),
            _ => false,
        };
        good && number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && is_text(&self.name, 1, 120)
            && match &self.surnames {
                Some(surnames) => self.document.kind != "cif" && is_text(surnames, 1, 120),
                None => self.document.kind == "cif",
            }
    }
}

impl Notifications {
    fn fits(&self) -> bool {
        match self {
            Notifications::Electronic | Notifications::Postal { address: None } => true,
            Notifications::Postal { address: Some(it) } => {
                is_text(&it.street, 1, 160)
                    && it.postal_code.len() == 5
                    && it.postal_code.bytes().all(|b| b.is_ascii_digit())
                    && is_text(&it.town, 1, 80)
            }
        }
    }
}

impl Alert {
    fn fits(&self) -> bool {
        let email = |it: &String| {
            let (name, domain) = it.split_once('@').unwrap_or_default();
            let label =
                |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            it.len() <= 120
                && (1..=64).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_graphic())
                && domain.contains('.')
                && domain.split('.').all(label)
        };
        self.email.as_ref().is_none_or(email) && self.phone.as_deref().is_none_or(is_phone)
    }
}

impl Attachment {
    fn outside(&self) -> Option<&'static str> {
        let reserved = |c: char| "/\\:*?\"<>|".contains(c);
        first(&[
            (
                "name",
                is_text(&self.name, 1, 80) && !self.name.starts_with('.') && !self.name.contains(reserved),
            ),
            (
                "media_type",
                ["application/pdf", "image/jpeg", "image/png"].contains(&self.media_type.as_str()),
            ),
            ("pages", (1..=999).contains(&self.pages)),
            ("bytes", (1..=20_000_000).contains(&self.bytes)),
            (
                "sha256",
                self.sha256.len() == 64
                    && self.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
            ),
            ("origin", self.origin == "citizen"),
            ("state", ["EE01", "EE99"].contains(&self.state.as_str())),
            ("document_type", ["TD09", "TD11", "TD14", "TD99"].contains(&self.document_type.as_str())),
        ])
    }
}

impl Limited for Discard {
    fn outside(&self) -> Option<&'static str> {
        first(&[("session", is_session(&self.session)), ("draft", is_draft(&self.draft))])
    }
}

impl Limited for Registration {
    fn outside(&self) -> Option<&'static str> {
        first(&[
            ("session", is_session(&self.session)),
            ("request", is_operation(&self.request)),
            ("draft", is_draft(&self.draft)),
        ])
        .or_else(|| match &self.will {
            Will::Consent { version, .. } => first(&[("version", is_id(version, 64))]),
            Will::Signature { certificate, chain, signature, revocation } => first(&[
                ("certificate", is_der(certificate)),
                ("chain", chain.len() <= 4 && chain.iter().all(|it| is_der(it))),
                ("signature", decoded(signature).is_some_and(|it| (1..=512).contains(&it.len()))),
                ("revocation", revocation.as_deref().is_none_or(is_der)),
            ]),
        })
    }
}

pub(crate) fn is_draft(text: &str) -> bool {
    text.len() >= 22 && is_id(text, 64)
}

fn is_dir3(text: &str) -> bool {
    text.len() == 9
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

pub(crate) fn is_text(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.chars().count()) && text.chars().all(is_plain)
}

fn is_prose(text: &str) -> bool {
    is_text(&text.replace('\n', " "), 1, 4000)
}

pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (9..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A DNI, NIE or NIF whose letter is right (Real Decreto 1065/2007).
pub(crate) fn has_letter(text: &str) -> bool {
    let [start, digits @ .., letter] = text.as_bytes() else { return false };
    if text.len() != 9 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let start = match start {
        b'0'..=b'9' => u32::from(start - b'0'),
        b'X' | b'K' | b'L' | b'M' => 0,
        b'Y' => 1,
        b'Z' => 2,
        _ => return false,
    };
    let value = digits.iter().fold(start, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    b"TRWAGMYFPDXBNJZSQVHLCKE"[value as usize % 23] == *letter
}

/// A company's number whose control is right (Orden EHA/451/2008).
fn has_control(text: &str) -> bool {
    let [kind, digits @ .., control] = text.as_bytes() else { return false };
    if text.len() != 9 || !digits.iter().all(u8::is_ascii_digit) || !b"ABCDEFGHJNPQRSUVW".contains(kind) {
        return false;
    }
    let digit = |at: usize| u32::from(digits[at] - b'0');
    let even = digit(1) + digit(3) + digit(5);
    let odd: u32 = [0, 2, 4, 6].iter().map(|at| digit(*at) * 2).map(|twice| twice / 10 + twice % 10).sum();
    let value = (10 - (even + odd) % 10) % 10;
    let letter = b"JABCDEFGHI"[value as usize];
    let figure = b"0123456789"[value as usize];
    match kind {
        b'A' | b'B' | b'E' | b'H' => *control == figure,
        b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => *control == letter,
        _ => *control == figure || *control == letter,
    }
}
