//! The documents that go with a petition: read, looked at page by page, and put into files.
use digitisation::LARGEST_PREVIEW;
use ui::{Intent, ScanProblem};

use super::*;

/// Pages of one document at most.
pub const PAGES_MOST: usize = 100;

impl Petition {
    /// The citizen's wish where documents are added, changed and looked at.
    pub(super) fn wish_papers(&mut self, facts: &Facts<'_>, intent: Intent, out: &mut Actions) {
        let room = self.files() < facts.limits.attachments.into();
        match (&mut self.state, intent) {
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
            (State::From(_), Intent::Choose(from)) => self.read(facts, from, out),
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
                self.on_page(at, intent, out);
            }
            (_, _) => {}
        }
    }

    /// What came of the scanner and of the files.
    pub(super) fn answer_papers(&mut self, facts: &Facts<'_>, answer: Answer, out: &mut Actions) {
        match (&mut self.state, answer) {
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
            // Asked before the citizen turned back.
            (_, _) => {}
        }
    }

    /// Shows a page that was read.
    fn look_at(&mut self, at: usize) {
        self.picture = self.scans.pages.get(at).map(picture).unwrap_or_default();
        self.state = State::Page(at);
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
    pub(super) fn unused(&self, name: String) -> PrivateText {
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
