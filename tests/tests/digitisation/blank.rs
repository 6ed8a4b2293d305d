//! Pages with nothing on them, and pages with next to nothing.
use scans::{BLACK, BLACK_LID, BLUE, PENCIL, Place, RED, Scanner, Sheet, WHITE, WHITE_LID, YELLOWED};

use super::tools::digitised;

fn empty() -> Sheet {
    Sheet::new(&Place::default())
}

/// In colour at the higher of the usual resolutions, in grey at the lower.
fn each(draw: impl Fn(&mut Sheet), place: Place, scanner: Scanner, wanted: bool) {
    for dpi in [200, 300] {
        let mut sheet = Sheet::new(&Place { dpi, ..place });
        draw(&mut sheet);
        let scan = if dpi == 300 { scanner.colour(&sheet) } else { scanner.grey(&sheet) };
        assert_eq!(digitised(scan).is_blank(), wanted, "{dpi} dpi, {scanner:?}");
    }
}

#[test]
fn noise_and_yellow_paper_are_blank() {
    for noise in [0.0, 4.0, 10.0] {
        each(|_| {}, Place::default(), Scanner { noise, ..Scanner::default() }, true);
    }
    each(|_| {}, Place { tint: YELLOWED, ..Place::default() }, Scanner::default(), true);
}

#[test]
fn print_that_shines_through_is_blank() {
    for strength in [14, 30] {
        each(
            |sheet| {
                sheet.shows_through(strength, "Lo que está impreso en la otra cara de esta hoja de papel")
            },
            Place::default(),
            Scanner::default(),
            true,
        );
    }
}

#[test]
fn dust_and_dirt_on_the_glass_are_blank() {
    each(|_| {}, Place::default(), Scanner { dust: 60, ..Scanner::default() }, true);
    each(|_| {}, Place::default(), Scanner { streak: Some(101.0), ..Scanner::default() }, true);
}

#[test]
fn punched_holes_are_blank_under_any_lid() {
    let holes = |lid, ring: bool| {
        move |sheet: &mut Sheet| {
            for y in [108.5, 188.5] {
                sheet.disc((12.0, y), 6.0, lid);
                if ring {
                    // The shadow of the paper's edge on a white lid: most at one side.
                    sheet.ring((12.0, y), 6.0, 0.3, [190, 190, 190]);
                }
            }
        }
    };
    each(holes(BLACK_LID, false), Place::default(), Scanner::default(), true);
    each(holes([150, 150, 150], false), Place::default(), Scanner::default(), true);
    each(holes(WHITE_LID, true), Place::default(), Scanner::default(), true);
}

#[test]
fn the_shadow_of_the_papers_own_edge_is_blank() {
    let shadow = |sheet: &mut Sheet| sheet.stroke(&[(0.0, 0.0), (0.0, 290.0)], 0.5, [170, 170, 170]);
    let place = Place { paper: (203.0, 290.0), angle: 0.8, ..Place::default() };
    each(shadow, place, Scanner::default(), true);
}

#[test]
fn blank_paper_askew_on_a_black_lid_is_blank() {
    let place = Place { paper: (180.0, 250.0), angle: -3.0, lid: BLACK_LID, ..Place::default() };
    each(|_| {}, place, Scanner::default(), true);
}

#[test]
fn a_faint_pencil_line_is_something() {
    let line = |sheet: &mut Sheet| sheet.stroke(&[(60.0, 140.0), (95.0, 143.0), (120.0, 139.0)], 0.5, PENCIL);
    for noise in [0.0, 4.0, 6.0] {
        each(line, Place::default(), Scanner { noise, ..Scanner::default() }, false);
    }
    let on_yellow = |sheet: &mut Sheet| sheet.stroke(&[(60.0, 140.0), (120.0, 139.0)], 0.5, [200, 188, 152]);
    each(on_yellow, Place { tint: YELLOWED, ..Place::default() }, Scanner::default(), false);
}

#[test]
fn one_line_of_small_text_is_something() {
    let text = |sheet: &mut Sheet| sheet.text((60.0, 150.0), 7.0, BLACK, "Conforme.");
    each(text, Place::default(), Scanner { dust: 40, ..Scanner::default() }, false);
    let grey = |sheet: &mut Sheet| sheet.text((60.0, 150.0), 9.0, [190, 190, 190], "anexo en gris claro");
    each(grey, Place::default(), Scanner::default(), false);
}

#[test]
fn one_digit_is_something() {
    each(|sheet| sheet.text((104.0, 285.0), 10.0, BLACK, "3"), Place::default(), Scanner::default(), false);
}

#[test]
fn a_stamp_a_signature_and_a_marker_are_something() {
    each(|sheet| sheet.stamp((150.0, 200.0), 20.0, RED), Place::default(), Scanner::default(), false);
    each(|sheet| sheet.signature((100.0, 200.0), 0.4, BLUE), Place::default(), Scanner::default(), false);
    let mut marked = empty();
    marked.rectangle((40.0, 60.0), (30.0, 5.0), [250, 245, 120]);
    assert!(!digitised(Scanner::default().colour(&marked)).is_blank());
}

#[test]
fn a_line_of_text_beside_the_holes_is_something() {
    let both = |sheet: &mut Sheet| {
        for y in [108.5, 188.5] {
            sheet.disc((12.0, y), 6.0, BLACK_LID);
        }
        sheet.text((8.0, 150.0), 8.0, BLACK, "Reg. 4411");
    };
    each(both, Place { tint: WHITE, ..Place::default() }, Scanner::default(), false);
}
