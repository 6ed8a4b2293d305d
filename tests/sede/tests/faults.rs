//! The ways to fail do what they say, and above all act or do not act as they say.
mod common;

use std::time::Duration;

use common::{Client, fits, order, town};
use reference_sede::{Endpoint, Fault, Rule, Sede};
use serde_json::Value;
use tokio::time::{Instant, timeout};

async fn prepared() -> (Sede, Client, Value) {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let order = order("K07-000412", &client.quote(&sede, "vehicle-tax").await);
    (sede, client, order)
}

#[tokio::test(start_paused = true)]
async fn an_absent_sede_refuses_connections_and_breaks_open_ones_without_acting() {
    let (sede, mut client, order) = prepared().await;
    sede.set_fault(Some(Fault::Refuse));
    assert!(client.pay(&order).await.is_err());
    assert_eq!(sede.connect().map(|_| ()).unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    assert_eq!(sede.bookings(), vec![]);
    sede.set_fault(None);
    assert_eq!(Client::to(&sede).await.pay(&order).await.unwrap().json()["answer"], "booked");
}

#[tokio::test(start_paused = true)]
async fn a_hanging_sede_never_answers_and_does_not_act() {
    let (sede, mut client, order) = prepared().await;
    sede.set_fault(Some(Fault::Hang));
    assert!(timeout(Duration::from_secs(3600), client.pay(&order)).await.is_err());
    assert_eq!(sede.bookings(), vec![]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_sede_acts_at_once_and_answers_late() {
    let (sede, mut client, order) = prepared().await;
    sede.set_fault(Some(Fault::Slow { millis: 12_000 }));
    let begun = Instant::now();
    let paying = tokio::spawn(async move { client.pay(&order).await.unwrap().json() });
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(sede.bookings().len(), 1);
    assert_eq!(paying.await.unwrap()["answer"], "booked");
    assert!((12_000..12_100).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_was_acted_upon() {
    let (sede, mut client, order) = prepared().await;
    sede.fail_nth(1, Some(Endpoint::Pay), Fault::LoseAnswer);
    assert!(client.pay(&order).await.unwrap_err().is_incomplete_message());
    assert_eq!(sede.bookings().len(), 1);
    assert_eq!(Client::to(&sede).await.pay(&order).await.unwrap().json()["answer"], "booked");
    assert_eq!((sede.bookings().len(), sede.orders_received("K07-000412")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_cut_answer_breaks_in_its_middle() {
    let (sede, mut client, order) = prepared().await;
    sede.fail_nth(1, None, Fault::CutAnswer);
    assert!(client.pay(&order).await.is_err());
    assert_eq!(sede.bookings().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn wrong_answers_are_wrong_and_were_acted_upon() {
    let (sede, mut client, order) = prepared().await;
    sede.fail_nth(1, None, Fault::MalformedJson);
    let body = client.pay(&order).await.unwrap().body;
    assert!(serde_json::from_str::<Value>(&body).is_err());
    assert_eq!(sede.bookings().len(), 1);
    sede.fail_nth(1, None, Fault::WrongSchema);
    let value = client.pay(&order).await.unwrap().json();
    assert!(common::against("PaymentAnswer", &value).is_some());
    sede.fail_nth(1, None, Fault::GiantBody);
    assert_eq!(client.pay(&order).await.unwrap().body.len(), 8 * 1024 * 1024);
    sede.fail_nth(1, None, Fault::WrongKey);
    assert_eq!(client.pay(&order).await.unwrap().headers["idempotency-key"], "K99-999999");
}

#[tokio::test(start_paused = true)]
async fn a_status_and_a_503_are_answered_without_acting() {
    let (sede, mut client, order) = prepared().await;
    sede.fail_nth(1, None, Fault::WrongStatus { status: 302 });
    sede.fail_nth(2, None, Fault::Unavailable);
    assert_eq!(client.pay(&order).await.unwrap().status, 302);
    let answer = client.pay(&order).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "unavailable"));
    assert_eq!(answer.headers["retry-after"], "30");
    assert_eq!(sede.orders_received("K07-000412"), 0);
    assert_eq!(client.pay(&order).await.unwrap().json()["answer"], "booked");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_was_ordered_is_final() {
    let (sede, mut client, order) = prepared().await;
    let refusal = Fault::RefusePayment { code: "ordered".into(), text: "Así se ha pedido.".into() };
    sede.set_fault(Some(refusal));
    let answer = client.pay(&order).await.unwrap().json();
    fits("PaymentAnswer", &answer);
    assert_eq!(answer["code"], "ordered");
    sede.set_fault(None);
    assert_eq!(client.pay(&order).await.unwrap().json(), answer);
    assert_eq!(sede.bookings(), vec![]);
}

#[tokio::test(start_paused = true)]
async fn a_rule_counts_the_requests_of_its_kind_only() {
    let (sede, mut client, order) = prepared().await;
    sede.fail_nth(2, Some(Endpoint::Catalogue), Fault::Unavailable);
    sede.add_fault(Rule { endpoint: Some(Endpoint::Events), nth: None, fault: Fault::Unavailable });
    assert_eq!(client.get("/catalogue").await.unwrap().status, 200);
    assert_eq!(client.pay(&order).await.unwrap().status, 200);
    assert_eq!(client.get("/catalogue").await.unwrap().status, 503);
    assert_eq!(client.get("/catalogue").await.unwrap().status, 200);
    let events: Value = serde_json::json!({ "events": [] });
    assert_eq!(client.post("/events", &events).await.unwrap().status, 503);
    assert_eq!(client.post("/events", &events).await.unwrap().status, 503);
    assert_eq!(sede.snapshot().faults.len(), 1);
}
