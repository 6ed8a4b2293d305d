//! Grey or colour, by what is on the page.
use scans::{BLACK, BLUE, Place, RED, Scanner, Sheet, YELLOWED, letter};

use super::tools::digitised;

fn coloured(sheet: &Sheet, scanner: Scanner) -> bool {
    digitised(scanner.colour(sheet)).is_coloured()
}

#[test]
fn black_print_is_grey_whatever_the_scanner_adds() {
    for dpi in [200, 300] {
        let sheet = letter(&Place { dpi, ..Place::default() });
        for noise in [0.0, 5.0, 12.0] {
            assert!(!coloured(&sheet, Scanner { noise, ..Scanner::default() }), "{dpi} dpi, noise {noise}");
        }
        let dirty = Scanner { dust: 60, streak: Some(70.0), ..Scanner::default() };
        assert!(!coloured(&sheet, dirty), "{dpi} dpi, dirty");
    }
}

#[test]
fn yellowed_paper_is_grey_also_where_it_is_uneven() {
    let place = Place { tint: YELLOWED, ..Place::default() };
    assert!(!coloured(&letter(&place), Scanner::default()));
    let mut uneven = Sheet::new(&place);
    for (at, step) in (0..20_u8).zip(0_u8..) {
        let [red, green, blue] = YELLOWED;
        let darker = [red - step / 2, green - step / 2, blue - step];
        uneven.rectangle((0.0, 15.0 * f32::from(at)), (210.0, 15.5), darker);
    }
    uneven.text((25.0, 40.0), 11.0, BLACK, "Un papel viejo, leído tantas veces");
    assert!(!coloured(&uneven, Scanner::default()));
}

#[test]
fn grey_recycled_paper_is_grey() {
    let place = Place { tint: [206, 205, 201], ..Place::default() };
    assert!(!coloured(&letter(&place), Scanner::default()));
}

#[test]
fn a_small_red_stamp_needs_colour() {
    for (dpi, tint) in [(200, scans::WHITE), (300, YELLOWED)] {
        let mut sheet = letter(&Place { dpi, tint, ..Place::default() });
        sheet.stamp((165.0, 275.0), 12.0, RED);
        assert!(coloured(&sheet, Scanner::default()), "{dpi}");
    }
}

#[test]
fn a_signature_in_blue_ink_needs_colour() {
    for (dpi, width, tint) in [(200, 0.4, scans::WHITE), (300, 0.3, scans::WHITE), (300, 0.4, YELLOWED)] {
        let mut sheet = letter(&Place { dpi, tint, ..Place::default() });
        sheet.signature((120.0, 278.0), width, BLUE);
        assert!(coloured(&sheet, Scanner::default()), "{dpi} {width}");
    }
}

#[test]
fn a_marker_and_coloured_paper_need_colour() {
    let mut sheet = Sheet::new(&Place::default());
    sheet.rectangle((40.0, 60.0), (30.0, 5.0), [250, 245, 120]);
    assert!(coloured(&sheet, Scanner::default()));
    for tint in [[246, 214, 220], [205, 232, 208], [200, 215, 240]] {
        let sheet = letter(&Place { tint, ..Place::default() });
        assert!(coloured(&sheet, Scanner::default()), "{tint:?}");
    }
}

#[test]
fn what_was_scanned_in_grey_stays_grey() {
    let mut sheet = letter(&Place::default());
    sheet.stamp((165.0, 275.0), 12.0, RED);
    let page = digitised(Scanner::default().grey(&sheet));
    assert!(!page.is_coloured());
}
