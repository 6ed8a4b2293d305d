//! DantSu/ESCPOS-ThermalPrinter-Android#415: paper ended inside a raster; everything after it came out as garbage
//! until the printer was switched off.
use std::time::Duration;

use hal_escpos::{Block, Document, PrintError, PrinterConfig, PrinterModel, render};

use tokio::time::sleep;

use super::peer::{beside, epson, lines, ready};

fn ticket() -> Document {
    Document { blocks: vec![Block::Qr("https://sede.example/verificar?csv=PRUEBA-0001".repeat(3))] }
}

#[test]
fn every_piece_ends_where_a_band_ends() {
    let job = render(&PrinterConfig::new(PrinterModel::Epson, 576), &ticket()).unwrap();
    let mut bands = 0;
    for piece in &job.pieces {
        assert!(piece.len() <= hal_escpos::PIECE_LIMIT);
        if let Some(at) = piece.windows(3).position(|bytes| bytes == b"\x1dv0") {
            let [x, 0, y, 0] = piece[at + 4..at + 8] else { panic!("a band of more than 255") };
            let end = at + 8 + usize::from(x) * usize::from(y);
            assert!(end <= piece.len(), "a band reaches into the next piece");
            bands += 1;
        }
    }
    assert!(bands > 10, "{bands} short bands");
}

#[tokio::test(start_paused = true)]
async fn text_after_a_raster_that_was_torn_comes_out_as_text() {
    let (printer, mut task, peer) = epson();
    peer.script().knows_clear = false;
    beside(&mut task, async {
        ready(&printer).await;
        peer.script().paper_ends_at = Some(1500);
        assert!(matches!(printer.print(ticket()).await, Err(PrintError::Torn(_))));
        // What is on the line still arrives.
        sleep(Duration::from_millis(10)).await;
        assert_eq!(waiting_for(&peer.script().taken()), 0, "no band was left open");
        peer.refill();
        ready(&printer).await;
        printer.print(lines(1)).await.unwrap();
    })
    .await;
    assert!(peer.script().paper().ends_with("VOID ***\n~linea 001 del recibo de prueba\n~"));
}

/// Bytes of dots that a printer still waits for after these.
fn waiting_for(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(3).position(|three| three == b"\x1dv0") {
        let header = &bytes[at + found..];
        let Some(&[x, _, y, _]) = header.get(4..8) else { return 1 };
        at += found + 8 + usize::from(x) * usize::from(y);
        if at > bytes.len() {
            return at - bytes.len();
        }
    }
    0
}
