//! A petition at the front panel, in a real browser: three documents, one of them five sheets from the feeder; a page
//! is turned, one is removed and scanned again; the registry has what the scanner saw, the receipt says what the
//! registry has, and nothing of it is left in the kiosk.
use std::sync::Arc;

use digitisation::{DigitisedPage, RawPage, Settings, digitise};
use emulated_board::browser::Browser;
use emulated_board::panel;
use qa::model::Model;
use qa::scenario::{Kiosk, World};
use sha2::{Digest, Sha256};
use simulators::escl::{Place, Scanner};
use simulators::saned::Picture;
use tokio::sync::Mutex;
use ui::{Intent, Page, Service, Slip, View, WriteKeys};

use super::memory::{Needle, files_with, found};
use super::visit::{key, look_before, model, touch, until_is_on};
use super::*;

pub const CARD: &str = "ordinary";
const FACTS: &str = "Farola";
const REQUEST: &str = "Luz ya";

/// Documents of the panel's shelf, of three sheets, one and one.
const FEEDER: [&str; 3] = ["report", "letter", "note"];

/// What the citizen does, in words that a page gives a meaning to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Touch(Intent),
    /// Puts five sheets into the feeder, and touches.
    Feed(Intent),
    /// Lays a document on the glass, and touches.
    Lay(&'static str, Intent),
}

/// The documents.
const DOCUMENTS: &[Act] = &[
    Act::Touch(Intent::AddAttachment),
    Act::Touch(Intent::Choose(0)),
    Act::Feed(Intent::Choose(0)),
    Act::Touch(Intent::RemoveBlank),
    Act::Touch(Intent::Turn),
    Act::Touch(Intent::PageForward),
    Act::Touch(Intent::RemovePage),
    Act::Touch(Intent::ScanAgain),
    Act::Lay("form", Intent::Choose(1)),
    Act::Touch(Intent::Confirm),
    Act::Touch(Intent::AddAttachment),
    Act::Touch(Intent::Choose(1)),
    Act::Lay("identity-card", Intent::Choose(1)),
    Act::Touch(Intent::Confirm),
    Act::Touch(Intent::AddAttachment),
    Act::Touch(Intent::Choose(2)),
    Act::Lay("receipt", Intent::Choose(1)),
    Act::Touch(Intent::Confirm),
];

/// From the documents over how to be told, and the consent, to the registry.
const TO_REGISTRY: [Act; 7] = [
    Act::Touch(Intent::Confirm),
    Act::Touch(Intent::Choose(0)),
    Act::Touch(Intent::Skip),
    Act::Touch(Intent::Skip),
    Act::Touch(Intent::Confirm),
    Act::Touch(Intent::Confirm),
    Act::Touch(Intent::Confirm),
];

pub type Step = (View, Act);

/// A whole petition with these documents in a kiosk without a board, with other papers: the same pages, but for what is
/// on them.
pub fn rehearse(documents: &[Act]) -> Vec<Step> {
    let way = [documents, &TO_REGISTRY].concat();
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime").block_on(rehearsed(&way))
    };
    std::thread::spawn(work).join().expect("a rehearsal")
}

async fn rehearsed(way: &[Act]) -> Vec<Step> {
    let world = World::new();
    let pin = world.citizens.card(CARD).and_then(|card| card.pin).expect("a card with a PIN");
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    kiosk.until_offered(Service::Petition).await;
    world.cards.insert(world.card(CARD));
    let mut way = way.iter();
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let last = steps.last().map(|(view, _)| view.clone());
        let is_new = |view: &View| last.as_ref() != Some(view) && waits(&view.page);
        let view = kiosk.until_view("a page that waits for the citizen", is_new).await;
        let act = match first(&view.page, pin) {
            Some(intent) => Act::Touch(intent),
            None => *way.next().expect("the way is longer"),
        };
        let over = matches!(view.page, Page::Registered { .. });
        steps.push((view, act));
        if over {
            return steps;
        }
        let intent = match act {
            Act::Touch(intent) => intent,
            Act::Feed(intent) => {
                world.saned.feed((1..=5).map(|seed| Picture::marked(320, 440, 3, seed).into()));
                intent
            }
            Act::Lay(_, intent) => {
                world.saned.lay(Picture::marked(320, 440, 3, 9));
                intent
            }
        };
        kiosk.wish(intent).await;
    }
}

/// A page on which nothing happens without the citizen.
fn waits(page: &Page) -> bool {
    !matches!(
        page,
        Page::Attract { .. }
            | Page::Working { .. }
            | Page::Card { .. }
            | Page::Registered { receipt: Slip::Printing, .. }
            | Page::ScanFrom { feeder: false, .. }
    )
}

/// What is done up to the documents.
fn first(page: &Page, pin: &str) -> Option<Intent> {
    match page {
        Page::Menu { .. } => Some(Intent::Service(Service::Petition)),
        Page::Pin { characters, keys, .. } => Some(key(pin.chars().nth((*characters).into()), *keys)),
        Page::Choose { question: ui::Question::Body, .. } => Some(Intent::Choose(1)),
        Page::OnBehalf => Some(Intent::Choose(0)),
        Page::Write { field: ui::WriteField::Facts, text, keys, .. } => Some(letter(FACTS, text, *keys)),
        Page::Write { field: ui::WriteField::Request, text, keys, .. } => Some(letter(REQUEST, text, *keys)),
        _ => None,
    }
}

/// The next touch towards a text.
fn letter(wanted: &str, text: &str, keys: WriteKeys) -> Intent {
    let Some(next) = wanted.chars().nth(text.chars().count()) else { return Intent::Confirm };
    match (next.is_uppercase(), keys) {
        (true, WriteKeys::Small) => Intent::WriteKeys(WriteKeys::Capital),
        (false, WriteKeys::Capital | WriteKeys::CapitalLock) if next.is_alphabetic() => {
            Intent::WriteKeys(WriteKeys::Small)
        }
        _ => Intent::Letter(next),
    }
}

/// The pages of the document that is being read, as the kiosk has to make them of what the scanner gave.
pub struct Expected {
    pub scanner: Scanner,
    delivered: usize,
    pub pages: Vec<DigitisedPage>,
    at: usize,
    again: bool,
}

impl Expected {
    /// Of what this scanner is going to read.
    pub fn of(scanner: Scanner) -> Self {
        let delivered = scanner.deliveries().len();
        Expected { scanner, delivered, pages: Vec::new(), at: 0, again: false }
    }

    /// Pages that came since the last look.
    pub fn arrived(&mut self) {
        for delivery in self.scanner.deliveries().into_iter().skip(self.delivered) {
            self.delivered += 1;
            let image = self.scanner.image(delivery.number).expect("the page");
            let image = image::load_from_memory(&image).expect("a picture").to_rgb8();
            let (width, height) = image.dimensions();
            let raw = RawPage { width, height, channels: 3, dpi: delivery.dpi, pixels: image.into_raw() };
            let page = digitise(raw, &Settings::default()).expect("a page");
            if std::mem::take(&mut self.again) {
                self.pages[self.at] = page;
            } else {
                self.pages.push(page);
            }
        }
    }

    fn touched(&mut self, on: &Page, intent: Intent) {
        match (on, intent) {
            (Page::Attachments { .. }, Intent::AddAttachment) => (self.pages, self.at) = (Vec::new(), 0),
            (Page::MoreSheets { .. }, Intent::RemoveBlank) => self.pages.retain(|page| !page.is_blank()),
            (Page::ScannedPage { .. }, Intent::Turn) => {
                let page = &mut self.pages[self.at];
                page.set_quarter_turns(page.quarter_turns() + 1);
            }
            (Page::ScannedPage { .. }, Intent::PageForward) => self.at += 1,
            (Page::ScannedPage { .. }, Intent::RemovePage) => drop(self.pages.remove(self.at)),
            (Page::ScannedPage { .. }, Intent::ScanAgain) => self.again = true,
            _ => {}
        }
    }

    /// The rehearsed view with what the board's scanner saw, and the same with a negative of it.
    fn view(&self, view: &View) -> Option<(View, View)> {
        let Page::ScannedPage { .. } = view.page else { return None };
        let preview = self.pages[self.at].preview(1000).expect("a preview");
        let with = |pixels: Vec<u8>| {
            let mut view = view.clone();
            if let Page::ScannedPage { picture, blank, .. } = &mut view.page {
                *picture =
                    ui::Picture { width: preview.width, height: preview.height, pixels: pixels.into() };
                *blank = self.pages[self.at].is_blank();
            }
            view
        };
        let negative = preview.pixels.as_slice().iter().map(|value| !value).collect();
        Some((with(preview.pixels.as_slice().to_vec()), with(negative)))
    }
}

/// What is looked for: what the citizen wrote, and a piece of a document as it is sent.
pub fn needles(document: &[u8]) -> Vec<Needle> {
    let (_, behind) = document.split_at(document.len() / 2);
    let piece = behind.first_chunk::<24>().expect("a piece of it").to_vec();
    vec![("facts", FACTS.as_bytes().to_vec()), ("request", REQUEST.as_bytes().to_vec()), ("document", piece)]
}

/// Waits until so many sheets are there.
pub async fn until_at(scanner: &Scanner, place: Place, sheets: usize) {
    wait_until("the sheets in their place", || scanner.snapshot().at(place).count() == sheets).await;
}

pub async fn seen(board: &Mutex<Board>, model: &mut Model, expected: &Expected, view: &View) -> View {
    let Some((known, negative)) = expected.view(view) else {
        model.show(view.clone());
        until_is_on(board, model, view).await;
        return view.clone();
    };
    model.show_but(known.clone(), negative);
    // The page around it may be there before the picture is.
    let mut beat = time::interval(Duration::from_millis(200));
    let showing = async {
        loop {
            beat.tick().await;
            let screen = until_is_on(board, model, &known).await;
            if model.likeness(&screen) > 0.7 {
                return;
            }
        }
    };
    time::timeout(PATIENCE, showing).await.expect("what is shown is what was scanned");
    known
}

#[tokio::test]
async fn board_a_citizen_files_a_petition_with_scanned_documents() {
    let way = rehearse(DOCUMENTS);
    let board = Arc::new(Mutex::new(board_with_shell().await));
    let mut model = model(&*board.lock().await);
    let scanner = board.lock().await.scanner.clone();
    let served = panel::serve(board.clone(), 0).await.expect("the panel");
    let folder = tempfile::tempdir().expect("a folder");
    let mut page = Browser::start(folder.path()).await;
    page.open(&format!("http://{}/#cards", served.address)).await;
    page.click(&format!("card-insert-{CARD}")).await;
    page.click("tab-scanner").await;
    let mut expected = Expected::of(scanner);
    let mut wanted = Vec::new();
    for (number, (view, act)) in way.iter().enumerate() {
        if let Page::Registered { .. } = view.page {
            break;
        }
        // A page is shown when it is all there.
        if let Page::ScannedPage { pages, .. } = view.page {
            expected.arrived();
            assert_eq!(expected.pages.len(), usize::from(pages), "{:?}", view.page);
        }
        if let Page::MoreSheets { .. } = view.page {
            model.show(view.clone());
            until_is_on(&board, &model, view).await;
            expected.arrived();
        }
        let view = seen(&board, &mut model, &expected, view).await;
        page.picture(&pictures().join(format!("petition-{number:02}.png"))).await;
        if let Page::PetitionCheck { .. } = view.page {
            let inside = found(&*board.lock().await, &needles(&[0; 64])[..2]).await;
            assert!(inside.iter().all(|(_, count)| *count > 0), "it would be found: {inside:?}");
        }
        let intent = match *act {
            Act::Touch(intent) => intent,
            Act::Feed(intent) => {
                for document in FEEDER {
                    page.click(&format!("scanner-tray-{document}")).await;
                }
                until_at(&expected.scanner, Place::Tray, 5).await;
                intent
            }
            Act::Lay(document, intent) => {
                // What lay there before is taken off.
                if expected.scanner.snapshot().at(Place::Glass).count() > 0 {
                    page.click("scanner-take-glass").await;
                    until_at(&expected.scanner, Place::Glass, 0).await;
                }
                page.click(&format!("scanner-glass-{document}")).await;
                until_at(&expected.scanner, Place::Glass, 1).await;
                intent
            }
        };
        expected.touched(&view.page, intent);
        let place = model.place_of(&view, intent).expect("a button for it");
        if !matches!(&view.page, Page::Write { text, .. } if !text.is_empty()) {
            look_before(&view.page).await;
        }
        touch(&mut page, &board, place).await;
        if scans(intent, &view.page) {
            let (scanner, before) = (expected.scanner.clone(), expected.delivered);
            let pages = if let Act::Feed(_) = act { 10 } else { 1 };
            let all = || scanner.deliveries().iter().filter(|page| page.whole).count() >= before + pages;
            wait_until("the pages", all).await;
        }
    }
    let sede = board.lock().await.sede().clone();
    wait_until("the entry in the registry", || !sede.petitions().is_empty()).await;
    let petition = sede.petitions().remove(0);
    let (mut view, _) = way.last().cloned().expect("the last page");
    if let Page::Registered { number, at, effective, .. } = &mut view.page {
        let time = ciberkiosco::sede::MadridTime::of(petition.registered_at);
        let day =
            |date: jiff::civil::Date| ui::Day { year: date.year(), month: date.month(), day: date.day() };
        *number = petition.number.clone();
        *at = ui::moment(view.language, day(time.day()), time.time().hour(), time.time().minute());
        *effective = (petition.effective_on != time.day()).then(|| day(petition.effective_on));
    }
    let view = seen(&board, &mut model, &expected, &view).await;
    let printer = board.lock().await.printer.clone();
    wait_until("the receipt", || printer.last_paper().is_some()).await;
    page.picture(&pictures().join("petition-registered.png")).await;

    assert_eq!((petition.facts.as_str(), petition.asks.as_str()), (FACTS, REQUEST));
    let pages: Vec<u32> = petition.files.iter().map(|file| file.pages).collect();
    assert_eq!(pages, [4, 1, 1]);
    let receipt = printer.last_paper().expect("a receipt");
    std::fs::write(pictures().join("petition-receipt.png"), &receipt.png).expect("a picture");
    let printed = receipt.text.replace([' ', '\n'], "");
    for (number, file) in (1..).zip(&petition.files) {
        let content = sede.petition_file(&petition.request, number).expect("the file");
        let hash: String = Sha256::digest(&*content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, file.sha256);
        wanted = needles(&content);
        assert!(printed.contains(&hash), "{}", receipt.text);
        std::fs::write(pictures().join(format!("petition-{number}.pdf")), &*content).expect("a file");
    }
    let place = model.place_of(&view, Intent::Confirm).expect("a button for it");
    look_before(&view.page).await;
    touch(&mut page, &board, place).await;
    page.click("card-take-out").await;
    page.close().await;
    drop(served);
    let mut board = board.lock().await;
    until_open(&mut board).await;
    let none: Vec<(&str, u32)> = wanted.iter().map(|(what, _)| (*what, 0)).collect();
    assert_eq!(found(&board, &wanted).await, none, "in memory, after the visit");
    assert_eq!(files_with(&board, &wanted).await, Vec::<String>::new(), "in files, after the visit");
}

/// This touch sets the scanner to work.
fn scans(intent: Intent, on: &Page) -> bool {
    matches!((on, intent), (Page::ScanFrom { .. }, Intent::Choose(_)))
}
