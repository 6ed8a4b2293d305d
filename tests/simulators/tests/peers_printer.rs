//! The simulated printer fed by somebody else's writer (crate `escpos`): what that one means is what comes out.
mod paper;
#[path = "../../../hal/escpos/tests/peer/mod.rs"]
mod peer;

use escpos::utils::{Font, JustifyMode, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption, UnderlineMode};
use paper::{PrinterLine, dots, epson, settle};
use peer::written;

/// The squares of every QR code on a picture, read back by a decoder.
fn codes(png: &[u8]) -> Vec<String> {
    let rows = dots(png);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(rows[0].len(), rows.len(), |x, y| {
        if rows[y][x] { 0 } else { 255 }
    });
    image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[tokio::test(start_paused = true)]
async fn a_receipt_of_somebody_elses_writer_comes_out_as_it_was_meant() {
    const URL: &str = "https://sede.pruebas.test/csv/PRUEBA-7F3K-92QX-0001";
    let job = written(|writer| {
        writer.init()?.justify(JustifyMode::CENTER)?.bold(true)?.size(2, 2)?.writeln("AYUNTAMIENTO")?;
        writer.reset_size()?.bold(false)?.justify(JustifyMode::LEFT)?;
        writer.writeln("Núm. 3º: Muñoz i Col·lell, ço és així")?;
        writer.writeln("Importe                              65,40 €")?;
        writer.font(Font::B)?.underline(UnderlineMode::Single)?.writeln("conserve este papel")?;
        writer.underline(UnderlineMode::None)?.font(Font::A)?.justify(JustifyMode::CENTER)?;
        writer.qrcode_option(URL, QRCodeOption::new(QRCodeModel::Model2, 6, QRCodeCorrectionLevel::M))?;
        writer.feeds(2)?.print_cut()?;
        Ok(())
    });
    let printer = epson();
    let mut line = PrinterLine::plug(&printer);
    line.send(&job).await;
    settle().await;
    let papers = printer.papers();
    assert_eq!(papers.len(), 1);
    let paper = &papers[0];
    assert!(paper.cut && !paper.torn);
    let lines: Vec<&str> = paper.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let wanted = [
        "AYUNTAMIENTO",
        "Núm. 3º: Muñoz i Col·lell, ço és així",
        "Importe                              65,40 €",
        "conserve este papel",
    ];
    assert_eq!(lines, wanted);
    assert_eq!(paper.codes, [URL]);
    assert_eq!(codes(&paper.png), [URL], "as a telephone reads it from the paper");
    assert_eq!(printer.snapshot().oddities, Vec::<String>::new());
    assert_eq!(printer.snapshot().unprintable, 0);
}
