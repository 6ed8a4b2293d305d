//! Why the pages cannot be shown.
use canvas::{LARGEST, SMALLEST};

/// Why the pages cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum UiError {
    /// The panel's size makes no sense.
    #[error(
        "the panel is said to have {width} by {height} pixels, {millimetres} mm wide; the pages need {SMALLEST} to \
         {LARGEST} pixels each way and a width of 50 to 5000 mm: mend the board's display settings"
    )]
    Panel {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Width in millimetres.
        millimetres: f32,
    },
    /// Slint refuses to work on this thread.
    #[error("the page renderer cannot be started on this thread: {0}")]
    Renderer(#[from] slint::PlatformError),
}
