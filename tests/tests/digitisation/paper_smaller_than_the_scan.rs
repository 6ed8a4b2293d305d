//! Where the paper ends: cut only where that is certain, and never out of the picture.
use digitisation::{Colours, Corners, DigitisedPage, Settings, digitise};
use scans::{BLACK, BLACK_LID, Place, Scanner, Sheet, letter};

use super::tools::{OnDisk, digitised, one_file};

/// The corners of the sheet, in dots of the scan.
fn corners(sheet: &Sheet, (width, height): (f32, f32)) -> [(f64, f64); 4] {
    [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|corner| sheet.dots_of(corner))
}

/// The paper was found within a millimetre, and outside of itself.
fn found(page: &DigitisedPage, sheet: &Sheet, place: &Place) {
    let Some(Corners(found)) = page.paper() else { panic!("no paper: {place:?}") };
    let dots_mm = f64::from(place.dpi) / 25.4;
    for (found, wanted) in found.iter().zip(corners(sheet, place.paper)) {
        let off = (found.0 - wanted.0).hypot(found.1 - wanted.1) / dots_mm;
        assert!(off < 1.2, "{off} mm at {wanted:?}: {place:?}");
    }
    // No corner of the sheet is cut off.
    let layout = page.layout();
    for corner in corners(sheet, place.paper) {
        let (x, y) = layout.matrix.apply(corner);
        let slack = 0.1 * dots_mm;
        assert!(x > -slack && y > -slack && x < layout.width + slack && y < layout.height + slack);
    }
}

#[test]
fn a_smaller_sheet_on_a_black_lid_becomes_the_page() {
    for (paper, middle, angle) in [
        ((148.0, 210.0), (90.0, 120.0), 0.0),
        ((148.0, 210.0), (100.0, 150.0), 4.0),
        ((80.0, 200.0), (60.0, 140.0), -2.0),
        ((85.6, 54.0), (120.0, 90.0), -7.0),
        ((190.0, 277.0), (104.0, 146.0), 0.7),
    ] {
        for dpi in [200, 300] {
            let place = Place { dpi, paper, middle: Some(middle), angle, lid: BLACK_LID, ..Place::default() };
            let mut sheet = Sheet::new(&place);
            for line in 0..5_u8 {
                sheet.text(
                    (8.0, 12.0 + 6.0 * f32::from(line)),
                    9.0,
                    BLACK,
                    "Justificante de la compra de hoy",
                );
            }
            let page = digitised(Scanner::default().grey(&sheet));
            found(&page, &sheet, &place);
            assert!((page.skew() - f64::from(angle)).abs() < 0.15, "{}: {place:?}", page.skew());
            let mm = |dots: f64| dots * 25.4 / f64::from(dpi);
            let (width, height) = (mm(page.layout().width), mm(page.layout().height));
            let wanted = (f64::from(paper.0), f64::from(paper.1));
            assert!(
                (width - wanted.0).abs() < 2.5 && (height - wanted.1).abs() < 2.5,
                "{width} × {height}: {place:?}"
            );
        }
    }
}

#[test]
fn empty_paper_is_put_right_by_its_own_edges() {
    let place = Place { paper: (180.0, 250.0), angle: 2.0, lid: BLACK_LID, ..Place::default() };
    let page = digitised(Scanner::default().grey(&Sheet::new(&place)));
    assert!(page.is_blank() && (page.skew() - 2.0).abs() < 0.1, "{}", page.skew());
}

#[test]
fn a_feeder_that_scans_beyond_the_end_is_cut_at_the_end() {
    let place =
        Place { window: (210.0, 356.0), middle: Some((105.0, 148.5)), lid: [70, 70, 70], ..Place::default() };
    let page = digitised(Scanner::default().grey(&letter(&place)));
    let layout = page.layout();
    let height = layout.height * 25.4 / 200.0;
    assert!(page.is_cropped() && layout.width == 1654.0 && (297.0..298.5).contains(&height), "{height}");
}

#[test]
fn the_cut_is_the_pages_alone_and_can_be_taken_back() {
    let place = Place { paper: (148.0, 210.0), angle: 3.0, lid: BLACK_LID, ..Place::default() };
    let mut page = digitised(Scanner::default().grey(&letter(&place)));
    assert!(page.is_cropped());
    let cut = OnDisk::new(&one_file(std::slice::from_ref(&page))).told("pdfimages", &["-list"]);
    let small = page.layout();
    page.set_cropped(false);
    assert!(!page.is_cropped() && page.layout().width > small.width);
    // The picture in the file is the whole scan, cut or not.
    assert!(cut.contains("1654") && cut.contains("2339"), "{cut}");
}

#[test]
fn white_paper_on_a_white_lid_is_not_cut() {
    let place = Place { paper: (148.0, 210.0), angle: 2.0, ..Place::default() };
    let page = digitised(Scanner::default().grey(&letter(&place)));
    assert_eq!(page.paper(), None);
}

#[test]
fn paper_as_large_as_the_scan_is_not_cut() {
    for angle in [0.0, 1.0] {
        let page = digitised(Scanner::default().grey(&letter(&Place { angle, ..Place::default() })));
        assert_eq!(page.paper(), None, "{angle}");
    }
}

#[test]
fn two_things_on_the_glass_are_not_cut() {
    let place = Place { paper: (85.6, 54.0), middle: Some((60.0, 60.0)), lid: BLACK_LID, ..Place::default() };
    let mut sheet = Sheet::new(&place);
    sheet.rectangle((20.0, 120.0), (85.6, 54.0), [240, 240, 240]);
    assert_eq!(digitised(Scanner::default().grey(&sheet)).paper(), None);
    let mut beside = Sheet::new(&place);
    beside.rectangle((95.0, 0.0), (50.0, 54.0), [240, 240, 240]);
    assert_eq!(digitised(Scanner::default().grey(&beside)).paper(), None);
}

#[test]
fn black_print_to_the_edges_of_white_paper_is_not_taken_for_the_lid() {
    let bands = [
        // Head, left edge, a corner, foot.
        ((0.0, 0.0), (210.0, 40.0), "en blanco"),
        ((0.0, 0.0), (20.0, 297.0), "A"),
        ((0.0, 0.0), (60.0, 40.0), "AVISO"),
        ((0.0, 270.0), (210.0, 27.0), "Página 3 de 5"),
    ];
    for (corner, size, words) in bands {
        let mut sheet = letter(&Place::default());
        sheet.rectangle(corner, size, BLACK);
        sheet.text((corner.0 + 8.0, corner.1 + 15.0), 9.0, [240, 240, 240], words);
        assert_eq!(digitised(Scanner::default().grey(&sheet)).paper(), None, "{words}");
    }
}

#[test]
fn a_corner_torn_off_changes_nothing() {
    let place = Place { paper: (180.0, 250.0), angle: 1.5, lid: BLACK_LID, ..Place::default() };
    let mut sheet = letter(&place);
    sheet.stroke(&[(172.0, 256.0), (186.0, 242.0)], 12.0, BLACK_LID);
    found(&digitised(Scanner::default().grey(&sheet)), &sheet, &place);
}

#[test]
fn colour_is_looked_for_on_the_paper_alone() {
    let place = Place { paper: (148.0, 210.0), lid: [20, 40, 90], ..Place::default() };
    let settings = Settings { colours: Colours::ByContent, ..Settings::default() };
    let page = digitise(Scanner::default().colour(&letter(&place)), &settings).unwrap();
    assert!(page.is_cropped() && !page.is_coloured());
}
