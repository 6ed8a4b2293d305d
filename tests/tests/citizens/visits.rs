//! Visits that go as they should.
use ciberkiosco::sede::{Issue, Level};
use reference_sede::Revocation;

use super::*;
use crate::cards::{KEY_1920, Wish};

#[tokio::test(start_paused = true)]
async fn a_citizen_enters_by_card_and_leaves_with_the_document_that_was_archived() {
    let world = World::new();
    for key in [cards::KEY_2048, KEY_1920] {
        let card = world.pki.issue("IDCES-X1234567L", Wish { key, ..Wish::default() });
        let verified = world.verify(&card);
        assert_eq!(verified.person().unwrap().number.as_str(), "X1234567L");
        assert!(verified.has_signed(b"anything", &card.sign(b"anything")));
        let (stapled, said) = world.ask(&verified).await;
        assert_eq!(said, Ok(Standing::Good));
        let (session, answer) = world.enter(&card, stapled).await;
        let EntryAnswer::Identified { level, name, number } = answer else { panic!("{answer:?}") };
        assert_eq!((level, name.as_str()), (Level::Certificate, "Resident d'Exemple i Prova"));
        assert_eq!(number, Some(verified.person().unwrap().number));
        let offers = world.kiosk.offers(&session).await.unwrap().offers;
        let only = Issue::ConsentingOnly { shown: 2, registered: 3 };
        assert!(offers.iter().any(|it| it.kind == "certificado-colectivo" && it.issue == only));
        let number = format!("C{}", key.len());
        let issued = world.issue(&session, &number, "certificado-colectivo", LanguageCode::Ca).await.unwrap();
        let document = world.kiosk.document(&session, &issued).await.unwrap();
        let record = world.town.certificates().pop().unwrap();
        assert_eq!(document.as_slice(), world.town.archived(&record.csv).unwrap().as_slice());
        world.kiosk.end_session(&session).await.unwrap();
        assert!(world.kiosk.document(&session, &issued).await.unwrap_err().is_session_over());
    }
}

#[tokio::test(start_paused = true)]
async fn the_response_that_the_kiosk_sends_along_is_enough_when_the_service_is_gone() {
    let world = World::new();
    let card = world.pki.card("12345678Z");
    let (stapled, said) = world.ask(&world.verify(&card)).await;
    assert_eq!(said, Ok(Standing::Good));
    world.town.set_revocation(None, Revocation::Unavailable);
    let (_, answer) = world.enter(&card, None).await;
    assert_eq!(answer, EntryAnswer::Refused { code: "revocation-unknown".into() });
    let (_, answer) = world.enter(&card, stapled.clone()).await;
    assert!(matches!(answer, EntryAnswer::Identified { .. }), "{answer:?}");
    // It is good for twelve hours and a little, and not for another card.
    let other = world.pki.issue("00000000T", Wish { serial: 2000, ..Wish::default() });
    let (_, answer) = world.enter(&other, stapled.clone()).await;
    assert_eq!(answer, EntryAnswer::Refused { code: "revocation-unknown".into() });
    world.pass(SignedDuration::from_hours(13));
    let (_, answer) = world.enter(&card, stapled).await;
    assert_eq!(answer, EntryAnswer::Refused { code: "revocation-unknown".into() });
}

#[tokio::test(start_paused = true)]
async fn a_card_with_nothing_but_a_number_is_offered_nothing_of_the_padron() {
    let world = World::new();
    let opened = world.kiosk.open_session().await.unwrap();
    let entry = Entry::Record {
        session: opened.session.clone(),
        profile: "tarjeta-ciudadana".into(),
        number: "7700001234567894".to_owned().into(),
    };
    let EntryAnswer::Identified { level, name, number } = world.kiosk.enter(&entry).await.unwrap() else {
        panic!()
    };
    assert_eq!((level, name.as_str(), number), (Level::Pseudonym, "V*** d*** P***", None));
    let offers = world.kiosk.offers(&opened.session).await.unwrap();
    assert!(offers.offers.is_empty());
    assert_eq!(offers.nothing.unwrap().code, "certificate-needed");
}
