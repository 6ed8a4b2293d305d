//! What the pages are drawn on, and how large a millimetre is there.
use crate::view::Branding;
use canvas::Rotation;

/// Where the things are that the pages speak of, in words, by language (Spanish, Valencian, English): "a la derecha,
/// a la altura de la cintura". From the board's configuration; empty where the words are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Places {
    /// The barcode reader.
    pub reader: [String; 3],
    /// The slot for notes.
    pub notes: [String; 3],
    /// The slot for coins.
    pub coins: [String; 3],
    /// The tray that coins come out at.
    pub tray: [String; 3],
    /// Where the receipt comes out.
    pub printer: [String; 3],
    /// The slot for the citizen's card.
    pub card: [String; 3],
    /// Where documents come out.
    pub document: [String; 3],
    /// The scanner for the citizen's documents.
    pub scanner: [String; 3],
}

/// What the pages are drawn on, and whose they are.
#[derive(Clone, Debug)]
pub struct Options {
    /// Pixels of the panel across, as it is scanned.
    pub width_px: u32,
    /// Pixels of the panel down.
    pub height_px: u32,
    /// Width of the panel in millimetres: sizes on it are in millimetres.
    pub width_mm: f32,
    /// How the page is turned on the panel.
    pub rotation: Rotation,
    /// The town hall.
    pub branding: Branding,
    /// Where things are.
    pub places: Places,
}

/// Size of the panel that the pages are laid out for, in millimetres: 32 inch, upright.
const REFERENCE_MM: (f32, f32) = (398.5, 708.4);
/// Capital height of the least text on it, in millimetres.
const LEAST_CAPITAL_MM: f32 = 13.0 * 0.668;
/// Capital height below which reading needs an effort (ADA 707.7.2).
const READABLE_CAPITAL_MM: f32 = 4.8;

/// Pixels of a millimetre of the layout. The panel's own; less where the layout would not fit on it, or would be
/// lost on it.
pub(crate) fn unit(options: &Options, page_width: u32, page_height: u32) -> f32 {
    let real = options.width_px as f32 / options.width_mm;
    let (width, height) = REFERENCE_MM;
    let unit = real.min(page_width as f32 / width).min(page_height as f32 / height);
    let capital = LEAST_CAPITAL_MM * unit / real;
    if capital < READABLE_CAPITAL_MM {
        tracing::warn!(
            "the panel is small: capitals of the least text are {capital:.1} mm high, {READABLE_CAPITAL_MM} mm are \
             needed at arm's length"
        );
    }
    unit
}
