//! Rectangles, and the bounded sets of them that say which parts of a buffer are out of date. Pure.

/// A rectangle of pixels; the origin is the top left corner of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Pixels to the right of `x`, this column included.
    pub width: u32,
    /// Pixels below `y`, this row included.
    pub height: u32,
}

impl Rect {
    /// A rectangle by its corner and size.
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Rect {
        Rect { x, y, width, height }
    }

    /// True when it holds no pixel.
    pub const fn is_empty(self) -> bool {
        self.width == 0 || self.height == 0
    }

    /// The part inside a screen of `size`; empty when there is none.
    pub fn clipped(self, size: (u32, u32)) -> Rect {
        let x = self.x.min(size.0);
        let y = self.y.min(size.1);
        let right = self.x.saturating_add(self.width).min(size.0);
        let bottom = self.y.saturating_add(self.height).min(size.1);
        Rect { x, y, width: right.saturating_sub(x), height: bottom.saturating_sub(y) }
    }

    /// The smallest rectangle around both; an empty one counts for nothing.
    pub fn around(self, other: Rect) -> Rect {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        let right = self.x.saturating_add(self.width).max(other.x.saturating_add(other.width));
        let bottom = self.y.saturating_add(self.height).max(other.y.saturating_add(other.height));
        Rect { x, y, width: right - x, height: bottom - y }
    }

    /// True when every pixel of `other` is in this one.
    pub fn covers(self, other: Rect) -> bool {
        other.is_empty() || (!self.is_empty() && self.around(other) == self)
    }
}

/// A set of rectangles that never grows past [`Region::LIMIT`]: the renderer's damage is a few rectangles, and
/// copying one frame too much is cheaper than keeping a long list exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Region {
    rects: Vec<Rect>,
}

impl Region {
    /// Slint reports at most three rectangles a frame; sixteen leaves room for frames that pile up.
    pub const LIMIT: usize = 16;

    /// A region of one rectangle.
    pub fn of(rect: Rect) -> Region {
        let mut region = Region::default();
        region.add(rect);
        region
    }

    /// Adds the pixels of `rect`.
    pub fn add(&mut self, rect: Rect) {
        if rect.is_empty() || self.rects.iter().any(|kept| kept.covers(rect)) {
            return;
        }
        self.rects.retain(|kept| !rect.covers(*kept));
        self.rects.push(rect);
        if self.rects.len() > Region::LIMIT {
            let all = self.rects.iter().fold(Rect::default(), |sum, next| sum.around(*next));
            self.rects.clear();
            self.rects.push(all);
        }
    }

    /// The rectangles; they may overlap.
    pub fn rects(&self) -> &[Rect] {
        &self.rects
    }

    /// True when no pixel is in it.
    pub fn is_empty(&self) -> bool {
        self.rects.is_empty()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.rects.clear();
    }
}
