//! A document from its first byte to its last row.
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use hayro::RenderCache;
use hayro::hayro_interpret::{InterpreterCache, InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::budget::Rehearsal;
use super::fit::{self, Placement};
use super::halftone::Bits;
use super::reading::Weights;
use super::{Head, LARGEST_DOCUMENT, MOST_PAGES, PageInfo, Piece, RasterError, forms, graph, sheet, streams};

pub(super) type Sink<'s> = dyn FnMut(Piece<'_>) -> ControlFlow<()> + 's;

/// See [`super::render`].
pub(super) fn document(
    bytes: Arc<Vec<u8>>,
    head: Head,
    band_rows: usize,
    sink: &mut Sink<'_>,
) -> Result<usize, RasterError> {
    if !(400..=4000).contains(&head.dots) || !(100..=600).contains(&head.dpi) {
        return Err(RasterError::Head { dots: head.dots, dpi: head.dpi });
    }
    if bytes.len() > LARGEST_DOCUMENT {
        return Err(RasterError::Large { bytes: bytes.len() });
    }
    streams::check_file(&bytes)?;
    let pdf = open(bytes)?;
    let pages = pdf.pages().len();
    if !(1..=MOST_PAGES).contains(&pages) {
        return Err(RasterError::Pages { pages });
    }
    let weights = graph::check(&pdf)?;
    let overlay = forms::overlay(&pdf)?.map(open_own).transpose()?;
    let warning = Arc::new(AtomicU8::new(0));
    let work = Work { overlay: overlay.as_ref(), settings: settings(&warning), warning, head, weights };

    let mut give = |number, placed: Placement, bits: &Bits| {
        let info = PageInfo { number, pages, rows: usize::from(placed.rows), scale: placed.scale };
        let rows = bits.under_head(usize::from(head.dots), placed.left);
        give(info, &rows, usize::from(head.dots).div_ceil(8) * band_rows.max(1), sink)
    };

    // Every page is placed before the first row is given out: a document is printed as a whole or not at all.
    let mut places = Vec::new();
    for (number, page) in (1..).zip(pdf.pages().iter()) {
        let (placed, bits) = work.place(number, page)?;
        if pages == 1 {
            give(number, placed, &bits)?;
            return Ok(pages);
        }
        places.push(placed);
    }
    for ((number, page), placed) in (1..).zip(pdf.pages().iter()).zip(places) {
        let bits = work.draw(number, page, placed)?;
        give(number, placed, &bits)?;
    }
    Ok(pages)
}

fn open(bytes: Arc<Vec<u8>>) -> Result<Pdf, RasterError> {
    Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm,
        ) => RasterError::Locked,
        LoadPdfError::Decryption(_) => RasterError::Damaged("its encryption is invalid"),
        LoadPdfError::Invalid => RasterError::Damaged("it is no PDF"),
    })
}

fn open_own(bytes: Vec<u8>) -> Result<Pdf, RasterError> {
    Pdf::new(bytes).map_err(|_| RasterError::Fault)
}

/// The library goes on after what it cannot draw; here that ends the document.
fn settings(warning: &Arc<AtomicU8>) -> InterpreterSettings {
    let seen = Arc::clone(warning);
    let warning_sink = Arc::new(move |warning: InterpreterWarning| {
        let number = match warning {
            InterpreterWarning::UnsupportedFont => 1,
            InterpreterWarning::ImageDecodeFailure => 2,
            InterpreterWarning::UnresolvedAnnotationAppearance => 0,
            _ => 3,
        };
        seen.fetch_max(number, Ordering::Relaxed);
    });
    InterpreterSettings { warning_sink, ..InterpreterSettings::default() }
}

struct Work<'a> {
    overlay: Option<&'a Pdf>,
    settings: InterpreterSettings,
    warning: Arc<AtomicU8>,
    head: Head,
    weights: Weights,
}

impl<'a> Work<'a> {
    /// Rehearses a page, and finds its place by its ink; with the dots at that place.
    fn place(&self, number: usize, page: &'a Page<'a>) -> Result<(Placement, Bits), RasterError> {
        let (width, height) = page.render_dimensions();
        let size = (f64::from(width), f64::from(height));
        let whole = fit::whole(number, size, self.head)?;
        let rehearsal = Rehearsal::new(number, whole.width, whole.rows, self.weights);
        let ink =
            sheet::rehearse(page, rehearsal, whole, &self.settings, &InterpreterCache::new(), self.head);
        self.warned()?;
        let bits = self.draw(number, page, whole)?;
        let Some(columns) = bits.ink() else {
            return if ink { Err(RasterError::Blank { page: number }) } else { Ok((whole, bits)) };
        };
        let placed = fit::fitted(number, size, whole, columns, self.head)?;
        let bits = if placed.scale < whole.scale { self.draw(number, page, placed)? } else { bits };
        Ok((placed, bits))
    }

    fn draw(&self, number: usize, page: &'a Page<'a>, placed: Placement) -> Result<Bits, RasterError> {
        let (own, over) = (RenderCache::new(), RenderCache::new());
        let mut layers = vec![(page, &own)];
        if let Some(page) = self.overlay.and_then(|pdf| pdf.pages().get(number - 1)) {
            layers.push((page, &over));
        }
        let grey = sheet::draw(&layers, placed, &self.settings, self.head);
        self.warned()?;
        Ok(grey.bits())
    }

    fn warned(&self) -> Result<(), RasterError> {
        match self.warning.load(Ordering::Relaxed) {
            0 => Ok(()),
            1 => Err(RasterError::Unsupported("a font of an unknown kind")),
            2 => Err(RasterError::Damaged("a picture cannot be unpacked")),
            _ => Err(RasterError::Unsupported("something of a newer PDF")),
        }
    }
}

/// One page, in pieces of so many bytes.
fn give(info: PageInfo, rows: &[u8], band: usize, sink: &mut Sink<'_>) -> Result<(), RasterError> {
    let bands = rows.chunks(band).map(Piece::Band);
    for piece in std::iter::once(Piece::Page(info)).chain(bands).chain([Piece::PageEnd]) {
        if sink(piece).is_break() {
            return Err(RasterError::Stopped);
        }
    }
    Ok(())
}
