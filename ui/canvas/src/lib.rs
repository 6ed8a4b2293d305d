//! The memory that the pages are drawn into, and how it lies on the panel.
//!
//! Drawn apart from the display's own memory: blending reads what is there, and display memory is slow to read.
//! Only what has changed is drawn and copied.
//!
//! A crate of its own: the renderer is made for its kind of pixel here, and is optimised in every build of the tests.
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use slint::platform::software_renderer::{
    MinimalSoftwareWindow, PremultipliedRgbaColor, RepaintBufferType, TargetPixel,
};
use slint::platform::{Platform, WindowAdapter, set_platform};

/// Fewest pixels of a side.
pub const SMALLEST: u32 = 240;
/// Most pixels of a side: the renderer counts in 16 bits.
pub const LARGEST: u32 = 8192;

/// How the page is turned on the panel, clockwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Rotation {
    /// As it is.
    #[default]
    R0,
    /// A quarter.
    R90,
    /// Upside down.
    R180,
    /// Three quarters.
    R270,
}

/// A rectangle of the panel, in its own pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
}

/// A pixel as the display takes it: 0x00RRGGBB.
#[derive(Clone, Copy, Default)]
struct Xrgb(u32);

impl TargetPixel for Xrgb {
    fn blend(&mut self, colour: PremultipliedRgbaColor) {
        let keep = u32::from(u8::MAX - colour.alpha);
        // Red and blue are far enough apart to be scaled in one multiplication.
        let outer = ((self.0 & 0x00FF_00FF) * keep + 0x0080_0080) >> 8 & 0x00FF_00FF;
        let inner = ((self.0 & 0x0000_FF00) * keep + 0x0000_8000) >> 8 & 0x0000_FF00;
        let added = Self::from_rgb(colour.red, colour.green, colour.blue).0;
        self.0 = saturating(outer | inner, added);
    }

    fn from_rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(u32::from_be_bytes([0, red, green, blue]))
    }
}

/// Adds channel by channel without a carry into the next.
fn saturating(one: u32, other: u32) -> u32 {
    let (one, other) = (one.to_be_bytes(), other.to_be_bytes());
    let mut sum = [0; 4];
    for (place, value) in sum.iter_mut().enumerate() {
        *value = one[place].saturating_add(other[place]);
    }
    u32::from_be_bytes(sum)
}

thread_local! {
    /// The window that was made last on this thread: the one of the component being made.
    static LATEST: RefCell<Option<Rc<MinimalSoftwareWindow>>> = const { RefCell::new(None) };
    /// This thread has our platform.
    static READY: Cell<bool> = const { Cell::new(false) };
    /// Time since the start, as the caller told it.
    static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Our platform: windows that draw into memory, and a clock that is told the time.
struct Memory;

impl Platform for Memory {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, slint::PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        LATEST.with(|latest| latest.replace(Some(window.clone())));
        Ok(window)
    }

    fn duration_since_start(&self) -> Duration {
        NOW.get()
    }
}

/// Makes this thread able to make windows; the renderer keeps its platform by thread.
///
/// # Errors
/// Another platform was set on this thread before.
pub fn prepare_thread() -> Result<(), slint::PlatformError> {
    if !READY.get() {
        set_platform(Box::new(Memory)).map_err(|error| slint::PlatformError::Other(error.to_string()))?;
        READY.set(true);
    }
    Ok(())
}

/// The window of the component that was made last on this thread; each is handed out once.
///
/// # Errors
/// No component was made since.
pub fn latest_window() -> Result<Rc<MinimalSoftwareWindow>, slint::PlatformError> {
    LATEST
        .with(RefCell::take)
        .ok_or_else(|| slint::PlatformError::Other("the component has made no window".to_owned()))
}

/// Tells the renderer the time; it never runs backwards.
pub fn tell_time(now: Duration) {
    NOW.set(NOW.get().max(now));
}

/// The panel and the picture on it.
pub struct Canvas {
    width: u32,
    height: u32,
    rotation: Rotation,
    /// The page, upright whatever the panel: it is turned when it is copied (turned by the renderer, parts that are
    /// painted anew differ from the whole by some pixels).
    pixels: Vec<Xrgb>,
    /// Nothing of the picture has been copied yet.
    fresh: bool,
}

/// Pixels are turned in squares of this side, which stay in the processor's cache.
const TILE: u32 = 32;

impl Canvas {
    /// A panel of so many pixels, each side from [`SMALLEST`] to [`LARGEST`]; nothing is on it yet.
    pub fn new(width: u32, height: u32, rotation: Rotation) -> Self {
        let count = width as usize * height as usize;
        Self { width, height, rotation, pixels: vec![Xrgb::default(); count], fresh: true }
    }

    /// Size of the page: the panel's, turned.
    pub fn page_size(&self) -> (u32, u32) {
        match self.rotation {
            Rotation::R0 | Rotation::R180 => (self.width, self.height),
            Rotation::R90 | Rotation::R270 => (self.height, self.width),
        }
    }

    /// A point of the panel as a point of the page. Points off the panel stay off the page.
    pub fn to_page(&self, x: i32, y: i32) -> (i32, i32) {
        let (right, bottom) = (self.width as i32 - 1, self.height as i32 - 1);
        match self.rotation {
            Rotation::R0 => (x, y),
            Rotation::R90 => (y, right.saturating_sub(x)),
            Rotation::R180 => (right.saturating_sub(x), bottom.saturating_sub(y)),
            Rotation::R270 => (bottom.saturating_sub(y), x),
        }
    }

    /// A rectangle of the page as one of the panel.
    fn to_panel(&self, page: Rect) -> Rect {
        let Rect { x, y, width, height } = page;
        match self.rotation {
            Rotation::R0 => page,
            Rotation::R90 => Rect { x: self.width - y - height, y: x, width: height, height: width },
            Rotation::R180 => Rect { x: self.width - x - width, y: self.height - y - height, width, height },
            Rotation::R270 => Rect { x: y, y: self.height - x - width, width: height, height: width },
        }
    }

    /// The next [`Self::paint`] copies everything.
    pub fn forget(&mut self) {
        self.fresh = true;
    }

    /// Draws what has changed and copies it; says where on the panel. The frame has the panel's pixels row by row,
    /// 0x00RRGGBB each, without a gap between rows; what it is short of is not copied.
    pub fn paint(&mut self, window: &MinimalSoftwareWindow, frame: &mut [u32]) -> Vec<Rect> {
        let mut changed = Vec::new();
        let (across, down) = self.page_size();
        window.draw_if_needed(|renderer| {
            let region = renderer.render(&mut self.pixels, across as usize);
            changed.extend(region.iter().filter_map(|(origin, size)| {
                let x = u32::try_from(origin.x).ok()?.min(across);
                let y = u32::try_from(origin.y).ok()?.min(down);
                let (width, height) = (size.width.min(across - x), size.height.min(down - y));
                (width > 0 && height > 0).then_some(Rect { x, y, width, height })
            }));
        });
        if std::mem::take(&mut self.fresh) {
            changed = vec![Rect { x: 0, y: 0, width: across, height: down }];
        }
        for rect in &changed {
            if self.rotation == Rotation::R0 {
                self.copy(*rect, frame);
            } else {
                self.turn(*rect, frame);
            }
        }
        changed.into_iter().map(|rect| self.to_panel(rect)).collect()
    }

    fn copy(&self, rect: Rect, frame: &mut [u32]) {
        let stride = self.width as usize;
        let (left, right) = (rect.x as usize, (rect.x + rect.width) as usize);
        let rows = frame.chunks_exact_mut(stride).zip(self.pixels.chunks_exact(stride));
        for (to, from) in rows.skip(rect.y as usize).take(rect.height as usize) {
            if let (Some(to), Some(from)) = (to.get_mut(left..right), from.get(left..right)) {
                for (to, from) in to.iter_mut().zip(from) {
                    *to = from.0;
                }
            }
        }
    }

    /// Copies a rectangle of the page to where it is on a turned panel, square by square.
    fn turn(&self, rect: Rect, frame: &mut [u32]) {
        for top in (rect.y..rect.y + rect.height).step_by(TILE as usize) {
            for left in (rect.x..rect.x + rect.width).step_by(TILE as usize) {
                let width = TILE.min(rect.x + rect.width - left);
                let height = TILE.min(rect.y + rect.height - top);
                self.turn_tile(Rect { x: left, y: top, width, height }, frame);
            }
        }
    }

    fn turn_tile(&self, tile: Rect, frame: &mut [u32]) {
        let (across, _) = self.page_size();
        let stride = self.width as usize;
        let (right, bottom) = (stride - 1, self.height as usize - 1);
        for y in tile.y..tile.y + tile.height {
            let start = y as usize * across as usize + tile.x as usize;
            let row = self.pixels.get(start..start + tile.width as usize).unwrap_or_default();
            for (x, pixel) in (tile.x as usize..).zip(row) {
                let place = match self.rotation {
                    Rotation::R0 => y as usize * stride + x,
                    Rotation::R90 => x * stride + right - y as usize,
                    Rotation::R180 => (bottom - y as usize) * stride + right - x,
                    Rotation::R270 => (bottom - x) * stride + y as usize,
                };
                if let Some(to) = frame.get_mut(place) {
                    *to = pixel.0;
                }
            }
        }
    }
}
