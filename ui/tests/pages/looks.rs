//! Contrast, sizes and glyphs (1, 2, 5, 8, 11, 39).
use std::fs;
use std::path::Path;

use skrifa::{FontRef, MetadataProvider};
use ui::{Branding, BrandingFault, Kiosk, LANGUAGES, Options, samples, texts};

use crate::help::*;

/// Contrast of two colours by WCAG 2.2, computed apart from the code under test.
pub fn contrast(one: u32, other: u32) -> f64 {
    let light = |colour: u32| {
        let channel = |shift: u32| {
            let part = f64::from(colour >> shift & 0xFF) / 255.0;
            if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0) + 0.05
    };
    let (one, other) = (light(one), light(other));
    one.max(other) / one.min(other)
}

/// The colours of a part of the page, each once, and the one that most of it has.
fn colours(frame: &[u32], element: &Element) -> (Vec<u32>, u32) {
    let (left, right) = (element.x.max(0.0) as usize, element.right().min(WIDTH as f32) as usize);
    let (top, bottom) = (element.y.max(0.0) as usize, element.bottom().min(HEIGHT as f32) as usize);
    let mut all = Vec::new();
    // Letters are many rows high: every third has all of their colours.
    for row in frame.chunks(WIDTH as usize).skip(top).take(bottom - top).step_by(3) {
        all.extend_from_slice(&row[left..right.max(left)]);
    }
    all.sort_unstable();
    let (mut distinct, mut ground, mut most) = (Vec::new(), 0, 0);
    for run in all.chunk_by(|one, next| one == next) {
        distinct.extend(run.first());
        if run.len() > most {
            most = run.len();
            ground = distinct.last().copied().unwrap_or_default();
        }
    }
    (distinct, ground)
}

/// The contrast to a ground of what stands out most from it.
fn strongest(colours: &[u32], ground: u32) -> f64 {
    colours.iter().map(|colour| contrast(*colour, ground)).fold(1.0, f64::max)
}

#[test]
fn letters_stand_out_seven_to_one_from_their_ground() {
    let mut frame = frame();
    every(|kiosk, name, _| {
        kiosk.paint(&mut frame);
        for text in elements(kiosk).iter().filter(|one| one.text && one.width >= 1.0 && one.height >= 1.0) {
            let (distinct, ground) = colours(&frame, text);
            let best = strongest(&distinct, ground);
            assert!(best >= 7.0, "{name}: {best:.1}:1 in {text:?}");
        }
    });
}

#[test]
fn edges_of_targets_stand_out_three_to_one() {
    let mut frame = frame();
    every(|kiosk, name, _| {
        kiosk.paint(&mut frame);
        for target in targets(kiosk) {
            let outside = Element {
                x: target.x - 14.0,
                width: 4.0,
                y: target.y + target.height / 2.0,
                height: 20.0,
                ..target.clone()
            };
            let edge = Element { x: target.x, width: 6.0, ..outside.clone() };
            let (_, ground) = colours(&frame, &outside);
            let best = strongest(&colours(&frame, &edge).0, ground);
            assert!(best >= 3.0, "{name}: {best:.1}:1 at {target:?}");
        }
    });
}

fn slint_files() -> Vec<(String, String)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in [here.to_owned(), here.join("pages"), here.join("widgets")] {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the entry is there").path();
            if path.extension().is_some_and(|extension| extension == "slint") {
                let text = fs::read_to_string(&path).expect("the file can be read");
                files.push((path.display().to_string(), text));
            }
        }
    }
    assert!(files.len() > 15);
    files
}

#[test]
fn pages_hold_no_words_no_pixels_and_no_colours_of_their_own() {
    for (file, text) in slint_files() {
        for (number, line) in text.lines().enumerate() {
            let place = format!("{file}:{}: {line}", number + 1);
            let words = line.split_once("text: \"").map(|(_, rest)| rest);
            assert!(words.is_none(), "{place}: words belong in the catalogue");
            let tokens = file.ends_with("theme.slint");
            assert!(tokens || !line.contains(": #"), "{place}: colours belong in the theme");
            let sized =
                line.contains("font-size:") && !line.contains("Theme.") && !line.contains("root.type");
            assert!(!sized, "{place}: sizes of type belong in the theme");
            let pixels = line.replace("/ 1px", "").replace("0px", "");
            assert!(tokens || !pixels.contains("px"), "{place}: lengths are in millimetres");
            assert!(!line.contains("animate "), "{place}: nothing moves");
        }
    }
}

#[test]
fn the_least_text_has_capitals_of_eight_and_a_half_millimetres() {
    let theme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("theme.slint")).expect("the theme");
    let sizes: Vec<f32> = ["small", "body", "lead", "card", "button", "heading", "hero", "amount"]
        .into_iter()
        .map(|name| {
            let (_, rest) = theme.split_once(&format!("<length> {name}: ")).expect("the token is there");
            rest.split_once(' ').and_then(|(number, _)| number.parse().ok()).expect("a number of millimetres")
        })
        .collect();
    for font in fonts() {
        let font = FontRef::new(&font).expect("a font");
        let metrics =
            font.metrics(skrifa::instance::Size::new(1.0), skrifa::instance::LocationRef::default());
        let capital = metrics.cap_height.expect("the font says how high its capitals are");
        for size in &sizes {
            assert!(size * capital >= 8.6, "{size} mm gives capitals of {} mm", size * capital);
        }
    }
}

fn fonts() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let cuts = ["Regular", "SemiBold", "Bold", "ExtraBold"];
    cuts.map(|cut| fs::read(folder.join(format!("AtkinsonHyperlegibleNext-{cut}.ttf"))).expect("the font"))
        .into()
}

#[test]
fn the_fonts_have_every_sign_of_the_texts_and_of_european_names() {
    let mut signs: Vec<char> =
        "áàâäãåāăąćčçďđéèêëěęėğíìîïıķłľļñńňóòôöõőøœřśšşșťțúùûüůűųýÿžźżÆÞðþßŁ·€•«»¿¡ªº".chars().collect();
    for language in LANGUAGES {
        signs.extend(texts::ALL.iter().flat_map(|id| ui::text(language, *id).chars()));
        signs.extend((1..=12).flat_map(|month| {
            ui::format::long_day(language, ui::Day { year: 2026, month, day: 1 }).chars().collect::<Vec<_>>()
        }));
    }
    for font in fonts() {
        let font = FontRef::new(&font).expect("a font");
        let map = font.charmap();
        let missing: Vec<&char> = signs.iter().filter(|sign| map.map(**sign).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

#[test]
fn a_pale_action_colour_is_named_and_not_used() {
    let pale = Branding { action_colour: 0x0066_AADD, ..samples::branding() };
    assert!(matches!(pale.check().as_slice(), [BrandingFault::Contrast { .. }]), "{:?}", pale.check());
    let senseless =
        Branding { action_colour: u32::MAX, shield_png: Some(vec![1, 2, 3]), ..samples::branding() };
    assert_eq!(senseless.check().len(), 2);
    assert_eq!(samples::branding().check(), []);
    let (mut good, mut bad) = (frame(), frame());
    for (branding, frame) in [(samples::branding(), &mut good), (pale, &mut bad)] {
        let mut kiosk = Kiosk::new(Options { branding, ..options() }).expect("the pages start");
        kiosk.show(sample(ui::Language::Spanish, "bill"));
        kiosk.paint(frame);
    }
    assert!(good == bad, "a colour that cannot be read is used");
}

#[test]
fn a_shield_is_shown_in_the_place_of_the_letters() {
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, 4, 4);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&[0, 200, 0].repeat(16)).expect("pixels");
    writer.finish().expect("an end");
    let branding = Branding { shield_png: Some(picture), ..samples::branding() };
    assert_eq!(branding.check(), []);
    let mut kiosk = Kiosk::new(Options { branding, ..options() }).expect("the pages start");
    kiosk.show(sample(ui::Language::Spanish, "menu"));
    let mut frame = frame();
    kiosk.paint(&mut frame);
    assert!(frame.iter().filter(|pixel| **pixel == 0x0000_C800).count() > 500);
}
