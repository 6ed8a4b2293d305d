//! A file that somebody drops becomes sheets of paper: PDF, PNG, JPEG.
//!
//! A PDF is printed in its own size by poppler, in a process that may take one and a half gigabytes and a minute. An
//! image is printed as large as it fits on A4; the paper is cut to it. Nothing that is larger than A3 is printed.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use image::ImageFormat;
use tokio::process::Command;
use tokio::time::timeout;

use super::picture::{MASTER_DPI, Picture, PictureError};
use super::sheet::{Sheet, SheetSize};
use crate::packages::{PackagesError, ensure};

/// The largest file.
pub const DROP_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The longest document.
pub const DROP_PAGES_MAX: usize = 60;

const PACKAGES: [(&str, &str); 1] = [("poppler-utils", "/usr/bin/pdftoppm")];
/// A3, and what rounding adds.
const PAGE_MAX_MM: f64 = 421.0;
const PAGE_MIN_MM: f64 = 20.0;
const MM_PER_POINT: f64 = 25.4 / 72.0;
const PATIENCE: Duration = Duration::from_secs(60);
/// What a process of poppler may take: `prlimit`'s words.
const MEMORY: &str = "--as=1610612736";
const NAME_MAX: usize = 80;

#[derive(Debug, thiserror::Error)]
pub enum DropError {
    #[error("the file has {0} bytes; at most {DROP_BYTES_MAX} are taken")]
    Bytes(usize),
    #[error("this is no PDF, PNG or JPEG")]
    Kind,
    #[error("the document has {0} pages; it must have 1 to {DROP_PAGES_MAX}")]
    Pages(usize),
    #[error("page {page} is {width_mm:.0} × {height_mm:.0} mm; paper has 20 to 421 mm")]
    Size { page: usize, width_mm: f64, height_mm: f64 },
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error("{program} does not understand the file: {words}")]
    Poppler { program: &'static str, words: String },
    #[error("{0} does not finish")]
    Endless(&'static str),
    #[error(transparent)]
    Packages(#[from] PackagesError),
    #[error("a file cannot be handed to poppler: {0}")]
    Io(#[from] io::Error),
}

/// Prints a file; `two_sided` puts every second page on the back of the one before.
///
/// # Errors
/// Files that are too large, of another kind, damaged, or have too many or too large pages.
pub async fn sheets_of(name: &str, bytes: Vec<u8>, two_sided: bool) -> Result<Vec<Sheet>, DropError> {
    if bytes.len() > DROP_BYTES_MAX {
        return Err(DropError::Bytes(bytes.len()));
    }
    let pages = match bytes.as_slice() {
        [0x25, b'P', b'D', b'F', b'-', ..] => print_pdf(&bytes).await?,
        [0x89, b'P', b'N', b'G', ..] => vec![print_image(bytes, ImageFormat::Png).await?],
        [0xFF, 0xD8, 0xFF, ..] => vec![print_image(bytes, ImageFormat::Jpeg).await?],
        _ => return Err(DropError::Kind),
    };
    Ok(collate(name, pages, two_sided))
}

/// Pages become sheets in their order.
fn collate(name: &str, pages: Vec<(Picture, SheetSize)>, two_sided: bool) -> Vec<Sheet> {
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(NAME_MAX).collect();
    let single = pages.len() == 1;
    let mut sheets: Vec<Sheet> = Vec::new();
    for (nth, (picture, size)) in pages.into_iter().enumerate() {
        if two_sided
            && nth % 2 == 1
            && let Some(last) = sheets.last_mut()
        {
            last.back = Some(picture);
            continue;
        }
        let name = if single { name.clone() } else { format!("{name}, {}", sheets.len() + 1) };
        sheets.push(Sheet { name, size, front: picture, back: None });
    }
    sheets
}

async fn print_image(bytes: Vec<u8>, format: ImageFormat) -> Result<(Picture, SheetSize), DropError> {
    let printed = tokio::task::spawn_blocking(move || {
        let pixels = Picture::read(&bytes, format)?;
        let (width, height) = (f64::from(pixels.width()), f64::from(pixels.height()));
        let (across, down) = if width > height {
            (SheetSize::A4.height_mm, SheetSize::A4.width_mm)
        } else {
            (SheetSize::A4.width_mm, SheetSize::A4.height_mm)
        };
        let mm_per_pixel = (across / width).min(down / height);
        let (width_mm, height_mm) = (width * mm_per_pixel, height * mm_per_pixel);
        let size = checked(1, width_mm, height_mm)?;
        let dots = |mm: f64| (mm / 25.4 * f64::from(MASTER_DPI)).round() as u32;
        let filter = image::imageops::FilterType::Triangle;
        let printed = pixels.resize_exact(dots(width_mm), dots(height_mm), filter);
        Ok((Picture::of(&printed)?, size))
    });
    printed.await.map_err(io::Error::other)?
}

fn checked(page: usize, width_mm: f64, height_mm: f64) -> Result<SheetSize, DropError> {
    let printable = PAGE_MIN_MM..=PAGE_MAX_MM;
    if printable.contains(&width_mm) && printable.contains(&height_mm) {
        Ok(SheetSize { width_mm, height_mm })
    } else {
        Err(DropError::Size { page, width_mm, height_mm })
    }
}

async fn print_pdf(bytes: &[u8]) -> Result<Vec<(Picture, SheetSize)>, DropError> {
    ensure(&PACKAGES).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("document.pdf");
    tokio::fs::write(&file, bytes).await?;
    let sizes = sizes(&poppler("pdfinfo", &["-f", "1", "-l", "9999"], &file, &[]).await?)?;
    let mut pages = Vec::new();
    for (nth, size) in sizes.into_iter().enumerate() {
        let page = (nth + 1).to_string();
        let root = folder.path().join("page");
        let dpi = MASTER_DPI.to_string();
        let words = ["-png", "-r", dpi.as_str(), "-singlefile", "-f", &page, "-l", &page];
        poppler("pdftoppm", &words, &file, &[&root]).await?;
        let printed = tokio::fs::read(root.with_extension("png")).await?;
        let picture = tokio::task::spawn_blocking(move || {
            let pixels = Picture::read(&printed, ImageFormat::Png)?;
            Picture::of(&grey_if_it_is(pixels))
        });
        pages.push((picture.await.map_err(io::Error::other)??, size));
    }
    Ok(pages)
}

/// Poppler writes every page in colour.
fn grey_if_it_is(pixels: image::DynamicImage) -> image::DynamicImage {
    let coloured = pixels.as_rgb8().is_none_or(|rgb| rgb.pixels().any(|it| it.0 != [it.0[0]; 3]));
    if coloured { pixels } else { image::DynamicImage::ImageLuma8(pixels.to_luma8()) }
}

/// The page sizes in `pdfinfo`'s answer: `Page    1 size: 595.28 x 841.89 pts (A4)`, turned by `Page    1 rot:  90`.
fn sizes(told: &str) -> Result<Vec<SheetSize>, DropError> {
    let mut sizes: Vec<SheetSize> = Vec::new();
    for line in told.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["Page", _, "size:", width, "x", height, ..] => {
                let side = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN) * MM_PER_POINT;
                sizes.push(checked(sizes.len() + 1, side(width), side(height))?);
            }
            ["Page", _, "rot:", "90" | "270"] => {
                if let Some(SheetSize { width_mm, height_mm }) = sizes.last_mut() {
                    std::mem::swap(width_mm, height_mm);
                }
            }
            _ => {}
        }
        if sizes.len() > DROP_PAGES_MAX {
            return Err(DropError::Pages(sizes.len()));
        }
    }
    if sizes.is_empty() { Err(DropError::Pages(0)) } else { Ok(sizes) }
}

async fn poppler(
    program: &'static str,
    words: &[&str],
    file: &Path,
    more: &[&Path],
) -> Result<String, DropError> {
    let mut command = Command::new("prlimit");
    command.arg(MEMORY).arg(program).args(words).arg(file).args(more);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(PATIENCE, command.output()).await.map_err(|_| DropError::Endless(program))??;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr).chars().take(300).collect();
    Err(DropError::Poppler { program, words })
}
