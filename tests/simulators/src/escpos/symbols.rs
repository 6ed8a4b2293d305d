//! QR codes, barcodes and bit images as dots (reference 2.3).

use barcoders::sym::{codabar, code39, code93, code128, ean8, ean13, tf};

use super::canvas::Bitmap;

/// What GS ( k has been told so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrSettings {
    module: usize,
    level: u8,
    pub data: Vec<u8>,
}

impl Default for QrSettings {
    fn default() -> Self {
        Self { module: 3, level: 48, data: Vec::new() }
    }
}

/// What a GS ( k command asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QrAction {
    Stored,
    /// Print the stored data.
    Print,
    /// Another symbol or function.
    Unknown,
}

impl QrSettings {
    /// `block` is what follows pL pH: cn, fn and parameters.
    pub fn command(&mut self, block: &[u8]) -> QrAction {
        match block {
            [49, 65, ..] => {}
            [49, 67, n @ 1..=16] => self.module = usize::from(*n),
            [49, 69, n @ 48..=51] => self.level = *n,
            [49, 80, 48, data @ ..] => self.data = data.to_vec(),
            [49, 81, 48] => return QrAction::Print,
            _ => return QrAction::Unknown,
        }
        QrAction::Stored
    }

    /// `None` when nothing is stored or it does not fit into a symbol.
    #[must_use]
    pub fn draw(&self) -> Option<Bitmap> {
        let level = match self.level {
            49 => qrcode::EcLevel::M,
            50 => qrcode::EcLevel::Q,
            51 => qrcode::EcLevel::H,
            _ => qrcode::EcLevel::L,
        };
        if self.data.is_empty() {
            return None;
        }
        let code = qrcode::QrCode::with_error_correction_level(&self.data, level).ok()?;
        let colors = code.to_colors();
        let width = code.width();
        let modules =
            Bitmap::from_fn(width, width, |x, y| colors.get(y * width + x) == Some(&qrcode::Color::Dark));
        Some(modules.scaled(self.module, self.module))
    }
}

/// The bars of a barcode of GS k (kinds 65..=73), one byte a module; `None`: not encodable.
#[must_use]
pub fn bars(kind: u8, data: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(data).ok()?;
    let bars = match kind {
        // UPC-A is EAN-13 with a leading 0.
        65 => ean13::EAN13::new(format!("0{text}")).ok()?.encode(),
        67 => ean13::EAN13::new(text).ok()?.encode(),
        68 => ean8::EAN8::new(text).ok()?.encode(),
        69 => code39::Code39::new(text.trim_matches('*')).ok()?.encode(),
        70 => tf::TF::interleaved(text).ok()?.encode(),
        71 => codabar::Codabar::new(text).ok()?.encode(),
        72 => code93::Code93::new(text).ok()?.encode(),
        73 => code128::Code128::new(code_128(text)?).ok()?.encode(),
        _ => return None,
    };
    Some(bars)
}

/// Epson writes the code set as `{A`, `{B`, `{C`; set C takes bytes 0..=99 as digit pairs.
fn code_128(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut set = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '{' {
            if set? == 'C' {
                out.push_str(&format!("{:02}", u32::from(character)));
            } else {
                out.push(character);
            }
            continue;
        }
        let sign = match characters.next()? {
            'A' => 'À',
            'B' => 'Ɓ',
            'C' => 'Ć',
            '1' => 'Ź',
            '{' => '{',
            _ => return None,
        };
        if matches!(sign, 'À' | 'Ɓ' | 'Ć') {
            set = Some(match sign {
                'À' => 'A',
                'Ɓ' => 'B',
                _ => 'C',
            });
        }
        out.push(sign);
    }
    Some(out)
}

/// Bars as dots.
#[must_use]
pub fn draw_bars(bars: &[u8], module: usize, height: usize) -> Bitmap {
    let module = module.max(1);
    Bitmap::from_fn(bars.len() * module, height, |x, _| bars.get(x / module) == Some(&1))
}

/// ESC *: columns of 8 or 24 dots, top bit first.
#[must_use]
pub fn column_image(mode: u8, data: &[u8]) -> Bitmap {
    let (bytes, x_scale, y_scale) = match mode {
        0 => (1, 2, 3),
        1 => (1, 1, 3),
        32 => (3, 2, 1),
        _ => (3, 1, 1),
    };
    let columns = data.len() / bytes;
    let plain = Bitmap::from_fn(columns, bytes * 8, |x, y| {
        data.get(x * bytes + y / 8).is_some_and(|byte| byte & (0x80 >> (y % 8)) != 0)
    });
    plain.scaled(x_scale, y_scale)
}

/// The raster of GS ( L fn 112; `None` when the header is not one, or its data is short.
#[must_use]
pub fn stored_graphics(block: &[u8]) -> Option<Bitmap> {
    let [0x30, 112, 48, x_scale, y_scale, _color, xl, xh, yl, yh, data @ ..] = block else { return None };
    let width = usize::from(u16::from_le_bytes([*xl, *xh]));
    let height = usize::from(u16::from_le_bytes([*yl, *yh]));
    let stride = width.div_ceil(8);
    if data.len() < stride * height {
        return None;
    }
    let plain = Bitmap::from_fn(width, height, |x, y| {
        data.get(y * stride + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    });
    Some(plain.scaled(usize::from(*x_scale).clamp(1, 2), usize::from(*y_scale).clamp(1, 2)))
}
