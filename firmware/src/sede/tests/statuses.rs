//! Errors that the sede says itself.
use std::time::Duration;

use tokio::time::Instant;

use super::*;

async fn against(text: String) -> (SedeError, Reachability) {
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::Say(text)])]);
    let error = sede.pay(&order()).await.unwrap_err();
    let known = sede.reachable().borrow().clone();
    (error, known)
}

#[tokio::test(start_paused = true)]
async fn a_sede_that_cannot_answer_now_is_failing() {
    for (line, status) in [
        ("500 Internal Server Error", 500),
        ("502 Bad Gateway", 502),
        ("503 Service Unavailable", 503),
        ("429 Too Many Requests", 429),
    ] {
        let (error, known) = against(problem(line, "unavailable")).await;
        assert_eq!(error, SedeError::Unavailable(status));
        assert!(error.is_worth_repeating());
        assert_eq!((known.contact, known.retry_at), (Contact::Failing(error), None));
    }
}

#[tokio::test(start_paused = true)]
async fn the_pause_that_it_asks_for_is_told_and_bounded() {
    for (value, seconds) in [("30", Some(30)), ("99999999", Some(3600)), ("soon", None), ("-1", None)] {
        let retry_after = format!("retry-after: {value}");
        let (_, known) = against(answer("503 Service Unavailable", &[&retry_after], "")).await;
        assert_eq!(known.retry_at, seconds.map(|s| Instant::now() + Duration::from_secs(s)), "{value}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_it_refuses_is_an_answer_with_its_reason() {
    let (error, known) = against(problem("409 Conflict", "operation-conflict")).await;
    let text = "operation-conflict: A title. a detail".to_owned();
    assert!(!error.is_worth_repeating());
    assert_eq!(error, SedeError::Rejected { status: 409, text });
    assert_eq!(known.contact, Contact::Answering);
}

#[tokio::test(start_paused = true)]
async fn the_reason_is_cut_and_made_plain() {
    let body = format!(r#"{{"code":"x","title":"\u001b@\n{}"}}"#, "y".repeat(5000));
    let (error, _) =
        against(answer("400 Bad Request", &["content-type: application/problem+json"], &body)).await;
    let SedeError::Rejected { status: 400, text } = error else { panic!("{error}") };
    assert!(text.starts_with("x:  @ yyy") && text.chars().count() == 300, "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_without_a_problem_document_is_still_one() {
    let (error, _) = against(answer("403 Forbidden", &["content-type: text/html"], "<h1>no</h1>")).await;
    assert!(
        matches!(&error, SedeError::Rejected { status: 403, text } if text.contains("no problem document"))
    );
}
