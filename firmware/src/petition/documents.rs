//! The documents that go with a petition: those that are done, and the one that is being read.
use ui::Picture;

use super::{File, Source};
use crate::digitisation::DigitisedPage;
use crate::private::PrivateText;

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: PrivateText,
    /// Its files, one after the other; more than one when it is too large for one.
    pub files: Vec<File>,
}

impl Document {
    /// Pages of all its files.
    pub fn pages(&self) -> u16 {
        self.files.iter().map(|file| file.pages).fold(0, u16::saturating_add)
    }

    /// Bytes of all its files.
    pub fn bytes(&self) -> u32 {
        let bytes = self.files.iter().map(|file| file.pdf.as_slice().len()).fold(0, usize::saturating_add);
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

/// A page that was read, and how it looks on the screen. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Scanned {
    /// The page.
    pub page: DigitisedPage,
    /// As it will stand in the file.
    pub picture: Picture,
}

impl Scanned {
    /// A quarter to the right.
    #[must_use]
    pub fn turned(&self) -> Scanned {
        Scanned { page: self.page.turned(), picture: turned(&self.picture) }
    }
}

/// A picture a quarter to the right; one whose pixels are not as many as its size says stays as it is.
fn turned(picture: &Picture) -> Picture {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let dots: Vec<&[u8]> = picture.pixels.chunks_exact(3).collect();
    if dots.len() != width * height || picture.pixels.len() % 3 != 0 {
        return picture.clone();
    }
    let at = |x: usize, y: usize| dots.get(y * width + x).copied().unwrap_or_default();
    // The new row x is the old column x, from the bottom.
    let pixels: Vec<u8> = (0..width).flat_map(|x| (0..height).rev().map(move |y| (x, y))).flat_map(|(x, y)| at(x, y)).copied().collect();
    Picture { width: picture.height, height: picture.width, pixels: pixels.into() }
}

/// The pages of the document that is being read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scans {
    /// In their order.
    pub pages: Vec<Scanned>,
    /// The next page that comes takes the place of this one.
    pub instead_of: Option<usize>,
    /// It takes the place of this document.
    pub document: Option<usize>,
    /// Its name.
    pub name: PrivateText,
    /// From where the last sheets came.
    pub source: Option<Source>,
    /// Where the last one went.
    pub last: usize,
}

impl Scans {
    /// Takes a page in; its place.
    pub fn take(&mut self, page: Scanned) -> usize {
        match self.instead_of.take().and_then(|place| self.pages.get_mut(place).map(|old| (place, old))) {
            Some((place, old)) => {
                *old = page;
                place
            }
            None => {
                self.pages.push(page);
                self.pages.len() - 1
            }
        }
    }
}
