//! Sheets with next to nothing on them: what a scanner must not take for blank, and what it should.

use super::paper::{Paper, Type};
use super::sheet;
use crate::escl::sheet::{Sheet, SheetSize};

pub(super) const WORDS: &[&str] = &["llamar", "lunes"];

pub(super) fn pencil() -> Vec<Sheet> {
    let mut paper = Paper::new(SheetSize::A4);
    let pencil = Type::plain(13.0).in_colour([176, 176, 176]);
    paper.text(40.0, 120.0, pencil, "llamar el lunes a las nueve");
    vec![sheet("note", paper, None)]
}

pub(super) fn blank() -> Vec<Sheet> {
    vec![sheet("blank", Paper::new(SheetSize::A4), None)]
}
