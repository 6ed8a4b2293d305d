//! The values of a petition (instancia genérica; Ley 39/2015, article 66) that cross between kiosk and sede.
//!
//! A petition is opened as a draft, its attachments are uploaded part by part, and then it is registered by the
//! citizen's consent or signature. A draft lives in its session only: what is not registered leaves nothing behind.
//! What the citizen wrote, and what opens it, is held in types that are wiped and that `Debug` does not show.
use jiff::Timestamp;
use jiff::civil::Date;
use private::PrivateText;
use serde::{Deserialize, Serialize};

use super::citizen::{hex, sha256};
use super::{Base64, LanguageCode, OperationId, Refusal, Translated};

/// What a petition may hold, by the catalogue; the kiosk's own limits may be lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PetitionLimits {
    /// Attachments at most; 20 is the most of all.
    pub attachments: u8,
    /// Bytes of one attachment; 20,000,000 is the most of all.
    pub attachment_bytes: u32,
    /// Bytes of all attachments together; 50,000,000 is the most of all.
    pub total_bytes: u32,
    /// Characters of the facts; 4000 is the most of all.
    pub facts: u16,
    /// Characters of what is asked for; 4000 is the most of all.
    pub asks: u16,
}

impl Default for PetitionLimits {
    /// What registries exchange among each other (SICRES 3); a megabyte is a million bytes, which fits either reading.
    fn default() -> PetitionLimits {
        PetitionLimits {
            attachments: 5,
            attachment_bytes: 10_000_000,
            total_bytes: 15_000_000,
            facts: 4000,
            asks: 4000,
        }
    }
}

/// Whether the citizen can present a petition, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum PetitionOptionsAnswer {
    /// Yes.
    Offered(PetitionOptions),
    /// No: a pseudonym cannot, for example.
    Refused(Refusal),
}

/// What a petition of this citizen can be made of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PetitionOptions {
    /// To whom it can be addressed, in the sede's order; one at least.
    pub bodies: Vec<PublicBody>,
    /// What the sede knows for notifications.
    pub known: KnownContact,
    /// What the citizen agrees to who registers without a signature of the card.
    pub consent: ConsentText,
}

/// A public body, by its code in the common directory (DIR3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicBody {
    /// Nine capitals and digits: `L01030149`.
    pub dir3: String,
    /// Its name.
    pub name: Translated,
}

/// What the sede knows for notifications: masked, and only what the citizen has proved to own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct KnownContact {
    /// There is an electronic address at the sede that notifications can go to.
    pub electronic: bool,
    /// `v*****@e*****.example`.
    #[serde(default)]
    pub email: Option<PrivateText>,
    /// `*** *** *12`.
    #[serde(default)]
    pub phone: Option<PrivateText>,
    /// `C/ M****, *, Villa de Prueba`.
    #[serde(default)]
    pub address: Option<PrivateText>,
}

/// The text that a citizen agrees to instead of signing with the card. It is shown whole, and the sede seals its
/// version and language with the petition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ConsentText {
    /// Changes with any word of the text.
    pub version: String,
    /// The text, 1000 characters at most.
    pub text: Translated,
}

/// A petition that is to be opened. The session's holder presents it, for themselves or for somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Petition {
    /// The session's number.
    pub session: PrivateText,
    /// The kiosk's own number of this petition: the idempotency key of opening and of registering it.
    pub request: OperationId,
    /// Language of the receipt and of what the town hall writes.
    pub language: LanguageCode,
    /// To whom, by DIR3 code.
    pub body: String,
    /// For whom the session's holder acts; nobody else where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub represented: Option<Represented>,
    /// How the town hall notifies.
    pub notifications: Notifications,
    /// Where it says that there is a notification.
    pub alert: Alert,
    /// Facts and reasons; lines end with a line feed. At most as long as the catalogue says.
    pub facts: PrivateText,
    /// What is asked for; likewise.
    pub asks: PrivateText,
    /// Documents that go with it, in order: they are numbered from 1.
    pub attachments: Vec<Attachment>,
    /// The kiosk was sure of its clock when the documents were captured.
    pub clock_sure: bool,
}

/// Somebody for whom the session's holder acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Represented {
    /// By what the person or organisation is known.
    pub document: PersonDocument,
    /// Given name, or the name of an organisation.
    pub name: PrivateText,
    /// Of a person; an organisation has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surnames: Option<PrivateText>,
}

/// An identity document of somebody who is not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonDocument {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number, in capitals and without separators.
    pub number: PrivateText,
}

/// Kinds of identity documents, as registries exchange them (SICRES).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// DNI, or NIF of a person without one (SICRES `N`).
    Nif,
    /// Of a foreigner (`E`).
    Nie,
    /// Of an organisation (`C`).
    Cif,
    /// Passport (`P`).
    Passport,
    /// Another (`X`).
    Other,
}

/// How the town hall notifies (Ley 39/2015, articles 41 to 43).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "channel", rename_all = "kebab-case")]
pub enum Notifications {
    /// At the sede.
    Electronic,
    /// On paper.
    Postal {
        /// Where to; the one that the sede knows where it is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<PostalAddress>,
    },
}

/// A postal address in Spain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostalAddress {
    /// Street, number, floor, door.
    pub street: PrivateText,
    /// Five digits.
    pub postal_code: PrivateText,
    /// Town.
    pub town: PrivateText,
}

/// Where the town hall says that a notification waits. What is none stays as the sede knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<PrivateText>,
    /// Nine to fifteen digits, perhaps after a plus sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<PrivateText>,
}

/// A document that goes with a petition, as it is announced, with its metadata (NTI de documento electrónico).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// File name, at most 80 characters; no two of a petition are the same.
    pub name: PrivateText,
    /// Its format.
    pub media_type: MediaType,
    /// Its pages, 1 to 999.
    pub pages: u16,
    /// Its length.
    pub bytes: u32,
    /// SHA-256 of all of it.
    #[serde(serialize_with = "hex")]
    pub sha256: [u8; 32],
    /// When it was captured, by the kiosk's clock.
    pub captured_at: Timestamp,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is an original or a copy.
    pub state: DocumentState,
    /// What it is.
    pub document_type: DocumentType,
}

/// Formats of attachments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaType {
    /// PDF/A.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
}

/// NTI `Origen`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// NTI 0: from the citizen. A kiosk knows no other.
    Citizen,
}

/// NTI `Estado de elaboración`. An authentic copy needs an official, so a kiosk makes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentState {
    /// An electronic original.
    #[serde(rename = "EE01")]
    Original,
    /// A simple copy: all that is scanned here.
    #[serde(rename = "EE99")]
    Other,
}

/// NTI `Tipo documental`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentType {
    /// A receipt.
    #[serde(rename = "TD09")]
    Receipt,
    /// A certificate.
    #[serde(rename = "TD11")]
    Certificate,
    /// A request.
    #[serde(rename = "TD14")]
    Request,
    /// Anything else.
    #[serde(rename = "TD99")]
    Other,
}

/// The sede's answer to a petition that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum DraftAnswer {
    /// Its attachments may be uploaded, and then it may be registered.
    Accepted(Draft),
    /// It cannot be presented like this.
    Refused(Refusal),
}

/// An open draft. Its number opens this upload and nothing else, for this kiosk, while the session lasts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Draft {
    /// Its number, which nobody can guess.
    pub draft: PrivateText,
    /// Bytes of a part at most, 1024 to 524,288. A slow line is served with less.
    pub part_bytes: u32,
}

/// A part of an attachment on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentPart<'a> {
    /// The attachment, from 1.
    pub number: u8,
    /// Length of the whole attachment.
    pub whole: u32,
    /// Where the part begins.
    pub offset: u32,
    /// The part.
    pub bytes: &'a [u8],
}

/// How much of an attachment the sede has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// So many bytes, from the beginning.
    pub offset: u32,
    /// All of it, and its SHA-256 is the announced one.
    pub complete: bool,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartAnswer {
    /// The sede has it, now or since before.
    Stored(Uploaded),
    /// The sede goes on at another byte: the next part begins there.
    OtherOffset(u32),
    /// It was damaged on the way and not stored: to be sent again.
    Damaged,
    /// With this part the attachment is whole, and it is not the announced one: it begins again at byte 0.
    AnotherDocument,
}

/// By what a petition becomes the citizen's act (Ley 39/2015, articles 10 and 11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "means", rename_all = "kebab-case")]
pub enum Will {
    /// The citizen has seen the text of the petition and the consent, and has agreed. The sede seals that.
    Consent {
        /// Version of the consent.
        version: String,
        /// Language in which it was read.
        language: LanguageCode,
    },
    /// The card has signed the statement of [`Petition::statement`] with its certificate for signatures.
    Signature {
        /// The certificate, DER: `contentCommitment` in its key usage.
        certificate: Base64,
        /// The authorities above it that the card holds, the issuer first; four at most.
        chain: Vec<Base64>,
        /// The card's signature, RSASSA-PKCS1-v1_5 with SHA-256.
        signature: Base64,
        /// The OCSP response that was verified here, if there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        revocation: Option<Base64>,
    },
}

/// The sede's answer to a registration. Either is final for the petition's number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum RegistrationAnswer {
    /// It is in the registry.
    Registered(RegisteredPetition),
    /// It is not, and its draft is over.
    Refused(Refusal),
}

/// The entry in the registry, as the receipt shows it (Ley 39/2015, article 16.3).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RegisteredPetition {
    /// Number of the entry.
    pub number: String,
    /// Date and time of presentation, by the sede's official clock.
    pub registered_at: Timestamp,
    /// The day on which terms begin: a working one, at its first hour if it is not the day of presentation.
    pub effective_on: Date,
    /// To whom it is addressed.
    pub body: PublicBody,
    /// Heading that the entry has, at most 240 characters.
    pub heading: PrivateText,
    /// Código seguro de verificación of the receipt: it opens the receipt for anybody.
    pub csv: PrivateText,
    /// Where it is checked.
    pub verification_url: PrivateText,
    /// SHA-256 of the text that was registered, as [`Petition::text_sha256`] computes it.
    #[serde(deserialize_with = "sha256")]
    pub text_sha256: [u8; 32],
    /// What was registered with it.
    pub attachments: Vec<RegisteredAttachment>,
}

/// An attachment, as the receipt shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RegisteredAttachment {
    /// File name.
    pub name: PrivateText,
    /// Pages.
    pub pages: u16,
    /// Length.
    pub bytes: u32,
    /// SHA-256.
    #[serde(deserialize_with = "sha256")]
    pub sha256: [u8; 32],
}

/// What anybody is told who asks whether a petition was registered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PetitionEntry {
    /// Number of the entry.
    pub number: String,
    /// Date and time of presentation, by the sede's official clock.
    pub registered_at: Timestamp,
}

#[derive(Serialize)]
pub(super) struct InDraft<'a> {
    pub session: &'a PrivateText,
    pub draft: &'a PrivateText,
}

#[derive(Serialize)]
pub(super) struct Registration<'a> {
    pub session: &'a PrivateText,
    pub request: &'a OperationId,
    pub draft: &'a PrivateText,
    pub will: &'a Will,
}
