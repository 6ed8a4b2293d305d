//! From the state to the page.
use ui::{Attachment, Item, Page, PetitionTrouble, Question, Work};

use super::papers::PAGES_MOST;
use super::*;
use crate::words::{in_language, words};

impl Petition {
    /// What is to be shown now.
    pub fn page(&self, facts: &Facts<'_>) -> Page {
        let language = facts.language;
        let refused = |told: &Told| PetitionTrouble::Refused {
            text: in_language(&told.text, language).clone(),
            next: in_language(&told.next, language).clone(),
        };
        match &self.state {
            State::Asking => Page::Working { work: Work::AskingBodies },
            State::Denied(told) | State::Refused(told) => Page::PetitionTrouble { trouble: refused(told) },
            State::Body => Page::Choose {
                question: Question::Body,
                name: facts.name.to_owned(),
                items: self.bodies(language),
            },
            State::OnBehalf => Page::OnBehalf,
            State::Writing(field, editor, problem) => {
                let text = editor.text();
                Page::Write {
                    field: field.shown(),
                    cursor: editor.cursor(),
                    longest: editor.rules().longest,
                    lines: editor.rules().lines,
                    complete: self.may_skip(*field) || !editor.is_blank(),
                    optional: self.may_skip(*field),
                    undo: editor.can_undo(),
                    keys: editor.keys(),
                    problem: *problem,
                    text,
                }
            }
            State::Notification => Page::Notification { postal: true },
            State::Documents => Page::Attachments {
                items: self.attachments(),
                most: facts.limits.attachments,
                bytes_left: facts.limits.total_bytes.saturating_sub(self.bytes()),
            },
            State::Document(at) => match self.documents.get(*at) {
                Some(document) => Page::Attachment {
                    name: document.name.as_str().to_owned(),
                    pages: document.pages(),
                    bytes: document.bytes(),
                    parts: u8::try_from(document.files.len()).unwrap_or(u8::MAX),
                },
                None => Page::Working { work: Work::MakingDocument },
            },
            State::Naming => {
                let names = ui::attachment_kinds(language);
                let other = ui::attachment_other(language);
                let item = |title: &str| Item { title: title.to_owned(), text: String::new(), off: false };
                Page::Choose {
                    question: Question::AttachmentKind,
                    name: String::new(),
                    items: names.iter().copied().chain([other]).map(item).collect(),
                }
            }
            State::From(problem) => Page::ScanFrom {
                feeder: facts.feeder,
                flatbed: facts.flatbed,
                pages: self.scanned(),
                problem: *problem,
            },
            State::Scanning => {
                Page::Working { work: Work::Scanning { page: self.scanned().saturating_add(1) } }
            }
            State::Page(at) => match self.scans.pages.get(*at) {
                Some(page) => Page::ScannedPage {
                    picture: self.picture.clone(),
                    page: u16::try_from(at + 1).unwrap_or(u16::MAX),
                    pages: self.scanned(),
                    blank: page.is_blank(),
                    more: self.scans.pages.len() < PAGES_MOST,
                },
                None => Page::Working { work: Work::MakingDocument },
            },
            State::MoreSheets => {
                let blanks = self.scans.pages.iter().filter(|page| page.is_blank()).count();
                Page::MoreSheets { pages: self.scanned(), blanks: u16::try_from(blanks).unwrap_or(u16::MAX) }
            }
            State::Making => Page::Working { work: Work::MakingDocument },
            State::Check => self.check_page(facts),
            State::Consent => Page::Consent {
                to: self.body(language),
                attachments: u8::try_from(self.documents.len()).unwrap_or(u8::MAX),
                text: self.consent(language),
                own_signature: self.card_signs(facts),
                problem: self.unsigned,
            },
            State::Signing(signing) => signing.page(),
            State::Sending { file: 0, .. } => Page::Working { work: Work::Registering },
            State::Sending { file, of, percent } if *percent < 100 => {
                Page::Working { work: Work::Uploading { attachment: *file, of: *of, percent: *percent } }
            }
            State::Sending { .. } => Page::Working { work: Work::Registering },
            State::Registered(entry, receipt) => {
                let at = sede::MadridTime::of(entry.registered_at);
                Page::Registered {
                    number: entry.number.clone(),
                    at: crate::session::moment(&at, language),
                    effective: (entry.effective_on != at.day())
                        .then(|| crate::session::day(entry.effective_on)),
                    receipt: *receipt,
                }
            }
            State::Trouble(trouble) => Page::PetitionTrouble { trouble: trouble.clone() },
            State::GiveUp(_) => Page::GiveUp,
            State::Over(_) => Page::TakeCard,
        }
    }

    /// Step of five: to whom, what, documents, contact, presenting.
    pub fn progress(&self) -> Option<(u8, u8)> {
        Petition::step_of(&self.state)
    }

    fn step_of(state: &State) -> Option<(u8, u8)> {
        match state {
            State::Body | State::OnBehalf => Some((1, 5)),
            State::Writing(field, ..) => Some(match field {
                Field::RepresentedNumber | Field::RepresentedName | Field::RepresentedSurnames => (1, 5),
                Field::Facts | Field::Request => (2, 5),
                Field::AttachmentName => (3, 5),
                Field::PostalAddress | Field::Telephone | Field::Email => (4, 5),
            }),
            State::Documents
            | State::Document(_)
            | State::Naming
            | State::From(_)
            | State::Scanning
            | State::Page(_)
            | State::MoreSheets
            | State::Making => Some((3, 5)),
            State::Notification => Some((4, 5)),
            State::Check
            | State::Consent
            | State::Signing(_)
            | State::Sending { .. }
            | State::Registered(..) => Some((5, 5)),
            State::GiveUp(before) => Petition::step_of(before),
            State::Asking | State::Denied(_) | State::Trouble(_) | State::Refused(_) | State::Over(_) => None,
        }
    }

    fn check_page(&self, facts: &Facts<'_>) -> Page {
        let Form { represented, facts: reasons, request, contact, .. } = &self.form;
        let shown = |text: &PrivateText| text.as_str().to_owned();
        let both = [&contact.telephone, &contact.email].map(PrivateText::as_str);
        let given: Vec<&str> = both.into_iter().filter(|text| !text.is_empty()).collect();
        Page::PetitionCheck {
            to: self.body(facts.language),
            person: facts.name.to_owned(),
            represented: represented.as_ref().map(|of| {
                let name = format!("{} {}", of.name.as_str(), of.surnames.as_str());
                format!("{} ({})", name.trim_end(), of.number.as_str())
            }),
            facts: shown(reasons),
            request: shown(request),
            notification: ui::notification(facts.language, contact.postal.then(|| contact.address.as_str())),
            contact: given.join(", "),
            attachments: self.attachments(),
        }
    }

    fn bodies(&self, language: ui::Language) -> Vec<Item> {
        let bodies = self.options.iter().flat_map(|options| &options.bodies);
        let item = |body: &sede::PublicBody| Item {
            title: in_language(&words(&body.name), language).clone(),
            text: String::new(),
            off: false,
        };
        bodies.map(item).collect()
    }

    /// The town hall's words, whole.
    fn consent(&self, language: ui::Language) -> String {
        let text = self.options.as_ref().map(|options| words(&options.consent.text));
        text.map(|text| in_language(&text, language).clone()).unwrap_or_default()
    }

    fn body(&self, language: ui::Language) -> String {
        self.bodies(language).into_iter().nth(self.form.body).map(|item| item.title).unwrap_or_default()
    }

    fn attachments(&self) -> Vec<Attachment> {
        let shown = |document: &Document| Attachment {
            name: document.name.as_str().to_owned(),
            pages: document.pages(),
            bytes: document.bytes(),
        };
        self.documents.iter().map(shown).collect()
    }

    fn bytes(&self) -> u32 {
        self.documents.iter().map(Document::bytes).fold(0, u32::saturating_add)
    }

    fn scanned(&self) -> u16 {
        u16::try_from(self.scans.pages.len()).unwrap_or(u16::MAX)
    }
}
