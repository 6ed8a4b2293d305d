//! Text on A4: a letter, and a report of several pages.

use super::paper::{Paper, Type};
use super::sheet;
use crate::escl::sheet::{Sheet, SheetSize};

pub(super) const WORDS: &[&str] = &["Asociación", "farolas", "Atentamente", "barrio"];
pub(super) const REPORT_WORDS: &[&str] = &["Informe", "Página", "fachada"];

const LETTER: [&str; 4] = [
    "Por la presente comunicamos que las farolas de la calle Inventada, entre los números 3 y 27, llevan tres \
     semanas apagadas. Los vecinos del barrio cruzan a oscuras, y el paso de peatones delante de la escuela no se ve.",
    "Hemos avisado dos veces por teléfono, los días 4 y 11 de noviembre, y se nos dijo que la avería estaba anotada \
     con el número 2026/0417. Desde entonces nadie ha venido a repararla.",
    "Pedimos que se arreglen las farolas antes de las fiestas, que se compruebe la instalación de toda la manzana, y \
     que se nos diga por escrito cuándo se hará el trabajo y quién responde de él.",
    "Adjuntamos un plano del barrio en el que están señaladas las farolas averiadas, y las firmas de cuarenta y dos \
     vecinos.",
];

pub(super) fn one_page() -> Vec<Sheet> {
    let mut paper = Paper::new(SheetSize::A4);
    paper.text(25.0, 28.0, Type::bold(16.0), "Asociación de Vecinos de la Calle Inventada");
    paper.text(25.0, 34.0, Type::plain(9.5), "Calle Inventada, 12 · 00000 Villaprueba · vecinos@prueba.test");
    paper.line(&[(25.0, 38.0), (185.0, 38.0)], 0.4, super::paper::BLACK);
    let to = ["Ayuntamiento de Prueba", "Departamento de Alumbrado", "Plaza Mayor, 1", "00000 Villaprueba"];
    for (nth, line) in (0_u8..).zip(to) {
        paper.text(120.0, 58.0 + 5.5 * f32::from(nth), Type::plain(11.0), line);
    }
    paper.text(25.0, 92.0, Type::plain(11.0), "Villaprueba, 25 de noviembre de 2026");
    paper.text(25.0, 104.0, Type::bold(11.5), "Asunto: farolas apagadas en la calle Inventada");
    let mut y = 116.0;
    for paragraph in LETTER {
        y = paper.paragraph(25.0, y, 160.0, Type::plain(11.5), paragraph) + 3.5;
    }
    paper.text(25.0, y + 6.0, Type::plain(11.5), "Atentamente,");
    let pen: Vec<(f32, f32)> = [
        (30.0, 24.0),
        (36.0, 8.0),
        (38.0, 26.0),
        (44.0, 14.0),
        (47.0, 22.0),
        (54.0, 12.0),
        (56.0, 23.0),
        (68.0, 15.0),
        (84.0, 18.0),
    ]
    .map(|(x, down)| (x, y + down))
    .into();
    paper.scribble(&pen, 0.5, super::paper::BLACK);
    paper.text(25.0, y + 33.0, Type::plain(11.5), "Vecina de Prueba, presidenta");
    vec![sheet("letter", paper, None)]
}

pub(super) fn report() -> Vec<Sheet> {
    let pages = [
        ("1. Objeto", "Se describe el estado de la fachada del edificio de la calle Imaginaria, número 8."),
        (
            "2. Lo que se ha visto",
            "La fachada tiene grietas de dos milímetros entre la planta primera y la segunda.",
        ),
        (
            "3. Propuesta",
            "Se propone apuntalar el balcón, retirar el revoco suelto y reparar la fachada entera.",
        ),
    ];
    let mut sheets = Vec::new();
    for (number, (title, text)) in (1_u8..).zip(pages) {
        let mut paper = Paper::new(SheetSize::A4);
        paper.text(25.0, 25.0, Type::plain(9.5), "Informe técnico de prueba · expediente 2026/PRUEBA/0088");
        paper.right(185.0, 25.0, Type::plain(9.5), &format!("Página {number} de 3"));
        paper.line(&[(25.0, 28.0), (185.0, 28.0)], 0.3, super::paper::BLACK);
        paper.text(25.0, 44.0, Type::bold(15.0), title);
        let mut y = 56.0;
        for _ in 0..6 {
            y = paper.paragraph(25.0, y, 160.0, Type::plain(11.5), text) + 4.0;
        }
        // Large enough to be told from afar.
        paper.centred(105.0, 230.0, Type::bold(120.0), &number.to_string());
        sheets.push(sheet(&format!("report, {number}"), paper, None));
    }
    sheets
}
