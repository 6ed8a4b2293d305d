//! Sealed documents that become rows of dots: any bytes at all as a PDF.
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread;

use ciberkiosco::raster::{Head, MOST_PAGES, Piece, RasterError, STACK, render};

/// The smallest head there is: most of the work of a page is its dots.
const HEAD: Head = Head { dots: 400, dpi: 100 };
const BAND_ROWS: usize = 64;

/// A document on a thread of its own, as the kiosk draws it: whole pages, or nothing.
pub fn raster(data: &[u8]) {
    let pdf = Arc::new(data.to_vec());
    let drawing = thread::Builder::new().stack_size(STACK).spawn(move || drawn(pdf)).expect("a thread");
    if let Err(panic) = drawing.join() {
        std::panic::resume_unwind(panic);
    }
}

fn drawn(pdf: Arc<Vec<u8>>) {
    let mut paper = Paper::default();
    let outcome = render(pdf, HEAD, BAND_ROWS, |piece| paper.take(piece));
    match outcome {
        Ok(pages) => {
            assert!(paper.page.is_none() && paper.whole == pages && (1..=MOST_PAGES).contains(&pages))
        }
        // Between two pages at most: those before are whole.
        Err(RasterError::Fault) => assert!(paper.page.is_none()),
        Err(error) => {
            assert_eq!((paper.whole, paper.page.is_none()), (0, true), "{error}");
            assert!(error.to_string().len() < 300);
        }
    }
}

/// What has come out of the printer.
#[derive(Default)]
struct Paper {
    whole: usize,
    /// Rows that are to come.
    page: Option<usize>,
}

impl Paper {
    fn take(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        match (piece, self.page) {
            (Piece::Page(page), None) => {
                assert!(page.number == self.whole + 1 && page.number <= page.pages);
                assert!((0.9..=1.0).contains(&page.scale) && (1..=2000).contains(&page.rows));
                self.page = Some(page.rows);
            }
            (Piece::Band(rows), Some(left)) => {
                let (width, count) = (usize::from(HEAD.dots) / 8, rows.len() / (usize::from(HEAD.dots) / 8));
                assert!(rows.len() == width * count && (1..=BAND_ROWS.min(left)).contains(&count));
                self.page = Some(left - count);
            }
            (Piece::PageEnd, Some(0)) => {
                self.page = None;
                self.whole += 1;
            }
            (piece, page) => panic!("{piece:?} with {page:?} rows to come"),
        }
        ControlFlow::Continue(())
    }
}
