//! The shelf of bills, and the same town for the same clock and seed.
mod common;

use std::collections::BTreeSet;

use common::{Client, order, town};
use reference_sede::{BillState, Snapshot, citizens};

#[test]
fn the_shelf_has_every_format_and_state_and_no_two_bills_alike() {
    let (sede, _) = town();
    let shelf = sede.shelf();
    assert!(shelf.len() >= 30, "{}", shelf.len());
    let formats: BTreeSet<u64> = shelf.iter().map(|bill| bill.format).collect();
    assert_eq!(formats.into_iter().collect::<Vec<_>>(), [501, 502, 503, 507, 508, 521, 522, 523, 528]);
    for state in
        [BillState::Payable, BillState::Lapsed, BillState::Paid, BillState::Elsewhere, BillState::Unknown]
    {
        assert!(shelf.iter().any(|bill| bill.state == state), "{state:?}");
    }
    for amount in [1, 6540, 10_000, 12_345, 99_999, 100_000] {
        assert!(
            shelf.iter().any(|bill| bill.amount == amount && bill.state == BillState::Payable),
            "{amount}"
        );
    }
    assert_eq!(shelf.iter().map(|bill| &bill.digits).collect::<BTreeSet<_>>().len(), shelf.len());
    assert_eq!(shelf.iter().map(|bill| &bill.name).collect::<BTreeSet<_>>().len(), shelf.len());
}

#[test]
fn each_document_is_as_long_as_its_format_says() {
    for bill in town().0.shelf() {
        let length = match bill.format {
            501 | 503 => 34,
            502 => 38,
            507 => 46,
            508 => 48,
            521 => 42,
            522 => 54,
            523 => 24,
            528 => 52,
            other => panic!("{other}"),
        };
        assert_eq!(bill.digits.len(), length, "{}", bill.name);
        assert!(bill.digits.starts_with(&format!("90{}", bill.format)));
    }
}

#[test]
fn the_citizens_have_valid_numbers_and_a_name_that_can_be_masked() {
    for citizen in citizens() {
        let (digits, letter) = citizen.nif.split_at(citizen.nif.len() - 1);
        let value: usize = digits.replace('X', "0").replace('Y', "1").parse().unwrap();
        let right = "TRWAGMYFPDXBNJZSQVHLCKE".as_bytes()[value % 23];
        assert_eq!(letter.as_bytes(), [right], "{}", citizen.nif);
        let masked = citizen.masked_name();
        assert!(
            citizen.name.split_whitespace().all(|word| word.chars().count() == 1 || !masked.contains(word))
        );
    }
}

async fn life() -> Snapshot {
    let (sede, _) = town();
    let mut client = Client::to(&sede).await;
    for (number, bill) in ["vehicle-tax", "fine-reduced", "withdrawn-at-payment"].into_iter().enumerate() {
        let quote = client.quote(&sede, bill).await;
        client.pay(&order(&format!("K07-{number:06}"), &quote)).await.unwrap();
    }
    sede.snapshot()
}

#[tokio::test(start_paused = true)]
async fn the_same_life_gives_the_same_snapshot() {
    let snapshot = life().await;
    assert_eq!(snapshot, life().await);
    assert_eq!((snapshot.bookings.len(), snapshot.orders.len(), snapshot.requests), (2, 3, 6));
    let text = serde_json::to_string(&snapshot).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), snapshot);
}

#[tokio::test(start_paused = true)]
async fn a_bill_that_is_added_can_be_paid() {
    let (sede, _) = town();
    let added = sede.add_bill("extra", "Tasa de prueba", 4321, "2026-12-31".parse().unwrap()).unwrap();
    assert_eq!(sede.shelf().last().map(|bill| &bill.digits), Some(&added.digits));
    let mut client = Client::to(&sede).await;
    let quote = client.quote(&sede, "extra").await;
    assert_eq!(client.pay(&order("K07-000001", &quote)).await.unwrap().json()["answer"], "booked");
    assert!(sede.add_bill("huge", "x", 100_000_000, "2026-12-31".parse().unwrap()).is_err());
    assert!(sede.debt("vehicle-tax").is_some(), "a bill that does not fit costs no other");
    sede.reset().unwrap();
    assert!(sede.debt("extra").is_none() && sede.bookings().is_empty());
}
