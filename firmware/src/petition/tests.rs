//! A petition from the body to the registry, and against every order of events: nothing is presented that was not on
//! the page where everything is checked, nothing twice, nothing by a card that has not signed it, and no limit is passed.
mod signing;
use std::sync::Arc;

use proptest::prelude::*;
use ui::{Intent, Page, ScanProblem, Slip, WriteProblem};

use super::*;
use crate::identification::PinEntry;
use crate::sede::{ConsentText, KnownContact, PublicBody, Translated};

fn facts() -> Facts<'static> {
    Facts {
        name: "VECINA DE PRUEBA",
        language: ui::Language::Spanish,
        feeder: true,
        flatbed: true,
        own_signature: true,
        limits: sede::PetitionLimits {
            attachments: 2,
            total_bytes: 100_000,
            ..sede::PetitionLimits::default()
        },
    }
}

fn translated(text: &str) -> Translated {
    Translated { es: text.to_owned(), ca: text.to_owned(), en: text.to_owned() }
}

fn options() -> PetitionOptions {
    let body = |dir3: &str, name| PublicBody { dir3: dir3.to_owned(), name: translated(name) };
    PetitionOptions {
        bodies: vec![body("L01030149", "Urbanismo"), body("L01030150", "Tributos")],
        known: KnownContact::default(),
        consent: ConsentText { version: "1".to_owned(), text: translated("Firmo.") },
    }
}

fn file(bytes: usize) -> File {
    File { pdf: Arc::new(vec![7; bytes].into()), sha256: [7; 32], pages: 1 }
}

fn scanned() -> DigitisedPage {
    let pixels = vec![255; 64 * 48];
    let raw = digitisation::RawPage { width: 64, height: 48, channels: 1, dpi: 200, pixels };
    digitisation::digitise(raw, &digitisation::Settings::default()).unwrap()
}

fn registered() -> Box<RegisteredPetition> {
    Box::new(RegisteredPetition {
        number: "2026-E-000001".to_owned(),
        registered_at: jiff::Timestamp::UNIX_EPOCH,
        effective_on: jiff::civil::date(1970, 1, 2),
        body: options().bodies.remove(0),
        heading: "Instancia".to_owned().into(),
        csv: "CSV".to_owned().into(),
        verification_url: "https://sede.example/csv".to_owned().into(),
        text_sha256: [1; 32],
        attachments: Vec::new(),
    })
}

fn write(petition: &mut Petition, text: &str) {
    for character in text.chars() {
        let _ = petition.wish(&facts(), Intent::Letter(character));
    }
    let _ = petition.wish(&facts(), Intent::Confirm);
}

/// With nothing but facts and a request, on the page where it is checked.
fn checked() -> Petition {
    let facts = facts();
    let (mut petition, begun) = Petition::begin();
    assert_eq!(begun, [Action::AskOptions]);
    let _ = petition.answer(&facts, Answer::Options(Some(Ok(options()))));
    let _ = petition.wish(&facts, Intent::Choose(1));
    let _ = petition.wish(&facts, Intent::Choose(0));
    write(&mut petition, "Hay un bache.");
    write(&mut petition, "Que se repare.");
    assert_eq!(petition.state, State::Documents);
    let _ = petition.wish(&facts, Intent::Confirm);
    let _ = petition.wish(&facts, Intent::Choose(0));
    let _ = petition.wish(&facts, Intent::Skip);
    write(&mut petition, "vecina@correo.example");
    assert_eq!(petition.state, State::Check);
    petition
}

#[test]
fn from_the_body_to_the_receipt() {
    let facts = facts();
    let mut petition = checked();
    let Page::PetitionCheck { to, facts: reasons, request, contact, .. } = petition.page(&facts) else {
        panic!("{:?}", petition.state)
    };
    assert_eq!(
        [to, reasons, request, contact],
        ["Tributos", "Hay un bache.", "Que se repare.", "vecina@correo.example"]
    );
    assert!(petition.wish(&facts, Intent::Confirm).is_empty());
    let actions = petition.wish(&facts, Intent::Confirm);
    let [Action::Present(form, documents)] = actions.as_slice() else { panic!("{actions:?}") };
    assert_eq!((form.body, form.request.as_str(), documents.len()), (1, "Que se repare.", 0));
    let printed = petition.answer(&facts, Answer::Presented(Presented::Registered(registered())));
    assert_eq!(printed, [Action::PrintReceipt(registered())]);
    let _ = petition.answer(&facts, Answer::Printed(true));
    assert!(matches!(petition.page(&facts), Page::Registered { receipt: Slip::Printed, .. }));
    let _ = petition.wish(&facts, Intent::Confirm);
    assert_eq!(petition.state, State::Over(End::Done));
}

#[test]
fn a_part_is_changed_and_everything_else_stays() {
    let facts = facts();
    let mut petition = checked();
    let _ = petition.wish(&facts, Intent::Choose(4));
    assert!(
        matches!(&petition.state, State::Writing(Field::Request, editor, _) if editor.text() == "Que se repare.")
    );
    write(&mut petition, " Gracias.");
    assert_eq!(petition.state, State::Check);
    assert_eq!(petition.form.request.as_str(), "Que se repare. Gracias.");
    assert_eq!(petition.form.facts.as_str(), "Hay un bache.");
}

#[test]
fn sheets_from_the_feeder_are_looked_at_turned_removed_and_scanned_again() {
    let facts = facts();
    let mut petition = checked();
    let _ = petition.wish(&facts, Intent::Choose(7));
    let _ = petition.wish(&facts, Intent::AddAttachment);
    let _ = petition.wish(&facts, Intent::Choose(0));
    assert_eq!(petition.wish(&facts, Intent::Choose(0)), [Action::Scan(Source::Feeder)]);
    for _ in 0..3 {
        let _ = petition.answer(&facts, Answer::Page(scanned()));
    }
    let _ = petition.answer(&facts, Answer::Scanned(Ok(())));
    assert!(matches!(petition.page(&facts), Page::MoreSheets { pages: 3, blanks: 3 }));
    let _ = petition.wish(&facts, Intent::Confirm);
    let _ = petition.wish(&facts, Intent::Turn);
    let Page::ScannedPage { picture, .. } = petition.page(&facts) else { panic!() };
    assert!(picture.width < picture.height, "turned: {} × {}", picture.width, picture.height);
    let _ = petition.wish(&facts, Intent::PageForward);
    let _ = petition.wish(&facts, Intent::RemovePage);
    assert!(matches!(petition.page(&facts), Page::ScannedPage { page: 2, pages: 2, .. }));
    let _ = petition.wish(&facts, Intent::ScanAgain);
    let _ = petition.wish(&facts, Intent::Choose(1));
    let _ = petition.answer(&facts, Answer::Page(scanned()));
    let _ = petition.answer(&facts, Answer::Scanned(Ok(())));
    assert!(matches!(petition.page(&facts), Page::ScannedPage { page: 2, pages: 2, .. }));
    let made = petition.wish(&facts, Intent::Confirm);
    assert!(matches!(made.as_slice(), [Action::Make { pages, .. }]
        if pages.iter().map(DigitisedPage::quarter_turns).eq([1, 0])));
    let _ = petition.answer(&facts, Answer::Made(Some(vec![file(40_000)])));
    assert!(matches!(petition.page(&facts), Page::Attachments { bytes_left: 60_000, .. }));
}

#[test]
fn a_mishap_in_the_scanner_loses_no_page() {
    let facts = facts();
    let mut petition = checked();
    for intent in [Intent::Choose(7), Intent::AddAttachment, Intent::Choose(0), Intent::Choose(0)] {
        let _ = petition.wish(&facts, intent);
    }
    let _ = petition.answer(&facts, Answer::Page(scanned()));
    let _ = petition.answer(&facts, Answer::Scanned(Err(ScanProblem::Jam)));
    let page = petition.page(&facts);
    assert!(matches!(page, Page::ScanFrom { pages: 1, problem: Some(ScanProblem::Jam), .. }), "{page:?}");
}

#[test]
fn what_is_too_large_is_told_and_the_pages_are_still_there() {
    let facts = facts();
    let mut petition = checked();
    petition.documents = vec![Document { name: "DNI".to_owned().into(), files: vec![file(70_000)] }];
    petition.scans.pages = vec![scanned()];
    petition.state = State::Making;
    let _ = petition.answer(&facts, Answer::Made(Some(vec![file(40_000)])));
    let page = petition.page(&facts);
    assert!(
        matches!(page, Page::ScanFrom { pages: 1, problem: Some(ScanProblem::TooLarge), .. }),
        "{page:?}"
    );
    assert_eq!(petition.documents.len(), 1);
}

#[test]
fn what_cannot_be_is_said_where_it_is_written() {
    for (field, text, problem) in [
        (Field::Email, "vecina@correo", WriteProblem::NotAnEmail),
        (Field::Email, "vecina correo.example", WriteProblem::NotAnEmail),
        (Field::Telephone, "12345678", WriteProblem::NotATelephone),
        (Field::Telephone, "96x000000", WriteProblem::NotATelephone),
        (Field::Facts, " \n ", WriteProblem::TooShort),
        (Field::RepresentedNumber, "12345678A", WriteProblem::NumberLetter),
    ] {
        assert_eq!(field.checked(text), Err(problem), "{text}");
    }
    for (field, text, good) in [
        (Field::Email, " vecina@correo.example ", "vecina@correo.example"),
        (Field::Telephone, "+34 600 00 00 00", "+34600000000"),
        (Field::Telephone, "", ""),
        (Field::RepresentedNumber, "12.345.678-z", "12345678Z"),
    ] {
        assert_eq!(field.checked(text).unwrap().as_str(), good);
    }
}

#[test]
fn one_touch_loses_nothing() {
    let facts = facts();
    let mut petition = checked();
    let _ = petition.wish(&facts, Intent::Cancel);
    assert_eq!(petition.page(&facts), Page::GiveUp);
    let _ = petition.wish(&facts, Intent::Back);
    assert_eq!(petition.state, State::Check);
    let _ = petition.wish(&facts, Intent::Cancel);
    let _ = petition.wish(&facts, Intent::Confirm);
    assert_eq!(petition.state, State::Over(End::Menu));
}

#[test]
fn for_a_person_surnames_are_asked_and_for_an_organisation_they_are_not() {
    let facts = facts();
    for (number, person) in [("12345678Z", true), ("X1234567L", true), ("A58818501", false)] {
        let mut petition = checked();
        let _ = petition.wish(&facts, Intent::Choose(2));
        let _ = petition.wish(&facts, Intent::Choose(1));
        write(&mut petition, number);
        write(&mut petition, "Prueba");
        assert_eq!(
            matches!(petition.state, State::Writing(Field::RepresentedSurnames, ..)),
            person,
            "{number}"
        );
        if person {
            // Whoever turns back here acts for himself again.
            let mut half = petition.clone();
            let _ = half.wish(&facts, Intent::Back);
            assert_eq!((half.state.clone(), half.form.represented.clone()), (State::Check, None));
            write(&mut petition, "De Ejemplo");
        }
        assert_eq!(petition.state, State::Check);
        let represented = petition.form.represented.clone().unwrap();
        assert_eq!((represented.number.as_str(), represented.is_person()), (number, person));
    }
}

#[test]
fn on_paper_needs_an_address_unless_the_sede_knows_it() {
    let facts = facts();
    for known in [None, Some("C/ M***".to_owned().into())] {
        let mut petition = checked();
        petition.options.as_mut().unwrap().known.address = known.clone();
        let _ = petition.wish(&facts, Intent::Choose(5));
        let _ = petition.wish(&facts, Intent::Choose(1));
        let Page::Write { optional, .. } = petition.page(&facts) else { panic!() };
        assert_eq!(optional, known.is_some());
        let mut half = petition.clone();
        let _ = half.wish(&facts, Intent::Back);
        assert_eq!(half.form.contact.postal, known.is_some());
        let _ = petition.wish(&facts, Intent::Skip);
        assert_eq!(petition.state == State::Check, known.is_some());
    }
}

#[test]
fn an_address_is_taken_apart_as_it_stands_on_an_envelope() {
    for (text, parts) in [
        ("C/ Mayor, 12, 3.º B\n46000 Villamar", Some(("C/ Mayor, 12, 3.º B", "46000", "Villamar"))),
        ("Camino 12345, 46000, Villamar (València)", Some(("Camino 12345", "46000", "Villamar (València)"))),
        ("C/ Mayor, 12, Villamar", None),
        ("46000 Villamar", None),
        ("C/ Mayor, 12, 46000", None),
        ("", None),
    ] {
        let found = postal_address(text);
        let found = found.as_ref().map(|of| (of.street.as_str(), of.postal_code.as_str(), of.town.as_str()));
        assert_eq!(found, parts, "{text}");
    }
}

#[test]
fn what_was_agreed_to_goes_on_without_the_card_and_nothing_follows_it() {
    let facts = facts();
    for presented in
        [Presented::NotSent, Presented::Refused(Told { text: Default::default(), next: Default::default() })]
    {
        let mut petition = checked();
        let _ = petition.wish(&facts, Intent::Confirm);
        assert!(!petition.is_agreed());
        let _ = petition.wish(&facts, Intent::Confirm);
        assert!(petition.is_agreed());
        petition.card_out();
        let _ = petition.answer(&facts, Answer::Presented(presented));
        let _ = petition.wish(&facts, Intent::Confirm);
        assert_eq!(petition.state, State::Over(End::Done));
    }
}

#[test]
fn more_than_the_registry_takes_is_not_read_in() {
    let mut facts = facts();
    facts.limits.total_bytes = u32::try_from(2 * scanned().jpeg().len()).unwrap();
    let mut petition = checked();
    for intent in [Intent::Choose(7), Intent::AddAttachment, Intent::Choose(0), Intent::Choose(0)] {
        let _ = petition.wish(&facts, intent);
    }
    let told: Vec<_> = (0..3).map(|_| petition.answer(&facts, Answer::Page(scanned()))).collect();
    assert_eq!(told, [vec![], vec![], vec![Action::StopScan]]);
    let page = petition.page(&facts);
    assert!(
        matches!(page, Page::ScanFrom { pages: 2, problem: Some(ScanProblem::TooLarge), .. }),
        "{page:?}"
    );
}

#[derive(Clone, Copy, Debug)]
enum Happening {
    Wish(Intent),
    Answer(u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    let wish = prop_oneof![
        6 => Just(Intent::Confirm),
        2 => Just(Intent::Back),
        3 => (0u8..8).prop_map(Intent::Choose),
        4 => Just(Intent::Letter('a')),
        1 => Just(Intent::Skip),
        1 => Just(Intent::Erase),
        2 => Just(Intent::AddAttachment),
        1 => Just(Intent::RemoveAttachment),
        1 => Just(Intent::ScanAgain),
        1 => Just(Intent::Rename),
        1 => Just(Intent::Turn),
        1 => Just(Intent::RemovePage),
        1 => Just(Intent::RemoveBlank),
        1 => Just(Intent::AddPage),
        1 => Just(Intent::PageForward),
        1 => Just(Intent::Cancel),
        3 => Just(Intent::SignWithCard),
        2 => Just(Intent::Digit(7)),
    ];
    prop_oneof![3 => wish.prop_map(Happening::Wish), 2 => (0u8..20).prop_map(Happening::Answer)]
}

fn an_answer(number: u8, page: &DigitisedPage) -> Answer {
    match number {
        0 => Answer::Options(Some(Ok(options()))),
        1 | 2 => Answer::Page(page.clone()),
        3 => Answer::Scanned(Ok(())),
        4 => Answer::Scanned(Err(ScanProblem::Jam)),
        5 => Answer::Made(Some(vec![file(30_000)])),
        6 => Answer::Made(Some(vec![file(30_000), file(30_000)])),
        7 => Answer::Made(None),
        8 => Answer::Presented(Presented::NotSent),
        9..=16 => signing::an_answer(number - 9),
        _ => Answer::Presented(Presented::Registered(registered())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nothing_is_presented_unseen_or_twice_and_no_limit_is_passed(
        happenings in proptest::collection::vec(happening(), 0..150),
    ) {
        let facts = facts();
        let page = scanned();
        let (mut petition, _) = Petition::begin();
        let mut registered = false;
        // A draft of the way by the card, whether it is complete, and whether the card has signed it.
        let (mut draft, mut complete, mut signed) = (false, false, false);
        for happening in happenings {
            let before = petition.state.clone();
            if petition.state == State::Over(End::Menu) || petition.state == State::Over(End::Done) {
                break;
            }
            let actions = match happening {
                Happening::Wish(intent) => petition.wish(&facts, intent),
                Happening::Answer(number) => petition.answer(&facts, an_answer(number, &page)),
            };
            for action in &actions {
                match action {
                    Action::Prepare(..) => {
                        prop_assert!(!draft, "one draft at a time");
                        (draft, complete, signed) = (true, false, false);
                    }
                    Action::ReadCard => {
                        prop_assert!(draft && matches!(happening, Happening::Answer(9)));
                        complete = true;
                    }
                    Action::Sign { pin, last_try } => {
                        let State::Signing(Signing::Pin(PinEntry::Typing(typing))) = &before else {
                            panic!("{before:?}")
                        };
                        prop_assert!(draft && complete && matches!(happening, Happening::Wish(Intent::Confirm)));
                        prop_assert!(*pin == typing.pin && pin.len() >= typing.rules.shortest);
                        prop_assert!(*last_try || typing.rules.tries_left.is_none_or(|tries| tries > 1));
                    }
                    Action::Register(_) => {
                        prop_assert!(matches!(before, State::Signing(Signing::Card(_))));
                        prop_assert!(draft && complete && !signed && !registered);
                        (draft, signed) = (false, true);
                    }
                    Action::Discard => {
                        prop_assert!(draft && !petition.is_agreed());
                        draft = false;
                    }
                    _ => {}
                }
                if let Action::Present(form, documents) | Action::Prepare(form, documents) = action {
                    prop_assert_eq!(&before, &State::Consent);
                    prop_assert!(!matches!(action, Action::Present(..)) || !draft);
                    prop_assert!(!registered, "after it is registered nothing is presented again");
                    prop_assert!(!form.facts.as_str().is_empty() && !form.request.as_str().is_empty());
                    let files: usize = documents.iter().map(|document| document.files.len()).sum();
                    let bytes: u32 = documents.iter().map(Document::bytes).sum();
                    prop_assert!(files <= 2 && bytes <= 100_000);
                    let mut names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
                    names.sort_unstable();
                    names.dedup();
                    prop_assert_eq!(names.len(), documents.len());
                }
            }
            registered |= matches!(petition.state, State::Registered(..));
            if !matches!(petition.state, State::Signing(_)) {
                // Whether it failed by itself, was thrown away or was signed: none is left open.
                prop_assert!(!draft || matches!(petition.state, State::Trouble(_)), "{:?}", petition.state);
                draft = false;
            }
            prop_assert!(!(petition.works() && petition.asks_pin()));
            let _ = (petition.page(&facts), petition.progress());
            let debug = format!("{:?}", petition.form);
            prop_assert!(!debug.contains("aaa"));
            let debug = format!("{:?}", petition.state);
            prop_assert!(!debug.contains("777"));
        }
    }
}
