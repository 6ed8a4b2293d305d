//! The memory of the kiosk's process holds nothing of a citizen after the visit. That what is looked for would be
//! found is shown by finding it during the visit.
use reference_sede::{Endpoint, Fault, Rule};
use ui::Page;

use super::memory::{Needle, found};
use super::visit::{Act, look_before, model, rehearse, until_shows};
use super::*;

const PIN: &str = "PIN";
const NAME: &str = "name";
const NUMBER: &str = "DNI";
const CERTIFICATE: &str = "certificate";

/// What a card has of its holder: a piece of the certificate behind everything that all of them share.
fn needles(board: &Board, card: &str) -> Vec<Needle> {
    let card = board.citizens().card(card).expect("in the drawer");
    let citizen = card.citizen.expect("a card of somebody");
    let sede = board.sede().padron();
    let resident = sede.resident(citizen.number).expect("registered here").1.name.clone();
    let certificate = card.certificate.as_ref().expect("a card with a certificate");
    // Of the key, behind what all certificates share.
    let (_, own) = certificate.split_at(certificate.len() / 2);
    let piece = own.first_chunk::<24>().expect("a piece of it");
    vec![
        (PIN, card.pin.expect("a card with a PIN").as_bytes().to_vec()),
        (NAME, resident.into_bytes()),
        (NUMBER, citizen.number.as_bytes().to_vec()),
        (CERTIFICATE, piece.to_vec()),
    ]
}

fn count(found: &[(&'static str, u32)], what: &str) -> u32 {
    found.iter().find(|(name, _)| *name == what).map_or(0, |(_, count)| *count)
}

#[tokio::test]
async fn board_nothing_of_a_citizen_is_left_in_memory() {
    let mut board = board_with_shell().await;
    let mut model = model(&board);
    let card = "ordinary";
    let needles = needles(&board, card);
    let none: Vec<(&str, u32)> = needles.iter().map(|(what, _)| (*what, 0)).collect();
    assert_eq!(found(&board, &needles).await, none, "before anybody came");
    // The sede takes its time, so that the entry can be seen.
    let fault = Fault::Slow { millis: 3000 };
    board.sede().add_fault(Rule { endpoint: Some(Endpoint::Enter), nth: None, fault });
    board.cards.insert(board.citizens().card(card).expect("in the drawer").card.clone());
    for (view, act) in rehearse(card, qa::scenario::individual) {
        until_shows(&board, &mut model, &view).await;
        match &view.page {
            Page::Pin { complete: true, .. } if act == Act::Touch(ui::Intent::Confirm) => {
                let seen = found(&board, &needles).await;
                assert!(count(&seen, PIN) > 0, "the PIN is typed: {seen:?}");
            }
            Page::Certificates { .. } => {
                let seen = found(&board, &needles).await;
                assert!(count(&seen, NAME) > 0, "somebody is greeted: {seen:?}");
                assert_eq!(count(&seen, PIN), 0, "the PIN has done its work: {seen:?}");
            }
            _ => {}
        }
        match act {
            Act::Touch(intent) => {
                let place = model.place_of(&view, intent).expect("a button for it");
                look_before(&view.page).await;
                board.tap(place.0, place.1).await.expect("a touch");
                if matches!(view.page, Page::Pin { .. }) && intent == ui::Intent::Confirm {
                    let sede = board.sede().clone();
                    let before = sede.requests();
                    // Session, revocation, entry: the third is under way.
                    wait_until("the entry", || sede.requests() >= before + 2).await;
                    let seen = found(&board, &needles).await;
                    assert!(count(&seen, CERTIFICATE) > 0, "the certificate is shown: {seen:?}");
                    assert!(count(&seen, NUMBER) > 0, "and the number in it: {seen:?}");
                }
            }
            Act::TakePaper => assert!(board.page_printer.take_presented(), "it hangs out"),
            Act::TakeCard => drop(board.cards.remove()),
        }
    }
    until_open(&mut board).await;
    let left = found(&board, &needles).await;
    assert_eq!(left, none, "after the visit");
}
