//! The front panel in a real browser, with the board behind it. Slow: it boots the board.
#[path = "common/scratch.rs"]
mod scratch;

use std::sync::Arc;

use emulated_board::board::{Board, BoardOptions};
use emulated_board::browser::Browser;
use emulated_board::firmware::device_program;
use emulated_board::packages;
use emulated_board::panel;
use emulated_board::places::Places;
use scratch::Scratch;
use tokio::sync::Mutex;

#[tokio::test]
async fn board_the_panel_shows_and_drives_the_kiosk() {
    packages::ensure().unwrap();
    let program = device_program(&Places::of_workspace()).unwrap();
    let board = Arc::new(Mutex::new(Board::build(BoardOptions::new(program)).await.unwrap()));
    let served = panel::serve(board.clone(), 0).await.unwrap();
    let scratch = Scratch::new("browser");
    let mut page = Browser::start(&scratch.0).await;
    page.open(&format!("http://{}/", served.address)).await;
    page.wait_for("document.querySelector('[data-testid=lamp-board]').textContent === 'board off'").await;

    // Every switch of the page is a fault that its peripheral knows.
    let all = "faultBodies([3]).flatMap(([, list]) => list.map(([, body]) => body))";
    let faults: Vec<simulators::Fault> = serde_json::from_value(page.evaluate(all).await).unwrap();
    assert!(faults.len() > 50, "{}", faults.len());
    let faults: Vec<reference_sede::Fault> =
        serde_json::from_value(page.evaluate("SEDE_FAULTS").await).unwrap();
    assert_eq!(faults.len(), 14);

    page.click("power-on").await;
    page.wait_for("document.querySelector('[data-testid=lamp-board]').textContent.startsWith('board on')")
        .await;
    let console = board.lock().await.machine().unwrap().console().clone();
    console.wait_for("touch open", 0).await.unwrap();
    console.wait_for("keypad open", 0).await.unwrap();

    // A click on the picture is a touch at that place of the display, within a pixel of the picture's scale.
    page.click_at("screen", 0.25, 0.5).await;
    console.wait_for("touch event 1 272 1", 0).await.unwrap();
    console.wait_for("touch event 1 272 0", 0).await.unwrap();
    let touched = |axis: u8| -> i64 {
        let start = format!("touch event 3 {axis} ");
        let text = console.text();
        let value = text.rsplit_once(start.as_str()).unwrap().1;
        value.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert!((touched(0) - 32768 / 4).abs() < 200, "x {}", touched(0));
    assert!((touched(1) - 32768 / 2).abs() < 200, "y {}", touched(1));
    page.click("key-ok").await;
    console.wait_for("keypad event 1 28 1", 0).await.unwrap();

    // A bill of the shelf reaches the guest as a line of its digits.
    console.wait_for("barcode open", 0).await.unwrap();
    page.click("bill-vehicle-tax").await;
    let digits = board.lock().await.sede().digits("vehicle-tax").unwrap();
    page.wait_for(&format!(
        "document.querySelector('[data-testid=barcode-last]').textContent === '{digits}'"
    ))
    .await;
    console.wait_for(&digits, 0).await.unwrap();

    // Nobody has enabled the cash devices: note and coin come back.
    page.click("note-2000").await;
    page.click("coin-200").await;
    page.wait_for("document.querySelector('[data-testid=tray]').textContent === '1 × 20 €, 1 × 2 €'").await;
    assert_eq!(page.text("escrow").await, "empty");
    page.click("take-tray").await;
    page.wait_for("document.querySelector('[data-testid=tray]').textContent === 'empty'").await;

    page.click("tab-wires").await;
    page.click("wire-printer").await;
    page.wait_for("document.querySelector('[data-testid=wire-printer-state]').textContent === 'out'").await;
    console.wait_for("printer gone", 0).await.unwrap();

    page.click("power-cut").await;
    page.wait_for("document.querySelector('[data-testid=lamp-board]').textContent === 'board off'").await;
    assert!(!board.lock().await.is_on());
    assert_eq!(page.text("trouble").await, "");
    page.close().await;
}
