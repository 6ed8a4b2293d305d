//! Why an order is not booked, and why a late one is.
mod common;

use common::{Client, order, town};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn answer_to(bill: &str, change: impl FnOnce(&mut Value)) -> Value {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let mut order = order("K07-000001", &client.quote(&sede, bill).await);
    change(&mut order);
    let answer = client.pay(&order).await.unwrap().json();
    assert_eq!(sede.bookings().len(), usize::from(answer["answer"] == "booked"));
    answer
}

#[tokio::test(start_paused = true)]
async fn each_reason_has_its_code() {
    assert_eq!(answer_to("one-note", |it| it["quote"] = json!("Q-9")).await["code"], "quote-unknown");
    assert_eq!(answer_to("one-note", |it| it["debt"] = json!("D-2026-0001")).await["code"], "quote-unknown");
    assert_eq!(answer_to("one-note", |it| it["amount"] = json!(1999)).await["code"], "amount-differs");
    assert_eq!(answer_to("one-note", |it| it["means"] = json!("card")).await["code"], "means-not-accepted");
    assert_eq!(answer_to("withdrawn-at-payment", |_| {}).await["code"], "debt-withdrawn");
    assert_eq!(answer_to("paid-by-other-at-payment", |_| {}).await["code"], "already-paid");
}

#[tokio::test(start_paused = true)]
async fn cash_is_limited_over_all_payments_of_a_debt() {
    assert_eq!(answer_to("below-cash-limit", |_| {}).await["answer"], "booked");
    assert_eq!(answer_to("at-cash-limit", |_| {}).await["code"], "cash-limit");
    assert_eq!(answer_to("cash-left", |_| {}).await["answer"], "booked");
    assert_eq!(answer_to("cash-used-up", |_| {}).await["code"], "cash-limit");
}

#[tokio::test(start_paused = true)]
async fn a_quote_is_judged_by_when_the_money_was_taken_and_not_by_when_the_order_comes() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let in_time = order("K07-000001", &client.quote(&sede, "vehicle-tax").await);
    let mut too_late = order("K07-000002", &client.quote(&sede, "quote-of-a-minute").await);
    too_late["taken_at"] = json!("2026-11-25T10:16:01Z");
    hands.advance(SignedDuration::from_hours(24 * 60));
    assert_eq!(
        client.pay(&in_time).await.unwrap().json()["answer"],
        "booked",
        "although its term is over by now"
    );
    assert_eq!(client.pay(&too_late).await.unwrap().json()["code"], "quote-expired");
}

#[tokio::test(start_paused = true)]
async fn a_kiosk_that_does_not_know_the_time_is_not_refused_for_it() {
    let booked = answer_to("quote-of-a-minute", |it| {
        it["taken_at"] = json!("2036-02-07T06:28:16Z");
        it["clock_sure"] = json!(false);
    });
    assert_eq!(booked.await["answer"], "booked");
}

#[tokio::test(start_paused = true)]
async fn a_term_ends_with_its_last_day_in_madrid() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    let digits = json!({ "digits": sede.digits("ends-today").unwrap() });
    // 23:59 in Madrid, then midnight; in UTC it is still the day before.
    hands.advance(SignedDuration::from_mins(12 * 60 + 44));
    assert_eq!(client.post("/debts/lookup", &digits).await.unwrap().json()["answer"], "payable");
    hands.advance(SignedDuration::from_mins(1));
    let answer = client.post("/debts/lookup", &digits).await.unwrap().json();
    assert_eq!(answer, json!({ "answer": "lapsed", "last_day": "2026-11-25" }));
}

#[tokio::test(start_paused = true)]
async fn a_paid_bill_is_said_to_be_paid_from_then_on() {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    let quote = client.quote(&sede, "vehicle-tax").await;
    client.pay(&order("K07-000001", &quote)).await.unwrap();
    let digits = json!({ "digits": sede.digits("vehicle-tax").unwrap() });
    let answer = client.post("/debts/lookup", &digits).await.unwrap().json();
    assert_eq!(answer, json!({ "answer": "already-paid", "paid_on": "2026-11-25" }));
}

#[tokio::test(start_paused = true)]
async fn a_fine_with_reduction_costs_less_than_its_paper_says() {
    let (sede, _) = town();
    let bill = sede.debt("fine-reduced").unwrap();
    assert_eq!((bill.format, bill.printed_amount), (503, Some(20_000)));
    let quote = Client::to(&sede).await.quote(&sede, "fine-reduced").await;
    assert_eq!(quote["amount"], 10_000);
    assert_eq!(quote["reduction"], json!({ "full_amount": 20_000, "reduced_until": "2026-12-05" }));
    assert_eq!(quote["last_day"], "2026-12-20", "of the full amount");
    let on_the_shelf = sede.shelf().into_iter().find(|bill| bill.name == "fine-reduced").unwrap();
    assert_eq!((on_the_shelf.printed_amount, on_the_shelf.amount), (Some(20_000), 10_000));
}

#[tokio::test(start_paused = true)]
async fn the_reduction_ends_with_its_last_day_in_madrid_and_a_quote_outlives_it() {
    let (sede, hands) = town();
    let mut client = Client::to(&sede).await;
    // To a minute before midnight of the 25th.
    hands.advance(SignedDuration::from_mins(12 * 60 + 44));
    let reduced = client.quote(&sede, "fine-reduced-today").await;
    assert_eq!(
        (&reduced["amount"], &reduced["reduction"]["reduced_until"]),
        (&json!(10_000), &json!("2026-11-25"))
    );
    hands.advance(SignedDuration::from_mins(1));
    let full = client.quote(&sede, "fine-reduced-today").await;
    assert_eq!((&full["amount"], full.get("reduction")), (&json!(20_000), None));
    let mut order = order("K07-000001", &reduced);
    order["taken_at"] = json!("2026-11-25T23:05:00Z");
    assert_eq!(
        client.pay(&order).await.unwrap().json()["answer"],
        "booked",
        "the amount holds as long as its quote"
    );
    assert_eq!(sede.bookings()[0].amount, 10_000);
    assert_eq!(client.quote(&sede, "fine-no-longer-reduced").await.get("reduction"), None);
}
