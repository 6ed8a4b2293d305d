//! Somebody else takes the hour between the question and the answer, and answers are lost on the way.
use reference_sede::{Endpoint, Fault};

use super::appointments::{to_first, until_made};
use super::*;

async fn checked(world: &World) -> Kiosk {
    let mut kiosk = Kiosk::start(world);
    kiosk.identify(world, "ordinary").await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the menu", |page| matches!(page, Page::Menu { .. })).await;
    kiosk.wish(Intent::Service(Service::Appointment)).await;
    kiosk.until("new or own", |page| *page == Page::AppointmentStart).await;
    to_first(&mut kiosk, 0).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the check", |page| matches!(page, Page::AppointmentCheck { .. })).await;
    kiosk
}

#[tokio::test(start_paused = true)]
async fn the_next_ones_are_offered_at_once() {
    let world = World::new();
    let mut kiosk = checked(&world).await;
    world.sede.fail_nth(1, Some(Endpoint::BookAppointment), Fault::SlotTaken);
    kiosk.wish(Intent::Confirm).await;
    let Page::AppointmentTaken { next, .. } =
        kiosk.until("others", |page| matches!(page, Page::AppointmentTaken { .. })).await
    else {
        panic!()
    };
    assert!(!next.is_empty());
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.until("the check", |page| matches!(page, Page::AppointmentCheck { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    until_made(&mut kiosk).await;
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_asked_for_again_and_one_is_made() {
    for fault in
        [Fault::LoseAnswer, Fault::CutAnswer, Fault::Refuse, Fault::MalformedJson, Fault::Unavailable]
    {
        let world = World::new();
        let mut kiosk = checked(&world).await;
        world.sede.fail_nth(1, Some(Endpoint::BookAppointment), fault.clone());
        kiosk.wish(Intent::Confirm).await;
        until_made(&mut kiosk).await;
        assert_eq!(world.sede.appointments().len(), 1, "{fault:?}");
        check_nothing_is_left(&mut kiosk, &world).await;
    }
}
