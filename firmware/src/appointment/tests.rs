//! Appointments from the first question to the slip, and against every order of events: nothing is booked that was not
//! on the page where it is checked, and nobody sees what he has not proved to be his.
use jiff::civil::{date, time};
use proptest::prelude::*;
use ui::{Intent, Page, WriteField, WriteProblem};

use super::*;
use crate::sede::{AppointmentService, FreeDay, MadridTime, Office};

fn facts(name: Option<&'static str>) -> Facts<'static> {
    Facts { name, card: true, without_card: true, language: ui::Language::Spanish, today: date(2026, 12, 1) }
}

fn translated(text: &str) -> Translated {
    Translated { es: text.to_owned(), ca: text.to_owned(), en: text.to_owned() }
}

fn office(word: &str) -> Office {
    Office {
        office: word.to_owned(),
        name: translated("Oficina de Prueba"),
        address: "C/ Mayor, 1".to_owned(),
    }
}

fn offers() -> AppointmentOffers {
    let service = AppointmentService {
        service: "padron".to_owned(),
        name: translated("Padrón"),
        offices: vec!["centro".to_owned(), "mar".to_owned()],
    };
    AppointmentOffers { services: vec![service], offices: vec![office("centro"), office("mar")] }
}

fn at(hour: i8) -> MadridTime {
    MadridTime::at(date(2026, 12, 2), time(hour, 15, 0, 0)).unwrap()
}

fn free(office: &str) -> FreeSlots {
    FreeSlots {
        first: Slot { office: office.to_owned(), start: at(9) },
        office: office.to_owned(),
        days: vec![FreeDay { day: date(2026, 12, 2), times: vec![time(9, 15, 0, 0), time(10, 15, 0, 0)] }],
        last_day: date(2026, 12, 31),
    }
}

fn booked() -> Box<Booked> {
    Box::new(Booked {
        code: SlipCode::typed("ACDEFGHJK").unwrap(),
        ticket: "P-17".to_owned(),
        service: "padron".to_owned(),
        service_name: translated("Padrón"),
        office: office("centro"),
        start: at(9),
        bring: vec![translated("El DNI.")],
    })
}

fn write(of: &mut Appointment, facts: &Facts<'_>, text: &str) -> Vec<Action> {
    for character in text.chars() {
        let _ = of.wish(facts, Intent::Letter(character));
    }
    of.wish(facts, Intent::Confirm)
}

/// The first free one is on the screen.
fn offered(facts: &Facts<'_>) -> Appointment {
    let mut of = Appointment::begin();
    assert_eq!(of.wish(facts, Intent::Choose(0)), [Action::AskOffers]);
    let _ = of.answer(facts, Answer::Offers(Some(offers())));
    let asked = of.wish(facts, Intent::Choose(0));
    let first = Action::AskSlots { service: "padron".to_owned(), office: None, from: facts.today };
    assert_eq!(asked, [first]);
    let _ = of.answer(facts, Answer::Slots(Some(SlotsAnswer::Free(free("centro")))));
    of
}

#[test]
fn who_is_known_takes_the_first_free_one_with_three_touches() {
    let facts = facts(Some("VECINA DE PRUEBA"));
    let mut of = offered(&facts);
    assert!(matches!(of.page(&facts), Page::AppointmentFirst { .. }));
    let _ = of.wish(&facts, Intent::Confirm);
    let Page::AppointmentCheck { service, office, address, when } = of.page(&facts) else { panic!() };
    assert_eq!([service, office, address], ["Padrón", "Oficina de Prueba", "C/ Mayor, 1"]);
    assert!(when.contains("2 de diciembre") && when.contains("9:15"), "{when}");
    let asked = of.wish(&facts, Intent::Confirm);
    let slot = Slot { office: "centro".to_owned(), start: at(9) };
    assert_eq!(asked, [Action::Book { service: "padron".to_owned(), slot, who: None }]);
    let printed = of.answer(&facts, Answer::Booked(Booking::Booked(booked())));
    assert_eq!(printed, [Action::PrintSlip(booked())]);
    let _ = of.answer(&facts, Answer::Printed(true));
    assert!(matches!(of.page(&facts), Page::Appointed { slip: Slip::Printed, .. }));
    let _ = of.wish(&facts, Intent::Confirm);
    assert_eq!(of.state, State::Over(End::Done));
}

#[test]
fn another_office_day_and_hour_without_a_card() {
    let facts = facts(None);
    let mut of = offered(&facts);
    for intent in [Intent::Another, Intent::Choose(1)] {
        let _ = of.wish(&facts, intent);
    }
    let _ = of.answer(&facts, Answer::Slots(Some(SlotsAnswer::Free(free("mar")))));
    for intent in [Intent::Choose(0), Intent::Choose(1), Intent::Choose(1)] {
        let _ = of.wish(&facts, intent);
    }
    assert!(matches!(of.page(&facts), Page::Write { field: WriteField::OwnNumber, .. }));
    // Of the foreign number only what is on the card is typed: the zeros are put before it, and asked about.
    let _ = write(&mut of, &facts, "12345678A");
    let Page::Write { problem, .. } = of.page(&facts) else { panic!() };
    assert_eq!(problem, Some(WriteProblem::NumberLetter));
    let _ = of.wish(&facts, Intent::Erase);
    let _ = write(&mut of, &facts, "Z");
    let _ = write(&mut of, &facts, "Vecina de Prueba");
    let _ = write(&mut of, &facts, "600000000");
    let asked = of.wish(&facts, Intent::Confirm);
    let [Action::Book { slot, who: Some(who), .. }] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((slot.office.as_str(), &slot.start), ("mar", &at(10)));
    assert_eq!(who.number.as_ref().map(Nif::as_str), Some("12345678Z"));
    assert_eq!([who.name.as_str(), who.telephone.as_str()], ["Vecina de Prueba", "600000000"]);
}

#[test]
fn somebody_else_was_faster_and_the_next_ones_are_offered_at_once() {
    let facts = facts(Some("VECINA DE PRUEBA"));
    let mut of = offered(&facts);
    let _ = of.wish(&facts, Intent::Confirm);
    let _ = of.wish(&facts, Intent::Confirm);
    let next = vec![Slot { office: "mar".to_owned(), start: at(11) }];
    let _ = of.answer(&facts, Answer::Booked(Booking::Taken(next.clone())));
    assert!(matches!(of.page(&facts), Page::AppointmentTaken { next, .. } if next.len() == 1));
    let _ = of.wish(&facts, Intent::Choose(0));
    let asked = of.wish(&facts, Intent::Confirm);
    assert!(matches!(asked.as_slice(), [Action::Book { slot, .. }] if slot == &next[0]));
}

#[test]
fn when_all_are_taken_it_is_said_until_when_and_what_else_there_is() {
    let facts = facts(None);
    let mut of = offered(&facts);
    for intent in [Intent::Another, Intent::Choose(0)] {
        let _ = of.wish(&facts, intent);
    }
    let channels = vec![translated("Llame al teléfono de la ciudad.")];
    let full = SlotsAnswer::Full { until: Some(date(2027, 1, 7)), channels };
    let _ = of.answer(&facts, Answer::Slots(Some(full)));
    let Page::NoAppointments { until, channels, .. } = of.page(&facts) else { panic!() };
    assert_eq!(
        (until.map(|day| day.year), channels.as_str()),
        (Some(2027), "Llame al teléfono de la ciudad.")
    );
    let _ = of.wish(&facts, Intent::Confirm);
    assert_eq!(of.state, State::Over(End::Done));
}

#[test]
fn with_the_slip_it_is_found_printed_again_and_cancelled_after_a_question() {
    let facts = facts(None);
    let mut of = Appointment::begin();
    let _ = of.wish(&facts, Intent::Choose(1));
    assert_eq!(of.page(&facts), Page::WhoIs);
    let _ = of.wish(&facts, Intent::Choose(1));
    let _ = write(&mut of, &facts, "acd efg hkj");
    let Page::Write { problem, .. } = of.page(&facts) else { panic!() };
    assert_eq!(problem, Some(WriteProblem::SlipCode), "two letters changed places");
    let _ = of.wish(&facts, Intent::Erase);
    let _ = of.wish(&facts, Intent::Erase);
    let _ = write(&mut of, &facts, "jk");
    let found = write(&mut of, &facts, "678z");
    let code = SlipCode::typed("ACDEFGHJK").unwrap();
    let proof = Proof::Slip { code: code.clone(), number_end: "678Z".to_owned().into() };
    assert_eq!(found, [Action::Find(proof.clone())]);
    let _ = of.answer(&facts, Answer::Found(Some(Tried::Answered(Vec::new()))));
    let Page::Write { problem, .. } = of.page(&facts) else { panic!() };
    assert_eq!(problem, Some(WriteProblem::NotFound));
    let _ = write(&mut of, &facts, "678Z");
    let _ = of.answer(&facts, Answer::Found(Some(Tried::Answered(vec![*booked()]))));
    assert!(matches!(of.page(&facts), Page::OwnAppointment { .. }));
    assert_eq!(of.wish(&facts, Intent::PrintAgain), [Action::PrintSlip(booked())]);
    let _ = of.answer(&facts, Answer::Printed(true));
    let _ = of.wish(&facts, Intent::CancelAppointment);
    assert!(matches!(of.page(&facts), Page::AppointmentCancel { .. }));
    assert_eq!(of.wish(&facts, Intent::Confirm), [Action::CancelOwn { code, proof }]);
    let _ = of.answer(&facts, Answer::Cancelled(Cancelling::Cancelled));
    assert!(matches!(of.page(&facts), Page::AppointmentCancelled { .. }));
}

#[test]
fn without_a_card_nothing_is_asked_for_where_the_town_hall_wants_one() {
    let facts = Facts { without_card: false, ..facts(None) };
    let mut of = offered(&facts);
    let _ = of.wish(&facts, Intent::Confirm);
    assert_eq!(of.page(&facts), Page::WhoIs);
    let _ = of.wish(&facts, Intent::Choose(1));
    assert_eq!(of.page(&facts), Page::WhoIs);
    let _ = of.wish(&facts, Intent::Choose(0));
    assert_eq!(of.state, State::Identifying);
    let known = self::facts(Some("VECINA DE PRUEBA"));
    let _ = of.identified(&known, true);
    assert_eq!(of.state, State::Check, "what was chosen is still chosen");
}

#[derive(Clone, Debug)]
enum Happening {
    Wish(Intent),
    Write(&'static str),
    Answer(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    let wish = prop_oneof![
        6 => Just(Intent::Confirm),
        2 => Just(Intent::Back),
        6 => (0u8..4).prop_map(Intent::Choose),
        2 => Just(Intent::Another),
        1 => Just(Intent::CancelAppointment),
        1 => Just(Intent::PrintAgain),
    ];
    let text = prop_oneof![Just("12345678Z"), Just("ACDEFGHJK"), Just("678Z"), Just("600000000")];
    prop_oneof![
        4 => wish.prop_map(Happening::Wish),
        2 => text.prop_map(Happening::Write),
        3 => (0u8..9).prop_map(Happening::Answer)
    ]
}

fn an_answer(number: u8) -> Answer {
    match number {
        0 => Answer::Offers(Some(offers())),
        1 => Answer::Slots(Some(SlotsAnswer::Free(free("centro")))),
        2 => Answer::Slots(None),
        3 => Answer::Booked(Booking::Booked(booked())),
        4 => Answer::Booked(Booking::Taken(vec![Slot { office: "mar".to_owned(), start: at(11) }])),
        5 => Answer::Booked(Booking::Unknown),
        6 => Answer::Found(Some(Tried::Answered(vec![*booked(), *booked()]))),
        7 => Answer::Cancelled(Cancelling::Cancelled),
        _ => Answer::Printed(false),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nothing_is_booked_or_cancelled_that_was_not_asked_about(
        known in any::<bool>(),
        happenings in proptest::collection::vec(happening(), 0..80),
    ) {
        let facts = facts(known.then_some("VECINA DE PRUEBA"));
        let mut of = Appointment::begin();
        let mut asked = false;
        for happening in happenings {
            let before = of.state.clone();
            let actions = match happening {
                Happening::Wish(intent) => of.wish(&facts, intent),
                Happening::Write(text) => write(&mut of, &facts, text),
                Happening::Answer(number) => of.answer(&facts, an_answer(number)),
            };
            for action in &actions {
                match action {
                    Action::Book { who, .. } => {
                        prop_assert_eq!(&before, &State::Check);
                        let typed = who.as_ref().is_some_and(|who| {
                            who.number.is_some() && !who.name.as_str().is_empty() && !who.telephone.as_str().is_empty()
                        });
                        prop_assert!(typed || (who.is_none() && known));
                    }
                    Action::CancelOwn { .. } => prop_assert!(matches!(before, State::Cancel(_))),
                    Action::Find(_) => asked = true,
                    _ => {}
                }
            }
            let shown = matches!(of.page(&facts), Page::OwnAppointment { .. });
            prop_assert!(asked || !shown);
            let _ = (of.progress(), of.works());
            if let State::Over(_) | State::Identifying = of.state {
                break;
            }
        }
    }
}
