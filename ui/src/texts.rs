//! The catalogue of texts: screen, speech and paper say the same words.
//!
//! Made by the build script from `lang/*/LC_MESSAGES/ui.po`; a text that lacks a language does not build.
use crate::view::Language;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

impl Text {
    /// The id in the catalogues, such as `menu.heading`.
    #[must_use]
    pub fn id(self) -> &'static str {
        IDS.get(self as usize).copied().unwrap_or_default()
    }
}

/// The words of a text, its placeholders unfilled.
#[must_use]
pub fn text(language: Language, text: Text) -> &'static str {
    let words = match language {
        Language::Spanish => SPANISH,
        Language::Valencian => VALENCIAN,
        Language::English => ENGLISH,
    };
    words.get(text as usize).copied().unwrap_or_default()
}

/// The words of a text with `{name}` replaced by its value; values are not searched again.
#[must_use]
pub fn fill(language: Language, id: Text, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text(language, id);
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The words of a setting that is kept in all languages: Spanish, Valencian, English.
#[must_use]
pub fn of_language(language: Language, words: &[String; 3]) -> &str {
    let [spanish, valencian, english] = words;
    match language {
        Language::Spanish => spanish,
        Language::Valencian => valencian,
        Language::English => english,
    }
}

/// The name of a language in itself.
#[must_use]
pub fn own_name(language: Language) -> &'static str {
    text(language, Text::LanguageOwnName)
}

/// The words by which a citizen is told what he gives up for the reduction of a fine, and those that he confirms.
pub const WAIVER: [Text; 7] = [
    Text::WaiverLead,
    Text::WaiverGivenUpTitle,
    Text::WaiverGivenUpText,
    Text::WaiverThenTitle,
    Text::WaiverThenText,
    Text::WaiverConfirm,
    Text::WaiverConfirmText,
];

/// Version of [`WAIVER`], as it is kept with each payment: other words are another version.
pub const WAIVER_VERSION: u32 = 1;

/// Documents that usually go with a petition, in the order in which they are offered.
const ATTACHMENT_KINDS: [Text; 11] = [
    Text::AttachmentKindIdentity,
    Text::AttachmentKindBill,
    Text::AttachmentKindProofOfPayment,
    Text::AttachmentKindLetter,
    Text::AttachmentKindCertificate,
    Text::AttachmentKindMedical,
    Text::AttachmentKindContract,
    Text::AttachmentKindAuthorisation,
    Text::AttachmentKindPhotograph,
    Text::AttachmentKindPlan,
    Text::AttachmentKindBudget,
];

/// Names of the documents that usually go with a petition, most usual first: entries of the list for
/// [`Question::AttachmentKind`](crate::Question::AttachmentKind), and what the document is called afterwards.
#[must_use]
pub fn attachment_kinds(language: Language) -> [&'static str; 11] {
    ATTACHMENT_KINDS.map(|kind| text(language, kind))
}

/// The last entry of that list: a document of another kind, which the citizen names.
#[must_use]
pub fn attachment_other(language: Language) -> &'static str {
    text(language, Text::AttachmentKindOther)
}

/// How the town hall notifies, as it stands in a petition: at the sede, or on paper to a postal address; an empty
/// one is that which the town hall knows.
#[must_use]
pub fn notification(language: Language, postal: Option<&str>) -> String {
    match postal.map(str::trim) {
        None => text(language, Text::NotificationAtSede).to_owned(),
        Some("") => text(language, Text::NotificationToKnownAddress).to_owned(),
        Some(address) => fill(language, Text::NotificationToAddress, &[("address", address)]),
    }
}

/// The languages, in the order in which they are offered.
pub const LANGUAGES: [Language; 3] = [Language::Spanish, Language::Valencian, Language::English];
