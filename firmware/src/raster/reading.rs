//! What the contents come to when each part is read as often as it is drawn. The library unpacks and reads a form or a
//! picture anew each time, so a file of two kilobytes could keep it at work for a day and draw next to nothing.
use hayro::hayro_syntax::content::TypedIter;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Array, Dict, Name, Stream};
use hayro::hayro_syntax::page::{Page, Resources};

use super::{RasterError, streams};

/// Most bytes that the pages and their forms and pictures may come to. A megabyte takes some milliseconds; a long
/// certificate has two or three.
const MOST_READ: usize = 256 * 1024 * 1024;
/// The same for the drawn letters and patterns of a page.
pub(super) const MOST_READ_AGAIN: usize = 256 * 1024 * 1024;
/// What it costs to begin with a part, in bytes.
const BEGUN: usize = 4096;
/// The library goes no deeper.
const DEEPEST: u32 = 50;
const TOO_MUCH: RasterError = RasterError::Complex("its parts are drawn too often");

/// Bytes that the heaviest of a kind comes to, each time it is drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weights {
    /// A letter of a font of drawings (Type 3).
    pub letter: usize,
    /// A tile of a pattern.
    pub tile: usize,
}

/// Counts for a document.
pub(super) struct Reading {
    left: usize,
    pub weights: Weights,
}

impl Reading {
    pub fn new() -> Reading {
        Reading { left: MOST_READ, weights: Weights::default() }
    }

    /// A page and the appearances of its annotations.
    pub fn page(&mut self, page: &Page<'_>) -> Result<(), RasterError> {
        self.content(page.typed_operations(), page.resources(), 0)?;
        let annotations = page.raw().get::<Array<'_>>("Annots");
        for annotation in annotations.iter().flat_map(|list| list.iter::<Dict<'_>>()) {
            let Some(appearances) = annotation.get::<Dict<'_>>("AP") else { continue };
            let of_state = || {
                let state = annotation.get::<Name<'_>>("AS")?;
                appearances.get::<Dict<'_>>("N")?.get::<Stream<'_>>(state.as_ref())
            };
            if let Some(form) = appearances.get::<Stream<'_>>("N").or_else(of_state) {
                self.content_of(&form, page.resources(), 0)?;
            }
        }
        Ok(())
    }

    /// The letters of a font, where they are drawings.
    pub fn font(&mut self, font: &Dict<'_>) -> Result<(), RasterError> {
        let Some(letters) = font.get::<Dict<'_>>("CharProcs") else { return Ok(()) };
        let resources = Resources::new(font.get::<Dict<'_>>("Resources").unwrap_or_default());
        for letter in letters.keys() {
            if let Some(letter) = letters.get::<Stream<'_>>(letter.as_ref()) {
                let before = self.left;
                self.content_of(&letter, &resources, 0)?;
                self.weights.letter = self.weights.letter.max(before.saturating_sub(self.left));
            }
        }
        Ok(())
    }

    /// A pattern of tiles.
    pub fn pattern(&mut self, pattern: &Stream<'_>) -> Result<(), RasterError> {
        let before = self.left;
        self.content_of(pattern, &Resources::new(Dict::default()), 0)?;
        self.weights.tile = self.weights.tile.max(before.saturating_sub(self.left));
        Ok(())
    }

    fn content(
        &mut self,
        mut operations: TypedIter<'_>,
        resources: &Resources<'_>,
        depth: u32,
    ) -> Result<(), RasterError> {
        while let Some(operation) = operations.next() {
            let TypedInstruction::XObject(name) = operation else { continue };
            let Some(part) = resources.get_x_object(name.0) else { continue };
            if part.dict().get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_ref() == b"Form") {
                self.content_of(&part, resources, depth)?;
            } else {
                self.spend(part.raw_data().len())?;
                self.spend(streams::check(&part)?)?;
            }
        }
        Ok(())
    }

    /// Without resources of its own it takes those of whoever draws it.
    fn content_of(
        &mut self,
        part: &Stream<'_>,
        outer: &Resources<'_>,
        depth: u32,
    ) -> Result<(), RasterError> {
        self.spend(part.raw_data().len())?;
        let data = part.decoded_data().map_err(|_| RasterError::Damaged("a stream cannot be unpacked"))?;
        self.spend(data.len())?;
        if depth >= DEEPEST {
            return Ok(());
        }
        let operations = TypedIter::new(data.as_ref());
        match part.dict().get::<Dict<'_>>("Resources") {
            Some(own) => self.content(operations, &Resources::new(own), depth + 1),
            None => self.content(operations, outer, depth + 1),
        }
    }

    fn spend(&mut self, bytes: usize) -> Result<(), RasterError> {
        self.left = self.left.checked_sub(bytes.saturating_add(BEGUN)).ok_or(TOO_MUCH)?;
        Ok(())
    }
}
