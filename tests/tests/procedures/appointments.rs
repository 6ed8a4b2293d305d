//! Appointments: the first free one, another one, without a card, found by the slip and cancelled.
use ui::Question;

use super::*;

async fn come_without_a_card(kiosk: &mut Kiosk) {
    kiosk.until_offered(Service::Appointment).await;
    kiosk.wish(Intent::Language(ui::Language::Spanish)).await;
    kiosk.until("the menu", |page| matches!(page, Page::Menu { .. })).await;
    kiosk.wish(Intent::Service(Service::Appointment)).await;
    kiosk.until("new or own", |page| *page == Page::AppointmentStart).await;
}

/// From the start to the first free one of a service.
pub(crate) async fn to_first(kiosk: &mut Kiosk, service: u8) -> Page {
    kiosk.wish(Intent::Choose(0)).await;
    let asked = |page: &Page| matches!(page, Page::Choose { question: Question::AppointmentService, .. });
    kiosk.until("for what", asked).await;
    kiosk.wish(Intent::Choose(service)).await;
    let answered = |page: &Page| matches!(page, Page::AppointmentFirst { .. } | Page::NoAppointments { .. });
    kiosk.until("the first one", answered).await
}

/// Who it is for, by typing.
pub(crate) async fn type_who(kiosk: &mut Kiosk) {
    kiosk.until("who it is for", |page| *page == Page::WhoIs).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.write(WriteField::OwnNumber, "12345678Z").await;
    kiosk.write(WriteField::OwnName, "Vecina de Prueba").await;
    kiosk.write(WriteField::Telephone, "600000012").await;
    kiosk.until("the check", |page| matches!(page, Page::AppointmentCheck { .. })).await;
}

pub(crate) async fn until_made(kiosk: &mut Kiosk) -> Page {
    kiosk
        .until("the slip", |page| matches!(page, Page::Appointed { slip, .. } if *slip != Slip::Printing))
        .await
}

#[tokio::test(start_paused = true)]
async fn without_a_card_it_is_made_found_by_its_slip_and_cancelled() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    come_without_a_card(&mut kiosk).await;
    let first = to_first(&mut kiosk, 0).await;
    assert!(matches!(first, Page::AppointmentFirst { .. }), "{first:?}");
    kiosk.wish(Intent::Confirm).await;
    type_who(&mut kiosk).await;
    kiosk.wish(Intent::Confirm).await;
    let Page::Appointed { code, slip, .. } = until_made(&mut kiosk).await else { panic!() };
    assert_eq!(slip, Slip::Printed);
    let paper = world.printer.last_paper().expect("a slip");
    assert!(paper.text.contains(&code), "{}", paper.text);
    let entry = paper.codes.concat();
    assert!(entry.starts_with("BEGIN:VCALENDAR\r\n") && entry.contains("DTSTART:"), "{entry:?}");
    assert!(!entry.contains(&code.replace('-', "")), "the code is not in the calendar");
    assert_eq!(world.sede.appointments().len(), 1);
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the attract page", is_attract).await;

    come_without_a_card(&mut kiosk).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("how to find it", |page| *page == Page::WhoIs).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.write(WriteField::SlipCode, &code.to_lowercase()).await;
    kiosk.write(WriteField::NumberEnd, "678z").await;
    kiosk.until("the appointment", |page| matches!(page, Page::OwnAppointment { .. })).await;
    kiosk.wish(Intent::CancelAppointment).await;
    kiosk.until("the question", |page| matches!(page, Page::AppointmentCancel { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the end", |page| matches!(page, Page::AppointmentCancelled { .. })).await;
    kiosk.wish(Intent::Confirm).await;
    kiosk.until("the attract page", is_attract).await;
}

#[tokio::test(start_paused = true)]
async fn with_a_card_at_another_office_day_and_hour() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.come_for(Service::Appointment, &world, "ordinary").await;
    kiosk.until("new or own", |page| *page == Page::AppointmentStart).await;
    to_first(&mut kiosk, 0).await;
    kiosk.wish(Intent::Another).await;
    for (question, place) in
        [(Question::AppointmentOffice, 1), (Question::AppointmentDay, 1), (Question::AppointmentHour, 2)]
    {
        kiosk
            .until("a question", |page| matches!(page, Page::Choose { question: on, .. } if *on == question))
            .await;
        kiosk.wish(Intent::Choose(place)).await;
    }
    kiosk.until("who it is for", |page| *page == Page::WhoIs).await;
    kiosk.wish(Intent::Choose(0)).await;
    kiosk.type_pin(PIN).await;
    let Page::AppointmentCheck { office, .. } =
        kiosk.until("the check", |page| matches!(page, Page::AppointmentCheck { .. })).await
    else {
        panic!()
    };
    assert_eq!(office, "Oficina del distrito Norte");
    kiosk.wish(Intent::Confirm).await;
    until_made(&mut kiosk).await;
    assert_eq!(world.sede.appointments().len(), 1);

    // Found by the card, in the same visit.
    kiosk.wish(Intent::Another).await;
    kiosk.until("the menu", |page| matches!(page, Page::Menu { .. })).await;
    kiosk.wish(Intent::Service(Service::Appointment)).await;
    kiosk.until("new or own", |page| *page == Page::AppointmentStart).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("the appointment", |page| matches!(page, Page::OwnAppointment { .. })).await;
    check_nothing_is_left(&mut kiosk, &world).await;
}

#[tokio::test(start_paused = true)]
async fn when_none_is_free_it_is_said_until_when_and_what_else_there_is() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    come_without_a_card(&mut kiosk).await;
    let full = to_first(&mut kiosk, 2).await;
    let Page::NoAppointments { until, channels, .. } = full else { panic!("{full:?}") };
    assert!(until.is_some() && channels.contains("010"), "{channels}");
}

#[tokio::test(start_paused = true)]
async fn with_a_wrong_code_nothing_is_found_and_after_a_few_tries_nothing_is_asked() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    come_without_a_card(&mut kiosk).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.until("how to find it", |page| *page == Page::WhoIs).await;
    kiosk.wish(Intent::Choose(1)).await;
    kiosk.write(WriteField::SlipCode, "ACDEFGHJK").await;
    let problem = |page: &Page| match page {
        Page::Write { problem, .. } => *problem,
        _ => None,
    };
    let mut told = Vec::new();
    for _ in 0..8 {
        kiosk.wish(Intent::Letter('6')).await;
        kiosk
            .until("the field", |page| matches!(page, Page::Write { problem: None, text, .. } if text == "6"))
            .await;
        kiosk.write(WriteField::NumberEnd, "78Z").await;
        let page = kiosk.until("an answer", |page| problem(page).is_some()).await;
        told.push(problem(&page).expect("a problem"));
    }
    assert_eq!(told.first(), Some(&ui::WriteProblem::NotFound));
    assert_eq!(told.last(), Some(&ui::WriteProblem::TooManyTries));
}
