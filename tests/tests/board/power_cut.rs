//! The plug is pulled while money is on its way; what was not flushed is lost.
use super::*;

/// The plug is pulled, and put back.
async fn cut(board: &mut Board) {
    board.power_cut().await.expect("the plug");
    board.power_on().await.expect("the mains");
}

#[tokio::test]
async fn board_cut_while_collecting_gives_the_money_back_or_a_claim() {
    let mut board = fifty_inside(board().await).await;
    cut(&mut board).await;
    until_given_back(&board, 5000).await;
    check_given_back(board).await;
}

/// What was owed comes out to the cent, and a whole receipt; one booking.
async fn check_finished(mut board: Board) {
    let printer = board.printer.clone();
    wait_until("a whole receipt", || {
        printer
            .papers()
            .iter()
            .any(|paper| paper.text.contains("PAGADO") && paper.text.contains("K07-000001"))
    })
    .await;
    assert_eq!(board.cash.truth().coins_paid_out.cents(), 460);
    until_open(&mut board).await;
    assert_eq!(board.sede().bookings().len(), 1);
    check_paid(board).await;
}

#[tokio::test]
async fn board_cut_between_two_coins_of_the_change_pays_the_rest_out() {
    let mut board = fifty_inside(board().await).await;
    insert_note(&board, 2000).await;
    let cash = board.cash.clone();
    wait_until("the first coin", || cash.truth().coins_paid_out.pieces() > 0).await;
    cut(&mut board).await;
    assert!(board.cash.truth().coins_paid_out.cents() < 460, "the cut came too late");
    check_finished(board).await;
}

#[tokio::test]
async fn board_cut_while_the_receipt_is_printed_prints_it_again() {
    let mut board = fifty_inside(board().await).await;
    insert_note(&board, 2000).await;
    let printer = board.printer.clone();
    wait_until("half a receipt", || printer.snapshot().unfinished_mm > 20).await;
    cut(&mut board).await;
    assert_eq!(board.printer.snapshot().papers_total, 0, "the cut came too late");
    check_finished(board).await;
}
