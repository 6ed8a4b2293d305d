//! Revocation and documents that go wrong: what the kiosk says, and that nothing is issued twice.
use ciberkiosco::sede::Contact;
use reference_sede::{Endpoint, Fault, Revocation};

use super::*;
use crate::cards::Wish;

#[tokio::test(start_paused = true)]
async fn each_word_of_the_revocation_service_is_told_apart() {
    let world = World::new();
    let verified = world.verify(&world.pki.card("12345678Z"));
    let since: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    for (said, expected) in [
        (Revocation::Good, Ok(Standing::Good)),
        (Revocation::Revoked { since }, Ok(Standing::Revoked { since })),
        (Revocation::Unknown, Ok(Standing::Unknown)),
        (Revocation::Stale, Err(OcspError::Stale)),
        (Revocation::Forged, Err(OcspError::Untrusted)),
        (Revocation::TryLater, Err(OcspError::TryLater)),
        (Revocation::Unavailable, Err(OcspError::TryLater)),
        (Revocation::Delayed { millis: 3_000 }, Ok(Standing::Good)),
    ] {
        world.town.set_revocation(Some(&1000_u64.to_be_bytes()), said);
        assert_eq!(world.ask(&verified).await.1, expected, "{said:?}");
        assert_eq!(world.kiosk.reachable().borrow().contact, Contact::Answering, "{said:?}");
    }
    world.town.set_revocation(Some(&1000_u64.to_be_bytes()), Revocation::Delayed { millis: 60_000 });
    let question = Question::about(&verified, [5; 32]).unwrap();
    assert!(matches!(world.kiosk.revocation(question.der()).await, Err(SedeError::Unreachable(_))));
}

#[tokio::test(start_paused = true)]
async fn both_sides_refuse_the_same_certificates() {
    let world = World::new();
    let roots = Roots::from_der(&[&world.pki.root]).unwrap();
    let with = |wish: Wish| world.pki.issue("12345678Z", wish);
    let good = Wish::default();
    for (card, kiosk, town) in [
        (with(Wish { years: [2020, 2025], ..good }), "expired", "expired"),
        (with(Wish { years: [2027, 2030], ..good }), "not valid before", "not-yet-valid"),
        (with(Wish { purpose: Some(4), ..good }), "made for something else", "wrong-usage"),
        (Pki::new().card("12345678Z"), "not from an authority", "untrusted"),
    ] {
        let verified = chain::verify(&card.certificate, &card.chain, &roots, world.now());
        let error = verified.map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(kiosk), "{error}");
        assert_eq!(world.enter(&card, None).await.1, EntryAnswer::Refused { code: town.into() });
    }
}

#[tokio::test(start_paused = true)]
async fn a_spoilt_document_is_not_printed_and_a_good_one_can_still_be_had() {
    let world = World::new();
    let session = world.identified("12345678Z").await;
    world.town.fail_nth(1, Some(Endpoint::Certificates), Fault::WrongHash);
    let wrong = world.issue(&session, "C1", "volante-individual", LanguageCode::Es).await.unwrap();
    let error = world.kiosk.document(&session, &wrong).await.unwrap_err();
    assert!(error.to_string().contains("another SHA-256"), "{error}");
    let issued = world.issue(&session, "C1", "volante-individual", LanguageCode::Es).await.unwrap();
    for (fault, reason) in [
        (Fault::Truncated, "another length"),
        (Fault::HugeDocument, "a body over"),
        // Over a new connection: what breaks on a kept one is asked for again, unseen.
        (Fault::CutAnswer, "cannot be reached"),
        (Fault::GiantBody, "a body over"),
        (Fault::Hang, "no answer in 10s"),
        (Fault::Slow { millis: 20_000 }, "no answer in 10s"),
        (Fault::Trickle { millis: 1_000 }, "no answer in 10s"),
        (Fault::Unavailable, "cannot answer now"),
        (Fault::MalformedJson, "no application/pdf"),
    ] {
        let said = format!("{fault:?}");
        world.town.fail_nth(1, Some(Endpoint::Document), fault);
        let error = world.kiosk.document(&session, &issued).await.unwrap_err();
        assert!(error.to_string().contains(reason), "{said}: {error}");
    }
    assert!(world.kiosk.document(&session, &issued).await.is_ok());
    assert_eq!(world.town.certificates().len(), 1, "issued once in all this");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_after_issuing_finds_the_same_document_again() {
    let world = World::new();
    let session = world.identified("12345678Z").await;
    // Twice: the first loss, over a kept connection, goes on unseen.
    world.town.fail_nth(1, Some(Endpoint::Certificates), Fault::LoseAnswer);
    world.town.fail_nth(2, Some(Endpoint::Certificates), Fault::LoseAnswer);
    let lost = world.issue(&session, "C1", "volante-individual", LanguageCode::Es).await;
    assert!(matches!(lost, Err(SedeError::Unreachable(_))), "{lost:?}");
    let found = world.issue(&session, "C1", "volante-individual", LanguageCode::Es).await.unwrap();
    assert_eq!(world.town.certificates().len(), 1);
    assert_eq!(world.town.certificates()[0].certificate, found.certificate);
    assert!(world.kiosk.document(&session, &found).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ran_out_is_told_as_such() {
    let world = World::new();
    let session = world.identified("12345678Z").await;
    world.pass(SignedDuration::from_mins(5));
    assert!(world.kiosk.offers(&session).await.unwrap_err().is_session_over());
    let error = world.issue(&session, "C1", "volante-individual", LanguageCode::Es).await.unwrap_err();
    assert!(error.is_session_over());
    assert!(world.town.certificates().is_empty());
}
