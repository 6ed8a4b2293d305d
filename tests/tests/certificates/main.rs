//! A citizen with a card, from the insertion to the paper in the hand; a file a mishap. Whatever happens, the card is
//! given a PIN as often as one was typed, and no more.
mod a_certificate_in_hand;
mod card_fails_at_every_command;
mod card_refused;
mod card_taken_out_on_every_page;
mod kiosk_dies;
mod printer_fails;
mod reader_fails;
mod revocation;
mod sede_fails;
mod wrong_pin;

use std::time::Duration;

use qa::scenario::{Kiosk, World, individual};
use simulators::smartcard::{CardFault, VirtualCard};
use ui::{CardProblem, CardRefusal, DocumentTrouble, Intent, Page};

/// The PIN of the drawer's cards of the police and the FNMT.
const PIN: &str = "Prueba2026";

/// The card has been given a PIN so often, and never in the clear.
#[track_caller]
fn check_verified(card: &VirtualCard, typed: u32) {
    let counts = card.snapshot().counts;
    assert_eq!(counts.verifies, typed, "PINs given to the card: {counts:?}");
}

/// What the sede was told of papers, in its order: kind and number of the certificate.
async fn told(world: &World) -> Vec<(String, String)> {
    // The outbox goes at once; the sede answers in no time.
    tokio::time::sleep(Duration::from_secs(60)).await;
    let events = world.sede.events().into_iter().map(|event| event.event);
    events
        .filter(|event| event.kind.starts_with("certificate-"))
        .map(|event| (event.kind, event.detail))
        .collect()
}

/// What became of each paper, in its order.
async fn outcomes(world: &World) -> Vec<String> {
    told(world).await.into_iter().map(|(kind, _)| kind).collect()
}

fn is_attract(page: &Page) -> bool {
    matches!(page, Page::Attract { .. })
}
