//! The two resident fonts: A, 12×24 dots (Spleen), and B, 9×17, the same drawn smaller.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::canvas::Bitmap;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Font {
    #[default]
    A,
    B,
}

impl Font {
    #[must_use]
    pub fn cell(self) -> (usize, usize) {
        match self {
            Self::A => (12, 24),
            Self::B => (9, 17),
        }
    }

    /// The dots of a character; a hollow box when the font has none.
    #[must_use]
    pub fn glyph(self, character: char) -> Bitmap {
        let large = glyphs().get(&character).cloned().unwrap_or_else(|| drawn(character));
        match self {
            Self::A => large,
            // Two thirds of the large one, any black dot counting, in a cell one dot larger.
            Self::B => Bitmap::from_fn(9, 17, |x, y| {
                let (left, top) = (x * 3 / 2, y * 3 / 2);
                let (right, bottom) = ((x * 3 + 3).div_ceil(2), (y * 3 + 3).div_ceil(2));
                x < 8 && y < 16 && (left..right).any(|x| (top..bottom).any(|y| large.get(x, y)))
            }),
        }
    }
}

/// The font file: PSF2, glyphs and then, for each, its characters up to 0xFF.
fn glyphs() -> &'static HashMap<char, Bitmap> {
    static GLYPHS: OnceLock<HashMap<char, Bitmap>> = OnceLock::new();
    GLYPHS.get_or_init(|| {
        let file = spleen_font::FONT_12X24;
        let word = |index: usize| {
            let bytes = file.get(index * 4..index * 4 + 4).and_then(|bytes| bytes.try_into().ok());
            usize::try_from(u32::from_le_bytes(bytes.unwrap_or_default())).unwrap_or(0)
        };
        let (header, count, size, height, width) = (word(2), word(4), word(5), word(6), word(7));
        let stride = width.div_ceil(8);
        let table = file.get(header + count * size..).unwrap_or_default();
        let mut glyphs = HashMap::new();
        for (index, characters) in table.split(|byte| *byte == 0xFF).take(count).enumerate() {
            let dots = file.get(header + index * size..header + (index + 1) * size).unwrap_or_default();
            let bitmap = Bitmap::from_fn(width, height, |x, y| {
                dots.get(y * stride + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
            });
            // 0xFE begins sequences of combining characters; only single ones are wanted.
            let single = characters.split(|byte| *byte == 0xFE).next().unwrap_or_default();
            for character in String::from_utf8_lossy(single).chars() {
                glyphs.insert(character, bitmap.clone());
            }
        }
        glyphs
    })
}

/// What the font lacks and a code page has.
fn drawn(character: char) -> Bitmap {
    let like = match character {
        'ˆ' => '^',
        '—' => '-',
        '‗' => '_',
        '‚' => ',',
        '„' => '"',
        'ƒ' => 'f',
        '‰' => '%',
        '†' | '‡' => '+',
        '■' => return Bitmap::from_fn(12, 24, |x, y| (2..10).contains(&x) && (10..18).contains(&y)),
        _ => {
            return Bitmap::from_fn(12, 24, |x, y| {
                let inside = (1..11).contains(&x) && (4..20).contains(&y);
                inside && (x == 1 || x == 10 || y == 4 || y == 19)
            });
        }
    };
    glyphs().get(&like).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_spanish_and_valencian_and_the_euro_have_glyphs() {
        for character in "AZaz09€àèéíïòóúüçñÀÈÉÍÏÒÓÚÜÇÑ·ºª¿¡«»─│┌█".chars()
        {
            assert!(glyphs().contains_key(&character), "{character}");
        }
        assert_ne!(Font::A.glyph('ñ'), Font::A.glyph('n'));
        assert_ne!(Font::B.glyph('8'), Font::B.glyph('B'));
    }
}
