//! The note in escrow when answers are lost, the validator is reset, or the transport jams.
mod common;

use std::time::Duration;

use common::Mishap;
use common::acceptors::Transport;
use common::kiosk::{BILL, Kiosk, cents, everything, simulate};
use hal_cctalk::{Acceptance, Anomaly, CashError, CashEvent, Device, Route};
use hal_device::{Cents, Status};
use tokio::time::{Instant, sleep};

/// A kiosk with a 20 euro note in escrow that was told of.
async fn with_note() -> Kiosk {
    let mut kiosk = Kiosk::ready().await;
    kiosk.bus.accept(everything()).await.unwrap();
    assert!(kiosk.bill(|b| b.insert_note(3)));
    assert!(matches!(kiosk.event().await, CashEvent::NoteEscrowed { value: Cents(2000), .. }));
    kiosk
}

fn stacked(event: &CashEvent) -> bool {
    matches!(event, CashEvent::NoteStacked { value: Cents(2000), .. })
}

fn returned(event: &CashEvent) -> bool {
    matches!(event, CashEvent::NoteReturned { value: Cents(2000), .. })
}

fn unknown(event: &CashEvent) -> bool {
    matches!(event, CashEvent::NoteUnknown { value: Cents(2000), .. })
}

#[test]
fn the_escrow_is_extended_every_ten_seconds_until_somebody_decides() {
    simulate(async {
        let mut kiosk = with_note().await;
        assert_eq!(kiosk.events_of(Duration::from_secs(65)).await, []);
        assert_eq!(kiosk.bill(|b| b.routes.clone()), [255; 6]);
        kiosk.bus.route(Route::Return).await.unwrap();
        assert!(returned(&kiosk.event().await));
        sleep(Duration::from_secs(30)).await;
        assert_eq!(kiosk.bill(|b| b.routes.len()), 7);
    });
}

#[test]
fn a_lost_answer_is_settled_by_the_event_without_a_second_route() {
    for mishap in
        [Mishap::ReplyLost, Mishap::BitWrong, Mishap::ByteLost, Mishap::LengthWrong, Mishap::TooLong]
    {
        simulate(async {
            let mut kiosk = with_note().await;
            kiosk.world.fault(BILL, 154, 1, mishap);
            kiosk.bus.route(Route::Stack).await.unwrap();
            assert!(stacked(&kiosk.event().await), "{mishap:?}");
            assert_eq!(kiosk.events_of(Duration::from_secs(60)).await, [], "{mishap:?}");
            assert_eq!(kiosk.bill(|b| b.routes.clone()), [1], "{mishap:?}");
        });
    }
}

#[test]
fn a_lost_route_is_sent_again_only_after_listening_for_two_and_a_half_seconds() {
    for mishap in [Mishap::RequestLost, Mishap::Nak, Mishap::Busy, Mishap::Collision] {
        simulate(async {
            let mut kiosk = with_note().await;
            kiosk.world.fault(BILL, 154, 1, mishap);
            let start = Instant::now();
            kiosk.bus.route(Route::Return).await.unwrap();
            assert!(returned(&kiosk.event().await), "{mishap:?}");
            assert!(start.elapsed() >= Duration::from_millis(2500), "{mishap:?}: {:?}", start.elapsed());
            assert_eq!(kiosk.world.sent(BILL, 154), [[0], [0]], "{mishap:?}");
        });
    }
}

#[test]
fn a_lost_route_is_not_sent_again_once_another_event_came_on_top() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.world.fault(BILL, 154, 1, Mishap::RequestLost);
        kiosk.bus.route(Route::Stack).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        kiosk.bill(|b| b.events.push(0, 20));
        assert!(matches!(kiosk.event().await, CashEvent::Anomaly { class: Anomaly::Note, code: 20, .. }));
        let start = Instant::now();
        assert!(unknown(&kiosk.event().await));
        assert!(start.elapsed() >= Duration::from_secs(30), "the validator may yet give it back by itself");
        assert_eq!(kiosk.world.count(BILL, 154), 1);
    });
}

#[test]
fn the_first_decision_holds_and_a_second_one_the_other_way_is_refused() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.world.fault(BILL, 154, 1, Mishap::RequestLost);
        kiosk.bus.route(Route::Stack).await.unwrap();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(kiosk.bus.route(Route::Return).await, Err(CashError::NoEscrow));
        assert_eq!(kiosk.bus.route(Route::Stack).await, Ok(()));
        assert!(stacked(&kiosk.event().await));
        assert!(kiosk.world.sent(BILL, 154).iter().all(|code| *code == [1]));
    });
}

#[test]
fn an_acknowledged_route_without_an_outcome_ends_unknown_after_few_repeats() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.bill(|b| b.transport = Transport::Idle);
        kiosk.bus.route(Route::Stack).await.unwrap();
        assert!(unknown(&kiosk.event().await));
        assert!(kiosk.bill(|b| b.routes.len()) <= 4);
        assert!(kiosk.bill(|b| b.routes.iter().all(|code| *code == 1)));
        sleep(Duration::from_secs(1)).await;
        assert!(!kiosk.status().validator.status.usable());
        assert!(!kiosk.bill(|b| b.master), "nothing more is accepted");
    });
}

#[test]
fn escrow_empty_says_nothing_and_the_events_decide() {
    simulate(async {
        let mut kiosk = with_note().await;
        // The validator's own timer has given the note back a moment ago.
        kiosk.bill(|b| {
            b.in_escrow = None;
            b.events.push(0, 1);
        });
        let _ = kiosk.bus.route(Route::Stack).await;
        assert!(returned(&kiosk.event().await));
        assert_eq!(kiosk.events_of(Duration::from_secs(60)).await, []);

        let mut kiosk = with_note().await;
        kiosk.bill(|b| b.transport = Transport::Empty);
        let start = Instant::now();
        kiosk.bus.route(Route::Stack).await.unwrap();
        assert!(unknown(&kiosk.event().await));
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(kiosk.bill(|b| b.routes.clone()), [1], "not sent again");
    });
}

#[test]
fn a_failed_transport_is_tried_again_and_the_late_event_counts() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.bill(|b| b.transport = Transport::Fails);
        kiosk.bus.route(Route::Stack).await.unwrap();
        sleep(Duration::from_secs(4)).await;
        assert_eq!(kiosk.bill(|b| b.routes.clone()), [1, 1]);
        kiosk.bill(|b| b.transport = Transport::Obeys);
        assert!(stacked(&kiosk.event().await));
    });
}

#[test]
fn a_jam_ends_unknown_unless_an_event_tells_within_three_seconds() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.bill(|b| (b.transport, b.fault) = (Transport::Idle, 39));
        kiosk.bus.route(Route::Stack).await.unwrap();
        sleep(Duration::from_millis(300)).await;
        kiosk.bill(|b| b.events.push(0, 7));
        assert!(matches!(kiosk.event().await, CashEvent::Anomaly { class: Anomaly::Fatal, code: 7, .. }));
        assert!(unknown(&kiosk.event().await));
        // What comes late must not make it money twice.
        kiosk.bill(|b| b.events.push(3, 0));
        let late = kiosk.events_of(Duration::from_secs(1)).await;
        assert!(matches!(late[..], [CashEvent::Anomaly { class: Anomaly::Dispute, .. }]), "{late:?}");
        assert!(
            matches!(kiosk.status().validator.status, Status::OutOfService(ref r) if r.id == "stacker-jam")
        );
        kiosk.bill(|b| b.fault = 0);
        sleep(Duration::from_secs(15)).await;
        assert_eq!(kiosk.status().validator.status, Status::Ready);

        let mut kiosk = with_note().await;
        kiosk.bill(|b| b.transport = Transport::Idle);
        kiosk.bus.route(Route::Stack).await.unwrap();
        sleep(Duration::from_millis(300)).await;
        kiosk.bill(|b| {
            b.events.push(0, 16);
            b.events.push(3, 0);
        });
        assert!(matches!(kiosk.event().await, CashEvent::Anomaly { class: Anomaly::Fatal, code: 16, .. }));
        assert!(stacked(&kiosk.event().await));
    });
}

#[test]
fn a_reset_with_a_note_in_escrow_leaves_its_outcome_unknown() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.bus.route(Route::Stack).await.unwrap();
        kiosk.bill(|b| b.reset());
        let told = kiosk.events_of(Duration::from_secs(10)).await;
        assert!(unknown(&told[0]), "{told:?}");
        assert_eq!(told[1], CashEvent::EventsLost { device: Device::Validator, count: 0 });
        assert_eq!(told[2], CashEvent::DeviceReset { device: Device::Validator });
        assert_eq!(told.len(), 3);
        assert_eq!(kiosk.status().validator.status, Status::Ready);
        assert!(!kiosk.status().accepting.contains(&Cents(500)), "inhibited until it is asked for again");
        kiosk.bus.accept(everything()).await.unwrap();
        assert!(kiosk.bill(|b| b.insert_note(3)), "the escrow is in use again");
    });
}

#[test]
fn values_that_changed_at_a_reset_put_the_validator_out_of_service() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.bus.route(Route::Stack).await.unwrap();
        assert!(stacked(&kiosk.event().await));
        kiosk.bill(|b| {
            b.reset();
            b.ids[2] = "EU0200A";
        });
        sleep(Duration::from_secs(10)).await;
        assert!(
            matches!(kiosk.status().validator.status, Status::OutOfService(ref r) if r.id == "ids-changed")
        );
        let refused = kiosk.bus.accept(Acceptance { notes: cents([500]), coins: cents([]) }).await;
        assert!(matches!(refused, Err(CashError::OutOfService(Device::Validator, _))), "{refused:?}");
    });
}

#[test]
fn a_second_note_event_makes_the_first_unknown_and_is_never_routed_for_it() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.world.fault(BILL, 154, 1, Mishap::ReplyLost);
        kiosk.bill(|b| b.transport = Transport::Idle);
        kiosk.bus.route(Route::Stack).await.unwrap();
        sleep(Duration::from_millis(500)).await;
        kiosk.bill(|b| b.events.push(1, 1));
        assert!(unknown(&kiosk.event().await));
        assert!(matches!(kiosk.event().await, CashEvent::NoteEscrowed { value: Cents(500), .. }));
        sleep(Duration::from_secs(8)).await;
        assert_eq!(kiosk.bill(|b| b.routes.clone()), [1], "the new note waits for its own decision");
    });
}

#[test]
fn the_same_note_told_twice_is_one_note() {
    simulate(async {
        let mut kiosk = with_note().await;
        kiosk.bill(|b| b.events.push(3, 1));
        assert_eq!(kiosk.events_of(Duration::from_secs(2)).await, []);
        kiosk.bus.route(Route::Stack).await.unwrap();
        assert!(stacked(&kiosk.event().await));
        assert_eq!(kiosk.events_of(Duration::from_secs(2)).await, []);
    });
}

#[test]
fn a_reject_is_told_once_although_the_validator_also_says_returned() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        kiosk.bill(|b| {
            b.events.push(0, 2);
            b.events.push(0, 1);
        });
        let told = kiosk.events_of(Duration::from_secs(2)).await;
        assert_eq!(told, [CashEvent::Rejected { device: Device::Validator, code: 2 }]);
    });
}

#[test]
fn a_stacker_that_comes_back_lets_notes_in_again_by_itself() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        kiosk.bus.accept(everything()).await.unwrap();
        kiosk.bill(|b| {
            b.master = false;
            b.events.push(0, 11);
        });
        sleep(Duration::from_secs(1)).await;
        assert!(
            matches!(kiosk.status().validator.status, Status::OutOfService(ref r) if r.id == "stacker-removed")
        );
        assert!(!kiosk.status().accepting.contains(&Cents(500)));
        sleep(Duration::from_secs(45)).await;
        assert!(!kiosk.bill(|b| b.master), "not switched on while the stacker is away");
        kiosk.bill(|b| b.events.push(0, 12));
        sleep(Duration::from_secs(1)).await;
        assert_eq!(kiosk.status().validator.status, Status::Ready);
        assert!(kiosk.status().accepting.contains(&Cents(500)));
        assert!(kiosk.bill(|b| b.insert_note(1)));
        let told = kiosk.events_of(Duration::from_secs(1)).await;
        assert!(told.iter().all(|e| !matches!(e, CashEvent::EventsLost { .. })), "{told:?}");
    });
}

#[test]
fn a_code_that_no_document_lists_stops_accepting() {
    simulate(async {
        let mut kiosk = Kiosk::ready().await;
        for (pair, code) in [((0, 77), 77), ((2, 9), 9), ((5, 0), 5)] {
            kiosk.bus.accept(everything()).await.unwrap();
            kiosk.bill(|b| b.events.push(pair.0, pair.1));
            let told = kiosk.events_of(Duration::from_secs(2)).await;
            assert!(
                matches!(told[..], [CashEvent::Anomaly { class: Anomaly::Unknown, code: c, .. }] if c == code),
                "{told:?}"
            );
            assert!(!kiosk.bill(|b| b.master));
            assert!(matches!(kiosk.status().validator.status, Status::OutOfService(_)));
            kiosk.bill(|b| b.reset());
            kiosk.events_of(Duration::from_secs(10)).await;
            assert_eq!(kiosk.status().validator.status, Status::Ready);
            kiosk.bill(|b| b.events.push(0, 2));
            kiosk.events_of(Duration::from_secs(2)).await;
        }
    });
}
