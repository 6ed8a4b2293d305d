//! Petitions: drafts that die with their session, and the registry, where nothing is lost or entered twice.
//!
//! Pure: the instant comes in. Of a draft that was never registered nothing stays but the hash of what was asked, to
//! know it again.
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::calendar::working_from;
use crate::certificates::{VERIFICATION, csv};
use crate::petition_record::{FileRecord, PetitionRecord};
use crate::petition_seeds::{heading, refusal};
use crate::petition_text::{hex, text_sha256};
use crate::petition_wire::{
    DraftAnswer, Notifications, Petition, PublicBody, RegisteredAttachment, Registration, RegistrationAnswer,
    Will,
};
use crate::sessions::Holder;
use crate::town::madrid;
use crate::uploads::{Upload, Uploads};
use crate::wire::PetitionLimits;

/// Longest part, in bytes, unless the scenario says another.
pub(crate) const PART_BYTES: usize = 512 * 1024;

pub(crate) struct Draft {
    pub kiosk: String,
    pub petition: Petition,
    pub uploads: Uploads,
}

/// What was answered to what.
struct Answered {
    /// Of the whole request.
    content: [u8; 32],
    answer: String,
}

struct Entry {
    record: PetitionRecord,
    files: Vec<Arc<Vec<u8>>>,
}

pub(crate) struct Petitions {
    seed: u64,
    opened: u64,
    pub bodies: Vec<PublicBody>,
    pub part_bytes: usize,
    drafts: BTreeMap<String, Draft>,
    /// By the kiosk's number.
    accepted: BTreeMap<String, Answered>,
    settled: BTreeMap<String, Answered>,
    /// In the order of arrival.
    entries: Vec<Entry>,
}

/// What a request with a number meets.
pub(crate) enum Known {
    /// It never came.
    New,
    /// The first answer.
    Answer(String),
    /// Something else came under this number.
    Conflict,
}

impl Petitions {
    pub fn new(seed: u64, bodies: Vec<PublicBody>) -> Petitions {
        Petitions {
            seed,
            opened: 0,
            bodies,
            part_bytes: PART_BYTES,
            drafts: BTreeMap::new(),
            accepted: BTreeMap::new(),
            settled: BTreeMap::new(),
            entries: Vec::new(),
        }
    }

    /// Whether a petition was opened before.
    pub fn opened(&self, petition: &Petition) -> Known {
        known(&self.accepted, &petition.request, petition)
    }

    /// Opens a draft. `forced` is the code of a refusal that the scenario wants.
    pub fn open(
        &mut self,
        kiosk: &str,
        petition: Petition,
        limits: &PetitionLimits,
        forced: Option<String>,
    ) -> String {
        let answered = |answer: &DraftAnswer| Answered {
            content: content(&petition),
            answer: serde_json::to_string(answer).unwrap_or_default(),
        };
        let code = forced.or_else(|| self.objection(&petition, limits).map(str::to_owned));
        let (answered, number) = match code {
            Some(code) => (answered(&DraftAnswer::Refused(refusal(&code))), None),
            None => {
                self.opened += 1;
                let number = format!("D-{}", &hex(&self.hash("draft", &petition.request))[..32]);
                let accepted = DraftAnswer::Accepted { draft: number.clone(), part_bytes: self.part_bytes };
                (answered(&accepted), Some(number))
            }
        };
        let answer = answered.answer.clone();
        self.accepted.insert(petition.request.clone(), answered);
        if let Some(number) = number {
            let uploads = Uploads::of(petition.attachments.iter().map(Upload::announced).collect());
            self.drafts.insert(number, Draft { kiosk: kiosk.into(), petition, uploads });
        }
        answer
    }

    fn objection(&self, it: &Petition, limits: &PetitionLimits) -> Option<&'static str> {
        let bytes: usize = it.attachments.iter().map(|one| one.bytes).sum();
        let over = it.attachments.len() > limits.attachments
            || it.attachments.iter().any(|one| one.bytes > limits.attachment_bytes)
            || bytes > limits.total_bytes
            || it.facts.chars().count() > limits.facts
            || it.asks.chars().count() > limits.asks;
        let organisation = it.represented.as_ref().is_some_and(|it| it.document.kind == "cif");
        if over {
            Some("over-limits")
        } else if !self.bodies.iter().any(|body| body.dir3 == it.body) {
            Some("body-unknown")
        } else if organisation && matches!(it.notifications, Notifications::Postal { .. }) {
            Some("electronic-required")
        } else {
            None
        }
    }

    /// A draft of this kiosk.
    pub fn draft(&mut self, kiosk: &str, number: &str) -> Option<&mut Draft> {
        self.drafts.get_mut(number).filter(|draft| draft.kiosk == kiosk)
    }

    /// Forgets a draft with all that was uploaded.
    pub fn discard(&mut self, kiosk: &str, session: &str, number: &str) {
        if self.draft(kiosk, number).is_some_and(|draft| draft.petition.session == session) {
            self.drafts.remove(number);
        }
    }

    /// Forgets the drafts whose session is over.
    pub fn forget(&mut self, is_live: impl Fn(&str, &str) -> bool) {
        self.drafts.retain(|_, draft| is_live(&draft.kiosk, &draft.petition.session));
    }

    /// How many drafts are open.
    pub fn count(&self) -> usize {
        self.drafts.len()
    }

    /// What has arrived of the attachments of open drafts.
    pub fn arrived(&self) -> impl Iterator<Item = &[u8]> {
        self.drafts.values().flat_map(|draft| draft.uploads.arrived())
    }

    /// Whether a registration came before.
    pub fn settled(&self, registration: &Registration) -> Known {
        known(&self.settled, &registration.request, registration)
    }

    /// Registers or refuses what was decided about, and ends the draft. The body of the answer.
    pub fn settle(
        &mut self,
        registration: &Registration,
        holder: &Holder,
        decided: Result<(), &str>,
        now: Timestamp,
    ) -> String {
        let draft = self.drafts.remove(&registration.draft);
        let answer = match (decided, draft) {
            (Ok(()), Some(draft)) => self.enter(registration, holder, draft, now),
            (Ok(()), None) => RegistrationAnswer::Refused(refusal("draft-unknown")),
            (Err(code), _) => RegistrationAnswer::Refused(refusal(code)),
        };
        let answer = serde_json::to_string(&answer).unwrap_or_default();
        let answered = Answered { content: content(registration), answer: answer.clone() };
        self.settled.insert(registration.request.clone(), answered);
        answer
    }

    fn enter(
        &mut self,
        registration: &Registration,
        holder: &Holder,
        draft: Draft,
        now: Timestamp,
    ) -> RegistrationAnswer {
        let Draft { petition, uploads, .. } = draft;
        let Some(body) = self.bodies.iter().find(|body| body.dir3 == petition.body).cloned() else {
            return RegistrationAnswer::Refused(refusal("body-unknown"));
        };
        let day = madrid(now);
        let before = self.entries.iter().filter(|it| madrid(it.record.registered_at).year() == day.year());
        let number = format!("{}-E-{:06}", day.year(), before.count() + 1);
        let csv = csv(self.seed, "petition", &petition.request);
        let files: Vec<Arc<Vec<u8>>> = uploads.into_files().into_iter().map(Arc::new).collect();
        let file = |(announced, bytes): (&crate::petition_wire::Attachment, &Arc<Vec<u8>>)| FileRecord {
            name: announced.name.clone(),
            media_type: announced.media_type.clone(),
            pages: announced.pages,
            bytes: bytes.len(),
            sha256: hex(&Sha256::digest(bytes.as_slice())),
        };
        let record = PetitionRecord {
            number: number.clone(),
            request: petition.request.clone(),
            holder: holder.number.clone(),
            represented: petition.represented.as_ref().map(|it| it.document.number.clone()),
            body: petition.body.clone(),
            facts: petition.facts.clone(),
            asks: petition.asks.clone(),
            notified: match petition.notifications {
                Notifications::Electronic => "electronic".into(),
                Notifications::Postal { .. } => "postal".into(),
            },
            will: match &registration.will {
                Will::Consent { version, .. } => format!("consent {version}"),
                Will::Signature { .. } => "signature".into(),
            },
            csv: csv.clone(),
            text_sha256: hex(&text_sha256(&petition)),
            registered_at: now,
            effective_on: working_from(day),
            files: petition.attachments.iter().zip(&files).map(file).collect(),
        };
        let attachment = |it: &FileRecord| RegisteredAttachment {
            name: it.name.clone(),
            pages: it.pages,
            bytes: it.bytes,
            sha256: it.sha256.clone(),
        };
        let answer = RegistrationAnswer::Registered {
            number,
            registered_at: now,
            effective_on: record.effective_on,
            body,
            heading: heading(petition.language).into(),
            verification_url: format!("{VERIFICATION}{csv}"),
            csv,
            text_sha256: record.text_sha256.clone(),
            attachments: record.files.iter().map(attachment).collect(),
        };
        self.entries.push(Entry { record, files });
        answer
    }

    /// The entry of a kiosk's number.
    pub fn entry(&self, request: &str) -> Option<&PetitionRecord> {
        self.entries.iter().map(|it| &it.record).find(|it| it.request == request)
    }

    /// The bytes of an attachment that was registered, counted from 1.
    pub fn file(&self, request: &str, number: usize) -> Option<Arc<Vec<u8>>> {
        let entry = self.entries.iter().find(|it| it.record.request == request)?;
        entry.files.get(number.checked_sub(1)?).cloned()
    }

    /// In the order of arrival.
    pub fn records(&self) -> Vec<PetitionRecord> {
        self.entries.iter().map(|it| it.record.clone()).collect()
    }

    fn hash(&self, what: &str, request: &str) -> [u8; 32] {
        Sha256::digest(format!("{} {what} {request} {}", self.seed, self.opened).as_bytes()).into()
    }
}

fn known<T: Serialize>(answered: &BTreeMap<String, Answered>, request: &str, sent: &T) -> Known {
    match answered.get(request) {
        None => Known::New,
        Some(it) if it.content == content(sent) => Known::Answer(it.answer.clone()),
        Some(_) => Known::Conflict,
    }
}

fn content<T: Serialize>(sent: &T) -> [u8; 32] {
    Sha256::digest(serde_json::to_vec(sent).unwrap_or_default()).into()
}
