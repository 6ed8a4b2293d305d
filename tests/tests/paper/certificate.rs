//! The everyday case: text, lines and a code, in the size that the town hall meant.
use super::pdf::{page, qr, text};
use super::tools::{EDGE, codes, poppler, printed_page, read};

const ADDRESS: &str = "https://sede.pruebas.test/csv/AB12-CD34-EF56-GH78";

fn certificate() -> Vec<u8> {
    let mut content = format!("BT /F2 16 Tf 60 780 Td {} Tj ET\n", text("CERTIFICADO DE EMPADRONAMIENTO"));
    for line in 0..30 {
        let words = format!("Línea {line}: Vecina de Prueba, calle de la Constitución, número {}", 10 + line);
        content += &format!("BT /F1 10 Tf 60 {} Td {} Tj ET\n", 740 - 14 * line, text(&words));
    }
    content += "0.1 w 60 300 m 535 300 l S 0 w 60 290 m 535 290.4 l S 60 280 475 0.2 re f\n";
    content += &format!(
        "0.45 g BT /F1 7 Tf 60 120 Td {} Tj ET\n",
        text("Código seguro de verificación AB12-CD34-EF56-GH78")
    );
    content += &qr(ADDRESS, 60.0, 150.0, 1.2);
    page(content)
}

#[test]
fn a_certificate_is_read_and_its_code_decoded() {
    let printed = printed_page(&certificate());
    assert_eq!((printed.width, printed.height()), (1600, 2385));
    assert_eq!(codes(&printed), [ADDRESS]);
    let words = read(&printed);
    for wanted in
        ["CERTIFICADO DE EMPADRONAMIENTO", "calle de la Constitución, número 39", "AB12-CD34-EF56-GH78"]
    {
        assert!(words.contains(wanted), "{wanted:?} in {words}");
    }
}

#[test]
fn it_lies_where_poppler_puts_it_and_is_as_black() {
    let (printed, wanted) = (printed_page(&certificate()), poppler(&certificate()));
    let dark = |x: usize, y: usize| wanted.at(x + EDGE, y) < 100;
    let mut strays = 0;
    for y in 4..printed.height() - 4 {
        for x in 4..printed.width - 4 {
            // Each black dot has a dark one of poppler's within half a millimetre: its fonts are others.
            let near = || (y - 4..=y + 4).any(|y| (x - 4..=x + 4).any(|x| wanted.at(x + EDGE, y) < 200));
            strays += usize::from(printed.at(x, y) == 0 && !near());
        }
    }
    let both: usize = (0..printed.height()).map(|y| (0..1600).filter(|x| dark(*x, y)).count()).sum();
    let ratio = printed.black() as f64 / both as f64;
    assert!(
        strays * 200 < printed.black() && (0.85..1.35).contains(&ratio),
        "{strays} strays, {ratio} of poppler's black"
    );
}

#[test]
fn the_thinnest_lines_are_there_from_end_to_end() {
    let printed = printed_page(&certificate());
    let dots = |points: f64| (points * 204.0 / 72.0) as usize;
    for y in [300.0, 290.2, 280.1] {
        let row = dots(841.89 - y);
        for x in (dots(62.0)..dots(530.0)).map(|x| x - EDGE) {
            assert!(
                (row - 3..=row + 3).any(|row| printed.at(x, row) == 0),
                "a gap at {x} in the line at {y}"
            );
        }
    }
}

#[test]
fn small_grey_print_is_solid() {
    let printed = printed_page(&certificate());
    // Its letters have stems: vertical runs of black, as a screen of dots has not.
    let dots = |points: f64| (points * 204.0 / 72.0) as usize;
    let rows = dots(841.89 - 127.0)..dots(841.89 - 118.0);
    let longest = (dots(60.0) - EDGE..dots(300.0) - EDGE)
        .map(|x| {
            rows.clone()
                .fold((0, 0), |(run, most): (usize, usize), y| {
                    let run = if printed.at(x, y) == 0 { run + 1 } else { 0 };
                    (run, most.max(run))
                })
                .1
        })
        .max();
    assert!(longest >= Some(10), "{longest:?}");
}
