//! A form on both sides of an A4 sheet: frames and ticks, blue ink, a red stamp.

use super::paper::{BLACK, Colour, Paper, Type};
use super::sheet;
use crate::escl::sheet::{Sheet, SheetSize};

pub(super) const WORDS: &[&str] = &["Solicitud", "Solicitante", "vado", "REVERSO"];

const INK: Colour = [24, 42, 140];
const STAMP: Colour = [190, 30, 38];
const SHADE: Colour = [226, 232, 240];

pub(super) fn sheets() -> Vec<Sheet> {
    vec![sheet("form", front(), Some(back()))]
}

fn front() -> Paper {
    let mut paper = Paper::new(SheetSize::A4);
    paper.area([20.0, 15.0, 170.0, 16.0], SHADE);
    paper.text(24.0, 25.5, Type::bold(15.0), "Solicitud de vado permanente");
    paper.right(186.0, 25.5, Type::plain(10.0), "Modelo P-14");
    let fields = [
        ("Solicitante", "Vecina de Prueba"),
        ("NIF", "12345678Z"),
        ("Domicilio", "Calle Inventada, 12, 3.º A"),
        ("Teléfono", "600 000 000"),
        ("Emplazamiento del vado", "Calle Imaginaria, 8"),
        ("Anchura de la puerta", "2,80 metros"),
    ];
    for (nth, (label, value)) in (0_u8..).zip(fields) {
        let y = 38.0 + 17.0 * f32::from(nth);
        paper.frame([20.0, y, 170.0, 15.0], 0.3, BLACK);
        paper.text(22.0, y + 4.5, Type::plain(8.0), label);
        paper.text(26.0, y + 12.0, Type::plain(14.0).in_colour(INK), value);
    }
    paper.text(20.0, 152.0, Type::bold(11.0), "Uso del local");
    for (nth, use_of) in (0_u8..).zip(["Vivienda", "Comercio", "Taller", "Almacén"]) {
        let x = 22.0 + 42.0 * f32::from(nth);
        paper.frame([x, 157.0, 5.0, 5.0], 0.3, BLACK);
        paper.text(x + 7.0, 161.5, Type::plain(11.0), use_of);
    }
    paper.scribble(&[(22.5, 158.0), (24.0, 161.5), (29.0, 154.5)], 0.7, INK);
    paper.paragraph(
        20.0,
        176.0,
        170.0,
        Type::plain(10.5),
        "La persona que firma declara que los datos son ciertos, que conoce las condiciones que están al reverso, y \
         que pagará la tasa cuando se le notifique. Este impreso es inventado y no sirve para ningún trámite.",
    );
    paper.frame([20.0, 200.0, 80.0, 40.0], 0.3, BLACK);
    paper.text(22.0, 205.0, Type::plain(8.0), "Firma");
    let pen = [
        (30.0, 230.0),
        (38.0, 208.0),
        (42.0, 232.0),
        (50.0, 214.0),
        (55.0, 228.0),
        (64.0, 216.0),
        (68.0, 230.0),
        (90.0, 222.0),
    ];
    paper.scribble(&pen, 0.6, INK);
    paper.circle(145.0, 222.0, 19.0, 1.0, STAMP);
    paper.circle(145.0, 222.0, 16.5, 0.4, STAMP);
    paper.turned_text(131.5, 227.0, -14.0, Type::bold(13.0).in_colour(STAMP), "REGISTRADO");
    paper.turned_text(136.0, 232.5, -14.0, Type::plain(9.0).in_colour(STAMP), "25 NOV. 2026");
    paper
}

fn back() -> Paper {
    let mut paper = Paper::new(SheetSize::A4);
    paper.text(20.0, 25.0, Type::bold(14.0), "REVERSO: condiciones del vado");
    let conditions = [
        "El vado se señala con la placa que entrega el Ayuntamiento de Prueba, a la vista y sin tapar.",
        "La acera se rebaja por cuenta de quien lo solicita, y se repone cuando el vado termina.",
        "La tasa se paga cada año; quien no la paga dos años seguidos pierde la licencia.",
        "El cambio de titular se comunica en el plazo de un mes, con este mismo impreso.",
    ];
    let mut y = 38.0;
    for (number, condition) in (1_u8..).zip(conditions) {
        paper.text(20.0, y, Type::bold(11.5), &format!("{number}."));
        y = paper.paragraph(28.0, y, 160.0, Type::plain(11.5), condition) + 4.0;
    }
    paper.frame([20.0, 210.0, 170.0, 60.0], 0.3, BLACK);
    paper.text(22.0, 216.0, Type::plain(8.0), "A rellenar por la administración");
    paper
}
