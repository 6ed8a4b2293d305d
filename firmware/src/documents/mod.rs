//! Collection documents of Spanish town halls: what the bars of a paper say, and how it is typed without them.
//!
//! Cuaderno 60 (formats 502, 508, 521, 522, 523), Cuaderno 57 (507, 528, 581) and the CECA notices (501, 503), field
//! by field after the CECA book (Cuaderno 64, June 2016). Bytes in, values out: no device, no clock, no sede.
//!
//! A document read here is only the key of a debt. What is to be paid, and whether it still may be, comes from the
//! sede; amounts and dates on the paper serve to find a wrong reading. Control digits that do not agree mean "read
//! it again, or type it": no paper is called invalid by the kiosk.
//!
//! Start reading at [`Document::from_barcode`]; the rules of the control digits are in `control.rs`.

mod control;
mod dates;
mod error;
mod fields;
mod format;
mod parse;
mod typed;

#[cfg(test)]
mod tests;

pub use control::municipality_digit;
pub use dates::YearDay;
pub use error::DocumentError;
pub use fields::{
    CecaNotice, Cuaderno57, Fields, LongForm, Modality1, Modality2, Modality2Surcharge, Modality3, Period,
};
pub use format::Format;
pub use parse::Document;
pub use typed::{FieldState, TypedEntry, TypedField};
