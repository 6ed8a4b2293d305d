//! The pages as the emulated board must paint them: rendered here, compared with its display, and asked where a finger
//! has to touch for a wish.
use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use emulated_board::qemu::Screen;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use ui::{Branding, InputEvent, Intent, Kiosk, Options, Page, Places, Rotation, View};

/// Of a million pixels so many may differ: the ring around what has the focus.
const DIFFER: usize = 10_000;

/// Side of a square whose brightness is compared, in pixels.
const SQUARE: usize = 10;

/// Between two of its own touches; longer than any bounce.
const PAUSE: Duration = Duration::from_secs(1);

/// The buttons of a page, as a citizen finds them.
pub fn buttons(pages: &Kiosk) -> Vec<ElementHandle> {
    let elements = ElementQuery::from_root(pages.component()).find_all().into_iter();
    elements.filter(|element| element.accessible_role() == Some(AccessibleRole::Button)).collect()
}

/// Pages of one town on one display.
pub struct Model {
    pages: Kiosk,
    frame: Vec<u32>,
    /// Where nobody knows what is shown.
    unknown: Vec<bool>,
    size: (u32, u32),
    now: Duration,
}

impl Model {
    /// For a display of this size, upright.
    pub fn new(
        branding: Branding,
        places: Places,
        (width_px, height_px): (u32, u32),
        width_mm: f32,
    ) -> Result<Model> {
        let rotation = Rotation::R0;
        let pages = Kiosk::new(Options { width_px, height_px, width_mm, rotation, branding, places })?;
        let frame = vec![0; usize::try_from(width_px * height_px)?];
        let unknown = Vec::new();
        Ok(Model { pages, frame, unknown, size: (width_px, height_px), now: Duration::ZERO })
    }

    /// Paints a view.
    pub fn show(&mut self, view: View) {
        self.pages.show(view);
        self.pages.paint(&mut self.frame);
        self.unknown.clear();
    }

    /// Paints a view of which only so much is known as it has in common with the other.
    pub fn show_but(&mut self, view: View, other: View) {
        self.show(other);
        let other = self.frame.clone();
        self.show(view);
        self.unknown = self.frame.iter().zip(other).map(|(one, other)| *one != other).collect();
    }

    /// How alike the display and what was painted are where it was not known: the correlation of the brightness of
    /// their squares, which lines of text and pictures decide and a dot's place does not. 1: the same.
    pub fn likeness(&self, screen: &Screen) -> f64 {
        let width = self.size.0 as usize;
        let mut squares: BTreeMap<(usize, usize), (f64, f64, f64)> = BTreeMap::new();
        let pixels = screen.rgb.as_chunks::<3>().0.iter().zip(&self.frame).zip(&self.unknown);
        for (place, ((seen, painted), _)) in pixels.enumerate().filter(|(_, (_, unknown))| **unknown) {
            let [_, r, g, b] = painted.to_be_bytes();
            let brightness = |dot: [u8; 3]| dot.iter().map(|value| f64::from(*value)).sum::<f64>();
            let square = squares.entry((place % width / SQUARE, place / width / SQUARE)).or_default();
            *square = (square.0 + 1.0, square.1 + brightness(*seen), square.2 + brightness([r, g, b]));
        }
        let squares: Vec<(f64, f64)> =
            squares.values().map(|(count, seen, painted)| (seen / count, painted / count)).collect();
        let count = squares.len().max(1) as f64;
        let (seen, painted) = squares.iter().fold((0.0, 0.0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        let (seen, painted) = (seen / count, painted / count);
        let (mut both, mut one, mut other) = (0.0, 0.0, 0.0);
        for (a, b) in squares {
            let (a, b) = (a - seen, b - painted);
            (both, one, other) = (both + a * b, one + a * a, other + b * b);
        }
        both / (one * other).sqrt()
    }

    /// The display shows what was painted last.
    pub fn is_on(&self, screen: &Screen) -> bool {
        if (screen.width, screen.height) != self.size {
            return false;
        }
        let differ = screen.differing(&self.frame, &self.unknown, 8);
        differ * 1_000_000 < DIFFER * self.frame.len()
    }

    /// Where a finger has to touch for this wish. The page is the same afterwards.
    pub fn place_of(&mut self, view: &View, wanted: Intent) -> Result<(u32, u32)> {
        self.show(view.clone());
        let mut all = buttons(&self.pages);
        let mut which = 0;
        while let Some(button) = all.get(which) {
            let (place, size) = (button.absolute_position(), button.size());
            let (x, y) = ((place.x + size.width / 2.0) as i32, (place.y + size.height / 2.0) as i32);
            self.now += PAUSE;
            self.pages.input(InputEvent::Press { x, y }, self.now);
            self.pages.input(InputEvent::Release { x, y }, self.now);
            let intents = self.pages.intents();
            if intents.contains(&wanted) {
                self.show(view.clone());
                return Ok((u32::try_from(x)?, u32::try_from(y)?));
            }
            if intents.is_empty() {
                // A page may turn its own leaves: another one between brings it back to its first, with new buttons.
                self.show(View { page: Page::OutOfService, ..view.clone() });
                self.show(view.clone());
                all = buttons(&self.pages);
            }
            which += 1;
        }
        None.with_context(|| format!("no button of {:?} is for {wanted:?}", view.page))
    }
}
