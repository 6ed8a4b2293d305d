//! What a citizen agrees to or signs, byte for byte (`firmware/sede-api.yaml`, petitions), and an attachment in parts.
//!
//! The hash of the text covers everything that was typed and chosen, so that the sede cannot register another text
//! than the one that stood on the screen without the kiosk seeing it. The statement binds that hash, the draft and
//! the hash of each attachment, and says in its first words what it is.
use private::PrivateText;
use sha2::{Digest, Sha256};

use super::{AttachmentPart, DocumentKind, Draft, LanguageCode, Notifications, Petition};

/// The words that the text begins with.
const TEXT: &[u8] = b"ciberkiosco petition text 1";
/// The words that the statement begins with.
const PURPOSE: &[u8] = b"ciberkiosco petition 1";

impl Petition {
    /// SHA-256 of the petition's text: its fields in the contract's order, each with a zero byte behind it, and
    /// nothing for one that is not there. No field can hold a zero byte, so two texts never give the same bytes.
    #[must_use]
    pub fn text_sha256(&self) -> [u8; 32] {
        let represented = self.represented.as_ref();
        let (channel, address) = match &self.notifications {
            Notifications::Electronic => ("electronic", None),
            Notifications::Postal { address } => ("postal", address.as_ref()),
        };
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update(bytes);
            hash.update([0]);
        };
        add(TEXT);
        add(self.request.0.as_bytes());
        add(word(self.language).as_bytes());
        add(self.body.as_bytes());
        add(represented.map_or("", |it| kind(it.document.kind)).as_bytes());
        for text in [
            represented.map(|it| &it.document.number),
            represented.map(|it| &it.name),
            represented.and_then(|it| it.surnames.as_ref()),
        ] {
            add(text.map_or("", PrivateText::as_str).as_bytes());
        }
        add(channel.as_bytes());
        for text in [
            address.map(|it| &it.street),
            address.map(|it| &it.postal_code),
            address.map(|it| &it.town),
            self.alert.email.as_ref(),
            self.alert.phone.as_ref(),
            Some(&self.facts),
            Some(&self.asks),
        ] {
            add(text.map_or("", PrivateText::as_str).as_bytes());
        }
        hash.finalize().into()
    }

    /// The bytes whose SHA-256 the card signs with its certificate for signatures.
    #[must_use]
    pub fn statement(&self, draft: &Draft) -> Vec<u8> {
        let count = u8::try_from(self.attachments.len()).unwrap_or(u8::MAX);
        let mut bytes = [PURPOSE, &[0], draft.draft.as_str().as_bytes(), &[0]].concat();
        bytes.extend_from_slice(&self.text_sha256());
        bytes.push(count);
        for attachment in &self.attachments {
            bytes.extend_from_slice(&attachment.sha256);
        }
        bytes
    }

    /// The hash, for a card that wants nothing else.
    #[must_use]
    pub fn statement_sha256(&self, draft: &Draft) -> [u8; 32] {
        Sha256::digest(self.statement(draft)).into()
    }
}

impl<'a> AttachmentPart<'a> {
    /// The part of `whole` that begins at `offset`, at most `part_bytes` long; `None` when nothing is left, and for a
    /// document longer than any that can be sent.
    #[must_use]
    pub fn next(number: u8, whole: &'a [u8], offset: u32, part_bytes: u32) -> Option<AttachmentPart<'a>> {
        let rest = whole.get(usize::try_from(offset).ok()?..)?;
        let length = rest.len().min(usize::try_from(part_bytes).ok()?);
        let bytes = rest.get(..length).filter(|part| !part.is_empty())?;
        Some(AttachmentPart { number, whole: u32::try_from(whole.len()).ok()?, offset, bytes })
    }

    /// It is the last one.
    #[must_use]
    pub fn is_last(&self) -> bool {
        u32::try_from(self.bytes.len()).ok().and_then(|it| it.checked_add(self.offset)) == Some(self.whole)
    }
}

fn word(language: LanguageCode) -> &'static str {
    match language {
        LanguageCode::Es => "es",
        LanguageCode::Ca => "ca",
        LanguageCode::En => "en",
    }
}

fn kind(it: DocumentKind) -> &'static str {
    match it {
        DocumentKind::Nif => "nif",
        DocumentKind::Nie => "nie",
        DocumentKind::Cif => "cif",
        DocumentKind::Passport => "passport",
        DocumentKind::Other => "other",
    }
}
