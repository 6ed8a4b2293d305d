//! Pages on their side or upside down, turned by whoever scanned them, and where everything comes to lie.
use scans::{BLACK, Place, RED, Scanner, Sheet, letter};

use super::tools::{OnDisk, Picture, digitised, one_file};

/// Marks at known places of a sheet of A4, which are seen however far it is askew.
const MARKS: [(f32, f32); 4] = [(30.0, 20.0), (180.0, 20.0), (30.0, 270.0), (170.0, 240.0)];

fn marked(place: &Place) -> Sheet {
    let mut sheet = letter(place);
    for mark in MARKS {
        sheet.disc(mark, 5.0, BLACK);
    }
    sheet
}

#[test]
fn every_mark_is_where_the_layout_says_in_the_file_and_in_the_preview() {
    for (angle, turns) in [(0.0, 0), (0.0, 1), (2.0, 0), (-4.5, 1), (2.0, 2), (7.0, 3)] {
        let sheet = marked(&Place { angle, ..Place::default() });
        let mut page = digitised(Scanner::default().colour(&sheet));
        page.set_quarter_turns(turns);
        let layout = page.layout();
        let drawn = OnDisk::new(&one_file(std::slice::from_ref(&page))).drawn(1, &["-r", "200"]);
        let preview = Picture::of_preview(&page.preview(1000).unwrap());
        assert!(drawn.width.abs_diff(layout.width.round() as usize) <= 1);
        assert!(drawn.height.abs_diff(layout.height.round() as usize) <= 1);
        for mark in MARKS {
            let wanted = layout.matrix.apply(sheet.dots_of(mark));
            let off = |picture: &Picture, reach: usize| {
                let scale = picture.height as f64 / layout.height;
                let wanted = (wanted.0 * scale, wanted.1 * scale);
                let found = picture.dark_near(wanted, reach);
                (found.0 - wanted.0).hypot(found.1 - wanted.1)
            };
            let (file, shown) = (off(&drawn, 30), off(&preview, 13));
            assert!(file < 1.0 && shown < 0.7, "{angle} {turns} {mark:?}: {file} {shown}");
        }
    }
}

#[test]
fn a_page_scanned_on_its_side_is_turned_upright_and_the_picture_stays() {
    // The sheet lay with its head to the right: a quarter to the left puts it right.
    let place = Place { window: (297.0, 210.0), angle: 90.0, ..Place::default() };
    let sheet = marked(&place);
    let mut page = digitised(Scanner::default().grey(&sheet));
    let before = page.jpeg().to_vec();
    page.set_quarter_turns(3);
    assert_eq!(page.jpeg(), before);
    let layout = page.layout();
    assert_eq!((layout.width, layout.height), (1654.0, 2339.0));
    let drawn = OnDisk::new(&one_file(&[page])).drawn(1, &["-r", "200"]);
    for (x, y) in MARKS {
        let wanted = (f64::from(x) * 200.0 / 25.4, f64::from(y) * 200.0 / 25.4);
        let found = drawn.dark_near(wanted, 30);
        assert!((found.0 - wanted.0).hypot(found.1 - wanted.1) < 2.0, "{found:?} {wanted:?}");
    }
}

#[test]
fn turns_count_from_how_it_was_scanned_and_four_are_none() {
    let mut page = digitised(Scanner::default().grey(&marked(&Place::default())));
    for (asked, kept) in [(1, 1), (4, 0), (7, 3), (254, 2)] {
        page.set_quarter_turns(asked);
        assert_eq!(page.quarter_turns(), kept);
    }
    let turned = page.turned();
    assert_eq!((page.quarter_turns(), turned.quarter_turns()), (2, 3));
    assert_eq!(turned.turned().turned().turned(), page);
    // The same picture, not a copy of it.
    assert_eq!(turned.jpeg().as_ptr(), page.jpeg().as_ptr());
}

#[test]
fn a_straight_page_is_drawn_dot_for_dot_as_it_was_scanned() {
    let mut sheet = marked(&Place::default());
    sheet.stamp((150.0, 250.0), 30.0, RED);
    // Without noise, what differs is the JPEG's own loss at the edges of print.
    let scanner = Scanner { noise: 0.0, ..Scanner::default() };
    for raw in [scanner.colour(&sheet), scanner.grey(&sheet)] {
        let source = Picture::of_page(&raw);
        let drawn = OnDisk::new(&one_file(&[digitised(raw)])).drawn_by_mupdf(1, 200);
        let difference = source.difference(&drawn);
        assert!(difference < 2.0, "{difference}");
    }
}

#[test]
fn the_preview_shows_what_poppler_shows() {
    for (angle, turns) in [(0.0, 0), (3.0, 1), (-7.0, 2)] {
        let mut sheet = marked(&Place { angle, ..Place::default() });
        sheet.stamp((150.0, 250.0), 30.0, RED);
        let mut page = digitised(Scanner::default().colour(&sheet));
        page.set_quarter_turns(turns);
        let preview = Picture::of_preview(&page.preview(1000).unwrap());
        let (width, height) = (preview.width.to_string(), preview.height.to_string());
        let file = OnDisk::new(&one_file(&[page.clone()]));
        let drawn = file.drawn(1, &["-scale-to-x", &width, "-scale-to-y", &height]);
        let shown = preview.squares(6);
        let difference = shown.difference(&drawn.squares(6));
        page.set_quarter_turns(turns + 2);
        let otherwise = Picture::of_preview(&page.preview(1000).unwrap()).squares(6);
        let upside_down = shown.difference(&otherwise);
        println!("{angle} {turns}: {difference:.2}, upside down {upside_down:.2}");
        assert!(difference < 3.0 && upside_down > 4.0 * difference, "{angle} {turns}: {difference}");
    }
}
