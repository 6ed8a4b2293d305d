//! Issuing: the document is made, archived by its CSV, and only then answered. What was answered is kept, so that the
//! same request never makes a second one.
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::citizen_wire::{CertificateAnswer, CertificateRequest, Issue, Language, LegalValue, Scope};
use crate::padron::{Dwelling, KINDS, Kind, Padron, Resident, issue, not_offered};
use crate::paper::{self, Paper, Person};

/// Where anybody checks a CSV.
pub(crate) const VERIFICATION: &str = "https://sede.example/csv/";

/// A document that was issued, as the archive and the panel show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRecord {
    /// The sede's number.
    pub certificate: String,
    /// The kiosk's number of the request.
    pub request: String,
    /// Kind of document.
    pub kind: String,
    /// Language of the document.
    pub language: Language,
    /// Whom it was issued to.
    pub holder: String,
    /// Código seguro de verificación.
    pub csv: String,
    /// SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Pages.
    pub pages: usize,
    /// When.
    pub issued_at: Timestamp,
    /// How often its bytes were fetched.
    pub fetched: u32,
}

struct Archived {
    record: CertificateRecord,
    session: String,
    document: Arc<Vec<u8>>,
}

struct Answered {
    request: CertificateRequest,
    answer: String,
}

/// All that was issued.
pub(crate) struct Certificates {
    seed: u64,
    /// By the kiosk's number of the request.
    answered: BTreeMap<String, Answered>,
    /// By CSV.
    archive: BTreeMap<String, Archived>,
    queued: u32,
}

/// Why a request has no answer.
pub(crate) enum Unissued {
    /// The number came before with another content.
    Conflict,
    /// This kind is not issued in this language.
    Language,
    /// The document could not be made.
    Failed,
}

impl Certificates {
    pub fn new(seed: u64) -> Certificates {
        Certificates { seed, answered: BTreeMap::new(), archive: BTreeMap::new(), queued: 0 }
    }

    /// The body of the answer. `forced` is a refusal that the scenario wants.
    pub fn issue(
        &mut self,
        request: CertificateRequest,
        holder: (&Dwelling, &Resident),
        forced: Option<CertificateAnswer>,
        now: Timestamp,
    ) -> Result<String, Unissued> {
        if let Some(known) = self.answered.get(&request.request) {
            return if known.request == request { Ok(known.answer.clone()) } else { Err(Unissued::Conflict) };
        }
        let answer = match forced {
            Some(answer) => answer,
            None => self.decide(&request, holder, now)?,
        };
        let answer = serde_json::to_string(&answer).map_err(|_| Unissued::Failed)?;
        let number = request.request.clone();
        self.answered.insert(number, Answered { request, answer: answer.clone() });
        Ok(answer)
    }

    fn decide(
        &mut self,
        request: &CertificateRequest,
        (dwelling, resident): (&Dwelling, &Resident),
        now: Timestamp,
    ) -> Result<CertificateAnswer, Unissued> {
        let Some(kind) = KINDS.iter().find(|it| it.word == request.r#type) else {
            return Ok(CertificateAnswer::Refused(not_offered()));
        };
        if !kind.languages.contains(&request.language) {
            return Err(Unissued::Language);
        }
        match issue(kind, dwelling, resident) {
            Issue::Refused(why) => Ok(CertificateAnswer::Refused(why)),
            Issue::Queued { working_days } => {
                self.queued += 1;
                Ok(CertificateAnswer::Queued {
                    reference: format!("EXP-2026-{:06}", self.queued),
                    working_days,
                })
            }
            Issue::AtOnce | Issue::ConsentingOnly { .. } => self.make(kind, request, dwelling, resident, now),
        }
    }

    fn make(
        &mut self,
        kind: &Kind,
        request: &CertificateRequest,
        dwelling: &Dwelling,
        resident: &Resident,
        now: Timestamp,
    ) -> Result<CertificateAnswer, Unissued> {
        let csv = csv(self.seed, "certificate", &request.request);
        let people = match kind.scope {
            Scope::Individual => vec![resident],
            Scope::Collective => dwelling.shown(resident),
        };
        let made = paper::pdf(&Paper {
            language: request.language,
            title: kind.title,
            authoritative: kind.legal_value == LegalValue::Authoritative,
            collective: kind.scope == Scope::Collective,
            address: &dwelling.address,
            people: people.iter().map(|it| Person::of(it)).collect(),
            registered: dwelling.residents.len(),
            at: now,
            csv: &csv,
            url: &format!("{VERIFICATION}{csv}"),
        });
        let (document, pages) = made.ok_or(Unissued::Failed)?;
        let sha256: String = Sha256::digest(&document).iter().map(|b| format!("{b:02x}")).collect();
        let record = CertificateRecord {
            certificate: format!("C-2026-{:06}", self.archive.len() + 1),
            request: request.request.clone(),
            kind: kind.word.into(),
            language: request.language,
            holder: resident.name.clone(),
            csv: csv.clone(),
            sha256: sha256.clone(),
            pages,
            issued_at: now,
            fetched: 0,
        };
        let answer = CertificateAnswer::Issued {
            certificate: record.certificate.clone(),
            sha256,
            bytes: document.len(),
            pages,
            issued_at: now,
        };
        let archived = Archived { record, session: request.session.clone(), document: Arc::new(document) };
        self.archive.insert(csv, archived);
        Ok(answer)
    }

    /// The document that was issued in a session.
    pub fn document(&mut self, session: &str, certificate: &str) -> Option<Arc<Vec<u8>>> {
        let found = |it: &&mut Archived| it.session == session && it.record.certificate == certificate;
        let archived = self.archive.values_mut().find(found)?;
        archived.record.fetched += 1;
        Some(archived.document.clone())
    }

    /// The archived document with a CSV.
    pub fn by_csv(&self, csv: &str) -> Option<Arc<Vec<u8>>> {
        self.archive.get(csv).map(|it| it.document.clone())
    }

    /// In the order of issue.
    pub fn records(&self) -> Vec<CertificateRecord> {
        let mut all: Vec<CertificateRecord> = self.archive.values().map(|it| it.record.clone()).collect();
        all.sort_by(|one, other| one.certificate.cmp(&other.certificate));
        all
    }
}

/// 24 characters of 32: 120 bits, the same for the same seed, kind of document and request.
pub(crate) fn csv(seed: u64, kind: &str, request: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let hash = Sha256::digest(format!("{seed} {kind} {request}").as_bytes());
    let letters: Vec<char> = hash.iter().take(24).map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    letters.chunks(6).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The resident who is the holder of a session.
pub(crate) fn holder<'a>(padron: &'a Padron, number: &str) -> Option<(&'a Dwelling, &'a Resident)> {
    padron.resident(number)
}
