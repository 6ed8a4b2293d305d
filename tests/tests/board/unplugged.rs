//! Real USB devices are pulled out and put back while money is inside.
use emulated_board::qemu::Wire;

use super::*;

#[tokio::test]
async fn board_the_cash_line_and_the_printer_are_unplugged_and_replugged() {
    let mut board = fifty_inside(board().await).await;
    let start = console_end(&board);
    board.unplug(Wire::Cctalk).await;
    board.unplug(Wire::Printer).await;
    until_said(&board, "the cash line failed", start).await;
    until_said(&board, "the printer is gone", start).await;
    board.plug(Wire::Cctalk).await.expect("the plug");
    board.plug(Wire::Printer).await.expect("the plug");
    finish_payment(&mut board).await;
    check_paid(board).await;
}
