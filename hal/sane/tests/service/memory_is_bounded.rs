//! At most one raw page waits.
use std::time::Duration;

use simulators::saned::{SanedConfig, Sheet};
use tokio::time::sleep;

use crate::kiosk::{FEEDER, Kiosk, sheets, shows};

#[tokio::test(start_paused = true)]
async fn the_next_page_is_scanned_while_one_is_worked_on_and_no_further_one() {
    let kiosk = Kiosk::ready(SanedConfig::default()).await;
    kiosk.saned.feed(sheets(6).into_iter().map(Sheet::from));
    let mut batch = kiosk.scanner.scan(FEEDER).await.unwrap();
    sleep(Duration::from_secs(5)).await;
    assert_eq!(kiosk.snapshot().starts, 1, "one waits");
    for taken in 1..=5 {
        let page = batch.next_page().await.unwrap().unwrap();
        assert!(shows(&page, &sheets(6)[taken - 1]));
        sleep(Duration::from_secs(5)).await;
        let snapshot = kiosk.snapshot();
        assert_eq!(snapshot.starts as usize, taken + 1, "one is worked on, one waits");
        assert_eq!(snapshot.sheets_left, 6 - taken - 1);
    }
}
