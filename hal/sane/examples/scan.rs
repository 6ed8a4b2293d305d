//! Scans into PNG files of the current folder: `cargo run -p hal-sane --example scan [flatbed|feeder|feeder-duplex]
//! [grey|colour] [DPI] [DEVICE]`, from a saned at 127.0.0.1:6566 (Debian: `sane-utils`, `saned -l -b 127.0.0.1`).
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use hal_device::Status;
use hal_sane::{Colour, RawPage, ScanWish, Scanner, ScannerConfig, Source, TcpSane};

fn write(page: &RawPage, path: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut png = png::Encoder::new(BufWriter::new(File::create(path)?), page.width, page.height);
    png.set_color(if page.channels == 1 { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    // Dots an inch as dots a metre.
    let dots = (f64::from(page.dpi) / 0.0254).round() as u32;
    png.set_pixel_dims(Some(png::PixelDimensions { xppu: dots, yppu: dots, unit: png::Unit::Meter }));
    png.write_header()?.write_image_data(&page.pixels)?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let source = match arguments.next().as_deref() {
        None | Some("flatbed") => Source::Flatbed,
        Some("feeder") => Source::Feeder,
        Some("feeder-duplex") => Source::FeederDuplex,
        Some(other) => return Err(format!("no source: {other}").into()),
    };
    let colour = match arguments.next().as_deref() {
        None | Some("grey") => Colour::Grey,
        Some("colour") => Colour::Colour,
        Some(other) => return Err(format!("no colours: {other}").into()),
    };
    let dpi = arguments.next().map_or(Ok(200), |dpi| dpi.parse())?;
    let config = ScannerConfig { device: arguments.next(), ..ScannerConfig::default() };
    let port = Arc::new(TcpSane { address: config.address, name: "scanner".to_owned() });
    let (scanner, mut task) = Scanner::new(port, config);
    let serving = tokio::spawn(async move { task.run(&|| {}).await });

    let mut status = scanner.status();
    let seen = status.wait_for(|status| !matches!(status, Status::Absent | Status::Starting)).await?.clone();
    println!("status: {seen:?}");
    if let Some(abilities) = &*scanner.abilities().borrow() {
        println!("{abilities:#?}");
    }
    let mut batch = scanner.scan(ScanWish { source, colour, dpi }).await?;
    let mut number = 0;
    while let Some(page) = batch.next_page().await? {
        number += 1;
        let path = format!("page-{number}.png");
        write(&page, &path)?;
        println!("{path}: {page:?}");
    }
    drop((scanner, batch));
    // The scanner is closed in order.
    serving.await?.err();
    Ok(())
}
