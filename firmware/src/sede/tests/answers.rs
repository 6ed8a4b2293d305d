//! The calls and their answers when nothing goes wrong.
use super::*;

const DIGITS: &str = "905210301490000123456651200266324000123450";

#[tokio::test(start_paused = true)]
async fn the_catalogue_is_read_and_what_is_new_in_it_is_passed_over() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![Step::Say(ok(CATALOGUE))])]);
    let catalogue = sede.catalogue().await.unwrap();
    assert_eq!((catalogue.cash_max_per_debt, catalogue.coin_limit), (Cents(99_999), 50));
    assert_eq!(catalogue.services, ["payment", "of-next-year"]);
    let request = peer.requests().remove(0);
    assert!(request.starts_with("GET /kiosk/v1/catalogue HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nhost: sede.example\r\n"), "{request}");
}

#[tokio::test(start_paused = true)]
async fn the_digits_go_in_the_body_and_not_in_the_address() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![Step::Say(ok(PAYABLE))])]);
    let DebtAnswer::Payable(quote) = sede.debt(DIGITS).await.unwrap() else { panic!() };
    assert_eq!((quote.amount, quote.concept.as_str()), (Cents(6540), "Impuesto de vehículos 2026"));
    assert_eq!(quote.expires_at.as_second() - quote.issued_at.as_second(), 900);
    let request = peer.requests().remove(0);
    assert!(request.starts_with("POST /kiosk/v1/debts/lookup HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with(&format!("{{\"digits\":\"{DIGITS}\"}}")), "{request}");
}

#[tokio::test(start_paused = true)]
async fn a_reduction_has_the_full_amount_and_its_own_last_day() {
    let none = PAYABLE.replacen("\"amount\"", "\"reduction\":null,\"amount\"", 1);
    let last = REDUCED.replacen("2026-12-05", "2026-12-20", 1);
    let undated = REDUCED.replacen("\"2026-12-20\"", "null", 1);
    let reduction =
        |day: &str| Some(Reduction { full_amount: Cents(20_000), reduced_until: day.parse().unwrap() });
    for (body, expected) in [
        (PAYABLE, None),
        (none.as_str(), None),
        (REDUCED, reduction("2026-12-05")),
        (last.as_str(), reduction("2026-12-20")),
        (undated.as_str(), reduction("2026-12-05")),
    ] {
        let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::Say(ok(body))])]);
        let DebtAnswer::Payable(quote) = sede.debt(DIGITS).await.unwrap() else { panic!("{body}") };
        assert_eq!(quote.reduction, expected, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_word_of_the_sede_is_understood() {
    let day = Some("2026-11-20".parse().unwrap());
    for (body, expected) in [
        (r#"{"answer":"lapsed","last_day":"2026-11-20"}"#, DebtAnswer::Lapsed { last_day: day }),
        (r#"{"answer":"lapsed"}"#, DebtAnswer::Lapsed { last_day: None }),
        (r#"{"answer":"unknown"}"#, DebtAnswer::Unknown),
        (r#"{"answer":"already-paid","paid_on":"2026-11-20"}"#, DebtAnswer::AlreadyPaid { paid_on: day }),
        (r#"{"answer":"already-paid","paid_on":null}"#, DebtAnswer::AlreadyPaid { paid_on: None }),
        (
            r#"{"answer":"not-payable-here","collector":"Diputación","advice":""}"#,
            DebtAnswer::NotPayableHere { collector: "Diputación".into(), advice: String::new() },
        ),
    ] {
        let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::Say(ok(body))])]);
        assert_eq!(sede.debt(DIGITS).await, Ok(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_payment_carries_its_operation_as_its_key() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![Step::Say(keyed(BOOKED))])]);
    assert_eq!(sede.pay(&order()).await, Ok(booking()));
    let request = peer.requests().remove(0);
    assert!(request.starts_with("POST /kiosk/v1/payments HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nidempotency-key: K07-000412\r\n"), "{request}");
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(serde_json::from_str::<PaymentOrder>(body).unwrap(), order());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_answer_and_no_error() {
    let body = r#"{"answer":"refused","code":"already-paid","text":"Este recibo ya se ha pagado."}"#;
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::Say(keyed(body))])]);
    let text = "Este recibo ya se ha pagado.".to_owned();
    assert_eq!(sede.pay(&order()).await, Ok(PaymentAnswer::Refused { code: "already-paid".into(), text }));
    assert_eq!(sede.reachable().borrow().contact, Contact::Answering);
}

#[tokio::test(start_paused = true)]
async fn a_payment_that_never_arrived_is_told_from_one_that_did() {
    let never = problem("404 Not Found", "operation-unknown");
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![Step::Say(never), Step::Say(keyed(BOOKED))])]);
    assert_eq!(sede.payment(&order().operation).await, Ok(None));
    assert_eq!(sede.payment(&order().operation).await, Ok(Some(booking())));
    assert!(peer.requests()[0].starts_with("GET /kiosk/v1/payments/K07-000412 HTTP/1.1\r\n"));
}

#[tokio::test(start_paused = true)]
async fn another_404_does_not_say_that_a_payment_never_arrived() {
    let (sede, _) = Peer::sede(vec![Line::Up(vec![
        Step::Say(problem("404 Not Found", "not-found")),
        Step::Say(answer("404 Not Found", &["content-type: text/html"], "<h1>operation-unknown</h1>")),
    ])]);
    for _ in 0..2 {
        let result = sede.payment(&order().operation).await;
        assert!(matches!(result, Err(SedeError::Rejected { status: 404, .. })), "{result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_outside_the_contract_is_not_sent() {
    let (sede, peer) = Peer::sede(vec![]);
    for digits in ["", "12345", "90521x3014900001", &"9".repeat(65), "9052103014 0000"] {
        assert!(matches!(sede.debt(digits).await, Err(SedeError::Rejected { status: 422, .. })), "{digits}");
    }
    for operation in ["", "K07", "K07/../x-1", "k07-1", "K07-", "K07-1\r\nx: y"] {
        let operation = OperationId(operation.into());
        assert!(matches!(sede.payment(&operation).await, Err(SedeError::Rejected { .. })), "{operation:?}");
        let order = PaymentOrder { operation, ..order() };
        assert!(matches!(sede.pay(&order).await, Err(SedeError::Rejected { .. })), "{order:?}");
    }
    let less = PaymentOrder { inserted: Cents(6539), ..order() };
    assert!(matches!(sede.pay(&less).await, Err(SedeError::Rejected { .. })));
    assert_eq!(peer.requests(), Vec::<String>::new());
    assert_eq!(sede.reachable().borrow().contact, Contact::Untried);
}
