//! The task is dropped where it is, and runs anew.
use std::sync::Arc;
use std::time::Duration;

use hal_device::Status;
use hal_sane::{ScanError, Scanner, ScannerConfig, ScannerTaskError};
use simulators::saned::{Picture, Saned, SanedConfig, SanedFault};
use tokio::time::{sleep, timeout};

use crate::kiosk::{GLASS, Memory, shows};

#[tokio::test(start_paused = true)]
async fn whoever_has_a_batch_is_told_and_the_next_one_is_served() {
    let saned = Saned::new(SanedConfig { record: 100, ..SanedConfig::default() });
    let picture = Picture::marked(30, 40, 1, 1);
    saned.lay(picture.clone());
    let (scanner, mut task) = Scanner::new(Arc::new(Memory(saned.clone())), ScannerConfig::default());
    saned.fault(SanedFault::Slow { milliseconds: 300 });
    // At any moment of a scan.
    for moment in 0..60 {
        let wanted = async {
            let mut batch = scanner.scan(GLASS).await?;
            batch.next_page().await.map(drop)
        };
        let run = timeout(Duration::from_millis(moment * 91), task.run(&|| {}));
        let (told, run) = tokio::join!(biased; timeout(Duration::from_secs(60), wanted), async {
            let ended = run.await;
            // Nobody serves now; what waits for an answer has lost it.
            sleep(Duration::from_millis(1)).await;
            ended
        });
        assert!(run.is_err(), "it never ends by itself");
        match told {
            Ok(Ok(()) | Err(ScanError::Restarted | ScanError::Busy | ScanError::NotReady(_))) | Err(_) => {}
            Ok(Err(other)) => panic!("{moment}: {other}"),
        }
    }
    saned.clear_faults();
    let running = tokio::spawn(async move { task.run(&|| {}).await });
    scanner.status().wait_for(Status::usable).await.unwrap();
    let mut batch = scanner.scan(GLASS).await.unwrap();
    assert!(shows(&batch.next_page().await.unwrap().unwrap(), &picture));
    drop((batch, scanner));
    let end = timeout(Duration::from_secs(120), running).await.unwrap().unwrap();
    assert_eq!(end.err(), Some(ScannerTaskError::Unused));
}
