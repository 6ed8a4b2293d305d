//! The table: what happens on each page of a petition.
use ui::{Intent, PetitionTrouble, ScanProblem, Slip};

use super::*;
use crate::digitisation::LARGEST_PREVIEW;

type Actions = Vec<Action>;

/// Pages of one document at most.
pub const PAGES_MOST: usize = 100;

impl Petition {
    /// Begins with somebody who is known.
    pub fn begin() -> (Petition, Vec<Action>) {
        let petition = Petition {
            state: State::Asking,
            options: None,
            form: Form::default(),
            documents: Vec::new(),
            scans: Scans::default(),
            picture: Picture::default(),
            changing: false,
            unsigned: None,
            alone: false,
        };
        (petition, vec![Action::AskOptions])
    }

    /// The kiosk is at work: no citizen is idle who waits for it.
    pub fn works(&self) -> bool {
        match &self.state {
            State::Asking | State::Scanning | State::Making | State::Sending { .. } => true,
            State::Signing(signing) => signing.works(),
            State::Registered(_, slip) => *slip == Slip::Printing,
            State::Denied(_)
            | State::Body
            | State::OnBehalf
            | State::Writing(..)
            | State::Notification
            | State::Documents
            | State::Document(_)
            | State::Naming
            | State::From(_)
            | State::Page(_)
            | State::MoreSheets
            | State::Check
            | State::Consent
            | State::Trouble(_)
            | State::Refused(_)
            | State::GiveUp(_)
            | State::Over(_) => false,
        }
    }

    /// It was agreed to, and goes on whether the card is there or not.
    pub fn is_agreed(&self) -> bool {
        matches!(self.state, State::Sending { .. } | State::Registered(..))
    }

    /// The card is out.
    pub fn card_out(&mut self) {
        self.alone = true;
    }

    /// The citizen's wish.
    #[must_use = "the actions are what the citizen asked for"]
    pub fn wish(&mut self, facts: &Facts<'_>, intent: Intent) -> Vec<Action> {
        let mut out = Actions::new();
        let room = self.files() < facts.limits.attachments.into();
        let card_signs = self.card_signs(facts);
        match (&mut self.state, intent) {
            (State::Writing(..), intent) => self.write(facts, intent),
            (State::Signing(_), intent) => self.wish_signing(intent, &mut out),
            // What is on its way is told first.
            (State::Sending { .. } | State::Over(_), _) => {}
            (State::Registered(..), Intent::Another) => self.state = State::Over(End::Menu),
            (State::Registered(..), Intent::Confirm | Intent::Back | Intent::Cancel) => {
                self.state = State::Over(End::Done);
            }
            (State::Scanning, Intent::Cancel | Intent::Back) => {
                out.push(Action::StopScan);
                self.state = State::From(None);
            }
            (State::Asking | State::Making | State::Scanning, _) => {}
            (State::GiveUp(_), Intent::Confirm | Intent::Cancel) => self.state = State::Over(End::Menu),
            (State::GiveUp(before), _) => self.state = std::mem::replace(before, State::Check),
            // Nothing is written yet, or nothing of it is left.
            (State::Denied(_) | State::Body | State::OnBehalf | State::Trouble(_), Intent::Cancel)
                if !self.changing =>
            {
                self.state = State::Over(End::Menu);
            }
            (_, Intent::Cancel) => self.give_up(),

            (State::Denied(_), Intent::Confirm | Intent::Back) => self.state = State::Over(End::Menu),
            (State::Body, Intent::Choose(body)) => self.address_to(usize::from(body)),
            (State::Body, Intent::Back) if self.changing => self.check(),
            (State::Body, Intent::Back) => self.state = State::Over(End::Menu),
            (State::OnBehalf, Intent::Choose(0)) => {
                self.form.represented = None;
                self.after(facts, State::OnBehalf);
            }
            (State::OnBehalf, Intent::Choose(_)) => self.open(facts, Field::RepresentedNumber),
            (State::OnBehalf, Intent::Back) if self.changing => self.check(),
            (State::OnBehalf, Intent::Back) => self.state = State::Body,
            (State::Notification, Intent::Choose(0)) => {
                self.form.contact.postal = false;
                self.open(facts, Field::Telephone);
            }
            (State::Notification, Intent::Choose(_)) => {
                self.form.contact.postal = true;
                self.open(facts, Field::PostalAddress);
            }
            (State::Notification, Intent::Back) if self.changing => self.check(),
            (State::Notification, Intent::Back) => self.state = State::Documents,

            (State::Documents, Intent::AddAttachment) if room => {
                self.scans = Scans::default();
                self.state = State::Naming;
            }
            (State::Documents, Intent::Choose(document)) => {
                if self.documents.get(usize::from(document)).is_some() {
                    self.state = State::Document(document.into());
                }
            }
            (State::Documents, Intent::Confirm) => self.after(facts, State::Documents),
            (State::Documents, Intent::Back) if self.changing => self.check(),
            (State::Documents, Intent::Back) => self.open(facts, Field::Request),
            (State::Document(at), Intent::RemoveAttachment) => {
                let at = *at;
                if at < self.documents.len() {
                    self.documents.remove(at);
                }
                self.state = State::Documents;
            }
            (State::Document(at), Intent::ScanAgain) => {
                let at = *at;
                self.scans_of(at);
                self.state = State::From(None);
            }
            (State::Document(at), Intent::Rename) => {
                let at = *at;
                self.scans_of(at);
                self.open(facts, Field::AttachmentName);
            }
            (State::Document(_), Intent::Confirm | Intent::Back) => self.state = State::Documents,

            (State::Naming, Intent::Choose(kind)) => {
                match ui::attachment_kinds(facts.language).get(usize::from(kind)) {
                    Some(name) => {
                        self.scans.name = self.unused((*name).to_owned());
                        self.state = State::From(None);
                    }
                    None => self.open(facts, Field::AttachmentName),
                }
            }
            (State::Naming, Intent::Back) => self.state = State::Documents,
            (State::From(_), Intent::Choose(from)) => self.read(facts, from, &mut out),
            (State::From(_), Intent::Confirm) if !self.scans.pages.is_empty() => self.look_at(0),
            (State::From(_), Intent::Back) => {
                self.scans.instead_of = None;
                if self.scans.pages.is_empty() {
                    self.state = State::Documents;
                } else {
                    self.look_at(0);
                }
            }
            (State::MoreSheets, Intent::Confirm | Intent::Back) => self.look_at(0),
            (State::MoreSheets, Intent::RemoveBlank) => {
                if self.scans.pages.iter().any(|page| !page.is_blank()) {
                    self.scans.pages.retain(|page| !page.is_blank());
                    self.look_at(0);
                }
            }
            (State::MoreSheets, Intent::AddPage) => self.state = State::From(None),
            (State::Page(at), intent) => {
                let at = *at;
                self.on_page(at, intent, &mut out);
            }

            (State::Check, Intent::Choose(part)) => self.change(facts, part),
            (State::Check, Intent::Confirm) => self.state = State::Consent,
            (State::Check, Intent::Back) => self.open(facts, Field::Email),
            (State::Consent, Intent::Confirm) => {
                let (form, documents) = (Box::new(self.form.clone()), self.documents.clone());
                out.push(Action::Present(form, documents));
                self.state = State::Sending { file: 0, of: self.files_shown(), percent: 0 };
            }
            (State::Consent, Intent::SignWithCard) if card_signs => self.sign_with_card(&mut out),
            (State::Consent, Intent::Back) => self.check(),
            // Without the card nothing more can be done with it.
            (State::Trouble(_) | State::Refused(_), Intent::Confirm | Intent::Back) if self.alone => {
                self.state = State::Over(End::Done);
            }
            (State::Trouble(PetitionTrouble::NotSent), Intent::Confirm) => self.state = State::Consent,
            (State::Trouble(PetitionTrouble::TooLarge), Intent::Confirm) => self.state = State::Documents,
            (State::Trouble(PetitionTrouble::NotSent | PetitionTrouble::TooLarge), Intent::Back) => {
                self.check()
            }
            (State::Trouble(_), Intent::Confirm | Intent::Back) => self.state = State::Over(End::Done),
            (State::Refused(_), Intent::Confirm | Intent::Back) => self.check(),
            (
                State::Denied(_)
                | State::Body
                | State::OnBehalf
                | State::Notification
                | State::Documents
                | State::Document(_)
                | State::Naming
                | State::From(_)
                | State::MoreSheets
                | State::Check
                | State::Consent
                | State::Registered(..)
                | State::Trouble(_)
                | State::Refused(_),
                _,
            ) => {}
        }
        out
    }

    /// What came of an action.
    #[must_use = "the actions are what is to be done next"]
    pub fn answer(&mut self, facts: &Facts<'_>, answer: Answer) -> Vec<Action> {
        let mut out = Actions::new();
        match (&mut self.state, answer) {
            (State::Asking, Answer::Options(None)) => self.state = State::Over(End::Unreachable),
            (State::Asking, Answer::Options(Some(Err(told)))) => self.state = State::Denied(told),
            (State::Asking, Answer::Options(Some(Ok(options)))) => {
                self.options = Some(options);
                self.state = State::Body;
            }
            (State::Scanning, Answer::Page(page)) => {
                // No file could hold more, nor should the memory.
                let bytes = self.scans.bytes().saturating_add(page.jpeg().len());
                let many = self.scans.pages.len() >= PAGES_MOST && self.scans.instead_of.is_none();
                if many || u64::try_from(bytes).unwrap_or(u64::MAX) > facts.limits.total_bytes.into() {
                    out.push(Action::StopScan);
                    let why = if many { ScanProblem::TooManyPages } else { ScanProblem::TooLarge };
                    self.state = State::From(Some(why));
                } else {
                    self.scans.last = self.scans.take(page);
                }
            }
            (State::Scanning, Answer::Scanned(Ok(()))) => {
                let more = self.scans.source == Some(Source::Feeder) && self.scans.pages.len() > 1;
                if more {
                    self.state = State::MoreSheets;
                } else {
                    self.look_at(self.scans.last);
                }
            }
            (State::Scanning, Answer::Scanned(Err(problem))) => self.state = State::From(Some(problem)),
            (State::Making, Answer::Made(Some(files))) => self.made(facts, files),
            (State::Making, Answer::Made(None)) => self.state = State::From(Some(ScanProblem::TooLarge)),
            (State::Sending { file, of, percent }, Answer::Sent { file: now, of: all, percent: done }) => {
                (*file, *of, *percent) = (now, all, done);
            }
            (State::Sending { .. }, Answer::Presented(presented)) => self.presented(presented, &mut out),
            (State::Signing(_), answer) => self.answer_signing(answer, &mut out),
            (State::Registered(_, slip), Answer::Printed(printed)) if *slip == Slip::Printing => {
                *slip = if printed { Slip::Printed } else { Slip::Impossible };
            }
            // Asked before the citizen turned back.
            (_, _) => {}
        }
        out
    }

    pub(super) fn presented(&mut self, presented: Presented, out: &mut Actions) {
        self.state = match presented {
            Presented::Registered(entry) => {
                out.push(Action::PrintReceipt(entry.clone()));
                // What was written and scanned is the registry's now.
                (self.form, self.documents, self.scans, self.picture) = Default::default();
                State::Registered(entry, Slip::Printing)
            }
            Presented::Refused(told) => State::Refused(told),
            Presented::NotSent => State::Trouble(PetitionTrouble::NotSent),
            Presented::Unknown { reference } => {
                State::Trouble(PetitionTrouble::RegisteredUnknown { reference })
            }
        };
    }

    fn address_to(&mut self, body: usize) {
        if self.options.as_ref().is_some_and(|options| body < options.bodies.len()) {
            self.form.body = body;
            if self.changing { self.check() } else { self.state = State::OnBehalf }
        }
    }

    /// The page that follows one that is done.
    fn after(&mut self, facts: &Facts<'_>, done: State) {
        if self.changing {
            return self.check();
        }
        match done {
            State::OnBehalf => self.open(facts, Field::Facts),
            State::Documents => self.state = State::Notification,
            _ => self.check(),
        }
    }

    /// Shows a page that was read.
    fn look_at(&mut self, at: usize) {
        self.picture = self.scans.pages.get(at).map(picture).unwrap_or_default();
        self.state = State::Page(at);
    }

    /// Asks first: what was written and scanned would be lost.
    fn give_up(&mut self) {
        let before = std::mem::replace(&mut self.state, State::Check);
        self.state = State::GiveUp(Box::new(before));
    }

    fn check(&mut self) {
        // Who has turned back half-way has changed nothing that cannot stand alone.
        let half = |of: &Represented| {
            of.name.as_str().is_empty() || (of.is_person() && of.surnames.as_str().is_empty())
        };
        if self.form.represented.as_ref().is_some_and(half) {
            self.form.represented = None;
        }
        if self.form.contact.address.as_str().is_empty() && !self.may_skip(Field::PostalAddress) {
            self.form.contact.postal = false;
        }
        self.changing = false;
        self.state = State::Check;
    }

    /// From the page where everything is checked to a part of it.
    fn change(&mut self, facts: &Facts<'_>, part: u8) {
        let Some(part) = ui::PetitionPart::ALL.get(usize::from(part)) else { return };
        self.changing = true;
        match part {
            ui::PetitionPart::To => self.state = State::Body,
            // It is the card's.
            ui::PetitionPart::Person => self.check(),
            ui::PetitionPart::Represented => self.state = State::OnBehalf,
            ui::PetitionPart::Facts => self.open(facts, Field::Facts),
            ui::PetitionPart::Request => self.open(facts, Field::Request),
            ui::PetitionPart::Notification => self.state = State::Notification,
            ui::PetitionPart::Contact => self.open(facts, Field::Telephone),
            ui::PetitionPart::Attachments => self.state = State::Documents,
        }
    }

    fn open(&mut self, facts: &Facts<'_>, field: Field) {
        let editor = Editor::new(field.rules(&facts.limits), self.written(field));
        self.state = State::Writing(field, editor, None);
    }

    fn written(&self, field: Field) -> &str {
        let represented = self.form.represented.as_ref();
        let contact = &self.form.contact;
        let text = match field {
            Field::RepresentedNumber => represented.map(|of| &of.number),
            Field::RepresentedName => represented.map(|of| &of.name),
            Field::RepresentedSurnames => represented.map(|of| &of.surnames),
            Field::Facts => Some(&self.form.facts),
            Field::Request => Some(&self.form.request),
            Field::PostalAddress => Some(&contact.address),
            Field::Telephone => Some(&contact.telephone),
            Field::Email => Some(&contact.email),
            Field::AttachmentName => Some(&self.scans.name),
        };
        text.map_or("", PrivateText::as_str)
    }

    fn write(&mut self, facts: &Facts<'_>, intent: Intent) {
        let State::Writing(field, ..) = &self.state else { return };
        let (field, may_skip) = (*field, self.may_skip(*field));
        let State::Writing(_, editor, problem) = &mut self.state else { return };
        match intent {
            Intent::Confirm => match field.checked(&editor.text()) {
                Ok(text) => self.wrote(facts, field, text),
                Err(why) => *problem = Some(why),
            },
            Intent::Skip if may_skip => self.wrote(facts, field, PrivateText::default()),
            Intent::Back => self.back_from(facts, field),
            Intent::Cancel => self.give_up(),
            intent => {
                if editor.touch(intent) {
                    *problem = None;
                }
            }
        }
    }

    /// Puts what was written in its place, and goes on.
    fn wrote(&mut self, facts: &Facts<'_>, field: Field, text: PrivateText) {
        let next = match field {
            Field::RepresentedNumber => {
                self.form.represented.get_or_insert_default().number = text;
                return self.open(facts, Field::RepresentedName);
            }
            Field::RepresentedName => {
                let represented = self.form.represented.get_or_insert_default();
                represented.name = text;
                if represented.is_person() {
                    return self.open(facts, Field::RepresentedSurnames);
                }
                represented.surnames = PrivateText::default();
                Field::Facts
            }
            Field::RepresentedSurnames => {
                self.form.represented.get_or_insert_default().surnames = text;
                Field::Facts
            }
            Field::Facts => {
                self.form.facts = text;
                Field::Request
            }
            Field::Request => {
                self.form.request = text;
                if self.changing {
                    self.check()
                } else {
                    self.state = State::Documents
                }
                return;
            }
            Field::PostalAddress => {
                self.form.contact.address = text;
                Field::Telephone
            }
            Field::Telephone => {
                self.form.contact.telephone = text;
                return self.open(facts, Field::Email);
            }
            Field::Email => {
                self.form.contact.email = text;
                return self.check();
            }
            Field::AttachmentName => {
                self.scans.name = self.unused(text.as_str().to_owned());
                let renamed = self.scans.document.filter(|_| self.scans.pages.is_empty());
                self.state = match renamed.and_then(|at| self.documents.get_mut(at)) {
                    Some(document) => {
                        document.name = self.scans.name.clone();
                        State::Documents
                    }
                    None => State::From(None),
                };
                return;
            }
        };
        if self.changing { self.check() } else { self.open(facts, next) }
    }

    fn back_from(&mut self, facts: &Facts<'_>, field: Field) {
        // What is written is kept where it is long; what is short is checked first.
        if let (State::Writing(_, editor, _), false) = (&self.state, self.changing) {
            let text = || PrivateText::from(editor.text());
            match field {
                Field::Facts => self.form.facts = text(),
                Field::Request => self.form.request = text(),
                _ => {}
            }
        }
        match field {
            Field::AttachmentName if self.scans.document.is_some() => self.state = State::Documents,
            Field::AttachmentName => self.state = State::Naming,
            _ if self.changing => self.check(),
            Field::RepresentedNumber => self.state = State::OnBehalf,
            Field::RepresentedName => self.open(facts, Field::RepresentedNumber),
            Field::RepresentedSurnames => self.open(facts, Field::RepresentedName),
            Field::Facts => self.state = State::OnBehalf,
            Field::Request => self.open(facts, Field::Facts),
            Field::PostalAddress => self.state = State::Notification,
            Field::Telephone => self.state = State::Notification,
            Field::Email => self.open(facts, Field::Telephone),
        }
    }

    fn read(&mut self, facts: &Facts<'_>, from: u8, out: &mut Actions) {
        let source = match from {
            0 if facts.feeder => Source::Feeder,
            1 if facts.flatbed => Source::Flatbed,
            _ => return,
        };
        self.scans.source = Some(source);
        self.scans.last = self.scans.pages.len();
        out.push(Action::Scan(source));
        self.state = State::Scanning;
    }

    fn on_page(&mut self, at: usize, intent: Intent, out: &mut Actions) {
        let count = self.scans.pages.len();
        match intent {
            Intent::Turn => {
                if let Some(page) = self.scans.pages.get_mut(at) {
                    page.set_quarter_turns(page.quarter_turns() + 1);
                    self.look_at(at);
                }
            }
            Intent::RemovePage => {
                if at < count {
                    self.scans.pages.remove(at);
                }
                match count.checked_sub(2) {
                    Some(last) => self.look_at(at.min(last)),
                    None => self.state = State::From(None),
                }
            }
            Intent::ScanAgain => {
                self.scans.instead_of = Some(at);
                self.state = State::From(None);
            }
            Intent::PageBack => self.look_at(at.saturating_sub(1)),
            Intent::PageForward => self.look_at((at + 1).min(count.saturating_sub(1))),
            Intent::AddPage => self.state = State::From(None),
            Intent::Confirm => {
                let pages = self.scans.pages.clone();
                out.push(Action::Make { pages, title: self.scans.name.clone() });
                self.state = State::Making;
            }
            Intent::Back => self.state = State::From(None),
            _ => {}
        }
    }

    /// The files of a document are there: it takes its place, if there is room for it.
    fn made(&mut self, facts: &Facts<'_>, files: Vec<File>) {
        let document = Document { name: self.scans.name.clone(), files };
        let replaced = self.scans.document.filter(|at| *at < self.documents.len());
        let others = (0..).zip(&self.documents).filter(|(at, _)| Some(*at) != replaced).map(|(_, it)| it);
        let (mut files, mut bytes) = (document.files.len(), u64::from(document.bytes()));
        for other in others {
            files += other.files.len();
            bytes += u64::from(other.bytes());
        }
        if files > facts.limits.attachments.into() || bytes > facts.limits.total_bytes.into() {
            self.state = State::From(Some(ScanProblem::TooLarge));
            return;
        }
        let parts = document.files.len();
        let at = match replaced.and_then(|at| self.documents.get_mut(at).map(|old| (at, old))) {
            Some((at, old)) => {
                *old = document;
                at
            }
            None => {
                self.documents.push(document);
                self.documents.len() - 1
            }
        };
        self.scans = Scans::default();
        // That it goes in parts is agreed to.
        self.state = if parts > 1 { State::Document(at) } else { State::Documents };
    }

    /// It may be left empty: the sede knows it, or nobody needs it.
    pub(super) fn may_skip(&self, field: Field) -> bool {
        let known = self.options.as_ref().is_some_and(|options| options.known.address.is_some());
        field.is_optional() || (field == Field::PostalAddress && known)
    }

    /// Files of all documents.
    pub(super) fn files(&self) -> usize {
        self.documents.iter().map(|document| document.files.len()).sum()
    }

    pub(super) fn files_shown(&self) -> u8 {
        u8::try_from(self.files()).unwrap_or(u8::MAX)
    }

    /// Begins on a document that is there already.
    fn scans_of(&mut self, document: usize) {
        let name = self.documents.get(document).map(|document| document.name.clone()).unwrap_or_default();
        self.scans = Scans { document: Some(document), name, ..Scans::default() };
    }

    /// No two documents have the same name: a number makes them differ.
    fn unused(&self, name: String) -> PrivateText {
        let taken = |name: &str| {
            let own = self.scans.document;
            (0..).zip(&self.documents).any(|(at, other)| Some(at) != own && other.name.as_str() == name)
        };
        if !taken(&name) {
            return name.into();
        }
        let free = (2..=u8::MAX).map(|number| format!("{name} {number}")).find(|name| !taken(name));
        free.unwrap_or(name).into()
    }
}

/// How a page will stand in the file. One that cannot be drawn is shown empty, and is sent all the same.
fn picture(page: &DigitisedPage) -> Picture {
    match page.preview(LARGEST_PREVIEW) {
        Ok(of) => Picture { width: of.width, height: of.height, pixels: of.pixels.as_slice().into() },
        Err(error) => {
            tracing::warn!(%error, "a page cannot be shown");
            Picture::default()
        }
    }
}
