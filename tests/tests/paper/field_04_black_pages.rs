//! Inverted CMYK photos and transparent logos print as black boxes elsewhere, and a masked form as nothing.
use super::pdf::{FONTS, File, Page, document, qr, text};
use super::tools::{EDGE, codes, poppler, printed_page, read};

const SIDE: u16 = 160;
const ADDRESS: &str = "https://sede.pruebas.test/csv/ZX98";

/// A light grey shield with a dark bar, as ink, a value for each block of 8 × 8 dots; `stored` turns ink into what is
/// in the file.
fn shield(stored: impl Fn(u8) -> u8) -> Vec<[u8; 4]> {
    let blocks = i32::from(SIDE / 8);
    let ink = |at: i32| {
        let (x, y) = (at % blocks, at / blocks);
        let inside = (2 * x + 1 - blocks).abs() < 15 - (y - 10).max(0);
        match (inside, y) {
            (true, 8..10) => 150,
            (true, _) => 60,
            (false, _) => 0,
        }
    };
    (0..blocks * blocks).map(|at| [0, 0, 0, ink(at)].map(&stored)).collect()
}

/// A baseline JPEG of four components and plain blocks (ITU-T T.81), with or without Adobe's marker: only the mean of
/// each block is coded, every other coefficient is zero.
fn jpeg(blocks: &[[u8; 4]], marker: bool) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    if marker {
        file.extend(b"\xFF\xEE\x00\x0EAdobe\x00\x64\x00\x00\x00\x00\x00");
    }
    file.extend([0xFF, 0xDB, 0, 67, 0]);
    file.extend([1; 64]);
    let [high, low] = SIDE.to_be_bytes();
    file.extend([0xFF, 0xC0, 0, 20, 8, high, low, high, low, 4]);
    (1..=4).for_each(|component| file.extend([component, 0x11, 0]));
    // Twelve lengths of differences, each a code of four bits; one code of one bit: the block ends.
    file.extend([0xFF, 0xC4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(0..12);
    file.extend([0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
    let mut bits: Vec<bool> = Vec::new();
    let mut before = [0_i32; 4];
    for block in blocks {
        for (value, before) in block.iter().zip(&mut before) {
            let mean = (i32::from(*value) - 128) * 8;
            let difference = mean - std::mem::replace(before, mean);
            let length = 32 - difference.unsigned_abs().leading_zeros();
            let coded = if difference < 0 { difference + (1 << length) - 1 } else { difference };
            bits.extend((0..4).rev().map(|bit| length >> bit & 1 == 1));
            bits.extend((0..length).rev().map(|bit| coded >> bit & 1 == 1));
            bits.push(false);
        }
    }
    bits.resize(bits.len().next_multiple_of(8), true);
    for byte in bits.chunks(8).map(|bits| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit))) {
        file.push(byte);
        if byte == 0xFF {
            file.push(0);
        }
    }
    file.extend([0xFF, 0xD9]);
    file
}

fn black_pages() -> Vec<u8> {
    document("", |file: &mut File| {
        const DECODE: &str = "/Decode[1 0 1 0 1 0 1 0]";
        let plain = |byte: u8| byte;
        let inverse = |byte: u8| 255 - byte;
        let photos = [
            (jpeg(&shield(inverse), true), DECODE),
            (jpeg(&shield(plain), true), ""),
            (jpeg(&shield(inverse), false), DECODE),
            (jpeg(&shield(plain), false), ""),
        ];
        let mut resources = String::from("/XObject<<");
        let mut content = String::new();
        for (at, (photo, decode)) in photos.iter().enumerate() {
            let keys = format!(
                "/Type/XObject/Subtype/Image/Width {SIDE}/Height {SIDE}/ColorSpace/DeviceCMYK/BitsPerComponent 8/Filter/DCTDecode{decode}"
            );
            resources += &format!("/I{at} {} 0 R", file.stream(&keys, photo));
            content += &format!("q 100 0 0 100 {} 680 cm /I{at} Do Q\n", 50 + 125 * at);
        }
        let grey =
            "/Type/XObject/Subtype/Image/Width 100/Height 100/ColorSpace/DeviceGray/BitsPerComponent 8";
        let star: Vec<u8> = (0..100_i32)
            .flat_map(|y| {
                (0..100_i32).map(move |x| if (x - 50).abs() + (y - 50).abs() < 40 { 255 } else { 0 })
            })
            .collect();
        let mask = file.packed(grey, &star);
        let logo = file.packed(&format!("{grey}/SMask {mask} 0 R"), &[0; 10_000]);
        let group = "/Type/XObject/Subtype/Form/BBox[0 0 596 842]";
        let words =
            format!("BT /F1 16 Tf 310 540 Td {} Tj ET 200 500 80 100 re f", text("Formulario visible"));
        let form =
            file.packed(&format!("{group}/Group<</S/Transparency>>/Resources<<{FONTS}>>"), words.as_bytes());
        let half = file
            .packed(&format!("{group}/Group<</S/Transparency/CS/DeviceGray>>"), b"0.5 g 240 480 40 140 re f");
        resources += &format!(
            "/L {logo} 0 R/M {form} 0 R>>/ExtGState<</G<</Type/ExtGState/SMask<</Type/Mask/S/Luminosity/G {half} 0 R/BC[1]>>>>>>"
        );
        content += "q 100 0 0 100 60 500 cm /L Do Q q /G gs /M Do Q\n";
        content += &qr(ADDRESS, 60.0, 360.0, 1.5);
        vec![Page { content: content.into_bytes(), resources, ..Page::default() }]
    })
}

#[test]
fn cmyk_photos_are_as_dark_as_poppler_draws_them_in_all_four_ways() {
    let (printed, wanted) = (printed_page(&black_pages()), poppler(&black_pages()));
    for at in 0..4 {
        let place = [f64::from(52 + 125 * at), 682.0, 96.0, 96.0];
        let (ours, theirs) = (printed.mean(place, EDGE), wanted.mean(place, 0));
        assert!((ours - theirs).abs() <= 25.5, "photo {at}: {ours} and not {theirs}");
        assert!((150.0..250.0).contains(&ours), "photo {at} is neither black nor lost: {ours}");
    }
}

#[test]
fn a_logo_is_black_on_white_and_its_transparent_corners_are_white() {
    let printed = printed_page(&black_pages());
    assert!(printed.mean([95.0, 535.0, 30.0, 30.0], EDGE) < 1.0, "the star is black");
    for (x, y) in [(61.0, 501.0), (140.0, 501.0), (61.0, 580.0), (140.0, 580.0)] {
        assert!(printed.mean([x, y, 18.0, 18.0], EDGE) > 254.0, "the corner at {x}, {y} is white");
    }
}

#[test]
fn a_form_under_a_luminosity_mask_with_a_white_ground_is_visible() {
    let (printed, wanted) = (printed_page(&black_pages()), poppler(&black_pages()));
    assert!(printed.mean([205.0, 505.0, 30.0, 90.0], EDGE) < 1.0, "where the mask is white");
    let half = [245.0, 505.0, 30.0, 90.0];
    assert!((printed.mean(half, EDGE) - wanted.mean(half, 0)).abs() < 25.5, "where it is grey");
    assert!(read(&printed).contains("Formulario visible"));
}

#[test]
fn a_code_beside_them_still_decodes() {
    assert_eq!(codes(&printed_page(&black_pages())), [ADDRESS]);
}
