//! Who gets in with which card: the codes of `EntryRefused`, each by a certificate or an answer that deserves it.
mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::cards::{Card, KEY_1024, KEY_1920, Pki, Wish};
use common::{Client, fits, town};
use jiff::Timestamp;
use rcgen::KeyUsagePurpose;
use reference_sede::{Endpoint, Fault, Revocation, Sede};
use serde_json::{Value, json};
use tokio::time::Instant;

async fn enter(sede: &Sede, card: &Card, change: impl FnOnce(&mut Value)) -> Value {
    let mut client = Client::to(sede).await;
    let mut entry = card.entry(&client.open().await);
    change(&mut entry);
    let answer = client.post("/sessions/enter", &entry).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    fits("EntryAnswer", &answer.json());
    answer.json()
}

async fn code(sede: &Sede, card: &Card) -> String {
    let answer = enter(sede, card, |_| {}).await;
    answer["code"].as_str().map_or_else(|| answer["answer"].to_string(), str::to_owned)
}

const IDENTIFIED: &str = "\"identified\"";

fn serial(card: u64) -> Vec<u8> {
    card.to_be_bytes().to_vec()
}

#[tokio::test(start_paused = true)]
async fn a_good_card_is_greeted_by_the_name_of_the_padron() {
    let (sede, _) = town();
    let pki = Pki::of(&sede);
    for number in ["12345678Z", "IDCES-12345678Z"] {
        let answer = enter(&sede, &pki.card(number), |_| {}).await;
        let expected = json!({
            "answer": "identified", "level": "certificate", "name": "Vecina de Prueba", "number": "12345678Z"
        });
        assert_eq!(answer, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn keys_of_every_size_that_cards_have_are_accepted() {
    let (sede, _) = town();
    let pki = Pki::of(&sede);
    for key in [KEY_1024, KEY_1920] {
        assert_eq!(code(&sede, &pki.issue("X1234567L", Wish { key, ..Wish::default() })).await, IDENTIFIED);
    }
}

#[tokio::test(start_paused = true)]
async fn each_fault_of_a_certificate_has_its_code() {
    let (sede, _) = town();
    let pki = Pki::of(&sede);
    let with = |wish: Wish| pki.issue("12345678Z", wish);
    let good = Wish::default();
    for (card, expected) in [
        (Pki::new().card("12345678Z"), "untrusted"),
        (Card { chain: vec![], ..pki.card("12345678Z") }, "untrusted"),
        (with(Wish { years: [2020, 2025], ..good }), "expired"),
        (with(Wish { years: [2027, 2030], ..good }), "not-yet-valid"),
        (with(Wish { usage: KeyUsagePurpose::ContentCommitment, ..good }), "wrong-usage"),
        (with(Wish { purpose: Some(4), ..good }), "wrong-usage"),
        (Card { key: KEY_1920, ..pki.card("12345678Z") }, "signature"),
        (pki.card("87654321X"), "not-registered"),
        (pki.card("PASES-XD000000"), "not-registered"),
    ] {
        assert_eq!(code(&sede, &card).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_signature_of_another_session_or_nonce_is_worth_nothing() {
    let (sede, _) = town();
    let card = Pki::of(&sede).card("12345678Z");
    let mut client = Client::to(&sede).await;
    let recorded = card.entry(&client.open().await);
    let replayed = enter(&sede, &card, |entry| entry["signature"] = recorded["signature"].clone()).await;
    assert_eq!(replayed["code"], "signature");
    let other = enter(&sede, &card, |entry| entry["kiosk_nonce"] = STANDARD.encode([8; 32]).into()).await;
    assert_eq!(other["code"], "signature");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_certificate_lets_nobody_in() {
    let (sede, _) = town();
    let card = Pki::of(&sede).card("12345678Z");
    let mut cut = card.certificate.clone();
    cut.truncate(200);
    for certificate in [vec![0x30, 0x00], cut, vec![0xFF; 8192]] {
        assert_eq!(code(&sede, &Card { certificate, ..card.clone() }).await, "untrusted");
    }
}

#[tokio::test(start_paused = true)]
async fn revocation_that_is_not_known_is_not_good() {
    let (sede, _) = town();
    let card = Pki::of(&sede).card("12345678Z");
    let since: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    for (said, expected) in [
        (Revocation::Good, IDENTIFIED),
        (Revocation::Revoked { since }, "revoked"),
        (Revocation::Unknown, "revocation-unknown"),
        (Revocation::Stale, "revocation-unknown"),
        (Revocation::Forged, "revocation-unknown"),
        (Revocation::TryLater, "revocation-unknown"),
        (Revocation::Unavailable, "revocation-unknown"),
        (Revocation::Delayed { millis: 4_000 }, IDENTIFIED),
        (Revocation::Delayed { millis: 60_000 }, "revocation-unknown"),
    ] {
        sede.set_revocation(Some(&serial(1000)), said);
        let begun = Instant::now();
        assert_eq!(code(&sede, &card).await, expected, "{said:?}");
        assert!(begun.elapsed().as_millis() < 5_500, "{said:?}: the answer is in time");
    }
    let (another, _) = town();
    let pki = Pki::new();
    another.trust(&pki.root).unwrap();
    assert_eq!(
        code(&another, &pki.card("12345678Z")).await,
        "revocation-unknown",
        "no service is on the list"
    );
}

#[tokio::test(start_paused = true)]
async fn the_word_about_one_card_is_not_that_about_another() {
    let (sede, _) = town();
    let pki = Pki::of(&sede);
    sede.set_revocation(None, Revocation::Unavailable);
    sede.set_revocation(Some(&serial(2000)), Revocation::Good);
    assert_eq!(code(&sede, &pki.card("12345678Z")).await, "revocation-unknown");
    let other = pki.issue("12345678Z", Wish { serial: 2000, ..Wish::default() });
    assert_eq!(code(&sede, &other).await, IDENTIFIED);
}

/// An OCSP request of the sede's own making is not at hand here: the one of the kiosk is tried in its own tests.
#[tokio::test(start_paused = true)]
async fn a_request_that_is_none_is_not_relayed() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    for (request, status) in [("MAMCAQA=", 422), ("not base64", 422), ("", 422)] {
        let answer = client.post("/revocation", &json!({ "request": request })).await.unwrap();
        assert_eq!(answer.status.as_u16(), status, "{request}");
        answer.problem();
    }
}

#[tokio::test(start_paused = true)]
async fn a_card_with_a_number_only_is_a_pseudonym() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    for (number, expected) in [
        (
            "7700001234567894",
            json!({ "answer": "identified", "level": "pseudonym", "name": "V*** d*** P***" }),
        ),
        ("0000012345678", json!({ "answer": "identified", "level": "pseudonym", "name": "V*** d*** P***" })),
        ("7700009876543219", json!({ "answer": "refused", "code": "card-cancelled" })),
        ("7700000000000000", json!({ "answer": "refused", "code": "card-unknown" })),
    ] {
        let session = client.open().await["session"].clone();
        let entry = json!({ "session": session, "means": "record", "profile": "any", "number": number });
        let answer = client.post("/sessions/enter", &entry).await.unwrap().json();
        fits("EntryAnswer", &answer);
        assert_eq!(answer, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_was_ordered_lets_nobody_in() {
    let (sede, _) = town();
    let card = Pki::of(&sede).card("12345678Z");
    sede.fail_nth(1, Some(Endpoint::Enter), Fault::RefuseEntry { code: "ordered".into() });
    assert_eq!(code(&sede, &card).await, "ordered");
    assert_eq!(code(&sede, &card).await, IDENTIFIED);
}

#[tokio::test(start_paused = true)]
async fn entries_outside_their_limits_are_not_looked_at() {
    let (sede, _) = town();
    let card = Pki::of(&sede).card("12345678Z");
    let mut client = Client::to(&sede).await;
    let good = card.entry(&client.open().await);
    for (field, value) in [
        ("means", json!("face")),
        ("session", json!("short")),
        ("certificate", json!("%%%")),
        ("certificate", json!(STANDARD.encode(vec![0; 8193]))),
        ("chain", json!(vec![good["certificate"].clone(); 5])),
        ("chain", json!(null)),
        ("kiosk_nonce", json!("AAAA")),
        ("signature", json!(STANDARD.encode(vec![0; 513]))),
        ("revocation", json!("")),
    ] {
        let mut entry = good.clone();
        entry[field] = value;
        let answer = client.post("/sessions/enter", &entry).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, "invalid-content"), "{field}");
    }
    assert_eq!(client.post("/sessions/enter", &good).await.unwrap().json()["answer"], "identified");
}
