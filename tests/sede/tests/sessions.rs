//! Sessions: one a kiosk, over by time, by word and by the next one; who enters is told the same twice.
mod common;

use common::cards::Pki;
use common::{Client, fits, town};
use jiff::SignedDuration;
use reference_sede::Sede;
use serde_json::{Value, json};

fn in_session(session: &Value) -> Value {
    json!({ "session": session })
}

async fn is_over(client: &mut Client, session: &Value) -> bool {
    let answer = client.post("/certificates/offers", &in_session(session)).await.unwrap();
    if answer.status == 200 {
        return false;
    }
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (410, "session-over"));
    true
}

async fn identified(sede: &Sede, client: &mut Client) -> Value {
    client.identified(sede, "12345678Z").await.into()
}

#[tokio::test(start_paused = true)]
async fn a_session_lasts_five_minutes_from_its_last_request() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let opened = client.open().await;
    assert_eq!(opened["expires_at"], "2026-11-25T10:20:00Z");
    let session = identified(&sede, &mut client).await;
    for _ in 0..3 {
        hands.advance(SignedDuration::from_secs(299));
        assert!(!is_over(&mut client, &session).await);
    }
    assert_eq!(sede.sessions(), 1);
    hands.advance(SignedDuration::from_secs(300));
    assert_eq!(sede.sessions(), 0);
    assert!(is_over(&mut client, &session).await);
}

#[tokio::test(start_paused = true)]
async fn nobody_enters_a_session_after_its_time() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let entry = Pki::of(&sede).card("12345678Z").entry(&client.open().await);
    hands.advance(SignedDuration::from_secs(300));
    let answer = client.post("/sessions/enter", &entry).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (410, "session-over"));
}

#[tokio::test(start_paused = true)]
async fn the_kiosks_word_ends_a_session_and_may_be_said_twice() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let session = identified(&sede, &mut client).await;
    for _ in 0..2 {
        let answer = client.post("/sessions/end", &in_session(&session)).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""));
    }
    assert!(is_over(&mut client, &session).await);
    let never = json!({ "session": "S-0123456789abcdef" });
    assert_eq!(client.post("/sessions/end", &never).await.unwrap().status, 204);
    assert_eq!(client.post("/sessions/end", &json!({ "session": "S-1" })).await.unwrap().status, 422);
}

#[tokio::test(start_paused = true)]
async fn the_next_session_ends_the_one_before() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let first = identified(&sede, &mut client).await;
    let second = client.open().await;
    assert_ne!(first, second["session"]);
    assert!(is_over(&mut client, &first).await);
    assert_eq!(sede.sessions(), 1);
    // The word about the old one, which comes late, leaves the new one alone.
    client.post("/sessions/end", &in_session(&first)).await.unwrap();
    assert_eq!(sede.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_nobody_has_entered_opens_nothing() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let opened = client.open().await;
    assert!(is_over(&mut client, &opened["session"]).await);
}

#[tokio::test(start_paused = true)]
async fn numbers_and_challenges_are_never_the_same_and_cannot_be_counted() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let opened = client.open().await;
        assert!(seen.insert(opened["challenge"].to_string()));
        // Two of them have next to nothing in common.
        let number = opened["session"].as_str().unwrap().trim_start_matches("S-").to_owned();
        assert_eq!(number.len(), 32);
        assert!(seen.insert(number[..8].to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_entry_again_gets_the_same_answer_and_another_one_a_conflict() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let pki = Pki::of(&sede);
    let opened = client.open().await;
    let entry = pki.card("12345678Z").entry(&opened);
    fits("Entry", &entry);
    let first = client.post("/sessions/enter", &entry).await.unwrap();
    let again = Client::to(&sede).await.post("/sessions/enter", &entry).await.unwrap();
    assert_eq!((first.status.as_u16(), &first.body), (200, &again.body));
    let other = pki.card("00000000T").entry(&opened);
    let answer = client.post("/sessions/enter", &other).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "session-conflict"));
}

#[tokio::test(start_paused = true)]
async fn whoever_was_refused_is_told_so_again_and_cannot_try_another_card() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let opened = client.open().await;
    let record = |number: &str| json!({ "session": opened["session"], "means": "record", "profile": "tarjeta-ciudadana", "number": number });
    fits("Entry", &record("9999"));
    for _ in 0..2 {
        let answer = client.post("/sessions/enter", &record("9999")).await.unwrap();
        fits("EntryAnswer", &answer.json());
        assert_eq!(answer.json(), json!({ "answer": "refused", "code": "card-unknown" }));
    }
    assert_eq!(client.post("/sessions/enter", &record("0000012345678")).await.unwrap().status, 409);
    assert!(is_over(&mut client, &opened["session"]).await);
}
