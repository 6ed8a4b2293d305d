//! What scenarios and the panel see of the registry.
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An entry in the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetitionRecord {
    /// Number of the entry.
    pub number: String,
    /// The kiosk's number.
    pub request: String,
    /// Who presented it.
    pub holder: String,
    /// For whom, if for somebody else.
    pub represented: Option<String>,
    /// To whom, by DIR3 code.
    pub body: String,
    /// Facts.
    pub facts: String,
    /// What is asked for.
    pub asks: String,
    /// `electronic` or `postal`.
    pub notified: String,
    /// `signature`, or `consent` and its version.
    pub will: String,
    /// Código seguro de verificación.
    pub csv: String,
    /// Of the text, in hexadecimal digits.
    pub text_sha256: String,
    /// Official date and time.
    pub registered_at: Timestamp,
    /// The day on which terms begin.
    pub effective_on: Date,
    /// Its attachments.
    pub files: Vec<FileRecord>,
}

/// An attachment, as it lies in the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// File name.
    pub name: String,
    /// Its format.
    pub media_type: String,
    /// Pages.
    pub pages: u32,
    /// Length.
    pub bytes: usize,
    /// SHA-256 of what came, in hexadecimal digits.
    pub sha256: String,
}
