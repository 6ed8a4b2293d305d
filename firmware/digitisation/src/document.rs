//! Pages become PDF/A-2b (ISO 19005-2, level B): one picture a page, nothing drawn over it, split between pages where
//! a file would become too large.
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use jiff::ZonedDateTime;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{Size, Transform};
use krilla::image::Image;
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::{Data, SerializeSettings};
use private::{PrivateBytes, PrivateText};
use sha2::{Digest, Sha256};

use super::geometry::POINTS;
use super::jpeg::{self, Dots};
use super::page::DigitisedPage;
use super::{DigitisationError, LONGEST_TITLE, LOWEST_QUALITY, MOST_PAGES, SMALLEST_FILE};

/// Bytes of a file beside its pages: metadata, colour profiles, tables.
const FILE_BYTES: usize = 24 * 1024;
/// Bytes of a page beside its picture.
const PAGE_BYTES: usize = 2 * 1024;

/// What a file says of itself. Nothing else about anybody is written into it.
#[derive(Clone, Debug)]
pub struct About {
    /// 1 to [`LONGEST_TITLE`] characters.
    pub title: PrivateText,
    /// Language of the title, and so of the document (BCP 47).
    pub language: &'static str,
    /// What is added to the title where there are several files: of the number of one and how many there are.
    pub part: fn(usize, usize) -> String,
    /// When it was made, with its offset from UTC.
    pub created: ZonedDateTime,
}

/// What the receiver takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file: at least [`SMALLEST_FILE`].
    pub file_bytes: usize,
    /// Bytes of all files together.
    pub total_bytes: usize,
    /// Files.
    pub files: usize,
    /// Pages of all files together; never more than [`MOST_PAGES`].
    pub pages: usize,
}

impl Default for Limits {
    /// What registries pass on to each other (SICRES 3): 5 files of 10 MB, 15 MB in all.
    fn default() -> Limits {
        Limits { file_bytes: 10_000_000, total_bytes: 15_000_000, files: 5, pages: MOST_PAGES }
    }
}

/// A file to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// The file.
    pub pdf: PrivateBytes,
    /// Which of the pages are in it, counted from 0.
    pub pages: Range<usize>,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document(pages {:?}, {} bytes)", self.pages, self.pdf.as_slice().len())
    }
}

/// Puts pages into as few files as the limits allow, in their order. A page that alone is too large for a file is
/// compressed again, down to [`LOWEST_QUALITY`]; no other page is touched.
///
/// # Errors
/// [`DigitisationError`]: no page or too many, a page too large, too many files or bytes, a title or time that
/// cannot be written.
pub fn documents(
    pages: &[DigitisedPage],
    about: &About,
    limits: &Limits,
) -> Result<Vec<Document>, DigitisationError> {
    check(pages, about, limits)?;
    let most = limits.file_bytes - FILE_BYTES - PAGE_BYTES;
    let pictures = (1..)
        .zip(pages)
        .map(|(number, page)| smaller(page, number, most))
        .collect::<Result<Vec<Arc<PrivateBytes>>, DigitisationError>>()?;
    let sizes: Vec<usize> = pictures.iter().map(|picture| picture.as_slice().len()).collect();
    let parts = split(&sizes, limits.file_bytes);
    if parts.len() > limits.files {
        return Err(DigitisationError::ManyFiles { files: parts.len(), most: limits.files });
    }
    let mut documents = Vec::with_capacity(parts.len());
    let mut total = 0;
    for (number, part) in (1..).zip(&parts) {
        let title = title(about, number, parts.len());
        let pdf = write(pages.iter().zip(&pictures).skip(part.start).take(part.len()), title, about)?;
        if pdf.len() > limits.file_bytes {
            return Err(DigitisationError::Fault("file"));
        }
        total += pdf.len();
        let sha256 = Sha256::digest(&pdf).into();
        documents.push(Document { pdf: pdf.into(), pages: part.clone(), sha256 });
    }
    if total > limits.total_bytes {
        return Err(DigitisationError::ManyBytes { bytes: total, most: limits.total_bytes });
    }
    Ok(documents)
}

fn check(pages: &[DigitisedPage], about: &About, limits: &Limits) -> Result<(), DigitisationError> {
    if limits.file_bytes < SMALLEST_FILE {
        return Err(DigitisationError::Setting("a file needs 65536 bytes at least"));
    }
    if pages.is_empty() {
        return Err(DigitisationError::NoPages);
    }
    let most = limits.pages.min(MOST_PAGES);
    if pages.len() > most {
        return Err(DigitisationError::ManyPages { pages: pages.len(), most });
    }
    let title = about.title.as_str();
    // XML has no way to write the last two.
    let odd = |letter: char| letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}');
    if title.trim().is_empty() || title.chars().count() > LONGEST_TITLE || title.chars().any(odd) {
        return Err(DigitisationError::Title);
    }
    if !(1..=9999).contains(&about.created.year()) {
        return Err(DigitisationError::Created);
    }
    Ok(())
}

/// The page's picture, coarser if it is too large.
fn smaller(page: &DigitisedPage, number: usize, most: usize) -> Result<Arc<PrivateBytes>, DigitisationError> {
    if page.jpeg().len() <= most {
        return Ok(Arc::clone(&page.jpeg));
    }
    let too_large = DigitisationError::PageTooLarge { page: number, limit: most };
    if page.quality <= LOWEST_QUALITY {
        return Err(too_large);
    }
    let (width, height, channels, pixels) = jpeg::decode(page.jpeg())?;
    let dots = Dots { width, height, channels, dpi: page.dpi, pixels: &pixels };
    let coarser = jpeg::fitting(dots, page.quality.saturating_sub(1), LOWEST_QUALITY, most);
    match coarser {
        Ok((jpeg, _)) => Ok(Arc::new(jpeg.into())),
        Err(DigitisationError::PageTooLarge { .. }) => Err(too_large),
        Err(error) => Err(error),
    }
}

/// Which pages go into which file: as many as fit, in order. Each fits alone.
fn split(sizes: &[usize], file_bytes: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (page, size) in sizes.iter().enumerate() {
        let with = size + PAGE_BYTES;
        match parts.last_mut() {
            Some(part) if bytes + with <= file_bytes => part.end = page + 1,
            _ => {
                parts.push(page..page + 1);
                bytes = FILE_BYTES;
            }
        }
        bytes += with;
    }
    parts
}

fn title(about: &About, part: usize, parts: usize) -> String {
    let title = about.title.as_str();
    if parts == 1 {
        return title.to_owned();
    }
    format!("{title} {}", (about.part)(part, parts))
}

/// One file.
fn write<'a>(
    pages: impl Iterator<Item = (&'a DigitisedPage, &'a Arc<PrivateBytes>)>,
    title: String,
    about: &About,
) -> Result<Vec<u8>, DigitisationError> {
    let fault = || DigitisationError::Fault("file");
    let configuration =
        ConfigurationBuilder::new().with_archival_validator(Archival::A2_B).finish().map_err(|_| fault())?;
    let mut document = krilla::Document::new_with(SerializeSettings { configuration, ..Default::default() });
    document.set_metadata(metadata(title, about));
    for (page, picture) in pages {
        let layout = page.layout();
        let point = POINTS / f64::from(page.dpi);
        let points = |dots: f64| (dots * point) as f32;
        let settings =
            PageSettings::from_wh(points(layout.width), points(layout.height)).ok_or_else(fault)?;
        let size =
            Size::from_wh(points(f64::from(page.width)), points(f64::from(page.height))).ok_or_else(fault)?;
        let data: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::<PrivateBytes>::clone(picture);
        let image = Image::from_jpeg(Data::from(data), false).map_err(|_| fault())?;
        let matrix = layout.matrix;
        let transform = Transform::from_row(
            matrix.a as f32,
            matrix.b as f32,
            matrix.c as f32,
            matrix.d as f32,
            points(matrix.e),
            points(matrix.f),
        );
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        surface.push_transform(&transform);
        surface.draw_image(image, size);
        surface.pop();
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|_| fault())
}

fn metadata(title: String, about: &About) -> Metadata {
    let at = &about.created;
    let byte = |it: i8| u8::try_from(it).unwrap_or_default();
    let minutes = at.offset().seconds() / 60;
    let created = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(byte(at.month()))
        .day(byte(at.day()))
        .hour(byte(at.hour()))
        .minute(byte(at.minute()))
        .second(byte(at.second()))
        .utc_offset_hour(i8::try_from(minutes / 60).unwrap_or_default())
        .utc_offset_minute(u8::try_from((minutes % 60).unsigned_abs()).unwrap_or_default());
    let program = concat!("ciberkiosco ", env!("CARGO_PKG_VERSION"));
    Metadata::new()
        .title(title)
        .language(about.language.to_owned())
        .creator(program.to_owned())
        .producer(program.to_owned())
        .creation_date(created)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_stay_in_order_and_each_file_is_as_full_as_it_may_be() {
        let file = FILE_BYTES + 3 * (1000 + PAGE_BYTES);
        assert_eq!(split(&[1000; 7], file), [0..3, 3..6, 6..7]);
        assert_eq!(split(&[1000; 3], file - 1), [0..2, 2..3]);
        assert_eq!(split(&[3000, 4000, 1000, 1000], file), [0..1, 1..3, 3..4]);
        assert_eq!(split(&[9], file).as_slice(), std::slice::from_ref(&(0..1)));
    }

    #[test]
    fn a_part_is_named_where_there_are_several() {
        let about = crate::tests::about();
        assert_eq!(title(&about, 1, 1), "Instancia de prueba");
        assert_eq!(title(&about, 1, 2), "Instancia de prueba (parte 1 de 2)");
    }
}
