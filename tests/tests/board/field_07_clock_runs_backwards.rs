//! Field case 7: a dead clock battery, a saved time that lies behind, one answer from the year 2036.
//!
//! The sede's certificate is of this year, so with a wrong clock the sede cannot be reached: money that is inside must
//! not suffer from it.
use super::*;

async fn set_clock(board: &Board, seconds: i64) {
    board.shell(&format!("date -u -s @{seconds}")).await.expect("the guest's clock");
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

#[tokio::test]
async fn board_the_clock_jumps_and_no_payment_suffers() {
    let options = BoardOptions { shell: true, clock: Some("2000-01-01T00:00:00".into()), ..options() };
    let mut board = Board::start(options).await.expect("the board");
    // Nothing can be paid yet, and the log says why.
    until_said(&board, "not valid", 0).await;
    set_clock(&board, now()).await;
    until_open(&mut board).await;

    // Back by more than the ledger's newest entry, with money inside.
    to_cash(&mut board, "vehicle-tax").await;
    set_clock(&board, now() - 100).await;
    insert_note(&board, 5000).await;
    // 2036-02-07, the year in which a time of 32 bits runs over: until the payment is over.
    set_clock(&board, 2_085_978_496).await;
    insert_note(&board, 2000).await;
    let printer = board.printer.clone();
    wait_until("a receipt", || !printer.papers().is_empty()).await;
    assert_eq!(board.cash.truth().coins_paid_out.cents(), 460, "nothing is refunded, change is given");
    set_clock(&board, now()).await;
    let sede = board.sede().clone();
    wait_until("the booking", || sede.bookings().len() == 1).await;
    until_open(&mut board).await;

    board.power_cut().await.expect("the plug");
    let records = check_ledger(&mut board, 460, 6540);
    let marks: Vec<(i64, bool)> =
        records.iter().map(|record| (record.at.as_second(), record.clock_sure)).collect();
    // systemd itself lifts a clock that lies before its own release.
    assert!(marks.iter().any(|(at, sure)| *at < now() - 86_400 && !sure), "the past is marked: {marks:?}");
    assert!(!marks.iter().any(|(at, sure)| !(now() - 3600..now() + 3600).contains(at) && *sure), "{marks:?}");
    assert!(records.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1), "numbers never go back");
}
