//! A line to a printer, for the tests.
#![allow(dead_code)]

use std::time::Duration;

use simulators::escpos::{Printer, PrinterConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{sleep, timeout};

/// What is heard when nothing is said.
pub const SILENCE: [u8; 0] = [];

pub struct PrinterLine {
    pub stream: DuplexStream,
}

impl PrinterLine {
    pub fn plug(printer: &Printer) -> Self {
        let (stream, far) = tokio::io::duplex(256);
        let printer = printer.clone();
        tokio::spawn(async move { printer.run(far).await });
        Self { stream }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Everything that comes within this time.
    pub async fn hear_for(&mut self, time: Duration) -> Vec<u8> {
        let end = tokio::time::Instant::now() + time;
        let mut all = Vec::new();
        let mut buffer = [0; 256];
        while let Ok(Ok(count)) = tokio::time::timeout_at(end, self.stream.read(&mut buffer)).await {
            if count == 0 {
                break;
            }
            all.extend(&buffer[..count]);
        }
        all
    }

    /// One answer to one question.
    pub async fn ask(&mut self, question: &[u8]) -> Vec<u8> {
        self.send(question).await;
        let mut buffer = [0; 64];
        match timeout(Duration::from_secs(1), self.stream.read(&mut buffer)).await {
            Ok(count) => buffer[..count.unwrap()].to_vec(),
            Err(_) => Vec::new(),
        }
    }
}

/// Lets everything be printed.
pub async fn settle() {
    sleep(Duration::from_secs(30)).await;
}

pub fn epson() -> Printer {
    Printer::new(PrinterConfig::epson())
}

pub fn custom() -> Printer {
    Printer::new(PrinterConfig::custom())
}

/// Ten numbered lines, fed and cut.
pub fn ten_lines() -> Vec<u8> {
    let mut job = b"\x1B@".to_vec();
    for line in 1..=10 {
        job.extend(format!("line {line}\n").bytes());
    }
    job.extend(b"\x1DV\x42\x00");
    job
}

/// A PNG as rows of booleans, true for black.
pub fn dots(png: &[u8]) -> Vec<Vec<bool>> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let width = usize::try_from(info.width).unwrap();
    pixels
        .chunks(width)
        .take(usize::try_from(info.height).unwrap())
        .map(|row| row.iter().map(|dot| *dot < 128).collect())
        .collect()
}
