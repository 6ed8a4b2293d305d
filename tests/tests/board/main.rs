//! The shipped binary on the emulated board, with its peripherals outside: minutes, not seconds.

mod pay_a_bill;
mod power_cut;
mod static_binary;

use std::time::Duration;

use emulated_board::board::{Board, BoardOptions};
use emulated_board::firmware::static_firmware;
use emulated_board::packages;
use emulated_board::places::Places;
use emulated_board::qemu::Screen;
use tokio::time;

/// Longer than anything takes on a machine that emulates beside other work.
const PATIENCE: Duration = Duration::from_secs(600);

/// A person looks before touching; a touch right after a page has changed is taken for a bounce and dropped.
const LOOK: Duration = Duration::from_secs(1);

/// The action colour of the board's town hall.
const ACTION: [u8; 3] = [0x00, 0x33, 0x66];

/// A place on the primary button of most pages, above the secondary one.
const UPPER: (u32, u32) = (150, 1384);

/// A place on the lower button.
const LOWER: (u32, u32) = (150, 1585);

/// The board, on, with its first page shown.
async fn board() -> Board {
    packages::ensure().expect("packages");
    let binary = static_firmware(&Places::of_workspace()).expect("the static firmware");
    let mut board = Board::start(BoardOptions::new(binary)).await.expect("the board");
    until_open(&mut board).await;
    board
}

async fn tap(board: &Board, (_, y): (u32, u32)) {
    time::sleep(LOOK).await;
    board.tap(540, y).await.expect("a touch");
}

async fn wait_until(what: &str, mut is: impl FnMut() -> bool) {
    let mut beat = time::interval(Duration::from_millis(100));
    let waiting = async {
        while !is() {
            beat.tick().await;
        }
    };
    time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}

async fn wait_for_screen(board: &Board, wanted: impl FnMut(&Screen) -> bool) {
    board.machine().expect("on").wait_for_screen(wanted).await.expect("the page");
}

fn action(screen: &Screen, (x, y): (u32, u32)) -> bool {
    screen.pixel(x, y) == Some(ACTION)
}

/// The attract page with payments offered: three languages as buttons, and the head in the town's colour.
async fn until_open(board: &mut Board) {
    wait_for_screen(board, |screen| {
        [(20, 20), (150, 1500), (150, 1700)].iter().all(|place| action(screen, *place))
    })
    .await;
}

/// From the attract page to open slots.
async fn to_cash(board: &mut Board, bill: &str) {
    let digits = board.sede().digits(bill).expect("on the shelf");
    board.barcode.scan(digits.as_bytes());
    // The bill: cards are not offered above, cash is.
    wait_for_screen(board, |screen| action(screen, LOWER) && !action(screen, UPPER)).await;
    tap(board, LOWER).await;
    wait_for_screen(board, |screen| action(screen, UPPER) && !action(screen, LOWER)).await;
    tap(board, UPPER).await;
    let cash = board.cash.clone();
    wait_until("open slots", || cash.snapshot().validator.is_some_and(|validator| validator.accepting)).await;
}

/// Inserts a note and waits until it is in the stacker.
async fn insert_note(board: &Board, cents: u32) {
    let cash = board.cash.clone();
    wait_until("the note's light", || cash.snapshot().validator.is_some_and(|of| of.accepting)).await;
    let before = cash.truth().notes_stacked.pieces();
    assert!(cash.insert_note(cents));
    wait_until("the note in the stacker", || cash.truth().notes_stacked.pieces() > before).await;
}
