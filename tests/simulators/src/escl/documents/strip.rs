//! A receipt strip, 80 × 210 mm.

use super::paper::{BLACK, Paper, Type};
use super::sheet;
use crate::escl::sheet::{Sheet, SheetSize};

pub(super) const WORDS: &[&str] = &["FERRETERÍA", "TOTAL", "Tornillos"];

pub(super) fn sheets() -> Vec<Sheet> {
    let mut paper = Paper::new(SheetSize { width_mm: 80.0, height_mm: 210.0 });
    paper.centred(40.0, 14.0, Type::bold(15.0), "FERRETERÍA PRUEBA");
    paper.centred(40.0, 20.0, Type::plain(9.0), "Calle Inventada, 3 · NIF A00000000");
    paper.centred(40.0, 26.0, Type::plain(9.0), "25/11/2026 10:15 · ticket 004417");
    let rows = [
        ("Tornillos 4×40", "3,20"),
        ("Tacos de 6", "2,10"),
        ("Bombilla E27", "4,95"),
        ("Masilla blanca", "6,75"),
        ("Cinta métrica", "8,40"),
        ("Lija fina", "1,80"),
    ];
    let mut y = 38.0;
    for (what, price) in rows {
        paper.text(6.0, y, Type::plain(11.0), what);
        paper.right(74.0, y, Type::plain(11.0), price);
        y += 7.0;
    }
    paper.line(&[(6.0, y), (74.0, y)], 0.4, BLACK);
    paper.text(6.0, y + 9.0, Type::bold(14.0), "TOTAL");
    paper.right(74.0, y + 9.0, Type::bold(14.0), "27,20 €");
    paper.text(6.0, y + 18.0, Type::plain(9.5), "Pagado en efectivo. IVA incluido.");
    // Bars of no code.
    let mut x = 14.0;
    for nth in 0_u8..34 {
        let thick = f32::from(nth * 7 % 4 + 1) * 0.33;
        paper.area([x, y + 30.0, thick, 18.0], BLACK);
        x += thick + f32::from(nth * 5 % 3 + 1) * 0.4;
    }
    paper.centred(40.0, y + 58.0, Type::plain(9.0), "Gracias por su visita");
    vec![sheet("receipt", paper, None)]
}
