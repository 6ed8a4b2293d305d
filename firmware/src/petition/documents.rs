//! The documents that go with a petition: those that are done, and the one that is being read.
use digitisation::DigitisedPage;
use private::PrivateText;

use super::{File, Source};

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

/// The pages of the document that is being read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scans {
    /// In their order.
    pub pages: Vec<DigitisedPage>,
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
    /// Bytes of all pages.
    pub fn bytes(&self) -> usize {
        self.pages.iter().map(|page| page.jpeg().len()).fold(0, usize::saturating_add)
    }

    /// Takes a page in; its place.
    pub fn take(&mut self, page: DigitisedPage) -> usize {
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
