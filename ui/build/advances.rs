//! How far each sign of a font moves the pen: text is broken into rows before it is drawn.
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// Signs beyond this are not written by anybody here.
const LAST: u32 = 0x2122;

/// A table of the font's signs in their order, each with its advance in thousandths of the size of type.
pub fn table(font: &Path) -> Result<String, Vec<String>> {
    let fault = |error: &dyn std::fmt::Display| vec![format!("{}: {error}", font.display())];
    let bytes = fs::read(font).map_err(|error| fault(&error))?;
    let face = FontRef::new(&bytes).map_err(|error| fault(&error))?;
    let (map, metrics) = (face.charmap(), face.glyph_metrics(Size::new(1000.0), LocationRef::default()));
    let mut code = String::from("const ADVANCES: &[(char, u16)] = &[\n");
    let mut count = 0;
    for sign in (0x20..=LAST).filter_map(char::from_u32) {
        let Some(advance) = map.map(sign).and_then(|glyph| metrics.advance_width(glyph)) else { continue };
        let _ = writeln!(code, "    ({sign:?}, {}),", advance.round().clamp(0.0, 5000.0));
        count += 1;
    }
    code.push_str("];\n");
    if count < 200 { Err(fault(&"too few signs")) } else { Ok(code) }
}
