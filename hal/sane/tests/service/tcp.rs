//! Over real connections of this machine; the clock is the wall's.
use std::sync::Arc;

use hal_device::Status;
use hal_sane::{ScanError, ScannerConfig, TcpSane};
use simulators::saned::{Picture, Saned, SanedConfig, SanedFault, Sheet};
use tokio::net::TcpListener;

use crate::kiosk::{FEEDER, GLASS, Kiosk, sheets, shows};

#[tokio::test]
async fn pages_over_tcp_and_a_service_that_goes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let saned = Saned::new(SanedConfig::default());
    let serving = saned.clone();
    let serves = tokio::spawn(async move { serving.serve(listener).await });
    let config = ScannerConfig { address, ..ScannerConfig::default() };
    let port = Arc::new(TcpSane { address, name: "scanner".to_owned() });
    let kiosk = Kiosk::on(port, saned, config);
    kiosk.status(Status::usable).await;

    let large = Picture::marked(2480, 3508, 1, 1);
    kiosk.saned.lay(large.clone());
    let (pages, end) = kiosk.scan(GLASS).await;
    assert_eq!(end, Ok(()));
    assert!(shows(&pages[0], &large));
    kiosk.saned.feed(sheets(9).into_iter().map(Sheet::from));
    let (pages, end) = kiosk.scan(FEEDER).await;
    assert_eq!((pages.len(), end), (9, Ok(())));
    kiosk.saned.fault(SanedFault::CloseInsideRecord { after: 100_000 });
    let error = kiosk.error(GLASS).await;
    assert!(matches!(error, ScanError::Torn(_) | ScanError::Gone(_)), "{error}");
    kiosk.saned.clear_faults();
    assert_eq!(kiosk.saned.snapshot().wrong, [""; 0]);

    serves.abort();
    kiosk.saned.kill();
    kiosk.out_of_service("no-service").await;
}
