//! A whole receipt through the line: pixels, text, proof (reference 2.1-2.3).

use std::time::Duration;

use simulators::escpos::{Printer, PrinterConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{sleep, timeout};

fn plug(printer: &Printer) -> DuplexStream {
    let (near, far) = tokio::io::duplex(256);
    let printer = printer.clone();
    tokio::spawn(async move { printer.run(far).await });
    near
}

async fn answer(line: &mut DuplexStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    match timeout(Duration::from_secs(5), line.read_exact(&mut bytes)).await {
        Ok(read) => {
            read.unwrap();
            bytes
        }
        Err(_) => Vec::new(),
    }
}

/// PC858.
fn pc858(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| match character {
            'ñ' => 0xA4,
            'á' => 0xA0,
            'é' => 0x82,
            'í' => 0xA1,
            'ó' => 0xA2,
            'ú' => 0xA3,
            'ç' => 0x87,
            'ò' => 0x95,
            'à' => 0x85,
            'º' => 0xA7,
            '·' => 0xFA,
            '€' => 0xD5,
            other => u8::try_from(u32::from(other)).unwrap(),
        })
        .collect()
}

fn receipt() -> Vec<u8> {
    let mut job = b"\x1B@\x1Bt\x13".to_vec();
    job.extend(b"\x1Ba\x01\x1D!\x11");
    job.extend(pc858("AYUNTAMIENTO\n"));
    job.extend(b"\x1D!\x00\x1BE\x01");
    job.extend(pc858("Recibo de pago nº 2026/000123\n"));
    job.extend(b"\x1BE\x00\x1Ba\x00\n");
    job.extend(pc858("Vecina de Prueba      12345678Z\n"));
    job.extend(pc858("Tasa de basuras, Col·lell, ço és així\n"));
    job.extend(b"\x1BM\x01");
    job.extend(pc858("Font B: conserve este papel, señora Ibáñez\n"));
    job.extend(b"\x1BM\x00\x1B-\x01");
    job.extend(pc858("Importe"));
    job.extend(b"\x1B-\x00\x1B$\x90\x01\x1BE\x01");
    job.extend(pc858("1.234,56 €\n"));
    job.extend(b"\x1BE\x00\x1DB\x01");
    job.extend(pc858(" PAGADO \n"));
    job.extend(b"\x1DB\x00\x1Ba\x01");
    job.extend(b"\x1D(k\x04\x001A2\x00\x1D(k\x03\x001C\x06\x1D(k\x03\x001E1");
    let data = b"https://sede.example/csv/ABCD-1234";
    job.extend([0x1D, b'(', b'k', data.len() as u8 + 3, 0, 49, 80, 48]);
    job.extend(data);
    job.extend(b"\x1D(k\x03\x001Q0\n");
    job.extend(b"\x1Dh\x50\x1Dw\x02\x1DH\x02\x1Dk\x49\x0E{B90523-000012");
    job.extend(b"\n\x1Ba\x00");
    // A raster: a frame of 64 by 32 dots.
    job.extend([0x1D, b'v', b'0', 0, 8, 0, 32, 0]);
    for row in 0..32 {
        let edge = !(2..30).contains(&row);
        job.extend(if edge { [0xFF; 8] } else { [0xC0, 0, 0, 0, 0, 0, 0, 0x03] });
    }
    job.extend(b"\x1DV\x42\x10");
    job
}

#[tokio::test(start_paused = true)]
async fn a_receipt_comes_out_readable_cut_and_proven() {
    let printer = Printer::new(PrinterConfig::epson());
    let mut line = plug(&printer);
    line.write_all(&receipt()).await.unwrap();
    line.write_all(b"\x1D(H\x06\x0000\x30\x30\x30\x31").await.unwrap();
    assert_eq!(answer(&mut line, 7).await, b"\x37\x220001\0");
    let papers = printer.papers();
    assert_eq!(papers.len(), 1);
    let paper = &papers[0];
    assert!(paper.cut && !paper.torn);
    let expected = "AYUNTAMIENTO\nRecibo de pago nº 2026/000123\n\nVecina de Prueba      12345678Z\n\
        Tasa de basuras, Col·lell, ço és així\nFont B: conserve este papel, señora Ibáñez\n\
        Importe                          1.234,56 €\n PAGADO\n\n90523-000012";
    let text: Vec<&str> = paper.text.lines().filter(|line| !line.is_empty()).map(str::trim_end).collect();
    let wanted: Vec<&str> = expected.lines().filter(|line| !line.is_empty()).collect();
    let squeeze = |line: &&str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(text.iter().map(squeeze).collect::<Vec<_>>(), wanted.iter().map(squeeze).collect::<Vec<_>>());
    assert_eq!(paper.codes, ["https://sede.example/csv/ABCD-1234", "90523-000012"]);
    assert_eq!(paper.pictures, 1);
    assert_eq!(printer.snapshot().oddities, Vec::<String>::new());
    assert_eq!(printer.snapshot().unprintable, 0);
    if let Ok(path) = std::env::var("RECEIPT_PNG") {
        std::fs::write(path, &paper.png).unwrap();
    }
    sleep(Duration::from_secs(1)).await;
}
