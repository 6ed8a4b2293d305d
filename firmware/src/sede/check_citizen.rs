//! The limits of `firmware/sede-api.yaml` on sessions and certificates. A fault's text names the field only.
use private::PrivateText;

use super::check::{Fault, id, is_plain, is_word, operation, require, text};
use super::{
    CertificateAnswer, CertificateRequest, Entry, EntryAnswer, Issue, IssuedCertificate, Level, Offer,
    Offers, Refusal, Session, Translated,
};
use crate::nif::Kind;

/// One structure in DER.
pub(super) const DER_MAX: usize = 8 * 1024;
/// The longest document.
pub(super) const DOCUMENT_MAX: usize = 8 * 1024 * 1024;
pub(super) const CHAIN_MAX: usize = 4;
pub(super) const SIGNATURE_MAX: usize = 512;
const DAYS_MAX: u16 = 365;

pub(super) fn session(it: &PrivateText) -> Result<(), Fault> {
    let it = it.as_str();
    require(it.len() >= 16, "session")?;
    id("session", it)
}

pub(super) fn opened(it: &Session) -> Result<(), Fault> {
    session(&it.session)
}

pub(super) fn der(field: &str, it: &[u8]) -> Result<(), Fault> {
    require((1..=DER_MAX).contains(&it.len()), field)
}

pub(super) fn entry(it: &Entry) -> Result<(), Fault> {
    match it {
        Entry::Certificate { session: number, certificate, chain, kiosk_nonce: _, signature, revocation } => {
            session(number)?;
            der("certificate", certificate.0.as_slice())?;
            require(chain.len() <= CHAIN_MAX, "chain")?;
            chain.iter().try_for_each(|one| der("chain", one.0.as_slice()))?;
            require((1..=SIGNATURE_MAX).contains(&signature.0.as_slice().len()), "signature")?;
            revocation.as_ref().map_or(Ok(()), |it| der("revocation", it.0.as_slice()))
        }
        Entry::Record { session: number, profile, number: record } => {
            session(number)?;
            require(is_word(profile, 48), "profile")?;
            let record = record.as_str();
            require(
                (4..=40).contains(&record.len()) && record.bytes().all(|b| b.is_ascii_alphanumeric()),
                "number",
            )
        }
    }
}

pub(super) fn entry_answer(it: &EntryAnswer) -> Result<(), Fault> {
    match it {
        EntryAnswer::Identified { level, name, number } => {
            text("name", name.as_str(), 1, 120)?;
            require(number.as_ref().is_none_or(|nif| nif.kind() != Kind::OtherNif), "number")?;
            // With a pseudonym nobody's number goes over the line.
            require(*level == Level::Certificate || number.is_none(), "number")
        }
        EntryAnswer::Refused { code } => require(is_word(code, 48), "code"),
    }
}

pub(super) fn offers(it: &Offers) -> Result<(), Fault> {
    require(it.offers.len() <= 24, "offers")?;
    it.nothing.as_ref().map_or(Ok(()), refusal)?;
    it.offers.iter().try_for_each(offer)
}

fn offer(it: &Offer) -> Result<(), Fault> {
    require(is_word(&it.kind, 48), "type")?;
    translated("title", &it.title)?;
    require((1..=3).contains(&it.languages.len()), "languages")?;
    match &it.issue {
        Issue::AtOnce => Ok(()),
        Issue::ConsentingOnly { shown, registered } => {
            require((1..=99).contains(registered), "registered")?;
            require((1..=*registered).contains(shown), "shown")
        }
        Issue::Queued { working_days } => days(*working_days),
        Issue::Refused(why) => refusal(why),
    }
}

pub(super) fn certificate_request(it: &CertificateRequest) -> Result<(), Fault> {
    session(&it.session)?;
    operation(&it.request)?;
    require(is_word(&it.kind, 48), "type")
}

pub(super) fn certificate_answer(it: &CertificateAnswer) -> Result<(), Fault> {
    match it {
        CertificateAnswer::Issued(it) => issued(it),
        CertificateAnswer::Queued { reference, working_days } => {
            text("reference", reference, 1, 40)?;
            days(*working_days)
        }
        CertificateAnswer::Refused(why) => refusal(why),
    }
}

pub(super) fn issued(it: &IssuedCertificate) -> Result<(), Fault> {
    id("certificate", &it.certificate)?;
    require(usize::try_from(it.bytes).is_ok_and(|bytes| (1..=DOCUMENT_MAX).contains(&bytes)), "bytes")?;
    require((1..=40).contains(&it.pages), "pages")
}

pub(super) fn refusal(it: &Refusal) -> Result<(), Fault> {
    require(is_word(&it.code, 48), "code")?;
    translated("text", &it.text)?;
    translated("next", &it.next)
}

pub(super) fn translated(field: &str, it: &Translated) -> Result<(), Fault> {
    translated_within(field, it, 200)
}

/// A longer text than a sentence.
pub(super) fn translated_within(field: &str, it: &Translated, most: usize) -> Result<(), Fault> {
    [&it.es, &it.ca, &it.en].into_iter().try_for_each(|one| text(field, one, 1, most))
}

fn days(count: u16) -> Result<(), Fault> {
    require(count <= DAYS_MAX, "working_days")
}

/// A code of a problem document that may stand in a log: a word, and nothing else of what the sede wrote.
pub(super) fn code(text: &str) -> &str {
    if is_word(text, 48) && text.chars().all(is_plain) { text } else { "without a code" }
}
