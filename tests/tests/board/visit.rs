//! A citizen with a card at the board: what is shown on the way is rehearsed without it, page by page, and then looked
//! for on its display.
use emulated_board::browser::Browser;
use qa::model::Model;
use qa::scenario::{Kiosk, World};
use tokio::sync::Mutex;
use ui::{CertificateKind, Intent, Page, PinKeys, Service, View};

use super::*;

/// What a citizen does on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Touches what means this.
    Touch(Intent),
    /// Takes the paper.
    TakePaper,
    /// Takes the card out.
    TakeCard,
}

/// A page, and what the citizen does on it.
pub type Step = (View, Act);

/// The way with a card of the drawer, from the menu to the last page.
pub fn rehearse(card: &'static str, wanted: fn(&CertificateKind) -> bool) -> Vec<Step> {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime").block_on(rehearsed(card, wanted))
    };
    std::thread::spawn(work).join().expect("a rehearsal")
}

async fn rehearsed(card: &str, wanted: fn(&CertificateKind) -> bool) -> Vec<Step> {
    let world = World::new();
    let pin = world.citizens.card(card).and_then(|card| card.pin).unwrap_or_default();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    kiosk.until_identifies().await;
    world.cards.insert(world.card(card));
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let last = steps.last().map(|(view, _)| view.clone());
        let is_new = |view: &View| last.as_ref() != Some(view) && waits(&view.page);
        let view = kiosk.until_view("a page that waits for the citizen", is_new).await;
        let act = act(&view.page, pin, wanted);
        steps.push((view, act));
        match act {
            Act::Touch(intent) => kiosk.wish(intent).await,
            Act::TakePaper => assert!(world.page_printer.take_presented(), "it hangs out"),
            Act::TakeCard => return steps,
        }
    }
}

/// A page on which nothing happens without the citizen.
fn waits(page: &Page) -> bool {
    !matches!(page, Page::Attract { .. } | Page::Working { .. } | Page::Card { .. })
}

fn act(page: &Page, pin: &str, wanted: fn(&CertificateKind) -> bool) -> Act {
    match page {
        Page::Menu { .. } => Act::Touch(Intent::Service(Service::Padron)),
        Page::Pin { characters, keys, .. } => Act::Touch(key(pin.chars().nth((*characters).into()), *keys)),
        Page::Certificates { kinds, .. } => {
            let place = kinds.iter().position(wanted).expect("it is offered");
            Act::Touch(Intent::Choose(u8::try_from(place).expect("a short list")))
        }
        Page::Certificate { .. } => Act::Touch(Intent::Confirm),
        Page::TakeDocument { .. } => Act::TakePaper,
        Page::DocumentTaken { .. } | Page::CardRefused { .. } => Act::TakeCard,
        other => panic!("not on this way: {other:?}"),
    }
}

/// The next touch towards a character of the PIN; the end of it is confirmed.
pub fn key(character: Option<char>, keys: PinKeys) -> Intent {
    let Some(character) = character else { return Intent::Confirm };
    match (character, keys) {
        ('0'..='9', PinKeys::Digits) => Intent::Digit(character as u8 - b'0'),
        ('0'..='9', _) => Intent::PinKeys(PinKeys::Digits),
        ('a'..='z', PinKeys::Small) | ('A'..='Z', PinKeys::Capital) => Intent::Letter(character),
        // Small letters are between digits and capitals.
        ('A'..='Z', PinKeys::Small) => Intent::PinKeys(PinKeys::Capital),
        _ => Intent::PinKeys(PinKeys::Small),
    }
}

/// Waits until the board shows a view. The panel needs the board as well: it is held for a look at a time.
pub async fn until_seen(board: &Mutex<Board>, model: &mut Model, view: &View) {
    model.show(view.clone());
    until_is_on(board, model, view).await;
}

/// The same of what was painted already; the picture in which it was found.
pub async fn until_is_on(board: &Mutex<Board>, model: &Model, view: &View) -> Screen {
    let mut beat = time::interval(Duration::from_millis(200));
    let waiting = async {
        loop {
            beat.tick().await;
            let screen = board.lock().await.machine().expect("on").screen().await.expect("a picture");
            if model.is_on(&screen) {
                return screen;
            }
        }
    };
    time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never shown: {view:?}"))
}

/// A finger on the panel's screen.
pub async fn touch(page: &mut Browser, board: &Mutex<Board>, (x, y): (u32, u32)) {
    let (width, height) = board.lock().await.display();
    page.click_at("screen", f64::from(x) / f64::from(width), f64::from(y) / f64::from(height)).await;
}

/// A person looks at a page before touching it; the fingers that type a PIN are there already.
pub async fn look_before(page: &Page) {
    if !matches!(page, Page::Pin { characters: 1.., .. }) {
        time::sleep(LOOK).await;
    }
}

/// The board's own pages.
pub fn model(board: &Board) -> Model {
    let world = World::new();
    let width_mm = world.board.display.width_mm;
    Model::new(world.settings.branding.clone(), world.board.places.clone(), board.display(), width_mm)
        .expect("the pages")
}

/// Waits until the board shows a view.
pub async fn until_shows(board: &Board, model: &mut Model, view: &View) {
    model.show(view.clone());
    wait_for_screen(board, |screen| model.is_on(screen)).await;
}
