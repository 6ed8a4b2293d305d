//! A scanned sheet, made as small as it is shown: each pixel is the mean of those that it stands for, so that
//! letters stay legible. The renderer would pick single ones.
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

use crate::view::Picture;

/// Most pixels of a side that are looked at.
const LARGEST: u32 = 8192;

/// The picture, in a box of so many pixels; never enlarged. `None` if it has no pixels, or other than its size says.
pub(crate) fn fitted(picture: &Picture, most: (u32, u32)) -> Option<Image> {
    let Picture { width, height, pixels } = picture;
    let (width, height) = (*width, *height);
    let sides = 1..=LARGEST;
    if !sides.contains(&width) || !sides.contains(&height) {
        return None;
    }
    if pixels.len() as u64 != u64::from(width) * u64::from(height) * 3 {
        return None;
    }
    let (across, down) = size((width, height), most);
    let mut small = SharedPixelBuffer::<Rgb8Pixel>::new(across, down);
    let stride = width as usize * 3;
    for (y, row) in small.make_mut_slice().chunks_exact_mut(across as usize).enumerate() {
        let (top, bottom) = span(y as u32, down, height);
        for (x, pixel) in row.iter_mut().enumerate() {
            let (left, right) = span(x as u32, across, width);
            let mut sums = [0_u32; 3];
            for line in pixels.chunks_exact(stride).skip(top).take(bottom - top) {
                for colour in line.get(left * 3..right * 3).unwrap_or_default().chunks_exact(3) {
                    for (sum, channel) in sums.iter_mut().zip(colour) {
                        *sum = sum.saturating_add(u32::from(*channel));
                    }
                }
            }
            let number = u32::try_from((bottom - top) * (right - left)).unwrap_or(u32::MAX).max(1);
            let [r, g, b] = sums.map(|sum| u8::try_from(sum / number).unwrap_or(u8::MAX));
            *pixel = Rgb8Pixel { r, g, b };
        }
    }
    Some(Image::from_rgb8(small))
}

/// The largest size of this shape within a box, and within itself.
fn size((width, height): (u32, u32), (across, down): (u32, u32)) -> (u32, u32) {
    let scaled = |side: u32, by: u32, of: u32| {
        u32::try_from(u64::from(side) * u64::from(by) / u64::from(of)).unwrap_or(u32::MAX).max(1)
    };
    let (across, down) = (across.clamp(1, width), down.clamp(1, height));
    if u64::from(width) * u64::from(down) > u64::from(height) * u64::from(across) {
        (across, scaled(height, across, width).min(down))
    } else {
        (scaled(width, down, height).min(across), down)
    }
}

/// The pixels of a side of `whole` that the pixel at `place` of `parts` stands for.
fn span(place: u32, parts: u32, whole: u32) -> (usize, usize) {
    let at = |place: u32| (u64::from(place) * u64::from(whole) / u64::from(parts.max(1))) as usize;
    (at(place), at(place + 1).max(at(place) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Picture {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Picture { width, height, pixels: pixels.flat_map(|(x, y)| pixel(x, y)).collect() }
    }

    fn seen(image: &Image) -> Vec<[u8; 3]> {
        let buffer = image.to_rgb8().expect("pixels");
        buffer.as_slice().iter().map(|pixel| [pixel.r, pixel.g, pixel.b]).collect()
    }

    #[test]
    fn a_pixel_is_the_mean_of_those_it_stands_for() {
        let lines = picture(8, 4, |x, _| if x % 2 == 0 { [255, 0, 10] } else { [0, 255, 10] });
        let small = fitted(&lines, (4, 2)).expect("a picture");
        assert_eq!((small.size().width, small.size().height), (4, 2));
        assert_eq!(seen(&small), [[127, 127, 10]; 8]);
    }

    #[test]
    fn the_shape_stays_and_nothing_is_enlarged() {
        for (width, height, box_, expected) in [
            (700, 1000, (500, 500), (350, 500)),
            (1000, 700, (500, 500), (500, 350)),
            (10, 20, (500, 500), (10, 20)),
            (3000, 1, (100, 100), (100, 1)),
            (1, 3000, (0, 0), (1, 1)),
        ] {
            let small = fitted(&picture(width, height, |_, _| [9, 9, 9]), box_).expect("a picture");
            assert_eq!((small.size().width, small.size().height), expected, "{width} by {height}");
            assert!(seen(&small).iter().all(|pixel| *pixel == [9, 9, 9]));
        }
    }

    #[test]
    fn a_picture_whose_pixels_do_not_fit_its_size_is_none() {
        let good = picture(4, 4, |_, _| [1, 2, 3]);
        for (width, height) in [(4, 5), (0, 0), (0, 48), (u32::MAX, u32::MAX), (8193, 1), (1, 15)] {
            assert!(
                fitted(&Picture { width, height, ..good.clone() }, (10, 10)).is_none(),
                "{width}, {height}"
            );
        }
        assert!(fitted(&Picture::default(), (10, 10)).is_none());
    }
}
