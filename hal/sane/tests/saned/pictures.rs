//! What the `test` driver draws, as its manual says (sane-test(5)) and, where that says little, as it was seen to draw:
//! "Solid black", "Solid white", "Grid" (squares of 10 mm) and "Color pattern" (another one for each depth).

/// A picture, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    Black,
    White,
    Grid,
    Pattern,
}

impl Drawn {
    pub const ALL: [Drawn; 4] = [Drawn::Black, Drawn::White, Drawn::Grid, Drawn::Pattern];

    pub fn name(self) -> &'static str {
        match self {
            Drawn::Black => "Solid black",
            Drawn::White => "Solid white",
            Drawn::Grid => "Grid",
            Drawn::Pattern => "Color pattern",
        }
    }

    /// A pixel of it, as 8 bits a channel.
    pub fn pixel(self, x: usize, y: usize, dpi: u16, colour: bool, depth: i32) -> [u8; 3] {
        match (self, depth, colour) {
            (Drawn::Black, ..) => [0; 3],
            (Drawn::White, ..) => [255; 3],
            (Drawn::Grid, ..) => [grid(x, y, dpi); 3],
            (Drawn::Pattern, 1, false) => {
                [if ((x / 16).is_multiple_of(2)) == (y % 32 < 16) { 255 } else { 0 }; 3]
            }
            (Drawn::Pattern, 1, true) => {
                let block = x / 16 % 8;
                let colour = if y % 32 < 16 { block } else { 7 - block };
                [4, 2, 1].map(|bit| if colour & bit != 0 { 255 } else { 0 })
            }
            (Drawn::Pattern, 16, _) => {
                let (block, at) = (x / 260, x % 260);
                if y % 260 < 4 || at < 4 {
                    return [0x55; 3];
                }
                // The high byte counts from the left edge of a block, the low one is not looked at.
                let value = (at - 4) as u8;
                if colour { only(block % 3, value) } else { [value; 3] }
            }
            (Drawn::Pattern, _, false) => {
                let value = (x / 5) as u8;
                let value = if y % 10 > 5 { 255 - value } else { value };
                if y.is_multiple_of(5) || x.is_multiple_of(5) { [0x55; 3] } else { [value; 3] }
            }
            (Drawn::Pattern, _, true) => {
                let row = y % 30 / 5;
                let value = (x / 5) as u8;
                let value = if row % 2 == 1 { 255 - value } else { value };
                if y.is_multiple_of(5) || x.is_multiple_of(5) { [0x55; 3] } else { only(row / 2, value) }
            }
        }
    }
}

fn only(channel: usize, value: u8) -> [u8; 3] {
    std::array::from_fn(|other| if other == channel { value } else { 0 })
}

/// Squares of 10 mm; the picture is repeated below, after a whole number of rows.
fn grid(x: usize, y: usize, dpi: u16) -> u8 {
    let square = 10.0 * f64::from(dpi) / 25.4;
    let y = y % (2.0 * square + 0.5) as usize;
    let across = (x as f64 / square) as usize % 2 == 1;
    if across != (y > (square + 0.5) as usize) { 0 } else { 255 }
}

/// The pixels of so large a page.
pub fn drawn(picture: Drawn, size: (u32, u32), dpi: u16, colour: bool, depth: i32) -> Vec<u8> {
    let channels = if colour { 3 } else { 1 };
    let (width, height) = (size.0 as usize, size.1 as usize);
    let mut pixels = Vec::with_capacity(width * height * channels);
    for y in 0..height {
        for x in 0..width {
            pixels.extend(picture.pixel(x, y, dpi, colour, depth).iter().take(channels));
        }
    }
    pixels
}

/// Pixels of so many millimetres.
pub fn pixels_of(mm: u32, dpi: u16) -> u32 {
    (f64::from(mm) * f64::from(dpi) / 25.4) as u32
}

/// Where two pictures differ first, for a failing test.
pub fn first_difference(got: &[u8], expected: &[u8], row: usize) -> Option<(usize, usize, u8, u8)> {
    let at = got.iter().zip(expected).position(|(got, expected)| got != expected)?;
    Some((at % row, at / row, got[at], expected[at]))
}
