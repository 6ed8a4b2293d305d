//! Whatever arrives twice is done once: the contract's section on repetition.
mod common;

use common::{Client, order, town};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test(start_paused = true)]
async fn the_same_order_again_gets_the_same_answer_word_for_word() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let order = order("K07-000412", &client.quote(&sede, "vehicle-tax").await);
    let first = client.pay(&order).await.unwrap();
    hands.advance(SignedDuration::from_hours(24 * 90));
    let mut another = Client::to(&sede).await;
    let again = another.pay(&order).await.unwrap();
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!((sede.bookings().len(), sede.orders_received("K07-000412")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn two_copies_at_the_same_time_are_one_booking() {
    let (sede, _) = town();
    let (mut one, mut two) = (Client::to(&sede).await, Client::to(&sede).await);
    let order = order("K07-000412", &one.quote(&sede, "vehicle-tax").await);
    let (first, second) = tokio::join!(one.pay(&order), two.pay(&order));
    assert_eq!(first.unwrap().body, second.unwrap().body);
    assert_eq!((sede.bookings().len(), sede.orders_received("K07-000412")), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn the_same_order_in_another_spelling_is_the_same() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let mut order = order("K07-000412", &client.quote(&sede, "vehicle-tax").await);
    let first = client.pay(&order).await.unwrap();
    order["taken_at"] = json!("2026-11-25T10:15:00.000Z");
    assert_eq!(client.pay(&order).await.unwrap().body, first.body);
}

#[tokio::test(start_paused = true)]
async fn the_same_operation_with_another_content_is_a_conflict_and_changes_nothing() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let order = order("K07-000412", &client.quote(&sede, "vehicle-tax").await);
    let first = client.pay(&order).await.unwrap();
    for (field, value) in [
        ("amount", json!(6539)),
        ("inserted", json!(7000)),
        ("quote", json!("Q-000099")),
        ("clock_sure", json!(false)),
        ("taken_at", json!("2026-11-25T10:15:01Z")),
    ] {
        let mut other = order.clone();
        other[field] = value;
        let answer = client.pay(&other).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (409, "operation-conflict"),
            "{field}"
        );
    }
    assert_eq!(client.pay(&order).await.unwrap().body, first.body);
    assert_eq!(sede.bookings().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_stays_a_refusal() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let order = order("K07-000412", &client.quote(&sede, "withdrawn-at-payment").await);
    let first = client.pay(&order).await.unwrap();
    assert_eq!(first.json()["code"], "debt-withdrawn");
    sede.set_debt("withdrawn-at-payment", reference_sede::DebtState::Open);
    assert_eq!(client.pay(&order).await.unwrap().body, first.body);
    assert_eq!(sede.bookings(), vec![]);
}

#[tokio::test(start_paused = true)]
async fn what_became_of_an_order_can_be_asked() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let order = order("K07-000412", &client.quote(&sede, "vehicle-tax").await);
    assert_eq!(client.get("/payments/K07-000412").await.unwrap().problem(), "operation-unknown");
    let booked = client.pay(&order).await.unwrap();
    let asked = client.get("/payments/K07-000412").await.unwrap();
    assert_eq!(
        (&asked.body, &asked.headers["idempotency-key"]),
        (&booked.body, &booked.headers["idempotency-key"])
    );
    assert_eq!(sede.orders_received("K07-000412"), 1, "asking is no order");
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_twice_is_kept_once_with_its_first_content() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let event = |id: &str, detail: &str| {
        json!({ "id": id, "at": common::NOW, "clock_sure": true, "kind": "refund-owed", "operation": "K07-000412", "amount": 2000,
            "claim": "K07-R1", "detail": detail })
    };
    let first = json!({ "events": [event("K07-E1", "a"), event("K07-E2", "b")] });
    let second = json!({ "events": [event("K07-E2", "other words"), event("K07-E3", "c")] });
    for batch in [&first, &second, &second] {
        assert_eq!(client.post("/events", batch).await.unwrap().status, 204);
    }
    let kept: Vec<_> =
        sede.events().into_iter().map(|it| (it.event.id, it.event.detail, it.received)).collect();
    let expected = [("K07-E1", "a", 1), ("K07-E2", "b", 3), ("K07-E3", "c", 2)];
    assert_eq!(kept, expected.map(|(id, detail, times)| (id.to_owned(), detail.to_owned(), times)));
}
