//! The plug is pulled while money is inside; what was not flushed is lost.
use super::*;

#[tokio::test]
async fn board_cut_while_collecting_gives_the_money_back_or_a_claim() {
    let mut board = board().await;
    to_cash(&mut board, "vehicle-tax").await;
    insert_note(&board, 5000).await;
    board.power_cut().await.expect("the plug");
    board.power_on().await.expect("the mains");
    let (cash, printer) = (board.cash.clone(), board.printer.clone());
    wait_until("the money back, or a claim", || {
        cash.truth().coins_paid_out.cents() == 5000
            || printer.papers().iter().any(|paper| paper.text.contains("Vale"))
    })
    .await;
    until_open(&mut board).await;
    board.power_cut().await.expect("the plug");
    let out = board.cash.truth().coins_paid_out.cents();
    pay_a_bill::check_ledger(&mut board, out, 0);
    assert!(board.sede().bookings().is_empty());
}
