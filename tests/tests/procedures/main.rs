//! Petitions and appointments, from the card to the paper in the tray; a file a mishap. Whatever happens, a petition is
//! registered once or not at all, the citizen is told which, and nothing of him is left.
mod appointments;
mod card_taken_out;
mod citizen_goes_away;
mod field_05_second_scan_on_the_same_handle;
mod kiosk_dies;
mod petition_registered;
mod scanner_fails;
mod sede_fails;
mod signed_with_the_card;
mod slot_taken_meanwhile;

use std::time::Duration;

use qa::scenario::{Kiosk, World};
use reference_sede::PetitionRecord;
use sha2::{Digest, Sha256};
use simulators::saned::Picture;
use ui::{Intent, Page, ScanProblem, Service, Slip, WriteField};

/// The PIN of the drawer's cards of the police and the FNMT.
const PIN: &str = "Prueba2026";

const FACTS: &str = "Hay un bache en la calle Mayor.\nEstá junto al número 12.";
const REQUEST: &str = "Que se repare.";

/// A sheet with something on it; the same for the same seed.
fn sheet(seed: u8) -> Picture {
    Picture::marked(320, 440, 3, seed)
}

/// With the drawer's usual card, on the page of the documents.
async fn to_documents(kiosk: &mut Kiosk, world: &World) {
    kiosk.come_for(Service::Petition, world, "ordinary").await;
    kiosk.type_pin(PIN).await;
    write_petition(kiosk).await;
}

/// Somebody known writes, up to the page of the documents.
async fn write_petition(kiosk: &mut Kiosk) {
    kiosk.until("to whom", |page| matches!(page, Page::Choose { .. })).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("for whom", |page| *page == Page::OnBehalf).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.write(WriteField::Facts, FACTS).await;
    kiosk.write(WriteField::Request, REQUEST).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
}

/// From the documents to the question where the next one lies.
async fn add_document(kiosk: &mut Kiosk, kind: u8) {
    kiosk.wish(Intent::AddAttachment).await;
    kiosk.until("what kind", |page| matches!(page, Page::Choose { .. })).await;
    kiosk.wish(Intent::Choose(kind)).await;
    kiosk.until("where it lies", |page| matches!(page, Page::ScanFrom { .. })).await;
}

/// Reads what lies on the glass, and takes it as the whole document.
async fn from_the_glass(kiosk: &mut Kiosk, world: &World, seed: u8) {
    world.saned.lay(sheet(seed));
    kiosk.until("a scanner", |page| matches!(page, Page::ScanFrom { flatbed: true, .. })).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("the page", |page| matches!(page, Page::ScannedPage { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the documents", |page| matches!(page, Page::Attachments { .. })).await;
}

/// From the documents to the page where everything is checked.
async fn to_check(kiosk: &mut Kiosk) {
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("how to notify", |page| matches!(page, Page::Notification { .. })).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.skip(WriteField::Telephone).await;
    kiosk.write(WriteField::Email, "vecina@correo.example").await;
    kiosk.until("the check", |page| matches!(page, Page::PetitionCheck { .. })).await;
}

/// From the check to what became of it.
async fn present(kiosk: &mut Kiosk) -> Page {
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the consent", |page| matches!(page, Page::Consent { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("an end", is_end).await
}

fn is_end(page: &Page) -> bool {
    match page {
        Page::Registered { receipt, .. } => *receipt != Slip::Printing,
        Page::PetitionTrouble { .. } => true,
        _ => false,
    }
}

fn is_attract(page: &Page) -> bool {
    matches!(page, Page::Attract { .. })
}

/// The one petition of the registry, whose files are what their hashes say, and whose receipt is printed.
#[track_caller]
fn check_registered(world: &World, files: usize) -> PetitionRecord {
    let petitions = world.sede.petitions();
    let [petition] = petitions.as_slice() else { panic!("{petitions:#?}") };
    assert_eq!((petition.facts.as_str(), petition.asks.as_str()), (FACTS, REQUEST));
    assert_eq!((petition.holder.as_str(), petition.files.len()), ("12345678Z", files));
    let receipt = world.printer.last_paper().expect("a receipt").text;
    assert!(receipt.contains(&petition.number), "{receipt}");
    for (number, file) in (1..).zip(&petition.files) {
        let content = world.sede.petition_file(&petition.request, number).expect("the file");
        let hash: String = Sha256::digest(&*content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, file.sha256, "of {}", file.name);
        assert!(receipt.replace([' ', '\n'], "").contains(&hash), "{receipt}");
        assert!(content.starts_with(b"%PDF-"), "{}", file.name);
    }
    petition.clone()
}

/// Nothing of the citizen is at the sede but what is in the registry, and his card is not asked for.
async fn check_nothing_is_left(kiosk: &mut Kiosk, world: &World) {
    world.cards.remove();
    kiosk.until("the attract page", is_attract).await;
    // A session that nobody ends is over after five minutes.
    tokio::time::sleep(Duration::from_secs(6 * 60)).await;
    assert_eq!((world.sede.drafts(), world.sede.sessions()), (0, 0));
    assert_eq!(world.saned.snapshot().wrong, Vec::<String>::new());
}
