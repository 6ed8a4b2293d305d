//! A petition with everything going wrong on its way: each mishap of the scanner has its page and can be mended there,
//! a town hall that does not answer is waited for, and when the power goes in the middle of the upload nothing is
//! registered and nothing of the citizen is left.
use qa::model::Model;
use reference_sede::{Endpoint, Fault, Rule};
use simulators::escl::{Place, Scanner, ScannerFault, document};
use tokio::sync::Mutex;
use ui::{Intent, Page, PetitionTrouble, ScanProblem, View};

use super::memory::{files_with, found};
use super::petition::{Act, CARD, Expected, Step, needles, rehearse, seen};
use super::visit::{look_before, model, until_seen};
use super::*;

/// One document of one page from the glass.
const DOCUMENTS: &[Act] = &[
    Act::Touch(Intent::AddAttachment),
    Act::Touch(Intent::Choose(0)),
    Act::Lay("letter", Intent::Choose(1)),
    Act::Touch(Intent::Confirm),
];

/// What happens to the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    Empty,
    Jam,
    /// The scanner feels two sheets; its driver says that paper is jammed.
    DoubleFeed,
    Cover,
    /// The scan service dies while a sheet is read.
    ServiceKilled,
    /// The cable is pulled while a sheet is read.
    Unplugged,
    /// The scanner takes the request and never answers.
    Deaf,
}

const MISHAPS: [(Mishap, ScanProblem); 7] = [
    (Mishap::Empty, ScanProblem::FeederEmpty),
    (Mishap::Jam, ScanProblem::Jam),
    (Mishap::DoubleFeed, ScanProblem::Jam),
    (Mishap::Cover, ScanProblem::CoverOpen),
    (Mishap::ServiceKilled, ScanProblem::Failed),
    (Mishap::Unplugged, ScanProblem::Failed),
    (Mishap::Deaf, ScanProblem::Failed),
];

/// Before the touch.
fn prepare(scanner: &Scanner, mishap: Mishap) {
    if mishap != Mishap::Empty {
        for sheet in document("report").expect("on the shelf").sheets() {
            scanner.load(sheet.clone()).expect("room in the feeder");
        }
    }
    match mishap {
        Mishap::Empty => {}
        Mishap::Jam => scanner.fault(ScannerFault::JamAtSheet { nth: 1 }),
        Mishap::DoubleFeed => scanner.fault(ScannerFault::DoubleFeedAtSheet { nth: 1 }),
        Mishap::Cover => scanner.open_cover(),
        Mishap::ServiceKilled | Mishap::Unplugged => scanner.fault(ScannerFault::Slow { ms: 20_000 }),
        Mishap::Deaf => scanner.fault(ScannerFault::Deaf),
    }
}

/// While the scanner is at work.
async fn happen(board: &Board, mishap: Mishap) {
    let scanner = board.scanner.clone();
    match mishap {
        Mishap::ServiceKilled | Mishap::Unplugged => {
            wait_until("a sheet on its way", || scanner.snapshot().at(Place::Path).count() > 0).await;
            if mishap == Mishap::Unplugged {
                scanner.plug(false);
            } else {
                board.shell("kill -KILL $(pidof saned)").await.expect("the guest's shell");
            }
        }
        Mishap::Deaf => {
            let before = scanner.snapshot().requests;
            wait_until("a request", || scanner.snapshot().requests > before).await;
        }
        Mishap::Empty | Mishap::Jam | Mishap::DoubleFeed | Mishap::Cover => {}
    }
}

/// What a person does then.
fn mend(scanner: &Scanner) {
    scanner.fault(ScannerFault::Clear);
    scanner.plug(true);
    scanner.close_cover();
    for place in [Place::Path, Place::Tray, Place::Output] {
        scanner.take(place);
    }
}

async fn press(board: &Mutex<Board>, model: &mut Model, view: &View, intent: Intent) {
    let (x, y) = model.place_of(view, intent).expect("a button for it");
    look_before(&view.page).await;
    board.lock().await.tap(x, y).await.expect("a touch");
}

/// Each mishap in turn, from the page that asks for the paper and back to it.
async fn every_mishap(board: &Mutex<Board>, model: &mut Model, from: &View) -> View {
    let scanner = board.lock().await.scanner.clone();
    let mut shown = from.clone();
    for (mishap, problem) in MISHAPS {
        prepare(&scanner, mishap);
        press(board, model, &shown, Intent::Choose(0)).await;
        happen(&*board.lock().await, mishap).await;
        // The scanner is gone for a moment; what was wrong stays on the page until it is back.
        if matches!(mishap, Mishap::ServiceKilled | Mishap::Unplugged | Mishap::Deaf) {
            let page = Page::ScanFrom { feeder: false, flatbed: false, pages: 0, problem: Some(problem) };
            shown.page = page;
            until_seen(board, model, &shown).await;
        }
        if mishap != Mishap::Jam && mishap != Mishap::DoubleFeed && mishap != Mishap::Cover {
            mend(&scanner);
        }
        shown.page = Page::ScanFrom { feeder: true, flatbed: true, pages: 0, problem: Some(problem) };
        until_seen(board, model, &shown).await;
        mend(&scanner);
        println!("{mishap:?}: {problem:?}");
    }
    shown
}

#[tokio::test]
async fn board_papers_go_wrong_and_the_power_goes_in_the_upload() {
    let way: Vec<Step> = rehearse(DOCUMENTS);
    let board = Mutex::new(board_with_shell().await);
    let mut model = model(&*board.lock().await);
    let sede = board.lock().await.sede().clone();
    let mut expected = Expected::of(board.lock().await.scanner.clone());
    {
        let board = board.lock().await;
        board.cards.insert(board.citizens().card(CARD).expect("in the drawer").card.clone());
    }
    let mut consent = None;
    for (view, act) in &way {
        if let Page::ScannedPage { .. } = view.page {
            expected.arrived();
        }
        let mut view = seen(&board, &mut model, &expected, view).await;
        if let Page::ScanFrom { .. } = view.page {
            view = every_mishap(&board, &mut model, &view).await;
            expected = Expected::of(expected.scanner);
        }
        if let Page::Consent { .. } = view.page {
            consent = Some(view);
            break;
        }
        let (Act::Touch(intent) | Act::Feed(intent) | Act::Lay(_, intent)) = *act;
        if let Act::Lay(name, _) = *act {
            let sheet = document(name).expect("on the shelf").sheets()[0].clone();
            expected.scanner.put_on_glass(sheet).expect("room on the glass");
        }
        let before = expected.scanner.deliveries().len();
        press(&board, &mut model, &view, intent).await;
        if let Act::Lay(..) = *act {
            let scanner = expected.scanner.clone();
            wait_until("the page", || scanner.deliveries().iter().skip(before).any(|page| page.whole)).await;
        }
    }
    let consent = consent.expect("a consent at the end of the way");

    let rule = Rule { endpoint: Some(Endpoint::UploadPart), nth: None, fault: Fault::Refuse };
    sede.add_fault(rule);
    press(&board, &mut model, &consent, Intent::Confirm).await;
    let not_sent =
        View { page: Page::PetitionTrouble { trouble: PetitionTrouble::NotSent }, ..consent.clone() };
    until_seen(&board, &mut model, &View { step: None, ..not_sent.clone() }).await;
    assert!(sede.petitions().is_empty());

    sede.set_fault(None);
    let fault = Fault::Slow { millis: 8000 };
    sede.add_fault(Rule { endpoint: Some(Endpoint::UploadPart), nth: None, fault });
    press(&board, &mut model, &not_sent, Intent::Confirm).await;
    until_seen(&board, &mut model, &consent).await;
    press(&board, &mut model, &consent, Intent::Confirm).await;
    // It has come, and the kiosk does not know it yet.
    wait_until("the upload", || sede.arrived().iter().any(|bytes| !bytes.is_empty())).await;
    let wanted = needles(&sede.arrived().remove(0));
    let inside = found(&*board.lock().await, &wanted).await;
    assert!(inside.iter().all(|(_, count)| *count > 0), "it would be found: {inside:?}");
    let mut board = board.into_inner();
    board.power_cut().await.expect("the plug");
    drop(board.cards.remove());
    sede.set_fault(None);
    board.power_on().await.expect("the mains");
    until_open(&mut board).await;
    let none: Vec<(&str, u32)> = wanted.iter().map(|(what, _)| (*what, 0)).collect();
    assert_eq!(found(&board, &wanted).await, none, "in memory, after the cut");
    assert_eq!(files_with(&board, &wanted).await, Vec::<String>::new(), "in files, after the cut");
    assert!(sede.petitions().is_empty(), "nothing was registered");
}
