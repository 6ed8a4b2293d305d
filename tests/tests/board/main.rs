//! The shipped binary on the emulated board, with its peripherals outside: minutes, not seconds.

mod browser;
mod card_service_hangs;
mod certificate;
mod ended_in_order;
mod field_02_a_daemon_takes_the_serial_line;
mod field_07_clock_runs_backwards;
mod ladder;
mod memory;
mod nothing_of_a_citizen_is_left;
mod papers_go_wrong;
mod pay_a_bill;
mod petition;
mod power_cut;
mod scanner;
mod static_binary;
mod unplugged;
mod visit;

use std::path::PathBuf;
use std::time::Duration;

use ciberkiosco::ledger::{Balance, Ledger, Record};
use emulated_board::board::{Board, BoardOptions};
use emulated_board::firmware::static_firmware;
use emulated_board::packages;
use emulated_board::places::Places;
use emulated_board::qemu::Screen;
use qa::display::{is_action, is_open};
use tokio::time;

/// Longer than anything takes on a machine that emulates beside other work.
const PATIENCE: Duration = Duration::from_secs(300);

/// A person looks before touching; a touch right after a page has changed is taken for a bounce and dropped.
const LOOK: Duration = Duration::from_secs(1);

/// A place on the primary button of most pages, above the secondary one.
const UPPER: (u32, u32) = (150, 1384);

/// A place on the lower button.
const LOWER: (u32, u32) = (150, 1585);

/// The board, on, with its first page shown.
async fn board() -> Board {
    start(options()).await
}

/// The same with a root shell inside.
async fn board_with_shell() -> Board {
    start(BoardOptions { shell: true, ..options() }).await
}

fn options() -> BoardOptions {
    packages::ensure().expect("packages");
    BoardOptions::new(static_firmware(&Places::of_workspace()).expect("the static firmware"))
}

async fn start(options: BoardOptions) -> Board {
    let mut board = Board::start(options).await.expect("the board");
    until_open(&mut board).await;
    board
}

/// Where pictures are kept, to be looked at.
fn pictures() -> PathBuf {
    Places::of_workspace().workspace.join("target/board-pictures")
}

/// Where the console's log ends now.
fn console_end(board: &Board) -> usize {
    board.machine().expect("on").console().end()
}

/// Waits until the guest says something; returns where the log goes on.
async fn until_said(board: &Board, what: &str, from: usize) -> usize {
    board.machine().expect("on").console().wait_for(what, from).await.expect("the guest's word")
}

async fn tap(board: &Board, (_, y): (u32, u32)) {
    time::sleep(LOOK).await;
    board.tap(540, y).await.expect("a touch");
}

async fn wait_until(what: &str, mut is: impl FnMut() -> bool) {
    let mut beat = time::interval(Duration::from_millis(20));
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

/// The first page with payments offered.
async fn until_open(board: &mut Board) {
    wait_for_screen(board, is_open).await;
}

/// From the attract page to open slots.
async fn to_cash(board: &mut Board, bill: &str) {
    let digits = board.sede().digits(bill).expect("on the shelf");
    board.barcode.scan(digits.as_bytes());
    // The bill: cards are not offered above, cash is.
    wait_for_screen(board, |screen| is_action(screen, LOWER) && !is_action(screen, UPPER)).await;
    tap(board, LOWER).await;
    wait_for_screen(board, |screen| is_action(screen, UPPER) && !is_action(screen, LOWER)).await;
    tap(board, UPPER).await;
    let cash = board.cash.clone();
    wait_until("open slots", || cash.snapshot().validator.is_some_and(|validator| validator.accepting)).await;
}

/// Inserts a note until it stays inside: while devices come back after a mishap it may be given back.
async fn insert_note(board: &Board, cents: u32) {
    let cash = board.cash.clone();
    let before = cash.truth().notes_stacked.pieces();
    let mut beat = time::interval(Duration::from_millis(20));
    let inserting = async {
        loop {
            beat.tick().await;
            // In this order: a note that was nowhere before and is not stacked now is not under way.
            let ready = cash.snapshot().validator.is_some_and(|of| of.accepting && of.note_cents.is_none());
            if cash.truth().notes_stacked.pieces() > before {
                return;
            }
            if ready {
                cash.insert_note(cents);
            }
        }
    };
    time::timeout(PATIENCE, inserting).await.expect("the note in the stacker");
}

/// A board with a fifty inside, of a vehicle tax of 65.40.
async fn fifty_inside(mut board: Board) -> Board {
    to_cash(&mut board, "vehicle-tax").await;
    insert_note(&board, 5000).await;
    board
}

/// So much came out in coins, or a slip says what is owed.
async fn until_given_back(board: &Board, cents: i64) {
    let (cash, printer) = (board.cash.clone(), board.printer.clone());
    wait_until("the money back, or a claim", || {
        cash.truth().coins_paid_out.cents() == cents
            || printer.papers().iter().any(|paper| paper.text.contains("Vale"))
    })
    .await;
}

/// A vehicle tax of 65.40 with 50 already inside: 20 more, 4.60 out, receipt and booking.
async fn finish_payment(board: &mut Board) {
    insert_note(board, 2000).await;
    let printer = board.printer.clone();
    wait_until("the receipt", || printer.papers().iter().any(|paper| paper.text.contains("PAGADO"))).await;
    assert_eq!(board.cash.truth().coins_paid_out.cents(), 460);
    assert_eq!(board.sede().bookings().len(), 1);
}

/// After everything: the power is cut, and the ledger on the disk agrees with the money.
async fn check_given_back(mut board: Board) {
    until_open(&mut board).await;
    board.power_cut().await.expect("the plug");
    let out = board.cash.truth().coins_paid_out.cents();
    check_ledger(&mut board, out, 0);
    assert!(board.sede().bookings().is_empty());
}

/// After a payment that went through.
async fn check_paid(mut board: Board) {
    board.power_cut().await.expect("the plug");
    check_ledger(&mut board, 460, 6540);
}

/// The ledger as it lies on the board's disk, which is off.
fn check_ledger(board: &mut Board, given: i64, kept: i64) -> Vec<Record> {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["ledger.db", "ledger.db-wal"] {
        if let Some(bytes) = board.data_file(name).expect("the data partition") {
            std::fs::write(folder.path().join(name), bytes).expect("a copy");
        }
    }
    // The log of the last writes is taken in by the first that opens the file for writing.
    drop(Ledger::open(&folder.path().join("ledger.db"), "K07").expect("the ledger verifies"));
    let records = Ledger::inspect(&folder.path().join("ledger.db")).expect("the ledger verifies");
    let balance = Balance::of(&records).expect("sums");
    assert!(balance.balanced().expect("sums"), "{balance}");
    assert_eq!((balance.given.0, balance.kept.0), (given, kept), "{balance}");
    records
}
