//! Events go in batches, and one that the sede does not accept holds up no other.
use super::*;

fn stored() -> Step {
    Step::Say(answer("204 No Content", &[], "").replace("content-length: 0\r\n", ""))
}

fn refused() -> Step {
    Step::Say(problem("422 Unprocessable Content", "invalid-content"))
}

fn many(count: usize, detail: &str) -> Vec<KioskEvent> {
    (0..count).map(|number| event(number, detail)).collect()
}

/// Identifiers of the events of each request.
fn sent(peer: &Peer) -> Vec<Vec<String>> {
    let ids = |request: &String| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /kiosk/v1/events HTTP/1.1"), "{head}");
        assert!(body.len() <= 64 * 1024, "{}", body.len());
        let batch: serde_json::Value = serde_json::from_str(body).unwrap();
        batch["events"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    peer.requests().iter().map(ids).collect()
}

#[tokio::test(start_paused = true)]
async fn no_event_is_no_call() {
    let (sede, peer) = Peer::sede(vec![]);
    assert_eq!(sede.report(&[]).await, Ok(()));
    assert_eq!(sent(&peer), Vec::<Vec<String>>::new());
}

#[tokio::test(start_paused = true)]
async fn a_hundred_and_twenty_go_in_three_batches_in_their_order() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![stored(), stored(), stored()])]);
    assert_eq!(sede.report(&many(120, "ready")).await, Ok(()));
    let batches = sent(&peer);
    assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    let expected: Vec<String> = many(120, "").into_iter().map(|it| it.id).collect();
    assert_eq!(batches.concat(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_batch_stays_within_the_limit_of_a_body() {
    let (sede, peer) = Peer::sede(vec![Line::Up((0..10).map(|_| stored()).collect())]);
    // Four bytes a letter, six with the escape.
    assert_eq!(sede.report(&many(50, &"\u{1F480}".repeat(500))).await, Ok(()));
    let batches = sent(&peer);
    assert!(batches.len() > 1, "{}", batches.len());
    assert_eq!(batches.concat().len(), 50);
}

#[tokio::test(start_paused = true)]
async fn details_are_mended_and_not_lost() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![stored()])]);
    assert_eq!(sede.report(&[event(1, &format!("a\nb\u{1b}{}", "c".repeat(1000)))]).await, Ok(()));
    let request = peer.requests().remove(0);
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let batch: serde_json::Value = serde_json::from_str(body).unwrap();
    let detail = batch["events"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("a b c") && detail.chars().count() == 500, "{detail}");
}

#[tokio::test(start_paused = true)]
async fn one_that_is_not_accepted_is_named_and_the_others_arrive() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![refused(), stored(), refused(), stored()])]);
    let error = sede.report(&many(3, "")).await.unwrap_err();
    assert!(
        matches!(&error, SedeError::Rejected { status: 422, text } if text.starts_with("K07-E1: ")),
        "{error}"
    );
    assert_eq!(
        sent(&peer),
        [vec!["K07-E0", "K07-E1", "K07-E2"], vec!["K07-E0"], vec!["K07-E1"], vec!["K07-E2"]]
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_breaks_the_contract_is_not_sent_and_the_others_arrive() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![stored()])]);
    let mut events = many(3, "");
    events[1].kind = "Not a word".into();
    let error = sede.report(&events).await.unwrap_err();
    assert!(matches!(&error, SedeError::Rejected { text, .. } if text.starts_with("K07-E1: ")), "{error}");
    assert_eq!(sent(&peer), [["K07-E0", "K07-E2"]]);
}

#[tokio::test(start_paused = true)]
async fn a_line_that_breaks_between_batches_ends_the_report() {
    let (sede, peer) = Peer::sede(vec![Line::Up(vec![stored(), Step::Close]), Line::Refused]);
    let error = sede.report(&many(120, "")).await.unwrap_err();
    assert!(matches!(error, SedeError::Unreachable(_)), "{error}");
    assert_eq!(sent(&peer).len(), 2, "the third batch waits for the next report");
}
