//! What is scanned, and its rows as a driver sends them.

/// An image of 8 bits a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    /// 1 or 3.
    pub channels: u8,
    /// Rows from the top.
    pub pixels: Vec<u8>,
}

/// A sheet in the feeder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub front: Picture,
    /// Blank when none.
    pub back: Option<Picture>,
}

impl From<Picture> for Sheet {
    fn from(front: Picture) -> Self {
        Self { front, back: None }
    }
}

impl Picture {
    /// One that shows in each pixel where it is and from which seed it was made.
    #[must_use]
    pub fn marked(width: u32, height: u32, channels: u8, seed: u8) -> Self {
        let pixel = |y: u32, x: u32, c: u32| (x * 3 + y * 7 + c * 85) as u8 ^ seed.wrapping_mul(37);
        let row = |y| (0..width).flat_map(move |x| (0..u32::from(channels)).map(move |c| pixel(y, x, c)));
        Self { width, height, channels, pixels: (0..height).flat_map(row).collect() }
    }

    /// White, as large as another.
    pub(super) fn blank(&self) -> Self {
        Self { pixels: vec![255; self.pixels.len()], ..self.clone() }
    }

    /// In these colours: a grey one has the same grey three times, a coloured one becomes the mean of its channels.
    #[must_use]
    pub fn in_channels(&self, channels: u8) -> Self {
        let pixels = match (self.channels, channels) {
            (1, 3) => self.pixels.iter().flat_map(|&grey| [grey; 3]).collect(),
            (3, 1) => self
                .pixels
                .chunks_exact(3)
                .map(|rgb| (rgb.iter().map(|&value| u16::from(value)).sum::<u16>() / 3) as u8)
                .collect(),
            _ => self.pixels.clone(),
        };
        Self { channels, pixels, ..*self }
    }

    /// One colour of it, as a grey picture.
    pub(super) fn plane(&self, channel: usize) -> Self {
        let pixels = self.pixels.iter().skip(channel).step_by(usize::from(self.channels)).copied().collect();
        Self { channels: 1, pixels, ..*self }
    }

    /// What of it is left when it is sent with so many bits a sample. A client turns them into 8 again.
    #[must_use]
    pub fn at_depth(&self, depth: i32) -> Self {
        let pixels = match depth {
            1 => self.pixels.iter().map(|&value| if value < 128 { 0 } else { 255 }).collect(),
            _ => self.pixels.clone(),
        };
        Self { pixels, ..*self }
    }

    /// A row as it is sent. One bit of grey is ink, one bit of a colour is light.
    pub(super) fn row(&self, y: u32, depth: i32, ink: bool, big_endian: bool) -> Vec<u8> {
        let channels = usize::from(self.channels);
        let length = self.width as usize * channels;
        let row = &self.pixels[y as usize * length..][..length];
        match depth {
            1 => {
                let bits = |channel: usize, eight: &[u8]| {
                    (0..8).fold(0_u8, |byte, bit| {
                        // Behind the last pixel anything may stand.
                        let dark = eight.get(bit * channels + channel).is_none_or(|&value| value < 128);
                        byte << 1 | u8::from(dark == ink)
                    })
                };
                let groups = row.chunks(8 * channels);
                groups.flat_map(|eight| (0..channels).map(move |channel| bits(channel, eight))).collect()
            }
            16 if big_endian => row.iter().flat_map(|&value| [value, !value]).collect(),
            16 => row.iter().flat_map(|&value| [!value, value]).collect(),
            _ => row.to_vec(),
        }
    }
}
