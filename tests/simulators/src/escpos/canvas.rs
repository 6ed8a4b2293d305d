//! Dots: a small bitmap for one sign or picture, and the strip of paper they land on.

/// A black and white picture; `true` is black.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    height: usize,
    dots: Vec<bool>,
}

impl Bitmap {
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, dots: vec![false; width * height] }
    }

    #[must_use]
    pub fn from_fn(width: usize, height: usize, black: impl Fn(usize, usize) -> bool) -> Self {
        let dots =
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| black(x, y)).collect();
        Self { width, height, dots }
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    #[must_use]
    pub fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dots.get(y * self.width + x).copied().unwrap_or(false)
    }

    pub fn set(&mut self, x: usize, y: usize) {
        if x < self.width
            && let Some(dot) = self.dots.get_mut(y * self.width + x)
        {
            *dot = true;
        }
    }

    /// Each dot becomes `x` by `y` dots.
    #[must_use]
    pub fn scaled(&self, x: usize, y: usize) -> Self {
        if (x, y) == (1, 1) {
            return self.clone();
        }
        Self::from_fn(self.width * x, self.height * y, |column, row| {
            self.get(column / x.max(1), row / y.max(1))
        })
    }
}

/// The strip under the head: rows of packed dots, most significant bit left, 1 = black.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canvas {
    width: usize,
    rows: Vec<Vec<u8>>,
}

impl Canvas {
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { width, rows: Vec::new() }
    }

    #[must_use]
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    fn row_bytes(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// One row of dots; what lies beyond the head is cut off.
    pub fn push_row(&mut self, bytes: &[u8]) {
        let mut row = bytes.to_vec();
        row.resize(self.row_bytes(), 0);
        let spare = self.row_bytes() * 8 - self.width;
        if let Some(last) = row.last_mut() {
            *last &= u8::MAX.checked_shl(u32::try_from(spare).unwrap_or(0)).unwrap_or(0);
        }
        self.rows.push(row);
    }

    pub fn feed(&mut self, rows: usize) {
        let blank = vec![0; self.row_bytes()];
        self.rows.extend(std::iter::repeat_n(blank, rows));
    }

    /// Cuts the strip so that the last `keep` rows stay in the printer; the rest is returned.
    #[must_use]
    pub fn cut(&mut self, keep: usize) -> Self {
        let at = self.rows.len().saturating_sub(keep);
        let inside = self.rows.split_off(at);
        Self { width: self.width, rows: std::mem::replace(&mut self.rows, inside) }
    }

    #[must_use]
    pub fn black_dots(&self) -> u64 {
        self.rows.iter().flatten().map(|byte| u64::from(byte.count_ones())).sum()
    }

    /// A 1-bit PNG, black on white, of paper of this many dots, at least the head's, with the head over its middle.
    /// Empty when the strip has no rows.
    #[must_use]
    pub fn png(&self, paper: usize) -> Vec<u8> {
        let mut file = Vec::new();
        let paper = paper.max(self.width);
        // Whole bytes, so that rows need no shifting.
        let edge = (paper - self.width) / 16;
        let row_bytes = paper.div_ceil(8);
        let (Ok(width), Ok(height)) = (u32::try_from(paper), u32::try_from(self.rows.len())) else {
            return file;
        };
        if width == 0 || height == 0 {
            return file;
        }
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut white = Vec::with_capacity(row_bytes * self.rows.len());
        for row in &self.rows {
            white.resize(white.len() + edge, 0xFF);
            white.extend(row.iter().map(|byte| !byte));
            white.resize(white.len() + row_bytes - edge - row.len(), 0xFF);
        }
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&white));
        // Writing to memory fails only on a wrong size, which the rows cannot have.
        if written.is_err() {
            file.clear();
        }
        file
    }
}
