//! The sede's time, from the `Date` header of every answer.
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::*;

async fn after(text: String) -> Option<ServerTime> {
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::Say(text)])]);
    drop(sede.catalogue().await);
    sede.reachable().borrow().server_time
}

#[tokio::test(start_paused = true)]
async fn the_time_is_known_with_the_instant_at_which_it_came() {
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::Say(ok(CATALOGUE))])]);
    sede.catalogue().await.unwrap();
    let came = Instant::now();
    sleep(Duration::from_secs(60)).await;
    let time = sede.reachable().borrow().server_time.unwrap();
    assert_eq!((time.at, time.received), ("2026-11-25T10:15:00Z".parse().unwrap(), came));
    assert_eq!(time.round_trip, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn errors_carry_the_time_too() {
    assert!(after(problem("503 Service Unavailable", "unavailable")).await.is_some());
    assert!(after(ok("not JSON")).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_date_that_is_none_is_passed_over() {
    for date in
        ["", "yesterday", "Wed, 31 Feb 2026 10:15:00 GMT", "2026-11-25T10:15:00Z", "Wed, 25 Nov 99999"]
    {
        let text = ok(CATALOGUE).replace("Wed, 25 Nov 2026 10:15:00 GMT", date);
        assert_eq!(after(text).await, None, "{date}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_known_time_outlives_a_line_that_is_down() {
    let (sede, _) = Peer::sede(vec![Line::Up(vec![Step::SayAndClose(ok(CATALOGUE))]), Line::Refused]);
    sede.catalogue().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    sede.catalogue().await.unwrap_err();
    let known = sede.reachable().borrow().clone();
    assert!(known.server_time.is_some() && matches!(known.contact, Contact::Failing(_)));
}
