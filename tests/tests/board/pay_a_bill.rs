//! A citizen pays 65.40 with 50 and 20 on the board, and the ledger on its disk balances.
use super::*;

#[tokio::test]
async fn board_seventy_for_sixty_five_forty_gives_change_receipt_and_booking() {
    let mut board = fifty_inside(board().await).await;
    insert_note(&board, 2000).await;
    let printer = board.printer.clone();
    wait_until("the receipt", || !printer.papers().is_empty()).await;
    let paper = printer.last_paper().expect("a receipt");
    assert!(paper.text.contains("PAGADO") && paper.text.contains("4,60 €"), "{}", paper.text);
    assert_eq!(board.cash.truth().coins_paid_out.cents(), 460);
    let bookings = board.sede().bookings();
    assert_eq!((bookings.len(), bookings[0].amount), (1, 6540));
    wait_for_screen(&board, |screen| is_action(screen, UPPER)).await;

    board.power_cut().await.expect("the plug");
    check_ledger(&mut board, 460, 6540);
}
