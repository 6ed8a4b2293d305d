//! A petition on its way into the registry: opened, uploaded part by part, registered by the citizen's consent or by
//! the card's signature, which stands between the second and the third.
//!
//! Whatever is lost on the line is asked for again; what was registered is not registered twice, since the sede knows
//! the petition by its number. A part that was cut off goes on where the sede says that it is.
use std::time::Duration;

use jiff::Timestamp;
use private::PrivateText;
use tokio::time::sleep;

use crate::nif::{Kind, Nif};
use crate::petition::{self, Document, File, Form, Presented, Told, postal_address};
use crate::sede::{
    Alert, Attachment, AttachmentPart, DocumentKind, DocumentState, DocumentType, Draft, DraftAnswer,
    LanguageCode, MediaType, Notifications, OperationId, Origin, PartAnswer, PersonDocument, Petition,
    Refusal, RegistrationAnswer, Represented, Sede, SedeError, Will,
};
use crate::words::words;

/// Between two attempts while the citizen waits.
const AGAIN: Duration = Duration::from_secs(2);

/// Attempts in a row that bring nothing on.
const ATTEMPTS: u32 = 8;

/// File names of the registry at most (SICRES).
const NAME_MOST: usize = 80;

/// What is presented, by whom and from where.
pub(super) struct Presentation {
    pub sede: Sede,
    pub session: PrivateText,
    pub request: OperationId,
    pub language: LanguageCode,
    /// DIR3 code of the body.
    pub body: String,
    /// Version of the consent that was on the screen.
    pub consent: String,
    pub form: Form,
    pub documents: Vec<Document>,
    pub captured_at: Timestamp,
    pub clock_sure: bool,
}

/// How far it is: the file, of so many, of all bytes a hundredth.
pub(super) type Progress<'a> = &'a (dyn Fn(u8, u8, u8) + Send + Sync);

/// What was opened, and all of it has arrived.
pub(super) struct Opened {
    pub petition: Petition,
    pub draft: Draft,
}

impl Presentation {
    /// Opens, uploads, registers by the citizen's consent.
    pub async fn run(&self, tell: Progress<'_>) -> Presented {
        match self.prepare(tell).await {
            Ok(opened) => {
                let will = Will::Consent { version: self.consent.clone(), language: self.language };
                self.register(&opened, &will).await
            }
            Err(presented) => presented,
        }
    }

    /// Opens and uploads, or says why nothing can be registered.
    pub async fn prepare(&self, tell: Progress<'_>) -> Result<Opened, Presented> {
        let files: Vec<&File> = self.documents.iter().flat_map(|document| &document.files).collect();
        let petition = self.petition();
        let opened = insist(|| self.sede.open_petition(&petition)).await;
        let draft = match opened {
            Ok(DraftAnswer::Accepted(draft)) => draft,
            Ok(DraftAnswer::Refused(refusal)) => return Err(Presented::Refused(told(&refusal))),
            Err(_) => return Err(Presented::NotSent),
        };
        let uploaded = self.upload(&draft, &files, tell).await;
        let count = u8::try_from(files.len()).unwrap_or(u8::MAX);
        let opened = Opened { petition, draft };
        if uploaded.is_none() {
            self.discard(&opened).await;
            return Err(Presented::NotSent);
        }
        tell(count, count, 100);
        Ok(opened)
    }

    /// Throws it away.
    pub async fn discard(&self, opened: &Opened) {
        // It ends by itself with the session.
        let discarded = self.sede.discard_petition(&self.session, &opened.draft).await;
        discarded.unwrap_or_else(|error| tracing::warn!(%error, "discarding a draft"));
    }

    /// Registers what was opened.
    pub async fn register(&self, opened: &Opened, will: &Will) -> Presented {
        let Opened { petition, draft } = opened;
        match insist(|| self.sede.register_petition(petition, draft, will)).await {
            Ok(RegistrationAnswer::Registered(entry)) => Presented::Registered(Box::new(entry)),
            Ok(RegistrationAnswer::Refused(refusal)) => Presented::Refused(told(&refusal)),
            Err(error) if !error.is_worth_repeating() && self.is_not_registered().await => Presented::NotSent,
            // It may have arrived, or may still arrive.
            Err(_) => Presented::Unknown { reference: self.request.0.clone() },
        }
    }

    /// The sede says that nothing was registered by this number.
    async fn is_not_registered(&self) -> bool {
        matches!(self.sede.registered_petition(&self.request).await, Ok(None))
    }

    async fn upload(&self, draft: &Draft, files: &[&File], tell: Progress<'_>) -> Option<()> {
        let of = u8::try_from(files.len()).ok()?;
        let all: usize = files.iter().map(|file| file.pdf.as_slice().len()).sum();
        let mut before = 0;
        for (number, file) in (1..=of).zip(files) {
            let bytes = file.pdf.as_slice();
            let whole = u32::try_from(bytes.len()).ok()?;
            let (mut offset, mut idle) = (0u32, 0);
            loop {
                let done = (before + usize::try_from(offset).unwrap_or(usize::MAX)) * 100 / all.max(1);
                tell(number, of, u8::try_from(done).unwrap_or(100).min(99));
                let from = usize::try_from(offset).ok()?;
                let to = bytes.len().min(from.saturating_add(usize::try_from(draft.part_bytes).ok()?));
                let part = AttachmentPart { number, whole, offset, bytes: bytes.get(from..to)? };
                let stored = match self.sede.upload_part(draft, &part).await {
                    Ok(PartAnswer::Stored(uploaded)) if uploaded.complete => break,
                    Ok(PartAnswer::Stored(uploaded)) => uploaded.offset,
                    Ok(PartAnswer::OtherOffset(other)) => other,
                    Ok(PartAnswer::Damaged) => offset,
                    Ok(PartAnswer::AnotherDocument) => 0,
                    Err(error) if !error.is_worth_repeating() => {
                        tracing::warn!(%error, "a part of a document");
                        return None;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a part of a document");
                        sleep(AGAIN).await;
                        match self.sede.uploaded(draft, number, whole).await {
                            Ok(uploaded) if uploaded.complete => break,
                            Ok(uploaded) => uploaded.offset,
                            Err(_) => offset,
                        }
                    }
                };
                idle = if stored > offset { 0 } else { idle + 1 };
                if idle == ATTEMPTS {
                    return None;
                }
                offset = stored;
            }
            before += bytes.len();
        }
        Some(())
    }

    fn petition(&self) -> Petition {
        let Form { represented, facts, request, contact, .. } = &self.form;
        let given = |text: &PrivateText| Some(text.clone()).filter(|text| !text.as_str().is_empty());
        Petition {
            session: self.session.clone(),
            request: self.request.clone(),
            language: self.language,
            body: self.body.clone(),
            represented: represented.as_ref().map(|of| Represented {
                document: PersonDocument { kind: kind(of), number: of.number.clone() },
                name: of.name.clone(),
                surnames: given(&of.surnames),
            }),
            notifications: if contact.postal {
                Notifications::Postal { address: postal_address(contact.address.as_str()) }
            } else {
                Notifications::Electronic
            },
            alert: Alert { email: given(&contact.email), phone: given(&contact.telephone) },
            facts: facts.clone(),
            asks: request.clone(),
            attachments: self.documents.iter().flat_map(|document| self.announced(document)).collect(),
            clock_sure: self.clock_sure,
        }
    }

    /// The files of a document, each with a name of its own.
    fn announced<'a>(&'a self, document: &'a Document) -> impl Iterator<Item = Attachment> + 'a {
        let of = document.files.len();
        (1..).zip(&document.files).map(move |(number, file)| Attachment {
            name: file_name(document.name.as_str(), number, of).into(),
            media_type: MediaType::Pdf,
            pages: file.pages,
            bytes: u32::try_from(file.pdf.as_slice().len()).unwrap_or(u32::MAX),
            sha256: file.sha256,
            captured_at: self.captured_at,
            origin: Origin::Citizen,
            state: DocumentState::Other,
            document_type: DocumentType::Other,
        })
    }
}

/// Asks until there is an answer, for as long as it makes sense to wait.
async fn insist<T, F: Future<Output = Result<T, SedeError>>>(ask: impl Fn() -> F) -> Result<T, SedeError> {
    let mut attempt = 1;
    loop {
        match ask().await {
            Ok(answer) => return Ok(answer),
            Err(error) => {
                tracing::warn!(%error, "a petition");
                if !error.is_worth_repeating() || attempt == ATTEMPTS {
                    return Err(error);
                }
            }
        }
        attempt += 1;
        sleep(AGAIN).await;
    }
}

fn told(refusal: &Refusal) -> Told {
    tracing::info!(code = refusal.code, "a petition is refused");
    Told { text: words(&refusal.text), next: words(&refusal.next) }
}

/// The name as the citizen gave it, without what no file's name may hold.
fn file_name(name: &str, number: usize, of: usize) -> String {
    let end = if of > 1 { format!(" ({number} de {of}).pdf") } else { ".pdf".to_owned() };
    let room = NAME_MOST.saturating_sub(end.chars().count());
    let plain =
        name.chars().map(|character| if r#"/\:*?"<>|"#.contains(character) { '-' } else { character });
    let plain: String = plain.skip_while(|character| *character == '.').take(room).collect();
    format!("{plain}{end}")
}

/// What kind of number it is.
fn kind(of: &petition::Represented) -> DocumentKind {
    match Nif::certified(of.number.as_str()).map(|nif| nif.kind()) {
        Ok(Kind::Nie) => DocumentKind::Nie,
        Ok(Kind::Dni | Kind::OtherNif) => DocumentKind::Nif,
        Err(_) => DocumentKind::Cif,
    }
}
