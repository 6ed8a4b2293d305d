//! Field case 7: the kiosk's clock is in another year, goes back, or jumps; a payment is in course at each step.
//!
//! The town's certificate is valid from yesterday, by the kiosk's own clock, as in TLS.
use std::time::Duration;

use ciberkiosco::ledger::{Entry, Record};
use jiff::{SignedDuration, Timestamp};
use reference_sede::{Endpoint, Fault};
use tokio::time::Instant;
use ui::{IncidentKind, Intent, Refusal, Service, Unavailable};

use super::*;

/// The battery of the clock is dead.
const WITHOUT_BATTERY: &str = "2000-01-01T00:00:00Z";

/// What one time server answered once.
const BOGUS: &str = "2036-02-07T06:28:16Z";

fn at(time: &str) -> Timestamp {
    time.parse().expect("a timestamp")
}

/// Numbers rise by one whatever the clock did, and an entry is marked as sure only when its time is right.
fn check_entries(world: &World) -> Vec<Record> {
    let records = world.records();
    let right = world.clock.time();
    for (record, number) in records.iter().zip(1..) {
        assert_eq!(record.seq, number);
        // No scenario here lasts longer than a day.
        let plausible = right.duration_since(record.at).abs() < SignedDuration::from_hours(24);
        assert!(plausible || !record.clock_sure, "a wrong time is marked: {record:?}");
    }
    records
}

/// No service that needs the sede is offered.
async fn until_sede_is_away(kiosk: &mut Kiosk) {
    kiosk
        .until("payments not offered for want of the sede", |page| match page {
            Page::Attract { services } => services.iter().any(|entry| {
                entry.service == Service::Payment && entry.unavailable == Some(Unavailable::SedeUnreachable)
            }),
            Page::OutOfService => true,
            _ => false,
        })
        .await;
}

/// Until the town hall has the money that was taken.
async fn until_booked(world: &World) {
    let booked = async {
        while world.sede.bookings().is_empty() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(600), booked).await.expect("booked once the clock is right");
}

#[tokio::test(start_paused = true)]
async fn a_clock_of_the_year_2000_says_so_and_takes_no_money_until_it_is_right() {
    let world = World::new();
    world.kiosk_clock.set(at(WITHOUT_BATTERY));
    let mut kiosk = Kiosk::start(&world);
    until_sede_is_away(&mut kiosk).await;
    let contact = format!("{:?}", kiosk.services.sede.reachable().borrow().contact);
    assert!(contact.contains("not valid yet by this kiosk's clock; check the clock first"), "{contact}");
    world.kiosk_clock.set_wrong(0);
    let page = kiosk.pay(&world).await;
    assert!(matches!(page, Page::Paid { .. }), "{page:?}");
    world.check_end();
    let records = check_entries(&world);
    assert!(records.iter().any(|record| !record.clock_sure && record.at < at("2001-01-01T00:00:00Z")));
    assert!(records.last().is_some_and(|record| record.clock_sure));
}

#[tokio::test(start_paused = true)]
async fn money_in_the_machine_is_kept_for_the_bill_when_the_clock_falls_back_to_2000() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.kiosk_clock.set(at(WITHOUT_BATTERY));
    // The connection that is kept ends with the booking: the next one is judged by the wrong clock.
    world.sede.fail_nth(1, Some(Endpoint::Pay), Fault::Refuse);
    kiosk.insert_note(&world, 2000).await;
    let Page::Incident(incident) = kiosk.until_over().await else { panic!("{:?}", kiosk.page()) };
    assert_eq!((incident.kind, incident.owed.0), (IncidentKind::PaymentToConfirm, 0), "it is said");
    assert_eq!(world.cash.truth().coins_paid_out.cents(), 460, "only the change is given");
    let receipt = world.printer.last_paper().expect("a receipt").text;
    assert!(receipt.contains("Fecha y hora (sin confirmar)"), "{receipt}");
    world.check_end();
    world.kiosk_clock.set_wrong(0);
    until_booked(&world).await;
    let order = &world.sede.orders()[0];
    assert!(order.booked && !order.order.clock_sure, "{order:?}");
    world.check_end();
    check_entries(&world);
}

#[tokio::test(start_paused = true)]
async fn a_saved_time_before_the_newest_entry_does_not_turn_the_ledger_back() {
    for enough in [false, true] {
        let world = World::new();
        let mut kiosk = Kiosk::start(&world);
        kiosk.to_cash(&world, "vehicle-tax").await;
        kiosk.insert_note(&world, 5000).await;
        if enough {
            kiosk.insert_note(&world, 2000).await;
        }
        kiosk.die().await;
        let newest = world.records().last().expect("entries").at;
        world.kiosk_clock.set(newest - SignedDuration::from_secs(100));
        let mut kiosk = Kiosk::start(&world);
        kiosk.until_open().await;
        world.check_end();
        let balance = world.balance();
        assert_eq!(balance.kept.0, if enough { 6540 } else { 0 });
        // Nobody knows how long it was off: coins are not paid out to an empty room.
        assert_eq!(balance.owed.0, balance.claimed.0);
        let start = world.records().iter().rposition(|record| matches!(record.entry, Entry::Started { .. }));
        let records = check_entries(&world);
        let started = &records[start.expect("it was started")];
        assert!(started.at < newest && !started.clock_sure, "{started:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bogus_2036_in_mid_payment_ends_nothing() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    let kept = world.records().len();
    world.kiosk_clock.set(at(BOGUS));
    tokio::time::sleep(Duration::from_secs(35)).await;
    assert!(matches!(kiosk.page(), Page::Cash { .. }), "{:?}", kiosk.page());
    assert_eq!(kiosk.views.borrow().idle_warning, None);
    kiosk.insert_coin(&world, 50).await;
    world.kiosk_clock.set_wrong(0);
    kiosk.insert_note(&world, 2000).await;
    let page = kiosk.until_over().await;
    let Page::Paid { change, .. } = page else { panic!("{page:?}") };
    assert_eq!(change.0, 510);
    world.check_end();
    let records = check_entries(&world);
    assert!(records.len() > kept, "nothing is deleted");
    let of_2036 = |record: &&Record| record.at > at("2036-01-01T00:00:00Z");
    assert!(records.iter().any(|record| of_2036(&record)), "the coin came in 2036");
    assert!(records.last().is_some_and(|record| record.clock_sure));
}

#[tokio::test(start_paused = true)]
async fn a_sede_that_says_2036_once_ends_nothing_either() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.to_cash(&world, "vehicle-tax").await;
    kiosk.insert_note(&world, 5000).await;
    world.sede_clock.set(at(BOGUS));
    // The menu is asked for every half minute: one answer, or two.
    tokio::time::sleep(Duration::from_secs(35)).await;
    world.sede_clock.set_wrong(0);
    kiosk.insert_note(&world, 1000).await;
    tokio::time::sleep(Duration::from_secs(35)).await;
    kiosk.insert_note(&world, 1000).await;
    let page = kiosk.until_over().await;
    assert!(matches!(page, Page::Paid { .. }), "{page:?}");
    world.check_end();
    let marks: Vec<bool> = check_entries(&world).iter().map(|record| record.clock_sure).collect();
    let unsure = marks.iter().rposition(|sure| !sure).expect("while the two differ, nothing is sure");
    assert!(marks[..unsure].contains(&true) && unsure + 1 < marks.len(), "{marks:?}");
}

/// Whether a bill can be paid is the sede's word alone.
async fn verdicts_by(clock: &str) {
    let mut world = World::new();
    world.certificate = None;
    world.kiosk_clock.set(at(clock));
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.scan("lapsed");
    let page = kiosk.until("a refusal", |page| matches!(page, Page::Refused { .. })).await;
    assert!(matches!(page, Page::Refused { refusal: Refusal::Lapsed { .. } }), "{page:?}");
    kiosk.wish(Intent::Cancel).await;
    let page = kiosk.pay(&world).await;
    let Page::Paid { change, .. } = page else { panic!("{page:?}") };
    assert_eq!(change.0, 460);
    world.check_end();
    assert!(check_entries(&world).iter().all(|record| !record.clock_sure), "it never agreed with the sede");
    let receipt = world.printer.last_paper().expect("a receipt").text;
    assert!(receipt.contains("10 de noviembre de 2026"), "the sede's own time of booking:\n{receipt}");
}

#[tokio::test(start_paused = true)]
async fn in_the_year_2000_a_bill_is_not_too_early() {
    verdicts_by(WITHOUT_BATTERY).await;
}

#[tokio::test(start_paused = true)]
async fn in_the_year_2036_a_bill_is_not_too_late() {
    verdicts_by(BOGUS).await;
}

/// How long an abandoned bill stays, and how long after its warning; with a clock that jumps meanwhile.
async fn patience(jumps: bool) -> (Duration, Duration) {
    let mut world = World::new();
    world.certificate = None;
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    let begin = Instant::now();
    world.scan("vehicle-tax");
    kiosk.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
    if jumps {
        world.kiosk_clock.set(at(BOGUS));
    }
    kiosk.until_view("the warning", |view| view.idle_warning.is_some()).await;
    let warned = begin.elapsed();
    if jumps {
        world.kiosk_clock.set(at(WITHOUT_BATTERY));
    }
    kiosk.until("the end of the session", |page| matches!(page, Page::Attract { .. })).await;
    (warned, begin.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_session_lasts_as_long_whatever_the_clock_does() {
    let usual = patience(false).await;
    assert!(usual.0 > Duration::from_secs(20) && usual.1 > usual.0);
    assert_eq!(patience(true).await, usual);
}

#[tokio::test(start_paused = true)]
async fn the_same_news_at_the_same_wrong_time_of_two_starts_are_two_events() {
    let mut world = World::new();
    world.certificate = None;
    for _ in 0..2 {
        // Each start without a battery begins at the same instant; here no time passes either.
        world.kiosk_clock.stop_at(at(WITHOUT_BATTERY));
        let mut kiosk = Kiosk::start(&world);
        kiosk.until_open().await;
        world.printer_port.unplug();
        tokio::time::sleep(Duration::from_secs(90)).await;
        world.printer_port.plug();
        kiosk.until_open().await;
        kiosk.die().await;
    }
    let told = world.sede.events();
    let absent = told.iter().filter(|event| event.event.detail.starts_with("printer: absent"));
    assert!(absent.clone().all(|event| !event.event.clock_sure), "{told:?}");
    assert_eq!(absent.count(), 2);
}
