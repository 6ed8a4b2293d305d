//! Other people's eyes: poppler, MuPDF, qpdf and pikepdf. Debian packages, installed by the test when they are missing.
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;

use ciberkiosco::words::{part, tag};
use digitisation::{About, DigitisedPage, Document, Limits, Preview, RawPage, Settings, digitise, documents};
use emulated_board::packages::{HostPackage, ensure_all};
use tempfile::TempDir;
use ui::Language;

const PACKAGES: &[HostPackage] = &[
    HostPackage { name: "poppler-utils", proof: "/usr/bin/pdftoppm" },
    HostPackage { name: "qpdf", proof: "/usr/bin/qpdf" },
    HostPackage { name: "mupdf-tools", proof: "/usr/bin/mutool" },
    HostPackage { name: "python3-pikepdf", proof: "/usr/lib/python3/dist-packages/pikepdf/__init__.py" },
];

/// What is said of the documents of these tests.
pub fn about() -> About {
    About {
        title: "Instancia y planos <nº 3>".to_owned().into(),
        language: tag(Language::Valencian),
        part: part(Language::Valencian),
        created: "2026-07-29T10:20:30+02:00[Europe/Madrid]".parse().unwrap(),
    }
}

/// With the usual settings.
pub fn digitised(page: RawPage) -> DigitisedPage {
    digitise(page, &Settings::default()).unwrap()
}

/// All pages in one file.
pub fn one_file(pages: &[DigitisedPage]) -> Document {
    let mut files = documents(pages, &about(), &Limits::default()).unwrap();
    assert_eq!(files.len(), 1);
    files.remove(0)
}

/// A file on the disk, for programs that read one.
pub struct OnDisk {
    folder: TempDir,
    path: PathBuf,
}

impl OnDisk {
    pub fn new(document: &Document) -> OnDisk {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| ensure_all(PACKAGES).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("document.pdf");
        fs::write(&path, document.pdf.as_slice()).unwrap();
        OnDisk { folder, path }
    }

    /// What a program says of the file, which is its last argument; it must end well.
    pub fn told(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program).args(arguments).arg(&self.path).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{program}: {text}{errors}");
        text
    }

    /// The file, where a program leaves its own beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }

    /// A page, from 1, as MuPDF draws it with so many dots an inch: each dot of an upright picture as it is.
    pub fn drawn_by_mupdf(&self, page: usize, dpi: u16) -> Picture {
        let out = self.beside("page.ppm");
        let mut command = Command::new("mutool");
        command.args(["draw", "-q", "-c", "rgb", "-r", &dpi.to_string(), "-o"]).arg(&out);
        let output = command.arg(&self.path).arg(page.to_string()).output().unwrap();
        // Debian's comes without colour management, and says so of every profile.
        let other = |line: &&str| *line != "warning: ICC support is not available";
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !errors.lines().any(|line| other(&line)), "{errors}");
        Picture::of_ppm(&fs::read(out).unwrap())
    }

    /// A page, from 1, as poppler draws it; `how` says how large.
    pub fn drawn(&self, page: usize, how: &[&str]) -> Picture {
        let (number, out) = (page.to_string(), self.beside("page"));
        let mut command = Command::new("pdftoppm");
        command.args(["-singlefile", "-f", &number, "-l", &number]).args(how);
        assert!(command.arg(&self.path).arg(&out).status().unwrap().success());
        Picture::of_ppm(&fs::read(self.beside("page.ppm")).unwrap())
    }
}

/// A picture in colour.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

impl Picture {
    fn of_ppm(bytes: &[u8]) -> Picture {
        assert!(bytes.starts_with(b"P6"));
        let head = String::from_utf8_lossy(&bytes[2..40]);
        let numbers: Vec<usize> =
            head.split_ascii_whitespace().take(3).map(|number| number.parse().unwrap()).collect();
        let (width, height) = (numbers[0], numbers[1]);
        Picture { width, height, pixels: bytes[bytes.len() - width * height * 3..].to_vec() }
    }

    pub fn of_preview(preview: &Preview) -> Picture {
        Picture {
            width: preview.width as usize,
            height: preview.height as usize,
            pixels: preview.pixels.as_slice().to_vec(),
        }
    }

    pub fn of_page(page: &RawPage) -> Picture {
        let pixels = match page.channels {
            1 => page.pixels.iter().flat_map(|grey| [*grey; 3]).collect(),
            _ => page.pixels.clone(),
        };
        Picture { width: page.width as usize, height: page.height as usize, pixels }
    }

    fn green(&self, x: usize, y: usize) -> u8 {
        self.pixels[(y * self.width + x) * 3 + 1]
    }

    /// The means of squares of so many dots: what programs that make a picture smaller in their own ways agree on.
    pub fn squares(&self, side: usize) -> Picture {
        let (width, height) = (self.width / side, self.height / side);
        let mut pixels = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                for channel in 0..3 {
                    let row = |line: usize| ((y * side + line) * self.width + x * side) * 3 + channel;
                    let sum: usize = (0..side * side)
                        .map(|at| usize::from(self.pixels[row(at / side) + at % side * 3]))
                        .sum();
                    pixels.push((sum / (side * side)) as u8);
                }
            }
        }
        Picture { width, height, pixels }
    }

    /// How much the two differ, on the average over all dots and channels.
    pub fn difference(&self, other: &Picture) -> f64 {
        assert_eq!((self.width, self.height), (other.width, other.height));
        let sum: u64 =
            self.pixels.iter().zip(&other.pixels).map(|(one, other)| u64::from(one.abs_diff(*other))).sum();
        sum as f64 / self.pixels.len() as f64
    }

    /// The middle of what is dark within so many dots of a place.
    pub fn dark_near(&self, (x, y): (f64, f64), reach: usize) -> (f64, f64) {
        let (left, top) = ((x as usize).saturating_sub(reach), (y as usize).saturating_sub(reach));
        let (mut sx, mut sy, mut weight) = (0.0, 0.0, 0.0);
        for row in top..(y as usize + reach).min(self.height) {
            for column in left..(x as usize + reach).min(self.width) {
                let dark = f64::from(200_u8.saturating_sub(self.green(column, row)));
                sx += dark * (column as f64 + 0.5);
                sy += dark * (row as f64 + 0.5);
                weight += dark;
            }
        }
        assert!(weight > 0.0, "nothing dark near {x}, {y}");
        (sx / weight, sy / weight)
    }

    /// The mean row of what is dark in a column, between two rows.
    pub fn dark_row(&self, x: usize, rows: std::ops::Range<usize>) -> f64 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for y in rows {
            let dark = f64::from(200_u8.saturating_sub(self.green(x, y)));
            sum += dark * (y as f64 + 0.5);
            weight += dark;
        }
        assert!(weight > 0.0, "nothing dark in column {x}");
        sum / weight
    }
}
