//! The limits of `firmware/sede-api.yaml` on petitions. A fault's text names the field only.
use jiff::SignedDuration;
use private::PrivateText;

use super::check::{Fault, id, is_plain, operation, proof, require, text};
use super::check_citizen::{CHAIN_MAX, SIGNATURE_MAX, der, refusal, session, translated, translated_within};
use super::{
    Alert, Attachment, AttachmentPart, DocumentKind, Draft, DraftAnswer, KnownContact, MadridTime,
    Notifications, Petition, PetitionEntry, PetitionLimits, PetitionOptions, PetitionOptionsAnswer,
    PostalAddress, PublicBody, RegisteredPetition, RegistrationAnswer, Represented, Will,
};
use crate::nif::{self, Kind, Nif};

/// Attachments of a petition.
const ATTACHMENTS_MAX: usize = 20;
/// Bytes of one attachment.
const ATTACHMENT_BYTES_MAX: u32 = 20_000_000;
/// Bytes of all attachments.
const TOTAL_BYTES_MAX: u32 = 50_000_000;
/// Bytes of a part.
const PART_BYTES: std::ops::RangeInclusive<u32> = 1024..=512 * 1024;
/// Characters of facts, and of what is asked for.
const PROSE_MAX: u16 = 4000;
/// No run of days without a working one is longer.
const UNTIL_EFFECTIVE: SignedDuration = SignedDuration::from_hours(31 * 24);

pub(super) fn limits(it: &PetitionLimits) -> Result<(), Fault> {
    require(usize::from(it.attachments) <= ATTACHMENTS_MAX, "attachments")?;
    require((1..=ATTACHMENT_BYTES_MAX).contains(&it.attachment_bytes), "attachment_bytes")?;
    require((1..=TOTAL_BYTES_MAX).contains(&it.total_bytes), "total_bytes")?;
    require((1..=PROSE_MAX).contains(&it.facts), "facts")?;
    require((1..=PROSE_MAX).contains(&it.asks), "asks")
}

pub(super) fn options(it: &PetitionOptionsAnswer) -> Result<(), Fault> {
    match it {
        PetitionOptionsAnswer::Offered(PetitionOptions { bodies, known: contact, consent }) => {
            require((1..=32).contains(&bodies.len()), "bodies")?;
            bodies.iter().try_for_each(body)?;
            known(contact)?;
            id("version", &consent.version)?;
            translated_within("consent", &consent.text, 600)
        }
        PetitionOptionsAnswer::Refused(why) => refusal(why),
    }
}

fn body(it: &PublicBody) -> Result<(), Fault> {
    dir3(&it.dir3)?;
    translated("name", &it.name)
}

fn dir3(it: &str) -> Result<(), Fault> {
    let bytes = it.as_bytes();
    require(
        bytes.len() == 9
            && bytes.first().is_some_and(u8::is_ascii_uppercase)
            && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
        "dir3",
    )
}

fn known(it: &KnownContact) -> Result<(), Fault> {
    for (field, masked) in [("email", &it.email), ("phone", &it.phone), ("address", &it.address)] {
        let Some(masked) = masked else { continue };
        text(field, masked.as_str(), 1, 160)?;
        // What is not masked is not for a screen in a public place.
        require(masked.as_str().contains('*'), field)?;
    }
    Ok(())
}

pub(super) fn petition(it: &Petition) -> Result<(), Fault> {
    session(&it.session)?;
    operation(&it.request)?;
    dir3(&it.body)?;
    it.represented.as_ref().map_or(Ok(()), represented)?;
    match &it.notifications {
        Notifications::Electronic | Notifications::Postal { address: None } => {}
        Notifications::Postal { address: Some(to) } => address(to)?,
    }
    alert(&it.alert)?;
    prose("facts", &it.facts)?;
    prose("asks", &it.asks)?;
    require(it.attachments.len() <= ATTACHMENTS_MAX, "attachments")?;
    it.attachments.iter().try_for_each(attachment)?;
    let total: u64 = it.attachments.iter().map(|one| u64::from(one.bytes)).sum();
    require(total <= u64::from(TOTAL_BYTES_MAX), "bytes")?;
    let names = it.attachments.iter().map(|one| one.name.as_str()).collect::<std::collections::BTreeSet<_>>();
    require(names.len() == it.attachments.len(), "name")
}

fn represented(it: &Represented) -> Result<(), Fault> {
    let number = it.document.number.as_str();
    let nif = || Nif::certified(number).ok().filter(|nif| nif.as_str() == number).map(|nif| nif.kind());
    let within = |least, most| {
        (least..=most).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let fits = match it.document.kind {
        DocumentKind::Nif => matches!(nif(), Some(Kind::Dni | Kind::OtherNif)),
        DocumentKind::Nie => nif() == Some(Kind::Nie),
        DocumentKind::Cif => nif::is_company_number(number),
        DocumentKind::Passport => within(5, 20),
        DocumentKind::Other => within(3, 20),
    };
    require(fits, "number")?;
    text("name", it.name.as_str(), 1, 120)?;
    // An organisation has one name, a person has surnames.
    require((it.document.kind == DocumentKind::Cif) == it.surnames.is_none(), "surnames")?;
    it.surnames.as_ref().map_or(Ok(()), |surnames| text("surnames", surnames.as_str(), 1, 120))
}

fn address(it: &PostalAddress) -> Result<(), Fault> {
    text("street", it.street.as_str(), 1, 160)?;
    let code = it.postal_code.as_str();
    require(code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit()), "postal_code")?;
    text("town", it.town.as_str(), 1, 80)
}

fn alert(it: &Alert) -> Result<(), Fault> {
    require(it.email.as_ref().is_none_or(|email| is_email(email.as_str())), "email")?;
    require(it.phone.as_ref().is_none_or(is_phone), "phone")
}

/// The part of RFC 5321 that addresses of people have.
fn is_email(it: &str) -> bool {
    let Some((name, domain)) = it.rsplit_once('@') else { return false };
    it.len() <= 120
        && (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_graphic() && b != b'@')
        && domain.split('.').count() >= 2
        && domain
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

pub(super) fn is_phone(it: &PrivateText) -> bool {
    let digits = it.as_str().strip_prefix('+').unwrap_or(it.as_str());
    (9..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Text of several lines.
fn prose(field: &str, it: &PrivateText) -> Result<(), Fault> {
    let (it, most) = (it.as_str(), usize::from(PROSE_MAX));
    require(it.len() <= most.saturating_mul(4), field)?;
    require(
        (1..=most).contains(&it.chars().count())
            && it.chars().all(|c| is_plain(c) || c == '\n')
            && !it.trim().is_empty(),
        field,
    )
}

fn attachment(it: &Attachment) -> Result<(), Fault> {
    file_name(&it.name)?;
    require((1..=999).contains(&it.pages), "pages")?;
    require((1..=ATTACHMENT_BYTES_MAX).contains(&it.bytes), "bytes")
}

/// A name that every file system and every registry takes.
fn file_name(it: &PrivateText) -> Result<(), Fault> {
    let it = it.as_str();
    text("name", it, 1, 80)?;
    let reserved = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
    require(!it.starts_with('.') && !it.contains(reserved), "name")
}

pub(super) fn draft_answer(it: &DraftAnswer) -> Result<(), Fault> {
    match it {
        DraftAnswer::Accepted(it) => draft(it),
        DraftAnswer::Refused(why) => refusal(why),
    }
}

pub(super) fn draft(it: &Draft) -> Result<(), Fault> {
    // It stands in a path.
    require(it.draft.as_str().len() >= 22, "draft")?;
    id("draft", it.draft.as_str())?;
    require(PART_BYTES.contains(&it.part_bytes), "part_bytes")
}

pub(super) fn number(it: u8) -> Result<(), Fault> {
    require((1..=ATTACHMENTS_MAX).contains(&usize::from(it)), "attachment")
}

pub(super) fn part(of: &Draft, it: &AttachmentPart<'_>) -> Result<(), Fault> {
    draft(of)?;
    number(it.number)?;
    require((1..=ATTACHMENT_BYTES_MAX).contains(&it.whole), "bytes")?;
    let length = u32::try_from(it.bytes.len()).map_err(|_| "part")?;
    require((1..=of.part_bytes).contains(&length), "part")?;
    require(it.offset.checked_add(length).is_some_and(|end| end <= it.whole), "offset")
}

pub(super) fn will(it: &Will) -> Result<(), Fault> {
    match it {
        Will::Consent { version, language: _ } => id("version", version),
        Will::Signature { certificate, chain, signature, revocation } => {
            der("certificate", certificate.0.as_slice())?;
            require(chain.len() <= CHAIN_MAX, "chain")?;
            chain.iter().try_for_each(|one| der("chain", one.0.as_slice()))?;
            require((1..=SIGNATURE_MAX).contains(&signature.0.as_slice().len()), "signature")?;
            revocation.as_ref().map_or(Ok(()), |it| der("revocation", it.0.as_slice()))
        }
    }
}

/// What was registered is what was presented: a receipt for another text or document is none.
pub(super) fn registration(of: &Petition, it: &RegistrationAnswer) -> Result<(), Fault> {
    let it = match it {
        RegistrationAnswer::Registered(it) => it,
        RegistrationAnswer::Refused(why) => return refusal(why),
    };
    registered(it)?;
    require(it.body.dir3 == of.body, "dir3")?;
    require(it.text_sha256 == of.text_sha256(), "text_sha256")?;
    require(it.attachments.len() == of.attachments.len(), "attachments")?;
    let same = it.attachments.iter().zip(&of.attachments).all(|(it, of)| {
        it.name == of.name && it.pages == of.pages && it.bytes == of.bytes && it.sha256 == of.sha256
    });
    require(same, "attachments")
}

fn registered(it: &RegisteredPetition) -> Result<(), Fault> {
    text("number", &it.number, 1, 40)?;
    let effective = it.registered_at.checked_add(UNTIL_EFFECTIVE).map_err(|_| "registered_at")?;
    let days = MadridTime::of(it.registered_at).day()..=MadridTime::of(effective).day();
    require(days.contains(&it.effective_on), "effective_on")?;
    body(&it.body)?;
    text("heading", it.heading.as_str(), 1, 240)?;
    proof(it.csv.as_str(), it.verification_url.as_str())
}

pub(super) fn entry(it: &PetitionEntry) -> Result<(), Fault> {
    text("number", &it.number, 1, 40)
}
