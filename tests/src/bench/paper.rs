//! How long a sealed page takes from its PDF to the dots under the head, and how much memory it needs meanwhile.
use std::fs;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ciberkiosco::raster::{Head, Piece, STACK, render};
use qrcode::{Color, EcLevel, QrCode};

use super::process;
use super::statistics::{Sample, number};
use super::table::Table;

/// The head of the page printer in the board files.
const HEAD: Head = Head { dots: 1600, dpi: 204 };
/// How often the page is drawn.
const TIMES: usize = 20;

/// Adds time and peak memory of a page.
pub fn measure(table: &mut Table) -> Result<()> {
    let pdf = Arc::new(certificate()?);
    let mut took = Vec::new();
    // What was the most until now counts no more (proc_pid_clear_refs(5)).
    fs::write("/proc/self/clear_refs", "5").context("the peak of memory cannot be reset")?;
    let before = memory("VmRSS:")?;
    for _ in 0..TIMES {
        let (time, rows) = draw(&pdf)?;
        anyhow::ensure!(rows == 2385, "{rows} rows are no A4 page");
        took.push(time);
    }
    let peak = memory("VmHWM:")?.saturating_sub(before);
    let took = Sample::milliseconds(took)?;
    let what = format!("{TIMES} times, A4 at {} dots an inch: 45 lines of text, a QR code", HEAD.dpi);
    table.add("a page from its PDF to dots", took.usual_and_worst("ms"), what.clone());
    table.add("memory that this takes at most", format!("{} MB", number(peak as f64 / 1e6)), what);
    Ok(())
}

fn memory(name: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    process::bytes(&status, name).with_context(|| format!("no {name} in /proc/self/status"))
}

/// Draws it as the kiosk does, on a thread of its own; how long it took, and rows.
fn draw(pdf: &Arc<Vec<u8>>) -> Result<(Duration, usize)> {
    let pdf = Arc::clone(pdf);
    let work = move || {
        let start = Instant::now();
        let mut bytes = 0;
        render(pdf, HEAD, 128, |piece| {
            if let Piece::Band(rows) = piece {
                bytes += rows.len();
            }
            ControlFlow::Continue(())
        })?;
        Ok((start.elapsed(), bytes / usize::from(HEAD.dots.div_ceil(8))))
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
    thread.join().unwrap_or_else(|_| anyhow::bail!("drawing panicked"))
}

/// A page like a certificate's.
fn certificate() -> Result<Vec<u8>> {
    let mut content = String::from("0 g\n");
    for line in 0..45 {
        let y = 780 - 13 * line;
        content += &format!(
            "BT /F 10 Tf 60 {y} Td (Linea {line}: Vecina de Prueba, calle de la Constitucion, 12, 3.o, esc. B) Tj ET\n"
        );
    }
    let address = "https://sede.pruebas.test/csv/AB12-CD34-EF56-GH78";
    let code = QrCode::with_error_correction_level(address, EcLevel::M)?;
    for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = (at % code.width(), at / code.width());
        content += &format!("{:.1} {:.1} 1.2 1.2 re f\n", 60.0 + 1.2 * x as f64, 150.0 - 1.2 * y as f64);
    }
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.276 841.89]/Resources<</Font<</F<</Type/Font/Subtype/Type1\
         /BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>/Contents 4 0 R>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        places += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    file += &format!(
        "xref\n0 5\n0000000000 65535 f \n{places}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    Ok(file.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_a_page_of_a4() {
        assert_eq!(draw(&Arc::new(certificate().unwrap())).unwrap().1, 2385);
    }
}
