//! Pages that lay askew, put right without touching the picture.
use scans::{BLACK, Place, Scanner, Sheet, letter};

use super::tools::{OnDisk, Picture, digitised, one_file};

const ANGLES: [f32; 10] = [-8.0, -5.0, -2.5, -1.0, -0.3, 0.3, 1.0, 2.5, 5.0, 8.0];

/// How far the measured angle is off, in degrees; the largest of all.
fn worst(sheets: impl Iterator<Item = (f32, Sheet)>) -> f64 {
    let off = |(angle, sheet): (f32, Sheet)| {
        let page = digitised(Scanner::default().grey(&sheet));
        let off = (page.skew() - f64::from(angle)).abs();
        println!("{angle:5.1}°: measured {:6.3}°", page.skew());
        off
    };
    sheets.map(off).fold(0.0, f64::max)
}

fn at(angle: f32) -> Place {
    Place { angle, ..Place::default() }
}

#[test]
fn the_angle_of_a_letter_is_measured_to_a_twentieth_of_a_degree() {
    let worst = worst(ANGLES.into_iter().map(|angle| (angle, letter(&at(angle)))));
    assert!(worst < 0.05, "{worst}");
}

#[test]
fn the_angle_of_a_letter_on_its_side_is_measured_likewise() {
    let off = |angle: f32| {
        let sheet = letter(&Place { window: (297.0, 210.0), angle: angle + 90.0, ..Place::default() });
        (digitised(Scanner::default().grey(&sheet)).skew() - f64::from(angle)).abs()
    };
    for angle in [-8.0, -0.3, 0.3, 5.0] {
        assert!(off(angle) < 0.05, "{angle}");
    }
}

#[test]
fn three_lines_of_text_are_enough() {
    let sheet = |angle| {
        let mut sheet = Sheet::new(&at(angle));
        for line in 0..3_u8 {
            sheet.text(
                (40.0, 60.0 + 7.0 * f32::from(line)),
                11.0,
                BLACK,
                "Ruego que se me conteste por escrito.",
            );
        }
        sheet
    };
    let worst = worst(ANGLES.into_iter().map(|angle| (angle, sheet(angle))));
    assert!(worst < 0.12, "{worst}");
}

#[test]
fn a_form_of_lines_and_boxes_is_measured() {
    let sheet = |angle| {
        let mut sheet = Sheet::new(&at(angle));
        for row in 0..12_u8 {
            let y = 40.0 + 18.0 * f32::from(row);
            sheet.stroke(&[(20.0, y), (190.0, y)], 0.3, BLACK);
        }
        for x in [20.0, 75.0, 190.0] {
            sheet.stroke(&[(x, 40.0), (x, 238.0)], 0.3, BLACK);
        }
        sheet
    };
    let worst = worst(ANGLES.into_iter().map(|angle| (angle, sheet(angle))));
    assert!(worst < 0.05, "{worst}");
}

#[test]
fn a_straight_letter_keeps_the_size_of_its_paper() {
    let page = digitised(Scanner::default().grey(&letter(&at(0.0))));
    assert_eq!(page.skew(), 0.0);
    let layout = page.layout();
    assert_eq!((layout.width, layout.height), (1654.0, 2339.0));
}

#[test]
fn a_drawing_without_lines_is_left_as_it_lies() {
    let mut sheet = Sheet::new(&at(0.0));
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..400 {
        let middle = (random.f32() * 180.0 + 15.0, random.f32() * 260.0 + 15.0);
        sheet.ring(middle, random.f32() * 14.0 + 2.0, 0.4, BLACK);
    }
    assert_eq!(digitised(Scanner::default().grey(&sheet)).skew(), 0.0);
}

#[test]
fn handwriting_a_stroke_and_a_word_alone_stay_as_they_were_written() {
    let writings: [fn(&mut Sheet); 3] = [
        |sheet| sheet.signature((60.0, 120.0), 0.5, BLACK),
        |sheet| sheet.stroke(&[(60.0, 140.0), (95.0, 143.0), (120.0, 145.2)], 0.5, BLACK),
        |sheet| sheet.text((60.0, 150.0), 11.0, BLACK, "Conforme."),
    ];
    for write in writings {
        let mut sheet = Sheet::new(&at(4.0));
        write(&mut sheet);
        assert_eq!(digitised(Scanner::default().grey(&sheet)).skew(), 0.0);
    }
}

#[test]
fn a_line_that_fell_is_level_in_the_file_and_in_the_preview() {
    for angle in [-6.0, 0.3, 3.0, 8.0] {
        let mut sheet = letter(&Place { dpi: 300, ..at(angle) });
        sheet.stroke(&[(25.0, 270.0), (185.0, 270.0)], 0.4, BLACK);
        let page = digitised(Scanner::default().grey(&sheet));
        let file = OnDisk::new(&one_file(std::slice::from_ref(&page)));
        let matrix = page.layout().matrix;
        let ends = [30.0, 105.0, 180.0].map(|x| matrix.apply(sheet.dots_of((x, 270.0))));
        let seen = |picture: &Picture, scale: f64| {
            let at = ends.map(|(x, y)| {
                let (x, y) = ((x * scale) as usize, y * scale);
                let reach = (12.0 * scale).max(6.0);
                picture.dark_row(x, (y - reach) as usize..(y + reach) as usize)
            });
            [at[1] - at[0], at[2] - at[0]].map(f64::abs).into_iter().fold(0.0, f64::max)
        };
        // 150 mm are 1772 dots: a dot is a thirtieth of a degree.
        let drawn = file.drawn(1, &["-r", "300"]);
        let fall = seen(&drawn, 1.0);
        assert!(fall < 1.8, "{angle}: {fall} dots in the file");
        let preview = Picture::of_preview(&page.preview(1000).unwrap());
        let scale = preview.height as f64 / page.layout().height;
        let fall = seen(&preview, scale);
        assert!(fall < 0.8, "{angle}: {fall} dots in the preview");
    }
}
