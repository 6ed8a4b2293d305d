//! Answers outside the contract: none is believed, none takes memory, none ends the client.
use super::*;

async fn pay_against(text: String) -> SedeError {
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::SayAndClose(text)])]);
    let error = sede.pay(&order()).await.unwrap_err();
    assert_eq!(sede.reachable().borrow().contact, Contact::Failing(error.clone()));
    error
}

async fn look_up_against(body: &str) -> Result<DebtAnswer, SedeError> {
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::Say(ok(body))])]);
    sede.debt("905210301490000123456").await
}

fn is_malformed(error: &SedeError) -> bool {
    matches!(error, SedeError::Malformed(_))
}

#[tokio::test(start_paused = true)]
async fn a_giant_body_is_refused_by_its_announced_length() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8388608\r\n\r\n";
    let error = pay_against(head.into()).await;
    assert_eq!(error.to_string(), "the sede answered outside the contract: a body over 65536 bytes");
}

#[tokio::test(start_paused = true)]
async fn a_giant_body_without_a_length_is_refused_when_it_is_over_the_limit() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    let error = pay_against(format!("{head}{}", " ".repeat(1_000_000))).await;
    assert!(is_malformed(&error) && error.to_string().contains("65536"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_head_without_end_is_refused() {
    let error = pay_against(format!("HTTP/1.1 200 OK\r\n{}", "x: y\r\n".repeat(100_000))).await;
    assert!(is_malformed(&error), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_http_is_refused() {
    for text in ["SSH-2.0-OpenSSH_9.9\r\n\r\n", "\u{1}\u{2}\u{3}\r\n\r\n", "HTTP/1.1 two hundred\r\n\r\n"] {
        let error = pay_against(text.into()).await;
        assert!(is_malformed(&error), "{text:?}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_json_text_another_type_and_other_statuses_are_refused() {
    for text in [
        keyed("{\"answer\":\"boo"),
        keyed("[]"),
        keyed(""),
        keyed(&"[".repeat(60_000)),
        keyed(r#"{"answer":"perhaps"}"#),
        keyed(r#"{"answer":"booked"}"#),
        answer("200 OK", &["content-type: text/html", "idempotency-key: K07-000412"], BOOKED),
        answer("204 No Content", &["idempotency-key: K07-000412"], ""),
        answer("201 Created", &["content-type: application/json", "idempotency-key: K07-000412"], BOOKED),
        answer("302 Found", &["location: https://elsewhere.example/"], ""),
        answer("999 What", &[], ""),
    ] {
        let error = pay_against(text.clone()).await;
        assert!(is_malformed(&error), "{text}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_answer_to_another_operation_is_refused() {
    let other = answer("200 OK", &["content-type: application/json", "idempotency-key: K07-000413"], BOOKED);
    for text in [other, ok(BOOKED)] {
        let error = pay_against(text).await;
        assert!(is_malformed(&error) && error.to_string().contains("Idempotency-Key"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_quote_that_would_harm_a_printer_or_a_sum_is_refused() {
    assert!(look_up_against(PAYABLE).await.is_ok());
    for (good, bad) in [
        ("6540", "-6540"),
        ("6540", "0"),
        ("6540", "65.4"),
        ("6540", "\"6540\""),
        ("6540", "9223372036854775807"),
        ("6540", "1e300"),
        ("Impuesto de", "\\u001bi"),
        ("Impuesto de", "\\u202e"),
        ("Impuesto de", "a\\nb"),
        ("Impuesto de vehículos 2026", ""),
        ("V*** D* P***", &"x".repeat(81)),
        ("0000123456", ""),
        ("Q-1", "../Q"),
        ("D-1", ""),
        ("2026-12-20", "2026-13-20"),
        ("\"cash_paid_before\":0", "\"cash_paid_before\":-1"),
        ("\"cash_paid_before\":0", "\"no\":0"),
        ("10:30:00Z", "10:15:00Z"),
        ("2026-11-25T10:30:00Z", "2026-11-26T10:15:01Z"),
        ("Ayuntamiento de Prueba", "\\u0007"),
    ] {
        let body = PAYABLE.replacen(good, bad, 1);
        assert_ne!(body, PAYABLE);
        let result = look_up_against(&body).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{good} -> {bad}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reduction_that_makes_nothing_less_is_refused() {
    assert!(look_up_against(REDUCED).await.is_ok());
    for (good, bad) in [
        ("20000", "10000"),
        ("20000", "9999"),
        ("20000", "0"),
        ("20000", "-20000"),
        ("20000", "200.00"),
        ("20000", "10000000000"),
        ("20000", "9223372036854775807"),
        ("\"full_amount\":20000,", ""),
        ("2026-12-05", "2026-12-21"),
        ("2026-12-05", "2026-13-05"),
        (",\"reduced_until\":\"2026-12-05\"", ""),
        ("{\"full_amount\":20000,\"reduced_until\":\"2026-12-05\"}", "true"),
        ("{\"full_amount\":20000,\"reduced_until\":\"2026-12-05\"}", "{}"),
    ] {
        let body = REDUCED.replacen(good, bad, 1);
        assert_ne!(body, REDUCED);
        let result = look_up_against(&body).await;
        assert!(matches!(result, Err(SedeError::Malformed(_))), "{good} -> {bad}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_proof_that_would_harm_a_receipt_is_refused() {
    for (good, bad) in [
        ("https://sede", "http://sede"),
        ("https://sede.example/csv/7KQ2M-9XH4T", "https://"),
        ("https://sede", "https://s ede"),
        ("https://sede", &format!("https://{}", "x".repeat(200))),
        ("\"7KQ2M-9XH4T\"", "\"7KQ2M\""),
        ("\"7KQ2M-9XH4T\"", "\"7KQ2M\\n9XH4T\""),
        ("P-9", "P 9"),
    ] {
        let body = BOOKED.replacen(good, bad, 1);
        assert_ne!(body, BOOKED);
        let error = pay_against(keyed(&body)).await;
        assert!(is_malformed(&error), "{good} -> {bad}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_error_of_an_answer_with_a_name_does_not_hold_the_name() {
    let body = PAYABLE.replace("6540", "\"V*** D* P***\"");
    let text = look_up_against(&body).await.unwrap_err().to_string();
    assert!(!text.contains("V***"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_second_answer_that_nobody_asked_for_is_given_to_nobody() {
    let two = keyed(r#"{"answer":"refused","code":"x","text":"y"}"#) + &keyed(BOOKED);
    let (sede, peer) =
        Peer::sede(vec![Line::Up(vec![Step::Say(two)]), Line::Up(vec![Step::Say(keyed(BOOKED))])]);
    assert!(matches!(sede.pay(&order()).await, Ok(PaymentAnswer::Refused { .. })));
    assert_eq!(sede.pay(&order()).await, Ok(booking()));
    assert_eq!(peer.requests().len(), 2, "the second order was sent over the second connection");
}
