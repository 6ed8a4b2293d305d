//! Documents that cannot be paid here, each with its own page; and typing when the bars cannot be read.
use reference_sede::Fault;
use ui::{DocumentProblem, Intent, Refusal, TypedField};

use super::*;

async fn refusal(bill: &str) -> Refusal {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.scan(bill);
    let page = kiosk.until("a refusal", |page| matches!(page, Page::Refused { .. })).await;
    let Page::Refused { refusal } = page else { unreachable!() };
    refusal
}

#[tokio::test(start_paused = true)]
async fn each_document_that_cannot_be_paid_has_its_own_page() {
    assert!(matches!(refusal("lapsed").await, Refusal::Lapsed { .. }));
    assert!(matches!(refusal("paid").await, Refusal::AlreadyPaid { .. }));
    assert!(matches!(refusal("elsewhere").await, Refusal::NotPayableHere { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_barcode_of_something_else_is_said_to_be_no_document() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.barcode.scan(b"8410055050018");
    let problem = |wanted: DocumentProblem| move |page: &Page| matches!(page, Page::Scan { problem: Some(problem), .. } if *problem == wanted);
    kiosk.until("no document", problem(DocumentProblem::NotADocument)).await;
    let mut digits = world.sede.digits("vehicle-tax").expect("on the shelf").into_bytes();
    let last = digits.len() - 3;
    digits[last] = if digits[last] == b'9' { b'0' } else { digits[last] + 1 };
    world.barcode.scan(&digits);
    kiosk.until("a wrong reading", problem(DocumentProblem::Unreadable)).await;
}

#[tokio::test(start_paused = true)]
async fn above_the_cash_limit_cash_is_not_offered() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.scan("at-cash-limit");
    let page = kiosk.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
    let Page::Bill { cash, .. } = page else { unreachable!() };
    assert_eq!(cash, Some(ui::Unavailable::AboveCashLimit));
    kiosk.wish(Intent::PayCash).await;
    kiosk.wish(Intent::Back).await;
    kiosk.until("the reader's page", |page| matches!(page, Page::Scan { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn without_the_sede_the_citizen_is_told_and_can_try_again() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    world.sede.set_fault(Some(Fault::Hang));
    world.scan("vehicle-tax");
    kiosk
        .until("the sede is away", |page| {
            matches!(page, Page::Scan { problem: Some(DocumentProblem::SedeUnreachable), .. })
        })
        .await;
    world.sede.set_fault(None);
    world.scan("vehicle-tax");
    kiosk.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn a_bill_can_be_typed_instead() {
    let world = World::new();
    let mut kiosk = Kiosk::start(&world);
    kiosk.until_open().await;
    kiosk.wish(Intent::Language(ui::Language::Valencian)).await;
    kiosk.wish(Intent::Service(ui::Service::Payment)).await;
    kiosk.wish(Intent::TypeDocument).await;
    kiosk.until("the first field", |page| matches!(page, Page::Type { .. })).await;
    // 90 521 issuer(6) reference(12) identification(10) amount(8) parity(1).
    let digits = world.sede.digits("vehicle-tax").expect("on the shelf");
    let fields = [
        (TypedField::Issuer, &digits[5..11]),
        (TypedField::Reference, &digits[11..23]),
        (TypedField::Identification, &digits[23..33]),
        (TypedField::Amount, digits[33..41].trim_start_matches('0')),
    ];
    for (field, typed) in fields {
        kiosk.until("the field", |page| matches!(page, Page::Type { field: at, .. } if *at == field)).await;
        for digit in typed.bytes() {
            kiosk.wish(Intent::Digit(digit - b'0')).await;
        }
        kiosk.wish(Intent::Confirm).await;
    }
    kiosk.until("the bill", |page| matches!(page, Page::Bill { .. })).await;
}
