//! The line is down, or goes down in the middle of a call.
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::*;

fn up(steps: Vec<Step>) -> Line {
    Line::Up(steps)
}

#[tokio::test(start_paused = true)]
async fn nobody_there_is_said_at_once() {
    let (sede, _) = Peer::sede(vec![Line::Refused]);
    let error = sede.catalogue().await.unwrap_err();
    assert!(matches!(error, SedeError::Unreachable(_)), "{error}");
    assert_eq!(sede.reachable().borrow().contact, Contact::Failing(error));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_does_not_come_about_is_given_up_after_five_seconds() {
    let (sede, _) = Peer::sede(vec![Line::Stuck]);
    let begun = Instant::now();
    let error = sede.catalogue().await.unwrap_err();
    assert_eq!(
        (begun.elapsed().as_millis() / 100, error.to_string()),
        (50, "the sede cannot be reached: no connection in 5s".into())
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_given_up_after_ten_seconds_and_not_asked_for_again() {
    let (sede, peer) = Peer::sede(vec![up(vec![Step::Silence]), up(vec![Step::Say(keyed(BOOKED))])]);
    let begun = Instant::now();
    let error = sede.pay(&order()).await.unwrap_err();
    assert!(matches!(&error, SedeError::Unreachable(text) if text.contains("10s")), "{error}");
    assert_eq!((begun.elapsed().as_secs(), peer.requests().len()), (10, 1));
    assert_eq!(
        sede.pay(&order()).await,
        Ok(booking()),
        "over a new connection: a late answer belongs to nobody"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_trickles_is_given_up_too() {
    let begun_but_not_ended = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{".to_owned();
    let (sede, _) = Peer::sede(vec![up(vec![Step::Say(begun_but_not_ended), Step::Silence])]);
    let begun = Instant::now();
    assert!(matches!(sede.catalogue().await, Err(SedeError::Unreachable(_))));
    assert_eq!(begun.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_new_connection_that_breaks_is_a_failed_call() {
    let (sede, peer) = Peer::sede(vec![up(vec![Step::Close]), up(vec![Step::Say(keyed(BOOKED))])]);
    assert!(matches!(sede.pay(&order()).await, Err(SedeError::Unreachable(_))));
    assert_eq!((peer.requests().len(), peer.unused_lines()), (1, 1), "the outbox repeats, not the client");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_breaks_off_is_a_failed_call() {
    let whole = keyed(BOOKED);
    let half = whole[..whole.len() - 20].to_owned();
    let (sede, _) = Peer::sede(vec![up(vec![Step::SayAndClose(half)])]);
    let error = sede.pay(&order()).await.unwrap_err();
    assert!(matches!(error, SedeError::Unreachable(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn one_connection_serves_many_calls() {
    let say = || Step::Say(ok(CATALOGUE));
    let (sede, peer) = Peer::sede(vec![up(vec![say(), say(), say()])]);
    for _ in 0..3 {
        sede.catalogue().await.unwrap();
    }
    assert_eq!((peer.requests().len(), peer.unused_lines()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_kept_connection_that_was_closed_meanwhile_is_replaced_unseen() {
    let (sede, peer) =
        Peer::sede(vec![up(vec![Step::SayAndClose(ok(CATALOGUE))]), up(vec![Step::Say(keyed(BOOKED))])]);
    sede.catalogue().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(sede.pay(&order()).await, Ok(booking()));
    assert_eq!(peer.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_kept_connection_that_breaks_under_a_call_is_replaced_and_the_call_sent_again_with_its_key() {
    let (sede, peer) =
        Peer::sede(vec![up(vec![Step::Say(ok(CATALOGUE)), Step::Close]), up(vec![Step::Say(keyed(BOOKED))])]);
    sede.catalogue().await.unwrap();
    assert_eq!(sede.pay(&order()).await, Ok(booking()));
    let requests = peer.requests();
    assert_eq!((requests.len(), &requests[1]), (3, &requests[2]), "the same request, byte for byte");
}

#[tokio::test(start_paused = true)]
async fn it_is_replaced_once_only() {
    let (sede, peer) = Peer::sede(vec![
        up(vec![Step::Say(ok(CATALOGUE)), Step::Close]),
        up(vec![Step::Close]),
        up(vec![Step::Say(keyed(BOOKED))]),
    ]);
    sede.catalogue().await.unwrap();
    assert!(matches!(sede.pay(&order()).await, Err(SedeError::Unreachable(_))));
    assert_eq!((peer.requests().len(), peer.unused_lines()), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_not_kept_for_longer_than_agreed() {
    let say = || Step::Say(ok(CATALOGUE));
    let (sede, peer) = Peer::sede(vec![up(vec![say(), say()]), up(vec![say()])]);
    sede.catalogue().await.unwrap();
    sleep(Duration::from_secs(31)).await;
    sede.catalogue().await.unwrap();
    assert_eq!(peer.unused_lines(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_slow_call_does_not_hold_up_the_next_citizen() {
    let (sede, _) = Peer::sede(vec![up(vec![Step::Silence]), up(vec![Step::Say(ok(PAYABLE))])]);
    let slow = tokio::spawn({
        let sede = sede.clone();
        async move { sede.report(&[event(1, "")]).await }
    });
    sleep(Duration::from_millis(1)).await;
    let begun = Instant::now();
    assert!(matches!(sede.debt("905210301490000123456").await, Ok(DebtAnswer::Payable(_))));
    assert!(begun.elapsed() < Duration::from_millis(10));
    assert!(slow.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn the_line_comes_back_and_those_who_watch_are_told() {
    let (sede, _) = Peer::sede(vec![Line::Refused, up(vec![Step::Say(ok(CATALOGUE))])]);
    let mut watch = sede.reachable();
    assert_eq!(watch.borrow_and_update().contact, Contact::Untried);
    sede.catalogue().await.unwrap_err();
    watch.changed().await.unwrap();
    assert!(matches!(watch.borrow_and_update().contact, Contact::Failing(SedeError::Unreachable(_))));
    sede.catalogue().await.unwrap();
    watch.changed().await.unwrap();
    assert_eq!(watch.borrow_and_update().contact, Contact::Answering);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_before_the_request_was_read_is_still_an_answer() {
    // The report is larger than what the line holds, and the peer stops reading after its head.
    let (near, mut far) = tokio::io::duplex(1024);
    let line = std::sync::Mutex::new(Some(near));
    struct Once(std::sync::Mutex<Option<DuplexStream>>);
    impl Connect for Once {
        fn connect(&self) -> ConnectFuture<'_> {
            let stream = self.0.lock().unwrap().take().unwrap();
            Box::pin(async move { Ok(Box::new(stream) as Box<dyn Stream>) })
        }
    }
    let peer = tokio::spawn(async move {
        let mut head = [0; 100];
        far.read_exact(&mut head).await.unwrap();
        far.write_all(problem("413 Content Too Large", "too-large").as_bytes()).await.unwrap();
        sleep(Duration::from_secs(60)).await;
    });
    let sede = Sede::new(Arc::new(Once(line)), "sede.example".into(), Timeouts::default());
    let events: Vec<KioskEvent> = (0..50).map(|number| event(number, &"x".repeat(500))).collect();
    let begun = Instant::now();
    let error = sede.report(&events).await.unwrap_err();
    assert!(matches!(error, SedeError::Rejected { status: 413, .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    peer.abort();
}
