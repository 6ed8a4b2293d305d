//! fabienbellanger/escpos-rs#18: each status read returned the answer to the previous request.
use std::time::Duration;

use tokio::time::sleep;

use super::peer::{beside, epson, out_of, ready, until};

#[tokio::test(start_paused = true)]
async fn answers_that_come_after_the_deadline_are_not_taken_for_those_of_the_next_question() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        // The paper has ended; each answer now trails its question by more than its deadline.
        peer.script().status = [0x1A, 0x32, 0x12, 0x72];
        peer.script().lag = Duration::from_millis(1100);
        sleep(Duration::from_secs(20)).await;
        peer.script().lag = Duration::ZERO;
        until(&printer, out_of("paper-end")).await;
        peer.refill();
        ready(&printer).await;
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stray_byte_from_before_is_read_away_before_the_question() {
    let (printer, mut task, peer) = epson();
    beside(&mut task, async {
        ready(&printer).await;
        for _ in 0..30 {
            // 0x72 would be paper end, 0x1a offline, if taken for answers.
            peer.say(&[0x72, 0x1A]);
            sleep(Duration::from_millis(970)).await;
            assert!(printer.status().borrow().status.usable());
        }
    })
    .await;
}
