//! The validator is reset with a note in escrow, or jams.
use simulators::cctalk::{NoteFate, ValidatorFault};
use ui::IncidentKind;

use super::*;

async fn reset_in_escrow(fate: NoteFate) -> (World, Page) {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.cash.insert_note(2000);
    kiosk.until("a note in escrow", |page| matches!(page, Page::Cash { checking: true, .. })).await;
    world.cash.validator_fault(ValidatorFault::NoteAtReset(fate)).expect("fitted");
    world.cash.validator_fault(ValidatorFault::Reset).expect("fitted");
    let page = kiosk.until_over().await;
    world.check_end();
    (world, page)
}

#[tokio::test(start_paused = true)]
async fn reset_in_escrow_with_the_note_stacked_is_an_incident() {
    let (world, page) = reset_in_escrow(NoteFate::Stacked).await;
    let Page::Incident(incident) = page else { panic!("{page:?}") };
    assert_eq!(incident.kind, IncidentKind::NoteUnknown);
    assert_eq!(incident.in_question.0, 2000);
    assert_eq!(world.cash.truth().coins_paid_out.cents() + incident.owed.0, 5000);
}

#[tokio::test(start_paused = true)]
async fn reset_in_escrow_with_the_note_returned_is_the_same_incident() {
    let (world, page) = reset_in_escrow(NoteFate::Returned).await;
    let Page::Incident(incident) = page else { panic!("{page:?}") };
    assert_eq!(incident.kind, IncidentKind::NoteUnknown);
    assert_eq!(world.cash.truth().coins_paid_out.cents() + incident.owed.0, 5000);
}

#[tokio::test(start_paused = true)]
async fn reset_before_the_note_was_ever_told_is_said_not_to_be_counted() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.cash.insert_note(2000);
    let moving = async {
        while world.cash.snapshot().validator.is_none_or(|validator| validator.note_cents.is_none()) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), moving).await.expect("a note under way");
    world.cash.validator_fault(ValidatorFault::NoteAtReset(NoteFate::Stacked)).expect("fitted");
    world.cash.validator_fault(ValidatorFault::Reset).expect("fitted");
    let Page::Incident(incident) = kiosk.until_over().await else { panic!("{:?}", kiosk.page()) };
    assert_eq!(incident.kind, IncidentKind::MoneyUncounted);
    world.check_end();
}
