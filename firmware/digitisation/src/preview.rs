//! A page as it will be seen, drawn small for the screen from the small picture.
use super::LARGEST_PREVIEW;
use super::geometry::{Layout, Matrix};
use super::page::Preview;

/// A small picture of one or three channels.
pub(super) struct Picture {
    pub width: u32,
    pub height: u32,
    pub channels: u8,
    pub pixels: Vec<u8>,
}

/// Where the picture does not reach, the page is white, as on paper.
const WHITE: [f64; 3] = [255.0; 3];

impl Picture {
    fn dot(&self, x: i64, y: i64) -> [f64; 3] {
        let (width, height) = (i64::from(self.width), i64::from(self.height));
        if !(0..width).contains(&x) || !(0..height).contains(&y) {
            return WHITE;
        }
        let channels = usize::from(self.channels);
        let at = usize::try_from(y * width + x).unwrap_or_default() * channels;
        match self.pixels.get(at..at + channels) {
            Some([red, green, blue]) => [*red, *green, *blue].map(f64::from),
            Some([grey]) => [f64::from(*grey); 3],
            _ => WHITE,
        }
    }

    /// Between the middles of four dots.
    fn at(&self, (x, y): (f64, f64)) -> [u8; 3] {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right, below) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let mut sum = [0.0; 3];
        for (dot, share) in [
            (self.dot(left, top), (1.0 - right) * (1.0 - below)),
            (self.dot(left + 1, top), right * (1.0 - below)),
            (self.dot(left, top + 1), (1.0 - right) * below),
            (self.dot(left + 1, top + 1), right * below),
        ] {
            sum.iter_mut().zip(dot).for_each(|(sum, value)| *sum += value * share);
        }
        sum.map(|value| value.round() as u8)
    }
}

/// Draws the page; `factor` dots of the file's picture are one of the small one's.
pub(super) fn draw(picture: &Picture, factor: u32, layout: &Layout, most: u32) -> Preview {
    let most = f64::from(most.clamp(1, LARGEST_PREVIEW));
    // Not larger than the small picture is: there is nothing more to be seen.
    let own = 1.0 / f64::from(factor);
    let scale = (most / layout.height).min(most / layout.width).min(own);
    let side = |length: f64| ((length * scale).round() as u32).clamp(1, LARGEST_PREVIEW);
    let (width, height) = (side(layout.width), side(layout.height));
    // From dots of the preview to those of the page, of the file's picture, of the small picture.
    let page = scaling(layout.width / f64::from(width), layout.height / f64::from(height));
    let small = scaling(own, own);
    let way = page.then(&layout.matrix.inverse()).then(&small);
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            pixels.extend(picture.at(way.apply((f64::from(x) + 0.5, f64::from(y) + 0.5))));
        }
    }
    Preview { width, height, pixels: pixels.into() }
}

fn scaling(a: f64, d: f64) -> Matrix {
    Matrix { a, b: 0.0, c: 0.0, d, e: 0.0, f: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::geometry::layout;
    use super::*;

    /// Four corners of four colours on grey.
    fn picture() -> Picture {
        let mut pixels = Vec::new();
        for y in 0..80_u32 {
            for x in 0..40_u32 {
                pixels.extend(match (x < 20, y < 40) {
                    (true, true) => [255, 0, 0],
                    (false, true) => [0, 255, 0],
                    (true, false) => [0, 0, 255],
                    (false, false) => [90, 90, 90],
                });
            }
        }
        Picture { width: 40, height: 80, channels: 3, pixels }
    }

    fn corners(preview: &Preview) -> [[u8; 3]; 4] {
        let (width, height) = (preview.width as usize, preview.height as usize);
        let dot =
            |x: usize, y: usize| preview.pixels.as_slice()[(y * width + x) * 3..][..3].try_into().unwrap();
        [dot(2, 2), dot(width - 3, 2), dot(2, height - 3), dot(width - 3, height - 3)]
    }

    #[test]
    fn a_turned_page_is_shown_turned() {
        let (red, green, blue, grey) = ([255, 0, 0], [0, 255, 0], [0, 0, 255], [90, 90, 90]);
        for (turns, wanted) in [
            (0, [red, green, blue, grey]),
            (1, [blue, red, grey, green]),
            (2, [grey, blue, green, red]),
            (3, [green, grey, red, blue]),
        ] {
            let shown = draw(&picture(), 10, &layout((400, 800), 0.0, None, turns), 1000);
            assert_eq!((shown.width, shown.height), if turns % 2 == 0 { (40, 80) } else { (80, 40) });
            assert_eq!(corners(&shown), wanted, "{turns}");
        }
    }

    #[test]
    fn it_is_no_higher_and_wider_than_asked_and_white_beside_the_picture() {
        let shown = draw(&picture(), 10, &layout((400, 800), 8.0, None, 0), 30);
        assert_eq!(shown.height, 30);
        assert!(
            shown.width < 30 && shown.pixels.as_slice().len() == (shown.width * shown.height * 3) as usize
        );
        let shown = draw(&picture(), 10, &layout((400, 800), 8.0, None, 0), 1000);
        assert_eq!(shown.pixels.as_slice()[..3], [255, 255, 255]);
    }
}
