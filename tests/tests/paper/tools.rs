//! Other people's eyes: poppler draws the same file, tesseract and zbar read the dots. Debian packages, installed by
//! the test when they are missing.
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Once};

use ciberkiosco::raster::{Head, Piece, RasterError, STACK, render};
use emulated_board::packages::{HostPackage, ensure_all};
use tempfile::TempDir;

/// The page printer's head.
pub const HEAD: Head = Head { dots: 1600, dpi: 204 };
/// Dots of A4 at the left of the head.
pub const EDGE: usize = 44;

const PACKAGES: &[HostPackage] = &[
    HostPackage { name: "poppler-utils", proof: "/usr/bin/pdftoppm" },
    HostPackage { name: "zbar-tools", proof: "/usr/bin/zbarimg" },
    HostPackage { name: "tesseract-ocr", proof: "/usr/bin/tesseract" },
    HostPackage { name: "tesseract-ocr-spa", proof: "/usr/share/tesseract-ocr/5/tessdata/spa.traineddata" },
];

fn installed() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| ensure_all(PACKAGES).unwrap());
}

/// A picture in grey.
pub struct Picture {
    pub width: usize,
    pub dots: Vec<u8>,
}

impl Picture {
    pub fn height(&self) -> usize {
        self.dots.len() / self.width
    }

    pub fn at(&self, x: usize, y: usize) -> u8 {
        self.dots[y * self.width + x]
    }

    /// The mean grey of a rectangle in points from the lower left corner of A4; `edge` dots of it are not in the picture.
    pub fn mean(&self, [x, y, width, height]: [f64; 4], edge: usize) -> f64 {
        let dots = |points: f64| points * f64::from(HEAD.dpi) / 72.0;
        let (left, right) = (dots(x) as usize - edge, dots(x + width) as usize - edge);
        let (top, bottom) = (dots(841.89 - y - height) as usize, dots(841.89 - y) as usize);
        let sum: u64 = (top..bottom)
            .flat_map(|row| (left..right).map(move |x| (x, row)))
            .map(|(x, y)| u64::from(self.at(x, y)))
            .sum();
        sum as f64 / ((bottom - top) * (right - left)) as f64
    }

    /// Where the ink of such a rectangle is: left, right, top and bottom from its own corner, in dots.
    pub fn ink(&self, [x, y, width, height]: [f64; 4], edge: usize) -> Option<[usize; 4]> {
        let dots = |points: f64| (points * f64::from(HEAD.dpi) / 72.0).round() as usize;
        let (left, top) = (dots(x) - edge, dots(841.89 - y - height));
        let places = || (0..dots(height)).flat_map(|row| (0..dots(width)).map(move |column| (column, row)));
        let inked: Vec<(usize, usize)> =
            places().filter(|(column, row)| self.at(left + column, top + row) < 128).collect();
        let columns = || inked.iter().map(|place| place.0);
        let rows = || inked.iter().map(|place| place.1);
        Some([columns().min()?, columns().max()?, rows().min()?, rows().max()?])
    }

    /// Dots that are black.
    pub fn black(&self) -> usize {
        self.dots.iter().filter(|dot| **dot == 0).count()
    }

    fn saved(&self, folder: &TempDir, name: &str) -> PathBuf {
        let path = folder.path().join(name);
        let head = format!("P5\n{} {}\n255\n", self.width, self.height());
        fs::write(&path, [head.as_bytes(), &self.dots].concat()).unwrap();
        path
    }
}

/// The document as the head prints it, a picture a page.
pub fn printed(pdf: &[u8]) -> Result<Vec<Picture>, RasterError> {
    let pdf = Arc::new(pdf.to_vec());
    let draw = move || {
        let mut pages: Vec<Picture> = Vec::new();
        render(pdf, HEAD, 128, |piece| {
            match piece {
                Piece::Page(info) => {
                    pages.push(Picture {
                        width: usize::from(HEAD.dots),
                        dots: Vec::with_capacity(info.rows * 1600),
                    });
                }
                Piece::Band(rows) => {
                    assert!(rows.len() <= 128 * 200 && rows.len() % 200 == 0);
                    let bits = rows.iter().flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) == 0));
                    pages.last_mut().unwrap().dots.extend(bits.map(|white| if white { 255 } else { 0 }));
                }
                Piece::PageEnd => {}
            }
            ControlFlow::Continue(())
        })?;
        Ok(pages)
    };
    std::thread::Builder::new().stack_size(STACK).spawn(draw).unwrap().join().unwrap()
}

/// The only page of a document.
pub fn printed_page(pdf: &[u8]) -> Picture {
    let mut pages = printed(pdf).unwrap();
    assert_eq!(pages.len(), 1);
    pages.remove(0)
}

/// The same page as poppler draws it, in grey.
pub fn poppler(pdf: &[u8]) -> Picture {
    installed();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.pdf");
    fs::write(&file, pdf).unwrap();
    let status = Command::new("pdftoppm")
        .args(["-gray", "-r", &HEAD.dpi.to_string(), "-singlefile"])
        .args([&file, &folder.path().join("page")])
        .status()
        .unwrap();
    assert!(status.success());
    let bytes = fs::read(folder.path().join("page.pgm")).unwrap();
    let head: Vec<usize> = String::from_utf8_lossy(&bytes[2..40])
        .split_ascii_whitespace()
        .take(3)
        .map(|number| number.parse().unwrap())
        .collect();
    let (width, height) = (head[0], head[1]);
    Picture { width, dots: bytes[bytes.len() - width * height..].to_vec() }
}

/// What tesseract reads.
pub fn read(picture: &Picture) -> String {
    installed();
    let folder = tempfile::tempdir().unwrap();
    let path = picture.saved(&folder, "page.pgm");
    let output = Command::new("tesseract")
        .arg(path)
        .args(["stdout", "-l", "spa", "--psm", "6", "--dpi", "204"])
        .env("OMP_THREAD_LIMIT", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What zbar finds.
pub fn codes(picture: &Picture) -> Vec<String> {
    installed();
    let folder = tempfile::tempdir().unwrap();
    let path = picture.saved(&folder, "page.pgm");
    let output = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}
