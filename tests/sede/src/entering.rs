//! Who enters, and who does not: the sede's decision about an entry (contract, `EntryRefused`).
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_ocsp::CertStatus;

use crate::citizen_wire::{Entry, EntryAnswer, Level, decoded};
use crate::debt::masked;
use crate::sede::Inside;
use crate::sessions::Holder;
use crate::trust::{Signed, statement};

/// How long the sede itself waits for a revocation service, in milliseconds: its answer has to be there in time.
pub(crate) const PATIENCE: u64 = 5_000;

/// How late the revocation service will be that the sede asks about an entry.
pub(crate) fn delay(inside: &Inside, entry: &Entry) -> u64 {
    let Entry::Certificate { certificate, .. } = entry else { return 0 };
    delay_of(inside, certificate)
}

/// How late it will be about a certificate in base64.
pub(crate) fn delay_of(inside: &Inside, certificate: &str) -> u64 {
    let certificate = decoded(certificate).and_then(|it| Certificate::from_der(&it).ok());
    certificate.and_then(|it| inside.services.ask(&it)).map_or(0, |request| inside.services.delay(&request))
}

/// The answer, and the citizen unless refused. `late` is how long the revocation service took.
pub(crate) fn decide(
    inside: &Inside,
    entry: &Entry,
    challenge: &[u8],
    late: u64,
    now: Timestamp,
) -> (EntryAnswer, Option<Holder>) {
    let decided = match entry {
        Entry::Certificate { session, certificate, chain, kiosk_nonce, signature, revocation } => {
            let bytes = |text: &String| decoded(text).unwrap_or_default();
            let signed = Signed {
                certificate: &bytes(certificate),
                chain: &chain.iter().map(bytes).collect::<Vec<_>>(),
                statement: &statement(session, challenge, &bytes(kiosk_nonce)),
                signature: &bytes(signature),
            };
            by_certificate(inside, &signed, revocation.as_ref().map(bytes).as_deref(), late, now)
        }
        Entry::Record { number, .. } => by_record(inside, number),
    };
    match decided {
        Ok((answer, holder)) => (answer, Some(holder)),
        Err(code) => (EntryAnswer::Refused { code: code.into() }, None),
    }
}

fn by_certificate(
    inside: &Inside,
    signed: &Signed<'_>,
    stapled: Option<&[u8]>,
    late: u64,
    now: Timestamp,
) -> Result<(EntryAnswer, Holder), &'static str> {
    let known = inside.trust.identify(signed, now)?;
    not_revoked(inside, &known.certificate, stapled, late, now)?;
    let (_, resident) = inside.padron.resident(&known.number).ok_or("not-registered")?;
    let answer = EntryAnswer::Identified {
        level: Level::Certificate,
        name: resident.name.clone(),
        number: Some(known.number.clone()),
    };
    Ok((answer, Holder { number: known.number, level: Level::Certificate, card: None }))
}

/// Revocation that is not known is not good.
pub(crate) fn not_revoked(
    inside: &Inside,
    certificate: &Certificate,
    stapled: Option<&[u8]>,
    late: u64,
    now: Timestamp,
) -> Result<(), &'static str> {
    let judged = |response: &[u8]| inside.services.judge(certificate, response, now);
    let own = || {
        let request = inside.services.ask(certificate).filter(|_| late <= PATIENCE)?;
        judged(&inside.services.respond(&request, now)?.ok()?)
    };
    match stapled.and_then(judged).or_else(own) {
        Some(CertStatus::Good(_)) => Ok(()),
        Some(CertStatus::Revoked(_)) => Err("revoked"),
        Some(CertStatus::Unknown(_)) | None => Err("revocation-unknown"),
    }
}

fn by_record(inside: &Inside, number: &str) -> Result<(EntryAnswer, Holder), &'static str> {
    let card = inside.padron.cards.iter().find(|it| it.number == number).ok_or("card-unknown")?;
    if card.cancelled {
        return Err("card-cancelled");
    }
    let (_, resident) = inside.padron.resident(&card.holder).ok_or("not-registered")?;
    let answer =
        EntryAnswer::Identified { level: Level::Pseudonym, name: masked(&resident.name), number: None };
    let (number, card) = (card.holder.clone(), Some(card.number.clone()));
    Ok((answer, Holder { number, level: Level::Pseudonym, card }))
}
