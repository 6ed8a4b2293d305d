//! A card like an identity card, in colour, on both sides: 85.6 × 54 mm (ISO 7810 ID-1). A specimen of no country.

use super::paper::{Colour, Paper, Type};
use super::sheet;
use crate::escl::sheet::{Sheet, SheetSize};

pub(super) const WORDS: &[&str] = &["ESPÉCIMEN", "VILLAPRUEBA", "12345678Z"];

const SIZE: SheetSize = SheetSize { width_mm: 85.6, height_mm: 53.98 };
const GROUND: Colour = [214, 230, 240];
const WAVE: Colour = [150, 196, 214];
const DARK: Colour = [20, 40, 90];
const SKIN: Colour = [228, 184, 150];
const HAIR: Colour = [92, 62, 40];
const ROSE: Colour = [222, 150, 166];

pub(super) fn sheets() -> Vec<Sheet> {
    vec![sheet("identity-card", front(), Some(back()))]
}

fn ground() -> Paper {
    let mut paper = Paper::new(SIZE);
    paper.area([0.0, 0.0, 85.6, 53.98], GROUND);
    for nth in 0_u8..18 {
        let y = 3.0 * f32::from(nth);
        let wave: Vec<(f32, f32)> =
            (0_u8..19).map(|at| (5.0 * f32::from(at), y + if at % 2 == 0 { 0.0 } else { 3.0 })).collect();
        paper.scribble(&wave, 0.15, if nth % 3 == 0 { ROSE } else { WAVE });
    }
    paper
}

fn front() -> Paper {
    let mut paper = ground();
    paper.area([0.0, 0.0, 85.6, 8.0], DARK);
    paper.text(4.0, 5.6, Type::bold(9.0).in_colour([255, 255, 255]), "VILLAPRUEBA · CARNÉ DE PRUEBA");
    paper.area([4.0, 12.0, 24.0, 31.0], [245, 245, 240]);
    paper.disc(16.0, 24.0, 8.0, HAIR);
    paper.disc(16.0, 25.5, 6.6, SKIN);
    paper.area([8.0, 34.0, 16.0, 9.0], DARK);
    let labels = [("Apellidos", "VECINA DE PRUEBA"), ("Nombre", "FICTICIA"), ("Número", "12345678Z")];
    for (nth, (label, value)) in (0_u8..).zip(labels) {
        let y = 15.0 + 9.5 * f32::from(nth);
        paper.text(32.0, y, Type::plain(5.0).in_colour(DARK), label);
        paper.text(32.0, y + 4.6, Type::bold(9.0), value);
    }
    paper.text(32.0, 44.5, Type::plain(6.5), "Válido hasta 01 01 2036");
    paper.turned_text(38.0, 52.0, -18.0, Type::bold(15.0).in_colour([196, 40, 52]), "ESPÉCIMEN");
    paper
}

fn back() -> Paper {
    let mut paper = ground();
    paper.text(4.0, 8.0, Type::plain(6.5), "Domicilio: Calle Inventada, 12, 3.º A · Villaprueba");
    paper.text(4.0, 14.0, Type::plain(6.5), "Este carné no existe y no identifica a nadie.");
    for (nth, line) in (0_u8..).zip(["IDXXXBAA000000012345678Z<<<<<<", "0001014F3601014XXX<<<<<<<<<<<8"]) {
        paper.text(4.0, 38.0 + 6.0 * f32::from(nth), Type::plain(10.0), line);
    }
    paper
}
