//! The scanner on its line, in good and bad moods.

use std::time::Duration;

use simulators::barcode::{BarcodeConfig, BarcodeFault, BarcodeScanner};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{sleep, timeout};

fn plug(scanner: &BarcodeScanner) -> DuplexStream {
    let (near, far) = tokio::io::duplex(1 << 20);
    let scanner = scanner.clone();
    tokio::spawn(async move { scanner.run(far).await });
    near
}

async fn heard(line: &mut DuplexStream, time: Duration) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(Ok(count)) = timeout(time, line.read(&mut buffer)).await {
        all.extend(&buffer[..count]);
    }
    all
}

const CODE: &[u8] = b"90523000012345678901234567890123456789012345678901";

#[tokio::test(start_paused = true)]
async fn a_code_comes_with_its_prefix_and_suffix() {
    let config = BarcodeConfig { prefix: b"]C1".to_vec(), suffix: b"\r\n".to_vec(), seed: 7 };
    let scanner = BarcodeScanner::new(config);
    let mut line = plug(&scanner);
    sleep(Duration::from_millis(1)).await;
    scanner.scan(CODE);
    let expected = [b"]C1", CODE, b"\r\n"].concat();
    assert_eq!(heard(&mut line, Duration::from_millis(100)).await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_bad_scan_is_garbled_split_doubled_unended_or_behind_junk() {
    let scanner = BarcodeScanner::new(BarcodeConfig::default());
    let mut line = plug(&scanner);
    sleep(Duration::from_millis(1)).await;
    let good = [CODE, b"\r"].concat();
    let mut scan = async |faults: &[BarcodeFault]| {
        faults.iter().for_each(|fault| scanner.fault(*fault));
        scanner.scan(CODE);
        heard(&mut line, Duration::from_millis(400)).await
    };
    let garbled = scan(&[BarcodeFault::Garble]).await;
    assert_eq!(garbled.iter().zip(&good).filter(|(left, right)| left != right).count(), 1);
    assert_eq!(scan(&[]).await, good, "only the next scan is bad");
    assert_eq!(scan(&[BarcodeFault::Split { pause_ms: 300 }]).await, good);
    assert_eq!(scan(&[BarcodeFault::Twice]).await, [good.clone(), good.clone()].concat());
    assert_eq!(scan(&[BarcodeFault::NoSuffix]).await, CODE);
    let junk = scan(&[BarcodeFault::Junk { bytes: 100_000 }]).await;
    assert!(junk.len() > 98_000 && junk.ends_with(&good));
    assert!(!junk[..junk.len() - 1].contains(&b'\r'));
}

#[tokio::test(start_paused = true)]
async fn an_unplugged_or_silent_scanner_loses_what_it_sees_and_commands_are_recorded() {
    let scanner = BarcodeScanner::new(BarcodeConfig::default());
    scanner.scan(CODE);
    let mut line = plug(&scanner);
    line.write_all(b"\x16T\r").await.unwrap();
    sleep(Duration::from_millis(1)).await;
    scanner.fault(serde_json::from_str("\"silent\"").unwrap());
    scanner.scan(CODE);
    scanner.fault(BarcodeFault::Clear);
    assert_eq!(heard(&mut line, Duration::from_millis(100)).await, b"");
    let seen = scanner.snapshot();
    assert_eq!((seen.scans, seen.lost, seen.heard.as_slice()), (2, 2, b"\x16T\r".as_slice()));
    drop(line);
    sleep(Duration::from_millis(1)).await;
    assert!(!scanner.snapshot().plugged);
}
