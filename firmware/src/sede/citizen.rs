//! The values of identification and certificates that cross between kiosk and sede.
//!
//! What is about a person is held in types that are wiped when they are dropped and that `Debug` does not show. A
//! session's number is one of them: it opens the citizen's data.
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use private::{PrivateBytes, PrivateText};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::OperationId;
use crate::nif::Nif;

/// Language of a document or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LanguageCode {
    /// Castilian.
    Es,
    /// Valencian or Catalan.
    Ca,
    /// English.
    En,
}

/// The same text in each language of the kiosk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translated {
    /// Castilian.
    pub es: String,
    /// Valencian or Catalan.
    pub ca: String,
    /// English.
    pub en: String,
}

impl Translated {
    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: LanguageCode) -> &str {
        match language {
            LanguageCode::Es => &self.es,
            LanguageCode::Ca => &self.ca,
            LanguageCode::En => &self.en,
        }
    }
}

/// 32 bytes that nobody can foresee: the sede's challenge, or the kiosk's nonce.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge(pub [u8; 32]);

/// A session that is open, and that nobody has entered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// Its number.
    pub session: PrivateText,
    /// The sede's part of what the card signs.
    pub challenge: Challenge,
    /// Until when somebody may enter.
    pub expires_at: Timestamp,
}

/// How a citizen enters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "means", rename_all = "kebab-case")]
pub enum Entry {
    /// With a certificate that has signed the statement of [`crate::identity::statement`].
    Certificate {
        /// The session's number.
        session: PrivateText,
        /// The authentication certificate, DER.
        certificate: Base64,
        /// The authorities above it that the card holds, the issuer first; four at most.
        chain: Vec<Base64>,
        /// The kiosk's part of what was signed.
        kiosk_nonce: Challenge,
        /// The card's signature.
        signature: Base64,
        /// The OCSP response that was verified here, if there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        revocation: Option<Base64>,
    },
    /// With a number that the card holds, and that proves nothing.
    Record {
        /// The session's number.
        session: PrivateText,
        /// Which kind of card it is, by its profile.
        profile: String,
        /// The number.
        number: PrivateText,
    },
}

/// Bytes that go as base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base64(pub PrivateBytes);

/// What the identified citizen may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Everything that is offered.
    Certificate,
    /// Consult, and never act.
    Pseudonym,
}

/// The sede's answer to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum EntryAnswer {
    /// The citizen is known.
    Identified {
        /// What may be done.
        level: Level,
        /// For the greeting.
        name: PrivateText,
        /// DNI or NIE; none for a pseudonym.
        #[serde(default, deserialize_with = "nif")]
        number: Option<Nif>,
    },
    /// Nobody is known, and the session is over.
    Refused {
        /// Stable code: `revoked`, `expired`, `not-registered`, …
        code: String,
    },
}

/// What the sede passes on from an authority's revocation service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationAnswer {
    /// OCSPResponse, not looked at.
    Response(Vec<u8>),
    /// The service does not answer the sede, which itself answers.
    ResponderUnavailable,
}

/// What the citizen can have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Offers {
    /// In the sede's order.
    pub offers: Vec<Offer>,
    /// Why the list is empty, if the sede says it.
    #[serde(default)]
    pub nothing: Option<Refusal>,
}

/// A kind of document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Offer {
    /// Stable word; the list is open.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name.
    pub title: Translated,
    /// Whether it proves or informs.
    pub legal_value: LegalValue,
    /// Of whom it speaks.
    pub scope: Scope,
    /// In which languages it can be issued.
    pub languages: Vec<LanguageCode>,
    /// How it would be issued now.
    pub issue: Issue,
}

/// What a document is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegalValue {
    /// A public document (Ley 7/1985, article 16.1).
    Authoritative,
    /// A note.
    Informative,
}

/// Of whom a document speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// One person.
    Individual,
    /// Everybody in the dwelling.
    Collective,
}

/// How a document would be issued.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Issue {
    /// Now.
    AtOnce,
    /// Now, and only those are on it who have agreed: to be said before it is printed.
    ConsentingOnly {
        /// People on it.
        shown: u8,
        /// People in the dwelling.
        registered: u8,
    },
    /// By a person.
    Queued {
        /// In about so many working days.
        working_days: u16,
    },
    /// Not.
    Refused(Refusal),
}

/// Why not, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// Why.
    pub text: Translated,
    /// What the citizen can do.
    pub next: Translated,
}

/// An order for a document; repeated with the same number it gives the same document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateRequest {
    /// The session's number.
    pub session: PrivateText,
    /// The kiosk's own number of this request.
    pub request: OperationId,
    /// The offer's word.
    #[serde(rename = "type")]
    pub kind: String,
    /// Language of the document.
    pub language: LanguageCode,
}

/// The sede's answer to the order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum CertificateAnswer {
    /// The document is made, sealed and archived.
    Issued(IssuedCertificate),
    /// A person will make it.
    Queued {
        /// Of the file that was opened.
        reference: String,
        /// In about so many working days.
        working_days: u16,
    },
    /// It is not made.
    Refused(Refusal),
}

/// A document that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCertificate {
    /// The sede's number; it says nothing of the citizen.
    pub certificate: String,
    /// SHA-256 of the document.
    #[serde(serialize_with = "hex", deserialize_with = "sha256")]
    pub sha256: [u8; 32],
    /// Its length.
    pub bytes: u32,
    /// Its pages.
    pub pages: u16,
    /// When it was made.
    pub issued_at: Timestamp,
}

/// A number beside a session.
#[derive(Serialize)]
pub(super) struct InSession<'a> {
    pub session: &'a PrivateText,
}

#[derive(Serialize)]
pub(super) struct DocumentRequest<'a> {
    pub session: &'a PrivateText,
    pub certificate: &'a str,
}

#[derive(Serialize)]
pub(super) struct RevocationRequest {
    pub request: Base64,
}

#[derive(Deserialize)]
pub(super) struct RevocationResponse {
    pub response: Base64,
}

impl Base64 {
    /// Bytes that are to be sent.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Base64 {
        Base64(PrivateBytes::from(bytes.to_vec()))
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenge(…)")
    }
}

impl Serialize for Challenge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Challenge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Base64::deserialize(deserializer)?;
        let bytes = <[u8; 32]>::try_from(bytes.0.as_slice());
        bytes.map(Challenge).map_err(|_| serde::de::Error::custom("not 32 bytes"))
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(STANDARD.encode(self.0.as_slice())))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        // The decoder's own text quotes what it read.
        let bytes = STANDARD.decode(text.as_bytes()).map_err(|_| serde::de::Error::custom("not base64"))?;
        Ok(Base64(PrivateBytes::from(bytes)))
    }
}

fn nif<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Nif>, D::Error> {
    let Some(text) = Option::<Zeroizing<String>>::deserialize(deserializer)? else { return Ok(None) };
    let nif = Nif::certified(&text).ok().filter(|nif| nif.as_str() == text.as_str());
    nif.map(Some).ok_or_else(|| serde::de::Error::custom("no DNI or NIE"))
}

pub(super) fn hex<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    serializer.serialize_str(&digits)
}

pub(super) fn sha256<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(deserializer)?;
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes
        .filter(|_| rest.is_empty())
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .ok_or_else(|| serde::de::Error::custom("not 64 hexadecimal digits"))
}
