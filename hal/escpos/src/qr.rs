//! QR codes, model 2, error correction M: by the printer's own command (`GS ( k`), or drawn as raster where a model
//! lacks it.
use qrcode::{Color, EcLevel, QrCode};

use crate::raster::Bitmap;
use crate::{PIECE_LIMIT, PrintError};

/// White modules around the code.
const QUIET: usize = 4;
/// Dots of a module: at least 0.4 mm at 203 dots an inch, so that telephones read it.
const SMALLEST_MODULE: usize = 4;
/// Bigger modules only cost paper.
const LARGEST_MODULE: usize = 6;
/// The longest text: what is left of a piece beside the commands. An address with a code has about a hundred.
const LONGEST: usize = PIECE_LIMIT - 64;

/// The commands that print a code, centred, each complete in itself.
pub(crate) fn commands(text: &str, width_dots: usize, by_command: bool) -> Result<Vec<Vec<u8>>, PrintError> {
    if text.is_empty() || text.len() > LONGEST || text.chars().any(is_command) {
        return Err(PrintError::Unprintable(format!(
            "a QR code holds 1 to {LONGEST} bytes and no control characters but line ends, not {} bytes",
            text.len()
        )));
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| PrintError::Unprintable(format!("no QR code holds this text: {error}")))?;
    let module = (width_dots / (code.width() + 2 * QUIET)).min(LARGEST_MODULE);
    if module < SMALLEST_MODULE {
        return Err(PrintError::Unprintable(format!(
            "a QR code of {} modules is too fine on {width_dots} dots",
            code.width()
        )));
    }
    if by_command { Ok(vec![by_printer(text, module)]) } else { Ok(drawn(&code, width_dots, module)) }
}

/// Lines are part of what a code can hold (RFC 5545); other control characters are nobody's text.
fn is_command(character: char) -> bool {
    character.is_control() && !matches!(character, '\r' | '\n')
}

fn by_printer(text: &str, module: usize) -> Vec<u8> {
    let module = u8::try_from(module).unwrap_or(1);
    let [low, high, ..] = (text.len() + 3).to_le_bytes();
    let mut bytes = vec![0x1B, b'a', 1];
    bytes.extend_from_slice(&[0x1D, b'(', b'k', 4, 0, 0x31, 0x41, 0x32, 0]);
    bytes.extend_from_slice(&[0x1D, b'(', b'k', 3, 0, 0x31, 0x43, module]);
    bytes.extend_from_slice(&[0x1D, b'(', b'k', 3, 0, 0x31, 0x45, 0x31]);
    bytes.extend_from_slice(&[0x1D, b'(', b'k', low, high, 0x31, 0x50, 0x30]);
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend_from_slice(&[0x1D, b'(', b'k', 3, 0, 0x31, 0x51, 0x30]);
    bytes.extend_from_slice(&[0x1B, b'a', 0]);
    bytes
}

/// The white at the left is part of the image: not every model centres rasters.
fn drawn(code: &QrCode, width_dots: usize, module: usize) -> Vec<Vec<u8>> {
    let size = code.width() * module;
    let left = (width_dots - size) / 2;
    let quiet = QUIET * module;
    let mut bitmap = Bitmap::new(left + size, size + 2 * quiet);
    for (place, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = (place % code.width() * module, place / code.width() * module);
        for (dx, dy) in (0..module).flat_map(|dx| (0..module).map(move |dy| (dx, dy))) {
            bitmap.set(left + x + dx, quiet + y + dy);
        }
    }
    bitmap.bands(PIECE_LIMIT)
}
