//! The whole way of a citizen in a real browser: the front panel's page is all that is touched.
use std::sync::Arc;

use emulated_board::browser::Browser;
use emulated_board::panel;
use qa::display::{ACTION, OPEN};
use tokio::sync::Mutex;

use super::*;

/// What the page shows of the kiosk's screen, at a place in display pixels.
async fn shown(page: &mut Browser, (x, y): (u32, u32)) -> [u8; 3] {
    let look = format!(
        "[...document.querySelector('[data-testid=screen]').getContext('2d').getImageData({x}, {y}, 1, 1).data].slice(0, 3)"
    );
    serde_json::from_value(page.evaluate(&look).await).expect("three colours")
}

/// Waits until the action colour is, or is not, at each of these places.
async fn until_shown(page: &mut Browser, wanted: &[((u32, u32), bool)]) {
    let mut beat = time::interval(Duration::from_millis(200));
    let end = time::Instant::now() + PATIENCE;
    loop {
        beat.tick().await;
        let mut found = Vec::new();
        for (place, _) in wanted {
            found.push(shown(page, *place).await);
        }
        if wanted.iter().zip(&found).all(|((_, is), colour)| (*colour == ACTION) == *is) {
            return;
        }
        if time::Instant::now() > end {
            page.picture(&pictures().join("never-shown.png")).await;
            panic!("never shown: {wanted:?}; at these places is {found:02x?}");
        }
    }
}

async fn touch(page: &mut Browser, (_, y): (u32, u32)) {
    time::sleep(LOOK).await;
    page.click_at("screen", 0.5, f64::from(y) / 1920.0).await;
}

#[tokio::test]
async fn board_a_citizen_pays_in_the_browser() {
    let board = Arc::new(Mutex::new(Board::build(options()).await.expect("the board")));
    let served = panel::serve(board.clone(), 0).await.expect("the panel");
    let folder = tempfile::tempdir().expect("a folder");
    let keep = |name: &str| pictures().join(format!("{name}.png"));
    let mut page = Browser::start(folder.path()).await;
    page.open(&format!("http://{}/", served.address)).await;
    page.click("power-on").await;
    until_shown(&mut page, &OPEN.map(|place| (place, true))).await;
    page.picture(&keep("1-welcome")).await;

    page.click("bill-vehicle-tax").await;
    until_shown(&mut page, &[(LOWER, true), (UPPER, false)]).await;
    page.picture(&keep("2-the-bill")).await;
    touch(&mut page, LOWER).await;
    until_shown(&mut page, &[(UPPER, true), (LOWER, false)]).await;
    page.picture(&keep("3-what-is-taken")).await;
    touch(&mut page, UPPER).await;

    let cash = board.lock().await.cash.clone();
    let mut inside = 0;
    for note in [5000, 2000] {
        let light = "document.querySelector('[data-testid=note-light]').classList.contains('lit')";
        page.wait_for(light).await;
        page.click(&format!("note-{note}")).await;
        inside += note;
        wait_until("the note inside", || cash.truth().notes_stacked.cents() == inside).await;
        page.picture(&keep(&format!("4-note-of-{}", note / 100))).await;
    }
    page.wait_for("document.querySelector('[data-testid=paper-1] img')?.naturalWidth > 0").await;
    until_shown(&mut page, &[(UPPER, true)]).await;
    page.picture(&keep("5-paid")).await;
    let receipt = page.evaluate("document.querySelector('[data-testid=paper-1] img').alt").await;
    let receipt = receipt.as_str().expect("the receipt's text");
    assert!(receipt.contains("PAGADO") && receipt.contains("4,60 €"), "{receipt}");
    assert_eq!(page.text("tray").await, "1 × 10 c, 1 × 50 c, 2 × 2 €");
    assert_eq!(page.text("lamp-money").await, "money adds up");
    page.close().await;
    drop(served);
    let mut board = board.lock().await;
    assert_eq!(board.sede().bookings().len(), 1);
    board.power_cut().await.expect("the plug");
    check_ledger(&mut board, 460, 6540);
}
