//! The plan of a flat: lines from 0.1 to 0.8 mm, dimensions, two colours.

use super::paper::{BLACK, Colour, Paper, Type};
use super::sheet;
use crate::escl::sheet::{Sheet, SheetSize};

pub(super) const WORDS: &[&str] = &["Dormitorio", "Cocina", "Escala"];

const WATER: Colour = [30, 110, 190];
const NEW: Colour = [200, 40, 40];

pub(super) fn sheets() -> Vec<Sheet> {
    let mut paper = Paper::new(SheetSize::A4);
    // A grid of hairlines, as on tracing paper.
    for nth in 0_u8..=16 {
        let at = 25.0 + 10.0 * f32::from(nth);
        paper.line(&[(at, 40.0), (at, 220.0)], 0.1, [170, 170, 170]);
    }
    for nth in 0_u8..=18 {
        let at = 40.0 + 10.0 * f32::from(nth);
        paper.line(&[(25.0, at), (185.0, at)], 0.1, [170, 170, 170]);
    }
    paper.frame([35.0, 50.0, 140.0, 160.0], 0.8, BLACK);
    for wall in [
        [(35.0, 130.0), (110.0, 130.0)],
        [(110.0, 50.0), (110.0, 116.0)],
        [(110.0, 130.0), (110.0, 196.0)],
        [(110.0, 160.0), (175.0, 160.0)],
    ] {
        paper.line(&wall, 0.5, BLACK);
    }
    // What is to be changed, and the pipes.
    paper.line(&[(110.0, 116.0), (175.0, 116.0)], 0.5, NEW);
    paper.line(&[(140.0, 160.0), (140.0, 185.0), (168.0, 185.0), (168.0, 210.0)], 0.25, WATER);
    let rooms =
        [("Salón", 72.0, 90.0), ("Dormitorio", 72.0, 170.0), ("Cocina", 142.0, 85.0), ("Baño", 142.0, 142.0)];
    for (room, x, y) in rooms {
        paper.centred(x, y, Type::bold(13.0), room);
    }
    paper.centred(142.0, 178.0, Type::bold(13.0), "Terraza");
    for (x, from, to, y, length) in
        [(72.5, 35.0, 110.0, 44.0, "7,50 m"), (142.5, 110.0, 175.0, 44.0, "6,50 m")]
    {
        paper.line(&[(from, y), (to, y)], 0.2, BLACK);
        for end in [from, to] {
            paper.line(&[(end - 1.0, y + 1.0), (end + 1.0, y - 1.0)], 0.3, BLACK);
        }
        paper.centred(x, y - 1.2, Type::plain(9.0), length);
    }
    paper.frame([25.0, 240.0, 160.0, 36.0], 0.4, BLACK);
    paper.text(30.0, 250.0, Type::bold(13.0), "Plano de la vivienda · planta tercera");
    paper.text(30.0, 258.0, Type::plain(11.0), "Calle Imaginaria, 8 · Villaprueba");
    paper.text(30.0, 266.0, Type::plain(11.0), "Escala 1:100 · noviembre de 2026");
    vec![sheet("plan", paper, None)]
}
